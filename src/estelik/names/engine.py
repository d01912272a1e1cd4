"""Engine: the functions of ``kernel``, ``romanisation``, ``forest`` and ``matching``, plain or compiled."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import Final
from zlib import crc32

from estelik.names import forest, kernel, matching, romanisation

_MODULES: Final = (kernel, romanisation, forest, matching)
_FUNCTIONS: Final = tuple(function for module in _MODULES for function in module.FUNCTIONS)

#: Plain Python: for a few names, without the compiler's start-up.
PLAIN: Final = SimpleNamespace(**{function.__name__: function for function in _FUNCTIONS})


#: So many pairs are scored before the compiler would be ready.
_FEW: Final = 100


def suited(pairs: int) -> SimpleNamespace:
    """The functions by which so many pairs are scored soonest."""
    return PLAIN if pairs <= _FEW else compiled()


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
