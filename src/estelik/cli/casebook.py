"""The casebook on the command line: which one, its passphrase, `estelik init`."""

from __future__ import annotations

import functools
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

import click

from estelik.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.casebook import Casebook
    from estelik.vault.team_ledger import Outcome

_P = ParamSpec("_P")
_R = TypeVar("_R")

_FOLDER: Final = "ESTELIK_CASEBOOK"
_PASSPHRASE: Final = "ESTELIK_PASSPHRASE_FILE"  # noqa: S105 (a variable's name)


def options(command: Callable[..., _R]) -> Callable[..., _R]:
    """Adds the options that name a casebook and its passphrase."""
    command = click.option(
        "--passphrase-file",
        metavar="FILE",
        help=f"A file whose first line is the passphrase. Otherwise: {_PASSPHRASE}, or you are asked.",
    )(command)
    return click.option(
        "--casebook", "folder", metavar="FOLDER", help=f"The casebook. Otherwise: {_FOLDER}."
    )(command)


def with_casebook(
    *needed: str,
) -> Callable[[Callable[Concatenate[Casebook, _P], _R]], Callable[_P, _R]]:
    """Opens the casebook that the options or the environment name, and hands
    it to the command as its first argument.

    ``needed``: the modules that the command works with; they are loaded while
    the key is derived.
    """

    def decorate(command: Callable[Concatenate[Casebook, _P], _R]) -> Callable[_P, _R]:
        @functools.wraps(command)
        def opened(  # type: ignore[valid-type]
            *args: _P.args, folder: str | None, passphrase_file: str | None, **kwargs: _P.kwargs
        ) -> _R:
            with open_casebook(folder, passphrase_file, needed) as casebook:
                casebook.waiting = _say_waiting
                status = command(casebook, *args, **kwargs)
                if casebook.ledger is not None:
                    _say_ledger(casebook.ledger)
                return status

        return options(opened)

    return decorate


def open_casebook(folder: str | None, passphrase_file: str | None, needed: Sequence[str] = ()) -> Casebook:
    """Opens the casebook that the options or the environment name: with a passphrase that they name, with the
    keys that are held since `estelik unlock`, or with a passphrase that is typed."""

    def load() -> None:
        for module in needed:
            import_module(module)

    where = wanted_folder(folder)
    file = _named(passphrase_file, "passphrase_file", _PASSPHRASE)
    if file is None:
        # Late, here and below: a wrong call is told at once, without loading the cipher.
        from estelik.casebook import Casebook

        held = Casebook.held(where, meanwhile=load)
        if held is not None:
            return held
    passphrase = wanted_passphrase(passphrase_file, new=False)
    from estelik.casebook import Casebook

    return Casebook.open(where, passphrase, meanwhile=load)


def _say_waiting() -> None:
    click.echo(
        "Somebody else of the team is entering records: waiting until they are on the ledger, two minutes at "
        "most.",
        err=True,
    )


def _say_ledger(outcome: Outcome) -> None:
    """Says what is not as it should be on the team's ledger; raises where what was entered is not on it."""
    from estelik.cli.trouble import say_troubles

    say_troubles(outcome.troubles)
    if outcome.behind is not None:
        sys.stdout.flush()
        raise outcome.behind


@click.command()
@click.option("--name", default="Coordinator", show_default=True, help="What you are called in the office.")
@options
def init(name: str, folder: str | None, passphrase_file: str | None) -> None:
    """Make an empty casebook, locked with a passphrase.

    The casebook is a folder. Nothing in it can be read without the
    passphrase, and nobody can give you a new one: write it down and keep it
    away from the computer.
    """
    where, passphrase = wanted_folder(folder), wanted_passphrase(passphrase_file, new=True)
    from estelik.casebook import Casebook

    Casebook.create(where, passphrase, name=name)
    click.echo("The casebook is ready. Without the passphrase nobody can open it again.", err=True)


def _named(given: str | None, option: str, variable: str) -> str | None:
    """What an option says: at the command, before it, or in the environment."""
    before = click.get_current_context().find_root().params.get(option)
    return given or before or os.environ.get(variable) or None


def named_folder(given: str | None) -> Path | None:
    """The casebook's folder, where the option or the environment names one."""
    folder = _named(given, "casebook", _FOLDER)
    return None if folder is None else Path(folder)


def wanted_folder(given: str | None) -> Path:
    """The casebook's folder, from the option or the environment."""
    folder = named_folder(given)
    if folder is None:
        raise UsageError(
            "No casebook is named.", do=f"Name its folder with --casebook, or in the variable {_FOLDER}."
        )
    return folder


def wanted_passphrase(
    given: str | None,
    *,
    new: bool,
    option: str = "--passphrase-file",
    variable: str = _PASSPHRASE,
    asked: str = "Passphrase",
) -> bytes:
    """The passphrase: the first line of the file named, or what is typed at a terminal. From then on this
    process is protected."""
    from estelik.vault.process import protect

    protect()
    file = _named(given, option.removeprefix("--").replace("-", "_"), variable)
    if file is not None:
        try:
            with Path(file).open("rb") as stream:
                # An editor may have put a byte order mark before the first line.
                passphrase = stream.readline().rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf")
        except (OSError, ValueError):
            raise UsageError(
                "The passphrase file cannot be read.", do="Check its name, and that you may open it."
            ) from None
    elif sys.stdin.isatty():
        typed: str = click.prompt(asked, hide_input=True, confirmation_prompt=new, err=True)
        passphrase = typed.encode()
    else:
        raise UsageError(
            "There is no passphrase.",
            do=f"Name a file that holds it with {option}, or in the variable {variable}.",
        )
    if not passphrase:
        raise UsageError("The passphrase is empty.", do="Write it in the first line of the passphrase file.")
    return passphrase
