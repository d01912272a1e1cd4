"""Described: who is told of by what he is ("elderly woman", a nurse), or not told of at all, is not named.

Two strangers may be described alike: such words join nobody with anybody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from estelik.names import spelling

if TYPE_CHECKING:
    from estelik.names.script import Script

#: What stands where a name was not said, in whole.
_DECLINED: Final = frozenset(
    line.strip()
    for line in """
    ?, -, n/a, na, anonymous, anonym, unknown, unnamed, name withheld, withheld, name not given, not named,
    declined, name unknown, nn, n.n., x, xx, xxx, redacted,
    неизвестно, неизвестный, неизвестная, аноним, анонимно, не назвал, не назвала, без имени,
    имя не названо, имя неизвестно, не назван, не названа, имя изменено,
    невідомо, невідомий, невідома, анонім, не назвав, не назвала,
    белгісіз, аты белгісіз, атын айтпады, анонимді, نامەلۇم, ئىسمى نامەلۇم, مجهول, بەلگىسىز,
    某, 某人, 某某, 无名, 無名, 不详, 不詳, 匿名
    """.replace("\n", " ").split(",")
)
#: What may stand around it.
_AROUND: Final = "\"'«»()[]?!. "
_TWO: Final = 2
_BEGINS: Final = frozenset(one[:_TWO] for one in _DECLINED)
#: Words that tell what somebody is; in small letters they are in no name.
_WORDS: Final = """
woman boy girl person people child elderly someone somebody mother father brother sister wife husband
daughter neighbour neighbor guard teacher student prisoner detainee
мужчина женщина мальчик девочка девушка парень старик старуха бабушка дедушка сосед соседка мать отец
брат сестра жена муж сын дочь человек ребёнок ребенок
жінка чоловік хлопець дівчина сусід
әйел еркек кісі жігіт ayal ئايال
"""
#: And such as may stand before a name: where nothing else is said, they are none either.
_STATIONS: Final = """
lady gentleman grandmother grandfather granny grandma grandpa aunt uncle nephew niece nurse doctor soldier
driver cook worker policeman policewoman officer official inmate cellmate roommate classmate colleague friend
stranger baby infant toddler teenager widow widower pensioner farmer shepherd trader interpreter translator
investigator judge lawyer orderly
старушка старичок солдат водитель шофёр медсестра санитар санитарка врач дама господин тётя тетя дядя тётка
тетка племянник племянница внук внучка подросток младенец пенсионер пенсионерка учитель учительница студент
студентка сокамерник сокамерница заключённый заключенный заключённая заключенная охранник надзиратель
надзирательница полицейский следователь судья переводчик переводчица повар рабочий вдова вдовец пастух друг
подруга незнакомец незнакомка
хлопчик дівчинка сусідка мати батько дружина бабуся дідусь дід тітка дядько дитина немовля підліток людина
особа вчитель вчителька лікар лікарка водій санітар полонений полонена в'язень співкамерник охоронець слідчий
перекладач пенсіонер
кемпір шал қария келіншек көрші мұғалім дәрігер медбике жүргізуші сарбаз күзетші тергеуші аудармашы бөпе
нәресте оқушы жесір туысы
ئەر بالا قىز بوۋاي موماي قوشنا دوختۇر مۇئەللىم ساقچى ئەسكەر شوپۇر سېستىرا ئوقۇغۇچى
femme homme fille garçon enfant personne vieillard vieille mère père frère voisin voisine infirmière
infirmier médecin soldat chauffeur gardien gardienne détenu détenue professeur étudiant étudiante
"""
#: What stands beside such words.
_BESIDE: Final = """
years year old young tall small man woman men women son ana er unnamed unknown other another one two his her
their my middle-aged pregnant sick blind uyghur kazakh kyrgyz chinese russian ukrainian
лет года старый старая молодой молодая пожилой пожилая неизвестный неизвестная другой другая один одна
больной больная беременная высокий высокая
старий стара молодий молода літній літня невідомий невідома інший інша
адам бала қыз бір жас қарт кәрі үлкен ئادەم بىر ياش قېرى
un une jeune âgé âgée vieux inconnu inconnue
"""
_IN_NO_NAME: Final = frozenset(_WORDS.split())
_DESCRIBED: Final = _IN_NO_NAME | frozenset(map(spelling.folded, _STATIONS.split()))
_DESCRIBING: Final = _DESCRIBED | frozenset(map(spelling.folded, _BESIDE.split()))
#: Small words that are in no name.
_SMALL_WORDS: Final = "a an the of from with in at and about who whose из в на лет із у"
_SMALL: Final = frozenset(_SMALL_WORDS.split())
_ARTICLES: Final = (["A"], ["An"], ["The"])
#: Of Chinese, what a description ends in; a man or a woman only behind what tells how many or of what kind:
#: names end in these, too.
_ENDS: Final = (
    *("人", "男子", "女子", "男人", "女人", "男孩", "女孩", "孩子", "婴儿", "妇女", "少年", "少女", "青年"),
    *("老太太", "老太", "老头", "老奶奶", "老爷爷", "老大爷", "老婆婆", "大爷", "大妈", "阿姨", "叔叔"),
    *("护士", "医生", "司机", "士兵", "军人", "警察", "邻居", "学生", "狱友", "室友", "看守"),
)
_COUNTED: Final = re.compile(r"(?:^|[某名个位岁族老年一两三个])[男女]$")


def declined(text: str, writing: Script) -> bool:
    """Whether ``text``, cleaned and of this script, stands where a name would, and is none: nothing was said,
    or only what somebody is."""
    return writing == "Zyyy" or (
        (_begins(text) and spelling.folded(text).strip(_AROUND) in _DECLINED)
        or (writing == "Hani" and _chinese(text.rstrip(_AROUND)))
        or _described(text)
    )


def _begins(text: str) -> bool:
    """Whether ``text`` may be one of those that stand where a name would: most begin otherwise."""
    first = text[:_TWO]
    return not first.isalpha() or first.casefold()[:_TWO] in _BEGINS


def _chinese(text: str) -> bool:
    return text.endswith(_ENDS) or (text.endswith(("男", "女")) and _COUNTED.search(text) is not None)


def _described(text: str) -> bool:
    words = text.replace(",", " ").split()
    # As written: with a capital it may be a name.
    if not _IN_NO_NAME.isdisjoint(words):
        return True
    if len(words) == 1:
        return spelling.folded(words[0]) in _DESCRIBED
    small = sum(word in _SMALL for word in words)
    # "A man": but "A Man" may be somebody's initial and family.
    small += words[:1] in _ARTICLES and words[1] in _DESCRIBING
    # Most are spared to be folded: either one word is small, or all of them describe somebody.
    if not small and (not words or spelling.folded(words[0]) not in _DESCRIBING):
        return False
    describing = sum(spelling.folded(word) in _DESCRIBING for word in words)
    return bool(describing and small) or describing + small == len(words)
