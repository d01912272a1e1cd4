"""What is to become of what was recorded: `estelik erase`, `restrict`, `hold` and `lift`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook
    from estelik.index.closure import Closure, What
    from estelik.vault.disposal import Decision, Progress

#: What a decision can be about: how it is named, and what goes with it.
_KINDS = {
    "statement": ("STATEMENT", "the statement with this id, and decisions about it"),
    "testimony": (
        "TESTIMONY",
        "the testimony of this label, or in which the statement with this id was told",
    ),
    "source": ("SOURCE", "the source with this label, and all that it told"),
    "subject": ("SUBJECT", "the subject with this label, and all statements about it"),
    "evidence": ("EVIDENCE", "the file of evidence with this id, and all that is recorded of it"),
}
_reason = click.option(
    "--reason", required=True, help="Why, in a sentence without names: it stays with the decision."
)


@click.group()
def erase() -> None:
    """Erase for good: here, and on every computer and carrier as they are synced.

    Nothing brings it back. Old copies of carriers stay shut for it once every
    computer and carrier was synced and the custodians' secret was renewed:
    `estelik erase status` says who is done. Only a coordinator can erase.
    """


@click.group()
def restrict() -> None:
    """Keep out of sight: in no list, no timeline, no report, no export, until that is lifted.

    Nothing is destroyed. What is told later about the same subject, or in the
    same testimony, is kept out of sight too.
    """


@click.group()
def hold() -> None:
    """Keep from being erased, for proceedings for example, until that is lifted."""


@erase.command()
@as_json_option
@with_casebook("estelik.index.decisions")
def status(casebook: Casebook, as_json: bool) -> None:
    """Say of everything that was erased who is done with it, and who is not."""
    found = casebook.vault.disposal.progress()
    if as_json:
        print_json([_progress(one) for one in found])
        return
    for one in found:
        _say_progress(one)


@restrict.command("list")
@as_json_option
@with_casebook("estelik.index.decisions")
def restrictions(casebook: Casebook, as_json: bool) -> None:
    """List what is kept out of sight: the decisions, not what they are about."""
    _list(casebook.vault.disposal.restrictions(), as_json=as_json)


@hold.command("list")
@as_json_option
@with_casebook("estelik.index.decisions")
def holds(casebook: Casebook, as_json: bool) -> None:
    """List what must not be erased: who decided so, when and why."""
    _list(casebook.vault.disposal.holds(), as_json=as_json)


@click.command()
@click.argument("decision")
@_reason
@with_casebook("estelik.index.decisions")
def lift(casebook: Casebook, decision: str, reason: str) -> None:
    """Lift the restriction or hold with this id; both stay on record."""
    with casebook.entering():
        casebook.decisions.lift(decision, _said(reason))
    click.echo("Lifted. Hand it on: estelik sync", err=True)


def _erasing(what: What) -> Callable[..., int]:
    def command(casebook: Casebook, name: str, reason: str, preview: bool, yes: bool, as_json: bool) -> int:
        found = casebook.decisions.closure(what, name)
        held = casebook.decisions.holding(found)
        if held:
            return _refused(held, as_json=as_json)
        judged = _judged(casebook, name) if what == "subject" else {}
        if not as_json:
            _say_closure(found)
            _say_judged(judged)
        if preview:
            if as_json:
                print_json(_closure(found) | judged)
            return 0
        _agreed(yes=yes)
        with casebook.entering():
            decision = casebook.decisions.erase(found, _said(reason))
        progress = [one for one in casebook.vault.disposal.progress() if one.erasure.id == decision]
        if as_json:
            print_json(_closure(found) | judged | _progress(progress[0]))
            return 0
        for one in progress:
            _say_progress(one)
        click.echo("Strike it out of the sheets that it came in, too. Hand it on: estelik sync", err=True)
        return 0

    return command


def _agreed(*, yes: bool) -> None:
    """Raises where nobody agrees that it goes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked whether this is to be erased.",
            safe="Nothing was erased.",
            do="Run this at a terminal, or add --yes.",
        )
    if not click.confirm("Erase it? Nothing brings it back.", err=True):
        raise click.Abort


def _deciding(what: What, how: str) -> Callable[..., None]:
    def command(casebook: Casebook, name: str, reason: str) -> None:
        found = casebook.decisions.closure(what, name)
        said = _said(reason)
        decide = casebook.decisions.restrict if how == "restrict" else casebook.decisions.hold
        with casebook.entering():
            made = decide(found, said)
        click.echo(made)
        click.echo(
            "Recorded. Hand it on: estelik sync. To take it back: estelik lift ID --reason ...", err=True
        )

    return command


