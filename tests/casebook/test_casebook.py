from __future__ import annotations

import resource
import stat
import sys
from itertools import count
from subprocess import run
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.casebook import Casebook, ImportResult
from estelik.errors import CasebookError, PassphraseError, SheetError
from estelik.exchange.sheet import read
from estelik.records import COMPARTMENTS, Judgement, Statement
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ROWS = [
    Statement("1", "Aman", source="aunt", told="2019", event="arrest", when="2017", quote="in the evening"),
    Statement("2", "Aman", source="aunt", told="2019", fact="illness", value="heart", compartment="medical"),
    Statement("3", "Bota", source="aunt", via="uncle > friend", told="2019", event="release"),
]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


cells = st.text(st.characters(codec="utf-8"), max_size=12)
written = st.one_of(st.sampled_from(("", "Aman", "Аман", "艾山", 'said "no"\n', "\\", "a>b", "=1+1")), cells)


@st.composite
def statements(draw: st.DrawFn, number: Iterator[int]) -> Statement:
    """A statement with anything in any cell."""
    texts: dict[str, Any] = {
        name: draw(written)
        for name in (
            *("testimony", "source", "told", "event", "fact", "value", "when", "age", "after", "before"),
            *("gap", "place", "by", "via", "grade", "evidence", "quote", "language", "note"),
        )
    }
    closed: dict[str, Any] = {
        "about_kind": draw(st.sampled_from(("person", "organisation", "place", "group"))),
        "answer": draw(st.sampled_from(("yes", "no", "unknown", "refused"))),
        "role": draw(st.sampled_from(("perceived", "told", "inferred", "document", "coerced"))),
        "layer": draw(st.sampled_from(("asserted", "background", "presumption", "implicature"))),
        "compartment": draw(st.sampled_from(COMPARTMENTS)),
        "expected": draw(st.booleans()),
        "typed": draw(st.sampled_from(((), ("answer",), ("role", "compartment")))),
        "generated": draw(st.booleans()),
        "written": draw(
            st.sampled_from(((), (("about", "Ama\u0301n"),), (("place", "Y"), ("source", "\u212b"))))
        ),
    }
    return Statement(f"{next(number)} {draw(written)}", draw(written) or "?", **texts, **closed)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Casebook, list[Statement]]]:
    """A casebook that grows from example to example, and all that it should hold."""
    folder = tmp_path_factory.mktemp("shelf") / "case"
    with Casebook.create(folder, b"apple tree", cost=Cost(8, 1, 1)) as made:
        yield made, []


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_is_entered_comes_back_equal_and_in_order(
    shelf: tuple[Casebook, list[Statement]], data: st.DataObject
) -> None:
    casebook, entered = shelf
    rows = data.draw(st.lists(statements(count(len(entered))), max_size=8))
    result = casebook.add_statements(rows)
    assert result == ImportResult(len(rows), 0, tuple(row.statement for row in rows))
    entered += rows
    assert casebook.statements() == entered
    assert [row.statement for row in casebook.stream()] == [row.statement for row in entered]
    for label in {row.about for row in rows}:
        assert casebook.statements([label]) == [row for row in entered if row.about == label]
    assert casebook.subjects() == list(dict.fromkeys(row.about for row in entered))


def test_a_reopened_casebook_holds_what_was_entered(make: Callable[[], Casebook], folder: Path) -> None:
    with make() as made:
        made.add_statements(ROWS)
        key = made.statement_key
    with Casebook.open(folder, b"apple tree") as opened:
        assert opened.statements() == ROWS
        assert opened.subjects() == ["Aman", "Bota"]
        assert opened.statement_key == key
        assert len(key) == 32


def test_rows_that_are_there_are_skipped_and_counted(casebook: Casebook, folder: Path) -> None:
    casebook.add_statements(ROWS[:2])
    assert casebook.add_statements(ROWS) == ImportResult(1, 2, ("3",))
    before = _bytes(folder)
    assert casebook.add_statements(ROWS) == ImportResult(0, 3, ())
    assert _bytes(folder) == before
    assert casebook.statements() == ROWS


