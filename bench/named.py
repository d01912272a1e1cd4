"""Named: how often a name that must not be in a text is found, how often something else is, and how fast.

Invented sentences in seven languages and writings, with names of invented people in other writings and
spellings than are recorded of them, with the endings that the sentence needs (`python -m training.pairs` has
the names: of those that were never trained on). Beside them sentences that name nobody, or others.

And a whole draft, looked through as `estelik release check` does: people who are named with their consent, of
each an arrest with a sentence of her own, and two relatives who are not named.
"""

from __future__ import annotations

import time
from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from bench.measure import scaled
from estelik.identity.resolution import Resolution
from estelik.names import script
from estelik.places.atlas import Atlas
from estelik.protection.examination import Examination, Surroundings
from estelik.protection.named import Named
from estelik.protection.permission import Asked
from estelik.protection.placed import Placed
from estelik.protection.release import Material, draw
from estelik.records import Statement
from estelik.records.consent import Consent, Consents
from estelik.records.release import Draft, Release
from training import pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.pairs import Pair

#: Of each writing sentences with a place for a name, and the endings that it may have there.
_SENTENCES: Final[dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "ru": (
        ("В апреле забрали {}, и с тех пор дома никто не отвечает.", ("", "а", "у")),
        ("Мы виделись с {} на базаре за неделю до того, как закрыли дорогу.", ("ом", "ой", "")),
        ("Соседка сказала, что {} держат в одной камере с тремя учителями.", ("", "а", "у")),
        ("О {} мы узнали только зимой, когда вернулся один из заключённых.", ("е", "")),
        ("Письмо для {} лежало на почте до осени.", ("а", "ы", "")),
    ),
    "kk": (
        ("Сәуірде {} алып кетті, содан бері үйде ешкім жоқ.", ("ді", "ны", "ні", "")),
        ("Базарда {} кездестім, ол кезде жол әлі ашық еді.", ("мен", "бен", "пен")),
        ("Көршінің айтуынша, {} үш мұғаліммен бір камерада отыр.", ("", "дың", "нің")),
        ("Біз {} туралы қыста ғана естідік.", ("", "ның")),
    ),
    "en": (
        ("In April {} was taken from home, and nobody has answered the telephone since.", ("",)),
        ("A neighbour saw {} uncle at the market a week before the road was closed.", ("'s", "’s")),
        ("We heard about {} only in winter, when one of the prisoners came back.", ("",)),
        ("i asked the guard where {} is and he said nothing", ("",)),
    ),
    "ug": (
        ("ئاپرېلدا {} ئۆيدىن ئېلىپ كېتىلدى، شۇنىڭدىن بېرى ھېچكىم جاۋاب بەرمىدى.", ("", "نى")),
        ("بازاردا {} بىلەن كۆرۈشتۈم، ئۇ چاغدا يول ئوچۇق ئىدى.", ("",)),
        ("قوشنىمىز {} ئۈچ مۇئەللىم بىلەن بىر كامېردا دېدى.", ("نىڭ", "نى", "")),
    ),
    "zh": (
        ("四月份{}被带走以后，家里的电话再也没有人接。", ("",)),
        ("邻居说在市场上见过{}，那时候路还没有封。", ("",)),
        ("直到冬天我们才听说{}和三位老师关在同一个房间。", ("",)),
        ("给{}的信在邮局一直放到秋天。", ("",)),
    ),
    "link": (("Написали здесь: {}", ("",)), ("see {} for the pictures", ("",))),
}
#: Such as name nobody.
_OTHERS: Final[dict[str, tuple[str, ...]]] = {
    "ru": (
        "После обеда во дворе никого не было, только старый сторож курил у ворот.",
        "Нам сказали, что списки привезут в понедельник, но машина не пришла.",
        "В подвале было холодно, дети спали в куртках, а воду носили из колодца.",
        "Суд длился четверть часа, приговор прочитали на другом языке.",
        "Летом в Алматы и Урумчи ходят автобусы, но билеты продают только по паспорту.",
    ),
    "kk": (
        "Түстен кейін аулада ешкім болған жоқ, тек қақпаның жанында күзетші тұрды.",
        "Тізімді дүйсенбіде әкеледі деді, бірақ көлік келген жоқ.",
        "Жертөле суық еді, балалар киіммен ұйықтады, суды құдықтан тасыдық.",
        "Алматы мен Үрімжі арасында автобус жүреді, билетті паспортпен ғана сатады.",
    ),
    "en": (
        "After dinner nobody was in the yard but an old guard who smoked at the gate.",
        "They told us that the lists would be brought on Monday, but the car never came.",
        "The trial lasted a quarter of an hour, and the sentence was read in another language.",
        "Buses run between Almaty and Urumchi in summer, but tickets are sold with a passport only.",
    ),
    "ug": (
        "چۈشتىن كېيىن ھويلىدا ھېچكىم يوق ئىدى، پەقەت قېرى قاراۋۇل دەرۋازا يېنىدا تۇراتتى.",
        "تىزىملىكنى دۈشەنبە كۈنى ئەكېلىدۇ دېدى، لېكىن ماشىنا كەلمىدى.",
        "يەر ئاستى سوغۇق ئىدى، بالىلار كىيىم بىلەن ئۇخلىدى، سۇنى قۇدۇقتىن توشۇدۇق.",
    ),
    "zh": (
        "午饭以后院子里没有人，只有一个老门卫在门口抽烟。",
        "他们说名单星期一送来，可是汽车一直没有到。",
        "审判只用了一刻钟，判决是用另一种语言宣读的。",
        "夏天阿拉木图和乌鲁木齐之间有班车，但是只能凭护照买票。",
    ),
}
_LANGUAGE: Final = {"Cyrl": ("ru", "kk"), "Latn": ("en",), "Arab": ("ug",), "Hani": ("zh",)}


