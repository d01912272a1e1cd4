"""Forest: decision trees that weigh what two names have in common (Friedman 2001, gradient boosting).

As it is kept, ``nodes`` (n x 4): the number that is asked for, -1 in a leaf; the
node for what is not above the limit, and for what is; 1 where what is not known
goes with the former. ``limits`` (n): the limit, in a leaf its part of the
log-odds. ``roots``: where each tree begins; ``base``: the log-odds before any.
"""

from __future__ import annotations

from math import exp
from typing import Any, Final, NamedTuple

import numpy as np

#: So many rows go down a tree before the next tree is begun.
TOGETHER: Final = 64


class Forest(NamedTuple):
    """Trees laid out so that each step is the same, without a choice that a processor would have to guess.
    Numbers of nodes have no sign: of those that have, each look into an array asks whether it is below 0.

    ``steps``: how many lead from each of ``roots`` to any leaf. At a node: which number is asked for
    (``asked``; of n numbers the nth to last again, where what is not known goes with what is above), the
    ``limit``, which node is for what is not above it (``below``; the next is for what is). A leaf leads to
    itself, and has its ``part`` of the log-odds.
    """

    roots: Any
    steps: Any
    asked: Any
    limit: Any
    below: Any
    part: Any
    base: float


def laid_out(roots: Any, nodes: Any, limits: Any, base: float, count: int) -> Forest:
    """Trees as they are kept, that ask for ``count`` numbers, as they are gone through."""
    asked: list[int] = []
    limit: list[float] = []
    below: list[int] = []
    part: list[float] = []
    begins, steps = [], []
    for root in roots.tolist():
        begins.append(len(below))
        level, depth = [root], 0
        # Level by level, so that both ways lie side by side.
        placed = {root: len(below)}
        after = len(below) + 1
        while level:
            following: list[int] = []
            for node in level:
                number, left, right, unknown = nodes[node].tolist()
                if number < 0:
                    asked.append(0)
                    limit.append(np.inf)
                    below.append(placed[node])
                    part.append(float(limits[node]))
                    continue
                asked.append(number if unknown else count + number)
                limit.append(float(limits[node]))
                below.append(after)
                part.append(0.0)
                placed |= {left: after, right: after + 1}
                after += 2
                following += [left, right]
            depth += bool(following)
            level = following
        steps.append(depth)
    return Forest(
        np.array(begins, np.uint32), np.array(steps, np.int64), np.array(asked, np.uint32), np.array(limit),
        np.array(below, np.uint32), np.array(part), base,
    )  # fmt: skip


def both_ways(numbers: Any) -> Any:
    """Rows of numbers, NaN where one is not known, as ``descend`` takes them."""
    unknown = np.isnan(numbers)
    return np.hstack((np.where(unknown, -np.inf, numbers), np.where(unknown, np.inf, numbers)))


def descend(forest: Any, numbers: Any, count: int, at: Any, out: Any) -> None:
    """The log-odds that a forest gives the first ``count`` rows of ``numbers``, at most ``TOGETHER``, into
    ``out``; what is not known is -inf in the first half of a row, and inf in the second, which is the first
    again (``both_ways``). ``at``: where each row stands.

    Rows go down a tree side by side: one alone has to wait for each of its steps.
    """
    roots, steps, asked, limit, below, part = (
        forest.roots,
        forest.steps,
        forest.asked,
        forest.limit,
        forest.below,
        forest.part,
    )
    for row in range(count):
        out[row] = forest.base
    for tree in range(len(roots)):
        for row in range(count):
            at[row] = roots[tree]
        for _ in range(steps[tree]):
            for row in range(count):
                node = at[row]
                at[row] = below[node] + (numbers[row, asked[node]] > limit[node])
        for row in range(count):
            out[row] += part[at[row]]


def all_scores(forest: Any, numbers: Any, out: Any) -> None:
    """The probability that a forest gives each row of ``numbers``, NaN where one is not known, into
    ``out``."""
    at = np.zeros(TOGETHER, np.uint32)
    width = numbers.shape[1]
    both = np.empty((TOGETHER, 2 * width))
    for start in range(0, len(numbers), TOGETHER):
        count = min(TOGETHER, len(numbers) - start)
        for row in range(count):
            for number in range(width):
                value = numbers[start + row, number]
                known = not np.isnan(value)
                both[row, number] = value if known else -np.inf
                both[row, width + number] = value if known else np.inf
        descend(forest, both, count, at, out[start : start + count])
    for row in range(len(numbers)):
        out[row] = 1 / (1 + exp(-out[row]))


#: In the order in which they need one another.
FUNCTIONS: Final = (descend, all_scores)
