"""Records are sealed the same, whichever process does it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import msgspec
import pytest

from estelik.casebook import Casebook
from estelik.errors import CasebookError
from estelik.ids import new_ids
from estelik.records import Statement
from estelik.vault import entry, sealer
from estelik.vault.keys import Cost
from estelik.vault.sealer import Columns, Sealer
from estelik.vault.text import Text, decode_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

APART = sealer._WORTH


def _columns(bodies: Sequence[str]) -> Columns:
    count = len(bodies)
    ids = new_ids(count)
    parts: tuple[Sequence[object], ...] = (ids, ["statement"] * count, ["b"] * count, range(count), bodies)
    return Columns(count, *(msgspec.json.encode(list(part)).decode() for part in parts))


@pytest.mark.parametrize("count", [0, APART])
def test_what_is_put_in_comes_out_in_its_order_and_opens_with_its_keys(count: int) -> None:
    """Here, or in a process of its own."""
    every = [_columns([f"{one} Жанар {number}" for number in range(300)]) for one in range(5)]
    with Sealer(count) as sealing:
        assert (sealing._pipe is not None) == bool(count)
        for start in (0, 2, 4):
            for columns in every[start : start + 2]:
                sealing.put("testimony", columns)
            for columns in every[start : start + 2]:
                keys, records = sealing.get()
                assert [one.record for one in records] == msgspec.json.decode(columns.ids)
                for number, (key, one, body) in enumerate(
                    zip(keys, records, msgspec.json.decode(columns.bodies), strict=True)
                ):
                    assert one.text is not None
                    opened = decode_text(entry.unseal("testimony", one.record, key, one.text))
                    assert opened == Text("statement", "b", number, body)
    assert len({key for columns in every for key in sealer.sealed("source", columns).keys}) == 1500


def test_a_sealing_whose_process_dies_loses_nothing_and_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some segments it is gone: the command says so, and the next one seals the rest."""
    monkeypatch.setattr(sealer, "_WORTH", 1)
    monkeypatch.setattr("estelik.vault.cut.RECORDS", 20)
    rows = [Statement(f"{n}", f"P{n % 9}", event="arrest", when="2018", source="aunt") for n in range(300)]
    ours, made, calls = os.getpid(), sealer.sealed, iter(range(1000))

    def dies(compartment: str, columns: Columns) -> sealer.Sealed:
        if os.getpid() != ours and next(calls) == 7:
            os.kill(os.getpid(), signal.SIGKILL)
        return made(compartment, columns)

    with Casebook.create(tmp_path / "case", b"apple tree", cost=Cost(8, 1, 1)) as casebook:
        casebook.add_statements(rows)
        monkeypatch.setattr(sealer, "sealed", dies)
        with pytest.raises(CasebookError, match="cut short"):
            casebook.vault.seal()
        assert casebook.statements() == rows
        monkeypatch.setattr(sealer, "sealed", made)
        assert casebook.vault.seal() > 0
        assert casebook.vault.seal() == 0
        assert casebook.vault.verify(casebook.vault.shelf).troubles == ()
