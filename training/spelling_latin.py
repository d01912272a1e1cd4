"""Spelling in Latin letters by no table of the language: passports, newspapers, what people make up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from training import sounds

if TYPE_CHECKING:
    from random import Random

#: Passports of Kazakhstan until 2018, and Russian ones: from the Cyrillic spelling.
_PASSPORT: Final = {
    **dict(zip("абвгдезийклмнопрстуфыэәғқңөұүһі", "abvgdeziiklmnoprstufyeagknouuhi", strict=True)),
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ё": "yo",
    "ъ": "",
    "ь": "",
}
#: What a kind of passport does otherwise, and how often.
_OTHERWISE: Final = (
    ({"ж": "j"}, 0.2),
    ({"й": "y"}, 0.35),
    ({"ю": "iu", "я": "ia"}, 0.2),
    ({"х": "h", "һ": "kh"}, 0.15),
    ({"қ": "q"}, 0.1),
    ({"ғ": "gh"}, 0.15),
    ({"ң": "ng"}, 0.3),
    ({"ы": "i"}, 0.1),
    ({"і": "y"}, 0.08),
)
_YE: Final = 0.3
_WORD: Final = re.compile(r"[^\W\d_]+")
_CAPITALS: Final = 0.08


def passport(text: str, rng: Random) -> str:
    """Words in Kazakh or Russian Cyrillic as passports spell them; some in capitals throughout."""
    table = dict(_PASSPORT)
    for others, often in _OTHERWISE:
        if rng.random() < often:
            table |= others
    ye = rng.random() < _YE

    def word(match: re.Match[str]) -> str:
        letters = match[0].lower()
        written = "".join(table.get(letter, letter) for letter in letters)
        if ye and letters[0] == "е":
            written = "y" + written
        return written[:1].upper() + written[1:] if match[0][0].isupper() else written

    written = _WORD.sub(word, text)
    return written.upper() if rng.random() < _CAPITALS else written


#: A sound, and how English-language pages spell it, the most usual way first with how often.
_ENGLISH: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "q": (("k", 0.6), ("q", 0.38), ("kh", 0.02)),
    "G": (("g", 0.6), ("gh", 0.4)),
    "x": (("kh", 0.5), ("h", 0.4), ("x", 0.1)),
    "j": (("zh", 0.5), ("j", 0.45), ("dzh", 0.05)),
    "c": (("ch", 1.0),),
    "S": (("sh", 1.0),),
    "Z": (("zh", 1.0),),
    "N": (("n", 0.5), ("ng", 0.5)),
    "ä": (("a", 0.75), ("e", 0.17), ("ä", 0.08)),
    "ö": (("o", 0.8), ("u", 0.1), ("ö", 0.1)),
    "ü": (("u", 0.85), ("ü", 0.1), ("yu", 0.05)),
    "ı": (("y", 0.65), ("i", 0.35)),
    "w": (("u", 0.7), ("w", 0.3)),
    "y": (("y", 0.5), ("i", 0.5)),
}
_ENGLISH_UYGHUR: Final = _ENGLISH | {
    "q": (("q", 0.45), ("k", 0.55)),
    "x": (("h", 0.4), ("kh", 0.25), ("x", 0.35)),
    "j": (("j", 0.88), ("zh", 0.12)),
    "ä": (("e", 0.6), ("a", 0.4)),
    "ü": (("u", 0.75), ("ü", 0.25)),
    "ö": (("o", 0.75), ("ö", 0.15), ("u", 0.1)),
    "w": (("w", 0.65), ("v", 0.35)),
    "y": (("y", 0.8), ("i", 0.2)),
}
#: Names with spellings of their own on such pages.
_OWN: Final = (
    (r"^mämät", ("Mehmet", "Memet", "Mamat", "Mammat", "Maimaiti")),
    (r"muhämmät$", ("muhammad", "muhammet", "mohammed", "muhemmet")),
    (r"^ähmät", ("Ahmet", "Ahmat", "Ehmet", "Ahmad")),
    (r"räxman", ("rahman", "rehman", "raxman", "rakhman")),
    (r"^hüsän", ("Hussein", "Husen", "Huseyin")),
    (r"^häsän", ("Hasan", "Hesen", "Hassan")),
    (r"^osman", ("Osman", "Usman", "Othman")),
    (r"^ömär", ("Omar", "Omer", "Umar")),
    (r"^yüsüp", ("Yusup", "Yusuf", "Yüsüp")),
)
_OWN_SPELLING: Final = 0.5
_YE_ENGLISH: Final = 0.4


def english(sound: str, rng: Random, *, uyghur: bool) -> str:
    """A name by its sounds as English-language pages spell it, one letter one way through the word."""
    ways = _ENGLISH_UYGHUR if uyghur else _ENGLISH
    chosen = {
        letter: rng.choices([way for way, _ in some], [often for _, often in some])[0]
        for letter, some in ways.items()
    }
    ye, own = rng.random() < _YE_ENGLISH, rng.random() < _OWN_SPELLING
    before, written, behind = "", sound, ""
    for pattern, spellings in _OWN if own else ():
        if found := re.search(pattern, sound):
            before, written, behind = (
                sound[: found.start()],
                rng.choice(spellings).lower(),
                sound[found.end() :],
            )
            break
    else:
        before, written = sound, ""
    text = _spelled(before, chosen) + written + _spelled(behind, chosen)
    if ye and not uyghur and sound[:1] == "e":
        text = "y" + text
    return text.capitalize()


def _spelled(sound: str, chosen: dict[str, str]) -> str:
    out = []
    for place, letter in enumerate(sound):
        beside = sound[place + 1 : place + 2]
        if letter == "y" and beside and beside in sounds.VOWELS:
            # Between vowels an i would be read as one.
            out.append("y")
        elif letter == "w" and beside and beside in sounds.VOWELS:
            out.append("w" if chosen["w"] == "u" else chosen["w"])
        else:
            out.append(chosen.get(letter, letter))
    return "".join(out).replace("shh", "sh")
