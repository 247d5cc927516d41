"""Multipart requests as ``/v2/file`` gets them: fields, and files that variables point to (§7).

Three forms are in use: ``map`` with one path, ``map`` with a list of paths, and a part that is
named ``variables[file]``. File contents are taken byte by byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import PureWindowsPath

import msgspec

from mondaybridge.sandbox.world import Request

Form = dict[str, object]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in: its name without folders, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    filename: str | None
    content: bytes


def read_form(request: Request) -> Form:
    """Return ``query``, ``operationName`` and ``variables`` with the uploads in their places.

    Raises:
        ValueError: when the body is no form or its map points nowhere.
    """
    texts: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    for part in _parts(request):
        if part.filename is None:
            texts[part.name] = part.content.decode()
        else:
            name = PureWindowsPath(part.filename).name or "file"
            uploads[part.name] = Upload(name, part.content)
    variables = _object(texts.get("variables") or "{}", "variables")
    for part_name, paths in _paths(texts.get("map"), uploads).items():
        if part_name not in uploads:
            raise ValueError(f"the map names a part that is not there: {part_name}")
        for path in paths:
            _put(variables, path, uploads[part_name])
    return {**texts, "variables": variables}


def _paths(given: str | None, uploads: dict[str, Upload]) -> dict[str, list[str]]:
    """Return the paths of each part; parts such as ``variables[file]`` need no map."""
    if given is None:
        named = {name: name.removeprefix("variables[").removesuffix("]") for name in uploads}
        return {name: [f"variables.{one}"] for name, one in named.items() if one != name}
    found = _object(given, "map")
    return {
        name: [str(path) for path in (paths if isinstance(paths, list) else [paths])]
        for name, paths in found.items()
    }


def _put(variables: Form, path: str, upload: Upload) -> None:
    root, *steps = path.split(".")
    if root != "variables" or not steps:
        raise ValueError(f"the map points nowhere: {path}")
    place = variables
    for step in steps[:-1]:
        inner = place.setdefault(step, {})
        if not isinstance(inner, dict):
            raise ValueError(f"the map points nowhere: {path}")  # noqa: TRY004 - a bad request
        place = inner
    place[steps[-1]] = upload


def _object(text: str, name: str) -> Form:
    content = msgspec.json.decode(text)
    if not isinstance(content, dict):
        raise ValueError(f"{name} is not an object")  # noqa: TRY004 - becomes a 400
    return content


def _parts(request: Request) -> Iterator[_Part]:
    head = Message()
    head["content-type"] = request.headers.get("content-type", "")
    boundary = head.get_boundary()
    if boundary is None:
        raise ValueError("the form has no boundary")
    chunks = (b"\r\n" + request.body).split(f"\r\n--{boundary}".encode())
    for chunk in chunks[1:]:
        if chunk.startswith(b"--"):
            return
        headers, _, content = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        described = Parser().parsestr(headers.decode())
        name = described.get_param("name", header="content-disposition")
        if isinstance(name, str):
            yield _Part(name, described.get_filename(), content)
