"""Named: where in a text somebody may be named who must not be, in any script and spelling.

The names to be kept are taken apart once. Each word of a text is compared with
all their words: by its rough letters, and by where it lies in the map of names
(``names.vectors``), without the endings it may have taken on. Two words of one
name beside each other are a name; one alone, where it is near enough, part of
one. More is found than is meant: what is missed cannot be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import msgspec
import numpy as np

from estelik.names.name import parse
from estelik.names.readings import readings
from estelik.names.slots import slots
from estelik.names.vectors import vectors
from estelik.names.weights import weights
from estelik.protection.characters import Transcribed, sound, within
from estelik.protection.disguise import end_of, undone
from estelik.protection.word import forms, words
from estelik.records.mention import roughly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from estelik.protection.characters import Stretch
    from estelik.protection.disguise import Undone
    from estelik.protection.word import Word

Kind = Literal["name", "part"]
#: As it is spelled but for its ending; as it sounds, or is written in another script; run together.
How = Literal["spelled", "alike", "together"]

#: How near a word has to lie to one of a name: alone with a capital, in a script without, without one.
_ALONE: Final = 0.8
_UNCASED: Final = 0.84
_SMALL: Final = 0.92
#: And one that is transcribed in so many characters or more, with the same consonants.
_LONE: Final = 0.78
_LONE_SIZE: Final = 4
_CASED: Final = ("Latn", "Cyrl")
#: And beside another that does: the one, the other, both on the average.
_NEAR: Final = 0.74
_BESIDE: Final = 0.5
_BOTH: Final = 0.66
#: From here on it is spelled so, but for an ending; each letter of one takes so much.
_SPELLED: Final = 0.9
_ENDING: Final = 0.02
_ANY_END: Final = 0.88
#: So many words further on the other word of a name may stand, so many letters apart.
_REACH: Final = 2
_APART: Final = 14
#: So many letters of a rough reading may be an ending; fewer letters than these tell nobody.
_ROUGH: Final = 4
_SHORT: Final = 3
#: A word that was transcribed has no more characters.
_CHARACTERS: Final = 8
#: How long two words that are run together are.
_LONG: Final = 8
_LONGEST: Final = 40
#: In so many spellings a Chinese name is looked for in Latin letters.
_READ: Final = 12
#: Of those who may be named the likeliest are given.
_PEOPLE: Final = 8
_BLOCK: Final = 512


class Mention(msgspec.Struct, frozen=True, tag=True):
    """Letters ``start`` to ``end`` of a text may name one of ``people`` (keys, the likeliest first, and
    ``others`` more). ``name`` is the recorded name that comes nearest, ``near`` how near: 1 is the same
    words."""

    start: int
    end: int
    kind: Kind
    how: How
    people: tuple[str, ...]
    name: str
    near: float
    others: int = 0


class _Variant(NamedTuple):
    """One way to write a name: whose it is, and of each slot the numbers of its words."""

    person: int
    name: str
    slots: tuple[tuple[int, ...], ...]


class _Like(NamedTuple):
    """What a word of a text is like: ways to write names, which slot and how near, the nearest first; where
    its forms lie in the map; and the words of names that it is by its rough letters."""

    borne: tuple[tuple[int, int, float], ...]
    rows: Any
    spelled: Mapping[int, float]


class _Hit(NamedTuple):
    """Letters of a text that are like a way to write a name, or (``whole`` is False) a part of it."""

    start: int
    end: int
    variant: int
    near: float
    how: How
    whole: bool


class Named:
    """Those who must not be named. ``names``: by key all names that are recorded of each, labels too."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._keys = list(names)
        self._numbers: dict[tuple[str, str], int] = {}
        self._variants: list[_Variant] = []
        self._han: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        self._sounds: dict[str, list[int]] = defaultdict(list)
        for person, own in enumerate(names.values()):
            for name in dict.fromkeys(own):
                self._take(person, name)
        given = tuple(self._numbers)
        self._words = vectors(given, weights())
        self._bearers: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, variant in enumerate(self._variants):
            for slot, each in enumerate(variant.slots):
                for form in each:
                    self._bearers[form].append((number, slot))
        #: Words by their rough letters, whole and without the vowels at their end.
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._stems: dict[str, list[int]] = defaultdict(list)
        for (writing, letters), number in self._numbers.items():
            read = "".join(roughly(letters)) if writing != "Hani" else ""
            if len(read) >= _SHORT:
                stem = read.rstrip("aeiou")
                self._whole[read].append(number)
                if len(stem) >= _SHORT:
                    self._stems[stem].append(number)
        self._transcribed = Transcribed(given, self._words)
        self._like: dict[tuple[str, str], _Like] = {}
        self._pairs: dict[tuple[tuple[str, str], tuple[str, str]], list[tuple[int, float]]] = {}

    def find(self, texts: Sequence[str]) -> list[tuple[Mention, ...]]:
        """Of each text where somebody may be named, in order, also under a disguise (``disguise``)."""
        out = self._find(texts)
        other = [(number, way) for number, text in enumerate(texts) for way in undone(text)]
        for (number, way), found in zip(other, self._find([way.text for _, way in other]), strict=True):
            out[number] = _beside(out[number], texts[number], way, found)
        return out

    def _find(self, texts: Sequence[str]) -> list[tuple[Mention, ...]]:
        parted = [list(words(text)) for text in texts]
        runs = [[one for one in each if one.script == "Hani"] for each in parted]
        others = [[one for one in each if one.script != "Hani"] for each in parted]
        unique: set[tuple[str, str]] = {one[2:4] for each in others for one in each}
        unique.update(
            half for each in others for one in each if one.link for both in _split(one) for half in both
        )
        self._compare(sorted(unique))
        stretches = self._transcribed.find(texts, runs)
        out = []
        for each, run, found in zip(others, runs, stretches, strict=True):
            hits = (
                self._names(each), self._together(each), self._characters(run),
                self._dotted(found), self._parts(each), self._lone(found),
            )  # fmt: skip
            out.append(self._settled(chain.from_iterable(hits)))
        return out

    def _take(self, person: int, name: str) -> None:
        found = slots(parse(name), weights())
        if not found.alternatives[0]:
            return
        ways = [[[one[:2] for one in slot.forms] for slot in found.alternatives[0]]]
        if found.alternatives[0][0].forms[0].script == "Hani":
            self._chinese(person, name, [slot.forms[0].letters for slot in found.alternatives[0]])
            read = islice(readings(found.native, weights()), 2)
            ways += [[[("Latn", one) for one in spellings[:_READ]] for spellings in each] for each in read]
        for way in ways:
            kept = [
                tuple(self._numbers.setdefault(one, len(self._numbers)) for one in each)
                for each in way
                if each and (len(each[0][1]) > 1 or each[0][0] == "Hani")
            ]
            if kept:
                self._variants.append(_Variant(person, name, tuple(kept)))

    def _chinese(self, person: int, name: str, parts: Sequence[str]) -> None:
        """A name in characters: itself, how it sounds, and its given name alone."""
        letters = "".join(parts)
        if len(letters) < 2:
            return
        number = len(self._variants)
        self._variants.append(_Variant(person, name, ()))
        self._han[letters].append((number, True))
        if len(parts) == 1 and 2 < len(letters) < 5:
            self._sounds[sound(letters)].append(number)
            self._han[letters[1:]].append((number, False))
        if len(parts) > 1:
            for one in parts:
                if len(one) >= _SHORT:
                    self._han[one].append((number, False))

    def _compare(self, unique: Sequence[tuple[str, str]]) -> None:
        """Finds out of each word what it is like."""
        fresh = [one for one in unique if one not in self._like]
        tried = [(one, form) for one in fresh for form in forms(*one)]
        near: dict[tuple[str, str], dict[int, float]] = {one: {} for one in fresh}
        rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for start in range(0, len(tried), _BLOCK):
            block = tried[start : start + _BLOCK]
            mine = vectors([(one[0], form) for one, form in block], weights())
            for (one, _), row in zip(block, mine, strict=True):
                rows[one].append(row)
            close = mine @ self._words.T
            for at, number in zip(*(each.tolist() for each in np.nonzero(close >= _NEAR)), strict=True):
                one, form = block[at]
                value = float(close[at, number]) - _ENDING * (form != one[1])
                near[one][number] = max(value, near[one].get(number, 0.0))
        for one in fresh:
            spelled = self._spelled(*one)
            for number, value in spelled.items():
                near[one][number] = max(value, near[one].get(number, 0.0))
            self._like[one] = self._borne(near[one], np.array(rows[one]), spelled)

    def _spelled(self, writing: str, letters: str) -> dict[int, float]:
        """The words of names that a word is by its rough letters, but for an ending: one that it may have in
        its language, or else any, which says less."""
        found: dict[int, float] = {}
        for at, form in enumerate(forms(writing, letters)):
            for number in self._whole.get("".join(roughly(form)), ()):
                found[number] = max(found.get(number, 0.0), 1 - _ENDING * (at > 0))
        read = "".join(roughly(letters))
        for cut in range(min(_ROUGH, max(len(read) - _SHORT, 0)) + 1):
            for number in self._stems.get(read[: len(read) - cut], ()):
                found[number] = max(found.get(number, 0.0), _ANY_END - _ENDING * cut)
        return found

    def _borne(self, near: Mapping[int, float], rows: Any, spelled: Mapping[int, float]) -> _Like:
        best: dict[tuple[int, int], float] = {}
        for form, value in near.items():
            for pair in self._bearers[form]:
                if value > best.get(pair, 0.0):
                    best[pair] = value
        ranked = sorted(best.items(), key=lambda one: -one[1])
        return _Like(tuple((variant, slot, value) for (variant, slot), value in ranked), rows, spelled)

    def _names(self, each: Sequence[Word]) -> Iterator[_Hit]:
        """Two words of one name beside each other."""
        for at, word in enumerate(each):
            like = self._like[word[2:4]]
            if not like.borne or like.borne[0][2] < (_NEAR if word.capital else _SMALL):
                continue
            for other in (*each[max(at - _REACH, 0) : at], *each[at + 1 : at + 1 + _REACH]):
                start, end = min(word.start, other.start), max(word.end, other.end)
                if end - start > len(word.letters) + len(other.letters) + _APART:
                    continue
                for variant, value in self._beside(word[2:4], other[2:4]):
                    yield _Hit(
                        start, end, variant, value, "spelled" if value > _SPELLED else "alike", whole=True
                    )

    def _beside(self, one: tuple[str, str], other: tuple[str, str]) -> list[tuple[int, float]]:
        """The names of which one word is like a word and the other like another."""
        found = self._pairs.get((one, other))
        if found is not None:
            return found
        mine, theirs = self._like[one], self._like[other]
        asked = [
            (at, form)
            for at, (variant, slot, _) in enumerate(mine.borne)
            for place, forms_ in enumerate(self._variants[variant].slots)
            if place != slot
            for form in forms_
        ]
        best: dict[int, float] = {}
        if asked:
            places = [form for _, form in asked]
            close = (self._words[places] @ theirs.rows.T).max(axis=1).tolist()
            for (at, form), mapped in zip(asked, close, strict=True):
                variant, _, own = mine.borne[at]
                value = max(mapped, theirs.spelled.get(form, 0.0))
                if value >= _BESIDE:
                    best[variant] = max(best.get(variant, 0.0), (own + value) / 2)
        found = [(variant, value) for variant, value in best.items() if value >= _BOTH]
        self._pairs[one, other] = found
        return found

    def _parts(self, each: Sequence[Word]) -> Iterator[_Hit]:
        """A word of a name alone."""
        for word in each:
            cased = word.script in _CASED and not word.link
            least = _SMALL if not word.capital else _ALONE if cased else _UNCASED
            for variant, _, value in self._like[word[2:4]].borne:
                if value < least:
                    break
                whole = len(self._variants[variant].slots) == 1
                how: How = "spelled" if value > _SPELLED else "alike"
                yield _Hit(word.start, word.end, variant, value, how, whole=whole)

    def _together(self, each: Sequence[Word]) -> Iterator[_Hit]:
        """Two words of one name run together."""
        for word in each:
            read = "".join(roughly(word.letters))
            if not _LONG <= len(read) <= _LONGEST:
                continue
            for cut in range(_SHORT, len(read) - _SHORT + 1):
                left = {pair for form in self._whole.get(read[:cut], ()) for pair in self._bearers[form]}
                if not left:
                    continue
                for form, value in self._spelled("Latn", read[cut:]).items():
                    for variant, slot in self._bearers[form]:
                        if any((variant, place) in left for place in range(_REACH + 2) if place != slot):
                            yield _Hit(word.start, word.end, variant, value, "together", whole=True)
            for one, other in _split(word) if word.link else ():
                borne = self._like[one].borne
                if borne and borne[0][2] >= _NEAR:
                    for variant, value in self._beside(one, other):
                        yield _Hit(word.start, word.end, variant, value, "together", whole=True)

    def _characters(self, runs: Sequence[Word]) -> Iterator[_Hit]:
        """Chinese names as they are written, and as they sound."""
        for run in runs:
            for start, end, letters in within(run, range(2, _CHARACTERS + 1)):
                for variant, whole in self._han.get(letters, ()):
                    yield _Hit(start, end, variant, 1.0, "spelled", whole=whole)
                if 2 < len(letters) < 5:
                    for variant in self._sounds.get(sound(letters), ()):
                        yield _Hit(start, end, variant, 0.9, "alike", whole=True)

    def _dotted(self, found: Sequence[Stretch]) -> Iterator[_Hit]:
        """Two transcribed words of one name, one behind the other."""
        starting: dict[int, list[Stretch]] = defaultdict(list)
        for one in found:
            starting[one.start].append(one)
        for one in found:
            for other in (*starting[one.end], *starting[one.end + 1]):
                left = {pair: near for form, near in one.words for pair in self._bearers[form]}
                for form, value in other.words:
                    for variant, slot in self._bearers[form]:
                        near = max(
                            (left.get((variant, place), 0.0) for place in range(_REACH + 2) if place != slot),
                        )
                        if near:
                            yield _Hit(one.start, other.end, variant, (near + value) / 2, "alike", whole=True)

    def _lone(self, found: Sequence[Stretch]) -> Iterator[_Hit]:
        for one in found:
            for form, near in one.words:
                if near >= (_LONE if one.end - one.start >= _LONE_SIZE else _UNCASED):
                    for variant, _ in self._bearers[form]:
                        whole = len(self._variants[variant].slots) == 1
                        yield _Hit(one.start, one.end, variant, near, "alike", whole=whole)

    def _settled(self, hits: Iterable[_Hit]) -> tuple[Mention, ...]:
        """Names before parts, nearer ones before others; whoever is meant by the same letters together."""
        by: dict[tuple[int, int], list[_Hit]] = defaultdict(list)
        for hit in hits:
            by[hit.start, hit.end].append(hit)
        ranked = sorted(by.items(), key=lambda one: _rank(one[1]), reverse=True)
        taken: list[Mention] = []
        for (start, end), same in ranked:
            if all(end <= one.start or start >= one.end for one in taken):
                taken.append(self._mention(start, end, same))
        return tuple(sorted(taken, key=lambda one: one.start))

    def _mention(self, start: int, end: int, same: Sequence[_Hit]) -> Mention:
        best = sorted(same, key=lambda hit: (not hit.whole, -hit.near, hit.variant))
        first = best[0]
        people = dict.fromkeys(self._keys[self._variants[hit.variant].person] for hit in best)
        kind: Kind = "name" if first.whole else "part"
        return Mention(
            start, end, kind, first.how, tuple(islice(people, _PEOPLE)), self._variants[first.variant].name,
            round(first.near, 3), max(len(people) - _PEOPLE, 0),
        )  # fmt: skip