def test_an_id_with_other_content_is_refused_and_nothing_written(casebook: Casebook, folder: Path) -> None:
    casebook.add_statements(ROWS)
    before = _bytes(folder)
    changed = Statement("3", "Bota", source="aunt", told="2019", event="release", quote="words of a witness")
    for rows in ([Statement("4", "Dana", event="arrest"), changed], [Statement("4", "Dana")] * 2):
        with pytest.raises(CasebookError) as caught:
            casebook.add_statements(rows)
        assert "witness" not in str(caught.value)
        assert _bytes(folder) == before


def test_faults_that_come_at_the_end_leave_every_byte_as_it_was(casebook: Casebook, folder: Path) -> None:
    casebook.add_statements(ROWS)
    before = _bytes(folder)

    def rows() -> Iterator[Statement]:
        for number in range(5_000):
            yield Statement(f"n{number}", f"Person {number}", event="arrest")
        raise SheetError([])

    with pytest.raises(SheetError):
        casebook.add_statements(rows())
    assert _bytes(folder) == before
    assert casebook.statements() == ROWS


def test_judgements_come_back_in_order(make: Callable[[], Casebook], folder: Path) -> None:
    made = [
        Judgement("j1", "set-aside", "she took it back", "2026-01-02", statement="2"),
        Judgement("j2", "allow-question", "she wants to", "2026-01-03", subject="Aman", source="aunt"),
        Judgement("j3", "withdrawn", "heard again", "2026-01-04", withdraws="j1"),
    ]
    with make() as casebook:
        casebook.add_statements(ROWS)
        for judgement in made:
            casebook.add_judgement(judgement)
    with Casebook.open(folder, b"apple tree") as opened:
        assert opened.judgements() == made
        assert opened.statements() == ROWS


def test_a_casebook_is_never_made_over_anything(make: Callable[[], Casebook], folder: Path) -> None:
    make().close()
    before = _bytes(folder)
    with pytest.raises(CasebookError, match="already"):
        make()
    assert _bytes(folder) == before
    other = folder.parent / "full"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    with pytest.raises(CasebookError, match="already"):
        Casebook.create(other, b"apple tree", cost=Cost(8, 1, 1))
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_an_empty_folder_that_is_there_will_do(folder: Path, make: Callable[[], Casebook]) -> None:
    folder.mkdir()
    make().close()
    Casebook.open(folder, b"apple tree").close()


def test_only_its_owner_can_look_into_the_folder(casebook: Casebook, folder: Path) -> None:
    casebook.add_statements(ROWS)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {0o600}


def test_a_folder_without_a_casebook_is_named_as_such(folder: Path) -> None:
    for place in (folder, folder.parent):
        with pytest.raises(CasebookError, match="no casebook"):
            Casebook.open(place, b"apple tree")
    assert not folder.exists()


@pytest.mark.usefixtures("casebook")
@pytest.mark.parametrize("name", ["keys.json", *(f"{compartment}.db" for compartment in COMPARTMENTS)])
def test_a_file_that_is_missing_is_named(name: str, folder: Path) -> None:
    """Nothing is made anew in its place: put back, it opens as before."""
    kept = (folder / name).read_bytes()
    (folder / name).unlink()
    before = _bytes(folder)
    with pytest.raises(CasebookError) as caught:
        Casebook.open(folder, b"apple tree")
    assert str(caught.value).startswith(
        f"Missing from this casebook: {name}. The other files were not touched"
    )
    assert str(folder) not in str(caught.value)
    assert _bytes(folder) == before
    (folder / name).write_bytes(kept)
    Casebook.open(folder, b"apple tree").close()


@pytest.mark.usefixtures("casebook")
def test_all_files_that_are_missing_are_named_at_once(folder: Path) -> None:
    for name in ("medical.db", "public.db"):
        (folder / name).unlink()
    with pytest.raises(CasebookError, match=r"medical\.db, public\.db"):
        Casebook.open(folder, b"apple tree")


@pytest.mark.usefixtures("casebook")
def test_an_emptied_file_is_named(folder: Path) -> None:
    (folder / "medical.db").write_bytes(b"")
    with pytest.raises(CasebookError, match=r"The file medical\.db of this casebook is damaged"):
        Casebook.open(folder, b"apple tree")


