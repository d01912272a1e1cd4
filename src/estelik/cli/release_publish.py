"""What was approved leaves: `estelik release publish`."""

from __future__ import annotations

import hmac
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import Progress, force_option
from estelik.cli.release_check import lists_option
from estelik.daily.errands import mark
from estelik.daily.examining import ready
from estelik.daily.releasing import (
    asked_today,
    by_whom,
    counted_before,
    enter,
    found_release,
    note_leaving,
    opened,
    projected,
)
from estelik.daily.today import today
from estelik.errors import NotFoundError, ReleaseError, UsageError

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.protection.gate import Projection
    from estelik.records.release import Given, Release

#: An address as it stands in links: a host, perhaps a path.
_ADDRESS: Final = re.compile(r"https?://[\w.:-]+(/[\w./~%+-]*)?")


@click.command()
@click.argument("id_", metavar="ID")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FOLDER",
    help="Where the site is built: a new folder, or the site as it was built before.",
)  # fmt: skip
@click.option("--address", default="", metavar="URL", help="Where it will be published, for links to itself.")
@click.option(
    "--language", default="en", metavar="TAG", help="The language of its pages as they are first seen."
)
@lists_option
@with_casebook("estelik.protection.examination", "estelik.publication.site")
def publish(
    casebook: Casebook, id_: str, output: Path, address: str, language: str, lists: tuple[Path, ...]
) -> None:
    """Build the site and the open data of a release, as it was approved.

    Everything is worked out and looked through anew: where anything was
    withdrawn or changed since it was approved, or while it is built, or where
    a finding is open by now, nothing is published. Of a release that was
    withdrawn an empty site takes the place.
    """
    from estelik.protection.release import seal
    from estelik.publication.publishing import publish

    if address and not _ADDRESS.fullmatch(address):
        raise UsageError("This is not a web address.", do="Write it whole, with https://.")
    if output.resolve().is_relative_to(casebook.folder.resolve()):
        raise UsageError(
            "This folder lies within the casebook: a site is for everybody to copy.",
            safe="Nothing was published.",
            do="Name a folder outside it.",
        )
    found, begun = found_release(casebook, id_), mark(casebook)
    looked, print_ = (None, "") if found.withdrawn else ready(casebook, found, lists)

    def last(counts: tuple[Given, ...]) -> None:
        """What was withdrawn or came meanwhile, here or by a sync, is found before anything leaves."""
        if looked is None:
            return
        again = found_release(casebook, id_)
        if again.withdrawn or seal(projected(casebook, again)) != print_:
            raise ReleaseError(
                "Something was withdrawn or changed while it was built.",
                do="Check it, approve it as it is, and publish again.",
            )
        if mark(casebook) != begun:
            ready(casebook, again, lists)
        note_leaving(casebook, found.draft.id, print_, looked, counts=counts)

    with Progress("{:,} lives done") as progress:
        made = publish(
            looked.projection if looked is not None else _nothing(casebook, found),
            output,
            # The title of what was withdrawn goes with it.
            title=found.draft.title if looked is not None else "Estelik",
            address=address,
            language=language,
            today=today().toordinal(),
            key=bytes.fromhex(found.draft.site),
            folder_key=hmac.digest(casebook.statement_key, b"site folder", "sha256"),
            before=counted_before(casebook, found.draft),
            last=last,
            progress=progress,
        )
    if made.stopped:
        click.echo("What a build that was stopped had left there is deleted.", err=True)
    if looked is None:
        click.echo("This release was withdrawn: the site is empty now.", err=True)
        return
    click.echo(f"Published: {made.entries} entries in {made.files} files, {made.bytes:,} bytes.", err=True)


@click.command()
@click.argument("id_", metavar="ID")
@click.argument("person", type=LABEL)
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The PDF to write."
)
@force_option
@click.option("--address", default="", metavar="URL", help="Where the entry is published.")
@click.option("--language", default="en", metavar="TAG", help="The language of the card.")
@lists_option
@with_casebook("estelik.protection.examination", "estelik.publication.card")
def card(
    casebook: Casebook,
    id_: str,
    person: str,
    output: Path,
    address: str,
    language: str,
    lists: tuple[Path, ...],
    *,
    force: bool,
) -> None:
    """Write the entry of PERSON in a release, as it was approved, as a card to print (PDF)."""
    from estelik.vault.new_file import new_file

    found = opened(casebook, id_)
    with new_file(output, force=force) as file:
        page = _noted_card(casebook, found, person, lists, address=address, language=language)
        file.write(page)
        file.settle()
        file.appear()
    click.echo(f"The card is ready: {len(page):,} bytes.", err=True)


def _noted_card(
    casebook: Casebook, found: Release, person: str, lists: tuple[Path, ...], *, address: str, language: str
) -> bytes:
    """The card of somebody in a release, noted before it leaves."""
    from estelik.publication.card import card
    from estelik.publication.card_sheet import cited
    from estelik.records.release import Publication

    looked, print_ = ready(casebook, found, lists)
    projection = looked.projection
    whose = casebook.lives.whose(person)
    lives = [subject for subject, life in projection.lives.items() if life in whose]
    if not lives:
        raise NotFoundError(
            "Nothing about this person is in the release.", do="Check how the label is written."
        )
    page = card(projection, lives[0], address=address, today=today().toordinal(), language=language)
    with casebook.entering():
        rests, hers = cited(projection, lives[0], today().toordinal()), looked.prints(whose)
        # Others from whom something of hers follows stand on it, too.
        others = {projection.lives[one.subject] for one in projection.statements if one.statement in rests}
        told = tuple(one for one in looked.released() if one.person in hers)
        enter(
            casebook,
            Publication(
                *by_whom(casebook),
                found.draft.id,
                print_,
                (),
                tuple(sorted(hers | looked.prints(others))),
                told,
                recipient="whoever has the card",
                named=looked.named(rests),
            ),
        )
    return page


def _nothing(casebook: Casebook, found: Release) -> Projection:
    """What a release lets out that was withdrawn."""
    from estelik.protection.gate import cleared

    lives = casebook.lives
    judged = lives.judgements(), lives.verdicts(), lives.resolution
    return cleared((), *judged, casebook.consents(), asked_today(found.draft))
