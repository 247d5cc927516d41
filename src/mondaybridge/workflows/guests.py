"""The client's people on the client's board: invited, added, and looked for there (R22, R25).

Whoever owns a board already stays its owner. What monday refuses of one person keeps nobody else
away; it is told in monday's words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.contract import Contract
from mondaybridge.monday import board_life
from mondaybridge.monday.errors import Refused
from mondaybridge.monday.people import Person, members
from mondaybridge.reports.opening import SEEN, Sight, board_subject
from mondaybridge.store import ceremony

LOOKS_S = (2, 4, 8)  # reads lag behind what was made (storage 3)


@dataclass(frozen=True, slots=True)
class Guest:
    """One of the client's people; ``problem`` is why they are not on the board, in a sentence."""

    email: str
    sight: Sight
    name: str = ""
    problem: str = ""

    @property
    def there(self) -> bool:
        """Whether the board is shared with them, be they in yet or not."""
        return self.sight is not Sight.ABSENT


def share(
    app: App, board_id: str, users: Sequence[str], *, keep: Callable[[], None]
) -> list[Guest]:
    """Invite the client's users, add them to a board, and say who is on it then."""
    keep()
    invited = board_life.invite(app.monday, users)
    problems = {email: f"monday did not invite {email}: {word}" for email, word in invited.problems}
    keep()
    ids = [one.user_id for one in invited.people]
    refusal = _subscribe(app, board_id, ids) if ids else ""
    guests = look(app, board_id, users)
    for wait in LOOKS_S:
        missing = {one.email for one in guests if not one.there} - set(problems)
        if not missing or refusal:
            break
        keep()
        app.clock.sleep(wait)
        guests = look(app, board_id, users)
    return [_with_problem(one, problems.get(one.email, refusal), board_id) for one in guests]


def look(app: App, board_id: str, users: Sequence[str]) -> list[Guest]:
    """Say who of the client's people can see a board, and remember it."""
    there = {one.email: one for one in members(app.monday, board_id)}
    guests = [_guest(email, there) for email in users]
    seen = {one.email: one.sight.value for one in guests}
    with app.store.write() as tx:
        ceremony.look(tx, board_subject(board_id), SEEN, at=app.clock.now(), evidence=seen)
    return guests


def unseen(app: App, contract: Contract) -> list[str]:
    """Look which boards the client's people cannot see; each a sentence with its remedy (R22)."""
    return [
        cannot_see(contract, board_id, guest.email, guest.sight)
        for board_id in contract.board_ids
        for guest in look(app, board_id, contract.users)
        if guest.sight is not Sight.SEES
    ]


def cannot_see(contract: Contract, board_id: str, email: str, sight: Sight) -> str:
    """Say that somebody cannot see the board, and what to do about it."""
    if sight is Sight.INVITED:
        return f"{email} cannot see board {board_id} yet: the invitation is open, ask for it"
    return (
        f"{email} cannot see board {board_id}: run 'mondaybridge package open "
        f"{contract.contract_id}'"
    )


def _subscribe(app: App, board_id: str, ids: Sequence[str]) -> str:
    """Add people to a board; return why it was refused, if it was."""
    try:
        board_life.subscribe(app.monday, board_id, ids)
    except Refused as refusal:
        return (
            f"monday did not add the client to board {board_id}: {refusal}. Guests can only be on "
            "shareable boards: change its kind at monday, and let the bridge's user own it"
        )
    return ""


def _guest(email: str, there: Mapping[str, Person]) -> Guest:
    found = there.get(email)
    if found is None:
        return Guest(email, Sight.ABSENT)
    return Guest(email, Sight.INVITED if found.pending else Sight.SEES, _name(found))


def _name(person: Person) -> str:
    """Return how somebody is greeted: not by what monday made of an address."""
    made = re.escape(person.email.partition("@")[0])
    unknown = person.pending or re.fullmatch(f"{made}(@.*)?", person.name, re.IGNORECASE)
    return "" if unknown else person.name


def _with_problem(guest: Guest, problem: str, board_id: str) -> Guest:
    if guest.there:
        return guest
    why = problem or f"{guest.email} is not on board {board_id}, though it was asked for"
    return Guest(guest.email, guest.sight, guest.name, why)
