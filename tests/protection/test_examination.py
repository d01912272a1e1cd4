"""What an editor is told of a draft: whom it singles out, gives away and names; and what mends it."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from tests.protection.test_gate import PUBLIC, consents, yes
from tests.protection.test_release import KEY, drafted

from estelik.identity.resolution import Resolution
from estelik.language.reader import reader
from estelik.places.atlas import Atlas
from estelik.protection.examination import Examination, Examined, Surroundings
from estelik.protection.finding import ByName, Corrected, FewPeople, InText, OnlyOneKnew
from estelik.protection.mending import mends
from estelik.protection.named import Mention
from estelik.protection.placed import Placed
from estelik.protection.relation import SaidOf
from estelik.protection.release import Material, draw, fingerprint
from estelik.protection.text import CLOSED, texts
from estelik.protection.wording import tell
from estelik.records import Statement
from estelik.records.consent import Consent, Consents, Pseudonym
from estelik.records.release import Change, Publication, Release
from estelik.records.risk import Risk, Standing

NAMES = (Pseudonym("p", "Aigul", "public", "Rovadi-12"),)
SAID = consents(yes("Aigul", "pseudonym"), yes("Bolat", "none", ("words",)), names=NAMES)


def told(number: int, about: str, **more: Any) -> Statement:
    return Statement(f"s{number}", about, testimony=f"t{number}", source="Bolat", role="perceived", **more)


def crowd(count: int, **more: Any) -> list[Statement]:
    """So many people of whom the same is told, each by somebody else."""
    return [replace(told(100 + one, f"Person{one}", **more), source=f"Teller{one}") for one in range(count)]


def looked(
    statements: list[Statement], said: Consents = SAID, release: Release | None = None, **around: Any
) -> Examination:
    material = Material(statements, (), (), Resolution(), said)
    surroundings = Surroundings(Placed(Atlas(())), **around)
    release = release or drafted()
    drawn = draw(release, material, PUBLIC, KEY)
    return Examination(drawn, material, surroundings, KEY, release.draft.title)


def kinds(found: list[Examined]) -> set[type]:
    return {type(one.finding) for one in found}


def test_somebody_under_a_pseudonym_hides_only_among_others_like_her() -> None:
    """One teacher is found; one of six is not."""
    one = told(1, "Aigul", fact="occupation", value="teacher")
    (alone,) = [each for each in looked([one]).findings() if isinstance(each.finding, FewPeople)]
    assert isinstance(alone.finding, FewPeople)
    assert alone.finding.k == 1
    assert alone.statements == ("s1",)
    others = crowd(5, fact="occupation", value="teacher")
    assert FewPeople not in kinds(looked([one, *others]).findings())


def test_who_is_named_with_her_consent_is_no_finding() -> None:
    """She said so herself: nothing is singled out that is not told."""
    one = replace(told(1, "Aigul", fact="occupation", value="teacher"), source="Aigul")
    assert looked([one], consents(yes("Aigul"))).findings() == []


def test_what_left_before_counts_with_what_is_to_leave() -> None:
    """Neither fact alone singles her out; the second one does, once the first is out."""
    teacher, tekes = {"fact": "occupation", "value": "teacher"}, {"fact": "ethnicity", "value": "Kazakh"}
    more = [replace(one, statement=f"{one.statement}b", about=f"{one.about}b") for one in crowd(5, **tekes)]
    others = [*crowd(5, **teacher), *more]
    first, second = told(1, "Aigul", **teacher), told(2, "Aigul", **tekes)
    before = looked([first, second, *others], release=left_out("s2"))
    assert FewPeople not in kinds(before.findings())
    gone = Publication("pub", "2024", "device", "d", "00", facts=before.released(), people=before.people())
    after = looked([first, second, *others], release=left_out("s1"), published=[gone])
    assert FewPeople in kinds(after.findings())
    assert FewPeople not in kinds(looked([first, second, *others], release=left_out("s1")).findings())


def left_out(statement: str) -> Release:
    change = Change("c", "2024", "device", "d", fingerprint(KEY, "statement", statement), "less")
    return replace(drafted(), changes=(change,))


def test_a_teller_who_alone_could_have_told_is_given_away_by_it() -> None:
    """Not where a second one saw it too, nor where she is named with her consent."""
    said = consents(yes("Aigul"), yes("Bolat", "none"), yes("Camila", "none"))
    one = told(1, "Aigul", event="arrest", when="2018-03-04")
    found = [each.finding for each in looked([one], said).findings()]
    assert {each.people for each in found if isinstance(each, OnlyOneKnew)} == {("Bolat",)}
    other = replace(told(2, "Aigul", event="arrest", when="2018-03-04"), source="Camila")
    assert OnlyOneKnew not in kinds(looked([one, other], said).findings())
    assert OnlyOneKnew not in kinds(looked([one], consents(yes("Aigul"), yes("Bolat"))).findings())


def test_words_that_leave_name_nobody_who_is_not_named() -> None:
    """In another script, with an ending, as a number, as somebody's wife who can be reached."""
    said = consents(yes("Aigul"), yes("Bolat", "none", ("words",)))
    named = replace(told(1, "Aigul", event="arrest"), quote="Камиланы көрдім, 8 701 555 44 33, оның әпкесі.")
    other = replace(told(2, "Camila", event="release"), source="Camila")
    risk = Standing(Risk("r", "relative", "Aigul", "2030-01-01", reached=("Fatima",)))
    sister = told(3, "Aigul", fact="relation:sister", value="Fatima")
    found = [one.finding for one in looked([named, other, sister], said, risks=[risk]).findings()]
    words = {one.words for one in found if isinstance(one, InText)}
    assert {"Камиланы", "8 701 555 44 33", "әпкесі"} <= words, words
    assert not any(isinstance(one, InText) and "Aigul" in one.people for one in found)


