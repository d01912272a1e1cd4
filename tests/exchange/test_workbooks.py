from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from estelik.errors import SheetError, UsageError
from estelik.exchange import sheet, template, xlsx
from estelik.exchange.columns import COLUMNS, NAMES
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KEY = b"a key of this test"
MARK = "Sayragul"


def made(path: Path, *lines: Sequence[Any], title: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = title
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def read(path: Path) -> list[Statement]:
    return list(sheet.read([path], key=KEY))


def refused(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(SheetError) as caught:
        read(path)
    assert MARK not in str(caught.value)
    return [(fault.row, fault.column, fault.code) for fault in caught.value.faults]


HEADER = ("about", "event", "when", "age", "quote")


def test_a_workbook_is_read(tmp_path: Path) -> None:
    path = made(
        tmp_path / "a.xlsx",
        HEADER,
        (" Ann ", "arrest", "2018-03", None, "two\nlines"),
        (),
        ("Ann", "release"),
    )
    assert [(s.about, s.event, s.when, s.quote) for s in read(path)] == [
        ("Ann", "arrest", "2018-03", "two\nlines"),
        ("Ann", "release", "", ""),
    ]


def test_whole_numbers_are_their_digits(tmp_path: Path) -> None:
    (statement,) = read(made(tmp_path / "a.xlsx", HEADER, ("Ann", "arrest", 2018, 76.0)))
    assert (statement.when, statement.age) == ("2018", "76")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (f'="{MARK}"&A1', "formula"),
        ("=1+1", "formula"),
        (dt.datetime(2018, 3, 15), "date-cell"),  # noqa: DTZ001 (a spreadsheet knows no zones)
        (dt.date(2018, 3, 15), "date-cell"),
        (dt.time(12, 30), "date-cell"),
        (dt.timedelta(days=3), "date-cell"),
        (2018.5, "number-cell"),
        (1e20, "number-cell"),
        (True, "boolean-cell"),
        ("#N/A", "error-cell"),
    ],
    ids=str,
)
def test_what_a_spreadsheet_turned_is_a_fault_and_never_evaluated(
    value: object, code: str, tmp_path: Path
) -> None:
    path = made(tmp_path / "a.xlsx", HEADER, ("Ann", "release"), (MARK, "arrest", value))
    assert refused(path) == [(3, "when", code)]


