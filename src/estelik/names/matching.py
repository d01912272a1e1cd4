"""Matching: what two names have in common, as numbers, on flat sequences as ``kernel`` has them.

A name is one alternative or several (a Chinese name of three characters can be
cut in three ways); an alternative is slots, one for each word; a slot is forms of
its word: as written, without what marks a child or a family, a short form. Each
slot of the one name is given one of the other's, so that the whole fits best.
"""

from __future__ import annotations

from math import exp
from typing import Any, Final

import numpy as np

from estelik.names.forest import TOGETHER, descend
from estelik.names.kernel import FAR, LATIN, LONGEST, MOST, NONE, WORST, assign, cosine, even, together
from estelik.names.romanisation import romanised

#: How many numbers ``features`` gives.
FEATURES: Final = 39
#: What a form of a word is: as written, without what marks a child or family, a short form.
FULL: Final = 0
ROOT: Final = 1
SHORT: Final = 2
_FORM_COST: Final = (0.0, 0.1, 0.35)
#: Of the letters that what begins a word is written with in Latin those that are rarer are none of it.
_BEGINS: Final = 0.05
_A: Final = 97
_LETTERS: Final = 26
#: Where ``features`` has what the endings of fathers' names tell: -1 where that is a man and a woman.
SEXES: Final = 30
#: How much less likely two names are one person's then.
OTHER_SEX: Final = 1e-4
#: Of a whole name not more letters are looked at.
LONGEST_NAME: Final = 80


def spread(names: Any, left: Any, right: Any, ones: Any, others: Any) -> int:
    """Which words are compared for the pairs of names ``left[n]``, ``right[n]``, in the order in which
    ``features`` takes them; gives how many. Nothing is written where ``ones`` is empty."""
    count = 0
    alt_from, slot_from, form_from, form_word, form_kind, marked = (
        names.alt_from,
        names.slot_from,
        names.form_from,
        names.form_word,
        names.form_kind,
        names.slot_marked,
    )
    for pair in range(len(left)):
        for one in range(alt_from[left[pair]], alt_from[left[pair] + 1]):
            for other in range(alt_from[right[pair]], alt_from[right[pair] + 1]):
                for slot in range(slot_from[one], min(slot_from[one + 1], slot_from[one] + MOST)):
                    for like in range(slot_from[other], min(slot_from[other + 1], slot_from[other] + MOST)):
                        both = marked[slot] and marked[like]
                        for form in range(form_from[slot], form_from[slot + 1]):
                            for alike in range(form_from[like], form_from[like + 1]):
                                # What both are without their ends is told by their roots.
                                if not both or form_kind[form] == form_kind[alike]:
                                    if len(ones):
                                        ones[count] = form_word[form]
                                        others[count] = form_word[alike]
                                    count += 1
    return count


def distinct(ones: Any, others: Any, places: Any, chosen: Any, back: Any) -> int:
    """Which pairs ``ones[n]``, ``others[n]`` are the first of their kind, into ``chosen``, and which of these
    each is, into ``back``; gives how many. ``places`` has room for twice as many, a power of two."""
    size = len(places)
    count = 0
    for place_ in range(size):
        places[place_] = -1
    for number in range(len(ones)):
        one, other = ones[number], others[number]
        spot = (one * 40503 + other * 2654435761 >> 7) & (size - 1)
        while places[spot] >= 0:
            first = chosen[places[spot]]
            if ones[first] == one and others[first] == other:
                break
            spot = (spot + 1) & (size - 1)
        if places[spot] < 0:
            places[spot] = count
            chosen[count] = number
            count += 1
        back[number] = places[spot]
    return count


def settle_names(names: Any, words: Any) -> None:
    """Fills in where whole names lie, by the sums of their words, and how many Latin letters they have."""
    alt_from, slot_from, form_from, form_word = (
        names.alt_from,
        names.slot_from,
        names.form_from,
        names.form_word,
    )
    vector, latin_size, whole, sizes = words.vector, words.latin_size, names.whole, names.size
    axes = vector.shape[1]
    for name in range(len(sizes)):
        alternative = alt_from[name]
        for slot in range(slot_from[alternative], slot_from[alternative + 1]):
            word = form_word[form_from[slot]]
            sizes[name] += latin_size[word]
            for axis in range(axes):
                whole[name, axis] += vector[word, axis]
        even(whole[name])


