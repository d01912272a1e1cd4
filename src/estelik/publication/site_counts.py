"""Counts of a site: how many, and where it is not said how many.

A count below five is not given. Nor is enough beside it that the whole less the rest does not give it back:
each count that is left out could be five or more, and another than it is. For one row of counts this is quick
and simple; ``protection.table`` does it for tables with two margins, and is what the tests compare it with.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Smaller counts are not given.
SMALL: Final = 5
#: What is left out of a table comes to this at least, so that one of two left out can be more than one thing.
_TOGETHER: Final = 2 * SMALL


def counted(values: Iterable[str]) -> dict[str, int | None]:
    """How many there are of each, None where that is not said; by the values, ascending."""
    counts = Counter(values)
    hidden = {one for one, count in counts.items() if count < SMALL}
    if hidden:
        for one in sorted(counts, key=lambda value: (counts[value], value)):
            # Each of the others is one at least: what is left for any of them has to be five.
            if len(hidden) > 1 and sum(counts[value] for value in hidden) >= max(
                _TOGETHER, SMALL + len(hidden) - 1
            ):
                break
            hidden.add(one)
    return {one: None if one in hidden else counts[one] for one in sorted(counts)}
