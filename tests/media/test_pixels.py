"""A picture is made anew from its pixels: whatever else the file had is not in it."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.media import files, marked

from estelik.errors import EvidenceError
from estelik.media import child, pixels
from estelik.media.kind import kind
from estelik.media.memory import Memory
from estelik.media.pixels import Box

if TYPE_CHECKING:
    from collections.abc import Sequence


def content(memory: Memory) -> bytes:
    """All that a file in memory has."""
    memory.rewind()
    return b"".join(iter(memory.read, b""))


def anew(data: bytes, boxes: Sequence[Box] = (), type_: str = "") -> tuple[bytes, str, tuple[str, ...]]:
    """The picture made anew, its media type, and the steps."""
    type_ = type_ or kind(data)
    with Memory() as file:
        file.write(data)
        file.settle()
        with pixels.unpacked(file.fileno(), type_) as found:
            pixels.fill(found, boxes)
            with pixels.packed(found, type_) as (made, becomes):
                return content(made), becomes, found.steps


def _seen(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert image.mode == "RGB"
        return image.copy()


def _parts(data: bytes) -> set[str]:
    """What a JPEG or PNG consists of: its segments or chunks up to its end, at which the file ends."""
    out, at = set(), 8
    if data.startswith(b"\x89PNG"):
        while at < len(data):
            size = int.from_bytes(data[at : at + 4], "big")
            out.add(data[at + 4 : at + 8].decode())
            at += 12 + size
        assert at == len(data)
        return out
    at = 2
    while True:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        out.add(f"{marker:02x}")
        at += 2 + size
        if marker == 0xDA:
            break
    # Within what was scanned a byte of ones is followed by a zero: the first end is the end.
    assert data.index(b"\xff\xd9", at) == len(data) - 2
    return out


@pytest.mark.parametrize("word", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_nothing_but_pixels_comes_through(word: str) -> None:
    """Neither author, device, serial number, place, comment, thumbnail, profile, nor text after the end."""
    data = marked.picture(word)
    assert sum(mark in data for mark in marked.MARKS) >= 4
    made, becomes, _ = anew(data)
    assert [mark for mark in marked.MARKS if mark in made] == []
    assert bytes(marked.HIDDEN) * 4 not in made
    assert becomes == ("image/jpeg" if word == "JPEG" else "image/png")
    # JFIF's head without a thumbnail, tables, frame and scan; or head, rows and end.
    assert _parts(made) <= ({"e0", "db", "c0", "c4", "da"} if word == "JPEG" else {"IHDR", "IDAT", "IEND"})
    with Image.open(io.BytesIO(made)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    difference = np.abs(np.asarray(_seen(made), int) - np.array(marked.SEEN))
    assert difference.max() <= 6


@pytest.mark.parametrize("word", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_it_is_looked_at(word: str, orientation: int) -> None:
    """So that a box is filled where somebody sees it, however the camera was held."""
    upright = Image.new("RGB", (64, 32), (200, 200, 200))
    upright.paste((255, 0, 0), (0, 0, 16, 16))
    upright.paste((0, 0, 255), (48, 16, 64, 32))
    undone = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    held = upright
    if orientation > 1:
        held = upright.transpose(Image.Transpose(undone[orientation]))
    made, _, steps = anew(marked.picture(word, held, orientation), [Box(48, 16, 16, 16)])
    seen = _seen(made)
    assert (seen.size, "turned" in steps) == ((64, 32), orientation > 1)
    expected = upright.copy()
    expected.paste((0, 0, 0), (48, 16, 64, 32))
    assert np.abs(np.asarray(seen, int) - np.asarray(expected, int)).mean() < 4
    assert seen.getpixel((56, 24)) in {(0, 0, 0), (1, 0, 0), (0, 0, 1)}


def test_colours_are_those_that_the_profile_means() -> None:
    """A profile that exchanges red and blue is followed, and does not come along."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (250, 20, 20)).save(out, "PNG", icc_profile=marked.swapped_profile())
    made, _, steps = anew(out.getvalue())
    red, _, blue = np.asarray(_seen(made))[4, 4].tolist()
    assert blue > 200
    assert red < 80
    assert steps == ("converted",)
    assert b"iCCP" not in made


@pytest.mark.parametrize("broken", [b"no profile at all", b"\0" * 128, marked.swapped_profile()[:200]])
def test_a_profile_that_is_none_is_not_followed(broken: bytes) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (250, 20, 20)).save(out, "PNG", icc_profile=broken)
    made, _, steps = anew(out.getvalue())
    assert (_seen(made).getpixel((4, 4)), steps) == ((250, 20, 20), ())


def test_what_lies_under_transparency_does_not_come_to_light() -> None:
    """Nobody sees it, and it is in the file: in a colour with no strength, or of a palette."""
    hidden = Image.new("RGBA", (16, 16), (*marked.HIDDEN, 0))
    hidden.paste((0, 90, 0, 255), (0, 0, 8, 16))
    palette = hidden.convert("P")
    for image, more in ((hidden, {}), (palette, {"transparency": palette.getpixel((12, 4))})):
        out = io.BytesIO()
        image.save(out, "PNG", **more)
        made, _, steps = anew(out.getvalue())
        assert steps == ("flattened",)
        assert _seen(made).getpixel((12, 4)) == (255, 255, 255)
        assert max(np.asarray(_seen(made))[4, 4].tolist()) < 130


