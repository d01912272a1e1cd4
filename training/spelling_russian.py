"""Spelling of Russian offices and newspapers: Kazakh and Uyghur names in the letters that Russian has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from random import Random

    from training.listed import Sex


class Habit(NamedTuple):
    """What a spelling does to ``letters`` (a pattern) in ``often`` of its words."""

    letters: str
    other: str
    often: float


#: In this order; the ones at the end are what happens where no habit did.
_OF_KAZAKH: Final = (
    Habit("гүл", "гуль", 0.75),
    Habit("Гүл", "Гуль", 0.75),
    Habit("бибі", "биби", 1),
    Habit("(?<=[Ее])л$", "ль", 0.6),
    Habit("^Жұм", "Джум", 0.15),
    Habit("^Ж(?=[аеиіұүәо])", "Дж", 0.05),
    Habit("^Әй", "Ай", 0.8),
    Habit("^Ә(?=сем|сел|ди|лия)", "А", 0.9),
    Habit("(?<=[лЛ])ә", "я", 0.6),
    Habit("ә(?=[йн])", "е", 0.15),
    Habit("ә", "а", 0.93),
    Habit("Ә", "А", 0.95),
    Habit("ө", "у", 0.2),
    Habit("ө", "е", 0.08),
    Habit("Ө", "У", 0.2),
    Habit("ілия", "илья", 0.5),
    Habit("^Ілия", "Илья", 0.7),
    Habit("олла$", "улла", 0.6),
    Habit("ауы", "ау", 0.25),
    Habit("ың", "ин", 0.4),
    Habit("(?<=.)ы", "и", 0.12),
    Habit("(?<=.)і(?=.)", "ы", 0.05),
    Habit("ң(?=[аеиіоуұүыы])", "нг", 0.2),
    Habit("^Қ", "Х", 0.04),
    Habit("(?<=[аоұы])ғ(?=[аоұы])", "г", 1),
    Habit("һ", "г", 0.3),
    Habit("ұ", "ю", 0.02),
    Habit("ә", "э", 0.1),
    Habit("Ә", "Э", 1),
)
_KAZAKH: Final = str.maketrans("әіңғүұқөһӘІҢҒҮҰҚӨҺ", "еингуукохЕИНГУУКОХ")

_OF_UYGHUR: Final = (
    Habit("g[uü]l", "гуль", 0.5),
    Habit("gül", "гюль", 0.3),
    Habit("j", "ж", 0.35),
    Habit("e", "а", 0.45),
    Habit("^e", "э", 1),
    Habit("e", "э", 0.2),
    Habit("ö", "у", 0.2),
    Habit("ü", "ю", 0.3),
    Habit("ng", "нг", 0.6),
    Habit("(?<![scgz])h", "г", 0.1),
    Habit("w", "у", 0.1),
)
_UYGHUR_PAIRS: Final = (("ch", "ч"), ("sh", "ш"), ("zh", "ж"), ("gh", "г"), ("ng", "н"), ("iya", "ия"))
_UYGHUR_MORE: Final = (("ya", "я"), ("yu", "ю"), ("yo", "ё"), ("y", "й"), ("j", "дж"), ("'", ""))
_UYGHUR: Final = str.maketrans("abptxdrzsfqkglmnhwaeouöüëi", "абптхдрзсфккглмнхваеоуоуеи")

_SOFT: Final = "йиіьеяю"


def _follow(word: str, habits: tuple[Habit, ...], rng: Random) -> str:
    for habit in habits:
        # Drawn whether it fits or not: one more habit changes no other name.
        if rng.random() < habit.often:
            word = re.sub(habit.letters, habit.other, word)
    return word


def of_kazakh(name: str, rng: Random) -> str:
    """A Kazakh name as Russian spells it, with one of its habits or another."""
    return _follow(name, _OF_KAZAKH, rng).translate(_KAZAKH)


def of_uyghur(name: str, rng: Random) -> str:
    """A Uyghur name (ULY) as Russian spells it."""
    word = _follow(name.lower(), _OF_UYGHUR, rng)
    for letters, other in (*_UYGHUR_PAIRS, *_UYGHUR_MORE):
        word = word.replace(letters, other)
    return word.translate(_UYGHUR).capitalize()


def surname(root: str, sex: Sex) -> str:
    """A family's name of a name in Russian letters: Бабанов, Абаева."""
    return _stem(root, "ов", "ев") + ("а" if sex == "f" else "")


def patronym(root: str, sex: Sex) -> str:
    """A father's name of a name in Russian letters: Бабанович, Абаевна."""
    return _stem(root, "ов", "ев") + ("на" if sex == "f" else "ич")


def _stem(root: str, hard: str, soft: str) -> str:
    if root[-1:] in "йь":
        return root[:-1] + soft
    if root[-1:] in "аәоөыэ" and len(root) > 3:
        return root + soft
    return root + (soft if root[-1:] in _SOFT or root[-1:] in "шщчжц" else hard)
