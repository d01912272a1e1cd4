"""Timeline as SVG: a drawing written out, and the key of its signs.

Colours and faces come from the page's style sheet by class, so that the one
drawing serves light, dark and print.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from estelik.language.direction import trusted
from estelik.language.reader import N_
from estelik.publication.drawing import Drawing, Frame, draw
from estelik.publication.marks import Box, Label, Shape, Strokes, hatching, sign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.language.reader import Reader
    from estelik.publication.marks import Piece, Point
    from estelik.publication.rows import Sign
    from estelik.views.person import PersonPage

#: The signs in the order of the key, and their words.
_WORDS: dict[Sign, str] = {
    "certain": N_("certain"),
    "possible": N_("possible"),
    "whisker": N_("when an event can have happened"),
    "hearsay": N_("only if hearsay is admitted"),
    "day": N_("day known"),
    "goes-on": N_("said to go on"),
    "end-untold": N_("end or beginning not told"),
    "telling": N_("a telling"),
    "depends": N_("dates that depend on which account is kept"),
    "before": N_("before this line"),
    "today": N_("today"),
}


def svg(drawing: Drawing, name: str, *, kind: str) -> Markup:
    """The drawing as an ``svg`` element with a one-line ``name``; ``kind`` is its class."""
    direction = "rtl" if drawing.mirrored else "ltr"
    head = Markup(
        '<svg class="timeline {}" role="img" aria-label="{}" direction="{}" viewBox="0 0 {} {}" '
        'width="{}" height="{}" xmlns="http://www.w3.org/2000/svg">'
    ).format(
        kind, name, direction, _n(drawing.width), _n(drawing.height), _n(drawing.width), _n(drawing.height)
    )
    return head + trusted("".join(_body(drawing))) + Markup("</svg>")


def timeline(page: PersonPage, reader: Reader, frame: Frame, *, name: str, kind: str) -> Markup | None:
    """The page's timeline in one size, or None where nothing has a day."""
    drawing = draw(page, reader, frame)
    return None if drawing is None else svg(drawing, name, kind=kind)


def key(drawing: Drawing, reader: Reader) -> tuple[tuple[Markup, Markup], ...]:
    """The signs that occur in the drawing, each as a small drawing with its words."""
    return tuple(
        (_swatch(one, reader, mirrored=drawing.mirrored), reader._(words))
        for one, words in _WORDS.items()
        if one in drawing.signs
    )


def sign_svg() -> Markup:
    """The contradiction sign for a line of text, drawn, never a letter."""
    return Markup(
        '<svg class="sign" aria-hidden="true" width="18" height="16" viewBox="-9 -8 18 16">{}</svg>'
    ).format(trusted(_piece(sign(0, 0))))


def _body(drawing: Drawing) -> Iterable[str]:
    # A label on the wash has its halo in the colour of the wash.
    washes = [
        (one.y, one.y + one.height) for one in drawing.pieces if isinstance(one, Box) and one.role == "wash"
    ]
    marks = [piece for piece in drawing.pieces if not isinstance(piece, Label)]
    labels = [piece for piece in drawing.pieces if isinstance(piece, Label)]
    for role, group in groupby(marks, key=lambda piece: (type(piece).__name__, piece.role)):
        pieces = list(group)
        if role[0] == "Strokes":
            segments = tuple(s for piece in pieces if isinstance(piece, Strokes) for s in piece.segments)
            yield _piece(Strokes(pieces[0].role, segments))
        else:
            yield from (_piece(piece) for piece in pieces)
    for label in labels:
        if label.halo:
            washed = any(top <= label.y <= bottom for top, bottom in washes)
            yield _text(label, f"halo{' on-wash' if washed else ''}", hidden=True)
    yield from (_text(label, label.role) for label in labels)


def _piece(piece: Piece) -> str:
    # There are hundreds of these on a page: only what is not our own, the words of a label, is escaped.
    if isinstance(piece, Box):
        x, y, width, height = _n(piece.x), _n(piece.y), _n(piece.width), _n(piece.height)
        return f'<rect class="{piece.role}" x="{x}" y="{y}" width="{width}" height="{height}"/>'
    if isinstance(piece, Strokes):
        return f'<path class="{piece.role}" d="{_path(piece.segments)}"/>'
    if isinstance(piece, Shape):
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in piece.points)
        return f'<polygon class="{piece.role}" points="{points}"/>'
    return _text(piece, piece.role)


