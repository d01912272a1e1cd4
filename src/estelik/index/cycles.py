"""Cycles: the search for them is left off while millions of records are made."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_cycles() -> Iterator[None]:
    """Looks for no cycles meanwhile."""
    # Millions of records without a cycle among them: looking for cycles would take longer than they do.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
