"""People of a seed's world: they track and edit time, delete rows, and work in Stripe by hand.

What they do is drawn from the seed and written into the history; the product never hears of it
but through the stand-ins.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.models import Invoice
from simulation import city as of
from simulation.asking import Asking
from simulation.city import City, Deal
from simulation.model import History, Row
from simulation.months import DAY_MS, HOUR_MS, MINUTE_MS, local_day
from simulation.wiretap import Wiretap

ROWS_MAX = 8
PAYS_ALL = 0.7
LATE_DAYS = 40  # how far back people still correct


@dataclass(slots=True)
class People:
    """Everybody who acts in one world, with the history of what they did."""

    town: City
    sandbox: Sandbox
    random: random.Random
    history: History
    wire: Wiretap
    asking: Asking

    @property
    def now(self) -> int:
        return self.sandbox.world.clock.now()

    def settle_in(self) -> None:
        """Make the first rows of every board."""
        for deal in self.town.deals:
            for _ in range(self.random.randint(2, 4)):
                self._new_row(deal)

    def act(self, name: str = "") -> str:
        """Do one thing that people do, or a named one; return what it was, empty where nothing."""
        if told := self.asking.act(self.now, name):
            return told
        if name == "ask":
            return ""
        deal = self.random.choice(self.town.deals)
        rows = [row for row in self.history.rows_of(deal.contract_id) if row.there]
        if not rows or (not name and len(rows) < ROWS_MAX and self.random.random() < 0.1):
            return self._new_row(deal)
        row = self.random.choice(rows)
        acts = self._typed_acts() if deal.typed else self._tracked_acts()
        names = [name for name, (weight, _) in acts.items() for _ in range(weight)]
        name = name if name in acts else self.random.choice(names)
        if not acts[name][1](row):
            return ""
        if name not in {"track", "type"}:
            self.history.edits += 1
        row.changed(self.now)
        return f"{name} {row.item}"

    def tidy(self) -> None:
        """Mend what was emptied: nobody leaves a cell unreadable for ever."""
        for row in self.history.rows.values():
            if row.emptied and row.there:
                self._mend(row)

    def touch_draft(self) -> str:
        """Somebody opens a draft of ours in the dashboard and changes it."""
        drafts = [i for i in self.sandbox.stripe.invoices.values() if i.status == "draft"]
        if not drafts:
            return ""
        draft, stripe = self.random.choice(drafts), self.sandbox.stripe.humans
        acts: list[Callable[[], object]] = [
            lambda: stripe.delete_draft(draft.id),
            lambda: stripe.add_line(draft.id, amount=777, description="By hand"),
            lambda: stripe.edit_draft(draft.id, description="By hand"),
        ]
        if draft.lines:
            line = self.random.choice(draft.lines)
            acts.append(lambda: stripe.edit_line(draft.id, line=line.id, amount=line.amount + 100))
            acts.append(lambda: stripe.remove_line(draft.id, line=line.id))
        act = self.random.choice(acts)
        told = self._by_hand(draft, "draft", act)
        if told and act is not acts[0] and act is not acts[2]:
            self.wire.touched(draft.id)
        return told

    def void(self) -> str:
        """Void one of our invoices by hand."""
        found = self._open()
        if not found:
            return ""
        one = self.random.choice(found)
        self.history.voided.add(one.customer.removeprefix("cus_"))
        return self._by_hand(one, "void", lambda: self.sandbox.stripe.humans.void_invoice(one.id))

    def credit(self) -> str:
        """Credit a part of a line of one of our invoices by hand."""
        found = [
            (invoice, line)
            for invoice in self._open()
            for line in invoice.lines
            if line.amount - line.credited > 0
        ]
        if not found:
            return ""
        invoice, line = self.random.choice(found)
        amount = self.random.randint(1, line.amount - line.credited)
        humans = self.sandbox.stripe.humans
        return self._by_hand(
            invoice, "credit", lambda: humans.credit_line(invoice.id, line=line.id, amount=amount)
        )

    def pay(self) -> str:
        """The client pays an invoice that was mailed to them, or a part of it."""
        mailed = {mail.document for mail in self.sandbox.stripe.mails}
        found = [one for one in self._open() if one.id in mailed]
        if not found:
            return ""
        one = self.random.choice(found)
        whole = one.amount_remaining
        amount = None if self.random.random() < PAYS_ALL else max(1, whole // 3)
        try:
            self.sandbox.stripe.humans.pay(one.id, amount=amount)
        except StripeError:
            return ""
        return f"pay {one.id} {amount or whole}"

    def _open(self) -> list[Invoice]:
        found = self.sandbox.stripe.invoices.values()
        return [i for i in found if i.status == "open" and "mb_key" in i.metadata]

    def _by_hand(self, invoice: Invoice, name: str, act: Callable[[], object]) -> str:
        client_id = invoice.customer.removeprefix("cus_")
        try:
            act()
        except StripeError:
            return ""
        self.history.hand(client_id, self.now)
        return f"{name} {invoice.id}"

    def _typed_acts(self) -> dict[str, tuple[int, Callable[[Row], bool]]]:
        return {
            "type": (8, self._type_more),
            "type less": (3, self._type_less),
            "type nothing": (1, self._type_zero),
            "empty": (1, self._empty),
            "delete": (1, self._delete),
            "cancel": (1, self._cancel),
            "bug": (1, self._bug),
        }

    def _tracked_acts(self) -> dict[str, tuple[int, Callable[[Row], bool]]]:
        return {
            "track": (9, self._track),
            "shorten": (3, self._shorten),
            "lengthen": (2, self._lengthen),
            "move": (2, self._move),
            "strike": (1, self._strike),
            "delete": (1, self._delete),
            "cancel": (1, self._cancel),
            "bug": (1, self._bug),
        }

    def _new_row(self, deal: Deal) -> str:
        number = len(self.history.rows) + 1
        cells: dict[str, object] = {of.STATUS: {"index": 6}}
        waits = deal.asks and number % 2 == 0
        if deal.asks:
            cells |= {of.ESTIMATE: "120" if waits else "30"}
        elif deal.kind == "package":
            cells |= {of.ESTIMATE: "30", of.APPROVAL: {"index": 1}}
        item = self.sandbox.monday.humans.create_item(
            board=deal.board_id, name=f"Task {number}", cells=cells, as_user=of.STAFF
        )
        self.history.rows[item] = row = Row(item, deal, waits=waits)
        row.changed(self.now)
        return f"new {item}"

    def _track(self, row: Row) -> bool:
        ended = self.now - self.random.randint(0, 3 * 24 * 60) * MINUTE_MS
        started = ended - self.random.randint(60, 3 * 3_600) * 1000
        if started < row.deal.bill_from - 2 * HOUR_MS:
            return False
        session = self.sandbox.monday.humans.add_session(
            item=row.item, started_at=started, ended_at=ended, as_user=of.STAFF
        )
        row.sessions[session] = (started, ended)
        return True

    def _shorten(self, row: Row) -> bool:
        def shorter(start: int, end: int) -> tuple[int, int]:
            return start, end - (end - start) // 1000 // self.random.randint(2, 6) * 1000

        return self._edit(row, shorter)

    def _lengthen(self, row: Row) -> bool:
        def longer(start: int, end: int) -> tuple[int, int]:
            return start, min(end + self.random.randint(60, 3_600) * 1000, self.now)

        return self._edit(row, longer)

    def _move(self, row: Row) -> bool:
        """Move a session to another day, often into another month."""

        def moved(start: int, end: int) -> tuple[int, int]:
            days = self.random.choice((-20, -10, -3, 3, 10, 20)) * DAY_MS
            if end + days > self.now or start + days < row.deal.bill_from:
                days = -days
            if end + days > self.now or start + days < row.deal.bill_from:
                return start, end
            return start + days, end + days

        return self._edit(row, moved)

    def _edit(self, row: Row, change: Callable[[int, int], tuple[int, int]]) -> bool:
        recent = [s for s, (start, _) in row.sessions.items() if self._recent(start)]
        if not recent:
            return False
        session = self.random.choice(recent)
        before = row.sessions[session]
        after = change(*before)
        if after == before:
            return False
        self.sandbox.monday.humans.edit_session(
            item=row.item, session=session, started_at=after[0], ended_at=after[1]
        )
        row.sessions[session] = after
        return True

    def _strike(self, row: Row) -> bool:
        recent = [s for s, (start, _) in row.sessions.items() if self._recent(start)]
        if not recent:
            return False
        session = self.random.choice(recent)
        self.sandbox.monday.humans.delete_session(item=row.item, session=session)
        del row.sessions[session]
        return True

    def _recent(self, at: int) -> bool:
        return self.now - at < LATE_DAYS * DAY_MS

    def _type_more(self, row: Row) -> bool:
        return self._type(row, row.typed + self.random.randint(1, 180))

    def _type_less(self, row: Row) -> bool:
        return bool(row.typed) and self._type(row, self.random.randint(0, row.typed - 1))

    def _type_zero(self, row: Row) -> bool:
        return bool(row.typed) and self._type(row, 0)

    def _type(self, row: Row, minutes: int) -> bool:
        day = local_day(self.now - self.random.randint(0, 5) * DAY_MS, row.deal.zone)
        if day < local_day(row.deal.bill_from, row.deal.zone):
            return False
        humans, shown = self.sandbox.monday.humans, day.isoformat()
        humans.edit_cell(item=row.item, column=of.WORKED_ON, value={"date": shown})
        humans.edit_cell(item=row.item, column=of.TYPED, value=str(minutes))
        row.typed, row.emptied = minutes, False
        row.months.add(shown[:7])
        return True

    def _empty(self, row: Row) -> bool:
        """Empty the cell by mistake; it is mended with what stood there."""
        if row.emptied or not row.typed:
            return False
        self.sandbox.monday.humans.edit_cell(item=row.item, column=of.TYPED, value=None)
        row.emptied = True
        return True

    def _mend(self, row: Row) -> None:
        humans = self.sandbox.monday.humans
        humans.edit_cell(item=row.item, column=of.TYPED, value=str(row.typed))
        row.emptied = False

    def _cancel(self, row: Row) -> bool:
        if row.waits and not row.approved_at:
            return self._approve(row)
        self.sandbox.monday.humans.choose_label(
            item=row.item, column=of.STATUS, label=self.random.choice(("Cancelled", "Done"))
        )
        return True

    def _approve(self, row: Row) -> bool:
        self.sandbox.monday.humans.choose_label(
            item=row.item, column=of.APPROVAL, label="Approved", as_user=of.CLIENT
        )
        row.approved_at = self.now
        return True

    def _bug(self, row: Row) -> bool:
        """Say that it mends a fault of the agency's, with the page that says so, or no more."""
        humans = self.sandbox.monday.humans
        humans.toggle_checkbox(item=row.item, column=of.BUG)
        proof = None if row.bug else "https://wiki.test/incident"
        humans.edit_cell(item=row.item, column=of.PROOF, value=proof)
        row.bug = not row.bug
        row.was_bug = True
        return True

    def _delete(self, row: Row) -> bool:
        """Delete a row; half of them come back."""
        self.sandbox.monday.humans.delete_item(item=row.item)
        row.there, row.gone_at = False, self.now
        return True

    def bring_back(self) -> str:
        """Restore a deleted row."""
        gone = [row for row in self.history.rows.values() if not row.there]
        if not gone:
            return ""
        row = self.random.choice(gone)
        self.sandbox.monday.humans.restore_item(item=row.item)
        row.there, row.gone_at = True, 0
        row.changed(self.now)
        self.history.edits += 1
        return f"restore {row.item}"
