"""Without a mail server a mail is a file: once, whole, for its owner alone, and never replaced."""

import stat
from pathlib import Path

from mail.postbox import HOST, SENDER
from mondaybridge.mail.address import Mailbox
from mondaybridge.mail.file import MailFolder
from mondaybridge.mail.mailer import open_mailer, sender_of
from mondaybridge.mail.message import Message
from mondaybridge.mail.outcome import Outcome, Refused, Written
from mondaybridge.mail.smtp import SmtpMailer
from mondaybridge.settings import Security, Settings, SmtpSettings

MAIL = Message("closing:c1/../x", "<1@example.com>", "a@example.com", "b@example.org", b"To: b\r\n")


def send(folder: Path, message: Message = MAIL) -> Outcome:
    return MailFolder(folder).send(message, _nothing_to_commit)


def _nothing_to_commit() -> None:
    raise AssertionError("a file can be written twice without harm")


def test_a_mail_is_written_once_as_a_draft_to_send(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "outbox"
    first = send(folder)
    assert isinstance(first, Written)
    assert first.path.name == "closing-c1-x-d0d61eb0dd50a44b.eml"
    assert first.path.read_bytes() == b"X-Unsent: 1\r\nTo: b\r\n"
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert send(folder) == first
    assert list(folder.iterdir()) == [first.path]


def test_another_mail_of_the_same_key_is_another_file(tmp_path: Path) -> None:
    send(tmp_path)
    send(tmp_path, Message(MAIL.key, MAIL.message_id, MAIL.sender, MAIL.recipient, b"To: c\r\n"))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_was_changed_is_left_alone(tmp_path: Path) -> None:
    first = send(tmp_path)
    assert isinstance(first, Written)
    first.path.write_bytes(b"my own words")
    assert send(tmp_path) == Refused(0, f"{first.path} was changed: move it away")
    assert first.path.read_bytes() == b"my own words"


def test_what_a_crash_left_behind_does_not_stand_in_the_way(tmp_path: Path) -> None:
    first = send(tmp_path)
    assert isinstance(first, Written)
    first.path.rename(first.path.with_suffix(".1.part"))
    assert send(tmp_path) == first


def test_the_settings_choose_server_or_folder(tmp_path: Path) -> None:
    without = Settings(data_dir=tmp_path)
    smtp = SmtpSettings(host=HOST, sender=SENDER, security=Security.NONE)
    assert isinstance(open_mailer(without), MailFolder)
    assert isinstance(open_mailer(Settings(data_dir=tmp_path, smtp=smtp)), SmtpMailer)
    assert sender_of(without, "assistenza@example.com") == Mailbox("assistenza@example.com")
    assert sender_of(Settings(smtp=smtp), "assistenza@example.com") == Mailbox(
        "ore@example.com", "Agenzia"
    )
