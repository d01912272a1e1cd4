"""A casebook that opens at once, and statements that plant names and words to look for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "case"


@pytest.fixture
def make(folder: Path) -> Callable[[], Casebook]:
    """Makes a casebook with a derivation that costs nothing, in ``folder``."""
    return lambda: Casebook.create(folder, b"apple tree", cost=Cost(memory=8, passes=1, lanes=1))


@pytest.fixture
def casebook(make: Callable[[], Casebook]) -> Iterator[Casebook]:
    with make() as made:
        yield made
