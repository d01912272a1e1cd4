"""Metadata of PDF files: who made them, with what, when. Only the child process loads this."""

from __future__ import annotations

import re
from contextlib import suppress
from importlib import import_module
from pkgutil import iter_modules
from typing import IO, Any, Final

#: A date as PDF writes it (ISO 32000-1, 7.9.4).
_DATE: Final = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:(Z)|([+-]\d\d)'?(\d\d)'?)?", re.ASCII)


def load() -> None:
    """Loads all that is needed: later no file can be opened."""
    import pypdf

    # The library loads some of its modules when it meets what they are for.
    for module in iter_modules(pypdf.__path__, "pypdf."):
        with suppress(ImportError):
            import_module(module.name)


def parse(file: IO[bytes]) -> dict[str, Any]:
    """What a document says of itself; no page of it is looked at."""
    from pypdf import PdfReader

    reader = PdfReader(file, strict=False)
    said: Any = reader.trailer.get("/Info")
    said = said.get_object() if said is not None else {}
    pages = reader.root_object["/Pages"].get_object().get("/Count")  # type: ignore[union-attr]
    if pages is not None:
        pages = pages.get_object()
    words = {
        key: str(said[key]) for key in ("/Author", "/Creator", "/Producer", "/CreationDate") if key in said
    }
    return {
        "taken": _time(words.get("/CreationDate", "")),
        "pages": int(pages) if isinstance(pages, int) else 0,
        "author": words.get("/Author", ""),
        "software": ", ".join(filter(None, (words.get("/Creator"), words.get("/Producer")))),
    }


def _time(text: str) -> str:
    found = _DATE.match(text)
    if found is None:
        return ""
    year, month, day, hour, minute, second, utc, hours, minutes = found.groups()
    offset = "Z" if utc else f"{hours}:{minutes}" if hours else ""
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}{offset}"
