"""Recorder: sentences that remember how they were made, so that a page can be read in another language
without being set anew.

Each sentence is marked with the key of its message, each value in it with its name. A small script puts the
same values into the sentence of another language. Without it the words stand as they are.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from estelik.language.direction import trusted
from estelik.language.reader import Reader

if TYPE_CHECKING:
    from estelik.language.reader import Words

_SIZE = 5


class Message(NamedTuple):
    """A message of the catalog: the words, those for many ("": there are none), where it stands ("")."""

    words: str
    many: str = ""
    context: str = ""

    @property
    def key(self) -> str:
        """What stands for it on a page."""
        return _key(self.words, self.context)


@cache
def _key(words: str, context: str) -> str:
    text = f"{context}\x04{words}" if context else words
    return hashlib.sha256(text.encode()).hexdigest()[:_SIZE]


class Recorder(Reader):
    """Speaks as another reader does. ``used`` are the messages it spoke."""

    def __init__(self, like: Reader) -> None:
        super().__init__(like.language, like.catalog(), drafted=like.drafted)
        self.used: set[Message] = set()

    def _(self, message: str, **values: Words) -> Markup:
        if values:
            return self._kept(Message(message), self._translations.gettext(message), values)
        return self._kept(Message(message), self._translations.gettext(message), {})

    def ngettext(self, singular: str, plural: str, number: int, **values: Words) -> Markup:
        """A sentence that depends on a number, which it remembers."""
        words = self._translations.ngettext(singular, plural, number)
        return self._kept(Message(singular, plural), words, values, f' data-n="{int(number)}"')

    def pgettext(self, context: str, message: str, **values: Words) -> Markup:
        """A sentence whose meaning depends on where it stands."""
        words = self._translations.pgettext(context, message)
        return self._kept(Message(message, context=context), words, values)

    def month(self, number: int, *, short: bool = False) -> Markup:
        """The name of a month, in a mark with its number."""
        name = super().month(number, short=short)
        return trusted(f'<span data-m="{"m" if short else "M"}{int(number)}">{name}</span>')

    def digits(self, count: int) -> Markup:
        """A number; one of four digits and more in a mark, for it is grouped as the reader does."""
        words = super().digits(count)
        return words if count < 1000 else trusted(f'<span data-d="{int(count)}">{words}</span>')  # noqa: PLR2004 - the first that is grouped

    def capital(self, words: Markup) -> Markup:
        """The words with a capital at the head of what is not marked up, in a mark that says so."""
        text = str(words)
        at = 0
        while text.startswith("<span", at):
            at = text.index(">", at) + 1
        if text.startswith("<bdi", at):
            return words
        return trusted(f"<span data-c>{text[:at]}{text[at : at + 1].upper()}{text[at + 1 :]}</span>")

    def _kept(self, message: Message, template: str, values: dict[str, Words], more: str = "") -> Markup:
        self.used.add(message)
        filled = (
            template
            % {name: f'<span data-v="{name}">{escape(value)}</span>' for name, value in values.items()}
            if values
            else template.replace("%%", "%")
        )
        return trusted(f'<span data-m="{message.key}"{more}>{filled}</span>')


def text(words: Markup) -> str:
    """What a reader sees of words: without marks, and without what keeps runs apart."""
    return words.striptags() if "<" in words else words.unescape()
