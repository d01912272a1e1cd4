"""Strings of a site: the words around the entries, apart from them, in each language.

A file for each language, loaded as a script when somebody asks for it: only the messages that the site uses,
the months, how plurals are formed. Those that a machine drafted and nobody has reviewed are named.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import msgspec

from estelik.language.direction import direction
from estelik.language.reader import languages, reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from babel.messages import Catalog

    from estelik.language.recorder import Message

#: Languages by their own names.
NAMES: Final = {
    "en": "English",
    "kk": "Қазақша",
    "ru": "Русский",
    "uk": "Українська",
    "zh": "中文",
    "ug": "ئۇيغۇرچە",
    "fr": "Français",
}
#: What a formula for plurals may be written with, in a catalog and in a script.
_FORMULA: Final = re.compile(r"[\sn0-9%=!<>&|?:()]+")


def tongues() -> tuple[tuple[str, str], ...]:
    """The languages of a site, each by its own name; what has no catalog is left out."""
    there = languages()
    more = [tag for tag in there if tag not in NAMES]
    return tuple((tag, NAMES.get(tag, tag)) for tag in (*(one for one in NAMES if one in there), *more))


def written(tag: str, used: Iterable[Message]) -> bytes:
    """The script with the strings of a language."""
    spoken, catalog = reader(tag), _catalog(tag)
    messages: dict[str, str | list[str]] = {}
    drafted = []
    for one in sorted(used):
        said = catalog.get(one.words, one.context or None) if catalog is not None else None
        forms = _forms(said.string if said is not None else "", one)
        messages[one.key] = forms if one.many else forms[0]
        if said is not None and said.fuzzy:
            drafted.append(one.key)
    for number in range(1, 13):
        messages[f"M{number}"] = str(spoken.month(number))
        messages[f"m{number}"] = str(spoken.month(number, short=True))
        messages[f"D{number}"] = str(spoken.month(number, alone=False))
        messages[f"d{number}"] = str(spoken.month(number, short=True, alone=False))
    whole = {
        "direction": direction(tag),
        "drafted": drafted,
        "group": str(spoken.digits(10_000)).removeprefix("10").removesuffix("000"),
        "messages": messages,
    }
    data = msgspec.json.encode(whole).decode()
    plural = _plural(catalog)
    return (
        f"estelik.strings({msgspec.json.encode(tag).decode()},{{plural:n=>{plural},...{data}}});\n".encode()
    )


def _forms(said: Any, one: Message) -> list[str]:
    """The forms of a message; those of the source where it is not translated."""
    own = [one.words, one.many] if one.many else [one.words]
    forms = [said] if isinstance(said, str) else list(said or ())
    return forms if forms and all(forms) else own


def _plural(catalog: Catalog | None) -> str:
    formula = catalog.plural_expr if catalog is not None else "(n != 1)"
    return formula if _FORMULA.fullmatch(formula) else "0"


@cache
def _catalog(tag: str) -> Catalog | None:
    if tag == "en":
        return None
    from babel.messages.pofile import read_po

    text = files("estelik.language").joinpath("catalogs").joinpath(f"{tag}.po").read_bytes()
    return read_po(BytesIO(text), locale=tag.replace("-", "_"))
