"""Parts: the page of a long life, cut into parts of bounded size.

The page of a life has the first part of each of its lists; each further part is a page of its own, on which
nothing but that list stands. Sizes are reckoned from what is said (the bytes of its words, and so many for
what stands around them in any language), so that the parts are the same in every language.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final, Literal, TypeVar, get_args

from msgspec.structs import replace

from estelik.views.course import Lane, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from estelik.views.course import Course, Mark, Stint
    from estelik.views.person import Contradiction, Difference, PersonPage, StatementLine

Part = Literal["names", "timeline", "contradictions", "statements", "differences", "sources"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)

#: How many a part has at most, and how many bytes.
_NAMES: Final = (24, 6_000)
_EVENTS: Final = (10, 16_000)
_LANES: Final = (12, 20_000)
_PIECE: Final = 10_000
_CONTRADICTIONS: Final = (3, 9_000)
_STATEMENTS: Final = (24, 22_000)
_DIFFERENCES: Final = (12, 4_000)
_SOURCES: Final = (24, 7_000)
#: Bytes of what stands on one page, uncut.
_WHOLE: Final = 90_000
#: Rows that a lane has in one drawing, bars and marks that a row has, values that a difference has in one
#: place, and tellings beneath a drawing.
_ROWS: Final = 12
_MARKS: Final = 12
_VALUES: Final = 12
_TELLINGS: Final = 30
#: Bytes of a bar that is hatched from the first day to the last, in all widths.
_HATCHED: Final = 12_000
#: How many numbers are cited at once where parts are bounded, and bytes of one.
CITED: Final = 12
_NUMBER: Final = 110

#: How many times as much stands on a page that has nothing else.
_ALONE: Final = 3

T = TypeVar("T")


def cut(sizes: Sequence[int], most: int, room: int, later: int = _ALONE) -> tuple[range, ...]:
    """Ranges that have all of these, in order: the first has ``most``, and ``room`` together; those that
    follow have ``later`` times as many and as much. One has more room only where it has but one. One empty
    range where there is nothing."""
    found: list[range] = []
    first = full = 0
    for index, size in enumerate(sizes):
        more = later if found else 1
        if index > first and (index - first == more * most or full + size > more * room):
            found.append(range(first, index))
            first, full = index, 0
        full += size
    return (*found, range(first, len(sizes)))


class Parts:
    """The parts of one ``page``."""

    def __init__(self, page: PersonPage) -> None:
        self.page = page
        first, today = _first(page.course), page.course.today
        lanes, apart = [*_pieces(page.course.lanes, first, today)], [*_apart(page.differences)]
        sizes: dict[Part, list[int]] = {
            "names": [*_names(page)],
            "contradictions": [*_contradictions(page)],
            "statements": [*map(_statement, page.statements)],
            "differences": [*map(_difference, apart)],
            "sources": [*_sources(page)],
        }
        drawn = [_lane(one, first, today) for one in lanes]
        events, undated = [*_events(page)], [300 + _cites(one.statements) for one in page.undated]
        #: Whether all of it is on one page.
        self.alone = sum(map(sum, (*sizes.values(), drawn, events, undated))) <= _WHOLE
        self._lanes = list(page.course.lanes) if self.alone else lanes
        self._differences = list(page.differences) if self.alone else apart
        limits = {
            "names": _NAMES,
            "contradictions": _CONTRADICTIONS,
            "statements": _STATEMENTS,
            "differences": _DIFFERENCES,
            "sources": _SOURCES,
        }
        self._cuts = {one: self._cut(found, *limits[one]) for one, found in sizes.items()}
        self._drawn = self._cut(drawn, *_LANES)
        self._events, self._undated = self._cut(events, *_EVENTS), self._cut(undated, *_EVENTS)
        lengths = {one: len(found) for one, found in self._cuts.items()}
        timeline = max(len(self._events), len(self._undated), len(self._drawn))
        #: How many parts there are of each list.
        self.count: Mapping[Part, int] = {**lengths, "timeline": timeline}

    def _cut(self, sizes: Sequence[int], most: int, room: int) -> tuple[range, ...]:
        return (range(len(sizes)),) if self.alone else cut(sizes, most, room)

    def home(self, statement: int) -> int:
        """On which part the statement with this number is."""
        cuts = self._cuts["statements"]
        return next(number for number, one in enumerate(cuts, 1) if statement - 1 in one)

    @property
    def first(self) -> PersonPage:
        """What the page of the life shows."""
        return self.page if self.alone else self._shown(dict.fromkeys(PARTS, 1))

    def shown(self, part: Part, number: int) -> PersonPage:
        """What a part (from 1) shows: of its list what belongs there, of the others nothing."""
        return self._shown({part: number})

    def _shown(self, wanted: Mapping[Part, int]) -> PersonPage:
        page, when = self.page, wanted.get("timeline", 0)
        events = _of(page.events, self._events, when)
        named = {one.event for one in events}
        parted = self._part(wanted, "contradictions", page.contradictions)
        sides = {number for one in parted for number in _sides(one)}
        return replace(
            page,
            names=self._part(wanted, "names", page.names),
            events=events,
            ledgers=tuple(one for one in page.ledgers if one.event in named),
            undated=_of(page.undated, self._undated, when),
            course=self._course(when),
            set_aside=page.set_aside if when == 1 else (),
            contradictions=parted,
            repairs=tuple(one for one in page.repairs if not one.among or sides & {*one.among}),
            statements=self._part(wanted, "statements", page.statements),
            differences=self._part(wanted, "differences", self._differences),
            sources=self._part(wanted, "sources", page.sources),
        )

    def _part(self, wanted: Mapping[Part, int], part: Part, of: Sequence[T]) -> tuple[T, ...]:
        return _of(of, self._cuts[part], wanted.get(part, 0))

    def _course(self, number: int) -> Course:
        """The drawing of a part; where there are many tellings only those of what is drawn stand beneath."""
        course = self.page.course
        lanes = _of(self._lanes, self._drawn, number)
        tellings = course.tellings
        if len(tellings) > _TELLINGS or number != 1:
            drawn = {one for lane in lanes for one in _drawn(lane)}
            tellings = tuple(one for one in tellings if drawn & {*one.statements})[:_TELLINGS]
        return replace(course, lanes=lanes, tellings=tellings)


def _of(of: Sequence[T], cuts: Sequence[range], number: int) -> tuple[T, ...]:
    """What part ``number`` has; nothing where there is none."""
    return tuple(of[index] for index in cuts[number - 1]) if 0 < number <= len(cuts) else ()


def _bytes(*words: str) -> int:
    return sum(len(one.encode()) for one in words)


def _cites(numbers: Sequence[int]) -> int:
    return _NUMBER * min(len(numbers), CITED + 1)


def _sides(one: Contradiction) -> set[int]:
    return {number for party in one.parties for number in (party.statement, *party.joined)}


def _names(page: PersonPage) -> Iterator[int]:
    for one in page.names:
        yield 250 + _bytes(one.text, one.kind) + _cites(one.statements)


def _statement(line: StatementLine) -> int:
    one = line.statement
    told = (one.about, one.fact, one.value, one.event, one.place, one.quote, one.note, one.source, one.via)
    return 750 + _bytes(*told, line.reason) + _cites(line.against)


def _events(page: PersonPage) -> Iterator[int]:
    sums: dict[str, int] = {}
    for ledger in page.ledgers:
        sums[ledger.event] = sums.get(ledger.event, 0) + 350 + 250 * len(ledger.lines)
    for row in page.events:
        # Each stands in the table and in the list that narrow screens have.
        reasons = [reason for one in row.bounds for reason in one.reasons]
        said = sum(80 + 2 * _cites(one.statements) for one in reasons)
        dates = sum(500 + 120 * len(one.ranges) for one in row.bounds)
        yield 300 + 2 * _bytes(row.event, row.place) + dates + said + sums.get(row.event, 0)


def _contradictions(page: PersonPage) -> Iterator[int]:
    for one in page.contradictions:
        own = _sides(one)
        sides = sum(
            600 + _bytes(page.line(party.statement).statement.quote) + _cites(party.joined)
            for party in one.parties
        )
        ways = [way for way in page.repairs if own & {*way.among}]
        yield 400 + sides + sum(700 + _cites(way.sets_aside) for way in ways)


def _apart(differences: Iterable[Difference]) -> Iterator[Difference]:
    """The differences, those that have very many values in pieces."""
    for one in differences:
        for first in range(0, len(one.values), _VALUES):
            yield replace(one, values=one.values[first : first + _VALUES])


def _difference(one: Difference) -> int:
    return 150 + sum(100 + _bytes(value.text) + _cites(value.statements) for value in one.values)


def _sources(page: PersonPage) -> Iterator[int]:
    for one in page.sources:
        words = _bytes(one.label, *one.evidence) + 60 * len((*one.told, *one.evidence))
        yield 100 + words + _cites(one.statements)


def _pieces(lanes: Iterable[Lane], first: int, today: int) -> Iterator[Lane]:
    """The lanes, those that would fill a drawing alone in pieces; what hangs on which account is kept stands
    together as long as it can."""
    for lane in lanes:
        room = _LANES[1] if lane.depends else _PIECE
        rows = [piece for row in lane.rows for piece in _row(row, room, first, today)]
        sizes = [_lane(Lane(lane.kind, lane.name, (row,)), first, today) for row in rows]
        for part in cut(sizes, _ROWS, room, 1):
            yield Lane(lane.kind, lane.name, tuple(rows[index] for index in part), lane.depends)


def _row(row: Row, room: int, first: int, today: int) -> Iterator[Row]:
    """A row in pieces."""
    stints = cut([_stint(one, first, today) for one in row.stints], _MARKS, room, 1)
    marks = cut([_mark(one) for one in row.marks], _MARKS, room, 1)
    for some, more in zip_longest(stints, marks, fillvalue=range(0)):
        yield Row(
            tuple(row.stints[index] for index in some),
            tuple(row.marks[index] for index in more),
            row.account,
        )


def _mark(one: Mark) -> int:
    return 900 + 2 * _bytes(one.place)


def _lane(lane: Lane, first: int, today: int) -> int:
    """Bytes of its drawings."""
    bars = sum(_stint(one, first, today) for row in lane.rows for one in row.stints)
    marks = sum(_mark(one) for row in lane.rows for one in row.marks)
    return 500 + bars + marks


def _stint(one: Stint, first: int, today: int) -> int:
    """Of a bar, in a drawing between two days; each stroke of what is only possible is written out."""

    def within(day: int | None, unknown: int) -> int:
        return min(max(unknown if day is None else day, first), today)

    begins = (
        (within(one.start[0][0], first), within(one.start[-1][1], today)) if one.start else (first, today)
    )
    ends = (within(one.end[0][0], first), within(one.end[-1][1], today)) if one.end else (today, today)
    certain = 0 if one.weighed else max(0, ends[0] - begins[1])
    possible = max(0, ends[1] - begins[0] - certain)
    return 1_000 + _HATCHED * possible // max(1, today - first)


def _first(course: Course) -> int:
    """The first day that is drawn."""
    spans = [span for lane in course.lanes for row in lane.rows for one in row.marks for span in one.ranges]
    stints = [one for lane in course.lanes for row in lane.rows for one in row.stints]
    spans += [span for one in stints for span in (*one.start, *one.end)]
    return min((day for span in spans for day in span if day is not None), default=course.today)


def _drawn(lane: Lane) -> Iterator[int]:
    """The numbers of the statements that a lane rests on."""
    for row in lane.rows:
        for stint in row.stints:
            yield from stint.statements
        for mark in row.marks:
            yield from mark.statements
