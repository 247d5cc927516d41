"""Text from a board made storable and showable, without losing what people wrote.

NUL, control characters and lone surrogates break databases and workbooks: they become U+FFFD
(reliability M32). White space is what ``str.strip`` takes, so a line's end of any alphabet is one,
NEL too. What a browser or a spreadsheet may do with the rest is their writers' affair.
"""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LINE_LENGTH = 255  # of an item's name (monday.md §3)
TEXT_LENGTH = 5_000

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"\s*[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]\s*")
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def clean(text: str, limit: int = TEXT_LENGTH) -> str:
    """Return text that every store and format takes, cut at a limit with an ellipsis."""
    if not text.isprintable():
        text = _UNSTORABLE.sub(REPLACEMENT, text.replace("\x85", "\n"))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def line(text: str, limit: int = LINE_LENGTH) -> str:
    """Return clean text on one line."""
    return clean(text if text.isprintable() else _BREAKS.sub(" ", text), limit)


def brief(text: str, limit: int = 40) -> str:
    """Return a short piece of text that shows what it holds: invisible characters stand out."""
    shown = line(text, limit)
    if shown.isprintable():
        return shown
    return "".join(one if one.isprintable() else REPLACEMENT for one in shown)


def decodable(body: bytes) -> bytes:
    """Replace what no decoder takes: bytes that are not UTF-8, escaped lone surrogates.

    One such cell must not cost the page.
    """
    try:
        body.decode()
    except UnicodeDecodeError:
        body = body.decode("utf-8", "replace").encode()
    if b"\\ud" not in body and b"\\uD" not in body:
        return body
    return _ESCAPES.sub(lambda found: rb"\ufffd" if found["lone"] else found[0], body)
