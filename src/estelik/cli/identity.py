"""Who is who: `estelik same`, `different`, `unsure`, `split`, `judgements`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.daily.judging import record, weigh
from estelik.daily.signers import signers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.casebook import Casebook
    from estelik.daily.judging import Weighed
    from estelik.identity.resolution import Contradiction
    from estelik.identity.verdict import Verdict
    from estelik.records import Statement
    from estelik.records.judgement import Decision

_reason = click.option("--reason", required=True, help="Why, in a sentence. It is kept with the decision.")
_anyway = click.option("--anyway", is_flag=True, help="Record it although it makes a contradiction.")
_NEEDED = ("estelik.index.intake", "estelik.index.lives", "estelik.views.trial")


@click.command()
@click.argument("one", type=LABEL)
@click.argument("other", type=LABEL)
@_reason
@_anyway
@as_json_option
@with_casebook(*_NEEDED)
def same(casebook: Casebook, one: str, other: str, reason: str, anyway: bool, as_json: bool) -> int:
    """Judge that ONE and OTHER are the same.

    From then on they have one life, under whichever label came first; nothing
    that was entered changes. Where their statements, or earlier decisions,
    would then contradict each other, that is shown first, and nothing is
    recorded without --anyway.
    """
    return _judge(casebook, "same", (one, other), reason, anyway=anyway, as_json=as_json)


@click.command()
@click.argument("one", type=LABEL)
@click.argument("other", type=LABEL)
@_reason
@_anyway
@as_json_option
@with_casebook(*_NEEDED)
def different(casebook: Casebook, one: str, other: str, reason: str, anyway: bool, as_json: bool) -> int:
    """Judge that ONE and OTHER are not the same, however alike they are."""
    return _judge(casebook, "different", (one, other), reason, anyway=anyway, as_json=as_json)


@click.command()
@click.argument("one", type=LABEL)
@click.argument("other", type=LABEL)
@_reason
@as_json_option
@with_casebook(*_NEEDED)
def unsure(casebook: Casebook, one: str, other: str, reason: str, as_json: bool) -> int:
    """Note that nobody can say yet whether ONE and OTHER are the same."""
    return _judge(casebook, "unsure", (one, other), reason, anyway=False, as_json=as_json)


@click.command()
@click.argument("subject", type=LABEL)
@click.argument("testimony", type=LABEL)
@_reason
@_anyway
@as_json_option
@with_casebook(*_NEEDED)
def split(casebook: Casebook, subject: str, testimony: str, reason: str, anyway: bool, as_json: bool) -> int:
    """Judge that TESTIMONY speaks of somebody else who is also called SUBJECT.

    TESTIMONY is its label, or the id of a statement told in it. What it says
    under this label becomes a life of its own, whose name is printed.
    """
    return _judge(casebook, "split", (subject, testimony), reason, anyway=anyway, as_json=as_json)


@click.command()
@click.argument("subject", required=False, type=LABEL)
@as_json_option
@with_casebook("estelik.index.lives")
def judgements(casebook: Casebook, subject: str | None, as_json: bool) -> None:
    """List the decisions on who is who that hold: all, or those on SUBJECT.

    Those that cannot all hold are named.
    """
    from estelik.identity.verdict import key

    lives = casebook.lives
    found, clashes = lives.verdicts(), lives.resolution.contradictions
    if subject is not None:
        named = key(lives.named(subject))
        whose = set(lives.resolution.members(named))
        found = [one for one in found if whose & {one.one, one.other}]
        clashes = lives.resolution.against(named)
    if as_json:
        by = signers(casebook)
        print_json(
            {
                "judgements": [_document(one, by) for one in found],
                "judgements_in_conflict": [one.judgements for one in clashes],
            }
        )
        return
    if not found:
        click.echo("Nobody has judged who is who.")
    for words in told(casebook, found):
        click.echo(words)
    for words in clashing(casebook, clashes):
        click.echo(words)


def _judge(
    casebook: Casebook,
    decision: Decision,
    words: tuple[str, str],
    reason: str,
    *,
    anyway: bool,
    as_json: bool,
) -> int:
    with casebook.entering():
        weighed = weigh(casebook, decision, words, reason)
        kept = anyway or not weighed.contradicts
        if kept:
            casebook.add_judgement(weighed.judgement)
    if not as_json:
        for line in consequences(casebook, weighed):
            click.echo(line)
        if not kept and sys.stdin.isatty() and click.confirm("Record it all the same?", err=True):
            # Outside ``entering``: nobody else waits for an answer.
            record(casebook, weighed)
            kept = True
    if as_json:
        print_json(_outcome(weighed, recorded=kept))
    elif kept:
        if decision == "split":
            from estelik.identity.verdict import shown

            click.echo(f"A life of its own: {shown(weighed.verdict.other)}")
        click.echo(weighed.judgement.id)
        click.echo("Recorded. To take it back: estelik withdraw ID --reason ...", err=True)
    if not kept:
        click.echo(
            "Nothing was recorded. Look at what contradicts each other; to record it all the same: --anyway",
            err=True,
        )
    return 0 if kept else 1


def consequences(casebook: Casebook, weighed: Weighed) -> Iterator[str]:
    """What a judgement would bring about, line by line."""
    yield from clashing(casebook, weighed.clashes)
    for conflict in weighed.trial.conflicts:
        yield f"As one life, {'both' if len(conflict) == 2 else 'all'} of these could not be true:"
        for id_ in conflict:
            yield f"  {_said(weighed.statements[id_])}"
    if weighed.trial.contradicts and not weighed.trial.conflicts:
        yield "As one life, what is told of them could not all be true."
    for other in weighed.trial.differences:
        said = "; ".join(f"{value} ({', '.join(ids)})" for value, ids in other.values.items())
        yield f"As one life, told in different ways ({other.event or other.fact}, {other.field}): {said}"
    if weighed.trial.shared:
        yield f"Told of both, and taken for one event each: {', '.join(weighed.trial.shared)}"


def _said(statement: Statement) -> str:
    """A statement in a sentence, with its id, and who told it when that is open."""
    from estelik.language import statements
    from estelik.language.direction import plain
    from estelik.language.reader import reader

    told = ", ".join(part for part in (statement.source, statement.told) if part)
    said = plain(statements.says(reader("en"), statement))
    return f"{statement.about} ({statement.statement}{f'; {told}' if told else ''}): {said}"


def clashing(casebook: Casebook, clashes: Iterable[Contradiction]) -> Iterator[str]:
    """Judgements that stand against each other, line by line."""
    clashes = list(clashes)
    if not clashes:
        return
    by = signers(casebook)
    made = {one.id: one for one in casebook.lives.verdicts()}
    for clash in clashes:
        yield "These decisions cannot all hold; until one is withdrawn, nobody is taken for the same by them:"
        for id_ in clash.judgements:
            # One that is being weighed is not among those that were made.
            yield f"  {_line(made[id_], by)}" if id_ in made else "  this decision"


def told(casebook: Casebook, verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Decisions with who made them, when and why, line by line."""
    by = signers(casebook)
    return (_line(one, by) for one in verdicts)


