"""Allowances: what those who told of one life allow to be shown, and who can be reached on their account.

All of it lies with the sources: a member who does not hold them reads nothing here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import msgspec
from msgspec.structs import replace

from estelik.daily.today import today
from estelik.errors import ConsentError, NotFoundError, UsageError
from estelik.ids import new_id
from estelik.index import consents
from estelik.index.kept import Kept
from estelik.protection.voice import Standing, standing
from estelik.records import risk as risks
from estelik.records.consent import CONSENT, Act, Consent, Consents, Met, ReprisalCheck, Withdrawal
from estelik.vault import generation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from estelik.casebook import Casebook
    from estelik.exchange.consents import Entered, Known
    from estelik.records import Statement


class Allowance(msgspec.Struct, frozen=True):
    """A consent, how it stands today, and what was done about it, in order of entry."""

    consent: Consent
    standing: Standing
    acts: tuple[Act, ...] = ()


class Speaker(msgspec.Struct, frozen=True):
    """Somebody who told of a life, or may speak for it: her labels, the first one first, and what she allows;
    nothing where she was not asked."""

    labels: tuple[str, ...]
    allowances: tuple[Allowance, ...] = ()


class Allowances(msgspec.Struct, frozen=True):
    """What those allow who told of a life, in the order in which they told, and the risks on account of it
    and of them."""

    speakers: tuple[Speaker, ...] = ()
    risks: tuple[risks.Standing, ...] = ()


class _Known:
    """Consents and risks of one state of the sources, by whom they are of."""

    def __init__(self, state: object, found: Consents, dangers: Iterable[risks.Standing]) -> None:
        self.state = state
        self.by_id = {one.id: one for one in found.given}
        self.by_giver: dict[str, list[Consent]] = {}
        self.of_person: dict[str, list[Consent]] = {}
        for one in found.given:
            self.by_giver.setdefault(one.giver, []).append(one)
            if one.scope == "person":
                self.of_person.setdefault(one.of, []).append(one)
        self.acts: dict[str, list[Act]] = {}
        for act in found.acts:
            self.acts.setdefault(act.consent, []).append(act)
        self.risks: dict[str, list[risks.Standing]] = {}
        for danger in dangers:
            self.risks.setdefault(danger.risk.about, []).append(danger)


class _Reading:
    """What was read of one casebook."""

    def __init__(self) -> None:
        self.consents, self.risks = Kept(CONSENT), Kept(risks.RISK)
        self.known: _Known | None = None


_READ: Final[WeakKeyDictionary[Casebook, _Reading]] = WeakKeyDictionary()


def allowances(casebook: Casebook, told: Sequence[Statement], keys: Collection[str], day: date) -> Allowances:
    """What is allowed on a day by those who told of a life and by whoever it is: ``told``: its statements;
    ``keys``: the subjects that it is. Nothing where the sources are not open to this member."""
    known = _known(casebook)
    if known is None:
        return Allowances()
    members = casebook.lives.resolution.members
    tellings = {one.telling for one in told}
    spoke = {one.source for one in told} | {*keys}
    labels = {one.partition("\x1f")[0] for one in keys}
    about_her = [
        one
        for label in sorted(labels)
        for one in (*known.by_giver.get(label, ()), *known.of_person.get(label, ()))
    ]
    speaking: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for label in (*(one.source for one in told), *(one.giver for one in about_her)):
        if label and label not in seen:
            speaking.append((label, *(one for one in members(label) if one != label)))
            seen.update(speaking[-1])
    speakers = []
    for speaker in speaking:
        given = [one for label in speaker for one in known.by_giver.get(label, ())]
        acts = [act for one in given for act in known.acts.get(one.id, ())]
        every = Consents(tuple(given), tuple(acts))
        about = (
            one
            for one in given
            if (one.scope == "all" and spoke.intersection(speaker))
            or (one.scope == "person" and one.of in labels)
            or (one.scope == "testimony" and one.of in tellings)
        )
        allowed = tuple(
            Allowance(one, standing(one, every, day.toordinal()), tuple(known.acts.get(one.id, ())))
            for one in about
        )
        speakers.append(Speaker(speaker, allowed))
    dangers = [one for label in dict.fromkeys((*sorted(labels), *seen)) for one in known.risks.get(label, ())]
    return Allowances(tuple(speakers), tuple(dangers))


def known_of(casebook: Casebook, told: Sequence[Statement], named: Collection[str]) -> Known:
    """What a consent about one life is checked against; ``told``: the statements of the life; ``named``: the
    labels that the consent names."""
    from estelik.exchange.consents import Known

    people = {label for one in told for label in (one.about, *one.chain)}
    people |= {label for label in {*named} - people if label and casebook.statements([label])}
    tellings = {one.statement: one.telling for one in told}
    tellings |= {one.testimony: one.telling for one in told if one.testimony}
    there = _known(casebook)
    by_id = {} if there is None else there.by_id
    return Known(frozenset(people - {""}), tellings, by_id, today(), casebook.statement_key)


def enter(
    casebook: Casebook,
    read: Callable[[Known], Entered],
    known: Callable[[Casebook], Known],
    *,
    dry_run: bool = False,
) -> tuple[list[str], int]:
    """Enters the consents that were read; the ids that are new, and how many were there. Raises
    ``SheetError`` or ``ConsentError``."""
    with casebook.entering():
        found = read(known(casebook))
        made = datetime.now(UTC).isoformat(timespec="seconds")
        fresh = [replace(one, made=made, device=casebook.vault.device) for one in found.fresh]
        if fresh and not dry_run:
            consents.enter(casebook.vault.store, fresh)
    return [one.id for one in fresh], found.unchanged


def act(casebook: Casebook, id_: str, on: date, reason: str, kind: type[Act], **more: bool) -> None:
    """Enters what was done about the consent with this id on a day. Raises ``UsageError``,
    ``ConsentError`` or ``NotFoundError``; nothing is written then."""
    if not reason.strip():
        raise UsageError("The reason is empty.", do="Say in a sentence why.")
    if on > today():
        raise ConsentError("It is dated in the future.", do="Check the day.")
    made = datetime.now(UTC).isoformat(timespec="seconds")

    def may() -> None:
        found = casebook.consents()
        of = next((one for one in found.given if one.id == id_), None)
        if of is None:
            raise NotFoundError("There is no consent with this id.", do="See: estelik consent list")
        if on.isoformat() < of.given:
            raise ConsentError("The consent was given later than that.", do="Check the day.")
        if kind is Met and not of.condition:
            raise ConsentError("This consent has no condition.", do="See: estelik consent list")
        if kind is ReprisalCheck and of.basis != "already-public":
            raise ConsentError(
                "This consent does not rest on what is public already.", do="See: estelik consent list"
            )
        if kind is Withdrawal and any(
            isinstance(one, Withdrawal) and one.consent == id_ and one.day <= on.isoformat()
            for one in found.acts
        ):
            raise ConsentError("This consent was withdrawn before.")

    with casebook.entering():
        done = kind(new_id(), id_, on.isoformat(), reason, made, casebook.vault.device, **more)
        consents.enter(casebook.vault.store, [done], check=may)


def _known(casebook: Casebook) -> _Known | None:
    store = casebook.vault.store
    if consents.COMPARTMENT not in store.schemas:
        return None
    hidden = casebook.out_of_sight()
    reading = _READ.setdefault(casebook, _Reading())
    with store.read() as connection:
        own = {consents.COMPARTMENT: store.schemas[consents.COMPARTMENT]}
        state = generation.state(connection, own), frozenset(hidden)
    if reading.known is None or reading.known.state != state:
        found = consents.consents(store, hidden, reading.consents)
        dangers = risks.standing(consents.risks(store, hidden, reading.risks))
        reading.known = _Known(state, found, dangers)
    return reading.known
