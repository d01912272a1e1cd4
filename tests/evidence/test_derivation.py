"""What is made of evidence is evidence of its own beside it; the original stays as it was brought."""

from __future__ import annotations

import hashlib
import io
import os
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from PIL import Image
from tests.evidence.conftest import Desk
from tests.media import drawn, files, marked

from estelik.errors import EvidenceError, FileError, NotFoundError, UsageError
from estelik.evidence import derivation, redaction
from estelik.evidence.redaction import Decided
from estelik.evidence.working_copy import hand_out
from estelik.index import closure, excerpt
from estelik.media import detector, faces, facts, memory
from estelik.media.pixels import Box
from estelik.records.evidence import STEPS, Derivation, Maker, Step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.evidence.derivation import Made

needs = pytest.mark.skipif(not faces.looks_with(), reason="needs what faces are looked for with")


def _content(desk: Desk, id_: str) -> bytes:
    path = desk.folder / f"out-{os.urandom(4).hex()}"
    hand_out(desk.casebook.vault, id_, str(path), "")
    return path.read_bytes()


def _strip(desk: Desk, id_: str, reason: str = "for the list", *, voice: bool = False) -> Made:
    return derivation.strip(desk.casebook.vault, id_, reason, voice=voice)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which programs put temporary files."""
    made = tmp_path / "temporary"
    made.mkdir()
    for name in ("TMPDIR", "TMP", "TEMP"):
        monkeypatch.setenv(name, str(made))
    return made


def test_a_picture_without_metadata_lies_beside_the_original(desk: Desk, watched: Path) -> None:
    """In its compartment, about the same, sealed; on record from which, when, by which device and steps, and
    what for. Nothing of it lies anywhere in the clear."""
    desk.file("marked.jpg", marked.picture("JPEG", orientation=6))
    (added,) = desk.add(
        "marked.jpg", compartment="medical", about=("Marhaba",), statements=("2",), source="Z"
    )
    (before,) = desk.all()
    sealed = [path.read_bytes() for path in desk.blobs()]
    made = _strip(desk, added.id)
    original, result = desk.all()
    assert (result.id, result.compartment, result.evidence.type) == (made.id, "medical", "image/jpeg")
    assert (original.evidence, original.relations) == (before.evidence, before.relations)
    assert sealed[0] in [path.read_bytes() for path in desk.blobs()]
    assert hashlib.sha256(_content(desk, added.id)).hexdigest() == added.sha256
    assert [(one.subject, one.statement) for one in result.relations] == [("Marhaba", ""), ("", "2")]
    assert {one.evidence for one in result.relations} == {made.id}
    (record,) = original.derivations[:1]
    assert record in result.origins
    assert (record.evidence, record.result, record.reason) == (added.id, made.id, "for the list")
    assert (record.device, record.made) == (desk.casebook.vault.device, result.evidence.added)
    assert record.steps == (Step("turned"), Step("converted"), Step("rebuilt"))
    assert {one.step for one in record.steps} <= set(STEPS)
    data = _content(desk, made.id)
    assert (result.evidence.sha256, result.evidence.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (result.evidence.capture.width, result.evidence.capture.height) == (48, 64)
    assert [mark for mark in marked.MARKS if mark in data] == []
    kept = [path.read_bytes() for path in (desk.folder / "case").rglob("*") if path.is_file()]
    assert [mark for mark in (*marked.MARKS, data[200:260]) for one in kept if mark in one] == []
    assert list(watched.iterdir()) == []
    assert result.accessions == []


def test_what_names_the_source_stays_with_the_sources(desk: Desk) -> None:
    """What the file bears on, where that names who brought it, is copied to where it lay."""
    desk.file("marked.jpg", marked.picture("JPEG"))
    (added,) = desk.add("marked.jpg", compartment="medical")
    desk.add("marked.jpg", source="Zulfiya", about=("Zulfiya",))
    made = _strip(desk, added.id)
    assert [one.lie_in for one in desk.all()] == [["source"], ["source"]]
    with desk.casebook.vault.store.read() as connection:
        bodies = list(connection.execute("SELECT body FROM medical.record WHERE kind = 'evidence'").scalars())
    assert any(made.id in str(body) for body in bodies)
    assert [body for body in bodies if "Zulfiya" in str(body)] == []


def test_the_same_made_twice_is_kept_once(desk: Desk) -> None:
    """Both are on record; and of what was made anew already there is nothing to take out."""
    desk.file("marked.png", marked.picture("PNG"))
    (added,) = desk.add("marked.png")
    first, second = _strip(desk, added.id), _strip(desk, added.id, "again")
    assert (first.known, second.known, second.id) == (False, True, first.id)
    assert len(desk.blobs()) == 2
    original, result = desk.all()
    assert [one.reason for one in original.derivations] == ["for the list", "again"]
    assert result.origins == original.derivations
    with pytest.raises(EvidenceError, match="nothing to take out"):
        _strip(desk, first.id)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("letter.pdf", files.sheet(), "no picture"),
        ("photo.jpg", files.photograph()[:600], "damaged"),
        ("bomb.png", files.hostile()["a picture of ten thousand million pixels"], "100 million"),
        ("moving.webp", marked.several("WEBP"), "more than one"),
        ("film.mp4", files.film(), "no sound and no picture"),
    ],
)
def test_where_nothing_can_be_made_nothing_is_written(desk: Desk, name: str, data: bytes, says: str) -> None:
    desk.file(name, data)
    (added,) = desk.add(name)
    before, sealed = desk.all(), desk.blobs()
    with pytest.raises(EvidenceError, match=says):
        _strip(desk, added.id)
    assert (desk.all(), desk.blobs()) == (before, sealed)


def test_without_a_reason_or_memory_or_an_original_nothing_is_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (added,) = desk.add("photo.jpg")
    with pytest.raises(UsageError, match="reason"):
        _strip(desk, added.id, "  ")
    with pytest.raises(NotFoundError):
        _strip(desk, "a" * 26)
    with monkeypatch.context() as small:
        small.setattr(memory, "room", lambda: 100)
        with pytest.raises(EvidenceError, match="memory"):
            _strip(desk, added.id)
    (sealed,) = desk.blobs()
    whole = sealed.read_bytes()
    sealed.write_bytes(whole[:-1])
    with pytest.raises(EvidenceError, match="damaged on this computer"):
        _strip(desk, added.id)
    sealed.unlink()
    with pytest.raises(EvidenceError, match="not on this computer"):
        _strip(desk, added.id)
    assert len(desk.all()) == 1
    assert desk.all()[0].derivations == []


def test_what_still_says_who_made_it_is_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second reader looks at what was made before it is sealed."""
    (added,) = desk.add("photo.jpg")
    read = facts.read
    monkeypatch.setattr(
        facts, "read", lambda *how: msgspec.structs.replace(read(*how), maker=Maker(serial="N-4711"))
    )
    with pytest.raises(EvidenceError, match="Metadata is left"):
        _strip(desk, added.id)
    assert (len(desk.all()), len(desk.blobs())) == (1, 1)


