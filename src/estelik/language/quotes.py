"""Words told, between the quotation marks of their own language."""

from __future__ import annotations

from typing import Final

_MARKS: Final = {
    # A no-break space stands within.
    "fr": ("\u00ab\u00a0", "\u00a0\u00bb"),
    "de": ("\u201e", "\u201c"),
    "zh": ("\u300c", "\u300d"),
    "ja": ("\u300c", "\u300d"),
}
_ANGLES: Final = frozenset(
    {"ru", "kk", "uk", "be", "ky", "uz", "tg", "tt", "ug", "ar", "fa", "es", "it", "hy"}
)


def quoted(text: str, language: str) -> str:
    """The words in quotation marks. Marks that a documenter typed are not doubled."""
    bare = text.strip()
    if bare[:1] in '\u201c\u00ab\u201e\u300c"':
        return bare
    code = language.split("-", maxsplit=1)[0].lower()
    usual = ("\u00ab", "\u00bb") if code in _ANGLES else ("\u201c", "\u201d")
    before, after = _MARKS.get(code, usual)
    return f"{before}{bare}{after}"
