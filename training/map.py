"""Map: trains what `estelik.names` knows of scripts, and writes it into the package.

    python -m training.map --wikidata FOLDER --unihan FOLDER [--words FILE]...

``--wikidata``: the name tokens of NETransliteration-COLING2018 (from Wikidata, CC0);
``--unihan``: the Unicode Han database; ``--words``: further pairs (script, word,
Latin, in columns), such as `python -m training.tokens` prints; ``--without``: such
pairs whose words, in either column, are not to be learned from; ``--places``: another gazetteer than the
package's own.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from estelik.names import kernel
from estelik.places.gazetteer import PLACES
from training import characters, origin, places, tables, vectors, words

#: Where the package keeps it.
OUT: Final = Path(__file__).parent.parent / "src" / "estelik" / "names" / "map"
_SCRIPTS: Final = ("Latn", "Cyrl", "Arab", "Hani")


def main() -> int:
    """Trains, writes, and says what it does on stderr."""
    asked = argparse.ArgumentParser(prog="python -m training.map", description=__doc__)
    asked.add_argument("--wikidata", type=Path, required=True)
    asked.add_argument("--unihan", type=Path, required=True)
    asked.add_argument("--words", type=Path, action="append", default=[])
    asked.add_argument("--without", type=Path, action="append", default=[])
    asked.add_argument("--places", type=Path, default=PLACES)
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    given.out.mkdir(exist_ok=True)

    known = characters.distilled(given.unihan)
    plain = {letter: found.simplified for letter, found in known.items()}
    syllables = {letter: found.syllable for letter, found in known.items()}
    pairs = [
        *(pair for part in ("80", "20") for pair in words.wikidata(given.wikidata, part)),
        *places.places(given.places.read_text(encoding="utf-8").splitlines(), syllables),
        *(pair for file in given.words for pair in words.listed(file)),
    ]
    kept_out = words.kept_out(given.without)
    pairs = [pair for pair in pairs if pair.word not in kept_out and pair.latin not in kept_out]
    pairs = [
        pair._replace(word="".join(plain.get(letter, letter) for letter in pair.word))
        if pair.script == "Hani"
        else pair
        for pair in pairs
    ]
    pairs += words.spellings(pairs)
    made = write(given.out, "characters", _characters(known))
    names = sorted(set(syllables.values()))
    numbers = {name: number for number, name in enumerate(names)}
    learned = {script: tables.learned(script, pairs, syllables, numbers, say) for script in _SCRIPTS}
    made += write(given.out, "tables", packed_tables(learned))
    made += write(given.out, "vectors", packed_vectors(vectors.learned(pairs, syllables, say)))
    read = [*given.wikidata.glob("wd_*_[28]0.tsv"), *given.unihan.glob("Unihan_[RV]*")]
    origin.told(
        given.out, "map", made,
        command="python -m training.map --wikidata FOLDER --unihan FOLDER --words FILE --without FILE",
        data=origin.TOKENS,
        pairs=len(pairs),
        seed=vectors.SEED,
        sources=origin.digests([*read, *given.words, given.places]),
    )  # fmt: skip
    return 0


def say(what: str) -> None:
    """Says how far it has come."""
    print(what, file=sys.stderr, flush=True)


def write(folder: Path, name: str, arrays: dict[str, Any]) -> list[str]:
    """Writes arrays as files that can be mapped into memory as they are; gives what they are called."""
    made = {f"{name}.{part}.npy": array for part, array in arrays.items()}
    for file, array in made.items():
        np.save(folder / file, array, allow_pickle=False)
    return list(made)


def packed_vectors(found: vectors.Vectors) -> dict[str, Any]:
    """Vectors in a byte an axis, as ``names.weights`` has them."""
    scale = np.abs(found.vectors).max(axis=1) / 127
    scale[scale == 0] = 1
    return {
        "keys": found.keys.astype(np.int32),
        "scales": scale.astype(np.float32),
        "rows": np.round(found.vectors / scale[:, None]).astype(np.int8),
    }


def packed_tables(learned: dict[str, tables.Table]) -> dict[str, Any]:
    """Tables by script as ``names.weights`` has them."""
    # One list of chunks for all scripts: a Latin word is cut once. The one of no letter is 0.
    used = {script: sorted({c for _, c, _ in table.rows}) for script, table in learned.items()}
    every = {learned[script].chunks[c] for script in learned for c in used[script]} - {""}
    by_key = sorted((kernel.key([ord(one) for one in chunk], 0, len(chunk), 0), chunk) for chunk in every)
    order = {"": 0, **{chunk: number + 1 for number, (_, chunk) in enumerate(by_key)}}
    out: dict[str, Any] = {
        "chunks": np.array([key for key, _ in by_key], np.int32),
        "letters": np.frombuffer("\n".join(chunk for _, chunk in by_key).encode("ascii"), np.uint8),
    }
    for script, table in learned.items():
        out[f"{script}.units"] = np.array(table.units, np.int32)
        out[f"{script}.rows"] = np.array([(u, order[table.chunks[c]]) for u, c, _ in table.rows], np.int32)
        out[f"{script}.shares"] = np.array([p for _, _, p in table.rows], np.float32)
    return out


def _characters(known: dict[str, characters.Character]) -> dict[str, Any]:
    ordered = sorted(known)
    names = sorted({found.syllable for found in known.values()})
    number = {name: place for place, name in enumerate(names)}
    # How names are romanised is kept of what is in use: the rest is never in one.
    lines = "\n".join(
        "\t".join(" ".join(said) for said in known[letter][2:]) if known[letter].korean else ""
        for letter in ordered
    )
    return {
        "points": np.array([ord(letter) for letter in ordered], np.int32),
        "simplified": np.array([ord(known[letter].simplified) for letter in ordered], np.int32),
        "syllable": np.array([number[known[letter].syllable] for letter in ordered], np.int16),
        "syllables": np.frombuffer("\n".join(names).encode("ascii"), np.uint8),
        "romanised": np.frombuffer(lines.encode("ascii"), np.uint8),
    }


if __name__ == "__main__":
    sys.exit(main())
