"""The two mails of a package: how to get in, and the copy of what was done (R24, R17b).

Hours come as text, so that they are the same here as in the workbook and on the board (R02). What
concerns the team alone, such as a client who cannot see the board yet, is said in no mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from mondaybridge.i18n import text
from mondaybridge.mail.address import one_line
from mondaybridge.mail.message import SUBJECT_LENGTH, MailText
from mondaybridge.mail.page import Kind, Part, page, plain

VALUE_LENGTH = 200  # of a name or title inside a sentence


@dataclass(frozen=True, slots=True)
class Start:
    """What a guest is told at the start; ``contact`` is where requests are sent (R06).

    ``factor`` is how many times urgent work is charged (R11); urgency is not told of up to 1.
    """

    agency: str
    title: str
    board_url: str
    contact: str
    guest: str
    guest_name: str = ""
    factor: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """What a client is told at the end; the three totals are those of the ledger (R02).

    ``factor`` is that of ``Start``.
    """

    agency: str
    title: str
    contact: str
    granted: str
    used: str
    left: str
    file: str
    name: str = ""
    factor: int = 0


def onboarding(locale: str, start: Start) -> MailText:
    """Return the mail of the start: the dashboard, the way in, the first thing to do (R24)."""
    if urlsplit(start.board_url).scheme != "https":
        raise ValueError(f"{start.board_url!r} is no address of a board: it begins with https://")
    arguments = {
        "agency": start.agency,
        "title": start.title,
        "board_url": start.board_url,
        "contact": start.contact,
        "guest": start.guest,
        "name": start.guest_name,
        "factor": str(start.factor),
    }
    links = {"board_url": start.board_url, "contact": _mailto(start.contact)}
    parts = [
        Part(Kind.PARAGRAPH, (_greeting(start.guest_name),)),
        Part(Kind.PARAGRAPH, ("mail.onboarding.begun",)),
        Part(Kind.PARAGRAPH, ("mail.onboarding.address",)),
        Part(Kind.HEADING, ("mail.onboarding.first",)),
        Part(Kind.PARAGRAPH, ("mail.onboarding.first.approve",)),
        Part(Kind.HEADING, ("mail.onboarding.access",)),
        Part(Kind.STEPS, _numbered("mail.onboarding.access", 3)),
        Part(Kind.PARAGRAPH, ("mail.onboarding.access.help",)),
        Part(Kind.HEADING, ("mail.onboarding.shown",)),
        Part(Kind.BULLETS, _numbered("mail.onboarding.shown", 7)),
        Part(Kind.HEADING, ("mail.onboarding.requests",)),
        Part(Kind.PARAGRAPH, ("mail.onboarding.requests.how",)),
        *_urgent("mail.onboarding.requests.urgent", start.factor),
        Part(Kind.PARAGRAPH, ("mail.regards", "mail.signature")),
    ]
    return _mail("mail.onboarding.subject", locale, parts, arguments, links)


def closing(locale: str, end: End) -> MailText:
    """Return the mail of the end: the three totals, the file, whom to ask (R17b)."""
    arguments = {
        "agency": end.agency,
        "title": end.title,
        "contact": end.contact,
        "granted": end.granted,
        "used": end.used,
        "left": end.left,
        "file": end.file,
        "name": end.name,
        "factor": str(end.factor),
    }
    totals = ("mail.closing.granted", "mail.closing.used", "mail.closing.left")
    parts = [
        Part(Kind.PARAGRAPH, (_greeting(end.name),)),
        Part(Kind.PARAGRAPH, ("mail.closing.ended",)),
        Part(Kind.TOTALS, totals),
        Part(Kind.PARAGRAPH, ("mail.closing.file",)),
        *_urgent("mail.closing.urgent", end.factor),
        Part(Kind.PARAGRAPH, ("mail.closing.board",)),
        Part(Kind.PARAGRAPH, ("mail.closing.questions",)),
        Part(Kind.PARAGRAPH, ("mail.regards", "mail.signature")),
    ]
    return _mail(
        "mail.closing.subject", locale, parts, arguments, {"contact": _mailto(end.contact)}
    )


def _mail(
    subject: str,
    locale: str,
    parts: Sequence[Part],
    given: Mapping[str, str],
    links: Mapping[str, str],
) -> MailText:
    arguments = {name: one_line(value, VALUE_LENGTH) for name, value in given.items()}
    line = one_line(text(subject, locale, **arguments), SUBJECT_LENGTH)
    words = plain(parts, locale, arguments)
    return MailText(locale, line, words, page(parts, locale, arguments, links))


def _urgent(key: str, factor: int) -> list[Part]:
    return [Part(Kind.PARAGRAPH, (key,))] if factor > 1 else []


def _greeting(name: str) -> str:
    return "mail.greeting.named" if name.strip() else "mail.greeting"


def _numbered(key: str, count: int) -> tuple[str, ...]:
    return tuple(f"{key}.{number}" for number in range(1, count + 1))


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@')}"
