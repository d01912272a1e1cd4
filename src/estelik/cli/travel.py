"""Casebooks for a journey: `estelik travel`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from estelik.cli.casebook import wanted_passphrase, with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.errors import UsageError
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.travel.packing import Luggage
    from estelik.travel.returning import Additions

_VARIABLE: Final = "ESTELIK_TRAVEL_PASSPHRASE_FILE"


class _Travel(click.Group):
    """`estelik travel FOLDER ...` is `estelik travel pack FOLDER ...`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts the first command in front where none is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["pack", *args]
        return super().parse_args(ctx, args)


_passphrase_option: Final = click.option(
    "--travel-passphrase-file", "file", metavar="FILE",
    help=f"A file whose first line is the journey's passphrase. Otherwise: {_VARIABLE}, or you are asked.",
)  # fmt: skip
_yes_option: Final = click.option("--yes", is_flag=True, help="Do not ask.")
_dry_run_option: Final = click.option("--dry-run", is_flag=True, help="Only show it; write nothing.")


@click.group(cls=_Travel, context_settings={"help_option_names": ["-h", "--help"]})
def travel() -> None:
    """Take along only what a journey needs, and bring back what is new.

    `estelik travel FOLDER --subject NAME` makes a casebook for the journey.
    Taken at a border, it opens nothing but what is in it.
    """


