"""Grades, roles and chains in words (Admiralty code: source A-F, credibility 1-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.language.direction import run
from estelik.language.numbers import number
from estelik.language.reader import N_

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.records import Statement

#: What a source, and what it says, can be worth.
RELIABILITY: Final = {
    "A": N_("reliable"),
    "B": N_("usually reliable"),
    "C": N_("fairly reliable"),
    "D": N_("not usually reliable"),
    "E": N_("unreliable"),
    "F": N_("reliability cannot be judged"),
}
CREDIBILITY: Final = {
    "1": N_("confirmed"),
    "2": N_("probably true"),
    "3": N_("possibly true"),
    "4": N_("doubtful"),
    "5": N_("improbable"),
    "6": N_("truth cannot be judged"),
}
_ROLES = {
    "inferred": N_("inferred"),
    "document": N_("document"),
    "coerced": N_("said under pressure"),
}
_LAYERS = {
    "background": N_("background"),
    "presumption": N_("presumption"),
    "implicature": N_("implied"),
}


def grade(reader: Reader, cell: str) -> Markup:
    """A grade in letters and words: "B2, usually reliable, probably true"."""
    letters = cell.strip().upper()
    if letters in ("", "F6"):
        return reader._("not graded")
    reliability, credibility = RELIABILITY.get(letters[:1]), CREDIBILITY.get(letters[1:])
    if reliability is None or credibility is None:
        return run(cell)
    return reader._(
        "%(grade)s, %(source)s, %(statement)s",
        grade=letters,
        source=reader._(reliability),
        statement=reader._(credibility),
    )


def layer(reader: Reader, code: str) -> Markup:
    """A weak layer by name."""
    return reader._(_LAYERS[code]) if code in _LAYERS else run(code)


def chain(reader: Reader, statement: Statement, told_of: str = "") -> Markup:
    """Who told it and how it came: "Saule, who lived it", "niece, from a guard"; ``told_of``: the label that
    it was told under, where the life is called otherwise."""
    source, *via = statement.chain
    words = run(source) if source else reader._("a telling")
    for one in via:
        words = reader._("%(source)s, from %(farther)s", source=words, farther=run(one))
    if statement.role == "perceived" and not via:
        if source and source in (statement.about, told_of):
            return reader._("%(source)s, who lived it", source=words)
        return reader._("%(source)s, who saw it", source=words)
    return words


def standing(reader: Reader, statement: Statement) -> Markup:
    """How it is known: "first-hand", "hearsay, two steps", "document"."""
    steps = len(statement.chain) - 1
    if statement.answer == "refused":
        return reader._("would not say")
    if statement.answer == "unknown":
        return reader._("could not say")
    if steps:
        words = reader.ngettext(
            "hearsay, %(count)s step", "hearsay, %(count)s steps", steps, count=number(reader, steps)
        )
    elif statement.role in _ROLES:
        words = reader._(_ROLES[statement.role])
    elif statement.role == "perceived":
        words = reader._("first-hand")
    else:
        words = reader._("as told")
    if statement.layer in _LAYERS:
        return reader._("%(first)s, %(second)s", first=layer(reader, statement.layer), second=words)
    return words
