"""Taking: what left, who took it, what for, and which member let it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from estelik.daily.releasing import check_spoken_of, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from estelik.casebook import Casebook
    from estelik.records.release import Draft, Publication


class Taken(msgspec.Struct, frozen=True):
    """What left: when (ISO, UTC), who took it ("": everybody), to whom and what for it was let out, which
    release it was (title and id, "": a report), by which member, about whom (labels), how many statements,
    how many findings stood, and why they were let stand."""

    made: str
    recipient: str
    audience: str
    purpose: str
    title: str
    release: str
    by: str
    people: tuple[str, ...]
    statements: int
    findings: int
    anyway: str


def taken(casebook: Casebook, people: Sequence[str] = ()) -> list[Taken]:
    """All that left, or what of it was about one of these people (labels), in order. Raises
    ``NotFoundError``."""
    from estelik.protection.release import fingerprint
    from estelik.records.release import Draft, Publication

    check_spoken_of(casebook, people)
    key = casebook.statement_key
    wanted = {fingerprint(key, "person", label) for one in people for label in casebook.lives.whose(one)}
    every = said(casebook)
    drafts = {one.record.id: one.record for one in every if isinstance(one.record, Draft)}
    members = casebook.vault.registrar.standing.members
    left = [
        (one.record, members[one.member].name)
        for one in every
        if isinstance(one.record, Publication) and (not wanted or wanted & set(one.record.people))
    ]
    labels = _labels(casebook) if any(one.people for one, _ in left) else {}
    return [_taken(one, drafts.get(one.release), member, labels) for one, member in left]


class _Known(NamedTuple):
    """Whom fingerprints in releases stand for (labels), in one state of the records."""

    state: object
    labels: dict[str, str]


def _labels(casebook: Casebook) -> dict[str, str]:
    from estelik.protection.release import fingerprint

    state, known = casebook.lives.state, casebook.beside.get(_Known)
    if not isinstance(known, _Known) or known.state != state:
        key = casebook.statement_key
        # Everybody has to be looked at: a fingerprint leads to nobody.
        found = {fingerprint(key, "person", one): one for one in casebook.subjects()}
        known = casebook.beside[_Known] = _Known(state, found)
    return known.labels


def _taken(one: Publication, draft: Draft | None, member: str, labels: Mapping[str, str]) -> Taken:
    return Taken(
        one.made,
        one.recipient,
        draft.audience if draft is not None else one.audience,
        draft.purpose if draft is not None else one.purpose,
        draft.title if draft is not None else "",
        one.release,
        member,
        tuple(sorted({labels[each] for each in one.people if each in labels})),
        len(one.statements),
        len(one.findings),
        one.anyway,
    )