WHOLE = "Rizwangul Tokhtimet"
OTHER = "Erbolat Zhaqsylyqov"
#: What is not to leave of two people of whom nobody asked anything.
HIDDEN = [
    Statement("h1", WHOLE, source="Erbolat Zhaqsylyqov", event="arrest", compartment="medical"),
    Statement("h2", OTHER, source="Nobody", event="arrest"),
]


def named(found: Examination) -> set[tuple[str, str]]:
    """Where names were found, and whose."""
    return {
        (one.finding.where.split()[-1], who)
        for one in found.findings()
        if isinstance(one.finding, InText) and isinstance(one.finding.what, Mention)
        for who in one.finding.people
    }


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("about", {"about": f"?sister of {WHOLE}, baker in Toqsun"}),
        ("about", {"about": f"?сестра {WHOLE}"}),
        ("about", {"about": f"the bakery of {WHOLE}", "about_kind": "organisation"}),
        ("about", {"about": f"the house of {WHOLE}", "about_kind": "place"}),
        ("about", {"about": f"those taken with {WHOLE}", "about_kind": "group"}),
        ("event", {"event": f"arrest:{WHOLE}"}),
        ("event", {"event": f"seen with {WHOLE}"}),
        ("after", {"event": "release", "after": f"arrest:{WHOLE}", "gap": "P1Y"}),
        ("before", {"event": "release", "before": f"seen with {WHOLE}", "gap": "P1Y"}),
        ("fact", {"fact": f"education:{WHOLE}", "value": "school"}),
        ("value", {"fact": "name", "value": f"Marzhan, wife of {WHOLE}"}),
        ("value", {"fact": "occupation", "value": f"baker, with {WHOLE}"}),
        ("place", {"place": f"the house of {WHOLE}"}),
        ("by", {"by": f"those who took {WHOLE}"}),
        ("evidence", {"evidence": "https://example.org/rizwangul-tokhtimet"}),
        ("quote", {"quote": f"I saw {WHOLE}."}),
    ],
)
def test_no_column_names_anybody_unseen(column: str, cells: dict[str, str]) -> None:
    """Labels, events, references, names of others, links: wherever a name stands that leaves."""
    said = consents(yes("Aigul"), yes("Bolat", "named", ("words",)))
    one = replace(told(1, "Aigul", event="arrest"), **cells)
    leaving = looked([one, *HIDDEN], said)
    assert leaving.projection.statements
    assert (column, WHOLE) in named(leaving)


