"""Writing XLSX: one sheet of text cells, streamed into the file it is for.

Libraries spool a sheet in plain text to the temporary folder before they pack
it; what people told must not lie there. So the few parts that a workbook needs
are written here (ECMA-376 part 1). Nothing is in a formula or a number.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.sax.saxutils import escape

from estelik.errors import UsageError
from estelik.exchange.columns import COLUMNS, NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: What a spreadsheet can hold: letters in a cell (UTF-16 units), rows in a sheet.
LETTERS: Final = 32_767
ROWS: Final = 1 << 20

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="statements" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    # Style 1 is text (number format 49, "@"), style 2 the same in bold for the header.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_TEXT: Final = 1
_HEADER: Final = 2
#: What reads like an escape of the format's own, and the line end that XML does not keep.
_ESCAPES: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|\r")


def write(file: BinaryIO, rows: Iterable[Sequence[str]]) -> None:
    """A workbook of one sheet "statements": the header, then rows of cells.

    Raises UsageError where a spreadsheet could not hold the sheet.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, _HEAD + text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write((_HEAD + _start()).encode())
            part.write(_row(1, NAMES, _HEADER).encode())
            for number, cells in enumerate(rows, start=2):
                if number > ROWS:
                    raise UsageError(
                        "There are more statements than a workbook has rows.", do="Export to CSV."
                    )
                part.write(_row(number, cells, _TEXT).encode())
            part.write(b"</sheetData></worksheet>")


def _start() -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{column.width}" style="{_TEXT}" customWidth="1"/>'
        for n, column in enumerate(COLUMNS, start=1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )


def _letters(column: int) -> str:
    """The name of a column, from 0."""
    return chr(65 + column) if column < 26 else "A" + chr(39 + column)


def _row(number: int, cells: Sequence[str], style: int) -> str:
    made = [
        f'<c r="{_letters(column)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{_escaped(cell)}</t></is></c>"
        for column, cell in enumerate(cells)
        if cell
    ]
    return f'<row r="{number}">{"".join(made)}</row>'


def _escaped(cell: str) -> str:
    if len(cell.encode("utf-16-le")) > 2 * LETTERS:
        raise UsageError("A cell is too long for a spreadsheet.", do="Export to CSV.")
    return escape(_ESCAPES.sub(lambda found: "_x000D_" if found[0] == "\r" else "_x005F_", cell))