class _Case(NamedTuple):
    """A text in which somebody is named between two letters, and in which way."""

    text: str
    start: int
    end: int
    person: str
    kind: str


def main() -> None:
    """Measures, and prints a table."""
    count = scaled(10_000, 100)
    rng = Random(1)
    same = [one for one in pairs.make("held", count * 5, 1) if one.same and one.kind != "part"]
    names: dict[str, list[str]] = {}
    for one in same:
        names.setdefault(one.person_a, []).append(one.name_a)
    cases = [_case(one, rng) for one in same]
    protected = dict(list(names.items())[:count])
    cases = [one for one in cases if one.person in protected][:count]
    start = time.perf_counter()
    kept = Named(protected)
    laid = time.perf_counter()
    found = kept.find([one.text for one in cases])
    end = time.perf_counter()
    print(f"  {len(protected):,} protected people, laid out in {laid - start:.1f} s")
    print(f"  {len(cases):,} texts of a sentence in {end - laid:.1f} s")
    rows: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for case, mentions in zip(cases, found, strict=True):
        there = [one for one in mentions if one.start < case.end and one.end > case.start]
        rows[case.kind].append(
            (
                bool(there),
                any(one.kind == "name" for one in there),
                any(case.person in one.people for one in there),
            )
        )
    print(f"  {'recorded in, named in':38}{'texts':>8}{'found':>8}{'whole':>8}{'whom':>8}")
    for kind, each in sorted(rows.items()):
        print(
            f"  {kind:38}{len(each):8,}"
            + "".join(f"{sum(one) / len(each):8.1%}" for one in zip(*each, strict=True))
        )
    _alarms(kept, protected, rng)
    for people in (5_000, 10_000, 20_000):
        _draft(scaled(people, 20))


