"""Sieve: the weight that Splink gives a pair of rows, counted quickly, so that it gets none that it would not
tell.

The same comparisons as in ``linkage_settings``, level by level, over numbers in place of words. Functions
here are compiled where there are many pairs (``proposing``), and plain Python otherwise.
"""

from __future__ import annotations

from math import log
from typing import Any, Final, NamedTuple

#: Levels of one word with another, the best first; as many in ``linkage_settings``.
ALIKE: Final = 7
#: Levels of the given name behind these.
WHOLE: Final = 7
EXCHANGED: Final = 8
NEARLY_SAME: Final = 9
NEARLY: Final = 10
EXCHANGED_NEARLY: Final = 11
FAR: Final = 12
REGION: Final = 13
EXCHANGED_REGION: Final = 14
OTHER: Final = 15
#: Levels of the father's and the family's names.
KIN_BOTH: Final = 0
KIN_FATHER: Final = 1
KIN_FAMILY: Final = 8
KIN_ACROSS: Final = 15
KIN_NEARLY_SAME: Final = 16
KIN_NEARLY: Final = 17
KIN_FAR: Final = 18
KIN_REGION: Final = 19
KIN_OTHER: Final = 20
#: Further apart than that words have nothing to do with each other.
_APART: Final = 3
_LONG: Final = 4
_LONGER: Final = 6
#: In days: births that one mistake parts.
NEAR: Final = 740


#: Of ``Sieve.rows``: whose row it is, its words, the given name and the father's as one, sex, birth; behind
#: these places, relatives and documents.
PERSON: Final = 0
GIVEN: Final = 1
FATHER: Final = 2
SURNAME: Final = 3
WHOLE_NAME: Final = 4
SEX: Final = 5
FIRST: Final = 6
LAST: Final = 7
SHARED: Final = 8
#: Of ``Sieve.words``: numbers of the skeleton, the consonants, the skeleton in the order of the alphabet, the
#: word as ``WHOLE_NAME``; where the letters of skeleton and reading begin and end; which letters the reading
#: has, a bit each, and the skeleton; the number of the reading; which cells it has, a bit for several;
#: behind these cells.
BONES: Final = 0
FINER: Final = 1
LETTERS: Final = 2
ALONE: Final = 3
SKELETON: Final = 4
SOUNDS: Final = 6
SORTS: Final = 8
BONE_SORTS: Final = 9
READING: Final = 10
CELL_SORTS: Final = 11
CELLS: Final = 12
#: Of ``Sieve.often``, behind the given name, the father's and the family's.
AS_EXCHANGED: Final = 3
AS_ACROSS: Final = 4
AS_PLACE: Final = 5
#: Of ``Sieve.levels``: what a level of a comparison weighs, and what part of those who agree is at it.
OF_GIVEN: Final = 0
OF_KIN: Final = 2
OF_SEX: Final = 4
OF_BIRTH: Final = 5
OF_PLACE: Final = 6
RAREST: Final = 9


class Sieve(NamedTuple):
    """What is compared, as few arrays as may be: each costs more than the numbers in it.

    ``rows`` and ``words``: numbers by rows and by words, 0 for none, births -1; ``letters`` of all words;
    ``often``: how common it is among all rows what a row has; ``levels``: what those of each comparison
    weigh (natural logarithm) and, behind it, what part is at them of those who agree in what has its
    commonness counted.
    """

    rows: Any
    words: Any
    letters: Any
    often: Any
    levels: Any


def steps(letters: Any, one: int, one_end: int, other: int, other_end: int) -> int:
    """Letters to be put in, left out or changed to make one stretch of ``letters`` the other; 3 for more than
    two. What both begin and end with is left aside; for what remains there are few ways of two steps."""
    if one_end - one < other_end - other:
        one, one_end, other, other_end = other, other_end, one, one_end
    if one_end - one - (other_end - other) >= _APART:
        return _APART
    while other < other_end and letters[one] == letters[other]:
        one += 1
        other += 1
    while other < other_end and letters[one_end - 1] == letters[other_end - 1]:
        one_end -= 1
        other_end -= 1
    if other == other_end:
        return one_end - one
    more = one_end - one - (other_end - other)
    if one_end - one == 1:
        return 1
    # 1 leaves out a letter of the longer, 2 puts one in, 3 changes one.
    for way in range(3):
        if more == 0:
            first, second = (3, 3) if way == 0 else (1, 2) if way == 1 else (2, 1)
        elif more == 1:
            first, second = (1, 3) if way == 0 else (3, 1)
        else:
            first, second = 1, 1
        if _goes(letters, one, one_end, other, other_end, first, second):
            return 2
    return _APART


