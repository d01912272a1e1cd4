"""Likeness: why two names may be one person's, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.language.direction import run
from estelik.language.events import related
from estelik.language.reader import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from estelik.identity.evidence import Evidence
    from estelik.identity.evidence import Kind as Piece
    from estelik.language.reader import Reader
    from estelik.names.part import Role
    from estelik.names.reason import Kind, Reason
    from estelik.names.script import Script

_SCRIPTS: Final[dict[Script, str]] = {
    "Latn": N_("Latin"),
    "Cyrl": N_("Cyrillic"),
    "Arab": N_("Arabic"),
    "Hani": N_("Chinese"),
    "Zzzz": N_("another script"),
    "Zyyy": N_("no script"),
}
_ROLES: Final[dict[Role, str]] = {
    "given": N_("given name"),
    "patronym": N_("father's name"),
    "surname": N_("family name"),
    "father": N_("father's or family name"),
    "clan": N_("clan"),
    "any": N_("word"),
    "honorific": N_("title"),
}
#: Of words that both have in one role.
_FITS: Final[dict[Kind, str]] = {
    "same": N_("same %(role)s"),
    "alike": N_("%(role)s alike"),
    "other": N_("%(role)s: not the same"),
    "root": N_("%(role)s of the same root"),
    "short": N_("%(role)s: one is short for the other"),
    "initial": N_("%(role)s: the initial fits"),
}
#: And of such as stand in two roles.
_ACROSS: Final[dict[Kind, str]] = {
    "same": N_("%(left)s and %(right)s are the same word"),
    "alike": N_("%(left)s and %(right)s are alike"),
    "other": N_("%(left)s and %(right)s are not the same word"),
    "root": N_("%(left)s and %(right)s have the same root"),
    "short": N_("%(left)s and %(right)s: one is short for the other"),
    "initial": N_("%(left)s and %(right)s: the initial fits"),
}
_OTHERS: Final[dict[Kind, str]] = {
    "unmatched": N_("a word that only one of them has"),
    "sexes": N_("the endings tell a man and a woman"),
    "siblings": N_("so brothers or sisters would be called"),
    "nothing": N_("one of them is no name"),
}
#: What else speaks for two people being one, or against it.
_PIECES: Final[dict[Piece, str]] = {
    "born": N_("birth ranges overlap"),
    "born-apart": N_("birth ranges do not meet"),
    "sexes": N_("one is a man and one a woman"),
    "number": N_("the number of a document is the same"),
    "number-slip": N_("numbers of documents differ by a slip, and one of them cannot be right"),
    "numbers": N_("each has another number of which everybody has one"),
    "relative": N_("the same relative: %(relation)s"),
    "relatives": N_("not the same mother or father"),
    "kin": N_("one is told to be the other's relative: %(relation)s"),
    "telling": N_("one telling speaks of both"),
    "place": N_("both were in %(place)s"),
    "county": N_("both were in one county: %(place)s"),
}


def pieces(reader: Reader, found: Sequence[Evidence]) -> list[Markup]:
    """Each piece of evidence beside the names as a few words: no number of a document is in them."""
    return [_piece(reader, one) for one in found]


def _piece(reader: Reader, one: Evidence) -> Markup:
    if one.kind == "common":
        count = int(one.about)
        return reader.ngettext(
            "%(count)s other here is called so", "%(count)s others here are called so", count, count=count
        )
    return reader._(_PIECES[one.kind], relation=related(reader, one.about), place=run(one.about))


def reasons(reader: Reader, why: Sequence[Reason]) -> list[Markup]:
    """Each reason as a few words."""
    return [_reason(reader, one) for one in why]


def _reason(reader: Reader, one: Reason) -> Markup:
    if one.kind == "scripts":
        left, right = (reader._(_SCRIPTS[script]) for script in one.scripts)
        return reader._("compared across scripts: %(left)s and %(right)s", left=left, right=right)
    if one.kind in _OTHERS:
        return reader._(_OTHERS[one.kind])
    roles = {one.left, one.right} - {"any"} or {"any"}
    if len(roles) == 1:
        return reader._(_FITS[one.kind], role=reader._(_ROLES[roles.pop()]))
    return reader._(_ACROSS[one.kind], left=reader._(_ROLES[one.left]), right=reader._(_ROLES[one.right]))
