r"""Pattern: a line of a language's table, made ready to be looked for.

``[x]`` may be left out, ``(a|b)`` is either, ``*`` any letters to the end of the word, ``<x>`` one of the
table's own short cuts, ``{slot}`` something that was found before: a year, an event, a length of time.
A space may be left out beside a sign, a number or what was found before, but not between two words; after
``\\`` a sign stands for itself. Nothing else has a meaning of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Marks stand where something was found, as long as what they stand for: one block of letters for each kind.
BLOCK: Final = 0x100
BLOCK_START: Final = "\ue000"
BLOCKS: Final = {"event": 0xE000, "length": 0xE100, "date": 0xE200, "number": 0xE300}
#: Stands where nothing is left to be read.
DONE: Final = "\uf8ff"

#: Slots that hold whatever words stand there.
RUNS: Final = ("words", "who", "chain", "place", "whence")
#: A space, or a place where no letter or digit stands on one of the sides.
_APART: Final = r"(?: |(?<!\w)|(?!\w))"
_EDGE: Final = r"(?=\s*(?:$|[,;.!。、]|[\ue000-\uf8ff]))"
_TOKEN: Final = re.compile(r"\{([a-z]+)\}|<([a-z]+)>|\\(.)|(.)", re.DOTALL)
_PLAIN: Final = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|", "*": r"\w*", " ": " ?"}


class Pattern:
    """One line of a table; ``slots`` in the order in which they stand."""

    __slots__ = ("groups", "marks", "search", "text")

    def __init__(
        self, text: str, slots: Mapping[str, str], macros: Mapping[str, str], *, spaced: bool
    ) -> None:
        self.text = text
        self.groups: list[tuple[str, str]] = []
        out: list[str] = []
        slot = ""
        for slot, macro, literal, letter in _TOKEN.findall(_expanded(text, macros)):
            if slot:
                name = f"g{len(self.groups)}"
                self.groups.append((slot, name))
                out.append(
                    marked(slot, name) if slot in BLOCKS else f"(?P<{name}>{slots.get(slot, '[^,;]+')})"
                )
            elif macro:
                raise KeyError(macro)
            elif literal:
                out.append(re.escape(literal))
            else:
                out.append(_APART if spaced and letter == " " else _PLAIN.get(letter) or re.escape(letter))
        if slot in RUNS:  # nothing of the pattern follows: the words go on to the next thing found
            out.append(_EDGE)
        body = "".join(out)
        if spaced:
            body = rf"(?<!\w)(?:{body})(?!\w)"
        self.search = re.compile(body)
        #: The marks without which the pattern cannot be there.
        self.marks = tuple(slot for slot, _ in self.groups if slot in BLOCKS)

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Every place where the pattern stands, none empty."""
        return (match for match in self.search.finditer(text) if match.end() > match.start())

    def slots(self, match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
        """What the slots of a match hold: the slot, and where it starts and ends."""
        for slot, name in self.groups:
            start, end = match.span(name if slot not in BLOCKS else f"{name}_")
            if start >= 0:
                yield slot, start, end


def marked(slot: str, name: str) -> str:
    """One mark of a kind, however long what it stands for is."""
    first = BLOCKS[slot]
    return f"(?P<{name}_>(?P<{name}>[{chr(first)}-{chr(first + BLOCK - 1)}])(?P={name})*)"


def mark(slot: str, number: int) -> str:
    """The mark of the ``number``-th of a kind."""
    return chr(BLOCKS[slot] + number)


def either(words: Mapping[str, object] | list[str]) -> str:
    """Any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def expression(text: str, macros: Mapping[str, str]) -> str:
    """A pattern without slots as a regular expression, for one of many in a row."""
    return "".join(
        re.escape(literal) if literal else _PLAIN.get(letter) or re.escape(letter)
        for _, _, literal, letter in _TOKEN.findall(_expanded(text, macros))
    )


def escaped(text: str) -> str:
    """Text in which no sign has a meaning of its own."""
    return "".join(f"\\{letter}" if letter in "[]()|*<>{}\\" else letter for letter in text)


def _expanded(text: str, macros: Mapping[str, str]) -> str:
    for name, words in macros.items():
        text = text.replace(f"<{name}>", words)
    return text
