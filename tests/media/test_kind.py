"""What kind a file is shows in how it begins."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.media import files

from estelik.media.kind import LOOKED_AT, UNKNOWN, kind


def _picture(format_: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, format_)
    return out.getvalue()


def _archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return out.getvalue()


CASES = {
    "image/jpeg": files.photograph(),
    "image/png": _picture("PNG"),
    "image/webp": _picture("WEBP"),
    "image/tiff": _picture("TIFF"),
    "image/gif": _picture("GIF"),
    "image/bmp": _picture("BMP"),
    "audio/wav": files.recording(),
    "video/mp4": files.film(),
    "video/3gpp": files.box(b"ftyp", b"3gp4\0\0\0\0"),
    "image/heic": files.box(b"ftyp", b"heic\0\0\0\0"),
    "audio/amr": b"#!AMR\n" + bytes(40),
    "audio/mpeg": b"\xff\xfb\x90\x64" + bytes(400),
    "application/pdf": files.sheet(),
    "application/zip": _archive("a.txt"),
    "application/vnd.oasis.opendocument.text": _archive("mimetype", "content.xml"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _archive("word/document.xml"),
    "text/plain": "Тұрсын келді\n".encode() * 300,
    "text/html": b"\n<!DOCTYPE html>\n<p>x",
    "message/rfc822": b"Received: from a\nSubject: b\n",
    UNKNOWN: bytes(range(256)),
}


@pytest.mark.parametrize("expected", CASES)
def test_a_real_file_is_told_by_its_content(expected: str) -> None:
    assert kind(CASES[expected]) == expected


@given(st.binary(max_size=2 * LOOKED_AT))
def test_whatever_a_file_holds_it_is_of_one_kind(data: bytes) -> None:
    """And of the same, however much more of it is given."""
    assert kind(data) == kind(data[:LOOKED_AT])
    assert "/" in kind(data)
