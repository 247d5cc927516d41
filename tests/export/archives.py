"""Changing a workbook's parts as somebody with a text editor could."""

import io
import re
import zipfile
from collections.abc import Callable

SUMMARY, DONE, UNDONE, HIDDEN = (f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3, 4))


def changed(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The same archive with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()).encode() if name == part else text)
    return out.getvalue()


def with_value(content: bytes, part: str, cell: str, value: str) -> bytes:
    """The same file with another number in a cell; a formula keeps its text."""
    pattern = re.compile(rf'(<c r="{cell}"[^>]*>(?:<f>[^<]*</f>)?)<v>[^<]*</v>')
    return changed(content, part, lambda xml: _once(pattern, rf"\g<1><v>{value}</v>", xml))


def without_formula(content: bytes, part: str, cell: str) -> bytes:
    """The same file with a formula replaced by the value that it had."""
    pattern = re.compile(rf'(<c r="{cell}"[^>]*>)<f>[^<]*</f>')
    return changed(content, part, lambda xml: _once(pattern, r"\1", xml))


def without_stored_values(content: bytes) -> bytes:
    """The same file with formulas that no program has computed yet."""
    pattern = re.compile(r"(<f>[^<]*</f>)<v>[^<]*</v>")
    for part in (SUMMARY, DONE, UNDONE):
        content = changed(content, part, lambda xml: pattern.sub(r"\1", xml))
    return content


def without_row(content: bytes, part: str, row: int) -> bytes:
    """The same file with the cells of one row emptied."""
    pattern = re.compile(rf'<row r="{row}" .*?</row>', re.DOTALL)
    return changed(content, part, lambda xml: _once(pattern, "", xml))


def _once(pattern: re.Pattern[str], new: str, text: str) -> str:
    text, count = pattern.subn(new, text)
    assert count == 1
    return text
