"""Word: a word of running text that may be part of a name, with the endings it may have taken on.

Words that are run together are parted where a capital stands after a small
letter. Marks that nobody sees, inside a word, part nothing.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import combining, normalize

from estelik.names import script
from estelik.names.folding import folded
from estelik.names.scripts import KINDS
from estelik.names.slots import letters_of
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.names.script import Script

#: Apostrophes, marks on letters, marks that nobody sees.
_INSIDE: Final = "'’‘ʼʹ`\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad\u061c\u200b-\u200f\u2060\ufeff"
_RUN: Final = re.compile(rf"[^\W\d_]+(?:[{_INSIDE}]+[^\W\d_]*)*")
_HAN: Final = "\u3400-\u9fff\U00020000-\U000323af"
_PIECE: Final = re.compile(rf"[{_HAN}]+|[^{_HAN}]+")
_CAMEL: Final = re.compile(r"(?<=[a-zа-яёәғқңөұүһіїєґ])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІЇЄҐ])")
#: Greek, Armenian.
_CASED: Final = re.compile("[\u0370-\u03ff\u0530-\u058f\u1f00-\u1fff]")
_GREEK: Final = {"μπ": "b", "ντ": "d", "γκ": "g", "γγ": "g", "ου": "u", "τζ": "dz", "β": "v"}
_TWO: Final = re.compile("|".join(_GREEK))
#: What stands in addresses and accounts between words, or before them.
_JOINS: Final = frozenset("@/_.=&#0123456789")
#: How many letters have to be left before an ending.
_LEAST: Final = 3
_ENDINGS: Final[dict[str, str]] = {
    "Latn": """
    s es a e u y i om em oy oi oj oyu ym im ov ova owa ning nin niñ nyn din tin dyn tyn ga ge gha qa ka ke
    ne na ni nı dy di ti ty da de ta te nda nde dan den tan ten nan nen men ben pen lar ler dar der
    tar ter ym sy si
    """,
    "Cyrl": """
    а я у ю ы и е і ї о й ь ой ей ою ею ом ем ым им ого его ому ему ым ых ові еві єві ами ями ах ях ів
    ның нің дың дің тың тің ға ге қа ке на не ны ні ды ді ты ті да де та те нда нде дан ден тан тен нан нен
    мен бен пен лар лер дар дер тар тер ым ім сы сі ша ше дікі нікі тікі ниң нуң дин тин ға гә қа кә ни
    """,
    "Arab": """
    نىڭ نى غا گە قا كە دا دە تا تە دىن تىن لار لەر مۇ چۇ نىڭكى دىكى تىكى لىق لىك م ى سى ىم ۇم
    تى دى نىڭ نىٴ عا گە دىڭ دان دەن تان تەن نان نەن مەن بەن پەن دار دەر تار تەر
    """,
}  # fmt: skip


class Word(NamedTuple):
    """Where it stands (``start``, ``end``), its ``script`` and folded ``letters``; ``capital``: whether it
    may be a name by how it begins, which scripts without capitals always leave open; ``link``: whether it
    stands in an address or an account, where there are neither capitals nor spaces."""

    start: int
    end: int
    script: Script
    letters: str
    capital: bool
    link: bool = False


def words(text: str) -> Iterator[Word]:
    """The words of a text, in order; of Chinese whole runs of characters."""
    for run in _RUN.finditer(text):
        link = text[run.start() - 1 : run.start()] in _JOINS or _joined(text, run.end())
        for piece in _PIECE.finditer(run[0]):
            start = run.start() + piece.start()
            for part in _CAMEL.split(piece[0]):
                writing, letters, capital = _word(part)
                if letters:
                    yield Word(start, start + len(part), writing, letters, capital or link, link)
                start += len(part)


def _joined(text: str, end: int) -> bool:
    """Whether more follows that no space parts, as in an address."""
    return text[end : end + 1] in _JOINS or (text[end : end + 1] == "." and text[end + 1 : end + 2].isalnum())


@lru_cache(maxsize=1 << 17)
def _word(part: str) -> tuple[Script, str, bool]:
    writing = script.of(part)
    if writing == "Hani":
        return writing, "".join(_simplified(one) for one in part), True
    if writing not in KINDS:
        # Greek, Georgian, Korean: as they sound in Latin letters. Of these only two have capitals.
        capital = part[0].isupper() or not _CASED.match(part)
        return "Latn", letters_of(writing, _greek(part), weights()), capital
    cased = writing in ("Latn", "Cyrl")
    return writing, letters_of(writing, part, weights()), not cased or part[0].isupper()


def _greek(part: str) -> str:
    """Two Greek letters for one sound as that in Latin letters: foreign names are full of them."""
    plain = "".join(one for one in normalize("NFD", part.lower()) if not combining(one))
    return _TWO.sub(lambda two: _GREEK[two[0]], plain)


@lru_cache(maxsize=1 << 16)
def forms(writing: str, letters: str) -> tuple[str, ...]:
    """A folded word as it stands, then without each ending that it may have."""
    found = {letters: None}
    for end in _endings(writing):
        if letters.endswith(end) and len(letters) - len(end) >= _LEAST:
            stem = letters.removesuffix(end)
            found[stem] = None
            if writing == "Cyrl" and len(end) < 3 and stem[-1] not in "аеиоуыэюя":
                found[stem + "а"] = None
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _simplified(character: str) -> str:
    known = weights()
    return known.simplified[known.characters[character]] if character in known.characters else character


@cache
def _endings(writing: str) -> tuple[str, ...]:
    """The endings of a script, folded as words are."""
    folds = (folded(writing, end) for end in _ENDINGS.get(writing, "").split())
    return tuple(filter(None, dict.fromkeys(folds)))
