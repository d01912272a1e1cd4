"""Invented pairs of names come out the same again, and no part shows what another is kept for."""

from __future__ import annotations

import ast
import csv
import io
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.names import script
from training import forms, listed, pairs, persons, slips, sounds, split, tokens

if TYPE_CHECKING:
    from training.listed import Language
    from training.pairs import Pair
    from training.persons import Person
    from training.split import Split

ROOT = Path(__file__).resolve().parent.parent.parent
languages = st.sampled_from(listed.LANGUAGES)
seeds = st.integers(0, 10_000)


@cache
def made(part: Split) -> tuple[Pair, ...]:
    return tuple(pairs.make(part, 1200, 5))


@st.composite
def people(draw: st.DrawFn, part: Split = "train") -> Person:
    unseen: split.Unseen = "" if part == "train" else "name"
    return persons.draw(draw(languages), part, unseen, Random(draw(seeds)))


def run(module: str, *arguments: str, hashed: str = "0") -> bytes:
    ran = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hashed},
        capture_output=True,
        check=True,
    )
    return ran.stdout


def test_the_commands_write_the_same_bytes_for_the_same_seed() -> None:
    wanted = ("--split", "held", "--count", "60", "--seed", "3")
    first = run("training.pairs", *wanted, hashed="1")
    assert first == run("training.pairs", *wanted, hashed="2")
    assert first != run("training.pairs", *wanted[:-1], "4")
    rows = list(csv.DictReader(io.StringIO(first.decode(), newline="")))
    assert len(rows) == 60
    assert tuple(rows[0]) == pairs.COLUMNS
    words = run("training.tokens", "--split", "dev", "--spellings", "1", hashed="1")
    assert words == run("training.tokens", "--split", "dev", "--spellings", "1", hashed="2")
    assert all(len(line.split("\t")) == 3 for line in words.decode().splitlines())


@pytest.mark.parametrize("part", split.SPLITS)
def test_of_four_pairs_one_is_of_one_person(part: Split) -> None:
    rows = made(part)
    assert 0.22 < sum(row.same for row in rows) / len(rows) < 0.28
    counts = Counter(row.kind for row in rows)
    assert min(counts[kind] for kind in ("same", "sibling", "namesake", "akin", "near")) > 30
    for row in rows:
        assert row.same == (row.person_a == row.person_b)
        assert (row.kind in ("same", "part")) == bool(row.same)
        assert row.name_a != row.name_b
        assert script.of(row.name_a) == row.script_a
        assert script.of(row.name_b) == row.script_b
        assert row.kind_a != row.kind_b


def test_the_parts_share_no_person() -> None:
    codes = [{code for row in made(part) for code in (row.person_a, row.person_b)} for part in split.SPLITS]
    assert [len(one & other) for one, other in ((codes[0], codes[1]), (codes[0], codes[2]), codes[1:])] == [
        0
    ] * 3


@given(people(), seeds)
def test_who_is_for_training_bears_no_name_and_no_combination_of_another_part(
    person: Person, seed: int
) -> None:
    """Nor does anybody whom he is told apart from."""
    rng = Random(seed)
    found = [
        find(person, rng) for find in (persons.sibling, persons.namesake, persons.mistaken, persons.akin)
    ]
    for names in (person.names, *filter(None, found)):
        shown = (names.given, names.father, names.surname)
        assert {split.of_name(name, names.language) for name in shown} == {"train"}
        for root in (names.father, names.surname):
            assert split.of(names.language, names.given, (root,)) == ("train", "")


@given(languages, st.data())
def test_a_father_called_as_a_child_of_held_is_and_the_other_way_round_are_of_one_part(
    language: Language, data: st.DataObject
) -> None:
    """Written with the order swapped, they are one name."""
    names = st.sampled_from(listed.roots(language).names)
    one, other = data.draw(names), data.draw(names)
    assert split.of(language, one, (other,)) == split.of(language, other, (one,))


@settings(max_examples=50)
@given(people("held"))
def test_persons_of_names_unseen_bear_one(person: Person) -> None:
    held = {
        name
        for name in (person.given, person.father, person.surname)
        if split.of_name(name, person.language) == "held"
    }
    assert held


def test_a_name_kept_for_another_part_is_no_token_of_training() -> None:
    targets = {part: {row.target for row in tokens.make(part, 1, 1)} for part in split.SPLITS}
    for part in ("dev", "held"):
        # Two names may have a spelling in common; nearly none has.
        assert len(targets["train"] & targets[part]) < len(targets[part]) / 20
    for row in tokens.make("held", 1, 1):
        assert script.of(row.source) == row.script
        assert script.of(row.target) == "Latn"
        assert row.target == row.target.lower()


@given(people(), seeds)
def test_siblings_have_their_father_in_common_and_not_their_given_name(person: Person, seed: int) -> None:
    sibling = persons.sibling(person, Random(seed))
    assert sibling is not None
    assert (sibling.father, sibling.surname) == (person.father, person.surname)
    assert _bones(sibling.given, person) != _bones(person.given, person)


