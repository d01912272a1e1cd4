"""Romanisation: Chinese names in Latin letters, as Mandarin, Cantonese and Korean offices write them.

On flat sequences, as ``kernel`` has them. A character has a few romanisations in
each language, and as a family's name; a word may be one character or several.
"""

from __future__ import annotations

from typing import Any, Final

from estelik.names.kernel import MOST, assign

#: A character is so many Latin letters at most.
_LONGEST: Final = 6
#: How well what has nothing in common goes together.
_NOTHING: Final = 0.3


def romanised(names: Any, words: Any, native: int, latin: int, room: Any, out: Any) -> None:
    """A Chinese name of two to four characters against Latin words.

    By Mandarin, Cantonese and Korean readings: the best and the worst syllable of each, and how many words
    are left.
    """
    start, stop = names.native_from[native], names.native_from[native + 1]
    slots = names.slot_from[names.alt_from[latin]]
    columns = min(names.slot_from[names.alt_from[latin] + 1] - slots, MOST)
    size = stop - start
    characters, said_from, variant_from, variants = (
        names.native,
        names.said_from,
        names.variant_from,
        names.said,
    )
    latins, latin_size, fits, scores = words.latin, words.latin_size, room.said, room.scores
    spoken, family, row_ = room.spoken, room.family, room.row
    # As a family's name a character is read in one way whatever the language.
    for column in range(columns):
        word = names.form_word[names.form_from[slots + column]]
        said = min(latin_size[word], 14)
        for end in range(1, said + 1):
            if end <= _LONGEST or end == said:
                family[column, end] = _syllable(
                    said_from, variant_from, variants, characters[start], 3, latins, word, 0, end, row_
                )
        family[column, 0] = _NOTHING
    for language in range(3):
        for column in range(columns):
            word = names.form_word[names.form_from[slots + column]]
            said = min(latin_size[word], 14)
            for begin in range(size):
                alike = _syllable(
                    said_from, variant_from, variants, characters[start + begin], language,
                    latins, word, 0, said, row_,
                )  # fmt: skip
                fits[begin, begin + 1, column] = max(alike, family[column, said]) if begin == 0 else alike
            for begin in range(size - 1):
                _spoken(
                    said_from, variant_from, variants, characters, start + begin, size - begin,
                    language, latins, word, said, spoken, family, row_, fits[begin], begin, column,
                )  # fmt: skip
        top, worst, left = -9.0, -9.0, 0
        for mask in range(1 << (size - 1)):
            rows = 1
            for spot in range(size - 1):
                rows += mask >> spot & 1
            if rows < 2 or rows > columns:
                continue
            begin, row = 0, 0
            for end in range(1, size + 1):
                if end == size or mask >> (end - 1) & 1:
                    for column in range(columns):
                        scores[row, column] = fits[begin, end, column] * (end - begin)
                    begin = end
                    row += 1
            assign(scores, rows, columns, room.best, room.back, room.column)
            total, least = 0.0, 9.0
            for row in range(rows):
                total += scores[row, room.column[row]] / size
                least = min(least, scores[row, room.column[row]])
            for row in range(2, rows):
                if room.column[row] < room.column[row - 1]:
                    total -= 0.1
            if total > top:
                top, worst, left = total, least, columns - rows
        out[31 + 2 * language] = top
        out[32 + 2 * language] = worst
        if language == 0 or top > out[37]:
            out[37] = top
            out[38] = left


def _spoken(
    said_from: Any, variant_from: Any, variants: Any, characters: Any, start: int, count: int,
    language: int, latins: Any, word: int, size: int, ways: Any, family: Any, row_: Any, out: Any, begin: int,
    column: int,
) -> None:  # fmt: skip
    """How well a Latin word is two and more of the characters from ``start`` on, read in a language."""
    for row in range(count):
        for end in range(size + 1):
            ways[row, end] = -9.0
    for end in range(1, min(size, _LONGEST) + 1):
        alike = _syllable(
            said_from, variant_from, variants, characters[start], language, latins, word, 0, end, row_
        )
        ways[0, end] = max(alike, family[column, end]) if begin == 0 else alike
    for row in range(1, count):
        # Whatever ends farther from the end of the word than the characters that follow reach leads nowhere.
        for end in range(max(row + 1, size - _LONGEST * (count - 1 - row)), size + 1):
            # Only what begins well is followed.
            for spot in range(max(row, end - _LONGEST), end):
                if ways[row - 1, spot] > 0.5 * row:
                    way = ways[row - 1, spot] + _syllable(
                        said_from, variant_from, variants, characters[start + row], language,
                        latins, word, spot, end, row_,
                    )  # fmt: skip
                    ways[row, end] = max(ways[row, end], way)
        out[begin + row + 1, column] = max(ways[row, size] / (row + 1), 0.0)


def _syllable(
    said_from: Any, variant_from: Any, variants: Any, character: int, language: int,
    latins: Any, word: int, begin: int, end: int, row_: Any,
) -> float:  # fmt: skip
    """How well the letters ``begin`` to ``end`` of a Latin word are a character, read in a language, or as
    a family's name (3).

    1 is exactly.
    """
    best = _NOTHING
    size = end - begin
    place_ = 4 * character + language
    for variant in range(said_from[place_], said_from[place_ + 1]):
        start, stop = variant_from[variant], variant_from[variant + 1]
        longer = max(stop - start, size, 1)
        least = abs(stop - start - size)
        # What differs at both ends differs in two letters at least.
        if size and variants[start] != latins[word, begin] and variants[stop - 1] != latins[word, end - 1]:
            least = max(least, 1 if stop - start == 1 or size == 1 else 2)
        if 1 - 1.2 * least / longer > best:
            far = distance(variants, start, stop, latins, word, begin, end, row_)
            best = max(best, 1 - 1.2 * far / longer)
    return best


def distance(one: Any, start: int, stop: int, other: Any, word: int, begin: int, end: int, row: Any) -> int:
    """The edit distance (Levenshtein 1966) of ``one[start:stop]`` and ``other[word, begin:end]``."""
    size = end - begin
    for right in range(size + 1):
        row[right] = right
    for left in range(stop - start):
        before = row[0]
        row[0] = left + 1
        for right in range(size):
            here = row[right + 1]
            change = before + (one[start + left] != other[word, begin + right])
            row[right + 1] = min(change, here + 1, row[right] + 1)
            before = here
    return int(row[size])


#: In the order in which they need one another.
FUNCTIONS: Final = (distance, _syllable, _spoken, romanised)
