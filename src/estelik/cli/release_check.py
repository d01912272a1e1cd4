"""Whom a release would give away, and what is decided of it: `estelik release check`, `mend`, `let`,
`approve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.drafting import (
    asked_today,
    by_whom,
    check_reason,
    enter,
    found_release,
    material,
    opened,
    projected,
    said,
    say_extent,
)
from estelik.cli.output import as_json_option, print_json
from estelik.errors import NotFoundError, ReleaseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.casebook import Casebook
    from estelik.protection.examination import Examination, Examined, Surroundings
    from estelik.protection.placed import Placed
    from estelik.records.release import Release

_reason = click.option("--reason", required=True, help="Why, in a sentence. It is kept.")
lists_option = click.option(
    "--list", "lists", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="A public list of people (CSV): whom else somebody could be. May come again.",
)  # fmt: skip


@click.command()
@click.argument("id_", metavar="ID")
@lists_option
@as_json_option
@with_casebook("estelik.protection.examination")
def check(casebook: Casebook, id_: str, lists: tuple[Path, ...], as_json: bool) -> int:
    """Look for whom a release would give away.

    Names, numbers and relations in its words; facts that only one person could
    have told; the few facts that together tell somebody under a pseudonym from
    all others, over all that was ever released. Exit status 1 where anything is open.
    """
    found = opened(casebook, id_)
    looked, placed = examined(casebook, found, lists)
    yes = _rulings(casebook, found)
    findings = looked.findings()
    lines = lines_of(findings, yes, placed)
    open_ = [one for one in lines if one["state"] != "let stand"]
    if as_json:
        print_json({"findings": lines, "open": len(open_)})
    else:
        say_findings(lines)
        if open_:
            click.echo(
                "Each takes a decision: estelik release mend, or two members who say why it may stand: "
                "estelik release let.",
                err=True,
            )
    return 1 if open_ else 0


def lines_of(findings: list[Examined], yes: Mapping[str, set[str]], placed: Placed) -> list[dict[str, Any]]:
    """Findings in words, with what is decided of each (``yes``: who let it stand)."""
    from estelik.language.direction import plain
    from estelik.language.reader import reader
    from estelik.protection.wording import tell

    read = reader("en")
    return [
        {
            "finding": one.print[:12],
            "says": plain(tell(read, one.finding, place=placed.called, person=str)),
            "do": one.finding.do,
            "statements": list(one.statements),
            "state": _ruled(yes.get(one.print, set())),
        }
        for one in findings
    ]


def say_findings(lines: list[dict[str, Any]]) -> None:
    """Prints findings, a line for each."""
    for one in lines:
        rests = f" ({', '.join(one['statements'])})" if one["statements"] else ""
        click.echo(f"{click.style(one['finding'], bold=True)}  {one['says']}{rests}")
        if one["state"] != "open":
            click.echo(f"    {one['state']}")
    if not lines:
        click.echo("Nothing was found that would give anybody away.", err=True)


@click.command()
@click.argument("id_", metavar="ID")
@click.argument("finding", nargs=-1, required=True, metavar="FINDING...")
@lists_option
@_reason
@with_casebook("estelik.protection.examination", "estelik.protection.mending")
def mend(
    casebook: Casebook, id_: str, finding: tuple[str, ...], lists: tuple[Path, ...], reason: str
) -> None:
    """Let a release say less, as far as each FINDING asks for it. Check it again then."""
    from estelik.protection.mending import mends
    from estelik.protection.release import drafted, fingerprint
    from estelik.records.release import Change

    check_reason(reason)
    with casebook.entering():
        found = opened(casebook, id_)
        looked, placed = examined(casebook, found, lists)
        findings = looked.findings()
        draft = drafted(found, looked.material, casebook.statement_key)
        told = {each.statement: each for each in draft}
        asked = [_the(findings, one) for one in finding]
        less = list(dict.fromkeys(each for one in asked for each in mends(one, told, placed.called)))
        if not less and any(not one.statements for one in asked):
            raise ReleaseError(
                "The title is told to everybody, and stays as it was drafted.",
                do="Draft another release: estelik release draft",
            )
        if not less:
            raise ReleaseError(
                "Nothing in this release can mend that: it is out already.",
                do="Two members can let it stand: estelik release let",
            )
        enter(
            casebook,
            *(
                Change(
                    *by_whom(casebook),
                    found.draft.id,
                    fingerprint(casebook.statement_key, "statement", each.statement),
                    reason,
                    each.column,
                    each.to,
                )
                for each in less
            ),
        )
    for each in less:
        what = "left out" if not each.column else f"{each.column}: {each.to or 'blank'}"
        click.echo(f"{each.statement}  {what}")
    say_extent(projected(casebook, found_release(casebook, id_)))


@click.command("let")
@click.argument("id_", metavar="ID")
@click.argument("finding", metavar="FINDING")
@lists_option
@_reason
@with_casebook("estelik.protection.examination")
def let_(casebook: Casebook, id_: str, finding: str, lists: tuple[Path, ...], reason: str) -> None:
    """Let a FINDING stand, with a reason. It takes a second member who does so, too."""
    from estelik.records.release import Ruling

    check_reason(reason)
    with casebook.entering():
        found = opened(casebook, id_)
        looked, _ = examined(casebook, found, lists)
        one = _the(looked.findings(), finding)
        enter(casebook, Ruling(*by_whom(casebook), found.draft.id, one.print, reason))
        yes = _rulings(casebook, found)[one.print]
    click.echo(_ruled(yes).capitalize() + ".", err=True)


@click.command()
@click.argument("id_", metavar="ID")
@lists_option
@with_casebook("estelik.protection.examination")
def approve(casebook: Casebook, id_: str, lists: tuple[Path, ...]) -> None:
    """Approve a release as it is today: what was approved is what can be published."""
    from estelik.protection.release import seal
    from estelik.records.release import Approval

    with casebook.entering():
        found = opened(casebook, id_)
        looked, _ = examined(casebook, found, lists)
        yes = _rulings(casebook, found)
        open_ = [one for one in looked.findings() if len(yes.get(one.print, ())) < _TWO]
        if open_:
            raise ReleaseError(
                f"{len(open_)} findings are open.",
                safe="Nothing was approved.",
                do="See: estelik release check",
            )
        # What was looked at is what is approved.
        projection = looked.projection
        if not projection.statements and not found.publications:
            raise ReleaseError("Nothing is in it that may leave today.", safe="Nothing was approved.")
        enter(casebook, Approval(*by_whom(casebook), found.draft.id, seal(projection)))
    say_extent(projection)
    click.echo("Approved as it is today. Publish it: estelik release publish", err=True)


#: So many members have to let a finding stand.
_TWO = 2


def examined(casebook: Casebook, found: Release, lists: tuple[Path, ...]) -> tuple[Examination, Placed]:
    """A draft looked at, against all that was published before."""
    from estelik.protection.examination import Examination
    from estelik.protection.release import draw

    around, placed = surroundings(casebook, lists)
    made = material(casebook)
    projection = draw(found, made, asked_today(found.draft), casebook.statement_key)
    return Examination(projection, made, around, casebook.statement_key, found.draft.title), placed


def surroundings(casebook: Casebook, lists: tuple[Path, ...]) -> tuple[Surroundings, Placed]:
    """What a draft, or a report for others, is looked at against."""
    from estelik.exchange.background import read
    from estelik.index.consents import risks
    from estelik.places.atlas import Atlas
    from estelik.protection.examination import Surroundings
    from estelik.protection.placed import Placed
    from estelik.records.release import Draft, Publication
    from estelik.records.risk import standing

    placed = Placed(Atlas(casebook.lives.about_places()))
    pools = [read(one, placed) for one in lists]
    every = [one.record for one in said(casebook)]
    public = {one.id for one in every if isinstance(one, Draft) and one.audience == "public"}
    left = [one for one in every if isinstance(one, Publication)]
    published = [one for one in left if one.release in public and not one.recipient]
    around = Surroundings(
        placed,
        published,
        [one.pool for one in pools],
        [fact for one in pools for fact in one.out],
        standing(risks(casebook.vault.store, casebook.out_of_sight())),
        [one for one in left if one not in published],
    )
    return around, placed


def _rulings(casebook: Casebook, found: Release) -> dict[str, set[str]]:
    """By finding the members who let it stand, as their devices signed it, and belong to the office today."""
    from estelik.records.release import Ruling

    members = casebook.vault.registrar.standing.members
    out: dict[str, set[str]] = {}
    for one in said(casebook):
        if (
            isinstance(one.record, Ruling)
            and one.record.release == found.draft.id
            and members[one.member].present
        ):
            out.setdefault(one.record.finding, set()).add(one.member)
    return out


def _ruled(members: set[str]) -> str:
    if not members:
        return "open"
    return "let stand" if len(members) >= _TWO else "one member lets it stand; it takes a second"


def _the(findings: list[Examined], begins: str) -> Examined:
    """The finding whose fingerprint begins so. Raises ``NotFoundError``."""
    found = [one for one in findings if begins and one.print.startswith(begins)]
    if len(found) != 1:
        raise NotFoundError("There is no such finding.", do="See: estelik release check")
    return found[0]
