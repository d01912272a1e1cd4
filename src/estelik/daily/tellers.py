"""Tellers: who has told before, and of whom; before a visitor sits down, never while one does."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, islice
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
    from collections.abc import Iterable, Iterator

    from estelik.casebook import Casebook

#: What comes less close than this has nothing to do with the name sought.
_FAR: Final = 0.55
#: What no label holds.
_BREAK: Final = "\n"
#: More sources than these are looked through by their letters alone.
_MANY: Final = 3000


class _Known:
    """What was read of sources, as long as these stay (``mark``): their labels, with small letters too; and
    in one state of the records of whom those told who were asked for."""

    def __init__(self, mark: tuple[int, int]) -> None:
        self.mark = mark
        self.labels: list[str] = []
        self.every: frozenset[str] = frozenset()
        #: All of them in one text, each behind a break: looking through it is a thousand times as fast.
        self._text = ""
        self._starts = [0]
        self.state: object = None
        self.told_of: dict[str, tuple[str, ...]] = {}

    def with_more(self, mark: tuple[int, int], fresh: Iterable[str]) -> _Known:
        """The same with these labels behind them, each once."""
        labels = [one for one in dict.fromkeys(fresh) if one not in self.every]
        folded = [one.casefold() for one in labels]
        made = _Known(mark)
        made.labels, made.every = [*self.labels, *labels], self.every.union(labels)
        made._text = self._text + "".join(_BREAK + one for one in folded)
        lengths = (len(one) + 1 for one in folded)
        made._starts = [*self._starts[:-1], *accumulate(lengths, initial=self._starts[-1])]
        return made

    def holding(self, folded: str, count: int) -> list[str]:
        """The first labels, in their order, that begin with these letters, and where these are fewer than
        ``count`` the first that hold them anywhere."""
        if _BREAK in folded:
            return []
        found = list(islice(self._holding(_BREAK + folded), count))
        return found if len(found) == count else [*found, *islice(self._holding(folded), count)]

    def _holding(self, wanted: str) -> Iterator[str]:
        at = self._text.find(wanted)
        while 0 <= at < len(self._text) and self.labels:
            # What is found at a break belongs to the label behind it.
            number = bisect_right(self._starts, at) - 1
            yield self.labels[number]
            at = self._text.find(wanted, self._starts[number + 1])


_KNOWN: Final[WeakKeyDictionary[Casebook, _Known]] = WeakKeyDictionary()


def _known(casebook: Casebook) -> _Known:
    store = casebook.vault.store
    with store.read() as connection:
        state = generation.state(connection, store.schemas)
        found = _KNOWN.get(casebook)
        if found is None or found.state != state:
            mark = reader.sources_mark(connection, store.schemas)
            if found is None or found.mark[1] != mark[1] or found.mark[0] > mark[0]:
                found = _Known((0, mark[1]))
            if found.mark != mark:
                found = found.with_more(mark, reader.sources(connection, store.schemas, found.mark[0]))
            _KNOWN[casebook] = found
            found.told_of, found.state = {}, state
    return found


def make_ready(casebook: Casebook) -> None:
    """Reads who told before, which takes longest the first time."""
    _known(casebook)


def tellers(casebook: Casebook, words: str, count: int) -> tuple[str, ...]:
    """The labels of those who told before that fit ``words`` best, in any script, the likeliest first."""
    known = _known(casebook)
    labels = known.labels
    found = known.holding(words.casefold(), count)
    if len(labels) <= _MANY and len(found) < count:
        sought = Sought(parse(words))
        if sought.words:
            near = sought.closeness([written(slots(parse(one), weights())) for one in labels])
            order = sorted(range(len(labels)), key=lambda one: -near[one])
            found += [labels[one] for one in order if near[one] >= _FAR]
    elif len(found) < count:
        found += [one for one in people(casebook, words, count) if one in known.every]
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
