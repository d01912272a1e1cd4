"""What leaves is the same whether or not anything is hidden behind it, and names nobody who did not say
so."""

from __future__ import annotations

from datetime import date
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.depth import DEPTH
from tests.protection.casebooks_at_random import World, statement, world
from tests.protection.consents_at_random import DAYS, PEOPLE

from estelik.identity.resolution import resolve
from estelik.protection.gate import Projection, cleared
from estelik.protection.permission import Asked, permissions
from estelik.protection.voice import NAMED
from estelik.publication.report import render
from estelik.records import Statement
from estelik.records.consent import (
    AUDIENCES,
    PURPOSES,
    Audience,
    Consent,
    Consents,
    Identity,
    Medium,
    Pseudonym,
    Purpose,
)
from estelik.views.dossier import pages

TODAY = date.fromisoformat(DAYS[-1]).toordinal()
#: Worlds are drawn by the plain generator from a seed: choices that are made simple leave nothing out.
SEEDS = st.integers(0, 1 << 32)
PUBLIC = Asked("public", "publication", TODAY)


def outcome(found: World, asked: Asked = PUBLIC) -> Projection:
    return cleared(
        found.statements,
        found.judgements,
        found.verdicts,
        resolve(found.verdicts),
        found.consents,
        asked,
    )


def page(projection: Projection, language: str = "en") -> str:
    """Everything that a report says of what leaves: dates, contradictions, questions, sources."""
    made = pages(projection.statements, projection.judgements, today=TODAY)
    return render(list(made), language=language, today=TODAY)


def shown(projection: Projection) -> bytes:
    return msgspec.json.encode((projection.statements, projection.judgements))


@settings(max_examples=150 * DEPTH, deadline=None)
@given(SEEDS, st.sampled_from(AUDIENCES), st.sampled_from(PURPOSES))
def test_without_what_is_hidden_the_same_leaves(seed: int, audience: Audience, purpose: Purpose) -> None:
    """Every hidden statement taken out of the casebook, with the decisions on it: not one byte changes."""
    draw = Random(seed)
    found = world(draw)
    asked = Asked(audience, purpose, TODAY)
    whole = outcome(found, asked)
    hidden = {one.statement for one in whole.withheld}
    left = [one for one in found.statements if one.statement not in hidden]
    decided = [one for one in found.judgements if one.statement not in hidden]
    assert shown(outcome(found._replace(statements=left, judgements=decided), asked)) == shown(whole)


@settings(max_examples=15 * DEPTH, deadline=None)
@given(SEEDS, st.sampled_from(["en", "ug"]))
def test_a_page_is_the_same_to_the_byte_with_more_that_is_hidden(seed: int, language: str) -> None:
    """Statements that are not cleared come in anywhere, and decisions on them: no page changes."""
    draw = Random(seed)
    found = world(draw)
    before = outcome(found)
    more = [statement(draw, f"h{number}") for number in range(6)]
    allowed = permissions(found.consents, resolve(found.verdicts))
    hidden = [one for one in more if not (word := allowed.of(one, PUBLIC)).cleared or word.person.level < 2]
    told = list(found.statements)
    for one in hidden:
        told.insert(draw.randrange(len(told) + 1), one)
    after = outcome(found._replace(statements=told))
    assert shown(after) == shown(before)
    if before.statements:
        assert page(after, language) == page(before, language)


@settings(max_examples=150 * DEPTH, deadline=None)
@given(SEEDS)
def test_nobody_is_named_who_did_not_say_so(seed: int) -> None:
    """The label of whoever is not named in anything stands in no cell of what leaves."""
    draw = Random(seed)
    found = world(draw)
    whole = outcome(found)
    allowed = permissions(found.consents, resolve(found.verdicts))
    text = shown(whole).decode()
    for label in PEOPLE:
        key = allowed.key(label)
        members = [one for one in PEOPLE if allowed.key(one) == key]
        said_so = any(
            voice.level == NAMED and allowed.key(voice.giver) == key and voice.heard(*PUBLIC.bits)
            for voice in allowed.voices
        )
        if not said_so:
            assert label not in text, members
    assert "Gulnar" not in text
    assert "N1234567" not in text
    assert "at the desk" not in text


def test_a_good_part_leaves() -> None:
    """The worlds above are no empty rooms: statements leave, named and under pseudonyms, and some stay."""
    seen = {"leave": 0, "stay": 0, "named": 0, "pseudonym": 0, "quote": 0, "joined": 0}
    for seed in range(200):
        found = outcome(world(Random(seed)))
        seen["leave"] += len(found.statements)
        seen["stay"] += len(found.withheld)
        seen["named"] += sum(one.about in PEOPLE for one in found.statements)
        seen["pseudonym"] += sum(one.about.startswith("Rovadi") for one in found.statements)
        seen["quote"] += sum(bool(one.quote) for one in found.statements)
        seen["joined"] += sum("/" in one.after + one.before for one in found.statements)
    assert all(count > 10 for count in seen.values()), seen


