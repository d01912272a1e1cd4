"""What `estelik evidence` prints, and how it ends."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.evidence import authority
from tests.evidence.authority import Authority
from tests.media import drawn, files, marked

from estelik.casebook import Casebook
from estelik.cli import run
from estelik.media.faces import looks_with
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from tests.cli.conftest import Said, Shell

SHEET = """statement,about,source,told,event,when
1,Marhaba,Zulfiya,2019-03,arrest,2017
"""


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A casebook with a statement, whose keys are derived at once; a stick, and two files."""
    (shell.folder / "sheet.csv").write_text(SHEET)
    passphrase = (shell.folder / "passphrase.txt").read_bytes().strip()
    Casebook.create(shell.casebook, passphrase, cost=Cost(memory=8, passes=1, lanes=1)).close()
    (shell.folder / "stick").mkdir()
    (shell.folder / "photo.jpg").write_bytes(files.photograph())
    (shell.folder / "noise.jpg").write_bytes(b"\xff\xd8\xff" + bytes(200))
    assert shell.run("import", "sheet.csv").status == 0
    return shell


def _json(said: Said) -> Any:
    assert said.out.count("\n") == 1
    return json.loads(said.out)


def test_the_way_of_a_photograph(desk: Shell) -> None:
    """Added, listed, shown, carried, verified and copied, each with its words, its JSON and exit status 0."""
    said = desk.run(
        "evidence", "add", "photo.jpg", "noise.jpg", "--source", "Zulfiya", "--brought", "2019-03-07",
        "--about", "Marhaba", "--statement", "1", "--note", "the yard",
    )  # fmt: skip
    assert said.status == 0
    ids = {line.split("  ")[1]: line.split("  ")[0] for line in said.out.splitlines()}
    assert ids.keys() == {"photo.jpg", "noise.jpg"}
    assert said.err == "noise.jpg: it is kept; its metadata is damaged, or asks for too much.\n"
    (again,) = _json(desk.run("evidence", "add", "photo.jpg", "--json"))
    assert again == {
        "file": "photo.jpg",
        "id": ids["photo.jpg"],
        "compartment": "testimony",
        "known": True,
        "sha256": hashlib.sha256(files.photograph()).hexdigest(),
        "bytes": len(files.photograph()),
        "type": "image/jpeg",
        "unread": "",
    }
    said = desk.run("evidence", "add", "photo.jpg")
    assert (said.out, said.status) == (f"{ids['photo.jpg']}  photo.jpg\n", 0)
    assert "there already, and is kept once" in said.err
    listed = desk.run("evidence", "list").out.splitlines()
    assert listed[0].split("  ")[::3] == [ids["photo.jpg"], "2018-03-04T05:06:07+06:00"]
    assert len(listed) == 2
    assert desk.run("evidence", "list", "--about", "Nobody").out == ""
    (first, _) = _json(desk.run("evidence", "list", "--about", "Marhaba", "--json"))
    shown = _json(desk.run("evidence", "show", ids["photo.jpg"], "--json"))
    assert shown == first
    assert shown.keys() == {
        "id", "compartment", "type", "bytes", "sha256", "sealed", "added", "device", "note", "capture",
        "accessions", "about", "statements", "copies", "stamps", "derived", "origins",
    }  # fmt: skip
    assert (shown["about"], shown["statements"], shown["note"]) == (["Marhaba"], ["1"], "the yard")
    assert shown["accessions"][0]["source"] == "Zulfiya"
    assert shown["sealed"].keys() == {"name", "bytes", "sha256"}
    words = desk.run("evidence", "show", ids["photo.jpg"]).out
    for part in (
        "brought by Zulfiya, 2019-03-07: photo.jpg",
        "N95",
        "at -43.258333, 76.916667",
        "40 x 30 pixels",
    ):
        assert part in words
    desk.run("carrier", "add", "stick", "stick")
    assert desk.run("sync").status == 0
    assert desk.run("verify").out.endswith("unchanged, and 2 files of evidence.\n")
    health = _json(desk.run("health", "--json"))
    assert health["blobs"] == {"here": 2, "nowhere": 0}
    assert health["carriers"][0]["blobs"] == 2
    assert "and 2 files of evidence; stick has" in desk.run("health").out
    assert desk.run("evidence", "verify", "--carrier", "stick").out.splitlines() == [
        "2 files are as brought.",
        "2 files are on stick as brought.",
    ]
    assert _json(desk.run("evidence", "verify", ids["photo.jpg"], "--carrier", "stick", "--json")) == {
        "places": [{"where": "", "files": 1, "behind": 0}, {"where": "stick", "files": 1, "behind": 0}],
        "stamps": 0,
        "findings": [],
    }
    said = desk.run("evidence", "get", ids["photo.jpg"], "out.jpg", "--reason", "for the lawyer")
    assert (said.out, said.status) == ("", 0)
    assert (desk.folder / "out.jpg").read_bytes() == files.photograph()
    copies = _json(desk.run("evidence", "show", ids["photo.jpg"], "--json"))["copies"]
    assert [copy["reason"] for copy in copies] == ["for the lawyer"]
    assert "2 of 2 files of evidence came back" in desk.run("drill", "raid").out


