"""Any history of operations leaves a carrier as it would leave a dictionary that refuses to replace."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.depth import DEPTH

from estelik.vault.carriers.failures import MissingError, ThereAlreadyError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.vault.carriers.conftest import Place

KINDS = st.sampled_from(["segment", "page", "table", "blob"])
NAMES = st.sampled_from([letter * 26 for letter in "abc27"])
DATA = st.binary(max_size=300) | st.integers(0, 5).map(lambda size: b"\x00" * size * 50_000)


@pytest.mark.parametrize("kind", ["folder", "stick", "bare-stick", "bucket", "webdav", "sftp", "postgres"])
def test_a_carrier_is_a_dictionary_that_never_replaces(place_of: Callable[[str], Place], kind: str) -> None:
    place = place_of(kind)

    class Histories(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.place = place.another()
            self.carrier = self.place.open()
            self.kept: dict[tuple[str, str], bytes] = {}

        @rule(kind=KINDS, name=NAMES, data=DATA, streamed=st.booleans())
        def add(self, kind: str, name: str, data: bytes, streamed: bool) -> None:
            try:
                if streamed:
                    assert self.carrier.put(kind, name, io.BytesIO(data)) == len(data)
                else:
                    self.carrier.write(kind, name, data)
            except ThereAlreadyError:
                assert (kind, name) in self.kept
            else:
                assert (kind, name) not in self.kept
                self.kept[kind, name] = data

        @rule(kind=KINDS, name=NAMES, short=st.integers(0, 2))
        def read(self, kind: str, name: str, short: int) -> None:
            data = self.kept.get((kind, name))
            limit = max(0, len(data or b"") - short)
            try:
                found = self.carrier.read(kind, name, limit)
            except MissingError:
                assert data is None
            except TooLargeError:
                assert data is not None
                assert len(data) > limit
            else:
                assert found == data

        @rule(kind=KINDS, name=NAMES)
        def fetch(self, kind: str, name: str) -> None:
            target = io.BytesIO()
            try:
                self.carrier.fetch(kind, name, target)
            except MissingError:
                assert (kind, name) not in self.kept
            else:
                assert target.getvalue() == self.kept[kind, name]

        @rule(kind=st.sampled_from(["page", "table"]), name=NAMES)
        def remove(self, kind: str, name: str) -> None:
            self.carrier.remove(kind, name)
            self.kept.pop((kind, name), None)

        @rule(kind=KINDS, name=NAMES)
        def plant(self, kind: str, name: str) -> None:
            self.place.plant(kind, f"{name}.{name[:16]}.half", b"half written")

        @rule()
        def open_anew(self) -> None:
            self.carrier.close()
            self.carrier = self.place.open()
            assert self.carrier.sweep() == 0

        @rule(kind=KINDS)
        def list_names(self, kind: str) -> None:
            expected = {name: len(data) for (of, name), data in self.kept.items() if of == kind}
            assert self.carrier.names(kind) == expected

        @invariant()
        def holds_no_more_files_than_were_added(self) -> None:
            whole = {path for path in self.place.all_names() if path.endswith(tuple("abc27"))}
            assert whole == {f"estelik/{kind}/{name}" for kind, name in self.kept}

        def teardown(self) -> None:
            self.carrier.close()

    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=4 * DEPTH,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
