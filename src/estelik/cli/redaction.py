"""Pictures, sound and film without what gives people away: `estelik evidence faces`, `redact` and `strip`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from estelik.cli.casebook import with_casebook
from estelik.cli.output import Progress, as_json_option, megabytes, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click import Context, Parameter

    from estelik.casebook import Casebook
    from estelik.evidence.derivation import Made
    from estelik.media.pixels import Box
    from estelik.records.evidence import Step

_STEPS: Final = {
    "first": "first of several pictures taken",
    "turned": "turned upright",
    "reduced": "brought to 8 bits a colour",
    "flattened": "laid on white where it was transparent",
    "converted": "colours brought to sRGB",
    "unseen": "no program looked for faces",
    "filled": "filled",
    "left": "face left",
    "numbered": "faces numbered",
    "rebuilt": "made anew from pixels",
    "stripped": "taken over without metadata",
    "silenced": "sound left out",
    "voiced": "sound kept",
}


class _Numbers(click.ParamType[tuple[int, ...]]):
    """Numbers of faces, such as 1,3."""

    name = "numbers"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> tuple[int, ...]:
        """The numbers as they are written."""
        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in str(value).split(",")]
        if not all(part.isdecimal() and len(part) < 6 for part in parts):
            self.fail("Write numbers like 1,3.", param, ctx)
        return tuple(map(int, parts))


class _Box(click.ParamType["Box"]):
    """A rectangle: left and upper edge, width and height, such as 120,80,60,75."""

    name = "box"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> Box:
        """The box as it is written."""
        from estelik.media.pixels import Box

        parts = [part.strip() for part in str(value).split(",")]
        if len(parts) != 4 or not all(part.isdecimal() and len(part) < 7 for part in parts):
            self.fail("Write X,Y,WIDTH,HEIGHT, such as 120,80,60,75.", param, ctx)
        return Box(*map(int, parts))


_reason = click.option(
    "--reason", required=True, help="What it is made for. It is kept with the record of it."
)


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--picture", metavar="FILE", help="Also write the picture, with numbers, into this new file.")
@as_json_option
@with_casebook("estelik.evidence.redaction")
def faces(casebook: Casebook, id_: str, picture: str | None, as_json: bool) -> None:
    """Propose where there are faces in the picture with this ID.

    Each has a number, and its left and upper edge, width and height in pixels.
    A program misses faces: look for others yourself. Nothing is filled before
    you have decided on each: estelik evidence redact.
    """
    from estelik.evidence.redaction import number, propose

    with casebook.entering(alone=False), Progress("{:,} MB read") as progress:
        found = propose(casebook.vault, id_, megabytes(progress))
        if picture is not None:
            number(casebook.vault, id_, found, picture, megabytes(progress))
    if as_json:
        proposed = [
            {"number": place, "box": [one.x, one.y, one.width, one.height], "score": one.score}
            for place, one in enumerate(found.faces, 1)
        ]
        print_json({"width": found.width, "height": found.height, "by": found.by, "faces": proposed})
    else:
        for place, one in enumerate(found.faces, 1):
            click.echo(f"{place}  {one.x},{one.y},{one.width},{one.height}  {one.score:.2f}")
    count = len(found.faces)
    click.echo(
        f"{count} {'face is' if count == 1 else 'faces are'} proposed, in {found.width} x {found.height} "
        "pixels. A program misses some: look for others yourself.",
        err=True,
    )
    if picture is not None:
        click.echo(
            "The picture was written, and recorded. It is not encrypted: delete it when it has served.",
            err=True,
        )


@click.command()
@click.argument("id_", metavar="ID")
@click.option(
    "--fill", type=_Numbers(), default=(), metavar="NUMBERS", help="Proposed faces to fill, such as 1,3."
)
@click.option(
    "--leave", type=_Numbers(), default=(), metavar="NUMBERS", help="Proposed faces to leave as they are."
)
@click.option(
    "--box", "boxes", type=_Box(), multiple=True, metavar="X,Y,WIDTH,HEIGHT",
    help="A box of your own to fill, in pixels. May come again.",
)  # fmt: skip
@_reason
@as_json_option
@with_casebook("estelik.evidence.redaction")
def redact(
    casebook: Casebook,
    id_: str,
    fill: tuple[int, ...],
    leave: tuple[int, ...],
    boxes: tuple[Box, ...],
    reason: str,
    as_json: bool,
) -> None:
    """Make a picture of that with this ID in which faces are filled with black.

    Every proposed face is to be named, with --fill or --leave. The new picture
    is made of its pixels alone, without metadata, and kept as evidence beside
    the original, which stays as it was brought.
    """
    from estelik.evidence.redaction import Decided, redact

    with casebook.entering(alone=False), Progress("{:,} MB read") as progress:
        made = redact(casebook.vault, id_, Decided(fill, leave, boxes), reason, megabytes(progress))
    _say(made, as_json=as_json)
    click.echo("Look at it before it goes out: clothes, places and others in it tell as well.", err=True)


@click.command()
@click.argument("id_", metavar="ID")
@click.option(
    "--with-voice", "voice", is_flag=True, help="Keep the sound of a film. A voice gives its speaker away."
)
@_reason
@as_json_option
@with_casebook("estelik.evidence.derivation")
def strip(casebook: Casebook, id_: str, voice: bool, reason: str, as_json: bool) -> None:
    """Make a file of that with this ID that has no metadata.

    A picture is made anew from its pixels. Of sound and film what is heard and
    seen is taken over, and nothing else; a film has no sound then unless
    --with-voice is given. It is kept as evidence beside the original, which
    stays as it was brought. Faces stay to be seen.
    """
    from estelik.evidence.derivation import strip

    with casebook.entering(alone=False), Progress("{:,} MB read") as progress:
        made = strip(casebook.vault, id_, reason, voice=voice, progress=megabytes(progress))
    _say(made, as_json=as_json)
    if made.type.startswith(("image/", "video/")):
        click.echo("Whoever is seen in it can still be recognised.", err=True)


def told(steps: Sequence[Step]) -> list[str]:
    """Steps in words."""
    out = []
    for one in steps:
        box = " " + ",".join(map(str, one.box)) if one.box else ""
        score = f" (proposed, {one.score:.2f})" if one.score else ""
        out.append(f"{_STEPS.get(one.step, one.step)}{box}{score}")
    return out


def _say(made: Made, *, as_json: bool) -> None:
    document: dict[str, Any] = {
        "id": made.id, "compartment": made.compartment, "type": made.type, "bytes": made.bytes,
        "known": made.known, "steps": made.steps,
    }  # fmt: skip
    if as_json:
        print_json(document)
    else:
        click.echo(f"{made.id}  {', '.join(told(made.steps))}")
    if made.known:
        click.echo("The same file was there already, and is kept once.", err=True)
    if any(one.step == "voiced" for one in made.steps):
        click.echo("There is sound in it: a voice gives its speaker away, altered or not.", err=True)
