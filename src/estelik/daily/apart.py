"""Apart: a life that cannot be true as told, put before a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.errors import NotFoundError
from estelik.index import reader, tables
from estelik.records.stored import STATEMENT

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.casebook import Casebook
    from estelik.records import Judgement, Statement
    from estelik.views.person import PersonPage


def laid(casebook: Casebook, life: str, *, today: int, supposing: Judgement | None = None) -> PersonPage:
    """The page of a life (its key), without questions and encounters; with the judgement that is being
    thought of (``supposing``), where there is one. Raises ``NotFoundError``."""
    from estelik.views.dossier import pages
    from estelik.views.who import Judging

    merged = casebook.lives.of(life)
    keys = merged.keys(life)
    judgements = [*merged.judgements, *(() if supposing is None else (supposing,))]
    judging = Judging(merged, {one.id: one for one in casebook.lives.verdicts()}, {})
    found = pages(
        merged.statements,
        judgements,
        today=today,
        subjects={one.split("\x1f")[0] for one in keys},
        judging=judging,
        brief=True,
    )
    for page in found:
        if page.key in keys:
            return page
    raise NotFoundError(
        "Nothing is recorded about this subject.", safe="", do="Check how the label is written."
    )


def disputed(page: PersonPage) -> tuple[int, ...]:
    """The numbers of the statements that cannot all be true, in order."""
    found = {one.statement for each in page.contradictions for one in each.parties}
    found |= {one for each in page.contradictions for party in each.parties for one in party.joined}
    for repair in page.repairs:
        found |= {*repair.sets_aside, *repair.keeps, *repair.among}
    return tuple(sorted(found))


def told(casebook: Casebook, statements: Collection[str]) -> dict[str, Statement]:
    """The statements with these ids that this member can open, by id."""
    store, found = casebook.vault.store, {}
    wanted = {tables.name(STATEMENT, one) for one in statements}
    hidden = casebook.decisions.hidden() if store.any_disposition() else frozenset()
    with store.read() as connection:
        looked = reader.Reader(connection, store.schemas)
        looked.read(
            {
                name: [seq for seq, _ in tables.statements(connection, schema, wanted).values()]
                for name, schema in store.schemas.items()
            }
        )
        for one in looked.in_order():
            if one.statement not in hidden:
                found[one.statement] = one
    return found
