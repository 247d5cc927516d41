"""A month's statement of one contract, frozen when the month is closed (ledger 6.9)."""

import hashlib
import json

from mondaybridge.app import App
from mondaybridge.domain.contract import Client, Contract
from mondaybridge.domain.ledger import POSTING, ChainedEntry
from mondaybridge.store import billing, lease, ledger, mirror
from mondaybridge.store.lease import Lease
from mondaybridge.workflows.plan import counted


def fix_month(app: App, client: Client, period: str, held: Lease) -> None:
    """Close the month of every contract: its entries so far are the month's statement."""
    now = app.clock.now()
    for contract in (c for c in client.contracts if counted(c, period)):
        with app.store.write() as tx:
            lease.confirm(tx, held)
            ledger.lock(tx, contract.contract_id)
            if period in ledger.closed_periods(tx, contract.contract_id):
                continue
            rows = ledger.entries(tx, contract.contract_id, period)
            names = mirror.names(tx, {row.entry.activity_id for row in rows})
            body = statement(contract, period, rows, names)
            billing.save_statement(tx, contract.contract_id, period, body, now=now)
            ledger.close_period(
                tx,
                contract.contract_id,
                period,
                now=now,
                config_hash=app.mapping.config_hash(contract.contract_id),
                allocation_hash=hashlib.sha256(body.encode()).hexdigest(),
            )


def statement(
    contract: Contract, period: str, rows: list[ChainedEntry], names: dict[str, str]
) -> str:
    """Return the month's posted minutes per activity and source, as JSON."""
    minutes: dict[tuple[str, str, str], int] = {}
    for row in rows:
        if row.entry.kind in POSTING:
            key = row.entry.activity_id, row.entry.source, row.entry.rate_key
            minutes[key] = minutes.get(key, 0) + row.entry.minutes
    lines = [
        {
            "activity": activity_id,
            "title": names.get(activity_id, ""),
            "source": source,
            "rate_key": rate_key,
            "minutes": posted,
        }
        for (activity_id, source, rate_key), posted in sorted(minutes.items())
        if posted
    ]
    body = {
        "contract": contract.contract_id,
        "period": period,
        "lines": lines,
        "minutes": sum(minutes.values()),
        "entries": [rows[0].seq, rows[-1].seq] if rows else [],
        "head": rows[-1].hash if rows else "",
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True)
