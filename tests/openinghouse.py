"""A house whose agency opens packages: a template to copy, guests to invite, a way to write.

A process can be killed before or after any call of monday; the next one finds what was committed.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from typing_extensions import override

from mondaybridge.demo.counted import StageClock
from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.monday.boards import Board
from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.world import Clock, Request, Response
from mondaybridge.settings import Settings, SmtpSettings
from mondaybridge.workflows.opening import Opening, open_package
from stories import town
from stories.house import House, _empty

CONTRACT, PACKAGE = "bottega-hours", "P1"
TEMPLATE, TITLE = town.THIRD, "Bottega Inesistente P1"
ADA, BEA = "ada@shop.example", "bea@shop.example"
CONTACT = "ask@agency.example"
COPIED: town.Terms = {
    "boards": [],
    "template": {"board": TEMPLATE, "name": "{client} {package}"},
}


class Killed(BaseException):
    """The process ended here."""


@dataclass
class OpeningHouse(House):
    """A house with a mail server or a folder for mails; ``kill_at`` is the call that is the last.

    An even number kills before the call, an odd one after it: 0 before the first, 1 after it.
    """

    smtp: SmtpSettings | None = None
    public_url: str = ""
    kill_at: int = -1
    asked: list[str] = field(default_factory=list)

    @override
    def __post_init__(self) -> None:
        self.sandbox = Sandbox(Clock(), WorldData.model_validate(opening_world()))
        self.sandbox.monday.handshake = lambda _, body: body
        self.clock = StageClock(self.sandbox.world.clock)
        self.open()

    @override
    def settings(self) -> Settings:
        found = super().settings()
        given = {"smtp": self.smtp} if self.smtp else {}
        return found.model_copy(update={**given, "public_url": self.public_url})

    def run(self, name: str = CONTRACT) -> Opening:
        """Run the command once."""
        return open_package(self.app, name)

    def run_killed(self, at: int, name: str = CONTRACT) -> bool:
        """Run it in a process that is killed; say whether it came so far."""
        self.asked.clear()
        self.kill_at = at
        try:
            self.run(name)
        except Killed:
            return True
        finally:
            self.kill_at = -1
            self.reopen()
            self.wait(2)
        return False

    def map_board(self, board_id: str) -> None:
        """Put the line that was printed into the mapping, and start again."""
        line = f'{{"id": "{board_id}", "columns": "tracked"}}'
        self.reopen(self.mapping.replace('"boards": []', f'"boards": [{line}]'))

    def copies(self) -> list[Board]:
        """Return the boards that were made of the template."""
        known = {town.HOURS, town.TEA, town.THIRD}
        return [one for key, one in self.sandbox.monday.state.boards.items() if key not in known]

    def letters(self) -> list[EmailMessage]:
        """Return the mails that lie in the folder, by recipient."""
        mails = [letter(one.read_bytes()) for one in self.files()]
        return sorted(mails, key=lambda one: str(one["To"]))

    def files(self) -> list[Path]:
        """Return the files of mails."""
        return sorted((self.folder / "outbox").glob("*.eml"))

    @override
    def _monday(self, request: Request) -> Response:
        found = re.search(rb"(?:query|mutation) (\w+)", request.body)
        self.asked.append(found.group(1).decode() if found else "")
        number = 2 * (len(self.asked) - 1)
        if self.kill_at == number:
            raise Killed
        answer = super()._monday(request)
        if self.kill_at == number + 1:
            raise Killed
        return answer


def letter(content: bytes) -> EmailMessage:
    """Read a mail as a mail program does."""
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(content)


def words(mail: EmailMessage) -> str:
    """Return what a mail says, in one line."""
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


@contextmanager
def openinghouse(
    *,
    smtp: SmtpSettings | None = None,
    public_url: str = "",
    locale: str = "it",
    users: tuple[str, ...] = (ADA, BEA),
    contact: str | None = CONTACT,
    **terms: object,
) -> Iterator[OpeningHouse]:
    """Give a fresh house; ``terms`` are the contract's, by default with a template alone."""
    contract = town.prepaid(**{**COPIED, **terms})
    client = town.bottega(contract, users=list(users), contact=contact, locale=locale)
    text = town.mapping(bottega=client, tea=town.tea())
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no disk is needed
    with tempfile.TemporaryDirectory(dir=memory) as name:
        (Path(name) / "mondaybridge.sqlite3").write_bytes(_empty())
        address = f"sqlite:///{Path(name) / 'mondaybridge.sqlite3'}"
        one = OpeningHouse(Path(name), text, address, smtp=smtp, public_url=public_url)
        try:
            yield one
        finally:
            one.app.close()


def opening_world() -> town.Terms:
    """Return the account: boards that can be shared, one of them a template with two rows."""
    world = town.world_json()
    for board in world["monday"]["boards"]:
        board |= {"kind": "share", "owners": [town.BRIDGE], "subscribers": [town.STAFF]}
    template = next(one for one in world["monday"]["boards"] if one["id"] == TEMPLATE)
    template["items"] = [
        {"id": "7101", "name": "Home page", "cells": {town.ESTIMATE: "2"}},
        {"id": "7102", "name": "Contact form"},
    ]
    ada = {"id": "202", "name": "Ada Bottega", "email": ADA, "kind": "guest"}
    world["monday"]["users"].append(ada)
    return world
