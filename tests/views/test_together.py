"""Beside somebody who tells, accounts that cannot both be true are not kept apart."""

from __future__ import annotations

from estelik.chronology.edtf import parse
from estelik.records import Statement
from estelik.views.dossier import pages
from estelik.views.together import together

TODAY = parse("2026-11-23").spans[0].first or 0
TOLD = [
    Statement("1", "Asqar", source="Q", told="2024", event="arrest", when="2017"),
    Statement("2", "Asqar", source="Q", told="2024", event="release", after="arrest", gap="P1Y"),
    Statement("3", "Asqar", source="Q", told="2025", event="release", when="2021"),
]


def test_each_lane_has_one_row_as_wide_as_all_accounts() -> None:
    """Three ways out of the contradiction: the one bar begins with the earliest and ends with the latest."""
    (page,) = pages(TOLD, today=TODAY)
    assert any(lane.depends for lane in page.course.lanes)
    whole = together(page)
    assert not any(lane.depends for lane in whole.course.lanes)
    assert (whole.contradictions, whole.repairs, whole.course.accounts) == ((), (), ())
    for before, after in zip(page.course.lanes, whole.course.lanes, strict=True):
        (row,) = after.rows
        ends = [span for one in before.rows for stint in one.stints for span in stint.end]
        (found,) = [span for stint in row.stints for span in stint.end]
        assert found == (min(first or 0 for first, _ in ends), max(last or 0 for _, last in ends))
    for event in whole.events:
        assert len(event.bounds) == 1


def test_what_goes_together_stays_as_it_is() -> None:
    (page,) = pages(TOLD[:2], today=TODAY)
    whole = together(page)
    assert (whole.course.lanes, whole.events) == (page.course.lanes, page.events)
