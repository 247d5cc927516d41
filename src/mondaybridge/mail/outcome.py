"""What became of a mail, told apart by what may be done next; ``words`` are the other side's.

A mailer gives one of these or raises ``UpstreamError`` when its settings are at fault: then no
mail would go, and none was tried.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mondaybridge.mail.message import Message


@dataclass(frozen=True, slots=True)
class Delivered:
    """The server took the mail over."""

    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Written:
    """The mail lies in a file for the team to send."""

    path: Path


@dataclass(frozen=True, slots=True)
class Refused:
    """The server won't take this mail, now or later."""

    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """The mail was surely not taken and may be later; ``code`` is 0 where no server spoke."""

    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The whole mail was sent and no answer came: it may have been taken."""

    words: str


Outcome = Delivered | Written | Refused | Deferred | Unknown


class Mailer(Protocol):
    """Where mails go."""

    def send(self, message: Message, commit: Callable[[], None], /) -> Outcome:
        """Try once; ``commit`` is called right before a step that cannot be taken back.

        What ``commit`` raises stops the mail: it was surely not sent then. A mailer that may be
        asked twice without harm never calls it.
        """
