"""Person parts: a long life on several pages: what stands on which, and how one turns to the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from msgspec.structs import replace

from estelik.errors import NotFoundError
from estelik.views.parts import PARTS, Parts, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.publication.report import Sheet
    from estelik.views.parts import Part
    from estelik.views.person import PersonPage

#: Of the lists that stand beside what was told: how many a part has.
_MOST: Final = {"evidence": 12, "decisions": 20, "relatives": 20}
#: Where each list begins on the page of the life.
_BEGINS: Final = {
    "names": "name", "timeline": "when", "contradictions": "c1", "statements": "said",
    "differences": "differ", "sources": "sources", "evidence": "evidence", "decisions": "history",
    "relatives": "kin",
}  # fmt: skip
#: Pages whose parts are known.
_KEPT: Final = 64

T = TypeVar("T")


class Wanted(NamedTuple):
    """What of a life is to stand on a page: ``part`` of one list with its ``number``; "" for the first part
    of each, "whole" for all."""

    part: str = ""
    number: int = 1

    @classmethod
    def part_of(cls, asked: str, number: int) -> Wanted:
        """A part of the list that is asked for. Raises ``NotFoundError`` where that is none."""
        if asked not in PARTS and asked not in _MOST:
            raise _missing()
        return cls(asked, number)

    def of(self, cuts: Sequence[Parts]) -> list[PersonPage] | None:
        """What stands there of each of these pages; None for all. Raises ``NotFoundError``."""
        if self.part == "whole" or (not self.part and all(one.alone for one in cuts)):
            return None
        if not self.part:
            return [one.first for one in cuts]
        named: Part | None = next((one for one in PARTS if one == self.part), None)
        if named is not None and not 0 < self.number <= cuts[0].count[named]:
            raise _missing()
        return [one.shown(named or "names", self.number if named else 0) for one in cuts]


class Turn(NamedTuple):
    """Which part of how many of a list this is, and the paths of the one before and of the next ("": there
    is none); ``keys``: whether keys lead there."""

    number: int
    of: int
    before: str
    next: str
    keys: bool


class Cut:
    """One life on a page: its ``sheet``, and the parts of each list."""

    def __init__(self, sheet: Sheet, path: str, parts: Parts, wanted: Wanted) -> None:
        self.sheet, self._path, self._parts, self._wanted = sheet, path, parts, wanted
        self._counts: dict[str, int] = {}
        if wanted.part != "whole":
            self._counts.update(parts.count.items())

    def cut(self, part: str, rows: Sequence[T]) -> Sequence[T]:
        """What stands on the page of one of the other lists. Raises ``NotFoundError``."""
        if self._wanted.part == "whole":
            return rows
        ranges = cut([1] * len(rows), _MOST[part], len(rows))
        self._counts[part] = len(ranges)
        if self._wanted.part not in ("", part):
            return ()
        if not 0 < self._wanted.number <= len(ranges):
            raise _missing()
        return [rows[index] for index in ranges[self._wanted.number - 1]]

    def turns(self) -> dict[str, Turn]:
        """Of each list that has several parts which one this is."""
        return {part: self._turn(part, count) for part, count in self._counts.items() if count > 1}

    def _turn(self, part: str, count: int) -> Turn:
        number = self._wanted.number if self._wanted.part == part else 1
        to = f"{self._path}/part/{part}/"
        # From statement to statement one goes by the same keys.
        keys = self._wanted.part == part != "statements"
        return Turn(
            number,
            count,
            "" if number == 1 else f"{self._path}#p1-{_BEGINS[part]}" if number == 2 else f"{to}{number - 1}",
            f"{to}{number + 1}" if number < count else "",
            keys,
        )


def sheet(one: Sheet, path: str, parts: Parts, wanted: Wanted) -> Cut:
    """A sheet on a page that has what is wanted: each statement that it cites is there, or on another page of
    the same life."""
    if one.part is not None:
        here = {line.number for line in one.part.statements}
        one = replace(one, homes=homes(parts, path, here))
    return Cut(one, path, parts, wanted)


def homes(parts: Parts, path: str, here: Sequence[int] | set[int] = ()) -> tuple[str, ...]:
    """By number the path of the page that each statement of the life at a path is on, "" where it is
    ``here``."""
    return tuple("" if one.number in here else home(parts, path, one.number) for one in parts.page.statements)


def home(parts: Parts, path: str, number: int) -> str:
    """The path of the page that has a statement (its number)."""
    part = parts.home(number)
    return path if part == 1 else f"{path}/part/statements/{part}"


class _Known:
    """The parts of the pages that were cut last, by the id of the page, with the page: it is its own for so
    long."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.parts: OrderedDict[int, Parts] = OrderedDict()


def parts_of(casebook: Casebook, page: PersonPage) -> Parts:
    """The parts of a page; as they were cut before, where it is the same page."""
    known = casebook.beside.setdefault(_Known, _Known())
    with known.lock:
        there = known.parts.get(id(page))
    found = there or Parts(page)
    with known.lock:
        known.parts[id(page)] = found
        known.parts.move_to_end(id(page))
        while len(known.parts) > _KEPT:
            known.parts.popitem(last=False)
    return found


def _missing() -> NotFoundError:
    return NotFoundError("There is no such page.", safe="", do="Look for the person again.")
