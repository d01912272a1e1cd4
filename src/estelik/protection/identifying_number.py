"""Identifying numbers: papers, telephones, cars, addresses of mail and pages, and accounts in a text.

Digits of any script count, Chinese ones (一三八) too, with whatever stands between their groups. A number
that has the shape of a paper is found whether or not its check digit is right:
one wrong digit hides nobody. Dates and short numbers are none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from estelik.identity import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Kind = Literal["document", "phone", "e-mail", "link", "account", "number"]

_MAIL: Final = re.compile(
    r"[\w.+-]+\s?(?:[@＠]|[\[(]\s?(?:at|собака)\s?[\])])\s?[\w-]+(?:\s?(?:[.。]|[\[(]\s?dot\s?[\])])\s?[\w-]+)+"
    r"|[\w.+-]{2,}\s(?:at|собака)\s[\w-]{2,}\s(?:dot|точка)\s(?:com|org|net|info|me|io|ru|kz|kg|uz|ua|cn|tr|su|ру|рф)\b",
    re.IGNORECASE,
)
_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"«»，。]+"
    r"|(?<![\w@.])(?:[\w-]+\.)+(?:com|org|net|info|me|io|ru|kz|kg|uz|ua|cn|tr|su|рф|қаз|中国)\b(?:/[^\s<>\"«»，。]*)?",
    re.IGNORECASE,
)
_ACCOUNT: Final = re.compile(
    r"(?<![\w@.])[@＠][\w.]{2,}"
    r"|(?:we ?chat|weixin|微信|whats ?app|telegram|телеграм\w*|qq|vk|instagram)"
    r"(?:\s?(?:id|号|账号)?\s?[:：]\s?[\w.@+-]{3,}|"
    # Without a colon, what has a digit or a line in it, and is no year.
    r"(?:\s(?:id|is|was|account|login|логин|ник)|号|账号|是)*\s?[—–=-]?\s?"
    r"(?!(?:19|20)\d\d\b)(?=[A-Za-z.]*[\d_])[A-Za-z\d_][\w.+-]{3,})",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(
    r"(?<![A-Za-z\d])(?:\+\s?)?\(?\d(?:[\s().\-–—/_]{0,2}\d){5,30}(?:[xхX]|\s[xхX]\b)?(?![A-Za-z\d])",
    re.IGNORECASE,
)
#: Letters before digits, as on passports.
_SERIES: Final = re.compile(r"(?<!\w)[A-ZА-Я]{1,3}[\s№-]{0,2}\d(?:\s?\d){5,9}(?!\w)")
#: Of cars: Kazakh, Russian, Chinese ones.
_PLATE: Final = re.compile(
    r"(?<!\w)(?:\d{3}\s?[A-Z]{2,3}\s?\d{2}|[A-ZА-Я]\s?\d{3}\s?[A-ZА-Я]{2,3}(?:\s?\d{2,3})?)(?!\w)"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·•\s-]?[A-Z\d]{5,6}(?![A-Za-z\d])"
)
#: Letters that stand for digits among digits.
_NOUGHT: Final = re.compile(r"(?<=\d)[OoОо](?=\d)")
_ONE: Final = re.compile(r"(?<=\d)[lIІ](?=\d)")
_DATE: Final = re.compile(
    r"(?:\d{4}[\s./–—-]+\d{1,2}[\s./–—-]+\d{1,2}|\d{1,2}[\s./–—-]+\d{1,2}[\s./–—-]+\d{4}"
    r"|(?:19|20)\d\d[\s./–—-]+(?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2})"
)
_TIMES: Final = re.compile(rf"{_DATE.pattern}(?:\s*[./–—-]?\s*{_DATE.pattern})*")
#: Chinese digits, six or more, which are no year.
_HAN: Final = re.compile(
    r"[〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖](?:[\s.\-–—]?[〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]){5,30}"
)
_HAN_DIGITS: Final = str.maketrans("〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789")
#: How many digits a telephone number has.
_PHONE: Final = range(9, 16)
_SHORTEST: Final = 6


class Number(msgspec.Struct, frozen=True, tag=True):
    """Letters ``start`` to ``end`` of a text are, or look like, a number or address that tells who somebody
    is. ``people``: the keys of those who are known to have it; ``valid``: whether a check digit says so."""

    start: int
    end: int
    kind: Kind
    people: tuple[str, ...] = ()
    valid: bool = False


class Numbers:
    """The numbers of those who must not be told. ``known``: by key all numbers, addresses and accounts that
    are recorded of each."""

    def __init__(self, known: Mapping[str, Iterable[str]] | None = None) -> None:
        self._people: dict[str, dict[str, None]] = defaultdict(dict)
        for key, numbers in (known or {}).items():
            for one in numbers:
                if plain := _plain(one):
                    self._people[plain][key] = None

    def find(self, text: str) -> tuple[Number, ...]:
        """Where a text has any, in order; of those that overlap the one that says most."""
        taken: list[Number] = []
        for found in self._every(text):
            if all(found.end <= one.start or found.start >= one.end for one in taken):
                taken.append(found)
        return tuple(sorted(taken, key=lambda one: one.start))

    def _every(self, text: str) -> Iterator[Number]:
        for kind, pattern in _PATTERNS:
            for match in pattern.finditer(text):
                yield Number(match.start(), match.end(), kind, self._whose(match[0]))
        for match in _PLATE.finditer(text):
            yield Number(match.start(), match.end(), "number", self._whose(match[0]))
        # As long as it was: what is found stands where it stood.
        digits = _HAN.sub(lambda one: one[0].translate(_HAN_DIGITS), text)
        digits = _ONE.sub("1", _NOUGHT.sub("0", digits))
        for pattern in (_SERIES, _DIGITS):
            for match in pattern.finditer(digits):
                people = self._whose(match[0])
                looks = _kind(match[0])
                if people or looks is not None:
                    valid = document.read(match[0].replace("Х", "X").replace("х", "x")).valid
                    yield Number(match.start(), match.end(), looks or "number", people, valid)

    def _whose(self, text: str) -> tuple[str, ...]:
        """Those of whom it is known, as it is or but for what a telephone begins with."""
        plain = _plain(text)
        found = dict(self._people.get(plain, {}))
        if plain.isdecimal() and len(plain) >= _PHONE.start:
            for one, people in self._people.items():
                if one.isdecimal() and len(one) >= _PHONE.start and one[-9:] == plain[-9:]:
                    found.update(people)
        return tuple(found)


_PATTERNS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("e-mail", _MAIL),
    ("link", _LINK),
    ("account", _ACCOUNT),
)


def _plain(text: str) -> str:
    """A number or address in one spelling."""
    plain = document.plain(text.replace("Х", "X").replace("х", "x"))
    return re.sub(r"[()+@＠–—_:：]", "", plain).casefold()


def _kind(text: str) -> Kind | None:
    """What a row of digits looks like; None where it is a date, or too short for any number."""
    if _TIMES.fullmatch(text.strip()):
        return None
    plain = re.sub(r"\W", "", _plain(text))
    digits = sum(one.isdecimal() for one in plain)
    if digits < _SHORTEST:
        return None
    if not plain.isdecimal() and not plain[:-1].isdecimal():
        return "document"
    if document.read(plain.upper()).kind or digits in (15, 18):
        return "document"
    return "phone" if digits in _PHONE or text.lstrip().startswith("+") else "number"
