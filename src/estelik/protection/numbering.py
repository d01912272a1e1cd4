"""Numbering: the second arrest of whom only one may be told is her arrest.

``arrest#3`` says that there are two more. Events of a kind that are told apart by a number are counted anew
among those that leave.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERED: Final = re.compile(r"([^#:]+?)\s*#\s*(\d+)")


def renumbered(events: Iterable[str]) -> dict[str, str]:
    """What events of one life (labels) are called among themselves, where that is something else: those of a
    kind keep their order, without gaps, and the first has no number. A label with words in it stays."""
    kinds: dict[str, list[tuple[int, str]]] = {}
    for one in dict.fromkeys(events):
        found = _NUMBERED.fullmatch(one)
        if found is not None or not re.search("[#:/]", one):
            kind, number = (found[1], int(found[2])) if found is not None else (one, -1)
            kinds.setdefault(kind, []).append((number, one))
    out = {}
    for kind, every in kinds.items():
        for place, (_, one) in enumerate(sorted(every), start=1):
            called = kind if place == 1 else f"{kind}#{place}"
            if called != one:
                out[one] = called
    return out
