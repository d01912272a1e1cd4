"""Extraction: the labels of the vocabulary, for translators (used by Babel alone)."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def vocabulary(
    file: IO[bytes], keywords: object, comment_tags: object, options: dict[str, Any]
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Every label of ``vocabulary.json`` as a string to translate."""
    del keywords, comment_tags, options
    words = json.load(file)
    labels = (kind["label"] for part in ("states", "kinds", "facts") for kind in words[part].values())
    for label in dict.fromkeys(labels):
        yield 1, "", label, []
