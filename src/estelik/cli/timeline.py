"""When: `estelik timeline`, `estelik explain`, `estelik status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.output import Progress, print_encoded, print_json
from estelik.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.casebook import Casebook
    from estelik.chronology.network import Reading
    from estelik.chronology.timeline import Solution

_reading = click.option(
    "--reading",
    type=click.Choice(("strict", "wide")),
    default="strict",
    help="strict: dates and ages as they were said (default). wide: as far off as people usually are.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("subject", required=False)
@_reading
@_json
@click.option("--check", is_flag=True, help="Exit with 1 if anybody's accounts contradict each other.")
@with_casebook
def timeline(casebook: Casebook, subject: str | None, reading: Reading, as_json: bool, check: bool) -> int:
    """Show the earliest and the latest day of every event, for SUBJECT or for all.

    Where accounts contradict each other, each contradiction is shown with the
    statements that make it and with what would have to be set aside for the
    rest to be true. None is preferred, and what is shown holds either way.
    """
    if subject is None and as_json:
        return _print_all(casebook, reading, check=check)
    from estelik.views.timeline import timelines

    statements = casebook.statements() if subject is None else casebook.group(subject)
    documents = list(timelines(statements, casebook.judgements(), reading, subject=subject))
    if as_json:
        print_json(documents)
    else:
        _print_timelines(documents)
    return 1 if check and not all(document["consistent"] for document in documents) else 0


def _print_all(casebook: Casebook, reading: Reading, *, check: bool) -> int:
    from estelik.views.shards import encoded

    with Progress("{:,} lives worked out") as progress:
        found = encoded(casebook.statements(), casebook.judgements(), reading, progress=progress)
    print_encoded(one.data for one in found)
    return 1 if check and not all(one.consistent for one in found) else 0


def _print_timelines(documents: Iterable[dict[str, Any]]) -> None:
    from datetime import date

    from estelik.language import dates, events
    from estelik.language.direction import plain
    from estelik.language.reader import reader

    read = reader("en")

    def days(ranges: list[list[str | None]]) -> str:
        spans = [
            tuple(None if day is None else date.fromisoformat(day).toordinal() for day in span)
            for span in ranges
        ]
        return plain(dates.ranges(read, spans))  # type: ignore[arg-type]

    shown = (one for one in documents if one["events"] or one["differences"] or not one["consistent"])
    for number, document in enumerate(shown):
        if number:
            click.echo()
        click.echo(click.style(document["subject"], bold=True))
        for event in document["events"]:
            click.echo(f"  {plain(events.label(read, event['event']))}: {days(event['ranges'])}")
        for conflict in document["conflicts"]:
            click.echo(
                "  These cannot "
                + ("both" if len(conflict) == 2 else "all")
                + " be true: "
                + ", ".join(conflict)
            )
        for repair in document["repairs"]:
            ids = " and ".join(repair["statements"])
            click.echo(f"  Setting aside {ids} would make the rest true (weight {repair['weight']}).")
        if not document["consistent"] and document["consistent_wide"]:
            click.echo("  If dates and ages may be off as they often are, all can be true.")
        if document["set_aside"]:
            click.echo(
                f"  Set aside, since they contradict what was said: {', '.join(document['set_aside'])}"
            )
        for one in document["differences"]:
            what = one.get("event") or one.get("fact")
            said = "; ".join(f"{value} ({', '.join(ids)})" for value, ids in one["values"].items())
            click.echo(f"  Told in different ways ({what}, {one['field']}): {said}")


@click.command()
@click.argument("subject")
@click.argument("event")
@_reading
@_json
@with_casebook
def explain(casebook: Casebook, subject: str, event: str, reading: Reading, as_json: bool) -> None:
    """Say why EVENT of SUBJECT is not before its earliest and not after its latest day.

    Each bound is a sum that starts from a date somebody gave; every step names
    the statement it comes from.
    """
    from estelik.chronology.calendar import iso
    from estelik.chronology.explain import explain as why

    solution, life = solved(casebook, subject, reading)
    point = solution.network.events[life].get(event)
    if point is None:
        raise NotFoundError(
            "Nobody has said that this event happened.",
            safe="",
            do="See its label with: estelik timeline SUBJECT",
        )
    found = {
        "earliest": why(solution, point, "earliest", sufficient=True),
        "latest": why(solution, point, "latest", sufficient=True),
    }
    if as_json:
        print_json({side: {"day": iso(one.day), "statements": one.statements} for side, one in found.items()})
        return
    for side, one in found.items():
        click.echo(
            f"Not {'before' if side == 'earliest' else 'after'} {iso(one.day) or 'any day that is known'}"
        )
        for step in one.steps:
            because = step.statement or "as it must be"
            click.echo(
                f"  {step.days:+9,d} days  {iso(step.day)}  {step.event or 'the telling'}  ({because})"
            )


@click.command()
@click.argument("subject")
@click.option(
    "--on", required=True, metavar="DATE", help="The day, month, year or interval asked about (EDTF)."
)
@_reading
@_json
@with_casebook
def status(casebook: Casebook, subject: str, on: str, reading: Reading, as_json: bool) -> None:
    """Say in which state SUBJECT was on a day or in a time, and how surely.

    Throughout and at some time are certain; possibly is not excluded; never
    is excluded by what was said.
    """
    from estelik.chronology.edtf import EdtfError
    from estelik.chronology.network import days_of
    from estelik.chronology.status import status as states

    try:
        window = days_of(on, "strict")
    except EdtfError:
        raise UsageError(
            "The date after --on cannot be read.",
            safe="",
            do="Write it as 2019, 2019-03, 2019-03-21 or 2019/2020.",
        ) from None
    solution, life = solved(casebook, subject, reading)
    found = states(solution, life, window)
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("Nothing told so far puts this person in any state.")
    for one in found:
        where = f", {one.place}" if one.place else ""
        click.echo(f"{one.state}{where}: {one.certainty}")


def solved(casebook: Casebook, subject: str, reading: Reading = "strict") -> tuple[Solution, int]:
    """The solution of the group that ``subject`` is in, and the number of its life there."""
    from estelik.chronology.lives import link
    from estelik.chronology.timeline import Solution, label

    for linked in link(casebook.group(subject), casebook.judgements()):
        for life, key in enumerate(linked.subjects):
            if label(key) == subject:
                return Solution(linked, reading), life
    raise NotFoundError(
        "Nothing is recorded about this subject.", safe="", do="Check how the label is written."
    )
