"""The demonstration: a sheet of published pseudonyms and invented people.

The facts about Ajar, Saule, Yerke and Ospan were published under these
pseudonyms; none of the published sentences is repeated. Everybody else, every
camp, county and street of Zhylysay and Boztal, and every quote is invented.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["sheet"]


def sheet() -> Traversable:
    """The demonstration's statement sheet, a CSV file in UTF-8."""
    return files("estelik.demo").joinpath("sheet.csv")