def test_a_label_of_somebody_named_may_name_another() -> None:
    """Her yes to her own label is no yes of whose wife she is."""
    label = f"Marzhan, wife of {OTHER}"
    said = consents(yes(label), yes("Bolat"))
    assert ("about", OTHER) in named(looked([told(1, label, event="arrest"), *HIDDEN], said))
    chain = replace(told(1, "Aigul", event="arrest"), via=label)
    found = looked([chain, *HIDDEN], consents(yes(label), yes("Aigul"), yes("Bolat")))
    assert ("via", OTHER) in named(found)


@pytest.mark.parametrize("text", ["gulnar tursun wept", "Gulnar Tursun wept", "Гүлнар Турсун жылады"])
def test_a_name_that_was_typed_in_small_letters_is_looked_for(text: str) -> None:
    """Whoever typed it, she is no less somebody: told of, telling or asked."""
    said = consents(yes("Aigul"), yes("Bolat", "named", ("words",)))
    one = told(1, "Aigul", event="arrest", quote=text)
    her = Statement("h1", "gulnar tursun", source="Nobody", event="arrest")
    hers = Statement("h1", WHOLE, source="gulnar tursun", event="arrest")
    for hidden in (her, hers):
        assert ("quote", "gulnar tursun") in named(looked([one, hidden], said)), hidden


@pytest.mark.parametrize(
    ("label", "role"),
    [("elderly woman", "perceived"), ("her aunt", "perceived"), ("county notice", "document")],
)
def test_what_says_only_what_somebody_is_is_no_name(label: str, role: str) -> None:
    """A description, a relation, a document: else every place that is a county would be a finding."""
    said = consents(yes("Aigul"), yes("Bolat", "named", ("words",)))
    one = told(1, "Aigul", event="arrest", quote=f"There was {label} in the County.")
    other = Statement("h1", "Aigul", source=label, event="release", role=role)  # type: ignore[arg-type]
    assert not named(looked([one, other], said))


@pytest.mark.parametrize("kind", ["group", "place", "organisation"])
def test_a_person_is_looked_for_whatever_else_bears_her_label(kind: Any) -> None:
    """One row with a slip in it hides nobody from the search; who was only ever a thing is left alone."""
    said = consents(yes("Aigul"), yes("Bolat", "named", ("words",)))
    one = told(1, "Aigul", event="arrest", quote=f"{WHOLE} wept.")
    slip = told(2, WHOLE, event="arrest", about_kind=kind)
    assert ("quote", WHOLE) in named(looked([one, slip, *HIDDEN], said))
    brother = told(3, "Aigul", fact="relation:brother", value=WHOLE)
    assert ("quote", WHOLE) in named(looked([one, slip, brother], said))
    thing = replace(slip, source=WHOLE)
    assert not named(looked([one, thing], said))


def test_a_release_is_called_after_nobody_who_is_not_named() -> None:
    """The title stands on every page; nothing in the draft mends it."""
    said = consents(yes("Aigul"), yes("Bolat"))
    release = drafted()
    release = replace(release, draft=replace(release.draft, title=f"What {WHOLE} saw"))
    found = looked([told(1, "Aigul", event="arrest"), *HIDDEN], said, release).findings()
    titled = [one for one in found if isinstance(one.finding, InText) and one.finding.where == "title"]
    assert titled
    assert all(mends(one, {}, str) == () for one in titled)


def test_every_field_of_a_statement_is_looked_at() -> None:
    """Whichever field takes a name, it is found, but for those of fixed words: a new field is one of them."""
    fixed = {"about_kind", "answer", "role", "layer", "compartment", "expected", "generated", "grade"}
    given_by_the_gate = {"statement", "testimony", "corrects"}
    every = {one.name: one for one in msgspec.structs.fields(Statement)}
    assert fixed | given_by_the_gate == CLOSED <= every.keys()
    for name in every.keys() - CLOSED:
        value: Any = WHOLE
        if isinstance(getattr(told(1, "Aigul"), name), tuple):
            value = (("note", WHOLE),) if name == "written" else (WHOLE,)
        found = [one.text for one in texts(replace(told(1, "Aigul"), **{name: value}))]
        assert any(WHOLE in one for one in found), name


