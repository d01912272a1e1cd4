"""Clusters: which subjects are one, where nothing that was judged stands against it.

``same`` joins, ``different`` keeps apart. Where both cannot be, every ``same``
that takes part in joining the two is left undone, however many there are and
whoever came first: two lives kept apart lose nothing, two lives made one hide
that anybody doubted it. What does not take part stays joined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.identity.verdict import pair

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from estelik.identity.verdict import Pair


def clusters(edges: Iterable[Pair]) -> dict[str, tuple[str, ...]]:
    """The members, sorted, of the cluster of each node that any edge joins with another."""
    pairs = list(edges)
    parent = {node: node for edge in pairs for node in edge}

    def root(node: str) -> str:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        a, b = root(one), root(other)
        parent[max(a, b)] = min(a, b)
    members: dict[str, list[str]] = {}
    for node in sorted(parent):
        members.setdefault(root(node), []).append(node)
    return {node: found for found in map(tuple, members.values()) for node in found if len(found) > 1}


def standing_against(
    edges: Collection[Pair], apart: Iterable[Pair], together: Mapping[str, tuple[str, ...]]
) -> dict[Pair, frozenset[Pair]]:
    """For each pair that is kept ``apart`` and joined all the same: the edges by which it is, those on any
    way from one to the other that comes through no node twice. ``together``: the clusters of all edges."""
    joined = [(one, other) for one, other in apart if one == other or other in together.get(one, ())]
    if not joined:
        return {}
    near: dict[str, set[str]] = {}
    for one, other in edges:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    return {(one, other): _between(near, one, other) for one, other in joined}


def _between(near: Mapping[str, set[str]], start: str, end: str) -> frozenset[Pair]:
    """The edges on the ways from ``start`` to ``end``: those that with an edge between the two would be in
    one block (two edges are where a ring goes through both)."""
    if start == end:
        return frozenset()
    direct = pair(start, end)
    depth, low = {start: 0, end: 1}, {start: 0, end: 1}
    # The search begins with the edge that is thought of: its block is what is found last, beneath ``end``.
    stack: list[Pair] = []
    path = [(end, start, iter(sorted(near.get(end, ()))))]
    while path:
        node, above, others = path[-1]
        for other in others:
            if other not in depth:
                depth[other] = low[other] = len(path) + 1
                stack.append((node, other))
                path.append((other, node, iter(sorted(near.get(other, ())))))
                break
            if other != above and depth[other] < depth[node]:
                stack.append((node, other))
                low[node] = min(low[node], depth[other])
        else:
            path.pop()
            if not path:
                break
            low[above] = min(low[above], low[node])
            if low[node] >= depth[above]:
                # Behind ``above`` lies a block of its own: no way leads on from there.
                while stack.pop() != (above, node):
                    pass
    found = {pair(*edge) for edge in stack}
    if end in near.get(start, ()):
        found.add(direct)
    return frozenset(found)