@given(people(), seeds)
def test_namesakes_have_their_given_name_in_common_and_not_their_father(person: Person, seed: int) -> None:
    namesake = persons.namesake(person, Random(seed))
    assert namesake is not None
    assert (namesake.given, namesake.sex) == (person.given, person.sex)
    assert {_bones(namesake.father, person), _bones(namesake.surname, person)}.isdisjoint(
        {_bones(person.father, person), _bones(person.surname, person)}
    )


@pytest.mark.parametrize("language", listed.LANGUAGES)
def test_names_that_are_near_are_no_spellings_of_one(language: Language) -> None:
    for name in listed.roots(language).names:
        for other in persons.near(name, language):
            assert other != name
            assert not sounds.confusable(sounds.of(name, language), sounds.of(other, language))
    assert "Мұрат" in persons.near("Марат", "kk")
    assert "Қадірбек" not in persons.near("Қадырбек", "kk")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ali", "Eli", True),
        ("Abdureshid", "Abdurishit", True),
        ("Dilnar", "Dilnur", False),
        ("Jüme", "Juma", True),
    ],
)
def test_what_spellings_leave_open_tells_no_names_apart(one: str, other: str, *, same: bool) -> None:
    assert sounds.confusable(sounds.of(one, "ug"), sounds.of(other, "ug")) == same


def _bones(name: str, person: Person) -> str:
    return sounds.skeleton(sounds.of(name, person.language))


@given(people(), seeds)
def test_a_form_is_in_the_script_that_it_says(person: Person, seed: int) -> None:
    for form in person.forms:
        assert script.of(form.text) == form.script == forms.KINDS[person.language][form.kind]
    rng = Random(seed)
    for kind in forms.KINDS[person.language]:
        form = forms.write(person.names, kind, rng, slips.NONE)
        assert form.whole
        assert form.roots
        assert set(form.roots) <= {person.father, person.surname}


@given(st.text(alphabet="абвгд ·", min_size=1, max_size=30), seeds)
def test_a_slip_changes_a_letter_at_most(text: str, seed: int) -> None:
    always = slips.Slips(dropped=1 / 3, doubled=1 / 3, exchanged=1 / 3)
    other = slips.mistyped(text, always, Random(seed))
    assert abs(len(other) - len(text)) <= 1
    assert other[:1] == text[:1]
    assert (Counter(other) - Counter(text)).total() + (Counter(text) - Counter(other)).total() <= 1
    assert slips.mistyped(text, slips.NONE, Random(seed)) == text


def test_what_is_dropped_doubled_or_exchanged_is_one_letter() -> None:
    def shapes(**chances: float) -> set[str]:
        likely = slips.NONE._replace(**chances)
        return {slips.mistyped("abcd", likely, Random(seed)) for seed in range(60)}

    assert shapes(dropped=1) == {"acd", "abd"}
    assert shapes(doubled=1) == {"abbcd", "abccd"}
    assert shapes(exchanged=1) == {"acbd", "abdc"}


def test_of_siblings_both_names_show_the_fathers_or_both_the_familys() -> None:
    """Else they would have nothing in common, and be told apart by that."""
    names = forms.Names("kk", "m", "Айбек", "Нұрлан", "Оспан")
    person = persons.of(names, Random(1), slips.NONE)
    assert person is not None
    sibling = names._replace(given="Ержан")
    like = (person.forms[0], person.forms[0])
    rng = Random(1)
    together = 0
    for _ in range(200):
        pair = pairs._apart(person, sibling, like, "sibling", rng)
        assert pair is not None
        together += any(root in pair.name_a and root in pair.name_b for root in ("Нұрлан", "Оспан"))
    # The rest have a letter typed wrong.
    assert together > 185


def test_the_generator_reads_nothing_of_the_matcher_and_the_program_nothing_of_the_generator() -> None:
    """What makes the pairs shares no table with what is measured by them."""
    reached, open_ = set(), ["training.pairs", "training.tokens"]
    while open_:
        module = open_.pop()
        if module not in reached and module.partition(".")[0] not in sys.stdlib_module_names:
            reached.add(module)
            path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
            open_ += _imported(path) if path.is_file() else ()
    assert {"training.spelling_chinese", "training.split"} <= reached
    assert {module for module in reached if not module.startswith("training")} == set()
    read = [ROOT.joinpath(*module.split(".")).with_suffix(".py") for module in sorted(reached)]
    texts = [path.read_text(encoding="utf-8") for path in read if path.is_file()]
    assert len(texts) > 5
    assert not [text for text in texts if "src/" in text]
    for path in (ROOT / "src").rglob("*.py"):
        if "training" not in path.read_text(encoding="utf-8"):
            continue
        assert not {name for name in _imported(path) if name.partition(".")[0] == "training"}


def _imported(path: Path) -> list[str]:
    """The modules that a module imports, anywhere in it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
            if node.module == "training":
                found += [f"training.{name.name}" for name in node.names]
    return found
