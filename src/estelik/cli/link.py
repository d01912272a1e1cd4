"""Who may be one, among all at once: `estelik link`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.output import Progress, as_json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.identity.candidate import Candidate
    from estelik.identity.linkage import Linked
    from estelik.identity.profile import Profile
    from estelik.places.atlas import Atlas


@click.command()
@click.option(
    "--with",
    "other",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Look for the people of a list (CSV), not for two in the casebook.",
)
@click.option(
    "--least",
    type=click.FloatRange(0.001, 1),
    default=0.2,
    show_default=True,
    help="How probable a pair has to be, to be told.",
)
@click.option(
    "--review", "to_review", is_flag=True, help="Judge the pairs one at a time, as `estelik review` does."
)
@as_json_option
@with_casebook("estelik.index.lives", "estelik.identity.linkage")
def link(casebook: Casebook, other: Path | None, least: float, to_review: bool, as_json: bool) -> None:
    """Say which people may be one, by all that is recorded of them, with how great a probability.

    Nobody is merged: that takes a judgement. Pairs that were judged are not
    told again. Nothing is written, neither to the casebook nor anywhere else.
    """
    from estelik.errors import UsageError
    from estelik.identity.profile import profiles
    from estelik.identity.queue import queue
    from estelik.places.atlas import Atlas

    if other is not None and to_review:
        raise UsageError(
            "Who is on a list is nobody in the casebook yet, and cannot be judged.",
            do="Import those of the list whom you want, or leave out --review.",
        )
    listed = _listed(other) if other is not None else ()
    own = [one for one in profiles(casebook.lives.all()) if one.names]
    found = _linked([*own, *listed], least)
    atlas = Atlas(casebook.lives.about_places())
    if other is not None:
        across = [one for one in found if (one.one < len(own)) != (one.other < len(own))]
        _tell_listed(across, own, listed, atlas, as_json=as_json)
        return
    pairs = queue(_candidates(found, own, atlas), casebook.lives.resolution)
    if to_review and not as_json:
        from estelik.cli.review import judge

        judge(casebook, pairs)
        return
    _tell(pairs, as_json=as_json)


def _linked(people: Sequence[Profile], least: float) -> list[Linked]:
    from estelik.identity.linkage import link as linkage
    from estelik.identity.linkage_duckdb import duckdb_engine

    with Progress("{:,} people read") as read, Progress("{:,} names compared") as compared:
        return linkage(
            people,
            duckdb_engine,
            least=least,
            progress=lambda what, count: (read if what == "read" else compared)(count),
        )


def _listed(file: Path) -> Sequence[Profile]:
    from estelik.exchange.people_list import read

    found = read(file)
    if found.ignored:
        click.echo(f"Not looked at: {', '.join(found.ignored)}.", err=True)
    return found.people


def _candidates(found: Sequence[Linked], people: Sequence[Profile], atlas: Atlas) -> list[Candidate]:
    from estelik.identity.candidate import Candidate

    return [
        Candidate(
            people[one.one].key,
            people[one.other].key,
            round(one.probability, 4),
            _reasons(people[one.one], people[one.other], atlas),
        )
        for one in found
    ]


def _reasons(one: Profile, other: Profile, atlas: Atlas) -> tuple[str, ...]:
    """Why two may be one, in words."""
    from estelik.identity.likeness import likeness
    from estelik.language.direction import plain
    from estelik.language.likeness import pieces, reasons
    from estelik.language.reader import reader

    read, found = reader("en"), likeness(one, other, atlas)
    return tuple(map(plain, (*reasons(read, found.why), *pieces(read, found.evidence))))


def _tell(pairs: Sequence[Candidate], *, as_json: bool) -> None:
    from estelik.identity.verdict import shown

    if as_json:
        print_json(
            [
                {
                    "subjects": [shown(one.one), shown(one.other)],
                    "probability": one.score,
                    "reasons": one.reasons,
                }
                for one in pairs
            ]
        )
        return
    for one in pairs:
        click.echo(f"{one.score:.2f}  {shown(one.one)}  –  {shown(one.other)}")
        for words in one.reasons:
            click.echo(f"      {words}")
    click.echo(
        f"{_pairs(len(pairs))}. Judge them with: estelik link --review"
        if pairs
        else "Nobody is likely enough to be there twice."
    )


def _tell_listed(
    found: Sequence[Linked], own: Sequence[Profile], listed: Sequence[Profile], atlas: Atlas, *, as_json: bool
) -> None:
    from estelik.identity.verdict import shown

    told = []
    for one in found:
        here, there = sorted((one.one, one.other))
        person, entry = own[here], listed[there - len(own)]
        told.append((person.key, entry.key, round(one.probability, 4), _reasons(person, entry, atlas)))
    if as_json:
        print_json(
            [
                {"subject": shown(key), "id": id_, "probability": score, "reasons": why}
                for key, id_, score, why in told
            ]
        )
        return
    for key, id_, score, why in told:
        click.echo(f"{score:.2f}  {shown(key)}  –  {id_} on the list")
        for words in why:
            click.echo(f"      {words}")
    click.echo(f"{_pairs(len(told))}. Nothing of the list was taken in.", err=True)


def _pairs(count: int) -> str:
    return f"{count:,} {'pair' if count == 1 else 'pairs'}"
