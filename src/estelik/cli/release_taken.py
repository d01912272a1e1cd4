"""Who took what for whom: `estelik release taken`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.daily import taking

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.daily.taking import Taken


@click.command()
@click.argument("people", nargs=-1, type=LABEL, metavar="[PERSON]...")
@as_json_option
@with_casebook("estelik.index.releases", "estelik.protection.release")
def taken(casebook: Casebook, people: tuple[str, ...], as_json: bool) -> None:
    """Show what left: who took it, what for, and which member let it out.

    Everything that was published, printed as a card or handed over in a report,
    or what of it was about each PERSON.
    """
    found = taking.taken(casebook, people)
    if as_json:
        print_json(found)
        return
    for one in found:
        _say(one)
    if not found:
        click.echo("Nothing left.", err=True)


def _say(one: Taken) -> None:
    whom = one.recipient or "everybody"
    goal = ", ".join(each for each in (one.audience, one.purpose) if each)
    what = f"“{one.title}”" if one.title else "a report"
    click.echo(f"{one.made[:10]}  {click.style(whom, bold=True)} ({goal}): {what}, let out by {one.by}")
    click.echo(f"    about {', '.join(one.people) or 'nobody who is still spoken of here'}")
    if one.anyway:
        click.echo(f"    although {one.findings} findings stood: {one.anyway}")
