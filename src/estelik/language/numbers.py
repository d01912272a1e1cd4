"""Numbers: in words up to ten, else in digits grouped as the language does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from estelik.language.reader import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.language.reader import Reader, Words

_UP_TO_TEN = (
    N_("none"),
    N_("one"),
    N_("two"),
    N_("three"),
    N_("four"),
    N_("five"),
    N_("six"),
    N_("seven"),
    N_("eight"),
    N_("nine"),
    N_("ten"),
)
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def number(reader: Reader, count: int, *, feminine: bool = False) -> Markup:
    """The number in words up to ten, otherwise in digits; ``feminine`` before what is
    so in languages that tell it apart: a week, a chain."""
    if feminine and count == 1:
        return reader.pgettext("of weeks or chains", "one")
    if feminine and count == 2:
        return reader.pgettext("of weeks or chains", "two")
    if 0 <= count <= 10:
        return reader._(_UP_TO_TEN[count])
    return digits(reader, count)


def digits(reader: Reader, count: int) -> Markup:
    """The number in Latin digits, grouped as the reader's language groups them."""
    return reader.digits(count)


def roman(account: int) -> str:
    """The sign of an account: letters are kept for grades."""
    return ROMAN[account] if 0 <= account < len(ROMAN) else str(account)


def listed(reader: Reader, parts: Sequence[Words], *, choice: bool = False, length: bool = False) -> Markup:
    """Parts as a list in prose: "a, b and c", or "a, b or c"; ``length`` where they are
    the parts of one length of time."""
    if not parts:
        return Markup("")
    whole = escape(parts[0])
    for part in parts[1:-1]:
        whole = reader.pgettext("in a list", "%(first)s, %(second)s", first=whole, second=part)
    if len(parts) == 1:
        return whole
    if choice:
        return reader._("%(first)s or %(second)s", first=whole, second=parts[-1])
    if length:
        return reader.pgettext(
            "of one length of time", "%(first)s and %(second)s", first=whole, second=parts[-1]
        )
    return reader._("%(first)s and %(second)s", first=whole, second=parts[-1])
