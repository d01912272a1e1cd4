"""Differences: where statements say different things, days aside.

Each is shown with the statements that say it; none is preferred. Only live
statements count. Values that can both be true (ranges of numbers that meet, a
life with two occupations) are no difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology import edtf
from estelik.records.vocabulary import fact_kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.records import Statement

_NUMBERS: Final = re.compile(r"(\d*)(\.\.)?(\d*)")


class Difference(msgspec.Struct, frozen=True):
    """One field of one event or fact, and who says what: value -> statement ids."""

    field: str
    values: Mapping[str, tuple[str, ...]]
    event: str = ""
    fact: str = ""


#: Whether two labels name one place.
SamePlace = Callable[[str, str], bool]


def same_label(one: str, other: str) -> bool:
    """Whether two labels of places are the same words: all that is known of them without asking where they
    are."""
    return one.casefold() == other.casefold()


def differences(statements: Iterable[Statement], same_place: SamePlace = same_label) -> list[Difference]:
    """The differences among live statements about one life, in order of mention.

    ``same_place``: a place under two names is no difference.
    """
    events: dict[str, list[Statement]] = {}
    facts: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.event:
            events.setdefault(statement.event, []).append(statement)
        elif statement.fact:
            facts.setdefault(statement.fact, []).append(statement)
    out: list[Difference] = []
    for event, told in events.items():
        yes = [statement for statement in told if statement.answer == "yes"]
        _differ(out, "place", [(s.place, s) for s in yes], event=event, same=same_place)
        _differ(out, "by", [(s.by, s) for s in yes], event=event)
        _differ(out, "answer", _answers(told), event=event)
    for fact, told in facts.items():
        yes = [statement for statement in told if statement.answer == "yes"]
        kind = vocabulary().facts.get(fact_kind_of(fact))
        if kind is not None and kind.single:
            _differ(out, "value", [(s.value, s) for s in yes], fact=fact)
        by_value: dict[str, list[Statement]] = {}
        for statement in told:
            by_value.setdefault(statement.value, []).append(statement)
        for same in by_value.values():
            _differ(out, "answer", _answers(same), fact=fact)
    return out


def _answers(told: Iterable[Statement]) -> list[tuple[str, Statement]]:
    return [(s.answer, s) for s in told if s.answer in ("yes", "no")]


def _differ(
    out: list[Difference],
    field: str,
    said: list[tuple[str, Statement]],
    *,
    event: str = "",
    fact: str = "",
    same: SamePlace = same_label,
) -> None:
    values: dict[str, list[Statement]] = {}
    for value, statement in said:
        if value:
            values.setdefault(value, []).append(statement)
    found = list(values)
    if any(
        not _both(one, other) and _same_time(values[one], values[other]) and not same(one, other)
        for place, one in enumerate(found)
        for other in found[place + 1 :]
    ):
        told = {value: tuple(s.statement for s in who) for value, who in values.items()}
        out.append(Difference(field, told, event, fact))


def _both(one: str, other: str) -> bool:
    """Whether two values can both be true: the same words, or numbers that meet."""
    if one.casefold() == other.casefold():
        return True
    first, second = _numbers(one), _numbers(other)
    return first is not None and second is not None and first[0] <= second[1] and second[0] <= first[1]


def _numbers(value: str) -> tuple[float, float] | None:
    match = _NUMBERS.fullmatch(value.strip())
    if match is None or not (match[1] or match[3]):
        return None
    low = float(match[1]) if match[1] else float("-inf")
    if not match[2]:
        return low, low
    return low, float(match[3]) if match[3] else float("inf")


def _same_time(one: Iterable[Statement], other: Iterable[Statement]) -> bool:
    """Whether some of both may speak of the same time (a name before and after a wedding does not)."""
    return any(_meet(a.when, b.when) for a in one for b in other)


def _meet(one: str, other: str) -> bool:
    if not one or not other:
        return True
    return any(
        (a.first is None or b.last is None or a.first <= b.last)
        and (b.first is None or a.last is None or b.first <= a.last)
        for a in edtf.parse(one).spans
        for b in edtf.parse(other).spans
    )
