"""What others say of a pair, and how words and rows are looked at for a second time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import settings as running
from hypothesis import strategies as st
from training.blocking import profiles
from training.population import population

from estelik.identity import appraisal, features
from estelik.identity.appraisal import Looks, Proposed
from estelik.identity.cells import cells
from estelik.identity.company import Pairs, borne_out, numbers_of
from estelik.identity.lexicon import NONE, word
from estelik.names.engine import PLAIN

ROWS = population(24, 5, processes=1)


def _pairs(told: dict[tuple[int, int], float]) -> Pairs:
    one, other = (np.array([pair[side] for pair in told], np.int64) for side in (0, 1))
    return Pairs(one, other, np.array(list(told.values())))


def _odds(told: dict[tuple[int, int], float], people: int) -> dict[tuple[int, int], float]:
    found = borne_out(_pairs(told), people)
    return {(one, other): odds for one, other, odds in zip(*(part.tolist() for part in found), strict=True)}


def test_who_is_one_with_both_bears_two_out() -> None:
    """A doubtful pair is more probable where a third is one with both, than by itself or where the third is
    one with the first alone."""
    alone = _odds({(0, 1): -0.5}, 3)[0, 1]
    together = _odds({(0, 1): -0.5, (0, 2): 6.0, (1, 2): 6.0}, 3)[0, 1]
    apart = _odds({(0, 1): -0.5, (0, 2): 6.0}, 3)[0, 1]
    assert together > alone
    assert together > apart


def test_two_who_were_never_compared_are_told_by_a_third() -> None:
    """Of two without a key in common it is told where somebody is surely one with both."""
    assert (0, 1) in _odds({(0, 2): 7.0, (1, 2): 7.0}, 3)
    assert (0, 1) not in _odds({(0, 2): 7.0, (1, 2): -3.0}, 3)


def test_the_hopeless_are_told_only_in_company() -> None:
    """A pair far from what is asked for is left out, unless somebody is one with both."""
    alone, together = {(0, 1): -9.0}, {(0, 1): -9.0, (0, 2): 6.0, (1, 2): 6.0}
    assert len(borne_out(_pairs(alone), 3, -3.0).one) == 0
    assert len(borne_out(_pairs(alone), 3).one) == 1
    assert len(borne_out(_pairs(together), 3, -3.0).one) == len(together)


@running(deadline=None, max_examples=30)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
        st.floats(-8, 8),
        min_size=1,
    ),
    st.permutations(range(8)),
)
def test_what_people_are_numbered_changes_nothing(
    told: dict[tuple[int, int], float], order: list[int]
) -> None:
    """What there is to be weighed of a pair does not depend on who is the first."""
    other = {tuple(sorted((order[a], order[b]))): odds for (a, b), odds in told.items()}

    def weighed(given_: dict[tuple[int, int], float], back: list[int]) -> dict[tuple[int, ...], list[float]]:
        pairs, numbers = numbers_of(_pairs(given_), 8)
        names = zip(pairs.one.tolist(), pairs.other.tolist(), strict=True)
        return {
            tuple(sorted((back[a], back[b]))): np.nan_to_num(row, nan=99).round(9).tolist()
            for (a, b), row in zip(names, numbers, strict=True)
        }

    inverse = [order.index(number) for number in range(8)]
    assert weighed(told, list(range(8))) == weighed(other, inverse)  # type: ignore[arg-type]


def test_a_second_look_is_the_same_from_both_sides() -> None:
    """Which of two rows is named first changes nothing of what is seen."""
    columns = features.columns(profiles(ROWS))
    one, other = (side.ravel() for side in np.meshgrid(np.arange(6), np.arange(14, 20)))
    nothing = np.zeros(len(one))
    looks = Looks(columns)
    there = looks.numbers(Proposed(one, other, nothing, nothing), PLAIN)
    back = looks.numbers(Proposed(other, one, nothing, nothing), PLAIN)
    assert there.shape[1] == appraisal.NUMBERS
    np.testing.assert_allclose(there, back, rtol=1e-6)


def test_a_second_look_knows_one_person_from_two() -> None:
    """Rows of one person are found more probable than rows of two."""
    columns = features.columns(profiles(ROWS))
    people = np.array([row.person for row in ROWS])
    one, other = np.triu_indices(len(ROWS), 1)
    same = np.flatnonzero(people[one] == people[other])
    two = np.flatnonzero(people[one] != people[other])[:30]

    def odds(chosen: np.ndarray) -> float:
        nothing = np.full(len(chosen), 8.0)
        pairs = Proposed(one[chosen], other[chosen], nothing, np.zeros(len(chosen)))
        return float(np.median(appraisal.appraised(columns, pairs)))

    assert len(same) > 3
    assert odds(same) > odds(two) + 3


def test_a_name_lies_near_itself_in_other_scripts() -> None:
    """Spellings of one name share a cell; what is no word lies in none."""
    found = cells([NONE, word("Cyrl", "Қалисбек"), word("Latn", "Kalisbek"), word("Cyrl", "Калисбек")])
    assert not found[0].any()
    for spelled in found[2:]:
        assert set(spelled.tolist()) & set(found[1].tolist())
