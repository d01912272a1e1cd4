"""Dossier: the page of each life, built from statements and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology import corroboration
from estelik.chronology.edtf import parse
from estelik.chronology.lives import link, retired
from estelik.chronology.questions import questions
from estelik.chronology.timeline import Solution, contradicted_widely, label, solve_linked
from estelik.records.vocabulary import BIRTH, fact_kind_of, is_sensitive, kind_of
from estelik.views import disputes, sums
from estelik.views.course import Course, Telling
from estelik.views.differences import differences, same_label
from estelik.views.lanes import lanes
from estelik.views.life import Life
from estelik.views.person import (
    Difference,
    Encounter,
    EventRow,
    LayerAside,
    Name,
    Order,
    PersonPage,
    Question,
    Source,
    StatementLine,
    Value,
)
from estelik.views.same_place import among
from estelik.views.stint import depends, hearsay
from estelik.views.who import Who

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from estelik.chronology.encounters import Encounter as Met
    from estelik.chronology.lives import Linked
    from estelik.chronology.timeline import EventBounds, Timeline
    from estelik.records import Judgement, Statement
    from estelik.views.course import Range
    from estelik.views.differences import SamePlace
    from estelik.views.person import Bounds, Standing
    from estelik.views.who import Judging

#: Questions that a page shows.
_QUESTIONS = 5


def pages(
    statements: Sequence[Statement],
    judgements: Sequence[Judgement] = (),
    *,
    today: int,
    subjects: Iterable[str] | None = None,
    encounters: Mapping[str, Sequence[Met]] | None = None,
    others: Mapping[str, Statement] | None = None,
    judging: Judging | None = None,
    same_place: SamePlace | None = None,
    brief: bool = False,
    solve: Callable[[Linked], Solution] = Solution,
) -> Iterator[PersonPage]:
    """The pages of ``subjects`` (labels; default: everyone told of), in order of mention.

    ``statements`` are all statements of the groups that these belong to;
    ``today`` is the day at which the drawing ends; ``encounters`` gives, by
    key, those who may have been met (``views.encounters``); ``others``, by id,
    the statements about those of them who have no page; ``judging``: who is who;
    ``same_place``: whether two labels name one place (default: by what
    ``statements`` say about places); ``brief``: for readers who ask nobody and add up nothing: without
    questions and sums, which take most of the time, and with what tells of an event as the reason for its
    days; ``solve`` gives the solution of a group, where somebody has it already.
    """
    same = same_place or among(statements)
    wanted = None if subjects is None else set(subjects)
    out = retired(statements, judgements)
    told: dict[str, list[Statement]] = {}
    for statement in statements:
        told.setdefault(statement.subject, []).append(statement)
    found: dict[str, PersonPage] = {}
    paged = {key for key in told if wanted is None or label(key) in wanted}
    for linked in link(statements, judgements):
        made = of_group(
            linked,
            told,
            out,
            judgements,
            today=today,
            wanted=paged,
            encounters=encounters,
            others=others,
            judging=judging,
            same_place=same,
            brief=brief,
            solve=solve,
        )
        found |= {page.key: page for page in made}
    for key in told:
        if key in found:
            yield found[key]


def of_group(
    linked: Linked,
    told: Mapping[str, Sequence[Statement]],
    out: set[str],
    judgements: Sequence[Judgement] = (),
    *,
    today: int,
    wanted: Collection[str],
    encounters: Mapping[str, Sequence[Met]] | None = None,
    others: Mapping[str, Statement] | None = None,
    judging: Judging | None = None,
    same_place: SamePlace = same_label,
    brief: bool = False,
    solve: Callable[[Linked], Solution] = Solution,
) -> Iterator[PersonPage]:
    """The pages of those of a group of linked lives that are ``wanted`` (keys); ``told``: by key all that is
    told of each life; ``out``: the ids of statements that no longer count; the rest as ``pages`` has it."""
    keys = [key for key in linked.subjects if key in wanted and told.get(key)]
    if not keys:
        return
    solution = solve(linked)
    timelines = {one.key: one for one in solution.timelines(contradicted_widely(solution, linked))}
    for key in keys:
        life = Life(solution, timelines[key], told[key], out, today, others or {})
        meetings = (encounters or {}).get(key, ())
        yield person_page(
            life, judgements, _wide(life, linked), meetings, wanted, judging, same_place, brief=brief
        )


def person_page(
    life: Life,
    judgements: Sequence[Judgement] = (),
    wide: dict[str, EventBounds] | None = None,
    encounters: Sequence[Met] = (),
    paged: Collection[str] = (),
    judging: Judging | None = None,
    same_place: SamePlace = same_label,
    *,
    brief: bool = False,
) -> PersonPage:
    """The page of one solved life; ``wide`` its events under the wide reading, if asked; ``paged``: whoever
    has a page too (keys); ``judging``: who is who; ``same_place``: whether two labels name one place;
    ``brief`` as ``pages`` has it."""
    timeline, told = life.timeline, life.told
    shown = disputes.contradictions(life)
    course = Course(
        today=life.today,
        birth=_birth(timeline),
        lanes=lanes(life),
        tellings=_tellings(life),
        accounts=disputes.accounts(life),
        ways=life.ways if life.independent else 0,
    )
    rows, ledgers = [], []
    for event in timeline.events:
        if event.earliest is None and event.latest is None:
            continue
        apart = life.worlds if depends(life.worlds, event.event) else (life.whole,)
        reckon = sums.told if brief else sums.bounds
        found = [reckon(life, world, event.event) for world in apart]
        ledgers += [ledger for _, more in found for ledger in more]
        rows.append(_row(life, event.event, tuple(bounds for bounds, _ in found), judging, same_place))
    mended = disputes.repairs(life, shown)
    against = _against(life)
    # Of one that was set aside again the last reason.
    reasons = {one.statement: one.reason for one in judgements if one.decision == "set-aside"}
    met = tuple(
        Encounter(
            label(one.key),
            one.place,
            one.certain,
            (one.earliest, one.latest),
            one.key,
            life.numbers(one.own if one.key in paged else (*one.own, *one.theirs)),
        )
        for one in encounters
    )
    lines = tuple(
        StatementLine(
            number,
            one,
            "reasoned" if one in life.live or one.about != timeline.subject else _standing(one, told),
            against.get(one.statement, ()),
            next((life.number(other.statement) for other in told if other.corrects == one.statement), 0),
            reasons.get(one.statement, ""),
            judging.told_of(one) if judging is not None else "",
        )
        for number, one in enumerate(life.cited.values(), 1)
    )
    return PersonPage(
        key=timeline.key,
        label=timeline.subject,
        kind=told[0].about_kind,
        course=course,
        changed=_changed(told),
        names=_names(life),
        events=tuple(rows),
        undated=tuple(_undated(life)),
        ledgers=tuple(ledgers),
        contradictions=shown,
        repairs=mended,
        complete=timeline.complete,
        consistent=timeline.consistent,
        consistent_wide=timeline.consistent_wide,
        wide=disputes.wide(wide or {}, shown) if not timeline.consistent else (),
        statements=lines,
        questions=() if brief else _questions(life, judgements),
        withheld=() if brief else _withheld(life),
        encounters=met,
        differences=tuple(_differences(life, same_place)),
        set_aside=tuple(_layers(life)),
        sources=tuple(_sources(life)),
        who=judging.life(timeline.key, told) if judging is not None else Who(),
    )


def _wide(life: Life, linked: Linked) -> dict[str, EventBounds]:
    """The events under the wide reading, where it alone makes the account whole."""
    if life.timeline.consistent or not life.timeline.consistent_wide:
        return {}
    wide = next(one for one in solve_linked(linked, "wide") if one.key == life.timeline.key)
    return {event.event: event for event in wide.events}


def _row(
    life: Life,
    event: str,
    bounds: tuple[Bounds, ...],
    judging: Judging | None,
    same_place: SamePlace,
) -> EventRow:
    said = [one for one in life.live if one.event == event and one.answer == "yes"]
    chains = corroboration.chains([one for one in said if one.statement not in life.weighed])
    if judging is not None:
        # Two labels of one person are one voice.
        chains = [tuple(judging.person(one) for one in chain) for chain in chains]
    places = list(dict.fromkeys(one.place for one in said if one.place))
    one_place = all(same_place(places[0], other) for other in places[1:])
    return EventRow(
        event,
        bounds,
        " / ".join(places) if one_place else "",
        hearsay(life, event, life.weighed),
        bool(said) and all(one.expected for one in said),
        corroboration.independent(chains) if said else None,
        life.numbers(
            one.statement for one in life.live if one.event == event and one.statement in life.weighed
        ),
    )


def _birth(timeline: Timeline) -> Range | None:
    born = next((one for one in timeline.events if one.event == BIRTH), None)
    if born is None or born.earliest is None or born.latest is None:
        return None
    return born.earliest, born.latest


def _span(told: str) -> Range | None:
    if not told:
        return None
    spans = parse(told).spans
    return spans[0].first, spans[-1].last


def _tellings(life: Life) -> tuple[Telling, ...]:
    found: dict[tuple[Range, str], list[str]] = {}
    for one in life.told:
        span = _span(one.told)
        if span is not None and one.compartment != "source":
            found.setdefault((span, one.source), []).append(one.statement)
    tellings = [Telling(span, source, life.numbers(ids)) for (span, source), ids in found.items()]
    return tuple(sorted(tellings, key=lambda one: (one.told[0] or one.told[1] or 0, one.source)))


def _changed(told: Sequence[Statement]) -> Range | None:
    spans = [span for one in told if (span := _span(one.told)) is not None and span[1] is not None]
    return max(spans, key=lambda span: (span[1] or 0, span[0] or 0), default=None)


def _names(life: Life) -> tuple[Name, ...]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for one in life.live:
        if fact_kind_of(one.fact) == "name" and one.answer == "yes" and one.value:
            kind = one.fact.partition(":")[2].strip()
            found.setdefault((one.value, one.language, kind), []).append(one.statement)
    return tuple(
        Name(text, language, kind, life.numbers(ids)) for (text, language, kind), ids in found.items()
    )


def _undated(life: Life) -> Iterator[Order]:
    for event in life.timeline.events:
        if event.event == BIRTH or event.earliest is not None or event.latest is not None:
            continue
        said = [one for one in life.live if one.event == event.event and one.answer == "yes"]
        yield Order(
            event.event,
            tuple(dict.fromkeys(one.after for one in said if one.after)),
            tuple(dict.fromkeys(one.before for one in said if one.before)),
            life.numbers(event.statements),
        )


def _against(life: Life) -> dict[str, tuple[int, ...]]:
    """For each side of a contradiction and each statement that a repair could
    set aside, those it cannot stand beside."""
    repairable = set(life.repairable)
    found: dict[str, set[str]] = {}
    for conflict in life.timeline.conflicts:
        sides = set(disputes.sides(life, conflict))
        for one in repairable & set(conflict):
            others = sides if one in sides and len(sides) > 1 else set(conflict)
            found.setdefault(one, set()).update(others - {one})
    return {one: life.numbers(others) for one, others in found.items() if others}


def _standing(statement: Statement, told: Sequence[Statement]) -> Standing:
    return "corrected" if any(one.corrects == statement.statement for one in told) else "set-aside"


def _questions(life: Life, judgements: Sequence[Judgement]) -> tuple[Question, ...]:
    found = questions(life.solution, life.index, life.live, judgements, today=life.today)
    return tuple(
        Question(one.ask, one.event, one.since or "", one.expected_bits, one.worst_bits, one.sources)
        for one in found[:_QUESTIONS]
    )


def _withheld(life: Life) -> tuple[str, ...]:
    """The kinds of event that are not proposed until a member allows it."""
    found = (event for event in life.points if is_sensitive(event))
    return tuple(dict.fromkeys(kind_of(event) for event in found))


def _differences(life: Life, same_place: SamePlace) -> Iterator[Difference]:
    for one in differences(life.live, same_place):
        values = tuple(Value(text, life.numbers(ids)) for text, ids in one.values.items())
        yield Difference(one.field, values, one.event, one.fact)


def _layers(life: Life) -> Iterator[LayerAside]:
    for layer in ("implicature", "presumption", "background"):
        if layer in life.timeline.set_aside:
            ids = [one.statement for one in life.live if one.layer == layer]
            yield LayerAside(layer, life.numbers(ids))


def _sources(life: Life) -> Iterator[Source]:
    found: dict[str, list[Statement]] = {}
    for one in life.cited.values():
        found.setdefault(one.source, []).append(one)
    for source, said in found.items():
        yield Source(
            source,
            tuple(dict.fromkeys(one.told for one in said if one.told)),
            life.numbers(one.statement for one in said),
            tuple(dict.fromkeys(one.evidence for one in said if one.evidence)),
        )