def _goes(letters: Any, one: int, one_end: int, other: int, other_end: int, first: int, second: int) -> bool:
    taken = 0
    while one < one_end and other < other_end:
        if letters[one] == letters[other]:
            one += 1
            other += 1
            continue
        if taken == 2:
            return False
        step = first if taken == 0 else second
        taken += 1
        one += step & 1
        other += step >> 1
    return taken + one_end - one + other_end - other <= 2


def others(sorts: int, most: int) -> bool:
    """Whether so many ``sorts`` of letters (bits) are in one word alone that more than ``most`` steps part
    them: a step brings one more, and one less, at most."""
    for _ in range(2 * most):
        sorts &= sorts - 1
    return sorts != 0


def alike(words: Any, letters: Any, one: int, other: int) -> int:
    """The level at which two words are alike, ``ALIKE`` where they are not."""
    if one == 0 or other == 0 or words[one, BONES] != words[other, BONES]:
        return ALIKE
    if words[one, READING] == words[other, READING]:
        return 0
    if words[one, BONES] == 0:
        return ALIKE
    apart = steps(
        letters, words[one, SOUNDS], words[one, SOUNDS + 1], words[other, SOUNDS], words[other, SOUNDS + 1]
    )
    finely = words[one, FINER] == words[other, FINER] and words[one, FINER] != 0
    if apart < _APART:
        return 2 * apart - 1 if finely else 2 * apart
    return 5 if finely else 6


def nearly(words: Any, letters: Any, one: int, other: int) -> Any:
    """Whether skeletons have a letter between them, or the same letters."""
    if words[one, LETTERS] == words[other, LETTERS] and words[one, LETTERS] != 0:
        return True
    if others(words[one, BONE_SORTS] ^ words[other, BONE_SORTS], 1):
        return False
    start, end = words[one, SKELETON], words[one, SKELETON + 1]
    start_, end_ = words[other, SKELETON], words[other, SKELETON + 1]
    if end - start < _LONG or end_ - start_ < _LONG or abs(end - start - end_ + start_) > 1:
        return False
    return steps(letters, start, end, start_, end_) <= 1


def far(words: Any, letters: Any, one: int, other: int) -> Any:
    """Whether readings have a letter or two between them, by how long they are."""
    start, end = words[one, SOUNDS], words[one, SOUNDS + 1]
    start_, end_ = words[other, SOUNDS], words[other, SOUNDS + 1]
    shorter = min(end - start, end_ - start_)
    if shorter < _LONG:
        return False
    most = 2 if shorter >= _LONGER else 1
    if max(end - start, end_ - start_) - shorter > most:
        return False
    if others(words[one, SORTS] ^ words[other, SORTS], most):
        return False
    return steps(letters, start, end, start_, end_) <= most


def same(words: Any, one: int, other: int) -> Any:
    """Whether two words have one skeleton."""
    return words[one, BONES] != 0 and words[one, BONES] == words[other, BONES]


def near(words: Any, one: int, other: int) -> Any:
    """Whether two words lie in one region of the map."""
    if words[one, CELL_SORTS] & words[other, CELL_SORTS] == 0:
        return False
    for mine in range(CELLS, words.shape[1]):
        for theirs in range(CELLS, words.shape[1]):
            if words[one, mine] == words[other, theirs] and words[one, mine] != 0:
                return True
    return False


def meets(words: Any, letters: Any, one: int, other: int) -> Any:
    """Whether two words are alike, or nearly, or not far apart."""
    if one == 0 or other == 0:
        return False
    return same(words, one, other) or nearly(words, letters, one, other) or far(words, letters, one, other)


def rarely(weight: float, share: float, often: float, rarest: float) -> Any:
    """The weight of a level by how common is what agrees."""
    return weight - log(max(share * often, rarest))


def of_given(rows: Any, words: Any, letters: Any, often: Any, levels: Any, one: int, other: int) -> Any:
    """What the given names of two rows say."""
    given, father, surname = rows[one, GIVEN], rows[one, FATHER], rows[one, SURNAME]
    given_, father_, surname_ = rows[other, GIVEN], rows[other, FATHER], rows[other, SURNAME]
    if words[given, BONES] == 0 or words[given_, BONES] == 0:
        return 0.0
    rarest = levels[RAREST, 0]
    level = alike(words, letters, given, given_)
    if level < ALIKE:
        common = max(often[one, 0], often[other, 0])
        return rarely(levels[OF_GIVEN, level], levels[OF_GIVEN + 1, level], common, rarest)
    alone = words[father, BONES] == 0 and words[surname, BONES] == 0
    alone_ = words[father_, BONES] == 0 and words[surname_, BONES] == 0
    if (alone and words[given, ALONE] == rows[other, WHOLE_NAME]) or (
        alone_ and words[given_, ALONE] == rows[one, WHOLE_NAME]
    ):
        return levels[OF_GIVEN, WHOLE]
    if (same(words, given, father_) or same(words, given, surname_)) and (
        same(words, father, given_) or same(words, surname, given_)
    ):
        common = max(often[one, AS_EXCHANGED], often[other, AS_EXCHANGED])
        return rarely(levels[OF_GIVEN, EXCHANGED], 1.0, common, rarest * rarest)
    apart = far(words, letters, given, given_)
    if nearly(words, letters, given, given_):
        return levels[OF_GIVEN, NEARLY_SAME if apart else NEARLY]
    if exchanged(rows, words, letters, one, other):
        return levels[OF_GIVEN, EXCHANGED_NEARLY]
    if apart:
        return levels[OF_GIVEN, FAR]
    if near(words, given, given_):
        return levels[OF_GIVEN, REGION]
    if (near(words, given, father_) or near(words, given, surname_)) and (
        near(words, father, given_) or near(words, surname, given_)
    ):
        return levels[OF_GIVEN, EXCHANGED_REGION]
    return levels[OF_GIVEN, OTHER]


