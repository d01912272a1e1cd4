"""A member's decisions: `estelik set-aside`, `estelik allow`, `estelik withdraw`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.daily import judging

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.records import Judgement

_reason = click.option("--reason", required=True, help="Why, in a sentence. It is kept with the decision.")


@click.command("set-aside")
@click.argument("statement", type=LABEL)
@_reason
@with_casebook("estelik.index.intake")
def set_aside(casebook: Casebook, statement: str, reason: str) -> None:
    """Set the STATEMENT with this id aside: kept and shown, no longer reasoned with."""
    _recorded(judging.set_aside(casebook, statement, reason))


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