def _names(count: int, rng: Random) -> list[str]:
    """Names of which many share a word, as in a casebook."""
    every = (one.name_a.split() for one in pairs.make("held", count // 5, 3) if one.script_a in _LANGUAGE)
    words: dict[str, list[list[str]]] = defaultdict(list)
    for one in every:
        if len(one) > 1:
            words[script.of(one[0])].append(one)
    found: dict[str, None] = {}
    while len(found) < count:
        own = rng.choice([*words.values()])
        found[f"{rng.choice(own)[0]} {rng.choice(own)[-1]}"] = None
    return list(found)


def _draft(people: int) -> None:
    """Looks a draft through."""
    rng = Random(3)
    names = _names(people * 3, rng)
    told, asked = [], []
    for number, name in enumerate(names[:people]):
        sentence = rng.choice(_SENTENCES[rng.choice(list(_SENTENCES))])[0]
        own = Statement(
            f"{number}.1", name, source=name, testimony=f"t{number}", told="2021-05-03", event="arrest",
            when=f"{rng.randrange(2016, 2020)}",
            # One of ten sentences names somebody.
            quote=sentence.replace("{}", "…" if number % 10 else rng.choice(names)),
        )  # fmt: skip
        told.append(own)
        for at in range(2):
            other = names[(people + 2 * number + at) % len(names)]
            told.append(replace(own, statement=f"{number}.{at + 2}", event="", when="", quote="",
                                fact="relation:brother", value=other))  # fmt: skip
        asked.append(
            Consent(
                f"c{number}", name, "all", "2024-01-01", ("public",), ("publication",),
                identity="named", media=("words",),
            )
        )  # fmt: skip
    material = Material(told, (), (), Resolution(), Consents(tuple(asked)))
    release = Release(Draft("d", "2024-06-28", "device", "All", "public", "publication", "00"))
    drawn = draw(release, material, Asked("public", "publication", 740_000), bytes(32))
    start, worked = time.perf_counter(), time.process_time()
    looked = Examination(drawn, material, Surroundings(Placed(Atlas(()))), bytes(32), "All")
    found = looked.findings()
    end = time.perf_counter()
    print(
        f"  a draft of {people:,} people with {2 * people:,} relatives, "
        f"{len(found):,} findings: {end - start:.1f} s, {time.process_time() - worked:.1f} s of a core"
    )


def _case(pair: Pair, rng: Random) -> _Case:
    language = rng.choice(_LANGUAGE[pair.script_b])
    kind = f"{pair.script_a} {pair.script_b}"
    name = pair.name_b
    if language == "en" and rng.random() < 0.1:
        language, kind = "link", f"{pair.script_a} in a link"
        parts = [one for one in name.lower().replace(",", " ").replace("'", "").split() if len(one) > 1]
        name = rng.choice(("@", "t.me/", "mail: ")) + rng.choice(("", "_", ".", "-")).join(parts)
    elif rng.random() < 0.15 and pair.script_b != "Hani":
        long = [one for one in name.replace(",", " ").split() if len(one) > 4]
        name, kind = rng.choice(long or [name]), f"one word of it in {pair.script_b}"
    sentence, endings = rng.choice(_SENTENCES[language])
    if sentence.islower():
        name = name.lower()
    if language in ("ru", "kk", "ug") or endings[-1]:
        name = (name.rstrip("а") if language == "ru" else name) + rng.choice(endings)
    start = sentence.index("{")
    return _Case(sentence.replace("{}", name), start, start + len(name), pair.person_a, kind)


def _alarms(kept: Named, protected: dict[str, list[str]], rng: Random) -> None:
    """What is found where nobody is named, and where others are."""
    print(f"  {'texts that name nobody, in':38}{'texts':>8}{'whole':>8}{'part':>8}")
    for language, texts in _OTHERS.items():
        _alarm(kept, language, texts)
    others = [one for one in pairs.make("held", scaled(8_000, 100), 2) if one.same]
    strangers = [one for one in others if one.person_a not in protected]
    print(f"  {'texts that name others, in':38}{'texts':>8}{'whole':>8}{'part':>8}")
    by: dict[str, list[str]] = defaultdict(list)
    for one in strangers:
        by[one.script_b].append(_case(one, rng).text)
    for writing, found in sorted(by.items()):
        _alarm(kept, writing, found)


def _alarm(kept: Named, what: str, texts: Sequence[str]) -> None:
    found = kept.find(texts)
    shares = [
        sum(any(one.kind == kind for one in each) for each in found) / len(texts) for kind in ("name", "part")
    ]
    print(f"  {what:38}{len(texts):8,}" + "".join(f"{one:8.1%}" for one in shares))


if __name__ == "__main__":
    main()
