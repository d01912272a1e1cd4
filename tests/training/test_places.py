"""Words of place names, to learn from."""

from __future__ import annotations

from training.places import places

from estelik.names import script
from estelik.places.gazetteer import PLACES


def test_a_place_gives_pairs_of_spellings_of_one_word_and_none_of_two_names() -> None:
    """Donetsk was Stalino too, and is no spelling of it; words for levels and names of several words are
    left out."""
    lines = PLACES.read_text(encoding="utf-8").splitlines()
    few = [line for line in lines if "Stalino" in line or "喀什" in line]
    found = set(places(few, {"喀": "ka", "什": "shi"}))
    words = {(pair.word, pair.latin) for pair in found}
    assert ("донецьк", "donetsk") in words
    assert ("донецьк", "stalino") not in words
    assert ("喀什", "kashi") in words
    assert {pair.script for pair in found} == {"Cyrl", "Arab", "Hani"}
    assert all(script.of(pair.word) == pair.script for pair in found)
    assert not [pair for pair in found if " " in pair.word or pair.word.endswith("县")]