def test_what_was_made_of_a_file_is_erased_with_it(desk: Desk) -> None:
    """It shows what the original shows; to erase what was made alone leaves the original."""
    desk.file("marked.jpg", marked.picture("JPEG"))
    (added,) = desk.add("marked.jpg", about=("Marhaba",))
    made = _strip(desk, added.id)
    store = desk.casebook.vault.store
    with store.read() as connection:
        both = closure.closure(connection, store.schemas, "evidence", added.id)
        alone = closure.closure(connection, store.schemas, "evidence", made.id)
    assert (both.evidence, alone.evidence) == (2, 1)
    taken = {record for records in alone.records.values() for record in records}
    assert made.id in taken
    assert added.id not in taken
    # The file, what it bears on, and that it was made.
    assert len(taken) == 3


def test_what_home_has_by_another_id_is_that_in_what_comes_back() -> None:
    """Both what was made and what it was made of."""
    record = Derivation("a", "2026-01-01T00:00:00+00:00", "d", "x", "b", (Step("rebuilt"),))
    for same, expected in (({}, ("a", "b")), ({"a": "c"}, ("c", "b")), ({"b": "c"}, ("a", "c"))):
        back = excerpt.replaced(record, same)
        assert isinstance(back, Derivation)
        assert (back.evidence, back.result, back.steps) == (*expected, record.steps)


