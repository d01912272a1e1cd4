"""The open data set: valid by its own tools, the same bytes for the same projection, and nothing in it that
is not cleared."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from frictionless import Package, system
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.depth import DEPTH
from tests.protection.casebooks_at_random import World, statement, world
from tests.protection.consents_at_random import PEOPLE
from tests.protection.test_gate import PUBLIC, TODAY, alone, consents, outcome, yes

from estelik.chronology.calendar import iso
from estelik.chronology.edtf import parse
from estelik.errors import PublicationError
from estelik.identity.resolution import resolve
from estelik.protection.gate import project
from estelik.protection.leaf import Cleared, UnclearedError
from estelik.protection.permission import permissions
from estelik.publication import dataset
from estelik.publication.fact_rows import NameRow
from estelik.publication.package import TABLES
from estelik.publication.table import csv as csv_of
from estelik.publication.table import harmful, harmless, json_lines
from estelik.records import Judgement, Statement
from estelik.records.consent import Pseudonym

if TYPE_CHECKING:
    from estelik.protection.gate import Projection

KEY = bytes(range(32))
SEEDS = st.integers(0, 1 << 32)
FTM = Path(__file__).resolve().parents[2] / ".ftm"
#: Cells that break out of tables, or are run by spreadsheets.
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1;=2+5",
    "\uff1dSUM(A1)",
    'say "so", she said',
    "first\r\n-second\n@third",
    "'=quoted",
    "\u202eturned\u202c",
    " \t spaces ",
    "<script>alert(1)</script>",
)


def files(projection: Projection, key: bytes = KEY) -> dict[str, bytes]:
    """The files of a data set by name."""
    made, _, _ = dataset.files(
        projection, title="People", address="https://example.org/", today=TODAY, key=key
    )
    return made


def rows(made: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    """A table as it was written in JSON lines."""
    return [json.loads(line) for line in made[f"{table}.jsonl"].splitlines()]


def hostile(draw: Random, size: int = 14) -> World:
    """A world in which many cells hold what no table likes."""
    found = world(draw, size)
    told = [
        replace(
            one,
            place=draw.choice(HOSTILE) if draw.random() < 0.3 else one.place,
            quote=draw.choice(HOSTILE) if draw.random() < 0.5 else one.quote,
            value=draw.choice(HOSTILE) if one.fact == "occupation" else one.value,
            event=draw.choice(HOSTILE).strip() if one.event and draw.random() < 0.1 else one.event,
        )
        for one in found.statements
    ]
    return found._replace(statements=told)


def test_frictionless_finds_nothing_wrong(tmp_path: Path) -> None:
    """Every table, in CSV and in JSON lines, keeps its schema and its keys; also with cells out of hell."""
    with system.use_context(trusted=True):
        for seed in range(3):
            folder = tmp_path / str(seed)
            made = dataset.build(
                outcome(hostile(Random(seed), 40)), folder,
                title="People", address="https://example.org/", today=TODAY, key=KEY,
            )  # fmt: skip
            assert {one.name for one in made.files} == {path.name for path in folder.iterdir()}
            report = Package(str(folder / "datapackage.json")).validate()
            assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "type"])


def test_frictionless_would_find_something(tmp_path: Path) -> None:
    """One statement less, and both its size and whatever leads to it are reported."""
    dataset.build(
        outcome(world(Random(3), 40)), tmp_path / "set",
        title="People", address="https://example.org/", today=TODAY, key=KEY,
    )  # fmt: skip
    statements = tmp_path / "set" / "statements.csv"
    lines = statements.read_bytes().splitlines(keepends=True)
    statements.write_bytes(b"".join(lines[:1] + lines[2:]))
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / "set" / "datapackage.json")).validate()
    assert not report.valid


_READ = """
import json, sys
from followthemoney import model

