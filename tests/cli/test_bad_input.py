"""Each bad input of the contract, one by one, at a casebook that holds something."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from estelik import cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Shell

#: Stands in every bad sheet; nothing that is printed may hold it.
MARK = "Sayragul"

GOOD = "statement,about,event,when,corrects\nkept,Erzhan,arrest,2018-03,\n"


@pytest.fixture
def held(shell: Shell, office_of: Callable[[str, Path], None], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A casebook with one statement."""
    office_of(GOOD, shell.casebook)
    for name in ("ESTELIK_CASEBOOK", "ESTELIK_PASSPHRASE_FILE"):
        monkeypatch.setenv(name, shell.environment[name])
    return shell


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "bad.csv"
        path.write_bytes(content.encode(encoding, "surrogatepass"))
        return path

    return write


def workbook(*cells: object) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(("about", "event", "when", "quote"))
        book.active.append((MARK, "arrest", *cells))
        book.save(folder / "bad.xlsx")
        return folder / "bad.xlsx"

    return write


def truncated(folder: Path) -> Path:
    path = workbook("2018", MARK)(folder)
    path.write_bytes(path.read_bytes()[:-700])
    return path


def bomb(folder: Path) -> Path:
    path = folder / "bad.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        block = (MARK * 128).encode() * 1024
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range((1 << 30) // len(block) + 1):
                part.write(block)
    return path


HEAD = "statement,about,event,fact,answer,role,layer,told,when,age,after,before,gap,grade,quote,corrects"


def row(**cells: str) -> Callable[[Path], Path]:
    """A sheet of one good row and one with these cells."""
    cells = {"about": MARK, "event": "release", "quote": MARK} | cells
    bad = ",".join('"' + cells.get(name, "").replace('"', '""') + '"' for name in HEAD.split(","))
    return text(f"{HEAD}\n,{MARK},camp-entry{',' * 13}\n{bad}\n")


def second(folder: Path) -> Path:
    path = workbook("2018", MARK)(folder)
    book = openpyxl.load_workbook(path)
    page = book.create_sheet(MARK)
    page.append(("about", "event"))
    page.append((MARK, "release"))
    book.save(path)
    return path


def again(folder: Path) -> Path:
    (folder / "bad.csv").symlink_to(folder / "fine.csv")
    return folder / "bad.csv"


def missing(folder: Path) -> Path:
    return folder / "nowhere.csv"


def itself(folder: Path) -> Path:
    return folder


BAD: dict[str, Callable[[Path], Path]] = {
    "unknown column": text(f"about,event,village\n{MARK},arrest,{MARK}\n"),
    "no header": text(f"{MARK},arrest,2018\n"),
    "malformed date": row(when=MARK),
    "malformed date of telling": row(told=f"in {MARK}"),
    "malformed age": row(age=MARK),
    "malformed gap": row(after="birth", gap=MARK),
    "malformed grade": row(grade=MARK),
    "unknown answer": row(answer=MARK),
    "unknown role": row(role=MARK),
    "unknown layer": row(layer=MARK),
    "gap without after or before": row(gap="P1Y"),
    "gap with after and before": row(gap="P1Y", after="camp-entry", before="told"),
    "reversed interval of dates": row(when="2019/2018"),
    "reversed interval of durations": row(after="birth", gap="P7D/P2D"),
    "reversed interval of ages": row(age="65..60"),
    "self-reference": row(after="release"),
    "self-reference by name": row(after=f"{MARK}/release"),
    "event nobody mentions": row(after=f"{MARK}'s arrest"),
    "duplicate id": text(f"statement,about,event\n{MARK},{MARK},arrest\n{MARK},{MARK},release\n"),
    "changed row": text(GOOD.replace("2018-03", "2018-04").replace("Erzhan", MARK)),
    "corrects nothing": row(corrects=MARK),
    "neither event nor fact": row(event=""),
    "event and fact": row(fact="name"),
    "nobody": row(about=""),
    "label with a line end": row(about=f"{MARK}\nOther"),
    "label turned right to left": row(about=f"\u202e{MARK}"),
    "label with a mark without width": row(event=f"release\u200b{MARK}"),
    "event called told": row(event="told"),
    "event of no kind": row(event="#2"),
    "count that is no number": text(f"about,fact,value\n{MARK},count:children,{MARK}\n"),
    "expected fact": text(f"about,fact,expected\n{MARK},charge,yes\n"),
    "chain of separators": text(f"about,event,via\n{MARK},arrest, > > \n"),
    "corrects somebody else": row(corrects="kept"),
    "reference with two meanings": text(
        f"about,event,after\n{MARK},B/c,\n{MARK}/B,c,\nAnn,release,{MARK}/B/c\n"
    ),
    "wrong encoding": text(f"about,event\n{MARK},Überführung\n", "latin-1"),
    "UTF-16": text(f"about,event\n{MARK},arrest\n", "utf-16"),
    "empty file": text(""),
    "cell over 64 kB": row(quote=MARK * 9000),
    "NUL": row(quote=f"{MARK}\0"),
    "escape sequence": row(quote=f"\x1b]0;{MARK}\x07"),
    "open quotation mark": text(f'about,event\n{MARK},"arrest\n'),
    "formula": workbook("2018", f'=HYPERLINK("http://example.org/{MARK}")'),
    "date-typed cell": workbook(dt.date(2018, 3, 15), MARK),
    "XLSX over 1 GiB": bomb,
    "truncated XLSX": truncated,
    "a second worksheet": second,
    "the same file under another name": again,
    "not there": missing,
    "a folder": itself,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_and_nothing_is_written(
    name: str, held: Shell, capfd: pytest.CaptureFixture[str]
) -> None:
    path = BAD[name](held.folder)
    before = held.prints()
    (held.folder / "fine.csv").write_text(f"about,event\n{MARK} the second,arrest\n")
    capfd.readouterr()
    status = cli.run(["import", "--json", str(held.folder / "fine.csv"), str(path)])
    out, err = capfd.readouterr()
    faults = err.splitlines()
    assert (status, out, faults[-1]) == (2, "", "Nothing was written.")
    assert len(faults) >= 2
    assert all(line.startswith(f"{path.name}") for line in faults[:-1])
    assert MARK not in err
    assert str(held.folder) not in err
    assert held.prints() == before


def test_a_wrong_passphrase_opens_nothing(held: Shell, capfd: pytest.CaptureFixture[str]) -> None:
    before = held.prints()
    (held.folder / "wrong.txt").write_text(f"{MARK}\n")
    capfd.readouterr()
    assert (
        cli.run(["export", str(held.folder / "o.csv"), "--passphrase-file", str(held.folder / "wrong.txt")])
        == 2
    )
    out, err = capfd.readouterr()
    assert (out, "passphrase" in err, MARK in err) == ("", True, False)
    assert held.prints() == before
    assert not (held.folder / "o.csv").exists()
