"""Lists: the names that invented persons bear, and how common each is.

The files in ``lists/`` hold a name a line and behind a tab its commonness, from 1 (rare)
to 4 (very common): Kazakh in Cyrillic letters, Uyghur in Latin ones (ULY).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

Language = Literal["kk", "ug"]
Sex = Literal["f", "m"]
LANGUAGES: Final[tuple[Language, ...]] = ("kk", "ug")
SEXES: Final[tuple[Sex, ...]] = ("f", "m")

FOLDER: Final = Path(__file__).parent
_FILES: Final[dict[tuple[Language, Sex], str]] = {
    ("kk", "f"): "kazakh_female",
    ("kk", "m"): "kazakh_male",
    ("ug", "f"): "uyghur_female",
    ("ug", "m"): "uyghur_male",
}
#: Of whom there are how many more than of the rare.
_WEIGHTS: Final = {1: 1, 2: 2, 3: 5, 4: 16}


class Listed(NamedTuple):
    """Names, and beside each how often it is drawn."""

    names: tuple[str, ...]
    weights: tuple[int, ...]


@cache
def read(name: str) -> dict[str, int]:
    """The names of one file of ``lists/`` (without its ending) with their commonness, in the file's order."""
    lines = (FOLDER / "lists" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(common) for word, common in (line.split("\t") for line in lines)}


def table(name: str) -> list[list[str]]:
    """The rows of one file of ``tables/`` (without its ending), without its comments."""
    lines = (FOLDER / "tables" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@cache
def given(language: Language, sex: Sex) -> Listed:
    """The given names of one sex."""
    return _weighed(read(_FILES[language, sex]))


@cache
def roots(language: Language) -> Listed:
    """Names of men: what patronyms and surnames are formed from."""
    names = dict(read(_FILES[language, "m"]))
    if language == "kk":
        names |= read("kazakh_roots")
    return _weighed(names)


@cache
def every(language: Language) -> tuple[str, ...]:
    """Every name of a language, once."""
    listed = (given(language, "f"), given(language, "m"), roots(language))
    return tuple(dict.fromkeys(name for one in listed for name in one.names))


def _weighed(names: dict[str, int]) -> Listed:
    return Listed(tuple(names), tuple(_WEIGHTS[common] for common in names.values()))
