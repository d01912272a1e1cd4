"""What is made public: `estelik release`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.drafting import say_extent, say_left, state_of
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.cli.release_check import approve, check, let_, mend
from estelik.cli.release_publish import card, publish
from estelik.cli.release_taken import taken
from estelik.daily import examining, releasing
from estelik.daily.releasing import (
    asked_today,
    every_release,
    found_release,
    material,
    projected,
)
from estelik.records.consent import AUDIENCES, PURPOSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.casebook import Casebook
    from estelik.records.consent import Audience, Purpose
    from estelik.records.release import Release

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
    made = releasing.draft(casebook, title, people, audience, purpose)
    click.echo(made.id)
    say_extent(projected(casebook, found_release(casebook, made.id)))


@release.command("list")
@as_json_option
@with_casebook("estelik.index.releases")
def list_(casebook: Casebook, as_json: bool) -> None:
    """List all releases."""
    found = every_release(casebook)
    past = _differ(casebook, found)
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
                    "differs": one.draft.id in past,
                }
                for one in found
            ]
        )
        return
    for one in found:
        again = "; what would leave today differs: publish again" if one.draft.id in past else ""
        click.echo(f"{one.draft.id}  {click.style(one.draft.title, bold=True)}: {state_of(one)}{again}")
    if not found:
        click.echo("Nothing was drafted.", err=True)


def _differ(casebook: Casebook, found: Iterable[Release]) -> set[str]:
    """The ids of the releases of which what was last published is not what would leave today."""
    from estelik.protection.release import draw, seal

    out = [one for one in found if one.publications and not one.withdrawn]
    if not out:
        return set()
    made, key = material(casebook), casebook.statement_key
    return {
        one.draft.id
        for one in out
        if seal(draw(one, made, asked_today(one.draft), key)) != one.publications[-1].print
    }


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
    examining.change(casebook, id_, statement, reason, column, to)
    say_extent(projected(casebook, found_release(casebook, id_)))


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
    out = releasing.withdraw(casebook, id_, people, reason)
    click.echo("Withdrawn. Publish again: the next build does not have it.", err=True)
    say_left(out)
    if not out:
        click.echo("It was never published: nobody outside has it.", err=True)


for _command in (check, mend, let_, approve, publish, card, taken):
    release.add_command(_command)
