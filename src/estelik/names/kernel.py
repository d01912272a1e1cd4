"""Kernel: the inner loops of the map, on flat sequences of numbers.

Each function is plain Python, and the same function compiled by numba once
there are many names; both give the same answers, since it is the same text.

A word is a run of code points. A *unit* is a letter of it or two (of Chinese
the syllable that a character is read as), a *chunk* up to five Latin letters. A
table has the joint probability of each unit with each chunk (Jiampojamarn,
Kondrak and Sherif, NAACL 2007: many-to-many alignment); how well two words fit
is the logarithm of how much likelier they are together than apart.
"""

from __future__ import annotations

from math import log, sqrt
from typing import Any, Final

import numpy as np

from estelik.names.scripts import KINDS, PINYIN

#: Arithmetic modulo a prime below 2^31 is the same in Python and compiled.
PRIME: Final = 2147483647
STEP: Final = 1000003
#: Before the first letter of a word, and behind the last.
BEGIN: Final = 94
END: Final = 36
#: A unit or chunk that the map does not know.
NONE: Final = -1
#: The longest chunk.
LONGEST: Final = 5
#: Log-likelihoods below this are none.
FLOOR: Final = -690.0
#: The least that two words can speak for each other, whatever they are; and two initials.
WORST: Final = -15.0
LATIN: Final = KINDS["Latn"]
CHINESE: Final = KINDS["Hani"]
#: Words whose vectors lie farther apart than this cosine are not aligned.
FAR: Final = 0.2
#: More words of a name than these are not looked at.
MOST: Final = 7
#: Longer Latin forms are cut off.
WIDEST: Final = 60


def find(table: Any, value: int) -> int:
    """Where ``value`` stands in a sorted ``table``; ``NONE`` where it does not."""
    low = 0
    high = len(table)
    while low < high:
        middle = (low + high) // 2
        if table[middle] < value:
            low = middle + 1
        else:
            high = middle
    if low < len(table) and table[low] == value:
        return low
    return NONE


def key(letters: Any, start: int, stop: int, kind: int) -> int:
    """The number of a run of letters; ``kind`` tells the scripts apart."""
    number = kind
    for place in range(start, stop):
        number = (number * STEP + int(letters[place])) % PRIME
    return number


def keys(letters: Any, kind: int, longest: int, out: Any) -> int:
    """The numbers of all n-grams of a word with its ends, into ``out``; gives how many."""
    count = 0
    size = len(letters)
    for start in range(-1, size + 1):
        number = kind
        for stop in range(start, min(start + longest, size + 1)):
            letter = BEGIN if stop < 0 else END if stop == size else int(letters[stop])
            number = (number * STEP + letter) % PRIME
            if stop > start or 0 <= start < size:
                out[count] = number
                count += 1
    return count


def place(ngrams: Any, count: int, table: Any, vectors: Any, scales: Any, out: Any) -> int:
    """Adds the vectors of the n-grams that the map knows to ``out``; gives how many it knows."""
    known = 0
    for number in range(count):
        row = find(table, ngrams[number])
        if row >= 0:
            known += 1
            scale = scales[row]
            for axis in range(len(out)):
                out[axis] += scale * vectors[row, axis]
    return known


def units(letters: Any, kind: int, table: Any, order: Any, out: Any) -> None:
    """The units that begin at each letter, of one letter and of two."""
    size = len(letters)
    for start in range(size):
        for wide in range(2):
            out[start, wide] = NONE
            if start + wide < size:
                found = find(table, key(letters, start, start + wide + 1, kind))
                if found >= 0:
                    out[start, wide] = order[found]


def chunks(letters: Any, table: Any, out: Any) -> None:
    """The chunks that begin at each Latin letter; the one of no letter is 0."""
    size = len(letters)
    for start in range(size + 1):
        out[start, 0] = 0
        number = 0
        for length in range(1, LONGEST + 1):
            out[start, length] = NONE
            if start + length <= size:
                number = (number * STEP + int(letters[start + length - 1])) % PRIME
                found = find(table, number)
                out[start, length] = found + 1 if found >= 0 else NONE


def apart(ids: Any, first: int, shares: Any, ways: Any) -> float:
    """The log-likelihood of a word by itself: ``ids[:, first:]`` are its units or chunks."""
    size = len(ids) - first
    ways[0] = 1.0
    for end in range(1, size + 1):
        ways[end] = 0.0
    for start in range(size):
        for length in range(1, ids.shape[1] + 1 - first):
            one = ids[start, first + length - 1]
            if one >= 0 and start + length <= size:
                ways[start + length] += ways[start] * shares[one]
    return log(ways[size]) if ways[size] > 0 else FLOOR


