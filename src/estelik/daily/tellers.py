"""Tellers: who has told before, and of whom; before a visitor sits down, never while one does."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from estelik.identity.verdict import shown
from estelik.index import reader, tellings
from estelik.names.name import parse
from estelik.names.slots import slots, written
from estelik.names.sought import Sought
from estelik.names.weights import weights
from estelik.vault import generation

if TYPE_CHECKING:
    from estelik.casebook import Casebook

#: What comes less close than this has nothing to do with the name sought.
_FAR: Final = 0.55
#: More sources than these are looked through by their letters alone.
_MANY: Final = 3000


class _Known:
    """What was read of sources in one state of the records: their labels, with small letters too, and of whom
    those told who were asked for."""

    def __init__(self, state: object, labels: list[str]) -> None:
        self.state, self.labels = state, labels
        self.folded = [one.casefold() for one in labels]
        self.told_of: dict[str, tuple[str, ...]] = {}


_KNOWN: Final[WeakKeyDictionary[Casebook, _Known]] = WeakKeyDictionary()


def _known(casebook: Casebook) -> _Known:
    store = casebook.vault.store
    with store.read() as connection:
        state = generation.state(connection, store.schemas)
        found = _KNOWN.get(casebook)
        if found is None or found.state != state:
            labels = list(dict.fromkeys(reader.sources(connection, store.schemas)))
            found = _KNOWN[casebook] = _Known(state, labels)
    return found


def tellers(casebook: Casebook, words: str, count: int) -> tuple[str, ...]:
    """The labels of those who told before that fit ``words`` best, in any script, the likeliest first."""
    known = _known(casebook)
    labels, folded = known.labels, words.casefold()
    both = list(zip(labels, known.folded, strict=True))
    found = list(islice((one for one, small in both if small.startswith(folded)), count))
    if len(found) < count:
        found += islice((one for one, small in both if folded in small), count)
    if len(labels) <= _MANY and len(found) < count:
        sought = Sought(parse(words))
        if sought.words:
            near = sought.closeness([written(slots(parse(one), weights())) for one in labels])
            order = sorted(range(len(labels)), key=lambda one: -near[one])
            found += [labels[one] for one in order if near[one] >= _FAR]
    elif len(found) < count:
        there = frozenset(labels)
        found += [one for one in people(casebook, words, count) if one in there]
    return tuple(dict.fromkeys(found))[:count]


def people(casebook: Casebook, words: str, count: int) -> tuple[str, ...]:
    """The labels of those who may bear a name."""
    return tuple(shown(one.key) for one in casebook.namesakes().search(words, count))


def told_of(casebook: Casebook, source: str) -> tuple[str, ...]:
    """Of whom a source told, the latest first."""
    known = _known(casebook)
    if source not in known.told_of:
        known.told_of[source] = _told_of(casebook, source)
    return known.told_of[source]


def _told_of(casebook: Casebook, source: str) -> tuple[str, ...]:
    store = casebook.vault.store
    hidden = casebook.decisions.hidden() if store.any_disposition() else frozenset()
    with store.read() as connection:
        found = tellings.lately(connection, store.schemas, source)
    shown_ = (one for one in reversed(found) if one.statement not in hidden)
    return tuple(dict.fromkeys(one.about for one in shown_ if not one.about.startswith("?")))
