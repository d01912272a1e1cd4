"""Bank: words and names laid out as the kernel takes them, each word once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.names import forest, kernel, matching
from estelik.names.engine import PLAIN, QUICK
from estelik.names.readings import romanised
from estelik.names.scripts import KINDS
from estelik.names.slots import slots
from estelik.names.vectors import vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import SimpleNamespace

    from estelik.names.name import Name
    from estelik.names.script import Script
    from estelik.names.weights import Weights

#: From so many words on all cores are at work.
_MANY: Final = 10_000
_SEXES: Final = {"m": 1, "f": -1, "": 0}


class Words(NamedTuple):
    """Arrays that the kernel reads and fills in; see ``kernel.learn`` and ``kernel.cut``."""

    kind: Any
    letters_from: Any
    letters: Any
    syllable: Any
    said_from: Any
    said: Any
    vector: Any
    units: Any
    latin: Any
    latin_size: Any
    cuts_from: Any
    cuts: Any
    alone: Any
    latin_alone: Any
    keys: Any
    rows: Any
    scales: Any
    chunks: Any
    chunk_from: Any
    chunk_letters: Any
    table_units: Any
    table_order: Any
    table_joint: Any
    table_narrow: Any
    table_longest: Any
    table_added: Any
    table_own: Any
    table_latin: Any
    table_best: Any
    table_score: Any
    table_begins: Any


class Names(NamedTuple):
    """Names as alternatives of slots of forms of words; see ``matching.features``."""

    alt_from: Any
    slot_from: Any
    form_from: Any
    form_word: Any
    form_kind: Any
    slot_role: Any
    slot_initial: Any
    slot_marked: Any
    sex: Any
    native_from: Any
    native: Any
    said_from: Any
    variant_from: Any
    said: Any
    whole: Any
    size: Any


class Room(NamedTuple):
    """Where the kernel puts what it needs on the way."""

    ways: Any
    singles: Any
    doubles: Any
    spoken: Any
    family: Any
    fit: Any
    scores: Any
    cosines: Any
    ratios: Any
    shares: Any
    kinds: Any
    best: Any
    back: Any
    column: Any
    own: Any
    cuts: Any
    said: Any
    row: Any
    chosen: Any
    lows: Any
    numbers: Any
    both: Any
    at: Any


def room() -> Room:
    """An empty one; each thread needs its own."""
    most = kernel.MOST
    return Room(
        # Rows of a power of two would all want the same few places of the processor's cache.
        ways=np.zeros((256, 264)),
        singles=np.zeros(256, np.int64),
        doubles=np.zeros(256, np.int64),
        spoken=np.zeros((8, 64)),
        family=np.zeros((most, 16)),
        fit=np.zeros(3),
        scores=np.zeros((most, most)),
        cosines=np.zeros((most, most)),
        ratios=np.zeros((most, most)),
        shares=np.zeros((most, most)),
        kinds=np.zeros((most, most), np.int64),
        best=np.zeros((most + 1, 1 << most)),
        back=np.zeros((most + 1, 1 << most), np.int64),
        column=np.zeros(most, np.int64),
        own=np.zeros((matching.LONGEST_NAME, 2), np.int32),
        cuts=np.zeros((matching.LONGEST_NAME + 1, kernel.LONGEST + 1), np.int32),
        said=np.zeros((4, 5, most)),
        row=np.zeros(64, np.int64),
        chosen=np.zeros(2, np.int64),
        lows=np.zeros((3, most)),
        numbers=np.zeros((forest.TOGETHER, matching.FEATURES)),
        both=np.zeros((forest.TOGETHER, 2 * matching.FEATURES)),
        at=np.zeros(forest.TOGETHER, np.uint32),
    )


class Laid(NamedTuple):
    """What a bank has gathered, to be taken into another: words; where alternatives, slots and forms end;
    forms (a word, a kind) and slots (a role, whether an initial, whether marked); of each name the sex and
    the characters."""

    words: list[tuple[Script, str]]
    alts: list[int]
    slots: list[int]
    forms: list[int]
    form: list[tuple[int, int]]
    slot: list[tuple[int, bool, bool]]
    sex: list[int]
    native: list[tuple[int, ...]]


class Bank:
    """Gathers words and names; ``words`` and ``both`` lay them out."""

    def __init__(self, weights: Weights, engine: SimpleNamespace) -> None:
        self._weights = weights
        self._engine = engine
        self._words: dict[tuple[Script, str], int] = {}
        self._alts: list[int] = []
        self._slots: list[int] = []
        self._forms: list[int] = []
        self._form: list[tuple[int, int]] = []
        self._slot: list[tuple[int, bool, bool]] = []
        self._sex: list[int] = []
        self._native: list[tuple[int, ...]] = []

    def word(self, script: Script, letters: str) -> int:
        """The number of a folded word."""
        return self._words.setdefault((script, letters), len(self._words))

    def add(self, name: Name) -> int:
        """Takes a name in; its number."""
        found = slots(name, self._weights)
        for alternative in found.alternatives:
            for forms, role, initial in alternative:
                for script, letters, kind in forms:
                    self._form.append((self.word(script, letters), kind))
                self._forms.append(len(self._form))
                self._slot.append((role, initial, any(kind == matching.ROOT for _, _, kind in forms)))
            self._slots.append(len(self._slot))
        self._alts.append(len(self._slots))
        # A family's name may have lost its ending, or have one that only looks like it.
        told = {part.sex for part in name.parts if part.role == "patronym"} - {""}
        self._sex.append(_SEXES[told.pop()] if len(told) == 1 else 0)
        self._native.append(found.native)
        return len(self._sex) - 1

    def laid(self) -> Laid:
        """All that was gathered."""
        return Laid(
            list(self._words), self._alts, self._slots, self._forms, self._form, self._slot, self._sex,
            self._native,
        )  # fmt: skip

    def take(self, laid: Laid) -> None:
        """Takes in what another has gathered: its names are numbered from here on."""
        number = [self.word(*word) for word in laid.words]
        slots, forms, form = len(self._slots), len(self._forms), len(self._form)
        self._alts += [slots + end for end in laid.alts]
        self._slots += [forms + end for end in laid.slots]
        self._forms += [form + end for end in laid.forms]
        self._form += [(number[word], kind) for word, kind in laid.form]
        self._slot += laid.slot
        self._sex += laid.sex
        self._native += laid.native

    def words(self) -> Words:
        """All words, with what the map says of them."""
        engine = self._engine
        words = self._placed()
        self._each(engine.learn, words)
        words = words._replace(
            cuts_from=_starts((words.latin_size + 1).tolist()),
            cuts=np.full(
                (int(words.latin_size.sum()) + len(words.kind), kernel.LONGEST + 1), kernel.NONE, np.int32
            ),
        )
        self._each(engine.cut, words)
        return words

    def vectors(self) -> Any:
        """Where all words lie in the map: as ``vectors.vectors``."""
        return self._placed().vector

    def _each(self, work: Callable[[Words, int, int], None], words: Words) -> None:
        """Does to all words what ``work`` does to those between two numbers; on all cores, where it can."""
        size = len(words.kind)
        if self._engine in (PLAIN, QUICK) or size < _MANY:
            work(words, 0, size)
            return
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            list(threads.map(lambda at: work(words, at, min(at + _MANY, size)), range(0, size, _MANY)))

    def _placed(self) -> Words:
        weights, engine = self._weights, self._engine
        given = list(self._words)
        kinds = np.array([KINDS.get(script, 1) for script, _ in given], np.int64)
        letters = _numbers("".join(word for _, word in given))
        starts = _starts(len(word) for _, word in given)
        syllable = np.zeros(len(letters), np.int64)
        said: list[str] = []
        for number, (script, word) in enumerate(given):
            spoken = []
            if script == "Hani":
                for spot, letter in enumerate(word):
                    place = weights.characters.get(letter, -1)
                    syllable[starts[number] + spot] = weights.syllable[place] if place >= 0 else -1
                    if place >= 0:
                        spoken.append(weights.syllables[weights.syllable[place]])
            said.append("".join(spoken))
        tables = weights.tables
        chunk_letters = weights.chunk_letters
        words = Words(
            kinds,
            starts,
            letters,
            syllable,
            _starts(map(len, said)),
            _numbers("".join(said)),
            np.zeros((len(given), weights.rows.shape[1]), np.float32),
            np.full((len(letters), 2), kernel.NONE, np.int32),
            np.zeros((len(given), kernel.WIDEST), np.uint8),
            np.zeros(len(given), np.int64),
            np.zeros(1, np.int64),
            np.zeros((0, kernel.LONGEST + 1), np.int32),
            np.zeros(len(given)),
            np.zeros((len(given), len(tables))),
            weights.keys,
            weights.rows,
            weights.scales,
            weights.chunks,
            _starts(map(len, chunk_letters)),
            np.frombuffer(b"".join(chunk_letters), np.uint8),
            tuple(table.units for table in tables),
            tuple(table.order for table in tables),
            tuple(table.joint for table in tables),
            tuple(table.narrow for table in tables),
            np.array([table.longest for table in tables], np.int64),
            tuple(table.added for table in tables),
            tuple(table.own for table in tables),
            tuple(table.latin for table in tables),
            tuple(table.best for table in tables),
            tuple(table.score for table in tables),
            tuple(table.begins for table in tables),
        )
        if engine in (PLAIN, QUICK):
            words.vector[:] = vectors(given, weights)
        else:
            self._each(engine.settle, words)
        return words

    def both(self) -> tuple[Names, Words]:
        """All names and all words."""
        names, words = self._names(), self.words()
        self._engine.settle_names(names, words)
        return names, words

    def _names(self) -> Names:
        native = sorted({place for one in self._native for place in one})
        number = {place: spot for spot, place in enumerate(native)}
        groups = [group for place in native for group in romanised(self._weights, place)]
        variants = [variant for group in groups for variant in group]
        return Names(
            np.array([0, *self._alts], np.int64),
            np.array([0, *self._slots], np.int64),
            np.array([0, *self._forms], np.int64),
            np.array([word for word, _ in self._form], np.int64),
            np.array([kind for _, kind in self._form], np.int64),
            np.array([role for role, _, _ in self._slot], np.int64),
            np.array([initial for _, initial, _ in self._slot], np.int64),
            np.array([marked for _, _, marked in self._slot], np.int64),
            np.array(self._sex, np.int64),
            _starts(map(len, self._native)),
            np.array([number[place] for one in self._native for place in one], np.int64),
            _starts(map(len, groups)),
            _starts(map(len, variants)),
            np.frombuffer("".join(variants).encode("ascii"), np.uint8),
            np.zeros((len(self._sex), self._weights.rows.shape[1]), np.float32),
            np.zeros(len(self._sex), np.int64),
        )


def _starts(sizes: Iterable[int]) -> Any:
    return np.array([0, *accumulate(sizes)], np.int64)


def _numbers(text: str) -> Any:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
