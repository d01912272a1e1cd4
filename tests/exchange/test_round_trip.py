from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from unicodedata import is_normalized

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple
from tests.depth import DEPTH

from estelik.exchange import cell as forms
from estelik.exchange import sheet
from estelik.exchange.columns import BY_NAME, NAMES
from estelik.records import Statement, stored
from estelik.records.vocabulary import fact_kind_of, kind_of

KEY = b"a key of this test"

#: What sheets and spreadsheets trip over, beside all that may stand in a cell.
NASTY = st.sampled_from(
    [
        "=1+1",
        "-20",
        "+7",
        "@",
        "'",
        "''=x",
        "'=x",
        "＝1",
        "±",
        "~",
        "a\r\nb",
        "a\rb",
        "a\tb",
        '"',
        ";",
        ",",
        "_x0041_",
        "_x005F_",
    ]
)
LETTERS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")).filter(lambda letter: not forms.CONTROL.match(letter))
    | st.sampled_from("\n\r\t'=+-@＝"),
    max_size=12,
)
CELL = st.builds("".join, st.lists(NASTY | LETTERS, max_size=3)).map(str.strip)
#: What a cell of free text holds once it is read: a guard before a formula is taken off.
FREE = CELL.map(forms.restored)
#: Words keep the white space at their ends; a cell of nothing else is blank.
WORDS = st.builds("".join, st.lists(NASTY | LETTERS, max_size=3)).map(
    lambda cell: cell if cell.strip() else ""
)
#: Letters and their marks, each as one character and as two.
APART = st.sampled_from(["Сергей", "Сергеи\u0306", "Ange\u0301le", "\u212bsa", "\uf900", "=\u0338x"])
LABEL = (FREE | APART).filter(lambda label: not forms.label(label))
EVENT = st.sampled_from(["arrest", "release#2", "Зи\u0306"]) | LABEL.filter(
    lambda event: kind_of(event) and event != "told"
)
FACT = st.sampled_from(["illness", "name", "relation:brother"]) | LABEL.filter(
    lambda fact: fact_kind_of(fact) not in ("", "count")
)

LABEL_COLUMNS = ("place", "by", "source", "testimony", "statement")
OTHERS = {
    "told": ["", "2021", "2021-03-12"],
    "when": ["", "2018", "[2018,2019]", "2018/..", "2018~"],
    "age": ["", "76", "~50", "60..65"],
    "grade": ["", "F6", "B2"],
    "evidence": ["", "https://example.org/a#t=3 2023-01-04"],
    "language": ["", "ug-Arab"],
}


@st.composite
def lines(draw: st.DrawFn) -> dict[str, str]:
    line = dict.fromkeys(NAMES, "")
    line["about"] = draw(LABEL.filter(bool))
    kind = draw(st.sampled_from(["event", "fact"]))
    line[kind] = draw(EVENT if kind == "event" else FACT)
    line["value"] = draw(LABEL if line["fact"].startswith("relation") else FREE)
    line["via"] = " > ".join(draw(st.lists(LABEL.filter(lambda link: link and ">" not in link), max_size=2)))
    for column in LABEL_COLUMNS:
        line[column] = draw(LABEL)
    for column in ("quote", "note"):
        line[column] = draw(WORDS)
    for column, allowed in OTHERS.items():
        line[column] = draw(st.sampled_from(allowed))
    for column in ("about_kind", "answer", "role", "layer", "expected", "compartment"):
        line[column] = draw(st.sampled_from(("", *BY_NAME[column].allowed)))
    if kind == "fact" and line["expected"] == "yes":
        line["expected"] = "no"
    if line["event"] not in ("birth", "") and draw(st.booleans()):
        line[draw(st.sampled_from(["after", "before"]))] = draw(st.sampled_from(["told", "birth"]))
        line["gap"] = draw(st.sampled_from(["", "P1Y9M", "±P1M", "+-P1M", "~P2Y", ">P1Y"]))
    return line


