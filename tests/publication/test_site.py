"""The public site: what is in it is what the gate let out, and nothing else; it replaces only itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.depth import DEPTH
from tests.protection.casebooks_at_random import statement, world
from tests.publication.site_specimen import KEY, TODAY, consents, projection, statements, told, yes

from estelik.errors import ReleaseError, UsageError
from estelik.identity.resolution import resolve
from estelik.protection.gate import Projection, cleared
from estelik.protection.leaf import UnclearedError
from estelik.protection.permission import Asked
from estelik.publication import site
from estelik.publication.site_counts import Earlier, published
from estelik.records.consent import Consents
from estelik.records.release import Given, Publication, decode, encode

PUBLIC = Asked("public", "publication", TODAY)


def built(folder: Path, found: Projection | None = None, language: str = "en") -> dict[str, bytes]:
    """Every file of a site, by its path."""
    site.build(
        found or projection(),
        folder,
        title="A registry of the disappeared",
        address="https://registry.example",
        language=language,
        today=TODAY,
        key=KEY,
    )
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_an_entry_has_its_page_under_an_address_that_names_nobody(tmp_path: Path) -> None:
    """The same in every build; no file is called after anybody."""
    first = built(tmp_path / "a")
    entries = [name for name in first if name.startswith("e/")]
    assert len(entries) == 5
    assert all(re.fullmatch(r"e/[0-9a-f]{20}\.html", name) for name in entries)
    fewer = [one for one in statements() if one.about != "Гүлнар"]
    second = built(tmp_path / "b", projection(fewer))
    assert {name for name in second if name.startswith("e/")} < set(entries)


def test_the_same_statements_make_the_same_bytes(tmp_path: Path) -> None:
    """Twice, and in the place of an earlier one."""
    first = built(tmp_path / "a")
    assert built(tmp_path / "b") == first
    assert built(tmp_path / "a") == first


def test_a_page_is_small(tmp_path: Path) -> None:
    """Under 100 kB without images, with three accounts that contradict one another."""
    assert max(len(data) for name, data in built(tmp_path / "a").items() if name.endswith(".html")) < 100_000


def test_a_withdrawn_entry_leaves_nothing(tmp_path: Path) -> None:
    """After the next build her name, her address and her words are in no file, and nothing lies beside it."""
    before = built(tmp_path / "a")
    said = consents()
    withdrawn = Consents(tuple(one for one in said.given if one.giver != "Гүлнар"), (), said.pseudonyms)
    after = built(tmp_path / "a", projection(said=withdrawn))
    own = next(name for name, data in before.items() if name.startswith("e/") and "Гүлнар".encode() in data)
    assert own not in after
    every = b"\n".join(after.values())
    for word in ("Гүлнар", "gulnar", own.removeprefix("e/"), "Ghulja"):
        assert word.encode() not in every
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_hidden_name_is_in_no_byte(tmp_path: Path) -> None:
    """Neither whom nobody asked, nor whom a pseudonym stands for, nor notes, nor labels of tellings."""
    hidden = [
        told("Zubayda", "Zubayda", 90, event="arrest", when="2018", place="Kucha"),
        told("Saule", "Zubayda", 91, event="release", when="2019-11", quote="I saw her."),
        told("Saule", "Saule", 92, fact="relation:sister", value="Zubayda", note="asked again by Gulbahar"),
    ]
    every = b"\n".join(built(tmp_path / "a", projection([*statements(), *hidden])).values())
    for word in ("Zubayda", "zubayda", "Kucha", "Gulbahar", "at the desk", "Yerke", "x90", "2019-11"):
        assert word.encode() not in every, word
    assert b"Rovadi-12" in every


@settings(max_examples=12 * DEPTH, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_what_is_hidden_changes_no_byte(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With hidden statements added to a casebook every file of its site stays the same."""
    draw, folder = Random(seed), tmp_path_factory.mktemp("sites")
    found = world(draw)
    here = cleared(
        found.statements, found.judgements, found.verdicts, resolve(found.verdicts), found.consents, PUBLIC
    )
    more = [
        msgspec.structs.replace(statement(draw, f"h{number}"), source="Zubayda", testimony=f"hidden {number}")
        for number in range(6)
    ]
    also = cleared(
        [*found.statements, *more],
        found.judgements,
        found.verdicts,
        resolve(found.verdicts),
        found.consents,
        PUBLIC,
    )
    assert built(folder / "here", here) == built(folder / "also", also)