def match(names: Any, words: Any, one: int, other: int, fits: Any, back: Any, cursor: int, room: Any) -> int:
    """Matches the slots of two alternatives, the one with more of them second.

    ``fits[back[cursor]]`` says how the next two words fit.

    ``room.scores``, ``room.cosines``, ``room.ratios``, ``room.shares`` have all of them, ``room.column``
    which slot goes with which, ``room.kinds`` by which forms. Gives the cursor behind the last of the fits.
    """
    slot_from, form_from, form_kind, marked = (
        names.slot_from,
        names.form_from,
        names.form_kind,
        names.slot_marked,
    )
    scores, cosines, ratios, shares, kinds = room.scores, room.cosines, room.ratios, room.shares, room.kinds
    rows = min(slot_from[one + 1] - slot_from[one], MOST)
    columns = min(slot_from[other + 1] - slot_from[other], MOST)
    turned = rows > columns
    for row in range(rows):
        left = slot_from[one] + row
        for column in range(columns):
            right = slot_from[other] + column
            spot, place_ = (column, row) if turned else (row, column)
            scores[spot, place_] = -9.0
            both = marked[left] and marked[right]
            for form in range(form_from[left], form_from[left + 1]):
                for like in range(form_from[right], form_from[right + 1]):
                    if not both or form_kind[form] == form_kind[like]:
                        kind = max(form_kind[form], form_kind[like])
                        fit = back[cursor]
                        score = fits[fit, 0] + fits[fit, 2] - _FORM_COST[kind]
                        if score > scores[spot, place_]:
                            scores[spot, place_] = score
                            cosines[spot, place_] = fits[fit, 0]
                            ratios[spot, place_] = fits[fit, 1]
                            shares[spot, place_] = fits[fit, 2]
                            kinds[spot, place_] = kind
                        cursor += 1
            if names.slot_initial[left] or names.slot_initial[right]:
                same = _begins(names, words, left, right)
                scores[spot, place_] = 0.3 if same else -0.6
                cosines[spot, place_] = 0.3 if same else -0.3
                ratios[spot, place_] = 1.0 if same else -1.0
                shares[spot, place_] = 0.1 if same else -0.3
    assign(scores, min(rows, columns), max(rows, columns), room.best, room.back, room.column)
    return cursor


def _begins(names: Any, words: Any, left: int, right: int) -> bool:
    """Whether the one may begin with the first letter of the other."""
    one = names.form_word[names.form_from[left]]
    other = names.form_word[names.form_from[right]]
    if words.latin_size[one] == 0 or words.latin_size[other] == 0:
        return False
    if words.latin[one, 0] == words.latin[other, 0]:
        return True
    if (words.kind[one] == LATIN) == (words.kind[other] == LATIN):
        return False
    own, latin = (one, other) if words.kind[other] == LATIN else (other, one)
    letter = int(words.latin[latin, 0]) - _A
    for wide in range(2):
        unit = words.units[words.letters_from[own], wide]
        if (
            unit >= 0
            and 0 <= letter < _LETTERS
            and words.table_begins[words.kind[own] - 1][unit, letter] > _BEGINS
        ):
            return True
    return False


def features(
    names: Any, words: Any, left: int, right: int, fits: Any, back: Any, cursor: int, room: Any, out: Any
) -> int:
    """What two names have in common, in numbers (``FEATURES`` of them) into ``out``.

    The same whichever comes first, but where two ways to match them are equally good. ``room.chosen`` are the
    alternatives that fit best. Gives the cursor behind the last of the ``fits``.
    """
    for number in range(FEATURES):
        out[number] = np.nan
    top = -99.0
    start, last = 0, 0
    for one in range(names.alt_from[left], names.alt_from[left + 1]):
        for other in range(names.alt_from[right], names.alt_from[right + 1]):
            before = cursor
            cursor = match(names, words, one, other, fits, back, cursor, room)
            first, second = ordered(names, one, other)
            rows = min(names.slot_from[first + 1] - names.slot_from[first], MOST)
            mean = 0.0
            for row in range(rows):
                mean += room.scores[row, room.column[row]] / rows
            last = before
            if rows > 0 and mean > top:
                top = mean
                start = before
                room.chosen[0] = one
                room.chosen[1] = other
    if top == -99.0:
        return cursor
    if last != start:
        match(names, words, room.chosen[0], room.chosen[1], fits, back, start, room)
    first, second = ordered(names, room.chosen[0], room.chosen[1])
    rows = min(names.slot_from[first + 1] - names.slot_from[first], MOST)
    _of_slots(names, words, first, second, rows, room, out)
    _of_wholes(names, words, left, right, rows, room, out)
    return cursor


