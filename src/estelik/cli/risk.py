"""Who can be reached by reprisals: `estelik risk`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.records.risk import KINDS

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.records.risk import Kind


@click.group()
def risk() -> None:
    """Record who can be reached by reprisals, what has happened, and when to look again."""


@risk.command()
@click.argument("about", type=LABEL)
@click.option("--kind", required=True, type=click.Choice(KINDS), help="What it is.")
@click.option("--review", required=True, metavar="DAY", help="By which day to look at it again.")
@click.option(
    "--reached", multiple=True, type=LABEL, metavar="WHO", help="Who can be reached. May come again."
)
@click.option("--what", default="", help="What happened, or could.")
@click.option("--place", default="", type=LABEL, help="Where.")
@click.option("--when", "day", default="", metavar="EDTF", help="When it happened.")
@with_casebook("estelik.index.consents")
def add(
    casebook: Casebook,
    about: str,
    kind: Kind,
    review: str,
    reached: tuple[str, ...],
    what: str,
    place: str,
    day: str,
) -> None:
    """Record a risk on account of ABOUT, somebody who told or is spoken of."""
    from estelik.daily import risking
    from estelik.records.risk import Risk

    def there() -> bool:
        return any(about in (one.about, *one.chain) for one in casebook.stream())

    risk = Risk("", kind, about, review, reached, what, place, day)
    one = risking.add(casebook, risk, there=there)
    click.echo(one.id)


@risk.command()
@click.argument("id_", metavar="ID")
@click.option("--reason", required=True, help="What was found. It is kept.")
@click.option("--over", is_flag=True, help="It is over.")
@click.option("--review", "following", default="", metavar="DAY", help="By which day to look again.")
@with_casebook("estelik.index.consents")
def review(casebook: Casebook, id_: str, reason: str, over: bool, following: str) -> None:
    """Note that somebody looked again at the risk with this ID."""
    from estelik.daily import risking

    risking.review(casebook, id_, reason, over=over, following=following)
    click.echo("Noted.", err=True)


@risk.command("list")
@click.argument("about", required=False, type=LABEL)
@as_json_option
@with_casebook("estelik.index.consents")
def list_(casebook: Casebook, about: str | None, as_json: bool) -> None:
    """List the risks on account of ABOUT, or all."""
    from msgspec import to_builtins

    from estelik.index.consents import risks
    from estelik.records.risk import standing

    whose = casebook.lives.whose(about) if about else None
    found = [
        one
        for one in standing(risks(casebook.vault.store, casebook.out_of_sight()))
        if whose is None or one.risk.about in whose
    ]
    if as_json:
        print_json([{**to_builtins(one), "over": one.over, "review": one.review} for one in found])
        return
    for one in found:
        reached = f"; can be reached: {', '.join(one.risk.reached)}" if one.risk.reached else ""
        when = "over" if one.over else f"look again by {one.review}"
        words = f"; {one.risk.words}" if one.risk.words else ""
        who = click.style(one.risk.about, bold=True)
        click.echo(f"{one.risk.id}  {who}: {one.risk.kind}{words}{reached}; {when}")
    if not found:
        click.echo("No risk is recorded.", err=True)