def test_defaults_that_were_typed_out_say_the_same_after_a_rebuild(
    casebook: Casebook, tmp_path: Path
) -> None:
    """A sheet in which defaults are written out is known again, whatever became of the index."""
    file = tmp_path / "sheet.csv"
    file.write_text(
        "source,about,event,role,layer,answer,compartment\nNur,Nur,arrest,told,asserted,yes,testimony\n"
    )

    def enter() -> ImportResult:
        return casebook.add_statements(read([file], known=casebook.known(), key=casebook.statement_key))

    assert enter().imported == 1
    assert enter() == ImportResult(0, 1, ())
    casebook.rebuild_index()
    assert enter() == ImportResult(0, 1, ())


def test_how_labels_were_typed_outlasts_the_index(casebook: Casebook) -> None:
    """It makes no new subject, source or telling, and does not count where a row comes again."""
    plain = Statement("1", "Åsa", testimony="talk", source="Åsa's aunt", told="2019", event="arrest")
    apart = (("about", "A\u030asa"), ("testimony", "talk"), ("source", "A\u030asa's aunt"))
    other = msgspec.structs.replace(plain, statement="2", event="release", written=apart)
    casebook.add_statements([plain, other])
    for again in (plain, other, msgspec.structs.replace(other, written=())):
        assert casebook.add_statements([again]) == ImportResult(0, 1, ())
    casebook.rebuild_index()
    assert casebook.statements() == casebook.group("Åsa") == [plain, other]
    assert casebook.subjects() == ["Åsa"]
    assert casebook.add_statements([msgspec.structs.replace(other, written=())]) == ImportResult(0, 1, ())


@pytest.mark.usefixtures("casebook")
def test_a_wrong_passphrase_changes_nothing(folder: Path) -> None:
    before = _bytes(folder)
    with pytest.raises(PassphraseError):
        Casebook.open(folder, b"pear tree")
    assert _bytes(folder) == before


@pytest.mark.usefixtures("casebook")
def test_no_core_dump_is_written_once_a_casebook_is_open() -> None:
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


@pytest.mark.usefixtures("casebook")
def test_what_else_has_to_be_loaded_is_loaded_beside_the_key(folder: Path) -> None:
    loaded: list[str] = []
    Casebook.open(folder, b"apple tree", meanwhile=lambda: loaded.append("engine")).close()
    assert loaded == ["engine"]


def test_the_module_is_cheap_to_import() -> None:
    """The database library is not loaded before it is needed."""
    code = "import sys, estelik.casebook; print(*[m for m in ('sqlcipher3', 'numpy') if m in sys.modules])"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("name", [f"{compartment}.db" for compartment in COMPARTMENTS])
def test_a_damaged_file_is_told_in_our_words_and_quietly(
    name: str, make: Callable[[], Casebook], folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Cut short, overwritten or with a bit turned in any page: an error of ours, and nothing on stderr."""
    with make() as made:
        made.add_statements(
            Statement(f"{number}.{compartment}", f"Person {number}", event="arrest", compartment=compartment)
            for number in range(40)
            for compartment in COMPARTMENTS
        )
        every = made.statements()
    path = folder / name
    whole = path.read_bytes()
    spoiled = [whole[:-4096], whole[:1000], b"", b"\0" * len(whole), b"SQLite format 3\0" + whole[16:]]
    spoiled += [
        whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :]
        for place in range(100, len(whole), 4096)
    ]
    for content in spoiled:
        path.write_bytes(content)
        try:
            with Casebook.open(folder, b"apple tree") as opened:
                # A page that nothing looks at may be damaged unnoticed here: the check of all pages finds it.
                assert opened.statements() == every
                assert opened.damaged_pages()[name.removesuffix(".db")] > 0
        except CasebookError as error:
            others = {f"{other}.db" for other in COMPARTMENTS} - {name}
            told = "damaged" in str(error) and not any(other in str(error) for other in others)
            assert told, str(error)  # noqa: PT017 - either outcome is right
    path.write_bytes(whole)
    with Casebook.open(folder, b"apple tree") as opened:
        assert opened.statements() == every
        assert sum(opened.damaged_pages().values()) == 0
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
