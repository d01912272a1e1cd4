"""Compartments in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.language.numbers import listed
from estelik.language.reader import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from estelik.language.reader import Reader

_NAMES: Final = {
    "testimony": N_("what was told"),
    "source": N_("who told it"),
    "casework": N_("casework"),
    "medical": N_("medical"),
    "public": N_("public"),
}


def compartment(reader: Reader, name: str) -> Markup:
    """What a compartment is called."""
    return reader._(_NAMES[name]) if name in _NAMES else reader._(name)


def compartments(reader: Reader, names: Sequence[str]) -> Markup:
    """Several of them, in the order in which they are always named; in words, too, that there is none."""
    held = [compartment(reader, one) for one in _NAMES if one in names]
    return listed(reader, held) or reader._("no compartment")
