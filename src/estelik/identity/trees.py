"""Trees: forests (``names.forest``) that lie in files of the package, asked about many pairs at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.names.engine import suited
from estelik.names.forest import laid_out

if TYPE_CHECKING:
    from estelik.names.forest import Forest

#: Nothing is surer than this.
_SURE: Final = 1e-12


@cache
def learned(name: str, count: int) -> Forest:
    """The trees in a file of the package, as ``training.forest.arrays`` has them, that ask for ``count``
    numbers."""
    with as_file(files("estelik.identity") / name) as file, np.load(file, allow_pickle=False) as parts:
        return laid_out(parts["roots"], parts["nodes"], parts["limits"], float(parts["base"][0]), count)


def weighed(forest: Forest, numbers: Any) -> Any:
    """The natural logarithm of the odds that a forest gives each row of numbers; NaN is not known."""
    out, run = np.zeros(len(numbers)), suited(len(numbers))

    def weigh(part: slice) -> None:
        run.all_scores(forest, numbers[part], out[part])

    step = max(1, -(-len(out) // (os.cpu_count() or 1)))
    with ThreadPoolExecutor() as threads:
        list(threads.map(weigh, (slice(start, start + step) for start in range(0, len(out), step))))
    out = np.clip(out, _SURE, 1 - _SURE)
    return np.log(out / (1 - out))
