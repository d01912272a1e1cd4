"""Words of a public page: sources at the detail that they allowed, and what is not certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from estelik.language import dates, direction, events, quotes
from estelik.language.numbers import listed
from estelik.protection.masking import SOMEBODY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from estelik.language.reader import Reader
    from estelik.records import Statement
    from estelik.views.course import Range
    from estelik.views.person import PersonPage


def account(
    reader: Reader, page: PersonPage, said: Sequence[Statement], pseudonyms: Collection[str]
) -> Markup:
    """Who told, as what, and when: no more than was allowed."""
    source = said[0].source
    if all(one.role == "document" for one in said):
        words = (
            reader._("a document: %(source)s", source=direction.run(source))
            if source
            else reader._("a document")
        )
    elif not source:
        words = reader._("an account given to this registry; who gave it is not named here")
    elif source == page.label:
        words = reader._("%(source)s’s own account, given to this registry", source=direction.run(source))
    else:
        words = reader._("%(source)s’s account, given to this registry", source=direction.run(source))
    if source in pseudonyms:
        words = reader._("%(account)s, under a pseudonym", account=words)
    words = _passed_on(reader, words, said)
    told = list(dict.fromkeys(one.told for one in said if one.told))
    if told:
        when = listed(reader, [dates.told(reader, one) for one in told])
        words = reader._("%(account)s; told %(when)s", account=words, when=when)
    return reader.capital(reader._("%(sentence)s.", sentence=words))


def _passed_on(reader: Reader, words: Markup, said: Sequence[Statement]) -> Markup:
    """An account with whom it, or some of it, came from."""
    chains = [one.chain[1:] for one in said]
    people = dict.fromkeys(one for chain in chains for one in chain)
    if not people:
        return words
    farther = listed(
        reader,
        [direction.run(one) if one != SOMEBODY else reader._("somebody who is not named") for one in people],
    )
    if all(chains):
        return reader._("%(source)s, from %(farther)s", source=words, farther=farther)
    return reader._("%(source)s, in part from %(farther)s", source=words, farther=farther)


def allowed(reader: Reader, page: PersonPage) -> Markup:
    """On whose word an entry stands here. The same of all who are named and of all under a pseudonym: why
    somebody was asked in another's place, and who was not, is nobody's business."""
    if page.label.startswith("?"):
        return reader._("It stands here as far as those who told it allowed.")
    return reader._(
        "It stands here as far as those who told it, and whom it tells of, or who may speak for them, "
        "allowed."
    )


def doubts(reader: Reader, page: PersonPage) -> Iterator[Markup]:
    """What is not certain, in sentences."""
    if page.contradictions:
        if page.consistent_wide:
            yield reader._(
                "If ages, dates and lengths of time may be a little off, as they often are, all of it can be"
                " true."
            )
        else:
            yield (
                reader._(
                    "Even if ages, dates and lengths of time may be a little off, they cannot all be true."
                )
            )
    bounded = [row for row in page.events if any(_bounded(one.ranges) for one in row.bounds)]
    if bounded:
        found = events.labels(reader, tuple(dict.fromkeys(row.event for row in bounded)))
        yield reader._("No day is known, only between which days it lies: %(events)s.", events=found)
    heard = [row for row in page.events if row.hearsay]
    if heard:
        found = events.labels(reader, tuple(dict.fromkeys(row.event for row in heard)))
        yield reader._("Only passed on by others: %(events)s.", events=found)
    if page.undated:
        found = events.labels(reader, tuple(one.event for one in page.undated))
        yield reader._("Nobody told when: %(events)s.", events=found)


def _bounded(spans: Sequence[Range]) -> bool:
    return not spans or len(spans) > 1 or spans[0][0] is None or spans[0][0] != spans[0][1]


def told(one: Statement) -> Markup:
    """Words as they were told, in the direction of their language."""
    quoted = quotes.quoted(direction.bare(one.quote), one.language)
    way = direction.direction(one.language) if one.language else "auto"
    if not one.language:
        return Markup('<q class="told" dir="{}">{}</q>').format(way, quoted)
    return Markup('<q class="told" dir="{}" lang="{}">{}</q>').format(way, one.language, quoted)
