"""Slots: the words of a name as they are compared, each in the forms that it may have."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from anyascii import anyascii

from estelik.names import matching, short_forms
from estelik.names.folding import folded
from estelik.names.scripts import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.names.name import Name
    from estelik.names.part import Part, Role
    from estelik.names.script import Script
    from estelik.names.weights import Weights

#: What roles count as when words are matched.
_ROLES: Final[dict[Role, int]] = {"given": 1, "patronym": 2, "surname": 2, "father": 2, "clan": 3}
#: A Chinese name without marks between its parts has so many characters.
_NATIVE: Final = range(2, 5)
#: Where a family's name has two characters (simplified).
_DOUBLE: Final = frozenset(
    ("欧阳", "司马", "诸葛", "上官", "夏侯", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "南宫")
)


class Form(NamedTuple):
    """A folded word; ``kind``: as written, without what marks a child or a family, a short form
    (``matching.FULL`` and so on)."""

    script: Script
    letters: str
    kind: int


class Slot(NamedTuple):
    """One word of a name. ``role``: what it counts as; ``initial``: it is a letter for a name."""

    forms: tuple[Form, ...]
    role: int
    initial: bool


class Slots(NamedTuple):
    """A name in slots. ``alternatives``: as written first, then the ways in which a Chinese name may be cut;
    ``native``: where its characters stand in the lists of the map, where all do."""

    alternatives: tuple[tuple[Slot, ...], ...]
    native: tuple[int, ...]


def slots(name: Name, weights: Weights) -> Slots:
    """The slots of a name; no word is left of one that is only titles."""
    alternatives = _alternatives(tuple(_slots(name, weights)))
    native: tuple[int, ...] = ()
    if len(alternatives) > 1:
        places, letters = weights.characters, alternatives[0][0].forms[0].letters
        if all(one in places for one in letters):
            native = tuple(places[one] for one in letters)
    return Slots(alternatives, native)


def _alternatives(written: tuple[Slot, ...]) -> tuple[tuple[Slot, ...], ...]:
    if len(written) != 1 or written[0].forms[0].script != "Hani":
        return (written,)
    letters = written[0].forms[0].letters
    if len(letters) not in _NATIVE:
        return (written,)
    cut = 2 if letters[:2] in _DOUBLE else 1
    both = _chinese(letters[:cut], 2), _chinese(letters[cut:], 1)
    if len(letters) > cut + 1:
        return written, both, tuple(_chinese(one, 0) for one in letters)
    return written, both


def written(found: Slots) -> str:
    """The slots of a name as one line: its script, then words, their forms behind one another. Roles and
    initials are left out."""
    first = found.alternatives[0]
    if not first:
        return ""
    words = (
        "/".join(_MARKS[form.kind] + form.letters for form in slot.forms if form.kind in _MARKS)
        for slot in first
    )
    return f"{first[0].forms[0].script} {' '.join(words)}"


def read(line: str) -> tuple[tuple[Slot, ...], ...]:
    """The alternatives of a name that was ``written``."""
    script, *words = line.split(" ")
    out: list[Slot] = []
    for word in words:
        whole, *roots = word.split("/")
        forms = [Form(script, whole, matching.FULL)]  # type: ignore[arg-type]
        forms += [Form(script, root[1:], matching.ROOT) for root in roots]  # type: ignore[arg-type]
        out.append(Slot((*forms, *_short(script, whole)), 0, initial=False))
    return _alternatives(tuple(out)) if out else ((),)


#: What stands before a form of a word that is kept: short forms can be had from the word.
_MARKS: Final = {matching.FULL: "", matching.ROOT: "~"}


def _slots(name: Name, weights: Weights) -> Iterable[Slot]:
    for part in name.parts:
        if part.role != "honorific":
            yield from _of_part(name.script, part, weights)


@lru_cache(maxsize=1 << 16)
def _of_part(script: Script, part: Part, weights: Weights) -> tuple[Slot, ...]:
    """The slots of a part: one, none where it has no letter, or one for each piece between hyphens."""
    role = _ROLES.get(part.role, 0)
    if part.initial:
        # As it is meant: letters are called otherwise where they are foreign.
        forms = _forms(script, part.root, "", weights)
        return (Slot(forms[:1], role, initial=True),) if forms else ()
    if part.marker or "-" not in part.text or " " in part.text:
        forms = _forms(script, part.text, part.root if part.marker else "", weights)
        initial = bool(forms) and len(forms[0].letters) == 1 and script != "Hani"
        return (Slot(forms, role, initial),) if forms else ()
    pieces = (_forms(script, piece, "", weights) for piece in part.text.split("-"))
    return tuple(Slot(forms, role, initial=False) for forms in pieces if forms)


def _forms(script: Script, text: str, root: str, weights: Weights) -> tuple[Form, ...]:
    whole = letters_of(script, text, weights)
    if not whole:
        return ()
    out = [Form(script, whole, matching.FULL)]
    if root:
        root = letters_of(script, root, weights)
        if root and root != whole:
            out.append(Form(script, root, matching.ROOT))
    return (*out, *_short(script, whole))


def _short(script: str, whole: str) -> list[Form]:
    if script not in ("Latn", "Cyrl"):
        return []
    return [Form(script, other, matching.SHORT) for other in short_forms.of(whole)]  # type: ignore[arg-type]


def letters_of(script: Script, text: str, weights: Weights) -> str:
    """A word folded as it is compared: Chinese in simplified characters, and nothing longer than any name."""
    if script not in KINDS:
        # The map knows nothing of it: what letters it has are compared as they sound in Latin ones.
        script, text = "Latn", anyascii(text)
    letters = folded(script, text)[:80]
    if script == "Hani":
        places, plain = weights.characters, weights.simplified
        return "".join(plain[places[one]] if one in places else one for one in letters)
    return letters


def _chinese(letters: str, role: int) -> Slot:
    return Slot((Form("Hani", letters, matching.FULL),), role, initial=False)
