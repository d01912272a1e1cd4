"""Places of members on a computer that several use: `estelik seat`."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, TypeVar

import click

from estelik.cli.casebook import wanted_folder, wanted_passphrase, with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from estelik.casebook import Casebook
    from estelik.vault.seats import Listed

_R = TypeVar("_R")
#: The variables that name the files of a seat's passphrases.
_SEAT: Final = "ESTELIK_SEAT_PASSPHRASE_FILE"
_NEW: Final = "ESTELIK_NEW_PASSPHRASE_FILE"
_NUMBER: Final = click.IntRange(1, 9999)


def _passphrase(option: str, variable: str, of: str) -> Callable[[Callable[..., _R]], Callable[..., _R]]:
    """The option that names the file of a passphrase."""
    said = f"A file whose first line is {of}. Otherwise: {variable}, or you are asked."
    return functools.partial(click.option(option, metavar="FILE", help=said))


@click.group()
def seat() -> None:
    """Give members places of their own on this computer.

    At her seat a member opens the casebook with a passphrase of her own. She
    sees the compartments that she holds, and nothing of the others; what she
    enters bears her signature.
    """


@seat.command()
@click.argument("name", metavar="MEMBER", type=LABEL)
@click.option(
    "--compartment",
    "compartments",
    multiple=True,
    type=click.Choice(COMPARTMENTS),
    help="For somebody who does not belong to the office yet: what she may read; once for each.",
)
@_passphrase("--seat-passphrase-file", _SEAT, "the first passphrase of the seat")
@as_json_option
@with_casebook("estelik.vault.seats")
def add(
    casebook: Casebook,
    name: str,
    compartments: tuple[str, ...],
    seat_passphrase_file: str | None,
    as_json: bool,
) -> None:
    """Make a seat for a MEMBER of the office (a name or id), or, with --compartment, for a new one.

    The number of the seat is printed. Whoever makes it chooses its first
    passphrase; the member changes it: estelik seat passphrase.
    """
    first = wanted_passphrase(
        seat_passphrase_file,
        new=True,
        option="--seat-passphrase-file",
        variable=_SEAT,
        asked="First passphrase of the seat",
    )
    made = casebook.seats.add(name, first, compartments)
    if as_json:
        print_json(_document(made))
        return
    click.echo(made.number)
    click.echo(
        "The seat is there. She changes its passphrase now, herself: estelik seat passphrase NUMBER", err=True
    )


@seat.command("list")
@as_json_option
@with_casebook("estelik.vault.seats")
def list_(casebook: Casebook, as_json: bool) -> None:
    """List the seats of this computer, whose they are, and what each may read."""
    found, owed = casebook.seats.every(), casebook.seats.owed()
    if as_json:
        print_json({"seats": [_document(one) for one in found], "keys_to_change": owed})
        return
    if not found:
        click.echo("There is no seat on this computer.")
    for one in found:
        click.echo(f"{one.number}: {one.member.name or one.member.id}; {_held(one)}")
    if owed:
        click.echo(
            f"Still to get another key, since somebody had theirs who no longer holds them: "
            f"{', '.join(owed)}. It is tried at each opening; see that nobody else is at work, and that "
            "there is room on the disk.",
            err=True,
        )


@seat.command()
@click.argument("number", type=_NUMBER)
@_passphrase("--seat-passphrase-file", _SEAT, "the passphrase of the seat")
@_passphrase("--new-passphrase-file", _NEW, "its new one")
@click.option("--casebook", "folder", metavar="FOLDER", help="The casebook. Otherwise: ESTELIK_CASEBOOK.")
@as_json_option
def passphrase(
    number: int,
    seat_passphrase_file: str | None,
    new_passphrase_file: str | None,
    folder: str | None,
    as_json: bool,
) -> None:
    """Change the passphrase of the seat of that NUMBER, at which nobody else need be.

    Somebody who has a copy of the seat's files from before opens it with the
    former passphrase still. If that may be, let a coordinator take the seat
    away and make another.
    """
    where = wanted_folder(folder)
    old = wanted_passphrase(seat_passphrase_file, new=False, option="--seat-passphrase-file", variable=_SEAT)
    new = wanted_passphrase(
        new_passphrase_file, new=True, option="--new-passphrase-file", variable=_NEW, asked="New passphrase"
    )
    from estelik.vault import running
    from estelik.vault import seat as seats

    with running.enter(where):
        seats.change_passphrase(where, number, old, new)
    if as_json:
        print_json({"number": number})
    else:
        click.echo("Changed. Nobody can give you another one: do not lose it.", err=True)


@seat.command()
@click.argument("number", type=_NUMBER)
@as_json_option
@with_casebook("estelik.vault.seats")
def remove(casebook: Casebook, number: int, as_json: bool) -> None:
    """Take the seat of that NUMBER away.

    What was entered there stays, under its member's name. The files that were
    open there get other keys, which takes a while where they are large. She
    still belongs to the office: estelik member withdraw.
    """
    with casebook.entering():
        casebook.seats.remove(number)
    if as_json:
        print_json({"number": number})
    else:
        click.echo("Taken away. Hand it on to every carrier now: estelik sync", err=True)


def _held(one: Listed) -> str:
    return ", ".join(one.compartments) or "no compartment"


def _document(one: Listed) -> dict[str, Any]:
    return {
        "number": one.number,
        "member": one.member.name,
        "id": one.member.id,
        "compartments": list(one.compartments),
    }
