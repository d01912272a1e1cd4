"""Short lives for enumeration: custody within a few days of one month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.oracle.strategies import Choose

T = TypeVar("T")

OPENING = ("arrest", "camp-entry", "detention", "prison-entry", "house-arrest")
OTHERS = ("release", "camp-exit", "transfer", "camp-entry", "arrest", "death", "prison-entry", "release#2")
PLACES = ("Tekes", "Tekes", "Ghulja", "")
WINDOWS = ("05", "04/06", "02/09", "03/12", "[03,06,09]", "[02,05,08,11]", "[04,07,10]", "06/07", "01/05")
GAPS = ("P1D", "P2D/P5D", "", ">=P1D", "<=P4D", "[P1D,P4D]", "P3D", "±P3D")


def _when(choose: Choose, number: int, *, apart: bool) -> str:
    """The days of an event; ``apart``, no other event of the same life has any of them."""
    if apart:
        days = choose(([0], [1], [0, 1], [1, 2], [0, 1, 2]))
        return f"[{','.join(_span(f'{4 * day + number + 1:02}') for day in days)}]"
    days_text = choose(WINDOWS)
    if days_text.startswith("["):
        return f"[{','.join(_span(part) for part in days_text[1:-1].split(','))}]"
    return _span(days_text)


def _span(days: str) -> str:
    return "/".join(f"2019-03-{day}" for day in days.split("/"))


def life(choose: Choose, label: str, others: Sequence[tuple[str, str]] = ()) -> list[Statement]:
    """Statements about one life; every event is told of with a day, a bound or an order.

    ``others`` are events of other lives that may be referred to.
    """
    wanted = dict.fromkeys((choose(OPENING), *(choose(OTHERS) for _ in range(choose((1, 2, 2, 3))))))
    events = list(wanted)
    rows: list[Statement] = []
    apart, links = choose(((True, GAPS[2:5]), (True, ()), (False, GAPS)))
    for number, event in enumerate(events):
        cells: dict[str, Any] = {"when": _when(choose, number, apart=apart)}
        known = [*events[:number], *(f"{subject}/{other}" for subject, other in others)]
        if known and links and choose((1, 0)):
            cells[choose(("after", "before") if number > 1 else ("after",))] = choose(known)
            cells["gap"] = choose(links)
        closing = event not in OPENING and event not in {"transfer", "death"}
        cells["expected"] = choose((False, False, False, True)) and closing
        if event in OPENING or event == "transfer":
            cells["place"] = choose(PLACES)
        rows.append(Statement(f"{label}{number}", label, testimony=label, event=event, **cells))
    return rows


def lives(choose: Choose, count: int) -> list[Statement]:
    """Statements about one life or several, which may refer to each other."""
    rows: list[Statement] = []
    for label in "ABC"[:count]:
        known = [(row.about, row.event) for row in rows]
        rows += life(choose, label, known[: choose((0, 5))])
    return rows


@st.composite
def short_lives(draw: st.DrawFn, count: int) -> list[Statement]:
    """Statements about ``count`` lives, from Hypothesis."""

    def choose(options: Sequence[T], /) -> T:
        return draw(st.sampled_from(options))

    return lives(choose, count)
