"""Releases in the words of commands (`estelik release`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.protection.gate import Projection
    from estelik.records.release import Publication, Release


def say_extent(projection: Projection) -> None:
    """Says how much would leave today."""
    lives = len(set(projection.lives.values()))
    click.echo(
        f"{lives} lives would be in it today, with {len(projection.statements)} statements; "
        f"{len(projection.withheld)} statements stay here.",
        err=True,
    )


def say_left(out: Iterable[Publication]) -> None:
    """Says what cannot be undone."""
    for one in out:
        whom = f"to {one.recipient}" if one.recipient else "to everybody"
        click.echo(
            f"It left on {one.made[:10]} {whom}. Whoever took it then still has it; archives may, too."
        )


def state_of(one: Release) -> str:
    """How far a release has come, in words."""
    if one.withdrawn:
        return "withdrawn"
    if one.publications:
        return f"published {one.publications[-1].made[:10]}"
    return "approved" if one.approvals else "a draft"
