"""Where mails go by the settings, and in whose name."""

from mondaybridge.mail.address import Mailbox, mailbox, sender
from mondaybridge.mail.file import MailFolder
from mondaybridge.mail.outcome import Mailer
from mondaybridge.mail.smtp import SmtpMailer
from mondaybridge.settings import Settings

FOLDER = "outbox"


def open_mailer(settings: Settings) -> Mailer:
    """Return the mail server that is set, else the folder from which the team sends (R24)."""
    if settings.smtp.host:
        sender(settings.smtp.sender)  # a wrong one is told before the first mail
        return SmtpMailer(settings.smtp)
    return MailFolder(settings.data_dir / FOLDER)


def sender_of(settings: Settings, contact: str) -> Mailbox:
    """Return who writes: the sender that is set, else the contact of the project."""
    return sender(settings.smtp.sender) if settings.smtp.sender else mailbox(contact)
