"""Sex: the words that sheets have for it, in any of their languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.names import spelling

if TYPE_CHECKING:
    from estelik.names.markers import Sex

_FEMALE: Final = """
f female woman girl ж жен женский женщина девочка жінка жіноча жіночий әйел аял хотин
ayal kadın femme féminin 女 女性 ئايال قىز ايەل
"""
_MALE: Final = """
m male man boy м муж мужской мужчина мальчик чоловік чоловіча чоловічий ер еркек эркек
er erkek homme masculin 男 男性 ئەر ئەركەك ەر ەركەك
"""
_FEMALES: Final = frozenset(map(spelling.folded, _FEMALE.split()))
_MALES: Final = frozenset(map(spelling.folded, _MALE.split()))


def sex_of(words: str) -> Sex:
    """The sex that is meant, "" for any other words."""
    said = spelling.folded(words.strip()).removesuffix(".")
    if said in _FEMALES:
        return "f"
    return "m" if said in _MALES else ""
