"""A label on the command line: compared as the labels of sheets are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from estelik.records.label import composed

if TYPE_CHECKING:
    from click import Context, Parameter


class _Label(click.ParamType[str]):
    """Letters and their marks composed, spaces plain: a terminal may hand them over otherwise."""

    name = "label"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> str:
        """The label as it is kept."""
        del param, ctx
        return composed(str(value))


LABEL: Final = _Label()
