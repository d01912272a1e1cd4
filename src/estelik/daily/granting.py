"""Granting: what the rows of a sheet of consents are checked against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.daily.today import today

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.exchange.consents import Known


def known(casebook: Casebook) -> Known:
    """What consents are checked against."""
    from estelik.exchange.consents import Known

    people: set[str] = set()
    tellings: dict[str, str] = {}
    # Late, after labels: who has the label of a testimony means that one.
    labels: dict[str, str] = {}
    for one in casebook.stream():
        people.update((one.about, *one.chain))
        tellings[one.statement] = one.telling
        if one.testimony:
            labels[one.testimony] = one.telling
    there = {one.id: one for one in casebook.consents().given}
    return Known(frozenset(people - {""}), {**tellings, **labels}, there, today(), casebook.statement_key)
