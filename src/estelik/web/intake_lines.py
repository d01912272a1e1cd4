"""Lines: what is done to the line that is being written, and to those that were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect
from msgspec.structs import replace

from estelik.daily import ending, lines, telling
from estelik.daily.own import course
from estelik.daily.telling import Open, Telling
from estelik.daily.today import today
from estelik.errors import EstelikError, NotFoundError, UsageError
from estelik.language import dates, events, statements
from estelik.language.questions import asked
from estelik.language.questions import differs as differ
from estelik.web import intake_page, visiting
from estelik.web.entrance import AnyRequest, explained
from estelik.web.page import page, spoken_by
from estelik.web.route import does
from estelik.web.signin import Form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from estelik.daily.own import Own
    from estelik.language.reader import Reader
    from estelik.views.person import PersonPage
    from estelik.web.session import Session

_CELL: Final = "c-"
#: Letters of a line at most; an account is pasted elsewhere.
_LONG: Final = 4000
#: Questions that are shown.
_QUESTIONS: Final = 5


@does("/intake/line", beside_visitor=True)
def line(request: AnyRequest, data: Form) -> Response[Any]:
    """What the line says so far: parts of the page. It is kept as a draft as it stands."""
    session = visiting.here(request, data)
    told = _written(session, data)
    before = visiting.earlier(session, told)
    values = intake_page.answered(session, told, before, visiting.kept(told, before))
    return page(request, "intake_parts.html.j2", session=session, **values)


@does("/intake/keep", beside_visitor=True)
def keep(request: AnyRequest, data: Form) -> Response[Any]:
    """Keeps the line: as a statement, or, where it was not understood, as words alone. What was filled into
    small fields and cannot be entered so stays where it is."""
    session = visiting.here(request, data)
    if data.get("say") in ("?", "-"):
        data = data | {"line": f"{data.get('line', '')} {data['say']}".strip()}
    told = _written(session, data)
    before = visiting.earlier(session, told)
    written, language = _worded(session, told, before, data.get("pick", ""), data.get("read"))

    def step(now: Telling) -> Telling:
        for typed, cells in written:
            now = telling.keep(now, session.member, typed, cells, language)
        return now

    if written:
        told = _step(session, data, step)
    if not request.headers.get("hx-request"):
        return _back()
    if not written:
        values = intake_page.answered(session, told, before, visiting.kept(told, before))
    else:
        values = intake_page.everything(session, told, before)
    return page(request, "intake_parts.html.j2", session=session, **values)


def _worded(
    session: Session, told: Telling, before: Own, pick: str, read: str | None
) -> tuple[tuple[tuple[str, dict[str, str]], ...], str]:
    """What the line is kept as, as it was typed and its cells (several where it tells several things), and in
    which language it was read; ``pick``: which of its other readings; ``read``: as what it was read back,
    where it was. Empty where nothing is to be kept, it says something else by now than was read back, or the
    small fields cannot be."""
    hand = told.hand(session.member)
    if not hand.typed.strip() and not hand.cells:
        return (), ""
    kept = visiting.kept(told, before)
    try:
        found = intake_page.answer(session, told, before, hand, kept, pick)
    except NotFoundError:
        # It is read back anew, and nothing is kept that was not read.
        return (), ""
    language = found.reading.language if found.reading is not None else session.language
    if (
        not pick
        and read is not None
        and found.reading is not None
        and intake_page.meant(found.reading) != read
    ):
        return (), language
    if found.draft is not None and (found.reading is None or not found.reading.unread):
        return found.lines, language
    if hand.cells:
        return (), language
    beside = {name: text for name, text in found.cells.items() if name == "quote" and hand.passage}
    return ((hand.typed, telling.words_alone(hand.typed) | beside),), language


@does("/intake/fields", beside_visitor=True)
def fields(request: AnyRequest, data: Form) -> Response[Any]:
    """The line in small fields: a part of the page."""
    session = visiting.here(request, data)
    told = _written(session, data)
    hand = told.hand(session.member)
    before = visiting.earlier(session, told)
    kept = visiting.kept(told, before)
    _, cells = intake_page.cells_of(session, told, before, hand, kept)
    known = (*before.statements, *kept)
    return page(
        request,
        "intake_fields.html.j2",
        session=session,
        cells=cells,
        told=told,
        events=lines.kinds(spoken_by(session)),
        own_events=tuple(dict.fromkeys(one.event for one in known if one.event and one.about == told.about)),
    )


@does("/intake/change", beside_visitor=True)
def change(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes a kept line up again."""
    session = visiting.here(request, data)

    def step(now: Telling) -> Telling:
        one = now.line(data.get("line", ""))
        typed, cells = one.now.typed, one.now.cells
        corrects = cells.get("corrects", "")
        hand = Open(typed, {} if typed else cells, changing=one.id, correcting=corrects)
        return telling.writing(telling.set_aside(now, session.member), session.member, hand)

    _step(session, data, step)
    return _back()


