"""Review: people who may be one, a pair at a time, side by side; each decision with its reason, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.daily import pairs
from estelik.daily.judging import record, weigh
from estelik.daily.signers import signers
from estelik.errors import NotFoundError
from estelik.identity.verdict import shown
from estelik.language import dates, direction, events, likeness, statements
from estelik.language.judged import judged as in_words
from estelik.views.who import judged
from estelik.web import deciding
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.daily.judging import Weighed
    from estelik.identity.candidate import Candidate
    from estelik.language.reader import Reader
    from estelik.records.judgement import Decision
    from estelik.web.session import Session

_DECISIONS: Final[dict[str, Decision]] = {"same": "same", "different": "different", "unsure": "unsure"}
#: Decisions that are listed beneath a pair.
_LAST: Final = 6
_BETWEEN: Final = "\x1e"


@shows("/review")
def review(request: AnyRequest) -> Response[bytes]:
    """The next pair to be judged."""
    session = session_of(request)
    candidate = _next(session)
    if candidate is None:
        whole = session.watch.look().whole
        return page(request, "review.html.j2", session=session, room="review", pair=None, whole=whole,
                    last=_last(session))  # fmt: skip
    return _shown(request, session, candidate)


@does("/review")
def decide(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes a decision: first its reason is asked, then it is recorded."""
    session = session_of(request)
    candidate = _asked(session, data.get("pair", ""))
    decision = _DECISIONS.get(data.get("decision", ""))
    if data.get("decision") == "later":
        session.later.append(candidate.pair)
        return Redirect("/review", status_code=303)
    if decision is None:
        raise NotFoundError("There is no such decision.", safe="Nothing was recorded.")
    reason = data.get("reason", "").strip()
    if not reason:
        return _shown(request, session, candidate, decision=decision)
    weighed = weigh(session.casebook, decision, (shown(candidate.one), shown(candidate.other)), reason)
    if weighed.contradicts and not data.get("anyway"):
        return _shown(request, session, candidate, decision=decision, reason=reason, weighed=weighed)
    record(session.casebook, weighed)
    session.made.append(weighed.judgement.id)
    return Redirect("/review", status_code=303)


@does("/review/undo")
def undo(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes a decision of this session back."""
    deciding.undo(session_of(request), data.get("judgement", ""))
    return Redirect("/review", status_code=303)


def _waiting(session: Session) -> pairs.Waiting:
    """What is to be judged: what was found last, without what was settled since."""
    return pairs.waiting(session.casebook, session.watch.look().pairs)


def _next(session: Session) -> Candidate | None:
    """The pair whose turn it is; those that were put off come last."""
    waiting = _waiting(session)
    later = {pair: place for place, pair in enumerate(session.later) if pair in waiting.of}
    if len(later) == len(waiting.pairs):
        return waiting.of[min(later, key=later.__getitem__)] if later else None
    return next(one for one in waiting.pairs if one.pair not in later)


def _asked(session: Session, address: str) -> Candidate:
    one, _, other = (session.addresses.read("pair", address) or "").partition(_BETWEEN)
    found = _waiting(session).of.get((one, other))
    if found is not None:
        return found
    raise NotFoundError(
        "This pair was judged meanwhile, or what it rested on has changed.",
        safe="Nothing was recorded.",
        do="Go on with the next.",
    )


def _shown(
    request: AnyRequest,
    session: Session,
    candidate: Candidate,
    *,
    decision: Decision | None = None,
    reason: str = "",
    weighed: Weighed | None = None,
) -> Response[bytes]:
    spoken = spoken_by(session)
    pair = pairs.laid(session.casebook, candidate)
    joined = weighed or pairs.joined(session.casebook, pair)
    names = likeness.reasons(spoken, pair.names)
    proposed = "" if decision is None else _proposed(session, candidate, decision)
    return page(
        request,
        "review.html.j2",
        session=session,
        room="review",
        whole=True,
        pair=pair,
        address=session.addresses.of("pair", _BETWEEN.join(candidate.pair)),
        lives=[session.addresses.of("life", key) for key in (candidate.one, candidate.other)],
        count=len(_waiting(session).pairs),
        rows=[_row(spoken, one) for one in pair.rows],
        tellers=[
            [(label, dates.told(spoken, told) if told else "") for label, told in side]
            for side in pair.tellers
        ],
        names=names,
        speaks_for=likeness.pieces(spoken, pair.speaks_for),
        against=likeness.pieces(spoken, pair.against),
        conflicts=_conflicts(spoken, joined),
        decision=decision,
        reason=reason or proposed,
        offered=bool(proposed) and not reason,
        weighed=weighed,
        last=_last(session),
    )


def _proposed(session: Session, candidate: Candidate, decision: Decision) -> str:
    """What speaks for this decision, as a reason to begin with, without marks that keep words apart."""
    spoken = spoken_by(session)
    names, evidence = pairs.offered(session.casebook, candidate, decision)
    words = (*likeness.reasons(spoken, names), *likeness.pieces(spoken, evidence))
    return direction.bare("; ".join(map(direction.plain, words)))


def _row(spoken: Reader, row: Any) -> dict[str, object]:
    head = events.label(spoken, row.event) if row.event else events.fact(spoken, row.fact)
    days = [dates.ranges(spoken, one) if one else "" for one in (row.one_days, row.other_days)]
    return {
        "head": head,
        "sign": row.sign,
        "values": (row.one, row.other),
        "days": days,
        "name": row.fact == "name",
    }


def _conflicts(spoken: Reader, joined: Weighed | None) -> list[list[tuple[str, object]]]:
    """What cannot all be true of one person: who is spoken of, and what is said."""
    if joined is None:
        return []
    return [
        [(joined.statements[id_].about, statements.says(spoken, joined.statements[id_])) for id_ in conflict]
        for conflict in joined.trial.conflicts
    ]


def _last(session: Session) -> list[dict[str, object]]:
    """The last decisions of this session, the newest first."""
    spoken, by = spoken_by(session), signers(session.casebook)
    made = {one.id: one for one in session.casebook.lives.verdicts()}
    return [
        {
            "address": session.addresses.of("judgement", id_),
            "words": in_words(spoken, judged(made[id_], by)),
        }
        for id_ in reversed(session.made[-_LAST:])
        if id_ in made
    ]
