"""Sound and film without metadata: what is heard and seen is taken over as it is, and nothing else.

By ffmpeg, which Debian has, in a confined child process. Whatever lies beside
sound and picture (words, covers, chapters, subtitles, attachments, positions)
is left behind; so is what pictures carry between them that is not shown.
"""

from __future__ import annotations

import mmap
import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import EvidenceError
from estelik.media import child, ffmpeg, hevc
from estelik.media.kind import LOOKED_AT, kind
from estelik.media.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What ffmpeg calls the container of each media type: as it reads it, and as it writes it.
KINDS: Final = {
    "audio/wav": ("wav", "wav"),
    "audio/mpeg": ("mp3", "mp3"),
    "audio/mp4": ("mov", "ipod"),
    "audio/ogg": ("ogg", "ogg"),
    "video/mp4": ("mov", "mp4"),
    "video/quicktime": ("mov", "mov"),
    "video/x-matroska": ("matroska", "matroska"),
}
#: Codings of pictures, with the kinds of unit that are taken over: those that are shown, and what they need.
#: There are others, for messages and filling (ITU-T H.264 and H.265, table 7-1; AV1, 6.2.2).
_UNITS: Final = {"h264": "1-5|7-9", "hevc": "0-9|16-21|32-35", "av1": "1-4|6-7", "vp8": "", "vp9": ""}
_SOUND: Final = {
    "aac", "alac", "amr_nb", "amr_wb", "flac", "mp3", "opus",
    "pcm_alaw", "pcm_f32le", "pcm_mulaw", "pcm_s16be", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_u8",
}  # fmt: skip
#: Only in the container that writes its header anew: elsewhere that is taken over with all that it says.
_SOUND_OF: Final = {"audio/ogg": {"vorbis"}}
_QUIET: Final = ("-v", "quiet", "-nostdin")
_INPUT: Final = "file:/proc/self/fd/0"
#: What a container may have more than the one that was read, in bytes.
_MORE: Final = 1 << 20
#: A line of bytes as ffprobe prints them: its place, up to eight groups, and letters.
_DUMPED: Final = re.compile(r"^[0-9a-f]{8}: ((?:[0-9a-f]{2,4} ){1,8})", re.MULTILINE)
_LARGEST: Final = 1 << 20


#: What containers would say of their own accord.
_OPTIONS: Final[dict[str, list[str]]] = {
    "mp3": ["-write_xing", "0", "-id3v2_version", "0", "-write_id3v1", "0"],
    "mp4": ["-write_tmcd", "0", "-empty_hdlr_name", "1"],
    "mov": ["-write_tmcd", "0", "-empty_hdlr_name", "1"],
    "ipod": ["-write_tmcd", "0", "-empty_hdlr_name", "1"],
}


class _Stream(msgspec.Struct, frozen=True):
    index: int
    codec_type: str = ""
    codec_name: str = ""
    disposition: dict[str, int] = {}
    extradata: str = ""


class _Streams(msgspec.Struct, frozen=True):
    streams: tuple[_Stream, ...] = ()


class _Tracks(NamedTuple):
    sound: list[_Stream]
    pictures: list[_Stream]


def check() -> None:
    """Raises ``EvidenceError`` where what this takes is not installed."""
    if shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None:
        raise EvidenceError(
            "Taking the metadata out of sound and film takes ffmpeg, which is not installed here.",
            do="On Debian, as root: apt-get install ffmpeg",
        )


