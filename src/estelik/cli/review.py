"""Who may be the same, one pair at a time: `estelik review`."""

from __future__ import annotations

import sys
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import click
from msgspec.structs import replace

from estelik.cli.casebook import with_casebook
from estelik.cli.identity import consequences, told
from estelik.cli.output import Progress, as_json_option, print_json
from estelik.daily.judging import record, weigh, withdrawal
from estelik.errors import EstelikError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estelik.casebook import Casebook
    from estelik.identity.candidate import Candidate
    from estelik.records.judgement import Decision

_KEYS: Final = "s same, d different, u unsure, n next, z undo, h history, q quit"
_DECISIONS: Final[dict[str, Decision]] = {"s": "same", "d": "different", "u": "unsure"}
_WIDTH: Final = 46


@click.command()
@click.option("--unsure", is_flag=True, help="The pairs of which somebody said that nobody can say yet.")
@as_json_option
@with_casebook("estelik.index.intake", "estelik.index.lives", "estelik.views.trial")
def review(casebook: Casebook, unsure: bool, as_json: bool) -> None:
    """Judge pairs who may be the same, one at a time, the likeliest first.

    Keys: s same, d different, u unsure, n next, z takes the last decision
    back, h shows what was decided, q ends. Each decision is recorded at once.
    Without a terminal each line is a key, and the reason behind it. With
    --json the pairs are only listed.
    """
    from estelik.identity.queue import queue
    from estelik.identity.verdict import shown

    with Progress("{:,} names placed") as progress:
        casebook.namesakes().place(progress)
    pairs = queue(casebook.candidates(), casebook.lives.resolution, unsure=unsure)
    if as_json:
        print_json(
            [
                {"subjects": [shown(one.one), shown(one.other)], "score": one.score, "reasons": _why(one)}
                for one in (_grounded(casebook, pair) for pair in pairs)
            ]
        )
        return
    judge(casebook, pairs, unsure=unsure)


def judge(casebook: Casebook, pairs: Sequence[Candidate], *, unsure: bool = False) -> None:
    """Puts pairs before the member, one at a time."""
    if not pairs:
        click.echo("There is nobody to be judged.")
        return
    _Review(casebook, unsure=unsure).run(list(pairs))


class _Review:
    """One sitting: ``_made`` are its decisions, the last one last, with the pairs that they are on."""

    def __init__(self, casebook: Casebook, *, unsure: bool) -> None:
        self._casebook = casebook
        self._unsure = unsure
        self._made: list[tuple[str, Candidate]] = []

    def run(self, waiting: list[Candidate]) -> None:
        """Puts the pairs before the member until there are no more, or she ends."""
        from estelik.identity.queue import queue

        while waiting:
            now, *rest = waiting
            # What was decided since may have settled it.
            if not queue([now], self._casebook.lives.resolution, unsure=self._unsure):
                waiting = rest
                continue
            now = _grounded(self._casebook, now)
            for line in _beside(self._casebook, now):
                click.echo(line)
            click.echo(f"{len(waiting):,} left. {_KEYS}")
            key, reason = _typed()
            if key == "q":
                break
            if key == "n":
                waiting = rest
            elif key == "h":
                self._history()
            elif key == "z":
                waiting = self._undone(waiting)
            elif key in _DECISIONS and self._decided(_DECISIONS[key], now, reason):
                waiting = rest
            elif key not in _DECISIONS:
                click.echo(f"Not one of the keys: {_KEYS}", err=True)
        click.echo(f"Recorded: {len(self._made):,}. See them with: estelik judgements")

    def _decided(self, decision: Decision, pair: Candidate, reason: str) -> bool:
        """Records a decision; whether it was recorded."""
        from estelik.identity.verdict import shown

        why = reason or _asked_why(self._casebook, decision, pair)
        if not why:
            click.echo("Nothing was recorded: a decision needs a reason.", err=True)
            return False
        try:
            weighed = weigh(self._casebook, decision, (shown(pair.one), shown(pair.other)), why)
            for line in consequences(self._casebook, weighed):
                click.echo(line)
            if weighed.contradicts:
                click.echo("Record it all the same? y yes, anything else no")
                if _typed()[0] != "y":
                    click.echo("Nothing was recorded.")
                    return False
            record(self._casebook, weighed)
        except EstelikError as error:
            click.echo(str(error), err=True)
            return False
        self._made.append((weighed.judgement.id, pair))
        return True

    def _undone(self, waiting: list[Candidate]) -> list[Candidate]:
        """Takes the last decision of this sitting back; what is to be judged then."""
        if not self._made:
            click.echo("Nothing was decided yet.", err=True)
            return waiting
        id_, pair = self._made.pop()
        with self._casebook.entering():
            self._casebook.add_judgement(withdrawal(self._casebook, id_, "Undone in the review."))
        return [pair, *(one for one in waiting if one != pair)]

    def _history(self) -> None:
        for line in told(self._casebook, self._casebook.lives.verdicts()):
            click.echo(line)


