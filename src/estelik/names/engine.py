"""Engine: the functions of ``kernel``, ``romanisation``, ``forest``, ``matching``, plain, quick, compiled."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Event
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from estelik.names import forest, kernel, matching, quick, romanisation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MODULES: Final = (kernel, romanisation, forest, matching)
_FUNCTIONS: Final = tuple(function for module in _MODULES for function in module.FUNCTIONS)

#: Plain Python: what the others have to give, too.
PLAIN: Final = SimpleNamespace(**{function.__name__: function for function in _FUNCTIONS})


def _replaced(others: Iterable[Callable[..., Any]]) -> SimpleNamespace:
    """The plain functions, which call ``others`` where these have the same name."""
    scope = {name: value for module in _MODULES for name, value in vars(module).items()}
    for function in _FUNCTIONS:
        scope[function.__name__] = FunctionType(function.__code__, scope, function.__name__)
    scope |= {function.__name__: function for function in others}
    return SimpleNamespace(**{function.__name__: scope[function.__name__] for function in _FUNCTIONS})


#: For a few names, without the compiler's start-up.
QUICK: Final = _replaced(quick.FUNCTIONS)

#: So many pairs are scored before what was compiled on this computer would be loaded.
_FEW: Final = 500
_READY: Final = Event()


def suited(pairs: int) -> SimpleNamespace:
    """The functions by which so many pairs are scored soonest."""
    return at_hand() if pairs <= _FEW else compiled()


def at_hand() -> SimpleNamespace:
    """The compiled functions where they are loaded (``ready``), else the quick ones."""
    return compiled() if _READY.is_set() else QUICK


def ready() -> None:
    """Says that the compiled functions are loaded."""
    _READY.set()


@cache
def compiled() -> SimpleNamespace:
    """The functions compiled by numba (kept beside the modules between runs)."""
    import numba

    # Numba keeps compiled functions by name, and sees changes of their own file only.
    mark = crc32(b"".join(Path(str(module.__file__)).read_bytes() for module in _MODULES))
    scope = {name: value for module in _MODULES for name, value in vars(module).items()}
    # Sums may be taken in any order: that is what makes them fast.
    fast = {"reassoc", "contract", "arcp", "nsz"}
    for function in _FUNCTIONS:
        again = FunctionType(function.__code__, scope, function.__name__)
        again.__qualname__ = f"{function.__qualname__}_{mark:08x}"
        scope[function.__name__] = numba.njit(cache=True, nogil=True, fastmath=fast)(again)
    return SimpleNamespace(**{function.__name__: scope[function.__name__] for function in _FUNCTIONS})
