"""What can be judged on this machine alone: settings, database, folders, mail, links, webhooks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mondaybridge.clock import Clock
from mondaybridge.mapping.models import Mapping
from mondaybridge.reports.ending import contracts_over
from mondaybridge.settings import Settings, require_hook_secret, require_link_key
from mondaybridge.setup.finding import Check, Finding, failure, fine, guarded, remark
from mondaybridge.store import peer, registry, schema, webhooks
from mondaybridge.store.engine import Store, Tx
from mondaybridge.store.peer import Peer

UPGRADE = "run `mondaybridge db upgrade`"


def machine(settings: Settings, mapping: Mapping | None, clock: Clock) -> Iterator[Finding]:
    """Yield what is found without asking anybody."""
    yield from guarded(
        Check.DATABASE,
        lambda: _database(settings, clock),
        "check MONDAYBRIDGE_DATABASE_URL and the database",
    )
    yield _data_folder(settings.data_dir)
    yield _mail(settings)
    yield from guarded(
        Check.LINKS,
        lambda: _links(settings, mapping),
        "set MONDAYBRIDGE_LINK_KEY to at least 32 random characters",
    )
    yield from guarded(
        Check.WEBHOOK_SETTINGS,
        lambda: _webhook_settings(settings, mapping),
        "set MONDAYBRIDGE_MONDAY__HOOK_SECRET to at least 32 random characters",
    )


def subscribed(settings: Settings, mapping: Mapping, clock: Clock) -> Iterator[Finding]:
    """Look for boards whose changes nobody tells of."""
    known, over = set[str](), set[str]()
    with _upgraded(settings, clock) as tx:
        if tx is not None:
            known = {row.board_id for row in webhooks.known(tx)}
            over = contracts_over(tx, mapping.contracts)
    going = [b for b in mapping.board_ids if mapping.contract_of(b).contract_id not in over]
    silent = [board for board in going if board not in known]
    if silent:
        text = f"no webhooks were installed on {len(silent)} boards: {', '.join(silent)}"
        yield remark(Check.WEBHOOKS, text, "run `mondaybridge webhooks install`")
    else:
        yield fine(Check.WEBHOOKS, f"webhooks were installed on all {len(known)} boards")


def remembered(
    settings: Settings, mapping: Mapping, clock: Clock
) -> tuple[Peer | None, dict[str, str]]:
    """Return Stripe's account as the database knows it, and the customer to bill of each client.

    What is wrong with the database is a finding of its own.
    """
    mapped = {one.client_id: one.stripe_customer for one in mapping.clients}
    try:
        with _upgraded(settings, clock) as tx:
            if tx is None:
                return None, mapped
            bound = peer.find(tx, peer.STRIPE)
            billed = [registry.billed(tx, one) for one in mapping.clients]
            return bound, {one.client_id: one.stripe_customer for one in billed}
    except Exception:  # noqa: BLE001 - whatever it is, MB003 tells it
        return None, mapped


def ended(settings: Settings, mapping: Mapping, clock: Clock) -> set[str]:
    """Return the contracts that ended with their last package; none where nothing can be asked.

    What is wrong with the database is a finding of its own.
    """
    try:
        with _upgraded(settings, clock) as tx:
            return contracts_over(tx, mapping.contracts) if tx is not None else set()
    except Exception:  # noqa: BLE001 - whatever it is, MB003 tells it
        return set()


@contextmanager
def _upgraded(settings: Settings, clock: Clock) -> Iterator[Tx | None]:
    """Read a database of this version; any other is not read."""
    with _opened(settings, clock) as store:
        if store is None:
            yield None
            return
        with store.read() as tx:
            yield tx if schema.current(tx) == schema.head() else None


@contextmanager
def _opened(settings: Settings, clock: Clock) -> Iterator[Store | None]:
    """Open the database for a look; where its file does not exist, none is made."""
    store = Store(settings.store_url, clock=clock)
    try:
        missing = store.sqlite and not Path(str(store.url.database)).exists()
        yield None if missing else store
    finally:
        store.close()


def _database(settings: Settings, clock: Clock) -> Iterator[Finding]:
    with _opened(settings, clock) as store:
        if store is None:
            file = settings.store_url.removeprefix("sqlite:///")
            text = f"there is no database at {file} yet: the first command makes it"
            yield remark(Check.DATABASE, text, UPGRADE)
            return
        with store.read() as tx:
            found, needed = schema.current(tx), schema.head()
            schema.refuse_newer(found)
    if found == needed:
        yield fine(Check.DATABASE, "the database is of this version")
    else:
        state = f"is of an earlier version ({found})" if found else "has no tables yet"
        yield remark(
            Check.DATABASE, f"the database {state}: the next command brings it up", UPGRADE
        )


def _data_folder(folder: Path) -> Finding:
    """Look whether files can be made in the data folder, or the folder itself where it is not."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        made = "can be written" if place == folder else "can be made"
        return fine(Check.DATA_FOLDER, f"the data folder {folder} {made}")
    return failure(
        Check.DATA_FOLDER,
        f"the data folder {folder} cannot be written by this user",
        "set MONDAYBRIDGE_DATA_DIR to a folder of the user that runs the bridge",
    )


def _mail(settings: Settings) -> Finding:
    smtp = settings.smtp
    if smtp.host:
        how = f"{smtp.host}:{smtp.own_port} ({smtp.security.value})"
        return fine(Check.MAIL, f"mails are handed to {how} as {smtp.sender}")
    return remark(
        Check.MAIL,
        f"no mail server is set: mails are written to {settings.data_dir / 'outbox'}",
        "set MONDAYBRIDGE_SMTP__HOST and MONDAYBRIDGE_SMTP__SENDER, or send the files by hand",
    )


def _links(settings: Settings, mapping: Mapping | None) -> Iterator[Finding]:
    """Look at what the link to a document needs, where a board has a column for it."""
    shown = [
        name
        for name, columns in (mapping.document.columns if mapping else {}).items()
        if columns.ours.document
    ]
    if not shown:
        return
    missing = [
        name
        for name, value in (
            ("MONDAYBRIDGE_LINK_KEY", settings.link_key),
            ("MONDAYBRIDGE_PUBLIC_URL", settings.public_url),
        )
        if not value
    ]
    if missing:
        text = f"columns.{shown[0]}.ours.document stays empty: {' and '.join(missing)} not set"
        yield remark(Check.LINKS, text, f"set {' and '.join(missing)}, or map document: null")
        return
    require_link_key(settings)
    yield fine(Check.LINKS, f"links to documents lead to {settings.public_url}")


def _webhook_settings(settings: Settings, mapping: Mapping | None) -> Iterator[Finding]:
    minutes = mapping.timing.sweep_minutes if mapping else 10
    unheard = f"changes are seen by the sweep every {minutes} minutes alone"
    if settings.monday.hook_secret is None:
        yield remark(
            Check.WEBHOOK_SETTINGS,
            f"MONDAYBRIDGE_MONDAY__HOOK_SECRET is not set: `mondaybridge run` needs it; {unheard}",
            "set it to at least 32 random characters, then `mondaybridge webhooks install`",
        )
        return
    require_hook_secret(settings)
    if not settings.public_url:
        yield remark(
            Check.WEBHOOK_SETTINGS,
            f"MONDAYBRIDGE_PUBLIC_URL is not set: monday cannot reach the bridge, and {unheard}",
            "set it to the bridge's address, then `mondaybridge webhooks install`",
        )
        return
    yield fine(Check.WEBHOOK_SETTINGS, f"monday's webhooks are expected at {settings.public_url}")
