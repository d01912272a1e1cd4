"""The team's ledger: `estelik ledger`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from estelik.cli.carrier import secret_of, secret_option
from estelik.cli.casebook import with_casebook
from estelik.cli.output import Progress, as_json_option, counting, megabytes, print_json
from estelik.cli.trouble import say_troubles
from estelik.daily.syncing import in_part

if TYPE_CHECKING:
    from estelik.casebook import Casebook


@click.group()
def ledger() -> None:
    """Keep with the ledger of your team, a PostgreSQL database that holds sealed files only.

    Every command that enters records first takes in what others have entered,
    and is done only when the ledger has what it entered. Each computer has its
    own casebook as before, and works on where the ledger is not reached.
    """


@ledger.command("set")
@click.argument("address")
@secret_option
@with_casebook("estelik.vault.team_ledger")
def set_(casebook: Casebook, address: str, secrets: tuple[str, ...]) -> int:
    """Keep with the ledger at ADDRESS, and bring both up to date.

    An address is postgresql://user@host/database. Its password goes along as
    --secret password=FILE.
    """
    from estelik.vault import team_ledger
    from estelik.vault.office import LEDGER

    vault = casebook.vault
    team_ledger.begin(vault, address, secret_of(secrets))
    if not vault.office.root:
        click.echo("Noted. When this computer was admitted to the office: estelik sync", err=True)
        return 0
    with (
        in_part(),
        closing(vault.carrier(LEDGER)[1]) as opened,
        Progress("{:,} files carried") as progress,
        Progress("{:,} MB of evidence carried") as moving,
    ):
        taken = casebook.receive(opened, counting(progress))
        vault.seal()
        sent = vault.send(LEDGER, opened, counting(progress), megabytes(moving))
    say_troubles((*taken.troubles, *sent.troubles))
    click.echo(
        f"This computer keeps with the ledger now. {taken.records:,} records came in, "
        f"{sent.files:,} files went there.",
        err=True,
    )
    return 1 if taken.troubles or sent.troubles else 0


@ledger.command()
@with_casebook("estelik.vault.team_ledger")
def off(casebook: Casebook) -> None:
    """Keep with no ledger any more. What lies on it stays there."""
    from estelik.vault import team_ledger

    team_ledger.end(casebook.vault)
    click.echo("This computer keeps with no ledger any more. What lies on it stays there.", err=True)


@ledger.command()
@as_json_option
@with_casebook("estelik.vault.team_ledger")
def show(casebook: Casebook, as_json: bool) -> None:
    """Say where the ledger is, and what is not on it yet. The server is not asked."""
    from estelik.vault import team_ledger
    from estelik.vault.office import LEDGER

    now = casebook.vault.office
    place = now.place(LEDGER) if now.ledger else None
    if as_json:
        print_json(
            {"address": None, "behind": 0}
            if place is None
            else {"address": place.address, "behind": team_ledger.behind(casebook.vault.store)}
        )
    elif place is None:
        click.echo("There is no ledger.")
    else:
        waiting = team_ledger.behind(casebook.vault.store)
        rest = f"{waiting:,} records are not on it yet" if waiting else "all records are on it"
        click.echo(f"{place.address}: {rest}.")
