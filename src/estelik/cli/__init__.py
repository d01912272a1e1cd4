"""The command line: one file a noun, each read only when its command is called.

To add a command, write it in ``cli/<noun>.py`` and give it a line in
``COMMANDS``. Conventions, for all of them:

- ``--json`` prints one JSON document on stdout and nothing else there
  (``output.print_json``); messages go to stderr;
- a command gives back its exit status: None or 0 done, 1 a finding that the
  caller asked to fail on; what goes wrong is raised as an ``EstelikError``
  (exit 2);
- a command that works on a casebook is decorated with
  ``casebook.with_casebook`` and gets it, open, as its first argument.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Command -> where it is (module:object) and what the list of commands says about it.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "init": ("estelik.cli.casebook:init", "Make an empty casebook, locked with a passphrase."),
    "unlock": ("estelik.cli.lock:unlock", "Leave the keys with this computer for a while."),
    "lock": ("estelik.cli.lock:lock", "Lock it at once: nothing has the keys any more."),
    "template": ("estelik.cli.sheet:template", "Make an empty statement sheet to fill in."),
    "import": ("estelik.cli.sheet:import_", "Take the rows of statement sheets into the casebook."),
    "export": ("estelik.cli.sheet:export", "Write everything in the casebook as a statement sheet."),
    "timeline": ("estelik.cli.timeline:timeline", "Show the earliest and latest day of every event."),
    "explain": ("estelik.cli.timeline:explain", "Say why an event is bounded as it is."),
    "status": ("estelik.cli.timeline:status", "Say in which state somebody was on a day, and how surely."),
    "questions": ("estelik.cli.asking:questions", "Say what to ask next, and of whom."),
    "encounters": ("estelik.cli.asking:encounters", "Say who may have been held together."),
    "find": ("estelik.cli.find:find", "Say who bears a name, and where words were told."),
    "names": ("estelik.cli.names:names", "Compare names across scripts and spellings."),
    "places": ("estelik.cli.places:places", "Find places by any of their names."),
    "report": ("estelik.cli.report:report", "Write a page about somebody, or about all, to look at."),
    "set-aside": ("estelik.cli.judgement:set_aside", "Set a statement aside, with a reason."),
    "grade": ("estelik.cli.judgement:grade", "Say how a statement is known, and what it is worth."),
    "allow": ("estelik.cli.judgement:allow", "Allow a question that is held back, with a reason."),
    "withdraw": ("estelik.cli.judgement:withdraw", "Take a decision back, with a reason."),
    "same": ("estelik.cli.identity:same", "Judge that two are the same, with a reason."),
    "different": ("estelik.cli.identity:different", "Judge that two are not the same, with a reason."),
    "unsure": ("estelik.cli.identity:unsure", "Note that nobody can say yet whether two are the same."),
    "split": ("estelik.cli.identity:split", "Judge that a telling speaks of somebody else of that name."),
    "link": ("estelik.cli.link:link", "Say who may be there twice, among all at once."),
    "review": ("estelik.cli.review:review", "Judge pairs who may be the same, one at a time."),
    "judgements": ("estelik.cli.identity:judgements", "List the decisions on who is who."),
    "consent": ("estelik.cli.consent:consent", "Record what people allow, and say what follows."),
    "pseudonym": ("estelik.cli.pseudonym:pseudonym", "Say what somebody is called outside."),
    "risk": ("estelik.cli.risk:risk", "Record who can be reached by reprisals."),
    "release": ("estelik.cli.release:release", "Make public what people allowed."),
    "restrict": ("estelik.cli.erase:restrict", "Keep something out of sight, with a reason."),
    "hold": ("estelik.cli.erase:hold", "Keep something from being erased, with a reason."),
    "lift": ("estelik.cli.erase:lift", "Lift a restriction or a hold, with a reason."),
    "erase": ("estelik.cli.erase:erase", "Erase something for good; say who is done."),
    "evidence": ("estelik.cli.evidence:evidence", "Keep files that people bring, as they were brought."),
    "travel": (
        "estelik.cli.travel:travel",
        "Take along only what a journey needs, and bring back what is new.",
    ),
    "member": ("estelik.cli.member:member", "Say who belongs to the office, and admit new members."),
    "device": ("estelik.cli.device:device", "Say which computers belong to the office; join it."),
    "seat": ("estelik.cli.seat:seat", "Give members places of their own on this computer."),
    "token": ("estelik.cli.token:token", "Let a program work with the desk, within limits."),
    "compartment": ("estelik.cli.compartment:compartment", "Say who may read what."),
    "carrier": ("estelik.cli.carrier:carrier", "Say where sealed copies are kept."),
    "ledger": ("estelik.cli.ledger:ledger", "Keep with the ledger of your team."),
    "sync": ("estelik.cli.carrier:sync", "Seal what is new, and hand to carriers what they lack."),
    "verify": ("estelik.cli.carrier:verify", "Check all that is sealed, here or on a carrier."),
    "health": ("estelik.cli.carrier:health", "Say how many copies there are, and how old."),
    "custody": ("estelik.cli.custody:custody", "Share the office's secret out to custodians."),
    "restore": ("estelik.cli.custody:restore", "Make a casebook again from a carrier and shares."),
    "drill": ("estelik.cli.drill:drill", "Rehearse the loss of the office."),
    "serve": ("estelik.cli.serve:serve", "Show the report in the browser of this computer."),
    "demo": ("estelik.cli.demo:demo", "Show what Estelik does, on invented people."),
}

_FAILED: Final = 2
_INTERRUPTED: Final = 130


class _Commands(click.Group):
    """The commands of the table above; a command's module is read when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of a case's work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 (the table above is ours)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands without reading their modules."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from estelik import __version__

        click.echo(f"estelik {__version__}")
        ctx.exit()


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--casebook", metavar="FOLDER", help="The casebook. Otherwise: ESTELIK_CASEBOOK.")
@click.option(
    "--passphrase-file",
    metavar="FILE",
    help="A file whose first line is the passphrase. Otherwise: ESTELIK_PASSPHRASE_FILE, or you are asked.",
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="The version."
)
def estelik(casebook: str | None, passphrase_file: str | None) -> None:
    """Estelik pieces together what happened to people from what was told about them.

    Begin with `estelik init`, then `estelik template sheet.xlsx`; fill in the
    sheet, and `estelik import sheet.xlsx`. What a command does, and how to call
    it: `estelik COMMAND --help`.
    """
    # ``with_casebook`` finds both where they were given before the command.
    del casebook, passphrase_file


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and ends the process with its exit status."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; its exit status. What goes wrong is said on stderr."""
    try:
        status = estelik.main(args=arguments, prog_name="estelik", standalone_mode=False)
        sys.stdout.flush()
    except click.Abort:
        click.echo("Stopped.", err=True)
        return _INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        click.echo(_misused(error), err=True)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has left; Python must not complain about it when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    except Exception as error:  # noqa: BLE001 (the last door: no value of any error may leave by it)
        return _say(error)
    return status if isinstance(status, int) else 0


