"""Read ``mappings.yaml``: every problem at once, or the mapping; asks nobody outside the file."""

from dataclasses import dataclass
from pathlib import Path as File

from pydantic import ValidationError

from mondaybridge.errors import ConfigurationError
from mondaybridge.mapping.cross import disagreements
from mondaybridge.mapping.models import Mapping
from mondaybridge.mapping.places import path_text
from mondaybridge.mapping.sentences import refusals
from mondaybridge.mapping.terms import Document
from mondaybridge.mapping.yaml_tree import Remark, Tree, grow

MAX_BYTES = 4 * 1024 * 1024  # thousands of clients; a thousand of them are read in 5 seconds


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the file, as it is printed."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.message}"


def load(file: File | str) -> Mapping:
    """Return the mapping of a file; ConfigurationError carries every problem of it."""
    mapping, problems = check(file)
    if mapping is None:
        raise ConfigurationError(*map(str, problems))
    return mapping


def check(file: File | str) -> tuple[Mapping | None, list[Problem]]:
    """Return the mapping of a file, or all that is wrong with it in the order of its lines."""
    try:
        content = File(file).read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        message = f"{reason}: set MONDAYBRIDGE_MAPPINGS to your mapping"
        return None, [Problem(str(file), 1, "file", message)]
    return parse(content, name=str(file))


def parse(content: bytes, *, name: str = "mappings.yaml") -> tuple[Mapping | None, list[Problem]]:
    """Return the mapping of a file's content, or all that is wrong with it."""
    text = _decode(content)
    if isinstance(text, Remark):
        return None, _problems(name, [text])
    tree = grow(text)
    if tree.complete and not isinstance(tree.data, dict):
        tree.remarks.append(Remark(1, (), "needs a mapping of keys and values at its top"))
        tree.complete = False
    document = _document(tree) if tree.complete else None
    if document is None or tree.remarks:
        return None, _problems(name, tree.remarks)
    return Mapping(document, name=name), []


def _decode(content: bytes) -> str | Remark:
    if len(content) > MAX_BYTES:
        return Remark(1, (), f"{len(content)} bytes are more than {MAX_BYTES}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Remark(line, (), "is not UTF-8: save it as UTF-8")


def _document(tree: Tree) -> Document | None:
    """Validate the tree and add to its remarks; None if the models refuse it."""
    document = None
    refused: list[Remark] = []
    try:
        document = Document.model_validate(tree.data)
    except ValidationError as error:
        refused = list(refusals(error, tree))
    places = {remark.path for remark in refused}
    refused += [
        Remark(tree.line(path), path, message)
        for path, message in disagreements(tree.data)
        if path not in places
    ]
    tree.remarks += refused
    return document


def _problems(name: str, remarks: list[Remark]) -> list[Problem]:
    ordered = sorted(remarks, key=lambda remark: (remark.line, path_text(remark.path)))
    return [Problem(name, r.line, path_text(r.path), r.message) for r in ordered]
