"""Pairs: two people who may be one, laid side by side, with what speaks for it and against, and what joining
them would make."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from estelik.daily.judging import Weighed, weigh
from estelik.errors import EstelikError
from estelik.identity.evidence import Evidence
from estelik.identity.queue import still
from estelik.identity.verdict import shown
from estelik.index.proposals import grounded
from estelik.names.comparison import compare
from estelik.names.reason import Reason
from estelik.views.beside import Row, Side, rows, tellers
from estelik.views.timeline import timelines, told_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.identity.candidate import Candidate
    from estelik.identity.verdict import Pair as Two
    from estelik.identity.verdict import Verdict
    from estelik.records.judgement import Decision


class Pair(msgspec.Struct, frozen=True):
    """``one`` and ``other``: what they are called; ``rows``: side by side; ``tellers`` of both; ``names``:
    why their names fit; ``speaks_for`` and ``against``: what else there is."""

    one: str
    other: str
    rows: tuple[Row, ...]
    tellers: tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]
    names: tuple[Reason, ...]
    speaks_for: tuple[Evidence, ...]
    against: tuple[Evidence, ...]


class Waiting(NamedTuple):
    """Pairs that wait to be judged, the likeliest first, and each by its two."""

    pairs: tuple[Candidate, ...]
    of: dict[Two, Candidate]


class _Known(NamedTuple):
    """What waits of the pairs that were ``found``, by these verdicts."""

    found: Sequence[Candidate]
    verdicts: list[Verdict]
    waiting: Waiting


def waiting(casebook: Casebook, found: Sequence[Candidate]) -> Waiting:
    """Those of the pairs that were ``found`` last (``Overview``) that wait still. It is kept until others are
    found or somebody judges: a page asks several times."""
    verdicts, known = casebook.lives.verdicts(), casebook.beside.get(_Known)
    if isinstance(known, _Known) and known.found is found and known.verdicts == verdicts:
        return known.waiting
    pairs = still(found, casebook.lives.resolution)
    made = Waiting(pairs, {one.pair: one for one in pairs})
    casebook.beside[_Known] = _Known(found, verdicts, made)
    return made


def laid(casebook: Casebook, candidate: Candidate) -> Pair:
    """A pair as it is put before a member."""
    known = grounded(candidate, casebook.lives, casebook.statements)
    one, other = (_side(casebook, key) for key in (known.one, known.other))
    why = compare(*known.names).why if all(known.names) else ()
    return Pair(
        shown(known.one),
        shown(known.other),
        rows(one, other),
        (tellers(one), tellers(other)),
        tuple(why),
        tuple(piece for piece in known.evidence if piece.factor >= 1),
        tuple(piece for piece in known.evidence if piece.factor < 1),
    )


def offered(
    casebook: Casebook, candidate: Candidate, decision: Decision
) -> tuple[tuple[Reason, ...], tuple[Evidence, ...]]:
    """What a reason for a decision may begin with: why the names fit, and what else speaks for that decision
    alone (of "unsure": on both sides), as far as whoever may read the decision knows of it."""
    known = casebook.offered(candidate)
    if known is None:
        return (), ()
    why = compare(*known.names).why if all(known.names) and decision != "different" else ()
    kept = (
        one for one in known.evidence if decision == "unsure" or (one.factor < 1) == (decision == "different")
    )
    return tuple(why), tuple(kept)


def joined(casebook: Casebook, pair: Pair) -> Weighed | None:
    """What would come of joining the two; None where it cannot be weighed."""
    try:
        return weigh(casebook, "same", (pair.one, pair.other), "-")
    except EstelikError:
        return None


def _side(casebook: Casebook, key: str) -> Side:
    merged = casebook.lives.of(key)
    lives = merged.keys(key)
    told = told_of(merged.statements, merged.judgements)
    found = next((one for one, _ in timelines(merged.statements, merged.judgements, lives=lives)), None)
    labels = dict.fromkeys((shown(key), shown(lives[0]), *merged.others.get(lives[0], ())))
    return Side(tuple(labels), tuple(said for life in lives for said in told.get(life, ())), found)
