"""Table: counts of people by two things, in which no small cell can be read or worked out.

A cell from 1 to 4 is hidden, and so are as many others that its number is not
told by the totals: whatever the numbers that are shown allow, it may be 5 or
more. A table is a flow from totals to cells and back, so that the least and the
greatest number a hidden cell may be are found by the greatest flow around it,
and the cheapest others to hide by a shortest way. Where totals are hidden too,
that costs more than any cell. What has grown since an earlier release is a table
as well, and hidden in the same way: as if nothing but growth were possible, where
nothing else happened.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from itertools import product
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    #: Row and column; the row or column behind the last one is of totals.
    Cell = tuple[int, int]
    #: Row or column (True), and its number: what flows through cells.
    Node = tuple[bool, int]

#: Fewer people than these are not shown.
BOUND: Final = 5
#: More than any table holds.
_ENDLESS: Final = 1 << 60


class Table(msgspec.Struct, frozen=True):
    """``counts``: of each of ``rows`` one number for each of ``columns``."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class Shown(msgspec.Struct, frozen=True):
    """A table as it may be shown. ``small``: cells hidden for their number, or for how little they grew;
    ``others``: such as are hidden so that these cannot be worked out; both with totals (row or column behind
    the last)."""

    table: Table
    small: frozenset[tuple[int, int]]
    others: frozenset[tuple[int, int]]

    @property
    def hidden(self) -> frozenset[tuple[int, int]]:
        """All that is not shown."""
        return self.small | self.others

    def count(self, row: int, column: int) -> int | None:
        """A number of the table or of its totals; None where it is hidden."""
        return None if (row, column) in self.hidden else _with_totals(self.table)[row, column]


def suppress(table: Table, *, bound: int = BOUND, earlier: Sequence[Shown] = ()) -> Shown:
    """``table`` with what has to be hidden, beside ``earlier`` releases of the same.

    Raises UsageError where it is no table: rows of different lengths, labels
    that come twice, numbers below 0.
    """
    _check(table)
    counts = _with_totals(table)
    hidden = small = {cell for cell, count in counts.items() if 0 < count < bound}
    olds = [_as_before(one, table) for one in earlier]
    # What hides a cell that is still small goes on to hide it: both may have been more all along.
    kept = [_bound_up(_moved(one, table), small, _shape(counts)) for one in earlier]
    hidden = hidden.union(*kept)
    before: set[Cell] | None = None
    while hidden != before:
        before = hidden
        hidden = hidden | _beside(counts, hidden, dict.fromkeys(small, bound))
        for old, still in zip(olds, kept, strict=True):
            change = {cell: count - old.get(cell, 0) for cell, count in counts.items()}
            little = {cell for cell, by in change.items() if 0 < abs(by) < bound}
            small, hidden = small | little, hidden | little
            if min(change.values()) < 0:
                # Where some were taken out nobody knows which way a hidden cell went.
                needs = {cell: old.get(cell, 0) + bound for cell in little}
                hidden = hidden | _beside(counts, hidden, needs)
            else:
                needs = dict.fromkeys(little, bound)
                for cell in small - still:
                    needs[cell] = max(needs.get(cell, 0), change[cell] + bound - counts[cell])
                hidden = hidden | _beside(change, hidden, needs)
    return Shown(table, frozenset(small), frozenset(hidden - small))


def bounds(table: Table, hidden: Collection[Cell], cell: Cell) -> tuple[int, int | None]:
    """The least and the greatest number that a cell may be, by all that is shown; None is no greatest."""
    counts = _with_totals(table)
    if cell not in hidden:
        return counts[cell], counts[cell]
    lower, upper = _bounds(counts, hidden, cell, _shape(counts))
    return lower, None if upper >= _ENDLESS else upper


def _check(table: Table) -> None:
    lengths = {len(row) for row in table.counts} - {len(table.columns)}
    doubled = len(set(table.rows)) < len(table.rows) or len(set(table.columns)) < len(table.columns)
    if lengths or doubled or len(table.rows) != len(table.counts) or not table.rows or not table.columns:
        raise UsageError(
            "The numbers do not make a table.",
            do="Give each row one number for each column, each label once.",
        )
    if min(map(min, table.counts)) < 0:
        raise UsageError("A table of people has a number below nought.", do="Count them anew.")


def _with_totals(table: Table) -> dict[Cell, int]:
    rows, columns = len(table.rows), len(table.columns)
    counts = {(row, column): table.counts[row][column] for row in range(rows) for column in range(columns)}
    for row in range(rows):
        counts[row, columns] = sum(table.counts[row])
    for column in range(columns):
        counts[rows, column] = sum(one[column] for one in table.counts)
    counts[rows, columns] = sum(map(sum, table.counts))
    return counts


def _shape(counts: Iterable[Cell]) -> Cell:
    return max(counts)


