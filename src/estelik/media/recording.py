"""Metadata of sound and film, by MediaInfo. Only the child process loads this."""

from __future__ import annotations

import re
from typing import IO, Any, Final

_TIME: Final = re.compile(
    r"(?:(UTC) )?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?(?: ?(UTC|Z|[+-]\d\d:?\d\d))?", re.ASCII
)
_POSITION: Final = re.compile(r"([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)", re.ASCII)
#: The words for one thing, the most telling first.
_TAKEN: Final = ("comapplequicktimecreationdate", "recorded_date", "encoded_date", "tagged_date")
_WHERE: Final = ("xyz", "comapplequicktimelocationiso6709", "recorded_location", "recordinglocation")
_MAKE: Final = ("comapplequicktimemake", "make", "encoded_hardware_companyname", "comandroidmanufacturer")
_MODEL: Final = ("comapplequicktimemodel", "model", "encoded_hardware_name", "comandroidmodel")
_SERIAL: Final = ("encoded_hardware_serialnumber", "serialnumber")
_AUTHOR: Final = ("performer", "director", "artist", "author", "encoded_by")
_SOFTWARE: Final = (
    "comapplequicktimesoftware",
    "encoded_application",
    "writing_application",
    "writing_library",
)


def load() -> None:
    """Loads all that is needed: later no file can be opened."""
    from pymediainfo import MediaInfo

    if not MediaInfo.can_parse():
        raise SystemExit(1)


def parse(file: IO[bytes]) -> dict[str, Any]:
    """What a recording says of itself."""
    from pymediainfo import MediaInfo

    tracks = [track.to_data() for track in MediaInfo.parse(file, parse_speed=0.3).tracks]
    general = next(one for one in tracks if one["track_type"] == "General")
    pictures = [one for one in tracks if one["track_type"] in {"Video", "Image"}]
    if not general.get("format"):
        # It knows nothing of this file.
        raise SystemExit(1)
    width, height = (_number(pictures[0].get(side)) if pictures else 0 for side in ("width", "height"))
    return {
        "taken": next(filter(None, (_time(_said(general, (one,))) for one in _TAKEN)), ""),
        "width": int(width),
        "height": int(height),
        "seconds": _number(general.get("duration")) / 1000,
        "device": " ".join(filter(None, (_said(general, _MAKE), _said(general, _MODEL)))),
        "serial": _said(general, _SERIAL),
        "author": _said(general, _AUTHOR),
        "software": _said(general, _SOFTWARE),
        "position": _degrees(_said(general, _WHERE)),
    }


def _said(general: dict[str, Any], words: tuple[str, ...]) -> str:
    return next((str(general[word])[:1000] for word in words if general.get(word)), "")


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0


def _time(text: str) -> str:
    found = _TIME.match(text)
    if found is None:
        return ""
    before, day, hour, after = found.groups()
    offset = "Z" if before or after == "UTC" else after or ""
    if len(offset) == 5:
        offset = f"{offset[:3]}:{offset[3:]}"
    return f"{day}T{hour}{offset}"


def _degrees(text: str) -> tuple[float, float] | None:
    found = _POSITION.match(text)
    return (float(found[1]), float(found[2])) if found else None
