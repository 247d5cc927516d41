"""A function is a screen, a file is a subject, a folder is a door with the right name on it."""

import ast
import re

from project import ROOT, sources

FUNCTION_LINES = 60
FILE_LINES = 400
NAMES_OF_NOTHING = {"utils", "util", "helpers", "helper", "common", "core", "misc", "manager",
                    "managers", "service", "services", "base"}  # fmt: skip


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.body[0].lineno + 1) > FUNCTION_LINES
    ]
    assert long == []


def test_no_file_holds_two_subjects() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert long == {}


def test_every_module_has_a_name_that_says_what_it_holds() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in sources()
        if NAMES_OF_NOTHING & set(re.split(r"[/_.]", str(path.relative_to(ROOT / "src"))))
    ]
    assert vague == []
