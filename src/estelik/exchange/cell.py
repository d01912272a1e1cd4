"""The forms of a cell: what may stand in it, and how it leaves safely.

A cell that a spreadsheet would run as a formula goes out with an apostrophe
before it, and comes in without; a cell that already had apostrophes before
such a sign goes out with one more, so that nothing is lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from estelik.chronology import age, duration, edtf
from estelik.exchange.columns import CELL_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

#: Characters that no cell may hold: controls but tab and line ends, halves of
#: surrogate pairs, and what XML cannot carry.
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: What no label may hold, since it looks the same with and without it: tabs and line ends, marks
#: of direction, and what has no width. Joiners (U+200C, U+200D) are letters' neighbours in Arabic script.
_HIDDEN: Final = re.compile(
    "[\t\n\r\u00ad\u034f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: Apostrophes, then a sign that starts a formula (full-width forms too, and after white space).
_RUNS: Final = re.compile("'*(?:\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")
_GUARDED: Final = re.compile("'+(?:\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")
_COUNT: Final = re.compile(
    r"[0-9]{1,15}|[0-9]{1,15}\.\.|\.\.[0-9]{1,15}|([0-9]{1,15})\.\.([0-9]{1,15})", re.ASCII
)

_GRADE: Final = re.compile("[A-F][1-6]")
_LANGUAGE: Final = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE | re.ASCII,
)
_PLACE: Final = r"#(?:t=[0-9]+(?:\.[0-9]+)?(?:,[0-9]+(?:\.[0-9]+)?)?|page=[1-9][0-9]*)"
_HASH: Final = re.compile(
    rf"(?:[a-z0-9]+:)?(?:[0-9a-f]{{32}}|[0-9a-f]{{40}}|[0-9a-f]{{64}}|[0-9a-f]{{96}}|[0-9a-f]{{128}})(?:{_PLACE})?",
    re.IGNORECASE | re.ASCII,
)
_URL: Final = re.compile(rf"[a-z][a-z0-9+.\-]*://[^\s#]+(?:{_PLACE}|#(?!t=|page=)\S*)?", re.IGNORECASE)


def guarded(cell: str) -> str:
    """The cell as it leaves: no spreadsheet runs it."""
    return "'" + cell if _RUNS.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that left as ``cell``, letter for letter."""
    return cell[1:] if _GUARDED.match(cell) else cell


def restored(cell: str) -> str:
    """The cell that left as ``cell``, without outer white space."""
    return cell[1:].strip() if _GUARDED.match(cell) else cell


def content(cell: str) -> str:
    """What is wrong with what the cell is made of: a fault's code, or ""."""
    if len(cell.encode("utf-8", "surrogatepass")) > CELL_LIMIT:
        return "too-long"
    return "control" if CONTROL.search(cell) else ""


def label(cell: str) -> str:
    """What is wrong with the letters of a label: a fault's code, or ""."""
    return "hidden" if _HIDDEN.search(cell.strip()) else ""


def unhidden(text: str) -> str:
    """A text without what no label may hold, with spaces where lines and columns end."""
    return _HIDDEN.sub("", re.sub("[\t\n\r\u2028\u2029]", " ", text))


def via(cell: str) -> str:
    """What is wrong with a chain of tellers: a fault's code, or ""."""
    return "" if all(map(str.strip, cell.split(">"))) else "via"


def count(cell: str) -> str:
    """What is wrong with the number of a count: a fault's code, or ""."""
    match = _COUNT.fullmatch(cell)
    if match is None:
        return "count"
    return "reversed" if match[1] and int(match[1]) > int(match[2]) else ""


def date(cell: str) -> str:
    """What is wrong with a date: a fault's code, or ""."""
    try:
        spans = edtf.parse(cell).spans
    except ValueError:
        return "reversed" if _backwards(cell) else "date"
    reversed_ = any(s.first is not None and s.last is not None and s.first > s.last for s in spans)
    return "reversed" if reversed_ else ""


def _backwards(cell: str) -> bool:
    """Whether both ends of an interval are dates, the first after the second."""
    first, slash, second = cell.partition("/")
    if not slash:
        return False
    try:
        start, end = edtf.parse(first).spans, edtf.parse(second).spans
    except ValueError:
        return False
    earliest, latest = start[0].first, end[-1].last
    return earliest is not None and latest is not None and earliest > latest


def years(cell: str) -> str:
    """What is wrong with an age: a fault's code, or ""."""
    try:
        age.parse(cell)
    except ValueError:
        low, dots, high = cell.partition("..")
        if dots and low.isdecimal() and high.isdecimal() and len(low + high) < 8 and int(low) > int(high):
            return "reversed"
        return "age"
    return ""


def gap(cell: str) -> str:
    """What is wrong with a length of time: a fault's code, or ""."""
    try:
        duration.parse(cell)
    except ValueError:
        return "reversed" if _longer_first(cell) else "gap"
    return ""


def _longer_first(cell: str) -> bool:
    """Whether both ends of a range are durations, the first the longer."""
    first, slash, second = cell.partition("/")
    if not slash:
        return False
    try:
        shortest, longest = duration.parse(first).strict[0][0], duration.parse(second).strict[-1][1]
    except ValueError:
        return False
    return shortest is not None and longest is not None and shortest > longest


def grade(cell: str) -> str:
    """What is wrong with a grade: a fault's code, or ""."""
    return "" if _GRADE.fullmatch(cell) else "grade"


def language(cell: str) -> str:
    """What is wrong with a language tag: a fault's code, or ""."""
    return "" if _LANGUAGE.fullmatch(cell) else "language"


def evidence(cell: str) -> str:
    """What is wrong with a piece of evidence: a fault's code, or ""."""
    where, *captured = cell.split()
    if len(captured) > 1 or not (_HASH.fullmatch(where) or _URL.fullmatch(where)):
        return "evidence"
    return "evidence" if captured and date(captured[0]) else ""


class Verdicts(dict[str, str]):
    """A cell's text -> what is wrong with it; asked once for each text.

    Forgets all when it has grown large, so that a column of ever new texts
    does not stay in memory.
    """

    def __init__(self, check: Callable[[str], str]) -> None:
        super().__init__()
        self._check = check

    def __missing__(self, cell: str) -> str:
        if len(self) >= 1 << 16:
            self.clear()
        verdict = self[cell] = self._check(cell) if cell else ""
        return verdict