def test_what_is_missing_or_damaged_ends_with_status_1(desk: Shell) -> None:
    """By its id and its place; the JSON has the same."""
    id_ = desk.run("evidence", "add", "photo.jpg").out.split()[0]
    desk.run("carrier", "add", "stick", "stick")
    desk.run("sync")
    (sealed,) = (desk.folder / "stick/estelik/blob").iterdir()
    sealed.write_bytes(sealed.read_bytes()[:-1])
    said = desk.run("evidence", "verify", "--carrier", "stick")
    assert (said.status, said.err) == (1, f"{id_} on stick is damaged, or was changed.\n")
    (here,) = (desk.casebook / "sealed/estelik/blob").iterdir()
    here.unlink()
    found = desk.run("evidence", "verify", "--json")
    assert found.status == 1
    assert _json(found)["findings"] == [{"evidence": id_, "where": "", "what": "missing"}]
    assert desk.run("verify").status == 1
    assert "A file of evidence is missing (testimony)" in desk.run("verify").err
    assert desk.run("evidence", "get", id_, "out.jpg").status == 2
    assert not (desk.folder / "out.jpg").exists()


REFUSED: list[tuple[str, ...]] = [
    ("add",),
    ("add", "missing.jpg"),
    ("add", "photo.jpg", "missing.jpg"),
    ("add", "photo.jpg", "--about", "Nobody"),
    ("add", "photo.jpg", "--about", ""),
    ("add", "photo.jpg", "--statement", "7"),
    ("add", "photo.jpg", "--brought", "last spring"),
    ("add", "photo.jpg", "--compartment", "secret"),
    ("show", "none"),
    ("get", "none", "out.jpg"),
    ("get", "{id}", "photo.jpg"),
    ("verify", "none"),
    ("verify", "--carrier", "none"),
    ("stamp", "{id}"),
    ("stamp", "none", "--request", "query"),
    ("stamp", "{id}", "--request", "photo.jpg"),
    ("stamp", "{id}", "--request", "query", "--answer", "photo.jpg"),
    ("stamp", "{id}", "--answer", "photo.jpg"),
    ("stamp", "{id}", "--answer", "missing", "--certificate", "sheet.csv"),
    ("stamp", "{id}", "--answer", "photo.jpg", "--certificate", "sheet.csv"),
    ("stamp", "{id}", "--request", "query", "--certificate", "sheet.csv"),
]


