"""Files made on the fly: a photograph, a sheet, a recording, and some that were made to do harm."""

from __future__ import annotations

import io
import struct
import wave
import zlib
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Mapping


def photograph() -> bytes:
    """A JPEG as a telephone writes it: when, where, with what, and by whom."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x013B] = "Nomad", "N95 \x1b[2J", "Zulfiya"
    camera, position = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
    camera[0x9003], camera[0x9011], camera[0xA431] = "2018:03:04 05:06:07", "+06:00", "N-4711"
    position[1], position[2], position[3], position[4] = "S", (43.0, 15.0, 30.0), "E", (76.0, 55.0, 0.0)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 200, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def recording() -> bytes:
    """One second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(bytes(16000))
    return out.getvalue()


def signed_recording() -> bytes:
    """The same, with the name of whoever spoke."""
    words = b"INFOIART" + struct.pack("<I", 8) + b"Zulfiya\0"
    data = recording() + b"LIST" + struct.pack("<I", len(words)) + words
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def box(kind: bytes, content: bytes) -> bytes:
    """A box of the ISO base media format."""
    return struct.pack(">I4s", len(content) + 8, kind) + content


def film() -> bytes:
    """The frame of a film: made on 28 January 2018, in Almaty, five seconds long."""
    header = struct.pack(">IIIII", 0, 3600000000, 3600000000, 1000, 5000) + struct.pack(">IH", 0x10000, 0x100)
    header += bytes(10) + struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000) + bytes(24)
    where = b"+43.2580+076.9160/"
    place = box(b"\xa9xyz", struct.pack(">HH", len(where), 0x15C7) + where)
    return (
        box(b"ftyp", b"mp42\0\0\0\0mp42isom")
        + box(b"moov", box(b"mvhd", header + struct.pack(">I", 2)) + box(b"udta", place))
        + box(b"mdat", bytes(1000))
    )


def sheet(pages: str = "3", more: str = "", info: str = "") -> bytes:
    """A PDF with so many pages, by its own word."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [] /Count {pages} >>",
        info or "<< /Author (Zulfiya) /Producer (press) /CreationDate (D:20190203040506+06'00') >>",
    ]
    out, offsets = "%PDF-1.7\n", []
    for number, text in enumerate([*objects, *filter(None, [more])], 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n"
    start = len(out)
    lines = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{lines}"
    out += f"trailer\n<< /Size {len(offsets) + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + b"".join(chunks) + _chunk(b"IEND", b"")


def _tiff(entries: bytes, count: int, following: int) -> bytes:
    return b"II*\0" + struct.pack("<IH", 8, count) + entries + struct.pack("<I", following)


@cache
def hostile() -> Mapping[str, bytes]:
    """By name: files that were made to exhaust, confuse or lead astray whoever opens them. Made once: some
    take half a second."""
    bomb = zlib.compress(bytes(200_000_000), 9)
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    huge = struct.pack("<HHII", 0x010F, 2, 0xFFFFFFF0, 8)
    jpeg = b"\xff\xd8\xff\xe1" + struct.pack(">H", 60000) + b"Exif\0\0"
    nested = b""
    for _ in range(2000):
        nested = box(b"moov", nested)
    return {
        "a picture of ten thousand million pixels": _png(100_000, 100_000, _chunk(b"IDAT", b"x")),
        "a text that unpacks to 200 MB": _png(9, 9, _chunk(b"zTXt", b"k\0\0" + bomb), _chunk(b"IDAT", b"x")),
        "a profile that unpacks to 200 MB": _png(
            9, 9, _chunk(b"iCCP", b"k\0\0" + bomb), _chunk(b"IDAT", b"x")
        ),
        "EXIF that leads to itself": jpeg + _tiff(entry * 50, 50, 8) + bytes(60000),
        "EXIF that is longer than the file": jpeg + _tiff(huge * 50, 50, 8) + bytes(60000),
        "a TIFF that leads to itself": _tiff(entry, 1, 8),
        "a TIFF with 65,535 entries": _tiff(huge * 100, 65535, 8),
        "a truncated photograph": photograph()[:300],
        "noise behind the beginning of a JPEG": b"\xff\xd8\xff" + bytes(range(256)) * 40,
        "a PDF that nests 100,000 lists": sheet(more="[" * 100_000 + "]" * 100_000, info="4 0 R"),
        "a PDF whose number of pages is itself": sheet(pages="2 0 R"),
        "a PDF whose author is the document": sheet(info="<< /Author 1 0 R /Producer 3 0 R >>"),
        "a PDF whose table leads to itself": sheet().replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 0"),
        "a PDF that says it has as many pages as there are atoms": sheet(pages="9" * 80),
        "a PDF without a page tree": b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer << /Root 1 0 R >>\n",
        "a film of 2,000 boxes in each other": box(b"ftyp", b"mp42\0\0\0\0") + nested,
        "a film that says it is larger than it is": box(b"ftyp", b"mp42\0\0\0\0")
        + b"\xff\xff\xff\xf0moov"
        + bytes(99),
        "a recording that says it is larger than it is": recording().replace(
            struct.pack("<I", 16000), b"\xff" * 4
        ),
        "Matroska that never ends": b"\x1aE\xdf\xa3" + b"\x01\xff\xff\xff\xff\xff\xff\xff" * 500,
        "sound with a tag of 256 MB": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(500),
    }
