"""Description: what programs can ask for, as OpenAPI 3.1, written from the acts themselves."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec

from estelik import __version__
from estelik.web.api.problem import MEDIA_TYPE, Problem
from estelik.web.api.shape import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.web.api.act import Act

_COMPONENTS: Final = "#/components/schemas/{name}"
_INTRODUCTION: Final = (
    "The acts of the desk, for programs of its members on this computer. Ask with a token "
    "(`estelik token add`), while its member is signed in at the desk. It opens the compartments that it was "
    "made for: what lies in others is not there. No name and no label is ever part of a path or a query: "
    "addresses stand for them, and are good for one token. Lists come in pages: send the `next` of an answer "
    "as `cursor`. Requests are JSON of at most 512 kB, but for files. What is wrong is told as a problem "
    "(RFC 9457)."
)
_FRESH: Final = (
    "Cannot be undone: it is done only while its member has given her passphrase at the desk within the last "
    "five minutes."
)
_ALWAYS: Final = (401, 429)
_SAID: Final = {
    400: "The request is not of the form described.",
    401: "No token was shown that opens anything here now.",
    403: "The token does not open the compartment that this needs, or its member has to give her passphrase "
    "first.",
    404: "There is nothing at this address, or this place is in no list.",
    408: "The request came too slowly.",
    409: "It goes against what is there.",
    413: "The request is too large.",
    415: "The request is of another media type than described.",
    422: "It is of the right form, but nothing that can be entered or asked so.",
    429: "This token asks too often.",
}


def written(acts: Iterable[Act]) -> bytes:
    """The description of these acts, as JSON."""
    return msgspec.json.encode(described(acts))


def described(acts: Iterable[Act]) -> dict[str, Any]:
    """The description of these acts."""
    acts = tuple(acts)
    types = [Problem, *(one.takes for one in acts if one.takes is not None)]
    types += [one.gives for one in acts if isinstance(one.gives, type)]
    refs, components = msgspec.json.schema_components(types, ref_template=_COMPONENTS)
    for schema in components.values():
        schema["description"] = " ".join(schema.get("description", "").replace("``", "`").split())
    schemas = dict(zip(types, refs, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for one in acts:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Estelik", "version": __version__, "description": _INTRODUCTION},
        "servers": [{"url": "/", "description": "The desk that runs on this computer."}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(one: Act, schemas: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [],
        "responses": _responses(one, schemas),
    }
    if one.open:
        found["security"] = []
    if one.fresh:
        found["description"] = _FRESH
    if "{address}" in one.path:
        found["parameters"].append(
            {
                "name": "address",
                "in": "path",
                "required": True,
                "description": "As it was given to this token.",
                "schema": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": ADDRESS,
                    "pattern": "^[A-Za-z0-9_-]+$",
                },
            }
        )
    if one.takes is not None and one.method == "GET":
        found["parameters"] += _query(one.takes, components)
    elif one.takes is not None:
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[one.takes]}},
        }
    elif one.file:
        found["requestBody"] = {
            "required": True,
            "description": "The file as it is, of any size for which there is room on the disk.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    return found


def _query(takes: type[msgspec.Struct], components: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a record as parameters of a query."""
    schema = components[takes.__name__]
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in schema["properties"].items()
    ]


def _responses(one: Act, schemas: dict[Any, Any]) -> dict[str, Any]:
    good = schemas.get(one.gives, {"type": "object"})
    found: dict[str, Any] = {
        str(one.status): {
            "description": HTTPStatus(one.status).phrase,
            "content": {"application/json": {"schema": good}},
        }
    }
    if one.leads:
        found[str(one.status)]["links"] = {
            name: {"operationId": name, "parameters": {"address": f"$response.body#{pointer}"}}
            for name, pointer in one.leads.items()
        }
    refusals = {*one.refusals, *(() if one.open else _ALWAYS), *((403,) if one.fresh else ())}
    if one.takes is not None:
        refusals |= {400} if one.method == "GET" else {400, 413, 415}
    if one.file:
        refusals |= {408, 415}
    for status in sorted(refusals):
        answer: dict[str, Any] = {
            "description": _SAID[status],
            "content": {MEDIA_TYPE: {"schema": schemas[Problem]}},
        }
        if status == HTTPStatus.UNAUTHORIZED:
            answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            answer["headers"] = {"Retry-After": {"schema": {"type": "string", "pattern": "^[0-9]+$"}}}
        found[str(status)] = answer
    return found
