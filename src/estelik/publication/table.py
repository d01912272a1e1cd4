"""Table: rows of leaves as CSV and as JSON lines.

CSV is opened in spreadsheets, and those take a cell that begins with one of ``= + - @`` for a formula, also
after a semicolon or a tab, at which some of them cut. An apostrophe is put before such a sign: a spreadsheet
then has text. ``harmful`` undoes it. JSON lines have every letter as it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from estelik.protection.leaf import Cleared, Count, Phrase, UnclearedError, encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    import msgspec

#: Where a cell can begin, what a spreadsheet overlooks there, and the signs that begin a formula, also those
#: that an East Asian keyboard writes.
_BEGINNING: Final = r"((?:\A|[;\t\r\n])[\s']*)"
_SIGN: Final = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"
_FORMULA: Final = re.compile(f"{_BEGINNING}(?={_SIGN})")
_UNDONE: Final = re.compile(f"{_BEGINNING}(?<=')(?={_SIGN})")
#: A cell that has to stand in quotes.
_QUOTED: Final = re.compile(r"[\",;\t\r\n]|\A\s|\s\Z|\A\Z")


def harmless(text: str) -> str:
    """The text with an apostrophe before whatever a spreadsheet would take for a formula."""
    return _FORMULA.sub(r"\1'", text)


def harmful(text: str) -> str:
    """The text that ``harmless`` was given."""
    return _UNDONE.sub(lambda found: found[1][:-1], text)


def csv(columns: Iterable[str], rows: Iterable[msgspec.Struct]) -> bytes:
    """A table as CSV (RFC 4180, UTF-8): ``columns`` are the names of fields of the rows.

    Numbers stand as digits, truth as ``true`` and ``false``, None as nothing. Raises UnclearedError where a
    value is no leaf.
    """
    names = tuple(columns)
    lines = [",".join(names)]
    lines += [",".join(_cell(getattr(row, name)) for name in names) for row in rows]
    return "".join(f"{line}\r\n" for line in lines).encode()


def json_lines(rows: Iterable[object]) -> bytes:
    """Each row as JSON on a line of its own. Raises UnclearedError where a value is no leaf."""
    return b"".join(encode(row) + b"\n" for row in rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Count):
        return str(int(value))
    if isinstance(value, Cleared | Phrase):
        text = harmless(str.__str__(value))
        if _QUOTED.search(text):
            return '"' + text.replace('"', '""') + '"'
        return text
    raise UnclearedError(value)
