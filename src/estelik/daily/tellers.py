"""Tellers: who has told before, and of whom; before a visitor sits down, never while one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.identity.verdict import shown
from estelik.index import reader, tellings
from estelik.names.name import parse
from estelik.names.slots import slots, written
from estelik.names.sought import Sought
from estelik.names.weights import weights

if TYPE_CHECKING:
    from estelik.casebook import Casebook

#: What comes less close than this has nothing to do with the name sought.
_FAR: Final = 0.55
#: More sources than these are looked through by their letters alone.
_MANY: Final = 3000


def tellers(casebook: Casebook, words: str, count: int) -> tuple[str, ...]:
    """The labels of those who told before that fit ``words`` best, in any script, the likeliest first."""
    store = casebook.vault.store
    with store.read() as connection:
        labels = list(dict.fromkeys(reader.sources(connection, store.schemas)))
    folded = words.casefold()
    found = [one for one in labels if folded in one.casefold()]
    found.sort(key=lambda one: (not one.casefold().startswith(folded), len(one)))
    if len(labels) <= _MANY and len(found) < count:
        sought = Sought(parse(words))
        if sought.words:
            near = sought.closeness([written(slots(parse(one), weights())) for one in labels])
            order = sorted(range(len(labels)), key=lambda one: -near[one])
            found += [labels[one] for one in order if near[one] >= _FAR]
    elif len(found) < count:
        there = set(labels)
        found += [one for one in people(casebook, words, count) if one in there]
    return tuple(dict.fromkeys(found))[:count]


def people(casebook: Casebook, words: str, count: int) -> tuple[str, ...]:
    """The labels of those who may bear a name."""
    namesakes = casebook.namesakes()
    namesakes.place()
    return tuple(shown(one.key) for one in namesakes.search(words, count))


def told_of(casebook: Casebook, source: str) -> tuple[str, ...]:
    """Of whom a source told, the latest first."""
    store = casebook.vault.store
    hidden = casebook.decisions.hidden() if store.any_disposition() else frozenset()
    with store.read() as connection:
        found = tellings.lately(connection, store.schemas, source)
    shown_ = (one for one in reversed(found) if one.statement not in hidden)
    return tuple(dict.fromkeys(one.about for one in shown_ if not one.about.startswith("?")))
