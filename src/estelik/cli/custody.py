"""The office's secret and its custodians: `estelik custody`, `estelik restore`."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import options, wanted_folder, wanted_passphrase, with_casebook
from estelik.cli.output import Progress, counting, megabytes, print_json
from estelik.cli.trouble import documents, say_troubles
from estelik.errors import CasebookError, UsageError

if TYPE_CHECKING:
    from estelik.casebook import Casebook


@click.group()
def custody() -> None:
    """Share the office's secret out to custodians, who can bring everything back.

    The secret opens whatever is on any carrier. Give each share to another
    person whom the group trusts, best in different countries: on paper, never
    two shares to one person, and never by a message that others could read.
    """


@custody.command()
@click.option("--needed", type=int, default=3, show_default=True, help="How many shares bring it back.")
@click.option("--shares", type=int, default=5, show_default=True, help="How many shares there are.")
@click.option("--yes", is_flag=True, help="Do not ask whether the shares are written down.")
@click.option("--json", "as_json", is_flag=True, help="Print the shares as JSON.")
@with_casebook()
def share(casebook: Casebook, needed: int, shares: int, yes: bool, as_json: bool) -> int:
    """Show the shares of the office's secret, once, and take the secret off this computer.

    Each share is a line of words (SLIP-39) to be written down by hand.
    """
    if casebook.vault.office.secret and not yes and not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked whether the shares are written down.",
            safe="The secret is still on this computer.",
            do="Run this at a terminal, or add --yes.",
        )
    made = casebook.vault.share_out(needed, shares)
    if as_json:
        print_json({"needed": needed, "shares": made})
    else:
        click.echo(f"{needed} of these {shares} shares bring everything back. Write each one down by hand:")
        for number, words in enumerate(made, 1):
            click.echo(f"\nShare {number} of {shares}\n{words}")
        click.echo()
    if not yes and not click.confirm(
        "Is every share written down? The secret is then taken off this computer, and this screen is the "
        "only place where the shares are shown.",
        err=True,
    ):
        click.echo("The secret stays on this computer. Ask for the shares again later.", err=True)
        return 0
    _written_down()
    casebook.vault.forget_secret(needed, shares)
    click.echo("The secret is no longer on this computer.", err=True)
    return 0


@custody.command()
@click.argument("number", type=int)
@with_casebook()
def confirm(casebook: Casebook, number: int) -> None:
    """Note that the custodian of share NUMBER has looked, and still has it."""
    casebook.vault.confirm(number)
    click.echo("Noted.", err=True)


@custody.command()
@click.option(
    "--shares",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file with one share in each line. Otherwise you are asked for them.",
)
@with_casebook("estelik.vault.vault")
def renew(casebook: Casebook, file: Path | None) -> None:
    """Make a new secret in the place of the one that the custodians hold.

    It takes enough shares of the old one, unless that is still on this
    computer. Afterwards share the new secret out (`estelik custody share`), and
    sync with every carrier: the old shares open nothing that is written from
    then on. What lies on old copies of carriers they still open.
    """
    vault = casebook.vault
    vault.renew_custody(() if vault.office.secret and file is None else shares_of(file))
    click.echo("There is a new secret, on this computer alone: estelik custody share", err=True)


def _written_down() -> None:
    """Shares that go into a file are on its disk before the secret is forgotten."""
    sys.stdout.flush()
    try:
        os.fsync(sys.stdout.fileno())
    except OSError as error:
        # Terminals and pipes have no disk.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EROFS):
            raise


@click.command()
@click.argument("address")
@click.option(
    "--shares",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file with one share in each line. Otherwise you are asked for them.",
)
@click.option("--secret", "secrets", multiple=True, metavar="NAME=FILE", help="As for `estelik carrier add`.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@options
def restore(
    address: str,
    file: Path | None,
    secrets: tuple[str, ...],
    as_json: bool,
    folder: str | None,
    passphrase_file: str | None,
) -> int:
    """Make a casebook again from the carrier at ADDRESS and enough shares of the office's secret.

    The casebook gets a passphrase of its own. What is missing on the carrier is
    named (exit status 1), and everything else is restored.
    """
    from estelik.casebook import Casebook
    from estelik.cli.carrier import and_evidence, counted, secret_of
    from estelik.vault.carriers.address import opened
    from estelik.vault.keys import KEY_FILE

    where = wanted_folder(folder)
    if (Path(where) / KEY_FILE).exists():
        raise CasebookError(
            "There is a casebook in this folder already.",
            do="If a restore broke off there while it fetched files of evidence, estelik carrier add and "
            "estelik sync go on with it. Otherwise choose a new or empty folder.",
        )
    passphrase = wanted_passphrase(passphrase_file, new=True)
    shares = shares_of(file)
    carrier = opened(address, secret=secret_of(secrets))
    try:
        with Progress("{:,} files read") as progress, Progress("{:,} MB of evidence read") as reading:
            casebook, found = Casebook.restore(
                where,
                passphrase,
                carrier,
                shares,
                progress=counting(progress),
                reading=megabytes(reading),
            )
        casebook.close()
    finally:
        carrier.close()
    if as_json:
        print_json(found._asdict() | {"troubles": documents(found.troubles)})
    else:
        click.echo(f"{found.records:,} records restored{and_evidence(found.blobs)}.")
        say_troubles(found.troubles)
        if found.others:
            click.echo(
                f"{counted(found.others)} on this carrier do not open with these shares: of another office "
                "that uses it too, or damaged ones of yours. If no other does, something is missing.",
                err=True,
            )
        click.echo(
            "If a computer was taken: it still belongs to the office until it is withdrawn (estelik device "
            "list, estelik device withdraw). Then: estelik compartment rotate, estelik sync",
            err=True,
        )
    return 0 if found.whole else 1


def shares_of(file: Path | None) -> list[str]:
    """Shares out of a file, or as they are typed at a terminal."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            raise UsageError(
                "The file of shares cannot be read.", do="Check its name, and that it is text."
            ) from None
        return [line for line in lines if line.strip()]
    if not sys.stdin.isatty():
        raise UsageError("There are no shares.", do="Name a file that holds one in each line with --shares.")
    from estelik.vault.custody import needed

    shares: list[str] = []
    while not shares or len(shares) < needed(shares[0]):
        shares.append(click.prompt(f"Share {len(shares) + 1}", err=True))
    return shares