def together(
    own: Any,
    first: int,
    last: int,
    latin: Any,
    begin: int,
    end: int,
    table: Any,
    narrow: Any,
    added: Any,
    longest: int,
    room: Any,
) -> float:
    """The log-likelihood that a word and a Latin one are the same, over all alignments.

    ``own[first:last]``: the units of the one; ``latin[begin:end]``: the cuts of the other, and one more;
    ``narrow``: the row of the table for each chunk; ``longest``: how many letters those have at most.
    """
    ways, singles, doubles = room.ways, room.singles, room.doubles
    rows = last - first
    columns = end - begin - 1
    unknown = table.shape[1] - 1
    for row in range(rows):
        one, two = own[first + row, 0], own[first + row, 1]
        singles[row] = one if one >= 0 else unknown
        # What lies beyond the end is no unit of this word.
        doubles[row] = two if two >= 0 and row + 1 < rows else unknown
    for column in range(columns + 1):
        for row in range(rows + 2):
            ways[column, row] = 0.0
    ways[0, 0] = 1.0
    empty = narrow[0]
    for column in range(columns + 1):
        # The chunk of no letters comes first: it leads on within the column.
        for row in range(rows):
            way = ways[column, row]
            ways[column, row + 1] += way * table[empty, singles[row]]
            ways[column, row + 2] += way * table[empty, doubles[row]]
        for length in range(1, min(longest, columns - column) + 1):
            chunk = latin[begin + column, length]
            spot = narrow[chunk] if chunk >= 0 else NONE
            if spot >= 0:
                for row in range(rows):
                    ways[column + length, row + 1] += ways[column, row] * table[spot, singles[row]]
                for row in range(rows):
                    ways[column + length, row + 2] += ways[column, row] * table[spot, doubles[row]]
        if column < columns and latin[begin + column, 1] >= 0:
            alone = added[latin[begin + column, 1]]
            for row in range(rows + 1):
                ways[column + 1, row] += ways[column, row] * alone
    found = ways[columns, rows]
    return log(found) if found > 0 else FLOOR


def read(own: Any, best: Any, score: Any, back: Any, out: Any) -> int:
    """The likeliest Latin reading of a word, as chunks from its end into ``out``; gives how many.

    ``best``: of each unit the likeliest chunk; ``score``: how likely both are together.
    """
    rows = len(own)
    ways = [FLOOR * 10.0 for _ in range(rows + 1)]
    ways[0] = 0.0
    for row in range(rows):
        if ways[row] <= FLOOR * 10.0:
            # No unit ends here: what is not known is left out.
            ways[row] = ways[row - 1] - 20.0
            back[row] = 0
        for wide in range(own.shape[1]):
            unit = own[row, wide]
            if unit >= 0 and row + wide + 1 <= rows:
                way = ways[row] + score[unit]
                if way > ways[row + wide + 1]:
                    ways[row + wide + 1] = way
                    back[row + wide + 1] = wide + 1
    count = 0
    row = rows
    if ways[rows] <= FLOOR * 10.0:
        back[rows] = 0
    while row > 0:
        if back[row] == 0:
            row -= 1
        else:
            out[count] = best[own[row - back[row], back[row] - 1]]
            count += 1
            row -= back[row]
    return count


def cosine(vectors: Any, one: int, other: int) -> float:
    """The cosine of the angle between two rows of length 1."""
    both = np.float32(0.0)
    for axis in range(vectors.shape[1]):
        both += vectors[one, axis] * vectors[other, axis]
    return float(both)


def even(vector: Any) -> None:
    """Makes a vector's length 1, but for one that is nothing."""
    square = 0.0
    for axis in range(len(vector)):
        square += vector[axis] * vector[axis]
    if square > 0:
        length = sqrt(square)
        for axis in range(len(vector)):
            vector[axis] /= length


def settle(words: Any, first: int, last: int) -> None:
    """Fills in where ``words`` lie in the map: their vectors."""
    grams = np.empty(800, np.int64)
    for word in range(first, last):
        letters = words.letters[words.letters_from[word] : words.letters_from[word + 1]]
        kind = words.kind[word]
        count = keys(letters, kind, 2 if kind == CHINESE else 4, grams)
        place(grams, count, words.keys, words.rows, words.scales, words.vector[word])
        if kind == CHINESE:
            said = words.said[words.said_from[word] : words.said_from[word + 1]]
            count = keys(said, PINYIN, 4, grams)
            place(grams, count, words.keys, words.rows, words.scales, words.vector[word])
        even(words.vector[word])


def learn(words: Any, first: int, last: int) -> None:
    """Fills in what else the map says of ``words``: units, and Latin forms as letters."""
    taken = np.empty(200, np.int64)
    back = np.empty(200, np.int64)
    for word in range(first, last):
        start, stop = words.letters_from[word], words.letters_from[word + 1]
        letters = words.letters[start:stop]
        kind = words.kind[word]
        if kind == CHINESE:
            for row in range(start, stop):
                found = find(words.table_units[kind - 1], words.syllable[row])
                words.units[row, 0] = words.table_order[kind - 1][found] if found >= 0 else NONE
                words.units[row, 1] = NONE
        else:
            units(
                letters,
                kind,
                words.table_units[kind - 1],
                words.table_order[kind - 1],
                words.units[start:stop],
            )
        if kind == LATIN:
            size = min(len(letters), WIDEST)
            for spot in range(size):
                words.latin[word, spot] = letters[spot]
        else:
            count = read(
                words.units[start:stop], words.table_best[kind - 1], words.table_score[kind - 1], back, taken
            )
            size = 0
            for number in range(count - 1, -1, -1):
                chunk = taken[number]
                for spot in range(words.chunk_from[chunk], words.chunk_from[chunk + 1]):
                    if size < WIDEST:
                        words.latin[word, size] = words.chunk_letters[spot]
                        size += 1
        words.latin_size[word] = size


