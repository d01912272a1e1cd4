"""Neighbours: which names of many are worth comparing."""

from __future__ import annotations

import pytest

from estelik.names import neighbours
from estelik.names.name import parse
from estelik.names.slots import slots, written
from estelik.names.weights import weights

#: Invented people, each pair one person in two scripts.
PAIRS = (
    ("海拉提·努尔兰", "Kairat Nurlanuly"),
    ("Қайрат Нұрланұлы", "Kairat Nurlanuly"),
    ("Gulnar Omarqyzy", "Гулнар Омарова"),
    ("Тарас Вигаданий", "Taras Vyhadanyi"),
    ("ئايگۈل تۇرسۇن", "Aygul Tursun"),
)


@pytest.mark.parametrize("few", [10_000, 0], ids=["each with all", "by cells"])
def test_one_name_in_two_scripts_is_worth_comparing(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Also where the words of one script lie on the other side of a cell's border."""
    monkeypatch.setattr(neighbours, "_FEW", few)
    names = list(dict.fromkeys(name for pair in PAIRS for name in pair))
    found = set(neighbours.neighbours([written(slots(parse(name), weights())) for name in names]))
    wanted = {tuple(sorted((names.index(one), names.index(other)))) for one, other in PAIRS}
    assert wanted <= found
    assert len(found) < len(names) * (len(names) - 1) / 2
