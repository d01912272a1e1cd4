"""Who bears a name: `estelik find`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.output import Progress, as_json_option, print_json

if TYPE_CHECKING:
    from estelik.casebook import Casebook


@click.command()
@click.argument("name")
@click.option("-n", "count", type=click.IntRange(min=1), default=10, help="How many at most (default 10).")
@as_json_option
@with_casebook("estelik.index.lives", "estelik.index.namesakes")
def find(casebook: Casebook, name: str, count: int, as_json: bool) -> None:
    """Say who may bear NAME, in whatever script and spelling, the likeliest first.

    Labels and stated names are looked through. The number of a document finds
    whose it is.
    """
    from estelik.identity.verdict import shown
    from estelik.language.direction import plain
    from estelik.language.likeness import reasons
    from estelik.language.reader import reader

    namesakes = casebook.namesakes()
    with Progress("{:,} names placed") as progress:
        namesakes.place(progress)
    found = namesakes.find(name, count)
    if as_json:
        print_json(
            [{"subject": shown(one.key), "name": one.name or name, "score": one.score} for one in found]
        )
        return
    read = reader("en")
    for one in found:
        called = ", by the number of a document" if not one.name else ""
        if one.name and one.name not in (one.key, name):
            called = f", as {one.name}"
        click.echo(f"{one.score:.2f}  {click.style(shown(one.key), bold=True)}{called}")
        for words in reasons(read, one.why):
            click.echo(f"      {plain(words)}")
    if not found:
        click.echo("Nobody here bears a name like this one.", err=True)
