"""No small cell of a table can be read or worked out: not by an earlier release either."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from estelik.errors import UsageError
from estelik.protection.table import Shown, Table, bounds, suppress

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 40))


def table(counts: list[list[int]]) -> Table:
    rows, columns = (
        tuple(f"{kind}{at}" for at in range(size))
        for kind, size in (("r", len(counts)), ("c", len(counts[0])))
    )
    return Table(rows, columns, tuple(map(tuple, counts)))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    return table([[draw(COUNTS) for _ in range(columns)] for _ in range(rows)])


class Attacker:
    """Works out what a hidden cell may be: every table of whole numbers that all releases allow."""

    def __init__(self, releases: list[Shown], *, growing: bool) -> None:
        self.model = cp_model.CpModel()
        self.cells = [self._allowed(one) for one in releases]
        for one, other in zip(self.cells, self.cells[1:], strict=False):
            for cell in one if growing else ():
                self.model.add(other[cell] >= one[cell])

    def _allowed(self, shown: Shown) -> dict[tuple[int, int], cp_model.IntVar]:
        rows, columns = len(shown.table.rows), len(shown.table.columns)
        cells = {
            cell: self.model.new_int_var(0, 400, "") for cell in product(range(rows + 1), range(columns + 1))
        }
        for row in range(rows + 1):
            self.model.add(sum(cells[row, column] for column in range(columns)) == cells[row, columns])
        for column in range(columns + 1):
            self.model.add(sum(cells[row, column] for row in range(rows)) == cells[rows, column])
        for cell, variable in cells.items():
            count = shown.count(*cell)
            if count is not None:
                self.model.add(variable == count)
        return cells

    def most(self, what: cp_model.LinearExprT) -> int:
        """The greatest number that something may be."""
        return self._solved(self.model.maximize, what)

    def least(self, what: cp_model.LinearExprT) -> int:
        """The least number that something may be."""
        return self._solved(self.model.minimize, what)

    def _solved(self, aim: Callable[[cp_model.LinearExprT], None], what: cp_model.LinearExprT) -> int:
        aim(what)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(self.model) == cp_model.OPTIMAL
        return round(solver.objective_value)


@settings(max_examples=40, deadline=None)
@given(one=tables())
def test_no_small_cell_can_be_worked_out(one: Table) -> None:
    """Of every hidden small cell an attacker with a solver must allow that it is five or more."""
    shown = suppress(one)
    attacker = Attacker([shown], growing=False)
    assert not any(0 < (shown.count(*cell) or 0) < 5 for cell in attacker.cells[0])
    for cell in shown.small:
        assert attacker.most(attacker.cells[0][cell]) >= 5


@settings(max_examples=40, deadline=None)
@given(one=tables(), data=st.data())
def test_bounds_are_those_of_a_solver(one: Table, data: st.DataObject) -> None:
    """The least and the greatest number of any cell, whatever is hidden."""
    every = list(product(range(len(one.rows) + 1), range(len(one.columns) + 1)))
    hidden = data.draw(st.sets(st.sampled_from(every), min_size=1))
    attacker = Attacker([Shown(one, frozenset(hidden), frozenset())], growing=False)
    for cell in hidden:
        least, most = bounds(one, hidden, cell)
        assert attacker.least(attacker.cells[0][cell]) == least
        # The solver's numbers end somewhere.
        assert most is None or attacker.most(attacker.cells[0][cell]) == min(most, 400)


@settings(max_examples=40, deadline=None)
@given(one=tables(), data=st.data())
def test_the_difference_to_an_earlier_release_tells_no_small_number(one: Table, data: st.DataObject) -> None:
    """Knowing that people were only added, an attacker allows five or more of each that grew by fewer."""
    added = [[data.draw(st.sampled_from([0, 0, 1, 3, 7])) for _ in row] for row in one.counts]
    later = table([[a + b for a, b in zip(*two, strict=True)] for two in zip(one.counts, added, strict=True)])
    tells_nothing(one, later)


@pytest.mark.parametrize(
    ("before", "added"),
    [
        ([[0, 8, 0], [4, 20, 20], [20, 6, 2]], [[0, 0, 0], [0, 0, 7], [3, 3, 30]]),
        ([[20, 6, 0], [4, 3, 4]], [[7, 0, 30], [3, 0, 0]]),
    ],
)
def test_nor_does_growth_narrow_what_is_hidden(before: list[list[int]], added: list[list[int]]) -> None:
    """A cell that hides another may only have grown: it must have room to, or another hides it."""
    later = [[a + b for a, b in zip(*two, strict=True)] for two in zip(before, added, strict=True)]
    tells_nothing(table(before), table(later))


def test_a_table_that_did_not_change_is_shown_as_before() -> None:
    """Nothing more is hidden of it, nor less; nor is anything where all has grown past what is small."""
    one = table([[3, 20, 9], [8, 40, 50], [30, 60, 70]])
    first = suppress(one)
    assert suppress(one, earlier=[first]).hidden == first.hidden
    assert not suppress(table([[13, 30, 19], [18, 50, 60], [40, 70, 80]]), earlier=[first]).hidden


def tells_nothing(one: Table, later: Table) -> None:
    """Whoever knows both releases, and that people were only added, allows five of each small number."""
    first = suppress(one)
    second = suppress(later, earlier=[first])
    attacker = Attacker([first, second], growing=True)
    old, new = attacker.cells
    for cell in new:
        before, now = bounds(one, (), cell)[0], bounds(later, (), cell)[0]
        if 0 < now < 5:
            assert attacker.most(new[cell]) >= 5
        if 0 < now - before < 5:
            assert attacker.most(new[cell] - old[cell]) >= 5


@settings(max_examples=25, deadline=None)
@given(one=tables(), data=st.data())
def test_neither_does_what_was_taken_out(one: Table, data: st.DataObject) -> None:
    """Where entries were withdrawn, too."""
    later = table(
        [[max(0, count + data.draw(st.sampled_from([0, -2, 2, 9]))) for count in row] for row in one.counts]
    )
    first = suppress(one)
    second = suppress(later, earlier=[first])
    attacker = Attacker([first, second], growing=False)
    old, new = attacker.cells
    for cell in new:
        before, now = bounds(one, (), cell)[0], bounds(later, (), cell)[0]
        if 0 < abs(now - before) < 5:
            assert attacker.most(new[cell] - old[cell]) >= 5


def test_one_small_cell_hides_three_others_and_no_total() -> None:
    """Of a table with one small cell four are hidden: the cheapest rectangle; totals are kept."""
    shown = suppress(table([[3, 20, 9], [8, 40, 50], [30, 60, 70]]))
    assert shown.small == {(0, 0)}
    assert shown.others == {(0, 2), (1, 0), (1, 2)}
    assert shown.count(0, 3) == 32


def test_what_is_not_small_is_shown_and_nothing_beside() -> None:
    shown = suppress(table([[10, 20], [0, 40]]))
    assert not shown.hidden
    assert shown.count(1, 0) == 0
    assert shown.count(2, 2) == 70


def test_a_table_of_one_cell_hides_its_totals_too() -> None:
    """Where nothing else can hide it, nothing is shown."""
    shown = suppress(table([[3]]))
    assert len(shown.hidden) == 4
    assert shown.count(1, 1) is None


def test_a_row_that_is_new_has_grown_from_nothing() -> None:
    first = suppress(Table(("a",), ("x", "y"), ((20, 30),)))
    second = suppress(Table(("a", "b"), ("x", "y"), ((20, 30), (2, 40))), earlier=[first])
    assert (1, 0) in second.small


@pytest.mark.parametrize(
    "wrong",
    [
        Table((), (), ()),
        Table(("a",), ("x",), ((1, 2),)),
        Table(("a", "a"), ("x",), ((1,), (2,))),
        Table(("a",), ("x",), ((-1,),)),
    ],
)
def test_what_is_no_table_is_refused(wrong: Table) -> None:
    with pytest.raises(UsageError):
        suppress(wrong)