def put(path: Path, rows: list[dict[str, str]]) -> None:
    """A sheet as somebody else's program writes it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES)
        writer.writeheader()
        writer.writerows({name: forms.guarded(cell) for name, cell in row.items()} for row in rows)


def distinct(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows with different ids, and each telling on one day."""
    for number, row in enumerate(rows):
        row["testimony"] = row["testimony"] and f"{number} {row['testimony']}"
        row["statement"] = row["statement"] and f"{number} {row['statement']}"
    return rows


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@settings(max_examples=60 * DEPTH, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(lines(), max_size=4).map(distinct))
def test_export_loses_nothing(ending: str, rows: list[dict[str, str]]) -> None:
    """The same statements, ids included, and the same cells, blank where they were blank."""
    with tempfile.TemporaryDirectory() as folder:
        first, second, third = (
            Path(folder, "first.csv"),
            Path(folder, f"second{ending}"),
            Path(folder, f"third{ending}"),
        )
        put(first, rows)
        before = list(sheet.read([first], key=KEY))
        assert sheet.write(second, before) == len(rows)
        after = list(sheet.read([second], key=KEY))
        assert [sheet.cells(s) for s in after] == [sheet.cells(s) for s in before]
        assert all(is_normalized("NFC", label) for s in after for label in astuple(s)[:3])
        for row, statement in zip(rows, after, strict=True):
            written = dict(zip(NAMES, sheet.cells(statement), strict=True))
            assert written == row | {"statement": row["statement"] or written["statement"]}
        sheet.write(third, after)
        assert third.suffix == ".xlsx" or third.read_bytes() == second.read_bytes()


@given(CELL)
def test_a_guarded_cell_starts_no_formula_and_comes_back(cell: str) -> None:
    value = forms.restored(cell)
    out = forms.guarded(value)
    assert not out.startswith(tuple("=+-@\t\r＝＋－＠"))
    assert forms.restored(out) == value


@pytest.mark.parametrize("value", ["-20", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "＝1", "－1"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_spreadsheet_runs_what_was_exported(value: str, ending: str, tmp_path: Path) -> None:
    """Read as others read it: the cell is text that begins with an apostrophe."""
    path = tmp_path / f"a{ending}"
    sheet.write(path, [Statement("a", "Ann", fact="count:children", value=value)])
    column = NAMES.index("value")
    if ending == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file))[1][column] == f"'{value}"
    else:
        page = openpyxl.load_workbook(path).active
        assert page is not None
        cell = page.cell(2, column + 1)
        assert (cell.value, cell.data_type, cell.number_format) == (f"'{value}", "s", "@")


@settings(max_examples=30 * DEPTH, deadline=None)
@given(rows=st.lists(lines(), min_size=1, max_size=3).map(distinct))
def test_others_read_our_workbooks_as_we_do(rows: list[dict[str, str]]) -> None:
    """Read by openpyxl; line ends and escapes, which it does not undo, are left aside."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "first.csv"), Path(folder, "second.xlsx")
        put(first, rows)
        statements = list(sheet.read([first], key=KEY))
        sheet.write(second, statements)
        page = openpyxl.load_workbook(second).active
        assert page is not None
        for line, statement in zip(page.iter_rows(min_row=2, max_col=len(NAMES)), statements, strict=True):
            for cell, ours in zip(line, sheet.cells(statement), strict=True):
                if "\r" not in ours and "_x" not in ours:
                    assert (cell.value or "") == forms.guarded(ours)


def test_a_row_whose_defaults_are_written_out_is_the_row_that_it_was(tmp_path: Path) -> None:
    """With an id of its own or one that is made of it; and each leaves as it came."""
    plain = {"about": "Aman", "event": "arrest", "source": "aunt"}
    written = plain | {
        "about_kind": "person",
        "answer": "yes",
        "role": "told",
        "layer": "asserted",
        "grade": "F6",
        "expected": "no",
        "compartment": "testimony",
    }
    for own in ({}, {"statement": "1"}):
        found = []
        for number, cells in enumerate((plain | own, written | own)):
            path = tmp_path / f"{number}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, NAMES, restval="")
                writer.writeheader()
                writer.writerow(cells)
            found += list(sheet.read([path], key=KEY))
            given = dict(zip(NAMES, sheet.cells(found[-1]), strict=True))
            assert {name: cell for name, cell in given.items() if cell and name != "statement"} == {
                name: cell for name, cell in cells.items() if name != "statement"
            }
        assert found[0].statement == found[1].statement
        assert stored.digest(found[0]) == stored.digest(found[1])
