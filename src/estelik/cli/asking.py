"""What to ask, and who may know: `estelik questions`, `estelik encounters`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json

if TYPE_CHECKING:
    from estelik.casebook import Casebook


@click.command()
@click.argument("subject", type=LABEL)
@as_json_option
@with_casebook("estelik.index.lives", "estelik.language.questions", "estelik.daily.asking")
def questions(casebook: Casebook, subject: str, as_json: bool) -> None:
    """Say what to ask next about SUBJECT, and of whom: the most telling first.

    What was asked of somebody before, or what they would not say, is not
    proposed again; nor is what could make a survivor relive the worst, unless
    it was allowed (estelik allow).
    """
    from estelik.daily import solving

    found = solving.questions(solving.solved(casebook, subject))
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("There is nothing to ask that would settle more.")
        return
    from estelik.language import questions as prose
    from estelik.language.direction import plain
    from estelik.language.reader import reader
    from estelik.views.person import Question

    read = reader("en")
    for one in found:
        shown = Question(one.ask, one.event, one.since or "", one.expected_bits, one.worst_bits, one.sources)
        click.echo(f"{plain(prose.asked(read, shown))}  {plain(prose.of_whom(read, shown))}")


@click.command()
@click.argument("subject", type=LABEL)
@as_json_option
@with_casebook("estelik.views.encounters")
def encounters(casebook: Casebook, subject: str, as_json: bool) -> None:
    """Say who may have been held or sheltered together with SUBJECT.

    Certain means: in the same facility, and at the same time whatever the
    exact days were. One county alone is never certain.
    """
    from estelik.chronology.calendar import iso
    from estelik.chronology.timeline import label
    from estelik.views.encounters import found_encounters

    merged = casebook.lives.of(subject)
    found = found_encounters(merged.statements, merged.keys(subject), casebook.lives)
    if as_json:
        print_json(
            [
                {
                    "subject": label(one.key),
                    "place": one.place,
                    "certain": one.certain,
                    "overlap": [iso(one.earliest), iso(one.latest)],
                    "statements": [*one.own, *one.theirs],
                }
                for one in found
            ]
        )
        return
    if not found:
        click.echo("Nobody so far, in any place that is told.")
    for one in found:
        when = " to ".join(iso(day) or "?" for day in (one.earliest, one.latest))
        click.echo(f"{label(one.key)}: {'certainly' if one.certain else 'possibly'} at {one.place}, {when}")
