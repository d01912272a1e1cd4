"""The child process that unpacks a picture into its pixels.

It is started as ``python -m estelik.media.unpacking FORMAT <file``. It answers
with one line of JSON (``Header``), then the pixels of the picture as somebody
sees it: row by row, three bytes each, sRGB. What does not come through as
pixels does not come through.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

import msgspec

from estelik.media import confinement

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

#: How many pixels a picture may have.
PIXELS: Final = 100_000_000
MEMORY: Final = 2 << 30
SECONDS: Final = 60
_ROWS: Final = 256
_DEEP: Final = ("I;16", "I;16L", "I;16B", "I;16N")
_ORIENTATION: Final = 0x0112
_WHITE: Final = (255, 255, 255)


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes before the pixels: ``width`` and ``height``, and by which ``steps`` they came about (see
    ``records.evidence.Step``); or the ``fault`` of a file of which there are none."""

    width: int = 0
    height: int = 0
    steps: tuple[str, ...] = ()
    fault: str = ""


class _Refused(Exception):  # noqa: N818 (it is an answer, and leaves this process as a word)
    pass


def load() -> None:
    """Loads all that is needed: later no file can be opened."""
    from PIL import Image, ImageCms, ImageOps

    Image.init()
    ImageCms.createProfile("sRGB")
    del ImageOps


def picture(file: IO[bytes], kind: str) -> tuple[Picture, tuple[str, ...]]:
    """The picture in a file of this format (a word of Pillow's), as somebody sees it, and the steps."""
    from PIL import Image, ImageOps

    # What Pillow only warns of is refused below.
    Image.MAX_IMAGE_PIXELS = None
    steps = []
    with Image.open(file, formats=[kind]) as image:
        if image.width * image.height > PIXELS:
            raise _Refused("large")
        if getattr(image, "n_frames", 1) > 1:
            # Telephones put previews behind a photograph; elsewhere nobody knows which one is meant.
            if image.format != "MPO":
                raise _Refused("several")
            steps.append("first")
        # Pillow turns some formats while it loads them, and of others knows only then how they were held.
        held = _held(image)
        image.load()
        if held != 1 or _held(image) != 1:
            ImageOps.exif_transpose(image, in_place=True)
            steps.append("turned")
        found: Picture = image
        if image.mode in _DEEP:
            found = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
            steps.append("reduced")
        elif image.mode in {"I", "F"}:
            raise _Refused("deep")
        profile = image.info.get("icc_profile")
        if found.has_transparency_data:
            # What lies below what nobody sees must not come to light.
            clear = found.convert("RGBA")
            found = Image.new("RGB", clear.size, _WHITE)
            found.paste(clear, mask=clear.getchannel("A"))
            steps.append("flattened")
        if profile:
            found, done = _converted(found, profile)
            steps += ["converted"] * done
        return found.convert("RGB"), tuple(steps)


def _held(image: Picture) -> int:
    """How the camera was held (EXIF 2.32, orientation: 1 to 8)."""
    # Damaged metadata says nothing of it; whoever looks at the result sees that.
    with suppress(Exception):
        found = image.getexif().get(_ORIENTATION, 1)
        return found if found in range(2, 9) else 1
    return 1


def _converted(image: Picture, profile: bytes) -> tuple[Picture, bool]:
    """A picture in sRGB, and whether the profile could be followed."""
    from PIL import ImageCms

    if image.mode not in {"RGB", "L", "CMYK"}:
        image = image.convert("RGB")
    try:
        found = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image, False
    return (image, False) if found is None else (found, True)


def main() -> None:
    """Reads the file on standard input, and answers on standard output."""
    kind = sys.argv[1]
    load()
    confinement.confine(memory=MEMORY, seconds=SECONDS)
    with os.fdopen(0, "rb", closefd=False) as file, os.fdopen(1, "wb", closefd=False) as out:
        try:
            image, steps = picture(file, kind)
        except _Refused as refused:
            out.write(msgspec.json.encode(Header(fault=str(refused))) + b"\n")
        else:
            width, height = image.size
            out.write(msgspec.json.encode(Header(width, height, steps)) + b"\n")
            for top in range(0, height, _ROWS):
                out.write(image.crop((0, top, width, min(top + _ROWS, height))).tobytes())
        out.flush()
    # No library is asked to clean up after a hostile file.
    os._exit(0)


if __name__ == "__main__":
    main()