def _arc(cell: Cell, shape: Cell) -> tuple[Node, Node]:
    """From where to where the number of a cell flows: from its row to its column, and of totals back."""
    row, column = cell
    ends = (False, row), (True, column)
    return ends if (row == shape[0]) == (column == shape[1]) else ends[::-1]


def _beside(counts: Mapping[Cell, int], hidden: Collection[Cell], needs: Mapping[Cell, int]) -> set[Cell]:
    """The cells to hide besides ``hidden``, so that each of ``needs`` may be as much as that or more."""
    shape = _shape(counts)
    out = set(hidden)
    for cell in sorted(needs, key=lambda one: (-counts[one], one)):
        while _bounds(counts, out, cell, shape)[1] < needs[cell]:
            out |= _way(counts, out, cell, shape, needs[cell] - counts[cell])
    return out - set(hidden)


def _bounds(counts: Mapping[Cell, int], hidden: Collection[Cell], cell: Cell, shape: Cell) -> tuple[int, int]:
    start, end = _arc(cell, shape)
    room: dict[Node, dict[Node, int]] = {}
    for one in hidden:
        if one != cell:
            a, b = _arc(one, shape)
            # More may always flow, less down to nothing.
            room.setdefault(a, {})[b] = _ENDLESS
            room.setdefault(b, {})[a] = counts[one]
    more = _flow({node: dict(to) for node, to in room.items()}, end, start)
    less = _flow(room, start, end)
    return counts[cell] - min(less, counts[cell]), min(counts[cell] + more, _ENDLESS)


def _flow(room: dict[Node, dict[Node, int]], start: Node, end: Node) -> int:
    """The greatest flow from one node to another (Edmonds and Karp 1972)."""
    total = 0
    while total < _ENDLESS:
        came: dict[Node, Node] = {start: start}
        queue = deque([start])
        while queue and end not in came:
            node = queue.popleft()
            for after, free in room.get(node, {}).items():
                if free > 0 and after not in came:
                    came[after] = node
                    queue.append(after)
        if end not in came:
            return total
        path = [end]
        while path[-1] != start:
            path.append(came[path[-1]])
        steps = list(zip(path[1:], path, strict=False))
        amount = min(room[a][b] for a, b in steps)
        for a, b in steps:
            room[a][b] -= amount
            back = room.setdefault(b, {})
            back[a] = back.get(a, 0) + amount
        total += amount
    return total


def _way(
    counts: Mapping[Cell, int], hidden: Collection[Cell], cell: Cell, shape: Cell, amount: int
) -> set[Cell]:
    """The cells of the cheapest way around, by which so much more may flow through a cell (Dijkstra 1959)."""
    start, end = _arc(cell, shape)
    dear = sum(abs(count) for count in counts.values()) + len(counts)
    ways: dict[Node, list[tuple[int, Node, Cell]]] = {}
    for one, count in counts.items():
        if one == cell:
            continue
        a, b = _arc(one, shape)
        total = one[0] == shape[0] or one[1] == shape[1]
        cost = 0 if one in hidden else count + 1 + dear * total
        ways.setdefault(a, []).append((cost, b, one))
        if count >= amount:
            ways.setdefault(b, []).append((cost, a, one))
    heap: list[tuple[int, Node, tuple[Cell, ...]]] = [(0, end, ())]
    done: set[Node] = set()
    while heap:
        cost, node, path = heappop(heap)
        if node == start:
            return set(path)
        if node in done:
            continue
        done.add(node)
        for more, after, one in ways.get(node, ()):
            if after not in done:
                heappush(heap, (cost + more, after, (*path, one)))
    return set(counts)


def _bound_up(hidden: Collection[Cell], small: Collection[Cell], shape: Cell) -> set[Cell]:
    """Those hidden cells through which something can flow that flows through a small one."""
    found = {cell for cell in hidden if cell in small}
    reached = {node for cell in found for node in _arc(cell, shape)}
    while more := {cell for cell in hidden if cell not in found and reached & {*_arc(cell, shape)}}:
        found |= more
        reached |= {node for cell in more for node in _arc(cell, shape)}
    return found


def _as_before(shown: Shown, table: Table) -> dict[Cell, int]:
    """The numbers of an earlier table under the rows and columns of a later one; what was not in it is 0."""
    old = _with_totals(shown.table)
    places = _places(shown.table, table)
    return {cell: old[there] for cell, there in places.items()}


def _moved(shown: Shown, table: Table) -> set[Cell]:
    """What was hidden of an earlier table, under the rows and columns of a later one."""
    return {cell for cell, there in _places(shown.table, table).items() if there in shown.hidden}


def _places(old: Table, new: Table) -> dict[Cell, Cell]:
    """Where cells of the later table, with its totals, stood in the earlier one."""

    def where(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
        at = {label: place for place, label in enumerate(before)}
        found = {place: at[label] for place, label in enumerate(after) if label in at}
        return {**found, len(after): len(before)}

    rows, columns = where(old.rows, new.rows), where(old.columns, new.columns)
    return {(row, column): (rows[row], columns[column]) for row, column in product(rows, columns)}