def test_what_was_made_is_carried_and_restored(desk: Desk) -> None:
    """With its record, and as it was made."""
    (added,) = desk.add("photo.jpg")
    made = _strip(desk, added.id)
    desk.carry()
    restored, _ = desk.restore("second")
    original, result = desk.all(restored)
    assert (original.id, result.id) == (added.id, made.id)
    assert result.origins == original.derivations
    assert result.origins[0].steps[-1] == Step("rebuilt")


def test_sound_and_film_are_kept_without_metadata(desk: Desk, watched: Path) -> None:
    """A film without sound unless somebody asks for it."""
    desk.file("film.mp4", marked.recording(desk.folder, "film.mp4"))
    desk.file("sound.wav", marked.recording(desk.folder, "sound.wav"))
    film, sound = desk.add("film.mp4", "sound.wav")
    silent, voiced, heard = (
        _strip(desk, film.id),
        _strip(desk, film.id, voice=True),
        _strip(desk, sound.id),
    )
    assert [one.steps[1].step for one in (silent, voiced, heard)] == ["silenced", "voiced", "voiced"]
    for made in (silent, voiced, heard):
        assert [mark for mark in marked.MARKS if mark in _content(desk, made.id)] == []
    assert list(watched.iterdir()) == []


@pytest.fixture
def group(desk: Desk) -> str:
    """A photograph of two people, held upside down."""
    return _group(desk)


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """The same, once faces were looked for in it: for those that change nothing."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    group = _group(desk)
    redaction.propose(desk.casebook.vault, group)
    yield desk, group
    desk.casebook.close()


def _group(desk: Desk) -> str:
    image = drawn.group((700, 400), (60, 60, 80), (80, 400, 120))
    desk.file("group.jpg", marked.picture("JPEG", image.rotate(180), orientation=3))
    (added,) = desk.add("group.jpg")
    return added.id


def _redact(
    desk: Desk, id_: str, *boxes: Box, fill: tuple[int, ...] = (), leave: tuple[int, ...] = ()
) -> Made:
    return redaction.redact(desk.casebook.vault, id_, Decided(fill, leave, boxes), "for the list")


@needs
def test_faces_are_proposed_once_and_keep_their_numbers(
    desk: Desk, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time it is looked up, even where nothing is there to look with."""
    found = redaction.propose(desk.casebook.vault, group)
    assert (len(found.faces), found.width, found.height) == (2, 700, 400)
    assert "CenterFace" in found.by
    monkeypatch.setattr(faces, "proposed", lambda _: pytest.fail("looked again"))
    assert redaction.propose(desk.casebook.vault, group) == found
    monkeypatch.setattr(detector, "network", lambda: None)
    assert redaction.propose(desk.casebook.vault, group) == found
    (one,) = desk.all()
    assert one.faces == [found]


