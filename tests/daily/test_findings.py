"""Findings: members who hold the same look a casebook through once; what others hold is never among it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily import overview
from estelik.daily.findings import Board, Findings, Open
from estelik.daily.overview import Watch
from estelik.records import Statement
from estelik.vault import keys
from estelik.views.registry import Filter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.daily.findings import Life

#: What each seat holds, by number.
_SEATS = (("testimony", "source"), ("testimony", "source"), ("testimony", "source", "medical"))


class Team(NamedTuple):
    """A casebook, opened with the computer's passphrase and at each seat, and who looks it through there."""

    office: Casebook
    seats: tuple[Casebook, ...]
    watches: tuple[Watch, ...]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Three seats, of which two hold the same, and who looks it through at each, with one board."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    folder = tmp_path / "casebook"
    with ExitStack() as open_:
        office = open_.enter_context(Casebook.create(folder, b"x"))
        office.add_statements(
            [
                told("1", "Aigul", "arrest", "2017"),
                told("2", "Aigul", "arrest", "2019", source="brother"),
                told("3", "Қайрат Нұрланұлы", "arrest", "2018"),
                told("4", "Kairat Nurlanuly", "arrest", "2018"),
                Statement(
                    "m", "Zarina", source="doctor", told="2024", fact="illness", value="asthma",
                    compartment="medical",
                ),
            ]
        )  # fmt: skip
        for number, held in enumerate(_SEATS, start=1):
            office.seats.add(f"member {number}", b"%d" % number, held)
        seats = tuple(
            open_.enter_context(Casebook.open_seat(folder, number, b"%d" % number)) for number in (1, 2, 3)
        )
        board = Board()
        watches = tuple(Watch(one, board=board) for one in seats)
        for one in watches:
            open_.callback(one.end)
        yield Team(office, seats, watches)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[Open]:
    """Of each time that a casebook was looked through, what was open to whoever looked."""
    times: list[Open] = []
    look = Watch._look_through

    def counted(self: Watch, findings: Findings, *given: object) -> None:
        times.append(findings.open)
        look(self, findings, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Watch, "_look_through", counted)
    return times


def told(id_: str, about: str, event: str, when: str, source: str = "sister") -> Statement:
    """One statement."""
    return Statement(id_, about, source=source, told="2024", event=event, when=when)


def test_who_holds_the_same_finds_what_was_found_before(team: Team, looked: list[Open]) -> None:
    """It is looked for once, and is what looking anew finds; also of what was entered since."""
    first, second, _ = team.watches
    assert second.look().entries == ()
    found = second.looked()
    assert {one.key for one in found.entries} == {"Aigul", "Қайрат Нұрланұлы", "Kairat Nurlanuly"}
    assert [one.key for one in found.apart] == ["Aigul"]
    assert len(found.pairs) == 1
    assert first.looked() is found
    assert first.listing is second.listing
    assert len(looked) == 1
    team.seats[0].add_statements([told("5", "Erlan", "arrest", "2016")])
    assert {one.key for one in first.looked().entries} >= {"Erlan"}
    assert second.looked() is first.looked()
    assert len(looked) == 2
    alone = Watch(team.seats[1])
    anew = alone.looked()
    alone.end()
    assert (anew.apart, anew.entries, anew.pairs) == (
        first.looked().apart, first.looked().entries, first.looked().pairs,
    )  # fmt: skip


def test_who_holds_more_finds_it_alone(team: Team) -> None:
    """Whoever looked first: nobody is shown, counted or listed to whom that is not open."""
    first, _, third = team.watches
    assert "Zarina" in {one.key for one in third.looked().entries}
    for asked in (first.looked().entries, first.listing.of(Filter()).found):
        assert {one.key for one in asked} == {"Aigul", "Қайрат Нұрланұлы", "Kairat Nurlanuly"}
    assert "Zarina" in {one.key for one in third.looked().entries}


def test_what_was_closed_to_somebody_is_not_shown_to_her_again(team: Team) -> None:
    """Also in the moment before it is looked for anew what she still may see."""
    first, _, third = team.watches
    assert "Zarina" in {one.key for one in third.looked().entries}
    whole = first.looked()
    team.office.vault.registrar.change_compartments("member 3", ("testimony", "source"))
    team.office.settle_seats()
    assert third.look() is whole
    assert third.listing is first.listing


def test_what_is_kept_out_of_sight_is_looked_for_apart(team: Team, looked: list[Open]) -> None:
    """Who knows already that it is, and who does not, do not share what they found."""
    first, second, _ = team.watches
    first.looked()
    found = team.office.decisions.closure("subject", "Aigul")
    team.office.decisions.restrict(found, "She asked for it.")
    labels = {one.key for one in second.looked().entries}
    assert "Aigul" not in labels
    assert looked[-1].hidden >= {"1", "2"}
    assert second.looked() is first.looked()


def test_who_leaves_hands_on_what_she_has_found(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next goes on where she stopped, and finds what looking alone finds."""
    team.office.add_statements([told(f"n{one}", f"Person {one}", "arrest", "2017") for one in range(200)])
    solved: list[object] = []
    solve = overview._solved

    def counted(*given: Any) -> Iterator[dict[str, Life]]:
        for found in solve(*given):
            solved.append(found)
            yield found

    def left() -> bool:
        if len(solved) > 100:
            first._ended.set()
        return False

    monkeypatch.setattr(overview, "_solved", counted)
    board = Board()
    first, second = Watch(team.seats[0], left, board), Watch(team.seats[1], board=board)
    assert not first.looked().whole
    before, found = len(solved), second.looked()
    second.end()
    assert found.whole
    assert len(solved) - before < 150
    alone = Watch(team.seats[1])
    assert alone.looked().entries == found.entries
    alone.end()


def test_nothing_is_kept_for_nobody() -> None:
    """With the last who needs it what was found is forgotten."""
    board, open_ = Board(), Open(frozenset({"testimony"}), frozenset())
    found = board.of(open_)
    assert board.of(open_) is found
    del found
    assert not board._every
