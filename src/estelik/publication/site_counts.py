"""Counts of a site: how many, and where it is not said how many.

A count below five is not given. Nor is enough beside it that neither the whole less the rest, nor knowing how
small it must be, gives it back: what is left out is at least two counts, and together no less than ten.
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
            if len(hidden) > 1 and sum(counts[value] for value in hidden) >= _TOGETHER:
                break
            hidden.add(one)
    return {one: None if one in hidden else counts[one] for one in sorted(counts)}