def test_hostile_cells_stay_text(tmp_path: Path) -> None:
    """Markup in a name, a place, a quotation breaks out of no page, no data and no index."""
    bad = '</script><script>alert(1)</script>\u202e & "x"'
    rows = [
        told(bad, bad, 1, event="arrest", when="2018", place=bad, quote=bad),
        told(bad, bad, 2, fact="name", value=bad + " too", language="en"),
        told(bad, bad, 3, fact="occupation", value=bad),
    ]
    files = built(tmp_path / "a", projection(rows, Consents((yes(bad),), (), ())))
    for name, data in files.items():
        if name.endswith(".html"):
            assert b"<script>alert" not in data
            assert "\u202e".encode() not in data
            assert data.count(b"</script>") == data.count(b"<script ")


def test_a_page_sets_nothing_that_is_no_leaf() -> None:
    """A plain value in a page is refused when it is set, and the refusal does not say what it was."""
    from estelik.language.reader import reader
    from estelik.language.recorder import Recorder

    environment = site.environment(Recorder(reader()))
    for text in ("{{ name }}", "{{ name|upper }}", "{{ _('%(source)s, %(date)s', source=name, date=name) }}"):
        with pytest.raises(UnclearedError) as refused:
            environment.from_string(text).render(name="Zubayda")
        assert "Zubayda" not in str(refused.value)