@travel.command()
@click.argument("place", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option(
    "--subject", "subjects", multiple=True, required=True, type=LABEL,
    help="Whom the journey is about. May come again.",
)  # fmt: skip
@click.option(
    "--compartment", "compartments", multiple=True, type=click.Choice(COMPARTMENTS),
    help="What goes along of what is told of them. May come again. [default: testimony, public]",
)  # fmt: skip
@click.option("--until", metavar="DATE", help="The day on which it is expected back, such as 2026-03-01.")
@click.option("--with-evidence", is_flag=True, help="Take files of evidence along that bear on them.")
@_passphrase_option
@_dry_run_option
@_yes_option
@as_json_option
@with_casebook("estelik.travel.packing")
def pack(
    casebook: Casebook,
    /,
    place: Path,
    subjects: tuple[str, ...],
    compartments: tuple[str, ...],
    until: str | None,
    with_evidence: bool,
    file: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Make a casebook in FOLDER that holds only what one journey needs.

    What goes along: what is told of the people named and of those whose dates
    theirs hang on, in the compartments named. It has a passphrase and keys of
    its own. Nothing in it opens anything else, or says how much was left out;
    who the sources are stays at home unless `source` is named. On the way it is
    a casebook like any other. Back home: `estelik travel return FOLDER`.
    """
    from estelik.travel import packing

    day = _day(until)
    luggage = packing.look(casebook, subjects, compartments or packing.USUAL, evidence=with_evidence)
    shown = {
        "statements": luggage.statements,
        "judgements": len(luggage.excerpt.judgements),
        "files": luggage.excerpt.files,
        "chosen": luggage.chosen,
        "linked": luggage.linked,
        "sources": luggage.sources,
        "mentioned": luggage.mentioned,
    }
    if dry_run and as_json:
        print_json(shown | {"made": False})
        return
    if not as_json:
        _show(luggage)
    if dry_run:
        return
    _agreed("Make it?", yes=yes)
    passphrase = wanted_passphrase(
        file, new=True, option="--travel-passphrase-file", variable=_VARIABLE,
        asked="A passphrase for the journey",
    )  # fmt: skip
    with casebook.entering():
        packing.pack(casebook, place, passphrase, luggage, until=day).close()
    if as_json:
        print_json(shown | {"made": True})
        return
    click.echo("The travel casebook is ready. Nothing in it opens the casebook at home.", err=True)


@travel.command("return")
@click.argument("place", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--anyway", is_flag=True, help="Also where what went along was altered on the way.")
@_passphrase_option
@_dry_run_option
@_yes_option
@as_json_option
@with_casebook("estelik.travel.returning")
def return_(
    casebook: Casebook,
    /,
    place: Path,
    anyway: bool,
    file: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Take in what was added on the way to the travel casebook in FOLDER.

    It is shown first. What is there already is not entered again, so this can
    be repeated. The travel casebook is left as it is. Exit status 1 where
    something was left out.
    """
    from estelik.casebook import Casebook
    from estelik.travel import returning

    passphrase = wanted_passphrase(
        file, new=False, option="--travel-passphrase-file", variable=_VARIABLE,
        asked="The passphrase of the journey",
    )  # fmt: skip
    with Casebook.open(place, passphrase) as away:
        found = returning.look(casebook, away)
        shown = _document(found)
        if not as_json:
            _tell(found)
        if found.altered and not anyway and not dry_run:
            raise UsageError(
                f"{found.altered:,} records that went along were altered on the way.",
                safe="Nothing was entered.",
                do="Look at what was added with --dry-run. If you trust it all the same: --anyway",
            )
        damaged: Sequence[str] = ()
        if not dry_run:
            if found.new():
                _agreed("Enter it?", yes=yes)
            with casebook.entering():
                damaged = returning.enter(casebook, away, found)
    left_out = bool(found.apart or damaged)
    if as_json:
        print_json(shown | {"entered": not dry_run, "damaged": damaged})
    elif not dry_run:
        _after(found, damaged)
    return 1 if left_out and not dry_run else 0


@travel.command("list")
@as_json_option
@with_casebook("estelik.index.journeys")
def list_(casebook: Casebook, as_json: bool) -> None:
    """List the travel casebooks that were made, and which of them came back."""
    from estelik.index.journeys import every

    today = datetime.now(UTC).date().isoformat()
    found = every(casebook.vault.store)
    if as_json:
        print_json(
            [
                {
                    "id": one.id,
                    "made": one.made,
                    "until": one.until,
                    "returned": one.returned,
                    "struck": one.struck,
                    "reason": one.reason,
                    "records": sum(map(len, one.records.values())),
                }
                for one in found
            ]
        )
        return
    for one in found:
        state, late = "on its way", ""
        if one.returned:
            state = f"came back {one.returned[:10]}"
        elif one.struck:
            state = f"struck out {one.struck[:10]}: {one.reason}"
        elif one.until and one.until < today:
            late = ", OVERDUE"
        until = f", expected {one.until}" if one.until else ""
        click.echo(f"{one.id}: left {one.made[:10]}{until}, {state}{late}")


@travel.command()
@click.argument("id_", metavar="ID")
@click.option(
    "--reason", required=True, help="Why, in a sentence without names: it stays in the list of journeys."
)
@as_json_option
@with_casebook("estelik.index.journeys")
def strike(casebook: Casebook, id_: str, reason: str, as_json: bool) -> None:
    """Strike out the journey with this ID: it is not waited for any more.

    For one whose travel casebook was never made, since the power failed, and
    for one that is lost. Nothing is deleted: should it come back after all,
    `estelik travel return` takes in what was added.
    """
    from estelik.index import journeys
    from estelik.records.journey import Strike

    said = " ".join(reason.split())
    if not said or not said.isprintable():
        raise UsageError("There is no reason that can be read.", do="Say in a sentence why.")
    with casebook.entering():
        one = journeys.called(journeys.every(casebook.vault.store), id_)
        if one.returned or one.struck:
            raise UsageError(
                "This journey came back." if one.returned else "This journey was struck out before.",
                safe="Nothing was changed.",
                do="See: estelik travel list",
            )
        made = datetime.now(UTC).isoformat(timespec="seconds")
        journeys.strike(casebook.vault.store, one, Strike(one.casebook, made, casebook.vault.device, said))
    if as_json:
        print_json({"struck": one.id})
        return
    click.echo("Struck out. Nothing was deleted.", err=True)


def _day(until: str | None) -> str:
    if until is None:
        return ""
    try:
        return datetime.strptime(until, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        raise UsageError("This is no date.", do="Write it as year, month, day: 2026-03-01") from None


def _agreed(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("Nobody can be asked.", do="Run this at a terminal, or add --yes.")
    if not click.confirm(question, err=True):
        raise click.Abort


def _show(luggage: Luggage) -> None:
    counts = ", ".join(f"{name} {count:,}" for name, count in luggage.statements.items())
    files = f", {luggage.excerpt.files:,} files" if luggage.excerpt.files else ""
    click.echo(f"Statements that go along: {counts}{files}.")
    for words, names in (
        ("Chosen", luggage.chosen),
        ("Linked with them, since their dates hang together", luggage.linked),
        ("Sources, by name", luggage.sources),
        ("Named in what was said", luggage.mentioned),
    ):
        if names:
            click.echo(f"{words}: {', '.join(names)}.")
    count = len(luggage.reachable())
    click.echo(f"Whoever opens it could reach {'one of these' if count == 1 else f'these {count:,}'}.")


def _document(found: Additions) -> dict[str, object]:
    return {
        "statements": [one.statement for one in found.statements],
        "judgements": len(found.judgements),
        "files": found.files.added(),
        "new": found.new(),
        "renamed": found.renamed,
        "there": found.there,
        "apart": found.apart,
        "altered": found.altered,
        "gone": found.gone,
    }


def _tell(found: Additions) -> None:
    by_subject: dict[str, list[str]] = {}
    for one in found.statements:
        by_subject.setdefault(one.about, []).append(one.statement)
    for label, ids in by_subject.items():
        click.echo(f"{label}: {', '.join(ids)}")
    for made in found.judgements:
        on = " and ".join(one.label for one in made.subjects)
        about = made.statement or made.subject or made.withdraws or on
        click.echo(f"Decision: {made.decision} {about}: {made.reason}")
    if found.files.fresh:
        click.echo(f"Evidence: {found.files.added():,} new files, {found.files.records():,} records.")
    for old, new in found.renamed.items():
        click.echo(f"{old} becomes {new}: at home another statement has that id.")
    if found.there:
        click.echo(f"Already here: {found.there:,}.")
    if found.apart:
        click.echo(f"Left out: {found.apart:,} additions about something that is no longer here.")
    if found.gone:
        click.echo(f"No longer here, and not brought back: {found.gone:,} records.")
    if not found.new():
        click.echo("Nothing was added that is not here.")


def _after(found: Additions, damaged: Sequence[str]) -> None:
    if damaged:
        click.echo(f"{len(damaged):,} files are damaged in the travel casebook and were left out: keep it.")
        return
    if found.apart:
        click.echo(
            "All the rest is here. Keep the travel casebook until you have looked at what was left out."
        )
        return
    click.echo("All that was added is here. Hand it on: estelik sync")
    click.echo(
        "Once a carrier has it, the travel casebook may be destroyed. Estelik does not do that itself."
    )
