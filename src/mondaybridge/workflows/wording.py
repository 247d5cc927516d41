"""What a client reads on a document: titles, dates, hours and rates in the client's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.contract import (
    Client,
    Contract,
    ContractKind,
    LegalDocument,
    Package,
    PlanPhase,
)
from mondaybridge.domain.documents import DocumentKind
from mondaybridge.domain.grouping import DAY, GROUP, SERVICE
from mondaybridge.domain.money import amount_text, decimal_text, parse_rate_key
from mondaybridge.domain.usage import BULK, INCLUDED, NO_CHARGE, OVERAGE, LineKind, UsageLine
from mondaybridge.domain.work import pieces
from mondaybridge.domain.worktime import hours_text, local_date, month
from mondaybridge.i18n import day_text, month_text, text

GOODWILL_OF = ":goodwill"  # behind a purchase: what came back to it after its end
DESCRIPTION_MAX = 500


def _no_links(_: str) -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for one client; ``names`` and ``rows`` are by activity, rows that went are none.

    ``links`` are the addresses of a month's statements, by contract.
    """

    client: Client
    names: Mapping[str, str]
    rows: Mapping[str, Activity]
    links: Callable[[str], Mapping[str, str]] = _no_links

    def line(self, line: UsageLine, scope: str) -> str:
        """Describe one line: dates, title, time spent, rate and note (R45)."""
        locale = self.client.locale
        period = line.line_id.period
        if line.line_id.kind == LineKind.SALE.value:
            return self._sale(line)
        described = (
            self._fee(line) if line.line_id.kind == LineKind.FEE.value else self._usage(line)
        )
        if period != scope or line.minutes < 0:
            named = month_text(period, locale)
            described = text("line.late", locale, month=named, line=described)
        return described[:DESCRIPTION_MAX]

    def title(self, kind: DocumentKind, scope: str) -> str:
        """Describe a document as a whole."""
        locale = self.client.locale
        if kind is DocumentKind.SALE:
            return text("document.sale", locale, scope=scope)
        if kind is DocumentKind.CORRECTION and len(scope) != len("2026-10"):
            return text("document.sale", locale, scope=scope)
        return text(f"document.{kind.value}", locale, month=month_text(scope, locale))

    def carried(self, period: str) -> str:
        """Say from which month a line comes that waited for a later invoice (semantics 6.20)."""
        return text(
            "line.carried", self.client.locale, month=month_text(period, self.client.locale)
        )

    def heading(self, contract_id: str) -> str:
        """Name a contract among a client's others."""
        kinds = {one.contract_id: one.kind for one in self.client.contracts}
        kind = kinds.get(contract_id)
        if kind is None:
            return contract_id
        named = text(f"section.{kind.value}", self.client.locale)
        return named if list(kinds.values()).count(kind) == 1 else f"{named} {contract_id}"

    def so_far(self, line: UsageLine, billed_minor: int) -> str:
        """Say what a line comes to by now, and what was billed of it before (ledger 7)."""
        currency = self.client.currency
        return text(
            "line.so_far",
            self.client.locale,
            hours=hours_text(line.minutes),
            whole=decimal_text(line.amount_minor, currency),
            billed=decimal_text(billed_minor, currency),
        )

    def footer(self, kind: DocumentKind, scope: str, listed: str) -> str:
        """Return what ends a document: the statements' addresses, the list, the law (R46, Q11)."""
        locale, said = self.client.locale, list[str]()
        if kind is DocumentKind.USAGE:
            said += self._addresses(scope)
        if listed:
            said.append(text("footer.list", locale, name=listed))
        if self.client.billing.legal_document is LegalDocument.EXTERNAL:
            credit = kind is DocumentKind.CORRECTION
            said.append(text("footer.external_credit" if credit else "footer.external", locale))
        return "\n".join(said)

    def _addresses(self, period: str) -> list[str]:
        locale, found = self.client.locale, self.links(period)
        if not found:
            return [text("footer.ask", locale)]
        if len(found) == 1:
            return [text("footer.statement", locale, link=link) for link in found.values()]
        return [
            text("footer.statement_of", locale, name=self.heading(key), link=link)
            for key, link in found.items()
        ]

    def _usage(self, line: UsageLine) -> str:
        price = parse_rate_key(line.line_id.rate_key)
        described = text(
            self._kind(line),
            self.client.locale,
            dates=self._dates(line),
            title=self._name(line.line_id.subject),
            hours=hours_text(line.minutes),
            rate=amount_text(price.unit_minor, price.currency),
            package=line.line_id.source.removeprefix(BULK).removesuffix(GOODWILL_OF),
        )
        row = self.rows.get(line.line_id.subject)
        return f"{described} - {row.note}" if row and row.note else described

    def _kind(self, line: UsageLine) -> str:
        """Return the text that fits where the minutes come from."""
        source = line.line_id.source
        if source == OVERAGE:
            contract = self._contract(line)
            plan = contract is not None and contract.kind is ContractKind.POSTPAID_PLAN
            return "line.overage_plan" if plan else "line.overage"
        if parse_rate_key(line.line_id.rate_key).unit_minor:
            return "line.usage"
        if source.startswith(BULK):
            return "line.bulk"
        return {INCLUDED: "line.included", NO_CHARGE: "line.no_charge"}.get(source, "line.usage")

    def _name(self, subject: str) -> str:
        locale = self.client.locale
        if subject.startswith(SERVICE):
            return text("line.group", locale, title=subject.removeprefix(SERVICE))
        if subject.startswith(DAY):
            return text("line.group_day", locale)
        return self.names.get(subject, subject)

    def _fee(self, line: UsageLine) -> str:
        """Name the plan and what it includes; of a month in parts, the part (R42)."""
        locale, period = self.client.locale, line.line_id.period
        plan_id = line.line_id.subject.rpartition("@")[0]
        named = month_text(period, locale)
        unit = parse_rate_key(line.line_id.rate_key).unit_minor
        phase = self._phase(line, plan_id)
        if abs(line.amount_minor) == unit and phase:
            hours = hours_text(phase.plan.included_minutes)
            return text("line.fee", locale, plan=plan_id, month=named, hours=hours)
        dates = self._dates(line)
        return text("line.fee_part", locale, plan=plan_id, dates=dates, month=named)

    def _phase(self, line: UsageLine, plan_id: str) -> PlanPhase | None:
        contract = self._contract(line)
        end = month(line.line_id.period, self.client.zone).end
        phases = [
            phase
            for phase in (contract.plans if contract else ())
            if phase.plan.plan_id == plan_id and phase.starts_at < end
        ]
        return phases[-1] if phases else None

    def _sale(self, line: UsageLine) -> str:
        """Name the package; of a purchase in bulk what it would have cost and was saved (R52)."""
        locale, currency = self.client.locale, self.client.currency
        subject, hours = line.line_id.subject, hours_text(line.minutes)
        package = self._package(line)
        if package is None or not package.discount_minor:
            return text("line.sale", locale, title=subject, hours=hours)
        net = package.price.unit_minor
        return text(
            "line.sale_discount",
            locale,
            title=subject,
            hours=hours,
            full=amount_text(net + package.discount_minor, currency),
            discount=amount_text(package.discount_minor, currency),
            net=amount_text(net, currency),
        )

    def _package(self, line: UsageLine) -> Package | None:
        contract = self._contract(line)
        sold = {one.package_id: one for one in (contract.packages if contract else ())}
        return sold.get(line.line_id.subject)

    def _contract(self, line: UsageLine) -> Contract | None:
        contracts = {contract.contract_id: contract for contract in self.client.contracts}
        return contracts.get(line.line_id.contract_id)

    def _dates(self, line: UsageLine) -> str:
        """Say from when to when the time was worked; an entry knows only its last instant."""
        worked = [line.first_work_at, line.last_work_at]
        row, contract = self.rows.get(line.line_id.subject), self._contract(line)
        if row and contract and not line.line_id.subject.startswith(GROUP):
            period, price = line.line_id.period, line.line_id.rate_key
            worked += [
                piece.at
                for piece in pieces(row, contract)
                if piece.period == period and price in {piece.rate_key, piece.covered_key}
            ]
        first, last = (local_date(at, self.client.zone) for at in (min(worked), max(worked)))
        return _span(first, last, self.client.locale)


def _span(first: date, last: date, locale: str) -> str:
    if first == last:
        return day_text(first, locale)
    return f"{first.day}-{day_text(last, locale)}"
