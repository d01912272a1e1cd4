"""Places outside the office: `estelik carrier`, `estelik sync`, `estelik verify`, `estelik health`."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.output import Progress, as_json_option, counting, megabytes, print_json
from estelik.cli.trouble import documents, say_troubles
from estelik.daily import syncing
from estelik.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from estelik.casebook import Casebook
    from estelik.daily.syncing import Carried
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.condition import Health
    from estelik.vault.office import Place
    from estelik.vault.vault import Vault
    from estelik.vault.verify import Verified

_DAY = 24 * 60 * 60
#: What a carrier needs beside its address; for ``secret_of``.
secret_option: Final = click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="NAME=FILE",
    help="What the carrier needs beside its address (a password, a key, the known hosts), read from a file.",
)


@click.group()
def carrier() -> None:
    """Say where sealed copies are kept: a folder, a USB stick, a bucket, a share, a server.

    Whoever has a carrier sees how many files there are, how large, and from
    when; nobody can read them without the keys of the office.
    """


@carrier.command()
@click.argument("name")
@click.argument("address")
@secret_option
@with_casebook()
def add(casebook: Casebook, name: str, address: str, secrets: tuple[str, ...]) -> None:
    """Add the carrier at ADDRESS, under a NAME of your own.

    An address is a folder, file:///folder, s3://bucket/prefix,
    webdavs://host/path, sftp://user@host/path or
    postgresql://user@host/database.

    What it needs beside that is read from files: --secret user=FILE and
    password=FILE for WebDAV; key, secret, region and, for a server of your own,
    endpoint_url for a bucket; known_hosts and password, or key (and its
    passphrase), for SFTP; password and certificate for PostgreSQL.
    """
    from estelik.vault.carriers.address import opened
    from estelik.vault.office import Place

    secret = secret_of(secrets)
    where = str(Path(address).resolve()) if "://" not in address else address
    with closing(opened(where, secret=secret)) as found:
        there = len(found.names("segment"))
        casebook.vault.add_carrier(Place(name, where, secret), found)
    held = f" There are {there:,} segments on it already." if there else ""
    click.echo(f"Added.{held} To hand on what it lacks: estelik sync {name}", err=True)


@carrier.command("list")
@as_json_option
@with_casebook()
def list_(casebook: Casebook, as_json: bool) -> None:
    """List the carriers."""
    places = casebook.vault.office.carriers
    if as_json:
        print_json([{"name": one.name, "address": one.address, "synced": one.synced} for one in places])
        return
    for one in places:
        click.echo(f"{one.name}: {one.address}, {_when(one)}")


@carrier.command()
@click.argument("name")
@with_casebook()
def remove(casebook: Casebook, name: str) -> None:
    """Forget the carrier of that NAME. What lies on it stays there."""
    casebook.vault.remove_carrier(name)
    click.echo("Forgotten. What lies on it stays there.", err=True)


@click.command()
@click.argument("name", required=False)
@as_json_option
@with_casebook("estelik.vault.vault")
def sync(casebook: Casebook, name: str | None, as_json: bool) -> int:
    """Take in what others left on the carrier of that NAME, or on all; seal what is new here, and hand on
    what each lacks.

    Interrupted, it goes on the next time where it stopped. A carrier that does
    not answer keeps no other from its copy (exit status 2 at the end). Exit
    status 1 where a carrier has lost or changed what was on it, or where
    something is missing of what others have entered.
    """
    names = syncing.wanted(casebook, name)
    found = syncing.sync(casebook, names, _OnTerminal())
    outcome = [_synced(one, as_json=as_json) for one in found.carriers]
    if found.gone:
        click.echo(
            f"You no longer hold: {', '.join(found.gone)}. What lay there was handed on, and is no longer on "
            "this computer.",
            err=True,
        )
    if as_json:
        print_json({"sealed": found.sealed, "carriers": outcome})
    failed = [one.failed.exit_code for one in found.carriers if one.failed is not None]
    if failed:
        return max(failed)
    return 1 if any(one["troubles"] for one in outcome) else 0


class _OnTerminal:
    """How far a sync has come, on a terminal."""

    @contextmanager
    def reading(self, _name: str) -> Iterator[Callable[[int, int], None]]:
        with Progress("{:,} files read") as progress:
            yield counting(progress)

    @contextmanager
    def sealing(self) -> Iterator[Callable[[int], None]]:
        with Progress("{:,} records sealed") as progress:
            yield progress

    @contextmanager
    def carrying(self, _name: str) -> Iterator[tuple[Callable[[int, int], None], Callable[[int], None]]]:
        with Progress("{:,} files carried") as progress, Progress("{:,} MB of evidence carried") as moving:
            yield counting(progress), megabytes(moving)


def _synced(one: Carried, *, as_json: bool) -> dict[str, object]:
    if one.failed is not None:
        click.echo(f"{one.name}: {one.failed}", err=True)
        return {"carrier": one.name, "failed": one.failed.what}
    if not as_json:
        came = f" {_records(one.records)} came in." if one.records else ""
        click.echo(f"{one.name}: {counted(one.files)}, {one.bytes:,} bytes.{came}")
        say_troubles(one.troubles)
    return {
        "carrier": one.name,
        "files": one.files,
        "bytes": one.bytes,
        "records": one.records,
        "troubles": documents(one.troubles),
    }


@click.command()
@click.argument("name", required=False)
@click.option("--mend", is_flag=True, help="Put a good copy in place of what is missing or damaged.")
@as_json_option
@with_casebook("estelik.vault.vault")
def verify(casebook: Casebook, name: str | None, mend: bool, as_json: bool) -> int:
    """Read all that is sealed, on this computer or on the carrier of that NAME, and check it.

    Every hash, signature, key, chain and record; on this computer every page of
    the databases too. Exit status 1 where anything is not as it should be. With
    --mend a carrier is mended from this computer, and the sealed files of this
    computer from its carriers; exit status 1 where something is left.
    """
    vault = casebook.vault
    place, opened = vault.carrier(name) if name is not None else (None, vault.shelf)
    with (
        closing(opened),
        Progress("{:,} segments read") as progress,
        Progress("{:,} MB of evidence read") as reading,
    ):
        found = vault.verify(opened, place, counting(progress), megabytes(reading))
        if mend and found.troubles:
            found = _mended(vault, name, place, opened, found)
    if as_json:
        print_json(found._asdict() | {"troubles": documents(found.troubles)})
    else:
        click.echo(f"{found.records:,} records are there, unchanged{and_evidence(found.blobs)}.")
        say_troubles(found.troubles)
        if found.behind:
            lacks = "are in no sealed file" if name is None else "were not handed on to it"
            if found.behind == 1:
                lacks = lacks.replace("are", "is").replace("were", "was")
            click.echo(f"{_records(found.behind)} {lacks} yet (estelik sync).", err=True)
        if found.blobs_behind:
            files = counted(found.blobs_behind)
            was = "was" if found.blobs_behind == 1 else "were"
            click.echo(f"{files} of evidence {was} not handed on to it yet (estelik sync).", err=True)
        if found.unknown:
            click.echo(
                f"{counted(found.unknown)} not known on this computer: of another device or "
                "compartment, or somebody else's.",
                err=True,
            )
    return 1 if found.troubles else 0


def _mended(vault: Vault, name: str | None, at: Place | None, bad: Carrier, found: Verified) -> Verified:
    """What is found once everything that is good elsewhere was put in place."""
    from estelik.vault.carriers.failures import CarrierError

    mended = set()
    if name is not None:
        mended = vault.mend(vault.shelf, bad, found.troubles)
    else:
        for place in vault.office.carriers:
            try:
                with closing(vault.carrier(place.name)[1]) as good:
                    mended |= vault.mend(good, bad, found.troubles)
            except CarrierError as error:
                click.echo(f"{place.name}: {error}", err=True)
    click.echo(f"Files that were mended: {len(mended):,}.", err=True)
    if not mended:
        return found
    # Read anew: what was mended may have led to more.
    with Progress("{:,} segments read") as progress, Progress("{:,} MB of evidence read") as reading:
        return vault.verify(bad, at, counting(progress), megabytes(reading))


@click.command()
@as_json_option
@with_casebook("estelik.vault.vault")
def health(casebook: Casebook, as_json: bool) -> None:
    """Say how many copies there are and where, how old they are, and who has confirmed a share."""
    found = casebook.vault.health()
    if as_json:
        print_json(
            {
                "records": found.records,
                "nowhere": found.nowhere,
                "carriers": [
                    {"name": place.name, "records": count, "synced": place.synced, "blobs": blobs}
                    for (place, count), blobs in zip(found.places, found.blobs.places, strict=True)
                ],
                "blobs": {"here": found.blobs.here, "nowhere": found.blobs.nowhere},
                "custody": found.custody,
                "secret": found.secret,
            }
        )
        return
    for line in _three_lines(found):
        click.echo(line)


def _three_lines(found: Health) -> tuple[str, str, str]:
    evidence = found.blobs
    copies = "; ".join(
        f"{place.name} has {count:,}{_and(files, evidence.here)} ({_when(place)})"
        if place.synced
        else f"{place.name}: never synced"
        for (place, count), files in zip(found.places, evidence.places, strict=True)
    )
    lost = found.nowhere or evidence.nowhere
    custody = found.custody
    if custody is None and not found.secret:
        shares = (
            "the secret is not on this computer; whether it was shared out, and who confirmed, is noted only "
            "where that was done (estelik health there)"
        )
    elif custody is None:
        shares = "the secret is on this computer alone (estelik custody share)"
    else:
        late = [when for when in custody.confirmed.values() if when > time.time() - 365 * _DAY]
        shares = f"{custody.needed} of {custody.shares} needed, {len(late)} confirmed in the last year"
    here = f"{_records(found.records)}{_and(evidence.here, evidence.here)}"
    nowhere = f"{_records(found.nowhere)}{_and(evidence.nowhere, evidence.here)}"
    return (
        f"Copies: this computer has {here}; {copies or 'no carrier yet'}.",
        f"On no carrier: {nowhere}{' would be lost in a raid' if lost else ''}.",
        f"Shares: {shares}.",
    )


def _and(files: int, all_files: int) -> str:
    """Files of evidence behind a number of records, where there are any at all."""
    return f" and {counted(files)} of evidence" if all_files else ""


def _records(count: int) -> str:
    return f"{count:,} {'record' if count == 1 else 'records'}"


def counted(files: int) -> str:
    """So many files."""
    return f"{files:,} {'file' if files == 1 else 'files'}"


def and_evidence(files: int) -> str:
    """So many files of evidence beside what was said before; nothing where there are none."""
    return f", and {counted(files)} of evidence" if files else ""


def _when(place: Place) -> str:
    if not place.synced:
        return "never synced"
    days = int(time.time() - place.synced) // _DAY
    return "today" if days < 1 else "a day ago" if days == 1 else f"{days:,} days ago"


def secret_of(given: tuple[str, ...]) -> dict[str, str]:
    """What a carrier needs beside its address: each named, and read from a file."""
    secret = {}
    for one in given:
        name, equals, file = one.partition("=")
        try:
            text = Path(file).read_text(encoding="utf-8") if equals and file else None
        except (OSError, UnicodeDecodeError):
            text = None
        if text is None:
            raise UsageError(
                "What the carrier needs cannot be read.",
                do="Write it in a file, and give it as --secret NAME=FILE.",
            )
        secret[name] = text.rstrip("\r\n")
    return secret
