"""Text as a cell of a workbook can hold it: what people typed, inert and within the limits.

A text is written as text, so ``=``, ``+`` and ``@`` need no escape (reliability I1); what XML
cannot carry is replaced by a visible sign, and what is too long is cut with a visible mark (I2).
"""

import re

# A cell holds 32,767 UTF-16 units; a character outside the first plane takes two.
CELL_UNITS = 32_767

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_NOT_XML = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def one_line(typed: str, mark: str) -> str:
    """Return a text on one line: a title, a name, a reference."""
    return cut(" ".join(_legible(typed).split()), mark)


def many_lines(typed: str, mark: str) -> str:
    """Return a text with its own lines: a note."""
    return cut("\n".join(line.rstrip() for line in _legible(typed).split("\n")).strip(), mark)


def cut(text: str, mark: str, units: int = CELL_UNITS) -> str:
    """Return a text that fits a cell; ``mark`` stands where something is missing."""
    if _units(text) <= units:
        return text
    room = units - _units(mark)
    encoded = text.encode("utf-16-le")[: 2 * room]
    return encoded.decode("utf-16-le", "ignore") + mark


def _legible(typed: str) -> str:
    tidy = _LINE_ENDS.sub("\n", typed).replace("\t", " ")
    return _NOT_XML.sub("\ufffd", tidy)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
