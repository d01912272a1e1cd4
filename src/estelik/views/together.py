"""Together: a page on which accounts that cannot both be true are not kept apart.

Beside somebody who tells, nothing says unasked that what she has told does not go together: each bar and each
date is as wide as all ways of making it whole allow.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from msgspec.structs import replace

from estelik.views.course import Lane, Mark, Row, Stint
from estelik.views.person import Bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.views.course import Range, Ranges
    from estelik.views.person import EventRow, PersonPage


def together(page: PersonPage) -> PersonPage:
    """The page with one row for each lane and one pair of bounds for each event."""
    lanes = tuple(_lane(one) for one in page.course.lanes)
    course = replace(page.course, lanes=lanes, accounts=(), ways=0)
    events = tuple(_event(one) for one in page.events)
    return replace(page, course=course, events=events, contradictions=(), repairs=())


def _lane(lane: Lane) -> Lane:
    if not lane.depends:
        return lane
    accounts = [list(rows) for _, rows in groupby(lane.rows, key=lambda row: row.account)]
    stints = [[stint for row in rows for stint in row.stints] for rows in accounts]
    if len({len(one) for one in stints}) == 1:
        joined = [_stint(one) for one in zip(*stints, strict=True)]
    else:
        joined = [_stint([stint for one in stints for stint in one])]
    marks: dict[str, list[Mark]] = {}
    for row in lane.rows:
        for mark in row.marks:
            marks.setdefault(mark.event, []).append(mark)
    points = tuple(
        replace(said[0], ranges=_hull(one.ranges for one in said), statements=()) for said in marks.values()
    )
    return replace(lane, rows=(Row(tuple(joined), points),), depends=False)


def _stint(said: Sequence[Stint]) -> Stint:
    lengths = {one.duration for one in said}
    return replace(
        said[0],
        start=_hull(one.start for one in said),
        end=_hull(one.end for one in said),
        duration=lengths.pop() if len(lengths) == 1 else "",
        statements=(),
    )


def _event(row: EventRow) -> EventRow:
    if len(row.bounds) < 2:
        return row
    every: set[Range] = {span for one in row.bounds for span in one.ranges}
    return replace(row, bounds=(Bounds(_hull([tuple(every)])),))


def _hull(found: Iterable[Ranges]) -> Ranges:
    """From the first day of any to the last; an end that nobody can name stays so."""
    spans = [span for one in found for span in one]
    if not spans:
        return ()
    firsts, lasts = [first for first, _ in spans], [last for _, last in spans]
    least = min((one for one in firsts if one is not None), default=None)
    most = max((one for one in lasts if one is not None), default=None)
    return ((None if None in firsts else least, None if None in lasts else most),)
