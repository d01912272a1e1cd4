"""Pictures, sound and film with things in them that must not go out, each of which can be searched for."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageCms, PngImagePlugin

if TYPE_CHECKING:
    from pathlib import Path

#: What stands in the files, and nowhere in what is made of them.
MARKS = (b"Zulfiya", b"N-4711", b"Nomad", b"behind-the-end", b"+43.2580", b"a-comment", b"1c1c1c", b"Almaty")
#: The colour of the hidden thumbnail, and that of the picture.
HIDDEN = (250, 10, 240)
SEEN = (10, 200, 30)
_XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>Zulfiya 1c1c1c</a></x:xmpmeta>"


def exif(orientation: int = 1) -> Image.Exif:
    """Author, device, its serial number, the place, and how it was held."""
    made = Image.Exif()
    made[0x0112], made[0x010F], made[0x013B] = orientation, "Nomad", "Zulfiya"
    camera, position = made.get_ifd(0x8769), made.get_ifd(0x8825)
    camera[0xA431], camera[0x9286] = "N-4711", b"ASCII\0\0\0Almaty"
    position[1], position[2], position[3], position[4] = "N", (43.0, 15.0, 30.0), "E", (76.0, 55.0, 0.0)
    return made


def picture(kind: str, image: Image.Image | None = None, orientation: int = 1) -> bytes:
    """A picture in this format (a word of Pillow's) with all that a file can say beside it."""
    image = image or Image.new("RGB", (64, 48), SEEN)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, object] = {"exif": exif(orientation).tobytes(), "icc_profile": profile}
    if kind == "JPEG":
        more |= {"comment": b"a-comment", "xmp": _XMP}
    elif kind == "PNG":
        said = PngImagePlugin.PngInfo()
        said.add_text("Author", "Zulfiya")
        said.add_itxt("Comment", "a-comment 1c1c1c", zip=False)
        more["pnginfo"] = said
    elif kind in {"WEBP", "AVIF"}:
        more |= {"xmp": _XMP}
    elif kind == "TIFF":
        more = {
            "exif": exif(orientation),
            "icc_profile": profile,
            "description": "a-comment",
            "artist": "Zulfiya",
        }
    out = io.BytesIO()
    image.save(out, kind, **more)
    data = out.getvalue()
    if kind == "JPEG":
        data = _with_thumbnail(data)
    return data + b"behind-the-end Zulfiya"


def _with_thumbnail(data: bytes) -> bytes:
    """With a JFIF extension that holds another picture (JFIF 1.02, thumbnail in three bytes a point)."""
    small = b"JFXX\0\x13" + bytes((8, 8)) + bytes(HIDDEN) * 64
    return data[:2] + b"\xff\xe0" + struct.pack(">H", len(small) + 2) + small + data[2:]


def png(mode: str, pixels: bytes, size: tuple[int, int], depth: int, kind: int) -> bytes:
    """A PNG of rows as they are given."""
    del mode
    rows = len(pixels) // size[1]
    raw = b"".join(b"\0" + pixels[row * rows : (row + 1) * rows] for row in range(size[1]))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", *size, depth, kind, 0, 0, 0)),
        (b"IDAT", zlib.compress(raw)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def several(kind: str) -> bytes:
    """Two pictures in one file."""
    out = io.BytesIO()
    second = Image.new("RGB", (20, 20), HIDDEN)
    Image.new("RGB", (20, 20), SEEN).save(out, kind, save_all=True, append_images=[second])
    return out.getvalue()


def swapped_profile() -> bytes:
    """A profile in which red and blue are exchanged, so that who follows it sees the other."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", made, 128)[0]
    tags = {bytes(made[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    made[red + 4 : red + 12], made[blue + 4 : blue + 12] = (
        made[blue + 4 : blue + 12],
        made[red + 4 : red + 12],
    )
    return bytes(made)


#: Recordings by what they are called: what is heard and seen, and how it is written.
_SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1")
_FILM = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=1")
RECORDINGS = {
    "sound.wav": (),
    "sound.mp3": ("cover",),
    "sound.m4a": ("cover",),
    "opus.ogg": ("-c:a", "libopus"),
    "vorbis.ogg": ("-c:a", "libvorbis"),
    "film.mp4": ("film", "-c:v", "libx264", "-c:a", "aac"),
    "film.mov": ("film", "-c:v", "libx264", "-c:a", "aac"),
    "film.mkv": ("film", "-c:v", "libx264", "-c:a", "libopus"),
    "film.webm": ("film", "-c:v", "libvpx", "-c:a", "libopus"),
    "av1.mp4": ("film", "-c:v", "libaom-av1", "-cpu-used", "8", "-c:a", "aac"),
    "hevc.mp4": ("film", "-c:v", "libx265", "-x265-params", "log-level=none", "-c:a", "aac"),
    "vorbis.webm": ("film", "-c:v", "libvpx", "-c:a", "libvorbis"),
    "mpeg4.mp4": ("film", "-c:v", "mpeg4", "-c:a", "aac"),
}


def recording(folder: Path, name: str) -> bytes:
    """A recording with words, a place, chapters, subtitles and a cover, as far as its format has them."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg: .ci/packages installs it")
    how = RECORDINGS[name]
    words = ["ffmpeg", "-v", "error", "-y"]
    if "film" in how:
        words += _FILM
    words += _SOUND
    chapters = folder / "chapters.txt"
    chapters.write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=Almaty 1c1c1c\n")
    words += ["-i", str(chapters)]
    inputs = 2 if "film" in how else 1
    mapped = [part for number in range(inputs) for part in ("-map", str(number))]
    if "cover" in how:
        cover = folder / "cover.png"
        Image.new("RGB", (32, 32), HIDDEN).save(cover)
        words += ["-i", str(cover)]
        mapped += ["-map", str(inputs + 1), "-c:v", "copy", "-disposition:v:0", "attached_pic"]
    mapped += ["-map_chapters", str(inputs)]
    for said in (
        "title=Zulfiya", "artist=Zulfiya", "comment=a-comment", "location=+43.2580+076.9160/",
        "creation_time=2018-01-28T16:00:00Z",
    ):  # fmt: skip
        mapped += ["-metadata", said]
    for stream in ("a", *("v" for _ in ("film",) if "film" in how)):
        mapped += [
            f"-metadata:s:{stream}:0",
            "title=Zulfiya",
            f"-metadata:s:{stream}:0",
            "handler_name=Nomad",
        ]
    if name == "film.mp4":
        # Messages that are not shown, between the pictures: where drones write where they fly.
        mapped += ["-bsf:v", "h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+Nomad1c1c1c"]
    path = folder / name
    more = [word for word in how if word not in {"film", "cover"}]
    subprocess.run([*words, *mapped, *more, str(path)], check=True, capture_output=True)
    return path.read_bytes()
