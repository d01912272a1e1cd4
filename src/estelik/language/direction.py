"""Direction: which way a language is written, and how a foreign run is kept apart."""

from __future__ import annotations

from functools import cache
from typing import Literal

from markupsafe import Markup, escape

Direction = Literal["ltr", "rtl"]

#: Unicode's first-strong isolate and its end: what ``bdi`` is in plain text.
_FSI, _PDI = "\u2068", "\u2069"
_RTL_SCRIPTS = frozenset({"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg"})
_RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi", "dv", "ckb"})
#: Bidirectional controls that a cell could carry to turn what follows it around.
_CONTROLS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


@cache
def direction(language: str) -> Direction:
    """The direction of a BCP 47 tag, by its script if it names one."""
    parts = language.replace("_", "-").split("-")
    for part in parts[1:]:
        if len(part) == 4 and part.isalpha():
            return "rtl" if part.title() in _RTL_SCRIPTS else "ltr"
    return "rtl" if parts[0].lower() in _RTL_LANGUAGES else "ltr"


def bare(text: str) -> str:
    """The text without bidirectional controls, which could reorder a page around it."""
    return text.translate(_CONTROLS)


def run(text: str, language: str = "") -> Markup:
    """A run of somebody else's text, kept apart from the sentence around it."""
    within = escape(bare(text))
    if not language:
        return trusted(f"<bdi>{within}</bdi>")
    return trusted(f'<bdi lang="{escape(language)}">{within}</bdi>')


def plain(words: Markup) -> str:
    """Words as plain text for a drawing: each ``bdi`` becomes an isolate."""
    text = str(words)
    if "<" in text:
        head, *runs = text.split("<bdi")
        text = head + "".join(_FSI + one.partition(">")[2] for one in runs)
        text = text.replace("</bdi>", _PDI)
    return trusted(text).unescape()


def trusted(text: str) -> Markup:
    """Text of our own (a catalog, a template, a style sheet) as markup. Never
    for a cell: those go through ``run`` or are filled in, escaped."""
    return Markup(text)  # noqa: S704 - the one place where text becomes markup unescaped
