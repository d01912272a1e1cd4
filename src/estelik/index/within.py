"""Within: what is recorded as somebody has it who holds one compartment alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from estelik.vault.connection import Connection


class Readable(Protocol):
    """What has records to read: ``schemas`` are the files of its compartments."""

    @property
    def schemas(self) -> Mapping[str, str]:
        """The file of each compartment that is open."""

    def read(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of all files."""


class Within:
    """One compartment of a store."""

    def __init__(self, store: Readable, compartment: str) -> None:
        self._store = store
        self._compartment = compartment

    @property
    def schemas(self) -> Mapping[str, str]:
        """The file of this compartment alone."""
        return {self._compartment: self._store.schemas[self._compartment]}

    def read(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of all files."""
        return self._store.read()
