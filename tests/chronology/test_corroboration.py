"""Corroboration counts chains that share nobody, not reports."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from estelik.chronology.corroboration import chains, independent
from estelik.records import Statement


def _said(number: int, **cells: str) -> Statement:
    return Statement(f"s{number}", "Aigul", event="release", **cells)  # type: ignore[arg-type]


def test_four_reports_of_one_telephone_call_are_one() -> None:
    reports = [_said(n, source=f"cousin {n}", via="caller > guard", role="told") for n in range(4)]
    assert independent(chains(reports)) == 1


def test_a_letter_beside_a_telephone_call_makes_two() -> None:
    reports = [
        _said(1, source="cousin", via="caller > guard"),
        _said(2, source="niece", via="caller > guard"),
        _said(3, source="sister", role="perceived"),
    ]
    assert independent(chains(reports)) == 2


def test_words_said_under_pressure_and_words_of_no_known_origin_count_for_nothing() -> None:
    reports = [
        _said(1, source="Aigul", role="coerced"),
        _said(2, source="neighbour", role="told"),
        _said(3, source="clerk", role="inferred"),
        _said(4, source="aunt", role="perceived", answer="no"),
        _said(5, source="uncle", role="perceived", answer="refused"),
    ]
    assert chains(reports) == []
    assert independent(chains(reports)) == 0


@given(st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=4, unique=True), max_size=7))
def test_the_count_is_the_maximum_flow_with_room_for_one_at_each_person(people: list[list[str]]) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for chain in people:
        for person in chain:
            graph.add_edge(f"in {person}", f"out {person}", capacity=1)
        graph.add_edge("source", f"in {chain[-1]}", capacity=1)
        graph.add_edge(f"out {chain[0]}", "sink", capacity=1)
        for nearer, farther in pairwise(chain):
            graph.add_edge(f"out {farther}", f"in {nearer}", capacity=1)
    assert independent(people) == nx.maximum_flow_value(graph, "source", "sink")
