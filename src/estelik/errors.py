"""One tree of errors: what happened, what is safe, what to do.

No message ever holds the content of a cell, a name or a passphrase: only
codes, record ids, file names as the user typed them, rows and columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence


#: What is safe where nothing else is said.
NOTHING: Final = "Nothing was written."


class Sentence(str):
    """A sentence with values in it: English as it stands, and what a catalog needs to say it otherwise.

    ``template`` has a place ``%(name)s`` for each of ``values``; a value that is a ``Sentence`` is said in
    the same language, any other stays as it is.
    """

    __slots__ = ("template", "values")

    template: str
    values: dict[str, str | int]

    def __new__(cls, template: str, **values: str | int) -> Self:
        """The template with its values filled in."""
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _sentence, (self.template, self.values)


def _sentence(template: str, values: dict[str, str | int]) -> Sentence:
    return Sentence(template, **values)


class EstelikError(Exception):
    """Something a person can act on.

    ``what`` happened, what is ``safe``, what to ``do``: three short sentences, constant or a ``Sentence``,
    so that whoever shows them can say them in the reader's language.
    ``exit_code`` is the exit status of a command that ends with it.
    """

    exit_code = 2

    def __init__(self, what: str, *, safe: str = NOTHING, do: str = "") -> None:
        super().__init__(" ".join(part for part in (what, safe, do) if part))
        self.what = what
        self.safe = safe
        self.do = do


class Fault(msgspec.Struct, frozen=True, order=True):
    """One thing wrong at one place of a sheet.

    ``row`` counts as a spreadsheet does (the header is row 1, 0 stands for the
    whole file); ``column`` is the sheet's column name, or "" for the whole row.
    ``code`` is stable and short; ``what`` and ``do`` are sentences, as an error's are. The text of
    the cell is never part of any of them.
    """

    file: str
    row: int
    column: str
    code: str
    what: str
    do: str

    def line(self) -> str:
        """The fault as one line of text."""
        where = self.file
        if self.row:
            where += f", row {self.row}"
        if self.column:
            where += f", column {self.column}"
        return f"{where}: {self.what} {self.do}".rstrip() if where else self.what


class SheetError(EstelikError):
    """A sheet has faults; nothing of it was taken in."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.line() for fault in self.faults))


class UsageError(EstelikError):
    """A command was called in a way it cannot follow."""


class NotFoundError(EstelikError):
    """The casebook, subject, event or statement that was asked for is not there."""


class MeanwhileError(UsageError):
    """Somebody else decided on the same thing meanwhile."""


class CasebookError(EstelikError):
    """A casebook cannot be opened, is already there, or is of another version."""


class PassphraseError(CasebookError):
    """The passphrase does not open this casebook."""


class SealError(CasebookError):
    """Something sealed does not open, or is not what its chain or signature says."""


class EvidenceError(EstelikError):
    """A file cannot be taken in as evidence, given out again, or stamped; or it is not what it was."""


class FileError(EstelikError):
    """A file that was asked for is there already, or cannot be written."""


class CustodyError(CasebookError):
    """The shares of the office's secret cannot be made, or do not bring it back."""


class MembershipError(CasebookError):
    """Something that only those may do, or see, who belong to the office."""


class LedgerError(CasebookError):
    """What was entered here is not on the team's ledger, or there is none."""


class ConsentError(EstelikError):
    """Something about a consent, a risk or a pseudonym that is not there, or cannot be entered so."""


class ReleaseError(EstelikError):
    """Something cannot be released so, or is not what was approved."""

    def __init__(self, what: str, *, safe: str = "Nothing was published.", do: str = "") -> None:
        super().__init__(what, safe=safe, do=do)


class PublicationError(EstelikError):
    """A data set or a card cannot be made, or not there."""
