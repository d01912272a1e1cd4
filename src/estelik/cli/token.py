"""What programs show instead of a passphrase: `estelik token`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.errors import NotFoundError
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.vault.standing import Computer, Standing

#: Days that a token is for, where nothing else is said.
_DAYS: Final = 30
_LONGEST: Final = 366


@click.group()
def token() -> None:
    """Let a program work with the desk for a member, and no more than you say.

    It asks at `/api` of the desk that runs on this computer, while its member
    is signed in there. It sees the compartments that you name; what it enters
    bears its own signature.
    """


@token.command()
@click.argument("name", type=LABEL)
@click.option(
    "--compartment",
    "compartments",
    multiple=True,
    required=True,
    type=click.Choice(COMPARTMENTS),
    help="What it may open, of what its member holds; once for each.",
)
@click.option(
    "--days", default=_DAYS, show_default=True, type=click.IntRange(1, _LONGEST), help="Its end, from today."
)
@click.option("--member", type=LABEL, default="", help="Whose it is. Otherwise: yours.")
@as_json_option
@with_casebook("estelik.vault.token")
def add(
    casebook: Casebook, name: str, compartments: tuple[str, ...], days: int, member: str, as_json: bool
) -> None:
    """Make a token for the program called NAME, and print it, this one time.

    Give it to the program in a file that only its user can read, or in a
    variable: what stands on a command line, everybody on this computer can
    read.
    """
    with casebook.entering():
        text, made = casebook.add_token(name, compartments, days, member)
    if as_json:
        print_json(_document(made, casebook.vault.registrar.standing) | {"token": text})
        return
    click.echo(text)
    click.echo(
        "Nobody can show it again. It works at the desk while its member is signed in there.", err=True
    )


@token.command("list")
@as_json_option
@with_casebook("estelik.vault.token")
def list_(casebook: Casebook, as_json: bool) -> None:
    """List the tokens that were not withdrawn: whose they are, what each may open, and until when."""
    from estelik.vault import token as tokens

    registrar = casebook.vault.registrar
    registrar.own()
    said = registrar.standing
    found = tokens.present(said)
    if as_json:
        print_json([_document(one, said) for one in found])
        return
    for one in found:
        assert one.token is not None  # noqa: S101 (chosen so)
        until = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(one.token.until))
        over = ", over" if one.token.until <= time.time() else ""
        whose = said.members[one.member].name or one.member
        click.echo(
            f"{one.id[:8]}: {one.token.name}, of {whose}; {', '.join(one.token.compartments)}; "
            f"until {until}{over}"
        )
    if not found:
        click.echo("There is no token.")


@token.command()
@click.argument("name", metavar="TOKEN", type=LABEL)
@as_json_option
@with_casebook("estelik.vault.token")
def withdraw(casebook: Casebook, name: str, as_json: bool) -> None:
    """Withdraw a TOKEN: its name, or how its id begins. It opens nothing any more, also where in use."""
    from estelik.vault import token as tokens

    every = tokens.present(casebook.vault.registrar.standing)
    named = [one for one in every if one.token is not None and one.token.name == name]
    found = named or [one for one in every if name and one.id.startswith(name)]
    if len(found) != 1:
        raise NotFoundError(
            "There is no such token." if not found else "Several tokens are called so.",
            safe="Nothing was changed.",
            do="See: estelik token list",
        )
    with casebook.entering():
        casebook.withdraw(found[0].id)
    if as_json:
        print_json({"id": found[0].id})
    else:
        click.echo("Withdrawn. Hand it on to every carrier now: estelik sync", err=True)


def _document(one: Computer, said: Standing) -> dict[str, Any]:
    assert one.token is not None  # noqa: S101 (nothing else is listed)
    return {
        "id": one.id,
        "name": one.token.name,
        "member": said.members[one.member].name,
        "compartments": list(one.token.compartments),
        "since": one.since,
        "until": one.token.until,
    }