def ordered(names: Any, one: int, other: int) -> tuple[int, int]:
    """Two alternatives, the one with fewer slots first."""
    if names.slot_from[one + 1] - names.slot_from[one] <= names.slot_from[other + 1] - names.slot_from[other]:
        return one, other
    return other, one


def _of_slots(names: Any, words: Any, first: int, second: int, rows: int, room: Any, out: Any) -> None:
    columns = min(names.slot_from[second + 1] - names.slot_from[second], MOST)
    taken = 0
    scores, cosines, shares = room.lows[0], room.lows[1], room.lows[2]
    evidence, least, clashes, by_root, by_short = 0.0, 0.0, 0, 0, 0
    for row in range(rows):
        column = room.column[row]
        taken |= 1 << column
        scores[row] = room.scores[row, column]
        cosines[row] = room.cosines[row, column]
        shares[row] = room.shares[row, column]
        evidence += room.ratios[row, column]
        least = min(least, room.ratios[row, column])
        by_root += room.kinds[row, column] == ROOT
        by_short += room.kinds[row, column] == SHORT
        role = names.slot_role[names.slot_from[first] + row]
        like = names.slot_role[names.slot_from[second] + column]
        clashes += (role == 1 and like > 1) or (role > 1 and like == 1)
    mean = 0.0
    for row in range(rows):
        mean += scores[row] / rows
    for kind in range(3):
        _sort(room.lows[kind], rows)
    out[0] = mean
    out[4] = scores[rows - 1]
    for number in range(min(rows, 3)):
        out[1 + number] = scores[number]
        out[5 + number] = cosines[number]
        out[8 + number] = shares[number]
    out[11] = evidence
    out[12] = least
    out[13] = rows
    out[14] = columns - rows
    lengths, initials, alone = 0, 0, 0.0
    for column in range(columns):
        slot = names.slot_from[second] + column
        initials += names.slot_initial[slot]
        if not taken >> column & 1:
            word = names.form_word[names.form_from[slot]]
            lengths += words.latin_size[word]
            near = -9.0
            for row in range(rows):
                near = max(near, room.scores[row, column])
            alone = min(alone, near)
    for row in range(rows):
        initials += names.slot_initial[names.slot_from[first] + row]
    out[15] = lengths
    out[16] = initials
    out[17] = alone
    out[18] = clashes
    out[19] = by_root
    out[20] = by_short


def _sort(values: Any, count: int) -> None:
    for one in range(1, count):
        value = values[one]
        spot = one
        while spot > 0 and values[spot - 1] > value:
            values[spot] = values[spot - 1]
            spot -= 1
        values[spot] = value


def _of_wholes(names: Any, words: Any, left: int, right: int, rows: int, room: Any, out: Any) -> None:
    one = names.slot_from[names.alt_from[left]]
    other = names.slot_from[names.alt_from[right]]
    # Plain numbers: two truths of numpy are one truth together, and two of Python make 2.
    kind = int(words.kind[names.form_word[names.form_from[one]]])
    like = int(words.kind[names.form_word[names.form_from[other]]])
    out[21] = -1.0
    out[22] = WORST
    out[23] = cosine(names.whole, left, right)
    # N-grams know no order of words: where these are far apart, so are all.
    straight = True
    for row in range(1, rows):
        straight = straight and room.column[row] > room.column[row - 1]
    for turned in range(3 if out[23] > FAR else 0):
        if (turned == 0) != straight:
            continue
        for back in range(1 if (kind == LATIN) != (like == LATIN) else 2):
            own, latin, own_turned, latin_turned = left, right, turned == 2, turned == 1
            if (kind == LATIN and like != LATIN) != (back == 1):
                own, latin, own_turned, latin_turned = right, left, latin_turned, own_turned
            # Called in one place: the compiler puts the whole of it in each.
            _joined(names, words, own, latin, int(own_turned), int(latin_turned), room)
            if room.fit[2] > out[21]:
                out[21] = room.fit[2]
                out[22] = room.fit[1]
    out[24] = min(names.size[left], names.size[right])
    out[25] = max(names.size[left], names.size[right])
    for script in range(4):
        out[26 + script] = (kind == script + 1) + (like == script + 1)
    out[SEXES] = names.sex[left] * names.sex[right]
    native, latin = left, right
    if kind == LATIN:
        native, latin, like = right, left, kind
    if names.native_from[native + 1] > names.native_from[native] and like == LATIN:
        romanised(names, words, native, latin, room, out)


