"""Releasing: what is to leave, as commands and pages find, enter and draw it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from estelik.daily.today import today
from estelik.errors import NotFoundError, ReleaseError, UsageError
from estelik.protection.permission import Asked

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from estelik.casebook import Casebook
    from estelik.index.releases import Said
    from estelik.protection.examination import Examination
    from estelik.protection.gate import Projection
    from estelik.protection.release import Material
    from estelik.publication.site_counts import Before
    from estelik.records.consent import Audience, Purpose
    from estelik.records.release import Draft, Given, Publication, Record, Release


def check_reason(reason: str) -> None:
    """Raises ``UsageError`` where a reason is empty."""
    if not reason.strip():
        raise UsageError("The reason is empty.", do="Say in a sentence why.")


def check_spoken_of(casebook: Casebook, people: Collection[str]) -> None:
    """Raises ``NotFoundError`` where nobody speaks of one of these (labels)."""
    if people and not set(people) <= {one.about for one in casebook.statements(people)}:
        raise NotFoundError("Nobody of this label is spoken of.", do="Check how it is written.")


def by_whom(casebook: Casebook) -> tuple[str, str, str]:
    """What every record of a release begins with."""
    from estelik.ids import new_id

    return new_id(), datetime.now(UTC).isoformat(timespec="seconds"), casebook.vault.device


def enter(casebook: Casebook, *found: Record) -> None:
    """Enters these, signed by this device."""
    from estelik.index import releases

    releases.enter(casebook.vault.store, casebook.vault.registrar, found)


def said(casebook: Casebook) -> list[Said]:
    """All that was said of releases, with who signed it."""
    from estelik.index import releases

    return releases.every(casebook.vault.store, casebook.vault.registrar)


def every_release(casebook: Casebook) -> tuple[Release, ...]:
    """All releases, in order of entry."""
    from estelik.records.release import releases

    return releases(tuple(one.record for one in said(casebook)))


def found_release(casebook: Casebook, id_: str) -> Release:
    """The release with this id. Raises ``NotFoundError``."""
    for one in every_release(casebook):
        if one.draft.id == id_:
            return one
    raise NotFoundError("There is no release with this id.", do="See: estelik release list")


def opened(casebook: Casebook, id_: str) -> Release:
    """The release with this id, which was not withdrawn. Raises ``NotFoundError`` or ``ReleaseError``."""
    found = found_release(casebook, id_)
    if found.withdrawn:
        raise ReleaseError("This release was withdrawn.", do="Draft another.")
    return found


def asked_today(draft: Draft) -> Asked:
    """To whom a draft goes, for what, today."""
    return Asked(draft.audience, draft.purpose, today().toordinal())


def material(casebook: Casebook) -> Material:
    """All that a release is made from."""
    from estelik.protection.release import Material

    lives = casebook.lives
    return Material(
        casebook.statements(), lives.judgements(), lives.verdicts(), lives.resolution, casebook.consents()
    )


def projected(casebook: Casebook, found: Release) -> Projection:
    """What the release lets out today."""
    from estelik.protection.release import draw

    return draw(found, material(casebook), asked_today(found.draft), casebook.statement_key)


def counted_before(casebook: Casebook, draft: Draft) -> Before:
    """How those who are to see this release, and all others, saw its tables before."""
    from estelik.publication.site_counts import published
    from estelik.records.release import Draft, Publication

    every = [one.record for one in said(casebook)]
    seen = {one.id for one in every if isinstance(one, Draft) and one.audience in ("public", draft.audience)}
    return published((one, one.release in seen) for one in every if isinstance(one, Publication))


def draft(
    casebook: Casebook, title: str, people: Sequence[str], audience: Audience, purpose: Purpose
) -> Draft:
    """Enters a draft called ``title``, about these people (labels), or about all who may be shown.

    Raises ``UsageError`` for an empty title, ``NotFoundError`` for a label of which nobody spoke,
    ``ReleaseError`` where the sources are not open to this member.
    """
    from estelik.index.releases import check
    from estelik.protection.release import fingerprint
    from estelik.records.release import Draft

    check(casebook.vault.store)
    if not title.strip():
        raise UsageError("The title is empty.", do="Say what the release is to be called.")
    with casebook.entering():
        check_spoken_of(casebook, people)
        prints = tuple(fingerprint(casebook.statement_key, "person", one) for one in people)
        made = Draft(*by_whom(casebook), title.strip(), audience, purpose, os.urandom(32).hex(), prints)
        enter(casebook, made)
    return made


def withdraw(casebook: Casebook, id_: str, people: Sequence[str], reason: str) -> tuple[Publication, ...]:
    """Withdraws a release, or what is in it about these people (labels); the publications that had it.

    Raises ``UsageError`` for an empty reason, ``NotFoundError`` for an id or a label that is not there,
    ``ReleaseError`` where it was withdrawn before.
    """
    from estelik.protection.release import fingerprint
    from estelik.records.release import Retraction

    check_reason(reason)
    with casebook.entering():
        found = opened(casebook, id_)
        check_spoken_of(casebook, people)
        prints = tuple(
            fingerprint(casebook.statement_key, "person", label)
            for one in people
            for label in casebook.lives.whose(one)
        )
        enter(casebook, Retraction(*by_whom(casebook), found.draft.id, reason, prints))
    return tuple(one for one in found.publications if not prints or set(prints) & set(one.people))


def note_leaving(
    casebook: Casebook,
    release: str,
    print_: str,
    looked: Examination,
    recipient: str = "",
    *,
    findings: tuple[str, ...] = (),
    anyway: str = "",
    counts: tuple[Given, ...] = (),
) -> None:
    """Notes what leaves, before it does: nothing is outside of which the casebook does not know. ``findings``
    (fingerprints) were let stand by whoever notes it, ``anyway``: why; ``counts``: those of a site."""
    from estelik.records.release import Publication

    with casebook.entering():
        enter(
            casebook,
            Publication(
                *by_whom(casebook),
                release,
                print_,
                looked.statements(),
                looked.people(),
                looked.released(),
                recipient,
                findings,
                anyway,
                counts,
                looked.named(),
                "" if release else looked.projection.asked.audience,
                "" if release else looked.projection.asked.purpose,
            ),
        )
