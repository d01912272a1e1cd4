"""Settings of linkage: what is compared how, as Splink takes it; the same for every engine.

The SQL is what DuckDB and Spark both have and mean alike. How much each level weighs was counted on invented
persons whose truth is known (``training/blocking.py``), and lies in the package.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import msgspec

from estelik.identity.cells import NEAREST
from estelik.identity.features import MOST

if TYPE_CHECKING:
    from collections.abc import Callable

#: Nobody's name is so rare that agreeing in it says more than this.
RAREST: Final = 3e-6
#: Skeletons shorter than this are not compared with one letter between them.
_LONG: Final = 4
#: In days: births that one mistake parts.
_NEAR: Final = 740
_NEAREST: Final = range(1, NEAREST + 1)


#: By comparison and level how often two rows of one person are there, and two of others.
Weights = dict[str, dict[str, tuple[float, float]]]


class Weighed(msgspec.Struct, frozen=True):
    """``weights``: by comparison and level how often two rows of one person are there, and two of others;
    ``origin``."""

    weights: Weights
    origin: str = ""


@cache
def weighed() -> Weighed:
    """The package's own."""
    return msgspec.json.decode((files("estelik.identity") / "weights.json").read_bytes(), type=Weighed)


def _nearly(one: str, other: str) -> str:
    """Two skeletons with a letter between them, or with the same letters in another order."""
    left, right = f"{one}_bones_l", f"{other}_bones_r"
    return (
        f"((length({left}) >= {_LONG} and length({right}) >= {_LONG} and levenshtein({left}, {right}) <= 1)"
        f" or {one}_letters_l = {other}_letters_r)"
    )


def _far(one: str, other: str) -> str:
    """Two readings with a letter or two between them, by how long they are."""
    left, right = f"{one}_l", f"{other}_r"
    ways = (
        f"(length({left}) >= {length} and length({right}) >= {length}"
        f" and levenshtein({left}, {right}) <= {far})"
        for far, length in ((1, _LONG), (2, _LONG + 2))
    )
    return f"({' or '.join(ways)})"


def _kin(met: Callable[[str, str], str]) -> str:
    """The father's or the family's name of the one meets one of the other."""
    names = ("father", "surname")
    return f"({' or '.join(met(one, other) for one in names for other in names)})"


def _exchanged(*, nearly: bool) -> str:
    """The given name of each stands as the father's or the family's of the other."""

    def meets(one: str, other: str) -> str:
        same = f"{one}_bones_l = {other}_bones_r"
        return f"({same} or {_nearly(one, other)} or {_far(one, other)})" if nearly else same

    kin = ("father", "surname")
    here = " or ".join(meets("given", one) for one in kin)
    there = " or ".join(meets(one, "given") for one in kin)
    return f"(({here}) and ({there}))"


def _alike(name: str, column: str, counted: str) -> tuple[tuple[str, str, str], ...]:
    """Levels of equal skeletons, by how near the readings are."""
    alike = f"{column}_bones_l = {column}_bones_r"
    finely = f"{column}_finer_l = {column}_finer_r"
    far = f"levenshtein({column}_l, {column}_r)"
    return (
        (f"{name} the same", f"{column}_l = {column}_r", counted),
        (f"{name} finely alike, a letter", f"{finely} and {far} <= 1", counted),
        (f"{name} alike, a letter", f"{alike} and {far} <= 1", counted),
        (f"{name} finely alike, two letters", f"{finely} and {far} <= 2", counted),
        (f"{name} alike, two letters", f"{alike} and {far} <= 2", counted),
        (f"{name} finely alike", finely, counted),
        (f"{name} alike", alike, counted),
    )


def _cell(one: str, other: str) -> str:
    """Two words that lie in one region of the map."""
    ways = (f"{one}_cell{a}_l = {other}_cell{b}_r" for a in _NEAREST for b in _NEAREST)
    return f"({' or '.join(ways)})"


#: All that is read of the one is one word, which is two of the other.
_WHOLE: Final = (
    "(father_bones_l is null and surname_bones_l is null and alone_l = whole_r)"
    " or (father_bones_r is null and surname_bones_r is null and alone_r = whole_l)"
)


def _share(name: str) -> str:
    pairs = (f"{name}{one}_l = {name}{other}_r" for one in range(1, MOST + 1) for other in range(1, MOST + 1))
    return f"({' or '.join(pairs)})"


