"""Names in each writing, and one in plain Latin letters beside: ``python -m training.tokens --split train``.

Tab-separated: the script, the name in it, a Latin spelling of the same name. What the map
between scripts is trained with; a name kept for ``dev`` or ``held`` is in that part alone.
"""

from __future__ import annotations

import argparse
import sys
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from training import forms, listed, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.split import Split

#: The kinds that an English-language page may have, each as often as it stands here.
_TARGETS: Final = {"kk": ("en", "en", "passport"), "ug": ("en",)}
_SPELLINGS: Final = 8


class Token(NamedTuple):
    """A name in a script, in small letters where it has two sizes, and in Latin letters."""

    script: str
    source: str
    target: str


def make(part: Split, seed: int, spellings: int = _SPELLINGS) -> Iterator[Token]:
    """Each name of a part in each kind of writing, ``spellings`` times, without what repeats."""
    rng = Random(f"{part} {seed} tokens")
    for language in listed.LANGUAGES:
        for name in listed.every(language):
            if split.of_name(name, language) != part:
                continue
            made: dict[Token, None] = {}
            for kind, script in forms.KINDS[language].items():
                for _ in range(spellings):
                    source = forms.word(name, language, kind, rng).lower()
                    target = forms.word(name, language, rng.choice(_TARGETS[language]), rng).lower()
                    made[Token(script, source, target)] = None
            yield from made


def main(arguments: list[str] | None = None) -> int:
    """Prints the tokens."""
    parser = argparse.ArgumentParser(prog="python -m training.tokens", description=__doc__)
    parser.add_argument("--split", choices=split.SPLITS, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--spellings", type=int, default=_SPELLINGS, help="of each name in each kind of writing"
    )
    chosen = parser.parse_args(arguments)
    for token in make(chosen.split, chosen.seed, chosen.spellings):
        sys.stdout.write("\t".join(token) + "\n")
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]  # the bytes are the same everywhere
    sys.exit(main())