def _joined(
    names: Any, words: Any, own: int, latin: int, own_turned: int, latin_turned: int, room: Any
) -> None:
    """How well two whole names fit, as letters without spaces, into ``room.fit``.

    Of those that are turned the first word stands last.
    """
    slot_from, form_from, form_word = names.slot_from, names.form_from, names.form_word
    units_, starts, cuts, cuts_from = words.units, words.letters_from, words.cuts, words.cuts_from
    units_out, cuts_out, fit = room.own, room.cuts, room.fit
    rows, alone, kind = 0, 0.0, LATIN
    first = slot_from[names.alt_from[own]]
    count = slot_from[names.alt_from[own] + 1] - first
    for number in range(min(count, MOST)):
        word = form_word[form_from[first + (number + own_turned) % count]]
        kind = words.kind[word]
        alone += words.alone[word]
        for row in range(starts[word], starts[word + 1]):
            if rows < LONGEST_NAME:
                units_out[rows, 0] = units_[row, 0]
                units_out[rows, 1] = units_[row, 1]
                rows += 1
    table = kind - 1
    columns, apart_ = 0, 0.0
    first = slot_from[names.alt_from[latin]]
    count = slot_from[names.alt_from[latin] + 1] - first
    for number in range(min(count, MOST)):
        word = form_word[form_from[first + (number + latin_turned) % count]]
        apart_ += words.latin_alone[word, table]
        for row in range(cuts_from[word], cuts_from[word + 1] - 1):
            if columns < LONGEST_NAME:
                for length in range(LONGEST + 1):
                    cuts_out[columns, length] = cuts[row, length]
                columns += 1
    cuts_out[columns, 0] = 0
    for length in range(1, LONGEST + 1):
        cuts_out[columns, length] = NONE
    fit[1] = WORST
    fit[2] = -1.0
    if rows and columns:
        both = together(
            units_out,
            0,
            rows,
            cuts_out,
            0,
            columns + 1,
            words.table_joint[table],
            words.table_narrow[table],
            words.table_added[table],
            words.table_longest[table],
            room,
        )
        fit[1] = max(both - alone - apart_, 2 * WORST)
        fit[2] = max(fit[1] / max(min(-alone, -apart_), 1.0), -1.0)


def all_features(
    names: Any, words: Any, left: Any, right: Any, fits: Any, back: Any, room: Any, out: Any
) -> None:
    """``features`` of many pairs."""
    # A 0 as it stands would be a type of its own for the compiler, and all be compiled twice.
    cursor = int(np.int64(0))
    for pair in range(len(left)):
        cursor = features(names, words, left[pair], right[pair], fits, back, cursor, room, out[pair])


def weighed(
    forest: Any, names: Any, words: Any, left: Any, right: Any, fits: Any, back: Any, room: Any, out: Any
) -> None:
    """The scores of many pairs, into ``out``: 0 of what is no name."""
    cursor = int(np.int64(0))
    numbers, both = room.numbers, room.both
    for start in range(0, len(left), TOGETHER):
        count = min(TOGETHER, len(left) - start)
        for row in range(count):
            pair = start + row
            cursor = features(names, words, left[pair], right[pair], fits, back, cursor, room, numbers[row])
            for number in range(FEATURES):
                value = numbers[row, number]
                known = not np.isnan(value)
                both[row, number] = value if known else -np.inf
                both[row, FEATURES + number] = value if known else np.inf
        descend(forest, both, count, room.at, out[start : start + count])
        for row in range(count):
            pair = start + row
            score = 1 / (1 + exp(-out[pair]))
            odds = score / max(1 - score, 1e-12) * (OTHER_SEX if numbers[row, SEXES] < 0 else 1.0)
            out[pair] = 0.0 if np.isnan(numbers[row, 0]) else odds / (1 + odds)


#: In the order in which they need one another.
FUNCTIONS: Final = (
    *(
        spread,
        distinct,
        settle_names,
        _begins,
        match,
        ordered,
        _sort,
        _of_slots,
        _joined,
        _of_wholes,
        features,
        all_features,
        weighed,
    ),
)
