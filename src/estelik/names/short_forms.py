"""Short forms: other words for one given name, of each script those that are in use."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from estelik.names.folding import folded

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    from estelik.names import script

    lines = (files("estelik.names") / "short_forms.txt").read_text(encoding="utf-8").splitlines()
    out: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if not line or line.startswith("#"):
            continue
        words = [folded(script.of(word), word) for word in line.split()]
        # The first is the name itself: two that are short for it are not short for each other.
        out[words[0]] = (*out.get(words[0], ()), *words[1:])
        for word in words[1:]:
            out[word] = (*out.get(word, ()), words[0])
    return out


def of(word: str) -> tuple[str, ...]:
    """What else a folded word may stand for, or be shortened to; () for most."""
    return _table().get(word, ())
