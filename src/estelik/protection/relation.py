"""Relation: where a text singles out somebody by what he is to another: "his wife in Ghulja", "my husband".

Words for relatives, neighbours and cellmates in the languages of the casebooks,
with their endings. Who that is among those in reach is told by what statements
say of their relations; where nothing tells, it may be any of them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from estelik.names.spelling import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from estelik.records import Statement

Kin = Literal[
    "wife", "husband", "mother", "father", "son", "daughter", "child", "sister", "brother", "aunt", "uncle",
    "niece", "nephew", "cousin", "grandparent", "grandchild", "in-law", "relative", "neighbour", "friend",
    "cellmate", "guarantor", "colleague", "teacher",
]  # fmt: skip

#: Beginnings of words, in English, Russian, Ukrainian, Kazakh, Uyghur (Arabic, Latin) and Chinese.
_STEMS: Final[dict[Kin, str]] = {
    "wife": "wife wives жен(а|у|ы|е|ой|ою) дружин әйел ئايالى ئايالىنىڭ ayali 妻子 老婆 太太",
    "husband": "husband муж(а|у|ем|е)? чоловік күйеу йолдош ئېرى يولدىشى yoldishi 丈夫 老公",
    "mother": "mother мат(ь|ер) мам(а|у|ы|е|ой) матір ана(сы|м|сын|сының|сына)? апа(сы|м)? шеше "
    "ئانا apisi 母亲 妈妈",
    "father": "father от(ец|ца|цу|цом|це) пап(а|у|ы|е|ой) батьк тато әке(сі|м|сін|сінің) "
    "дада دادى(سى)? 父亲 爸爸",
    "son": "sons? сын(а|у|ом|е|овья|овей|ок)? син(а|у|ом)? ұлы(н|ның|на|м)? баласы ئوغلى ئوغلىنى oghli 儿子",
    "daughter": "daughters? доч(ь|ери|ка|ку|ки|ке|ерью) доньк дочк қызы(н|ның|на|м)? ئىنكا "
    "قىزى(نى)? qizi 女儿",
    "child": "child(ren)? дет(и|ей|ям|ьми|ях) ребен ребён дит(ина|ину|ини) діти "
    "балалары перзент بالىلىرى 孩子",
    "sister": "sisters? сестр сест(ёр|ер) әпке(сі|м)? қарындас сіңлі ئاچىسى سىڭلىسى hedisi 姐姐 妹妹 姐妹",
    "brother": "brothers? брат(а|у|ом|е|ья|ьев)? ағасы ағасын інісі інісін ئاكىسى ئىنىسى "
    "akisi inisi 哥哥 弟弟 兄弟",
    "aunt": "aunts? т[её]т(я|ю|и|е|ка|ку) тітк хамма 姑姑 阿姨 姨妈",
    "uncle": "uncles? дяд(я|ю|и|е|ька) дядьк нағашы(сы)? تاغىسى 叔叔 舅舅 伯伯",
    "niece": "nieces? племянниц(а|у|ы|е) племінниц жиен ئىنى-قىزى 侄女 外甥女",
    "nephew": "nephews? племянник(а|у|ом)? племінник جىيەنى 侄子 外甥",
    "cousin": "cousins? двоюродн двоюрідн немере бөле 表哥 表姐 表弟 表妹 堂哥 堂弟 堂姐 堂妹",
    "grandparent": "grand(mother|father|parents?|ma|pa) бабушк дедушк бабус дідус әже(сі)? "
    "爷爷 奶奶 外公 外婆",
    "grandchild": "grand(son|daughter|child|children) внук внучк онук немересі نەۋرىسى 孙子 孙女",
    "in-law": "in-laws? тещ тёщ свекр зят(ь|я|ю|ем) невестк кел(ін|іні) қайн 岳母 岳父 婆婆 公公 女婿 儿媳",
    "relative": "relatives? kin famil(y|ies) родственни родн(я|ых|ые|ым) сем(ья|ью|ьи|ье) родин "
    "туыс отбасы تۇغقان ئائىلىسى 亲戚 亲属 家人 家属",
    "neighbour": "neighbou?rs? сосед сусід көрші قوشنىسى 邻居",
    "friend": "friends? друг(а|у|ом|е)? друз подруг(а|у|и|е|ой) друз(я|і) дос(ы|ын|тары) құрбы دوستى 朋友",
    "cellmate": "cell-?mates? сокамерник співкамерник камералас 狱友 室友",
    "guarantor": "guarantors? поручител кепіл(і|гер) 担保人",
    "colleague": "colleagues? коллег колег әріптес 同事",
    "teacher": "teachers? учител вчител мұғалім ئوقۇتقۇچىسى 老师",
}
#: Words that may mean any of several.
_WIDER: Final[dict[Kin, tuple[Kin, ...]]] = {
    "child": ("son", "daughter", "child"),
    "relative": (
        "wife", "husband", "mother", "father", "son", "daughter", "child", "sister", "brother", "aunt",
        "uncle", "niece", "nephew", "cousin", "grandparent", "grandchild", "in-law", "relative",
    ),
}  # fmt: skip
#: What somebody is to whom he has as such a one, where that is another word.
_BACK: Final[dict[Kin, tuple[Kin, ...]]] = {
    "wife": ("husband",),
    "husband": ("wife",),
    **dict.fromkeys(("mother", "father"), ("son", "daughter", "child")),
    **dict.fromkeys(("son", "daughter", "child"), ("mother", "father")),
    **dict.fromkeys(("sister", "brother"), ("sister", "brother")),
    **dict.fromkeys(("aunt", "uncle"), ("niece", "nephew")),
    **dict.fromkeys(("niece", "nephew"), ("aunt", "uncle")),
    "grandparent": ("grandchild",),
    "grandchild": ("grandparent",),
    "teacher": (),
    "guarantor": (),
}
_HAN: Final = re.compile("[\u3400-\u9fff]")
#: By what somebody speaks of herself, and where a sentence ends.
_OWN: Final = re.compile(
    r"\b(?:I|me|my|mine|we|us|our|я|меня|мне|мной|мо[йяёеиюю]|мо(?:его|ей|ему|им|ими|их)|мы|нас|нам|наш\w{0,3}|"
    r"мій|мо(?:го|єї|єму|єю|їм|їх|ї)|ми|мен(?:ің|і)?|маған|біз(?:дің)?|مەن|مېنىڭ|بىز|بىزنىڭ|mening|biz|bizning)\b"
    "|[我咱]",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
#: A name has no more words.
_NAME: Final = 5
_SENTENCE: Final = re.compile(r"[.!?…。！？؟\n]")
#: Kazakh and Uyghur words with an ending that says "my".
_MINE: Final = re.compile(
    r"(?:әйел|күйеу|жолдас|йолдош|ана|апа|шеше|әке|ұл|қыз|бала|әпке|аға|іні|көрші|дос|қарындас|сіңлі|нағашы)"
    r"\w{0,2}м(?:[дтн][іые]ң?|[дт][ае]н?|[гғқ]?[ае]|[нм][ае]н)?\b|\w+[ىۇاە]م\b",
    re.IGNORECASE,
)


class Singled(msgspec.Struct, frozen=True, tag=True):
    """Letters ``start`` to ``end`` of a text speak of somebody as ``kin`` of another. ``people``: the labels
    of those in reach whom it may be; ``told``: whether statements say that they stand in that relation."""

    start: int
    end: int
    kin: Kin
    people: tuple[str, ...]
    told: bool


class SaidOf(msgspec.Struct, frozen=True, tag=True):
    """Letters ``start`` to ``end`` of a text say that ``people`` (a label, who is not named there) are
    ``kin`` of somebody who is, or the other way round. ``told``: whether statements say so, too."""

    start: int
    end: int
    kin: Kin
    people: tuple[str, ...]
    told: bool


class Kinship:
    """What people are to each other by what statements say. ``person``: whom a label stands for."""

    def __init__(self, statements: Iterable[Statement], person: Callable[[str], str]) -> None:
        self._kin: dict[frozenset[str], dict[Kin, None]] = {}
        for one in statements:
            topic, _, sort = one.fact.partition(":")
            if topic == "relation" and one.answer == "yes" and one.value:
                found = self._kin.setdefault(frozenset((person(one.subject), person(one.value))), {})
                for each in kin(sort):
                    found.update(dict.fromkeys((each, *_BACK.get(each, (each,)))))

    def between(self, one: str, other: str) -> tuple[Kin, ...]:
        """What either of two people is to the other; nothing where nobody says."""
        return tuple(self._kin.get(frozenset((one, other)), ()))


def said_of(text: str, person: str, known: Collection[Kin], *, quoted: bool) -> tuple[SaidOf, ...]:
    """Where a text that one of two people tells of the other says what they are to each other: ``person`` is
    the one who is not named. ``known``: what they are by statements; where none says, only what is ``quoted``
    and said by somebody of herself can be meant: "my husband", "I am his wife"."""
    if not known and not quoted:
        return ()
    out = []
    for match in _pattern().finditer(text):
        kind = _kinds()[match.lastgroup or ""]
        if known:
            meant = not {kind, *_WIDER.get(kind, ())}.isdisjoint(known)
        else:
            meant = bool(_MINE.match(match[0]) or _OWN.search(_sentence(text, *match.span())))
        if meant:
            out.append(SaidOf(match.start(), match.end(), kind, (person,), bool(known)))
    return tuple(out)


def said_beside(text: str, person: str, named: Collection[str]) -> tuple[SaidOf, ...]:
    """Where a sentence about somebody unnamed (``person``) says what she is to somebody who is named in it:
    "the wife of Daulet Omar". ``named``: how they are called, as ``plainly`` has it."""
    out = []
    for match in _pattern().finditer(text):
        kind = _kinds()[match.lastgroup or ""]
        if kind in _WIDER["relative"] and _names(_sentence(text, *match.span()), named):
            out.append(SaidOf(match.start(), match.end(), kind, (person,), told=False))
    return tuple(out)


def _names(sentence: str, named: Collection[str]) -> bool:
    """Whether one of these names stands in a sentence."""
    each = plainly(sentence).split()
    return any(
        " ".join(each[start:end]) in named
        for start in range(len(each))
        for end in range(start + 1, min(start + _NAME, len(each)) + 1)
    )


def plainly(name: str) -> str:
    """The words of a name in small letters."""
    return " ".join(_WORD.findall(name.casefold()))


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence in which these letters stand."""
    begins = max((one.end() for one in _SENTENCE.finditer(text, 0, start)), default=0)
    found = _SENTENCE.search(text, end)
    return text[begins : found.start() if found else len(text)]


