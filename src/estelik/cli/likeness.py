"""After an import: who of those entered may be the same as somebody, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.identity.namesakes import Alike

#: Of more people than these it is not said at once: an import waits for no names.
_PEOPLE: Final = 200
_SECONDS: Final = 3.0
_EACH: Final = 2
_SHOWN: Final = 10
#: Kinds of reasons that speak against two being one.
_AGAINST: Final = frozenset({"other", "unmatched", "sexes", "siblings", "nothing"})


def alike(casebook: Casebook) -> Sequence[Alike] | None:
    """Who may be the same as those who were entered last; None where they are too many to say so at once."""
    namesakes = casebook.namesakes()
    people = namesakes.entered(_PEOPLE)
    if people is None:
        return None
    found = namesakes.like([one for one in people if "\x1f" not in one], _EACH, _SECONDS)
    # From now on they are among those whom others are found among.
    namesakes.place(few=0)
    return found


def say(found: Sequence[Alike] | None) -> None:
    """Says it on stderr, and how to go on."""
    if found is None:
        click.echo("Who may be the same as somebody else is shown by: estelik review", err=True)
    if not found:
        return
    from estelik.identity.verdict import shown
    from estelik.language.direction import plain
    from estelik.language.likeness import reasons
    from estelik.language.reader import reader
    from estelik.names.comparison import compare

    read = reader("en")
    for one in found[:_SHOWN]:
        # A few words of what speaks for it: `estelik review` weighs what speaks against it, too.
        found_for = [each for each in compare(*one.names).why if each.kind not in _AGAINST]
        why = "; ".join(plain(words) for words in reasons(read, found_for))
        click.echo(
            f"{shown(one.one)} may be the same as {shown(one.other)}" + (f": {why}" if why else ""), err=True
        )
    more = f" ({len(found) - _SHOWN:,} more)" if len(found) > _SHOWN else ""
    click.echo(f"Judge them with: estelik review{more}", err=True)


def document(found: Sequence[Alike] | None) -> list[dict[str, Any]]:
    """The same as JSON has it."""
    from estelik.identity.verdict import shown

    return [{"subjects": [shown(one.one), shown(one.other)], "score": one.score} for one in found or ()]
