"""A mail as bytes: the same input gives the same bytes, and nothing given can become a header.

One mail goes to one person: whether it arrived has then one answer (R24). Its Message-ID comes
from the business key, so that a mail sent twice is seen to be one mail (storage 3).
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from mondaybridge.mail.address import Mailbox, one_line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUBJECT_LENGTH = 150
FILE_NAME_LENGTH = 80
WORD_BYTES = 45  # of an encoded word, 75 characters in all (RFC 2047, 2)
_PLAIN = re.compile(r"[A-Za-z0-9 '!+*/-]*")
_ENCODING = "quoted-printable"  # of every text: no line is too long, none begins a part by chance


@dataclass(frozen=True, slots=True)
class MailText:
    """What a person reads: the same words as plain text and as a page."""

    language: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    kind: str = XLSX


@dataclass(frozen=True, slots=True)
class Route:
    """From whom to whom, and who reads the answers: the sender where nobody is named."""

    sender: Mailbox
    to: Mailbox
    reply_to: Mailbox | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A mail ready to go: its business key, its envelope, and its bytes."""

    key: str
    message_id: str
    sender: str
    recipient: str
    content: bytes


def compose(
    key: str, route: Route, words: MailText, *, at: int, attachments: Sequence[Attachment] = ()
) -> Message:
    """Return a mail dated ``at``, with its words in both forms and its files."""
    found_id = message_id(key, route.sender)
    body = EmailMessage(policy=policy.SMTP)
    body.set_content(_sound(words.text), cte=_ENCODING)
    body.add_alternative(_sound(words.html), subtype="html", cte=_ENCODING)
    for attachment in attachments:
        kind, _, subkind = attachment.kind.partition("/")
        name = file_name(attachment.name)
        body.add_attachment(attachment.content, maintype=kind, subtype=subkind, filename=name)
    _fix_boundaries(body, found_id)
    head = "".join(f"{name}: {value}\r\n" for name, value in _head(found_id, route, words, at))
    content = head.encode("ascii") + body.as_bytes()
    return Message(key, found_id, route.sender.address, route.to.address, content)


def message_id(key: str, sender: Mailbox) -> str:
    """Return the one Message-ID of a business key at the sender's domain."""
    domain = sender.address.rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def file_name(name: str) -> str:
    """Return a name that no folder is left by and no shell minds (reliability I7)."""
    return re.sub(r'[\\/:*?"<>|]', "-", one_line(name, FILE_NAME_LENGTH)).lstrip(".- ") or "file"


def _head(found_id: str, route: Route, words: MailText, at: int) -> Iterator[tuple[str, str]]:
    yield "Message-ID", found_id
    yield "Date", format_datetime(datetime.fromtimestamp(at // 1000, UTC))
    yield "From", _person(route.sender)
    yield "To", _person(route.to)
    if route.reply_to:
        yield "Reply-To", _person(route.reply_to)
    yield "Subject", _encoded(one_line(words.subject, SUBJECT_LENGTH))
    yield "Content-Language", one_line(words.language, 20)
    yield "Auto-Submitted", "auto-generated"  # no absence note answers it (RFC 3834, 5)


def _person(mailbox: Mailbox) -> str:
    return f"{_encoded(mailbox.name)}\r\n <{mailbox.address}>" if mailbox.name else mailbox.address


def _encoded(line: str) -> str:
    """Return plain words as they are, anything else as encoded words (RFC 2047, 2).

    The library's own folding loses quotation marks and tears words apart, so it is not asked.
    """
    if _PLAIN.fullmatch(line):
        return line
    words, room = [""], WORD_BYTES
    for char in line:
        size = len(char.encode())
        if size > room:
            words.append("")
            room = WORD_BYTES
        words[-1] += char
        room -= size
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word.encode()).decode()}?=" for word in words)


def _sound(text: str) -> str:
    """Replace halves of characters, which no encoding carries."""
    return text.encode("utf-8", "replace").decode()


def _fix_boundaries(mail: EmailMessage, seed: str) -> None:
    """Name the borders of parts after the mail: random ones would make other bytes each time.

    An underscore after an equals sign stands in no text encoded as here, nor in base64.
    """
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        digest = hashlib.sha256(f"{seed} {number}".encode()).hexdigest()[:32]
        part.set_boundary(f"=_{digest}")
