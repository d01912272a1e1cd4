"""What is made public: `estelik release`."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.errors import NotFoundError, ReleaseError, UsageError
from estelik.protection.permission import Asked
from estelik.records.consent import AUDIENCES, PURPOSES

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.index.releases import Said
    from estelik.protection.gate import Projection
    from estelik.protection.release import Material
    from estelik.records.consent import Audience, Purpose
    from estelik.records.release import Draft, Record, Release

_reason = click.option("--reason", required=True, help="Why, in a sentence. It is kept.")


@click.group()
def release() -> None:
    """Make public what people allowed, after looking for whom it would give away.

    A release is drafted, checked, approved and published; it can be withdrawn
    at any time. What leaves is worked out anew each time from what is allowed
    on that day.
    """


@release.command()
@click.argument("title")
@click.argument("people", nargs=-1, type=LABEL, metavar="[PERSON]...")
@click.option(
    "--for",
    "audience",
    default="public",
    show_default=True,
    type=click.Choice(AUDIENCES),
    help="Who is to see it.",
)
@click.option(
    "--purpose", default="publication", show_default=True, type=click.Choice(PURPOSES), help="What for."
)
@with_casebook("estelik.index.releases", "estelik.protection.release")
def draft(
    casebook: Casebook, title: str, people: tuple[str, ...], audience: Audience, purpose: Purpose
) -> None:
    """Draft a release called TITLE about each PERSON, or about all who may be shown."""
    from estelik.index.releases import check
    from estelik.protection.release import fingerprint
    from estelik.records.release import Draft

    check(casebook.vault.store)
    if not title.strip():
        raise UsageError("The title is empty.", do="Say what the release is to be called.")
    with casebook.entering():
        known = set(casebook.subjects())
        if not set(people) <= known:
            raise NotFoundError("Nobody of this label is spoken of.", do="Check how it is written.")
        prints = tuple(fingerprint(casebook.statement_key, "person", one) for one in people)
        made = Draft(*_by(casebook), title.strip(), audience, purpose, os.urandom(16).hex(), prints)
        _enter(casebook, made)
    click.echo(made.id)
    _say_extent(_projection(casebook, _find(casebook, made.id)))


@release.command("list")
@as_json_option
@with_casebook("estelik.index.releases")
def list_(casebook: Casebook, as_json: bool) -> None:
    """List all releases."""
    found = _releases(casebook)
    if as_json:
        print_json(
            [
                {
                    "release": one.draft.id,
                    "title": one.draft.title,
                    "audience": one.draft.audience,
                    "purpose": one.draft.purpose,
                    "approved": bool(one.approvals),
                    "published": [each.made for each in one.publications],
                    "withdrawn": one.withdrawn,
                }
                for one in found
            ]
        )
        return
    for one in found:
        click.echo(f"{one.draft.id}  {click.style(one.draft.title, bold=True)}: {_state(one)}")
    if not found:
        click.echo("Nothing was drafted.", err=True)


@release.command()
@click.argument("id_", metavar="ID")
@click.argument("statement", type=LABEL)
@click.option(
    "--column", default="", help="The column whose cell is to say less. Otherwise the row is left out."
)
@click.option("--to", default="", help="What is to stand there instead; nothing: blank.")
@_reason
@with_casebook("estelik.index.releases", "estelik.protection.release")
def change(casebook: Casebook, id_: str, statement: str, column: str, to: str, reason: str) -> None:
    """Let a STATEMENT say less in a release, or leave it out.

    The statement in the casebook stays as it is.
    """
    from estelik.protection.release import ROUGHER, fingerprint
    from estelik.records.release import Change

    _check_reason(reason)
    if column and column not in ROUGHER:
        raise UsageError(
            "This column cannot be made to say less.", do=f"One of: {', '.join(sorted(ROUGHER))}."
        )
    if to and not column:
        raise UsageError("It does not say of which column.", do="Give --column, too.")
    _check_cell(column, to)
    with casebook.entering():
        found = _open(casebook, id_)
        if statement not in casebook.known().digests([statement]):
            raise NotFoundError("There is no statement with this id.", do="Check the id.")
        print_ = fingerprint(casebook.statement_key, "statement", statement)
        _enter(casebook, Change(*_by(casebook), found.draft.id, print_, reason, column, to))
    _say_extent(_projection(casebook, _find(casebook, id_)))


@release.command()
@click.argument("id_", metavar="ID")
@click.argument("people", nargs=-1, type=LABEL, metavar="[PERSON]...")
@_reason
@with_casebook("estelik.index.releases", "estelik.protection.release")
def withdraw(casebook: Casebook, id_: str, people: tuple[str, ...], reason: str) -> None:
    """Withdraw a release, or what is in it about each PERSON.

    The next build does not have it any more: publish again. Says what cannot
    be undone.
    """
    from estelik.protection.release import fingerprint
    from estelik.records.release import Retraction

    _check_reason(reason)
    with casebook.entering():
        found = _open(casebook, id_)
        known = set(casebook.subjects())
        if not set(people) <= known:
            raise NotFoundError("Nobody of this label is spoken of.", do="Check how it is written.")
        prints = tuple(
            fingerprint(casebook.statement_key, "person", label)
            for one in people
            for label in casebook.lives.whose(one)
        )
        _enter(casebook, Retraction(*_by(casebook), found.draft.id, reason, prints))
    out = [one for one in found.publications if not prints or set(prints) & set(one.people)]
    click.echo("Withdrawn. Publish again: the next build does not have it.", err=True)
    for one in out:
        whom = f"to {one.recipient}" if one.recipient else "to everybody"
        click.echo(
            f"It left on {one.made[:10]} {whom}. Whoever took it then still has it; archives may, too."
        )
    if not out:
        click.echo("It was never published: nobody outside has it.", err=True)


def _check_cell(column: str, text: str) -> None:
    """Raises ``UsageError`` where a cell cannot stand in its column."""
    from estelik.chronology.duration import DurationError
    from estelik.chronology.duration import parse as parse_duration
    from estelik.chronology.edtf import EdtfError, parse

    try:
        if text and column in ("when", "told"):
            parse(text)
        elif text and column == "gap":
            parse_duration(text)
    except (EdtfError, DurationError):
        raise UsageError("This cannot stand in that column.", do="Write it as in a sheet.") from None


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise UsageError("The reason is empty.", do="Say in a sentence why.")


def _by(casebook: Casebook) -> tuple[str, str, str]:
    """What every record of a release begins with."""
    from estelik.ids import new_id

    return new_id(), datetime.now(UTC).isoformat(timespec="seconds"), casebook.vault.device


def _enter(casebook: Casebook, *found: Record) -> None:
    from estelik.index import releases

    releases.enter(casebook.vault.store, casebook.vault.registrar, found)


def _said(casebook: Casebook) -> list[Said]:
    from estelik.index import releases

    return releases.every(casebook.vault.store, casebook.vault.registrar)


def _releases(casebook: Casebook) -> tuple[Release, ...]:
    from estelik.records.release import releases

    return releases(tuple(one.record for one in _said(casebook)))


def _find(casebook: Casebook, id_: str) -> Release:
    """The release with this id. Raises ``NotFoundError``."""
    for one in _releases(casebook):
        if one.draft.id == id_:
            return one
    raise NotFoundError("There is no release with this id.", do="See: estelik release list")


def _open(casebook: Casebook, id_: str) -> Release:
    """The release with this id, which was not withdrawn. Raises ``NotFoundError`` or ``ReleaseError``."""
    found = _find(casebook, id_)
    if found.withdrawn:
        raise ReleaseError("This release was withdrawn.", do="Draft another.")
    return found


def _asked(draft: Draft, day: date | None = None) -> Asked:
    return Asked(draft.audience, draft.purpose, (day or _today()).toordinal())


def _material(casebook: Casebook) -> Material:
    from estelik.protection.release import Material

    lives = casebook.lives
    return Material(
        casebook.statements(), lives.judgements(), lives.verdicts(), lives.resolution, casebook.consents()
    )


def _projection(casebook: Casebook, found: Release) -> Projection:
    """What the release lets out today."""
    from estelik.protection.release import draw

    return draw(found, _material(casebook), _asked(found.draft), casebook.statement_key)


def _say_extent(projection: Projection) -> None:
    lives = len(set(projection.lives.values()))
    click.echo(
        f"{lives} lives would be in it today, with {len(projection.statements)} statements; "
        f"{len(projection.withheld)} statements stay here.",
        err=True,
    )


def _state(one: Release) -> str:
    if one.withdrawn:
        return "withdrawn"
    if one.publications:
        return f"published {one.publications[-1].made[:10]}"
    return "approved" if one.approvals else "a draft"


def _today() -> date:
    return date.today()  # noqa: DTZ011 (the user's own day)


__all__ = ["Path", "release"]
