"""A server of the ledger that lies, loses or looks: it is noticed as on any carrier, and learns nothing."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Final

import pytest
from tests.cluster import PASSWORD
from tests.vault.conftest import Rig

from estelik.evidence import intake
from estelik.evidence.intake import Particulars
from estelik.records import Statement
from estelik.vault import team_ledger
from estelik.vault.office import LEDGER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.vault.team import Team

    from estelik.casebook import Casebook

MARKERS = ("Zulfiyamarker", "qorqypmarker", "Marhabamarker", "reasonmarker", "photomarker", "Zhanar", "Aigul")


@pytest.fixture
def second(team: Team) -> Casebook:
    """The second computer, admitted; each of both has entered something."""
    found = team.admit()
    team.good(team.first, *team.statements("one", 10))
    team.good(found, *team.statements("two", 10))
    team.good(team.first)
    return found


def test_a_server_put_back_to_an_earlier_state_is_noticed_at_the_next_command(
    team: Team, second: Casebook
) -> None:
    """What is gone is named and handed on again; then the ledger alone has all of it."""
    dump = team.cluster.dump(team.schema)
    team.good(team.first, *team.statements("three", 10))
    team.good(second)
    team.cluster.put_back(team.schema, dump)
    outcome = team.enter(second, *team.statements("four", 10))
    assert outcome.behind is None
    assert {one.what for one in outcome.troubles} == {"lost"}
    assert {one.kind for one in outcome.troubles} >= {"segment", "page", "table"}
    team.good(second)
    made, found = team.restored("back")
    assert found.troubles == ()
    assert made.statements() == second.statements()
    assert len(second.statements()) == 40


def test_an_emptied_database_is_not_filled_again_without_a_word(team: Team, second: Casebook) -> None:
    """Neither one without rows nor one without tables; what is entered meanwhile waits here."""
    for harm in ("DELETE FROM estelik_file", "DROP TABLE estelik_file, estelik_chunk, estelik_upload"):
        team.ask(harm)
        outcome = team.enter(second, *team.statements(harm[:4], 5))
        assert outcome.behind is not None
        assert "not the ledger" in outcome.behind.what
    assert team_ledger.behind(second.vault.store) > 0
    team_ledger.end(second.vault)
    team.set(second)
    team.good(second)
    made, found = team.restored("back")
    assert (found.troubles, made.statements()) == ((), second.statements())


HARMS: Final = {
    "withheld": "UPDATE estelik_file SET kind = 'hidden' WHERE content = %s",
    "flipped": "UPDATE estelik_chunk SET data = set_byte(data, length(data) - 9, "
    "(get_byte(data, length(data) - 9) + 1) %% 256) WHERE content = %s",
    "cut": "UPDATE estelik_chunk SET data = substring(data FOR 200) WHERE content = %s",
    "junk": "UPDATE estelik_chunk SET data = convert_to(repeat('junk', length(data) / 4), 'UTF8') "
    "WHERE content = %s",
}


def test_what_is_not_as_it_was_made_is_named_and_what_is_good_comes_in(team: Team, second: Casebook) -> None:
    """Not taken in, not passed over for good: when the server gives the true file, all is well."""
    for turn, (kind, harm) in enumerate(
        [
            ("segment", "withheld"),
            ("segment", "cut"),
            ("page", "flipped"),
            ("table", "withheld"),
            ("table", "junk"),
        ]
    ):
        (position,) = team.ask("SELECT max(position) FROM estelik_file")[0]
        for one in "ab":
            team.good(team.first, *team.statements(f"{one}{turn}", 1))
        name, content = team.ask(
            "SELECT name, content FROM estelik_file WHERE kind = %s AND position > %s ORDER BY position",
            kind,
            position,
        )[0]
        (good,) = team.ask("SELECT data FROM estelik_chunk WHERE content = %s", content)[0]
        team.ask(HARMS[harm], content)
        count = len(second.statements())
        outcome = team.enter(second)
        assert outcome.behind is None
        # A table that does not open may be another compartment's; the number of the next one shows it.
        assert {one.what for one in outcome.troubles} <= {"missing", "damaged", "gap"}
        assert outcome.troubles
        assert len(second.statements()) == count + 1
        with team.reached() as carrier:
            troubles = team.first.vault.verify(carrier, team.first.vault.office.place(LEDGER)).troubles
        assert name in {one.name for one in troubles}
        team.ask("UPDATE estelik_file SET kind = %s WHERE kind = 'hidden'", kind)
        team.ask("UPDATE estelik_chunk SET data = %s WHERE content = %s", good, content)
        if harm != "junk":
            # A table of junk was set aside as one for others, as on any carrier.
            assert team.enter(second).troubles == []
            assert len(second.statements()) == count + 2


def test_what_another_office_or_nobody_has_put_there_is_not_taken_in(
    team: Team, second: Casebook, tmp_path: Path
) -> None:
    """Files of another office, and files that are none, among ours."""
    (tmp_path / "other").mkdir()
    other = Rig(tmp_path / "other")
    other.add(other.first, "forged", 10)
    other.carry(other.first)
    with team.reached() as carrier:
        for kind in ("segment", "page", "table", "epoch", "roll"):
            for file in other.files(kind):
                carrier.write(kind, file.name, file.read_bytes())
            carrier.write(kind, "q" * 26, os.urandom(500))
        for kind in ("segment", "table"):
            team.ask(
                "INSERT INTO estelik_file (kind, name, size, content) VALUES (%s, 'x/../y', 1, 'z')", kind
            )
    before = second.statements()
    outcome = team.enter(second)
    assert outcome.behind is None
    assert second.statements() == before
    team.good(second, *team.statements("after", 3))
    for casebook in other.opened:
        casebook.close()


def test_the_server_learns_nothing_but_random_names_sizes_and_times(
    team: Team, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Words are planted in records, decisions, files and names; nothing of them is in the server's data, its
    write-ahead log or its log of everything it was asked, nor is the password."""
    caplog.set_level(logging.DEBUG)
    begun = int(team.folder.stat().st_mtime)
    second = team.admit()
    photo = tmp_path / "photomarker.txt"
    photo.write_text("photomarker " * 1000)
    said = Statement(
        "Marhabamarker-1", "Marhabamarker", source="Zulfiyamarker", event="arrest", quote="qorqypmarker " * 20
    )
    for casebook in (team.first, second):
        with casebook.entering():
            casebook.add_statements([said])
        with casebook.entering(alone=False):
            intake.add(casebook.vault, [str(photo)], Particulars(source="Zulfiyamarker", note="reasonmarker"))
    team.good(team.first)
    team.cluster.admin("CHECKPOINT")
    seen = {
        str(path.relative_to(team.cluster.data)): path.read_bytes()
        for path in team.cluster.data.rglob("*")
        if path.is_file() and path.stat().st_mtime >= begun
    }
    everything = b"\n".join(seen.values())
    # The search would find it: names of tables and of files are there, in the log and in the data.
    assert b"estelik_chunk" in seen["log"]
    (name,) = team.ask("SELECT name FROM estelik_file WHERE kind = 'blob' LIMIT 1")[0]
    assert str(name).encode() in seen["log"]
    assert any(str(name).encode() in data for path, data in seen.items() if path.startswith("pg_wal"))
    printed = capfd.readouterr()
    logged = (caplog.text + printed.out + printed.err).encode()
    for marker in (*MARKERS, PASSWORD, str(tmp_path)):
        plain = marker.encode()
        # As text, and as the server writes bytes in its log.
        for form in (plain, plain.hex().encode()):
            assert form not in everything, marker
            assert form not in logged, marker
