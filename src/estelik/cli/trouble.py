"""What is not as it should be on a carrier, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.vault.links import Trouble

#: How many are told one by one.
_TOLD: Final = 20
_KINDS: Final = {
    "segment": "a segment",
    "page": "a key page",
    "table": "a table of keys",
    "record": "a record",
    "database": "a database of this casebook",
    "blob": "a file of evidence",
    "epoch": "the key of an epoch",
    "roll": "the roll of the office",
    "casebook": "the casebook",
    "mark": "the mark by which this computer knows the carrier",
}
_SAYS: Final = {
    "missing": "{kind} is missing",
    "damaged": "{kind} is damaged, or was changed",
    "differs": "{kind} is not the same there as here: a file, or a folder, that is not ours has its name",
    "gap": "what one device entered is missing from number {number:,} on",
    "closed": "{kind} does not open: it is damaged, of another office, or no longer for you",
    "stranger": "{kind} is signed by a computer that is not known to the office, and was not taken in",
    "clash": "{kind} is there with other content, and both are kept: the first one here, the other sealed",
    "held": "{kind} was kept back: its computer was withdrawn before it came",
    "unnamed": "nothing says how {kind} opens: what does is missing",
    "lost": "{kind} was there at the last sync, and was gone; it was handed on again",
    "taken": "{kind} was there at the last sync, and was taken away, perhaps by somebody of the office who "
    "began new keys that are not for this computer yet; it was handed on again",
    "unsent": "{kind} on this computer is missing or damaged, and was not handed on",
    "copied": "{kind} of computer {device} was copied and is used elsewhere too: nothing of either is lost, "
    "and here it goes on as a new computer",
    "fork": "the casebook of computer {device} was copied and used in both places: they part at number "
    "{number:,}. Both are kept, and go on as new computers; once both were synced: estelik device withdraw "
    "{device}",
}


def documents(troubles: Sequence[Trouble]) -> list[dict[str, object]]:
    """The same as JSON."""
    return [trouble._asdict() for trouble in troubles]


def say_troubles(troubles: Sequence[Trouble]) -> None:
    """Says on stderr what is not as it should be: no names of people, only of files and compartments."""
    for trouble in troubles[:_TOLD]:
        where = f" ({trouble.compartment})" if trouble.compartment else ""
        name = f" {trouble.name}" if trouble.name else ""
        says = _SAYS[trouble.what].format(
            kind=_KINDS[trouble.kind], number=trouble.number, device=trouble.device[:8]
        )
        click.echo(f"{says[0].upper()}{says[1:]}{where}{name}.", err=True)
    if len(troubles) > _TOLD:
        rest = Counter(trouble.what for trouble in troubles[_TOLD:])
        click.echo(f"And more: {', '.join(f'{count:,} {what}' for what, count in rest.items())}.", err=True)
