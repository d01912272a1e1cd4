"""Computers of the office: `estelik device`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import options, wanted_folder, wanted_passphrase, with_casebook
from estelik.cli.label import LABEL
from estelik.cli.member import distrust_option, requested, told_withdrawal, words_option
from estelik.cli.output import as_json_option, print_json
from estelik.errors import FileError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from estelik.casebook import Casebook


@click.group()
def device() -> None:
    """Say which computers belong to the office, and whose they are."""


@device.command("list")
@as_json_option
@with_casebook("estelik.vault.vault")
def list_(casebook: Casebook, as_json: bool) -> None:
    """List the computers of the office, and the seats on computers that several members use."""
    import time

    registrar = casebook.vault.registrar
    registrar.own()
    said, here = registrar.standing, registrar.device
    if as_json:
        print_json(
            [
                {
                    "id": one.id,
                    "member": said.members[one.member].name,
                    "since": one.since,
                    "present": one.present,
                    "here": one.id == here,
                    "seat": one.seat and one.token is None,
                    "token": "" if one.token is None else one.token.name,
                }
                for one in said.devices.values()
            ]
        )
        return
    for one in sorted(said.devices.values(), key=lambda one: (not one.present, one.since)):
        since = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(one.since))
        kind = ", a seat" if one.token is None else f", a token ({one.token.name})"
        more = (", this computer" if one.id == here else "") + (kind if one.seat else "")
        more += "" if one.present else ", withdrawn"
        click.echo(f"{one.id[:8]}: {said.members[one.member].name}, since {since}{more}")


@device.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--office", help="The words of the office, as a coordinator reads them to you. Otherwise you are asked."
)
@as_json_option
@options
def join(
    file: Path, office: str | None, as_json: bool, folder: str | None, passphrase_file: str | None
) -> None:
    """Make a casebook on this computer that asks to belong to an office.

    FILE is the request: send it to a coordinator in any way, and read its words
    to her on the telephone. She reads you the words of the office (`estelik
    member list` shows them to her). When she has admitted this computer: add
    the carrier (`estelik carrier add`), and `estelik sync`.
    """
    where, passphrase = wanted_folder(folder), wanted_passphrase(passphrase_file, new=True)
    if os.path.lexists(file):
        raise UsageError("There is already a file of that name.", do="Choose another name.")
    if office is None:
        office = click.prompt("The words of the office, as a coordinator reads them to you", err=True)
    from estelik.casebook import Casebook
    from estelik.vault import new_file
    from estelik.vault.admission import checked_words

    checked_words(office)
    with Casebook.join(where, passphrase, office) as casebook:
        text, words = casebook.vault.registrar.request()
    try:
        new_file.write(file, f"{text}\n".encode("ascii"))
    except FileError:
        raise UsageError(
            "The request cannot be written here.",
            safe="The casebook was made.",
            do="Write it elsewhere: estelik device request FILE",
        ) from None
    _told(words, as_json=as_json)


@device.command()
@click.argument("file", type=click.Path(path_type=Path))
@as_json_option
@with_casebook("estelik.vault.vault")
def request(casebook: Casebook, file: Path, as_json: bool) -> None:
    """Write the request of this computer to FILE once more."""
    from estelik.vault import new_file

    registrar = casebook.vault.registrar
    if registrar.office.root:
        raise UsageError("This computer was admitted already.")
    text, words = registrar.request()
    new_file.write(file, f"{text}\n".encode("ascii"))
    _told(words, as_json=as_json)


@device.command()
@click.argument("request", type=click.Path(path_type=Path))
@click.option("--member", "name", type=LABEL, default="", help="Whose it is. Otherwise: yours.")
@words_option
@as_json_option
@with_casebook("estelik.vault.vault")
def admit(casebook: Casebook, request: Path, name: str, words: str | None, as_json: bool) -> None:
    """Admit another computer of a member, which has made the file REQUEST.

    Let the person at that computer read the words of the request to you. Your
    own second computer you admit yourself.
    """
    asked = requested(request, words)
    made = casebook.vault.registrar.admit_device(asked, name)
    if as_json:
        print_json({"id": made.id, "name": made.name})
    else:
        click.echo("Admitted. Hand it on: estelik sync. Then sync on the new computer.", err=True)


@device.command()
@click.argument("device_", metavar="DEVICE")
@distrust_option("it")
@as_json_option
@with_casebook("estelik.vault.vault")
def withdraw(casebook: Casebook, device_: str, since: datetime | None, as_json: bool) -> None:
    """Say that a computer no longer belongs to the office: it was lost, taken, or is no longer used.

    DEVICE is how its id begins (`estelik device list`). What was entered on it
    until now stays; what it sends from now on is kept back. New keys are made
    for all that it could read.
    """
    who = casebook.vault.registrar.computer(device_).id
    told_withdrawal(casebook, who, since, as_json=as_json)


def _told(words: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"words": words})
        return
    click.echo(words)
    click.echo("Send the request to a coordinator, and read these words to her on the telephone.", err=True)
