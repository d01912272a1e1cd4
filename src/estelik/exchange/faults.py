"""What can be wrong with a sheet, in words; and the collector of what is.

A fault has a code, a place, what is wrong and what to do. The text of a cell
is never part of it; the one exception the contract makes is the name of an
unknown column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.errors import Fault, Sentence
from estelik.exchange.columns import BY_NAME, NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How many faults are told one by one.
MOST_TOLD: Final = 1000
_ROW_BITS: Final = 40

_SAVE_TEXT: Final = 'Format the column as text ("Text", "@") and type the cell again.'

#: code -> (what, do), of whole files and their headers, which commands alone meet; ``%(about)s`` stands for a
#: list of columns or the like, never for a cell.
FILE_WORDS: Final[dict[str, tuple[str, str]]] = {
    # whole files
    "no-file": ("There is no such file.", "Check the name and the folder."),
    "not-readable": ("The file cannot be read.", "Check that it is a file, and that you may open it."),
    "same-file": ("It is the same as %(about)s.", "Name each file once."),
    "empty-file": ("The file is empty.", "Give a sheet with a header row; `estelik template` makes one."),
    "encoding": (
        "The text is neither UTF-8 nor Windows Cyrillic (cp1251).",
        'Save it again as "CSV UTF-8", or as XLSX.',
    ),
    "quoting": (
        "The quotation marks around a cell do not match; what comes after was not checked.",
        "Close the quotation mark, and double each one that stands inside a cell.",
    ),
    "not-xlsx": (
        "The file is not an XLSX workbook, or it is damaged or cut short.",
        "Open it in the spreadsheet program and save it again as XLSX without a password.",
    ),
    "xlsx-too-large": (
        "The file would unpack to more than 1 GiB.",
        "Do not open it; ask whoever sent it. A sheet that is really so large can be saved as CSV.",
    ),
    "too-many-rows": ("The sheet has more rows than a workbook can have.", "Save it as CSV."),
    "other-worksheet": (
        "Worksheet %(about)s has rows of a statement sheet too, and only one worksheet of a file is read.",
        "Move all rows to one worksheet, or save that one as a file of its own and take it out here.",
    ),
    # the header
    "not-a-header": (
        "The first row is not a header of a statement sheet.",
        "Write the column names in the first row; `estelik template` shows them all.",
    ),
    "missing-column": ("A column is missing: %(about)s.", "Add it."),
    "unknown-column": ("There is no such column in a statement sheet.", "Rename it, or take it out."),
    "double-column": ("The column stands there twice.", "Keep one of them."),
    "nameless-column": ("A cell stands in a column without a name.", "Name the column, or empty the cell."),
}
#: The same of cells and rows, wherever they come from.
WORDS: Final[dict[str, tuple[str, str]]] = {
    # cells
    "too-long": (
        "The cell holds more than 64 kB.",
        "Keep the long text in a file and name it under `evidence`.",
    ),
    "control": (
        "The cell holds control characters.",
        "Type it again, or paste it as plain text.",
    ),
    "hidden": (
        "The label holds a line end or a mark that cannot be seen: two labels could look like one.",
        "Type it again, on one line.",
    ),
    "formula": ("The cell is a formula.", "Put the value itself in it: copy, then paste as values only."),
    "date-cell": ("The spreadsheet has turned the cell into a date or time.", _SAVE_TEXT),
    "number-cell": ("The spreadsheet has turned the cell into a number.", _SAVE_TEXT),
    "boolean-cell": ("The spreadsheet has turned the cell into TRUE or FALSE.", _SAVE_TEXT),
    "error-cell": ("The cell holds a spreadsheet error.", "Put the value itself in it."),
    "word": ("This word is not one of the list.", "Write one of: %(about)s."),
    "no-about": ("Nobody is named.", "Say whose life the row is about."),
    "no-event": ("There is neither an event nor a fact.", "Write one of the two."),
    "event-and-fact": ("There are both an event and a fact.", "Make two rows of it."),
    "event-label": (
        "The label names no kind of event.",
        "Begin it with what happened, and put `#` or `:` after that: release#2.",
    ),
    "event-told": (
        "An event cannot be called `told`: in `after` and `before` that is the telling itself.",
        "Call it what it was, like interview or told#1.",
    ),
    "fact-label": ("The label names no kind of fact.", "Begin it with what is said: relation:brother."),
    "expected-fact": ("Only an event can be expected.", "Leave the cell blank, or write an event."),
    "count": ("A count is a number or a range of numbers.", "Write it like 12, 10..15, 200.. or ..50."),
    "via": (
        "A link of the chain is blank.",
        "Write it like friend > neighbour, with somebody at each end of `>`.",
    ),
    "date": ("This is not a date in EDTF.", "Write it like 2018-03-15, 2018-03, 2018, 2017/2018 or 2018~."),
    "age": ("This is not an age.", "Write it like 76, 60..65 or ~50, from 0 to 130 years."),
    "gap": ("This is not a length of time.", "Write it like P1Y9M, P7D, ~P2Y, P2D/P7D, >P1Y or <=P3M."),
    "reversed": ("The interval runs backwards.", "Write the earlier or smaller one first."),
    "gap-alone": (
        "A gap needs exactly one of `after` and `before`.",
        "Say what it is counted from; for two gaps make two rows.",
    ),
    "grade": ("This is not a grade.", "Write a letter A to F and a digit 1 to 6, like B2."),
    "language": ("This is not a language tag.", "Write it like kk, ug, zh-Hans or ru (BCP 47)."),
    "evidence": (
        "This is neither a web address nor a file's hash.",
        "Write the address or hash, then #t= or #page= with a number, then a space and the day of capture.",
    ),
    # between rows
    "own-event": ("The row points at its own event.", "Name another event."),
    "age-at-birth": ("An age at one's own birth says nothing.", "Take it out, or name another event."),
    "no-such-event": (
        "It names an event that nobody mentions.",
        "Check the spelling, or add a row for that event; write another person's event as PERSON/EVENT.",
    ),
    "unnamed": ("It points at somebody unnamed.", "Give that person a label that does not begin with `?`."),
    "ambiguous": (
        "It can mean more than one event: a label with `/` in it can be read in several ways.",
        "Give one of these people or events a label without `/`, and write that here.",
    ),
    "doubled": (
        "What an earlier row names, with `/` in it, could now mean this event too.",
        "Give this event or its subject a label without `/`, or correct the earlier row first.",
    ),
    "double-id": (
        "The id already stands in %(about)s.",
        "Give each row an id of its own, or leave it blank.",
    ),
    "double-row": (
        "The same row already stands in %(about)s.",
        "Take one of them out, or give this one an id.",
    ),
    "changed": (
        "The casebook already has this id, with other content.",
        "Give the row a new id and write the old one under `corrects`.",
    ),
    "corrects-itself": ("The row corrects itself.", "Write the id of the earlier row."),
    "corrects-unknown": ("It corrects an id that is nowhere.", "Check the id of the earlier row."),
    "corrects-other": (
        "It corrects a row about somebody else.",
        "Check the id. If that row named the wrong person: `estelik set-aside`, and no `corrects` here.",
    ),
    "corrects-circle": (
        "Rows correct each other in a circle.",
        "Leave `corrects` blank in the oldest of them.",
    ),
    "two-dates": (
        "One testimony was told at two dates that do not meet.",
        "Check `told`, or give the second telling a testimony of its own.",
    ),
}


class Faults:
    """The faults of one import, in the order of files and rows.

    A place is kept as one number, a *spot*: the file's number and the row.
    Beyond :data:`MOST_TOLD` they are only counted.
    """

    def __init__(self, files: Sequence[str]) -> None:
        self.files = tuple(files)
        self.count = 0
        #: What was passed over and is no fault: whole lines.
        self.notes: list[str] = []
        self._kept: list[tuple[int, int, Fault]] = []

    def add(self, spot: int, column: str, code: str, about: str = "") -> None:
        """One more fault of kind ``code``; ``about`` fills the words' blank."""
        self.count += 1
        if len(self._kept) >= MOST_TOLD:
            return
        what, do = FILE_WORDS[code] if code in FILE_WORDS else WORDS[code]
        file, row = divmod(spot, 1 << _ROW_BITS)
        order = NAMES.index(column) if column in BY_NAME else -1
        fault = Fault(self.files[file], row, column, code, filled(what, about), filled(do, about))
        self._kept.append((spot, order, fault))

    def note(self, file: int, line: str) -> None:
        """Something to be said of a file that is no fault."""
        self.notes.append(f"{self.files[file]}: {line}")

    def place(self, spot: int) -> str:
        """A place in words."""
        file, row = divmod(spot, 1 << _ROW_BITS)
        return f"row {row} of {self.files[file]}"

    def listed(self) -> tuple[Fault, ...]:
        """All faults that are told, and how many are not."""
        kept = [fault for _, _, fault in sorted(self._kept, key=lambda item: item[:2])]
        more = self.count - len(kept)
        if more:
            kept.append(Fault("", 0, "", "more", Sentence("And %(count)s more.", count=more), ""))
        return tuple(kept)


def filled(words: str, about: str) -> str:
    """The words of a fault, with what stands in their blank."""
    return Sentence(words, about=about) if "%(about)s" in words else words


def spot(file: int, row: int) -> int:
    """A place as one number."""
    return file << _ROW_BITS | row
