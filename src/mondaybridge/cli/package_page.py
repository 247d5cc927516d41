"""How the start of a package and its page are shown: what is, then what to do next."""

from typing import TYPE_CHECKING, Any, TypeGuard

from mondaybridge.cli.output import print_line, say, show_table

if TYPE_CHECKING:
    from mondaybridge.app import App
    from mondaybridge.workflows.onboarding import Welcome
    from mondaybridge.workflows.opening import Opening

HOURS = (
    "id",
    "granted",
    "used",
    "reserved",
    "free",
    "hard",
    "given_up",
    "sold_on",
    "expires_on",
    "state",
)
BOARDS = ("board", "state", "read", "address")
PEOPLE = ("email", "sees the board", "onboarding mail")
ACTIVITIES = ("origin", "count", "active", "may_not_start")
CLOCKS = ("activity", "title", "clock", "received", "due")


def opening_json(opened: "Opening", app: "App") -> dict[str, Any]:
    """Return how far an opening came, for programs."""
    from mondaybridge.domain.worktime import iso

    mails = {one.email: one for one in opened.welcomes}
    sent = {key: iso(one.at) for key, one in mails.items() if one.at}
    return {
        "contract": opened.contract.contract_id,
        "package": opened.package_id,
        "state": _state(opened),
        "boards": [
            {"board": one.board_id, "title": one.title, "address": one.address}
            for one in opened.places
        ],
        "copy": {
            "board": opened.copy.board_id,
            "title": opened.copy.title,
            "address": opened.copy.address,
            "mapping": mapping_lines(opened, app),
        }
        if opened.copy
        else None,
        "people": [
            {
                "email": one.email,
                "sees": one.sight.value,
                "mail": mails[one.email].words if one.email in mails else "",
                "mailed_at": sent.get(one.email, ""),
            }
            for one in opened.guests
        ],
        "webhooks": opened.webhooks,
        "findings": list(opened.findings),
        "later": list(opened.later),
    }


def mapping_lines(opened: "Opening", app: "App") -> list[str]:
    """Return the lines that name the contract's boards in the mapping, the new one last."""
    if opened.copy is None:
        return []
    known = [(one.id, one.columns) for one in _terms(opened, app)]
    boards = [*known, (opened.copy.board_id, opened.copy.columns)]
    return ["boards:", *(f'  - {{id: "{board}", columns: {name}}}' for board, name in boards)]


def show_opening(opened: "Opening", app: "App") -> None:
    """Say how far an opening came and what comes next."""
    contract = opened.contract
    client = app.mapping.client(contract.client_id)
    print_line(f"Package {opened.package_id} of {client.name} (contract {contract.contract_id})")
    if opened.copy:
        _show_copy(opened, app)
        return
    for place in opened.places:
        print_line(f"Board {place.board_id} {place.title!r}: {place.address}")
    if opened.guests:
        show_table("", PEOPLE, _guest_rows(opened))
    for one in opened.welcomes:
        if one.file:
            print_line(f"To be sent by hand to {one.email}: {one.file}")
    if opened.webhooks:
        print_line(f"Webhooks: {opened.webhooks}")
    _show_next(opened)


def show_page(page: dict[str, Any]) -> None:
    """Print everything about a package contract."""
    print_line(f"Contract {page['contract']} of {page['client_name']} ({page['client']})")
    hours = [{**one, **_hours(one)} for one in page["packages"]]
    show_table("Packages, h:mm", HOURS, hours)
    if not all(one["begun"] for one in page["packages"]):
        print_line("Hours are recorded once the boards were read: mondaybridge sync\n")
    if page["held_minutes"]:
        held = _text(page["held_minutes"])
        print_line(f"Held for a person: {held} (mondaybridge held list)\n")
    boards = [{**one, "board": one["id"], "state": _reached(one)} for one in page["boards"]]
    _section("Boards", BOARDS, boards, f"none yet: mondaybridge package open {page['contract']}")
    people = [
        {"email": one["email"], "sees the board": _sight(one), "onboarding mail": _mail(one)}
        for one in page["people"]
    ]
    _section("The client's people", PEOPLE, people, "none listed in the mapping")
    _show_baseline(page)
    origins = [one for one in page["activities"] if one["count"]]
    _section("Activities by origin", ACTIVITIES, origins, "none yet")
    clocks = [{**one, "clock": one["state"]} for one in page["clocks"]]
    _section("Requests nobody took up yet", CLOCKS, clocks, "none")


