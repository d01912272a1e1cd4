"""A travel casebook holds what one journey needs, and nothing in it leads anywhere else."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from typing import TYPE_CHECKING

import apsw
import msgspec
import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyrage.x25519 import Identity
from tests.travel.conftest import AWAY, CHEAP, HOME, SECRETS, TOLD, World

from estelik.casebook import Casebook
from estelik.cli import run
from estelik.errors import CasebookError, EstelikError, NotFoundError, UsageError
from estelik.index import group
from estelik.index.journeys import every
from estelik.records import COMPARTMENTS, Judgement, Statement
from estelik.travel import packing
from estelik.vault import custody, keys
from estelik.vault.office import read
from estelik.vault.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def _readable(folder: Path, passphrase: bytes) -> str:
    """All that whoever has the passphrase can read: every table of every file, the office, and the bytes
    themselves."""
    ring = keys.unlock(folder, passphrase)
    words = [repr(msgspec.to_builtins(read(folder, ring["office"])))]
    for compartment in COMPARTMENTS:
        connection = apsw.Connection(str(folder / f"{compartment}.db"), flags=apsw.SQLITE_OPEN_READONLY)
        connection.pragma("cipher", "sqlcipher")
        connection.pragma("legacy", 4)
        connection.execute(f"PRAGMA key = \"x'{ring[compartment].hex()}'\"")
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        words += [repr(row) for table in tables for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 (names of tables, read from the file)
        connection.close()
    words += [repr(path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    words += [str(path.relative_to(folder)) for path in folder.rglob("*")]
    return "\n".join(words)


def _member(world: World, compartments: Sequence[str]) -> Store:
    """What a member with these compartments has of home."""
    ring = keys.unlock(world.folder / "home", HOME)
    return Store(
        world.folder / "home", keys.Keyring({name: ring[name] for name in compartments}), COMPARTMENTS
    )


def test_nothing_that_was_left_out_is_in_it_and_nothing_in_it_opens_a_carrier(world: World) -> None:
    """Words, keys, members, carriers, custody, epochs; with all that the office ever carried out at hand."""
    world.file(world.home, "filmsecret.mp4", b"filmsecret", about=("Othersecret",), source="Polatsecret")
    stick = world.carry(world.home)
    shares = world.home.vault.share_out(2, 3)
    world.home.vault.forget_secret(2, 3)
    away = world.pack()
    away.vault.seal()
    words = _readable(world.folder / "trip", AWAY)
    assert "ol ketti" in words
    assert [one for one in SECRETS if one in words] == []
    home = world.home.vault
    ring = keys.unlock(world.folder / "home", HOME)
    names, raw = ring.packed()
    known = {
        *(raw[start : start + 32] for start in range(0, len(raw), 32)),
        home.office.root,
        bytes.fromhex(_member(world, ["testimony"])._keyring["testimony"].hex()),
        *(identity.encode() for identity in home.office.identities),
        *(share.encode() for share in shares),
        home.device.encode(),
        *(member.encode() for member in home.registrar.standing.members),
    }
    assert len(names) == 8
    for one in known:
        assert one.hex() not in words
        assert repr(one)[2:-1] not in words
    # Every age identity that is in it, and that of its own secret, on every file of the office.
    identities = [Identity.from_str(one) for one in re.findall(r"AGE-SECRET-KEY-1[A-Z0-9]+", words)]
    identities.append(custody.recovery(away.vault.office.secret))
    assert len(identities) > 2
    carried = [path for path in (world.folder / "sticksecret").rglob("*") if path.is_file()]
    assert len(carried) > 5
    for path in carried:
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(path.read_bytes(), identities)
    own = away.vault.share_out(2, 3)[:2]
    with pytest.raises(CasebookError, match="open nothing"):
        Casebook.restore(world.folder / "again", AWAY, stick, own, cost=CHEAP)
    assert away.receive(stick).records == 0


def test_it_is_a_member_s_view_who_lacks_what_was_left_out(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Statement by statement, and in what the command prints."""
    store = _member(world, ["testimony", "public"])
    with store.read() as connection:
        seen = group.group(connection, store.schemas, "Marhaba")
    store.close()
    away = world.pack()
    assert away.group("Marhaba") == seen
    assert {one.statement for one in seen} == {"1", "2", "4", "7"}
    assert all(one.source == one.via == "" for one in seen)
    assert away.subjects() == ["Marhaba", "Gulnar"]
    world.join("member", ["testimony", "public"])
    printed = []
    for name, passphrase in (("trip", AWAY), ("member", HOME), ("home", HOME)):
        (world.folder / "pass").write_bytes(passphrase)
        where = ["--casebook", str(world.folder / name), "--passphrase-file", str(world.folder / "pass")]
        assert run(["timeline", "Marhaba", "--json", *where]) == 0
        printed.append(capsys.readouterr().out)
    # Home knows of the release what the medical compartment says.
    assert "release" in printed[0]
    assert printed[0] == printed[1] != printed[2]


