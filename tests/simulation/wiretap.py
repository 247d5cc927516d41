"""What went over the wire to Stripe, written down beside the stand-in: who wrote what, when."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from mondaybridge.sandbox.stripe.api import StripeApi
from mondaybridge.sandbox.world import Request, Response

ISSUING = ("/finalize", "/credit_notes", "/send")
CLIENT = re.compile(r'mb:\["(\w+)"')  # in the key of a write for a client's document
# By machine and client: the process that runs there, and who holds the lease by which token.
LeaseOf: TypeAlias = Callable[[str, str], tuple[str, str, int]]
OURS_TO_ISSUED = ("/finalize", "/send")


@dataclass(slots=True)
class Wiretap:
    """The writes to Stripe of one world."""

    stripe: StripeApi
    lease_of: LeaseOf
    calls: Counter[str] = field(default_factory=Counter)
    forbidden: list[str] = field(default_factory=list)
    issued_by: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    frozen: dict[str, str] = field(default_factory=dict)
    written: dict[str, set[str]] = field(default_factory=dict)
    by_hand: dict[str, set[str]] = field(default_factory=dict)
    edited: dict[str, int] = field(default_factory=dict)
    looked: dict[tuple[str, str], int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    keys: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    other_bytes: list[str] = field(default_factory=list)
    astray: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    moment: int = 0

    def saw(self, machine: str, request: Request, response: Response) -> None:
        """Take one call down, after the stand-in has answered it."""
        if not request.path.startswith("/v1/"):
            self.calls["monday"] += 1
            return
        self.calls[f"stripe {request.method}"] += 1
        self.moment += 1
        steps = request.path.split("/")
        if request.method == "GET":
            name = steps[3] if len(steps) > 3 and steps[2] == "invoices" else ""
            self.looked[machine, name] = self.moment
            return
        key, sent = request.headers.get("idempotency-key", ""), (request.path, request.body)
        if key and self.keys.setdefault(key, sent) != sent:
            self.other_bytes.append(key)
        self._fenced(machine, key)
        done = response.status < 300 and "idempotent-replayed" not in response.headers
        if len(steps) > 3 and steps[2] == "invoices":
            self._invoice(machine, request, steps[3], done=done)
        name = json.loads(response.body).get("id") if done and steps[2] == "invoices" else ""
        if name in self.stripe.invoices:
            found = {*lines(self.stripe, name)} - self.by_hand.get(name, set())
            self.written.setdefault(name, set()).update(found)
            self._undone(name)
        if done and request.path.endswith(ISSUING):
            name = steps[3] if len(steps) > 3 else json.loads(response.body)["id"]
            self.issued_by.setdefault((request.path.rpartition("/")[2], name), []).append(machine)

    def touched(self, invoice_id: str) -> None:
        """Write down that somebody changed a draft's lines by hand."""
        self.moment += 1
        found = {*lines(self.stripe, invoice_id)} - self.written.get(invoice_id, set())
        self.by_hand.setdefault(invoice_id, set()).update(found)
        self.edited[invoice_id] = self.moment
        self._undone(invoice_id)

    def _undone(self, invoice_id: str) -> None:
        """Forget the edits of a draft that is as it was written: taken back, or put on again."""
        if sorted(lines(self.stripe, invoice_id)) == sorted(self.written.get(invoice_id, ())):
            self.edited.pop(invoice_id, 0)

    def _fenced(self, machine: str, key: str) -> None:
        """Keep what a process writes while the lease is another's: one write may be on its way."""
        if found := CLIENT.match(key):
            process, holder, token = self.lease_of(machine, found[1])
            if process != holder:
                self.astray.setdefault((process, token), set()).add(key)

    def _invoice(self, machine: str, request: Request, invoice_id: str, *, done: bool) -> None:
        """Freeze what is issued; whatever of ours changes it later is forbidden (S8)."""
        if invoice_id not in self.stripe.invoices:
            return
        invoice = self.stripe.invoices[invoice_id]
        if request.path.endswith("/finalize") and done:
            self.frozen.setdefault(invoice_id, content(self.stripe, invoice_id))
            seen = max(
                self.looked.get((machine, name), 0) for name in (invoice.customer, invoice_id)
            )
            if 0 < self.edited.get(invoice_id, 0) < seen:
                self.unread.append(f"{invoice_id} was final although it was seen to be changed")
        elif done and invoice.status != "draft" and not request.path.endswith(OURS_TO_ISSUED):
            self.forbidden.append(f"{request.method} {request.path} on {invoice.status}")


def content(stripe: StripeApi, invoice_id: str) -> str:
    """Return what stands on an invoice, as one text."""
    invoice = stripe.invoices[invoice_id]
    head = [invoice.description, invoice.metadata, invoice.customer]
    return json.dumps([*head, lines(stripe, invoice_id)], sort_keys=True)


def lines(stripe: StripeApi, invoice_id: str) -> list[str]:
    """Return what stands on an invoice's lines, each as one text."""
    found = stripe.invoices[invoice_id].lines
    told = ([line.amount, line.description, line.metadata] for line in found)
    return [json.dumps(line, sort_keys=True) for line in told]