def _beside(
    plain: tuple[Mention, ...], text: str, way: Undone, found: Sequence[Mention]
) -> tuple[Mention, ...]:
    """What is found in a text as it stands, and what its disguise hid: a name before parts of it."""
    out = list(plain)
    for one in found:
        if one.end - one.start > _SHORT and any(way.changed[one.start : one.end]):
            # Letters that were turned round stand the other way.
            places = way.places[one.start : one.end]
            start, end = min(places), end_of(text, max(places))
            same = [each for each in out if each.start < end and start < each.end]
            if all(each.kind == "part" for each in same) and (one.kind == "name" or not same):
                out = [each for each in out if each not in same]
                out.append(msgspec.structs.replace(one, start=start, end=end))
    return tuple(sorted(out, key=lambda one: one.start))


def _split(word: Word) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """The two halves of a word that may be two, in all ways."""
    size = len(word.letters)
    if not _LONG <= size <= _LONGEST:
        return []
    cuts = range(_SHORT, size - _SHORT + 1)
    return [((word.script, word.letters[:at]), (word.script, word.letters[at:])) for at in cuts]


def _rank(same: Sequence[_Hit]) -> tuple[bool, float, int]:
    best = max(same, key=lambda hit: (hit.whole, hit.near))
    return best.whole, best.near, best.end - best.start
