"""Mention: whether words give somebody away by a part of what he is called.

"I, Zarina, was there" names Zarina Qwert, and so do "Зарину" and a link with
``zarina-qwert`` in it. Every word of a label counts but those that say what
somebody is to whom ("the aunt of"); Cyrillic, Arabic and Latin letters are read
alike, roughly, and a word may have another ending. That finds more than it
should sooner than less: what is found is kept with the sources. Descriptions,
nicknames and Chinese characters for a name in letters are not found.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, normalize

#: Words that tell who somebody is to whom, or nothing.
_NOBODY: Final = """
the and for from with his her their its who was were that this one two him our your told has had not
mother father sister brother aunt uncle cousin niece nephew wife husband son daughter child children
parent grandmother grandfather grandson granddaughter friend friends neighbour neighbor neighbours
colleague relative relatives family former fellow inmate detainee prisoner survivor witness source
interview interviewee woman man girl boy person people elderly old young camp prison village town city
teacher doctor guard student lawyer мать отец сестра брат тётя тетя дядя племянник племянница жена муж
сын дочь ребёнок ребенок дети родитель бабушка дедушка внук внучка друг подруга сосед соседка соседи
коллега родственник родственница семья бывший бывшая заключённый заключенный свидетель источник женщина
мужчина человек люди пожилая пожилой учитель врач охранник его её их она они который которая лагерь
тюрьма село город что как это для при над под был была были мати батько тато дружина чоловік донька
дитина діти тітка дядько двоюрідна двоюрідний сусід сусідка родич родичка джерело свідок жінка людина
анасы әкесі апасы сіңлісі қарындасы ағасы інісі әйелі күйеуі ұлы қызы баласы нағашысы жиені досы көршісі
туысы отбасы куә адам ана әке аға апа іні бала ئانىسى دادىسى ئاچىسى سىڭلىسى ئاكىسى ئىنىسى ئايالى يولدىشى
ئوغلى قىزى دوستى قوشنىسى تۇغقىنى گۇۋاھچى
"""
#: Letters of names in the writings of the sheets, read as Latin ones: what several spellings have in common.
_CYRILLIC: Final = {
    **dict(zip("абвгґғдеєэәзиіїйыкқлмнңоөпрстуұүўфхһ", "abvgggdeeeaziiiiikklmnnooprstuuuufhh", strict=True)),
    "ё": "e",
    "ж": "j",
    "җ": "j",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sh",
    "ъ": "",
    "ь": "",
    "ю": "iu",
    "я": "ia",
}
_ARABIC: Final = {
    **dict(zip("اەبپتجخحدرزژسغعفقكکگڭلمنھهوۇۆۈۋېىيی", "aabptjhhdrzjsggfkkkgnlmnhhououveiii", strict=True)),
    "چ": "ch",
    "ش": "sh",
    "ئ": "",
    "ء": "",
    "ٴ": "",
}
_LATIN: Final = dict(zip("qwyxıəłøđß", "kviiaalods", strict=True)) | {"x": "h", "ı": "i", "æ": "a"}
_ALIKE: Final = {ord(letter): read for letter, read in (_CYRILLIC | _ARABIC | _LATIN).items()}
#: What is left of pairs of letters that one letter stands for elsewhere.
_PAIRS: Final = (("kh", "h"), ("gh", "g"), ("zh", "j"), ("ng", "n"), ("ei", "ai"), ("ii", "i"))
#: Han, where no space parts words.
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
#: What is left of a word that may be told by it, and how many letters behind it an ending has.
_SHORTEST: Final = 3
_ENDING: Final = 4
_VOWELS: Final = "aeiou"


class _Readings(dict[int, str]):
    """How each character is read, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter in "'’ʼ" or category(letter) in ("Mn", "Cf"):
            # A name that is taken apart by marks that nobody sees is the name.
            read = ""
        elif letter.isalpha():
            read = _ALIKE.get(code, letter)
        else:
            read = " "
        self[code] = read
        return read


_READINGS: Final = _Readings()


def _read(text: str) -> str:
    """A text as it is compared here: words in rough Latin letters, with a space before each."""
    # й and ё lose their marks so, on both sides alike.
    read = (text if text.isascii() else normalize("NFKD", text)).casefold().translate(_READINGS)
    for pair, letter in _PAIRS:
        read = read.replace(pair, letter)
    return f" {read}"


def roughly(text: str) -> list[str]:
    """The words of a text as they are compared here: in rough Latin letters, Han characters as they are."""
    return _read(text).split()


_NOBODY_READ: Final = frozenset(one for word in _NOBODY.split() for one in _read(word).split())


def nobody(text: str) -> bool:
    """Whether a word of a text says what somebody is to whom, or what she is, and names nobody."""
    return not _NOBODY_READ.isdisjoint(_read(text).split())


@lru_cache(maxsize=65536)
def telling(label: str) -> tuple[str, ...]:
    """The beginnings of words by which a label can be told, without the endings that a word may change."""
    out = []
    for word in _read(label).split():
        if word in _NOBODY_READ:
            continue
        if len(word) >= _SHORTEST or (len(word) > 1 and _HAN.search(word)):
            out.append(word.rstrip(_VOWELS) if len(word.rstrip(_VOWELS)) > _SHORTEST else word)
    return tuple(dict.fromkeys(out))


def stands_in(text: str, label: str) -> bool:
    """Whether a whole label stands in a text as words; one of a letter or two with its capitals."""
    if len(label) < _SHORTEST and not _HAN.search(label):
        where = text
    else:
        label, where = label.casefold(), text.casefold()
    place = where.find(label)
    while place >= 0:
        end = place + len(label)
        if not (_within(where[place - 1 : place + 1]) or _within(where[end - 1 : end + 1])):
            return True
        place = where.find(label, place + 1)
    return False


def _within(two: str) -> bool:
    """Whether a word goes on from one letter to the next; in Chinese no space says so."""
    return len(two) > 1 and two.isalpha() and not _HAN.search(two)


def mentions(text: str, label: str, known: str = "") -> bool:
    """Whether a word of ``text`` may be one of ``label``; words of ``known`` tell nothing new."""
    stems = telling(label)
    if not stems:
        return False
    read = _read(text)
    there = [stem for stem in stems if (stem if _HAN.search(stem) else f" {stem}") in read]
    if not there:
        return False
    beside, words = telling(known), read.split()
    return any(
        any(_akin(word, stem) for word in words)
        for stem in there
        if not any(_akin(one, stem) for one in beside)
    )


def _akin(word: str, stem: str) -> bool:
    if _HAN.search(stem):
        return stem in word
    return word.startswith(stem) and len(word) - len(stem) <= _ENDING
