"""``question``: what clients ask about their time, what is answered, and how it ends."""

from typing import TYPE_CHECKING, Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import print_json, print_line, show, show_table

if TYPE_CHECKING:
    from mondaybridge.app import App
    from mondaybridge.domain.questions import Act
    from mondaybridge.reports.questions import Asked

app = typer.Typer(no_args_is_help=True, help="Questions about time: ask, answer, end.")
COLUMNS = ("question", "title", "month", "state", "time", "asked", "due", "overdue", "next")
UPHELD = ("month", "worked", "charged")
THREAD = ("at", "act", "by", "origin", "text")

Id = Annotated[str, typer.Argument(help="The question, from 'question list'.")]
By = Annotated[str, typer.Option("--by", help="Who says so; kept in the thread.")]
Text = Annotated[str, typer.Option("--text", help="What is said; kept in the thread.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("list")
def list_(
    open_only: Annotated[bool, typer.Option("--open", help="Only those still open.")] = False,
    as_json: Json = False,
) -> None:
    """List questions, the open ones first, with who must do what until when."""
    from mondaybridge.reports.questions import listed, summary

    with opened(online=False) as bridge:
        now = bridge.clock.now()
        rows = [summary(one, now) for one in listed(bridge) if one.question.open or not open_only]
    show({"questions": rows}, as_json=as_json, table=("Questions", COLUMNS, map(_row, rows)))


@app.command("show")
def show_(question: Id, as_json: Json = False) -> None:
    """Show a question with its whole thread."""
    from mondaybridge.reports.questions import shown

    with opened(online=False) as bridge:
        _print(shown(bridge, question), bridge.clock.now(), as_json=as_json)


@app.command()
def ask(
    activity: Annotated[str, typer.Argument(help="The activity's id on its board.")],
    text: Text,
    by: By,
    month: Annotated[
        str, typer.Option("--month", help="YYYY-MM; without it, all the activity's time.")
    ] = "",
    contract: Annotated[
        str, typer.Option("--contract", help="Where an activity has time in several.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Note that a client asks about an activity's time."""
    from mondaybridge.workflows.questions import ask as record

    _check(month)
    with opened(online=False) as bridge:
        one = record(bridge, activity, period=month, actor=by, text=text, contract_id=contract)
        _finish(bridge, one, as_json=as_json)


@app.command()
def answer(question: Id, text: Text, by: By, as_json: Json = False) -> None:
    """Answer a question: the client then accepts it, or it ends otherwise."""
    from mondaybridge.domain.questions import Act

    _act(question, Act.ANSWER, by, text, as_json=as_json)


@app.command()
def accept(question: Id, by: By, text: Text = "", as_json: Json = False) -> None:
    """Note that the answer is accepted: everything stays as it is."""
    from mondaybridge.domain.questions import Act

    _act(question, Act.ACCEPT, by, text, as_json=as_json)


@app.command()
def withdraw(question: Id, by: By, text: Text = "", as_json: Json = False) -> None:
    """Note that the question was taken back: everything stays as it is."""
    from mondaybridge.domain.questions import Act

    _act(question, Act.WITHDRAW, by, text, as_json=as_json)


@app.command()
def adjust(
    question: Id,
    by: By,
    minutes: Annotated[
        int | None, typer.Option("--minutes", min=0, help="What is charged from now on.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", help="Why; without --minutes, how it was put right.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Uphold a question: charge less, with a credit note where it was invoiced."""
    from mondaybridge.workflows.questions import adjust as record

    with opened(online=False) as bridge:
        one = record(bridge, question, minutes=minutes, actor=by, reason=reason)
        _finish(bridge, one, as_json=as_json)


def _act(question: str, what: "Act", by: str, text: str, *, as_json: bool) -> None:
    from mondaybridge.workflows.questions import act

    with opened(online=False) as bridge:
        _finish(bridge, act(bridge, question, what, actor=by, text=text), as_json=as_json)


def _finish(bridge: "App", one: "Asked", *, as_json: bool) -> None:
    """Let the contract follow, and show how the question stands then."""
    from mondaybridge.reports.questions import shown
    from mondaybridge.workflows.review import review_contract

    review_contract(bridge, one.contract_id)
    _print(shown(bridge, one.question.question_id), bridge.clock.now(), as_json=as_json)


def _print(one: "Asked", now: int, *, as_json: bool) -> None:
    from mondaybridge.reports.questions import details

    told = details(one, now)
    if as_json:
        print_json(told)
        return
    show_table(f"Question {told['question']}", COLUMNS, [_row(told)])
    if told["waits_for"]:
        until = f" until {told['due']}" if told["due"] else ""
        held = "its lines stay out of the invoice" if told["held"] else "it is billed"
        print_line(f"It waits for {told['waits_for']}{until}; {held} meanwhile.")
    if told["adjusted"]:
        show_table("Upheld, h:mm", UPHELD, map(_upheld, told["adjusted"]))
    show_table("Thread", THREAD, told["thread"])


def _row(one: dict[str, object]) -> dict[str, object]:
    from mondaybridge.domain.worktime import hours_text

    minutes = one["minutes"]
    overdue = "yes" if one["overdue"] else ""
    return {**one, "time": hours_text(int(str(minutes))), "overdue": overdue}


def _upheld(one: dict[str, int]) -> dict[str, object]:
    from mondaybridge.domain.worktime import hours_text

    worked, charged = hours_text(one["worked_minutes"]), hours_text(one["minutes"])
    return {"month": one["month"], "worked": worked, "charged": charged}


def _check(period: str) -> None:
    from mondaybridge.domain.worktime import month

    try:
        _ = month(period, "UTC") if period else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
