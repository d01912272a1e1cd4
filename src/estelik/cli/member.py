"""Who belongs to the office: `estelik member`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.daily import belonging
from estelik.daily.belonging import ordered
from estelik.errors import UsageError
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from estelik.casebook import Casebook
    from estelik.vault.admission import Request
    from estelik.vault.standing import Member

_R = TypeVar("_R")

words_option = click.option(
    "--words", help="The words that the person at the new computer reads aloud. Otherwise you are asked."
)


def distrust_option(where: str) -> Callable[[Callable[..., _R]], Callable[..., _R]]:
    """From which day on the word of ``where`` about others is doubted."""
    return click.option(
        "--distrust-since",
        "since",
        type=click.DateTime(["%Y-%m-%d"]),
        help=f"What was said on {where} about others from this day on no longer counts.",
    )


_compartments = click.option(
    "--compartment",
    "compartments",
    multiple=True,
    type=click.Choice(COMPARTMENTS),
    help="What she may read and write; once for each.",
)


@click.group()
def member() -> None:
    """Say who belongs to the office, and what each may read.

    A new member asks from her own computer (`estelik device join`); a
    coordinator admits her.
    """


@member.command("list")
@as_json_option
@with_casebook("estelik.vault.vault")
def list_(casebook: Casebook, as_json: bool) -> None:
    """List the members, their compartments and how many computers each has."""
    from estelik.vault.admission import office_words

    registrar = casebook.vault.registrar
    own = registrar.own()
    said = registrar.standing
    words = office_words(registrar.office.root)
    counts = {one.member.id: one.computers for one in belonging.members(said)}
    if as_json:
        members = [
            {
                "id": one.id,
                "name": one.name,
                "compartments": ordered(one),
                "coordinator": one.coordinator,
                "present": one.present,
                "devices": counts[one.id],
                "you": one.id == own.id,
            }
            for one in said.members.values()
        ]
        print_json({"office": words, "members": members})
        return
    click.echo(f"The words of this office: {words}")
    for one in sorted(said.members.values(), key=lambda one: (not one.present, one.name)):
        parts = [", ".join(ordered(one)) or "no compartment"]
        parts += ["coordinator"] * one.coordinator + ["you"] * (one.id == own.id)
        parts.append(f"{counts[one.id]} computer{'' if counts[one.id] == 1 else 's'}")
        if not one.present:
            parts = ["left"]
        click.echo(f"{one.name or one.id}: {'; '.join(parts)}")


@member.command()
@click.argument("request", type=click.Path(path_type=Path))
@click.option("--name", required=True, type=LABEL, help="What she is called in the office.")
@_compartments
@words_option
@click.option("--coordinator", is_flag=True, help="As a coordinator. It takes shares of the office's secret.")
@click.option("--shares", metavar="FILE", type=click.Path(path_type=Path), help="A file with these shares.")
@as_json_option
@with_casebook("estelik.vault.vault")
def admit(
    casebook: Casebook,
    request: Path,
    name: str,
    compartments: tuple[str, ...],
    words: str | None,
    coordinator: bool,
    shares: Path | None,
    as_json: bool,
) -> None:
    """Admit a new member, whose computer has made the file REQUEST.

    Let her read the words of the request to you, best on the telephone: they
    show that the request is hers. After the next sync her computer has what
    she may read. What she may not read does not reach it.
    """
    if not compartments:
        raise UsageError("No compartment is named.", do="Say what she may read: --compartment testimony")
    asked = requested(request, words)
    secret = _secret(casebook, shares) if coordinator else b""
    made = casebook.vault.registrar.admit_member(asked, name, compartments, secret)
    _admitted(made, as_json=as_json)


@member.command("compartments")
@click.argument("name", type=LABEL)
@_compartments
@as_json_option
@with_casebook("estelik.vault.vault")
def compartments_(casebook: Casebook, name: str, compartments: tuple[str, ...], as_json: bool) -> None:
    """Say anew what the member of that NAME may read and write: these compartments, and no others.

    What she had on her computer until then she may have copied.
    """
    made = belonging.hold(casebook, name, compartments)
    if as_json:
        print_json({"id": made.id, "name": made.name, "compartments": ordered(made)})
    else:
        click.echo("Noted. It holds after the next sync: estelik sync", err=True)


@member.command()
@click.argument("name", type=LABEL)
@distrust_option("her computers")
@as_json_option
@with_casebook("estelik.vault.vault")
def withdraw(casebook: Casebook, name: str, since: datetime | None, as_json: bool) -> None:
    """Say that the member of that NAME no longer belongs to the office, with all her computers.

    What she entered until now stays; what her computers send from now on is
    kept back. New keys are made for all that she could read. What she has
    copied she keeps: that cannot be undone.
    """
    told_withdrawal(casebook, casebook.vault.registrar.member(name).id, since, as_json=as_json)


def told_withdrawal(casebook: Casebook, who: str, since: datetime | None, *, as_json: bool) -> None:
    """Withdraws a member or a computer, and says what that came to."""
    from datetime import UTC

    distrusted = 0 if since is None else int(since.replace(tzinfo=UTC).timestamp())
    found = belonging.withdraw(casebook, who, distrusted_since=distrusted)
    if as_json:
        print_json(found._asdict())
        return
    click.echo("Withdrawn. Hand it on to every carrier now: estelik sync")
    for compartment, count in found.records.items():
        click.echo(f"{compartment}: all {count:,} records that are here may have been copied.")
    if found.others:
        click.echo(
            f"You do not hold: {', '.join(found.others)}. What came from there is kept back until a "
            "coordinator who holds it withdraws the same."
        )


def requested(file: Path, words: str | None) -> Request:
    """The request in a file, whose words were read aloud and typed."""
    from estelik.vault.admission import read

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError("The request cannot be read.", do="Check its name.") from None
    if words is None:
        # First whether it is one at all: nobody reads words for nothing.
        read(text[:10_000])
        words = click.prompt("The words that the person at the new computer reads to you", err=True)
    return belonging.requested(text, words)


def _secret(casebook: Casebook, file: Path | None) -> bytes:
    """The office's secret, where it is still on this computer; otherwise from shares."""
    from estelik.cli.custody import shares_of
    from estelik.vault.custody import join

    kept = casebook.vault.office.secret
    return kept if kept and file is None else join(shares_of(file))


def _admitted(made: Member, *, as_json: bool) -> None:
    if as_json:
        print_json({"id": made.id, "name": made.name, "compartments": ordered(made)})
        return
    click.echo(
        "Admitted. Hand it on: estelik sync. Then she adds the carrier on her computer, and syncs.", err=True
    )
