"""Forms: a person's name as one kind of document writes it.

Kinds of Kazakh names: ``kk-Cyrl``, ``kk-Arab``, ``kk-Latn-2018``, ``kk-Latn-2021``, ``ru-Cyrl``,
``passport``, ``en``, ``zh-Hani`` and its pinyin ``zh-Latn``; of Uyghur ones: ``ug-Arab``,
``ug-Latn``, ``ug-Cyrl``, ``ru-Cyrl``, ``en``, ``zh-Hani`` and ``zh-Latn``.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

from training import (
    slips,
    sounds,
    spelling_chinese,
    spelling_kazakh,
    spelling_latin,
    spelling_russian,
    spelling_uyghur,
)

if TYPE_CHECKING:
    from random import Random

    from training.listed import Language, Sex
    from training.slips import Slips

KINDS: Final[dict[Language, dict[str, str]]] = {
    "kk": {
        "kk-Cyrl": "Cyrl",
        "kk-Arab": "Arab",
        "kk-Latn-2018": "Latn",
        "kk-Latn-2021": "Latn",
        "ru-Cyrl": "Cyrl",
        "passport": "Latn",
        "en": "Latn",
        "zh-Hani": "Hani",
        "zh-Latn": "Latn",
    },
    "ug": {
        "ug-Arab": "Arab",
        "ug-Latn": "Latn",
        "ug-Cyrl": "Cyrl",
        "ru-Cyrl": "Cyrl",
        "en": "Latn",
        "zh-Hani": "Hani",
        "zh-Latn": "Latn",
    },
}


class Form(NamedTuple):
    """A name as one document writes it.

    ``roots``: the names of the lists that it shows beside the given one; ``whole``: the given
    name is written out, and something else beside it.
    """

    kind: str
    script: str
    text: str
    roots: tuple[str, ...]
    whole: bool = True


class Names(NamedTuple):
    """What a person is called, from the lists; ``surname``: what the family's name is formed from."""

    language: Language
    sex: Sex
    given: str
    father: str
    surname: str

    @property
    def code(self) -> str:
        """A number in hexadecimal digits, equal for equal names."""
        return hashlib.sha256("/".join(self).encode()).hexdigest()[:16]


class _Written(NamedTuple):
    """The words of a name in their order, and which of them is the given name; the roots they show."""

    words: tuple[str, ...]
    given: int
    roots: tuple[str, ...]


#: How a name is put together, and how often: g given, p patronym, f the father's name as it is, s surname.
_KAZAKH_LAYOUTS: Final = {"gp": 40, "gf": 25, "sgp": 15, "gs": 10, "sg": 10}
_RUSSIAN_LAYOUTS: Final = {"gp": 25, "gf": 20, "sgp": 25, "gs": 15, "sg": 15}
_UYGHUR_LAYOUTS: Final = {"gf": 94, "gp": 6}
_UYGHUR_ABROAD: Final = {"gf": 60, "gs": 15, "sg": 10, "gp": 15}
_CHINESE_LAYOUTS: Final = {"gf": 97, "gs": 3}
_LAYOUTS: Final[dict[Language, dict[str, dict[str, int]]]] = {
    "kk": dict.fromkeys(("kk-Cyrl", "kk-Arab", "kk-Latn-2018", "kk-Latn-2021"), _KAZAKH_LAYOUTS)
    | dict.fromkeys(("ru-Cyrl", "passport", "en"), _RUSSIAN_LAYOUTS)
    | dict.fromkeys(("zh-Hani", "zh-Latn"), _CHINESE_LAYOUTS),
    "ug": dict.fromkeys(("ug-Arab", "ug-Latn", "en", "zh-Hani", "zh-Latn"), _UYGHUR_LAYOUTS)
    | dict.fromkeys(("ug-Cyrl", "ru-Cyrl"), _UYGHUR_ABROAD),
}
#: Between a father's name and the word for son or daughter.
_BETWEEN: Final = ("", "-", " ")
_JOINS: Final[dict[Language, tuple[int, ...]]] = {"kk": (80, 12, 8), "ug": (15, 25, 60)}
_DOTS: Final = (("·", "•", "・", "‧", "-", " ", ""), (80, 4, 2, 2, 3, 6, 3))
_SURNAME_BARE: Final = 0.35


