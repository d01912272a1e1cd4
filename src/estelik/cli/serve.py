"""`estelik serve`: the report in the browser, from memory, for as long as the command runs."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import date
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, ClassVar, Final

import click

from estelik.cli.browser import opened
from estelik.cli.casebook import with_casebook
from estelik.errors import UsageError

if TYPE_CHECKING:
    from estelik.casebook import Casebook

_HOST: Final = "127.0.0.1"


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Otherwise: one that is free.")
@click.option(
    "--language", default="en", metavar="TAG",
    help="The language of the page: en, fr, kk, ru, ug, uk, zh.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Print the address only.")
@with_casebook("estelik.publication.report", "estelik.views.dossier", "estelik.views.encounters")
def serve(casebook: Casebook, port: int, language: str, no_browser: bool) -> None:
    """Show the report about everybody in the browser of this computer.

    Nothing of it is written to the disk, and no other computer can reach it.
    The address holds a secret that is new every time. It is there until you
    end the command with Ctrl-C. The page shows the casebook as it is now.
    """
    from estelik.cli.report import rendered

    page, lives = rendered(casebook, language=language, today=date.today())  # noqa: DTZ011 (the user's own day)
    path = f"/{secrets.token_urlsafe(24)}"
    handler = type("_Here", (_Page,), {"path_of_page": path, "page": page.encode()})
    try:
        server = HTTPServer((_HOST, port), handler)
    except OSError:
        raise UsageError(
            "Nothing can be shown at this port.", do="Give another with --port, or none."
        ) from None
    with server:
        address = f"http://{_HOST}:{server.server_port}{path}"
        click.echo(f"A report about {lives} people, places and groups: {address}")
        click.echo("Press Ctrl-C when you have read it.", err=True)
        # The page is made: nothing more is asked of the casebook.
        casebook.close()
        if not no_browser:
            opened(address)
        with suppress(KeyboardInterrupt):
            server.serve_forever()


class _Page(BaseHTTPRequestHandler):
    """Gives one page to whoever asks for its secret path, and tells nobody who asked."""

    path_of_page: ClassVar[str]
    page: ClassVar[bytes]
    server_version = "Estelik"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        """The page, if this is a browser of this computer that knows its address."""
        # A name that somebody else's page had resolve to this computer is not its address.
        host, _, _ = self.headers.get("Host", "").partition(":")
        if host != _HOST or not secrets.compare_digest(self.path.encode(), self.path_of_page.encode()):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(self.page))),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Logs nothing: the path is a secret."""