@contextmanager
def stripped(file: Memory, type_: str, *, voice: bool) -> Iterator[tuple[Memory, tuple[str, ...]]]:
    """A recording of this media type without metadata, in memory, and by which steps it came about.

    Of a film the sound is left out unless ``voice``. Raises ``EvidenceError``.
    """
    check()
    tracks = _tracks(file, type_)
    chosen = tracks.pictures[:1] + (tracks.sound if voice or not tracks.pictures else [])
    for one in chosen:
        _known(one, type_)
    if not chosen:
        raise EvidenceError("There is no sound and no picture in this file.", do="Look at a working copy.")
    reads, writes = KINDS[type_]
    if reads == "matroska" and b"webm" in file.beginning(64):
        writes = "webm"
    steps = ["stripped"]
    if tracks.sound:
        steps.append("voiced" if chosen[-1] in tracks.sound else "silenced")
    with Memory() as made:
        words = [*_QUIET, "-y", "-threads", "1", "-protocol_whitelist", "file", "-f", reads, "-i", _INPUT]
        for one in chosen:
            words += ["-map", f"0:{one.index}"]
        words += ["-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"]
        if tracks.pictures and (units := _UNITS[tracks.pictures[0].codec_name]):
            words += ["-bsf:v", f"filter_units=pass_types={units}"]
        words += ["-fflags", "+bitexact", "-flags", "+bitexact", "-disposition", "0"]
        words += _OPTIONS.get(writes, [])
        out = made.fileno()
        words += ["-f", writes, f"file:/proc/self/fd/{out}"]
        limit = file.size + file.size // 16 + _MORE
        status = child.run(
            _command("ffmpeg", limit, words),
            file.fileno(),
            lambda _: None,
            largest=_LARGEST,
            patience=2 * ffmpeg.SECONDS,
            keep=(out,),
        )
        if status != 0 or not _same_kind(type_, kind(made.beginning(LOOKED_AT))):
            raise _damaged(slow=status is None)
        if any(one.codec_name == "hevc" for one in chosen):
            _without_messages(made, type_)
        made.settle()
        yield made, tuple(steps)


def _without_messages(made: Memory, type_: str) -> None:
    """Takes out the messages before the first picture: ffmpeg does that only between pictures."""
    (film,) = _tracks(made, type_).pictures
    said = b"".join(map(bytes.fromhex, _DUMPED.findall(film.extradata)))
    try:
        quiet = hevc.without_messages(said)
    except ValueError:
        raise _damaged(slow=False) from None
    with mmap.mmap(made.fileno(), made.size, access=mmap.ACCESS_READ) as whole:
        place = whole.find(said)
        if place < 0 or whole.find(said, place + 1) >= 0:
            raise _damaged(slow=False)
    made.put(quiet, place)


def _tracks(file: Memory, type_: str) -> _Tracks:
    words = [
        "-v",
        "quiet",
        "-protocol_whitelist",
        "file",
        "-f",
        KINDS[type_][0],
        "-show_streams",
        "-show_data",
        "-of",
        "json",
    ]
    said: list[bytes] = []
    status = child.run(
        _command("ffprobe", 0, [*words, _INPUT]),
        file.fileno(),
        said.append,
        largest=_LARGEST,
        patience=2 * ffmpeg.SECONDS,
    )
    try:
        found = msgspec.json.decode(b"".join(said), type=_Streams) if status == 0 else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = None
    if found is None:
        raise _damaged(slow=status is None)
    # A picture of a cover, a still or a thumbnail is none of the film.
    film = [one for one in found.streams if one.codec_type == "video"]
    return _Tracks(
        [one for one in found.streams if one.codec_type == "audio"],
        [] if type_.startswith("audio/") else [one for one in film if not _is_still(one)],
    )


def _is_still(one: _Stream) -> bool:
    return any(one.disposition.get(word) for word in ("attached_pic", "still_image", "timed_thumbnails"))


def _known(one: _Stream, type_: str) -> None:
    """Raises where nobody here knows what else this coding carries."""
    if one.codec_type == "audio":
        known = one.codec_name in _SOUND or one.codec_name in _SOUND_OF.get(type_, ())
    else:
        known = one.codec_name in _UNITS
    if not known:
        raise EvidenceError(
            "This sound or film is written in a way that can hold words that would stay in it.",
            do="Save a working copy as MP4 (H.264, AAC) or WAV, and add it; or leave out a film's sound.",
        )


def _same_kind(type_: str, found: str) -> bool:
    return found == type_ or {found, type_} == {"audio/mp4", "video/mp4"}


def _command(name: str, written: int, words: list[str]) -> list[str]:
    return child.command("ffmpeg", shutil.which(name) or name, str(written), *words)


def _damaged(*, slow: bool) -> EvidenceError:
    if slow:
        return EvidenceError("Reading this recording took too long.", do="Cut it, in a working copy.")
    return EvidenceError(
        "This recording is damaged, or is not what it begins as.",
        do="Ask for it to be sent again, and add it as it comes.",
    )
