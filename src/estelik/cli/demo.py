"""`estelik demo`: a throw-away casebook of invented people, and its report."""

from __future__ import annotations

import secrets
import tempfile
from datetime import date
from importlib.resources import as_file
from pathlib import Path
from typing import Final

import click

from estelik.cli.browser import opened
from estelik.errors import EstelikError

#: What the report must hold to be worth showing: a conflict of its people, in their names.
_EXPECTED: Final = ("<svg", "<table", "Erlan Aqboranuly", "Polat Zerepshan", "Saule", "cannot both be true")


@click.command()
@click.option("--check", is_flag=True, help="Do all but open the report, check it, and take everything away.")
def demo(check: bool) -> None:
    """Show what Estelik does, on invented people.

    Makes an encrypted casebook in a temporary folder, imports a sheet of
    published pseudonyms and invented people, and opens its report in your
    browser. The folder is yours to try the other commands on, and to delete.
    """
    if check:
        with tempfile.TemporaryDirectory(prefix="estelik-demo-") as made:
            _verify(_build(Path(made)))
        click.echo("The report holds what it should. Everything was taken away again.")
        return
    folder = Path(tempfile.mkdtemp(prefix="estelik-demo-"))
    report = _build(folder)
    click.echo("To go on with this casebook:")
    click.echo(f"  export ESTELIK_CASEBOOK={folder / 'casebook'}")
    click.echo(f"  export ESTELIK_PASSPHRASE_FILE={folder / 'passphrase.txt'}")
    click.echo(f"To take it away: rm -r {folder}")
    if not opened(report.as_uri()):
        click.echo("There is no browser here to open the report with.")


def _build(folder: Path) -> Path:
    """Makes the casebook and the report in ``folder``; the report's path."""
    from estelik import demo as demonstration
    from estelik.casebook import Casebook
    from estelik.cli.report import write_report
    from estelik.exchange import sheet

    passphrase = secrets.token_urlsafe(24)
    file = folder / "passphrase.txt"
    file.touch(mode=0o600)
    file.write_text(passphrase + "\n", encoding="ascii")
    with Casebook.create(folder / "casebook", passphrase.encode()) as casebook:
        click.echo(f"An empty casebook, encrypted: {folder / 'casebook'}")
        with as_file(demonstration.sheet()) as path:
            rows = sheet.read((path,), known=casebook.known(), key=casebook.statement_key)
            result = casebook.add_statements(rows)
        click.echo(f"{result.imported} statements imported.")
        report = folder / "report.html"
        lives = write_report(casebook, report, today=date.today())  # noqa: DTZ011 (the user's own day)
    click.echo(f"A report about {lives} people, places and groups: {report}")
    return report


def _verify(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    missing = [part for part in _EXPECTED if part not in page]
    if missing:
        raise EstelikError(
            "The report lacks something that it should hold.",
            safe="Nothing of yours was touched.",
            do="Please tell the makers of Estelik, with the version that estelik --version prints.",
        )
