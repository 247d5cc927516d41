"""Deliver a package's copy where the client looks: on the board, and in every person's mail."""

from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.worktime import hours_text
from mondaybridge.errors import ConfigurationError, TryLater
from mondaybridge.i18n import text
from mondaybridge.mail.address import mailbox
from mondaybridge.mail.letters import End, closing
from mondaybridge.mail.mailer import open_mailer, sender_of
from mondaybridge.mail.message import Attachment, Route, compose
from mondaybridge.reports.ending import HANDOVER, subject_of
from mondaybridge.store import facts, work
from mondaybridge.store.lease import Lease
from mondaybridge.store.workbooks import WorkbookRow
from mondaybridge.workflows.mailing import deliver
from mondaybridge.workflows.once import Teller


@dataclass(frozen=True, slots=True)
class Parcel:
    """A copy on its way, under the lease of its contract."""

    app: App
    contract: Contract
    made: WorkbookRow
    held: Lease

    @property
    def subject(self) -> str:
        """Return the name of the ceremony that it belongs to."""
        return subject_of(self.made.package_id, self.made.revision)

    @property
    def file_name(self) -> str:
        """Return the file's name; a later revision says which."""
        revision = "" if self.made.revision == 1 else f"-{self.made.revision}"
        return f"{self.made.package_id}{revision}.xlsx"

    def on_board(self, item_id: str) -> dict[str, str]:
        """Say it below the package's own row, with the file; return what was made."""
        client, hours = self.app.mapping.client(self.contract.client_id), self._hours()
        marker = f"[MB-copy-{self.made.package_id}-{self.made.revision}]"
        words = text(
            "notice.copy" if self.made.revision == 1 else "notice.copy.replaces",
            client.locale,
            package=self.made.package_id,
            used=hours["used"],
            granted=hours["granted"],
        )
        teller = Teller(self.app, self.held, f"{self.subject}:{item_id}")
        update_id = teller.post(item_id, f"{words} {marker}", marker)
        try:
            asset_id = teller.attach(update_id, self.file_name, self.made.content)
        except TryLater:
            teller.forget_if_gone(update_id)
            raise
        return {"update": update_id, "file": asset_id}

    def by_mail(self, user: str) -> dict[str, str]:
        """Send it to one person, or write the mail to a file for the team to send."""
        client, hours = self.app.mapping.client(self.contract.client_id), self._hours()
        contact = self.app.mapping.contact(client.client_id) or self.app.settings.smtp.sender
        if not contact:
            raise ConfigurationError(
                f"{self.app.mapping.name}: client {client.client_id} has no contact, and "
                "MONDAYBRIDGE_SMTP__SENDER is not set: name one, so that the copy can be sent"
            )
        sender = sender_of(self.app.settings, contact)
        answers = self.app.mapping.contact(client.client_id) or sender.address
        letter = closing(
            client.locale,
            End(
                sender.name or self.app.mapping.account_slug,
                self.made.package_id,
                answers,
                hours["granted"],
                hours["used"],
                hours["left"],
                self.file_name,
                factor=self.app.mapping.urgent_factor(self.contract),
            ),
        )
        message = compose(
            f"{self.subject}:{user}",
            Route(sender, mailbox(user)),
            letter,
            at=self.made.made_at,
            attachments=(Attachment(self.file_name, self.made.content),),
        )
        with self.app.store.read() as tx:
            row = work.state(tx, HANDOVER, self.made.package_id)
        released = row.released_at if row else 0
        mailer = open_mailer(self.app.settings)
        sent = deliver(self.app.store, mailer, message, held=self.held, released_at=released)
        return {"state": sent.state.value, "message": sent.message_id, "says": sent.sentence()}

    def _hours(self) -> dict[str, str]:
        with self.app.store.read() as tx:
            events = facts.events(tx, self.contract.contract_id, HANDOVER)
        package_id = self.made.package_id
        mine = next(e for e in reversed(events) if e.package_id == package_id)
        return {name: hours_text(int(mine.args[name])) for name in ("granted", "used", "left")}
