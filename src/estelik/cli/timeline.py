"""When: `estelik timeline`, `estelik explain`, `estelik status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import Progress, as_json_option, print_encoded, print_json
from estelik.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estelik.casebook import Casebook
    from estelik.chronology.network import Reading
    from estelik.chronology.timeline import Apart, Timeline
    from estelik.identity.merging import Merged
    from estelik.views.differences import Difference
    from estelik.views.same_place import TwoNames

_reading = click.option(
    "--reading",
    type=click.Choice(("strict", "wide")),
    default="strict",
    help="strict: dates and ages as they were said (default). wide: as far off as people usually are.",
)


@click.command()
@click.argument("subject", required=False, type=LABEL)
@_reading
@as_json_option
@click.option("--check", is_flag=True, help="Exit with 1 if anybody's accounts contradict each other.")
@with_casebook("estelik.index.lives", "estelik.views.timeline")
def timeline(casebook: Casebook, subject: str | None, reading: Reading, as_json: bool, check: bool) -> int:
    """Show the earliest and the latest day of every event, for SUBJECT or for all.

    Where accounts contradict each other, each contradiction is shown with the
    statements that make it and with what would have to be set aside for the
    rest to be true. None is preferred, and what is shown holds either way.
    """
    if subject is None and as_json:
        return _print_all(casebook, reading, check=check)
    from estelik.views.same_place import SameByPlaces, two_names
    from estelik.views.timeline import document, timelines, told_of

    merged = casebook.lives.all() if subject is None else casebook.lives.of(subject)
    lives = None if subject is None else merged.keys(subject)
    same = SameByPlaces(casebook.lives.about_places)
    found = list(timelines(merged.statements, merged.judgements, reading, lives=lives, same_place=same))
    if as_json:
        print_json([document(*one, merged) for one in found])
    else:
        told = told_of(merged.statements, merged.judgements)
        named = {one.key: two_names(told.get(one.key, ()), same) for one, _ in found}
        _print_timelines(casebook, found, merged, named)
    return 1 if check and not all(one.consistent for one, _ in found) else 0


def _print_all(casebook: Casebook, reading: Reading, *, check: bool) -> int:
    from estelik.views.shards import encoded

    with Progress("{:,} lives worked out") as progress:
        merged = casebook.lives.all()
        found = encoded(merged.statements, merged.judgements, reading, merged=merged, progress=progress)
    print_encoded(one.data for one in found)
    return 1 if check and not all(one.consistent for one in found) else 0


def _print_timelines(
    casebook: Casebook,
    found: Iterable[tuple[Timeline, list[Difference]]],
    merged: Merged,
    named: Mapping[str, Sequence[TwoNames]],
) -> None:
    """Timelines in words; ``named``: the events of each life that are told of at one place under several
    names."""
    from estelik.cli.identity import clashing
    from estelik.language import dates, events
    from estelik.language.direction import plain
    from estelik.language.reader import reader

    read = reader("en")
    expected = {one.statement for one in merged.statements if one.expected}
    shown = (
        (one, differ)
        for one, differ in found
        if one.events or differ or not one.consistent or merged.clashes(one.key)
    )
    for number, (one, differ) in enumerate(shown):
        if number:
            click.echo()
        click.echo(click.style(one.subject, bold=True))
        others = merged.others.get(one.key, ())
        if others:
            click.echo(f"  Judged to be the same: {', '.join(others)}")
        for event in one.events:
            days = plain(dates.ranges(read, event.ranges))
            due = "expected " if event.statements and expected.issuperset(event.statements) else ""
            click.echo(f"  {plain(events.label(read, event.event))}: {due}{days}")
        _print_contradictions(one)
        if not one.consistent and one.consistent_wide:
            click.echo("  If dates and ages may be off as they often are, all can be true.")
        if one.set_aside:
            click.echo(f"  Set aside, since they contradict what was said: {', '.join(one.set_aside)}")
        for words in clashing(casebook, merged.clashes(one.key)):
            click.echo(f"  {words}")
        for place in named.get(one.key, ()):
            said = "; ".join(f"{label} ({', '.join(ids)})" for label, ids in place.names.items())
            click.echo(f"  One place under several names ({place.event}): {said}")
        for other in differ:
            said = "; ".join(f"{value} ({', '.join(ids)})" for value, ids in other.values.items())
            click.echo(f"  Told in different ways ({other.event or other.fact}, {other.field}): {said}")


def _print_contradictions(one: Timeline) -> None:
    """Each contradiction that stands apart, with its own ways out."""
    apart = one.apart()
    shown = {conflict for found in apart for conflict in found.conflicts}
    for conflict in one.conflicts:
        if conflict not in shown:
            click.echo(f"  {_cannot(conflict)}")
    if len(apart) < 2:
        for found in apart:
            _print_apart(found, "  ", "make the rest true")
        return
    click.echo(
        f"  {len(apart)} contradictions stand apart: the rest is true only if one way out of each is taken."
    )
    for number, found in enumerate(apart, 1):
        click.echo(f"  Contradiction {number}")
        _print_apart(found, "    ", "end this contradiction")


def _print_apart(found: Apart, indent: str, effect: str) -> None:
    for conflict in found.conflicts:
        click.echo(f"{indent}{_cannot(conflict)}")
    for repair in found.repairs:
        ids = " and ".join(repair.statements)
        click.echo(f"{indent}Setting aside {ids} would {effect} (weight {repair.weight}).")


def _cannot(conflict: tuple[str, ...]) -> str:
    how_many = "both" if len(conflict) == 2 else "all"
    return f"These cannot {how_many} be true: {', '.join(conflict)}"


@click.command()
@click.argument("subject", type=LABEL)
@click.argument("event", type=LABEL)
@_reading
@as_json_option
@with_casebook("estelik.index.lives", "estelik.chronology.explain")
def explain(casebook: Casebook, subject: str, event: str, reading: Reading, as_json: bool) -> None:
    """Say why EVENT of SUBJECT is not before its earliest and not after its latest day.

    Each bound is a sum that starts from a date somebody gave; every step names
    the statement it comes from.
    """
    from estelik.chronology.calendar import iso
    from estelik.chronology.explain import explain as why
    from estelik.chronology.timeline import label
    from estelik.daily.solving import solved

    solution, life, *_ = solved(casebook, subject, reading)
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
            come = step.event or "the telling"
            if step.life not in (None, life):
                come = f"{come} of {label(solution.network.subjects[step.life])}"
            click.echo(f"  {step.days:+9,d} days  {iso(step.day)}  {come}  ({because})")


@click.command()
@click.argument("subject", type=LABEL)
@click.option(
    "--on", required=True, metavar="DATE", help="The day, month, year or interval asked about (EDTF)."
)
@_reading
@as_json_option
@with_casebook("estelik.index.lives", "estelik.chronology.status")
def status(casebook: Casebook, subject: str, on: str, reading: Reading, as_json: bool) -> None:
    """Say in which state SUBJECT was on a day or in a time, and how surely.

    Throughout and at some time are certain; possibly is not excluded; never
    is excluded by what was said.
    """
    from estelik.chronology.edtf import EdtfError
    from estelik.chronology.network import days_of
    from estelik.chronology.status import status as states
    from estelik.daily.solving import solved

    try:
        window = days_of(on, "strict")
    except EdtfError:
        raise UsageError(
            "The date after --on cannot be read.",
            safe="",
            do="Write it as 2019, 2019-03, 2019-03-21 or 2019/2020.",
        ) from None
    solution, life, *_ = solved(casebook, subject, reading)
    found = states(solution, life, window)
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("Nothing told so far puts this person in any state.")
    for one in found:
        where = f", {one.place}" if one.place else ""
        click.echo(f"{one.state}{where}: {one.certainty}")
