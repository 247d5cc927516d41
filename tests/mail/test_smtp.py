"""A mail against a real SMTP server: taken, refused, later, or nobody knows; always encrypted."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from mail.postbox import CUT, HOST, Authority, Postbox, Taken, postbox, scripted
from mondaybridge.errors import CredentialsError, LeaseLost, UpstreamError
from mondaybridge.mail.message import Message
from mondaybridge.mail.outcome import Deferred, Delivered, Outcome, Refused, Unknown
from mondaybridge.mail.smtp import SmtpMailer
from mondaybridge.settings import Security, SmtpSettings

TEXT = b"Subject: prova\r\n\r\n.a dot begins\r\n..two\r\nSar\xc3\xa0\r\n"
MAIL = Message("key", "<1@example.com>", "ore@example.com", "anna@example.org", TEXT)
OPEN = Taken("ore@example.com", ("anna@example.org",), TEXT, encrypted=False, user="")


def send(settings: SmtpSettings, committed: list[str] | None = None) -> Outcome:
    """Send once; ``committed`` hears when the mailer asks to write down what cannot be undone."""
    log = [] if committed is None else committed
    return SmtpMailer(settings).send(MAIL, lambda: log.append("commit"))


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as made:
        yield made


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Authority:
    """An authority that this process trusts, and no other."""
    made, file = Authority(), tmp_path / "authority.pem"
    made.write(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return made


class TestAnswers:
    def test_a_mail_is_taken_whole(self, box: Postbox) -> None:
        committed: list[str] = []
        assert send(box.settings(), committed) == Delivered(250, "taken")
        assert box.taken == [OPEN]
        assert committed == ["commit"]

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            ("550 no such person", Refused(550, "no such person")),
            ("450 mailbox busy", Deferred(450, "mailbox busy")),
            (CUT, Deferred(0, "Connection unexpectedly closed")),
        ],
    )
    def test_before_the_text_nothing_is_in_doubt(
        self, box: Postbox, answer: str, outcome: Outcome
    ) -> None:
        box.rcpt.append(answer)
        committed: list[str] = []
        assert send(box.settings(), committed) == outcome
        assert (box.taken, committed) == ([], [])

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            ("554 spam", Refused(554, "spam")),
            ("451 greylisted", Deferred(451, "greylisted")),
        ],
    )
    def test_an_answer_to_the_text_is_believed(
        self, box: Postbox, answer: str, outcome: Outcome
    ) -> None:
        box.dot.append(answer)
        assert send(box.settings()) == outcome
        assert box.taken == []

    def test_silence_after_the_final_dot_is_doubt(self, box: Postbox) -> None:
        box.dot.append(CUT)
        outcome = send(box.settings())
        assert isinstance(outcome, Unknown)
        assert box.taken == [OPEN]

    def test_a_mail_too_large_is_refused_before_it_is_sent(self) -> None:
        with postbox(size=len(TEXT) - 1) as box:
            outcome = send(box.settings())
        assert isinstance(outcome, Refused)
        assert outcome.code == 552

    def test_whoever_lost_the_lease_sends_no_final_dot(self, box: Postbox) -> None:
        def lost() -> None:
            raise LeaseLost("another worker took over")

        with pytest.raises(LeaseLost):
            SmtpMailer(box.settings()).send(MAIL, lost)
        assert send(box.settings()) == Delivered(250, "taken")
        assert box.taken == [OPEN]


HELLO = (b"220 here\r\n", b"250 here\r\n", b"250 yes\r\n", b"250 yes\r\n")


class TestStrangeServers:
    def test_no_server_is_tried_later(self) -> None:
        with socket.create_server((HOST, 0)) as listening:
            port = listening.getsockname()[1]
        assert send(Postbox(port=port).settings()) == Deferred(0, "[Errno 111] Connection refused")

    def test_one_that_hangs_up_at_data_has_not_taken_it(self) -> None:
        with scripted(*HELLO) as (port, _):
            committed: list[str] = []
            outcome = send(Postbox(port=port).settings(), committed)
        assert isinstance(outcome, Deferred)
        assert (outcome.code, committed) == (0, [])

    @pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"421 too many of you\r\n"])
    def test_one_that_serves_nobody_is_tried_later(self, greeting: bytes) -> None:
        with scripted(greeting) as (port, _):
            outcome = send(Postbox(port=port).settings())
        assert outcome == Deferred(int(greeting[:3]), greeting[4:].decode().strip())

    @pytest.mark.parametrize("answer", [b"perhaps\r\n", b"354 go on\r\n", b"2"])
    def test_one_that_answers_nonsense_to_the_text_leaves_doubt(self, answer: bytes) -> None:
        lines = TEXT.count(b"\r\n") + 1
        script = [*HELLO, b"354 go on\r\n", *[b""] * (lines - 1), answer]
        with scripted(*script) as (port, heard):
            committed: list[str] = []
            outcome = send(Postbox(port=port).settings(), committed)
        assert isinstance(outcome, Unknown)
        assert committed == ["commit"]
        assert heard[-1] == b".\r\n"

    def test_its_words_are_one_short_line_in_an_error(self) -> None:
        said = b"550-no\x1b[31m\r\n550 " + b"x" * 900 + b"\r\n"
        with scripted(*HELLO[:2], said) as (port, _):
            outcome = send(Postbox(port=port).settings())
        assert outcome == Refused(550, f"no [31m {'x' * 291}…")


class TestEncryption:
    def test_starttls_and_a_login(self, authority: Authority) -> None:
        with postbox(starttls=authority.server(), password="pass word") as box:
            login = {"security": Security.STARTTLS, "user": "bridge", "password": "pass word"}
            assert send(box.settings(**login)) == Delivered(250, "taken")
        assert [(one.encrypted, one.user) for one in box.taken] == [(True, "bridge")]

    def test_tls_from_the_first_byte(self, authority: Authority) -> None:
        with postbox(inside=authority.server()) as box:
            assert send(box.settings(security=Security.TLS)) == Delivered(250, "taken")
        assert [one.content for one in box.taken] == [TEXT]

    @pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
    @pytest.mark.usefixtures("authority")
    def test_a_certificate_of_a_stranger_is_refused(self, security: Security) -> None:
        """No setting turns this off."""
        stranger = Authority().server()
        assert _told(security, stranger) == (
            f"the certificate of the mail server {HOST} is not to be trusted: unable to get local "
            "issuer certificate; check MONDAYBRIDGE_SMTP__HOST, or name the file of your own "
            "authority in SSL_CERT_FILE"
        )

    def test_a_certificate_for_another_name_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        other = Authority("mail.example.com")
        other.write(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert "certificate is not valid for '127.0.0.1'" in _told(Security.TLS, other.server())

    def test_a_server_without_starttls_hears_neither_password_nor_mail(self, box: Postbox) -> None:
        login = {"security": Security.STARTTLS, "user": "bridge", "password": "secret-one"}
        with pytest.raises(UpstreamError, match="offers no encryption") as caught:
            send(box.settings(**login))
        assert box.taken == []
        assert "secret-one" not in str(caught.value)


class TestLogin:
    def test_a_wrong_password_is_told_without_it(self, authority: Authority) -> None:
        with postbox(starttls=authority.server(), password="right-one") as box:
            login = {"security": Security.STARTTLS, "user": "bridge", "password": "wrong-one"}
            with pytest.raises(CredentialsError) as caught:
                send(box.settings(**login))
        assert str(caught.value) == (
            "the mail server refused MONDAYBRIDGE_SMTP__USER and MONDAYBRIDGE_SMTP__PASSWORD: "
            "535 5.7.8 Authentication credentials invalid"
        )
        assert box.taken == []

    def test_a_password_that_the_server_repeats_is_hidden(self) -> None:
        script = (b"220 hi\r\n", b"250-hi\r\n250 AUTH PLAIN\r\n", b"535 not secret-one\r\n")
        with scripted(*script) as (port, _), pytest.raises(CredentialsError, match=r"not \*\*\*"):
            send(Postbox(port=port).settings(user="bridge", password="secret-one"))

    def test_a_login_that_fails_for_now_is_tried_later(self) -> None:
        script = (b"220 hi\r\n", b"250-hi\r\n250 AUTH PLAIN\r\n", b"454 not now\r\n")
        with scripted(*script) as (port, _):
            outcome = send(Postbox(port=port).settings(user="bridge", password="secret-one"))
        assert outcome == Deferred(454, "not now")

    @pytest.mark.parametrize("offer", [b"250 hi\r\n", b"250-hi\r\n250 AUTH GSSAPI\r\n"])
    def test_a_server_that_offers_no_login_we_know(self, offer: bytes) -> None:
        with (
            scripted(b"220 hi\r\n", offer) as (port, _),
            pytest.raises(CredentialsError, match="offers no way to log in"),
        ):
            send(Postbox(port=port).settings(user="bridge", password="secret-one"))

    def test_letters_that_servers_read_in_different_ways_are_refused(self, box: Postbox) -> None:
        with pytest.raises(CredentialsError, match="must be plain ASCII") as caught:
            SmtpMailer(box.settings(user="bridge", password="parolà"))
        assert "parol" not in str(caught.value)


def _told(security: Security, server: ssl.SSLContext) -> str:
    """Return what is said of a server whose certificate does not convince."""
    kind = "inside" if security is Security.TLS else "starttls"
    inside, starttls = (server, None) if kind == "inside" else (None, server)
    with postbox(inside=inside, starttls=starttls) as box, pytest.raises(UpstreamError) as caught:
        send(box.settings(security=security))
    assert box.taken == []
    return str(caught.value)
