"""Consents and risks of one life: what those who told of it allow, who can be reached, and what is done about
it. Shown to members who hold the sources, and to nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from litestar import Response
from litestar.response import Redirect

from estelik.daily import allowances, consenting, risking
from estelik.daily.brief import brief
from estelik.daily.telling import Terms, Use
from estelik.daily.today import today
from estelik.errors import EstelikError, NotFoundError, UsageError
from estelik.exchange.consents import entered
from estelik.language import consents, dates
from estelik.records.consent import IDENTITIES, Met, ReprisalCheck, Withdrawal
from estelik.records.label import composed
from estelik.records.risk import KINDS, Risk
from estelik.views.parts import cut
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.person_page import label_at, sources_open
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.daily.allowances import Allowance, Allowances
    from estelik.language.reader import Reader
    from estelik.records import Statement
    from estelik.records.consent import Consent
    from estelik.records.risk import Standing as Risky
    from estelik.views.person import PersonPage
    from estelik.web.session import Session

#: What is done about a consent, by the word of its button.
_ACTS: Final[dict[str, tuple[Any, dict[str, bool]]]] = {
    "withdraw": (Withdrawal, {}),
    "met": (Met, {}),
    "safe": (ReprisalCheck, {"safe": True}),
    "harm": (ReprisalCheck, {"safe": False}),
}
#: Consents, people who gave them, and risks on one page.
_CONSENTS, _SPEAKERS, _RISKS = 10, 30, 20
_MANNERS: Final = ("spoken", "recorded", "written", "signed")


class _Life(NamedTuple):
    """A life whose consents are looked at: its label, statements and keys, and what is allowed."""

    label: str
    told: list[Statement]
    keys: frozenset[str]
    found: Allowances


@shows("/life/{address:str}/consents")
def all_consents(request: AnyRequest, address: str) -> Response[bytes]:
    """What each allows who told of a life, and the risks."""
    return _page(request, address)


@shows("/life/{address:str}/consents/{number:int}")
def more_consents(request: AnyRequest, address: str, number: int) -> Response[bytes]:
    """A further page of them, where there are many."""
    return _page(request, address, number=number)


@does("/life/{address:str}/consents")
def act(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """Withdraws a consent, notes that its condition is met, or whether repeating it is safe."""
    session = session_of(request)
    try:
        one = _consent(session, _life(session, address), data.get("consent", ""))
        kind, more = _ACTS.get(data.get("act", ""), (None, {}))
        if kind is None:
            raise NotFoundError("There is no such decision.", safe="Nothing was recorded.")
        allowances.act(session.casebook, one.id, _day(data), data.get("reason", ""), kind, **more)
    except EstelikError as error:
        return _page(request, address, error)
    return Redirect(f"/life/{address}/consents", status_code=303)


@does("/life/{address:str}/consent")
def new(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """Records what somebody says of each use, or what she says when she is asked again."""
    session = session_of(request)
    try:
        life = _life(session, address)
        again = data.get("renews", "")
        earlier = _consent(session, life, again) if again else None
        rows, named = _rows(life, data, session.member, earlier)
        if not rows:
            raise UsageError("Nothing was asked.", do="Choose yes or no for what was asked.")
        allowances.enter(
            session.casebook,
            lambda known: entered(enumerate(rows, start=1), known),
            lambda casebook: allowances.known_of(casebook, life.told, named),
        )
    except EstelikError as error:
        return _page(request, address, error, data)
    return Redirect(f"/life/{address}/consents", status_code=303)


@does("/life/{address:str}/risk")
def risk(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """Records a risk on account of somebody, or that it was looked at again."""
    session = session_of(request)
    given = {name: data.get(name, "").strip() for name in ("review", "what", "day", "reason", "over")}
    try:
        life = _life(session, address)
        if "risk" in data:
            id_ = session.addresses.read("risk", data["risk"]) or ""
            over = given["over"] == "yes"
            risking.review(
                session.casebook, id_, given["reason"], over=over, following="" if over else given["review"]
            )
        else:
            about = composed(data.get("about", "").strip())
            kind = next((one for one in KINDS if one == data.get("kind")), None)
            if kind is None:
                raise UsageError("This is not a kind of risk.", do="Choose one of the list.")
            made = Risk(
                "",
                kind,
                about,
                given["review"],
                tuple(_labels(data.get("reached", ""))),
                given["what"],
                composed(data.get("place", "").strip()),
                given["day"],
            )
            risking.add(session.casebook, made, there=lambda: about in _people(life))
    except EstelikError as error:
        return _page(request, address, error, data)
    return Redirect(f"/life/{address}/consents#risks", status_code=303)


def beside(session: Session, spoken: Reader, found: PersonPage) -> dict[str, object] | None:
    """Consents and risks in short, for the page of a life; None where the sources are not open."""
    if not sources_open(session):
        return None
    life = _of_pages(session, [found])
    return {
        "speakers": [
            (speaker.labels[0], [_worded(session, spoken, one) for one in speaker.allowances if _short(one)])
            for speaker in life.found.speakers
        ],
        "risks": [_risk(session, spoken, one) for one in life.found.risks if not one.over],
    }


def _short(one: Allowance) -> bool:
    """Whether a consent still says anything, and to somebody."""
    return bool(one.consent.audiences) and one.standing not in ("renewed", "ended")


def _page(
    request: AnyRequest,
    address: str,
    trouble: EstelikError | None = None,
    given: dict[str, str] | None = None,
    number: int = 1,
) -> Response[Any]:
    session = session_of(request)
    life, spoken = _life(session, address), spoken_by(session)
    said = [
        (speaker.labels[0], speaker.labels[1:], speaker.allowances[first : first + _CONSENTS])
        for speaker in life.found.speakers
        for first in range(0, max(len(speaker.allowances), 1), _CONSENTS)
    ]
    ranges = cut([1 + 4 * len(found) for _, _, found in said], _SPEAKERS, 4 * _CONSENTS + 1, 1)
    risks = cut([1] * len(life.found.risks), _RISKS, _RISKS, 1)
    pages = max(len(ranges), len(risks))
    if not 0 < number <= pages:
        raise NotFoundError("There is no such page.", safe="", do="Look for the person again.")
    return page(
        request,
        "person_consents.html.j2",
        session=session,
        room="people",
        status=422 if trouble else 200,
        path=f"/life/{address}",
        label=life.label,
        today=today().isoformat(),
        number=number,
        pages=pages,
        speakers=[
            (label, others, [_worded(session, spoken, one) for one in found])
            for label, others, found in (said[index] for index in _range(ranges, number))
        ],
        risks=[_risk(session, spoken, life.found.risks[index]) for index in _range(risks, number)],
        givers=list(dict.fromkeys((*(one.labels[0] for one in life.found.speakers), *_own(life)))),
        uses=[(name, spoken.gettext(one.words)) for name, one in consenting.USES.items()],
        kinds=[(one, consents.risk(spoken, one)) for one in KINDS],
        manners=_MANNERS,
        given=given or {},
        trouble=trouble,
    )


def _range(ranges: tuple[range, ...], number: int) -> range:
    """What a page has of a list that may have ended before it."""
    return ranges[number - 1] if number <= len(ranges) else range(0)


def _worded(session: Session, spoken: Reader, one: Allowance) -> dict[str, object]:
    consent = one.consent
    return {
        "address": session.addresses.of("consent", consent.id),
        "no": consent.answer == "no",
        "to": consents.to_whom(spoken, consent),
        "as": consents.as_whom(spoken, consent),
        "given": dates.told(spoken, consent.given),
        "until": dates.told(spoken, consent.last) if consent.last else "",
        "condition": consent.condition,
        "note": consent.note,
        "standing": one.standing,
        "presses": one.standing in consents.PRESSING,
        "stands": consents.stands(spoken, one.standing),
        "public": consent.basis == "already-public",
        "acts": [(dates.told(spoken, done.day), done.reason) for done in one.acts],
    }


def _risk(session: Session, spoken: Reader, one: Risky) -> dict[str, object]:
    found = one.risk
    return {
        "address": session.addresses.of("risk", found.id),
        "about": found.about,
        "kind": consents.risk(spoken, found.kind),
        "reached": found.reached,
        "words": found.words,
        "place": found.place,
        "day": dates.edtf(spoken, found.day) if found.day else "",
        "over": one.over,
        "review": dates.told(spoken, one.review) if one.review else "",
        "presses": bool(one.review) and one.review <= today().isoformat(),
        "reviews": [(dates.told(spoken, done.day), done.reason) for done in one.reviews],
    }


def _life(session: Session, address: str) -> _Life:
    """Raises ``NotFoundError`` where the sources are not open to this member."""
    if not sources_open(session):
        raise NotFoundError("There is no such page.", safe="", do="")
    _, pages = brief(session.casebook, label_at(session, address), today=today().toordinal())
    return _of_pages(session, pages)


def _of_pages(session: Session, pages: Iterable[PersonPage]) -> _Life:
    pages = list(pages)
    told = [one.statement for found in pages for one in found.statements if not found.whose(one.statement)]
    members = session.casebook.lives.resolution.members
    keys = frozenset(key for found in pages for key in members(found.key))
    return _Life(pages[0].label, told, keys, allowances.allowances(session.casebook, told, keys, today()))


def _consent(session: Session, life: _Life, address: str) -> Consent:
    """The consent at an address, of those that bear on this life."""
    id_ = session.addresses.read("consent", address)
    for speaker in life.found.speakers:
        for one in speaker.allowances:
            if one.consent.id == id_:
                return one.consent
    raise NotFoundError("There is no such consent.", safe="Nothing was recorded.")


def _own(life: _Life) -> list[str]:
    """Under which labels she can speak for herself."""
    return [] if life.label.startswith("?") else [life.label]


def _people(life: _Life) -> set[str]:
    return {label for one in life.told for label in (one.about, *one.chain)} | set(_own(life))


def _rows(
    life: _Life, data: dict[str, str], member: str, earlier: Consent | None
) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of a sheet that a form makes, and the labels that they name."""
    terms = Terms(*(data.get(name, "").strip() for name in ("until", "condition", "concerns")))
    names = ["again"] if earlier else list(consenting.USES)
    uses = tuple(
        Use(
            one,
            data[f"{one}-answer"],
            data[f"{one}-identity"] if data.get(f"{one}-identity") in IDENTITIES else "none",
            data.get(f"{one}-words") == "yes",
        )
        for one in names
        if data.get(f"{one}-answer") in ("yes", "no")
    )
    giver = earlier.giver if earlier else composed(data.get("giver", "").strip())
    manner = data.get("manner", "")
    said = consenting.Said(
        giver,
        uses,
        terms,
        data.get("given", "").strip() or today().isoformat(),
        manner if manner in _MANNERS else "spoken",
        data.get("read-back") == "yes",
        member,
    )
    named = [giver, *_labels(terms.concerns)]
    by_telling = {one.telling: one.statement for one in life.told}
    if earlier:
        of = by_telling[earlier.of] if earlier.scope == "testimony" else earlier.of
        return consenting.renewal(said, earlier, of), [*named, earlier.of]
    scope = data.get("scope", "")
    if scope == "all":
        return consenting.rows(said, [("all", "")]), named
    if scope == "person":
        return consenting.rows(said, [("person", life.label)]), [*named, life.label]
    own = dict.fromkeys(one.telling for one in life.told if one.source == giver)
    if not own:
        raise UsageError("She has told nothing of this person.", do="Choose for what it is.")
    return consenting.rows(said, [("testimony", by_telling[one]) for one in own]), named


def _labels(text: str) -> list[str]:
    return [composed(one.strip()) for one in text.split(";") if one.strip()]


def _day(data: dict[str, str]) -> Any:
    text = data.get("day", "").strip()
    return risking.iso_day(text) if text else today()


HANDLERS: Final = (all_consents, more_consents, act, new, risk)
