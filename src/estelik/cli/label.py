"""A label on the command line: compared as the labels of sheets are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from unicodedata import normalize

import click

if TYPE_CHECKING:
    from click import Context, Parameter


class _Label(click.ParamType[str]):
    """Letters and their marks composed: a terminal may hand them over apart."""

    name = "label"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> str:
        """The label as it is kept."""
        del param, ctx
        return normalize("NFC", str(value))


LABEL: Final = _Label()
