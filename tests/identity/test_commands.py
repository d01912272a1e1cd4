"""Judgements on who is who from the command line, and what every question answers by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.records import Statement

if TYPE_CHECKING:
    from tests.identity.conftest import Desk


def test_two_labels_that_are_the_same_have_one_life(desk: Desk) -> None:
    apart = desk.life("Qalisbek"), desk.life("Калисбек")
    assert [one["also_known_as"] for one in apart] == [[], []]
    made = desk.judge("same", "Калисбек", "Qalisbek")
    life = desk.life("Qalisbek")
    assert life == desk.life("Калисбек")
    assert life["subject"] == "Qalisbek"
    assert life["also_known_as"] == ["Калисбек"]
    arrest = next(one for one in life["events"] if one["event"] == "arrest")
    assert (arrest["earliest"], arrest["latest"]) == ("2018-03-01", "2018-03-31")
    assert arrest["statements"] == ["a2", "b2", "c1"]
    everybody = [one["subject"] for one in desk.does("timeline", "--json").json()]
    assert everybody == ["Qalisbek", "Dana", "Erkin", "?cellmate", "?cellmate"]
    desk.does("withdraw", made, "--reason", "heard again")
    assert (desk.life("Qalisbek"), desk.life("Калисбек")) == apart


def test_every_question_about_either_label_is_answered_by_both(desk: Desk) -> None:
    desk.judge("same", "Калисбек", "Qalisbek")
    for command in (
        ("explain", "{}", "arrest"),
        ("status", "{}", "--on", "2018-08"),
        ("questions", "{}"),
        ("encounters", "{}"),
    ):
        one, other = (
            desk.does(*(word.format(label) for word in command), "--json").json()
            for label in ("Qalisbek", "Калисбек")
        )
        assert one == other
    assert desk.does("status", "Калисбек", "--on", "2018-08", "--json").json()[0]["state"] == "detained"
    (bound,) = [one for one in desk.life("Dana")["events"] if one["event"] == "arrest"]
    assert bound["earliest"] == "2019-01-08"


def test_a_merge_that_would_contradict_is_shown_before_anything_is_written(desk: Desk) -> None:
    desk.enter([Statement("b3", "Калисбек", "register", "Ministry", "2019-05", event="birth", when="1971")])
    refused = desk.run("same", "Qalisbek", "Калисбек", "--reason", "same face")
    assert refused.status == 1
    assert "both of these could not be true" in refused.out
    assert "Qalisbek (a1; Saule, 2020-01): Born in 1962." in refused.out
    assert "Калисбек (b3; Ministry, 2019-05): Born in 1971." in refused.out
    assert "arrest" in refused.out
    assert "Nothing was recorded." in refused.err
    found = desk.run("same", "Qalisbek", "Калисбек", "--reason", "same face", "--json")
    assert (found.status, found.json()["recorded"], found.json()["conflicts"]) == (1, False, [["a1", "b3"]])
    assert desk.life("Калисбек")["subject"] == "Калисбек"
    words = ("same", "Qalisbek", "Калисбек", "--reason", "same face")
    assert desk.run(*words, typed="n\n", terminal=True).status == 1
    assert desk.does("judgements", "--json").json()["judgements"] == []
    assert "Record it all the same?" in desk.does(*words, typed="y\n", terminal=True).err
    life = desk.life("Калисбек")
    assert (life["subject"], life["conflicts"]) == ("Qalisbek", [["a1", "b3"]])


def test_judgements_that_stand_against_each_other_are_named_and_none_prevails(desk: Desk) -> None:
    first = desk.judge("same", "Qalisbek", "Калисбек")
    second = desk.judge("same", "Калисбек", "Erkin")
    refused = desk.run("different", "Erkin", "Qalisbek", "--reason", "his sister")
    assert refused.status == 1
    assert "These decisions cannot all hold" in refused.out
    assert f"[{first}]" in refused.out
    assert f"[{second}]" in refused.out
    assert "Aigul): seen by Saule" in refused.out
    third = desk.judge("different", "Erkin", "Qalisbek", "--anyway")
    assert [one["subject"] for one in desk.does("timeline", "--json").json()][:4] == [
        "Qalisbek",
        "Калисбек",
        "Dana",
        "Erkin",
    ]
    clash = [sorted((first, second, third))]
    for label in ("Qalisbek", "Калисбек", "Erkin"):
        assert desk.life(label)["judgements_in_conflict"] == clash
        assert "Qalisbek and Калисбек are the same" in desk.does("timeline", label).out
    listed = desk.does("judgements", "--json").json()
    assert listed["judgements_in_conflict"] == clash
    assert [one["by"] for one in listed["judgements"]] == ["Aigul"] * 3
    desk.does("withdraw", second, "--reason", "it was another Erkin")
    assert desk.life("Калисбек")["also_known_as"] == ["Калисбек"]
    assert desk.life("Erkin")["judgements_in_conflict"] == []


def test_what_a_telling_says_can_be_split_off_and_has_a_name(desk: Desk) -> None:
    assert (
        "A life of its own: Qalisbek (letter)"
        in desk.does("split", "Qalisbek", "letter", "--reason", "a namesake").out
    )
    assert desk.life("Qalisbek")["events"][1]["statements"] == ["a2"]
    other = desk.life("Qalisbek (letter)")
    assert [(one["event"], one["statements"]) for one in other["events"]][-1] == ("arrest", ["c1"])
    desk.judge("same", "Qalisbek (letter)", "Erkin")
    assert desk.life("Erkin")["also_known_as"] == ["Qalisbek (letter)"]
    refused = desk.run("same", "Qalisbek", "Erkin", "--reason", "one face")
    assert refused.status == 1
    assert "Qalisbek (letter) is somebody else than Qalisbek" in refused.out


def test_a_telling_without_a_label_is_split_off_by_one_of_its_statements(desk: Desk) -> None:
    desk.enter([Statement("f1", "Dana", "", "Aliya", "2022", event="release", when="2020")])
    desk.does("split", "Dana", "f1", "--reason", "a namesake")
    assert desk.life("Dana (Aliya, 2022)")["events"][0]["statements"] == ["f1"]


def test_the_unnamed_are_joined_only_one_by_one_and_by_a_judgement(desk: Desk) -> None:
    ambiguous = desk.run("same", "?cellmate", "Dana", "--reason", "the coat")
    assert (ambiguous.status, "Several people" in ambiguous.err) == (2, True)
    desk.judge("same", "?cellmate (u1)", "Dana")
    assert "camp-entry" in {one["event"] for one in desk.life("Dana")["events"]}
    left = desk.does("timeline", "?cellmate", "--json").json()
    assert [one["subject"] for one in left] == ["Dana", "?cellmate"]
    assert desk.does("timeline", "--json").json()[-1]["events"][0]["statements"] == ["u2"]


def test_two_unnamed_people_become_one_unnamed_life(desk: Desk) -> None:
    refused = desk.run("same", "?cellmate (u1)", "?cellmate (u2)", "--reason", "the coat", "--json").json()
    assert refused["conflicts"] == [["u1", "u2"]]
    desk.judge("same", "?cellmate (u1)", "?cellmate (u2)", "--anyway")
    life = desk.life("?cellmate")
    assert (life["subject"], life["conflicts"]) == ("?cellmate", [["u1", "u2"]])
    assert desk.does("timeline", "--json").json()[-1] == life


def test_unsure_joins_and_parts_nobody(desk: Desk) -> None:
    before = desk.does("timeline", "--json").out
    desk.judge("unsure", "Qalisbek", "Калисбек")
    assert desk.does("timeline", "--json").out == before
    assert "nobody can say yet" in desk.does("judgements", "Калисбек").out


def test_what_cannot_be_judged_is_refused_and_writes_nothing(desk: Desk) -> None:
    desk.enter([Statement("p1", "Tekes", about_kind="place", fact="name", value="Текес")])
    with desk.open() as casebook:
        before = casebook.judgements()
    for words in (
        ("same", "Qalisbek", "Qalisbek"),
        ("same", "Qalisbek", "Nobody"),
        ("same", "Qalisbek", "Tekes"),
        ("different", "?cellmate", "Dana"),
        ("split", "Dana", "letter"),
        ("split", "Qalisbek", "register"),
        ("split", "?cellmate", "letter"),
    ):
        said = desk.run(*words, "--reason", "why")
        assert (said.status, "Nothing was written" in said.err or "Nothing was changed" in said.err) == (
            2,
            True,
        )
        assert not any(label in said.err for label in ("Qalisbek", "Nobody", "Tekes", "Dana"))
    assert desk.run("same", "Qalisbek", "Dana", "--reason", " ").status == 2
    desk.judge("different", "Qalisbek", "Dana")
    assert desk.run("different", "Dana", "Qalisbek", "--reason", "again").status == 2
    with desk.open() as casebook:
        assert len(casebook.judgements()) == len(before) + 1


def test_a_question_allowed_under_one_label_is_allowed_of_the_whole_life(desk: Desk) -> None:
    desk.enter(
        [
            Statement("b4", "Калисбек", "visit2", "Ministry", "2019-06", event="death", after="release"),
            Statement("b5", "Калисбек", "visit3", "Nurse", "2019-07", event="death", role="told"),
        ]
    )
    desk.judge("same", "Qalisbek", "Калисбек")
    held = desk.does("questions", "Qalisbek", "--json").json()
    assert not any("Nurse" in one["sources"] and one["event"] == "death" for one in held)
    desk.does("allow", "Калисбек", "death", "--source", "Nurse", "--reason", "she offered")
    asked = desk.does("questions", "Qalisbek", "--json").json()
    assert any("Nurse" in one["sources"] and one["event"] == "death" for one in asked)


def test_an_export_is_the_sheet_as_it_was_entered(desk: Desk) -> None:
    before, after = desk.folder.parent / "before.csv", desk.folder.parent / "after.csv"
    desk.does("export", str(before))
    desk.judge("same", "Qalisbek", "Калисбек")
    desk.judge("split", "Qalisbek", "letter")
    said = desk.does("export", str(after))
    assert after.read_bytes() == before.read_bytes()
    assert "who is who" in said.err


def test_two_labels_of_one_place_are_one_place_where_people_meet(desk: Desk) -> None:
    desk.enter(
        [
            Statement("k1", "Ili detention centre", about_kind="place", fact="kind", value="facility"),
            Statement("k2", "Іле СИЗО", about_kind="place", fact="kind", value="facility"),
            *(
                Statement(f"{who}{place}", who, event="arrest", when=when, place=place, source="x")
                for who, place, when in (
                    ("Meruert", "Ili detention centre", "2017-01-01"),
                    ("Aigul", "Іле СИЗО", "2017-01-05"),
                )
            ),
            Statement("r1", "Meruert", event="release", when="2017-02-01", source="x"),
            Statement("r2", "Aigul", event="release", when="2017-02-01", source="x"),
        ]
    )
    assert desk.does("encounters", "Meruert", "--json").json() == []
    desk.judge("same", "Ili detention centre", "Іле СИЗО")
    (met,) = desk.does("encounters", "Meruert", "--json").json()
    assert (met["subject"], met["certain"]) == ("Aigul", True)


def test_an_erasure_says_which_labels_of_the_same_person_stay(desk: Desk) -> None:
    desk.judge("same", "Qalisbek", "Калисбек")
    desk.judge("split", "Qalisbek", "letter")
    said = desk.does("erase", "subject", "Qalisbek", "--preview", "--reason", "she asked")
    assert "Judged to be the same, and stays: Калисбек" in said.out
    assert "of somebody else, and goes with it: Qalisbek (letter)" in said.out


def test_rows_can_be_entered_about_whoever_was_split_off(desk: Desk) -> None:
    desk.judge("split", "Qalisbek", "letter")
    desk.enter(
        [
            Statement("n1", "Qalisbek (letter)", source="x", event="release", when="2020-02", after="arrest"),
            Statement("n2", "Zhanna", source="x", event="arrest", after="Qalisbek (letter)/release"),
        ]
    )
    told = {one["event"]: one["statements"] for one in desk.life("Qalisbek (letter)")["events"]}
    assert (told["arrest"], told["release"]) == (["c1"], ["n1"])
    (arrest,) = desk.life("Zhanna")["events"]
    assert arrest["earliest"] == "2020-02-01"
    assert "release" not in {one["event"] for one in desk.life("Qalisbek")["events"]}


def test_every_decision_says_on_which_computer_it_was_made(desk: Desk) -> None:
    desk.does("set-aside", "a1", "--reason", "misheard")
    desk.judge("different", "Калисбек", "Qalisbek")
    with desk.open() as casebook:
        made = [one.device for one in casebook.judgements()]
        assert made == [casebook.vault.device] * 2
        assert made[0]
