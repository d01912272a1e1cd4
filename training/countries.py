"""The outlines of countries for the map of a public site, from Natural Earth.

Run: python -m training.countries FILE

FILE is ``countries-50m.json`` of the npm package world-atlas 2.0.2 (TopoJSON made from Natural Earth, whose
data are in the public domain; the package itself is under the ISC licence). Points are rounded to a twentieth
of a degree, and what is smaller than that is left out. The outcome goes to ``src/estelik/publication``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

OUT: Final = Path(__file__).parents[1] / "src" / "estelik" / "publication" / "countries.json"
#: Steps to a degree.
_FINE: Final = 20
#: The Antarctic has nobody's registry.
_SOUTH: Final = -60


def main(file: str) -> None:
    """Writes the outlines: by country the rings, each a list of whole steps, longitude and latitude in turn,
    each as far as it is from the one before."""
    atlas = json.loads(Path(file).read_text(encoding="utf-8"))
    # Simplified before they are put together: what two countries share stays the same line.
    arcs = [_straight(_steps(_points(atlas, arc))) for arc in atlas["arcs"]]
    out = {}
    for country in atlas["objects"]["countries"]["geometries"]:
        shapes = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        rings = [_ring(arcs, ring) for shape in shapes for ring in shape]
        if kept := [_differences(ring) for ring in rings if len(ring) > 3]:
            out[country["properties"]["name"]] = kept
    text = json.dumps(dict(sorted(out.items())), ensure_ascii=False, separators=(",", ":"))
    OUT.write_text(text + "\n", encoding="utf-8")
    print(f"{len(out)} countries, {len(text) // 1000} kB")


def _points(atlas: Any, arc: Any) -> list[tuple[float, float]]:
    (scale_x, scale_y), (from_x, from_y) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    x = y = 0
    points = []
    for across, up in arc:
        x, y = x + across, y + up
        points.append((x * scale_x + from_x, y * scale_y + from_y))
    return points


def _steps(points: list[tuple[float, float]]) -> list[tuple[int, int]]:
    steps: list[tuple[int, int]] = []
    for x, y in points:
        step = round(x * _FINE), round(max(y, _SOUTH) * _FINE)
        if not steps or steps[-1] != step:
            steps.append(step)
    return steps


def _ring(arcs: list[list[tuple[int, int]]], numbers: list[int]) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc if not points or points[-1] != arc[0] else arc[1:]
    return points


def _straight(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without points that lie within a step of the line between their neighbours; its ends stay."""
    out = points[:1]
    for at in range(1, len(points) - 1):
        (ax, ay), (bx, by), (cx, cy) = out[-1], points[at], points[at + 1]
        if abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) > max(abs(cx - ax), abs(cy - ay), 1):
            out.append(points[at])
    return [*out, *points[-1:]] if len(points) > 1 else out


def _differences(ring: list[tuple[int, int]]) -> list[int]:
    flat, before = [], (0, 0)
    for x, y in ring:
        flat += [x - before[0], y - before[1]]
        before = x, y
    return flat


if __name__ == "__main__":
    main(sys.argv[1])