def cut(words: Any, first: int, last: int) -> None:
    """Fills in the cuts of the Latin forms, and how likely each word is by itself."""
    ways = np.empty(200, np.float64)
    for word in range(first, last):
        cuts = words.cuts[words.cuts_from[word] : words.cuts_from[word + 1]]
        chunks(words.latin[word, : words.latin_size[word]], words.chunks, cuts)
        kind = words.kind[word]
        own = words.units[words.letters_from[word] : words.letters_from[word + 1]]
        words.alone[word] = apart(own, 0, words.table_own[kind - 1], ways)
        for script in range(len(words.table_latin)):
            words.latin_alone[word, script] = apart(cuts, 1, words.table_latin[script], ways)


def fit_all(words: Any, ones: Any, others: Any, room: Any, out: Any) -> None:
    """How well the words ``ones`` fit the ``others``, into the rows of ``out``.

    The cosine of their vectors, the log-likelihood ratio, and that as a share of what it would be for a
    perfect fit.
    """
    # Taken out once: compiled, each look into a tuple costs more than a look into what lies there.
    kinds, vector, alone, latin_alone = words.kind, words.vector, words.alone, words.latin_alone
    starts, letters, units_, cuts_from, cuts = (
        words.letters_from,
        words.letters,
        words.units,
        words.cuts_from,
        words.cuts,
    )
    joint, narrow, added, longest = (
        words.table_joint,
        words.table_narrow,
        words.table_added,
        words.table_longest,
    )
    for pair in range(len(ones)):
        one, other = ones[pair], others[pair]
        if kinds[one] == kinds[other] and equal(
            letters, starts[one], starts[one + 1], starts[other], starts[other + 1]
        ):
            out[pair, 0] = 1.0
            out[pair, 1] = -alone[one]
            out[pair, 2] = 1.0
            continue
        out[pair, 0] = cosine(vector, one, other)
        out[pair, 1] = WORST
        out[pair, 2] = -1.0
        # Most words have nothing to do with each other, and alignment would say the same.
        if out[pair, 0] < FAR:
            continue
        # Of a word in Latin letters and one in others the first is what is cut; else each is in its turn.
        turns = 1 if (kinds[other] == LATIN) != (kinds[one] == LATIN) else 2
        for turn in range(turns):
            own, latin = one, other
            if turn == 1 or (kinds[one] == LATIN and kinds[other] != LATIN):
                own, latin = other, one
            table = kinds[own] - 1
            single = alone[own]
            apart_ = latin_alone[latin, table]
            first, last = starts[own], starts[own + 1]
            begin, end = cuts_from[latin], cuts_from[latin + 1]
            if last > first and end > begin + 1 and single > FLOOR and apart_ > FLOOR:
                both = together(
                    units_,
                    first,
                    last,
                    cuts,
                    begin,
                    end,
                    joint[table],
                    narrow[table],
                    added[table],
                    longest[table],
                    room,
                )
                ratio = max(both - single - apart_, WORST)
                share = max(ratio / max(min(-single, -apart_), 1.0), -1.0)
                if share > out[pair, 2]:
                    out[pair, 1] = ratio
                    out[pair, 2] = share


def equal(letters: Any, first: int, last: int, begin: int, end: int) -> bool:
    """Whether two runs of letters are the same."""
    if last - first != end - begin:
        return False
    spot = 0
    while first + spot < last and letters[first + spot] == letters[begin + spot]:
        spot += 1
    return first + spot == last


def assign(scores: Any, rows: int, columns: int, best: Any, back: Any, out: Any) -> None:
    """Gives each row a column of its own, so that the sum is highest (``rows <= columns <= MOST``)."""
    full = 1 << columns
    for mask in range(full):
        best[0, mask] = -1e9
    best[0, 0] = 0.0
    for row in range(rows):
        for mask in range(full):
            best[row + 1, mask] = -1e9
        for mask in range(full):
            if best[row, mask] > -1e8:
                for column in range(columns):
                    if not mask >> column & 1:
                        score = best[row, mask] + scores[row, column]
                        after = mask | 1 << column
                        if score > best[row + 1, after]:
                            best[row + 1, after] = score
                            back[row + 1, after] = column
    top = 0
    for mask in range(full):
        if best[rows, mask] > best[rows, top]:
            top = mask
    for row in range(rows, 0, -1):
        column = back[row, top]
        out[row - 1] = column
        top ^= 1 << column


#: In the order in which they need one another.
FUNCTIONS: Final = (
    *(
        find,
        key,
        keys,
        place,
        units,
        chunks,
        apart,
        together,
        read,
        cosine,
        equal,
        even,
        settle,
        learn,
        cut,
        fit_all,
        assign,
    ),
)
