"""XLSX: statement sheets as workbooks, read as a stream.

A workbook comes from anywhere, so it is read by a small reader of our own and
not by a library: what it unpacks to is counted while it is unpacked, a
document type (and with it every entity) is refused, formulas, dates and
numbers are seen as they are stored and never turned into anything, and text
comes back letter for letter (ECMA-376 part 1, 18.3 and 22.9.2.19).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple
from xml.parsers import expat

from estelik.exchange.columns import CELL_LIMIT
from estelik.exchange.faults import spot
from estelik.exchange.worksheets import overlooked

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from estelik.exchange.faults import Faults
    from estelik.exchange.rows import Row

#: The most that a workbook may unpack to, in bytes.
UNPACKED_LIMIT: Final = 1 << 30
#: The rows and the columns of a worksheet, of which the last is XFD.
ROWS: Final = 1 << 20
_COLUMNS: Final = 1 << 14
_BLOCK: Final = 1 << 16
_PAGE: Final = "statements"

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})[0-9]+", re.ASCII)
_WHOLE: Final = re.compile(r"(-?[0-9]{1,15})(?:\.0+)?", re.ASCII)
#: What in a number format is no sign of a date: quoted text, escaped signs, colours and conditions.
_DECORATION: Final = re.compile(r'"[^"]*"|[\\_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
#: What in one does not show as a sign of its own.
_SPACING: Final = re.compile(r"[_*].|\[(?![hms])[^\]]*\]", re.IGNORECASE)
_PLAIN: Final = re.compile(r"(?:General|Standard|@|[#,]*0(?:\.[0#]+)?)\s*(?:;.*)?", re.IGNORECASE)
#: Number formats that every workbook has (18.8.30): dates and times, and plain numbers.
_DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NUMBERS: Final = frozenset((0, 1, 2, 3, 4, 37, 38, 39, 40, 49))


class _TooLargeError(Exception):
    """The workbook unpacks to more than may be."""


class _DamagedError(Exception):
    """The workbook is not made as workbooks are."""


class _Parts(NamedTuple):
    """Where in the archive the sheet stands, and what it needs."""

    sheet: str
    #: The worksheets that are not read: their number, from 1, and where they stand.
    others: tuple[tuple[int, str], ...]
    strings: str | None
    styles: str | None


def read(file: BinaryIO, number: int, faults: Faults) -> Generator[Row, None, None]:
    """The rows of the sheet named "statements", or of the first sheet; the header first."""
    nowhere = spot(number, 0)
    try:
        with zipfile.ZipFile(file) as archive:
            whole = _Archive(archive)
            parts = _parts(whole)
            strings, styles = _strings(whole, parts.strings), _styles(whole, parts.styles)
            yield from _rows(whole, parts.sheet, strings, styles)
            for worksheet, part in parts.others:
                found = overlooked(_rows(whole, part, strings, styles))
                if found == "rows":
                    faults.add(nowhere, "", "other-worksheet", str(worksheet))
                elif found:
                    faults.note(number, f"Worksheet {worksheet} was not read: it is no statement sheet.")
    except _TooLargeError:
        faults.add(nowhere, "", "xlsx-too-large")
    except (
        _DamagedError,
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        EOFError,
        KeyError,
        NotImplementedError,  # a compression that the library does not know
        OSError,
        OverflowError,
        RuntimeError,  # a part that is encrypted
        ValueError,
    ):
        faults.add(nowhere, "", "not-xlsx")


class _Archive:
    """A workbook's parts; counts what they unpack to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = UNPACKED_LIMIT
        self.names = set(archive.namelist())
        # The declared sizes first: nothing is unpacked of what says itself that it is too large.
        if sum(part.file_size for part in archive.infolist()) > UNPACKED_LIMIT:
            raise _TooLargeError

    def blocks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, unpacked piece by piece."""
        with self._archive.open(part) as stream:
            while block := stream.read(_BLOCK):
                self._left -= len(block)
                if self._left < 0:
                    raise _TooLargeError
                yield block

    def elements(self, part: str, *wanted: str) -> list[tuple[str, dict[str, str]]]:
        """The elements of these names in a small part, in order, with their attributes."""
        found: list[tuple[str, dict[str, str]]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            local = _local(name)
            if local in wanted:
                found.append((local, attributes))

        parser = _parser(start)
        for block in self.blocks(part):
            parser.Parse(block, False)  # noqa: FBT003 (by place only)
        parser.Parse(b"", True)  # noqa: FBT003
        return found


def _parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_declaration: object) -> None:
    raise _DamagedError


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parts(archive: _Archive) -> _Parts:
    """Follows the relations from the package to the workbook to its sheets."""
    book = "xl/workbook.xml"
    for _, relation in archive.elements("_rels/.rels", "Relationship"):
        if relation.get("Type", "").endswith("/officeDocument"):
            book = _target("", relation)
    folder, name = posixpath.split(book)
    relations = archive.elements(posixpath.join(folder, "_rels", f"{name}.rels"), "Relationship")
    by_id = {relation.get("Id", ""): relation for _, relation in relations}
    sheets: list[tuple[str, str]] = []
    for _, sheet in archive.elements(book, "sheet"):
        link = next((value for key, value in sheet.items() if _local(key) == "id"), "")
        if by_id.get(link, {}).get("Type", "").endswith("/worksheet"):
            sheets.append((sheet.get("name", ""), _target(folder, by_id[link])))
    if not sheets:
        raise _DamagedError
    chosen = next((n for n, (title, _) in enumerate(sheets) if title.strip().lower() == _PAGE), 0)
    others = tuple((n, path) for n, (_, path) in enumerate(sheets, start=1) if n != chosen + 1)

    def related(kind: str) -> str | None:
        ends = (r for _, r in relations if r.get("Type", "").endswith(kind))
        return next((path for path in (_target(folder, r) for r in ends) if path in archive.names), None)

    return _Parts(sheets[chosen][1], others, related("/sharedStrings"), related("/styles"))


def _target(folder: str, relation: dict[str, str]) -> str:
    target = relation.get("Target", "")
    return posixpath.normpath(
        target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    )


def _styles(archive: _Archive, part: str | None) -> list[str]:
    """What each cell style makes of a number: "plain", "date" or "other"."""
    if part is None:
        return []
    codes: dict[int, str] = {}
    styles: list[str] = []
    inside = False
    for name, attributes in archive.elements(part, "numFmt", "cellStyleXfs", "cellXfs", "cellStyles", "xf"):
        if name == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "xf":
            if inside:
                styles.append(_style(int(attributes.get("numFmtId", "0")), codes))
        else:
            inside = name == "cellXfs"
    return styles


def _style(number: int, codes: dict[int, str]) -> str:
    if number in codes:
        bare = _DECORATION.sub("", codes[number])
        if _PLAIN.fullmatch(_SPACING.sub("", codes[number])):
            return "plain"
        return "date" if re.search("[dmyhs]", bare, re.IGNORECASE) else "other"
    if number in _DATES:
        return "date"
    return "plain" if number in _NUMBERS else "other"


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _strings(archive: _Archive, part: str | None) -> list[str]:
    """The texts that cells refer to by number; readings of characters (rPh) are left out."""
    strings: list[str] = []
    pieces: list[str] = []
    taking = reading = False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal taking, reading
        local = _local(name)
        if local == "si":
            pieces.clear()
        elif local == "rPh":
            reading = True
        elif local == "t":
            taking = not reading

    def end(name: str) -> None:
        nonlocal taking, reading
        local = _local(name)
        if local == "t":
            taking = False
        elif local == "rPh":
            reading = False
        elif local == "si":
            # One letter over the limit is enough for the fault.
            strings.append(_unescaped("".join(pieces))[: CELL_LIMIT + 1])

    def text(data: str) -> None:
        if taking:
            pieces.append(data)

    if part is not None:
        parser = _parser(start)
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        for block in archive.blocks(part):
            parser.Parse(block, False)  # noqa: FBT003 (by place only)
        parser.Parse(b"", True)  # noqa: FBT003
    return strings


def _rows(archive: _Archive, part: str, strings: list[str], styles: list[str]) -> Iterator[Row]:
    sheet = _Sheet(strings, styles)
    parser = _parser(sheet.start)
    parser.EndElementHandler = sheet.end
    parser.CharacterDataHandler = sheet.text
    for block in archive.blocks(part):
        parser.Parse(block, False)  # noqa: FBT003 (by place only)
        yield from sheet.rows
        sheet.rows.clear()
    parser.Parse(b"", True)  # noqa: FBT003
    yield from sheet.rows


class _Sheet:
    """Hears the elements of a worksheet; ``rows`` are those that are complete."""

    def __init__(self, strings: list[str], styles: list[str]) -> None:
        self.rows: list[Row] = []
        self._strings = strings
        self._styles = styles
        self._row = 0
        self._column = -1
        self._cells: list[str] = []
        self._refused: dict[int, str] = {}
        self._type = ""
        self._style = ""
        self._formula = False
        self._taking = False
        self._reading = False
        self._pieces: list[str] = []
        self._columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name if ":" not in name else _local(name)
        if local == "c":
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else self._at(reference)
            self._type = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._formula = False
            self._pieces.clear()
        elif local == "v" or (local == "t" and not self._reading):
            self._taking = True
        elif local == "f":
            self._formula = True
        elif local == "rPh":
            self._reading = True
        elif local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            if not 0 < self._row <= ROWS:
                raise _DamagedError
            self._column = -1
            self._cells = []
            self._refused = {}

    def text(self, data: str) -> None:
        if self._taking:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        local = name if ":" not in name else _local(name)
        if local in ("v", "t"):
            self._taking = False
        elif local == "c":
            self._place()
        elif local == "rPh":
            self._reading = False
        elif local == "row":
            self.rows.append((self._row, self._cells, self._refused))

    def _at(self, reference: str) -> int:
        """The column, from 0, of a cell's reference (``AB12``)."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise _DamagedError
        letters = match[1]
        if letters not in self._columns:
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            self._columns[letters] = min(column, _COLUMNS) - 1
        return self._columns[letters]

    def _place(self) -> None:
        """Puts the cell that has ended into its row; a blank one needs no place."""
        text = "".join(self._pieces)
        code = "formula" if self._formula else ""
        if not code:
            text, code = self._value(text)
        if not text and not code:
            return
        column = min(self._column, _COLUMNS - 1)
        cells = self._cells
        if column >= len(cells):
            cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = "" if code else text
        if code:
            self._refused[column] = code

    def _value(self, text: str) -> tuple[str, str]:
        """The cell's text, or why it has none (a fault's code)."""
        if self._type == "s":
            return self._strings[_index(text, len(self._strings))], ""
        if self._type in ("inlineStr", "str"):
            return _unescaped(text)[: CELL_LIMIT + 1], ""
        text = text.strip()
        if not text:
            return "", ""
        if self._type != "n":
            return "", {"b": "boolean-cell", "d": "date-cell", "e": "error-cell"}.get(
                self._type, "number-cell"
            )
        style = self._styles[_index(self._style, len(self._styles))] if self._style else "plain"
        if style == "date":
            return "", "date-cell"
        whole = _WHOLE.fullmatch(text)
        return (whole[1], "") if whole and style == "plain" else ("", "number-cell")


def _index(text: str, length: int) -> int:
    index = int(text)
    if not 0 <= index < length:
        raise _DamagedError
    return index
