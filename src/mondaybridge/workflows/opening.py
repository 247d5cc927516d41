"""The start of a package: board, guests, mails, webhooks, in this order (R21, R22, R24).

Each step may be repeated: whoever is killed goes on where it stopped, with one board and one mail
per guest. The mapping is never written: the lines that name a new board are returned for the admin,
and the same opening goes on once they stand there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from mondaybridge.app import App
from mondaybridge.domain.contract import Client, Contract
from mondaybridge.domain.worktime import local_date
from mondaybridge.errors import (
    ConfigurationError,
    CredentialsError,
    FindingsError,
    TryLater,
    UpstreamError,
)
from mondaybridge.mapping.live import check_board
from mondaybridge.monday import board_life
from mondaybridge.monday.boards import BoardGone, read_board
from mondaybridge.reports.ending import contracts_over
from mondaybridge.store import board_face, facts, lease
from mondaybridge.store.lease import Lease
from mondaybridge.workflows.board_copy import Copy, copy_board, current_package
from mondaybridge.workflows.guests import Guest, share, unseen
from mondaybridge.workflows.leases import of_client
from mondaybridge.workflows.onboarding import (
    Letterhead,
    Place,
    Welcome,
    letterhead,
    welcome,
    welcomed_before,
)
from mondaybridge.workflows.webhooks import install

__all__ = ["Opening", "contract_named", "open_package", "unseen"]


@dataclass(frozen=True, slots=True)
class Opening:
    """How far an opening came.

    ``copy`` is a board that the mapping does not name yet: nothing follows before it does.
    ``findings`` wait for a person, ``later`` for another run of the same.
    """

    contract: Contract
    package_id: str
    places: tuple[Place, ...] = ()
    copy: Copy | None = None
    guests: tuple[Guest, ...] = ()
    welcomes: tuple[Welcome, ...] = ()
    webhooks: str = ""
    findings: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


def open_package(app: App, name: str) -> Opening:
    """Open the contract of this id, or of the package of this id, as far as it can be opened."""
    contract = contract_named(app, name)
    _refuse_if_over(app, contract)
    client = app.mapping.client(contract.client_id)
    head = letterhead(app, client)
    with of_client(app, client) as held:

        def keep() -> None:
            lease.renew(app.store, held)

        package = current_package(contract, app.clock.now())
        begun = Opening(contract, package.package_id)
        if not contract.board_ids:
            return replace(begun, copy=_copy(app, contract, keep))
        seen = _look(app, contract, begun)
        return seen if seen.findings else _invited(app, client, seen, head, held, keep)


def contract_named(app: App, name: str) -> Contract:
    """Return the package contract of this id, or of the package of this id.

    Raises:
        ConfigurationError: when there is none of them; it names what there is.
    """
    of_package = [
        one
        for one in app.mapping.contracts
        if name in {package.package_id for package in one.packages}
    ]
    known = {one.contract_id: one for one in app.mapping.contracts}
    contract = known.get(name) or next(iter(of_package), None)
    if contract and contract.packages:
        return contract
    there = (
        f"{one.contract_id} ({', '.join(package.package_id for package in one.packages)})"
        for one in app.mapping.contracts
        if one.packages
    )
    has = f"with packages it has {', '.join(there) or 'none'}"
    if contract:
        raise ConfigurationError(f"{app.mapping.name}: contract {name} has no packages: {has}")
    raise ConfigurationError(
        f"{app.mapping.name} names no contract {name!r}, nor a package of this id: {has}"
    )


def _refuse_if_over(app: App, contract: Contract) -> None:
    """Start nothing anew of a contract whose board was closed with its last package (R17a)."""
    with app.store.read() as tx:
        if contract.contract_id not in contracts_over(tx, [contract]):
            return
        gone = facts.ended(tx, contract.contract_id)
    last = max(gone, key=lambda key: gone[key])
    day = local_date(gone[last], contract.zone)
    raise FindingsError(
        f"package {last} has ended: it was handed over on {day}, and the board of contract "
        f"{contract.contract_id} was closed with it; name the next package in {app.mapping.name}, "
        "then open that one"
    )


def _copy(app: App, contract: Contract, keep: Callable[[], None]) -> Copy:
    template = app.mapping.template(contract.contract_id)
    if template is None:
        raise ConfigurationError(
            f"{app.mapping.name}: contract {contract.contract_id} has neither boards nor a "
            "template: name the board that is copied, or a board of its own"
        )
    return copy_board(app, contract, template, keep=keep)


def _look(app: App, contract: Contract, begun: Opening) -> Opening:
    """Return the contract's boards as people see them, and what keeps one from being used.

    Nobody is sent to a board that the bridge cannot read.
    """
    places, findings = [], []
    for board_id in contract.board_ids:
        columns = app.mapping.columns(board_id)
        shape = read_board(app.monday, board_id, columns, contract.zone, page_size=1).shape
        if isinstance(shape, BoardGone):
            findings.append(f"board {board_id}: {shape.reason}")
            continue
        problems = check_board(columns, shape.columns, place=app.mapping.place(board_id))
        findings += [f"board {board_id}: {problem}" for problem in problems]
        address = board_life.address_of(app.monday, board_id)
        with app.store.write() as tx:
            board_face.set_address(tx, board_id, address)
        places.append(Place(board_id, shape.name, address))
    return replace(begun, places=tuple(places), findings=tuple(findings))


def _invited(
    app: App,
    client: Client,
    begun: Opening,
    head: Letterhead,
    held: Lease,
    keep: Callable[[], None],
) -> Opening:
    """Share the boards, write to who is on the first one, and have its changes told."""
    if not client.users:
        nobody = (
            f"{app.mapping.name}: clients.{client.client_id}.users is empty: nobody is invited, "
            "and nobody can approve; list the addresses of the client's people"
        )
        told = replace(begun, findings=(*begun.findings, nobody))
        return _told(app, told)
    guests: tuple[Guest, ...] = ()
    problems: list[str] = []
    for place in begun.places:
        found = tuple(share(app, place.board_id, client.users, keep=keep))
        guests = guests or found
        problems += [one.problem for one in found if one.problem]
    main = begun.places[0]
    before = welcomed_before(app, begun.contract, main.board_id)
    welcomes = [before[one.email] for one in guests if one.email in before]
    for one in guests:
        if one.there and one.email not in before:
            keep()
            welcomes.append(welcome(app, begun.contract, one, main, head, held))
    doubts = [one.words for one in welcomes if one.new and one.doubt]
    refused = [one.words for one in welcomes if not one.at and not one.later]
    return _told(
        app,
        replace(
            begun,
            guests=guests,
            welcomes=tuple(welcomes),
            findings=(*begun.findings, *dict.fromkeys(problems), *doubts, *refused),
            later=tuple(one.words for one in welcomes if one.later),
        ),
    )


def _told(app: App, begun: Opening) -> Opening:
    """Let monday tell of changes, where it can reach us; without it the sweep finds them."""
    url = app.settings.public_url
    if not url:
        minutes = app.mapping.timing.sweep_minutes
        none = f"none, MONDAYBRIDGE_PUBLIC_URL is not set: changes are seen every {minutes} minutes"
        return replace(begun, webhooks=none)
    boards = [place.board_id for place in begun.places]
    try:
        done = install(app, url, boards=boards)
    except (ConfigurationError, CredentialsError, UpstreamError) as wrong:
        return replace(begun, findings=(*begun.findings, f"webhooks: {wrong}"))
    except TryLater as later:
        return replace(begun, later=(*begun.later, f"webhooks: {later}"))
    made, kept = sum(one.made for one in done), sum(one.kept for one in done)
    return replace(begun, webhooks=f"{made} made, {kept} kept")
