"""People by their labels: someone unnamed is said to be so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.language.direction import run

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader


def who(reader: Reader, label: str) -> Markup:
    """A subject by its label; ``?`` at its head says that nobody knew the name."""
    if label.startswith("?"):
        return reader._("%(person)s, unnamed", person=run(label[1:].strip()))
    return run(label)
