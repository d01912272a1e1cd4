"""Enumeration of schedules, on lives worked out by hand."""

from __future__ import annotations

from datetime import date

from tests.oracle.enumerate import Certainty, Meeting, encounters, schedules, status

from estelik.records import Statement

DAY = date(2019, 2, 28).toordinal()


def _row(
    event: str,
    when: str,
    place: str = "",
    about: str = "A",
    *,
    after: str = "",
    gap: str = "",
    due: bool = False,
) -> Statement:
    days = "/".join(f"2019-03-{day}" for day in when.split("/"))
    name = f"{about}-{event}"
    return Statement(name, about, event=event, when=days, place=place, after=after, gap=gap, expected=due)


def _status(rows: list[Statement], first: int, last: int) -> dict[tuple[str, str], Certainty]:
    return status(rows, "A", DAY + first, DAY + last)


def test_every_pair_of_days_that_the_statements_allow_is_a_schedule() -> None:
    rows = [_row("arrest", "01/03"), _row("release", "02/04", after="arrest", gap="P1D")]
    assert sorted(tuple(day - DAY for day in one.values()) for one in schedules(rows, "A")) == [
        (1, 2),
        (2, 3),
        (3, 4),
    ]


def test_a_state_lasts_from_its_latest_beginning_to_its_earliest_end() -> None:
    """Arrested on the 1st to the 3rd, released on the 7th to the 9th: surely from the 3rd to the 6th."""
    rows = [_row("arrest", "01/03", "Tekes"), _row("release", "07/09")]
    here = ("detained", "Tekes")
    assert _status(rows, 3, 6)[here] == "throughout"
    assert _status(rows, 2, 6)[here] == "at some time"
    assert _status(rows, 1, 2)[here] == "possibly"
    assert _status(rows, 7, 8)[here] == "possibly"
    assert _status(rows, 9, 9)[here] == "never"


def test_another_custody_ends_the_one_before() -> None:
    rows = [_row("arrest", "01"), _row("camp-entry", "04", "Tekes")]
    assert _status(rows, 4, 4) == {("detained", ""): "never", ("in camp", "Tekes"): "throughout"}


def test_without_an_end_a_state_is_possible_for_ever() -> None:
    assert _status([_row("arrest", "01")], 10, 20) == {("detained", ""): "possibly"}


def test_until_a_release_that_was_only_expected_a_state_is_certain() -> None:
    rows = [_row("arrest", "01"), _row("release", "10", due=True)]
    assert _status(rows, 1, 9) == {("detained", ""): "throughout"}
    assert _status(rows, 9, 12) == {("detained", ""): "at some time"}
    assert _status(rows, 10, 12) == {("detained", ""): "possibly"}


def test_a_transfer_moves_what_is_in_force_and_nothing_else() -> None:
    rows = [_row("arrest", "01", "Tekes"), _row("transfer", "04", "Ghulja"), _row("release", "06")]
    assert _status(rows, 4, 5) == {("detained", "Tekes"): "never", ("detained", "Ghulja"): "throughout"}
    rows = [_row("arrest", "01", "Tekes"), _row("release", "03"), _row("transfer", "04", "Ghulja")]
    assert _status(rows, 4, 5) == {("detained", "Tekes"): "never"}


def test_two_lives_meet_where_their_stays_share_a_day() -> None:
    ours = [_row("arrest", "01/02", "Tekes"), _row("release", "05")]
    theirs = [_row("camp-entry", "04", "Tekes", "B"), _row("camp-exit", "07/09", "", "B")]
    met = encounters([*ours, *theirs], "A", "B")
    assert met == {"Tekes": Meeting(certain=True, days=(DAY + 4, DAY + 4))}
    late = [_row("camp-entry", "04/05", "Tekes", "B")]
    assert encounters([*ours, *late], "A", "B")["Tekes"].certain is False
    assert encounters([*ours, _row("camp-entry", "05", "Tekes", "B")], "A", "B") == {}
