"""Links: whether the runs of a chain fit together, and which of them are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from estelik.vault.ledger import Line


class Trouble(NamedTuple):
    """Something that is not as it should be: ``what``, the ``kind`` of file, its ``name`` on the carrier, or
    the compartment, device and number that it is about.

    On a carrier: missing, damaged, differs (from what is here), gap, fork, closed (a table or roll that does
    not open), unnamed (a segment that no table names), clash (two records bear one id), stranger (a device
    that the roll does not name), held (kept back, since its device was withdrawn); in a sync also lost and
    unsent (``vault.sync``), and copied (this casebook is in use elsewhere too). On this computer a database
    can be damaged."""

    what: str
    kind: str
    name: str
    compartment: str = ""
    device: str = ""
    number: int = 0


def examined(
    compartment: str, lines: Iterable[Line], starts: Mapping[str, bytes], seen: Mapping[str, int]
) -> list[Trouble]:
    """The gaps and forks of the chains that these runs are of.

    ``starts``: of each device what stands before its first entry; ``seen``:
    the highest number of a device that another has seen.
    """
    by_device: dict[str, list[Line]] = {}
    for line in lines:
        by_device.setdefault(line.device, []).append(line)
    troubles = []
    for device in sorted(by_device.keys() | seen.keys()):
        runs = sorted(by_device.get(device, []), key=lambda line: (line.first, line.last, line.name))
        ends = {starts.get(device, b"")} | {line.head for line in runs}
        followed: set[bytes] = set()
        last = 0
        for line in runs:
            if line.previous not in ends:
                before = max((one.last for one in runs if one.last < line.first), default=0)
                troubles.append(Trouble("gap", "segment", "", compartment, device, before + 1))
            elif line.previous in followed:
                troubles.append(Trouble("fork", "segment", line.name, compartment, device, line.first))
            followed.add(line.previous)
            last = max(last, line.last)
        if seen.get(device, 0) > last:
            troubles.append(Trouble("gap", "segment", "", compartment, device, last + 1))
    return troubles


def accepted(lines: Iterable[Line], limit: frozenset[bytes]) -> set[str]:
    """The names of those runs of one chain that lie before, or end with, an entry in ``limit``."""
    by_head: dict[bytes, list[Line]] = {}
    for line in lines:
        by_head.setdefault(line.head, []).append(line)
    out: set[str] = set()
    wanted = list(limit)
    while wanted:
        for line in by_head.pop(wanted.pop(), []):
            out.add(line.name)
            wanted.append(line.previous)
    return out
