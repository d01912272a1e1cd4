"""Reading sheets apart: in a process of its own, which holds no key that opens anything.

A sheet is untrusted, and so is the code that takes files apart. ``read`` does
what ``sheet.read`` does, in a child that is given the files and the key for
ids of rows without one, and asks back what the casebook knows. It reads while
the caller takes in what was read: with two cores, a third of the time is won.

Both sides speak MessagePack over two pipes, each message with its length in
eight bytes before it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

import msgspec

from estelik.errors import Fault, Sentence, SheetError, UsageError
from estelik.exchange import sheet
from estelik.exchange.ledger import NOTHING, Known
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

T = TypeVar("T")

#: How many statements go into one message.
_ROWS: Final = 200
_LENGTH: Final = 8


class _Task(msgspec.Struct):
    """What the child is to do; ``empty``: the casebook is, so that nothing need be asked."""

    paths: list[bytes]
    key: bytes
    empty: bool


class _Rows(msgspec.Struct, tag="rows"):
    rows: list[Statement]


class _Count(msgspec.Struct, tag="count"):
    count: int


class _Note(msgspec.Struct, tag="note"):
    line: str


class _Question(msgspec.Struct, tag="question"):
    """Something to ask of ``Known``: which of its functions, and its argument."""

    of: str
    wanted: dict[str, list[str]] | list[str]


class _End(msgspec.Struct, tag="end"):
    """All is read; ``faults`` are what is wrong with it."""

    faults: list[Fault]


class _Failed(msgspec.Struct, tag="failed"):
    """The program is at fault: the kind of error, and where. Never its words: they may hold a cell."""

    where: str


def _in_english(value: object) -> str:
    """A fault's sentence without what other languages need: sheets are read for commands."""
    if isinstance(value, Sentence):
        return str(value)
    raise NotImplementedError


_encode = msgspec.msgpack.Encoder(enc_hook=_in_english).encode
_said = msgspec.msgpack.Decoder(_Rows | _Count | _Note | _Question | _End | _Failed).decode


def read(
    paths: Sequence[str | Path],
    *,
    known: Known = NOTHING,
    key: bytes,
    progress: Callable[[int], None] | None = None,
    note: Callable[[str], object] | None = None,
) -> Iterator[Statement]:
    """``sheet.read``, in another process. Raises ``SheetError`` like it, and ``UsageError`` where the
    process ends before the sheets do."""
    child, inward, outward = _begun()
    try:
        with inward, outward:
            _send(inward, _Task([os.fsencode(path) for path in paths], key, known.empty))
            while (data := _received(outward)) is not None:
                match _said(data):
                    case _Rows(rows):
                        yield from rows
                    case _Count(count):
                        if progress is not None:
                            progress(count)
                    case _Note(line):
                        if note is not None:
                            note(line)
                    case _Question(of, wanted):
                        _send(inward, _plain(getattr(known, of)(wanted)))
                    case _Failed(where):
                        raise RuntimeError(where)
                    case _End(faults):
                        if faults:
                            raise SheetError(faults)
                        return
        raise _cut_short()
    except BrokenPipeError:
        raise _cut_short() from None
    finally:
        child.kill()
        child.wait()


def serve(inward: int, outward: int) -> None:
    """The child: reads a task from one pipe, answers on another."""
    import gc

    from estelik.records import stored

    _confine()
    # Millions of records without a cycle among them.
    gc.disable()
    with os.fdopen(inward, "rb") as questions, os.fdopen(outward, "wb") as answers:
        data = _received(questions)
        if data is None:
            return
        task = msgspec.msgpack.decode(data, type=_Task)

        def ask(of: str, wanted: Any, kind: type[T]) -> T:
            _send(answers, _Question(of, wanted))
            answer = _received(questions)
            if answer is None:
                raise BrokenPipeError
            return msgspec.msgpack.decode(answer, type=kind)

        known = NOTHING
        if not task.empty:
            known = Known(
                events=lambda subjects: ask("events", list(subjects), dict[str, frozenset[str]]),
                digest=stored.digest,
                digests=lambda ids: ask("digests", list(ids), dict[str, bytes]),
                told=lambda tellings: ask(
                    "told",
                    {telling: list(dates) for telling, dates in tellings.items()},
                    dict[str, list[tuple[str, str]]],
                ),
                subjects=lambda ids: ask("subjects", list(ids), dict[str, str]),
                references=lambda labels: ask("references", list(labels), dict[str, list[tuple[str, str]]]),
            )
        try:
            _read(task, known, answers)
            end: msgspec.Struct = _End([])
        except SheetError as error:
            end = _End(list(error.faults))
        except BrokenPipeError:
            return
        except Exception as error:  # noqa: BLE001 (the last door: no value of any error may leave by it)
            end = _Failed(_where(error))
        _send(answers, end)


def _read(task: _Task, known: Known, answers: BinaryIO) -> None:
    rows: list[Statement] = []

    def counted(count: int) -> None:
        _send(answers, _Count(count))

    def noted(line: str) -> None:
        _send(answers, _Note(line))

    for statement in sheet.read(
        [os.fsdecode(path) for path in task.paths],
        known=known,
        key=task.key,
        progress=counted,
        note=noted,
    ):
        rows.append(statement)
        if len(rows) == _ROWS:
            _send(answers, _Rows(rows))
            rows.clear()
    _send(answers, _Rows(rows))


def _begun() -> tuple[subprocess.Popen[bytes], BinaryIO, BinaryIO]:
    """The child, and the ends of its two pipes: where it reads, and where it writes."""
    its_in, inward = os.pipe()
    outward, its_out = os.pipe()
    try:
        for end in (its_in, its_out):
            os.set_inheritable(end, True)  # noqa: FBT003 (it takes no names)
        # Its standard input, or what a shell has opened for it (`<(...)`), may be what is to be read: what
        # was inherited is handed on. Nothing that this process has opened itself is.
        child = subprocess.Popen(  # noqa: S603 (this program itself)
            [sys.executable, "-P", "-c", f"from {__name__} import serve; serve({its_in}, {its_out})"],
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith("ESTELIK_")},
        )
    except BaseException:
        os.close(inward)
        os.close(outward)
        raise
    finally:
        os.close(its_in)
        os.close(its_out)
    return child, os.fdopen(inward, "wb"), os.fdopen(outward, "rb")


def _confine() -> None:
    """No file written, no memory dumped: a reader needs neither. It ends with whoever asked."""
    import resource

    from estelik.vault.process import end_with_parent

    end_with_parent()

    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))


def _send(pipe: BinaryIO, message: object) -> None:
    data = _encode(message)
    pipe.write(len(data).to_bytes(_LENGTH, "big"))
    pipe.write(data)
    pipe.flush()


def _received(pipe: BinaryIO) -> bytes | None:
    """The next message; None where there is none any more."""
    length = int.from_bytes(pipe.read(_LENGTH), "big")
    data = pipe.read(length)
    return data if length and len(data) == length else None


def _plain(answer: Mapping[str, Iterable[Any] | str | bytes]) -> dict[str, Any]:
    return {word: said if isinstance(said, str | bytes) else list(said) for word, said in answer.items()}


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    return type(error).__name__ + place


def _cut_short() -> UsageError:
    return UsageError(
        "Reading the sheets was cut short: this computer may have too little memory.",
        do="Close other programs and try again, or import one sheet after the other.",
    )
