"""Tongues: languages and scripts by the name the reader has for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from estelik.language.direction import run

if TYPE_CHECKING:
    from estelik.language.reader import Reader


def tongue(reader: Reader, tag: str) -> Markup:
    """A BCP 47 tag by name: "Kazakh, Arabic"; a tag that CLDR does not know as it is."""
    from babel import Locale, UnknownLocaleError

    language, script = _parts(tag)
    if language == "und" and script:
        name = reader.locale.scripts.get(script)
        return escape(name) if name else run(tag)
    try:
        name = Locale(language).get_language_name(reader.locale)
    except (ValueError, UnknownLocaleError):
        name = None
    if not name:
        return run(tag)
    written = reader.locale.scripts.get(script) if script else None
    if not written:
        return escape(name)
    return reader._("%(first)s, %(second)s", first=name, second=written)


def _parts(tag: str) -> tuple[str, str]:
    language, *rest = tag.replace("_", "-").split("-")
    script = next((part.title() for part in rest if len(part) == 4 and part.isalpha()), "")
    return language.lower(), script