def consents(*given: Consent, names: tuple[Pseudonym, ...] = ()) -> Consents:
    return Consents(given, (), names)


def yes(who: str, identity: Identity = "named", media: tuple[Medium, ...] = ()) -> Consent:
    to: tuple[Audience, ...] = ("public",)
    return Consent(f"c-{who}", who, "all", "2024-01-01", to, ("publication",), identity=identity, media=media)


def alone(told: list[Statement], said: Consents) -> Projection:
    return outcome(World(told, [], [], said))


ARREST = Statement(
    "s1", "Aigul", source="Bolat", told="2021-07-03", event="arrest", when="2018-03", quote="I saw it."
)


def test_the_teller_alone_does_not_open_what_is_about_another() -> None:
    """Both who told and whom it is about have to have said yes."""
    assert not alone([ARREST], consents(yes("Bolat"))).statements
    assert not alone([ARREST], consents(yes("Aigul"))).statements
    assert len(alone([ARREST], consents(yes("Aigul"), yes("Bolat"))).statements) == 1


def test_words_leave_only_where_the_teller_let_them() -> None:
    """A quote needs the medium ``words``."""
    (one,) = alone([ARREST], consents(yes("Aigul"), yes("Bolat"))).statements
    assert one.quote == ""
    (one,) = alone([ARREST], consents(yes("Aigul"), yes("Bolat", media=("words",)))).statements
    assert one.quote == "I saw it."


def test_who_appears_under_a_pseudonym_has_one_or_does_not_appear() -> None:
    """Without a pseudonym nobody appears; with one the day of the telling is but a year."""
    said = (yes("Aigul", "pseudonym"), yes("Bolat"))
    assert not alone([ARREST], consents(*said)).statements
    (one,) = alone(
        [ARREST], consents(*said, names=(Pseudonym("p", "Aigul", "public", "Rovadi-12"),))
    ).statements
    assert (one.about, one.source, one.told) == ("Rovadi-12", "Bolat", "2021")
    assert not alone(
        [ARREST], consents(*said, names=(Pseudonym("p", "Aigul", "un", "Rovadi-12"),))
    ).statements


def test_somebody_known_by_a_pseudonym_in_one_telling_is_so_in_all() -> None:
    """One name in one telling and another in the next would lead from one to the other."""
    both = [ARREST, Statement("s2", "Aigul", testimony="t2", source="Camila", event="release", when="2019")]
    said = consents(
        yes("Bolat"),
        yes("Camila"),
        yes("Aigul"),
        Consent(
            "less",
            "Aigul",
            "testimony",
            "2024-01-01",
            ("public",),
            ("publication",),
            of="t2",
            identity="pseudonym",
        ),
        names=(Pseudonym("p", "Aigul", "public", "Rovadi-12"),),
    )
    assert {one.about for one in alone(both, said).statements} == {"Rovadi-12"}


@pytest.mark.parametrize("identity", ["none", "pseudonym"])
def test_who_tells_about_herself_is_not_named_as_the_teller_either(identity: Identity) -> None:
    """A survivor under a pseudonym is her own source under the same one."""
    told = [Statement("s1", "Aigul", source="Aigul", event="arrest", when="2018")]
    names = (Pseudonym("p", "Aigul", "public", "Rovadi-12"),)
    found = alone(told, consents(yes("Aigul", identity), names=names))
    if identity == "none":
        assert not found.statements
    else:
        assert [(one.about, one.source) for one in found.statements] == [("Rovadi-12", "Rovadi-12")]


def test_relatives_are_named_only_where_they_said_so() -> None:
    """A sister's name is a blank until she says yes herself."""
    told = [Statement("s1", "Aigul", source="Bolat", fact="relation:sister", value="Fatima")]
    said = yes("Aigul"), yes("Bolat")
    assert [one.value for one in alone(told, consents(*said)).statements] == [""]
    assert [one.value for one in alone(told, consents(*said, yes("Fatima"))).statements] == ["Fatima"]


def test_a_life_that_was_split_off_does_not_tell_of_which_telling() -> None:
    """What tells two people of one label apart in the casebook says who told; outside it does not."""
    from estelik.identity.verdict import Verdict, split_name

    told = [
        ARREST,
        Statement("s2", "Aigul", testimony="Camila at the desk", source="Camila", event="release"),
    ]
    name = split_name("Aigul", "Camila at the desk")
    split = Verdict("v", "split", "Aigul", name, telling="Camila at the desk")
    said = consents(
        yes("Aigul"),
        yes("Bolat"),
        yes("Camila"),
        Consent("b", name, "all", "2024-01-01", ("public",), ("publication",), identity="named"),
    )
    found = outcome(World(told, [], [split], said))
    assert [one.about for one in found.statements] == ["Aigul", "Aigul (2)"]