def _path(segments: tuple[tuple[Point, Point], ...]) -> str:
    parts = []
    for (x0, y0), (x1, y1) in segments:
        if y0 == y1:
            parts.append(f"M{_n(x0)} {_n(y0)}H{_n(x1)}")
        elif x0 == x1:
            parts.append(f"M{_n(x0)} {_n(y0)}V{_n(y1)}")
        else:
            parts.append(f"M{_n(x0)} {_n(y0)}L{_n(x1)} {_n(y1)}")
    return "".join(parts)


def _text(label: Label, kind: str, *, hidden: bool = False) -> str:
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    aside = ' aria-hidden="true"' if hidden else ""
    # 4.6 px below the middle of a 13 px line is where its letters stand.
    x, y = _n(label.x), _n(label.y + 4.6)
    return f'<text class="{kind}" x="{x}" y="{y}"{anchor}{aside}>{escape(label.text)}</text>'


def _swatch(one: Sign, reader: Reader, *, mirrored: bool) -> Markup:
    wide, pieces = _pieces_of(one, reader)
    if mirrored:
        pieces = tuple(piece.mirrored(wide) for piece in pieces)
    body = trusted("".join(_piece(piece) for piece in pieces))
    return Markup(
        '<svg class="swatch" aria-hidden="true" direction="{}" '
        'width="{}" height="16" viewBox="0 -8 {} 16">{}</svg>'
    ).format("rtl" if mirrored else "ltr", _n(wide), _n(wide), body)


def _pieces_of(one: Sign, reader: Reader) -> tuple[float, tuple[Piece, ...]]:
    rails = (((0.0, -6.3), (44.0, -6.3)), ((0.0, 6.3), (44.0, 6.3)))
    closed = Strokes("close", (((1.1, -7.0), (1.1, 7.0)), ((42.9, -7.0), (42.9, 7.0))))
    caps = Strokes("whisker", (((1.0, -5.0), (1.0, 5.0)), ((41.0, -5.0), (41.0, 5.0))))
    line = (((1.0, 0.0), (41.0, 0.0)),)
    if one == "certain":
        return 44, (Box("solid", 0, -7, 44, 14),)
    if one == "possible":
        return 44, (Strokes("hatch", hatching(0, 44, -7, 7) + rails), closed)
    if one == "whisker":
        return 42, (Strokes("whisker", line), caps)
    if one == "hearsay":
        return 42, (Strokes("dashed", line), caps)
    if one == "day":
        return 14, (Shape("diamond", ((7, -6), (13, 0), (7, 6), (1, 0))),)
    if one == "goes-on":
        return 44, (
            Box("solid", 0, -7, 30, 14),
            Shape("arrow", ((29.5, -7), (30, -7), (44, 0), (30, 7), (29.5, 7))),
        )
    if one == "end-untold":
        short = (((0.0, -6.3), (30.0, -6.3)), ((0.0, 6.3), (30.0, 6.3)))
        words = str(reader.pgettext("an end or beginning that nobody told", "?"))
        return 42, (Strokes("hatch", hatching(0, 30, -7, 7) + short), Label("untold", 33, 0, words, 8))
    if one == "telling":
        return 14, (Shape("telling", ((1, -5), (13, -5), (7, 5))),)
    if one == "before":
        sides = (
            ((1.0, -7.0), (43.0, -7.0)),
            ((43.0, -7.0), (43.0, 7.0)),
            ((43.0, 7.0), (1.0, 7.0)),
            ((1.0, 7.0), (1.0, -7.0)),
        )
        return 44, (Strokes("before", sides),)
    if one == "depends":
        return 44, (Box("wash", 0, -8, 44, 16),)
    return 6, (Strokes("today", (((3.0, -8.0), (3.0, 8.0)),)),)


@lru_cache(1 << 14)
def _n(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