def exchanged(rows: Any, words: Any, letters: Any, one: int, other: int) -> Any:
    """Whether the given name of each stands as another of the other, more or less."""
    given, father, surname = rows[one, GIVEN], rows[one, FATHER], rows[one, SURNAME]
    given_, father_, surname_ = rows[other, GIVEN], rows[other, FATHER], rows[other, SURNAME]
    return (meets(words, letters, given, father_) or meets(words, letters, given, surname_)) and (
        meets(words, letters, father, given_) or meets(words, letters, surname, given_)
    )


def kin_agrees(rows: Any, words: Any, one: int, other: int) -> Any:
    """Whether the father's or the family's name of the one has the skeleton of one of the other."""
    father, surname = words[rows[one, FATHER], BONES], words[rows[one, SURNAME], BONES]
    father_, surname_ = words[rows[other, FATHER], BONES], words[rows[other, SURNAME], BONES]
    return (father != 0 and father in (father_, surname_)) or (
        surname != 0 and surname in (father_, surname_)
    )


def most_of_kin(levels: Any) -> Any:
    """The most that the fathers' and the families' names of two rows say where none has the skeleton of
    another."""
    most = 0.0
    for level in range(KIN_NEARLY_SAME, KIN_OTHER + 1):
        most = max(most, levels[OF_KIN, level])
    return most


def of_kin(rows: Any, words: Any, letters: Any, often: Any, levels: Any, one: int, other: int) -> Any:
    """What the fathers' and the families' names of two rows say."""
    father, surname = rows[one, FATHER], rows[one, SURNAME]
    father_, surname_ = rows[other, FATHER], rows[other, SURNAME]
    if words[father, BONES] == 0 and words[surname, BONES] == 0:
        return 0.0
    if words[father_, BONES] == 0 and words[surname_, BONES] == 0:
        return 0.0
    # The comparison of the given name has said so.
    if exchanged(rows, words, letters, one, other):
        return 0.0
    rarest = levels[RAREST, 0]
    fathers, families = max(often[one, 1], often[other, 1]), max(often[one, 2], often[other, 2])
    if same(words, father, father_) and same(words, surname, surname_):
        return rarely(levels[OF_KIN, KIN_BOTH], 1.0, fathers, rarest)
    level = KIN_FATHER + alike(words, letters, father, father_)
    if level < KIN_FATHER + ALIKE:
        return rarely(levels[OF_KIN, level], levels[OF_KIN + 1, level], fathers, rarest)
    level = KIN_FAMILY + alike(words, letters, surname, surname_)
    if level < KIN_FAMILY + ALIKE:
        return rarely(levels[OF_KIN, level], levels[OF_KIN + 1, level], families, rarest)
    if same(words, father, surname_) or same(words, surname, father_):
        common = max(often[one, AS_ACROSS], often[other, AS_ACROSS])
        return rarely(levels[OF_KIN, KIN_ACROSS], 1.0, common, rarest)
    close = apart = False
    for mine in (father, surname):
        for theirs in (father_, surname_):
            if mine == 0 or theirs == 0:
                continue
            near_by, off = nearly(words, letters, mine, theirs), far(words, letters, mine, theirs)
            if near_by and off:
                return levels[OF_KIN, KIN_NEARLY_SAME]
            close, apart = close or near_by, apart or off
    if close:
        return levels[OF_KIN, KIN_NEARLY]
    if apart:
        return levels[OF_KIN, KIN_FAR]
    for mine in (father, surname):
        for theirs in (father_, surname_):
            if near(words, mine, theirs):
                return levels[OF_KIN, KIN_REGION]
    return levels[OF_KIN, KIN_OTHER]