def test_deep_and_printed_colours_become_those_of_a_screen() -> None:
    """Of 16 bits the upper 8; of CMYK what is seen."""
    deep = marked.png("I;16", np.full((4, 4), 0x8123, ">u2").tobytes(), (4, 4), 16, 0)
    made, _, steps = anew(deep)
    assert (_seen(made).getpixel((2, 2)), steps) == ((0x81, 0x81, 0x81), ("reduced",))
    out = io.BytesIO()
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(out, "JPEG")
    red, green, blue = np.asarray(_seen(anew(out.getvalue())[0]))[8, 8].tolist()
    assert (red > 230, green < 25, blue < 25) == (True, True, True)


def _refused() -> dict[str, tuple[bytes, str, str]]:
    numbers = io.BytesIO()
    Image.new("F", (8, 8), 0.5).save(numbers, "TIFF")
    whole = marked.picture("JPEG", Image.effect_noise((200, 200), 80))
    return {
        "a bomb": (files.hostile()["a picture of ten thousand million pixels"], "", "100 million"),
        "a PDF posing as a JPEG": (b"\xff\xd8\xff\xe0" + files.sheet(), "image/jpeg", "damaged"),
        "a PDF": (files.sheet(), "", "no picture"),
        "a picture of another kind": (marked.picture("PNG"), "image/jpeg", "damaged"),
        "cut short": (whole[: len(whole) // 2], "", "damaged"),
        "a moving PNG": (marked.several("PNG"), "", "more than one"),
        "a moving WebP": (marked.several("WEBP"), "", "more than one"),
        "a TIFF of two pages": (marked.several("TIFF"), "", "more than one"),
        "numbers that are no colours": (numbers.getvalue(), "", "no screen"),
        "nothing": (b"", "image/png", "damaged"),
    }


@pytest.mark.parametrize("name", _refused())
def test_what_cannot_be_made_anew_is_refused_with_its_reason(name: str) -> None:
    data, type_, says = _refused()[name]
    with pytest.raises(EvidenceError, match=says):
        anew(data, type_=type_)


@pytest.mark.parametrize(
    "name", [name for name, data in files.hostile().items() if kind(data) in pixels.FORMATS]
)
def test_a_hostile_picture_comes_to_an_end(name: str) -> None:
    with pytest.raises(EvidenceError):
        anew(files.hostile()[name])


@pytest.mark.parametrize(
    "said",
    [
        b'{"width":2,"height":2,"steps":[]}\n' + bytes(11),
        b'{"width":2,"height":2,"steps":[]}\n' + bytes(13),
        b'{"width":-2,"height":-2,"steps":[]}\n' + bytes(12),
        b'{"width":2,"height":2,"steps":["Zulfiya"]}\n' + bytes(12),
        b'{"width":2,"height":2,"more":1}\n' + bytes(12),
        b'{"width":2,"height":2,"steps":[]}' + bytes(12),
        b'{"fault":"Zulfiya"}\n',
        b"\n",
        b"",
    ],
)
def test_what_the_child_says_is_believed_no_more_than_the_file(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    """So many pixels as it says, steps that there are, and nothing else."""
    monkeypatch.setattr(child, "command", lambda *_: ["/bin/sh", "-c", f"printf '{_printf(said)}'"])
    with pytest.raises(EvidenceError, match="damaged") as raised:
        anew(b"x", type_="image/png")
    assert "Zulfiya" not in str(raised.value)


def _printf(data: bytes) -> str:
    return "".join(f"\\{byte:03o}" for byte in data)


def test_the_child_that_unpacks_has_given_up_all_it_does_not_need() -> None:
    """Looked at from outside, while it waits for a file: no network, no file, limits."""
    reading, writing = os.pipe()
    with subprocess.Popen(
        child.command("unpacking", "JPEG"), stdin=reading, stdout=subprocess.PIPE, env={}, cwd="/"
    ) as waiting:
        os.close(reading)
        assert waiting.stdout is not None
        proc = Path(f"/proc/{waiting.pid}")
        for _ in range(600):
            if "NoNewPrivs:\t1" in (proc / "status").read_text():
                break
            waiting.poll()
            subprocess.run(["sleep", "0.02"], check=True)
        limits = (proc / "limits").read_text()
        network = (proc / "ns" / "net").readlink()
        os.close(writing)
        waiting.wait(30)
    assert network != Path("/proc/self/ns/net").readlink()
    for name, value in (("Max file size", "0"), ("Max address space", str(2 << 30)), ("Max core", "0")):
        line = next(line for line in limits.splitlines() if line.startswith(name))
        assert value in line.split()


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.lists(
        st.tuples(st.integers(0, 39), st.integers(0, 39), st.integers(1, 40), st.integers(1, 40)), max_size=4
    ),
)
def test_what_is_filled_is_black_and_all_else_is_as_it_was(
    width: int, height: int, boxes: list[tuple[int, int, int, int]]
) -> None:
    """For every picture and boxes, whether they lie in it or stick out."""
    before = np.random.default_rng(width * 41 + height).integers(1, 255, (height, width, 3), np.uint8)
    with Memory() as memory:
        memory.write(before.tobytes())
        pixels.fill(pixels.Pixels(memory, width, height, ()), [Box(*one) for one in boxes])
        after = np.frombuffer(content(memory), np.uint8).reshape(height, width, 3)
    filled = np.zeros((height, width), bool)
    for x, y, across, down in boxes:
        filled[y : y + down, x : x + across] = True
    assert not after[filled].any()
    assert (after[~filled] == before[~filled]).all()
