"""The media type of a file, by how it begins; its name does not count."""

from __future__ import annotations

import codecs
import re
from typing import Final

#: How much of the beginning of a file is looked at.
LOOKED_AT: Final = 4096
UNKNOWN: Final = "application/octet-stream"

#: Types by their first bytes.
_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"\0\0\x01\xba", "video/mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"FLV\x01", "video/x-flv"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"PK\x05\x06", "application/zip"),
)
#: What a RIFF file is, by the word after its size.
_RIFF: Final = {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo", b"WEBP": "image/webp"}
#: What a file of the ISO base media format is, by its brand; video for all others.
_BRANDS: Final = {
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
    b"3gp6": "video/3gpp",
}
#: What an archive is, by a piece of its first entries.
_ARCHIVES: Final = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    (b"mimetypeapplication/epub+zip", "application/epub+zip"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_MARKUP: Final = (
    (re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<svg[\s>]", re.DOTALL), "image/svg+xml"),
    (re.compile(rb"\s*<(!doctype html|html)[\s>]", re.IGNORECASE), "text/html"),
    (re.compile(rb"(Return-Path|Received|From|Delivered-To|Message-ID|MIME-Version): ", re.IGNORECASE),
     "message/rfc822"),
)  # fmt: skip


def kind(beginning: bytes) -> str:
    """The media type of a file that begins so (its first ``LOOKED_AT`` bytes); ``UNKNOWN`` for others."""
    beginning = beginning[:LOOKED_AT]
    for start, found in _BEGINNINGS:
        if beginning.startswith(start):
            return found
    if beginning[:4] == b"RIFF":
        return _RIFF.get(beginning[8:12], UNKNOWN)
    if beginning[4:8] == b"ftyp":
        return _BRANDS.get(beginning[8:12], "video/mp4")
    # Older films of Apple's begin with their content.
    if beginning[4:8] in {b"moov", b"mdat", b"wide"}:
        return "video/quicktime"
    if beginning[:4] == b"PK\x03\x04":
        return next((found for piece, found in _ARCHIVES if piece in beginning), "application/zip")
    # A frame of MPEG audio without a tag: eleven bits set, then a version and a layer that there are.
    if beginning[:1] == b"\xff" and len(beginning) > 2 and beginning[1] & 0xE6 in {0xE2, 0xE4, 0xE6}:
        return "audio/mpeg"
    for pattern, found in _MARKUP:
        if pattern.match(beginning):
            return found
    return "text/plain" if _is_text(beginning) else UNKNOWN


def _is_text(beginning: bytes) -> bool:
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    try:
        # The last letter may be cut in the middle.
        text = codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return False
    return not any(letter < " " and letter not in "\t\n\r\f\x1b" for letter in text)
