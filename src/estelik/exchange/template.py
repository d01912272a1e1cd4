"""The workbook that a documenter starts with: an empty sheet, examples, the words."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from estelik.exchange.columns import COLUMNS, NAMES
from estelik.records.vocabulary import vocabulary

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Rows that are prepared; below them the columns are text all the same.
_PREPARED: Final = 300
_LAST: Final = 1 << 20
_TEXT: Final = "@"
#: How the page of words begins: the names of its columns.
WORDS_HEADER: Final = ("event", "means", "opens", "closes", "", "fact", "means")
_WIDTHS: Final = (22, 26, 22, 34, 4, 18, 22)
_INK: Final = "FF1F3A4D"
_PAPER: Final = "FFE8EEF2"


def examples() -> list[list[str]]:
    """The rows of the page of examples, the header first; the people are invented."""
    text = files("estelik.exchange").joinpath("examples.csv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def workbook() -> bytes:
    """The template as the bytes of an XLSX file; there is nothing in it that anybody told."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 (a new workbook has a sheet)
    sheet.title = "statements"
    _dress(sheet)
    for row in range(2, _PREPARED + 2):
        for column in range(1, len(COLUMNS) + 1):
            sheet.cell(row, column).number_format = _TEXT
    _examples(book)
    kinds, facts = _words(book)
    _choices(sheet, kinds, facts)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _dress(sheet: Worksheet) -> None:
    """The header row with its notes, and columns of text."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for index, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, index, column.name)
        cell.number_format = _TEXT
        cell.font = Font(bold=True, color=_INK)
        cell.fill = PatternFill("solid", fgColor=_PAPER)
        cell.comment = Comment(
            column.help, "Estelik", width=320, height=40 + 18 * (len(column.help) // 38 + 1)
        )
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = column.width
        dimension.number_format = _TEXT
    sheet.freeze_panes = "A2"


def _examples(book: Workbook) -> None:
    from openpyxl.styles import Alignment

    page = book.create_sheet("examples")
    _dress(page)
    for number, cells in enumerate(examples()[1:], start=2):
        for index, text in enumerate(cells, start=1):
            cell = page.cell(number, index)
            cell.number_format = _TEXT
            if text:
                cell.value = text
                cell.alignment = Alignment(vertical="top", wrap_text=NAMES[index - 1] in ("quote", "note"))
    page.column_dimensions["AB"].width = 60


def _words(book: Workbook) -> tuple[str, str]:
    """The third page: kinds of event and of fact. Gives the ranges of both lists."""
    from openpyxl.styles import Font

    page = book.create_sheet("words")
    words = vocabulary()
    for index, (title, width) in enumerate(zip(WORDS_HEADER, _WIDTHS, strict=True), start=1):
        cell = page.cell(1, index, title)
        cell.font = Font(bold=True, color=_INK)
        page.column_dimensions["ABCDEFG"[index - 1]].width = width
    for row, (code, kind) in enumerate(words.kinds.items(), start=2):
        closed = [words.states[state].label for state in kind.closes]
        if kind.closes_custody:
            closed = ["Every kind of custody"]
        if kind.moves:
            closed = ["The same state, at another place"]
        opened = words.states[kind.opens].label if kind.opens else ""
        for index, text in enumerate((code, kind.label, opened, ", ".join(closed)), start=1):
            page.cell(row, index, text or None)
    for row, (code, fact) in enumerate(words.facts.items(), start=2):
        page.cell(row, 6, code)
        page.cell(row, 7, fact.label)
    page.freeze_panes = "A2"
    return f"words!$A$2:$A${len(words.kinds) + 1}", f"words!$F$2:$F${len(words.facts) + 1}"


def _choices(sheet: Worksheet, kinds: str, facts: str) -> None:
    """Lists to choose from: closed words are held to, kinds are only offered."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    offered = {"event": kinds, "fact": facts}
    for index, column in enumerate(COLUMNS, start=1):
        if column.allowed:
            choice = DataValidation(
                type="list", formula1=f'"{",".join(column.allowed)}"', allow_blank=True, showErrorMessage=True
            )
            choice.errorTitle = column.name
            choice.error = f"Choose one of: {', '.join(column.allowed)}."
        elif column.name in offered:
            choice = DataValidation(
                type="list", formula1=offered[column.name], allow_blank=True, showErrorMessage=False
            )
        else:
            continue
        letter = get_column_letter(index)
        choice.add(f"{letter}2:{letter}{_LAST}")
        sheet.add_data_validation(choice)
