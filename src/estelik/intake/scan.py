"""Scan: a line looked through from what is surest to what is least, each find marked where it stands.

What one part has found another does not see as words any more: the year of a date is no age, the event after
"after" is not what the line is about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeVar

from estelik.intake import births, numbers, when
from estelik.intake import events as mentions
from estelik.intake import lengths as spans
from estelik.intake.folding import fold
from estelik.intake.pattern import BLOCK, BLOCK_START, BLOCKS, DONE, mark
from estelik.intake.rulebook import rulebook
from estelik.language.direction import plain
from estelik.language.durations import duration
from estelik.language.reader import reader
from estelik.places.declension import forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.intake.pattern import Pattern
    from estelik.intake.reading import Context

#: What a rule does.
Does = TypeVar("Does")

#: What stands in one cell, with other things that it can be.
Choice = list[dict[str, str]]

#: Slots that hold a name: a person's, a place's, that of the place somebody came from.
_NAMES: Final = ("place", "who", "whence")
_QUOTE: Final = re.compile('"([^"]*)"|«([^»]*)»|[“„]([^“”]*)[“”]|「([^」]*)」|『([^』]*)』')
_CELL: Final = re.compile(r"(?<!\S)([a-z]+)=(\"[^\"]*\"|\[[^\]]*\]|\S+)", re.IGNORECASE)
_HAN: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_DIGIT: Final = "[〇零○一二三四五六七八九]"
_HAN_YEAR: Final = re.compile(
    rf"(?<![十百千\d]){_HAN_DIGIT}{{4}}(?=年)|(?<![十百千第\d〇零○一二三四五六七八九])[〇零○一二]{_HAN_DIGIT}(?=年[的]?(?:[春夏秋冬初底末]|\d{{1,2}}月|[一二三四五六七八九十]+月))"
)


class Piece(NamedTuple):
    """What a stretch of the line says: the cells it fills, and other cells that it could."""

    start: int
    end: int
    options: Choice


class Scan:
    """One line on its way to a reading. ``text`` is as long as the folded line at every step."""

    def __init__(self, line: str, language: str, context: Context) -> None:
        self.rules = rulebook(language)
        self.language = language
        self.context = context
        self.folded = fold(line, self.rules.grammar.letters)
        self.text = self.folded.text if self.rules.grammar.table.spaced else _digits(self.folded.text)
        self.pieces: list[Piece] = []
        #: Where a date says since when something has been so.
        self.since: set[int] = set()
        #: Where a date says until when something was so.
        self.until: set[int] = set()
        #: Where a day is written that no calendar has: the 31st of April.
        self.no_days: list[tuple[int, int]] = []
        #: Where something is counted from a time from which it cannot be: two days before 2018.
        self.not_counted: list[tuple[int, int]] = []
        #: Where a time is said without its year, and nothing before says which.
        self.no_years: list[tuple[int, int]] = []
        #: What of a time is that of the line before: its year, or the day that it is counted from.
        self.from_before: Literal["", "year", "day"] = ""
        #: Where an age of somebody else stands, whose birth nobody has told.
        self.not_born: list[tuple[int, int]] = []
        #: Where a length says that so much later something was: года через два.
        self.through: set[int] = set()
        #: An age that is said of today.
        self.now: numbers.Number | None = None
        self.found: dict[str, list[object]] = {kind: [] for kind in BLOCKS}

    def run(self) -> None:
        """Everything that can be found, in order."""
        self._quotes()
        self._written_cells()
        when.as_written(self)
        self._ages_today()
        when.in_words(self)
        births.since(self)
        self._ages()
        when.said_of(self)
        self._lengths()
        self._cells()
        self._events()
        self._relations()
        self._apart()

    # --- What is marked and what is done with -------------------------------------------------

    def done(self, start: int, end: int) -> None:
        """Nothing of this stretch is left to be read."""
        self.text = self.text[:start] + DONE * (end - start) + self.text[end:]

    def put(self, kind: str, start: int, end: int, value: object) -> None:
        """Marks a stretch as one of a kind."""
        held = self.found[kind]
        if len(held) < BLOCK:
            held.append(value)
            self.text = self.text[:start] + mark(kind, len(held) - 1) * (end - start) + self.text[end:]

    def at(self, kind: str, place: int) -> object:
        """What is marked at a place."""
        return self.found[kind][ord(self.text[place]) - BLOCKS[kind]]

    def marks(self, kind: str) -> list[tuple[int, int]]:
        """Where something of a kind is marked."""
        first = BLOCKS[kind]
        found = re.finditer(f"([{chr(first)}-{chr(first + BLOCK - 1)}])\\1*", self.text)
        return [match.span() for match in found]

    def keep(self, start: int, end: int, cells: dict[str, str]) -> None:
        """A stretch says this and nothing else."""
        self.pieces.append(Piece(start, end, [cells]))
        self.done(start, end)

    def typed(self, start: int, end: int) -> str:
        """What was typed there."""
        return self.folded.typed(start, end)

    def longest(
        self, rules: Iterable[tuple[Pattern, Does]], text: str
    ) -> Iterator[tuple[re.Match[str], Pattern, Does]]:
        """The matches of many patterns, the longest first; none overlaps one before it."""
        there = {kind for kind in BLOCKS if self.found[kind]}
        every = [
            (match, pattern, does)
            for pattern, does in rules
            if there.issuperset(pattern.marks)
            for match in pattern.found(text)
            if does != "about" or not _hangs(match)
        ]
        every.sort(key=lambda one: (one[0].start() - one[0].end(), one[0].start()))
        taken: list[tuple[int, int]] = []
        for match, pattern, does in every:
            start, end = match.span()
            if all(end <= other or last <= start for other, last in taken):
                taken.append((start, end))
                yield match, pattern, does

    # --- The parts, surest first ---------------------------------------------------------------

    def _quotes(self) -> None:
        for match in _QUOTE.finditer(self.text):
            group = match.lastindex or 1
            words = self.folded.line[slice(*self.folded.span(*match.span(group)))]
            if self.text[: match.start()].endswith("="):
                continue
            if words.strip():
                self.pieces.append(Piece(match.start(), match.end(), [{"quote": words}]))
            self.done(match.start(), match.end())

    def _written_cells(self) -> None:
        for match in _CELL.finditer(self.text):
            value = self.typed(*match.span(2))
            if value[:1] == value[-1:] == '"' and len(value) > 1:
                value = value[1:-1].strip()
            self.pieces.append(Piece(match.start(), match.end(), [{match[1]: value}]))
            self.done(match.start(), match.end())

    def _ages_today(self) -> None:
        """An age that is said of today, or as a year of her life, before its "this year" is a date."""
        for match, pattern, how in self.longest(self.rules.ages_running, self.text):
            number = self._number(match, list(pattern.slots(match)), how)
            if number is not None:
                self._age(match.start(), match.end(), number)
        for match, pattern, _ in self.longest(self.rules.ages_today, self.text):
            if self.rules.gives and self.text[: match.start()].rstrip().endswith(self.rules.gives):
                continue
            self.now = self._number(match, list(pattern.slots(match)), "is")
            if self.now is not None:
                self._age(match.start(), match.end(), self.now)

    def _ages(self) -> None:
        """Numbers are marked only while ages and counts are looked for."""
        text, held = self.text, self.found["number"]
        own = self.rules.grammar
        for match, pattern, how in self.longest(self.rules.counting, text):
            stretches = list(pattern.slots(match))
            slots = [(slot, match.string[a:b]) for slot, a, b in stretches]
            number = numbers.number(own, how, slots, min(a for _, a, _ in stretches))
            if number is not None:
                self.put("number", *match.span(), number)
                if not (text[: match.start()] + text[match.end() :]).strip(" .,;"):
                    # A number and nothing else is an age.
                    self.text = text
                    self._age(match.start(), match.end(), number)
                    del held[:]
                    return
        marked, self.text = self.text, text
        found = [
            *((match, pattern, how, "age") for match, pattern, how in self.longest(self.rules.ages, marked)),
            *(
                (match, pattern, how, "age")
                for match, pattern, how in self.longest(self.rules.bare_ages, text)
            ),
            *((match, pattern, "", "count") for match, pattern, _ in self.longest(self.rules.counts, marked)),
        ]
        found.sort(key=lambda one: one[0].start() - one[0].end())
        for match, pattern, how, column in found:
            held_slots = list(pattern.slots(match))
            number = self._number(match, held_slots, how)
            if number is None:
                continue
            if column == "age":
                cell = numbers.age(number) if how != "tens" or number.how == "tens" else ""
                options = [{"age": cell}]
                start = match.start()
            else:
                cell = numbers.count(number)
                of = next(
                    (own.key("counted", text[a:b]) for slot, a, b in held_slots if slot == "counted"), ""
                )
                options = [{"fact": f"count:{of}", "value": cell}]
                # The sheet has no "about" for a count; the word stays unread.
                start = number.start if number.how == "about" else match.start()
            if cell and DONE not in self.text[start : match.end()]:
                self.pieces.append(Piece(start, match.end(), options))
                self.done(start, match.end())
        del held[:]

    def _age(self, start: int, end: int, number: numbers.Number) -> None:
        cell = numbers.age(number)
        if cell:
            self.pieces.append(Piece(start, end, [{"age": cell}]))
            self.done(start, end)

    def _number(
        self, match: re.Match[str], slots: list[tuple[str, int, int]], how: str
    ) -> numbers.Number | None:
        own = self.rules.grammar
        for slot, a, _ in slots:
            if slot == "number":
                held = self.found["number"][ord(match.string[a]) - BLOCKS["number"]]
                return held if isinstance(held, numbers.Number) else None
        return numbers.number(own, how or "is", [(s, match.string[a:b]) for s, a, b in slots], match.start())

    def _lengths(self) -> None:
        finder = spans.finder(self.language)
        for start, end, cell in list(finder.through(self.text)):
            self.put("length", start, end, cell)
            self.through.add(start)
        for start, end, cell in finder.found(self.text):
            self.put("length", start, end, cell)

    def _cells(self) -> None:
        """Facts, tellers, actors: whatever a pattern of the table fills cells with."""
        for match, pattern, does in self.longest(self.rules.cells, self.text):
            slots = {slot: (a, b) for slot, a, b in pattern.slots(match)}
            filled = (self._filled(one, slots) for one in does)
            options = [one for one in filled if all(one.values())]
            if not all(self._named(slot, *slots[slot]) for slot in _NAMES if slot in slots):
                continue
            if "chain" in slots and self._tells(*slots["chain"]):
                continue
            if "place" in slots and self.language in ("ru", "uk"):
                options = self._uninflected(options, self.typed(*slots["place"]))
            if options:
                self.pieces.append(Piece(match.start(), match.end(), options))
                self.done(match.start(), match.end())

    def _uninflected(self, options: Choice, typed: str) -> Choice:
        """The same with the place without the ending that it has there: the one that is known, or, beside it
        as it was typed, those that it can be."""
        fold = self.rules.grammar.fold
        known = {fold(label): label for label in self.context.places}
        others = [typed] if fold(typed) in known else list(forms(typed))
        meant = next((known[fold(one)] for one in others if fold(one) in known), "")
        names = [meant] if meant else [typed, *others[:2]]
        return [
            one | {"place": name} for one in options for name in names if one.get("place") == typed
        ] or options

    def _named(self, slot: str, start: int, end: int) -> bool:
        """Whether a stretch is a name: known, or each word with a capital letter, where there are such."""
        typed, text = self.typed(start, end), self.folded.text[start:end]
        known = self.context.people if slot == "who" else self.context.places
        if text in {self.rules.grammar.fold(label) for label in known}:
            return True
        if self.rules.grammar.table.spaced:
            noun = self.rules.place_word.fullmatch
            own = self.rules.grammar
            if any(own.key(kind, one) for kind in ("weekdays", "months") for one in text.split()):
                return False
            return bool(typed) and all(
                one[:1].isupper() or (slot != "who" and noun(self.rules.grammar.fold(one)))
                for one in typed.split()
            )
        if slot != "who":
            return bool(self.rules.place_word.search(text))
        if set(text) & set(self.rules.grammar.table.not_in_names):
            return False
        if self.rules.grammar.key("relatives", text) or self.rules.fillers.fullmatch(text):
            return False
        return not any(mentions.finder(self.language).found(self.folded, text))

    def _tells(self, start: int, end: int) -> bool:
        """Whether words name an event: then they are more than who told."""
        return any(mentions.finder(self.language).found(self.folded, self.folded.text[start:end]))

    def _filled(self, cells: dict[str, str], slots: dict[str, tuple[int, int]]) -> dict[str, str]:
        """The cells of a pattern with what its slots hold."""
        out = {}
        for column, template in cells.items():
            value = template
            for slot, (a, b) in slots.items():
                if slot == "length" and "{gap}" in value:
                    value = value.replace("{gap}", str(self.at("length", a)))
                elif slot == "length":
                    cell = str(self.at("length", a))
                    own = reader(self.language)
                    value = value.replace("{length}", plain(duration(own, cell)))
                    value = value.replace("{bare}", plain(duration(own, cell.lstrip("<>=~"))))
                elif slot == "relative":
                    value = value.replace("{relative}", self.rules.grammar.key("relatives", self.text[a:b]))
                elif slot == "date":
                    cell = str(next(iter(self.at("date", a))))  # type: ignore[call-overload]
                    value = value.replace("{begun}", cell.removesuffix("/..") if a in self.since else "")
                    value = value.replace("{ended}", cell.removeprefix("../") if a in self.until else "")
                    value = value.replace("{when}", cell)
                elif f"{{{slot}}}" in value:
                    typed = self.typed(a, b)
                    held = self._chain(typed) if slot == "chain" else self._bare(typed)
                    # She is nobody's source: a name is no word that says nothing by itself.
                    blank = slot != "words" and self.rules.fillers.fullmatch(self.folded.text[a:b])
                    value = value.replace(f"{{{slot}}}", "" if blank else held)
            out[column] = value
        return out

    def _bare(self, words: str) -> str:
        """Words without an article before them."""
        head, space, rest = words.partition(" ")
        return rest if space and head.lower() in self.rules.grammar.table.articles else words

    def _chain(self, words: str) -> str:
        parts = self.rules.chain.split(words)
        return " > ".join(self._bare(part.strip()) for part in parts)

    def _events(self) -> None:
        finder = mentions.finder(self.language)
        for one in list(finder.found(self.folded, self.text, self.context.people)):
            self.put("event", one.start, one.end, one)
        for start, end in list(finder.told(self.text)):
            self.put("event", start, end, mentions.Mention(start, end, (), "told"))

    def _apart(self) -> None:
        """An event whose words stand on both sides of something else: үй қамағы ... аяқталды."""
        kept = [
            place
            for place, letter in enumerate(self.text)
            if letter < BLOCK_START or BLOCKS["event"] <= ord(letter) < BLOCKS["event"] + BLOCK
        ]
        if not kept or kept[-1] - kept[0] + 1 == len(kept):
            return
        spaced = self.rules.grammar.table.spaced
        folded = self.folded.text
        # Where something lies between two letters, a space stands for it.
        places: list[int] = []
        for before, place in zip([kept[0], *kept], kept, strict=False):
            if place - before > 1 and spaced:
                places.append(-1)
            places.append(place)
        rest = "".join(" " if place < 0 else folded[place] for place in places)
        squeezed = re.sub(" +", " ", rest)
        where = [i for i, letter in enumerate(rest) if letter != " " or not rest[:i].endswith(" ")]
        found = list(mentions.finder(self.language).found(fold(squeezed, {}), squeezed))
        for one in found:
            letters = [places[where[i]] for i in range(one.start, one.end) if places[where[i]] >= 0]
            marked = [p for p in letters if self.text[p] >= BLOCK_START]
            words = [p for p in letters if self.text[p] != " "]
            many = len({self.text[p] for p in marked}) > 1
            if letters[-1] - letters[0] + 1 > len(letters) and (len(words) > len(marked) or many):
                gone = set(letters)
                self.text = "".join(
                    DONE if place in gone else letter for place, letter in enumerate(self.text)
                )
                self.put("event", letters[0], letters[0] + 1, one)
                return

    def _relations(self) -> None:
        for match, pattern, does in self.longest(self.rules.relations, self.text):
            how, fixed = does
            if fixed == "." and self.text[match.end() :].lstrip()[:1].isalnum():
                continue  # an adverb stands at the end; before and after something is something else
            held = [self.at("event", a) for slot, a, _ in pattern.slots(match) if slot == "event"]
            gaps = [str(self.at("length", a)) for slot, a, _ in pattern.slots(match) if slot == "length"]
            referred = [one for one in held if isinstance(one, mentions.Mention)]
            options = self._related(how, referred, _gap(gaps, fixed))
            if options:
                self.pieces.append(Piece(match.start(), match.end(), options))
                self.done(match.start(), match.end())
        for start, end in self.marks("length"):
            if start in self.through:
                gap = str(self.at("length", start))
                self.pieces.append(Piece(start, end, self._related("later", [], gap)))
                self.done(start, end)

    def _related(self, how: str, referred: list[mentions.Mention], gap: str) -> Choice:
        told = self.context.events
        if gap == "?":
            return []
        if how == "between" and len(referred) == 2:
            first, second = (mentions.labels(one, told, referred=True) for one in referred)
            return [{"after": first[0], "before": second[0]}]
        around, side = how.startswith("around"), how.partition(" ")[0]
        if around:
            gap, side = "±P1M", "after"
        of = {"gap": gap} if gap else {}
        if how == "ago":
            return [{"before": "told", **of}]
        if how.endswith(" told"):
            return [{side: "told", **of}]
        if how in ("later", "earlier", "around that"):
            column = "before" if how == "earlier" else "after"
            # Which event it counts from is only known when the line's own is.
            return [{column: "", **of}]
        labels = mentions.labels(referred[0], told, referred=True) if referred else []
        return [{side: label, **of} for label in labels]


def _digits(text: str) -> str:
    """Years that are written digit by digit in Chinese, in the digits of the sheet: 二〇一八年, 一八年春."""
    return _HAN_YEAR.sub(lambda match: match[0].translate(_HAN), text)


def _hangs(match: re.Match[str]) -> bool:
    """Whether a match ends with "..., about" and something follows that this belongs to."""
    return "," in match[0] and match.string[match.end() :].lstrip()[:1].isalnum()


def _gap(found: list[str], fixed: str) -> str:
    """The length of a relation; ``fixed`` is one that the words stand for, or a sign for the one found;
    "?" where both do not go together: the same day is one day, the same month is none."""
    if fixed.startswith("P") and found:
        return fixed if found[0] == "P1D" else "?"
    if not found:
        return fixed if fixed[:1] in "P<" and len(fixed) > 1 else ""
    plain_length = found[0].startswith("P") and "/" not in found[0]
    return fixed + found[0] if fixed in ("~", ">", "<") and plain_length else found[0]
