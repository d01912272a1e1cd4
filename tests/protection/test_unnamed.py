"""Of whom nobody knows the name, and nobody could ask, no few facts and no words tell who it is."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pycanon import anonymity as pycanon
from tests.protection.test_examination import NAMES, crowd, left_out, looked, said_of, told
from tests.protection.test_gate import PUBLIC, consents, yes
from tests.protection.test_release import KEY, drafted

from estelik.cli.release_check import lines_of
from estelik.identity.resolution import resolve
from estelik.identity.verdict import Verdict
from estelik.places.atlas import Atlas
from estelik.protection.anonymity import BOUND
from estelik.protection.examination import Examination, Surroundings
from estelik.protection.finding import FewPeople
from estelik.protection.mending import mends
from estelik.protection.placed import Placed
from estelik.protection.release import Material, draw
from estelik.records.release import Publication

#: Bolat tells, and is nobody himself.
SAID = consents(yes("Bolat", "none", ("words",)))

DAYS = ("2018-03-04", "2018-03-05", "2018-04-01")


def few(found: Examination) -> list[FewPeople]:
    return [one.finding for one in found.findings() if isinstance(one.finding, FewPeople)]


@pytest.mark.parametrize(
    "cells",
    [
        {"event": "birth", "when": "1983-02-03"},
        {"fact": "occupation", "value": "only Uyghur opera singer of Tekes hospital choir"},
        {"event": "arrest", "when": "2019-05-06", "place": "Tekes"},
        {"fact": "count:children", "value": "9"},
    ],
)
def test_what_fits_hardly_anybody_is_found_of_somebody_unnamed(cells: dict[str, str]) -> None:
    """A day of birth, a work that one had, an arrest, nine children; what mends it leaves nothing to find."""
    row = told(1, "?woman", **cells)
    others = crowd(9, event="arrest", when="2018-03", place="Ghulja")
    found = looked([row, *others], SAID)
    assert {one.k for one in few(found)} == {1}
    assert all(one.statements == ("s1",) for one in few(found))
    release = drafted()
    for _ in range(4):
        open_ = looked([row, *others], SAID, release).findings()
        less = {each for one in open_ for each in mends(one, {"s1": row}, str)}
        (one,) = left_out("s1").changes
        changes = [replace(one, column=each.column, to=each.to) for each in less]
        release = replace(release, changes=(*release.changes, *changes))
    assert looked([row, *others], SAID, release).findings() == []


def test_she_hides_among_people_with_names_and_not_among_others_without() -> None:
    """Six teachers of whom one knows who they are hide her; six rows of unnamed ones may be of one woman."""
    teacher = {"fact": "occupation", "value": "teacher"}
    row = told(1, "?woman", **teacher)
    assert few(looked([row, *crowd(BOUND, **teacher)], SAID)) == []
    assert few(looked([row, *crowd(BOUND - 1, **teacher)], SAID))
    unnamed = [replace(one, about="?woman") for one in crowd(9, **teacher)]
    assert few(looked([row, *unnamed], SAID))
    under = consents(yes("Bolat"), yes("Aigul", "pseudonym"), names=NAMES)
    assert few(looked([told(2, "Aigul", **teacher), *unnamed], under))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(["Tekes", "Ghulja"]), st.sampled_from(DAYS)), max_size=24),
    hers=st.tuples(st.just("Tekes"), st.sampled_from(DAYS)),
)
def test_she_is_found_where_pycanon_counts_too_few_like_her(
    rows: list[tuple[str, str]], hers: tuple[str, str]
) -> None:
    """Those who were arrested there and then as she was are her class in the table of all."""
    known = [
        replace(told(10 + at, f"Person{at}", event="arrest", place=place, when=day), source=f"Teller{at}")
        for at, (place, day) in enumerate(rows)
    ]
    row = told(1, "?woman", event="arrest", place=hers[0], when=hers[1])
    columns = ["place", "when"]
    alike = pd.DataFrame([one for one in rows if one == hers], columns=columns, dtype=object)
    others = pycanon.k_anonymity(alike, columns) if len(alike) else 0
    found = few(looked([row, *known], SAID))
    assert bool(found) == (others < BOUND)
    whole = [one.k for one in found if {fact.aspect for fact in one.facts} >= {"place", "when"}]
    assert whole in ([], [max(1, others)])


def test_what_left_of_her_before_she_was_known_to_be_one_counts() -> None:
    """Two rows, each harmless; the first is out, then somebody judges that both are about one woman."""
    rows = [
        told(1, "?woman", fact="occupation", value="teacher"),
        told(2, "?woman", event="arrest", place="Tekes"),
        *crowd(6, fact="occupation", value="teacher"),
        *[
            replace(one, statement=f"{one.statement}b", about=f"{one.about}b")
            for one in crowd(6, event="arrest", place="Tekes")
        ],
    ]
    before = looked(rows, SAID, left_out("s2"))
    assert few(before) == []
    gone = Publication("pub", "2024", "device", "d", "00", facts=before.released(), people=before.people())
    assert few(looked(rows, SAID, left_out("s1"), published=[gone])) == []
    verdicts = [Verdict("j", "same", rows[0].subject, rows[1].subject, "", "")]
    material = Material(rows, (), verdicts, resolve(verdicts), SAID)
    drawn = draw(left_out("s1"), material, PUBLIC, KEY)
    after = Examination(drawn, material, Surroundings(Placed(Atlas(())), [gone]), KEY)
    assert {len(one.facts) for one in few(after)} == {2}


@pytest.mark.parametrize(
    ("about", "cells", "found"),
    [
        ("?woman", {"quote": "My wife was taken from our bed."}, {("quote", "wife")}),
        ("?woman", {"quote": "It was the wife of Aigul Beken."}, {("quote", "wife")}),
        ("?my older brother", {}, {("about", "brother")}),
        ("?sister of Aigul Beken", {}, {("about", "sister")}),
        ("?woman", {"fact": "relation:husband", "value": "Aigul Beken"}, {("fact", "husband")}),
        ("?woman", {"quote": "A woman and her child, and a neighbour."}, set()),
        ("?mother with a child", {"quote": "Aigul Beken stood there. The mother wept."}, set()),
    ],
)
def test_words_do_not_say_whose_relative_somebody_unnamed_is(
    about: str, cells: dict[str, str], found: set[tuple[str, str]]
) -> None:
    """By who told it with her name, by a label, by a row, by a sentence in which somebody is named."""
    said = consents(yes("Bolat", "named", ("words",)), yes("Aigul Beken"))
    row = told(1, about, **({"event": "arrest"} | cells if "fact" not in cells else cells))
    other = replace(told(2, "Aigul Beken", event="arrest"), source="Aigul Beken")
    there = said_of(looked([row, other], said))
    assert {(where, words) for where, words, _ in there} == found
    assert {people for _, _, people in there} <= {(row.subject,)}


def test_a_finding_about_somebody_unnamed_is_told_with_her_row() -> None:
    """Her label and the statement's id: there may be several like her."""
    row = told(1, "?woman", event="arrest", quote="My wife was taken.")
    said = consents(yes("Bolat", "named", ("words",)))
    lines = [one["says"] for one in lines_of(looked([row], said).findings(), {}, Placed(Atlas(())))]
    assert any("?woman (s1)" in one for one in lines), lines
    assert not any("\x1f" in one for one in lines)
