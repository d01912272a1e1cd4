"""What commands print: one JSON document, and how far a long work has come."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final, Self

import click
import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

#: The option of commands that write a file for somebody to read.
force_option: Final = click.option(
    "--force", is_flag=True, help="Put it in the place of a file that has this name."
)
#: The option of commands that print one JSON document where they are asked to.
as_json_option: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_PATIENCE: Final = 1.0
_STEP: Final = 0.2


def print_json(value: object) -> None:
    """Prints one JSON document and a line end on stdout."""
    sys.stdout.flush()
    out = sys.stdout.buffer
    out.write(msgspec.json.encode(value))
    out.write(b"\n")
    out.flush()


def print_encoded(values: Iterable[bytes]) -> None:
    """Prints one JSON list of values that are encoded already."""
    sys.stdout.flush()
    out = sys.stdout.buffer
    out.write(b"[")
    for number, value in enumerate(values):
        out.write(b",\n" if number else b"")
        out.write(value)
    out.write(b"]\n")
    out.flush()


class Progress:
    """A line on stderr that counts, for work that takes more than a second;
    nothing where stderr is no terminal.

    ``with Progress("{:,} rows read") as progress: ... progress(count)``
    """

    def __init__(self, words: str) -> None:
        self._words = words
        self._next = time.monotonic() + _PATIENCE
        self._shown = False
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __call__(self, count: int) -> None:
        """Shows the count, a few times a second."""
        if not self._terminal or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _STEP
        self._shown = True
        sys.stderr.write(f"\r\x1b[2K{self._words.format(count)}")
        sys.stderr.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


def counting(progress: Progress) -> Callable[[int, int], None]:
    """Shows how many are done, of however many there are."""
    return lambda done, _all: progress(done)


def megabytes(progress: Progress) -> Callable[[int], None]:
    """Counts bytes, however few at a time, and shows millions of them."""
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        progress(done // 1_000_000)

    return count
