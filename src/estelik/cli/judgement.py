"""A member's decisions: `estelik set-aside`, `estelik grade`, `estelik allow`, `estelik withdraw`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.daily import grading, judging

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.records import Judgement
    from estelik.records.statement import Role

_reason = click.option("--reason", required=True, help="Why, in a sentence. It is kept with the decision.")


@click.command("set-aside")
@click.argument("statement", type=LABEL)
@_reason
@with_casebook("estelik.index.intake")
def set_aside(casebook: Casebook, statement: str, reason: str) -> None:
    """Set the STATEMENT with this id aside: kept and shown, no longer reasoned with."""
    _recorded(judging.set_aside(casebook, statement, reason))


@click.command()
@click.argument("statement", type=LABEL)
@click.argument("letters", required=False, metavar="[GRADE]")
@click.option("--role", type=click.Choice(grading.ROLES), help="How the source knows it.")
@click.option(
    "--via", type=LABEL, metavar="CHAIN", help="Through whom she has it, nearest first: 'friend > neighbour'."
)
@_reason
@with_casebook("estelik.index.intake")
def grade(
    casebook: Casebook, statement: str, letters: str | None, role: Role | None, via: str | None, reason: str
) -> None:
    """Say how the STATEMENT with this id is known, and what it is worth.

    GRADE is a letter for the source, A (reliable) to F (cannot be judged), and a
    digit for what it says, 1 (confirmed) to 6 (cannot be judged): B2. What was
    only heard from others has a CHAIN; one that is blank ('') says that the
    source has it from nobody. The row as it was is kept, and shown as corrected.
    """
    click.echo(grading.grade(casebook, statement, reason, letters=letters, role=role, via=via))
    click.echo("Recorded. The row as it was is kept, and shown as corrected.", err=True)


@click.command()
@click.argument("subject", type=LABEL)
@click.argument("event", type=LABEL)
@click.option("--source", required=True, type=LABEL, help="Whom it may be asked.")
@_reason
@with_casebook("estelik.index.intake")
def allow(casebook: Casebook, subject: str, event: str, source: str, reason: str) -> None:
    """Allow questions about EVENT of SUBJECT to be put to one source.

    For questions that are held back since they could make somebody relive the
    worst. Speak with whoever knows the source well before you allow one.
    """
    _recorded(judging.allow(casebook, subject, event, source, reason))


@click.command()
@click.argument("judgement")
@_reason
@with_casebook("estelik.index.intake")
def withdraw(casebook: Casebook, judgement: str, reason: str) -> None:
    """Withdraw the JUDGEMENT with this id; it stays on record."""
    _recorded(judging.take_back(casebook, judgement, reason))


def _recorded(judgement: Judgement) -> None:
    click.echo(judgement.id)
    click.echo("Recorded. To take it back: estelik withdraw ID --reason ...", err=True)
