"""Declension: the name of a place as it stands in a sentence, back in the form that maps give.

Russian, Ukrainian, Kazakh and Uyghur change the ends of names: "в Бахмуте", "Текесский район",
"Донецкой области", "Текесте". Rules for endings, each tried; what comes out is a name only if some
place has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Ending -> what stands in its place in the name; longer endings first.
_ENDINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ского", ("ский", "", "ск", "а")),
    ("ському", ("ський", "", "ськ")),
    ("ського", ("ський", "", "ськ", "а")),
    ("ском", ("ский", "", "ск", "ское")),
    ("ской", ("ская", "", "ск")),
    ("ській", ("ська", "", "ськ")),
    ("ської", ("ська", "", "ськ")),
    ("цкого", ("цкий", "цк", "к", "ка")),
    ("цкой", ("цкая", "цк")),
    ("цької", ("цька", "цьк")),
    ("цькій", ("цька", "цьк")),
    ("ский", ("", "ск", "а", "о", "ь")),
    ("ський", ("", "ськ", "а", "о")),
    ("ская", ("", "ск", "а")),
    ("ська", ("", "ськ", "а")),
    ("цкий", ("цк", "к", "ка")),
    ("цький", ("цьк", "к", "ка")),
    ("ом", ("", "о")),
    ("ем", ("ь", "")),
    ("ой", ("а",)),
    ("ою", ("а",)),
    ("ии", ("ия",)),
    ("ії", ("ія",)),
    ("и", ("ь", "а", "ы")),
    ("і", ("", "а", "ь", "е")),
    ("е", ("", "а", "о", "ь")),
    ("у", ("", "а")),
    ("ю", ("ь", "я")),
    ("а", ("", "о")),
    ("я", ("ь", "е")),
    ("ының", ("ы",)),
    ("інің", ("і",)),
    ("дағы", ("",)),
    ("дегі", ("",)),
    ("ның", ("",)),
    ("нің", ("",)),
    ("дың", ("",)),
    ("дің", ("",)),
    ("тың", ("",)),
    ("тің", ("",)),
    ("да", ("",)),
    ("де", ("",)),
    ("та", ("",)),
    ("те", ("",)),
    ("نىڭ", ("",)),
    ("دىكى", ("",)),
    ("دا", ("",)),
    ("دە", ("",)),
    ("تا", ("",)),
    ("تە", ("",)),
)
_SHORTEST: Final = 3


def forms(name: str) -> Iterator[str]:
    """Names of which ``name`` may be a form, each once: the last word's ending is looked at, and an
    adjective's before it ("Артёмовского района" has none behind)."""
    seen = {name}
    for end, others in _ENDINGS:
        if not name.endswith(end) or len(name) - len(end) < _SHORTEST:
            continue
        for other in others:
            form = name.removesuffix(end) + other
            if form not in seen:
                seen.add(form)
                yield form
