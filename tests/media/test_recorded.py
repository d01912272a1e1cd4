"""Sound and film keep what is heard and seen, and nothing else."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.media import files, marked
from tests.media.test_pixels import content

from estelik.errors import EvidenceError
from estelik.media import child, facts, hevc, recorded
from estelik.media.kind import kind
from estelik.media.memory import Memory
from estelik.records.evidence import Maker

if TYPE_CHECKING:
    from pathlib import Path

_DONE = [name for name in marked.RECORDINGS if name != "mpeg4.mp4"]


def stripped(data: bytes, *, voice: bool = True, type_: str = "") -> tuple[bytes, tuple[str, ...]]:
    """A recording without metadata, and the steps."""
    with Memory() as file:
        file.write(data)
        file.settle()
        with recorded.stripped(file, type_ or kind(data), voice=voice) as (made, steps):
            # The program that wrote it may be named; nobody is.
            maker = facts.read(made.fileno(), kind(made.beginning(4096))).maker
            assert msgspec.structs.replace(maker, software="") == Maker()
            return content(made), steps


def _asked(path: Path) -> dict[str, Any]:
    """What a second reader says of it."""
    words = ["-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json", str(path)]
    said = subprocess.run(["ffprobe", *words], check=True, capture_output=True)
    assert said.stderr == b""
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def _tags(found: dict[str, Any]) -> set[str]:
    """The words that a file and its tracks are said to have."""
    return {word for one in (found["format"], *found["streams"]) for word in one.get("tags", {})}


def _decoded(path: Path, stream: str, *more: str) -> bytes:
    """The hash of each picture or piece of sound."""
    words = ["-v", "error", "-i", str(path), "-map", f"0:{stream}", *more, "-f", "framehash", "-"]
    said = subprocess.run(["ffmpeg", *words], check=True, capture_output=True)
    assert said.stderr == b""
    lines = [line for line in said.stdout.splitlines() if not line.startswith(b"#")]
    assert lines
    return b"\n".join(line.split(b",")[5] for line in lines)


@pytest.mark.parametrize("name", _DONE)
def test_words_places_covers_and_messages_stay_behind(tmp_path: Path, name: str) -> None:
    """Of the file, of each track, between pictures; chapters and covers too. What is seen and heard is the
    same, byte for byte."""
    data = marked.recording(tmp_path, name)
    assert sum(mark in data for mark in marked.MARKS) >= 2
    film, voice = "film" in marked.RECORDINGS[name], name != "vorbis.webm"
    made, steps = stripped(data, voice=voice)
    path = tmp_path / f"made-{name}"
    path.write_bytes(made)
    assert [mark for mark in (*marked.MARKS, b"2018", b"x264", b"x265") if mark in made] == []
    found = _asked(path)
    streams = [stream["codec_type"] for stream in found["streams"]]
    assert streams == ["video"] * film + ["audio"] * voice
    assert found["chapters"] == []
    assert {"title", "artist", "comment", "location", "creation_time"} & _tags(found) == set()
    assert steps == ("stripped", "voiced" if voice else "silenced")
    for stream in ["v:0"] * film + ["a:0"] * voice:
        # How much of the beginning of an MP3 is no sound stands beside it: that is compared as written.
        written = ("-c", "copy") if name == "sound.mp3" else ()
        assert _decoded(path, stream, *written) == _decoded(tmp_path / name, stream, *written)


def test_a_film_has_no_sound_unless_somebody_asks_for_it(tmp_path: Path) -> None:
    made, steps = stripped(marked.recording(tmp_path, "film.mp4"), voice=False)
    (tmp_path / "made.mp4").write_bytes(made)
    assert [one["codec_type"] for one in _asked(tmp_path / "made.mp4")["streams"]] == ["video"]
    assert steps == ("stripped", "silenced")


@pytest.mark.parametrize(
    ("name", "voice", "says"), [("vorbis.webm", True, "hold words"), ("mpeg4.mp4", False, "hold words")]
)
def test_codings_that_can_hold_words_are_refused(tmp_path: Path, name: str, voice: bool, says: str) -> None:
    with pytest.raises(EvidenceError, match=says):
        stripped(marked.recording(tmp_path, name), voice=voice)


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (files.film(), "video/mp4"),
        (files.hostile()["a film of 2,000 boxes in each other"], "video/mp4"),
        (files.hostile()["a film that says it is larger than it is"], "video/mp4"),
        (files.hostile()["Matroska that never ends"], "video/x-matroska"),
        (files.hostile()["sound with a tag of 256 MB"], "audio/mpeg"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "audio/mpeg"),
        (files.photograph(), "video/mp4"),
        (b"x", "audio/wav"),
    ],
)
def test_what_is_no_recording_is_refused(data: bytes, type_: str) -> None:
    with pytest.raises(EvidenceError, match=r"damaged|no sound"):
        stripped(data, type_=type_)


def test_a_recording_that_says_it_is_larger_than_it_is_ends_where_it_ends() -> None:
    data = files.hostile()["a recording that says it is larger than it is"]
    made, _ = stripped(data)
    assert len(made) <= len(data)


def test_without_ffmpeg_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EvidenceError, match="apt-get install ffmpeg"):
        stripped(files.recording())


_LOOK = """
attempt() {{ if ("$@") 2>/dev/null; then echo done; else echo refused; fi; }}
reads() {{ read -r line <"$1"; }}
writes() {{ echo new >"$1"; }}
lists() {{ local found=("$1"/*); [[ -e ${{found[0]}} ]]; }}
attempt reads {marked}; attempt reads /etc/passwd; attempt lists {folder}; attempt writes {marked}.new
attempt kill -0 {parent}; attempt reads /dev/tcp/127.0.0.1/{port}
ulimit -v; ulimit -t; ulimit -f
printf handed >/proc/self/fd/{out}
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="confined further on Linux only")
def test_a_program_that_is_handed_a_recording_reaches_nothing_else(tmp_path: Path) -> None:
    """No file, no folder, no process, no network; it has its limits; what it was handed it may write."""
    secret = tmp_path / "passphrase"
    secret.write_text("secret\n")
    said: list[bytes] = []
    with socket.socket() as server, Memory() as file, Memory() as out:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port, handle = server.getsockname()[1], out.fileno()
        code = _LOOK.format(marked=secret, folder=tmp_path, parent=os.getpid(), port=port, out=handle)
        started = child.command("ffmpeg", "/bin/bash", "10240", "-c", code)
        status = child.run(started, file.fileno(), said.append, largest=9999, patience=60, keep=(handle,))
        assert (status, content(out)) == (0, b"handed")
    tried = b"".join(said).decode().split()
    assert tried == ["refused"] * 6 + [str((2 << 30) // 1024), "300", "10"]
    assert not (tmp_path / "passphrase.new").exists()
    # Where nothing is refused, all of it is done.
    free = subprocess.run(["bash", "-c", code.rpartition("ulimit -v")[0]], capture_output=True, check=True)
    assert free.stdout.split()[:5] == [b"done"] * 5


def test_messages_before_the_first_picture_are_taken_out() -> None:
    """Lists of units that are parameters stay; the length stays; what is no configuration is refused."""
    head = bytes([1]) + bytes(21)

    def units(sort: int, *ones: bytes) -> bytes:
        return bytes([0x80 | sort, 0, len(ones)]) + b"".join(bytes([0, len(one)]) + one for one in ones)

    needed = units(32, b"whole"), units(33, b"sequence", b"other"), units(34, b"picture")
    said = (
        head + bytes([5]) + needed[0] + units(39, b"Zulfiya") + needed[1] + needed[2] + units(40, b"N-4711")
    )
    quiet = hevc.without_messages(said)
    kept = head + bytes([3]) + b"".join(needed)
    assert quiet == kept + bytes(len(said) - len(kept))
    assert hevc.without_messages(quiet) == quiet
    for broken in (b"", said[:40], b"\0" + said[1:]):
        with pytest.raises(ValueError, match=r"^$"):
            hevc.without_messages(broken)
