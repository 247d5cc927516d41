"""A real SMTP server on this machine that keeps what it takes, and answers as it is told.

What it is told is used up step by step: ``cut`` breaks the connection, anything else is the answer
instead of its own. With ``cut`` after the text the mail was taken and nobody hears of it.
"""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mondaybridge.settings import Security, SmtpSettings

# It says good-bye in a thread of its own, after pytest has closed what it would write to.
logging.getLogger("mail.log").setLevel(logging.ERROR)

CUT = "cut"
HOST = "127.0.0.1"
SENDER = "Agenzia <ore@example.com>"


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail that the server took over."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    encrypted: bool
    user: str


@dataclass
class Postbox:
    """The mails that were taken, and what to answer next at ``RCPT`` and at the final dot."""

    taken: list[Taken] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    dot: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        told = self.rcpt.pop(0) if self.rcpt else ""
        if told == CUT:
            _cut(server)
        if told:
            return told
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        told = self.dot.pop(0) if self.dot else ""
        if told in {"", CUT}:
            self.taken.append(
                Taken(
                    str(envelope.mail_from),
                    tuple(envelope.rcpt_tos),
                    envelope.original_content or b"",
                    encrypted=session.ssl is not None,
                    user=str(session.auth_data) if session.authenticated else "",
                )
            )
        if told == CUT:
            _cut(server)
        return told or "250 taken"

    def settings(self, **given: object) -> SmtpSettings:
        """Return the settings that reach this server, in the open unless they say otherwise."""
        values = {"security": Security.NONE, "host": HOST, "sender": SENDER, "timeout": 5}
        return SmtpSettings.model_validate({**values, "port": self.port, **given})


@contextmanager
def postbox(
    *,
    inside: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    password: str = "",
    size: int = 1_000_000,
) -> Iterator[Postbox]:
    """Serve: in the open, inside TLS, or with STARTTLS; with a password only whoever has it."""
    box = Postbox()

    server = _Anywhere(
        box,
        hostname=HOST,
        port=0,
        ssl_context=inside,
        tls_context=starttls,
        require_starttls=starttls is not None,
        data_size_limit=size,
        authenticator=_Knows(password) if password else None,
        auth_required=bool(password),
    )
    server.start()
    box.port = server.port
    try:
        yield box
    finally:
        server.stop()


@contextmanager
def scripted(*lines: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Serve one connection by rote: each line after one of the client's, then hang up."""
    heard: list[bytes] = []
    with socket.create_server((HOST, 0)) as listening:
        listening.settimeout(5)

        def serve() -> None:
            with listening.accept()[0] as connection, connection.makefile("rb") as lines_in:
                connection.settimeout(5)
                for number, line in enumerate(lines):
                    if number:
                        heard.append(lines_in.readline())
                    connection.sendall(line)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1], heard
        finally:
            thread.join()


class Authority:
    """An authority of certificates made for one test, and its certificate for this machine."""

    def __init__(self, *names: str) -> None:
        self._authority = trustme.CA()
        self._certificate = self._authority.issue_cert(*(names or (HOST,)))

    def server(self) -> ssl.SSLContext:
        """Return what a server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(context)
        return context

    def write(self, path: str) -> None:
        """Write the authority's own certificate for clients to trust."""
        self._authority.cert_pem.write_to_path(path)


class _Knows:
    """Let in whoever has the one password."""

    def __init__(self, password: str) -> None:
        self._password = password.encode()

    def __call__(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: object
    ) -> AuthResult:
        if not isinstance(given, LoginPassword) or given.password != self._password:
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=given.login.decode())


class _Anywhere(Controller):
    """The library's controller on a port that the system chose."""

    def _create_server(self) -> Coroutine[object, object, asyncio.Server]:
        return self._bind()

    async def _bind(self) -> asyncio.Server:
        server = await self.loop.create_server(
            self._factory_invoker, host=self.hostname, port=0, ssl=self.ssl_context
        )
        self.port = server.sockets[0].getsockname()[1]
        return server


def _cut(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()
