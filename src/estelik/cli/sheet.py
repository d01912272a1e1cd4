"""Statement sheets on the command line: template, import, export."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from estelik.cli import likeness
from estelik.cli.casebook import with_casebook
from estelik.cli.output import Progress, force_option, print_json
from estelik.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.casebook import Casebook
    from estelik.records import Statement

#: So many ids of statements are told one by one.
_TOLD: Final = 10


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The same as FILE.")
def template(file: Path | None, output: Path | None) -> None:
    """Make an empty statement sheet to fill in (FILE ends in .xlsx).

    The first page is the sheet, with lists to choose from and, on each column's
    name, a note that says what goes in it. The second page has examples, the
    third the kinds of event and fact that Estelik knows.
    """
    from estelik.exchange import template as sheet

    target = file or output
    if target is None:
        if sys.stdout.isatty():
            raise UsageError("No file is named.", do="Say which: estelik template sheet.xlsx")
        sys.stdout.buffer.write(sheet.workbook())
        return
    if target.suffix.lower() != ".xlsx":
        raise UsageError("The template is a workbook.", do="Give the file a name that ends in .xlsx.")
    if target.exists() and (not target.is_file() or target.stat().st_size):
        raise UsageError("There is already a file of that name.", do="Choose another name.")
    try:
        target.write_bytes(sheet.workbook())
    except OSError:
        raise UsageError(
            "The file cannot be written.", do="Check the folder, and that it has room."
        ) from None
    click.echo("The sheet is ready. Fill in the first page, then: estelik import FILE", err=True)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Only check the sheets; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@with_casebook("estelik.exchange.apart", "estelik.index.intake")
def import_(casebook: Casebook, files: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Take the rows of statement sheets (CSV or XLSX) into the casebook.

    All rows of all files go in, or none: if anything is wrong, every fault is
    told with its file, row and column, and nothing is written. Rows that are
    already there are skipped, so a sheet that has grown can be imported again.
    To change a row, write a new one with the old one's id under `corrects`.
    """
    from estelik.exchange import apart

    notes, doubtful = list[str](), list[str]()
    entering = nullcontext() if dry_run else casebook.entering()
    with entering, Progress("{:,} rows read") as progress, Progress("{:,} rows entered") as entered:
        known = casebook.known()
        rows = apart.read(
            files, known=known, key=casebook.statement_key, progress=progress, note=notes.append
        )
        rows = _looked_through(rows, doubtful)
        if dry_run:
            read = [row.statement for row in rows]
            there = known.digests(read)
            statements = [statement for statement in read if statement not in there]
            unchanged = len(read) - len(statements)
        else:
            result = casebook.add_statements(rows, entered)
            statements, unchanged = list(result.statements), result.unchanged
    for note in notes:
        click.echo(note, err=True)
    found = likeness.alike(casebook) if statements and not dry_run else ()
    new = set(statements)
    doubtful = [one for one in doubtful if one in new]
    if as_json:
        outcome = {"imported": len(statements), "unchanged": unchanged, "statements": statements}
        outcome |= {"doubtful_numbers": doubtful} if doubtful else {}
        print_json(outcome | ({"may_be_the_same": likeness.document(found)} if found else {}))
        return
    if doubtful:
        more = f" and {len(doubtful) - _TOLD:,} more" if len(doubtful) > _TOLD else ""
        click.echo(
            "The last digit of a document's number does not fit the others, so that it may be misread: "
            f"{', '.join(doubtful[:_TOLD])}{more}. What was written is kept.",
            err=True,
        )
    likeness.say(found)
    verb = "would be imported" if dry_run else "imported"
    click.echo(f"{len(statements):,} {verb}, {unchanged:,} already there.")


def _looked_through(rows: Iterable[Statement], doubtful: list[str]) -> Iterator[Statement]:
    """The rows; the ids of those with a number that may be misread are added to ``doubtful``."""
    for one in rows:
        if one.fact.startswith("document"):
            from estelik.identity import document

            if document.is_doubtful(one.fact, one.value):
                doubtful.append(one.statement)
        yield one


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@force_option
@with_casebook("estelik.exchange.sheet")
def export(casebook: Casebook, file: Path, *, force: bool) -> None:
    """Write everything in the casebook as a statement sheet (FILE ends in .csv or .xlsx).

    The sheet can be imported again and gives the same statements. It is not
    encrypted: whoever has the file can read it.
    """
    from estelik.exchange import sheet

    count = sheet.write(file, casebook.statements(), force=force)
    statements = "1 statement" if count == 1 else f"{count:,} statements"
    click.echo(f"{statements} written. The file is not encrypted: keep it safe.", err=True)
    if casebook.judgements():
        click.echo("Decisions (what was set aside or allowed, who is who) are not part of a sheet.", err=True)
