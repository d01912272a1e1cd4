"""What is not as it should be on a carrier, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.vault.collect import Trouble

#: How many are told one by one.
_TOLD: Final = 20
_KINDS: Final = {
    "segment": "a segment",
    "page": "a key page",
    "table": "a table of keys",
    "record": "a record",
    "database": "a database of this casebook",
    "blob": "a file of evidence",
}
_SAYS: Final = {
    "missing": "{kind} is missing",
    "damaged": "{kind} is damaged, or was changed",
    "differs": "{kind} is not the same there as here",
    "gap": "what one device entered is missing from number {number:,} on",
    "closed": "{kind} does not open with these shares: it is damaged, or of another office",
    "unnamed": "nothing says how {kind} opens: what does is missing",
    "lost": "{kind} was there at the last sync, and was gone; it was handed on again",
    "unsent": "{kind} on this computer is missing or damaged, and was not handed on",
    "fork": "two different runs begin at number {number:,} of one device: it was copied, and used twice",
}


def say_troubles(troubles: Sequence[Trouble]) -> None:
    """Says on stderr what is not as it should be: no names of people, only of files and compartments."""
    for trouble in troubles[:_TOLD]:
        where = f" ({trouble.compartment})" if trouble.compartment else ""
        name = f" {trouble.name}" if trouble.name else ""
        says = _SAYS[trouble.what].format(kind=_KINDS[trouble.kind], number=trouble.number)
        click.echo(f"{says[0].upper()}{says[1:]}{where}{name}.", err=True)
    if len(troubles) > _TOLD:
        rest = Counter(trouble.what for trouble in troubles[_TOLD:])
        click.echo(f"And more: {', '.join(f'{count:,} {what}' for what, count in rest.items())}.", err=True)
