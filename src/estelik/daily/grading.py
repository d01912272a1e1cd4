"""Grading: what a member says of how a statement is known: what its source and it are worth, and through whom
it came.

What was told stays as it is. The row is entered once more, with another grade or chain, and corrects the one
before it, which is kept and shown: a statement has one grade at a time, and everybody sees since when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from estelik.chronology.lives import retired
from estelik.daily import apart, entering
from estelik.errors import CasebookError, NotFoundError, UsageError
from estelik.exchange import cell, sheet
from estelik.exchange.columns import NAMES, UNGRADED
from estelik.records.statement import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook
    from estelik.records import Statement

#: How a source can know what it says.
ROLES: Final[tuple[Role, ...]] = get_args(Role)


def grade(
    casebook: Casebook,
    statement: str,
    reason: str,
    *,
    letters: str | None = None,
    role: Role | None = None,
    via: str | None = None,
    check: Callable[[], object] = lambda: None,
) -> str:
    """Enters the statement with this id once more, as its correction: with the grade ``letters`` ("F6": it
    cannot be judged), the ``role`` and the chain (``via``: "friend > neighbour", "": the source has it from
    nobody), each as it was where it is None; the id of the correction. The reason stands in its note.

    Raises ``NotFoundError``, ``UsageError``, ``CasebookError``, ``SheetError`` and what ``check`` raises,
    which is called while nobody else can enter anything; nothing is written then.
    """
    if not reason.strip():
        raise UsageError("The reason is empty.", do="Say in a sentence why.")
    if letters is not None and cell.grade(letters):
        raise UsageError("This is not a grade.", do="Write a letter A to F and a digit 1 to 6, like B2.")
    before = standing(casebook, statement)
    cells = dict(zip(NAMES, sheet.cells(before), strict=True))
    now = dict(cells)
    if letters is not None:
        now["grade"] = letters
    if role is not None:
        now["role"] = role
    if via is not None:
        now["via"] = " ".join(via.split())
    if _known(now) == _known(cells):
        raise UsageError("That is how it stands already.", do="Give another grade, or another chain.")
    note = "; ".join(one for one in (cells["note"], reason.strip()) if one)

    def may() -> None:
        check()
        # Two who grade at once would leave two rows in the place of one.
        standing(casebook, statement)

    row = now | {"statement": "", "corrects": statement, "note": note}
    made = entering.enter(casebook, [row], check=may)
    return made.statements[0]


def standing(casebook: Casebook, statement: str) -> Statement:
    """The statement with this id, where it can be graded. Raises ``NotFoundError``, ``UsageError`` or
    ``CasebookError``."""
    if "source" not in casebook.vault.store.schemas:
        raise CasebookError(
            "A grade says something of a source, and the names of sources are not open to you.",
            do="Ask somebody who holds the compartment of sources: estelik member list",
        )
    found = apart.told(casebook, {statement}).get(statement)
    if found is None:
        raise NotFoundError(
            "There is no statement with this id.", do="Find the id with: estelik timeline SUBJECT --json"
        )
    if found.about.startswith("?"):
        raise UsageError(
            "It is about somebody unnamed, who is known by this statement alone.",
            do="Correct it to a name first, and grade that.",
        )
    merged = casebook.lives.of(found.about)
    if statement in retired(merged.statements, merged.judgements):
        raise UsageError(
            "This statement is corrected or set aside: nothing is reckoned from it.",
            do="Grade the one that stands in its place.",
        )
    return found


def _known(cells: dict[str, str]) -> tuple[str, str, str]:
    """How a row is known: its grade, its role, its chain, as they count."""
    via = " > ".join(one.strip() for one in cells["via"].split(">") if one.strip())
    letters = cells["grade"].upper()
    return "" if letters == UNGRADED else letters, cells["role"] or "told", via
