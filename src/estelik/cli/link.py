"""Who may be one, among all at once: `estelik link`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.output import Progress, as_json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.identity.candidate import Candidate
    from estelik.identity.linkage import Engine, Linked
    from estelik.identity.profile import Profile
    from estelik.places.atlas import Atlas

#: Nobody is merged by the machine who is less probably one.
_LEAST_SURE: Final = 0.9


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
@click.option(
    "--engine",
    type=click.Choice(("duckdb", "spark")),
    default="duckdb",
    show_default=True,
    help="What compares them: both come to the same.",
)
@click.option(
    "--merge-above",
    "above",
    type=click.FloatRange(_LEAST_SURE, 1, max_open=True),
    help="Judge pairs more probable than this to be the same, by the machine; for coordinators.",
)
@as_json_option
@with_casebook("estelik.index.lives", "estelik.identity.linkage")
def link(
    casebook: Casebook,
    other: Path | None,
    least: float,
    to_review: bool,
    engine: str,
    above: float | None,
    as_json: bool,
) -> None:
    """Say which people may be one, by all that is recorded of them, with how great a probability.

    Nobody is merged: that takes a judgement, or a coordinator who says from
    which probability on (--merge-above). Pairs that were judged are not told
    again. The others are kept, encrypted, for `estelik review`, instead of
    those of before.
    """
    from estelik.errors import UsageError
    from estelik.identity.profile import profiles
    from estelik.identity.queue import queue

    if other is not None and (to_review or above is not None):
        raise UsageError(
            "Who is on a list is nobody in the casebook yet, and cannot be judged.",
            do="Import those of the list whom you want, or leave out --review and --merge-above.",
        )
    by = _coordinator(casebook) if above is not None else ""
    listed = _listed(other) if other is not None else ()
    own = [one for one in profiles(casebook.lives.all()) if one.names]
    found = _linked([*own, *listed], _engine(engine), least)
    if other is not None:
        across = [one for one in found if (one.one < len(own)) != (one.other < len(own))]
        _tell_listed(casebook, across, own, listed, as_json=as_json)
        return
    pairs = queue(_candidates(found, own), casebook.lives.resolution)
    merged = 0
    if above is not None:
        merged = _merge(casebook, [one for one in pairs if one.score > above], above, by)
        pairs = queue(pairs, casebook.lives.resolution)
    casebook.keep_linked(pairs)
    if to_review and not as_json:
        from estelik.cli.review import judge

        judge(casebook, pairs)
        return
    _tell(casebook, pairs, own, as_json=as_json)
    if above is not None:
        click.echo(f"Judged to be the same by the machine: {merged:,}. See: estelik judgements", err=True)


def _coordinator(casebook: Casebook) -> str:
    """Her name. Raises ``MembershipError`` where this member is none."""
    from estelik.errors import MembershipError

    own = casebook.vault.registrar.own()
    if not own.coordinator:
        raise MembershipError(
            "Only a coordinator may have people merged by the machine.",
            safe="Nothing was changed.",
            do="Link without --merge-above, and judge the pairs: estelik link --review",
        )
    return own.name


def _engine(name: str) -> Engine:
    if name == "spark":
        from estelik.identity.linkage_spark import spark_engine

        return spark_engine
    from estelik.identity.linkage_duckdb import duckdb_engine

    return duckdb_engine


def _linked(people: Sequence[Profile], engine: Engine, least: float) -> list[Linked]:
    from estelik.identity.linkage import link as linkage

    with Progress("{:,} people read") as read, Progress("{:,} names compared") as compared:
        return linkage(
            people,
            engine,
            least=least,
            progress=lambda what, count: (read if what == "read" else compared)(count),
        )


def _merge(casebook: Casebook, pairs: Sequence[Candidate], above: float, by: str) -> int:
    """Judges pairs to be the same, as `estelik same` would, where no contradiction comes of it; how many."""
    from estelik.daily.judging import weigh
    from estelik.errors import EstelikError
    from estelik.identity.queue import queue
    from estelik.identity.verdict import shown

    merged = 0
    with Progress("{:,} judged") as progress:
        for pair in pairs:
            # What was judged since may have settled it.
            if not queue([pair], casebook.lives.resolution):
                continue
            # How probable it is rests on what readers of the judgement may not know of.
            why = f"By linkage, above {above:g}, set by {by}."
            with casebook.entering():
                try:
                    weighed = weigh(casebook, "same", (shown(pair.one), shown(pair.other)), why)
                    if weighed.contradicts:
                        continue
                    casebook.add_judgement(weighed.judgement)
                except EstelikError:
                    # It stays among those that a member judges.
                    continue
            merged += 1
            progress(merged)
    return merged


def _listed(file: Path) -> Sequence[Profile]:
    from estelik.exchange.people_list import read

    found = read(file)
    if found.ignored:
        click.echo(f"Not looked at: {', '.join(found.ignored)}.", err=True)
    return found.people


def _candidates(found: Sequence[Linked], people: Sequence[Profile]) -> list[Candidate]:
    from estelik.identity.candidate import Candidate

    return [Candidate(people[one.one].key, people[one.other].key, round(one.probability, 4)) for one in found]


def _atlas(casebook: Casebook) -> Atlas:
    from estelik.places.atlas import Atlas

    return Atlas(casebook.lives.about_places())


def _reasons(one: Profile, other: Profile, atlas: Atlas) -> tuple[str, ...]:
    """Why two may be one, in words."""
    from estelik.identity.likeness import likeness
    from estelik.language.direction import plain
    from estelik.language.likeness import pieces, reasons
    from estelik.language.reader import reader

    read, found = reader("en"), likeness(one, other, atlas)
    return tuple(map(plain, (*reasons(read, found.why), *pieces(read, found.evidence))))


def _tell(
    casebook: Casebook, pairs: Sequence[Candidate], people: Sequence[Profile], *, as_json: bool
) -> None:
    from estelik.identity.verdict import shown

    of, atlas = {one.key: one for one in people}, _atlas(casebook)
    if as_json:
        print_json(
            [
                {
                    "subjects": [shown(one.one), shown(one.other)],
                    "probability": one.score,
                    "reasons": _reasons(of[one.one], of[one.other], atlas),
                }
                for one in pairs
            ]
        )
        return
    for one in pairs:
        click.echo(f"{one.score:.2f}  {shown(one.one)}  –  {shown(one.other)}")
        for words in _reasons(of[one.one], of[one.other], atlas):
            click.echo(f"      {words}")
    click.echo(
        f"{_pairs(len(pairs))}. Judge them with: estelik review"
        if pairs
        else "Nobody is likely enough to be there twice."
    )


def _tell_listed(
    casebook: Casebook,
    found: Sequence[Linked],
    own: Sequence[Profile],
    listed: Sequence[Profile],
    *,
    as_json: bool,
) -> None:
    from estelik.identity.called_alike import called_alike
    from estelik.identity.verdict import shown

    atlas = _atlas(casebook)
    linked = {(min(one.one, one.other), max(one.one, one.other) - len(own)): one.probability for one in found}
    alike = {(one, other): score for one, other, score in called_alike(own, listed, atlas)}
    told = []
    for (here, there), score in [*linked.items(), *((k, v) for k, v in alike.items() if k not in linked)]:
        person, entry = own[here], listed[there]
        why = _reasons(person, entry, atlas)
        told.append((person.key, entry.key, round(score, 4), why, (here, there) not in linked))
    if as_json:
        print_json(
            [
                {"subject": shown(key), "id": id_, "probability": score, "by_name": by_name, "reasons": why}
                for key, id_, score, why, by_name in told
            ]
        )
        return
    for key, id_, score, why, by_name in told:
        more = ", called alike" if by_name else ""
        click.echo(f"{score:.2f}  {shown(key)}  –  {id_} on the list{more}")
        for words in why:
            click.echo(f"      {words}")
    click.echo(f"{_pairs(len(told))}. Nothing of the list was taken in.", err=True)


def _pairs(count: int) -> str:
    return f"{count:,} {'pair' if count == 1 else 'pairs'}"
