"""Markers: the ends and small words that say whose child somebody is, or make a surname of a name.

In Cyrillic and Latin letters, Arabic ones and Chinese; with the sex that a
marker tells. Roots are compared, not what stands behind them: Бабанұлы,
Бабанович and Baban-uly have one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from re import Pattern

Sex = Literal["f", "m", ""]


class Marked(NamedTuple):
    """The father's or the family's name without its marker, the marker, and the sex that it tells."""

    root: str
    marker: str
    sex: Sex


#: Son and daughter of, behind the father's name: joined, with a hyphen, or as a word of its own.
_CHILD: Final[dict[Sex, tuple[str, ...]]] = {
    "m": (
        *("ұлы", "улы", "ұғлы", "оғлы", "оглы", "угли", "ўғли", "уулу", "улу", "оғли"),
        *(
            "uly",
            "ūly",
            "ulı",
            "uli",
            "ulu",
            "oghli",
            "oghlı",
            "oghly",
            "ogli",
            "oglu",
            "oğlu",
            "ugli",
            "uulu",
            "o'g'li",
        ),
        *("ۇلى", "ئوغلى", "اوعلى", "ۇعلى"),
    ),
    "f": (
        *("қызы", "кызы", "қизи", "кизи"),
        *("qyzy", "kyzy", "qizi", "kizi", "kızı", "gizi", "qızı", "gyzy", "kyz", "qiz"),
        *("قىزى", "قېزى"),
    ),
}
#: Russian patronyms; what stands before may have lost a vowel, or got one.
_PATRONYM: Final[tuple[tuple[str, Sex], ...]] = (
    *(
        (end, "m")
        for end in ("ович", "евич", "ьич", "йович", "ovich", "evich", "yevich", "ovych", "yovych", "evych")
    ),
    *((end, "m") for end in ("ovič", "evič", "owitsch", "ovitch", "iovych", "ійович")),
    *(
        (end, "f")
        for end in ("овна", "евна", "инична", "ична", "івна", "ївна", "йовна", "ovna", "evna", "yevna")
    ),
    *((end, "f") for end in ("ivna", "ïvna", "yivna", "iivna", "inichna", "ichna", "owna")),
)
#: Endings that make a family's name, with the sex they tell.
_FAMILY: Final[tuple[tuple[str, Sex], ...]] = (
    *(
        (end, "f")
        for end in ("ова", "ева", "ёва", "ина", "ына", "ская", "цкая", "ська", "цька", "ova", "eva", "ina")
    ),
    *((end, "f") for end in ("skaya", "skaia", "ska", "tskaya", "yeva", "owa", "ovna", "ová")),
    *(
        (end, "m")
        for end in ("ов", "ев", "ёв", "ин", "ын", "ский", "цкий", "ський", "цький", "ov", "ev", "in")
    ),
    *((end, "m") for end in ("skiy", "sky", "skyi", "skii", "ski", "tsky", "yev", "off", "eff", "ow")),
)
#: What a root must have left.
_ROOT: Final = 3
_SEXES: Final[dict[str, Sex]] = {end: sex for sex, ends in _CHILD.items() for end in ends}


def _ending(ends: tuple[str, ...], between: str) -> Pattern[str]:
    ordered = "|".join(re.escape(one) for one in sorted(ends, key=len, reverse=True))
    return re.compile(rf"^(.{{2,}}?){between}({ordered})$", re.IGNORECASE)


#: Asked first, since most words end in none of them.
_CHILD_ENDS: Final = tuple(sorted({end.casefold() for end in _SEXES}))
_PATRONYM_ENDS: Final = tuple(sorted({end.casefold() for end, _ in _PATRONYM}))
_FAMILY_ENDS: Final = tuple(sorted({end.casefold() for end, _ in _FAMILY}))
_CHILD_OF: Final = _ending(tuple(_SEXES), "[-'\\s]?")
_SON_OF: Final = _ending(tuple(end for end, _ in _PATRONYM), "")
_OF_FAMILY: Final = _ending(tuple(end for end, _ in _FAMILY), "")
_DOTS: Final = str.maketrans({"ı": "i", "\u0307": ""})
_PATRONYM_SEX: Final = dict(_PATRONYM)
_FAMILY_SEX: Final = dict(_FAMILY)


#: An ending that swallows the last sound of a root that ends in a vowel and й: Утебай and Утебаев.
_SWALLOWING: Final = re.compile("[еёє]|y?e", re.IGNORECASE)
_OPEN: Final = re.compile("[аәеёиоөуүұыэюяії]$", re.IGNORECASE)
_OPEN_LATIN: Final = re.compile("[aeiouöüäı]$", re.IGNORECASE)


def _whole(root: str, end: str) -> str:
    """A root as it is without its ending."""
    if not _SWALLOWING.match(end):
        return root
    if _OPEN.search(root):
        return root + "й"
    return root + "y" if _OPEN_LATIN.search(root) else root


def _sex(ends: dict[str, Sex], end: str) -> Sex:
    end = end.casefold()
    # A capital or Turkish i fits an i, and is none.
    return ends[end] if end in ends else ends.get(end.translate(_DOTS), "")


def child(word: str) -> Sex | None:
    """The sex that a word which means son or daughter alone tells; None for any other."""
    return _SEXES.get(word.casefold().strip("-"))


def patronym(word: str) -> Marked | None:
    """A father's name without what says that it is one; None where nothing does."""
    end = word.casefold().translate(_DOTS)
    found = _CHILD_OF.match(word) if end.endswith(_CHILD_ENDS) else None
    if found and len(found[1]) >= _ROOT - 1:
        return Marked(found[1], found[2], _sex(_SEXES, found[2]))
    found = _SON_OF.match(word) if end.endswith(_PATRONYM_ENDS) else None
    if found and len(found[1]) >= _ROOT - 1:
        return Marked(_whole(found[1], found[2]), found[2], _sex(_PATRONYM_SEX, found[2]))
    return None


def surname(word: str) -> Marked | None:
    """A family's name without the ending that made it of another name; None where it has none."""
    end = word.casefold().translate(_DOTS)
    found = _OF_FAMILY.match(word) if end.endswith(_FAMILY_ENDS) else None
    if found and len(found[1]) >= _ROOT:
        return Marked(_whole(found[1], found[2]), found[2], _sex(_FAMILY_SEX, found[2]))
    return None
