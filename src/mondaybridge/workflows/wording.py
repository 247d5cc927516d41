"""What a client reads on a document: titles, dates, hours and rates in the client's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import DocumentKind
from mondaybridge.domain.metered import OVERAGE_SOURCE
from mondaybridge.domain.money import amount_text, parse_rate_key
from mondaybridge.domain.usage import LineKind, UsageLine
from mondaybridge.domain.work import pieces
from mondaybridge.domain.worktime import hours_text, local_date
from mondaybridge.i18n import day_text, month_text, text

DESCRIPTION_MAX = 500


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for one client; ``names`` and ``rows`` are by activity, rows that went are none."""

    client: Client
    names: Mapping[str, str]
    rows: Mapping[str, Activity]

    def line(self, line: UsageLine, scope: str) -> str:
        """Describe one line: dates, title, time spent, rate and note (R45)."""
        locale = self.client.locale
        period = line.line_id.period
        if line.line_id.kind == LineKind.SALE.value:
            hours = hours_text(line.minutes)
            return text("line.sale", locale, title=line.line_id.subject, hours=hours)
        price = parse_rate_key(line.line_id.rate_key)
        described = text(
            "line.overage" if line.line_id.source == OVERAGE_SOURCE else "line.usage",
            locale,
            dates=self._dates(line),
            title=self.names.get(line.line_id.subject, line.line_id.subject),
            hours=hours_text(line.minutes),
            rate=amount_text(price.unit_minor, price.currency),
        )
        row = self.rows.get(line.line_id.subject)
        note = row.note if row else ""
        described = f"{described} - {note}" if note else described
        if period != scope or line.minutes < 0:
            month = month_text(period, locale)
            described = text("line.late", locale, month=month, line=described)
        return described[:DESCRIPTION_MAX]

    def title(self, kind: DocumentKind, scope: str) -> str:
        """Describe a document as a whole."""
        locale = self.client.locale
        if kind is DocumentKind.SALE:
            return text("document.sale", locale, scope=scope)
        if kind is DocumentKind.CORRECTION and len(scope) != len("2026-10"):
            return text("document.sale", locale, scope=scope)
        return text(f"document.{kind.value}", locale, month=month_text(scope, locale))

    def _dates(self, line: UsageLine) -> str:
        """Say from when to when the time was worked; an entry knows only its last instant."""
        worked = [line.first_work_at, line.last_work_at]
        row = self.rows.get(line.line_id.subject)
        contracts = {contract.contract_id: contract for contract in self.client.contracts}
        if row:
            cut = pieces(row, contracts[line.line_id.contract_id])
            place = line.line_id.period, line.line_id.rate_key
            worked += [piece.at for piece in cut if (piece.period, piece.rate_key) == place]
        first, last = (local_date(at, self.client.zone) for at in (min(worked), max(worked)))
        if first == last:
            return day_text(first, self.client.locale)
        return f"{first.day}-{day_text(last, self.client.locale)}"
