"""XLSX: statement sheets as workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.exchange.faults import Faults
    from estelik.exchange.rows import Row


def read(file: BinaryIO, number: int, faults: Faults) -> Iterator[Row]:
    """The rows of a workbook's sheet, the header first."""
    raise NotImplementedError
