"""Entering: rows that come without a file become statements, by the rules of the sheet."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from estelik.errors import SheetError
from estelik.exchange import rows
from estelik.exchange.columns import NAMES
from estelik.exchange.faults import Faults
from estelik.exchange.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from estelik.casebook import Casebook


class Entered(NamedTuple):
    """The ids of the statements that are new, in order, and how many rows were there before."""

    statements: tuple[str, ...]
    unchanged: int


def enter(
    casebook: Casebook,
    cells: Sequence[Mapping[str, str]],
    *,
    only_check: bool = False,
    check: Callable[[], object] = lambda: None,
) -> Entered:
    """Enters rows (by their columns), all or none; ``only_check``: none, and says what would be entered.
    ``check`` is called while nobody else can enter anything (``Casebook.add_statements``).

    Raises ``SheetError`` (``Fault.row``: which of them, from 1) or ``CasebookError``; nothing is written
    then.
    """
    with nullcontext() if only_check else casebook.entering():
        known = casebook.known()
        faults = Faults(("",))
        ledger = Ledger(known, faults)
        lines: list[rows.Row] = [
            (number, [one.get(name, "") for name in NAMES], {}) for number, one in enumerate(cells, start=1)
        ]
        made = list(rows.statements(lines, NAMES, 0, casebook.statement_key, ledger))
        ledger.close()
        if faults.count:
            raise SheetError(faults.listed())
        if not only_check:
            found = casebook.add_statements(made, check=check)
            return Entered(found.statements, found.unchanged)
        there = known.digests([one.statement for one in made])
        fresh = tuple(one.statement for one in made if one.statement not in there)
        return Entered(fresh, len(made) - len(fresh))