def _line(one: Verdict, by: dict[str, str]) -> str:
    who = f", {by[one.id]}" if one.id in by else ""
    return f"{_decided(one)} ({one.made}{who}): {one.reason}  [{one.id}]"


def _decided(one: Verdict) -> str:
    from estelik.identity.verdict import shown

    first, second = shown(one.one), shown(one.other)
    if one.decision == "same":
        return f"{first} and {second} are the same"
    if one.decision == "different":
        return f"{first} and {second} are not the same"
    if one.decision == "unsure":
        return f"{first} and {second}: nobody can say yet"
    return f"{second} is somebody else than {first}"


def _document(one: Verdict, by: dict[str, str]) -> dict[str, Any]:
    from estelik.identity.verdict import shown

    return {
        "id": one.id,
        "decision": one.decision,
        "subjects": [shown(one.one), shown(one.other)],
        "reason": one.reason,
        "made": one.made,
        "by": by.get(one.id),
    }


def _outcome(weighed: Weighed, *, recorded: bool) -> dict[str, Any]:
    from estelik.identity.verdict import shown

    return {
        "recorded": recorded,
        "id": weighed.judgement.id if recorded else None,
        "decision": weighed.judgement.decision,
        "subjects": [shown(weighed.verdict.one), shown(weighed.verdict.other)],
        "judgements_in_conflict": [one.judgements for one in weighed.clashes],
        "conflicts": weighed.trial.conflicts,
        "differences": [
            {
                ("event" if one.event else "fact"): one.event or one.fact,
                "field": one.field,
                "values": one.values,
            }
            for one in weighed.trial.differences
        ],
        "shared_events": weighed.trial.shared,
    }
