"""Marks: the pieces that a drawing is made of, in px, before they are SVG.

``role`` names what a piece stands for; the style sheet gives it its colour.
x grows with time; ``mirrored`` turns a piece for a script read from the right.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal[
    "year-line",
    "axis",
    "today",
    "wash",
    "solid",
    "hatch",
    "close",
    "outline",
    "before",
    "whisker",
    "dashed",
    "gap",
    "diamond",
    "arrow",
    "telling",
    "bracket",
    "label",
    "quiet",
    "year",
    "age",
    "lane",
    "row",
    "contradiction",
    "untold",
]
Point = tuple[float, float]


class Box(msgspec.Struct, frozen=True):
    """A filled rectangle."""

    role: Role
    x: float
    y: float
    width: float
    height: float

    def mirrored(self, whole: float) -> Box:
        """The box as it stands in a drawing of this width read from the right."""
        return msgspec.structs.replace(self, x=whole - self.x - self.width)

    def moved(self, down: float) -> Box:
        """The box so many px farther down."""
        return msgspec.structs.replace(self, y=self.y + down)

    def extent(self) -> tuple[float, float]:
        """Its least and greatest x."""
        return self.x, self.x + self.width


class Strokes(msgspec.Struct, frozen=True):
    """Straight strokes, drawn one by one. What is ``upright`` (a sign that is
    read, not a stretch of time) moves to the other side without being turned."""

    role: Role
    segments: tuple[tuple[Point, Point], ...]
    upright: bool = False

    def mirrored(self, whole: float) -> Strokes:
        """The strokes as they stand in a drawing of this width read from the right."""
        if self.upright:
            low, high = self.extent()
            by = whole - low - high
            moved = tuple(((a[0] + by, a[1]), (b[0] + by, b[1])) for a, b in self.segments)
            return msgspec.structs.replace(self, segments=moved)
        turned = tuple(((whole - a[0], a[1]), (whole - b[0], b[1])) for a, b in self.segments)
        return msgspec.structs.replace(self, segments=turned)

    def moved(self, down: float) -> Strokes:
        """The strokes so many px farther down."""
        lower = tuple(((a[0], a[1] + down), (b[0], b[1] + down)) for a, b in self.segments)
        return msgspec.structs.replace(self, segments=lower)

    def extent(self) -> tuple[float, float]:
        """Their least and greatest x."""
        every = [point[0] for segment in self.segments for point in segment]
        return min(every), max(every)


class Shape(msgspec.Struct, frozen=True):
    """A closed polygon: a diamond, a triangle, an arrowhead."""

    role: Role
    points: tuple[Point, ...]

    def mirrored(self, whole: float) -> Shape:
        """The shape as it stands in a drawing of this width read from the right."""
        return msgspec.structs.replace(self, points=tuple((whole - x, y) for x, y in self.points))

    def moved(self, down: float) -> Shape:
        """The shape so many px farther down."""
        return msgspec.structs.replace(self, points=tuple((x, y + down) for x, y in self.points))

    def extent(self) -> tuple[float, float]:
        """Its least and greatest x."""
        every = [x for x, _ in self.points]
        return min(every), max(every)


class Label(msgspec.Struct, frozen=True):
    """A line of text, ``y`` at the middle of its height. ``anchor`` is in the
    direction of reading; ``halo`` sets it on a copy in the colour of the ground."""

    role: Role
    x: float
    y: float
    text: str
    width: float
    anchor: Literal["start", "middle", "end"] = "start"
    halo: bool = False

    def mirrored(self, whole: float) -> Label:
        """The text is not turned, only set from the other side."""
        return msgspec.structs.replace(self, x=whole - self.x)

    def moved(self, down: float) -> Label:
        """The text so many px farther down."""
        return msgspec.structs.replace(self, y=self.y + down)

    def extent(self) -> tuple[float, float]:
        """Its least and greatest x, before it is mirrored."""
        shift = {"start": 0.0, "middle": self.width / 2, "end": self.width}[self.anchor]
        return self.x - shift, self.x - shift + self.width


Piece = Box | Strokes | Shape | Label


def hatching(x0: float, x1: float, top: float, bottom: float) -> tuple[tuple[Point, Point], ...]:
    """Strokes at 45 degrees every 6 px along the axis, clipped to the rectangle.

    They lie on one grid for the whole drawing, so that neighbours run on."""
    height = bottom - top
    segments = []
    foot = ((x0 - height) // 6) * 6
    while foot < x1:
        # The stroke climbs from (foot, bottom) to (foot + height, top).
        low, high = max(foot, x0), min(foot + height, x1)
        if high - low > 0.3:
            segments.append(((low, bottom - (low - foot)), (high, bottom - (high - foot))))
        foot += 6
    return tuple(segments)


def diamond(x: float, y: float) -> Shape:
    """A known day, 12 px."""
    return Shape("diamond", ((x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)))


def triangle(x: float, y: float) -> Shape:
    """A telling, pointing down at its day."""
    return Shape("telling", ((x - 6, y - 5), (x + 6, y - 5), (x, y + 5)))


def sign(x: float, y: float) -> Strokes:
    """The contradiction sign: two strokes crossed by one, 18 x 16 px, about (x, y)."""
    return Strokes(
        "bracket",
        (
            ((x - 7, y - 3), (x + 7, y - 3)),
            ((x - 7, y + 3), (x + 7, y + 3)),
            ((x - 4, y + 8), (x + 4, y - 8)),
        ),
        upright=True,
    )
