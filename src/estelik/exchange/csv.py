"""CSV: statement sheets and other tables as text, UTF-8 or Windows Cyrillic, comma or semicolon."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING, BinaryIO, Final, TextIO

from estelik.errors import UsageError
from estelik.exchange.columns import BY_NAME, CELL_LIMIT, NAMES
from estelik.exchange.faults import spot

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from estelik.exchange.faults import Faults
    from estelik.exchange.rows import Row

_BLOCK: Final = 1 << 20
#: How much text is looked at to tell Windows Cyrillic from other encodings.
_SAMPLE: Final = 1 << 22
_WORD: Final = re.compile(r"[^\W\d_]+")
#: A word as Russian is written: small, capitalised or all in capitals, letters of one script.
_CYRILLIC_WORD: Final = re.compile(r"[А-ЯЁЂЃЉЊЌЋЏЎЈҐЄЇІЅ]?[а-яёђѓљњќћџўјґєїіѕ]+|[А-ЯЁЂЃЉЊЌЋЏЎЈҐЄЇІЅ]+")
#: What cp1251 has of the letters of living languages, and the signs that go with them.
_USUAL: Final = frozenset(
    [chr(letter) for letter in range(0x410, 0x450)] + list("ЁёЎўЄєЇїІіҐґ«»„“”‘’–—…№§°±\u00a0")
)
#: How many of the words and signs beyond ASCII must be such.
_MOSTLY: Final = 0.8


def encoding_of(file: BinaryIO) -> str | None:
    """The encoding of a text file: "utf-8-sig", "cp1251", or None for any other.

    UTF-8 shows itself. cp1251 gives letters to nearly every byte, so it is
    believed only where the words that it gives look like words: KOI8-R turns
    into words with the capitals at the wrong end, Latin-1 into words of two
    scripts.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            if b"\0" in block and file.tell() <= _BLOCK and b"\0" in block.splitlines()[0]:
                return None
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        file.seek(0)
        return "cp1251" if _looks_cyrillic(file.read(_SAMPLE)) else None
    return "utf-8-sig"


def _looks_cyrillic(data: bytes) -> bool:
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        return False
    try:
        text = data.decode("cp1251")
    except UnicodeDecodeError:
        return False
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    good = sum(1 for word in words if _CYRILLIC_WORD.fullmatch(word))
    signs = [letter for letter in text if not letter.isascii()]
    usual = sum(1 for sign in signs if sign in _USUAL)
    return bool(words) and good >= _MOSTLY * len(words) and usual >= _MOSTLY * len(signs)


def delimiter_of(line: str) -> str:
    """Comma or semicolon: the one that gives more columns of a statement sheet."""

    def columns(delimiter: str) -> int:
        return sum(1 for name in line.split(delimiter) if name.strip(' "\r\n').lower() in BY_NAME)

    return ";" if columns(";") > columns(",") else ","


def table(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file that is no statement sheet, by their numbers, the header first; empty lines are
    left out. Raises ``UsageError`` for what is no such file: it says the row, never what stands in it."""
    try:
        with file.open("rb") as data:
            encoding = encoding_of(data)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read.", do="Check the name of the file.") from error
    if encoding is None:
        raise UsageError(f"{file}: this is no text in UTF-8.", do="Save it as CSV in UTF-8.")
    with file.open(encoding=encoding, newline="") as text:
        first = text.readline()
        text.seek(0)
        csv.field_size_limit(2 * CELL_LIMIT)
        rows = csv.reader(text, delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
        try:
            header = next(rows, [])
            yield 1, header
            for number, row in enumerate(rows, start=2):
                if row and len(row) != len(header):
                    raise UsageError(
                        f"{file}, row {number}: {len(row)} cells under {len(header)} columns.",
                        do="Check its quotation marks and separators.",
                    )
                if row:
                    yield number, row
        except csv.Error as error:
            # The library tells its two errors apart by their words alone.
            what = "a cell is too long" if "limit" in str(error) else "the quotation marks do not fit"
            raise UsageError(f"{file}, row {rows.line_num}: {what}.", do="Mend this row.") from error


def read(file: BinaryIO, number: int, faults: Faults) -> Generator[Row, None, None]:
    """The rows of a CSV file, the header first; rows are numbered as a spreadsheet shows them."""
    encoding = encoding_of(file)
    if encoding is None:
        faults.add(spot(number, 0), "", "encoding")
        return
    file.seek(0)
    yield from _rows(io.TextIOWrapper(file, encoding=encoding, newline=""), number, faults)


def _rows(text: TextIO, number: int, faults: Faults) -> Iterator[Row]:
    # A header's names are short: its line is found without reading a file without line ends whole.
    start = text.readline(CELL_LIMIT)
    text.seek(0)
    csv.field_size_limit(2 * CELL_LIMIT)
    reader = csv.reader(text, delimiter=delimiter_of(start), strict=True)
    nothing: dict[int, str] = {}
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            yield row, cells, nothing
    except csv.Error as error:
        code = "too-long" if "limit" in str(error) else "quoting"
        faults.add(spot(number, row + 1), "", code)
    except UnicodeDecodeError:
        faults.add(spot(number, 0), "", "encoding")


def write(file: BinaryIO, rows: Iterable[tuple[str, ...]]) -> None:
    """A CSV file (UTF-8, comma) of a header and rows of cells."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(NAMES)
    writer.writerows(rows)
    text.flush()
    text.detach()