def singled_out(text: str, reach: Mapping[str, Iterable[str]]) -> tuple[Singled, ...]:
    """Where a text speaks of somebody in reach by relation.

    ``reach``: by label those who can be reached by reprisals, each with the
    relations that statements give ("wife", "жена"); none where nobody says.
    """
    if not reach:
        return ()
    relations = {label: {one for said in own for one in kin(said)} for label, own in reach.items()}
    out = []
    for match in _pattern().finditer(text):
        kind = _kinds()[match.lastgroup or ""]
        wanted = {kind, *_WIDER.get(kind, ())}
        known = tuple(label for label, own in relations.items() if own & wanted)
        open_ = tuple(label for label, own in relations.items() if not own)
        if known or open_:
            out.append(Singled(match.start(), match.end(), kind, known or open_, bool(known)))
    return tuple(out)


def relations(
    statements: Iterable[Statement], subject: str, labels: Iterable[str]
) -> dict[str, tuple[Kin, ...]]:
    """What statements say that each of ``labels`` is to ``subject``, from either side."""
    found: dict[str, dict[Kin, None]] = {label: {} for label in labels}
    for one in statements:
        topic, _, sort = one.fact.partition(":")
        if topic != "relation" or one.answer != "yes":
            continue
        if one.about == subject and one.value in found:
            found[one.value].update(dict.fromkeys(kin(sort)))
        elif one.value == subject and one.about in found:
            back = (other for each in kin(sort) for other in _BACK.get(each, (each,)))
            found[one.about].update(dict.fromkeys(back))
    return {label: tuple(own) for label, own in found.items()}


def kin(said: str) -> tuple[Kin, ...]:
    """What a casebook's word for a relation means: of "older brother" brother; nothing where it is none of
    ours."""
    return tuple(
        dict.fromkeys(_kinds()[match.lastgroup or ""] for match in _pattern().finditer(folded(said)))
    )


@cache
def _kinds() -> dict[str, Kin]:
    return {f"k{at}": one for at, one in enumerate(_STEMS)}


@cache
def _pattern() -> re.Pattern[str]:
    ways = []
    for name, one in _kinds().items():
        stems = [stem.replace("(", "(?:") for stem in _STEMS[one].split()]
        words = [rf"\b{stem}{_end(stem)}" for stem in stems if not _HAN.search(stem)]
        ways.append(f"(?P<{name}>{'|'.join([*words, *filter(_HAN.search, stems)])})")
    return re.compile("|".join(ways), re.IGNORECASE)


def _end(stem: str) -> str:
    """The endings of a word: those that are listed, an English word's few, or any."""
    if stem.isascii():
        return r"(?:[’']s?)?\b"
    return r"\b" if stem.endswith((")", ")?")) else r"\w{0,6}\b"
