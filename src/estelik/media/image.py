"""Metadata of images: EXIF, as cameras and telephones write it. Only the child process loads this."""

from __future__ import annotations

from typing import IO, Any, Final

# Words of EXIF 2.32, by their numbers.
_MAKE: Final = 0x010F
_MODEL: Final = 0x0110
_SOFTWARE: Final = 0x0131
_CHANGED: Final = 0x0132
_ARTIST: Final = 0x013B
_CAMERA: Final = 0x8769
_POSITION: Final = 0x8825
_TAKEN: Final = 0x9003
_OFFSET: Final = 0x9011
_SERIAL: Final = 0xA431
_LATITUDE: Final = (1, 2, "S")
_LONGITUDE: Final = (3, 4, "W")


def load() -> None:
    """Loads all that is needed: later no file can be opened."""
    from PIL import Image

    Image.init()


def parse(file: IO[bytes]) -> dict[str, Any]:
    """What an image says of itself; its pixels are never unpacked."""
    from PIL import Image

    # Nothing is unpacked, so that its size does no harm; it is a fact like another.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(file) as image:
        found: dict[str, Any] = {"width": image.width, "height": image.height}
        exif = image.getexif()
    camera, position = exif.get_ifd(_CAMERA), exif.get_ifd(_POSITION)
    device = " ".join(filter(None, (_text(exif.get(_MAKE)), _text(exif.get(_MODEL)))))
    return found | {
        "taken": _time(_text(camera.get(_TAKEN)), _text(camera.get(_OFFSET))),
        "device": device,
        "serial": _text(camera.get(_SERIAL)),
        "author": _text(exif.get(_ARTIST)),
        "software": _text(exif.get(_SOFTWARE)),
        "position": _degrees(position),
    }


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return value[:1000].strip("\0 ") if isinstance(value, str) else ""


def _time(text: str, offset: str) -> str:
    day, _, hour = text.partition(" ")
    return f"{day.replace(':', '-')}T{hour}{offset}" if hour else ""


def _degrees(position: dict[int, Any]) -> tuple[float, float] | None:
    found = []
    for side, value, negative in (_LATITUDE, _LONGITUDE):
        try:
            degrees, minutes, seconds = (float(part) for part in position[value])
            sign = -1 if _text(position.get(side)) == negative else 1
            found.append(round(sign * (degrees + minutes / 60 + seconds / 3600), 6))
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            return None
    return found[0], found[1]
