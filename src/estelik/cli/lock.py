"""Keys that this computer holds for a while, and how it forgets them: `estelik unlock`, `estelik lock`."""

from __future__ import annotations

import click

from estelik.cli.casebook import named_folder, options, wanted_folder, wanted_passphrase
from estelik.cli.duration import DURATION
from estelik.cli.output import as_json_option, print_json
from estelik.errors import NotFoundError, UsageError


@click.command()
@click.option(
    "--for", "end", type=DURATION, default="4h", show_default=True, metavar="TIME",
    help="When the keys are forgotten in any case, such as 90s, 30m or 8h (at most 24h).",
)  # fmt: skip
@click.option(
    "--idle", type=DURATION, default="15m", show_default=True, metavar="TIME",
    help="When they are forgotten if no command has asked for them.",
)  # fmt: skip
@click.option("--status", is_flag=True, help="Only say for how long the keys are still held.")
@as_json_option
@options
def unlock(
    end: int, idle: int, status: bool, as_json: bool, folder: str | None, passphrase_file: str | None
) -> int:
    """Open the casebook for a while: commands do not ask for the passphrase until then.

    The keys are held by a process of their own, in memory, for you alone. They
    are forgotten after the time, when no command was called for a while, when
    this terminal is closed, and at once with `estelik lock`. With --status the
    exit status is 1 where the casebook is locked.
    """
    where = wanted_folder(folder)
    from estelik.vault import holding

    if not (where / "keys.json").exists():
        raise NotFoundError(
            "There is no casebook in this folder.",
            safe="",
            do="Check the folder, or make a casebook with init.",
        )
    if status:
        left = holding.left(where)
        if as_json:
            print_json({"unlocked": left is not None, **(left._asdict() if left else {"idle": 0, "end": 0})})
        else:
            click.echo(f"Unlocked{_until(left.idle, left.end)}." if left else "Locked.")
        return 0 if left else 1
    passphrase = wanted_passphrase(passphrase_file, new=False)
    from estelik.vault import keys, running

    with running.enter(where):
        held = holding.begin(where, keys.unlock(where, passphrase), idle=idle, end=end)
    if as_json:
        print_json({"unlocked": True, "idle": min(idle, end), "end": end, **held._asdict()})
        return 0
    click.echo(f"Unlocked{_until(idle, end)}. To lock it at once: estelik lock", err=True)
    if not held.kept:
        click.echo("This computer may write the keys to its swap space: encrypt the whole disk.", err=True)
    if not held.hidden:
        click.echo("This system does not hide the keys from other programs of yours.", err=True)
    return 0


@click.command()
@click.option("--all", "every", is_flag=True, help="Lock every casebook on this computer.")
@click.option(
    "--casebook", "folder", metavar="FOLDER", help="The casebook. Otherwise: ESTELIK_CASEBOOK, or all."
)
@as_json_option
def lock(every: bool, folder: str | None, as_json: bool) -> int:
    """Lock the casebook at once, without a passphrase; where none is named, every one.

    Whatever holds its keys is killed: the process that `estelik unlock` left,
    and every command that is running. What a command had not finished is taken
    back, as after a loss of power; what it had acknowledged is there. Nothing
    is deleted.
    """
    from estelik.vault import running

    where = None if every else named_folder(folder)
    if where is not None and not where.is_dir():
        raise UsageError(
            "There is no such folder.", safe="Nothing was locked.", do="To lock all: estelik lock --all"
        )
    ended = running.end(where)
    if as_json:
        print_json(ended._asdict())
        return 1 if ended.left else 0
    if ended.left:
        click.echo("NOT locked: a program that cannot be reached from here has keys. Turn the computer off.")
        return 1
    running_ = f" Commands that were stopped: {ended.commands}." if ended.commands else ""
    click.echo(f"{'The casebook is' if where else 'Every casebook is'} locked.{running_}")
    click.echo("What stands on the screen is still there: close the windows, and clear the terminal.")
    return 0


def _until(idle: float, end: float) -> str:
    """For how long, in words."""
    return (
        f" for {_words(end)}, or until nobody has used it for {_words(idle)}"
        if idle < end
        else f" for {_words(end)}"
    )


def _words(seconds: float) -> str:
    left = max(1, round(seconds))
    if left < 120:
        return f"{left} s"
    if left < 120 * 60:
        return f"{left // 60} min"
    return f"{left / 3600:.1f}".removesuffix(".0") + " h"
