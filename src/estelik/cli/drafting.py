"""Releases as commands find, enter and draw them (`estelik release`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from estelik.daily.today import today
from estelik.errors import NotFoundError, ReleaseError, UsageError
from estelik.protection.permission import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.casebook import Casebook
    from estelik.index.releases import Said
    from estelik.protection.examination import Examination
    from estelik.protection.gate import Projection
    from estelik.protection.release import Material
    from estelik.publication.site_counts import Before
    from estelik.records.release import Draft, Given, Publication, Record, Release


def check_reason(reason: str) -> None:
    """Raises ``UsageError`` where a reason is empty."""
    if not reason.strip():
        raise UsageError("The reason is empty.", do="Say in a sentence why.")


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


def say_extent(projection: Projection) -> None:
    """Says how much would leave today."""
    lives = len(set(projection.lives.values()))
    click.echo(
        f"{lives} lives would be in it today, with {len(projection.statements)} statements; "
        f"{len(projection.withheld)} statements stay here.",
        err=True,
    )


def say_left(out: Iterable[Publication]) -> None:
    """Says what cannot be undone."""
    for one in out:
        whom = f"to {one.recipient}" if one.recipient else "to everybody"
        click.echo(
            f"It left on {one.made[:10]} {whom}. Whoever took it then still has it; archives may, too."
        )


def state_of(one: Release) -> str:
    """How far a release has come, in words."""
    if one.withdrawn:
        return "withdrawn"
    if one.publications:
        return f"published {one.publications[-1].made[:10]}"
    return "approved" if one.approvals else "a draft"


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
