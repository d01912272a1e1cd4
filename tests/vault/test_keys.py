from __future__ import annotations

import json
import pickle
import stat
from typing import TYPE_CHECKING, Any

import pytest

from estelik.errors import CasebookError, PassphraseError
from estelik.vault import keys
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from pathlib import Path

CHEAP = Cost(memory=8, passes=1, lanes=1)
NAMES = ("testimony", "source")


def _edited(folder: Path, edit: Any) -> None:
    path = folder / keys.KEY_FILE
    content = json.loads(path.read_bytes())
    edit(content)
    path.write_text(json.dumps(content))


def test_the_passphrase_gives_the_keys_back(tmp_path: Path) -> None:
    made = keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    opened = keys.unlock(tmp_path, b"apple tree")
    assert [opened[name] for name in NAMES] == [made[name] for name in NAMES]
    assert len({made[name] for name in NAMES}) == 2
    assert all(len(made[name]) == 32 for name in NAMES)


def test_every_casebook_has_keys_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one = keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    other = keys.create(tmp_path / "other", b"apple tree", NAMES, CHEAP)
    assert one["testimony"] != other["testimony"]


def test_another_passphrase_opens_nothing(tmp_path: Path) -> None:
    keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    for wrong in (b"", b"apple", b"apple tree ", b"Apple tree"):
        with pytest.raises(PassphraseError) as caught:
            keys.unlock(tmp_path, wrong)
        assert "apple" not in str(caught.value)


def test_a_changed_entry_and_a_wrong_passphrase_get_the_same_words(tmp_path: Path) -> None:
    keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    with pytest.raises(PassphraseError) as wrong:
        keys.unlock(tmp_path, b"pear tree")

    def swap(content: Any) -> None:
        content["keys"]["testimony"], content["keys"]["source"] = (
            content["keys"]["source"],
            content["keys"]["testimony"],
        )

    _edited(tmp_path, swap)
    with pytest.raises(PassphraseError) as swapped:
        keys.unlock(tmp_path, b"apple tree")
    assert str(swapped.value) == str(wrong.value)


@pytest.mark.parametrize(
    "cost",
    [
        {"memory": 8 * 1024 * 1024, "passes": 1, "lanes": 1},
        {"memory": 8, "passes": 1_000_000, "lanes": 1},
        {"memory": 1024 * 1024, "passes": 1, "lanes": 4096},
        {"memory": -1, "passes": 1, "lanes": 1},
        {"memory": 8, "passes": 0, "lanes": 1},
        {"memory": 8, "passes": 1, "lanes": 0},
    ],
)
def test_a_header_that_would_exhaust_the_machine_is_refused(tmp_path: Path, cost: dict[str, int]) -> None:
    keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    _edited(tmp_path, lambda content: content.update(cost=cost))
    with pytest.raises(CasebookError, match="damaged"):
        keys.unlock(tmp_path, b"apple tree")


def test_a_weakened_cost_does_not_open(tmp_path: Path) -> None:
    """The cost is bound to the master key: nobody can turn it down and have the passphrase accepted."""
    keys.create(tmp_path, b"apple tree", NAMES, Cost(memory=16, passes=1, lanes=1))
    _edited(tmp_path, lambda content: content["cost"].update(memory=8))
    with pytest.raises(PassphraseError):
        keys.unlock(tmp_path, b"apple tree")


def test_a_newer_version_is_named_as_such(tmp_path: Path) -> None:
    keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    _edited(tmp_path, lambda content: content.update(format=2, something="new"))
    with pytest.raises(CasebookError, match="newer version"):
        keys.unlock(tmp_path, b"apple tree")


def test_every_flipped_byte_of_the_key_file_is_told_in_our_words(tmp_path: Path) -> None:
    keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    path = tmp_path / keys.KEY_FILE
    whole = path.read_bytes()
    right = keys.unlock(tmp_path, b"apple tree")
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            opened = keys.unlock(tmp_path, b"apple tree")
        except CasebookError:
            continue
        # White space and the last bits of Base64 carry nothing; everything else does.
        assert [opened[name] for name in NAMES] == [right[name] for name in NAMES]


def test_every_truncated_key_file_is_told_in_our_words(tmp_path: Path) -> None:
    keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    path = tmp_path / keys.KEY_FILE
    whole = path.read_bytes()
    for length in range(0, len(whole) - 2, 7):
        path.write_bytes(whole[:length])
        with pytest.raises(CasebookError):
            keys.unlock(tmp_path, b"apple tree")
    path.write_bytes(b" " * 70_000)
    with pytest.raises(CasebookError, match="damaged"):
        keys.unlock(tmp_path, b"apple tree")


def test_keys_are_neither_shown_nor_written_out(tmp_path: Path) -> None:
    keyring = keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    shown = f"{keyring!r} {keyring}"
    assert keyring["source"].hex() not in shown
    assert repr(keyring["source"]) not in shown
    with pytest.raises(TypeError):
        pickle.dumps(keyring)


def test_the_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    assert stat.S_IMODE((tmp_path / keys.KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [keys.KEY_FILE]


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    keys.create(tmp_path, b"apple tree", NAMES, CHEAP)
    before = (tmp_path / keys.KEY_FILE).read_bytes()
    with pytest.raises(CasebookError, match="already"):
        keys.create(tmp_path, b"pear tree", NAMES, CHEAP)
    assert (tmp_path / keys.KEY_FILE).read_bytes() == before
