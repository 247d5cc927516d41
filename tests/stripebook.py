"""A Stripe account to write documents against: the stand-in behind the adapter, in process."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import httpx

from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentType,
    ObservedDocument,
    PlannedDocument,
    PlannedLine,
)
from mondaybridge.domain.usage import LineId
from mondaybridge.sandbox.sockets import transport
from mondaybridge.sandbox.stripe.api import StripeApi
from mondaybridge.sandbox.stripe.data import CustomerData, StripeData, TaxRateData
from mondaybridge.sandbox.world import Clock, Fault, World
from mondaybridge.stripe import credit_notes, documents, observation
from mondaybridge.stripe.client import StripeGateway

START = 1_793_520_000_000  # 2026-11-01T08:00Z
CUSTOMER = "cus_acme"
KEY = DocumentKey("acme", "2026-10", "usage", 1)


class Pace(Clock):
    """The sandbox's clock, which a caller can sleep on."""

    def __init__(self) -> None:
        super().__init__(START)
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(int(seconds * 1000))


@dataclass
class Row:
    op: str
    chunk: int
    attempt: int
    method: str
    path: str
    body: bytes
    status: int = 0
    answer_id: str = ""


@dataclass
class Effects:
    """Effects of one business key, in memory."""

    rows: dict[str, Row] = field(default_factory=dict)
    fenced: int = 0
    on_fence: Callable[[], None] = lambda: None

    def begin(
        self,
        *,
        op: str,
        chunk: int,
        attempt: int,
        idem_key: str,
        method: str,
        path: str,
        body: bytes,
    ) -> bytes:
        row = Row(op, chunk, attempt, method, path, body)
        return self.rows.setdefault(idem_key, row).body

    def answer(self, *, idem_key: str, status: int, answer_id: str) -> None:
        self.rows[idem_key].status = status
        self.rows[idem_key].answer_id = answer_id

    def fence(self) -> None:
        self.fenced += 1
        self.on_fence()


class Account:
    """One account: its stand-in, the gateway to it, and what was sent."""

    def __init__(self, data: StripeData | None = None) -> None:
        self.clock = Pace()
        self.world = World(self.clock)
        self.api = StripeApi(self.world, data or account_data())
        self.effects = Effects()
        self.sent: list[httpx.Request] = []
        self.before: list[str] = []
        self.standin = transport(self.api.handle)
        self.gateway = self.connect(httpx.MockTransport(self.answer))

    def connect(
        self, over: httpx.BaseTransport | None = None, url: str = "http://127.0.0.1"
    ) -> StripeGateway:
        return StripeGateway(
            api_key="sk_test_canary",
            api_url=url,
            clock=self.clock,
            before_call=lambda: self.before.append("idle"),
            transport=over,
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return self.standin.handle_request(request)

    def fault(self, kind: str, match: str = "", times: int = 1) -> None:
        self.world.faults.append(Fault("stripe", kind, match, times))

    def calls(self) -> list[str]:
        return [f"{request.method} {_generic(request.url.path)}" for request in self.sent]

    def issue(self, document: PlannedDocument, attempt: int = 1) -> str:
        stripe_id = documents.create_draft(
            self.gateway, self.effects, document=document, attempt=attempt
        )
        self.fill(stripe_id, document, attempt)
        self.finish(stripe_id, document.key, attempt)
        return stripe_id

    def fill(self, stripe_id: str, document: PlannedDocument, attempt: int = 1) -> None:
        for chunk in range(documents.chunks(document)):
            documents.add_lines(
                self.gateway,
                self.effects,
                stripe_id=stripe_id,
                document=document,
                chunk=chunk,
                attempt=attempt,
            )

    def finish(self, stripe_id: str, key: DocumentKey = KEY, attempt: int = 1) -> None:
        for step in (documents.finalize, documents.send):
            step(self.gateway, self.effects, stripe_id=stripe_id, key=key, attempt=attempt)

    def credit(self, document: PlannedDocument, attempt: int = 1) -> str:
        split = credit_notes.split_of(self.gateway, document)
        return credit_notes.create(
            self.gateway, self.effects, document=document, split=split, attempt=attempt
        )

    def seen(self, *known: str) -> list[ObservedDocument]:
        return observation.observe(self.gateway, CUSTOMER, known)


def account_data() -> StripeData:
    return StripeData(
        customers=[
            CustomerData(id=CUSTOMER, name="Acme", email="books@acme.example"),
            CustomerData(id="cus_other", name="Other", email="books@other.example"),
        ],
        tax_rates=[TaxRateData(id="txr_vat", display_name="VAT", percentage=Decimal(22))],
    )


def planned_line(
    number: int,
    minutes: int = 60,
    amount: int = 6500,
    *,
    tax_rate: str = "",
    credits_line: str = "",
) -> PlannedLine:
    return PlannedLine(
        line_id=LineId("acme-support", "usage", f"item{number}", "2026-10", "tracked", "6500/eur/"),
        minutes=minutes,
        amount_minor=amount,
        description=f"Task {number}, 1:00 h at 65.00 EUR",
        work_from=START - 86_400_000,
        work_to=START - 86_000_000,
        tax_rate=tax_rate,
        credits_line=credits_line,
    )


def planned_invoice(lines: int = 2, *, tax_rate: str = "") -> PlannedDocument:
    return PlannedDocument(
        key=KEY,
        type=DocumentType.INVOICE,
        customer=CUSTOMER,
        currency="eur",
        lines=tuple(planned_line(number, tax_rate=tax_rate) for number in range(lines)),
        description="Work in October 2026",
    )


def planned_credit(invoice: ObservedDocument, amount: int, minutes: int) -> PlannedDocument:
    assert invoice.lines
    line = planned_line(0, minutes, amount, credits_line=invoice.lines[0].stripe_line_id)
    return PlannedDocument(
        key=replace(KEY, kind="correction"),
        type=DocumentType.CREDIT_NOTE,
        customer=CUSTOMER,
        currency="eur",
        lines=(replace(line, cause="session shortened on 2026-11-03"),),
        description="Correction of October 2026",
        invoice_id=invoice.stripe_id,
    )


def _generic(path: str) -> str:
    known = {"v1", "invoices", "credit_notes", "customers", "tax_rates", "events", "lines"}
    known |= {"add_lines", "finalize", "send", "preview"}
    return "/".join(step if step in known | {""} else "ID" for step in path.split("/"))
