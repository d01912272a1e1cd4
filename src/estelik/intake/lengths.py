"""Lengths: where in a line a length of time stands, in words, cut short (1y9m) or as the sheet writes it.

What the words mean is ``chronology.words``'s; here it is found in the middle of other words.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from estelik.chronology import duration, words
from estelik.intake.pattern import either
from estelik.intake.table import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.intake.table import Grammar

_ONE: Final = r"p(?:\d{1,6}[ymwd])+"
_RAW: Final = (
    rf"(?:[~<>±]|>=|<=|\+-)?{_ONE}(?![\w])(?:/{_ONE}(?!\w))?|\[(?:[~<>]=?)?{_ONE}(?:, ?(?:[~<>]=?)?{_ONE})+\]"
)
_TWO: Final = "[二两三四五六七八九]"
_SIGNS: Final = r"(?:>=|<=|[~<>])? ?"


class Finder:
    """Finds the lengths of one language."""

    def __init__(self, language: str) -> None:
        own = grammar(language)
        self.language = language
        self.table = words.words_of(language)
        self.grammar: Grammar = own
        fold = own.fold
        table = self.table
        spelled = [*table.ones, *table.tens, *table.units, *table.joins, *table.before, *table.after]
        spelled += [*table.loose, *table.choices, *table.half_year, *table.half_after, *table.half_between]
        spelled += [*table.year_and_half, *table.phrases, *(part for pair in table.ranges for part in pair)]
        #: Folded words back as the table of lengths spells them.
        self._spelled = {
            fold(part): part for text in spelled for part in text.split() if fold(part) != part.lower()
        }
        units = {fold(unit): kind for unit, kind in own.table.short_units.items()}
        self._units = units
        self._term = re.compile(rf"(\d{{1,3}}) ?({either(units)})\.?")
        whole = {fold(unit) for unit in table.units}
        term = "|".join(
            rf"\d{{1,3}}{'' if len(unit) == 1 or unit in whole else ' ?'}{re.escape(unit)}\.?"
            for unit in sorted(units, key=len, reverse=True)
        )
        choices = "|".join(re.escape(fold(one)) for one in table.choices)
        self._two = re.compile(rf"(\d{{1,3}}) ?(?:(-)|(?:{choices})) ?(\d{{1,3}}) ?({either(units)})\.?")
        short = rf"\d{{1,3}} ?(?:-|{choices}) ?(?:{term})|{_SIGNS}(?:{term})(?: ?(?:{term})){{0,3}}"
        # 第二天 is the day after, not two days; 同一天 is the same day.
        edges = (r"(?<!\w)", r"(?!\w)") if own.table.spaced else ("(?<![第同])", "")
        #: Two numbers in a row, where words do not stand apart: 两三个月, two to three months.
        self._pair = None if table.spaced else re.compile(rf"({_TWO})({_TWO})({either(list(table.units))})")
        inward = "|".join(re.escape(fold(one)) for one in table.inward)
        number, unit = either(own.numbers), either([fold(one) for one in table.units])
        self._through = re.compile(
            rf"(?<!\w)({unit}) (?:{inward}) (\d{{1,3}}|{number})(?!\w)" if inward else "(?!)"
        )
        spoken = self._spoken(own)
        self._raw = re.compile(rf"(?<![\w/]){_RAW}(?![\w/])")
        self._short = re.compile(
            rf"(?<!\w)(?:{short})(?!\w)" if own.table.spaced else rf"(?<![a-z\d])(?:{short})(?![a-z\d])"
        )
        self._said = re.compile(rf"{edges[0]}(?:{spoken}){edges[1]}")

    def _spoken(self, own: Grammar) -> str:
        """A length as it is said."""
        table, fold = self.table, own.fold
        gap = " ?"
        number = rf"(?:\d{{1,4}}|{either(own.numbers | {fold(one): 1 for one in table.ones})})"
        unit = f"(?:{either([fold(one) for one in table.units])})"
        edge = r"(?!\w)" if table.spaced else ""
        between = "|".join(re.escape(fold(half)) for half in table.half_between)
        half = f"(?:{gap}(?:{between}))?" if between else ""
        term = rf"(?:{number}{half}[ -]?)?{unit}{edge}"
        joins = "|".join(re.escape(fold(join)) for join in table.joins)
        after_half = "|".join(re.escape(fold(one)) for one in table.half_after)
        tail = f"(?:{gap}(?:{after_half}))?" if after_half else ""
        whole = rf"{term}(?: ?,? ?(?:(?:{joins}) ?)?{term}){{0,3}}{tail}"
        fixed = either([fold(one) for one in (*table.half_year, *table.year_and_half)])
        whole = f"(?:{fixed}|{whole})" if fixed else f"(?:{whole})"
        middles = sorted({fold(middle) for _, middle in table.ranges} | {fold(one) for one in table.choices})
        opening = "|".join(sorted({fold(one) for one, _ in table.ranges if one}))
        middle = "|".join(re.escape(one) for one in middles)
        opened = f"(?:(?:{opening}) )?" if opening else ""
        first = f"(?:{whole}|{number})"
        pair = rf"{opened}{first} ?(?:{middle}) ?{first}"
        halved = [rf"{term}{gap}(?:{after_half})"] if after_half and table.spaced else []
        parts = [*halved, pair, whole]
        if table.loose:
            loose = "|".join(re.escape(fold(one)) for one in table.loose)
            parts.append(rf"(?:{loose}){gap}{unit}")
        if table.inverted:
            parts.insert(0, rf"{unit} {number}(?: ?(?:{middle}) ?{number})?")
        if not table.spaced:
            parts.insert(0, rf"{_TWO}{{2}}{unit}")
        before = "|".join(re.escape(fold(one)) for one in sorted(table.before, key=len, reverse=True))
        after = "|".join(re.escape(fold(one)) for one in sorted(table.after, key=len, reverse=True))
        return f"(?:(?:{before}){gap})?(?:{'|'.join(parts)})(?:{gap}(?:{after}))?"

    def found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Each length: where it starts and ends, and its cell; none overlap."""
        end = 0
        for match in self._raw.finditer(text):
            cell = match[0].upper().replace("+-", "±")
            if _is_duration(cell):
                yield match.start(), match.end(), cell
                end = max(end, match.end())
                text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
        for match in self._short.finditer(text):
            cell = self._cut_short(match[0])
            if cell:
                yield match.start(), match.end(), cell
                text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
        place = 0
        while True:
            spoken = self._said.search(text, place)
            if spoken is None:
                return
            start, cell = self._spoken_cell(spoken)
            if cell:
                yield start, spoken.end(), cell
                place = spoken.end()
            else:
                place = spoken.start() + 1

    def through(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Each length whose unit stands first and says that it is rough: года через два."""
        for match in self._through.finditer(text):
            cell = self.said(f"{match[1]} {match[2]}")
            if cell:
                yield match.start(), match.end(), cell

    def _spoken_cell(self, match: re.Match[str]) -> tuple[int, str]:
        """The cell of what was said; a word at its head that makes no sense there is left out."""
        start = match.start()
        while start < match.end():
            cell = self.said(match.string[start : match.end()])
            if cell:
                return start, cell
            if not self.table.spaced:
                break
            space = match.string.find(" ", start, match.end())
            if space < 0:
                break
            start = space + 1
        return start, ""

    def said(self, text: str) -> str:
        """The cell of a length in words, "" where it is none."""
        if self._spelled:
            text = re.sub(r"\w+", lambda part: self._spelled.get(part[0], part[0]), text)
        match = self._pair.fullmatch(text) if self._pair else None
        ones = self.table.ones
        if match and ones[match[2]] == ones[match[1]] + 1:
            unit = self.table.units[match[3]]
            return f"P{ones[match[1]]}{unit}/P{ones[match[2]]}{unit}"
        reading = words.read(text, self.language)
        return reading.duration if reading else ""

    def _cut_short(self, text: str) -> str:
        two = self._two.fullmatch(text)
        if two:
            first, last = (f"P{int(two[place])}{self._units[two[4]]}" for place in (1, 3))
            cell = f"{first}/{last}" if two[2] else f"[{first},{last}]"
            return cell if _is_duration(cell) else ""
        sign = re.match(r"[<>=~]*", text)
        head = sign[0] if sign else ""
        found = self._term.findall(text)
        counts = {self._units[unit]: number for number, unit in found}
        if len(counts) != len(found) or list(counts) != sorted(counts, key="YMWD".index):
            return ""
        cell = head + "P" + "".join(f"{int(number)}{unit}" for unit, number in counts.items())
        return cell if _is_duration(cell) else ""


@cache
def finder(language: str) -> Finder:
    """The finder of a language."""
    return Finder(language)


def _is_duration(cell: str) -> bool:
    try:
        duration.parse(cell)
    except ValueError:
        return False
    return True
