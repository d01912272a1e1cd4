"""Recorder: sentences that remember how they were made, so that a page can be read in another language
without being set anew.

Each sentence is marked with the key of its message, each value in it with its name. A small script puts the
same values into the sentence of another language. Without it the words stand as they are.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple

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
        super().__init__(like.language, like.catalog(), drafted=like.drafted, outside=like.outside)
        self.used: set[Message] = set()
        #: What was spoken before: how its mark begins, and its words with their places open.
        self._known: dict[Message, tuple[str, str]] = {}
        self._months: dict[tuple[int, bool, bool], Markup] = {}

    def _(self, message: str, **values: Words) -> Markup:
        found = self._known.get(Message(message)) or self._met(
            Message(message), self._translations.gettext(message)
        )
        return _kept(*found, values)

    def ngettext(self, singular: str, plural: str, number: int, **values: Words) -> Markup:
        """A sentence that depends on a number, which it remembers."""
        message = Message(singular, plural)
        head, _ = self._known.get(message) or self._met(message, "")
        words = self._translations.ngettext(singular, plural, number)
        return _kept(f'{head[:-1]} data-n="{int(number)}">', words, values)

    def pgettext(self, context: str, message: str, **values: Words) -> Markup:
        """A sentence whose meaning depends on where it stands."""
        one = Message(message, context=context)
        found = self._known.get(one) or self._met(one, self._translations.pgettext(context, message))
        return _kept(*found, values)

    def _met(self, message: Message, words: str) -> tuple[str, str]:
        self.used.add(message)
        found = self._known[message] = (f'<span data-m="{message.key}">', words)
        return found

    def month(self, number: int, *, short: bool = False, alone: bool = True) -> Markup:
        """The name of a month, in a mark with its number: M, m (short), D, d beside a day."""
        found = self._months.get((number, short, alone))
        if found is None:
            name = super().month(number, short=short, alone=alone)
            mark = ("m" if short else "M") if alone else ("d" if short else "D")
            found = trusted(f'<span data-m="{mark}{int(number)}">{name}</span>')
            self._months[number, short, alone] = found
        return found

    def digits(self, count: int) -> Markup:
        """A number; one of four digits and more in a mark, for it is grouped as the reader does."""
        words = super().digits(count)
        return words if count < 1000 else trusted(f'<span data-d="{int(count)}">{words}</span>')

    def capital(self, words: Markup) -> Markup:
        """The words with a capital at the head of what is not marked up, in a mark that says so; a label
        stays as it was written."""
        text = str(words)
        at = 0
        while text.startswith("<span", at):
            at = text.index(">", at) + 1
        if text.startswith("<bdi", at):
            # A sentence that begins with a label here begins with words in another language.
            return trusted(f"<span data-c>{text}</span>") if at else words
        return trusted(f"<span data-c>{text[:at]}{text[at : at + 1].upper()}{text[at + 1 :]}</span>")


def _kept(head: str, template: str, values: dict[str, Words]) -> Markup:
    if not values:
        return trusted(head + template.replace("%%", "%") + "</span>")
    marked = {
        name: f'<span data-v="{name}">{value if isinstance(value, Markup) else escape(value)}</span>'
        for name, value in values.items()
    }
    return trusted(f"{head}{template % marked}</span>")


_TAG: Final = re.compile("<[^>]*>")


def text(words: Markup) -> str:
    """What a reader sees of words: without marks, and without what keeps runs apart."""
    plain = _TAG.sub("", words)
    return unescape(plain) if "&" in plain else plain
