"""The client's questions about time and how they end, by the commands that staff type (R41b)."""

import random
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.questions import Act
from mondaybridge.errors import BridgeError
from mondaybridge.workflows.questions import act, adjust, ask
from simulation.machines import Machines
from simulation.model import Asked, History, Row

CLERK = 2
OFTEN, ENDS = 0.2, 0.4


@dataclass(slots=True)
class Asking:
    """Who asks and who answers in one world; where a backup comes back nobody asks.

    A restored backup has forgotten questions that only the bridge knew of.
    """

    machines: Machines
    history: History
    random: random.Random
    allowed: bool = True

    def act(self, now: int, name: str = "") -> str:
        """Ask, or end what was asked; mostly nothing, unless it is called by its name."""
        asked = {c.client_id for c in self.history.town.customers if c.questions}
        if not (self.allowed and asked) or name not in {"", "ask"}:
            return ""
        if not name and self.random.random() >= OFTEN:
            return ""
        app = self.machines.apps[CLERK]
        open_ = [one for one in self.history.questions if not one.ended_at]
        if open_ and not name and self.random.random() < ENDS:
            return ended(app, self.history, self.random.choice(open_), now)
        taken = {(one.row.item, one.month) for one in open_}
        found = [
            (row, month)
            for row in self.history.rows.values()
            if row.there and row.deal.client_id in asked and not row.deal.typed
            for month in sorted({name for name, _ in row.due()})
            if (row.item, month) not in taken
        ]
        return self._ask(app, *self.random.choice(found), now) if found else ""

    def _ask(self, app: App, row: Row, month: str, now: int) -> str:
        try:
            one = ask(app, row.item, period=month, actor="client", text="Why so long?")
        except BridgeError:
            return ""  # the bridge has not seen its time yet
        asked = Asked(row, month, one.question.question_id, now)
        self.history.questions.append(asked)
        self.history.edits += 1
        return f"ask {asked.question_id} {month}"


def ended(app: App, history: History, one: Asked, now: int) -> str:
    """Answer a question and end it: accepted, taken back, or upheld with fewer minutes."""
    number = history.questions.index(one)
    told = f"question {one.question_id} {one.month}"
    try:
        if not one.answered:
            act(app, one.question_id, Act.ANSWER, actor="staff", text="It was hard.")
        one.answered = True  # how it ends may be refused until the bridge has seen the row
        if number % 3 == 0:
            worked = sum(m for (name, _), m in one.row.raw().items() if name == one.month)
            share = number % 4 if one.row.there else 0  # of what is gone the bridge may know less
            minutes = worked * share // 4
            adjust(app, one.question_id, minutes=minutes, actor="staff", reason="Too slow.")
            one.row.uphold(one.month, minutes)
            told += f" upheld at {minutes}"
        else:
            what = Act.ACCEPT if number % 3 == 1 else Act.WITHDRAW
            act(app, one.question_id, what, actor="client", text="Thank you.")
    except BridgeError as wrong:
        return f"{told}: {wrong}"
    one.ended_at = now
    one.row.changed(now)
    return told
