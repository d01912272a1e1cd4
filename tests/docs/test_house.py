"""The rules of the house that a reader of the code relies on."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GRAB_BAGS = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "base", "tools"}
MADE = {".git", ".venv", ".node", ".ftm", "build", "dist", "__pycache__"}
#: Put together here, so that this file does not hold what it looks for.
HOSTS = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "crates" + ".io", "deb.debian" + ".org"]
MARKERS = ["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"]


def files(root: Path) -> Iterator[tuple[Path, str]]:
    """Every text file of the project, and its text; what was made from them is left out."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if MADE & set(parts) or any(
            part.endswith(("_cache", ".egg-info")) or part == ".hypothesis" for part in parts
        ):
            continue
        if path.is_file():
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def modules(root: Path) -> list[Path]:
    """The modules of the package."""
    return sorted((root / "src").rglob("*.py"))


def test_modules_are_short(root: Path) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(root)}
    others = [path for folder in ("tests", "bench", "training") for path in (root / folder).rglob("*.py")]
    lengths |= {path: len(path.read_text(encoding="utf-8").splitlines()) for path in others}
    assert {path.name: length for path, length in lengths.items() if length > 500} == {}
    assert statistics.median(lengths[path] for path in modules(root)) < 200


def test_no_module_is_a_grab_bag(root: Path) -> None:
    names = {part for path in modules(root) for part in path.relative_to(root).with_suffix("").parts}
    assert names & GRAB_BAGS == set()


def test_public_things_say_what_they_are(root: Path) -> None:
    silent = []
    for path in modules(root):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            silent.append(path.name)
        silent += [
            f"{path.name}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.ClassDef | ast.FunctionDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []


def test_no_file_knows_the_machine_it_was_written_on(root: Path) -> None:
    """No absolute path of this folder, no home of a user, no address of a package registry."""
    places = ["/" + "root/", "/" + "home/", *HOSTS]
    if len(root.parent.parts) > 2:
        places.append(f"{root.parent}/")
    found = [(path.name, place) for path, text in files(root) for place in places if place in text]
    assert found == []


def test_nothing_is_left_to_do_in_a_comment(root: Path) -> None:
    words = re.compile(r"\b(?:" + "|".join(MARKERS) + r")\b|NotImplementedError\(\)")
    assert [path.name for path, text in files(root) if path.name != "LICENSE" and words.search(text)] == []


def test_every_ignore_of_the_linter_says_why(root: Path) -> None:
    settings = (root / "pyproject.toml").read_text(encoding="utf-8")
    table = tomllib.loads(settings)["tool"]["ruff"]["lint"]
    codes = [*table["ignore"], *(code for codes in table["per-file-ignores"].values() for code in codes)]
    reasons = re.findall(r'^    "([A-Z]+\d+)", +# \w.{9,}$', settings, flags=re.MULTILINE)
    assert table["select"] == ["ALL"]
    assert sorted(reasons) == sorted(codes)


def test_every_exception_in_the_code_says_why(root: Path) -> None:
    """Once in a file for each rule of the linter."""
    exception = re.compile(r"# noqa: ([A-Z]+\d+(?:, ?[A-Z]+\d+)*)(.*)")
    reason = re.compile(r"\w+ \w+")
    unexplained = []
    for path, text in files(root):
        if path.suffix != ".py" or path.name == "test_house.py":
            continue
        explained: dict[str, bool] = {}
        for codes, said in exception.findall(text):
            for code in re.findall(r"[A-Z]+\d+", codes):
                explained[code] = explained.get(code, False) or bool(reason.search(said))
        unexplained += [f"{path.name} {code}" for code, known in explained.items() if not known]
    assert unexplained == []


def test_locks_hold_exact_versions_and_what_was_chosen(root: Path) -> None:
    def pins(name: str) -> dict[str, str]:
        lines = (root / name).read_text(encoding="utf-8").splitlines()
        exact = [
            re.fullmatch(r"([\w.-]+)==([\w.]+)", line) for line in lines if line and not line.startswith("#")
        ]
        assert all(exact), name
        return {_normal(match[1]): match[2] for match in exact if match}

    def chosen(entries: list[str]) -> dict[str, str]:
        return {_normal(name): version for name, version in (entry.split("==") for entry in entries)}

    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert chosen(settings["build-system"]["requires"]).items() <= run.items()
    assert chosen(settings["project"]["dependencies"]).items() <= run.items()
    assert chosen(settings["dependency-groups"]["dev"]).items() <= dev.items()
    assert not run.keys() & dev.keys()


def test_every_dependency_says_why_it_earns_its_place(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    reasons = (root / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    wanted = {entry.split("==")[0] for entry in settings["project"]["dependencies"]}
    assert {name for name in wanted if f"| {name} |" not in reasons} == set()
    checks = {entry.split("==")[0] for entry in settings["dependency-groups"]["dev"]}
    assert {name for name in checks if name not in reasons} == set()


def test_all_that_lies_in_the_package_is_in_the_wheel(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="needs what builds the package: make test installs it")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    here = {
        path.relative_to(root / "src").as_posix()
        for path in (root / "src" / "estelik").rglob("*")
        if path.is_file() and path.suffix != ".pyc" and "__pycache__" not in path.parts
    }
    assert here <= packed
    assert any(name.endswith("LICENSE") for name in packed)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
