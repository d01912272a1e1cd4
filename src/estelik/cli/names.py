"""Who-words: `estelik names compare`, `estelik names score`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from estelik.cli.output import Progress, as_json_option, print_json
from estelik.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLUMNS: Final = ("name_a", "name_b")
_SCORE: Final = "score"
#: Rows scored at a time.
_BATCH: Final = 100_000


@click.group()
def names() -> None:
    """Compare names across scripts and spellings."""


@names.command()
@click.argument("one")
@click.argument("other")
@as_json_option
def compare(one: str, other: str, as_json: bool) -> None:
    """Say whether ONE and OTHER may be names of one person, how surely, and why."""
    from estelik.language.direction import plain
    from estelik.language.likeness import reasons
    from estelik.language.reader import reader
    from estelik.names.comparison import compare as compared

    found = compared(one, other)
    why = [plain(words) for words in reasons(reader("en"), found.why)]
    if as_json:
        print_json({"score": found.score, "same": found.same, "why": why})
        return
    click.echo(f"{found.score:.2f}  " + ("may well be one person" if found.same else "hardly one person"))
    for words in why:
        click.echo(f"  {words}")


@names.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def score(file: Path) -> None:
    """Add a column with a score, 0 to 1, to the pairs of names in the CSV FILE; printed on stdout.

    FILE has the columns name_a and name_b, and any others. From 0.5 on two
    names are taken for one person's.
    """
    rows = _rows(file)
    header = next(rows)
    places = [header.index(column) for column in _COLUMNS]
    # As it is read: only then is what follows written.
    every = list(rows)
    from estelik.names.comparison import Scorer
    from estelik.names.engine import suited

    sys.stdout.flush()
    with Progress("{:,} pairs scored") as progress:
        scorer = Scorer(suited(len(every)))
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow([*header, _SCORE])
        for start in range(0, len(every), _BATCH):
            batch = every[start : start + _BATCH]
            scores = scorer.scores([(row[places[0]], row[places[1]]) for row in batch])
            out.writerows([*row, f"{value:.4f}"] for row, value in zip(batch, scores.tolist(), strict=True))
            progress(start + len(batch))


def _rows(file: Path) -> Iterator[list[str]]:
    """The rows of a file, its header first. Raises ``UsageError`` for what is no such file."""
    from estelik.exchange.csv import table

    rows = table(file)
    _, header = next(rows)
    missing = [column for column in _COLUMNS if column not in header]
    if missing:
        raise UsageError(
            f"{file}: without the columns {', '.join(missing)}.", do="Name them in the first row."
        )
    if _SCORE in header:
        raise UsageError(f"{file}: has a column {_SCORE} already.", do="Take it out, or rename it.")
    yield header
    for _, row in rows:
        yield row
