"""Judging: a decision of a member, and what it would bring about before it is recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from estelik.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.casebook import Casebook
    from estelik.identity.resolution import Contradiction
    from estelik.identity.verdict import Verdict
    from estelik.records import Judgement, Named, Statement
    from estelik.records.judgement import Decision
    from estelik.views.trial import Trial


def decided(
    casebook: Casebook, decision: Decision, reason: str, *, subjects: tuple[Named, ...] = (), **what: str
) -> Judgement:
    """A decision of today, made on this computer. Raises ``UsageError`` where the reason is empty."""
    from estelik.ids import new_id
    from estelik.records import Judgement

    if not reason.strip():
        raise UsageError("The reason is empty.", do="Say in a sentence why.")
    made = datetime.now(UTC).date().isoformat()
    return Judgement(
        new_id(), decision, reason, made, subjects=subjects, device=casebook.vault.device, **what
    )


class Weighed(NamedTuple):
    """A judgement that is not recorded yet, and what it would bring about."""

    judgement: Judgement
    verdict: Verdict
    clashes: tuple[Contradiction, ...]
    trial: Trial
    statements: dict[str, Statement]

    @property
    def contradicts(self) -> bool:
        """Whether a contradiction would come of it."""
        return bool(self.clashes) or self.trial.contradicts


def weigh(casebook: Casebook, decision: Decision, words: Sequence[str], reason: str) -> Weighed:
    """Looks at what a judgement would bring about; nothing is written. Raises ``NotFoundError`` or
    ``UsageError``."""
    from estelik.identity.verdict import verdict
    from estelik.views.trial import Trial, trial

    lives = casebook.lives
    if decision == "split":
        subjects: tuple[Named, ...] = (lives.telling(*words),)
    else:
        subjects = tuple(lives.named(one) for one in words)
        if not set.intersection(*(lives.kinds(one) for one in subjects)):
            raise UsageError("These two are of different kinds: they cannot be the same.")
    judgement = decided(casebook, decision, reason, subjects=subjects)
    said = verdict(judgement)
    if said is None:
        raise UsageError("Both are the same label.", do="Name two subjects.")
    if any((one.decision, one.pair) == (said.decision, said.pair) for one in lives.verdicts()):
        raise UsageError("This was judged so before.", do="See it with: estelik judgements SUBJECT")
    apart, together = lives.supposing(said)
    before = lives.resolution.contradictions
    clashes = tuple(one for one in together.resolution.contradictions if one not in before)
    merges = decision == "same" and said.other in together.resolution.members(said.one)
    if merges and said.other not in lives.resolution.members(said.one):
        found = trial(apart, together, said.one, said.other)
    else:
        found = Trial()
    return Weighed(judgement, said, clashes, found, {one.statement: one for one in apart.statements})


def record(casebook: Casebook, weighed: Weighed) -> None:
    """Records a judgement that was weighed."""
    with casebook.entering():
        casebook.add_judgement(weighed.judgement)


def set_aside(
    casebook: Casebook, statement: str, reason: str, check: Callable[[], object] = lambda: None
) -> Judgement:
    """Sets the statement with this id aside: kept and shown, no longer reasoned with. ``check`` is called
    while nobody else can enter anything (``Casebook.add_judgement``). Raises ``NotFoundError`` or
    ``UsageError``."""
    from estelik.chronology.lives import retired

    decision = decided(casebook, "set-aside", reason, statement=statement)

    def may() -> None:
        check()
        if statement in retired((), casebook.lives.judgements()):
            raise UsageError("This statement is set aside already.")

    with casebook.entering():
        if statement not in casebook.known().digests([statement]):
            raise NotFoundError(
                "There is no statement with this id.", do="Find the id with: estelik timeline SUBJECT --json"
            )
        casebook.add_judgement(decision, may)
    return decision


def allow(
    casebook: Casebook,
    subject: str,
    event: str,
    source: str,
    reason: str,
    check: Callable[[], object] = lambda: None,
) -> Judgement:
    """Allows questions about an event of a subject (labels) to be put to one source. Raises
    ``NotFoundError`` or ``UsageError``."""
    decision = decided(casebook, "allow-question", reason, subject=subject, event=event, source=source)
    with casebook.entering():
        merged = casebook.lives.of(subject)
        lives = merged.keys(subject)
        statements = [one for one in merged.statements if one.subject in lives]
        if not any(one.event == event for one in statements):
            raise NotFoundError(
                "Nothing is recorded about this event of this subject.", do="Check both labels."
            )
        if not any(one.source == source for one in statements):
            raise NotFoundError(
                "This source has said nothing about this subject.", do="Check the source's label."
            )
        casebook.add_judgement(decision, check)
    return decision


def take_back(
    casebook: Casebook, judgement: str, reason: str, check: Callable[[], object] = lambda: None
) -> Judgement:
    """Withdraws the judgement with this id; it stays on record. Raises ``NotFoundError`` or
    ``UsageError``."""
    made = withdrawal(casebook, judgement, reason)

    def may() -> None:
        check()
        there = casebook.lives.judgements()
        if not any(one.id == judgement and one.decision != "withdrawn" for one in there):
            raise NotFoundError(
                "There is no judgement with this id.", do="Use the id that was printed when it was made."
            )
        if any(one.withdraws == judgement for one in there):
            raise UsageError("This judgement was withdrawn before.")

    with casebook.entering():
        casebook.add_judgement(made, may)
    return made


def withdrawal(casebook: Casebook, judgement: str, reason: str) -> Judgement:
    """A judgement that takes another one back."""
    return decided(casebook, "withdrawn", reason, withdraws=judgement)