def _typed() -> tuple[str, str]:
    """A key, and the reason typed behind it; at the end of what is typed: q."""
    if sys.stdin.isatty():
        key = click.getchar(echo=True).lower()
        click.echo()
        return key, ""
    line = sys.stdin.readline()
    key, _, reason = line.strip().partition(" ")
    return (key.lower(), reason.strip()) if line else ("q", "")


def _asked_why(casebook: Casebook, decision: Decision, pair: Candidate) -> str:
    """Why a decision is made: what is typed, or what speaks for it where the decision will lie."""
    # Whoever reads the decision may not know of what only stricter compartments tell.
    found = casebook.offered(pair)
    proposed = "; ".join(_why(_speaking(found, decision))) if found else ""
    if not sys.stdin.isatty():
        return proposed
    answer: str = click.prompt("Why", default=proposed or None, show_default=bool(proposed))
    return answer.strip()


def _speaking(pair: Candidate, decision: Decision) -> Candidate:
    """A pair with what speaks for a decision alone: against its being one person, or for it; of what nobody
    can say, with all."""
    if decision == "unsure":
        return pair
    kept = tuple(one for one in pair.evidence if (one.factor < 1) == (decision == "different"))
    return replace(pair, evidence=kept, names=("", "") if decision == "different" else pair.names)


def _beside(casebook: Casebook, pair: Candidate) -> Iterator[str]:
    """Both lives side by side, and why they may be the same."""
    yield ""
    left, right = (_life(casebook, key) for key in (pair.one, pair.other))
    for one, other in zip_longest(left, right, fillvalue=""):
        yield f"{_cut(one):<{_WIDTH}}  {_cut(other)}".rstrip()
    why = _why(pair)
    because = f": {'; '.join(why)}" if why else ""
    yield f"May be the same ({pair.score:.2f}){because}"


def _grounded(casebook: Casebook, pair: Candidate) -> Candidate:
    """A pair with what speaks for and against it."""
    from estelik.index.proposals import grounded

    return grounded(pair, casebook.lives, casebook.statements)


def _why(pair: Candidate) -> tuple[str, ...]:
    """In words why two may be the same."""
    if pair.reasons or not (all(pair.names) or pair.evidence):
        return pair.reasons
    from estelik.language.direction import plain
    from estelik.language.likeness import pieces, reasons
    from estelik.language.reader import reader
    from estelik.names.comparison import compare

    read = reader("en")
    why = compare(*pair.names).why if all(pair.names) else ()
    return tuple(map(plain, (*reasons(read, why), *pieces(read, pair.evidence))))


def _life(casebook: Casebook, key: str) -> list[str]:
    """A life in short lines: its labels, what else it is called, its events, and who told of it."""
    from estelik.identity.verdict import shown
    from estelik.language import dates, events
    from estelik.language.direction import plain
    from estelik.language.reader import reader
    from estelik.views.timeline import timelines

    read = reader("en")
    merged = casebook.lives.of(key)
    lives = merged.keys(key)
    lines = [shown(key)]
    told = [one for one in merged.statements if one.subject in lives]
    lines += [
        f"also: {other}"
        for other in (shown(lives[0]), *merged.others.get(lives[0], ()))
        if other != shown(key)
    ]
    lines += dict.fromkeys(f"{one.fact}: {one.value}" for one in told if one.fact and one.answer == "yes")
    for one, _ in timelines(merged.statements, merged.judgements, lives=lives):
        lines += [
            f"{plain(events.label(read, event.event))}: {plain(dates.ranges(read, event.ranges))}"
            for event in one.events
        ]
    sources = dict.fromkeys(one.source for one in told if one.source)
    return [*lines, f"told by: {', '.join(sources)}"] if sources else lines


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