every = set()
for path in sys.argv[1:]:
    links, schemata = set(), {}
    for line in open(path, encoding="utf-8"):
        data = json.loads(line)
        entity = model.get_proxy(data, cleaned=False)
        schema = entity.schema
        schema.validate(data)
        assert data["id"] not in schemata, "twice"
        schemata[data["id"]] = schema.name
        for name, values in data["properties"].items():
            prop = schema.get(name)
            assert prop is not None and not prop.stub and not prop.deprecated, name
            kept = entity.get(name)
            assert len(kept) == len(values), (schema.name, name, prop.type.name)
            if prop.type.name in ("date", "entity", "language", "gender"):
                assert set(kept) == set(values), (schema.name, name)
            if prop.type.name == "entity":
                links |= {(value, prop.range.name) for value in values}
        for name in schema.required:
            assert entity.has(name), name
    for own, wanted in links:
        assert model.get(schemata[own]).is_a(wanted), wanted
    every |= set(schemata.values())
print(*sorted(every))
"""


def test_followthemoney_reads_every_entity_and_drops_nothing(tmp_path: Path) -> None:
    """Each entity is of its model, each value is kept, and each link leads to an entity of the right kind."""
    if not (FTM / "bin" / "ftm").is_file():
        pytest.skip(
            "needs FollowTheMoney in .ftm, which make installs where there is a network and a compiler"
        )
    lines = [tmp_path / f"{seed}.json" for seed in range(6)]
    for seed, path in enumerate(lines):
        path.write_bytes(files(outcome(hostile(Random(seed), 60)))["entities.ftm.json"])
    run = [str(FTM / "bin" / "python"), "-c", _READ, *map(str, lines)]
    found = subprocess.run(run, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == ["Address", "Event", "Family", "Person", "PlainText", "UnknownLink"]
    own = [str(FTM / "bin" / "ftm"), "validate", "-i", str(lines[0])]
    checked = subprocess.run(own, capture_output=True, text=True, check=True).stdout
    assert len(checked.splitlines()) == len(lines[0].read_bytes().splitlines())


@settings(max_examples=40 * DEPTH, deadline=None)
@given(SEEDS)
def test_what_is_hidden_changes_no_byte(seed: int) -> None:
    """Statements that are not cleared come in anywhere: every file is the same."""
    draw = Random(seed)
    found = world(draw)
    before = files(outcome(found))
    allowed = permissions(found.consents, resolve(found.verdicts))
    more = [statement(draw, f"h{number}") for number in range(6)]
    hidden = [one for one in more if not (word := allowed.of(one, PUBLIC)).cleared or word.person.level < 2]
    told = list(found.statements)
    for one in hidden:
        told.insert(draw.randrange(len(told) + 1), one)
    assert files(outcome(found._replace(statements=told))) == before


@settings(max_examples=40 * DEPTH, deadline=None)
@given(SEEDS)
def test_nobody_is_in_it_whom_the_gate_does_not_name(seed: int) -> None:
    """No label and no own id of a statement is in any file unless it is in what the gate let out."""
    projection = outcome(world(Random(seed)))
    shown = repr((projection.statements, projection.judgements))
    made = files(projection)
    text = b"".join(made[name] for name in made if name != "datapackage.json").decode()
    assert not [label for label in PEOPLE if label in text and label not in shown]
    assert not [own for own in projection.origin.values() if f'"{own}"' in text]


@settings(max_examples=40 * DEPTH, deadline=None)
@given(SEEDS)
def test_csv_and_json_lines_say_the_same(seed: int) -> None:
    """Read back, with the apostrophes taken away, a table is the same in both."""
    made = files(outcome(hostile(Random(seed))))
    for table in TABLES:
        read = list(csv.DictReader(io.StringIO(made[f"{table.name}.csv"].decode(), newline="")))
        plain = [
            {
                name: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
                for name, value in row.items()
            }
            for row in rows(made, table.name)
        ]
        assert [{name: harmful(cell) for name, cell in row.items()} for row in read] == plain


@given(st.text("=+-@'; \t\r\n\uff1d\uff20ab", max_size=12) | st.text(max_size=12))
def test_no_cell_is_a_formula_and_none_is_lost(text: str) -> None:
    """Wherever a spreadsheet lets a cell begin there is no sign of a formula, and the text comes back."""
    safe = harmless(text)
    for line in safe.replace("\r", "\n").replace(";", "\n").replace("\t", "\n").split("\n"):
        assert line.lstrip()[:1] not in set("=+-@\uff1d\uff0b\uff0d\uff20")
    assert harmful(safe) == text


def test_a_table_takes_leaves_only() -> None:
    """Neither CSV nor JSON lines takes what has not been through the gate; the refusal does not say it."""
    row = NameRow(Cleared("a"), Cleared("b"), "Zarina", None, None)  # type: ignore[arg-type]
    with pytest.raises(UnclearedError) as refused:
        csv_of(["statement", "name"], [row])
    assert "Zarina" not in str(refused.value)
    with pytest.raises(UnclearedError) as refused:
        json_lines([row])
    assert "Zarina" not in str(refused.value)


TOLD = [
    Statement("s1", "Aigul", source="Bolat", told="2021", event="camp-entry", when="2018-03", place="Tekes"),
    Statement("s2", "Aigul", source="Camila", told="2022", event="camp-entry", when="2019", place="Tekes"),
    Statement("s3", "Aigul", source="Bolat", told="2021", event="release", after="camp-entry", gap="P1Y"),
    Statement("s4", "Aigul", source="Camila", told="2022", event="return", when="[2020-05-01,2021]"),
    Statement("s5", "Aigul", source="Bolat", told="2021", fact="name", value="Айгүл", language="kk"),
    Statement("s6", "Aigul", source="Bolat", told="2021", fact="occupation", value="nurse"),
]
SAID = (yes("Aigul"), yes("Bolat"), yes("Camila"))


def test_doubt_is_in_the_data() -> None:
    """Contradicted events say so and have the days of both accounts; the others are as firm as before."""
    made = files(alone(TOLD, consents(yes("Bolat", media=("words",)), *SAID[::2])))
    events = {one["event"]: one for one in rows(made, "events")}
    assert [one["consistent"] for one in rows(made, "persons")] == [False]
    entry = events["camp-entry"]
    assert (entry["earliest"], entry["latest"], entry["within"]) == ("2018-03-01", "2019-12-31", None)
    assert entry["ranges"] == "[2018-03-01..2018-03-31,2019-01-01..2019-12-31]"
    assert (entry["title"], entry["place"], entry["statements"]) == ("Taken to the camp", "Tekes", 2)
    back = events["return"]
    assert back["ranges"] == "[2020-05-01,2021-01-01..2021-12-31]"
    assert {name: one["consistent"] for name, one in events.items()} == {
        "camp-entry": False, "release": False, "return": True,
    }  # fmt: skip
    told = {one["id"]: one for one in rows(made, "statements")}
    apart = rows(made, "conflicts")
    assert {one["kind"] for one in apart} == {"contradiction"}
    assert {told[one["statement"]]["when"] for one in apart} == {"2018-03", "2019"}
    assert [(one["name"], one["language"]) for one in rows(made, "names")] == [("Айгүл", "kk")]


@settings(max_examples=40 * DEPTH, deadline=None)
@given(SEEDS)
def test_ranges_are_edtf_with_the_bounds_beside_them(seed: int) -> None:
    """Each cell is read by our own reader of EDTF, and its first and last days are the bounds."""
    for one in rows(files(outcome(world(Random(seed)))), "events"):
        if one["ranges"] is None:
            assert one["earliest"] is one["latest"] is None
            continue
        spans = parse(one["ranges"]).spans
        assert (iso(spans[0].first), iso(spans[-1].last)) == (one["earliest"], one["latest"])
        if one["within"] is not None:
            assert one["earliest"].startswith(one["within"])
            assert one["latest"].startswith(one["within"])


def test_what_no_longer_counts_is_there_and_says_so() -> None:
    """Corrected and set aside are standings, not gaps."""
    told = [*TOLD, Statement("s7", "Aigul", source="Bolat", event="camp-entry", when="2019", corrects="s1")]
    aside = [Judgement("j", "set-aside", "a slip", "2024-05-01", statement="s6")]
    made = files(outcome(World(told, aside, [], consents(*SAID))))
    assert [one["standing"] for one in rows(made, "statements")] == [
        "corrected", "counted", "counted", "counted", "counted", "set-aside", "counted",
    ]  # fmt: skip
    corrected = rows(made, "statements")[0]["id"]
    assert [one["corrects"] for one in rows(made, "statements")].count(corrected) == 1


def test_an_id_stays_while_she_is_called_the_same() -> None:
    """More that is told of her changes no id; another secret changes all."""
    few = files(alone(TOLD[:3], consents(*SAID)))
    more = files(alone([Statement("s0", "Bolat", source="Bolat", event="arrest"), *TOLD], consents(*SAID)))
    for table in ("persons", "statements", "events"):
        before = {one["id"] for one in rows(few, table)}
        assert before < {one["id"] for one in rows(more, table)}
        other = files(alone(TOLD[:3], consents(*SAID)), bytes(32))
        assert before.isdisjoint(one["id"] for one in rows(other, table))


def test_no_id_leads_from_a_pseudonym_to_a_name() -> None:
    """Who was named in one release and goes by a pseudonym in the next has no id in common with herself; nor
    has she one before two audiences."""
    names = (Pseudonym("p", "Aigul", "public", "Rovadi-12"),)
    others = SAID[1:]
    named = files(alone(TOLD, consents(*SAID)))
    hidden = files(alone(TOLD, consents(yes("Aigul", "pseudonym"), *others, names=names)))
    assert b"Aigul" not in hidden["statements.csv"]
    for table in ("persons", "statements", "events", "sources"):
        assert {one["id"] for one in rows(named, table)}.isdisjoint(one["id"] for one in rows(hidden, table))
    said = consents(*(replace(one, audiences=("public", "un")) for one in SAID))
    permitted = permissions(said, resolve([]))
    before_un = files(project(TOLD, [], [], permitted, {}, PUBLIC.__class__("un", "publication", TODAY)))
    assert rows(before_un, "persons")[0]["name"] == "Aigul"
    assert rows(before_un, "persons")[0]["id"] != rows(named, "persons")[0]["id"]


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    """Somebody's files, and links that lead elsewhere: a clear error, nothing written."""
    projection = outcome(world(Random(1)))
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name in ("there", "link", "file"):
        with pytest.raises(PublicationError, match="Nothing was written"):
            dataset.build(projection, tmp_path / name, title="", address="", today=TODAY, key=KEY)
    with pytest.raises(PublicationError, match="too short"):
        dataset.build(projection, tmp_path / "new", title="", address="", today=TODAY, key=b"secret")
    with pytest.raises(PublicationError, match="cannot be written"):
        dataset.build(projection, tmp_path / "file" / "new", title="", address="", today=TODAY, key=KEY)
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "elsewhere", "file", "link", "mine.txt", "there",
    ]  # fmt: skip


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    """The folder appears whole; half of one from before is not taken for it."""
    (tmp_path / "set.partial").mkdir()
    (tmp_path / "set.partial" / "persons.csv").write_text("half", encoding="utf-8")
    projection = outcome(world(Random(1)))
    dataset.build(projection, tmp_path / "set", title="", address="", today=TODAY, key=KEY)
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    again = {path.name: path.read_bytes() for path in (tmp_path / "set").iterdir()}
    assert again == files_with(projection)


def files_with(projection: Projection) -> dict[str, bytes]:
    """The same without a folder."""
    made, _, _ = dataset.files(projection, title="", address="", today=TODAY, key=KEY)
    return made
