"""A member's decisions: `estelik set-aside`, `estelik allow`, `estelik withdraw`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.daily.judging import decided
from estelik.errors import NotFoundError, UsageError

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
    from estelik.chronology.lives import retired

    decision = decided(casebook, "set-aside", reason, statement=statement)
    with casebook.entering():
        if statement not in casebook.known().digests([statement]):
            raise NotFoundError(
                "There is no statement with this id.", do="Find the id with: estelik timeline SUBJECT --json"
            )
        if statement in retired((), casebook.judgements()):
            raise UsageError("This statement is set aside already.")
        casebook.add_judgement(decision)
    _recorded(decision)


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
    decision = decided(casebook, "allow-question", reason, subject=subject, event=event, source=source)
    with casebook.entering():
        merged = casebook.lives.of(subject)
        lives = merged.keys(subject)
        statements = [one for one in merged.statements if one.subject in lives]
        if not any(one.event == event for one in statements):
            raise NotFoundError(
                "Nothing is recorded about this event of this subject.", do="Check both labels."
            )
        if not any(one.source == source for one in statements):
            raise NotFoundError(
                "This source has said nothing about this subject.", do="Check the source's label."
            )
        casebook.add_judgement(decision)
    _recorded(decision)


@click.command()
@click.argument("judgement")
@_reason
@with_casebook("estelik.index.intake")
def withdraw(casebook: Casebook, judgement: str, reason: str) -> None:
    """Withdraw the JUDGEMENT with this id; it stays on record."""
    withdrawal = decided(casebook, "withdrawn", reason, withdraws=judgement)
    with casebook.entering():
        made = casebook.judgements()
        if not any(one.id == judgement and one.decision != "withdrawn" for one in made):
            raise NotFoundError(
                "There is no judgement with this id.", do="Use the id that was printed when it was made."
            )
        if any(one.withdraws == judgement for one in made):
            raise UsageError("This judgement was withdrawn before.")
        casebook.add_judgement(withdrawal)
    _recorded(withdrawal)


def _recorded(judgement: Judgement) -> None:
    click.echo(judgement.id)
    click.echo("Recorded. To take it back: estelik withdraw ID --reason ...", err=True)
