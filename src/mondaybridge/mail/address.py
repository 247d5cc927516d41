"""Addresses of mails as they go over the wire, or a sentence that says what is wrong with one.

Only the everyday form ``name@example.com`` is taken, with names in any script beside it; quoted
names, comments and addresses of machines are refused, as is what a server could read in two ways.
"""

import re
import unicodedata
from dataclasses import dataclass
from email.utils import parseaddr

from mondaybridge.errors import ConfigurationError

LOCAL_LENGTH = 64  # before the @ (RFC 5321, 4.5.3.1.1)
ADDRESS_LENGTH = 254  # the whole (RFC 5321, 4.5.3.1.3, without its brackets)
NAME_LENGTH = 100
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# Control characters, line and paragraph separators, halves of characters, and marks that turn the
# direction of what follows: none has a place in one line of a header.
_NOT_IN_A_LINE = {"Cc", "Zl", "Zp", "Cs"}
_TURNS = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who is written to or writes: an address of ASCII characters, and a name in any script."""

    address: str
    name: str = ""


def mailbox(address: str, name: str = "") -> Mailbox:
    """Return a mailbox that is safe to send to; ValueError says what to correct."""
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        raise ValueError(f"{address!r} is no e-mail address: write it like name@example.com")
    if not (_LOCAL.fullmatch(local) and len(local) <= LOCAL_LENGTH):
        raise ValueError(f"{address!r}: {local!r} cannot stand before the @ of an e-mail address")
    found = f"{local}@{_domain(address, domain)}"
    if len(found) > ADDRESS_LENGTH:
        raise ValueError(f"{address!r} is longer than {ADDRESS_LENGTH} characters")
    return Mailbox(found, one_line(name, NAME_LENGTH))


def sender(text: str) -> Mailbox:
    """Read ``Name <name@example.com>`` of the settings; ConfigurationError names the setting."""
    name, address = parseaddr(text)
    try:
        return mailbox(address or text, name)
    except ValueError as wrong:
        raise ConfigurationError(f"MONDAYBRIDGE_SMTP__SENDER: {wrong}") from wrong


def one_line(text: str, longest: int) -> str:
    """Return text that can stand in a header: one line, at most so long (reliability I9)."""
    kept = "".join(
        " " if unicodedata.category(char) in _NOT_IN_A_LINE or char in _TURNS else char
        for char in text
    )
    line = " ".join(kept.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _domain(address: str, domain: str) -> str:
    """Return a domain in ASCII; where two standards of its writing differ, refuse it."""
    wanted = unicodedata.normalize("NFC", domain).lower()
    try:
        encoded = wanted.encode("idna").decode("ascii").lower()
        same = encoded.encode("ascii").decode("idna") == wanted or encoded == wanted
    except UnicodeError:
        same, encoded = False, ""
    labels = encoded.split(".")
    named = len(labels) > 1 and not labels[-1].isdigit()  # four numbers are a machine
    if not same or not named or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(
            f"{address!r}: {domain!r} is not the name of a domain; one with letters beyond a-z can "
            "be written in its form with xn--"
        )
    return encoded
