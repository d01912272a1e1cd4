"""Events: where in a line one is named, of which kinds it can be, and which told event that is."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.intake.pattern import either
from estelik.intake.table import grammar
from estelik.language.events import forms
from estelik.language.reader import reader
from estelik.records.vocabulary import kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estelik.intake.folding import Folded

#: Fewer letters of a word are not enough to be sure which is meant.
_SHORTEST: Final = 3


class Mention(NamedTuple):
    """An event named in the line. ``label``: its label, where it was written as one; ``kinds``: else what it
    can be, the most usual first; ``whose``: another person whose event it is; ``denied``: whether the word
    itself says that it was not."""

    start: int
    end: int
    kinds: tuple[str, ...]
    label: str = ""
    whose: str = ""
    denied: bool = False


class Finder:
    """Finds the events of one language."""

    def __init__(self, language: str) -> None:
        self.grammar = own = grammar(language)
        table = own.table
        left, right = (r"(?<!\w)", r"(?!\w)") if table.spaced else ("", "")
        said: dict[tuple[str, ...], list[str]] = {}
        for kind in vocabulary().kinds:
            group = [own.expression(one) for one in table.events.get(kind, [])]
            group += [re.escape(own.fold(str(one))) for one in forms(reader(language), kind)]
            said[(kind,)] = group
        for text, several in table.several:
            said.setdefault(tuple(several), []).append(own.expression(text))
        for short, kinds in (self._shortened(said) if table.cut_short else {}).items():
            said[kinds].append(re.escape(short))
        every = sorted((one for group in said.values() for one in group), key=len, reverse=True)
        self._any = re.compile(f"{left}(?:{'|'.join(every)}){right}")
        # One by one: of all that begin at a place, the longest counts.
        self._of = [
            (kinds, re.compile(f"{left}(?:{one}){right}")) for kinds, group in said.items() for one in group
        ]
        codes = either(list(vocabulary().kinds))
        self._label = re.compile(rf"(?<![\w/=-])(?:([^\s/=]+)/)?({codes})([#:][^\s,;]+)?(?![\w=-])")
        self._told = re.compile(
            f"{left}(?:{'|'.join(own.expression(one) for one in [*table.told, 'told'])}){right}"
        )
        self._denied = re.compile(own.fold(table.not_within) or "(?!)")

    def found(self, folded: Folded, text: str, people: Sequence[str] = ()) -> Iterator[Mention]:
        """Each event named in ``text`` (the folded text with marks where other things were found)."""
        for match in self._label.finditer(text):
            if match[1] or match[3] or "-" in match[2] or self.grammar.language != "en":
                yield self._labelled(folded, match)
                text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
        place = 0
        while True:
            any_ = self._any.search(text, place)
            if any_ is None:
                return
            start = any_.start()
            ends = [(hit.end(), kinds) for kinds, of in self._of if (hit := of.match(text, start))]
            end = max(end for end, _ in ends)
            kinds = dict.fromkeys(kind for stop, group in ends if stop == end for kind in group)
            # That no letter comes is what such an event says, not that it did not happen.
            denied = "contact-lost" not in kinds and bool(self._denied.search(text[start:end]))
            yield self._whose(Mention(start, end, tuple(kinds), denied=denied), text, people)
            place = end

    def told(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the telling itself is named."""
        return (match.span() for match in self._told.finditer(text))

    def _labelled(self, folded: Folded, match: re.Match[str]) -> Mention:
        rest = folded.typed(*match.span(3)).rstrip(".!") if match[3] else ""
        dropped = len(match[3] or "") - len((match[3] or "").rstrip(".!"))
        whose = folded.typed(*match.span(1)) if match[1] else ""
        return Mention(match.start(), match.end() - dropped, (match[2],), match[2] + rest, whose)

    def _whose(self, mention: Mention, text: str, people: Sequence[str]) -> Mention:
        """The event with the person beside it, where one is known by that name."""
        for person in people:
            name = self.grammar.fold(person)
            start, end = mention.start, mention.end
            for before in (f"{name}'s ", f"{name}' "):
                if text[:start].endswith(before):
                    return mention._replace(start=start - len(before), whose=person)
            for after in (f" of {name}", f" ({name})", f"({name})"):
                if text[end:].startswith(after):
                    return mention._replace(end=end + len(after), whose=person)
        return mention

    def _shortened(self, said: dict[tuple[str, ...], list[str]]) -> dict[str, tuple[str, ...]]:
        """Words cut short that can mean one thing only, and no other word of the table."""
        others = set(re.findall(r"\w+", self.grammar.fold(str(self._plain_words()))))
        heads: dict[str, set[tuple[str, ...]]] = {}
        for kinds, group in said.items():
            for one in group:
                word = re.sub(r"\(\?:.*?\)\?|\\w\*", "", one)
                if word.isalpha():
                    for length in range(_SHORTEST, len(word)):
                        heads.setdefault(word[:length], set()).add(kinds)
        return {
            head: next(iter(kinds))
            for head, kinds in heads.items()
            if len(kinds) == 1 and head not in others and len(head) >= _SHORTEST
        }

    def _plain_words(self) -> list[str]:
        table = self.grammar.table
        groups = [table.months, table.seasons, table.relatives, table.counted, table.asks, table.events]
        found = [one for group in groups for words in group.values() for one in words]
        found += [*table.fillers, *table.place_words, *table.occupations, *table.peoples, *table.told]
        found += [*table.tens, *table.macros.values(), *(text for text, _ in table.when)]
        found += [*(text for text, _ in table.dates), *(rule[0] for rule in table.relations)]
        return [*found, *(str(rule[0]) for rule in table.cells)]


def labels(
    mention: Mention, told: Sequence[str], *, again: bool = False, referred: bool = False
) -> list[str]:
    """The labels that a mention can mean: events that were told first, the latest of a kind before earlier;
    where an event is only ``referred`` to, one that was told is meant, if there is any."""
    if mention.label or mention.whose:
        label = mention.label or mention.kinds[0]
        return [f"{mention.whose}/{label}" if mention.whose else label]
    known = [label for label in reversed(told) if kind_of(label) in mention.kinds]
    if again:
        kind = kind_of(known[0]) if known else mention.kinds[0]
        count = sum(kind_of(label) == kind for label in known)
        return [f"{kind}#{max(count, 1) + 1}"]
    if known and referred:
        return list(dict.fromkeys(known))
    seen = {kind_of(label) for label in known}
    return list(dict.fromkeys([*known, *(kind for kind in mention.kinds if kind not in seen)]))


@cache
def finder(language: str) -> Finder:
    """The finder of a language."""
    return Finder(language)
