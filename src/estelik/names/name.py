"""Name: what somebody is called, taken apart.

Order and marks tell which part is what: a comma stands behind a surname, a
middle dot between the given name and the father's, and endings tell whose
child somebody is. Where nothing tells, a part may be anything.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from estelik.names import described, folding, markers, script, spelling
from estelik.names.part import Part

if TYPE_CHECKING:
    from estelik.names.markers import Sex
    from estelik.names.part import Role
    from estelik.names.script import Script

#: ``pseudonym``: under which somebody appears; ``declined``: a source would not say it, or did not know.
Kind = Literal["name", "pseudonym", "declined"]

#: Words before or behind a name that are none of it.
_HONORIFICS: Final = """
mr mrs ms miss dr jr sr ii iii iv phd prof sir madam imam mullah molla haji hajji hajim hadji hazrat ustaz
aqsaqal akim
г-н г-жа гражданин гражданка гр доктор профессор имам мулла молда хаджи қажы кажы аға апа ата әже апай ағай
ақсақал пан пані панна господин госпожа
حاجى د دکتر موللا ئىمام ھاجىم قاجى داموللا
جونیور الابن سوم السيد السيدة آقای خانم
先生 女士 老师 同志
doctor uncle aunt grandmother grandfather granny officer nurse
бабушка дедушка тётя тетя дядя врач учитель учительница бабуся дідусь тітка дядько лікар вчитель вчителька
дәрігер мұғалім
"""
_TITLES: Final = frozenset(spelling.folded(word) for word in _HONORIFICS.split())
_PSEUDONYM: Final = re.compile(
    r"\b(?:pseudonym|alias|псевдоним|псевдонім|бүркеншік|化名)\b[:\s]*|^化名[:\s]*", re.IGNORECASE
)
#: Asked first: words of which one is there if that fits.
_ALIASES: Final = ("pseudonym", "alias", "псевдон", "бүркеншік", "化名")
_INITIAL: Final = re.compile(r"^\w\.?$|^(?:\w\.){1,3}$")
#: That has so many characters at most.
_INITIALS: Final = 6
#: What Latin letters are called in Arabic ones, as initials of foreign names are written there, and a letter
#: that what they stand for may begin with.
_SPELLED: Final = {
    "بی": "ب",
    "سی": "س",
    "دی": "د",
    "اف": "ف",
    "جی": "ج",
    "کی": "ک",
    "ال": "ل",
    "ام": "م",
    "ان": "ن",
    "پی": "پ",
    "ار": "ر",
    "اس": "س",
    "تی": "ت",
    "وی": "و",
    "وای": "ی",
    "زی": "ز",
    **dict.fromkeys(("ای", "ایی", "یی", "او"), "ا"),
    **dict.fromkeys(("اچ", "ایچ"), "ه"),
    **dict.fromkeys(("یو", "دبلیو", "دابلیو"), "و"),
    "جیه": "ج",
    "کیو": "ک",
    "زد": "ز",
}
_STICKING: Final = re.compile(r"(?<=\b\w\.)(?=\w)")
#: A name of two words: whose child he is, or of which family, and his own.
_BOTH: Final[tuple[Role, Role]] = ("given", "surname")
#: Arabic names of two words, in the spellings of ``spelling``: the first of some, the second of others. With
#: an article of its own the first leads on to the next word.
_SERVANT: Final = frozenset(("عبد", "abd", "abdul", "abdel", "abdal", "abdol", "abdur", "abdou"))
_OF_GOD: Final = frozenset(("الله", "الدين", "الدىن", "allah", "eddine", "eddin", "uddin"))
_ARTICLES: Final = frozenset(("al", "el", "ul"))
_HYPHENED: Final = re.compile(r"(?<= )(al|el|ul)-(?=\w)", re.IGNORECASE)
#: More words than these are a sentence.
_MOST: Final = 8


class Name(NamedTuple):
    """A name taken apart; of one that was declined there are no parts."""

    text: str
    kind: Kind
    script: Script
    parts: tuple[Part, ...]

    @property
    def sex(self) -> Sex:
        """The sex that markers tell, where they agree."""
        told = {part.sex for part in self.parts} - {""}
        return told.pop() if len(told) == 1 else ""


def parse(text: str, kind: Kind = "name") -> Name:
    """``text`` taken apart. Never fails: what is no name has no parts, and is of the kind ``declined``."""
    clean = spelling.cleaned(text)
    low = clean.casefold().replace("ı", "i")
    if any(alias in low for alias in _ALIASES) and (found := _PSEUDONYM.search(clean)):
        clean, kind = spelling.cleaned(clean[: found.start()] + " " + clean[found.end() :]), "pseudonym"
    writing = script.of(clean)
    sentence = len(clean.split()) > _MOST
    if kind == "declined" or sentence or described.declined(clean, writing):
        return Name(clean, "declined", writing, ())
    return Name(clean, kind, writing, _parts(clean))


def _parts(text: str) -> tuple[Part, ...]:
    if text.count(",") == 1:
        before, behind = (one.strip() for one in text.split(","))
        if before and behind:
            given = _words(behind)
            last = [_named(word, "surname") for word in _split(before)]
            return (*last, *_told(given, first="given"))
    if spelling.DOT in text:
        first, *others = (one.strip() for one in text.split(spelling.DOT) if one.strip())
        parts = [_named(word, "given") for word in _split(first)]
        for other in others:
            parts += [_named(word, "father") for word in _split(other)]
        return tuple(parts)
    return tuple(_told(_words(text.replace(",", " "))))


def _split(text: str) -> list[str]:
    if "." in text:
        text = _STICKING.sub(" ", text)
    return [word for word in text.split() if word.isalpha() or any(map(str.isalpha, word))]


def _words(text: str) -> list[str]:
    """The words, each word for son or daughter with the father's name before it; Arabic names of two words,
    and articles with what follows, are one."""
    out: list[str] = []
    for word in _split(_HYPHENED.sub(r"\1 ", text)):
        child = markers.child(word) is not None
        if out and ((child and markers.patronym(out[-1]) is None) or _one_word(out[-1], word)):
            out[-1] = f"{out[-1]} {word}"
        else:
            out.append(word)
    # An article is one with what it stands before; at the beginning it is short for a name.
    for place in range(len(out) - 2, 0, -1):
        if out[place].casefold() in _ARTICLES:
            out[place : place + 2] = [f"{out[place]} {out[place + 1]}"]
    return out


def _one_word(before: str, word: str) -> bool:
    """Whether two words are one Arabic name: "servant of", and "of God", "of the faith"."""
    *more, last = before.casefold().split(" ")
    return last in _SERVANT or (bool(more) and last in _ARTICLES) or word.casefold() in _OF_GOD


@lru_cache(maxsize=1 << 17)
def _named(word: str, role: Role) -> Part:
    if len(word) <= _INITIALS and _INITIAL.match(word):
        return Part(word.rstrip("."), role, word.rstrip("."), initial=True)
    if word.endswith(".") and (letter := _SPELLED.get(folding.folded("Arab", word))):
        return Part(word.rstrip("."), role, letter, initial=True)
    if spelling.folded(word).strip(".") in _TITLES:
        return Part(word, "honorific", word)
    article, _, rest = word.partition(" ")
    if rest and article.casefold() in _ARTICLES:
        return Part(word, role, rest, marker=article)
    marked = markers.patronym(word)
    if marked is not None:
        # What marks a child is a patronym wherever it stands; a family may be called so for good.
        return Part(word, "surname" if role == "surname" else "patronym", *marked)
    if role in ("surname", "any", "father") and (marked := markers.surname(word)) is not None:
        return Part(word, "surname", *marked)
    return Part(word, role, word)


def _told(words: list[str], first: Role = "any") -> list[Part]:
    """Parts in the order they stand in, with the roles that marks and, beside them, order tell."""
    parts = [_named(word, first if not number else "any") for number, word in enumerate(words)]
    open_ = [number for number, part in enumerate(parts) if part.role == "any"]
    marked = {part.role for part in parts}
    if len(open_) == 1 and marked & {"patronym", "surname"}:
        # Whose child and of which family is told: what is left is his own name.
        both = len(parts) == len(_BOTH)
        role: Role = "given" if "patronym" in marked or both else "any"
        parts[open_[0]] = parts[open_[0]]._replace(role=role)
    return parts
