"""Whom a release would give away, and what is decided of it: `estelik release check`, `mend`, `let`,
`approve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.drafting import say_extent
from estelik.cli.output import as_json_option, print_json
from estelik.daily import examining
from estelik.daily.releasing import found_release, opened, projected
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.casebook import Casebook
    from estelik.protection.examination import Examined
    from estelik.protection.placed import Placed

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
    have told; the few facts that together tell somebody under a pseudonym, or
    without a name, from all others, over all that was ever released. Exit status 1 where anything is open.
    """
    found = opened(casebook, id_)
    looked, placed = examining.examined(casebook, found, lists)
    yes = examining.rulings(casebook, found)
    findings = looked.findings()
    lines = lines_of(findings, yes, placed)
    open_ = [one for one in lines if one["state"] != "let stand"]
    if as_json:
        print_json({"findings": lines, "open": len(open_)})
    else:
        say_findings(lines)
        if not casebook.vault.store.schemas.keys() >= set(COMPARTMENTS):
            click.echo(
                "Not every compartment is open to you: who is spoken of in another alone was not looked for.",
                err=True,
            )
        if open_:
            click.echo(
                "Each takes a decision: estelik release mend, or two members who say why it may stand: "
                "estelik release let.",
                err=True,
            )
    return 1 if open_ else 0


def lines_of(findings: list[Examined], yes: Mapping[str, set[str]], placed: Placed) -> list[dict[str, Any]]:
    """Findings in words, with what is decided of each (``yes``: who let it stand)."""
    from estelik.identity.verdict import shown
    from estelik.language.direction import plain
    from estelik.language.reader import reader
    from estelik.protection.wording import tell

    read = reader("en")
    return [
        {
            "finding": one.print[:12],
            "says": plain(tell(read, one.finding, place=placed.called, person=shown)),
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
    less = examining.mend(casebook, id_, finding, reason, lists)
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
    yes = examining.let(casebook, id_, finding, reason, lists)
    click.echo(_ruled(yes).capitalize() + ".", err=True)


@click.command()
@click.argument("id_", metavar="ID")
@lists_option
@with_casebook("estelik.protection.examination")
def approve(casebook: Casebook, id_: str, lists: tuple[Path, ...]) -> None:
    """Approve a release as it is today: what was approved is what can be published."""
    projection = examining.approve(casebook, id_, lists)
    say_extent(projection)
    click.echo("Approved as it is today. Publish it: estelik release publish", err=True)


def _ruled(members: set[str]) -> str:
    if not members:
        return "open"
    return "let stand" if len(members) >= examining.TWO else "one member lets it stand; it takes a second"
