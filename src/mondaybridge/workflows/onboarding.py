"""The mail with which a client's guest begins: once each, in the client's language (R24).

Sent by SMTP where a server is set, else written to a file for the team to send; never by Stripe. It
goes only to people with whom the board is shared. That it went is an event of the contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.contract import Client, Contract
from mondaybridge.errors import ConfigurationError, Parked, TryLater
from mondaybridge.mail.address import Mailbox, mailbox
from mondaybridge.mail.letters import Start, onboarding
from mondaybridge.mail.mailer import open_mailer, sender_of
from mondaybridge.mail.message import Message, Route, compose
from mondaybridge.reports.opening import board_subject
from mondaybridge.store import ceremony, facts, work
from mondaybridge.store.engine import Tx
from mondaybridge.store.lease import Lease
from mondaybridge.workflows.guests import Guest
from mondaybridge.workflows.mailing import Delivery, DeliveryState, deliver

ONBOARDING = "onboarding"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """In whose name the client is written to, and where requests are answered."""

    agency: str
    sender: Mailbox
    contact: str


@dataclass(frozen=True, slots=True)
class Place:
    """The board that a mail leads to, as the client sees it."""

    board_id: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """What became of one guest's mail; ``at`` is 0 while it is not sent, ``new`` if it went now.

    ``file`` is where it lies for the team to send, ``later`` says that another run goes on.
    """

    email: str
    words: str
    at: int = 0
    new: bool = False
    later: bool = False
    doubt: bool = False
    file: str = ""


def letterhead(app: App, client: Client) -> Letterhead:
    """Return who writes to a client; ConfigurationError names what no mail can go with."""
    contact = app.mapping.contact(client.client_id)
    sender = app.settings.smtp.sender
    if not contact and not sender:
        raise ConfigurationError(
            f"{app.mapping.name}: clients.{client.client_id}.contact is not set: the onboarding "
            "mail names the address that requests go to; set it, or MONDAYBRIDGE_SMTP__SENDER"
        )
    problems = []
    for email in (*client.users, *filter(None, [contact])):
        try:
            mailbox(email)
        except ValueError as wrong:
            problems.append(f"{app.mapping.name}: clients.{client.client_id}: {wrong}")
    if problems:
        raise ConfigurationError(*problems)
    found = sender_of(app.settings, contact)
    agency = found.name or app.mapping.account_slug.replace("-", " ").title()
    return Letterhead(agency, found, contact or found.address)


def welcome(
    app: App, contract: Contract, guest: Guest, place: Place, head: Letterhead, held: Lease
) -> Welcome:
    """Bring one guest's mail to its end; one that came there before is not sent again."""
    with app.store.read() as tx:
        released = work.state(tx, ONBOARDING, _key(contract, place, guest))
    message = _message(app, contract, guest, place, head)
    released_at = released.released_at if released else 0
    try:
        done = deliver(
            app.store, open_mailer(app.settings), message, held=held, released_at=released_at
        )
    except TryLater as later:
        return Welcome(guest.email, str(later), later=True)
    except Parked as parked:
        return _parked(app, contract, place, guest, parked)
    return _recorded(app, contract, place, guest, done)


def welcomed_before(app: App, contract: Contract, board_id: str) -> dict[str, Welcome]:
    """Return what was sent about a board before, by address: also to who is on it no more."""
    with app.store.read() as tx:
        return sent(tx, contract.contract_id, board_id)


def sent(tx: Tx, contract_id: str, board_id: str) -> dict[str, Welcome]:
    """Return what was sent to whom about a board, by address."""
    return {
        str(row.args["guest"]): _told(row.args, row.at)
        for row in facts.events(tx, contract_id, ONBOARDING)
        if row.args["board"] == board_id
    }


def _told(args: Mapping[str, Any], at: int, *, new: bool = False) -> Welcome:
    return Welcome(
        str(args["guest"]),
        str(args["words"]),
        at,
        new=new,
        doubt=args["state"] == DeliveryState.UNKNOWN.value,
        file=str(args["file"]),
    )


def _message(app: App, contract: Contract, guest: Guest, place: Place, head: Letterhead) -> Message:
    start = Start(
        agency=head.agency,
        title=place.title,
        board_url=place.address,
        contact=head.contact,
        guest=guest.email,
        guest_name=guest.name,
        factor=app.mapping.urgent_factor(contract),
    )
    words = onboarding(app.mapping.client(contract.client_id).locale, start)
    answers_to = mailbox(head.contact)
    route = Route(
        head.sender,
        mailbox(guest.email, guest.name),
        answers_to if answers_to.address != head.sender.address else None,
    )
    key = f"{ONBOARDING}:{_key(contract, place, guest)}"
    return compose(key, route, words, at=app.clock.now())


def _recorded(app: App, contract: Contract, place: Place, guest: Guest, done: Delivery) -> Welcome:
    """Write down that the mail came to its end, once; whoever was first has told it."""
    args = {
        "guest": guest.email,
        "board": place.board_id,
        "state": done.state.value,
        "message": done.message_id,
        "words": done.sentence(),
        "file": done.words if done.state is DeliveryState.WRITTEN else "",
    }
    with app.store.write() as tx:
        step = f"{ONBOARDING}:{guest.email}"
        subject = f"{board_subject(place.board_id)}:{contract.contract_id}"
        new = ceremony.done(tx, subject, step, at=done.at, evidence=args)
        if new:
            facts.add_event(tx, contract.contract_id, ONBOARDING, args=args, at=done.at)
        work.succeeded(tx, ONBOARDING, _key(contract, place, guest))
    return _told(args, done.at, new=new)


def _parked(app: App, contract: Contract, place: Place, guest: Guest, parked: Parked) -> Welcome:
    """Keep a refused mail where ``park list`` shows it."""
    key = _key(contract, place, guest)
    with app.store.write() as tx:
        work.park(tx, ONBOARDING, key, parked.reason, parked.evidence, app.clock.now())
    return Welcome(
        guest.email,
        f"{parked}: correct the address, or run 'mondaybridge park release "
        f"{ONBOARDING} {key} --why …' and "
        "then this command again",
    )


def _key(contract: Contract, place: Place, guest: Guest) -> str:
    return f"{contract.contract_id}:{place.board_id}:{guest.email}"
