"""The same words twice: as plain text in lines of a mail, and as a plain page.

A page loads nothing and runs nothing; every argument is escaped (reliability I8).
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape

from mondaybridge.i18n import text

WIDTH = 74
_BODY = (
    "margin:0;padding:24px 16px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,"
    "sans-serif;font-size:16px;line-height:1.5;color:#1f2430;background:#ffffff"
)
_H = "font-size:17px;line-height:1.3;margin:28px 0 8px"
_P = "margin:0 0 14px"
_LIST = "margin:0 0 14px;padding-left:22px"
_ITEM = "margin:0 0 4px"
_TABLE = "border-collapse:collapse;margin:0 0 18px"
_NAME = "padding:6px 32px 6px 0;border-bottom:1px solid #d9dce3"
_NUMBER = f"{_NAME.replace('32px', '0')};text-align:right;font-weight:600"
_LINK = "color:#0b57d0"


class Kind(Enum):
    """What a part of a mail is."""

    PARAGRAPH = "p"
    HEADING = "h2"
    BULLETS = "ul"
    STEPS = "ol"
    TOTALS = "table"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail: its texts by their keys; a total's argument has the key's last word."""

    kind: Kind
    keys: tuple[str, ...]


def plain(parts: Sequence[Part], locale: str, arguments: Mapping[str, str]) -> str:
    """Return the parts as plain text, in lines that every mail program shows whole."""
    return "\n\n".join(_plain(part, locale, arguments) for part in parts) + "\n"


def page(
    parts: Sequence[Part], locale: str, arguments: Mapping[str, str], links: Mapping[str, str]
) -> str:
    """Return the parts as a page; ``links`` says where the arguments of these names lead."""
    safe = {
        name: f'<a href="{escape(links[name])}" style="{_LINK}">{escape(value)}</a>'
        if name in links
        else escape(value)
        for name, value in arguments.items()
    }
    body = "\n".join(_page(part, locale, safe) for part in parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(locale)}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"></head>\n<body style="{_BODY}">\n'
        f'<div style="max-width:600px;margin:0 auto">\n{body}\n</div>\n</body>\n</html>\n'
    )


def _plain(part: Part, locale: str, arguments: Mapping[str, str]) -> str:
    texts = [text(key, locale, **arguments) for key in part.keys]
    match part.kind:
        case Kind.HEADING:
            return f"{texts[0]}\n{'-' * len(texts[0])}"
        case Kind.BULLETS:
            return "\n".join(_wrapped(line, "- ") for line in texts)
        case Kind.STEPS:
            return "\n".join(_wrapped(line, f"{n}. ") for n, line in enumerate(texts, 1))
        case Kind.TOTALS:
            rows = list(zip(texts, _numbers(part, arguments), strict=True))
            width, room = max(map(len, texts)), max(len(number) for _, number in rows)
            return "\n".join(f"  {name:<{width}}  {number:>{room}}" for name, number in rows)
        case Kind.PARAGRAPH:
            return "\n".join(_wrapped(line) for line in texts)


def _page(part: Part, locale: str, safe: Mapping[str, str]) -> str:
    texts = [text(key, locale, **safe) for key in part.keys]
    match part.kind:
        case Kind.HEADING:
            return f'<h2 style="{_H}">{texts[0]}</h2>'
        case Kind.BULLETS | Kind.STEPS:
            items = "\n".join(f'<li style="{_ITEM}">{line}</li>' for line in texts)
            return f'<{part.kind.value} style="{_LIST}">\n{items}\n</{part.kind.value}>'
        case Kind.TOTALS:
            rows = "\n".join(
                f'<tr><td style="{_NAME}">{name}</td><td style="{_NUMBER}">{number}</td></tr>'
                for name, number in zip(texts, _numbers(part, safe), strict=True)
            )
            return f'<table style="{_TABLE}">\n{rows}\n</table>'
        case Kind.PARAGRAPH:
            return f'<p style="{_P}">{"<br>".join(texts)}</p>'


def _numbers(part: Part, arguments: Mapping[str, str]) -> list[str]:
    return [arguments[key.rpartition(".")[2]] for key in part.keys]


def _wrapped(line: str, mark: str = "") -> str:
    """Break a line between words; an address is never broken."""
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