def test_who_is_named_in_her_own_telling_alone_is_found_in_the_words_of_another() -> None:
    """Her yes was for what she told."""
    own = Consent(
        "own", "Mira", "testimony", "2024-01-01", ("public",), ("publication",),
        of="t1", identity="named", media=("words",),
    )  # fmt: skip
    mine = replace(told(1, "Mira", event="arrest", quote="I am Mira."), source="Mira")
    his = told(2, "Aigul", event="arrest", quote="Mira saw it.")
    found = looked([mine, his], consents(own, yes("Aigul"), yes("Bolat", "named", ("words",))))
    where = {one.finding.where for one in found.findings() if isinstance(one.finding, InText)}
    assert where == {"s2 quote"}


def test_a_person_who_is_called_as_another_is_outside_is_a_finding() -> None:
    """She came into the casebook after the pseudonym was given."""
    said = consents(yes("Aigul", "pseudonym"), yes("Bolat"), names=NAMES)
    one = told(1, "Aigul", event="arrest")
    assert not named(looked([one], said))
    late = replace(told(2, "rovadi-12", event="arrest"), source="Nobody")
    assert ("about", "rovadi-12") in named(looked([one, late], said))


def test_what_was_handed_to_somebody_excuses_nothing() -> None:
    """It counts as known, and what is in the draft, too, can still be held back from everybody."""
    one = told(1, "Aigul", fact="occupation", value="teacher")
    before = looked([one])
    (few,) = [each.finding for each in before.findings() if isinstance(each.finding, FewPeople)]
    gone = Publication(
        "pub", "2024", "device", "", "00", facts=before.released(), people=before.people(), recipient="X"
    )
    (again,) = [
        each.finding
        for each in looked([one], handed=[gone]).findings()
        if isinstance(each.finding, FewPeople)
    ]
    assert (few.do, again.do) == ("leave out", "leave out")
    (out,) = [
        each.finding
        for each in looked([one], published=[gone]).findings()
        if isinstance(each.finding, FewPeople)
    ]
    assert out.do == "nothing"


def test_what_is_known_to_be_told_otherwise_is_a_finding() -> None:
    """A correction that may not leave does not silently take the earlier word along: a member decides."""
    first = told(1, "Aigul", event="arrest", when="2018-02")
    later = replace(told(2, "Aigul", event="arrest", when="2018-03"), corrects="s1", source="Camila")
    said = consents(yes("Aigul"), yes("Bolat"))
    (one,) = [each for each in looked([first, later], said).findings() if isinstance(each.finding, Corrected)]
    assert one.statements == ("s1",)
    (less,) = mends(one, {"s1": first}, str)
    assert (less.statement, less.column) == ("s1", "")


def said_of(found: Examination) -> set[tuple[str, str, tuple[str, ...]]]:
    """Where a relation was found, in which words, and whose."""
    return {
        (one.finding.where.split()[-1], one.finding.words, one.finding.people)
        for one in found.findings()
        if isinstance(one.finding, InText) and isinstance(one.finding.what, SaidOf)
    }


def test_who_says_what_she_is_to_somebody_named_gives_herself_away() -> None:
    """Told under a pseudonym about her husband: her own words say who she is, and so does a row of it."""
    said = consents(yes("Aigul"), yes("Bolat", "none", ("words",)))
    one = told(1, "Aigul", event="arrest", quote="My wife was taken from our bed.")
    assert said_of(looked([one], said)) == {("quote", "wife", ("Bolat",))}
    assert said_of(looked([one], consents(yes("Aigul"), yes("Bolat", "named", ("words",))))) == set()
    row = told(2, "Aigul", fact="relation:husband", value="Bolat")
    found = said_of(looked([replace(one, quote="Her husband saw it."), row], said))
    assert found == {("quote", "husband", ("Bolat",)), ("fact", "husband", ("Bolat",))}
    (less,) = [
        mends(each, {"s1": one}, str)
        for each in looked([one], said).findings()
        if isinstance(each.finding, InText)
    ]
    assert [(each.statement, each.column) for each in less] == [("s1", "quote")]


