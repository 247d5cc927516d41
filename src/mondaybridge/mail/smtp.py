"""Hand a mail to an SMTP server, and know afterwards what is known.

A server can have taken a mail only once the line with the final dot went out. Whatever breaks
before is tried later; what breaks after is unknown, and said to be. Certificates are always
checked; no password stands in an error.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from mondaybridge.errors import CredentialsError, UpstreamError
from mondaybridge.mail.address import one_line
from mondaybridge.mail.message import Message
from mondaybridge.mail.outcome import Deferred, Delivered, Outcome, Refused, Unknown
from mondaybridge.settings import Security, SmtpSettings

WORDS_LENGTH = 300
GO_AHEAD = 354
GOOD, PASSING, FINAL = 2, 4, 5  # the first digit of an answer (RFC 5321, 4.2.1)
_Answer = tuple[int, bytes]


class SmtpMailer:
    """The mail server of the settings; each mail has its own connection."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        secret = settings.password
        self._password = secret.get_secret_value() if secret else ""
        if not (settings.user.isascii() and self._password.isascii()):
            raise CredentialsError(
                "MONDAYBRIDGE_SMTP__USER and MONDAYBRIDGE_SMTP__PASSWORD must be plain ASCII: "
                "servers read other letters in different ways"
            )

    def send(self, message: Message, commit: Callable[[], None], /) -> Outcome:
        """Try once; ``commit`` comes after the whole text and before the final dot."""
        try:
            with self._connection(message.sender.rpartition("@")[2]) as server:
                no = self._envelope(server, message)
                if no is not None:
                    return no
                server.send(_dotted(message.content))
                commit()
                return self._finish(server)
        except smtplib.SMTPResponseException as error:
            return self._deferred(error.smtp_code, _bytes(error.smtp_error))
        except (smtplib.SMTPException, OSError) as error:
            return self._deferred(0, _bytes(str(error) or type(error).__name__))

    @contextmanager
    def _connection(self, domain: str) -> Iterator[smtplib.SMTP]:
        """Open a connection that is secured and logged in; it greets by the sender's domain."""
        server = self._connect(domain)
        try:
            self._secure(server)
            self._login(server)
            yield server
        finally:
            server.close()

    def _connect(self, domain: str) -> smtplib.SMTP:
        host, port, timeout = self._settings.host, self._settings.own_port, self._settings.timeout
        if self._settings.security is not Security.TLS:
            return smtplib.SMTP(host, port, domain, timeout)
        with self._certificate():
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, domain, timeout=timeout, context=context)

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._settings.security is not Security.STARTTLS:
            return
        try:
            with self._certificate():
                server.starttls(context=ssl.create_default_context())
        except smtplib.SMTPNotSupportedError as error:
            raise UpstreamError(
                f"the mail server {self._settings.host} offers no encryption (STARTTLS): set "
                "MONDAYBRIDGE_SMTP__SECURITY and MONDAYBRIDGE_SMTP__PORT as its operator says"
            ) from error
        server.ehlo()

    @contextmanager
    def _certificate(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise UpstreamError(
                f"the certificate of the mail server {self._settings.host} is not to be trusted: "
                f"{error.verify_message}; check MONDAYBRIDGE_SMTP__HOST, or name the file of your "
                "own authority in SSL_CERT_FILE"
            ) from error

    def _login(self, server: smtplib.SMTP) -> None:
        if not self._settings.user:
            return
        wrong = "the mail server refused MONDAYBRIDGE_SMTP__USER and MONDAYBRIDGE_SMTP__PASSWORD"
        try:
            server.login(self._settings.user, self._password)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code // 100 == PASSING:
                raise
            words = self._words(_bytes(error.smtp_error))
            raise CredentialsError(f"{wrong}: {error.smtp_code} {words}") from None
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException):
            raise
        except smtplib.SMTPException:
            raise CredentialsError(f"{wrong}: it offers no way to log in that is known") from None

    def _envelope(self, server: smtplib.SMTP, message: Message) -> Refused | Deferred | None:
        """Say from whom, to whom, and that the text comes; return the first no."""
        size = [f"size={len(message.content)}"] if server.has_extn("size") else []
        steps: list[tuple[Callable[[], _Answer], bool]] = [
            (lambda: server.mail(message.sender, size), False),
            (lambda: server.rcpt(message.recipient), False),
            (lambda: server.docmd("DATA"), True),
        ]
        for step, last in steps:
            code, words = step()
            if code != GO_AHEAD if last else code // 100 != GOOD:
                return self._no(code, words)
        return None

    def _finish(self, server: smtplib.SMTP) -> Outcome:
        """Send the final dot and hear what became of it; from here on silence means unknown."""
        try:
            server.send(b".\r\n")
            code, words = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            return Unknown(self._words(_bytes(str(error) or type(error).__name__)))
        with suppress(smtplib.SMTPException, OSError):
            server.putcmd("quit")
        if code // 100 == GOOD:
            return Delivered(code, self._words(words))
        if code // 100 in {PASSING, FINAL}:
            return self._no(code, words)
        return Unknown(self._words(words))

    def _no(self, code: int, words: bytes) -> Refused | Deferred:
        if code // 100 == FINAL:
            return Refused(code, self._words(words))
        return self._deferred(code, words)

    def _deferred(self, code: int, words: bytes) -> Deferred:
        return Deferred(max(code, 0), self._words(words))

    def _words(self, words: bytes) -> str:
        """Return what a server said: one line, and never the password that it may repeat."""
        said = words.decode("utf-8", "replace")
        if self._password:
            said = said.replace(self._password, "***")
        return one_line(said, WORDS_LENGTH)


def _dotted(content: bytes) -> bytes:
    """Return the text as it goes over the wire: a line's first dot is doubled (RFC 5321, 4.5.2)."""
    whole = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole)


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode("utf-8", "replace")
