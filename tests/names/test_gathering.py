"""Gathering: many names, taken apart by two processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from estelik.names import gathering
from estelik.names.bank import Bank
from estelik.names.engine import QUICK
from estelik.names.name import parse
from estelik.names.weights import weights

if TYPE_CHECKING:
    import pytest

#: Names of all kinds, many words in several of them.
NAMES = [
    f"{one}{between}{other}"
    for between, one, other in product(
        (" ", "-", ", "),
        ("Ержан", "Erzhan", "يەرجان", "叶尔江", "A.", "Mr", "abd al", ""),
        ("Серікұлы", "Serikovna", "قىزى", "赛力克", "elderly woman", "🙂", "Omar-bek"),
    )
]


def _alone(texts: list[str]) -> Bank:
    bank = Bank(weights(), QUICK)
    for text in texts:
        bank.add(parse(text))
    return bank


def _equal(one: Bank, other: Bank) -> bool:
    return all(
        np.array_equal(left, right) for left, right in zip(one._names(), other._names(), strict=True)
    ) and (one.laid() == other.laid())


def test_two_processes_lay_names_out_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, words and their numbers are those of one process, whichever half a word comes in first."""
    monkeypatch.setattr(gathering, "_WORTH", 2)
    monkeypatch.setattr(gathering, "second_core", lambda: True)
    for texts in (NAMES, NAMES[::-1], NAMES[:2], NAMES[:3]):
        assert _equal(gathering.gathered(texts, weights(), QUICK), _alone(texts))
    assert not _equal(_alone(NAMES), _alone(NAMES[::-1]))


def test_a_helper_that_is_killed_loses_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other process did not send is read by this one."""
    monkeypatch.setattr(gathering, "_WORTH", 2)
    monkeypatch.setattr(gathering, "second_core", lambda: True)
    read = gathering._read
    here = os.getpid()

    def slow(texts: list[str], bank: Bank) -> None:
        if os.getpid() != here:
            threading.Event().wait()
        read(texts, bank)

    monkeypatch.setattr(gathering, "_read", slow)
    ended = []

    def kill() -> None:
        until = time.monotonic() + 30
        while not (children := multiprocessing.active_children()) and time.monotonic() < until:
            time.sleep(0.01)
        for child in children:
            os.kill(int(child.pid or 0), signal.SIGKILL)
            ended.append(child.pid)

    killer = threading.Thread(target=kill)
    killer.start()
    found = gathering.gathered(NAMES, weights(), QUICK)
    killer.join()
    assert ended
    assert _equal(found, _alone(NAMES))
