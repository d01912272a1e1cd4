"""Rehearsals: `estelik drill raid`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.output import print_json

if TYPE_CHECKING:
    from estelik.casebook import Casebook

_STEPS = {
    "copy": "Copying the office",
    "seal": "Sealing everything",
    "carry": "Carrying it out",
    "raid": "Losing the office",
    "restore": "Restoring from one carrier and three shares",
    "compare": "Comparing every record",
}


@click.group()
def drill() -> None:
    """Rehearse what must not go wrong when it happens."""


@drill.command()
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@with_casebook("estelik.vault.drill")
def raid(casebook: Casebook, as_json: bool) -> int:
    """Lose a copy of the office, and bring it back from one carrier and three shares.

    The casebook itself, its carriers and its custodians are left alone: the
    copy has shares of its own. Exit status 1 where not everything came back.
    """

    def step(name: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"{_STEPS[name]} ...", err=True)

    found = casebook.drill(step)
    if as_json:
        fields = ("records", "restored", "lost", "identical", "seconds")
        print_json({name: getattr(found, name) for name in fields})
        return 0 if found.identical else 1
    files = f" and {found.blobs:,} of {found.all_blobs:,} files of evidence" if found.all_blobs else ""
    click.echo(
        f"{found.restored:,} of {found.records:,} records{files} came back in {found.seconds:.1f} s, "
        f"{'every one as it was' if found.identical else 'and NOT all of them as they were'}."
    )
    if found.lost:
        records = "1 record" if found.lost == 1 else f"{found.lost:,} records"
        click.echo(f"A raid now would lose {records}: no carrier has them (estelik sync).")
    click.echo("Whether your own carriers are whole, this does not say: estelik verify NAME", err=True)
    return 0 if found.identical else 1