_people = st.sampled_from(["A", "B", "C", "D"])
_rows = st.lists(
    st.builds(
        lambda about, other, told, where, label: Statement(
            "", about, label, "Zulfiya", told, event="arrest", compartment=where,
            after=f"{other}/arrest" if other else "told" if told else "",
            when="" if other or told else "2017",
        ),
        _people, st.none() | _people, st.sampled_from(["", "2019", "2020"]), st.sampled_from(COMPARTMENTS),
        st.sampled_from(["", "one", "two"]),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_rows, wanted=st.sets(st.sampled_from(COMPARTMENTS), min_size=1))
def test_whatever_was_told_the_view_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Statement], wanted: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    home = Casebook.create(folder / "home", HOME, cost=CHEAP)
    made = [msgspec.structs.replace(row, statement=str(number)) for number, row in enumerate(rows)]
    home.add_statements([one for one in made if one.after != f"{one.about}/arrest"] or made[:1])
    ring = keys.unlock(folder / "home", HOME)
    member = Store(folder / "home", keys.Keyring({name: ring[name] for name in wanted}), COMPARTMENTS)
    with member.read() as connection:
        seen = group.group(connection, member.schemas, "A")
    if seen:
        luggage = packing.look(home, ["A"], wanted)
        with packing.pack(home, folder / "trip", AWAY, luggage, cost=CHEAP) as away:
            assert away.group("A") == seen
            away.rebuild_index()
            assert away.group("A") == seen
            assert len(away.statements()) == len(seen)
    else:
        with pytest.raises(NotFoundError):
            packing.look(home, ["A"], wanted)
    member.close()
    home.close()


def test_how_much_was_left_out_cannot_be_told(world: World) -> None:
    """No batch, place or number of home stands in it: rows that lie close together at home do not here."""
    many = [Statement(f"m{number}", "Nobody", source="Zulfiya", event="arrest") for number in range(3000)]
    many[1500:1500] = [
        Statement(f"n{number}", "Aman", source="Zulfiya", event=f"arrest-{number}") for number in range(40)
    ]
    world.home.add_statements(many)
    with world.home.vault.store.read() as connection:
        at_home = connection.execute("SELECT id, batch, place FROM record WHERE kind = 'statement'").all()
    away = world.pack(subjects=("Aman",))
    with away.vault.store.read() as connection:
        rows = connection.execute("SELECT id, batch, place, seq FROM record ORDER BY seq").all()
        counted = list(connection.execute("SELECT number FROM generation").scalars())
    assert {row[1] for row in rows} & {row[1] for row in at_home} == set()
    assert [row[3] for row in rows] == list(range(1, 42))
    places = [row[2] for row in rows if row[0] in {one[0] for one in at_home}]
    assert len(places) == 40
    assert max(places) - min(places) > 2**61
    assert max(counted) < 10
    assert [one.statement for one in away.statements()] == [f"n{number}" for number in range(40)]


