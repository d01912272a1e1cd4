"""What the documentation says to type works, and prints what it shows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.resources import as_file
from typing import TYPE_CHECKING

import pytest
from tests.cluster import PASSWORD
from tests.docs.conftest import PASSPHRASE, Console
from tests.media import drawn, files
from tests.web.conftest import serving

from estelik import __version__, demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cluster import Cluster
    from tests.docs.conftest import Block

    Page = Callable[[str], list[Block]]


def test_the_tutorial_does_what_it_shows(page: Page, console: Console) -> None:
    for block in page("docs/tutorial.md"):
        console.follow(block)


def test_the_commands_of_the_readme_work(page: Page, console: Console) -> None:
    """Between making the sheet and importing it, somebody fills it: here, with the demonstration's rows."""
    for block in page("README.md"):
        if block.text.startswith("$ make"):
            continue
        if "estelik import" in block.text:
            _fill(console.folder / "sheet.xlsx")
        console.follow(block)
    assert (console.folder / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize(
    "name",
    [
        "compare-names",
        "conflicts",
        "cp1251-sheet",
        "crossing-a-border",
        "erase-and-hold",
        "evidence",
        "expected-release",
        "find-words",
        "joins-and-leaves",
        "link",
        "pictures",
        "places",
        "publish",
        "record-consent",
        "seats",
        "survive-a-raid",
        "who-is-who",
    ],
)
def test_the_commands_of_a_how_to_work_in_the_demonstration(
    page: Page, quick: Console, demonstration: Path, name: str
) -> None:
    """With a sheet beside it that an old program saved, a drawing of two people and a recording."""
    _demonstrated(quick, demonstration)
    (quick.folder / "arrests.csv").write_bytes(
        "about;event;when\nТарас Вигаданий;arrest;2023-02\n".encode("cp1251")
    )
    (quick.folder / "stick").mkdir()
    drawn.group((700, 400), (60, 60, 80), (80, 400, 120)).save(quick.folder / "yard.jpg")
    (quick.folder / "call.wav").write_bytes(files.signed_recording())
    for block in page(f"docs/howto/{name}.md"):
        quick.follow(block)


def test_a_team_works_on_a_ledger_as_its_how_to_says(
    page: Page, quick: Console, demonstration: Path, cluster: Cluster
) -> None:
    """With a server that somebody has set up, and the demonstration's rows."""
    cluster.schema("how_to")
    (quick.folder / "password.txt").write_text(f"{PASSWORD}\n", encoding="ascii")
    _demonstrated(quick, demonstration)
    quick.environment["LEDGER"] = cluster.address("how_to")
    for block in page("docs/howto/a-team-on-postgresql.md"):
        quick.follow(block)


def test_a_program_asks_the_desk_as_its_how_to_says(page: Page, quick: Console, demonstration: Path) -> None:
    """With a desk that somebody has opened, and signed in to."""
    _demonstrated(quick, demonstration)
    with serving(quick.folder / "casebook") as desk:
        desk.signed_in(PASSPHRASE.decode())
        quick.environment["DESK"] = f"http://127.0.0.1:{desk.host.partition(':')[2]}"
        for block in page("docs/howto/api.md"):
            quick.follow(block)


def test_the_two_commands_of_the_readme_are_in_the_makefile(page: Page, root: Path) -> None:
    """Running them here would run this test again; what they would do is asked instead."""
    (block,) = [block for block in page("README.md") if block.text.startswith("$ make")]
    assert [command for command, _ in block.commands()] == ["make demo", "make test"]
    for command, part in (("make demo", "estelik demo"), ("make test", "pytest")):
        planned = subprocess.run(
            [*command.split(), "--dry-run", "--always-make", f"PYTHON={sys.executable}"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
        assert part in planned.stdout


def test_every_link_leads_somewhere(root: Path) -> None:
    broken = []
    for file in (*root.glob("*.md"), *root.glob("docs/**/*.md")):
        text = re.sub(r"^```.*?^```$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            place = target.split("#")[0]
            if not re.match(r"[a-z]+:", target) and place and not (file.parent / place).exists():
                broken.append((file.relative_to(root).as_posix(), target))
    assert broken == []


def test_every_page_is_listed_in_the_index(root: Path) -> None:
    """Decisions lead from the first to the last by their numbers."""
    index = (root / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {file.relative_to(root / "docs").as_posix() for file in root.glob("docs/**/*.md")}
    assert {name for name in pages - {"index.md"} if f"({name})" not in index} == {
        name for name in pages if name.startswith("decisions/") and not name.startswith("decisions/0001")
    }


def test_the_changelog_speaks_of_this_version(root: Path) -> None:
    assert f"## [{__version__}]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["LICENSE", ".ci/run"])
def test_what_others_look_for_is_there(root: Path, name: str) -> None:
    assert (root / name).stat().st_size > 100


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with the demonstration's rows, made by the commands."""
    console = Console(tmp_path_factory.mktemp("demonstration"))
    with as_file(demo.sheet()) as sheet:
        console.environment |= {"ESTELIK_CASEBOOK": "casebook", "SHEET": str(sheet)}
        for command in ("estelik init", 'estelik import "$SHEET"'):
            printed, status = console.run(command)
            assert status == 0, printed
    return console.folder / "casebook"


def _demonstrated(console: Console, demonstration: Path) -> None:
    """The demonstration's casebook, and where its sheet is."""
    shutil.copytree(demonstration, console.folder / "casebook")
    with as_file(demo.sheet()) as sheet:
        console.environment |= {"ESTELIK_CASEBOOK": "casebook", "SHEET": str(sheet)}


def _fill(sheet: Path) -> None:
    """Puts the demonstration's rows into a template, as somebody would who types them."""
    import csv

    from openpyxl import load_workbook

    book = load_workbook(sheet)
    page = book.worksheets[0]
    columns = {cell.value: cell.column for cell in page[1]}
    rows = csv.DictReader(demo.sheet().read_text(encoding="utf-8").splitlines())
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            if value:
                page.cell(number, columns[name], value)
    book.save(sheet)
