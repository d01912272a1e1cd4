"""The statement sheet: in and out.

::

    for statement in sheet.read(paths, known=casebook_known, key=secret):
        ...                     # encode it, forget it
    # SheetError with every fault comes after the last row, before anything is written

    sheet.write(path, statements)

``read`` goes through each file once and keeps only ids, labels and places, so
the caller decides what stays in memory. It gives the statements of rows that
are already in the casebook, unchanged, too: the casebook counts them. Nothing
may be written before the iterator has ended without an error.

``known`` (``Known``: functions that are asked in bulk at the end) is what the casebook already holds;
``key`` is the casebook's secret for the ids of rows that have none.
"""

from __future__ import annotations

import filecmp
import io
import os
import stat
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from estelik.errors import SheetError, UsageError
from estelik.exchange import cell as forms
from estelik.exchange import csv, rows, workbook, xlsx
from estelik.exchange.columns import NAMES, UNGRADED
from estelik.exchange.faults import Faults, spot
from estelik.exchange.ledger import NOTHING, Known, Ledger
from estelik.vault.new_file import new_file

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from estelik.records import Statement

__all__ = ["NOTHING", "Known", "cells", "read", "write"]

#: Every so many rows the caller's ``progress`` hears how many were read.
_STEP = 1000


def read(
    paths: Sequence[str | Path],
    *,
    known: Known = NOTHING,
    key: bytes,
    progress: Callable[[int], None] | None = None,
    note: Callable[[str], object] | None = None,
) -> Iterator[Statement]:
    """The statements of all files, in the order of their rows.

    ``note`` hears, once all are read, what was passed over and is no fault.

    Raises SheetError at the end, with all faults of all files, if there are
    any; from the first fault on, the statements still given are of no use.
    """
    faults = Faults(_shown(paths))
    ledger = Ledger(known, faults)
    count = 0
    for number, path in enumerate(paths):
        twin = _twin(paths, number)
        if twin is not None:
            faults.add(spot(number, 0), "", "same-file", faults.files[twin])
            continue
        for statement in _file(path, number, key, ledger):
            count += 1
            if progress is not None and count % _STEP == 0:
                progress(count)
            if not faults.count:
                yield statement
    ledger.close()
    if faults.count:
        raise SheetError(faults.listed())
    if note is not None:
        for line in faults.notes:
            note(line)


def cells(statement: Statement) -> tuple[str, ...]:
    """The cells of the row that a statement came from, in the order of the columns.

    Blank where they were blank; only the id stands there though it was made.
    """
    default = rows.words("", "", "", "", "", "", statement.fact)
    closed = dict(zip(rows.Words._fields[:6], default[:6], strict=True))
    written = dict(statement.written)
    row = []
    for name in NAMES:
        value = written.get(name) or getattr(statement, name)
        if name in closed and value == closed[name] and name not in statement.typed:
            value = ""
        elif name == "expected":
            value = "yes" if value else "no"
        elif name == "grade" and name in statement.typed:
            value = UNGRADED
        row.append(value)
    return tuple(row)


def write(path: Path, statements: Iterable[Statement], *, force: bool | None = None) -> int:
    """Writes statements as a sheet, CSV or XLSX by the name's ending; how many they were.

    The file appears whole or not at all, readable by its owner only. ``force``: it may take the place of
    another. Raises ``FileError``.
    """
    formats = {".csv": csv.write, ".xlsx": workbook.write}
    put = formats.get(path.suffix.lower())
    if put is None:
        raise UsageError("A sheet is a CSV file or a workbook.", do="Give a name that ends in .csv or .xlsx.")
    count = 0

    def lines() -> Iterator[tuple[str, ...]]:
        nonlocal count
        for count, statement in enumerate(statements, start=1):  # noqa: B007 (given back below)
            yield tuple(map(forms.guarded, cells(statement)))

    with new_file(path, force=force) as target:
        try:
            with target.stream() as file:
                put(file, lines())
        except OSError:
            raise UsageError(
                "The file cannot be written.", do="Check the folder, and that it has room."
            ) from None
        target.settle()
        target.appear()
    return count


def _file(path: str | Path, number: int, key: bytes, ledger: Ledger) -> Iterator[Statement]:
    faults = ledger.faults
    nowhere = spot(number, 0)
    file = _opened(path, nowhere, faults)
    if file is None:
        return
    with file, closing(_lines(file, number, path, faults)) as lines:
        names = _header(lines, number, faults)
        if names is not None:
            yield from rows.statements(lines, names, number, key, ledger)


def _header(lines: Iterator[rows.Row], number: int, faults: Faults) -> tuple[str, ...] | None:
    """The column names in the first row that is not blank; None, with the fault noted, without one."""
    before = faults.count
    for row, line, refused in lines:
        if refused:
            faults.add(spot(number, row), "", "not-a-header")
            return None
        if any(map(str.strip, line)):
            return rows.header(line, spot(number, row), faults)
    if faults.count == before:
        faults.add(spot(number, 0), "", "empty-file")
    return None


def _lines(file: BinaryIO, number: int, path: str | Path, faults: Faults) -> Generator[rows.Row, None, None]:
    """The rows of a file in whichever format it is; its first bytes say which."""
    start = file.read(4)
    file.seek(0)
    if start[:2] == b"PK" or start == b"\xd0\xcf\x11\xe0" or str(path).lower().endswith(".xlsx"):
        return xlsx.read(file, number, faults)
    return csv.read(file, number, faults)


def _opened(path: str | Path, where: int, faults: Faults) -> BinaryIO | None:
    """The file, from which one can read twice; None, with the fault noted, where that cannot be."""
    try:
        file = Path(path).open("rb")  # noqa: SIM115 (the caller closes it)
    except FileNotFoundError:
        faults.add(where, "", "no-file")
        return None
    except (OSError, ValueError):
        faults.add(where, "", "not-readable")
        return None
    if file.seekable():
        return file
    with file:
        return io.BytesIO(file.read())


def _twin(paths: Sequence[str | Path], number: int) -> int | None:
    """Which of the files before it is the same as this one, under any name: rows without an id
    would be entered twice."""
    own = _regular(paths[number])
    for before in range(number if own is not None and own.st_size else 0):
        other = _regular(paths[before])
        if own is None or other is None or other.st_size != own.st_size:
            continue
        try:
            if os.path.samestat(own, other) or filecmp.cmp(paths[before], paths[number], shallow=False):
                return before
        except OSError:
            continue
    return None


def _regular(path: str | Path) -> os.stat_result | None:
    """What is known of a file that can be read twice; None for a pipe, or where there is none."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _shown(paths: Sequence[str | Path]) -> list[str]:
    """The files as messages name them: without folders, unless two would be called the same."""
    names = [Path(path).name or str(path) for path in paths]
    if len(set(names)) < len(set(map(str, paths))):
        names = [str(path) for path in paths]
    return ["".join(letter if letter.isprintable() else "?" for letter in name) for name in names]
