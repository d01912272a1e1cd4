"""What may be read by whom: `estelik compartment`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.output import as_json_option, print_json
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from estelik.casebook import Casebook


@click.group()
def compartment() -> None:
    """Say which compartments you hold, and with whom."""


@compartment.command("list")
@as_json_option
@with_casebook("estelik.vault.vault")
def list_(casebook: Casebook, as_json: bool) -> None:
    """List the compartments that you hold: who else does, and since when the present keys are in use."""
    import time

    found = casebook.vault.compartments()
    if as_json:
        print_json([one._asdict() for one in found])
        return
    for one in sorted(found, key=lambda one: COMPARTMENTS.index(one.name)):
        since = time.strftime("%Y-%m-%d", time.gmtime(one.since)) if one.since else "not yet"
        click.echo(f"{one.name}: {', '.join(one.members)}; keys since {since}")


@compartment.command()
@click.argument("names", nargs=-1, type=click.Choice(COMPARTMENTS), metavar="[COMPARTMENT]...")
@click.option(
    "--now",
    is_flag=True,
    help="Destroy the keys before at once. A computer that was not synced since must sync once more before "
    "the others can read its last records.",
)
@as_json_option
@with_casebook("estelik.vault.vault")
def rotate(casebook: Casebook, names: tuple[str, ...], now: bool, as_json: bool) -> None:
    """Begin new keys for these compartments, or for all that you hold.

    Once a month this happens by itself. Keys that are over are destroyed a
    month later; then old copies of carriers do not open any more, but with the
    custodians' shares.
    """
    done = casebook.vault.rotate(names, now=now)
    if as_json:
        print_json({"rotated": done})
    else:
        click.echo(f"New keys: {', '.join(done) or 'none'}. Hand them on: estelik sync")
