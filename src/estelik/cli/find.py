"""Who bears a name, and where words were told: `estelik find`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.output import Progress, as_json_option, print_json

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.identity.namesakes import Found
    from estelik.index.passages import Passage

#: What a field of a statement is called where the words are not a quote.
_FIELDS: Final = {"by": "done by", "about": "label", "evidence": "link", "file": "file name"}


@click.command()
@click.argument("words", metavar="WORDS")
@click.option(
    "-n", "count", type=click.IntRange(min=1), default=10, help="How many of each at most (default 10)."
)
@click.option("--names", "what", flag_value="names", help="Only who may bear this name.")
@click.option("--text", "what", flag_value="text", help="Only where these words were told.")
@as_json_option
@with_casebook("estelik.index.lives", "estelik.index.namesakes", "estelik.index.passages")
def find(
    casebook: Casebook, words: str, count: int, what: Literal["names", "text"] | None, as_json: bool
) -> None:
    """Say who may bear a name, and where words were told, in any script.

    First the people: labels and stated names in whatever spelling, the
    likeliest first; the number of a document finds whose it is. Then what was
    told: quotes, notes, contents, places, reasons of decisions, in which all
    WORDS stand, those first that have them whole. With --json people alone,
    with --text what was told alone.
    """
    named = told = None
    if what != "text":
        named = _named(casebook, words, count)
    if what == "text" or (what is None and not as_json):
        passages = casebook.passages()
        with Progress("{:,} records filed") as progress:
            passages.file(progress)
        told = passages.find(words, count)
    if as_json:
        print_json(_people(named, words) if named is not None else [_document(one) for one in told or ()])
        return
    if named is not None:
        _say_named(named, words)
    if told is not None:
        _say_told(told)


def _named(casebook: Casebook, name: str, count: int) -> list[Found]:
    namesakes = casebook.namesakes()
    with Progress("{:,} names placed") as progress:
        namesakes.place(progress)
    return namesakes.find(name, count)


def _people(found: list[Found], name: str) -> list[dict[str, Any]]:
    from estelik.identity.verdict import shown

    return [{"subject": shown(one.key), "name": one.name or name, "score": one.score} for one in found]


def _say_named(found: list[Found], name: str) -> None:
    from estelik.identity.verdict import shown
    from estelik.language.direction import plain
    from estelik.language.likeness import reasons
    from estelik.language.reader import reader

    read = reader("en")
    for one in found:
        called = ", by the number of a document" if not one.name else ""
        if one.name and one.name not in (one.key, name):
            called = f", as {one.name}"
        click.echo(f"{one.score:.2f}  {click.style(shown(one.key), bold=True)}{called}")
        for words in reasons(read, one.why):
            click.echo(f"      {plain(words)}")
    if not found:
        click.echo("Nobody here bears a name like this one.", err=True)


def _say_told(found: list[Passage]) -> None:
    from estelik.language.passages import excerpt

    for one in found:
        field = "" if one.field == "quote" else f"{_FIELDS.get(one.field, one.field)}: "
        words = excerpt(one.text, one.spans, lambda part: click.style(part, bold=True))
        click.echo(f"{_origin(one)}\n      {field}{words}")
    if not found:
        click.echo("Nothing here has these words.", err=True)


def _origin(one: Passage) -> str:
    """Whom a passage is about, who told it and when; its id."""
    from estelik.identity.verdict import shown
    from estelik.language.direction import plain, run

    if one.kind == "subject":
        return plain(run(shown(one.subject)))
    if one.kind == "statement":
        told = ", ".join(plain(run(part)) for part in (one.id, one.source, one.told) if part)
        when = f"; when: {plain(run(one.when))}" if one.when else ""
        past = "; corrected since" if one.corrected else ""
        return f"{plain(run(shown(one.subject)))} ({told}{when}{past})"
    what = {"judgement": "decision", "evidence": "file"}[one.kind]
    return f"{what} {one.id} ({one.told})"


def _document(one: Passage) -> dict[str, Any]:
    from estelik.identity.verdict import shown

    return {
        "kind": one.kind,
        "id": one.id,
        "subject": shown(one.subject) if one.subject else None,
        "told": one.told,
        "source": one.source,
        "when": one.when,
        "field": one.field,
        "text": one.text,
        "language": one.language,
        "found": one.spans,
        "corrected": one.corrected,
    }
