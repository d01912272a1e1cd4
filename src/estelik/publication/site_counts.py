"""Counts of a site: how many, and where it is not said how many, or only as it was said before.

A count below five is not given. Nor is enough beside it that the whole less the rest does not give it back:
each count that is left out could be five or more, and another than it is.

Nor may two releases tell by their difference what neither tells: nine in spring and seven in autumn say that
two left. A count that differs by less than five from any that was given before stays as it was given, with
the day of that; so do enough others that it cannot be worked out, although all know how many entries there
are: in all, each can count them. As long as fewer than five came, or left, nothing is given anew. For one row
of counts this is quick and simple; ``protection.table`` does it for tables with two margins, and is what the
tests compare it with.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.publication.site_places import region, spot
from estelik.records.release import Given

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from estelik.publication.site_sheets import Card
    from estelik.records.release import Publication

#: Smaller counts are not given, nor by how much less than this they changed.
SMALL: Final = 5
#: What is left out of a table comes to this at least, so that one of two left out can be more than one thing.
_TOGETHER: Final = 2 * SMALL


class Number(NamedTuple):
    """How many there are, and what is given of it: ``given`` None where it is not said; ``day`` (ISO): as it
    was on that day, "" for now."""

    true: int
    given: int | None
    day: str = ""


class Earlier(NamedTuple):
    """A table as it was published on a ``day`` (ISO): how many there were of each, and of which that was
    given. ``seen``: by those, too, who are to see the next one."""

    day: str
    counts: Mapping[str, int]
    given: frozenset[str]
    seen: bool = True


#: By what is counted (the name of a table), each with its numbers.
Numbers = dict[str, dict[str, Number]]
#: By the name of a table, how it was published before.
Before = dict[str, list[Earlier]]


def numbers(cards: Sequence[Card], before: Mapping[str, Sequence[Earlier]]) -> Numbers:
    """All tables of a site: by year, by state, by region, by sex, by place, and how many in all."""
    spots = {card.place: spot(card.place) for card in cards}
    values: dict[str, Iterator[str]] = {
        "year": (card.year for card in cards),
        "state": (card.state for card in cards),
        "region": ("\x1f".join(reversed(region(card.place))) for card in cards),
        "sex": (card.sex for card in cards),
        # Who is on no map is a count beside the others: no margin gives it back.
        "place": (found.key if (found := spots[card.place]) else "" for card in cards),
    }
    tables = {table: counted(each, before.get(table, ())) for table, each in values.items()}
    return {**tables, "entries": {"": _whole(len(cards), before.get("entries", ()))}}


def counted(values: Iterable[str], earlier: Sequence[Earlier] = ()) -> dict[str, Number]:
    """How many there are of each, and what is given of it; by the values, ascending. ``earlier``: the same
    table as it was published before, the last one last."""
    counts: dict[str, int] = dict(Counter(values))
    for one in earlier:
        counts |= {value: 0 for value in one.counts if value not in counts}
    hidden = _hidden(counts, earlier)
    return {
        value: _given(value, count, earlier) if value in hidden else Number(count, count)
        for value, count in sorted(counts.items())
        if count or value in hidden
    }


def remembered(found: Numbers) -> tuple[Given, ...]:
    """What is kept of these once they have left."""
    return tuple(
        # What was counted are leaves of pages; what is kept are words.
        Given(table, str.__str__(value), one.true, one.given is not None and not one.day)
        for table, rows in found.items()
        for value, one in rows.items()
    )


def published(found: Iterable[tuple[Publication, bool]]) -> Before:
    """What was counted in publications, each with whether those saw it who are to see the next one."""
    out: Before = {}
    for one, seen in sorted(found, key=lambda pair: pair[0].made):
        tables: dict[str, list[Given]] = {}
        for each in one.counts:
            tables.setdefault(each.table, []).append(each)
        for table, rows in tables.items():
            counts = {each.of: each.count for each in rows}
            given = frozenset(each.of for each in rows if each.given)
            out.setdefault(table, []).append(Earlier(one.made[:10], counts, given, seen))
    return out


def _whole(count: int, earlier: Sequence[Earlier]) -> Number:
    """How many entries there are in all."""
    little = any("" in one.given and 0 < abs(count - one.counts[""]) < SMALL for one in earlier)
    return _given("", count, earlier) if little else Number(count, count)


def _given(value: str, count: int, earlier: Sequence[Earlier]) -> Number:
    """What is given of a count that may not be told as it is: what was given last."""
    last = next((one for one in reversed(earlier) if one.seen and value in one.given), None)
    return Number(count, None) if last is None else Number(count, last.counts[value], last.day)


def _hidden(counts: Mapping[str, int], earlier: Sequence[Earlier]) -> set[str]:
    """What may not be told as it is."""
    hidden = {value for value, count in counts.items() if 0 < count < SMALL}
    for one in earlier:
        hidden |= {value for value in one.given if 0 < abs(counts[value] - one.counts[value]) < SMALL}
    before = -1
    while before != len(hidden):
        before = len(hidden)
        _beside(counts, hidden)
        for one in earlier:
            _since(counts, hidden, one)
    return hidden


def _beside(counts: Mapping[str, int], hidden: set[str]) -> None:
    """Hides enough beside small counts that the whole less the rest does not give them back."""
    if not any(0 < counts[value] < SMALL for value in hidden):
        return
    for value in sorted(counts, key=lambda one: (counts[one], one)):
        # Each of the others is one at least: what is left for any of them has to be five.
        if len(hidden) > 1 and sum(counts[one] for one in hidden) >= max(_TOGETHER, SMALL + len(hidden) - 1):
            return
        if counts[value]:
            hidden.add(value)


def _since(counts: Mapping[str, int], hidden: set[str], old: Earlier) -> None:
    """Hides enough that nobody can work out by how little a count changed since an earlier table."""
    change = {value: count - old.counts.get(value, 0) for value, count in counts.items()}
    untold = {value for value in old.counts if value not in old.given}
    little = {value for value in hidden | untold if 0 < abs(change[value]) < SMALL}
    if not little:
        return
    # What everybody can work out changes with each that is hidden: the least first, as little as is needed.
    rest = sorted(
        (one for one in counts if counts[one]), key=lambda one: (abs(change[one]), counts[one], one)
    )
    one_way = min(change.values()) >= 0 or max(change.values()) <= 0
    if one_way:
        # As if nothing else were possible: what changed together has to be enough for any of them.
        rest = [value for value in rest if change[value]]
    while not (_enough(change, hidden | untold) if one_way else _open(counts, hidden, old, untold, little)):
        value = next((one for one in rest if one not in hidden and one not in untold), None)
        if value is None:
            hidden |= {one for one, count in counts.items() if count} | (little - untold)
            return
        hidden.add(value)


def _enough(change: Mapping[str, int], unknown: set[str]) -> bool:
    return abs(sum(change[value] for value in unknown)) >= SMALL


def _open(
    counts: Mapping[str, int], hidden: set[str], old: Earlier, untold: set[str], little: set[str]
) -> bool:
    """Whether each may have changed by five, where some came and some left."""
    now = sum(counts[value] for value in hidden)
    then = sum(old.counts[value] for value in untold)
    for value in little:
        if value not in hidden:
            wide = max(counts[value], then - counts[value]) >= SMALL
        elif value in untold:
            wide = max(now, then) >= SMALL
        else:
            wide = now >= old.counts.get(value, 0) + SMALL
        if not wide:
            return False
    return True