@pytest.mark.parametrize("edit", ["changed", "added", "removed", "listed", "link"])
def test_an_edited_site_is_not_built_over(tmp_path: Path, edit: str) -> None:
    """Whatever somebody did to it: it stays as it is, and the error says what to do."""
    folder = tmp_path / "a"
    built(folder)
    if edit == "changed":
        (folder / "about.html").write_text("<p>Buy.</p>", encoding="utf-8")
    elif edit == "added":
        (folder / "shop.html").write_text("<p>Buy.</p>", encoding="utf-8")
    elif edit == "removed":
        (folder / "about.html").unlink()
    elif edit == "link":
        data = (folder / "about.html").rename(tmp_path / "about.html")
        (folder / "about.html").symlink_to(data)
    else:
        text = (folder / "site.json").read_text(encoding="utf-8")
        (folder / "site.json").write_text(text.replace('"about.html":"', '"about.html":"0'), encoding="utf-8")
    before = {path.name: path.lstat().st_mtime_ns for path in folder.rglob("*")}
    with pytest.raises(UsageError, match="Nothing was published"):
        built(folder)
    assert {path.name: path.lstat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    """No site of ours, a file, a site of another casebook."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to-her.txt").write_text("Dear", encoding="utf-8")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for name in ("letters", "file"):
        with pytest.raises(UsageError, match="Nothing was published"):
            built(tmp_path / name)
    built(tmp_path / "a")
    with pytest.raises(UsageError, match="another casebook"):
        site.build(projection(), tmp_path / "a", title="x", today=TODAY, key=b"another secret")
    assert (tmp_path / "letters" / "to-her.txt").read_text(encoding="utf-8") == "Dear"


def test_a_build_that_fails_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong on the way: the folder is as it was, and nothing half-made lies beside it."""
    before = built(tmp_path / "a")

    def broken(*_: object) -> object:
        raise OSError("no room")

    monkeypatch.setattr("estelik.publication.site_search.files", broken)
    with pytest.raises(OSError, match="no room"):
        built(tmp_path / "a", projection(statements()[:3]))
    assert {
        path.relative_to(tmp_path / "a").as_posix(): path.read_bytes()
        for path in (tmp_path / "a").rglob("*")
        if path.is_file()
    } == before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_cannot_be_deleted_of_the_old_site_is_told_until_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new site is in its place; what was withdrawn lies beside it, for nobody else to open."""
    before = built(tmp_path / "a")
    unlink = os.unlink

    def kept(path: Any, **more: Any) -> None:
        # As of a file that belongs to somebody else, or that the disk does not let go.
        if str(path).endswith("about.html"):
            raise PermissionError(path)
        unlink(path, **more)

    with monkeypatch.context() as patched:
        patched.setattr("os.unlink", kept)
        for number in (1, 2):
            with pytest.raises(ReleaseError, match="cannot be deleted"):
                built(tmp_path / "a", projection(statements()[:3]))
            assert len(list((tmp_path / "a" / "e").iterdir())) < len([one for one in before if "e/" in one])
            olds = sorted(path for path in tmp_path.iterdir() if path.name != "a")
            assert len(olds) == number
            assert all(path.stat().st_mode & 0o777 == 0o700 for path in olds)
            assert all((path / "about.html").exists() for path in olds)
    built(tmp_path / "a", projection(statements()[:3]))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_cannot_be_replaced_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk of its own, or one that nobody lets us move: nothing half-made lies beside it."""
    before = built(tmp_path / "a")
    rename = Path.rename

    def refused(path: Path, to: Path) -> Path:
        if to.name == "a" and path.name.endswith(".new"):
            raise OSError("busy")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(UsageError, match="Nothing was published"):
        built(tmp_path / "a", projection(statements()[:3]))
    assert (tmp_path / "a" / "index.html").read_bytes() == before["index.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


_KILLED = """
import os, signal, sys
from pathlib import Path
from estelik.publication import site_folder
with site_folder.beside(Path(sys.argv[1])) as new:
    (new / "index.html").write_text("Zubayda")
    if sys.argv[2:]:
        print(flush=True)
        input()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_build_left_that_was_killed_goes_at_the_next_one(tmp_path: Path) -> None:
    """Of this site or another beside it, and it is said; one that is under way is left alone."""
    for name in ("a", "other"):
        subprocess.run([sys.executable, "-c", _KILLED, tmp_path / name], check=False)
    assert len(list(tmp_path.iterdir())) == 2
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, tmp_path / "c", "wait"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        found = site.build(projection(), tmp_path / "a", title="x", today=TODAY, key=KEY)
        assert found.stopped == 2
        assert sorted(path.name for path in tmp_path.iterdir()) == [".c.new", "a"]
        with pytest.raises(UsageError, match="under way"):
            built(tmp_path / "c")
        assert (tmp_path / ".c.new" / "index.html").exists()
        running.communicate(b"\n")


def test_many_lives_come_out_the_same_from_two_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One by one, or dealt out."""
    rows = [told(f"P{number}", f"P{number}", number, event="arrest", when="2018") for number in range(9)]
    found = projection(rows, Consents(tuple(yes(f"P{number}") for number in range(9)), (), ()))
    one = built(tmp_path / "one", found)
    monkeypatch.setattr("estelik.publication.site._WORTH", 1)
    monkeypatch.setattr("estelik.publication.site._DEAL", 2)
    assert built(tmp_path / "two", found) == one


def test_an_entry_cites_nobody_for_what_she_denies(tmp_path: Path) -> None:
    """Where one account weighs more, the table cites that one, says that another contradicts it, and no bar
    is solid; the sides are headed by whose account it is."""
    rows = [
        told("Saule", "Saule", 1, event="camp-entry", when="2018-03", grade="B2", role="perceived"),
        told("Saule", "Marat", 2, event="camp-entry", when="2017-11", role="perceived", told="2024"),
        told("Saule", "Saule", 3, event="release", when="2019-12", after="camp-entry"),
    ]
    files = built(tmp_path / "a", projection(rows))
    (page,) = (data.decode() for name, data in files.items() if name.startswith("e/"))
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    row = next(one for one in table.split("<tr>") if "2018" in one)
    assert re.findall(r'href="#s(\d+)"', row) == ["1"]
    assert "the one that weighs more" in row
    assert 'class="solid"' not in page[: page.index('<ul class="key">')]
    heads = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<h4>(.*?)</h4>", page)]
    assert [head.replace("\u2068", "").replace("\u2069", "") for head in heads] == [
        "Saule’s account",
        "Marat’s account",
    ]


def words_of(files: dict[str, bytes], name: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", files[name].decode()))


def test_a_source_says_from_whom_it_has_it(tmp_path: Path) -> None:
    """Of all of it or of a part; of whom may not be named that it was somebody."""
    rows = [
        told("Saule", "Marat", 1, event="arrest", when="2018", via="Yerke"),
        told("Saule", "Marat", 2, fact="occupation", value="tailor", via="Zubayda"),
        told("Saule", "Saule", 3, event="release", when="2019", via="Yerke"),
        told("Saule", "Saule", 4, fact="sex", value="female"),
    ]
    files = built(tmp_path / "a", projection(rows))
    (page,) = (words_of(files, name) for name in files if name.startswith("e/"))
    assert (
        "Marat’s account, given to this registry, from Rovadi-12 and somebody who is not named; told" in page
    )
    assert "Saule’s own account, given to this registry, in part from Rovadi-12; told" in page
    assert "allowed" in page


def test_the_first_page_has_the_entries_that_were_told_of_last(tmp_path: Path) -> None:
    """Twelve at most, each a link."""
    rows = [
        told(f"P{number}", f"P{number}", number, event="arrest", when="2018", told=f"2023-01-{number + 1:02}")
        for number in range(20)
    ]
    found = projection(rows, Consents(tuple(yes(f"P{number}") for number in range(20)), (), ()))
    page = built(tmp_path / "a", found)["index.html"].decode()
    names = re.findall(r'<a href="e/[0-9a-f]{20}\.html"><bdi>(P\d+)</bdi></a>', page)
    assert names == [f"P{number}" for number in range(19, 7, -1)]


def test_a_small_registry_says_once_that_nothing_is_given(tmp_path: Path) -> None:
    """No tables of nothing; on the map no column of it."""
    files = built(tmp_path / "a")
    page = words_of(files, "statistics.html")
    assert "<table" not in files["statistics.html"].decode()
    assert page.count("too small") == 1
    assert all(title in page for title in ("By region", "By sex"))
    assert page.count("not given") == 1
    assert "not given" not in re.sub(r"below five is not given", "", words_of(files, "map.html"))


def test_a_number_stands_as_it_was_until_five_more_came(tmp_path: Path) -> None:
    """Whoever has both pages learns of neither how many left."""

    def site_of(count: int, before: dict[str, list[Earlier]]) -> tuple[str, dict[str, list[Earlier]]]:
        names = [f"P{number}" for number in range(count)]
        rows = [told(one, one, int(one[1:]), event="arrest", when="2018") for one in names]
        kept: list[tuple[Given, ...]] = []
        site.build(
            projection(rows, Consents(tuple(yes(one) for one in names), (), ())),
            tmp_path / str(count),
            title="x",
            today=TODAY,
            key=KEY,
            before=before,
            last=kept.append,
        )
        text = (tmp_path / str(count) / "statistics.html").read_text(encoding="utf-8")
        out = decode(encode(Publication("p", "2026-03-01T00:00:00+00:00", "d", "r", "00", counts=kept[0])))
        assert isinstance(out, Publication)
        return re.sub(r"<[^>]+>", "", text), published([(out, True)])

    first, before = site_of(9, {})
    assert "This registry has 9 entries" in first
    second, _ = site_of(7, before)
    assert "This registry counts" in second
    assert "9 on 1 March 2026" in second
    third, _ = site_of(14, before)
    assert "This registry has 14 entries" in third