def test_the_preview_says_what_goes_and_who_could_be_reached(world: World) -> None:
    world.home.add_statements(
        [Statement("8", "Marhaba", source="Polatsecret", event="release-2", quote="with Othersecret, Al")]
    )
    found = world.look()
    assert (found.statements, found.excerpt.files) == ({"testimony": 4, "public": 1}, 0)
    assert (found.chosen, found.linked, found.sources) == (["Marhaba"], ["Gulnar"], [])
    assert found.mentioned == ["Othersecret"]
    assert found.reachable() == ["Marhaba", "Gulnar", "Othersecret"]
    named = world.look(compartments=COMPARTMENTS)
    assert named.sources == ["Polatsecret", "Zulfiyasecret", "relayersecret"]
    assert named.statements == {"testimony": 4, "source": 1, "medical": 1, "public": 1}


def test_what_home_shows_to_nobody_does_not_go_along(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor what only it leads to: a telling, a decision."""
    world.home.add_judgement(Judgement("j1", "set-aside", "wrong", "2026-01-01", statement="1"))
    every_one = world.home.statements
    monkeypatch.setattr(
        world.home, "statements", lambda of: [one for one in every_one(of) if one.statement != "1"]
    )
    away = world.pack(compartments=COMPARTMENTS)
    assert {one.statement for one in away.statements()} == {"2", "3", "4", "6", "7"}
    assert away.judgements() == []
    assert "ol ketti" not in _readable(world.folder / "trip", AWAY)


def test_with_the_sources_it_says_who_told_and_nothing_of_other_tellings(world: World) -> None:
    world.home.add_statements([Statement("8", "Aman", source="his uncle", told="2021", event="arrest")])
    assert world.pack("aman", ["Aman"], COMPARTMENTS).group("Aman") == world.home.group("Aman")
    away = world.pack(compartments=COMPARTMENTS)
    assert away.group("Marhaba") == world.home.group("Marhaba")
    assert "Othersecret" not in _readable(world.folder / "trip", AWAY)


def test_decisions_on_what_goes_along_go_along(world: World) -> None:
    made = [
        Judgement("j1", "set-aside", "wrong", "2026-01-01", statement="1"),
        Judgement("j2", "set-aside", "illnesssecret", "2026-01-01", statement="3"),
        Judgement("j3", "set-aside", "Othersecret", "2026-01-01", statement="5"),
        Judgement("j4", "withdrawn", "right", "2026-01-02", withdraws="j1"),
        Judgement("j5", "withdrawn", "Othersecret", "2026-01-02", withdraws="j3"),
        Judgement("j6", "allow-question", "whysecret", "2026-01-02", subject="Marhaba", event="arrest",
                  source="Zulfiyasecret"),
    ]  # fmt: skip
    for one in made:
        world.home.add_judgement(one)
    assert world.pack().judgements() == [made[0], made[3]]
    assert world.pack("all", compartments=COMPARTMENTS).judgements() == [made[0], made[1], made[3], made[5]]


def test_files_go_along_when_asked_and_nothing_of_who_brought_them(world: World) -> None:
    """And no relation to anybody who is not of this journey."""
    about = ("Marhaba", "Othersecret")
    id_ = world.file(world.home, "filmsecret.mp4", b"a film", about=about, source="Polatsecret")
    world.file(world.home, "b.mp4", b"another film", about=("Othersecret",))
    world.pack()
    assert not list((world.folder / "trip").glob("sealed/estelik/blob/*"))
    away = world.pack("films", evidence=True)
    words = _readable(world.folder / "films", AWAY)
    assert [one for one in SECRETS if one in words] == []
    assert id_ in words
    assert len(list((world.folder / "films").glob("sealed/estelik/blob/*"))) == 1
    assert away.vault.verify(away.vault.shelf).blobs == 1


def test_what_is_kept_out_of_sight_at_home_stays_there(world: World) -> None:
    """A file, and all statements of a testimony; what was lifted goes along again."""
    id_ = world.file(world.home, "film.mp4", b"a film", about=("Marhaba",))
    decisions = world.home.decisions
    whole = world.look(evidence=True)
    assert whole.excerpt.files == 1
    made = decisions.restrict(decisions.closure("evidence", id_), "asked for")
    assert world.look(evidence=True).excerpt.files == 0
    away = world.pack("films", evidence=True)
    assert id_ not in _readable(world.folder / "films", AWAY)
    assert not list((world.folder / "films").glob("sealed/estelik/blob/*"))
    assert len(away.statements()) == len(whole.excerpt.statements)
    decisions.lift(made, "no longer")
    assert world.look(evidence=True).excerpt.files == 1


def test_what_cannot_be_made_leaves_home_and_the_place_as_they_were(world: World) -> None:
    luggage, shelf = world.look(), world.folder / "home" / "sealed"
    world.file(world.home, "a.jpg", b"jpeg", about=("Marhaba",))
    with_file = world.look(evidence=True)
    for path in shelf.rglob("blob/*"):
        path.unlink()
    (world.folder / "taken").mkdir()
    (world.folder / "taken" / "letter").write_text("x")
    cases: list[tuple[Callable[[], object], type[EstelikError], str]] = [
        (
            lambda: packing.pack(world.home, world.folder / "t", HOME, luggage),
            UsageError,
            "opens the casebook",
        ),
        (lambda: packing.pack(world.home, world.folder / "taken", AWAY, luggage), CasebookError, "something"),
        (lambda: packing.pack(world.home, world.folder / "home", AWAY, luggage), CasebookError, "already"),
        (lambda: packing.pack(world.home, world.folder / "t", AWAY, with_file), CasebookError, "not on this"),
        (lambda: world.look(["Nobody"]), NotFoundError, "Nothing is recorded"),
        (lambda: world.look(["Marhaba"], ["casework"]), NotFoundError, "Nothing is recorded"),
    ]
    for attempt, error, says in cases:
        with pytest.raises(error, match=says):
            attempt()
    assert every(world.home.vault.store) == []
    assert sorted(path.name for path in world.folder.iterdir()) == ["home", "taken"]


def test_a_compartment_that_one_does_not_hold_cannot_go_along(world: World) -> None:
    world.home._store.drop("medical")
    with pytest.raises(CasebookError, match="medical"):
        world.look(compartments=["testimony", "medical"])


def test_home_knows_what_left_and_until_when(world: World) -> None:
    away = world.pack(until="2026-12-01")
    (journey,) = every(world.home.vault.store)
    assert (journey.casebook, journey.until, journey.returned) == (
        away.vault.office.root.hex(), "2026-12-01", "",
    )  # fmt: skip
    assert {name: len(ids) for name, ids in journey.records.items()} == {"testimony": 5, "public": 2}
    assert every(away.vault.store) == []


def test_packing_killed_at_any_moment_leaves_a_whole_travel_casebook_or_none(world: World) -> None:
    """Nothing of it lies anywhere in plain text, and the next attempt works."""
    for turn in range(5):
        child = os.fork()
        if not child:
            try:
                with Casebook.open(world.folder / "home", HOME) as home:
                    packing.pack(
                        home, world.folder / "trip", AWAY, packing.look(home, ["Marhaba"]), cost=CHEAP
                    )
            finally:
                os._exit(0)
        time.sleep(random.Random(turn).uniform(0.02, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if (world.folder / "trip").exists():
            with Casebook.open(world.folder / "trip", AWAY) as away:
                assert len(away.statements()) == 4
            break
        assert not any(b"ol ketti" in path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
    else:
        assert len(world.pack().statements()) == 4
    assert world.home.statements() == TOLD