def _state(opened: "Opening") -> str:
    if opened.copy:
        return "to_be_mapped"
    if opened.findings:
        return "to_be_mended"
    return "later" if opened.later else "open"


def _went(mail: "Welcome | None") -> "TypeGuard[Welcome]":
    return mail is not None and mail.at > 0


def _terms(opened: "Opening", app: "App") -> list[Any]:
    clients = app.mapping.document.clients
    contracts = clients[opened.contract.client_id].contracts
    return next(one.boards for one in contracts if one.id == opened.contract.contract_id)


def _show_next(opened: "Opening") -> None:
    for finding in opened.findings:
        say(f"To mend: {finding}")
    for later in opened.later:
        say(f"Later: {later}")
    key = opened.contract.contract_id
    if opened.findings or opened.later:
        say(f"Then run again: mondaybridge package open {key}")
    else:
        say(f"The package is open. See it: mondaybridge package show {key}")


def _show_copy(opened: "Opening", app: "App") -> None:
    """Print the lines for the mapping, where they belong, and the next command."""
    copy, contract = opened.copy, opened.contract
    if copy is None:
        return
    made = "was copied from the template" if copy.new else "waits for the mapping to name it"
    print_line(f"Board {copy.board_id} {copy.title!r} {made}: {copy.address}")
    print_line(
        f"\nPut these lines into {app.settings.mappings}, at clients.{contract.client_id}, in the "
        f"contract {contract.contract_id},\nin the place of its `boards`:\n"
    )
    for line in mapping_lines(opened, app):
        print_line(f"        {line}")
    print_line(
        "\nThen check them, and go on with inviting and mailing the client:\n\n"
        "    mondaybridge config check\n"
        f"    mondaybridge package open {contract.contract_id}\n\n"
        "Nobody is invited and nothing is mailed before that."
    )


def _guest_rows(opened: "Opening") -> list[dict[str, str]]:
    from mondaybridge.domain.worktime import iso

    mails = {one.email: one for one in opened.welcomes}
    rows = []
    for one in opened.guests:
        mail = mails.get(one.email)
        state = _mail_state(iso(mail.at), bool(mail.file), mail.doubt) if _went(mail) else ""
        state = state or ("not sent" if mail else "not sent: they are not on the board")
        rows.append({"email": one.email, "sees the board": one.sight.value, PEOPLE[2]: state})
    return rows


def _mail_state(at: str, by_hand: bool, doubt: bool) -> str:
    if by_hand:
        return f"written {at}, to be sent by hand"
    return f"tried {at}; nobody knows whether it arrived" if doubt else f"sent {at}"


def _hours(one: dict[str, Any]) -> dict[str, str]:
    names = ("granted", "used", "reserved", "free", "hard", "given_up")
    if not one["begun"]:
        return dict.fromkeys(names, "")
    return {name: _text(one[name]) for name in names}


def _text(minutes: int) -> str:
    from mondaybridge.domain.worktime import hours_text

    return hours_text(minutes)


def _reached(board: dict[str, Any]) -> str:
    return f"{board['state']}: {board['reason']}" if board["reason"] else str(board["state"])


def _sight(person: dict[str, Any]) -> str:
    return ", ".join(dict.fromkeys(person["boards"].values())) or "nobody looked yet"


def _mail(person: dict[str, Any]) -> str:
    states = (
        _mail_state(one["at"], bool(one["file"]), one["state"] == "unknown")
        for one in person["onboarding"]
    )
    return "\n".join(states) or "not sent"


def _show_baseline(page: dict[str, Any]) -> None:
    agreed = page["baseline"]
    if agreed is None:
        print_line("Agreed at the start: not frozen yet\n")
        return
    print_line(
        f"Agreed at the start, frozen on {agreed['frozen_on']}: {agreed['activities']} activities, "
        f"{_text(agreed['minutes'])} of {_text(agreed['granted'])}\n"
    )


def _section(title: str, columns: tuple[str, ...], rows: list[dict[str, Any]], none: str) -> None:
    if rows:
        show_table(title, columns, rows)
    else:
        print_line(f"{title}: {none}\n")