def test_what_cannot_be_followed_ends_with_status_2_and_writes_nothing(
    desk: Shell, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No statement, no name and no file's content is in what is said."""
    id_ = desk.run("evidence", "add", "noise.jpg").out.split()[0]
    before, there = desk.run("evidence", "show", id_).out, sorted(desk.folder.iterdir())
    count = _json(desk.run("health", "--json"))["records"]
    monkeypatch.chdir(desk.folder)
    for name, value in desk.environment.items():
        monkeypatch.setenv(name, value)
    for case in REFUSED:
        # In this process: they are many.
        status = run(["evidence", *(one.format(id=id_) for one in case)])
        out, err = capfd.readouterr()
        assert (case, out, status) == (case, "", 2)
        assert err
        assert "inside Estelik" not in err
        assert not any(word in err for word in ("Nobody", "Marhaba", "Zulfiya", "last spring"))
    assert desk.run("evidence", "show", id_).out == before
    assert sorted(desk.folder.iterdir()) == there
    assert _json(desk.run("health", "--json"))["records"] == count
    assert len(list((desk.casebook / "sealed/estelik/blob").iterdir())) == 1


def test_evidence_whose_note_names_who_brought_it_is_kept_with_the_sources(desk: Shell) -> None:
    said = desk.run("evidence", "add", "photo.jpg", "--source", "Zulfiya", "--note", "zulfiya took it")
    assert said.err == "Kept with the sources: what was said of it names who brought it.\n"
    assert _json(desk.run("evidence", "list", "--json"))[0]["compartment"] == "source"


def test_a_name_with_marks_in_it_does_not_move_the_cursor(desk: Shell) -> None:
    """On the screen; in JSON it stands as it is."""
    name = "a\x1b[2Jb\u202e.jpg"
    (desk.folder / name).write_bytes(files.photograph())
    said = desk.run("evidence", "add", name)
    listed = desk.run("evidence", "list").out
    shown = desk.run("evidence", "show", said.out.split()[0]).out
    missing = desk.run("evidence", "add", f"{name}.none").err
    for text in (said.out, listed, shown, missing):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert _json(desk.run("evidence", "list", "--json"))[0]["accessions"][0]["file"] == name


@pytest.mark.skipif(not authority.HERE, reason="needs openssl")
def test_a_stamp_by_files_and_by_an_authority_on_the_network(desk: Shell) -> None:
    """Asked for in a file, answered in another; or sent and answered at once; verified without either."""
    one = Authority(desk.folder / "authority")
    (desk.folder / "root.pem").write_bytes(one.certificate)
    id_ = desk.run("evidence", "add", "photo.jpg").out.split()[0]
    assert desk.run("evidence", "stamp", id_, "--request", "query").status == 0
    (desk.folder / "answer").write_bytes(one.answer((desk.folder / "query").read_bytes()))
    said = desk.run("evidence", "stamp", id_, "--answer", "answer", "--certificate", "root.pem")
    assert said.status == 0
    assert said.out.startswith("Stamped: it was there at 20")
    with authority.served(lambda query: (200, one.answer(query))) as (address, _):
        said = desk.run(
            "evidence", "stamp", id_, "--authority", address, "--certificate", "root.pem", "--json"
        )
    assert _json(said).keys() == {"time"}
    assert desk.run("evidence", "verify").out.splitlines() == ["1 file is as brought.", "2 time stamps hold."]
    assert len(_json(desk.run("evidence", "show", id_, "--json"))["stamps"]) == 2
    said = desk.run(
        "evidence", "stamp", id_, "--authority", "http://127.0.0.1:1/", "--certificate", "root.pem"
    )
    assert (said.out, said.status) == ("", 2)
    assert "does not answer" in said.err


def test_evidence_comes_back_from_a_stick_with_the_office(desk: Shell) -> None:
    """Restore counts it, and what the stick lacks is named."""
    desk.run("evidence", "add", "photo.jpg", "noise.jpg")
    desk.run("carrier", "add", "stick", "stick")
    desk.run("sync")
    shares = _json(desk.run("custody", "share", "--needed", "2", "--shares", "3", "--yes", "--json"))[
        "shares"
    ]
    (desk.folder / "shares.txt").write_text("\n".join(shares))
    new = {"ESTELIK_CASEBOOK": str(desk.folder / "back")}
    said = desk.run("restore", "stick", "--shares", "shares.txt", **new)
    assert (said.status, said.out.endswith("restored, and 2 files of evidence.\n")) == (0, True)
    assert desk.run("evidence", "verify", **new).out == "2 files are as brought.\n"
    next((desk.folder / "stick/estelik/blob").iterdir()).unlink()
    last = {"ESTELIK_CASEBOOK": str(desk.folder / "last")}
    said = desk.run("restore", "stick", "--shares", "shares.txt", **last)
    assert (said.status, said.err.count("A file of evidence is missing")) == (1, 1)


@pytest.fixture
def group(desk: Shell) -> str:
    """The id of a photograph of two people."""
    image = drawn.group((700, 400), (60, 60, 80), (80, 400, 120))
    (desk.folder / "group.jpg").write_bytes(marked.picture("JPEG", image))
    return desk.run("evidence", "add", "group.jpg").out.split()[0]


def test_the_way_of_a_picture_with_faces(desk: Shell, group: str) -> None:
    """Proposed, refused while one is undecided, redacted, shown; in words and JSON."""
    if not looks_with():
        pytest.skip("needs what faces are looked for with")
    said = desk.run("evidence", "faces", group, "--picture", "numbers.jpg")
    assert [line.split("  ")[0] for line in said.out.splitlines()] == ["1", "2"]
    assert "2 faces are proposed, in 700 x 400 pixels." in said.err
    assert (desk.folder / "numbers.jpg").stat().st_mode & 0o777 == 0o600
    proposed = _json(desk.run("evidence", "faces", group, "--json"))
    assert [one["number"] for one in proposed["faces"]] == [1, 2]
    said = desk.run("evidence", "redact", group, "--fill", "1", "--reason", "x")
    assert (said.out, said.status) == ("", 2)
    assert "Not decided: 2. Nothing was written." in said.err
    made = _json(desk.run(
        "evidence", "redact", group, "--fill", "1", "--leave", "2", "--box", "1,2,30,40",
        "--reason", "for the page", "--json",
    ))  # fmt: skip
    assert [one["step"] for one in made["steps"]] == ["converted", "filled", "left", "filled", "rebuilt"]
    assert made["steps"][3] == {"step": "filled", "box": [1, 2, 30, 40]}
    shown = _json(desk.run("evidence", "show", made["id"], "--json"))
    (origin,) = shown["origins"]
    assert (origin["id"], origin["reason"], origin["steps"]) == (group, "for the page", made["steps"])
    (derived,) = _json(desk.run("evidence", "show", group, "--json"))["derived"]
    assert derived["id"] == made["id"]
    words = desk.run("evidence", "show", made["id"]).out
    assert f"made from: {group}, " in words
    assert "filled 1,2,30,40, made anew from pixels" in words
    assert f"made of it: {made['id']}, " in desk.run("evidence", "show", group).out


@pytest.mark.parametrize(
    "arguments",
    [
        ("redact", "--fill", "one"),
        ("redact", "--fill", "1,,2"),
        ("redact", "--fill", "-1"),
        ("redact", "--box", "1,2,3"),
        ("redact", "--box", "1,2,3,-4"),
        ("redact", "--box", "1,2,3,\u0664x"),
        ("strip", "--reason", " "),
        ("redact", "--fill", "1", "--reason", " "),
    ],
)
def test_what_is_no_decision_is_refused(desk: Shell, group: str, arguments: tuple[str, ...]) -> None:
    more = () if "--reason" in arguments else ("--reason", "x")
    said = desk.run("evidence", arguments[0], group, *arguments[1:], *more)
    assert (said.out, said.status) == ("", 2)


def test_a_voice_is_never_called_safe(desk: Shell) -> None:
    """A film has no sound unless that is asked for; whoever keeps it is told what a voice does."""
    for name in ("film.mp4", "sound.wav"):
        marked.recording(desk.folder, name)
    film, sound = (
        line.split()[0] for line in desk.run("evidence", "add", "film.mp4", "sound.wav").out.splitlines()
    )
    said = desk.run("evidence", "strip", film, "--reason", "x")
    assert said.out.endswith("taken over without metadata, sound left out\n")
    assert "voice" not in said.err
    for arguments in ((film, "--with-voice"), (sound,)):
        said = desk.run("evidence", "strip", *arguments, "--reason", "x")
        assert said.out.endswith("taken over without metadata, sound kept\n")
        assert "a voice gives its speaker away" in said.err
    for command in ("strip", "redact", "faces"):
        assert "anonym" not in desk.run("evidence", command, "--help").out