def write(names: Names, kind: str, rng: Random, likely: Slips = slips.USUAL) -> Form:
    """A name in one of the ``KINDS`` of its language, with the slips that are likely."""
    script = KINDS[names.language][kind]
    layouts = _LAYOUTS[names.language][kind]
    layout = rng.choices(tuple(layouts), tuple(layouts.values()))[0]
    drawn, swapped = rng.random(), rng.random() < likely.swapped
    alone = drawn < likely.alone
    if alone:
        layout = "g"
    written = taken(names, kind, layout, rng)
    words = list(written.words)
    initial = not alone and drawn < likely.alone + likely.initial and script != "Hani" and kind != "zh-Latn"
    if initial:
        # The seat of a hamza is no letter of its own.
        letters = 2 if words[written.given][0] in "ئٴ" else 1
        words[written.given] = words[written.given][:letters] + "."
    text = joined(words, kind, rng, swapped=swapped and len(words) == len("gf"))
    return Form(kind, script, slips.mistyped(text, likely, rng), written.roots, not (alone or initial))


def word(name: str, language: Language, kind: str, rng: Random) -> str:
    """One name of the lists in one of the kinds."""
    return taken(Names(language, "m", name, name, name), kind, "g", rng).words[0]


def joined(words: list[str], kind: str, rng: Random, *, swapped: bool) -> str:
    """The words as one name; ``swapped``: in the other order."""
    between = rng.choices(*_DOTS)[0] if kind == "zh-Hani" else " "
    if swapped:
        words.reverse()
        if kind != "zh-Hani" and rng.random() < 1 / 2:
            between = "، " if kind.endswith("-Arab") else ", "
    text = between.join(words)
    if kind == "zh-Latn" and rng.random() < 1 / 4:
        return text.upper()
    return text


def taken(names: Names, kind: str, layout: str, rng: Random) -> _Written:
    """The name by a layout in a kind."""
    roots = tuple(
        dict.fromkeys(names.surname if part == "s" else names.father for part in layout if part != "g")
    )
    parts = _PARTS[names.language][kind](names, layout, rng)
    return _Written(parts, layout.index("g"), roots)


