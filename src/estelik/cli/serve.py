"""`estelik serve`: the desk in the browser of this computer, for as long as the command runs."""

from __future__ import annotations

from contextlib import suppress

import click

from estelik.cli.browser import opened
from estelik.cli.casebook import wanted_folder
from estelik.cli.duration import DURATION
from estelik.errors import NotFoundError


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Otherwise: one that is free.")
@click.option(
    "--idle", type=DURATION, default="15m", show_default=True, metavar="TIME",
    help="When a member is signed out if she does nothing, such as 90s, 30m or 8h.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Print the address only.")
@click.option("--casebook", "folder", metavar="FOLDER", help="The casebook. Otherwise: ESTELIK_CASEBOOK.")
def serve(port: int, idle: int, no_browser: bool, folder: str | None) -> None:
    """Open the desk in the browser of this computer.

    Members sign in there with their passphrases; this command asks for none. No
    other computer can reach it. F9 locks it from every page: all keys are
    forgotten at once. It is there until you end the command with Ctrl-C.
    """
    where = wanted_folder(folder)
    from estelik.records import COMPARTMENTS
    from estelik.vault.keys import KEY_FILE
    from estelik.vault.unlocking import check_key_file
    from estelik.web.serving import serve as begin
    from estelik.web.session import END

    check_key_file(where, COMPARTMENTS)
    if not (where / KEY_FILE).exists():
        raise NotFoundError(
            "There is no casebook in this folder.",
            safe="",
            do="Check the folder, or make a casebook with init.",
        )

    def ready(address: str, entry: str) -> None:
        click.echo(f"The desk is open: {address}")
        click.echo("Press Ctrl-C to close it.", err=True)
        if not no_browser:
            opened(entry)

    with suppress(KeyboardInterrupt):
        begin(where, port=port, idle=idle, end=END, ready=ready)
