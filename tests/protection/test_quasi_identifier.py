"""What statements tell of people besides names, as precisely as it is released."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from estelik.errors import UsageError
from estelik.exchange import background
from estelik.places.atlas import Atlas
from estelik.protection.fact import Fact
from estelik.protection.placed import Placed
from estelik.protection.quasi_identifier import Precision, facts
from estelik.records import Statement

if TYPE_CHECKING:
    from pathlib import Path

TOLD = [
    Statement("s1", "Zarina", "t", "Aman", "2020-01", fact="occupation", value="Teacher"),
    Statement("s2", "Zarina", "t", "Aman", "2020-01", event="arrest", when="2018-04-12", place="Tekes"),
    Statement("s3", "Zarina", "u", "Saule", "2020-02", event="arrest", when="2018-04", place="Tekes county"),
    Statement("s4", "Zarina", "u", "Saule", "2020-02", fact="relation:son", value="Nurlan"),
    Statement("s5", "Zarina", "u", "Saule", "2020-02", fact="name", value="Zarina Qwert"),
    Statement("s6", "Zarina", "u", "Saule", "2020-02", fact="sex", value="жен"),
    Statement("s7", "Zarina", "u", "Saule", "2020-02", fact="occupation", value="cook", answer="no"),
    Statement("s8", "Zarina", "u", "Saule", "2020-02", fact="count:brothers", value="2..3"),
]  # fmt: skip


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def test_statements_become_facts_with_their_ids() -> None:
    """Each thing once, with all who say it; names are none, nor is what is denied."""
    placed = Placed(Atlas())
    found = facts(TOLD, placed)
    assert {(one.topic, one.aspect) for one in found} == {
        ("occupation", "value"), ("arrest", "kind"), ("arrest", "place"), ("arrest", "when"),
        ("relation", "value"), ("children", "number"), ("sex", "value"), ("brothers", "number"),
    }  # fmt: skip
    by = {(one.topic, one.aspect): one for one in found}
    assert by["occupation", "value"].value == "teacher"
    assert by["arrest", "kind"].statements == ("s2", "s3")
    assert (by["arrest", "when"].first, by["arrest", "when"].last) == (day("2018-04-12"),) * 2
    assert by["sex", "value"].value == "f"
    assert (by["brothers", "number"].first, by["brothers", "number"].last) == (2, 3)
    assert (by["children", "number"].first, by["children", "number"].last) == (1, None)


def test_what_is_cleared_alone_says_when_it_was() -> None:
    """Without the statement that knows the day the fact is the month."""
    found = facts([one for one in TOLD if one.statement != "s2"], Placed(Atlas()))
    (when,) = [one for one in found if (one.topic, one.aspect) == ("arrest", "when")]
    assert (when.first, when.last) == (day("2018-04-01"), day("2018-04-30"))


def test_facts_are_as_rough_as_the_release() -> None:
    """The season, the region, the opaque key, and only the topics that are out."""
    placed = Placed(Atlas())
    rough = Precision(when="season", place="region", only=("arrest",))
    found = facts(TOLD, placed, precision=rough, keys={"Zarina": "k1"}, release="2024-1")
    assert {one.person for one in found} == {"k1"}
    assert {one.topic for one in found} == {"arrest"}
    (when,) = [one for one in found if one.aspect == "when"]
    assert (when.first, when.last) == (day("2018-03-01"), day("2018-05-31"))
    (place,) = [one for one in found if one.aspect == "place"]
    assert placed.levels[place.value] == "region"
    assert {one.release for one in found} == {"2024-1"}


def test_a_camp_lies_in_its_county_and_a_name_of_two_places_in_what_they_share() -> None:
    """What may be a county or the town in it is in their region, in no case in one of the two alone."""
    placed = Placed(Atlas())
    county = placed.key("Tekes county")
    assert county in placed.areas[placed.key("camp 3 in Tekes county")]
    several = placed.key("Ghulja")
    assert all(placed.levels[one] in ("prefecture", "region", "country") for one in placed.areas[several])
    assert placed.areas[several]
    near = placed.areas[placed.key("near Tekes county")]
    assert county not in near
    assert placed.key("no such place anywhere") not in placed.levels


def write(folder: Path, *lines: str) -> Path:
    file = folder / "list.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_public_list_is_whom_else_it_could_be_and_what_is_out(tmp_path: Path) -> None:
    """A row is somebody whom a person could be; where the casebook knows her, what it says of her is out."""
    file = write(
        tmp_path, "id,person,sex,born,arrest,arrest place,shoe",
        "1,Zarina,f,1984,2018-04,Tekes county,38", "2,,m,,,,", ",,,,,,",
    )  # fmt: skip
    placed = Placed(Atlas())
    found = background.read(file, placed)
    assert {one.person for one in found.pool} == {"1", "2"}
    assert {(one.topic, one.aspect) for one in found.out} == {
        ("sex", "value"), ("birth", "when"), ("arrest", "kind"), ("arrest", "when"), ("arrest", "place"),
    }  # fmt: skip
    assert {(one.person, one.release) for one in found.out} == {("Zarina", "list.csv")}
    assert found.ignored == ("shoe",)
    assert Fact("2", "sex", value="m") in found.pool


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["name,age", "Zarina,30"], "without a column id"),
        (["id,name", "1,Zarina"], "without any that tells of people"),
        (["id,sex"], "nobody is on this list"),
        (["id,sex", "1,f", "1,m"], "row 3: without an id of its own"),
        (["id,born", "1,Zarina"], "row 2, column born: this is no date"),
        (["id,children", "1,Zarina"], "row 2, column children: this is no number"),
        (["id,sex,sex", "1,f,f"], "a column comes twice"),
    ],
)
def test_what_is_no_such_list_is_refused_without_telling_a_cell(
    tmp_path: Path, lines: list[str], message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        background.read(write(tmp_path, *lines), Placed(Atlas()))
    assert message in str(raised.value)
    assert "Zarina" not in str(raised.value)
