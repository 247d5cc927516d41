"""``status``: where everything stands, and what waits for a person."""

from typing import Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import say, show, show_table

BOARDS = ("board", "contract", "state", "reason", "complete_read")
WAITING = ("kind", "key", "attempts", "not_before", "reason")
PARKED = ("kind", "key", "title", "reason", "release")
REFUSED = ("activity", "title", "approval", "verdict", "need", "hard", "shortfall", "waits_for")
UNUSABLE = ("package", "contract", "hours", "waits_for", "way_out")
CLOCKS = ("contract", "activity", "title", "state", "due", "taken_up")
ENDINGS = ("package", "why", "to settle", "run")
QUESTIONS = ("question", "title", "month", "state", "age_days", "due", "overdue", "next")
MAILS = ("recipient", "written", "tries", "words")
OVERCOMMITTED = ("contract", "agreed", "granted", "frozen")
UNTOLD = ("board", "item", "reason")
DASHBOARDS = ("weight", "contract", "board", "text", "fix")
PLANNED = ("client", "kind", "scope", "state", "subtotal_minor", "currency")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show boards, parked and refused cases, and planned documents."""
    from mondaybridge.domain.worktime import hours_text
    from mondaybridge.reports.status import status as look

    with opened(online=False) as bridge:
        state = look(bridge)
    show(state, as_json=as_json, table=("Boards", BOARDS, state["boards"]))
    if as_json:
        return
    show_table("Tried again later", WAITING, state["waiting"])
    show_table("Parked", PARKED, state["parked"])
    waits = [
        {**one, **{name: hours_text(one[name]) for name in REFUSED[4:7]}}
        for one in state["refused"]
    ]
    show_table("Waiting to start, h:mm", REFUSED, waits)
    show_table("Promises of time: running, warned, breached, late", CLOCKS, state["clocks"])
    sold = [{**one, "hours": hours_text(one["minutes"])} for one in state["unusable"]]
    show_table("Bought hours that cannot be used, h:mm", UNUSABLE, sold)
    ends = [{**one, "to settle": "; ".join(one["to_settle"])} for one in state["endings"]]
    show_table("Packages at their end", ENDINGS, ends)
    show_table("Open questions", QUESTIONS, state["questions"])
    show_table("Mails that may not have arrived: ask there", MAILS, state["mails"])
    show_table("More agreed than granted (minutes)", OVERCOMMITTED, state["overcommitted"])
    show_table("Not shown on boards yet", UNTOLD, state["untold"])
    show_table("Dashboards that the client cannot use", DASHBOARDS, state["dashboards"])
    show_table("Planned documents", PLANNED, state["planned"])
    say(f"monday calls today: {state['calls_today']}")
