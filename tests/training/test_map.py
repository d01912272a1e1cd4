"""Whoever trains the map twice from the same lists gets the same bytes."""

from __future__ import annotations

import bz2
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pypinyin import lazy_pinyin

from estelik.names.kernel import keys
from estelik.names.scripts import KINDS
from training import arabic, places, tokens, words

HERE = Path(__file__).parents[2]
#: Words in each script that the lists have too few of to learn anything else.
FEW = 800


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what training reads, all of it small."""
    folder = tmp_path_factory.mktemp("lists")
    made = list(tokens.make("train", seed=1, spellings=1))
    for language, script in words.FILES.items():
        some = [one for one in made if one.script == script][:FEW]
        for part, chosen in (("80", some[: FEW // 2]), ("20", some[FEW // 2 :])):
            lines = (f"{one.target}\t{' '.join(one.source)}\t{len(one.source)}\n" for one in chosen)
            (folder / f"wd_{language}_{part}.tsv").write_text("".join(lines), encoding="utf-8")
    letters = sorted({letter for one in made if one.script == "Hani" for letter in one.source})
    read = "".join(f"U+{ord(one):04X}\tkMandarin\t{lazy_pinyin(one)[0]}\n" for one in letters)
    for part, text in (("Readings", read), ("Variants", "")):
        (folder / f"Unihan_{part}.txt.bz2").write_bytes(bz2.compress(text.encode("utf-8")))
    (folder / "places.tsv").write_text("", encoding="utf-8")
    return folder


def trained(lists: Path, out: Path, seed: str) -> dict[str, bytes]:
    """The files that ``training.map`` writes, in a process whose sets begin with ``seed``."""
    command = [sys.executable, "-m", "training.map", "--wikidata", str(lists), "--unihan", str(lists)]
    command += ["--places", str(lists / "places.tsv"), "--out", str(out)]
    done = subprocess.run(
        command,
        cwd=HERE,
        env={**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return {file.name: file.read_bytes() for file in out.iterdir()}


def test_two_trainings_come_to_the_same_bytes_and_arabic_again_moves_nothing_else(
    lists: Path, tmp_path: Path
) -> None:
    """In two processes that go through sets in different orders; what is learned of Arabic letters afterwards
    leaves all else where it lies."""
    one, other = (tmp_path / name for name in ("one", "other"))
    first = trained(lists, one, "1")
    assert first == trained(lists, other, "2")
    assert len(np.load(one / "vectors.keys.npy")) > FEW // 10

    pairs = [pair for pair in words.wikidata(lists, "80") if pair.script == "Arab"]
    city = {"name": "Bradley", "alternatenames": ["برادلي", "بریڈلی، الینوائے"]}
    pairs += [*places.cities([city])] * 20
    assert {pair.word for pair in pairs} >= {"برادلی", "بریدلی"}
    others = [pair for pair in words.wikidata(lists, "80") if pair.script != "Arab"]
    for out in (one, other):
        arabic.learn(out, pairs, others)
    again = {file.name: file.read_bytes() for file in one.iterdir()}
    assert again == {file.name: file.read_bytes() for file in other.iterdir()}
    assert again["vectors.keys.npy"] != first["vectors.keys.npy"]

    before, after = (
        dict(
            zip(*(np.load(folder / f"vectors.{part}.npy").tolist() for part in ("keys", "rows")), strict=True)
        )
        for folder in (_unpacked(first, tmp_path / "before"), one)
    )
    grams = np.empty(400, np.int64)
    latin = {
        int(number)
        for pair in others
        for script, word in ((pair.script, pair.word), ("Latn", pair.latin))
        if script != "Hani"
        for number in grams[: keys([ord(letter) for letter in word], KINDS[script], 4, grams)]
    }
    assert all(after[number] == before[number] for number in latin & set(before))
    assert latin & set(before)


def _unpacked(files: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
