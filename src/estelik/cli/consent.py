"""What people allow: `estelik consent`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.day import day as day_given
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.daily.granting import known
from estelik.daily.today import today
from estelik.errors import ConsentError, NotFoundError
from estelik.records.consent import AUDIENCES, IDENTITIES, PURPOSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook
    from estelik.protection.account import Account, Due
    from estelik.records.consent import Act, Audience, Consents, Purpose

_reason = click.option("--reason", required=True, help="Why, in a sentence. It is kept.")
_on = click.option("--on", "day", metavar="DAY", help="On which day, as 2026-11-22. Otherwise: today.")
_audience = click.option(
    "--for", "audience", required=True, type=click.Choice(AUDIENCES), help="Who is to see it."
)
_purpose = click.option(
    "--purpose", required=True, type=click.Choice(PURPOSES), help="What they are to see it for."
)
_SAID: Final = {
    "holds": "holds",
    "refused": "a refusal",
    "withdrawn": "withdrawn",
    "renewed": "renewed by a later one",
    "ended": "has ended",
    "to begin": "does not hold yet",
    "waits": "waits for its condition, and opens nothing",
    "ask again": "its condition is met: ask again; until then it opens nothing",
    "unchecked": "public already, but nobody has found that repeating it is safe",
}
_LEVELS: Final = ("not at all", "without identity", "under a pseudonym", "by name")
_WHY: Final = {
    "not asked": (
        "nobody who has to say yes was asked, or her consent does not hold",
        "Ask, and record the answer.",
    ),
    "refused": (
        "somebody who has to say yes refused, or withdrew her consent",
        "Only she can change that: a new consent that renews the old one.",
    ),
    "waits": (
        "somebody who has to say yes has set a condition, and was not asked again since it was met",
        "Note when it is met (estelik consent met), and ask her again: a new consent that renews that one.",
    ),
    "medical": (
        "it is medical, and not all consents include what is medical",
        "Ask for that, and record it under `including`.",
    ),
    "sources": (
        "it lies with the sources, and nothing of these leaves",
        "Let a member enter a redacted copy.",
    ),
    "not answered": (
        "it says only that somebody could not or would not answer",
        "Nothing: that never leaves.",
    ),
}
_NEEDS: Final = {
    "ask again": "the condition is met: ask again",
    "risk": "look again at this risk",
    "check": "look whether repeating it could bring harm",
    "ends": "ends soon",
    "waits": "waits for its condition",
}


@click.group()
def consent() -> None:
    """Record what people allow, and say what follows from it.

    Nothing leaves the team without a yes of whoever told it and of whoever it
    is about. Every yes has its audience, its purpose and its end, and can be
    withdrawn at any time.
    """


@consent.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Only check.")
@as_json_option
@with_casebook("estelik.exchange.consents")
def import_(casebook: Casebook, file: Path, dry_run: bool, as_json: bool) -> None:
    """Take the consents of a CSV file into the casebook: all of them, or none."""
    from estelik.daily import allowances
    from estelik.exchange.consents import read

    entered, unchanged = allowances.enter(casebook, lambda there: read(file, there), known, dry_run=dry_run)
    if as_json:
        print_json({"imported": len(entered), "unchanged": unchanged, "consents": entered})
    elif dry_run:
        click.echo(f"{len(entered)} consents could be entered, {unchanged} are there already.", err=True)
    else:
        click.echo(f"{len(entered)} consents were entered, {unchanged} were there already.", err=True)


def _added(command: Callable[..., None]) -> Callable[..., None]:
    """The columns of the sheet as options."""
    from estelik.exchange.consents import COLUMNS, REQUIRED

    for column in reversed(COLUMNS):
        name = "--" + column.replace("_", "-")
        command = click.option(
            name, f"cell_{column}", default="", required=column in REQUIRED, metavar="TEXT"
        )(command)
    return command


@consent.command()
@_added
@with_casebook("estelik.exchange.consents")
def add(casebook: Casebook, /, **cells: str) -> None:
    """Enter one consent, by the columns of the sheet (see `docs/howto/record-consent.md`).

    Several audiences, purposes or media stand in one word, with semicolons.
    """
    from estelik.daily import allowances
    from estelik.errors import SheetError
    from estelik.exchange.consents import entered as read

    row = {name.removeprefix("cell_"): text for name, text in cells.items()}
    try:
        entered, _ = allowances.enter(casebook, lambda there: read([(0, row)], there), known)
    except SheetError as error:
        lines = [f"--{one.column.replace('_', '-')}: {one.what} {one.do}" for one in error.faults]
        raise ConsentError("\n".join(lines)) from None
    for one in entered:
        click.echo(one)
    click.echo("Recorded. To withdraw it: estelik consent withdraw ID --reason ...", err=True)


@consent.command("list")
@click.argument("giver", required=False, type=LABEL)
@_on
@as_json_option
@with_casebook("estelik.protection.voice")
def list_(casebook: Casebook, giver: str | None, day: str | None, as_json: bool) -> None:
    """List the consents of GIVER, or all, and how each stands."""
    from msgspec import to_builtins

    from estelik.protection.voice import standing

    found, on = casebook.consents(), day_given(day).toordinal()
    whose = casebook.lives.whose(giver) if giver else None
    shown = [one for one in found.given if whose is None or one.giver in whose]
    if as_json:
        print_json([to_builtins(one) | {"standing": standing(one, found, on)} for one in shown])
        return
    for one in shown:
        what = {"all": "all", "person": f"what is said of {one.of}", "testimony": "one telling"}[one.scope]
        level = _LEVELS[IDENTITIES.index(one.identity) + 1]
        said = "no" if one.answer == "no" else f"yes, {level}" if one.audiences else "yes"
        # What is for nobody and nothing is that she agreed to be recorded.
        to = (
            f"{', '.join(one.audiences)} for {', '.join(one.purposes)}" if one.audiences else "to be recorded"
        )
        click.echo(f"{one.id}  {click.style(one.giver, bold=True)}: {said}; {what}; {to}; given {one.given}")
        click.echo(f"    {_SAID[standing(one, found, on)]}")
    if not shown:
        click.echo("No consent is recorded.", err=True)


@consent.command()
@click.argument("id_", metavar="ID")
@_on
@_reason
@with_casebook("estelik.index.consents")
def withdraw(casebook: Casebook, id_: str, day: str | None, reason: str) -> None:
    """Withdraw the consent with this ID: from that day on it is a refusal.

    It reaches every release at the next build. What others have already cannot
    be called back.
    """
    from estelik.records.consent import Withdrawal

    _act(casebook, id_, day, reason, Withdrawal)
    click.echo(
        "Withdrawn. Build every release anew: what was published before is still with whoever took it.",
        err=True,
    )
    _say_left(casebook, id_)


@consent.command()
@click.argument("id_", metavar="ID")
@_on
@_reason
@with_casebook("estelik.index.consents")
def met(casebook: Casebook, id_: str, day: str | None, reason: str) -> None:
    """Note that the condition of the consent with this ID is met.

    That opens nothing: she is asked again, and what she says then is a new
    consent that renews this one.
    """
    from estelik.records.consent import Met

    _act(casebook, id_, day, reason, Met)
    click.echo("Noted. It opens nothing: ask her again, and record her answer with --renews.", err=True)


@consent.command()
@click.argument("id_", metavar="ID")
@click.option("--safe/--harm", "safe", required=True, help="Whether repeating it is safe.")
@_on
@_reason
@with_casebook("estelik.index.consents")
def check(casebook: Casebook, id_: str, safe: bool, day: str | None, reason: str) -> None:
    """Note whether repeating what is public already could bring harm to anybody."""
    from estelik.records.consent import ReprisalCheck

    _act(casebook, id_, day, reason, ReprisalCheck, safe=safe)
    click.echo("Noted.", err=True)


def _act(casebook: Casebook, id_: str, day: str | None, reason: str, kind: type[Act], **more: bool) -> None:
    """Enters what was done about a consent."""
    from estelik.daily import allowances

    allowances.act(casebook, id_, day_given(day), reason, kind, **more)


def _say_left(casebook: Casebook, id_: str) -> None:
    """Says what left of what somebody who gave this consent told, or of what is told about her."""
    from estelik.cli.drafting import say_left
    from estelik.daily.releasing import said
    from estelik.protection.release import fingerprint
    from estelik.records.release import Publication

    giver = next(one.giver for one in casebook.consents().given if one.id == id_)
    labels = casebook.lives.whose(giver) | {giver}
    key = casebook.statement_key
    people = {fingerprint(key, "person", one) for one in labels}
    told = {
        fingerprint(key, "statement", one.statement)
        for one in casebook.statements()
        if one.source in labels or one.about in labels
    }
    left = (one.record for one in said(casebook))
    say_left(
        one
        for one in left
        if isinstance(one, Publication) and (people & set(one.people) or told & set(one.statements))
    )


@consent.command("due")
@click.option("--days", default=30, show_default=True, type=click.IntRange(min=0), help="How far ahead.")
@as_json_option
@with_casebook("estelik.protection.account")
def due_(casebook: Casebook, days: int, as_json: bool) -> None:
    """Say whom to ask again, what to check, and what ends; and where consents contradict each other."""
    from msgspec import to_builtins

    from estelik.index.consents import risks
    from estelik.protection.account import due, stricter
    from estelik.protection.pseudonym import borne
    from estelik.records.risk import standing

    found = casebook.consents()
    waiting = due(found, standing(risks(casebook.vault.store, casebook.out_of_sight())), today(), days)
    differ = stricter(found, today())
    taken = borne(found.pseudonyms, known(casebook).people)
    if as_json:
        print_json(
            {"due": to_builtins(waiting), "stricter": to_builtins(differ), "borne": to_builtins(taken)}
        )
        return
    for one in waiting:
        click.echo(_due_line(one))
    for pair in differ:
        both = " and ".join(pair.consents)
        click.echo(f"{click.style(pair.who, bold=True)}: {both} do not say the same; the stricter counts")
    for pseudonym in taken:
        who = click.style(pseudonym.who, bold=True)
        click.echo(f"{who}: somebody in the casebook is called as she is before {pseudonym.audience}")
    if not (waiting or differ or taken):
        click.echo("Nothing waits.", err=True)


def _due_line(one: Due) -> str:
    day = f" ({one.day})" if one.day else ""
    return f"{click.style(one.who, bold=True)}: {_NEEDS[one.need]}{day}  {one.id}"


@consent.command()
@click.argument("statement", type=LABEL)
@_audience
@_purpose
@_on
@as_json_option
@with_casebook("estelik.protection.account")
def why(
    casebook: Casebook, statement: str, audience: Audience, purpose: Purpose, day: str | None, as_json: bool
) -> int:
    """Say whether the STATEMENT with this id may be shown, why, and what would have to change.

    Exit status 1 where it may not.
    """
    from msgspec import to_builtins

    from estelik.protection.account import account
    from estelik.protection.permission import Asked, permissions

    found = casebook.consents()
    one = next((each for each in casebook.stream() if each.statement == statement), None)
    if one is None:
        raise NotFoundError("There is no statement with this id.", safe="", do="See: estelik timeline --json")
    asked = Asked(audience, purpose, day_given(day).toordinal())
    said = account(one, found, permissions(found, casebook.lives.resolution), asked)
    if as_json:
        print_json(to_builtins(said))
    else:
        _say_account(said, found)
    return 0 if said.permission.cleared else 1


def _say_account(said: Account, found: Consents) -> None:
    given = {one.id: one for one in found.given}
    click.echo("It may be shown." if said.permission.cleared else "It stays here.")
    for why in said.permission.why:
        click.echo(f"  {_WHY[why][0].capitalize()}. {_WHY[why][1]}")
    for side in said.sides:
        role = "who told it" if side.who == "teller" else "whom it is about"
        label = side.label or "nobody is named"
        click.echo(f"{click.style(label, bold=True)}, {role}: {_LEVELS[side.word.level]}")
        if side.word.reason == "stricter":
            click.echo("  Her consents do not say the same: the strictest counts.")
        for id_, stands in side.consents:
            words = f": {given[id_].condition}" if given[id_].condition else ""
            click.echo(f"  {id_}: {_SAID[stands]}{words}")
