"""Brute force: a name is compared with every name of a casebook, read from the records each time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.names.comparison import Scorer
from estelik.names.engine import PLAIN
from estelik.names.name import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.identity.resolution import Resolution
    from estelik.records import Statement

_NUMBER: Final = re.compile(r"[\s.\-/]+")
#: A number of a document has so many digits at least.
_DIGITS: Final = 4


class Known(NamedTuple):
    """What people are called, and the numbers of their documents: pairs of a key and a text, each once."""

    names: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str], ...]


def known(statements: Iterable[Statement], resolution: Resolution) -> Known:
    """The names and numbers of all people in ``statements``: labels, and what is stated and not denied."""
    names: dict[tuple[str, str], None] = {}
    numbers: dict[tuple[str, str], None] = {}
    for one in statements:
        if one.about_kind != "person":
            continue
        key = resolution.key(one)
        if not one.about.startswith("?"):
            names[key, one.about] = None
        if one.answer == "yes" and one.value:
            kind = one.fact.partition(":")[0]
            if kind == "name":
                names[key, one.value] = None
            elif kind == "document":
                numbers[key, _plain(one.value)] = None
    return Known(tuple(names), tuple(numbers))


def best(found: Known, query: str) -> dict[str, float]:
    """How well the name that fits best of each person fits ``query``; those who are not named are nobody."""
    out: dict[str, float] = {}
    scores = Scorer(PLAIN).scores([(query, text) for _, text in found.names])
    for (key, text), score in zip(found.names, scores.tolist(), strict=True):
        if parse(text).parts:
            out[key] = max(out.get(key, 0.0), score)
    return out


def numbered(found: Known, query: str) -> set[str]:
    """Who has a document with this number."""
    return {key for key, number in found.numbers if _same_number(number, query)}


def _plain(number: str) -> str:
    return _NUMBER.sub("", number).casefold()


def _same_number(number: str, query: str) -> bool:
    wanted = _plain(query)
    return number == wanted and sum(map(str.isdigit, wanted)) >= _DIGITS
