"""What runs the tests: which begin first, and what is tried once more."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import again, order

if TYPE_CHECKING:
    from pathlib import Path

#: Ends as pytest would that has found these to fail; the second time, those.
_PYTEST = """\
import json, pathlib, sys
folder = pathlib.Path(".pytest_cache/v/cache")
folder.mkdir(parents=True, exist_ok=True)
turn = "--last-failed" in sys.argv
status, names = json.loads(pathlib.Path("turns.json").read_text())[turn]
(folder / "lastfailed").write_text(json.dumps(dict.fromkeys(names, True)))
pathlib.Path(f"ran{int(turn)}").touch()
sys.exit(status)
"""


@pytest.mark.parametrize(
    ("first", "second", "status", "words"),
    [
        ((0, []), None, 0, ""),
        ((1, ["a"]), (0, []), 0, "FAILED BESIDE OTHERS, HELD ALONE:\n     a"),
        ((1, ["a", "b"]), (1, ["b"]), 1, "Failed again:\n     b"),
        # One of them was not found again.
        ((1, ["a", "gone"]), (0, ["gone"]), 1, "Failed again:\n     gone"),
        ((1, [*"abcdef"]), None, 1, ""),
        # Interrupted, or nothing was there to be run.
        ((2, ["a"]), None, 2, ""),
        ((1, []), None, 1, ""),
        ((1, ["a"]), (5, []), 5, ""),
    ],
)
def test_what_fails_beside_others_is_tried_once_more_and_counts_when_it_fails_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    first: tuple[int, list[str]],
    second: tuple[int, list[str]] | None,
    status: int,
    words: str,
) -> None:
    """Not more than a few, and nothing but tests that failed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "turns.json").write_text(json.dumps([first, second]))
    assert again.main([sys.executable, "-S", "-c", _PYTEST]) == status
    assert (tmp_path / "ran1").exists() is (second is not None)
    assert words in capsys.readouterr().out


@given(
    st.lists(st.sampled_from([*order.LONG, *(f"tests/{one}.py::t" for one in "abcdefgh")])), st.integers(1, 5)
)
def test_each_process_has_as_many_tests_and_begins_with_what_takes_long(
    names: list[str], processes: int
) -> None:
    """None is lost, and none is there twice."""
    items: list[Any] = [SimpleNamespace(nodeid=name, number=n) for n, name in enumerate(names)]
    found: list[Any] = [*order.ordered(items, processes)]
    assert sorted(one.number for one in found) == list(range(len(names)))
    short = [one.number for one in found if one.nodeid not in order.LONG]
    assert short == sorted(short)
    long = {one.nodeid for one in found} & set(order.LONG)
    if len(long) <= processes and len(set(names)) == len(names):
        size, more = divmod(len(found), processes)
        starts = [0]
        for number in range(processes - 1):
            starts.append(starts[-1] + size + (number >= processes - more))
        assert all(one.nodeid not in order.LONG or n in starts for n, one in enumerate(found))
