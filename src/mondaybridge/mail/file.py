"""Without a mail server a mail becomes a file that the team opens and sends (R24).

The name holds a digest of the bytes: the same mail is written once, another one never over it.
"""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

from mondaybridge.mail.message import Message
from mondaybridge.mail.outcome import Outcome, Refused, Written

NAME_LENGTH = 60
DIGEST_LENGTH = 16
DRAFT = b"X-Unsent: 1\r\n"  # mail programs open such a file as a draft that can be sent


class MailFolder:
    """The folder of mails that people send."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message, _commit: Callable[[], None], /) -> Outcome:
        """Write the mail down whole or not at all; a file that was changed is left alone."""
        content = DRAFT + message.content
        path = self._folder / _name(message.key, content)
        if path.exists():
            same = path.read_bytes() == content
            return Written(path) if same else Refused(0, f"{path} was changed: move it away")
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}.part")
        _write(draft, content)
        draft.replace(path)
        return Written(path)


def _name(key: str, content: bytes) -> str:
    """Return a name of plain letters that tells which mail it is (reliability I7)."""
    readable = re.sub(r"[^a-z0-9]+", "-", key.lower())[:NAME_LENGTH].strip("-") or "mail"
    return f"{readable}-{hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]}.eml"


def _write(path: Path, content: bytes) -> None:
    """Write a file for its owner alone, and have it on the disk before it gets its name."""
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
