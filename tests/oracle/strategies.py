"""Groups of subjects about whom people told little, much, or contradictory things.

``group`` builds a case from a source of choices, so that Hypothesis (which
shrinks) and a plain random generator (which is fast) make the same cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from hypothesis import strategies as st
from tests.oracle.problem import live, own_point, reference

from estelik.records import Judgement, Statement

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

T = TypeVar("T")


class Choose(Protocol):
    """Picks one of several; the first is the simplest."""

    def __call__(self, options: Sequence[T], /) -> T:
        """One of the options."""
        ...


class Case(NamedTuple):
    """What ``solve`` is given."""

    statements: tuple[Statement, ...]
    judgements: tuple[Judgement, ...]


EVENTS = (
    "arrest", "release", "camp-entry", "transfer", "death", "walk", "release#2", "camp-entry:Tekes",
    "missing", "found", "burial", "birth", "death-notified", "house-arrest",
)  # fmt: skip
WHENS = (
    "2018", "2017", "2019-06", "2018-05-03", "2018-24", "[2017,2019]", "2016/..", "../2018", "2018-22",
    "[2017-03,2018-11-05,2020]", "2017-02-11?", "2018-04~", "201X", "2018-11-XX", "2017-03/2018-02-10",
    "/2017-08", "2019-01-05/", "2016-23", "2020-02-29", "{2016-05,2018-05}", "2019%", "2018-XX-XX", "2150",
    "1850/2017",
)  # fmt: skip
BIRTHS = ("1985", "1984-03-05", "1980/1990", "[1983,1987]", "198X", "1986-24", "1950/..")
TOLDS = (
    "2018-09-01",
    "2019",
    "2020-05-03",
    "2021",
    "2018/2020",
    "[2018-03,2020-03]",
    "2017-12",
    "",
    "2019-24",
)
GAPS = (
    "", "P1Y", "P1Y9M", "P6M", "~P1Y", "P2D/P7D", "[P5Y,P8Y]", "[P1M,P2Y]", "±P1M", ">P1Y", ">=P60D", "<P3M",
    "<=P3M", "P10D", "P2W", "P1M/P1Y", "[P1W,>=P3Y]", "~P2M", "P1M5D", "<=P20D", "[<P2W,P7M/P8M,P2Y]", "P0D",
    "±P10D", "<P1D", "~P3D", "P31Y", "P90Y",
)  # fmt: skip
AGES = ("32", "33", "30", "34", "30..33", "~32", "~35", "31", "20", "60..65", "0", "104")
GRADES = ("", "B2", "A1", "E5", "F6", "C3", "D4", "A6", "F1", "B3")
ROLES = ("told", "perceived", "inferred", "document", "coerced")
LAYERS = ("asserted",) * 7 + ("background", "presumption", "implicature")
ANSWERS = ("yes",) * 16 + ("no", "unknown", "refused")
SIZES = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 8, 12)


def _some(choose: Choose, likely: int, out_of: int = 20) -> bool:
    """True ``likely`` times out of 20, False being the simpler."""
    return choose(range(out_of)) >= out_of - likely


class _Group:
    """A case in the making."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        labels = "ABCDEFGHIJKL"[: choose(SIZES)]
        pools = {label: self._events() for label in labels}
        self.kinds = {label: "organisation" if _some(choose, 2) else "person" for label in labels}
        self.everything = [(label, event) for label, events in pools.items() for event in events]
        self.tellings = [(f"t{n}", choose(TOLDS)) for n in range(choose((1, 2, 3)))]
        few = len(labels) > 3
        self.rows: list[dict[str, Any]] = []
        for label, events in pools.items():
            for event in events:
                for _ in range(choose((1, 1, 1, 2) if few else (1, 1, 2, 2, 3))):
                    self.rows.append(self._row(label, event, events))
        if _some(choose, 3):
            row = self._row("?x", choose(EVENTS), ())
            self.rows.append(row)

    def _events(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.choose(EVENTS) for _ in range(self.choose((2, 1, 3, 4)))))

    def _row(self, label: str, event: str, events: Sequence[str]) -> dict[str, Any]:
        choose = self.choose
        person = self.kinds.get(label, "person") == "person"
        row: dict[str, Any] = {"statement": f"s{len(self.rows)}", "about": label}
        row["about_kind"] = self.kinds.get(label, "person")
        if _some(choose, 2):
            row["fact"] = "intention"
        else:
            row["event"] = event
        born = event == "birth" and "event" in row
        cells = choose(("when", "after", "before", "age", "when+after", "after+before", "all", "none"))
        if "when" in cells or cells == "all":
            row["when"] = choose(BIRTHS if born else WHENS)
        if (cells in {"age", "all"} or _some(choose, 2)) and person and not born:
            row["age"] = choose(AGES)
        targets = ["told", *(other for other in events if other != event or "fact" in row)]
        targets += [f"{about}/{other}" for about, other in self.everything if about != label]
        if person and not born:
            targets.append("birth")
        both = cells == "after+before"
        if "after" in cells or cells == "all":
            row["after"] = choose(targets[1:] or targets)
        if "before" in cells:
            row["before"] = choose(targets)
        if not both and ("after" in row or "before" in row):
            row["gap"] = choose(GAPS)
        row["testimony"], row["told"] = choose(self.tellings)
        if _some(choose, 4):
            row["testimony"], row["source"], row["told"] = "", choose(("mother", "cellmate")), choose(TOLDS)
        row["layer"], row["grade"] = choose(LAYERS), choose(GRADES)
        row["role"], row["answer"] = choose(ROLES), choose(ANSWERS)
        row["expected"] = _some(choose, 2)
        if self.rows and _some(choose, 1):
            row["corrects"] = choose(self.rows)["statement"]
        return row

    def case(self) -> Case:
        """The finished case: no statement that counts names an event that nobody speaks of."""
        judgements = self._judgements()
        rows = [Statement(**row) for row in self.rows]
        alive = live(rows, judgements)
        told_of = {own_point(row) for row in alive if row.event}
        persons = {row.subject for row in alive if row.about_kind == "person"}
        ids = {row.statement for row in alive}
        for n, row in enumerate(rows):
            cells = dict(self.rows[n])
            for column in ("after", "before"):
                if not cells.get(column) or row.statement not in ids:
                    continue
                point = reference(row, cells[column])
                born = point.label == "birth" and point.subject in persons
                if point.sort == "event" and point not in told_of and not born:
                    cells |= {"gap": "", column: ""}
            rows[n] = Statement(**cells)
        return Case(tuple(rows), judgements)

    def _judgements(self) -> tuple[Judgement, ...]:
        made = []
        if _some(self.choose, 2):
            row = self.choose(self.rows)
            made.append(Judgement("j1", "set-aside", "a copy", "2024-01-01", statement=row["statement"]))
            if _some(self.choose, 5):
                made.append(Judgement("j2", "withdrawn", "no copy", "2024-01-02", withdraws="j1"))
        return tuple(made)


def group(choose: Choose) -> Case:
    """A case from any source of choices."""
    return _Group(choose).case()


def random_case(source: random.Random) -> Case:
    """A case from a random generator."""
    return group(source.choice)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case from Hypothesis."""

    def choose(options: Sequence[T], /) -> T:
        return draw(st.sampled_from(options))

    return group(choose)
