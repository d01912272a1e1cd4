"""Wording: findings in words, for the editor who decides."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from estelik.language import dates
from estelik.language.direction import run
from estelik.language.events import fact as topic_of
from estelik.language.events import label
from estelik.language.numbers import listed, number
from estelik.protection.finding import ByName, Corrected, FewPeople, OnlyOneKnew
from estelik.protection.identifying_number import Number
from estelik.protection.named import Mention
from estelik.protection.relation import SaidOf
from estelik.records.vocabulary import kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.protection.fact import Fact
    from estelik.protection.finding import Finding, InText
    from estelik.protection.repair import Step


def tell(
    reader: Reader,
    finding: Finding,
    *,
    place: Callable[[str], str] = str,
    person: Callable[[str], str] = str,
) -> Markup:
    """A finding as one to three sentences. ``place`` and ``person`` give the names that belong to keys."""
    match finding:
        case FewPeople():
            return _few(reader, finding, place)
        case OnlyOneKnew():
            return _sole(reader, finding, place)
        case Corrected():
            return reader._(
                "It was corrected by %(id)s, which does not leave. Leave it out.", id=run(finding.by)
            )
        case ByName():
            days = [dates.day(reader, date.fromisoformat(one).toordinal()) for one in finding.days]
            return reader._(
                "%(person)s was published by name on %(days)s: who has that may know who it is here. "
                "Leave out what tells of her and what she told.",
                person=run(finding.person),
                days=listed(reader, days),
            )
        case _:
            return _in_text(reader, finding, person)


def _few(reader: Reader, finding: FewPeople, place: Callable[[str], str]) -> Markup:
    facts = listed(reader, [said(reader, fact, place) for fact in finding.facts])
    what = reader.ngettext(
        "Of all people only %(count)s fits: %(facts)s.",
        "Of all people only %(count)s fit: %(facts)s.",
        finding.k,
        count=number(reader, finding.k),
        facts=facts,
    )
    if finding.do == "nothing":
        return reader._("%(what)s All of it is out already, and cannot be taken back.", what=what)
    do = listed(reader, [_step(reader, step, place) for step in finding.steps])
    if not finding.then:
        return reader._("%(what)s %(do)s.", what=what, do=reader.capital(do))
    return reader.ngettext(
        "%(what)s %(do)s: then there is %(count)s.",
        "%(what)s %(do)s: then there are %(count)s.",
        finding.then,
        what=what,
        do=reader.capital(do),
        count=number(reader, finding.then),
    )


def _step(reader: Reader, step: Step, place: Callable[[str], str]) -> Markup:
    if step.wider is None:
        return reader._("leave out “%(fact)s”", fact=said(reader, step.fact, place))
    return reader._("say only “%(fact)s”", fact=said(reader, step.wider, place))


def _sole(reader: Reader, finding: OnlyOneKnew, place: Callable[[str], str]) -> Markup:
    what = said(reader, finding.what.fact, place)
    people = listed(reader, [run(one) for one in finding.people])
    words = reader.ngettext(
        "“%(fact)s”: only %(people)s could have told this, and is given away by it.",
        "“%(fact)s”: nobody could have told this without %(people)s, who are given away by it.",
        len(finding.people),
        fact=what,
        people=people,
    )
    if finding.what.wider is None:
        return reader._("%(what)s Leave it out.", what=words)
    wider = said(reader, finding.what.wider, place)
    return reader._("%(what)s Others know “%(fact)s”: say only that.", what=words, fact=wider)


def _in_text(reader: Reader, finding: InText, person: Callable[[str], str]) -> Markup:
    words, what = run(finding.words), finding.what
    if isinstance(what, Number):
        kinds = {
            "document": reader._("the number of a paper"),
            "phone": reader._("a telephone number"),
            "e-mail": reader._("an address of mail"),
            "link": reader._("an address of a page"),
            "account": reader._("an account"),
            "number": reader._("a number that tells who somebody is"),
        }
        return reader._("“%(words)s” looks like %(kind)s. Take it out.", words=words, kind=kinds[what.kind])
    people = [run(person(one)) for one in what.people]
    if isinstance(what, Mention):
        if what.others:
            people.append(
                reader.ngettext(
                    "%(count)s more", "%(count)s more", what.others, count=number(reader, what.others)
                )
            )
        whom = listed(reader, people, choice=True)
        if what.kind == "name":
            return reader._("“%(words)s” may name %(people)s. Write it otherwise.", words=words, people=whom)
        return reader._(
            "“%(words)s” may be part of a name of %(people)s. Look whether it is.", words=words, people=whom
        )
    whom = listed(reader, people, choice=True)
    if isinstance(what, SaidOf):
        return reader._(
            "“%(words)s” says what %(people)s is to somebody who is named, and gives away who that is. "
            "Write it otherwise.",
            words=words,
            people=whom,
        )
    return reader._(
        "“%(words)s” speaks of somebody who can be reached: %(people)s. Write it otherwise.",
        words=words,
        people=whom,
    )


def said(reader: Reader, fact: Fact, place: Callable[[str], str] = str) -> Markup:
    """What a fact says: "Occupation: teacher", "Arrested in spring 2018"."""
    topic = fact.topic.removesuffix(" expected")
    event = kind_of(topic) in vocabulary().kinds
    words = label(reader, topic) if event else topic_of(reader, topic)
    match fact.aspect:
        case "kind":
            return words
        case "place":
            return (
                label(reader, topic, place(fact.value))
                if event
                else _is(reader, words, run(place(fact.value)))
            )
        case "when":
            when = dates.sometime(reader, fact.first, fact.last, season=True)
            return reader._("%(event)s %(when)s", event=words, when=when)
        case "number":
            return _is(reader, words, _count(reader, fact))
        case _:
            return _is(reader, words, run(fact.value))


def _is(reader: Reader, words: Markup, value: Markup) -> Markup:
    return reader._("%(fact)s: %(value)s", fact=words, value=value)


def _count(reader: Reader, fact: Fact) -> Markup:
    first = number(reader, fact.first or 0)
    if fact.last is None:
        return reader._("%(count)s or more", count=first)
    if fact.last == (fact.first or 0):
        return first
    return reader._("%(first)s to %(last)s", first=first, last=number(reader, fact.last))
