"""Batch: the timelines of many lives at once.

Lives whose statements agree and hold no disjunction, most of them, are laid
end to end and solved in one sweep of the compiled kernel; the others go
through ``Solution`` one by one. Both give the same answers.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from estelik.chronology.kernel import compiled
from estelik.chronology.network import HORIZON, Network, compile_network
from estelik.chronology.ranges import interval
from estelik.chronology.timeline import Timeline, event_bounds, label, solve_linked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from estelik.chronology.lives import Linked
    from estelik.chronology.network import Reading

#: Networks laid end to end at a time: enough to keep the cores busy, few enough for the cache.
_CHUNK = 4096


def solve_many(
    groups: Iterable[Linked], reading: Reading = "strict", *, threads: bool = True
) -> Iterator[Timeline]:
    """The timelines of all groups, in their order. ``threads``: whether other
    threads may help (a forked process must not start any)."""
    kernel = compiled()
    pending = iter(groups)
    while chunk := list(islice(pending, _CHUNK)):
        networks = [compile_network(linked, reading) for linked in chunk]
        simple = [network for network in networks if not network.disjunctions]
        swept = dict(zip(map(id, simple), sweep(simple, threads=threads), strict=True))
        for linked, network in zip(chunk, networks, strict=True):
            bounds = swept.get(id(network))
            if bounds is None:
                yield from solve_linked(linked, reading, kernel, network)
            else:
                yield from _timelines(network, *bounds)


def sweep(networks: Sequence[Network], *, threads: bool = True) -> list[tuple[list[int], list[int]] | None]:
    """Tagged distances (from and to the calendar) of each network, or None where it contradicts."""
    import numpy as np

    edges, points = [0], [0]
    tail: list[int] = []
    head: list[int] = []
    weight: list[int] = []
    for network in networks:
        tail += network.tail
        head += network.head
        weight += network.weight
        edges.append(len(tail))
        points.append(points[-1] + network.points)
    up, down, fine = sweep_arrays(
        np.array(tail, dtype=np.uint32),
        np.array(head, dtype=np.uint32),
        np.array(weight, dtype=np.int64),
        np.array(edges, dtype=np.uint32),
        np.array(points, dtype=np.uint32),
        threads=threads,
    )
    ups, downs = up.tolist(), down.tolist()
    return [
        (ups[first:last], downs[first:last]) if good else None
        for good, first, last in zip(fine.tolist(), points, points[1:], strict=False)
    ]


def sweep_arrays(
    tail: Any, head: Any, weight: Any, edges: Any, points: Any, *, threads: bool = True
) -> tuple[Any, Any, Any]:
    """``sweep`` on arrays (see ``kernel.relax_many``): uint32, ``weight`` int64, in days."""
    import numpy as np

    up = np.full(points[-1], 4 * HORIZON + 1, dtype=np.int64)
    down = np.ones(points[-1], dtype=np.int64)
    up[points[:-1]] = 0
    down[points[:-1]] = 0
    fine = np.zeros(len(points) - 1, dtype=np.uint8)
    kernel = compiled()
    relax = kernel.relax_many if threads else kernel.relax_in_turn
    relax(tail, head, weight, edges, points, up, down, fine)
    return up, down, fine


def _timelines(network: Network, up: Sequence[int], down: Sequence[int]) -> Iterator[Timeline]:
    for life, key in enumerate(network.subjects):
        days = {point: [interval(up, down, point)] for point in network.events[life].values()}
        yield Timeline(
            subject=label(key),
            key=key,
            consistent=True,
            consistent_wide=True,
            complete=True,
            events=event_bounds(network, life, days),
        )
