"""What somebody is called outside who may not be named: `estelik pseudonym`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.daily.granting import known
from estelik.errors import ConsentError, NotFoundError
from estelik.records.consent import AUDIENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from estelik.casebook import Casebook
    from estelik.records.consent import Audience


@click.group()
def pseudonym() -> None:
    """Say what somebody is called outside who may not be named.

    For each audience it is another name, never used again.
    """


@pseudonym.command("set")
@click.argument("who", type=LABEL)
@click.option("--for", "audience", required=True, type=click.Choice(AUDIENCES), help="Before whom.")
@click.option("--as", "name", default="", type=LABEL, help="The pseudonym. Otherwise one is drawn.")
@with_casebook("estelik.index.consents", "estelik.index.namesakes")
def set_(casebook: Casebook, who: str, audience: Audience, name: str) -> None:
    """Call WHO by a pseudonym before one audience."""
    from estelik.ids import new_id
    from estelik.index import consents
    from estelik.protection import pseudonym as pseudonyms
    from estelik.records.consent import Pseudonym

    if name and not name.strip():
        raise ConsentError("The pseudonym is empty.", do="Choose another, or let one be drawn.")
    made = datetime.now(UTC).isoformat(timespec="seconds")
    with casebook.entering():
        if who not in known(casebook).people:
            raise NotFoundError("Nobody of this label told anything, or is spoken of.", do="Check the label.")
        found = casebook.consents().pseudonyms
        whose = casebook.lives.whose(who)
        if any(one.audience == audience and one.who in whose for one in found):
            raise ConsentError("There is a pseudonym for this audience already; it stays.")
        taken = [one.name for one in found]
        real, name = _real(casebook), " ".join(name.split())
        own = _own(casebook, whose)
        hers = [one.name for one in found if one.who in whose]
        if name:
            pseudonyms.check(name, taken, real, own, hers)
        else:
            name = pseudonyms.fresh(taken, real, own=own, hers=hers)
        one = Pseudonym(new_id(), who, audience, name, made, casebook.vault.device)
        consents.enter(casebook.vault.store, [one])
    click.echo(name)


def _own(casebook: Casebook, whose: Collection[str]) -> set[str]:
    """What somebody is called: her labels, and names that are told of her."""
    from estelik.records.vocabulary import fact_kind_of

    told = {
        one.value
        for one in casebook.stream()
        if one.subject in whose and fact_kind_of(one.fact) == "name" and one.value
    }
    return told | {one for one in whose if not one.startswith("?")}


#: From this score on a name is taken for a name that somebody bears.
_LIKE_A_NAME: Final = 0.5


def _real(casebook: Casebook) -> Callable[[str], bool]:
    """Whether a word is like a name that somebody in the casebook bears, in any script: who is spoken of, who
    told, who is named as a relative."""
    from estelik.names.comparison import compare_all
    from estelik.records.vocabulary import fact_kind_of, vocabulary

    told, of = set[str](), set[str]()
    for one in casebook.stream():
        told.update(one.chain)
        of.add(one.about)
        kind = vocabulary().facts.get(fact_kind_of(one.fact))
        if kind is not None and kind.subject:
            told.add(one.value)
    namesakes, others = casebook.namesakes(), sorted(told - of - {""})

    def real(word: str) -> bool:
        if any(one.score >= _LIKE_A_NAME for one in namesakes.find(word, 3)):
            return True
        return any(one.score >= _LIKE_A_NAME for one in compare_all(word, others))

    return real


@pseudonym.command("list")
@as_json_option
@with_casebook("estelik.index.consents")
def pseudonyms_(casebook: Casebook, as_json: bool) -> None:
    """List all pseudonyms. Whoever has this list knows who they are: it stays here."""
    found = casebook.consents().pseudonyms
    if as_json:
        print_json([{"who": one.who, "audience": one.audience, "name": one.name} for one in found])
        return
    for one in found:
        click.echo(f"{one.name}  {one.audience}: {one.who}")
