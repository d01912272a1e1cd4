"""Litter: what was looked through once is not looked through again until somebody leaves, or nobody asks."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING
from weakref import ref

import pytest

from estelik.web import litter
from estelik.web.litter import Litter

if TYPE_CHECKING:
    from collections.abc import Iterator


class Round:
    """Something that leads back to itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def begun() -> Iterator[Litter]:
    """It has begun; afterwards all is as it was."""
    before = gc.get_threshold()
    made = Litter()
    made.begin()
    yield made
    gc.callbacks.remove(litter._keep)
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_is_loaded_is_not_looked_through(begun: Litter) -> None:
    """From then on it is looked for by itself, where it was not before."""
    gc.disable()
    kept = Round()
    begun.begin()
    gone = ref(kept)
    del kept
    gc.collect()
    gc.callbacks.remove(litter._keep)
    assert gc.isenabled()
    assert gone() is not None
    begun.look(0.0, gone=True)
    assert gone() is None


def test_what_was_there_is_left_alone_and_what_came_since_is_not(begun: Litter) -> None:
    kept = Round()
    gc.collect()
    fresh = Round()
    gone, left = ref(kept), ref(fresh)
    del kept, fresh
    gc.collect()
    assert (gone() is None, left() is None) == (False, True)
    begun.look(0.0, gone=False)
    assert gone() is not None
    begun.look(0.0, gone=True)
    assert gone() is None


def test_it_is_looked_for_once_where_nobody_asks(begun: Litter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litter, "_QUIET", 0.1)
    found: list[bool] = []
    for _ in range(2):
        asked = time.monotonic()
        kept = Round()
        gc.collect()
        gone = ref(kept)
        del kept
        begun.look(asked, gone=False)
        found.append(gone() is None)
        time.sleep(0.2)
        begun.look(asked, gone=False)
        found.append(gone() is None)
    assert found == [False, True] * 2
