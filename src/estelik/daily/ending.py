"""Ending: a telling that was written down line by line is entered, whole, and its draft is dropped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from estelik.daily import consenting, lines, telling
from estelik.errors import NotFoundError, SheetError
from estelik.index import consents
from estelik.index.evidence import SOURCES
from estelik.vault import drafts

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook
    from estelik.daily.telling import Telling
    from estelik.records import Statement
    from estelik.records.consent import Consent


class Ended(NamedTuple):
    """What came of a telling: how many statements and consents were entered."""

    statements: int
    consents: int


def waiting(casebook: Casebook) -> list[Telling]:
    """The tellings that were begun and not ended, the first first."""
    return [telling.decode(body) for body in drafts.drafts(casebook.vault.store).values()]


def found(casebook: Casebook, id_: str) -> Telling:
    """The telling with this id. Raises ``NotFoundError``."""
    body = drafts.drafts(casebook.vault.store).get(id_)
    if body is None:
        raise NotFoundError(
            "This telling is not being written down any more.",
            safe="What was entered is kept.",
            do="See whether somebody else has ended it.",
        )
    return telling.decode(body)


def changed(casebook: Casebook, id_: str, step: Callable[[Telling], Telling]) -> Telling:
    """Takes one step from whatever the telling is now. Raises ``NotFoundError``, and what the step raises."""

    def become(before: bytes | None) -> bytes:
        if before is None:
            return telling.encode(step(found(casebook, id_)))
        return telling.encode(replace(step(telling.decode(before)), kept=_now()))

    after = drafts.change(casebook.vault.store, id_, become)
    assert after is not None  # noqa: S101 (no step takes it away)
    return telling.decode(after)


def begun(casebook: Casebook, new: Telling) -> Telling:
    """Begins a telling: from here on there is a draft."""
    drafts.change(casebook.vault.store, new.id, lambda _: telling.encode(replace(new, kept=_now())))
    return new


def dropped(casebook: Casebook, id_: str) -> None:
    """Leaves nothing of a telling: she no longer agrees to be recorded."""
    drafts.change(casebook.vault.store, id_, lambda _: None)


def end(casebook: Casebook, id_: str, member: str) -> Ended:
    """Enters the statements of a telling in one transaction, then its consents, and drops the draft.

    After a loss of power in between it can be ended again: what is there is not entered twice. Raises
    ``SheetError`` or ``CasebookError``; the draft stays then.
    """
    # From here on nobody adds a line that would be dropped with the draft.
    told = changed(casebook, id_, _closed)
    with casebook.entering():
        try:
            made, agreed = _made(casebook, told, member)
        except SheetError:
            changed(casebook, id_, lambda now: replace(now, closing=False))
            raise
        entered = casebook.add_statements(made)
        there = {one.id for one in casebook.consents().given}
        when = datetime.now(UTC).isoformat(timespec="seconds")
        fresh = [
            replace(one, made=when, device=casebook.vault.device) for one in agreed if one.id not in there
        ]
        if fresh:
            consents.enter(casebook.vault.store, fresh)
        _keep_accounts(casebook, told, made)
    dropped(casebook, id_)
    return Ended(entered.imported + entered.unchanged, len(agreed))


def _made(
    casebook: Casebook, told: Telling, member: str
) -> tuple[tuple[Statement, ...], tuple[Consent, ...]]:
    """The statements and consents of a telling. Raises ``SheetError``."""
    key = casebook.statement_key
    made, faults = lines.checked(told, lines.drafts(told), casebook.known(), key)
    if faults:
        raise SheetError(faults)
    people = frozenset(one.about for one in made)
    return made, consenting.given(told, member, people, key) if made or told.accounts else ()


def _keep_accounts(casebook: Casebook, told: Telling, made: tuple[Statement, ...]) -> None:
    """Each account that was pasted is evidence, with whoever told it, of the statements that came of it:
    also one of which none came."""
    if not told.accounts:
        return
    from estelik.evidence.intake import Particulars, add_text

    for first, last in told.accounts:
        account = told.account[first:last]
        quoted = tuple(one.statement for one in made if one.quote and one.quote in account)
        # Whoever tells is named in what she tells.
        said = Particulars(told.source, told.told, told.abouts, quoted, compartment=SOURCES)
        add_text(casebook.vault, "account.txt", account, said)


def _closed(now: Telling) -> Telling:
    """What nobody has kept yet is kept as words, and nothing is added from here on."""
    for member in now.open:
        now = telling.set_aside(now, member)
    return replace(now, closing=True)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
