"""`estelik demo`: a throw-away casebook of invented people, and the desk to look at them."""

from __future__ import annotations

import http.client
import re
import secrets
import tempfile
from contextlib import suppress
from importlib.resources import as_file
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import click

from estelik.cli.browser import opened
from estelik.errors import EstelikError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Who is looked for, and what her or his page must hold to be worth showing.
_EXPECTED: Final = (
    ("Saule", ("<svg", "<table", "Saule")),
    ("Ерлан Ақборанұлы", ("<svg", "Erlan Aqboranuly", "cannot both be true")),
)
_MEMBER: Final = "Aigerim"
_PATIENCE: Final = 60


@click.command()
@click.option(
    "--check", is_flag=True, help="Do all but open the browser, look at the desk, and take everything away."
)
def demo(check: bool) -> None:
    """Show what Estelik does, on invented people.

    Makes an encrypted casebook in a temporary folder, imports a sheet of
    published pseudonyms and invented people, and opens the desk in your
    browser, until you end it with Ctrl-C. The folder is yours to try the other
    commands on, and to delete.
    """
    if check:
        with tempfile.TemporaryDirectory(prefix="estelik-demo-") as made:
            passphrase = _build(Path(made))
            _serve(Path(made), lambda address, _: _look(address, passphrase))
        click.echo("The desk shows what it should. Everything was taken away again.")
        return
    folder = Path(tempfile.mkdtemp(prefix="estelik-demo-"))
    passphrase = _build(folder)
    click.echo("To go on with this casebook on the command line:")
    click.echo(f"  export ESTELIK_CASEBOOK={folder / 'casebook'}")
    click.echo(f"  export ESTELIK_PASSPHRASE_FILE={folder / 'passphrase.txt'}")
    click.echo(f"To take it away: rm -r {folder}")

    def show(address: str, entry: str) -> None:
        click.echo(f"The desk: {address}")
        click.echo(f"The passphrase that it asks for: {passphrase}")
        click.echo("Press Ctrl-C to close it.", err=True)
        if not opened(entry):
            click.echo("There is no browser here to open it with.")

    with suppress(KeyboardInterrupt):
        _serve(folder, show)


def _build(folder: Path) -> str:
    """Makes the casebook in ``folder``; its passphrase."""
    from estelik import demo as demonstration
    from estelik.casebook import Casebook
    from estelik.exchange import sheet
    from estelik.vault import new_file

    passphrase = "-".join(secrets.token_hex(2) for _ in range(4))
    file = folder / "passphrase.txt"
    new_file.write(file, f"{passphrase}\n".encode("ascii"))
    with Casebook.create(folder / "casebook", passphrase.encode(), name=_MEMBER) as casebook:
        click.echo(f"An empty casebook, encrypted: {folder / 'casebook'}")
        with as_file(demonstration.sheet()) as path:
            rows = sheet.read((path,), known=casebook.known(), key=casebook.statement_key)
            result = casebook.add_statements(rows)
        click.echo(f"{result.imported} statements imported.")
    return passphrase


def _serve(folder: Path, ready: Callable[[str, str], object]) -> None:
    from estelik.web.serving import serve
    from estelik.web.session import END, IDLE

    with suppress(_SeenError):
        serve(folder / "casebook", port=0, idle=IDLE, end=END, ready=ready)


class _SeenError(Exception):
    """Everything was looked at."""


def _look(address: str, passphrase: str) -> None:
    """Signs in and looks at the pages, as a browser would. Raises ``EstelikError`` where one lacks something,
    else ends the desk."""
    host = urlsplit(address).netloc

    def asked(method: str, path: str, form: dict[str, str], cookie: str = "") -> tuple[str, str]:
        # Browsers know where such a name leads, other programs may not.
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=_PATIENCE)
        headers = {
            "Host": host, "Origin": f"http://{host}", "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded"
        }  # fmt: skip
        connection.request(method, path, urlencode(form), headers)
        answer = connection.getresponse()
        return answer.getheader("Set-Cookie", ""), answer.read().decode()

    cookie = asked("POST", "/sign-in", {"passphrase": passphrase})[0].partition(";")[0]
    for words, expected in _EXPECTED:
        _, found = asked("POST", "/people", {"words": words}, cookie)
        life = re.search(r"/life/[\w-]+", found)
        page = asked("GET", life[0], {}, cookie)[1] if life else ""
        if any(part not in page for part in expected):
            raise EstelikError(
                "The desk lacks something that it should show.",
                safe="Nothing of yours was touched.",
                do="Please tell the makers of Estelik, with the version that estelik --version prints.",
            )
    raise _SeenError
