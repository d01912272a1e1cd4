"""Where: `estelik places find`, `estelik places show`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from estelik.cli.casebook import named_folder, open_casebook, options
from estelik.cli.label import LABEL
from estelik.cli.output import as_json_option, print_json
from estelik.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click import Context, Parameter

    from estelik.places.atlas import Atlas
    from estelik.places.dated_name import DatedName
    from estelik.places.finding import Found
    from estelik.places.place import Place

_HOW: Final = {
    "spelled": "spelled so",
    "typed otherwise": "but for marks, hyphens and spaces",
    "declined": "as a form of the name",
    "transliterated": "written in another script",
}


class _Days(click.ParamType[str]):
    """A date in EDTF."""

    name = "EDTF"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> str:
        """The date as it was given; fails where it is none."""
        from estelik.chronology.edtf import EdtfError, parse

        try:
            parse(str(value))
        except EdtfError:
            self.fail("no date", param, ctx)
        return str(value)


@click.group()
def places() -> None:
    """Find places by any of their names, in any script.

    The places of the casebook come first: what was said about them, with
    their names, kinds and areas. Behind them stands a gazetteer that comes with Estelik (GeoNames, CC BY 4.0,
    and lists of renamings). Where no casebook is named, the gazetteer alone is asked.
    """


@places.command("find")
@click.argument("name", type=LABEL)
@click.option("--on", type=_Days(), help="Say what the place was called on this day (EDTF).")
@as_json_option
@options
def find_(name: str, on: str | None, as_json: bool, folder: str | None, passphrase_file: str | None) -> int:
    """Find the places that NAME may be the name of; all of them, if there are several.

    NAME may also be a label as it stands in a sheet: "a village in the east of
    Tekes county". Exits with 1 where no place has such a name.
    """
    from estelik.places.finding import find

    with _atlas(folder, passphrase_file) as atlas:
        found = find(atlas, name, on or "")
        if as_json:
            print_json(_document(name, found))
        else:
            _print_found(name, found, on or "")
    return 0 if found else 1


@places.command()
@click.argument("name", type=LABEL)
@as_json_option
@options
def show(name: str, as_json: bool, folder: str | None, passphrase_file: str | None) -> None:
    """Show the places called NAME: what they lie in, and what they were called when, and who says so."""
    from estelik.places.finding import find

    with _atlas(folder, passphrase_file) as atlas:
        found = find(atlas, name)
        if not found:
            raise NotFoundError(
                "No place with this name is known.",
                safe="",
                do="Look for a part of it, or in another spelling.",
            )
        if as_json:
            print_json([_whole(atlas, one) for one in found])
            return
        for number, one in enumerate(found):
            if number:
                click.echo()
            _print_place(atlas, one)


@contextmanager
def _atlas(folder: str | None, passphrase_file: str | None) -> Iterator[Atlas]:
    """The places of the casebook that is named, and of the gazetteer; of the gazetteer alone where none
    is."""
    from estelik.places.atlas import Atlas

    if named_folder(folder) is None:
        yield Atlas()
        return
    with open_casebook(folder, passphrase_file, ("estelik.places.finding",)) as casebook:
        yield Atlas(casebook.lives.about_places())


def _document(name: str, found: list[Found]) -> dict[str, Any]:
    from estelik.places.reading import read

    said = read(name)
    return {
        "said": {
            "place": said.anchor,
            "level": said.level,
            "relation": said.relation,
            "direction": said.direction or None,
            "what": said.what,
            "facility": said.facility or None,
            "number": said.number or None,
            "within": said.within,
            "unknown": said.unknown,
        },
        "places": [_entry(one) for one in found],
    }


def _entry(found: Found) -> dict[str, Any]:
    return {
        "key": found.place.key,
        "name": found.place.name,
        "level": found.place.level,
        "areas": [area.name for area in found.areas],
        "found": found.name.text,
        "when": found.name.when or None,
        "how": found.how,
        "system": found.system or None,
        "held": found.held,
        "called": found.then,
        "level_differs": found.otherwise,
        "origin": found.place.origin,
        "gazetteer": found.twin or None,
        "statements": found.place.statements,
    }


def _whole(atlas: Atlas, found: Found) -> dict[str, Any]:
    at = found.place.coordinates
    return {
        **_entry(found),
        "names": [
            {
                "name": one.text,
                "when": one.when or None,
                "script": one.script,
                "statement": one.statement or None,
            }
            for one in found.place.names
        ],
        "coordinates": None if at is None else [at.latitude, at.longitude],
        "circles": atlas.circles(found.place),
    }


def _print_found(name: str, found: list[Found], on: str) -> None:
    from estelik.places.reading import read

    said = read(name)
    if said.relation != "is" or said.vague:
        click.echo(_said(name))
    if not found:
        click.echo("No place with this name is known.", err=True)
    for one in found:
        click.echo(_line(one.place, one.areas))
        why = _HOW[one.how] + (f" ({one.system})" if one.system else "")
        called = f"; {_called(one, on)}" if one.name.when or on else ""
        click.echo(f"  found as {one.name.text}, {why}{called}")
        if one.otherwise:
            click.echo("  the label calls something of another kind by this name")
    if len(found) > 1:
        click.echo(f"{len(found)} places may be meant.")


def _said(name: str) -> str:
    from estelik.places.reading import read

    said = read(name)
    how = {"is": "", "inside": "in ", "near": "near ", "beyond": f"{said.direction} of "}[said.relation]
    side = f"the {said.direction} of " if said.relation == "inside" and said.direction else ""
    what = said.facility or said.what or "a place"
    number = f" {said.number}" if said.number else ""
    unknown = f"; not said: {', '.join(said.unknown)}" if said.unknown else ""
    return f"Says: {what}{number} {how}{side}{said.anchor or 'no named place'}{unknown}"


def _called(found: Found, on: str) -> str:
    if found.held == "yes":
        return f"its name on {on}" if on else "its name now"
    if found.held == "no":
        return f"then called {found.then}" if on else f"called so {_time(found.name)}, now {found.then}"
    return f"on {on} perhaps {found.then}" if on else f"called so {_time(found.name)}"


def _time(name: DatedName) -> str:
    """When a name held, in words around the dates as they are written."""
    begun, slash, ended = name.when.partition("/")
    if not slash:
        return f"in {begun}"
    if begun in ("", ".."):
        return f"until {ended}" if ended not in ("", "..") else "always"
    return f"from {begun} to {ended}" if ended not in ("", "..") else f"from {begun} on"


def _line(place: Place, areas: tuple[Place, ...]) -> str:
    level = f", {place.level}" if place.level else ""
    around = f", in {', '.join(area.name for area in areas)}" if areas else ""
    return f"{place.name}{level}{around}"


def _print_place(atlas: Atlas, found: Found) -> None:
    place = found.place
    click.echo(click.style(_line(place, ()), bold=True))
    for area in found.areas:
        click.echo(f"  in {_line(area, ())}")
    for key in atlas.circles(place):
        click.echo(f"  statements put {key} in itself, through what it lies in")
    for one in place.names:
        when = f", {_time(one)}" if one.when else ""
        who = f" ({one.statement})" if one.statement else ""
        click.echo(f"  {one.text}{when}{who}")
    if place.coordinates is not None:
        what = "its seat lies at" if place.level == "county" else "at"
        click.echo(f"  {what} {place.coordinates.latitude:g}, {place.coordinates.longitude:g}")
    if found.twin:
        click.echo(f"  taken for {found.twin} of the gazetteer")
    who = f"statements {', '.join(place.statements)}" if place.statements else place.origin
    click.echo(f"  known from {who}")
