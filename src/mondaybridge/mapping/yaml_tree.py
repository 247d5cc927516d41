"""YAML text as a tree of plain values that remembers its lines; says nothing about meaning.

Stricter than YAML on purpose (architecture 5.10): a key stands once, and anchors, aliases, merge
keys, tags and directives are refused, so that what a person reads is what is loaded. Every
departure is collected; only a syntax error ends the reading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_DEPTH = 24
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

Path = tuple[str | int, ...]


class PlainText(str):
    """Text that stood without quotes: other YAML readers may take 40:00 for 2400."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something wrong at a place of the text."""

    line: int
    path: Path
    message: str


@dataclass(slots=True)
class Tree:
    """The values and the line of each place; what was refused, and where it left a blank."""

    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    blanks: set[Path] = field(default_factory=set)
    complete: bool = True

    def line(self, path: Path) -> int:
        """Return the line of a place, or of the nearest place around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def grow(text: str) -> Tree:
    """Read YAML 1.2 text into a tree."""
    tree = Tree()
    try:
        _document(_Events(text), tree)
    except YAMLError as error:
        tree.complete = False
        tree.remarks.append(_syntax(error, text))
    return tree


class _Events:
    """The parser's events with one of lookahead."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
        self.current: Event = next(self._events)

    def step(self) -> Event:
        """Return the current event and move to the next; the last one stays."""
        passed, self.current = self.current, next(self._events, self.current)
        return passed


class _TooDeepError(YAMLError):
    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def _document(events: _Events, tree: Tree) -> None:
    events.step()
    if not isinstance(events.current, DocumentStartEvent):
        tree.remarks.append(Remark(1, (), "the file is empty"))
        tree.complete = False
        return
    start = events.step()
    if isinstance(start, DocumentStartEvent) and (start.version or start.tags):
        tree.remarks.append(Remark(1, (), "a % directive is not supported: remove the line"))
    tree.data = _node(events, tree, ())
    events.step()
    if isinstance(events.current, DocumentStartEvent):
        line = _line(events.current)
        tree.remarks.append(Remark(line, (), "a second document begins here: keep one"))


def _node(events: _Events, tree: Tree, path: Path) -> object:
    event = events.step()
    tree.lines.setdefault(path, _line(event))
    if len(path) > MAX_DEPTH:
        raise _TooDeepError(_line(event))
    _refuse_extras(event, tree, path)
    match event:
        case MappingStartEvent():
            return _mapping(events, tree, path)
        case SequenceStartEvent():
            return _sequence(events, tree, path)
        case ScalarEvent():
            return _scalar(event)
        case _:
            return None


def _refuse_extras(event: Event, tree: Tree, path: Path) -> None:
    if not isinstance(event, NodeEvent):
        return
    if isinstance(event, AliasEvent):
        tree.blanks.add(path)
        message = f"the alias *{event.anchor} is not supported: write the value out"
    elif event.anchor:
        message = f"the anchor &{event.anchor} is not supported: remove it"
    elif tag := getattr(event, "tag", None):
        message = f"the tag {tag} is not supported: remove it"
    else:
        return
    tree.remarks.append(Remark(_line(event), path, message))


def _mapping(events: _Events, tree: Tree, path: Path) -> dict[str | int, object]:
    values: dict[str | int, object] = {}
    while not isinstance(events.current, MappingEndEvent):
        line = _line(events.current)
        key = _key(events, tree, path)
        if key is None:
            _node(events, Tree(remarks=tree.remarks), path)
        elif key in values:
            first = tree.lines[(*path, key)]
            message = f"the key stands twice, first in line {first}: keep one"
            tree.remarks.append(Remark(line, (*path, key), message))
            _node(events, Tree(remarks=tree.remarks), path)
        else:
            tree.lines[(*path, key)] = line
            values[key] = _node(events, tree, (*path, key))
    events.step()
    return values


def _key(events: _Events, tree: Tree, path: Path) -> str | int | None:
    """Return a key that can be one; None after saying why it cannot."""
    event = events.current
    line = _line(event)
    _refuse_extras(event, tree, path)
    if not isinstance(event, ScalarEvent):
        _node(events, Tree(remarks=tree.remarks), path)
        if not isinstance(event, AliasEvent):
            tree.remarks.append(Remark(line, path, "a key must be a plain word or a number"))
        return None
    events.step()
    if event.value == "<<":
        message = "merge keys (<<) are not supported: write the values out"
        tree.remarks.append(Remark(line, path, message))
        return None
    value = _scalar(event)
    return value if isinstance(value, int) and not isinstance(value, bool) else str(event.value)


def _sequence(events: _Events, tree: Tree, path: Path) -> list[object]:
    values: list[object] = []
    while not isinstance(events.current, SequenceEndEvent):
        values.append(_node(events, tree, (*path, len(values))))
    events.step()
    return values


def _scalar(event: ScalarEvent) -> object:
    """Resolve by YAML 1.2's core schema; dates, ``no`` and ``12:30`` stay text."""
    text = str(event.value)
    if event.style is not None:
        return text
    if text.lower() in WORDS and text in {text.lower(), text.upper(), text.capitalize()}:
        return WORDS[text.lower()]
    if re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,18})", text):
        return int(text)
    if re.fullmatch(r"[-+]?([0-9]+\.[0-9]*|\.?[0-9]+)([eE][-+]?[0-9]{1,3})?", text):
        return Decimal(text)
    return PlainText(text)


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _syntax(error: YAMLError, text: str) -> Remark:
    if isinstance(error, _TooDeepError):
        return Remark(error.line, (), f"more than {MAX_DEPTH} levels deep")
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Remark(line, (), "a control character is not allowed in YAML")
    if isinstance(error, MarkedYAMLError) and error.problem_mark:
        line = int(error.problem_mark.line) + 1
        problem = str(error.problem)
        if "'\\t'" in problem:
            return Remark(line, (), "a tab cannot indent YAML: use spaces")
        context = f" {error.context}" if error.context else ""
        return Remark(line, (), f"not valid YAML: {problem}{context}")
    return Remark(1, (), "not valid YAML")