def test_who_is_named_does_not_say_whose_relative_somebody_under_a_pseudonym_is() -> None:
    """A husband with his name who says "my wife", and a row that calls her his wife."""
    said = consents(yes("Aigul", "pseudonym"), yes("Bolat", "named", ("words",)), names=NAMES)
    one = told(1, "Aigul", event="arrest", quote="My wife was taken.")
    assert said_of(looked([one], said)) == {("quote", "wife", ("Aigul",))}
    row = told(2, "Bolat", fact="relation:wife", value="Aigul")
    assert ("fact", "wife", ("Aigul",)) in said_of(looked([row], said))


def test_the_same_finding_has_the_same_print_and_another_has_another() -> None:
    """A yes to a finding holds for that one: when fewer people fit, it is asked for again."""
    one = told(1, "Aigul", fact="occupation", value="teacher")
    few = [one, *crowd(3, fact="occupation", value="teacher")]
    fewer = [one, *crowd(2, fact="occupation", value="teacher")]
    prints = [each.print for each in looked(few).findings()]
    assert prints == [each.print for each in looked(few).findings()]
    others = looked(fewer).findings()
    assert not set(prints) & {each.print for each in others if isinstance(each.finding, FewPeople)}


def published_by_name(found: Examination, made: str = "2025-03-01") -> Publication:
    return Publication(
        "pub", f"{made}T10:00:00+00:00", "device", "r", "00", people=found.people(), named=found.named()
    )


def test_who_was_published_by_name_is_found_under_a_pseudonym() -> None:
    """Told of or telling; leaving out all that is hers mends it."""
    one = told(1, "Aigul", event="arrest", when="2018")
    own = replace(told(2, "Camila", event="arrest", when="2018"), source="Aigul")
    rows = [one, own]
    before = looked(rows, consents(yes("Aigul"), yes("Bolat"), yes("Camila")))
    gone = published_by_name(before)
    said = consents(yes("Aigul", "pseudonym"), yes("Bolat"), yes("Camila"), names=NAMES)
    (found,) = [
        each for each in looked(rows, said, published=[gone]).findings() if isinstance(each.finding, ByName)
    ]
    assert found.finding.people == ("Aigul",)
    assert found.statements == ("s1", "s2")
    assert {each.statement for each in mends(found, {"s1": one, "s2": own}, str)} == {"s1", "s2"}
    words = re.sub(r"<[^>]+>", "", str(tell(reader("en"), found.finding)))
    assert "was published by name on 1 March 2025" in words.replace("\u2068", "").replace("\u2069", "")


def test_who_was_under_a_pseudonym_before_or_is_named_still_is_no_finding() -> None:
    """Nor what one reader was handed."""
    rows = [told(1, "Aigul", event="arrest", when="2018")]
    hidden = consents(yes("Aigul", "pseudonym"), yes("Bolat"), names=NAMES)
    open_ = consents(yes("Aigul"), yes("Bolat"))
    before = published_by_name(looked(rows, hidden))
    assert ByName not in kinds(looked(rows, hidden, published=[before]).findings())
    named_before = published_by_name(looked(rows, open_))
    assert ByName not in kinds(looked(rows, open_, published=[named_before]).findings())
    handed = replace(named_before, release="", recipient="X")
    assert ByName not in kinds(looked(rows, hidden, handed=[handed]).findings())
    for audience in ("public", "press"):
        report = replace(handed, audience=audience)
        assert ByName in kinds(looked(rows, hidden, handed=[report]).findings())
    assert ByName not in kinds(looked(rows, hidden, handed=[replace(handed, audience="court")]).findings())
    card = replace(named_before, recipient="whoever has the card")
    assert ByName in kinds(looked(rows, hidden, handed=[card]).findings())
