"""Who took what for whom: `estelik release taken`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.daily.releasing import said
from estelik.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.casebook import Casebook
    from estelik.records.release import Draft, Publication


@click.command()
@click.argument("people", nargs=-1, type=LABEL, metavar="[PERSON]...")
@as_json_option
@with_casebook("estelik.index.releases", "estelik.protection.release")
def taken(casebook: Casebook, people: tuple[str, ...], as_json: bool) -> None:
    """Show what left: who took it, what for, and which member let it out.

    Everything that was published, printed as a card or handed over in a report,
    or what of it was about each PERSON.
    """
    from estelik.protection.release import fingerprint
    from estelik.records.release import Draft, Publication

    subjects = casebook.subjects()
    if not set(people) <= set(subjects):
        raise NotFoundError("Nobody of this label is spoken of.", do="Check how it is written.")
    key = casebook.statement_key
    labels = {fingerprint(key, "person", one): one for one in subjects}
    wanted = {fingerprint(key, "person", label) for one in people for label in casebook.lives.whose(one)}
    every = said(casebook)
    drafts = {one.record.id: one.record for one in every if isinstance(one.record, Draft)}
    members = casebook.vault.registrar.standing.members
    lines = [
        _line(one.record, drafts.get(one.record.release), members[one.member].name, labels)
        for one in every
        if isinstance(one.record, Publication) and (not wanted or wanted & set(one.record.people))
    ]
    if as_json:
        print_json(lines)
        return
    for line in lines:
        _say(line)
    if not lines:
        click.echo("Nothing left.", err=True)


def _line(one: Publication, draft: Draft | None, member: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "made": one.made,
        "recipient": one.recipient,
        "audience": draft.audience if draft is not None else one.audience,
        "purpose": draft.purpose if draft is not None else one.purpose,
        "title": draft.title if draft is not None else "",
        "release": one.release,
        "by": member,
        "people": sorted({labels[each] for each in one.people if each in labels}),
        "statements": len(one.statements),
        "findings": len(one.findings),
        "anyway": one.anyway,
    }


def _say(line: dict[str, Any]) -> None:
    whom = line["recipient"] or "everybody"
    goal = ", ".join(one for one in (line["audience"], line["purpose"]) if one)
    what = f"“{line['title']}”" if line["title"] else "a report"
    click.echo(
        f"{line['made'][:10]}  {click.style(whom, bold=True)} ({goal}): {what}, let out by {line['by']}"
    )
    click.echo(f"    about {', '.join(line['people']) or 'nobody who is still spoken of here'}")
    if line["anyway"]:
        click.echo(f"    although {line['findings']} findings stood: {line['anyway']}")
