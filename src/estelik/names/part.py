"""Part: one word of a name, and what it does there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from estelik.names.markers import Sex

#: ``any``: nothing says which; ``father`` stands behind the given name, as Chinese documents have it: the
#: father's name or the family's.
Role = Literal["given", "patronym", "surname", "father", "clan", "honorific", "any"]


class Part(NamedTuple):
    """A word of a name.

    ``text`` as it was written, in one spelling; ``root`` without what marks it;
    ``sex`` that its marker tells; ``initial``: it is a letter for a name.
    """

    text: str
    role: Role = "any"
    root: str = ""
    marker: str = ""
    sex: Sex = ""
    initial: bool = False