@does("/intake/out", beside_visitor=True)
def out(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes a kept line out: struck through, and no statement. Other words that were typed over it stay in
    the field, as a line of their own."""
    session = visiting.here(request, data)

    def step(now: Telling) -> Telling:
        hand, stays = now.hand(session.member), Open()
        if telling.unfinished(now, session.member):
            was = now.line(hand.changing).now if hand.changing else None
            typed = "" if was is not None and hand.typed == was.typed else hand.typed
            stays = Open(typed, hand.cells, passage=hand.passage)
        return telling.writing(telling.take_out(now, data.get("line", "")), session.member, stays)

    _step(session, data, step)
    return _back()


@does("/intake/correct", beside_visitor=True)
def correct(request: AnyRequest, data: Form) -> Response[Any]:
    """Begins to correct a line of an earlier visit, by its place."""
    session = visiting.here(request, data)
    told = visiting.telling(session, data["telling"])
    before = visiting.earlier(session, told)
    place = (data.get("visit", ""), data.get("line", ""))
    found = next(
        (
            one
            for visit in before.visits
            for number, (one, _) in enumerate(visit.statements, start=1)
            if (str(visit.number), str(number)) == place
        ),
        None,
    )
    if found is None:
        raise NotFoundError("There is no such line.", safe="Your line is kept.", do="Go back to the telling.")
    hand = Open(correcting=found.statement, asked=("when", found.event) if found.event else None)
    aside = telling.set_aside
    _step(session, data, lambda now: telling.writing(aside(now, session.member), session.member, hand))
    return _back()


@does("/intake/leave", beside_visitor=True)
def leave(request: AnyRequest, data: Form) -> Response[Any]:
    """Leaves the line that was being written."""
    session = visiting.here(request, data)
    _step(session, data, lambda now: telling.writing(now, session.member, Open()))
    return _back()


@does("/intake/about", beside_visitor=True)
def about(request: AnyRequest, data: Form) -> Response[Any]:
    """Goes on to somebody else of whom she tells."""
    session = visiting.here(request, data)
    label = lines.called(data.get("about", ""))
    if lines.is_label(label):
        _step(session, data, lambda now: telling.turn(now, label))
    return _back()


@does("/intake/next", beside_visitor=True)
def ask_next(request: AnyRequest, data: Form) -> Response[Any]:
    """What to ask next, by what she has told alone: a part of the page."""
    session = visiting.here(request, data)
    told = visiting.telling(session, data["telling"])
    before = visiting.earlier(session, told)
    found = course(
        (*before.statements, *visiting.kept(told, before)),
        told.about,
        today=today().toordinal(),
        allowed=before.allowed,
        brief=False,
    )
    questions = found.questions[:_QUESTIONS] if found is not None else ()
    spoken = spoken_by(session)
    return page(
        request,
        "intake_next.html.j2",
        session=session,
        told=told,
        questions=questions,
        asked=lambda one: asked(spoken, one),
    )


@does("/intake/ask", beside_visitor=True)
def ask(request: AnyRequest, data: Form) -> Response[Any]:
    """This is asked now: an answer without an event is about it."""
    session = visiting.here(request, data)
    kind, event = data.get("ask", ""), data.get("event", "")
    if kind in ("when", "where", "how long", "who told") and event:

        def step(now: Telling) -> Telling:
            hand = replace(now.hand(session.member), asked=(kind, event))
            return telling.writing(now, session.member, hand)

        _step(session, data, step)
    return _back()


@does("/intake/differs", beside_visitor=True)
def differs(request: AnyRequest, data: Form) -> Response[Any]:
    """What she has told in two ways: a part of the page."""
    session = visiting.here(request, data)
    told = visiting.telling(session, data["telling"])
    before = visiting.earlier(session, told)
    found = course((*before.statements, *visiting.kept(told, before)), told.about, today=today().toordinal())
    two_ways = () if found is None else tuple(_two_ways(spoken_by(session), found))
    return page(request, "intake_differs.html.j2", session=session, found=two_ways)


@does("/intake/account", beside_visitor=True)
def account(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes in an account that was written down elsewhere, whose passages become lines one by one; or leaves
    one out that does not belong here."""
    session = visiting.here(request, data)
    text = data.get("account", "").replace("\r\n", "\n")
    out = data.get("out", "")

    def step(now: Telling) -> Telling:
        if out.isascii() and out.isdecimal():
            return telling.leave_out(now, int(out[:9]))
        return telling.paste(now, text)

    try:
        if len(text) > telling.LONGEST:
            raise UsageError(
                "The account is longer than 200,000 letters.",
                safe="Your line is kept.",
                do="Paste it in parts.",
            )
        _step(session, data, step)
    except EstelikError as error:
        # What was pasted may lie nowhere else: it is there to be sent again.
        return page(
            request,
            "intake_account.html.j2",
            session=session,
            status=422,
            telling=data["telling"],
            account=text,
            trouble=explained(request, error),
        )
    return _back()


@does("/intake/pasting", beside_visitor=True)
def pasting(request: AnyRequest, data: Form) -> Response[Any]:
    """Where an account is pasted: a part of the page."""
    session = visiting.here(request, data)
    return page(
        request, "intake_pasting.html.j2", session=session, told=visiting.telling(session, data["telling"])
    )


@does("/intake/passage", beside_visitor=True)
def passage(request: AnyRequest, data: Form) -> Response[Any]:
    """The next line comes from this passage of the account."""
    session = visiting.here(request, data)

    def step(now: Telling) -> Telling:
        first, _, last = data.get("passage", "").partition("-")
        if not (first.isdecimal() and last.isdecimal() and len(first) < 10 and len(last) < 10):
            return now
        place = int(first), int(last)
        if not telling.in_one_account(now, place):
            return now
        hand = replace(now.hand(session.member), passage=place)
        return telling.writing(now, session.member, hand)

    _step(session, data, step)
    return _back()


def _two_ways(spoken: Reader, found: PersonPage) -> Iterator[dict[str, Any]]:
    """What cannot both be true, and what was told in other words of one thing: each with when it was told."""

    def side(number: int) -> dict[str, Any]:
        one = found.line(number).statement
        return {"words": statements.says(spoken, one), "told": dates.told(spoken, one.told)}

    for one in found.contradictions:
        sides = [side(party.statement) for party in one.parties]
        if len(sides) > 1:
            yield {"what": events.label(spoken, one.event), "sides": sides}
    for other in found.differences:
        numbers = [number for value in other.values for number in value.statements]
        yield {"what": differ(spoken, other), "sides": [side(number) for number in numbers]}


def _written(session: Session, data: dict[str, str]) -> Telling:
    """Keeps what is being written as a draft, as it stands."""
    typed = lines.visible(data.get("line", ""))[:_LONG]
    cells = {
        name.removeprefix(_CELL): lines.visible(text).strip()
        for name, text in data.items()
        if name.startswith(_CELL) and name.removeprefix(_CELL) in lines.COLUMNS and text.strip()
    }

    def step(now: Telling) -> Telling:
        hand = now.hand(session.member)
        new = Open(typed, cells, hand.changing, hand.correcting, hand.asked, hand.passage)
        return telling.writing(now, session.member, new)

    return _step(session, data, step)


def _step(session: Session, data: dict[str, str], step: Callable[[Telling], Telling]) -> Telling:
    """A step of the telling that was named: another may have begun since the page was let through."""
    return ending.changed(session.casebook, data["telling"], step)


def _back() -> Response[Any]:
    return Redirect("/intake", status_code=303)


HANDLERS: Final = (
    line, keep, fields, change, out, correct, leave, about, ask_next, ask, differs, account, pasting, passage,
)  # fmt: skip
