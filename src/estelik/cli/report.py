"""`estelik report`: a page to look at, from the casebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.day import day as day_given
from estelik.cli.label import LABEL
from estelik.cli.output import Progress, force_option
from estelik.cli.release_check import lines_of, lists_option, say_findings
from estelik.daily.today import today as real_today
from estelik.errors import UsageError
from estelik.protection.permission import Asked
from estelik.records.consent import AUDIENCES, PURPOSES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from estelik.casebook import Casebook
    from estelik.protection.gate import Projection
    from estelik.records.consent import Audience, Purpose
    from estelik.vault.new_file import NewFile


@click.command()
@click.argument("subjects", nargs=-1, type=LABEL, metavar="[SUBJECT]...")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The page to write.",
)
@force_option
@click.option(
    "--language", default="en", metavar="TAG",
    help="The language of the page: en, fr, kk, ru, ug, uk, zh.",
)  # fmt: skip
@click.option(
    "--today", metavar="DAY", help="The day on which drawings end, as 2026-11-22. Otherwise: today."
)
@click.option(
    "--for", "audience", type=click.Choice(AUDIENCES),
    help="Who is to see it: only what people allowed for them is in it.",
)  # fmt: skip
@click.option("--purpose", type=click.Choice(PURPOSES), help="What they are to see it for.")
@click.option("--recipient", default="", help="Who takes it. It is kept, with what was in it.")
@lists_option
@click.option(
    "--anyway", default="", metavar="REASON",
    help="Why it may be handed over although something was found. It is kept.",
)  # fmt: skip
@with_casebook("estelik.publication.report", "estelik.views.dossier", "estelik.protection.examination")
def report(
    casebook: Casebook,
    subjects: tuple[str, ...],
    output: Path,
    language: str,
    today: str | None,
    audience: Audience | None,
    purpose: Purpose | None,
    recipient: str,
    lists: tuple[Path, ...],
    anyway: str,
    *,
    force: bool,
) -> None:
    """Write a page about each SUBJECT, or about everybody, to look at or to print.

    The page needs nothing but a browser and loads nothing from anywhere. It is
    not encrypted and shows everything: keep it as safe as the casebook. With
    --for and --purpose it shows what may leave for these on this very day:
    worked out from the statements that are allowed, and from nothing else. It
    is looked through for whom it would give away, as a release is: for the
    press and the public it is not written while anything is found, for others
    only --anyway, with a reason.
    """
    from estelik.vault.new_file import new_file

    if (audience is None) != (purpose is None):
        raise UsageError("An audience needs a purpose, and a purpose an audience.", do="Give both.")
    day = day_given(today)
    if audience is not None and purpose is not None:
        from estelik.daily.handing import let_out

        # What is allowed is asked of the real day: a drawing may end on any.
        asked = Asked(audience, purpose, real_today().toordinal())
        with new_file(output, force=force) as file:
            page, lives, cleared = let_out(casebook, subjects, asked, language=language, today=day)
            _look_through(casebook, cleared, lists, recipient, anyway)
            _put(file, page)
        click.echo(f"The report is ready: {lives} lives, as far as people allowed.", err=True)
        return
    if anyway or recipient or lists:
        raise UsageError(
            "That is said of what is handed to others, and this report is for members.",
            do="Say for whom it is: --for and --purpose.",
        )
    write_report(casebook, output, subjects, language=language, today=day, force=force)
    click.echo("The report is ready. The file is not encrypted: keep it safe.", err=True)


def write_report(
    casebook: Casebook,
    output: Path,
    subjects: Sequence[str] = (),
    *,
    language: str = "en",
    today: date,
    force: bool = False,
) -> int:
    """Writes the page of these subjects, or of all, to ``output``; how many lives are in it.

    Raises ``NotFoundError`` for a subject that nobody spoke of, ``FileError`` where there is something of
    that name (with ``force``: something that is no file), or it cannot be written.
    """
    from estelik.vault.new_file import new_file

    with new_file(output, force=force) as file:
        page, lives = rendered(casebook, subjects, language=language, today=today)
        _put(file, page)
    return lives


def _put(file: NewFile, page: str) -> None:
    file.write(page.encode())
    file.settle()
    file.appear()


def _look_through(
    casebook: Casebook, cleared: Projection, lists: tuple[Path, ...], recipient: str, anyway: str
) -> None:
    """Looks for whom a report would give away, as before a release, and notes what is handed to whom, before
    it is. Raises ``ReleaseError`` where something was found that nobody, or one member alone, may let stand.
    """
    from estelik.daily.handing import hand_over, looked_through

    looked = looked_through(casebook, cleared, lists)
    if looked.findings:
        say_findings(lines_of(list(looked.findings), {}, looked.placed))
    hand_over(casebook, looked, recipient, anyway)


def rendered(
    casebook: Casebook, subjects: Sequence[str] = (), *, language: str = "en", today: date
) -> tuple[str, int]:
    """The page of these subjects, or of all, and how many lives are in it.

    Raises ``NotFoundError`` for a subject that nobody spoke of.
    """
    from estelik.daily.dossiers import dossiers
    from estelik.publication.report import render

    with Progress("{:,} lives compared") as progress:
        found = dossiers(casebook, subjects, today=today.toordinal(), progress=progress)
    return render(found, language=language, today=today.toordinal()), len(found)
