"""What is kept beside a plan before anything of it is issued: lists, groups, addresses.

All of it may be done again: a list's name holds its digest, a group that is known is not written
anew, and an address is made from its subject alone.
"""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from mondaybridge.app import App
from mondaybridge.domain.books import ClosePlan, FullList
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import DocumentKind
from mondaybridge.export.full_list import full_list_csv, full_list_json
from mondaybridge.store import facts, links
from mondaybridge.store.engine import Tx
from mondaybridge.workflows.addresses import statement_links

FOLDER = "statements"
GROUPED = "grouped"

# By contract, month and activity.
Labels = dict[tuple[str, str, str], str]


def keep_lists(app: App, client: Client, planned: ClosePlan) -> list[Path]:
    """Write the lists of a plan's grouped invoices; return their files."""
    folder = app.settings.data_dir / FOLDER / client.client_id
    return [path for listed in planned.lists for path in _written(folder, listed)]


def keep_beside(tx: Tx, app: App, client: Client, planned: ClosePlan) -> None:
    """Record who is in which group, and the addresses that stand on the invoices."""
    for contract in client.contracts:
        key = contract.contract_id
        known = labels(tx, key)
        wanted = {place: label for place, label in planned.labels if place[0] == key}
        new = {place: label for place, label in wanted.items() if known.get(place) != label}
        for period in sorted({place[1] for place in new}):
            mine = {place[2]: label for place, label in new.items() if place[1] == period}
            args = {"period": period, "labels": mine}
            facts.add_event(tx, key, GROUPED, at=app.clock.now(), args=args)
    months = {d.key.scope for d in planned.documents if d.key.kind == DocumentKind.USAGE.value}
    for period in sorted(months):
        links.keep(tx, statement_links(app.settings, client, period))


def labels(tx: Tx, contract_id: str) -> Labels:
    """Return the groups that activities of a contract were given, the last word counts."""
    return {
        (contract_id, row.args["period"], activity_id): label
        for row in facts.events(tx, contract_id, GROUPED)
        for activity_id, label in row.args["labels"].items()
    }


def _written(folder: Path, listed: FullList) -> Iterable[Path]:
    for ending, content in (("csv", full_list_csv(listed)), ("json", full_list_json(listed))):
        path = folder / f"{listed.name}.{ending}"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{secrets.token_hex(4)}.part")
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        yield path