def _misused(error: click.ClickException) -> str:
    """What is wrong with a call, without the words it was called with: they may be a name."""
    parameter = getattr(error, "param", None)
    name = ""
    if isinstance(parameter, click.Parameter):
        name = parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.human_readable_name
    if isinstance(error, click.MissingParameter):
        what = f"{name} is missing."
    elif isinstance(error, click.NoSuchOption):
        what = f"There is no option {error.option_name.partition('=')[0]}."
    elif isinstance(error, click.BadOptionUsage):
        what = f"The option {error.option_name} needs a value, or takes none."
    elif isinstance(error, click.BadParameter):
        what = f"What was given for {name} is not what belongs there."
        if isinstance(parameter, click.Parameter) and isinstance(parameter.type, click.Choice):
            what = f"{name} is one of: {', '.join(parameter.type.choices)}."
    elif getattr(error, "ctx", None) is not None and error.ctx.parent is None:  # type: ignore[attr-defined]
        what = "There is no such command."
    else:
        what = "There are more words than the command takes; a name of several words needs quotation marks."
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "estelik"
    return f"{what} Nothing was written. How it is called: {path} --help"


def _say(error: Exception) -> int:
    from estelik.errors import EstelikError, SheetError

    if isinstance(error, SheetError):
        for fault in error.faults:
            click.echo(fault.line(), err=True)
        click.secho("Nothing was written.", err=True, bold=True, color=coloured())
        return error.exit_code
    if isinstance(error, EstelikError):
        click.echo(str(error), err=True)
        return error.exit_code
    if os.environ.get("ESTELIK_DEBUG") == "1":
        raise error
    click.echo(
        f"Something went wrong inside Estelik ({type(error).__name__}). What it was about is not shown: "
        "it could be somebody's words. With ESTELIK_DEBUG=1 the place in the program, and perhaps those "
        "words, are shown.",
        err=True,
    )
    return _FAILED


def coloured() -> bool:
    """Whether stderr is a terminal whose user has not asked for plain text."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")
