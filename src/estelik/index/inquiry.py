"""Inquiry: what is looked for in texts: words, each with the forms in which it may stand there.

Nothing that is typed is syntax: what is no letter and no digit only parts
words. What stands between two spaces is one word to whoever types it; where it
is several tokens (a date, a name with a hyphen, Chinese) they have to be
neighbours. All words have to be there, in whatever order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.index.tokens import words
from estelik.names import script
from estelik.names.alphabets import kazakh, uyghur

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from estelik.index.tokens import Token

#: How freely words are met, from the strictest on: whole; as the beginning of a word; that without its
#: last vowels, as endings change them; in another writing of Kazakh or Uyghur.
LEVELS: Final = range(4)
WHOLE, BEGINNING, ENDING, WRITING = LEVELS
#: More tokens than these are not looked for.
_MOST: Final = 40
#: What is left of a word without its ending, and what is taken off at most.
_STEM: Final = 4
_TAKEN: Final = 2
_VOWELS: Final = frozenset("аеиоуыэюяьіәөұүaeiouyاەوۇۆۈېي")
#: What one Arabic letter stands for in words that are front and back (Қалисбек).
_PLAIN: Final = str.maketrans("ыі", "ии")
#: The other writings of a word.
_WRITTEN: Final[dict[str, tuple[Callable[[str], str], ...]]] = {
    "Cyrl": (
        *(kazakh.ARABIC.write, kazakh.LATIN_2021.write, kazakh.LATIN_2018.write),
        uyghur.ARABIC_OF_CYRILLIC.write,
    ),
    "Arab": (
        *(kazakh.cyrillic, lambda text: kazakh.cyrillic(text).translate(_PLAIN)),
        *(uyghur.CYRILLIC.write, uyghur.LATIN.write),
    ),
    "Latn": (
        *(kazakh.OF_LATIN.write, uyghur.ARABIC.write),
        lambda text: kazakh.ARABIC.write(kazakh.OF_LATIN.write(text)),
    ),
}


class Phrase(NamedTuple):
    """Tokens that are neighbours; ``begins``: the last one may go on. ``level``: from which on it counts."""

    words: tuple[str, ...]
    begins: bool
    level: int

    def at(self, tokens: Sequence[str], place: int) -> bool:
        """Whether it stands among ``tokens`` from ``place`` on."""
        last = place + len(self.words) - 1
        if last >= len(tokens) or tuple(tokens[place:last]) != self.words[:-1]:
            return False
        word = tokens[last]
        return word == self.words[-1] or (self.begins and word.startswith(self.words[-1]))


class Inquiry(NamedTuple):
    """The words that were asked for, each as the phrases that stand for it."""

    wanted: tuple[tuple[Phrase, ...], ...]

    def __bool__(self) -> bool:
        """Whether there is any word."""
        return bool(self.wanted)

    def match(self, level: int) -> str:
        """The same as FTS5 is asked: words between quotation marks, of letters and digits alone."""
        return " AND ".join(
            f"({' OR '.join(_quoted(one) for one in phrases if one.level <= level)})"
            for phrases in self.wanted
        )

    def counts(self, texts: Iterable[Sequence[str]], level: int) -> list[int]:
        """How often each of the words stands in these texts (of tokens)."""
        found = [0] * len(self.wanted)
        for tokens in texts:
            for number, phrases in enumerate(self.wanted):
                found[number] += sum(1 for _ in _places(phrases, tokens, level))
        return found

    def spans(self, tokens: Sequence[Token], level: int) -> list[tuple[int, int]]:
        """Where in a text what was asked for stands: from which letter to which, in order and apart."""
        text = [one.word for one in tokens]
        places: dict[int, int] = {}
        for phrases in self.wanted:
            for place, size in _places(phrases, text, level):
                places[place] = max(size, places.get(place, 0))
        out: list[tuple[int, int]] = []
        for place in sorted(places):
            start, end = tokens[place].start, tokens[place + places[place] - 1].end
            if out and start < out[-1][1]:
                out[-1] = out[-1][0], max(end, out[-1][1])
            else:
                out.append((start, end))
        return out


def inquiry(text: str) -> Inquiry:
    """What was typed as an inquiry."""
    left, wanted = _MOST, dict[tuple[Phrase, ...], None]()
    for word in text.split():
        found = tuple(words(word))[:left]
        left -= len(found)
        if found:
            wanted[_phrases(word, found)] = None
    return Inquiry(tuple(wanted))


def _phrases(word: str, found: tuple[str, ...]) -> tuple[Phrase, ...]:
    last = found[-1]
    out = [Phrase(found, begins=False, level=WHOLE)]
    if len(last) > 1:
        out.append(Phrase(found, begins=True, level=BEGINNING))
    stem = _stem(last)
    if stem != last:
        out.append(Phrase((*found[:-1], stem), begins=True, level=ENDING))
    for write in _WRITTEN.get(script.of(word), ()):
        other = tuple(words(write(word.lower())))[:_MOST]
        if other and other != found and len(other[-1]) > 1:
            out.append(Phrase(other, begins=True, level=WRITING))
    return tuple(dict.fromkeys(out))


def _stem(word: str) -> str:
    for _ in range(_TAKEN):
        if len(word) > _STEM and word[-1] in _VOWELS:
            word = word[:-1]
    return word


def _quoted(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.begins else ""}'


def _places(phrases: Iterable[Phrase], tokens: Sequence[str], level: int) -> Iterator[tuple[int, int]]:
    """Where any of these phrases begins, and how many tokens the longest one there has."""
    every = [one for one in phrases if one.level <= level]
    beginnings = tuple({one.words[0] for one in every})
    for place, token in enumerate(tokens):
        # Most tokens are told apart by this alone.
        if token.startswith(beginnings):
            size = max((len(one.words) for one in every if one.at(tokens, place)), default=0)
            if size:
                yield place, size