@pytest.mark.parametrize(
    "style", ["yyyy\\-mm\\-dd", '[$-409]d" of "mmm', "[h]:mm", "[Red]m/d/yy", "[$-F800]dddd\\,\\ mmmm"]
)
def test_a_number_in_a_date_format_is_a_date(style: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(HEADER)
    page.append((MARK, "arrest", 43174))
    page["C2"].number_format = style
    book.save(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx") == [(2, "when", "date-cell")]


@pytest.mark.parametrize(
    ("style", "fine"), [("0", True), ("#,##0", True), ("@", True), ("0%", False), ('"P"0', False)]
)
def test_a_number_must_look_as_it_is_stored(style: str, fine: bool, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(HEADER)
    page.append(("Ann", "arrest", 2018))
    page["C2"].number_format = style
    book.save(tmp_path / "a.xlsx")
    if fine:
        assert read(tmp_path / "a.xlsx")[0].when == "2018"
    else:
        assert refused(tmp_path / "a.xlsx") == [(2, "when", "number-cell")]


def test_a_turned_cell_makes_no_second_fault(tmp_path: Path) -> None:
    path = made(
        tmp_path / "a.xlsx",
        ("about", "event", "after", "gap"),
        (True, "arrest"),
        ("Ann", "release", True, "P1Y"),
    )
    assert refused(path) == [(2, "about", "boolean-cell"), (3, "after", "boolean-cell")]


def test_the_page_called_statements_is_read_or_else_the_first(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.create_sheet("Statements")
    page.append(HEADER)
    page.append(("Ann", "arrest"))
    book.save(tmp_path / "a.xlsx")
    assert len(read(tmp_path / "a.xlsx")) == 1


def test_a_cell_far_to_the_right_stands_under_no_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(HEADER)
    page.append(("Ann", "arrest"))
    page["XFD2"] = MARK
    book.save(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx") == [(2, "XFD", "nameless-column")]


def test_a_cell_over_64_kb_is_a_fault(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", HEADER, ("Ann", "arrest", None, None, "q"))
    _replace(path, "xl/worksheets/sheet1.xml", b"<t>q</t>", b"<t>" + MARK.encode() * 9000 + b"</t>")
    assert refused(path) == [(2, "quote", "too-long")]


def test_control_characters_do_not_come_in_by_escapes(tmp_path: Path) -> None:
    path = made(
        tmp_path / "a.xlsx",
        HEADER,
        ("Ann", "arrest", None, None, f"{MARK}_x0000_"),
        (f"{MARK}_xD800_", "arrest"),
    )
    assert refused(path) == [(2, "quote", "control"), (3, "about", "control")]


def _replace(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


EXCEL = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": (
        '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/book/b.xml"/></Relationships>'
    ),
    "book/b.xml": (
        '<x:workbook xmlns:x="urn:main" xmlns:r="urn:r"><x:sheets><x:sheet name="drawn" r:id="r3"/>'
        '<x:sheet name="one" r:id="r1"/></x:sheets></x:workbook>'
    ),
    "book/_rels/b.xml.rels": (
        '<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="sheets/one.xml"/>'
        '<Relationship Id="r2" Type="http://x/sharedStrings" Target="../strings.xml"/>'
        '<Relationship Id="r3" Type="http://x/chartsheet" Target="sheets/chart.xml"/></Relationships>'
    ),
    "strings.xml": (
        "<sst><si><t>about</t></si><si><t>event</t></si><si><t>quote</t></si><si><t>arrest</t></si>"
        "<si><r><t>Eр</t></r><r><rPr><b/></rPr><t xml:space='preserve'>жан </t></r></si>"
        "<si><t>加那</t><rPh sb='0' eb='2'><t>ジャナ</t></rPh></si>"
        "<si><t>_x005F_x0041_ &amp;lt;_x000D_\nend</t></si></sst>"
    ),
    "book/sheets/one.xml": (
        '<x:worksheet xmlns:x="urn:main"><x:sheetData>'
        '<x:row r="1"><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c>'
        '<x:c t="s"><x:v>2</x:v></x:c></x:row>'
        '<x:row r="4"><x:c r="B4" t="s"><x:v>3</x:v></x:c><x:c r="C4" t="s"><x:v>6</x:v></x:c></x:row>'
        '<x:row><x:c t="s"><x:v>4</x:v></x:c><x:c t="s"><x:v>3</x:v></x:c>'
        '<x:c t="s"><x:v>5</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    ),
}


def pack(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_workbooks_of_other_programs_are_read(tmp_path: Path) -> None:
    """Shared, formatted and annotated texts, escapes, prefixes, other folders, cells without an address."""
    path = pack(tmp_path / "a.xlsx", EXCEL)
    assert refused(path) == [(4, "about", "no-about")]
    about = '<x:c r="A4" t="s"><x:v>5</x:v></x:c>'
    named = EXCEL["book/sheets/one.xml"].replace('<x:c r="B4"', about + '<x:c r="B4"')
    path = pack(tmp_path / "b.xlsx", EXCEL | {"book/sheets/one.xml": named})
    assert [(s.about, s.event, s.quote) for s in read(path)] == [
        ("加那", "arrest", "_x0041_ &lt;\r\nend"),
        ("Eржан", "arrest", "加那"),
    ]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("book/sheets/one.xml", "<x:v>6<", "<x:v>7<"),
        ("book/sheets/one.xml", "<x:v>6<", "<x:v>-1<"),
        ("book/sheets/one.xml", 'r="4"', 'r="99999999999"'),
        ("book/sheets/one.xml", 'r="B4"', 'r="4B"'),
        ("book/b.xml", "r:id", "r:no"),
        ("book/_rels/b.xml.rels", "one.xml", "../../../../etc/passwd"),
    ],
)
def test_a_workbook_that_points_nowhere_is_refused(part: str, old: str, new: str, tmp_path: Path) -> None:
    assert old in EXCEL[part]
    path = pack(tmp_path / "a.xlsx", EXCEL | {part: EXCEL[part].replace(old, new)})
    assert refused(path) == [(0, "", "not-xlsx")]


def test_a_truncated_workbook_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    whole = made(
        tmp_path / "a.xlsx", HEADER, *((MARK, "arrest", str(1900 + n)) for n in range(100))
    ).read_bytes()
    for cut in (1, 2, 4, 30, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        (tmp_path / "cut.xlsx").write_bytes(whole[:cut])
        assert refused(tmp_path / "cut.xlsx") == [(0, "", "not-xlsx")], cut


def test_a_changed_byte_never_ends_in_anything_but_faults(tmp_path: Path) -> None:
    whole = made(
        tmp_path / "a.xlsx", HEADER, *((MARK, "arrest", str(1900 + n)) for n in range(50))
    ).read_bytes()
    for place in range(0, len(whole), 37):
        (tmp_path / "b.xlsx").write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            read(tmp_path / "b.xlsx")
        except SheetError as error:
            assert MARK not in str(error)  # noqa: PT017 (either outcome is right)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x05\x06" + b"\0" * 18, b"\xd0\xcf\x11\xe0old", b"about,event\n"]
)
def test_what_only_calls_itself_a_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    assert refused(tmp_path / "a.xlsx") == [(0, "", "not-xlsx")]


def test_entities_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", HEADER, ("Ann", "arrest"))
    _replace(path, "xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet')
    assert refused(path) == [(0, "", "not-xlsx")]


def bomb(path: Path, unpacked: int) -> None:
    """A workbook whose sheet unpacks to so many bytes, made without holding them."""
    made(path, HEADER, (MARK, "arrest"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "sheet1" not in name}
    block = b" " * (1 << 20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(b"<worksheet><sheetData>")
            for _ in range(unpacked // len(block)):
                part.write(block)


def test_a_workbook_that_unpacks_to_over_a_gibibyte_is_refused_unopened(tmp_path: Path) -> None:
    bomb(tmp_path / "a.xlsx", (1 << 30) + (1 << 20))
    assert (tmp_path / "a.xlsx").stat().st_size < 8 << 20
    assert refused(tmp_path / "a.xlsx") == [(0, "", "xlsx-too-large")]


def test_what_is_unpacked_is_counted_whatever_was_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same counter with a smaller limit, and a directory that declares a size that is too small."""
    bomb(tmp_path / "a.xlsx", 8 << 20)
    monkeypatch.setattr(xlsx, "UNPACKED_LIMIT", 1 << 20)
    assert refused(tmp_path / "a.xlsx") == [(0, "", "xlsx-too-large")]
    lying = bytearray((tmp_path / "a.xlsx").read_bytes())
    entry = lying.rindex(b"PK\x01\x02", 0, lying.rindex(b"xl/worksheets/sheet1.xml"))
    lying[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    (tmp_path / "b.xlsx").write_bytes(lying)
    assert refused(tmp_path / "b.xlsx") == [(0, "", "not-xlsx")]


def test_the_template_is_a_sheet_without_rows(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(template.workbook())
    assert read(tmp_path / "t.xlsx") == []


def test_the_template_has_text_cells_lists_and_notes() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template.workbook()))
    page = book["statements"]
    assert book.sheetnames == ["statements", "examples", "words"]
    assert [cell.value for cell in page[1]] == list(NAMES)
    assert all(cell.number_format == "@" for cell in page[2])
    assert all(cell.comment is not None and cell.comment.text for cell in page[1])
    assert page.freeze_panes == "A2"
    lists = {str(choice.formula1): choice for choice in page.data_validations.dataValidation}
    for column in COLUMNS:
        if column.allowed:
            assert lists[f'"{",".join(column.allowed)}"'].showErrorMessage
    assert not lists["words!$A$2:$A$42"].showErrorMessage


def test_the_examples_import_as_they_stand(tmp_path: Path) -> None:
    """Copied from the page of examples into the sheet, as a documenter would try them."""
    book = openpyxl.load_workbook(io.BytesIO(template.workbook()))
    lines = [[cell.value for cell in line] for line in book["examples"].iter_rows()]
    assert len(read(made(tmp_path / "a.xlsx", *lines))) == len(template.examples()) - 1


def test_a_cell_too_long_for_a_spreadsheet_is_not_cut(tmp_path: Path) -> None:
    long = Statement("a", "Ann", event="arrest", quote="q" * 40_000)
    with pytest.raises(UsageError):
        sheet.write(tmp_path / "a.xlsx", [long])
    assert list(tmp_path.iterdir()) == []
    sheet.write(tmp_path / "a.csv", [long])
    assert read(tmp_path / "a.csv") == [long]


def test_nothing_that_was_told_is_spooled_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even for a moment: the temporary folder cannot be written to."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    sheet.write(tmp_path / "a.xlsx", [Statement("a", "Ann", event="arrest")])
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o077 == 0
