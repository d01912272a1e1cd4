"""Encounters view: an unnamed one is met, and meets, like anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.lives import link
from estelik.identity.merging import merge
from estelik.identity.resolution import Resolution
from estelik.places.where import Where
from estelik.records import Statement
from estelik.views.dossier import pages
from estelik.views.encounters import Meetings, found_encounters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from estelik.records import Judgement
    from estelik.views.person import PersonPage

HELD = {"event": "camp-entry", "when": "2017-03", "place": "Boztal camp"}
ROWS = [
    Statement("1", "Aigul", **HELD),  # type: ignore[arg-type]
    Statement("2", "?cellmate", **HELD),  # type: ignore[arg-type]
    Statement("3", "?cellmate", **HELD),  # type: ignore[arg-type]
    Statement("4", "Aigul", event="walk", after="?cellmate/camp-entry"),
]


class _Archive:
    """All that a casebook would give, from a list."""

    def group(self, subject: str) -> list[Statement]:
        keys = {one.subject for one in ROWS if subject in (one.about, one.subject)}
        linked = {key for group in link(ROWS) if keys & set(group.subjects) for key in group.subjects}
        return [one for one in ROWS if one.subject in linked]

    def groups(self, subjects: Collection[str]) -> list[Statement]:
        found = [self.group(one) for one in subjects]
        return [one for one in ROWS if any(one in group for group in found)]

    def at_places(self, places: Collection[str]) -> list[str]:
        return sorted({one.about for one in ROWS if one.place in places})

    def where(self) -> Where:
        return Where((), lambda: sorted({one.place for one in ROWS if one.place}))

    def told_under(self) -> Callable[[str], set[str]]:
        return lambda key: {key.partition("\x1f")[0]}

    def judgements(self) -> list[Judgement]:
        return []


def _met(key: str) -> list[str]:
    archive = _Archive()
    return sorted(one.key for one in Meetings(archive).of(archive.group(key), key))


def test_each_unnamed_one_is_met_under_a_key_of_their_own() -> None:
    assert _met("Aigul") == [ROWS[1].subject, ROWS[2].subject]


def test_an_unnamed_one_meets_the_others_of_the_same_label_and_never_themselves() -> None:
    assert _met(ROWS[1].subject) == sorted(["Aigul", ROWS[2].subject])


def test_a_label_of_the_unnamed_stands_for_each_of_them() -> None:
    archive = _Archive()
    merged = merge(archive.group("?cellmate"), [], Resolution())
    found = found_encounters(merged.statements, merged.keys("?cellmate"), archive)
    assert sorted(one.key for one in found) == sorted(["Aigul", "Aigul", ROWS[1].subject, ROWS[2].subject])


def _page(subjects: Collection[str] | None) -> PersonPage:
    meetings = Meetings(_Archive())
    met = {"Aigul": meetings.of(meetings.group("Aigul"), "Aigul")}
    shown = pages(ROWS, today=740000, subjects=subjects, encounters=met, others=meetings.statements)
    return next(page for page in shown if page.label == "Aigul")


def test_an_encounter_cites_what_was_said_of_both_or_leads_to_the_others_page() -> None:
    """Alone on the page, the other's words stand there too; otherwise her own, and a link."""
    for subjects, cited in ((["Aigul"], {"1", "2"}), (None, {"1"})):
        page = _page(subjects)
        by_number = {line.number: line.statement.statement for line in page.statements}
        first = page.encounters[0]
        assert first.key == ROWS[1].subject
        assert {by_number[number] for number in first.statements} == cited
