"""Forest: decision trees that weigh what two names have in common (Friedman 2001, gradient boosting).

``nodes`` (n x 4): the number that is asked for, -1 in a leaf; the node for what
is not above the limit, and for what is; 1 where what is not known goes with the
former. ``limits`` (n): the limit, in a leaf its part of the log-odds. ``roots``:
where each tree begins; ``base``: the log-odds before any tree.
"""

from __future__ import annotations

from math import exp
from typing import Any, Final, NamedTuple

import numpy as np


class Forest(NamedTuple):
    """All trees, as arrays."""

    roots: Any
    nodes: Any
    limits: Any
    base: float


def weigh(forest: Any, numbers: Any) -> float:
    """The logarithm of the odds that a forest gives these numbers."""
    nodes, limits = forest.nodes, forest.limits
    out = forest.base
    for root in forest.roots:
        node = root
        while nodes[node, 0] >= 0:
            value = numbers[nodes[node, 0]]
            down = nodes[node, 3] == 1 if np.isnan(value) else value <= limits[node]
            node = nodes[node, 1] if down else nodes[node, 2]
        out += limits[node]
    return float(out)


def all_scores(forest: Any, numbers: Any, out: Any) -> None:
    """The probability that ``weigh`` comes to, of each row of numbers."""
    for row in range(len(numbers)):
        out[row] = 1 / (1 + exp(-weigh(forest, numbers[row])))


#: In the order in which they need one another.
FUNCTIONS: Final = (weigh, all_scores)