@needs
def test_only_what_somebody_decided_is_filled(desk: Desk, group: str) -> None:
    """One face is black, hair and chin too; the other and all else is as it was; a box of one's own is black
    where it was said, in the upright picture."""
    found = redaction.propose(desk.casebook.vault, group)
    made = _redact(desk, group, Box(10, 20, 30, 40), fill=(2,), leave=(1,))
    with Image.open(io.BytesIO(_content(desk, made.id))) as image:
        seen = image.convert("RGB")
    assert seen.size == (700, 400)
    filled = [step.box for step in made.steps if step.step == "filled"]
    second = found.faces[1]
    assert filled == [faces.enlarged(second, 700, 400), (10, 20, 30, 40)]
    for box in filled:
        assert box is not None
        x, y, width, height = box
        assert np.asarray(seen.crop((x, y, x + width, y + height))).max() < 40
    edges = drawn.face(60, 60, 80)
    x, y, width, height = (round(edge) for edge in edges)
    left = seen.crop((x, y, x + width, y + height))
    assert np.asarray(left).max() > 180
    (kept,) = [step for step in made.steps if step.step == "left"]
    assert (kept.box, kept.score) == (
        (found.faces[0].x, found.faces[0].y, found.faces[0].width, found.faces[0].height),
        found.faces[0].score,
    )
    assert made.steps[0] == Step("turned")


@needs
@pytest.mark.parametrize(
    ("fill", "leave", "boxes", "says"),
    [
        ((1,), (), (), "Not decided: 2"),
        ((), (), (Box(0, 0, 9, 9),), "Not decided: 1, 2"),
        ((1, 2), (2,), (), "2: to be filled and left"),
        ((1, 3), (2,), (), "No face has this number"),
        ((), (1, 2), (), "Nothing would be filled"),
        ((1, 2), (), (Box(0, 0, 0, 9),), "does not lie in the picture, which has 700 x 400"),
        ((1, 2), (), (Box(690, 0, 11, 9),), "does not lie in the picture"),
        ((1, 2), (), (Box(0, 400, 1, 1),), "does not lie in the picture"),
    ],
)
def test_nothing_is_made_while_something_is_undecided(
    proposed: tuple[Desk, str],
    fill: tuple[int, ...],
    leave: tuple[int, ...],
    boxes: tuple[Box, ...],
    says: str,
) -> None:
    desk, group = proposed
    with pytest.raises((EvidenceError, UsageError), match=says):
        _redact(desk, group, *boxes, fill=fill, leave=leave)
    assert len(desk.all()) == 1


@needs
def test_nothing_is_filled_before_somebody_looked_for_faces(desk: Desk, group: str) -> None:
    """Where a program can look, it has to; what it proposes is to be decided on."""
    with pytest.raises(EvidenceError, match="Nobody has looked"):
        _redact(desk, group, Box(0, 0, 9, 9))


def test_without_a_detector_boxes_by_hand_are_filled_and_that_is_on_record(
    desk: Desk, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detector, "network", lambda: None)
    with pytest.raises(EvidenceError, match=r"estelik\[faces\]"):
        redaction.propose(desk.casebook.vault, group)
    with pytest.raises(EvidenceError, match=r"estelik\[faces\]"):
        _redact(desk, group)
    made = _redact(desk, group, Box(0, 0, 90, 90))
    assert [step.step for step in made.steps if step.step != "converted"] == [
        "turned", "unseen", "filled", "rebuilt",
    ]  # fmt: skip


@needs
def test_a_picture_with_numbers_is_a_working_copy_on_record(desk: Desk, group: str) -> None:
    """With an edge around each face; without metadata; never in the place of another file."""
    found = redaction.propose(desk.casebook.vault, group)
    path = desk.folder / "numbers.jpg"
    redaction.number(desk.casebook.vault, group, found, str(path))
    data = path.read_bytes()
    assert [mark for mark in marked.MARKS if mark in data] == []
    with Image.open(path) as image:
        shown = np.asarray(image.convert("RGB"))
        for face in found.faces:
            red, green, blue = shown[face.y, face.x + face.width // 2].tolist()
            assert (red > 180, green > 150, blue < 120) == (True, True, True)
    (one,) = desk.all()
    assert [(copy.result, copy.steps[-2].step) for copy in one.derivations] == [("", "numbered")]
    with pytest.raises(FileError, match="something of that name"):
        redaction.number(desk.casebook.vault, group, found, str(path))
    assert len(desk.all()[0].derivations) == 1
