"""What the package learned says where it comes from."""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from training import origin

PACKAGE = Path(__file__).parents[2] / "src" / "estelik"
FOLDERS = (PACKAGE / "names" / "map", PACKAGE / "identity")
WEIGHTS = sorted(
    file
    for folder in FOLDERS
    for file in folder.iterdir()
    if file.suffix in (".npy", ".npz", ".json") and file.name != origin.NAME
)


def test_there_are_no_weights_elsewhere_in_the_package() -> None:
    """Else nothing here would ask where they come from."""
    assert {file.parent for kind in ("npy", "npz") for file in PACKAGE.rglob(f"*.{kind}")} == set(FOLDERS)


@pytest.mark.parametrize("file", WEIGHTS, ids=lambda file: file.name)
def test_every_file_of_weights_is_of_one_origin_that_has_its_hash(file: Path) -> None:
    parts = json.loads((file.parent / origin.NAME).read_text(encoding="utf-8"))
    mine = [part for part in parts.values() if file.name in part["files"]]
    assert [part["files"][file.name] for part in mine] == [hashlib.sha256(file.read_bytes()).hexdigest()]
    (part,) = mine
    assert set(part) >= {"command", "data", "seed", "date"}
    assert find_spec(part["command"].split()[2]) is not None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_origin_tells_of_a_file_that_is_not_there(folder: Path) -> None:
    parts = json.loads((folder / origin.NAME).read_text(encoding="utf-8"))
    assert all((folder / name).exists() for part in parts.values() for name in part["files"])


def test_a_file_that_is_written_again_is_the_later_commands(tmp_path: Path) -> None:
    """Each file is of one origin: the one whose bytes it has."""
    for name in ("a.npy", "b.npy"):
        (tmp_path / name).write_bytes(name.encode())
    origin.told(tmp_path, "first", ["a.npy", "b.npy"], command="c", data="d", seed=1)
    (tmp_path / "b.npy").write_bytes(b"again")
    origin.told(tmp_path, "second", ["b.npy"], command="c", data="d", seed=1)
    told = json.loads((tmp_path / origin.NAME).read_text(encoding="utf-8"))
    assert told["first"]["files"] == {"a.npy": hashlib.sha256(b"a.npy").hexdigest()}
    assert told["second"]["files"] == {"b.npy": hashlib.sha256(b"again").hexdigest()}