def of_telling(who: str, telling: str, identity: Identity = "named") -> Consent:
    return Consent(
        f"{who}-{telling}", who, "testimony", "2024-01-01", ("public",), ("publication",),
        of=telling, identity=identity, media=("words",),
    )  # fmt: skip


def test_a_teller_known_by_a_pseudonym_in_one_telling_is_so_in_all() -> None:
    """Two sources of one life, a name and a pseudonym, are not shown beside each other as two people."""
    told = [
        Statement("s1", "Aigul", testimony="t1", source="Mira", event="arrest"),
        Statement("s2", "Aigul", testimony="t2", source="Mira", event="release"),
        Statement("s3", "Mira", testimony="t3", source="Bolat", event="arrest"),
    ]
    names = (Pseudonym("p", "Mira", "public", "Rovadi-12"),)
    both = of_telling("Mira", "t1"), of_telling("Mira", "t2", "pseudonym")
    said = consents(yes("Aigul"), *both, names=names)
    assert [one.source for one in alone(told, said).statements] == ["Rovadi-12", "Rovadi-12"]
    life = of_telling("Mira", "t3")
    said = consents(yes("Aigul"), yes("Bolat"), *both, life, names=names)
    assert [one.about for one in alone(told, said).statements] == ["Aigul", "Aigul", "Rovadi-12"]


def test_who_is_under_no_name_in_one_telling_keeps_hers_in_another() -> None:
    """Where nothing is shown in her place, nothing leads from there to her."""
    told = [
        Statement("s1", "Aigul", testimony="t1", source="Mira", event="arrest"),
        Statement("s2", "Aigul", testimony="t2", source="Mira", event="release"),
    ]
    said = consents(yes("Aigul"), of_telling("Mira", "t1"), of_telling("Mira", "t2", "none"))
    assert [one.source for one in alone(told, said).statements] == ["Mira", ""]


def test_a_yes_for_her_own_telling_names_nobody_in_what_another_tells() -> None:
    """Not as a cellmate, not in a chain, not before an event; in her own telling she is named."""
    told = [
        Statement("s1", "Mira", testimony="t1", source="Mira", event="release"),
        Statement("s2", "Aigul", testimony="t2", source="Bolat", fact="relation:cellmate", value="Mira"),
        Statement("s3", "Aigul", testimony="t2", source="Bolat", via="Mira", event="arrest"),
        Statement("s4", "Aigul", testimony="t2", source="Bolat", event="release", after="Mira/release"),
        Statement("s5", "Aigul", testimony="t1", source="Mira", fact="relation:cellmate", value="Mira"),
    ]
    said = consents(yes("Aigul"), yes("Bolat"), of_telling("Mira", "t1"))
    found = alone(told, said).statements
    assert (found[0].about, found[0].source) == ("Mira", "Mira")
    assert [one.value for one in found if one.fact] == ["", "Mira"]
    assert (found[2].via, found[3].after) == ("?", "")
    everywhere = consents(yes("Aigul"), yes("Bolat"), yes("Mira"))
    found = alone(told, everywhere).statements
    assert (found[1].value, found[2].via, found[3].after) == ("Mira", "Mira", "Mira/release")


def test_the_day_of_a_telling_is_a_year_where_somebody_is_unnamed() -> None:
    """Nobody asked her: a day and what a link says of her are no more told than of one under a pseudonym."""
    link = "https://example.org/a"
    of_her = Statement(
        "s1", "?woman", source="Bolat", told="2021-07-03", event="arrest", evidence=link, role="perceived"
    )
    camp = msgspec.structs.replace(of_her, statement="s2", about="A camp", about_kind="place")
    left = alone([of_her, camp], consents(yes("Bolat"))).statements
    assert [(one.told, one.evidence) for one in left] == [("2021", ""), ("2021-07-03", link)]


def test_a_tag_of_a_language_says_the_language_only() -> None:
    """What somebody wrote behind it is nobody's to read."""
    told = [
        Statement(f"s{number}", "Aigul", source="Aigul", event="arrest", quote="I saw it.", language=tag)
        for number, tag in enumerate(["kk-x-rizwangu-tokhtime", "ug-Arab-CN", "x-rizwangu", "kk-rizwangu"])
    ]
    found = alone(told, consents(yes("Aigul", media=("words",)))).statements
    assert [one.language for one in found] == ["kk", "ug-Arab-CN", "", "kk"]
