"""Files that people bring: `estelik evidence`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from estelik.cli import redaction
from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import Progress, as_json_option, megabytes, print_json
from estelik.cli.redaction import told
from estelik.errors import NotFoundError, UsageError
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.evidence.verification import Finding
    from estelik.index.evidence import Exhibit
    from estelik.records.evidence import Derivation

_UNREAD: Final = {
    "slow": "reading its metadata took too long",
    "damaged": "its metadata is damaged, or asks for too much",
    "large": "it was too large for its metadata to be read as it came",
}
_FINDINGS: Final = {
    "missing": "is missing",
    "damaged": "is damaged, or was changed",
    "differs": "holds another file than was brought",
}
_MEGA: Final = 1_000_000


@click.group()
def evidence() -> None:
    """Keep files that people bring, exactly as they were brought.

    Each file is sealed once and never altered. Where it came from is kept with
    the sources; each working copy, each time stamp and all that is made of it
    is recorded.
    """


@evidence.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--source", default="", type=LABEL, help="Who brought it. Kept with the sources.")
@click.option("--brought", default="", metavar="DATE", help="When it was brought, such as 2019-03.")
@click.option(
    "--about", multiple=True, type=LABEL, metavar="SUBJECT", help="Who or what it is about. May come again."
)
@click.option(
    "--statement", "statements", multiple=True, type=LABEL, metavar="ID",
    help="A statement that it bears on. May come again.",
)  # fmt: skip
@click.option(
    "--compartment", type=click.Choice(COMPARTMENTS), default="testimony", show_default=True,
    help="Where it is kept: only who holds that compartment can open it.",
)  # fmt: skip
@click.option("--note", default="", help="What else should be known of it.")
@as_json_option
@with_casebook("estelik.evidence.intake")
def add(casebook: Casebook, /, files: tuple[str, ...], *, as_json: bool, **said: Any) -> None:
    """Take each FILE into the casebook: all of them, or none.

    The files themselves stay where they are. What their metadata says (when,
    where and with what they were made) is kept beside them. A file that is
    there already is not kept twice; that it came again is.
    """
    from estelik.daily.bringing import check
    from estelik.evidence.intake import Particulars, add

    particulars = Particulars(**said | {"source": said["source"].strip()})
    # Others need not wait while a film is sealed: a file that two add at once is there twice, and no more.
    with casebook.entering(alone=False), Progress("{:,} MB read") as progress:
        check(casebook, particulars)
        added = add(casebook.vault, files, particulars, megabytes(progress))
    if as_json:
        print_json([one._asdict() for one in added])
        return
    from estelik.vault.new_file import shown

    for one in added:
        click.echo(f"{one.id}  {shown(one.file)}")
        if one.known:
            click.echo(f"{shown(one.file)}: it was there already, and is kept once.", err=True)
        elif one.unread:
            click.echo(f"{shown(one.file)}: it is kept; {_UNREAD[one.unread]}.", err=True)
    if particulars.lies_in() != particulars.compartment:
        click.echo("Kept with the sources: what was said of it names who brought it.", err=True)


@evidence.command("list")
@click.option(
    "--about", type=LABEL, metavar="SUBJECT",
    help="Only what bears on this subject, under any of the labels that were judged to be the same.",
)  # fmt: skip
@as_json_option
@with_casebook("estelik.index.evidence")
def list_(casebook: Casebook, about: str | None, as_json: bool) -> None:
    """List all evidence, in the order in which it was added."""
    from estelik.index.evidence import bearing, every
    from estelik.vault.new_file import shown

    found = every(casebook.vault.store, casebook.decisions.hidden_records())
    if about is not None:
        found = bearing(found, casebook.lives, about)
    if as_json:
        print_json([_document(one) for one in found])
        return
    for one in found:
        names = list(dict.fromkeys(shown(accession.file) for accession in one.accessions))
        when = one.evidence.capture.taken
        parts = (one.id, _size(one.evidence.bytes), one.evidence.type, when, *names)
        click.echo("  ".join(filter(None, parts)))


@evidence.command()
@click.argument("id_", metavar="ID")
@as_json_option
@with_casebook("estelik.evidence.working_copy")
def show(casebook: Casebook, id_: str, as_json: bool) -> None:
    """Show all that is recorded of the evidence with this ID."""
    from estelik.evidence.working_copy import exhibit

    one = exhibit(casebook.vault, id_)
    if as_json:
        print_json(_document(one))
        return
    for line in _lines(one):
        click.echo(line)


@evidence.command()
@click.argument("id_", metavar="ID")
@click.argument("file", metavar="FILE")
@click.option("--reason", default="", help="What the copy is for. It is kept with the record of it.")
@with_casebook("estelik.evidence.working_copy")
def get(casebook: Casebook, id_: str, file: str, reason: str) -> None:
    """Write a working copy of the evidence with this ID into a new FILE, and record it.

    The copy is not encrypted: keep it on an encrypted disk, and delete it when
    it has served.
    """
    from estelik.evidence.working_copy import hand_out

    with casebook.entering(alone=False), Progress("{:,} MB written") as progress:
        hand_out(casebook.vault, id_, file, reason, megabytes(progress))
    click.echo("Written, as it was brought, and recorded. The copy is not encrypted.", err=True)


@evidence.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--carrier", "name", metavar="NAME", help="Also read what is on this carrier.")
@as_json_option
@with_casebook("estelik.evidence.verification")
def verify(casebook: Casebook, ids: tuple[str, ...], name: str | None, as_json: bool) -> int:
    """Read all evidence back, or that with each ID, and compare it with what was recorded.

    Every sealed file, every file in it, every time stamp. Exit status 1 where
    anything is missing or is not what it was.
    """
    from estelik.evidence.verification import on_carrier, stamps, verify
    from estelik.index.evidence import every

    vault = casebook.vault
    found = every(vault.store)
    if ids:
        if set(ids) - {one.id for one in found}:
            raise NotFoundError(
                "There is no evidence with this id.", safe="", do="See: estelik evidence list"
            )
        found = [one for one in found if one.id in ids]
    good_stamps, findings = stamps(found)
    places: list[dict[str, object]] = []
    with Progress("{:,} MB read") as progress:
        reading = megabytes(progress)
        good, wrong = verify(found, vault.shelf, "", reading)
        places.append({"where": "", "files": good, "behind": 0})
        findings += wrong
        if name is not None:
            place, opened = vault.carrier(name)
            with closing(opened):
                there, behind = on_carrier(vault.store, found, opened, place.blobs)
                good, wrong = verify(there, opened, name, reading)
            places.append({"where": name, "files": good, "behind": behind})
            findings += wrong
    if as_json:
        print_json({"places": places, "stamps": good_stamps, "findings": [one._asdict() for one in findings]})
    else:
        _say(places, good_stamps, findings)
    return 1 if findings else 0


@evidence.command()
@click.argument("id_", metavar="ID")
@click.option("--request", metavar="FILE", help="Write a request for an authority into this new file.")
@click.option("--answer", metavar="FILE", help="Take the authority's answer from this file.")
@click.option("--authority", metavar="URL", help="Send a request to this authority, and take its answer.")
@click.option(
    "--certificate",
    metavar="FILE",
    help="The authority's certificate, in PEM: with --answer and --authority.",
)
@as_json_option
@with_casebook("estelik.evidence.stamp")
def stamp(
    casebook: Casebook,
    id_: str,
    request: str | None,
    answer: str | None,
    authority: str | None,
    certificate: str | None,
    as_json: bool,
) -> None:
    """Have an outside authority confirm that the evidence with this ID is there now (RFC 3161).

    Write a request, bring it to the authority, and take its answer in. The
    authority learns nothing of the evidence: what it gets is a hash of random
    bytes and the hashes of the file. Nothing is sent unless --authority is given.
    """
    from estelik.evidence import stamp as stamps
    from estelik.vault.new_file import new_file

    if sum(one is not None for one in (request, answer, authority)) != 1:
        raise UsageError("One of --request, --answer and --authority is needed, and only one.")
    if (certificate is None) != (request is not None):
        raise UsageError("The authority's certificate is needed with an answer, and only then.")
    vault = casebook.vault
    if request is not None:
        with casebook.entering(), new_file(request) as file:
            file.write(stamps.ask(vault, id_))
            file.settle()
            file.appear()
        if as_json:
            print_json({"requested": True})
        click.echo(
            "Written. Bring it to the authority, then: estelik evidence stamp ID --answer FILE", err=True
        )
        return
    known = _bytes_of(certificate or "", stamps.LARGEST)
    with casebook.entering(alone=False):
        if authority is not None:
            from estelik.evidence.authority import post

            response = post(authority, stamps.ask(vault, id_))
        else:
            response = _bytes_of(answer or "", stamps.LARGEST)
        made = stamps.answer(vault, id_, response, known)
    if as_json:
        print_json({"time": made.time})
    else:
        click.echo(f"Stamped: it was there at {made.time}.")


evidence.add_command(redaction.faces)
evidence.add_command(redaction.redact)
evidence.add_command(redaction.strip)


def _bytes_of(path: str, limit: int) -> bytes:
    try:
        with Path(path).open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError):
        data = b""
    if not 0 < len(data) <= limit:
        raise UsageError("A file that was named cannot be read, or is no such file.", do="Check its name.")
    return data


def _say(places: list[dict[str, Any]], stamps: int, findings: list[Finding]) -> None:
    for place in places:
        where = f" on {place['where']}" if place["where"] else ""
        count = place["files"]
        click.echo(f"{count:,} {'file is' if count == 1 else 'files are'}{where} as brought.")
        if place["behind"]:
            was = "was" if place["behind"] == 1 else "were"
            click.echo(f"{place['behind']:,} {was} not handed on to it yet (estelik sync).", err=True)
    if stamps:
        click.echo(f"{stamps:,} time {'stamp holds' if stamps == 1 else 'stamps hold'}.")
    for one in findings:
        where = f" on {one.where}" if one.where else ""
        says = _FINDINGS.get(one.what)
        click.echo(f"{one.evidence}{where} {says}." if says else f"{one.evidence}: {one.what}", err=True)


def _size(size: int) -> str:
    return f"{size / _MEGA:,.1f} MB" if size >= _MEGA else f"{size:,} bytes"


def _document(one: Exhibit) -> dict[str, Any]:
    """What JSON says of a piece of evidence: everything but the key that opens it."""
    made = one.evidence
    return {
        "id": one.id,
        "compartment": one.compartment,
        "type": made.type,
        "bytes": made.bytes,
        "sha256": made.sha256,
        "sealed": {"name": made.blob.name, "bytes": made.blob.bytes, "sha256": made.blob.sha256},
        "added": made.added,
        "device": made.device,
        "note": made.note,
        "capture": made.capture,
        "accessions": [
            {"source": source, "brought": came.brought, "file": came.file, "added": came.added,
             "device": came.device, "maker": came.maker}
            for source, came in zip(one.sources, one.accessions, strict=True)
        ],
        "about": [relation.subject for relation in one.relations if relation.subject],
        "statements": [relation.statement for relation in one.relations if relation.statement],
        "copies": [
            {"made": copy.made, "device": copy.device, "reason": copy.reason}
            for copy in one.derivations
            if not copy.result
        ],
        "stamps": [stamp.time for stamp in one.stamps.values()],
        "derived": [_derived(made) | {"id": made.result} for made in one.derivations if made.result],
        "origins": [_derived(made) | {"id": made.evidence} for made in one.origins],
    }  # fmt: skip


def _derived(made: Derivation) -> dict[str, Any]:
    return {"made": made.made, "device": made.device, "reason": made.reason, "steps": made.steps}


def _lines(one: Exhibit) -> list[str]:
    from estelik.vault.new_file import shown

    file, capture = one.evidence, one.evidence.capture
    lines = [
        one.id,
        f"type: {file.type}, {_size(file.bytes)}",
        f"SHA-256: {file.sha256}",
        f"added: {file.added}, on device {file.device}",
        f"kept in: {one.compartment}",
    ]
    seen = (
        f"taken {capture.taken}" if capture.taken else "",
        f"{capture.width} x {capture.height} pixels" if capture.width else "",
        f"{capture.seconds:,} s" if capture.seconds else "",
        f"{capture.pages:,} pages" if capture.pages else "",
        _UNREAD.get(capture.unread, ""),
    )
    if any(seen):
        lines.append(f"its metadata says: {', '.join(filter(None, seen))}")
    for source, came in zip(one.sources, one.accessions, strict=True):
        by = f" by {source}" if source else ""
        when = f", {came.brought}" if came.brought else ""
        lines.append(f"brought{by}{when}: {shown(came.file)}")
        maker = came.maker
        position = "" if maker.position is None else "at {:.6f}, {:.6f}".format(*maker.position)
        words = (maker.device, maker.serial and f"no. {maker.serial}", maker.author, maker.software, position)
        if any(words):
            lines.append(f"  made with, by, at: {', '.join(filter(None, words))}")
    lines += [f"about: {relation.subject}" for relation in one.relations if relation.subject]
    lines += [f"statement: {relation.statement}" for relation in one.relations if relation.statement]
    if file.note:
        lines.append(f"note: {file.note}")
    for made in one.origins:
        lines.append(f"made from: {made.evidence}, {made.made}, {made.reason}")
        lines.append(f"  by: {', '.join(told(made.steps))}")
    for copy in one.derivations:
        what = f"made of it: {copy.result}," if copy.result else "working copy:"
        lines.append(f"{what} {copy.made}{f', {copy.reason}' if copy.reason else ''}")
    lines += [f"time stamp: {stamp.time}" for stamp in one.stamps.values()]
    return lines
