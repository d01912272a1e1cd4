"""Gathering: many names are taken apart and taken into one bank, on two cores where there are two."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

from estelik.forked import forked, second_core
from estelik.names.bank import Bank
from estelik.names.name import parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from types import SimpleNamespace

    from estelik.names.weights import Weights

#: Of so many names a forked process takes the second half apart: fewer are done before it has begun.
_WORTH: Final = 4_000


def gathered(texts: Sequence[str], weights: Weights, engine: SimpleNamespace) -> Bank:
    """A bank of all names, numbered as they come.

    The process that it may fork off has what this one has in memory, and is gone at the end.
    """
    bank = Bank(weights, engine)
    if len(texts) < _WORTH or not second_core():
        _read(texts, bank)
        return bank
    middle = len(texts) // 2

    def other(end: Connection) -> None:
        second = Bank(weights, engine)
        _read(texts[middle:], second)
        end.send(second.laid())

    with forked(other) as ours:
        _read(texts[:middle], bank)
        try:
            bank.take(ours.recv())
        except EOFError:
            # It was ended by somebody: this one has the names, too.
            _read(texts[middle:], bank)
    return bank


def _read(texts: Sequence[str], bank: Bank) -> None:
    # No name has a cycle in it: looking for one would take a third of the time.
    enabled = gc.isenabled()
    gc.disable()
    try:
        for text in texts:
            bank.add(parse(text))
    finally:
        if enabled:
            gc.enable()