#: Each comparison: what says that nothing is known, and its levels from the best on: a name, what must hold,
#: and the column whose frequency counts. What fits none is "other".
COMPARISONS: Final[dict[str, tuple[str, tuple[tuple[str, str, str], ...]]]] = {
    "given": (
        "given_bones_l is null or given_bones_r is null",
        (
            *_alike("given", "given", "given_bones"),
            ("whole", _WHOLE, ""),
            ("exchanged", _exchanged(nearly=False), "exchanged"),
            ("nearly the same", f"{_nearly('given', 'given')} and {_far('given', 'given')}", ""),
            ("nearly", _nearly("given", "given"), ""),
            ("exchanged nearly", _exchanged(nearly=True), ""),
            ("far", _far("given", "given"), ""),
            ("one region", _cell("given", "given"), ""),
            (
                "exchanged, one region",
                (
                    f"(({_cell('given', 'father')} or {_cell('given', 'surname')})"
                    f" and ({_cell('father', 'given')} or {_cell('surname', 'given')}))"
                ),
                "",
            ),
        ),
    ),
    "kin": (
        # Where the names were exchanged, the comparison of the given one has said so.
        (
            "(father_bones_l is null and surname_bones_l is null)"
            f" or (father_bones_r is null and surname_bones_r is null) or {_exchanged(nearly=True)}"
        ),
        (
            ("both", "father_bones_l = father_bones_r and surname_bones_l = surname_bones_r", "both"),
            *_alike("father", "father", "father_bones"),
            *_alike("family", "surname", "surname_bones"),
            ("across", "father_bones_l = surname_bones_r or surname_bones_l = father_bones_r", "kin_bones"),
            (
                "nearly the same",
                _kin(lambda one, other: f"({_nearly(one, other)} and {_far(one, other)})"),
                "",
            ),
            ("nearly", _kin(_nearly), ""),
            ("far", _kin(_far), ""),
            ("one region", _kin(_cell), ""),
        ),
    ),
    "sex": ("sex_l is null or sex_r is null", (("same", "sex_l = sex_r", ""),)),
    "birth": (
        "first_l is null or first_r is null",
        (
            ("same day", "first_l = first_r and last_l = last_r and first_l = last_l", ""),
            ("may be the same", "first_l <= last_r and first_r <= last_l", ""),
            ("near", f"first_l - last_r <= {_NEAR} and first_r - last_l <= {_NEAR}", ""),
        ),
    ),
    "place": ("place1_l is null or place1_r is null", (("same", _share("place"), "place1"),)),
    "relative": ("relative1_l is null or relative1_r is null", (("same", _share("relative"), ""),)),
    "document": ("document1_l is null or document1_r is null", (("same", _share("document"), ""),)),
}


def counted(weights: Weights) -> dict[str, tuple[str, float]]:
    """Columns of frequencies: of which column it is, and what part of those who agree in it agrees so."""
    out = {}
    for name, (_, levels) in COMPARISONS.items():
        for level, _, column in levels:
            if column:
                every = sum(weights[name][other][1] for other, _, one in levels if one == column)
                out[frequency(name, level)] = column, weights[name][level][1] / every
    return out


def frequency(name: str, level: str) -> str:
    """The column whose frequencies count at a level."""
    number = [one for one, _, _ in COMPARISONS[name][1]].index(level)
    return f"{name}{number}"


def settings(rate: float, weights: Weights | None) -> dict[str, Any]:
    """What Splink takes; ``rate``: how likely two rows are one person's before anything is compared;
    without ``weights`` to be trained."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": rate,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": [] if weights else ["person"],
        # Pairs are handed over.
        "blocking_rules_to_generate_predictions": ["1 = 0"],
        "comparisons": [
            {
                "output_column_name": name,
                "comparison_levels": [
                    {"sql_condition": unknown, "label_for_charts": "unknown", "is_null_level": True},
                    *(
                        {
                            "sql_condition": condition,
                            "label_for_charts": level,
                            **_weight(weights, name, level),
                            **(_frequency(name, level, column) if weights else {}),
                        }
                        for level, condition, column in levels
                    ),
                    {"sql_condition": "ELSE", "label_for_charts": "other", **_weight(weights, name, "other")},
                ],
            }
            for name, (unknown, levels) in COMPARISONS.items()
        ],
    }


def _weight(weights: Weights | None, name: str, level: str) -> dict[str, float]:
    if weights is None:
        return {}
    same, others = weights[name][level]
    return {"m_probability": same, "u_probability": others}


def _frequency(name: str, level: str, column: str) -> dict[str, Any]:
    if not column:
        return {}
    return {
        "tf_adjustment_column": frequency(name, level),
        "tf_minimum_u_value": RAREST**2 if column == "exchanged" else RAREST,
        "disable_tf_exact_match_detection": True,
    }
