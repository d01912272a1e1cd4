"""Drawings that stand for photographs of people: nobody's face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SKIN = (205.0, 155.0, 125.0)
_HAIR = (45.0, 30.0, 25.0)
WALL = (110, 125, 135)


def _spot(
    on: NDArray[np.float64],
    middle: tuple[float, float],
    size: tuple[float, float],
    colour: tuple[float, ...],
    soft: float,
    strength: float = 1.0,
) -> None:
    down, across = np.mgrid[0 : on.shape[0], 0 : on.shape[1]]
    away = np.hypot((across - middle[0]) / size[0], (down - middle[1]) / size[1])
    cover = np.clip((1 + soft - away) / (2 * soft), 0, 1)[..., None] * strength
    on[:] = on * (1 - cover) + np.array(colour) * cover


def _tone(factor: float) -> tuple[float, ...]:
    return tuple(min(255.0, part * factor) for part in _SKIN)


def portrait(unit: int) -> Image.Image:
    """A head on shoulders, ``2 * unit`` pixels wide and high; the face is ``FACE`` of it."""
    on = np.full((2 * unit, 2 * unit, 3), WALL, float)
    u = float(unit)
    _spot(on, (u, 2 * u), (0.9 * u, 0.45 * u), (70, 80, 110), 0.08)
    _spot(on, (u, 1.55 * u), (0.24 * u, 0.4 * u), _tone(0.8), 0.1)
    _spot(on, (u, 0.88 * u), (0.56 * u, 0.72 * u), _HAIR, 0.06)
    _spot(on, (u, u), (0.46 * u, 0.62 * u), _SKIN, 0.05)
    _spot(on, (u, 1.12 * u), (0.1 * u, 0.26 * u), _tone(1.2), 0.9, 0.5)
    for side in (-1, 1):
        eye = (u + side * 0.19 * u, 0.93 * u)
        _spot(on, eye, (0.14 * u, 0.1 * u), _tone(0.72), 0.5, 0.8)
        _spot(on, (eye[0], eye[1] - 0.12 * u), (0.13 * u, 0.025 * u), _HAIR, 0.5, 0.9)
        _spot(on, eye, (0.085 * u, 0.042 * u), (235, 230, 225), 0.2)
        _spot(on, eye, (0.042 * u, 0.042 * u), (50, 32, 22), 0.15)
        _spot(on, (u + side * 0.06 * u, 1.22 * u), (0.03 * u, 0.02 * u), _tone(0.45), 0.5)
    _spot(on, (u, 1.38 * u), (0.17 * u, 0.05 * u), (160, 75, 75), 0.25)
    _spot(on, (u, 1.38 * u), (0.16 * u, 0.012 * u), (90, 35, 35), 0.4)
    return Image.fromarray(on.clip(0, 255).astype(np.uint8))


def group(size: tuple[int, int], *people: tuple[int, int, int]) -> Image.Image:
    """A picture of this size with portraits: the unit of each, and where its left upper corner is."""
    made = Image.new("RGB", size, WALL)
    for unit, x, y in people:
        made.paste(portrait(unit), (x, y))
    return made


def face(unit: int, x: int, y: int) -> tuple[float, float, float, float]:
    """Where the face of a portrait is: left and upper edge, width and height."""
    return x + 0.54 * unit, y + 0.38 * unit, 0.92 * unit, 1.24 * unit
