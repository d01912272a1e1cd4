"""Laws of the drawing, for any life."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.language.reader import reader
from estelik.publication import rows
from estelik.publication.drawing import MIDDLE, NARROW, WIDE, Drawing, Frame, draw, reflected
from estelik.publication.marks import Box, Label, Shape, Strokes, hatching
from estelik.publication.scale import birthdays, completed, scale, ticks
from estelik.views.course import Account, Course, Lane, Mark, Range, Row, Stint, Telling
from estelik.views.person import PersonPage

if TYPE_CHECKING:
    from estelik.publication.marks import Piece

TODAY = 739_942
_FIRST = TODAY - 365 * 12
#: Later than any drawing reaches.
_FAR = TODAY + 365 * 30

days = st.integers(_FIRST, TODAY)


@st.composite
def spans(draw_: st.DrawFn, least: int = _FIRST, most: int = TODAY) -> Range:
    """A range of days, at times open at an end."""
    first, last = sorted((draw_(st.integers(least, most)), draw_(st.integers(least, most))))
    opened = draw_(st.sampled_from(("", "", "", "first", "last")))
    return (None if opened == "first" else first), (None if opened == "last" else last)


@st.composite
def stints(draw_: st.DrawFn) -> Stint:
    """A stint whose end is not before its start."""
    start = draw_(spans())
    end = draw_(st.one_of(st.just(()), spans(start[0] or _FIRST).map(lambda one: (one,))))
    goes_on = draw_(st.one_of(st.none(), st.integers(start[1] or TODAY, TODAY))) if not end else None
    due = draw_(st.one_of(st.just(()), spans(most=_FAR).map(lambda one: (one,)))) if not end else ()
    return Stint(
        (start,),
        end,
        goes_on=goes_on,
        due=due,
        sure=due[0][0] if due else None,
        final=not end and draw_(st.booleans()),
        hearsay=draw_(st.booleans()),
    )


marks = st.builds(
    Mark,
    st.sampled_from(("hospital", "letter", "release", "a very long name of an event that nobody expected")),
    st.lists(st.one_of(spans(), spans(most=_FAR), spans(TODAY + 300, _FAR)), min_size=1, max_size=1).map(
        tuple
    ),
    hearsay=st.booleans(),
    expected=st.booleans(),
)


@st.composite
def courses(draw_: st.DrawFn) -> Course:
    """A course with lanes of all kinds, at times with two accounts."""
    lanes = [
        Lane("state", "in camp", (Row((draw_(stints()),), tuple(draw_(st.lists(marks, max_size=2)))),)),
        Lane("place", "Almaty", (Row((draw_(stints()),)),)),
        Lane("events", "", (Row(marks=tuple(draw_(st.lists(marks, max_size=5)))),)),
    ]
    accounts: tuple[Account, ...] = ()
    if draw_(st.booleans()):
        accounts = (Account(1, (), ()), Account(2, (), ()))
        apart = tuple(Row((draw_(stints()),), account=number) for number in (1, 2))
        lanes.insert(1, Lane("state", "under house arrest", apart, depends=True))
    told = draw_(st.lists(st.tuples(days, st.sampled_from(("", "an aunt", "cellmate"))), max_size=6))
    return Course(
        TODAY,
        draw_(st.one_of(st.none(), st.just((_FIRST - 9000, _FIRST - 8700)))),
        tuple(lanes),
        tuple(Telling((day, day), source) for day, source in told),
        accounts,
        len(accounts),
    )


def page_of(course: Course) -> PersonPage:
    """A page with nothing but its course."""
    return PersonPage("x", "x", "person", course)


def _marks(drawing: Drawing) -> list[Piece]:
    furniture = {"year-line", "axis", "today", "wash", "bracket"}
    return [one for one in drawing.pieces if not isinstance(one, Label) and one.role not in furniture]


def _box(label: Label) -> tuple[float, float, float, float]:
    low, high = label.extent()
    return low, high, label.y - 6, label.y + 6


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


@given(courses(), st.sampled_from((WIDE, MIDDLE)))
def test_no_two_labels_overlap(course: Course, frame: Frame) -> None:
    drawing = draw(page_of(course), reader(), frame)
    if drawing is not None:
        labels = [one for one in drawing.pieces if isinstance(one, Label)]
        for one, other in combinations(labels, 2):
            assert not _meet(_box(one), _box(other)), (one, other)


@given(courses(), st.sampled_from((WIDE, MIDDLE, NARROW)), st.sampled_from(("en", "ug")))
def test_no_label_is_cut_at_the_edge(course: Course, frame: Frame, language: str) -> None:
    drawing = draw(page_of(course), reader(language), frame)
    if drawing is None:
        return
    # An extent is that of a label which is read from the left.
    for label in (reflected(drawing) if drawing.mirrored else drawing).pieces:
        if isinstance(label, Label):
            low, high = label.extent()
            assert low >= -1, label
            assert high <= frame.width + 1, label


@given(courses(), st.sampled_from((WIDE, MIDDLE)))
def test_no_label_covers_a_mark(course: Course, frame: Frame) -> None:
    drawing = draw(page_of(course), reader(), frame)
    if drawing is None:
        return
    for label in (one for one in drawing.pieces if isinstance(one, Label) and one.halo):
        for mark in _marks(drawing):
            if isinstance(mark, Strokes) and mark.role == "hatch":
                continue  # each hatched bar is closed by rails that are looked at below
            heights = _heights(mark)
            assert not _meet(_box(label), (*mark.extent(), *heights)), (label, mark)


def _heights(mark: Piece) -> tuple[float, float]:
    if isinstance(mark, Box):
        return mark.y, mark.y + mark.height
    if isinstance(mark, Shape):
        return min(y for _, y in mark.points), max(y for _, y in mark.points)
    assert isinstance(mark, Strokes)
    every = [point[1] for segment in mark.segments for point in segment]
    return min(every), max(every)


@given(courses(), st.sampled_from((WIDE, MIDDLE, NARROW)))
def test_every_mark_lies_within_the_plot(course: Course, frame: Frame) -> None:
    """A diamond or a sign for what was not told may reach into the margin."""
    drawing = draw(page_of(course), reader(), frame)
    if drawing is not None:
        for mark in _marks(drawing):
            low, high = mark.extent()
            spare = (8, 14) if not isinstance(mark, Strokes) or mark.role == "outline" else (0, 0)
            assert low >= drawing.plot[0] - spare[0] - 1e-6
            assert high <= drawing.plot[1] + spare[1] + 1e-6


@given(courses())
def test_a_drawing_read_from_the_right_is_the_reflection(course: Course) -> None:
    drawing = draw(page_of(course), reader(), WIDE)
    if drawing is None:
        return
    turned = reflected(drawing)
    assert turned.mirrored
    for one, other in zip(drawing.pieces, turned.pieces, strict=True):
        if isinstance(one, Label) and isinstance(other, Label):
            assert other.x == pytest.approx(drawing.width - one.x)
            assert (other.y, other.text, other.anchor) == (one.y, one.text, one.anchor)
            continue
        low, high = one.extent()
        assert other.extent() == pytest.approx((drawing.width - high, drawing.width - low))
    again = reflected(turned)
    for one, other in zip(drawing.pieces, again.pieces, strict=True):
        assert other.extent() == pytest.approx(one.extent())


@given(stints())
def test_what_is_certain_lies_within_what_is_possible(stint: Stint) -> None:
    course = Course(TODAY, lanes=(Lane("state", "in camp", (Row((stint,)),)),))
    if not any(day is not None for span in (*stint.start, *stint.end) for day in span):
        return
    found = scale(course, 208, 1170)
    drawn = rows.row(Row((stint,)), found, TODAY, reader())
    solid = [one for one in drawn.pieces if isinstance(one, Box)]
    start, end = stint.start[0], stint.end[0] if stint.end else (None, None)
    for one in solid:
        assert one.x >= found.x(start[1] if start[1] is not None else TODAY) - 3
        if end[0] is not None:
            assert one.x + one.width <= found.x(end[0]) + 3
    if start[1] is not None and end[0] is not None and start[1] < end[0] and not stint.hearsay:
        assert found.x(end[0]) - found.x(start[1]) < 3 or solid
    if start[1] is not None and end[0] is not None and start[1] >= end[0]:
        assert not solid


@given(st.floats(0, 500), st.floats(1, 400))
def test_hatching_stays_within_its_bar(left: float, wide: float) -> None:
    for (x0, y0), (x1, y1) in hatching(left, left + wide, -7, 7):
        assert left - 1e-6 <= x0 <= x1 <= left + wide + 1e-6
        assert -7 - 1e-6 <= y1 <= y0 <= 7 + 1e-6
        assert x1 - x0 == pytest.approx(y0 - y1), "45 degrees"


def test_states_of_one_row_keep_the_order_of_time(saule: PersonPage) -> None:
    drawing = draw(saule, reader(), WIDE)
    assert drawing is not None
    assert {"certain", "possible", "hearsay", "day", "goes-on", "end-untold", "telling", "depends"} <= set(
        drawing.signs
    )


def test_names_stand_above_their_bars_on_a_narrow_page(saule: PersonPage) -> None:
    drawing = draw(saule, reader(), NARROW)
    assert drawing is not None
    assert not [one for one in drawing.pieces if isinstance(one, Label) and one.halo]


def test_nothing_is_drawn_where_nothing_has_a_day() -> None:
    course = Course(TODAY, lanes=(Lane("events", "", (Row(marks=(Mark("letter", ((None, None),)),)),)),))
    assert draw(page_of(course), reader()) is None


def test_an_age_has_both_numbers_that_are_possible(saule: PersonPage) -> None:
    found = scale(saule.course, 208, 1170)
    ages = {tick.text: tick.age for tick in ticks(found, saule.course, reader(), 36) if tick.text}
    assert ages["2017"] == "74/75"
    assert ages["2026"] == "83/84"


def _due(first: int, last: int) -> Course:
    """A camp since 2020, and a release that is due."""
    release = Mark("release#due", ((first, last),), expected=True)
    camp = Stint(((TODAY - 2000, TODAY - 1990),), due=((first, last),), sure=first)
    return Course(
        TODAY,
        lanes=(
            Lane("state", "in camp", (Row((camp,)),)),
            Lane("events", "", (Row(marks=(release,)),)),
        ),
    )


def test_a_day_that_is_due_lies_on_the_axis_unless_it_is_far_off() -> None:
    near = draw(page_of(_due(TODAY + 1500, TODAY + 1600)), reader(), WIDE)
    assert near is not None
    whisker = [one for one in near.pieces if isinstance(one, Strokes) and one.role == "whisker"]
    assert sum(x == other for one in whisker for (x, _), (other, _) in one.segments) == 2
    assert max(one.extent()[1] for one in whisker) < near.plot[1]
    far = draw(page_of(_due(TODAY + 10, TODAY + 20_000)), reader(), WIDE)
    assert far is not None
    caps = [one for one in far.pieces if isinstance(one, Strokes) and one.role == "whisker"]
    assert sum(x == other for one in caps for (x, _), (other, _) in one.segments) == 1
    assert max(one.extent()[1] for one in caps) == far.plot[1]


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_a_state_is_certain_until_its_end_was_expected_and_possible_after(frame: Frame) -> None:
    drawing = draw(page_of(_due(TODAY - 800, TODAY - 700)), reader(), frame)
    assert drawing is not None
    (solid,) = [one for one in drawing.pieces if isinstance(one, Box) and one.role == "solid"]
    course = _due(TODAY - 800, TODAY - 700)
    found = scale(course, *drawing.plot)
    assert solid.x + solid.width == pytest.approx(found.x(TODAY - 800))
    hatch = max(one.extent()[1] for one in drawing.pieces if isinstance(one, Strokes) and one.role == "hatch")
    assert hatch == pytest.approx(found.x(TODAY + 1), abs=1)


def test_death_has_no_end_that_could_be_told() -> None:
    dead = Stint(((TODAY - 900, TODAY - 890),), final=True)
    drawing = draw(page_of(Course(TODAY, lanes=(Lane("state", "dead", (Row((dead,)),)),))), reader())
    assert drawing is not None
    assert "end-untold" not in drawing.signs
    assert "certain" in drawing.signs


def test_of_a_state_that_only_ended_the_drawing_begins_in_the_midst() -> None:
    """However long before the birth was, the axis does not reach back to it."""
    camp = Stint(((TODAY - 16_000, None),), ((TODAY - 900, TODAY - 890),))
    course = Course(TODAY, lanes=(Lane("state", "in camp", (Row((camp,)),)),))
    assert scale(course, 208, 1170).first > TODAY - 1200
    drawing = draw(page_of(course), reader())
    assert drawing is not None
    assert "end-untold" in drawing.signs
    assert "certain" not in drawing.signs


def test_a_birthday_has_one_number_where_the_day_of_birth_is_known() -> None:
    born = TODAY - 365 * 30
    course = Course(
        TODAY, (born, born), (Lane("state", "in camp", (Row((Stint(((TODAY - 900, TODAY - 800),)),)),)),)
    )
    found = birthdays(scale(course, 208, 1170), course)
    assert [age for _, age in found] == list(range(found[0][1], found[0][1] + len(found)))
    assert all(completed(born, day) == age for day, age in found)


def test_a_short_course_has_months() -> None:
    course = Course(TODAY, lanes=(Lane("state", "missing", (Row((Stint(((TODAY - 40, TODAY - 30),)),)),)),))
    found = scale(course, 208, 1170)
    assert found.months
    assert any(tick.text == "Oct" for tick in ticks(found, course, reader(), 30))


def test_years_are_named_sparsely_over_a_long_life() -> None:
    course = Course(
        TODAY, lanes=(Lane("state", "missing", (Row((Stint(((TODAY - 15000, TODAY - 14000),)),)),)),)
    )
    found = scale(course, 208, 1170)
    named = [int(tick.text) for tick in ticks(found, course, reader(), 36) if tick.text]
    assert len({after - before for before, after in pairwise(named)}) == 1
    assert named[1] - named[0] > 1


@pytest.mark.parametrize("frame", [MIDDLE, WIDE, NARROW])
def test_tellings_of_one_year_do_not_cover_each_other(frame: Frame) -> None:
    """One is known to the day, one by its year: their triangles stand one above the other."""
    day = TODAY - 1000
    told = (Telling((day, day)), Telling((day - 150, day + 160)), Telling((day - 900, day - 900)))
    lane = Lane("events", "", (Row(marks=(Mark("arrest", ((day - 2000, day - 2000),)),)),))
    drawing = draw(page_of(Course(TODAY, lanes=(lane,), tellings=told)), reader(), frame)
    assert drawing is not None
    triangles = [one for one in drawing.pieces if isinstance(one, Shape) and one.role == "telling"]
    assert len(triangles) == 3
    for one, other in combinations(triangles, 2):
        (left, right), (begin, end) = one.extent(), other.extent()
        heights = {min(y for _, y in each.points) for each in (one, other)}
        assert right <= begin or end <= left or len(heights) == 2


def test_an_event_of_which_no_beginning_was_told_has_its_words_beside_it() -> None:
    """Its whisker begins outside the plot, and is too short for the words before its end."""
    mark = Mark("transfer#8", ((None, TODAY - 1300),), "Ghulja")
    stint = Stint(((TODAY - 2700, TODAY - 2700),), ((None, None),))
    course = Course(TODAY, lanes=(Lane("state", "detained", (Row((stint,), (mark,)),)),))
    drawing = draw(page_of(course), reader(), MIDDLE)
    assert drawing is not None
    assert any("Ghulja" in one.text for one in drawing.pieces if isinstance(one, Label))
