"""Document: the number of a paper that says who somebody is, and what it tells by itself.

A Chinese resident's number (GB 11643) and a Kazakh individual identification
number both hold the day of birth, the sex and a check digit. A number that
fails its check digit tells nothing but itself: somebody misread or mistyped it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from estelik.records.vocabulary import fact_kind_of

if TYPE_CHECKING:
    from estelik.names.markers import Sex

#: Whose number it is by its shape: a Chinese resident's, a Kazakh individual's, or any other.
Kind = Literal["cn-id", "kz-iin", ""]

_SEPARATORS: Final = re.compile(r"[\s.\-/]+")
_CHINESE: Final = re.compile(r"\d{17}[\dX]")
_OLD_CHINESE: Final = re.compile(r"\d{15}")
_KAZAKH: Final = re.compile(r"\d{12}")
#: The seventh digit of a Kazakh number: the century and the sex.
_CENTURIES: Final[dict[str, tuple[int, Sex]]] = {
    "1": (1800, "m"),
    "2": (1800, "f"),
    "3": (1900, "m"),
    "4": (1900, "f"),
    "5": (2000, "m"),
    "6": (2000, "f"),
}
#: The weights of its check digit, and those for where they give 10.
_WEIGHTS: Final = (tuple(range(1, 12)), (*range(3, 12), 1, 2))


class Document(NamedTuple):
    """A number without its separators, whose ``kind`` of number it is by its shape, whether its check digit
    is right, and what it tells then."""

    number: str
    kind: Kind = ""
    valid: bool = False
    born: date | None = None
    sex: Sex = ""


def read(text: str) -> Document:
    """What a number tells. Never fails: what is no number of a known shape tells nothing."""
    number = plain(text)
    if _OLD_CHINESE.fullmatch(number) and (longer := _lengthened(number)) is not None:
        return longer
    if _CHINESE.fullmatch(number):
        return _chinese(number)
    if _KAZAKH.fullmatch(number):
        return _kazakh(number)
    return Document(number)


def is_doubtful(fact: str, value: str) -> bool:
    """Whether a statement's fact is a number that has the form of one with a check digit, and this one does
    not fit: it is kept as it was told, and somebody may have misread it."""
    if fact_kind_of(fact) != "document":
        return False
    found = read(value)
    return bool(found.kind) and not found.valid


def plain(text: str) -> str:
    """A number in capitals and in digits of one script, without what separates its groups."""
    wide = unicodedata.normalize("NFKC", text.replace("№", ""))
    digits = (str(unicodedata.decimal(one)) if one.isdecimal() else one for one in wide)
    return _SEPARATORS.sub("", "".join(digits)).upper()


def slip(one: str, other: str) -> bool:
    """Whether two numbers differ by one character, or by two neighbours that changed places."""
    if len(one) != len(other):
        return False
    wrong = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) != 2:
        return len(wrong) == 1
    first, second = wrong
    return second == first + 1 and one[first] == other[second] and one[second] == other[first]


def _chinese(number: str) -> Document:
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        born = None
    if born is None or number[-1] != ric.calc_check_digit(number):
        return Document(number, "cn-id")
    return Document(number, "cn-id", valid=True, born=born, sex="m" if int(number[16]) % 2 else "f")


def _lengthened(number: str) -> Document | None:
    """A number as they were until 1999, in the form of today: without a check digit of its own it is taken
    for one only where the day is one."""
    longer = f"{number[:6]}19{number[6:]}"
    found = _chinese(longer + ric.calc_check_digit(f"{longer}0"))
    return found if found.valid else None


def _kazakh(number: str) -> Document:
    wrong = Document(number, "kz-iin")
    if number[6] not in _CENTURIES or number[-1] != _check_digit(number):
        return wrong
    century, sex = _CENTURIES[number[6]]
    try:
        born = date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return wrong
    return Document(number, "kz-iin", valid=True, born=born, sex=sex)


def _check_digit(number: str) -> str:
    """The twelfth digit of a Kazakh number; "" where no number begins like this."""
    digits = [int(digit) for digit in number[:11]]
    for weights in _WEIGHTS:
        rest = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
        if rest != 10:
            return str(rest)
    return ""
