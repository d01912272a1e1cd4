"""Ages: completed years at an event, as days after birth.

Whoever is ``a`` years old has completed ``a`` years and not ``a + 1``. A year
of age is 365.2425 days; one day is added before, because birthdays move
against it by leap days (contract, "Durations and what they mean in days").
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Final

import msgspec

#: Nobody is known to have been older.
MAX_AGE: Final = 130

_YEAR: Final = Fraction(3652425, 10000)
_AGE: Final = re.compile(r"(~?)([0-9]{1,3})(?:\.\.([0-9]{1,3}))?")


class AgeError(ValueError):
    """The text is no age. The message never holds the text."""


class Age(msgspec.Struct, frozen=True, gc=False):
    """The least and the most completed years."""

    low: int
    high: int

    @property
    def strict(self) -> tuple[int, int]:
        """The least and the most days between birth and the event."""
        return _days(self.low, self.high)

    @property
    def wide(self) -> tuple[int, int]:
        """The same with one year either side, for ages that are off by one."""
        return _days(self.low - 1, self.high + 1)


def _days(low: int, high: int) -> tuple[int, int]:
    return floor(low * _YEAR) - 1, ceil((high + 1) * _YEAR)


@lru_cache(maxsize=4096)
def parse(text: str) -> Age:
    """``76``, ``60..65`` or ``~50`` (49 to 51) as an age; AgeError for anything else."""
    match = _AGE.fullmatch(text)
    if match is None or (match[1] and match[3]):
        raise AgeError("The age is not written like 76, 60..65 or ~50.")
    low = int(match[2])
    high = low if match[3] is None else int(match[3])
    if high > MAX_AGE or low > high:
        raise AgeError(f"The age is not within 0..{MAX_AGE}, or its range ends before it starts.")
    if match[1]:
        return Age(max(0, low - 1), high + 1)
    return Age(low, high)
