"""Redaction: faces that a program proposes, somebody's decision on each, and a picture with some filled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from estelik.errors import EvidenceError, Sentence, UsageError
from estelik.evidence.derivation import keep, opened, reasoned
from estelik.evidence.working_copy import exhibit
from estelik.index import evidence as index
from estelik.index.evidence import Fresh
from estelik.media import faces, pixels
from estelik.media.pixels import Box
from estelik.records.evidence import Derivation, Faces, Step
from estelik.vault.new_file import new_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.evidence.derivation import Made
    from estelik.index.evidence import Exhibit
    from estelik.media.pixels import Pixels
    from estelik.vault.vault import Vault


class Decided(NamedTuple):
    """What somebody decided on the faces of a picture, by their numbers (from 1): those to ``fill``, those to
    ``leave``; and ``boxes`` to fill that no program proposed."""

    fill: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    boxes: tuple[Box, ...] = ()


def propose(vault: Vault, id_: str, progress: Callable[[int], None] = lambda _: None) -> Faces:
    """Where faces are seen in a picture: as it was recorded, where the same program has looked before, so
    that their numbers stay. Raises ``EvidenceError``."""
    one = exhibit(vault, id_)
    pixels.check(one.evidence.type)
    known, by = _last(one), faces.looks_with()
    if known is not None and by in {"", known.by}:
        return known
    if not by:
        raise faces.missing()
    with opened(vault, one, progress) as file, pixels.unpacked(file.fileno(), one.evidence.type) as picture:
        found = tuple(faces.proposed(picture))
    made = Faces(one.id, _now(), vault.device, by, picture.width, picture.height, found)
    index.enter(vault.store, [Fresh(one.compartment, made)])
    return made


def number(
    vault: Vault, id_: str, known: Faces, path: str, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Writes a working copy in which each proposed face has its box and number into a new file, and records
    it. Raises ``EvidenceError``."""
    one = exhibit(vault, id_)
    type_ = one.evidence.type
    with (
        new_file(path) as target,
        opened(vault, one, progress) as file,
        pixels.unpacked(file.fileno(), type_) as picture,
    ):
        _same_size(known, picture)
        pixels.number(picture, [Box(face.x, face.y, face.width, face.height) for face in known.faces])
        with pixels.packed(picture, type_) as (made, _):
            made.rewind()
            while data := made.read():
                target.write(data)
        target.settle()
        steps = (*map(Step, picture.steps), Step("numbered"), Step("rebuilt"))
        copy = Derivation(one.id, _now(), vault.device, "to decide on faces", steps=steps)
        index.enter(vault.store, [Fresh(one.compartment, copy)])
        target.appear()


def redact(
    vault: Vault,
    id_: str,
    decided: Decided,
    reason: str,
    progress: Callable[[int], None] = lambda _: None,
) -> Made:
    """Makes a picture in which the faces and boxes that are to be filled are black, and keeps it as evidence.

    Raises ``EvidenceError`` and ``UsageError``: while a proposed face is
    undecided, where a box is not in the picture, where nothing is to be filled.
    """
    reason = reasoned(reason)
    one = exhibit(vault, id_)
    pixels.check(one.evidence.type)
    known = _last(one)
    if known is None and (faces.looks_with() or not decided.boxes):
        raise _not_looked()
    _decisive(known, decided)
    with opened(vault, one, progress) as file, pixels.unpacked(file.fileno(), one.evidence.type) as picture:
        if known is not None:
            _same_size(known, picture)
        steps = [*map(Step, picture.steps), *_steps(known, decided, picture)]
        pixels.fill(picture, [Box(*step.box) for step in steps if step.box and step.step == "filled"])
        with pixels.packed(picture, one.evidence.type) as (made, becomes):
            return keep(vault, one, made, becomes, [*steps, Step("rebuilt")], reason)


def _last(one: Exhibit) -> Faces | None:
    return max(one.faces, key=lambda found: found.made, default=None)


def _decisive(known: Faces | None, decided: Decided) -> None:
    """Raises where the decision is not one on each face, and once."""
    there = set(range(1, len(known.faces) + 1)) if known else set()
    fill, leave = set(decided.fill), set(decided.leave)
    if (fill | leave) - there:
        raise UsageError("No face has this number.", do="See: estelik evidence faces ID")
    if fill & leave:
        raise UsageError(
            Sentence("%(numbers)s: to be filled and left.", numbers=_numbers(fill & leave)),
            do="Name each face once.",
        )
    if there - fill - leave:
        raise EvidenceError(
            Sentence("Not decided: %(numbers)s.", numbers=_numbers(there - fill - leave)),
            do="Look at each, and name it with --fill or --leave.",
        )
    if not fill and not decided.boxes:
        raise UsageError(
            "Nothing would be filled.", do="To take out metadata alone: estelik evidence strip ID"
        )


def _steps(known: Faces | None, decided: Decided, picture: Pixels) -> Sequence[Step]:
    size = picture.width, picture.height
    out = [] if known else [Step("unseen")]
    for place, face in enumerate(known.faces if known else (), 1):
        if place in decided.fill:
            out.append(Step("filled", faces.enlarged(face, *size), face.score))
        else:
            out.append(Step("left", (face.x, face.y, face.width, face.height), face.score))
    for box in decided.boxes:
        sound = min(box.x, box.y) >= 0 and min(box.width, box.height) > 0
        if not sound or box.x + box.width > size[0] or box.y + box.height > size[1]:
            raise UsageError(
                Sentence(
                    "A box does not lie in the picture, which has %(width)s x %(height)s pixels.",
                    width=size[0],
                    height=size[1],
                ),
                do="Write X,Y,WIDTH,HEIGHT, counted from the upper left corner.",
            )
        out.append(Step("filled", (box.x, box.y, box.width, box.height)))
    return out


def _same_size(known: Faces, picture: Pixels) -> None:
    if (known.width, known.height) != (picture.width, picture.height):
        raise EvidenceError(
            "The faces were looked for in a picture of another size.",
            do="Look again: estelik evidence faces ID",
        )


def _not_looked() -> EvidenceError:
    if not faces.looks_with():
        return faces.missing()
    return EvidenceError(
        "Nobody has looked for faces in this picture yet.", do="Do that first: estelik evidence faces ID"
    )


def _numbers(faces: set[int]) -> str:
    return ", ".join(map(str, sorted(faces)))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
