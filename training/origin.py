"""Origin: what the weights in the package were learned from, and how, kept beside them.

``origin.json`` in a folder of weights has a part for each command that writes there: the ``command``, what it
read and under which licence (``data``; ``sources``, with their SHA-256), the ``seed`` that its random numbers
start from, the ``date``, and the SHA-256 of the ``files`` that are its own. A file that another command wrote
over is that one's.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME: Final = "origin.json"

INVENTED: Final = "invented persons of the project's own (training/)"
TOKENS: Final = (
    "name tokens of Wikidata as NETransliteration-COLING2018 has them (CC0), the Unicode Han database "
    "(Unicode License v3), names of places of the package's gazetteer (GeoNames, CC BY 4.0), invented names "
    "(training/)"
)
PAIRS: Final = (
    "pairs of names of politicians of EveryPolitician and Wikidata, half of the people, and invented names "
    "(training/); the licence of the pairs is not stated: no name of theirs is in the trees"
)


def told(folder: Path, part: str, files: Iterable[str], **more: Any) -> None:
    """Says of which origin the ``files`` in a folder are, in its ``origin.json``."""
    where = folder / NAME
    known: dict[str, dict[str, Any]] = json.loads(where.read_text(encoding="utf-8")) if where.exists() else {}
    own = {name: _digest(folder / name) for name in sorted(files)}
    for other in known.values():
        other["files"] = {name: digest for name, digest in other["files"].items() if name not in own}
    known[part] = {**more, "date": _today(), "files": own}
    where.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def digests(files: Iterable[Path]) -> dict[str, str]:
    """The hashes of files by their names."""
    return {file.name: _digest(file) for file in sorted(files)}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _today() -> str:
    # As reproducible builds have it: who makes the same again can say when it is.
    moment = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.fromtimestamp(int(moment), UTC) if moment else datetime.now(UTC)
    return f"{now:%Y-%m-%d}"
