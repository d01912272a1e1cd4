"""Workbooks of several worksheets: only one is read, and nothing in the others goes lost unsaid."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from estelik.errors import SheetError
from estelik.exchange import sheet, template

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl import Workbook

KEY = b"a key of this test"
#: No message may hold it.
MARK = "Sayragul"
ROWS = (("about", "event"), ("Ann", "arrest"))


def read(path: Path, book: Workbook) -> tuple[int, list[str]]:
    """How many statements came of it, and what was said besides."""
    book.save(path / "a.xlsx")
    notes: list[str] = []
    found = list(sheet.read([path / "a.xlsx"], key=KEY, note=notes.append))
    assert MARK not in "".join(notes)
    return len(found), notes


def refused(path: Path, book: Workbook) -> list[tuple[int, str, str]]:
    with pytest.raises(SheetError) as caught:
        read(path, book)
    assert MARK not in str(caught.value)
    return [(fault.row, fault.column, fault.code) for fault in caught.value.faults]


def add(book: Workbook, *lines: Sequence[Any], title: str = MARK) -> None:
    page = book.create_sheet(title)
    for line in lines:
        page.append(line)


def book_of(*lines: Sequence[Any]) -> Workbook:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    return book


def filled() -> Workbook:
    """The template with one row on its first page."""
    book = openpyxl.load_workbook(io.BytesIO(template.workbook()))
    book["statements"]["E2"] = "Ann"
    book["statements"]["G2"] = "arrest"
    return book


def test_the_template_filled_in_passes_without_a_word(tmp_path: Path) -> None:
    assert read(tmp_path, filled()) == (1, [])


def test_rows_among_the_templates_examples_are_a_fault(tmp_path: Path) -> None:
    book = filled()
    book["examples"].append(("", "", MARK, "", MARK, "", "arrest"))
    assert refused(tmp_path, book) == [(0, "", "other-worksheet")]
    book = filled()
    book["examples"]["E2"] = MARK
    assert refused(tmp_path, book) == [(0, "", "other-worksheet")]


@pytest.mark.parametrize("header", [("about", "event"), (), (" Fact", "ABOUT", "village")], ids=str)
def test_rows_of_another_worksheet_are_a_fault_that_says_which(
    header: tuple[str, ...], tmp_path: Path
) -> None:
    book = book_of(*ROWS)
    add(book)
    add(book, (), header or ("about", "fact"), (), (MARK, "release"))
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SheetError) as caught:
        list(sheet.read([tmp_path / "a.xlsx"], key=KEY))
    (fault,) = caught.value.faults
    assert fault.line().startswith("a.xlsx: Worksheet 3 has rows")
    assert MARK not in fault.line()


def test_a_formula_is_a_row_of_another_worksheet_too(tmp_path: Path) -> None:
    book = book_of(*ROWS)
    add(book, ROWS[0], ("=A1", None))
    assert refused(tmp_path, book) == [(0, "", "other-worksheet")]


def test_the_first_worksheet_is_not_passed_over_for_the_one_called_statements(tmp_path: Path) -> None:
    book = book_of(*ROWS)
    add(book, *ROWS, title="Statements")
    assert refused(tmp_path, book) == [(0, "", "other-worksheet")]


def test_a_worksheet_that_is_no_sheet_is_noted(tmp_path: Path) -> None:
    book = book_of(*ROWS)
    add(book, ("telephone", "whose"), (MARK, MARK))
    assert read(tmp_path, book) == (1, ["a.xlsx: Worksheet 2 was not read: it is no statement sheet."])


def test_blank_worksheets_and_bare_headers_are_nothing(tmp_path: Path) -> None:
    book = book_of(*ROWS)
    add(book)
    add(book, ROWS[0])
    assert read(tmp_path, book) == (1, [])