def _add(group: click.Group, how: str) -> None:
    """Adds a command for each kind of thing that a decision can be about."""
    for kind, (metavar, says) in _KINDS.items():
        what = cast("What", kind)
        made: Callable[..., Any] = _erasing(what) if how == "erase" else _deciding(what, how)
        made = with_casebook("estelik.index.decisions")(made)
        if how == "erase":
            made = as_json_option(made)
            made = click.option("--yes", is_flag=True, help="Do not ask.")(made)
            made = click.option("--preview", is_flag=True, help="Only say what would go.")(made)
        made = _reason(made)
        made = click.argument("name", type=LABEL, metavar=metavar)(made)
        verb = {"erase": "Erase", "restrict": "Keep out of sight", "hold": "Keep from being erased"}[how]
        group.add_command(click.command(kind, help=f"{verb} {says}.")(made))


for _group, _how in ((erase, "erase"), (restrict, "restrict"), (hold, "hold")):
    _add(_group, _how)


def _said(reason: str) -> str:
    if not reason.strip():
        raise UsageError("The reason is empty.", do="Say in a sentence why.")
    return reason.strip()


# What is shown


def _closure(found: Closure) -> dict[str, object]:
    return {
        "records": sum(map(len, found.records.values())),
        "statements": found.statements,
        "evidence": found.evidence,
        "corrections": found.corrections,
        "revived": found.revived,
        "references": found.references,
        "files": found.files,
    }


def _judged(casebook: Casebook, name: str) -> dict[str, list[str]]:
    """Who is who by judgements: the other labels of this subject, which stay, and who was split off from the
    label, who goes with it."""
    from estelik.identity.verdict import shown

    known = casebook.lives.resolution
    return {
        "also_known_as": [shown(one) for one in known.members(name) if one != name],
        "split_off": sorted(split for (label, _), split in known.splits.items() if label == name),
    }


def _say_judged(judged: dict[str, list[str]]) -> None:
    for which, says in (
        ("also_known_as", "Judged to be the same, and stays"),
        ("split_off", "Told under the same label of somebody else, and goes with it"),
    ):
        if judged.get(which):
            click.echo(f"{says}: {', '.join(judged[which])}")


def _say_closure(found: Closure) -> None:
    records = _counted(sum(map(len, found.records.values())), "record")
    statements, files = _counted(len(found.statements), "statement"), _counted(found.evidence, "file")
    click.echo(f"To be erased: {records}, among them {statements} and {files} of evidence.")
    for ids, says in (
        (found.corrections, "These statements correct one of them, and stay"),
        (found.revived, "One of them corrects these statements, which count again without it"),
        (found.references, "These statements name the subject in other cells, and stay"),
        (
            found.files,
            "This evidence bears on it or was brought by it, and stays (estelik erase evidence ID)",
        ),
    ):
        if ids:
            click.echo(f"{says}: {', '.join(ids)}")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _decision(one: Decision) -> dict[str, object]:
    count = sum(map(len, one.records.values()))
    return {"id": one.id, "made": one.made, "by": one.by, "reason": one.reason, "records": count}


def _say_decision(one: Decision) -> str:
    return f"{one.id}  {one.made[:10]}, {one.by}: {one.reason}"


def _list(found: list[Decision], *, as_json: bool) -> None:
    if as_json:
        print_json([_decision(one) for one in found])
        return
    for one in found:
        click.echo(_say_decision(one))


def _refused(held: list[Decision], *, as_json: bool) -> int:
    """Says what keeps something from being erased; the exit status."""
    from estelik.vault.disposal import held as refusal

    if as_json:
        print_json({"held": [_decision(one) for one in held]})
    error = refusal()
    click.echo(str(error), err=True)
    for one in held:
        click.echo(_say_decision(one), err=True)
    return error.exit_code


def _progress(one: Progress) -> dict[str, object]:
    return {
        "erasure": _decision(one.erasure),
        "done": one.done,
        "here": one.here,
        "devices": [{"id": id_, "member": name, "done": done} for id_, name, done in one.devices],
        "carriers": [{"name": name, "done": done} for name, done in one.carriers],
        "custodians": one.custodians,
    }


def _say_progress(one: Progress) -> None:
    count = sum(map(len, one.erasure.records.values()))
    click.echo(f"{_say_decision(one.erasure)} ({_counted(count, 'record')})")
    if one.done:
        click.echo(
            "  Done everywhere: no present key or share opens it, on old copies either. Former shares do: "
            "have them destroyed."
        )
        return
    here = (
        "done"
        if one.here
        else "not done; a sealed file may be damaged here: estelik verify --mend, then sync"
    )
    click.echo(f"  This computer: {here}.")
    devices = [f"{name or 'somebody'} ({id_[:8]})" for id_, name, done in one.devices if not done]
    if devices:
        click.echo(f"  Computers that have not said that they are done: {', '.join(devices)}.")
    carriers = [name for name, done in one.carriers if not done]
    if carriers:
        click.echo(f"  Carriers that were not synced since: {', '.join(carriers)}.")
    if not one.custodians:
        click.echo(
            "  Custodians: their shares open old copies until there are new ones: estelik custody renew"
        )
