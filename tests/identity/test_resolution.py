"""Who is who: the laws of the value that all views are computed from."""

from __future__ import annotations

from itertools import combinations, pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.identity.candidate import Candidate
from estelik.identity.queue import queue, still
from estelik.identity.resolution import Resolution, resolve
from estelik.identity.verdict import Answer, Verdict, pair, split_name

_labels = st.sampled_from("ABCDE")
_often: list[Answer] = ["same", "same", "same", "different", "unsure", "split"]
_decisions = st.sampled_from(_often)


@st.composite
def _verdicts(draw: st.DrawFn) -> list[Verdict]:
    """Up to nine judgements on five people, some on the same two."""
    made = []
    for number in range(draw(st.integers(0, 9))):
        decision = draw(_decisions)
        one = draw(_labels)
        if decision == "split":
            telling = draw(st.sampled_from(["t1", "t2"]))
            made.append(
                Verdict(f"j{number}", "split", one, split_name(one, telling), "", "2026-01-02", "", telling)
            )
        else:
            nodes = [*"ABCDE", "A (t1)", "B (t2)"]
            other = draw(st.sampled_from([node for node in nodes if node != one]))
            made.append(Verdict(f"j{number}", decision, one, other))
    return made


@given(_verdicts(), st.randoms())
def test_neither_order_nor_repetition_changes_who_is_who(made: list[Verdict], random: object) -> None:
    again = [*made, *made[:3]]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert resolve(again) == resolve(made)


@settings(deadline=None)  # the first way through a graph loads half of the other library
@given(_verdicts())
def test_judgements_are_kept_and_named_as_enumeration_has_it(made: list[Verdict]) -> None:
    """Against all ways through a small graph, listed one by one by another library."""
    graph = nx.Graph({one.pair for one in made if one.decision == "same"})
    clashes = []
    suspended = set()
    for kept in {one.pair for one in made if one.decision in ("different", "split")}:
        if not (set(kept) <= set(graph) and nx.has_path(graph, *kept)):
            continue
        ways = nx.all_simple_paths(graph, *kept)
        edges = {pair(*edge) for way in ways for edge in pairwise(way)}
        suspended |= edges
        clashes.append(
            tuple(
                sorted(
                    one.id
                    for one in made
                    if (one.decision == "same" and one.pair in edges)
                    or (one.decision in ("different", "split") and one.pair == kept)
                )
            )
        )
    found = resolve(made)
    assert sorted(one.judgements for one in found.contradictions) == sorted(clashes)
    graph.remove_edges_from(suspended)
    expected = {tuple(sorted(group)) for group in nx.connected_components(graph) if len(group) > 1}
    assert set(found.clusters.values()) == expected


@given(_verdicts())
def test_nobody_is_one_with_somebody_she_was_said_not_to_be(made: list[Verdict]) -> None:
    found = resolve(made)
    for one in made:
        if one.decision in ("different", "split"):
            assert one.other not in found.members(one.one)


@given(_verdicts())
def test_what_stands_against_nothing_joins(made: list[Verdict]) -> None:
    found = resolve(made)
    named = {id_ for one in found.contradictions for id_ in one.judgements}
    for one in made:
        if one.decision == "same" and one.id not in named:
            assert found.relation(one.one, one.other) == "same"


@given(_verdicts())
def test_being_one_is_mutual_and_goes_on(made: list[Verdict]) -> None:
    found = resolve(made)
    for members in found.clusters.values():
        for one, other in combinations(members, 2):
            assert found.members(one) == found.members(other)
            assert found.relation(one, other) == found.relation(other, one) == "same"


@given(_verdicts(), _verdicts())
def test_judgements_gathered_in_any_two_heaps_come_to_the_same(
    here: list[Verdict], there: list[Verdict]
) -> None:
    """Two computers that each judged, and exchange what they have."""
    assert resolve([*here, *there]) == resolve([*there, *here]) == resolve({*here, *there})


def test_a_ring_of_same_with_one_different_joins_none_of_the_ring() -> None:
    made = [
        Verdict("1", "same", "A", "B"),
        Verdict("2", "same", "B", "C"),
        Verdict("3", "different", "A", "C"),
        Verdict("4", "same", "C", "D"),
    ]
    found = resolve(made)
    assert [one.judgements for one in found.contradictions] == [("1", "2", "3")]
    assert found.clusters == {"C": ("C", "D"), "D": ("C", "D")}
    assert found.relation("A", "B") == "contradiction"
    assert found.relation("A", "D") == "different"
    assert found.against("D") == found.contradictions


def test_a_ring_beside_the_way_stays_joined() -> None:
    made = [
        Verdict("1", "same", "A", "B"),
        Verdict("2", "different", "A", "B"),
        Verdict("3", "same", "B", "C"),
        Verdict("4", "same", "C", "D"),
        Verdict("5", "same", "B", "D"),
    ]
    found = resolve(made)
    assert [one.judgements for one in found.contradictions] == [("1", "2")]
    assert found.members("D") == ("B", "C", "D")


def test_same_and_split_of_one_pair_are_named() -> None:
    made = [
        Verdict("1", "split", "A", "A (t1)", telling="t1"),
        Verdict("2", "same", "A", "A (t1)"),
    ]
    found = resolve(made)
    assert [one.judgements for one in found.contradictions] == [("1", "2")]
    assert found.splits == {("A", "t1"): "A (t1)"}
    assert found.clusters == {}


def test_long_chains_are_followed_to_their_end() -> None:
    many = 5_000
    made = [Verdict(f"{n:05}", "same", f"P{n:05}", f"P{n + 1:05}") for n in range(many)]
    assert len(resolve(made).members("P00000")) == many + 1
    clash = Verdict("x", "different", "P00000", f"P{many:05}")
    assert len(resolve([*made, clash]).contradictions[0].judgements) == many + 1


def test_no_judgement_changes_nothing() -> None:
    assert not resolve([])
    assert resolve([]) == Resolution()


def test_the_queue_holds_what_nobody_judged_best_first() -> None:
    found = resolve(
        [
            Verdict("1", "same", "A", "B"),
            Verdict("2", "different", "B", "C"),
            Verdict("3", "unsure", "D", "E"),
        ]
    )
    all_pairs = [
        Candidate("A", "B", 0.99),
        Candidate("A", "C", 0.98),
        Candidate("D", "E", 0.97),
        Candidate("A", "D", 0.5, ("same birth year",)),
        Candidate("D", "B", 0.9, ("same name",)),
        Candidate("C", "D", 0.7),
    ]
    assert queue(all_pairs, found) == (all_pairs[4], all_pairs[5])
    assert queue(all_pairs, found, unsure=True) == (all_pairs[2],)
    assert queue(reversed(all_pairs), found) == queue(all_pairs, found)


_nodes = st.sampled_from([*"ABCDEFG", "A (t1)", "B (t2)"])


@given(
    st.lists(st.builds(Candidate, _nodes, _nodes, st.sampled_from([0.1, 0.5, 0.9])), max_size=20),
    _verdicts(),
    _verdicts(),
)
def test_what_waits_still_is_what_a_new_queue_would_hold(
    candidates: list[Candidate], before: list[Verdict], now: list[Verdict]
) -> None:
    """Whatever was judged since, or taken back; who was not judged is not looked at."""
    waiting = queue(candidates, resolve(before))
    assert still(waiting, resolve(now)) == queue(waiting, resolve(now))