def _in_kazakh(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    child = "ұлы" if names.sex == "m" else "қызы"

    def part(what: str) -> str:
        if what == "g":
            return names.given
        if what == "p":
            return _child(names.father, child, names.language, rng)
        if what == "f" or rng.random() < _SURNAME_BARE:
            return names.father if what == "f" else names.surname
        return spelling_russian.surname(names.surname, names.sex)

    return tuple(part(what) for what in layout)


def _child(root: str, child: str, language: Language, rng: Random) -> str:
    join = rng.choices(_BETWEEN, _JOINS[language])[0]
    return root + join + (child.capitalize() if join == "-" and rng.random() < 1 / 4 else child)


def _in_kazakh_arabic(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    return tuple(spelling_kazakh.arabic(one, rng) for one in _in_kazakh(names, layout, rng))


def _in_latin_2018(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    return tuple(spelling_kazakh.latin_2018(one, rng) for one in _in_kazakh(names, layout, rng))


def _in_latin_2021(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    return tuple(spelling_kazakh.latin_2021(one, rng) for one in _in_kazakh(names, layout, rng))


_RUSSIAN_CHILD: Final[dict[tuple[Language, Sex], tuple[str, ...]]] = {
    ("kk", "m"): ("улы", "улы", "оглы"),
    ("kk", "f"): ("кызы",),
    ("ug", "m"): ("оглы", "огли"),
    ("ug", "f"): ("кизи", "кызы"),
}


def _in_russian(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    spelled = spelling_russian.of_kazakh if names.language == "kk" else spelling_russian.of_uyghur

    def part(what: str) -> str:
        if what == "g":
            return spelled(names.given, rng)
        root = spelled(names.surname if what == "s" else names.father, rng)
        if what == "p":
            if rng.random() < 1 / 2:
                return spelling_russian.patronym(root, names.sex)
            return _child(root, rng.choice(_RUSSIAN_CHILD[names[:2]]), names.language, rng)
        return spelling_russian.surname(root, names.sex) if what == "s" else root

    return tuple(part(what) for what in layout)


def _in_passport(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    words = (_in_kazakh if rng.random() < 1 / 2 else _in_russian)(names, layout, rng)
    return tuple(spelling_latin.passport("\n".join(words), rng).split("\n"))


_ENGLISH_CHILD: Final[dict[tuple[Language, Sex], tuple[str, ...]]] = {
    ("kk", "m"): ("uly", "uly", "uli", "ulu"),
    ("kk", "f"): ("kyzy", "qyzy", "kizi"),
    ("ug", "m"): ("oghli", "oghly", "ogli"),
    ("ug", "f"): ("qizi", "kizi"),
}


def _in_english(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    def spelled(name: str) -> str:
        return spelling_latin.english(sounds.of(name, names.language), rng, uyghur=names.language == "ug")

    def part(what: str) -> str:
        if what == "g":
            return spelled(names.given)
        root = spelled(names.surname if what == "s" else names.father)
        if what == "p":
            return _child(root, rng.choice(_ENGLISH_CHILD[names[:2]]), names.language, rng)
        if what == "f":
            return root
        soft = root[-1:] in "iye"
        ending = rng.choice(("ev", "yev")) if soft else "ov"
        return root.rstrip("y" if soft else "") + ending + ("a" if names.sex == "f" else "")

    return tuple(part(what) for what in layout)


def _in_chinese(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    def part(what: str) -> str:
        if what != "s":
            sound = sounds.of(names.given if what == "g" else names.father, names.language)
            return spelling_chinese.write(sound, names.language, rng)
        # As a Russian passport has it.
        sound = sounds.of(names.surname, names.language)
        ending = ("owa", "ewa") if names.sex == "f" else ("of", "ef")
        return spelling_chinese.write(sound + ending[sound[-1] in "yiäaeıo"], names.language, rng)

    # A word for son or daughter is not written in Chinese.
    return tuple(part(what) for what in layout)


def _in_pinyin(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    apostrophe = rng.random() < 1 / 3
    words = _in_chinese(names, layout, rng)
    return tuple(spelling_chinese.pinyin(one, apostrophe=apostrophe) for one in words)


def _in_uyghur(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    child = "oghli" if names.sex == "m" else "qizi"

    def part(what: str) -> str:
        if what == "g":
            return names.given
        return _child(names.father, child, names.language, rng) if what == "p" else names.father

    return tuple(part(what) for what in layout)


def _in_uyghur_arabic(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    return tuple(spelling_uyghur.arabic("\n".join(_in_uyghur(names, layout, rng)), rng).split("\n"))


def _in_uyghur_latin(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    return tuple(spelling_uyghur.latin("\n".join(_in_uyghur(names, layout, rng)), rng).split("\n"))


def _in_uyghur_cyrillic(names: Names, layout: str, rng: Random) -> tuple[str, ...]:
    written = spelling_uyghur.cyrillic("\n".join(_in_uyghur(names, layout, rng)), rng).split("\n")
    return tuple(
        spelling_russian.surname(one, names.sex) if what == "s" else one
        for what, one in zip(layout, written, strict=True)
    )


_KAZAKH_PARTS: Final = {
    "kk-Cyrl": _in_kazakh,
    "kk-Arab": _in_kazakh_arabic,
    "kk-Latn-2018": _in_latin_2018,
    "kk-Latn-2021": _in_latin_2021,
    "ru-Cyrl": _in_russian,
    "passport": _in_passport,
    "en": _in_english,
    "zh-Hani": _in_chinese,
    "zh-Latn": _in_pinyin,
}
_UYGHUR_PARTS: Final = {
    "ug-Arab": _in_uyghur_arabic,
    "ug-Latn": _in_uyghur_latin,
    "ug-Cyrl": _in_uyghur_cyrillic,
    "ru-Cyrl": _in_russian,
    "en": _in_english,
    "zh-Hani": _in_chinese,
    "zh-Latn": _in_pinyin,
}
_PARTS: Final = {"kk": _KAZAKH_PARTS, "ug": _UYGHUR_PARTS}
