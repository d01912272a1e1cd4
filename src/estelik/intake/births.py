"""Births: "when my son was two", counted from a birth that was told; from none, nothing is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.age import MAX_AGE

if TYPE_CHECKING:
    from estelik.intake.scan import Scan


def since(scan: Scan) -> None:
    """Ages of others, of whom ``Context.births`` says who they are and what their birth is called. Where
    nobody told of that birth, or of two who can be meant, the words stay unread: the age is not hers."""
    own = scan.rules.grammar
    known: dict[str, set[str]] = {}
    for name, label in scan.context.births:
        known.setdefault(own.fold(name), set()).add(label)
    for match, pattern, _ in scan.longest(scan.rules.births, scan.text):
        slots = {slot: match.string[a:b] for slot, a, b in pattern.slots(match)}
        names = [own.fold(slots["who"])] if "who" in slots else []
        if "relative" in slots:
            names.append(own.key("relatives", slots["relative"]))
        if "relative" not in slots and names[0] not in known:
            continue
        labels = next((known[one] for one in names if one in known), set())
        count = own.number(slots["n"])
        if len(labels) != 1 or count > MAX_AGE:
            scan.not_born.append(match.span())
            scan.done(*match.span())
            continue
        scan.keep(*match.span(), {"after": next(iter(labels)), "gap": f"P{count}Y/P{count + 1}Y"})
