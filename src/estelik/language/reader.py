"""Reader: who reads a page, and in which language.

English is the source of every string. A catalog is a ``.po`` file in
``catalogs/``; an entry marked ``fuzzy`` was drafted and is not yet reviewed.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from estelik.errors import Sentence, UsageError
from estelik.language.direction import Direction, direction, run, trusted

if TYPE_CHECKING:
    from babel import Locale

Words = str | Markup | int

_SHORT_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")

#: Where a month beside a day is in another case than one that stands alone.
_DECLINED = frozenset({"ru", "uk"})
#: Where months have numbers for names: CLDR's short name, 9月, is what dates are written with.
_NUMBERED = frozenset({"zh"})


class Reader:
    """Speaks one language. Its sentences are markup: values that are put in are
    escaped unless they are markup themselves."""

    def __init__(
        self, language: str, translations: NullTranslations, *, drafted: bool = False, outside: bool = False
    ) -> None:
        self.language = language
        self.direction: Direction = direction(language)
        #: True where strings of this language are not yet reviewed.
        self.drafted = drafted
        #: True where whoever reads is no member: how labels are written she has never seen.
        self.outside = outside
        self._translations = translations

    @property
    def locale(self) -> Locale:
        """The language as CLDR knows it."""
        return _locale(self.language)

    def gettext(self, message: str) -> str:
        """The string as the reader reads it, its places still open."""
        return self._translations.gettext(message)

    def _(self, message: str, **values: Words) -> Markup:
        """A sentence or a part of one."""
        return _filled(self._translations.gettext(message), values)

    def ngettext(self, singular: str, plural: str, number: int, **values: Words) -> Markup:
        """A sentence that depends on a number."""
        return _filled(self._translations.ngettext(singular, plural, number), values)

    def said(self, sentence: str) -> Markup:
        """What an error or a fault says: a sentence that is there whole, or one with values."""
        if not sentence:
            return Markup("")
        if not isinstance(sentence, Sentence):
            return escape(self.gettext(sentence))
        values: dict[str, Words] = {name: self._value(value) for name, value in sentence.values.items()}
        return _filled(str(escape(self.gettext(sentence.template))), values)

    def _value(self, value: str | int) -> Markup:
        if isinstance(value, int):
            return self.digits(value)
        return self.said(value) if isinstance(value, Sentence) else run(value)

    def catalog(self) -> NullTranslations:
        """The catalog behind the sentences, for templates."""
        return self._translations

    def pgettext(self, context: str, message: str, **values: Words) -> Markup:
        """A sentence whose meaning depends on where it stands."""
        return _filled(self._translations.pgettext(context, message), values)

    def month(self, number: int, *, short: bool = False, alone: bool = True) -> Markup:
        """The name of a month, 1 to 12; not ``alone`` as it is beside a day: сентябрь, 14 сентября."""
        code = self.language.split("-")[0]
        if short and code == "en":
            return trusted(_SHORT_MONTHS[number])
        width = "abbreviated" if short or code in _NUMBERED else "wide"
        # Of a language that does not decline them, CLDR may have the names in one form only.
        form = "stand-alone" if alone and code in _DECLINED else "format"
        return trusted(self.locale.months[form][width][number])

    def digits(self, count: int) -> Markup:
        """A number in Latin digits, grouped as the language groups them."""
        from babel.numbers import format_decimal

        return escape(format_decimal(count, locale=self.locale, numbering_system="latn"))

    def capital(self, words: Markup) -> Markup:
        """The words with a capital at their head, as a sentence begins. A label that
        stands there stays as it was written."""
        text = str(words)
        return words if text.startswith("<bdi") else trusted(text[:1].upper() + text[1:])


def N_(message: str) -> str:  # noqa: N802 - the name by which extraction knows it
    """Marks a string of a table for extraction; it is translated where it is used."""
    return message


@cache
def reader(language: str = "en") -> Reader:
    """The reader of a BCP 47 tag.

    Raises UsageError where there is no catalog for it.
    """
    tag = language.replace("_", "-")
    if tag == "en" or tag.startswith("en-"):
        return Reader(tag, NullTranslations())
    catalog = files("estelik.language").joinpath("catalogs").joinpath(f"{tag}.po")
    if not tag.replace("-", "").isalnum() or not catalog.is_file():
        known = ", ".join(languages())
        raise UsageError(
            "There is no catalog for this language.", do=Sentence("Choose one of: %(words)s.", words=known)
        )
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    messages = read_po(BytesIO(catalog.read_bytes()), locale=tag.replace("-", "_"))
    compiled = BytesIO()
    write_mo(compiled, messages, use_fuzzy=True)
    compiled.seek(0)
    drafted = any(message.id and message.fuzzy for message in messages)
    return Reader(tag, GNUTranslations(compiled), drafted=drafted)


@cache
def outsider(language: str = "en") -> Reader:
    """The reader of a BCP 47 tag who is no member. Raises as ``reader`` does."""
    like = reader(language)
    return Reader(like.language, like.catalog(), drafted=like.drafted, outside=True)


@cache
def languages() -> tuple[str, ...]:
    """The tags of all languages that a page can be read in."""
    folder = files("estelik.language").joinpath("catalogs")
    found = (entry.name.removesuffix(".po") for entry in folder.iterdir() if entry.name.endswith(".po"))
    return ("en", *sorted(found))


@cache
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        # British English: 14 September, "Sept", no comma before "and".
        return Locale.parse("en_GB" if language == "en" else language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def _filled(template: str, values: dict[str, Words]) -> Markup:
    if not values:
        return trusted(template.replace("%%", "%"))
    # What ``Markup`` does with its values, in a third of the time: a page has hundreds of sentences.
    return trusted(
        template % {name: one if isinstance(one, int) else escape(one) for name, one in values.items()}
    )
