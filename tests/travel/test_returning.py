"""What was added on the way is at home once, and nothing else that a travel casebook says is believed."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import TYPE_CHECKING

import apsw
import msgspec
import pytest
from tests.travel.conftest import AWAY, CHEAP, HOME, TOLD, World

from estelik.casebook import Casebook
from estelik.errors import CasebookError
from estelik.exchange import sheet
from estelik.index.evidence import every as all_evidence
from estelik.index.journeys import every
from estelik.records import Judgement, Statement
from estelik.travel import packing, returning
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SHEET = "about,source,told,event,when\nMarhaba,Aygul,2026,illness,2019\nMarhaba,Aygul,2026,illness-2,2020\n"


def _imported(casebook: Casebook, text: str, folder: Path) -> int:
    path = folder / "sheet.csv"
    path.write_text(text)
    rows = sheet.read([path], known=casebook.known(), key=casebook.statement_key)
    return casebook.add_statements(rows).imported


def _raw(folder: Path, passphrase: bytes, compartment: str, sql: Iterable[str]) -> None:
    """What somebody with the key does with another program, who knows how to get round the triggers."""
    connection = apsw.Connection(str(folder / f"{compartment}.db"))
    connection.pragma("cipher", "sqlcipher")
    connection.pragma("legacy", 4)
    connection.execute(f"PRAGMA key = \"x'{keys.unlock(folder, passphrase)[compartment].hex()}'\"")
    for trigger in ("record_refuses_update", "record_refuses_delete"):
        connection.execute(f"DROP TRIGGER {trigger}")
    for one in sql:
        connection.execute(one)
    connection.close()


def test_what_was_told_judged_and_brought_on_the_way_is_at_home_afterwards(world: World) -> None:
    away = world.pack()
    new = [
        Statement("w1", "Marhaba", "interview in Oslo", "Aygul", "2026-02", event="illness", when="2019"),
        Statement("w2", "Marhaba", source="Aygul", told="2026-02", event="birth", when="1990", corrects="w1"),
        Statement("w3", "Somebody else", source="Aygul", event="arrest", compartment="medical"),
    ]
    away.add_statements(new)
    away.add_judgement(Judgement("j1", "set-aside", "misheard", "2026-02-03", statement="1"))
    id_ = world.file(away, "letter.txt", b"a letter", about=("Marhaba",), source="Aygul", brought="2026-02")
    found = world.back(away)
    assert (found.statements, len(found.judgements), found.files.added()) == (new, 1, 1)
    assert world.home.statements() == [*TOLD, *new]
    assert [one.id for one in world.home.judgements()] == ["j1"]
    (exhibit,) = all_evidence(world.home.vault.store)
    assert (exhibit.id, exhibit.sources, exhibit.relations[0].subject) == (id_, ["Aygul"], "Marhaba")
    world.home.rebuild_index()
    assert world.home.statements() == [*TOLD, *new]
    assert world.home.vault.verify(world.home.vault.shelf).blobs == 1
    world.home.vault.seal()
    assert world.home.vault.verify(world.home.vault.shelf).troubles == ()
    # The travel casebook is as it was.
    assert away.statements(["Somebody else"]) == [new[2]]


def test_a_return_that_is_repeated_enters_nothing_again(world: World) -> None:
    """Also what was added since, between two returns, comes once."""
    away = world.pack()
    _imported(away, SHEET, world.folder)
    away.add_judgement(Judgement("j1", "set-aside", "misheard", "2026-02-03", statement="1"))
    world.file(away, "letter.txt", b"a letter", about=("Marhaba",), source="Aygul")
    assert world.back(away).new() == 6
    away.add_statements([Statement("late", "Marhaba", source="Aygul", event="release-9")])
    second, before = world.back(away), world.home.statements()
    assert (second.new(), second.there) == (1, 6)
    third = world.back(away)
    assert (third.new(), third.there) == (0, 7)
    assert world.home.statements() == before
    assert len(before) == len(TOLD) + 3
    assert len(world.home.judgements()) == 1
    (exhibit,) = all_evidence(world.home.vault.store)
    assert (len(exhibit.accessions), len(exhibit.relations)) == (1, 1)


def test_a_sheet_imported_on_the_way_and_at_home_is_there_once(world: World) -> None:
    """Whichever was first, and whatever ids its rows were given on each computer."""
    away = world.pack()
    assert _imported(away, SHEET, world.folder) == 2
    world.back(away)
    assert _imported(world.home, SHEET, world.folder) == 0
    longer = f"{SHEET}Marhaba,Aygul,2026,illness-3,2021\n"
    assert _imported(world.home, longer, world.folder) == 1
    assert _imported(away, longer, world.folder) == 1
    found = world.back(away)
    assert (found.new(), found.there) == (0, 3)


def test_an_id_that_another_statement_has_at_home_becomes_another_one(world: World) -> None:
    """With all that speaks of it; and the same one each time."""
    away = world.pack()
    added = [
        Statement("5", "Marhaba", source="Aygul", event="illness"),
        Statement("5b", "Marhaba", source="Aygul", event="illness", when="2019", corrects="5"),
    ]
    away.add_statements(added)
    away.add_judgement(Judgement("j1", "set-aside", "misheard", "2026-02-03", statement="5"))
    world.file(away, "letter.txt", b"a letter", statements=("5",))
    found = world.back(away)
    mark = found.renamed["5"]
    assert mark.startswith("5~")
    assert [one.statement for one in world.home.statements()[-2:]] == [mark, "5b"]
    assert world.home.statements()[-1].corrects == mark
    assert world.home.judgements()[0].statement == mark
    assert all_evidence(world.home.vault.store)[0].relations[0].statement == mark
    again = world.back(away)
    assert (again.new(), again.there, again.renamed) == (0, 6, {"5": mark})
    # Another traveller, who took the same id.
    other = world.pack("other")
    other.add_statements([Statement("5", "Marhaba", source="Aygul", event="return-2")])
    assert world.back(other).renamed["5"] != mark


def test_a_correction_keeps_the_telling_whose_name_stayed_at_home(world: World) -> None:
    """On the way the telling is an opaque id; at home it has its label, and who told through whom."""
    away = world.pack()
    for number, old in enumerate(away.statements()):
        away.add_statements([msgspec.structs.replace(old, statement=f"c{number}", corrects=old.statement)])
    world.back(away)
    at_home = {one.statement: one for one in world.home.statements()}
    for number, old in enumerate(away.statements()[:4]):
        expected = msgspec.structs.replace(
            at_home[old.statement], statement=f"c{number}", corrects=old.statement
        )
        assert at_home[f"c{number}"] == expected
    assert at_home["c0"].source == "Zulfiyasecret"
    assert at_home["c2"].via == "relayersecret"


def test_what_did_not_leave_from_here_is_refused(world: World) -> None:
    """A casebook of somebody else, one that was never a travel casebook, and home itself."""
    stranger = Casebook.create(world.folder / "other", AWAY, cost=CHEAP)
    world.opened.append(stranger)
    stranger.add_statements(TOLD)
    theirs = packing.pack(
        stranger, world.folder / "theirs", HOME, packing.look(stranger, ["Marhaba"]), cost=CHEAP
    )
    world.opened.append(theirs)
    for one in (stranger, theirs, world.home):
        with pytest.raises(CasebookError, match="no travel casebook that left from here"):
            returning.look(world.home, one)


def test_what_went_along_and_was_altered_is_told_and_never_entered(world: World) -> None:
    """One with other words, one that is gone, one that was put in; whatever else was added is shown apart."""
    away = world.pack()
    away.add_statements([Statement("w1", "Marhaba", source="Aygul", event="illness")])
    away.close()
    _raw(
        world.folder / "trip", AWAY, "testimony",
        ["UPDATE record SET body = replace(body, 'ol ketti', 'forged') WHERE body LIKE '%ketti%'",
         "DELETE FROM record WHERE body LIKE '%\"statement\":\"7\"%'"],
    )  # fmt: skip
    with Casebook.open(world.folder / "trip", AWAY) as opened:
        found = returning.look(world.home, opened)
        assert (found.altered, [one.statement for one in found.statements]) == (2, ["w1"])
        returning.enter(world.home, opened, found)
    assert world.home.statements()[:-1] == TOLD


def test_what_home_no_longer_holds_is_not_brought_back(world: World) -> None:
    """Nor what was added about it: a correction, a decision, a copy of a file."""
    id_ = world.file(world.home, "a.jpg", b"a picture", about=("Marhaba",))
    away = world.pack(evidence=True)
    away.add_statements(
        [
            Statement("c1", "Marhaba", source="Aygul", event="arrest", quote="ol ketti", corrects="1"),
            Statement("c2", "Marhaba", source="Aygul", event="arrest", corrects="c1"),
            Statement("w1", "Marhaba", source="Aygul", event="illness"),
        ]
    )
    away.add_judgement(Judgement("j1", "set-aside", "misheard", "2026-02-03", statement="1"))
    away.add_judgement(Judgement("j2", "set-aside", "misheard", "2026-02-03", statement="7"))
    from estelik.evidence.working_copy import hand_out

    hand_out(away.vault, id_, str(world.folder / "copy.jpg"), "for the lawyer")
    world.home.close()
    _raw(
        world.folder / "home", HOME, "testimony",
        ["DELETE FROM record WHERE body LIKE '%ol ketti%'", "DELETE FROM record WHERE kind = 'evidence'"],
    )  # fmt: skip
    world.home = Casebook.open(world.folder / "home", HOME)
    world.opened.append(world.home)
    world.home.rebuild_index()
    found = world.back(away)
    assert (found.gone, found.apart, found.new()) == (3, 4, 2)
    assert [one.statement for one in world.home.statements()] == ["2", "3", "4", "5", "6", "7", "w1"]
    assert [one.id for one in world.home.judgements()] == ["j2"]
    assert all_evidence(world.home.vault.store) == []


def test_a_file_that_is_damaged_on_the_way_is_named_and_the_rest_comes(world: World) -> None:
    away = world.pack()
    bad = world.file(away, "a.txt", b"one letter", about=("Marhaba",), source="Aygul")
    good = world.file(away, "b.txt", b"another letter", about=("Marhaba",))
    away.add_statements([Statement("w1", "Marhaba", source="Aygul", event="illness")])
    name = next(one.evidence.blob.name for one in all_evidence(away.vault.store) if one.id == bad)
    (path,) = (world.folder / "trip").rglob(name)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    found = returning.look(world.home, away)
    assert returning.enter(world.home, away, found) == [bad]
    assert [one.id for one in all_evidence(world.home.vault.store)] == [good]
    assert world.home.statements()[-1].statement == "w1"
    assert every(world.home.vault.store)[0].returned == ""
    assert {path.name for path in (world.folder / "home").rglob("blob/*")} == {
        one.evidence.blob.name for one in all_evidence(world.home.vault.store)
    }


def test_a_file_that_home_has_too_is_kept_once(world: World) -> None:
    """And that it came again, by whom, is known."""
    away = world.pack()
    world.file(away, "a.txt", b"the letter", source="Aygul", brought="2026-02")
    id_ = world.file(world.home, "b.txt", b"the letter", about=("Marhaba",))
    world.back(away)
    world.back(away)
    (exhibit,) = all_evidence(world.home.vault.store)
    assert (exhibit.id, exhibit.sources) == (id_, ["", "Aygul"])


def test_another_computer_of_the_office_takes_it_in_once_it_knows_of_the_journey(world: World) -> None:
    """And one whose member does not hold all that went along is told so."""
    every_one = ("testimony", "source", "casework", "medical", "public")
    whole, part = world.join("whole", every_one), world.join("part", ("testimony", "source", "public"))
    away = world.pack(compartments=("testimony", "medical"))
    away.add_statements(
        [Statement("w1", "Marhaba", source="Aygul", event="illness", compartment="testimony")]
    )
    with pytest.raises(CasebookError, match="estelik sync"):
        returning.look(whole, away)
    for one in (world.home, whole, part):
        world.carry(one)
    found = returning.look(whole, away)
    assert [one.statement for one in found.statements] == ["w1"]
    returning.enter(whole, away, found)
    with pytest.raises(CasebookError, match="medical"):
        returning.look(part, away)
    world.carry(whole)
    world.carry(world.home)
    assert world.back(away).new() == 0


def test_a_return_killed_at_any_moment_is_made_whole_by_the_next(world: World) -> None:
    away = world.pack()
    _imported(away, SHEET, world.folder)
    for number in range(3):
        away.add_judgement(Judgement(f"j{number}", "set-aside", "x", "2026-02-03", statement="1"))
    world.file(away, "letter.txt", b"a letter" * 100_000, about=("Marhaba",), source="Aygul")
    world.home.close()
    for turn in range(6):
        child = os.fork()
        if not child:
            try:
                with (
                    Casebook.open(world.folder / "home", HOME) as home,
                    Casebook.open(world.folder / "trip", AWAY) as opened,
                ):
                    returning.enter(home, opened, returning.look(home, opened))
            finally:
                os._exit(0)
        time.sleep(random.Random(turn).uniform(0.05, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    world.home = Casebook.open(world.folder / "home", HOME)
    world.opened.append(world.home)
    world.back(away)
    assert world.home.statements() == [*TOLD, *world.home.statements()[len(TOLD) :]]
    assert len(world.home.statements()) == len(TOLD) + 2
    assert sorted(one.id for one in world.home.judgements()) == ["j0", "j1", "j2"]
    (exhibit,) = all_evidence(world.home.vault.store)
    assert (len(exhibit.accessions), len(exhibit.relations)) == (1, 1)
    assert len(list((world.folder / "home").rglob("blob/*"))) == 1
