"""Corroboration: how many chains lead back, apart, to those who perceived.

Four people who had it from one phone call are one. Counted is the greatest
number of chains that share nobody (Menger 1927: a maximum flow with room for
one at each person), from those who perceived, or a document, to this archive.
Words said under pressure count for nothing, nor does what has no known origin.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.records import Statement

_HERE: Final = ("here", "")
_THERE: Final = ("origin", "")

Node = tuple[str, str]


def chains(statements: Iterable[Statement]) -> list[tuple[str, ...]]:
    """The chains of those statements that corroborate: source first, origin last."""
    return [
        statement.chain
        for statement in statements
        if statement.answer == "yes"
        and statement.source
        and (statement.role in ("perceived", "document") or (statement.role == "told" and statement.via))
    ]


def independent(chain_list: Iterable[Sequence[str]]) -> int:
    """The greatest number of chains, over all their links, that share nobody."""
    flow: dict[Node, dict[Node, int]] = {}

    def arc(start: Node, end: Node) -> None:
        flow.setdefault(start, {})[end] = 1
        flow.setdefault(end, {}).setdefault(start, 0)

    for chain in chain_list:
        for person in chain:
            arc(("in", person), ("out", person))
        arc(_THERE, ("in", chain[-1]))
        for nearer, farther in pairwise(chain):
            if nearer != farther:
                arc(("out", farther), ("in", nearer))
        arc(("out", chain[0]), _HERE)
    count = 0
    while path := _augmenting(flow):
        for start, end in pairwise(path):
            flow[start][end] -= 1
            flow[end][start] += 1
        count += 1
    return count


def _augmenting(flow: dict[Node, dict[Node, int]]) -> list[Node]:
    came: dict[Node, Node] = {_THERE: _THERE}
    queue = deque([_THERE])
    while queue:
        node = queue.popleft()
        for after, room in flow.get(node, {}).items():
            if room and after not in came:
                came[after] = node
                if after == _HERE:
                    path = [after]
                    while path[-1] != _THERE:
                        path.append(came[path[-1]])
                    return path[::-1]
                queue.append(after)
    return []
