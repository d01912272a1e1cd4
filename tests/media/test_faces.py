"""Faces are proposed where there are some, by a program that sees nothing but pixels."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.media import drawn

from estelik.errors import EvidenceError
from estelik.media import child, detector, faces, pixels
from estelik.media.memory import Memory
from estelik.records.evidence import Face

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.media.pixels import Pixels

needs = pytest.mark.skipif(not faces.looks_with(), reason="needs what faces are looked for with")
PEOPLE = ((30, 40, 40), (90, 300, 60), (200, 700, 300))


@contextmanager
def seen(image: Image.Image) -> Iterator[Pixels]:
    """The pixels of a picture."""
    out = io.BytesIO()
    image.save(out, "PNG")
    with Memory() as file:
        file.write(out.getvalue())
        with pixels.unpacked(file.fileno(), "image/png") as found:
            yield found


def _is_in(middle: tuple[float, float], face: Face) -> bool:
    return face.x < middle[0] < face.x + face.width and face.y < middle[1] < face.y + face.height


@needs
def test_every_drawn_face_is_proposed_once() -> None:
    """Small ones and large ones, from the top to the bottom; each box is around the middle of a face, and
    enlarged covers all of it."""
    with seen(drawn.group((1300, 900), *PEOPLE)) as picture:
        found = faces.proposed(picture)
    assert len(found) == len(PEOPLE)
    assert [one.y for one in found] == sorted(one.y for one in found)
    for person in PEOPLE:
        x, y, width, height = drawn.face(*person)
        (one,) = [face for face in found if _is_in((x + width / 2, y + height / 2), face)]
        left, top, across, down = faces.enlarged(one, 1300, 900)
        assert left <= x
        assert top <= y
        assert left + across >= x + width
        assert top + down >= y + height
        assert 0.2 < one.score <= 1


@needs
@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (1, 1)),
        Image.effect_noise((700, 500), 90).convert("RGB"),
        Image.new("RGB", (3000, 9)),
    ],
)
def test_where_there_is_no_face_none_is_proposed(image: Image.Image) -> None:
    with seen(image) as picture:
        assert faces.proposed(picture) == []


@needs
@pytest.mark.parametrize(
    "said",
    [
        '[{"x":5,"y":5,"width":6,"height":1,"score":1}]', '[{"x":-1,"y":5,"width":3,"height":1,"score":1}]',
        '[{"x":1,"y":5,"width":0,"height":1,"score":1}]', '[{"x":1}]', "faces", "",
    ],
)  # fmt: skip
def test_what_the_child_says_is_believed_no_more_than_the_pixels(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    with seen(Image.new("RGB", (10, 10))) as picture:
        monkeypatch.setattr(child, "command", lambda *_: ["/bin/sh", "-c", f"printf '%s' '{said}'"])
        with pytest.raises(EvidenceError, match="failed"):
            faces.proposed(picture)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "network", lambda: None)
    with seen(Image.new("RGB", (10, 10))) as picture, pytest.raises(EvidenceError, match=r"estelik\[faces\]"):
        faces.proposed(picture)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(1, 100), st.integers(1, 100), st.integers(0, 50))
def test_an_enlarged_box_holds_the_face_and_lies_in_the_picture(
    x: int, y: int, width: int, height: int, more: int
) -> None:
    across, down = x + width + more, y + height + more
    left, top, wide, tall = faces.enlarged(Face(x, y, width, height, 0.5), across, down)
    assert 0 <= left <= x
    assert 0 <= top <= y
    assert x + width <= left + wide <= across
    assert y + height <= top + tall <= down
    # By a quarter on each side, where there is room.
    if left > 0 and left + wide < across:
        assert wide >= width * 1.5