def shared(rows: Any, one: int, other: int, start: int, end: int) -> int:
    """Whether two rows have a number in common from ``start`` to ``end``: 0 yes, 1 no, -1 not known."""
    if rows[one, start] == 0 or rows[other, start] == 0:
        return -1
    for mine in range(start, end):
        for theirs in range(start, end):
            if rows[one, mine] == rows[other, theirs] and rows[one, mine] != 0:
                return 0
    return 1


def of_rest(rows: Any, often: Any, levels: Any, one: int, other: int) -> Any:
    """What all but the names of two rows says."""
    out = 0.0
    if rows[one, SEX] != 0 and rows[other, SEX] != 0:
        out += levels[OF_SEX, 0 if rows[one, SEX] == rows[other, SEX] else 1]
    first, last = rows[one, FIRST], rows[one, LAST]
    first_, last_ = rows[other, FIRST], rows[other, LAST]
    if first >= 0 and first_ >= 0:
        if first == first_ and last == last_ and first == last:
            out += levels[OF_BIRTH, 0]
        elif first <= last_ and first_ <= last:
            out += levels[OF_BIRTH, 1]
        elif first - last_ <= NEAR and first_ - last <= NEAR:
            out += levels[OF_BIRTH, 2]
        else:
            out += levels[OF_BIRTH, 3]
    most = (rows.shape[1] - SHARED) // 3
    for kind in range(3):
        found = shared(rows, one, other, SHARED + kind * most, SHARED + kind * most + most)
        if found == 0 and kind == 0:
            common = max(often[one, AS_PLACE], often[other, AS_PLACE])
            out += rarely(levels[OF_PLACE, 0], 1.0, common, levels[RAREST, 0])
        elif found >= 0:
            out += levels[OF_PLACE + kind, found]
    return out


def weight(rows: Any, words: Any, letters: Any, often: Any, levels: Any, one: int, other: int) -> Any:
    """The logarithm (natural) of how much likelier all that is known of two rows is of one person."""
    return (
        of_rest(rows, often, levels, one, other)
        + of_given(rows, words, letters, often, levels, one, other)
        + of_kin(rows, words, letters, often, levels, one, other)
    )


def placed(whose: Any, begins: Any, spots: Any, places: Any, behind: Any) -> None:
    """Makes ready what ``sifted`` goes through. A stretch of ``whose`` rows, which share a key, begins at
    each of ``begins`` but the last, where the last one ends; they are put in order, the last of each as its
    complement. ``places``: where each row stands in ``whose``, but as the last, from its ``spots`` on;
    ``behind``: how many stand behind it, all in all."""
    for stretch in range(len(begins) - 1):
        begin, end = begins[stretch], begins[stretch + 1]
        for at in range(begin + 1, end):
            row = whose[at]
            spot = at
            while spot > begin and whose[spot - 1] > row:
                whose[spot] = whose[spot - 1]
                spot -= 1
            whose[spot] = row
        for at in range(begin, end - 1):
            row = whose[at]
            places[spots[row]] = at
            spots[row] += 1
            behind[row] += end - 1 - at
        whose[end - 1] = ~whose[end - 1]


def sifted(
    sieve: Any, whose: Any, starts: Any, places: Any, first: int, last: int, least: float, met: Any, out: Any
) -> int:
    """Of the pairs of the rows from ``first`` to ``last`` with those behind them that share a key, each once,
    those that weigh ``least``, as one number each, into ``out``; how many. ``whose``, ``starts`` and
    ``places``: as ``placed`` has them; ``met`` (-1, for each row): who was the last to meet a row."""
    rows, words, letters, often, levels = sieve.rows, sieve.words, sieve.letters, sieve.often, sieve.levels
    most = most_of_kin(levels)
    count = 0
    for one in range(first, last):
        begin = count
        for spot in range(starts[one], starts[one + 1]):
            at = places[spot]
            other = 0
            while other >= 0:
                at += 1
                other = whose[at]
                row = other if other >= 0 else ~other
                if met[row] != one:
                    met[row] = one
                    out[count] = row
                    count += 1
        found = count
        count = begin
        for spot in range(begin, found):
            other = out[spot]
            if rows[one, PERSON] == rows[other, PERSON]:
                continue
            known = of_rest(rows, often, levels, one, other)
            known += of_given(rows, words, letters, often, levels, one, other)
            # Most can weigh enough no more, whatever the rest of them says.
            if known + most < least and not kin_agrees(rows, words, one, other):
                continue
            if known + of_kin(rows, words, letters, often, levels, one, other) >= least:
                out[count] = one * len(rows) + other
                count += 1
    return count


#: In the order in which they need one another.
FUNCTIONS: Final = (
    _goes,
    steps,
    others,
    alike,
    nearly,
    far,
    same,
    near,
    meets,
    rarely,
    exchanged,
    of_given,
    kin_agrees,
    most_of_kin,
    of_kin,
    shared,
    of_rest,
    weight,
    placed,
    sifted,
)
