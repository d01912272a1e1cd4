"""Disguise: a text as somebody reads it whose letters are dressed up, or stand apart.

Letters in circles and of full width, small capitals, letters of another alphabet that look the same, digits
that stand for letters, codes of a web page for letters (`&#117;`), letters that a mark turns round, a word
taken apart by hyphens, dots, spaces or the end of a line, or with a space behind each syllable of pinyin.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import category, name, normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Letters that look the same.
_TWINS: Final = {
    **dict(zip("аеіјкорсухһѕԁԛԝ", "aeijkopcyxhsdqw", strict=True)),
    **dict(zip("АВЕІЈКМНОРСТУХҺЅ", "ABEIJKMHOPCTYXhS", strict=True)),
    **dict(zip("αεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeikvoptuxABEZHIKMNOPTYX", strict=True)),
    "в": "b",
    "н": "h",
    "т": "t",
    "м": "m",
}  # fmt: skip
_LATIN: Final = {ord(letter): twin for letter, twin in _TWINS.items()}
_CYRILLIC: Final = {
    ord(twin): letter for letter, twin in _TWINS.items() if "\u0400" <= letter <= "\u052f" and twin.isascii()
}
_DIGITS: Final = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
_FIGURE: Final = re.compile(r"(?<=[^\W\d_])[013457@$]{1,2}(?=[^\W\d_])")
#: Figures and letters that are one stroke, or one ring, are taken for each other.
_STROKES: Final = str.maketrans("1i|!ıӏ0", "llllllo")
_SEEN: Final = re.compile(r"\d+|[^\W\d_]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_MIXED: Final = re.compile(r"[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
_DRESSED: Final = re.compile(r"\b(?:LATIN|REGIONAL INDICATOR)\b.*\b([A-Z])$")
#: Letters one by one.
_SINGLE: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .·•*_|/\\~-]{1,2}){3,}[^\W\d_](?![^\W_])")
_BETWEEN: Final = re.compile(r"[ .·•*_|/\\~-]+")
#: A word in pieces, and one that goes on in the next line.
_PIECES: Final = re.compile(
    r"(?<=[^\W\d_])[-‐‑_/\\|*·•~.+](?=[^\W\d_])"
    r"|(?<=[^\W\d_]{2})[-‐‑]?[ \t]*[\r\n]+[ \t]*(?=[^\W\d_]{2})"
)
#: A letter as a web page can write it; what turns letters round, and ends that.
_CODE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_TURNED: Final = re.compile("[\u202d\u202e]([^\u202c\r\n]+)")
#: Words of syllables of pinyin, one behind the other, of which the first begins a name.
_SYLLABLES: Final = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:[iu]?ang|i?ong|eng|ing|[iu]?an|[eiuü]n|iao|uai|ai|ei|ao|ou|er"
    r"|i[aeu]|u[aoie]|üe|[aeiouü]))+"
)
_PINYIN: Final = re.compile(rf"\b(?=[A-Z])(?i:{_SYLLABLES}(?: {_SYLLABLES}){{1,7}})\b")
#: So many of them may be one word.
_JOINED: Final = (2, 3, 4)


class Undone(NamedTuple):
    """A ``text`` without its disguise. ``places``: where each of its letters stands in the text as it was;
    ``changed``: whether that letter, or what was before it, was another."""

    text: str
    places: tuple[int, ...]
    changed: tuple[bool, ...]


def undone(text: str) -> tuple[Undone, ...]:
    """A text without its disguises, each way in which it can be read; nothing where it has none."""
    if not _may_be(text):
        return ()
    whole = _turned(_decoded(text))
    plain = [
        (each, place, changed or each != letter)
        for letter, place, changed in whole
        for each in _undressed(letter)
    ]
    plain = _figures(_twins(plain))
    ways = {tuple(plain): None, tuple(_together(plain)): None}
    ways |= {tuple(way): None for way in _spoken(plain)}
    return tuple(
        Undone("".join(one[0] for one in way), tuple(one[1] for one in way), tuple(one[2] for one in way))
        for way in ways
        if any(one[2] for one in way)
    )


def looks(text: str) -> tuple[str, ...]:
    """The words and numbers of a text as they look, whatever alphabet their letters are of: two that an eye
    takes for each other are the same."""
    plain = "".join(each for letter in text for each in _undressed(letter))
    seen = "".join(one for one in normalize("NFKD", plain) if category(one) not in ("Mn", "Cf"))
    # A capital may look like another letter than the small one does: В and в, Н and н.
    seen = seen.translate(_LATIN).casefold().translate(_LATIN)
    return tuple(_SEEN.findall(seen.translate(_STROKES)))


def _may_be(text: str) -> bool:
    """Whether anything in a text can be a disguise: most have nothing."""
    if any(one.search(text) for one in (_FIGURE, _PIECES, _SINGLE, _CODE, _PINYIN)):
        return True
    if text.isascii():
        return False
    return bool(_MIXED.search(text) or _TURNED.search(text)) or any(
        _undressed(one) != one for one in set(text)
    )


_Letters = list[tuple[str, int, bool]]


@lru_cache(maxsize=1 << 14)
def _undressed(letter: str) -> str:
    if letter.isascii() or letter.isspace():
        return letter
    plain = normalize("NFKC", letter)
    if plain != letter and plain.isalnum():
        return plain
    found = _DRESSED.search(name(letter, "")) if not letter.isdigit() else None
    return found[1].lower() if found else letter


def _decoded(text: str) -> _Letters:
    """A text with letters for the codes of a web page."""
    out: _Letters = []
    at = 0
    for code in _CODE.finditer(text):
        out += [(letter, place, False) for place, letter in enumerate(text[at : code.start()], start=at)]
        out += [(letter, code.start(), True) for letter in unescape(code[0])]
        at = code.end()
    return out + [(letter, place, False) for place, letter in enumerate(text[at:], start=at)]


def end_of(text: str, place: int) -> int:
    """Where what stands at a place of a text ends: a letter, or its code."""
    code = _CODE.match(text, place)
    return code.end() if code else place + 1


def _turned(letters: _Letters) -> _Letters:
    """As they are seen whose order a mark turns round."""
    text = "".join(one[0] for one in letters)
    out = list(letters)
    for found in _TURNED.finditer(text):
        start, end = found.span(1)
        out[start:end] = [(letter, place, True) for letter, place, _ in letters[start:end][::-1]]
    return out


def _spoken(letters: _Letters) -> Iterator[_Letters]:
    """With two, three, four syllables of pinyin for one word, wherever it may begin."""
    text = "".join(one[0] for one in letters)
    runs = [
        [run.start() + gap for gap, one in enumerate(run[0]) if one == " "] for run in _PINYIN.finditer(text)
    ]
    for size in _JOINED if runs else ():
        for first in range(size):
            # Of each so many words all spaces but the one behind them go.
            gone = {gap for gaps in runs for at, gap in enumerate(gaps) if (at + 1 - first) % size}
            yield [
                (letter, place, changed or at - 1 in gone)
                for at, (letter, place, changed) in enumerate(letters)
                if at not in gone
            ]


def _twins(letters: _Letters) -> _Letters:
    """Words of two alphabets as words of one."""
    text = "".join(one[0] for one in letters)
    out = list(letters)
    for word in _WORD.finditer(text):
        if word[0].isascii():
            continue
        other = any(_is_other(one) for one in word[0])
        if not (other and any(one.isascii() for one in word[0])):
            continue
        latin, cyrillic = word[0].translate(_LATIN), word[0].translate(_CYRILLIC)
        to = latin if not any(_is_other(one) for one in latin) else cyrillic
        for at, letter in enumerate(to, start=word.start()):
            if letter != out[at][0]:
                out[at] = (letter, out[at][1], True)
    return out


def _is_other(letter: str) -> bool:
    return "\u0370" <= letter <= "\u052f"


def _figures(letters: _Letters) -> _Letters:
    text = "".join(one[0] for one in letters)
    out = list(letters)
    for found in _FIGURE.finditer(text):
        for at in range(*found.span()):
            out[at] = (_DIGITS[text[at]], out[at][1], True)
    return out


def _together(letters: _Letters) -> _Letters:
    """Without what stands between the letters of a word."""
    text = "".join(one[0] for one in letters)
    gone = set(_gaps(text))
    out: _Letters = []
    for at, (letter, place, changed) in enumerate(letters):
        if at not in gone:
            out.append((letter, place, changed or at - 1 in gone))
    return out


def _gaps(text: str) -> Iterator[int]:
    for run in _SINGLE.finditer(text):
        for gap in _BETWEEN.finditer(run[0]):
            yield from range(run.start() + gap.start(), run.start() + gap.end())
    for gap in _PIECES.finditer(text):
        yield from range(*gap.span())
