"""Look at everything and say all of it: nothing stops at the first fault, nothing is written."""

from collections.abc import Iterator

import httpx

from mondaybridge.clock import Clock, SystemClock
from mondaybridge.errors import CredentialsError
from mondaybridge.mapping.load import check
from mondaybridge.mapping.models import Mapping
from mondaybridge.monday.client import MondayClient
from mondaybridge.settings import Settings, require
from mondaybridge.setup.at_monday import monday
from mondaybridge.setup.at_stripe import stripe
from mondaybridge.setup.finding import Check, Finding, failure, fine, guarded
from mondaybridge.setup.machine import ended, machine, remembered, subscribed
from mondaybridge.stripe.account import is_live
from mondaybridge.stripe.client import StripeGateway


def examine(
    settings: Settings,
    *,
    clock: Clock | None = None,
    monday_transport: httpx.BaseTransport | None = None,
    stripe_transport: httpx.BaseTransport | None = None,
) -> Iterator[Finding]:
    """Yield every finding, in the order in which things have to work."""
    clock = clock or SystemClock()
    mapping, problems = check(settings.mappings)
    yield fine(Check.SETTINGS, "the settings of the environment are valid")
    for problem in problems:
        fix = "correct it; `mondaybridge config check` looks at this file alone"
        yield failure(Check.MAPPING, str(problem), fix)
    if mapping:
        yield _mapped(mapping)
    yield from machine(settings, mapping, clock)
    yield from _at_monday(settings, mapping, clock, monday_transport)
    if mapping and settings.public_url:
        yield from guarded(
            Check.WEBHOOKS,
            lambda: subscribed(settings, mapping, clock),
            "mend the database first (MB003)",
        )
    yield from _at_stripe(settings, mapping, clock, stripe_transport)


def _mapped(mapping: Mapping) -> Finding:
    counts = (
        f"{len(mapping.clients)} clients, {len(mapping.contracts)} contracts, "
        f"{len(mapping.board_ids)} boards"
    )
    return fine(Check.MAPPING, f"{mapping.name} is valid: {counts}")


def _at_monday(
    settings: Settings, mapping: Mapping | None, clock: Clock, transport: httpx.BaseTransport | None
) -> Iterator[Finding]:
    try:
        token = require(settings.monday.token, "MONDAYBRIDGE_MONDAY__TOKEN")
        client = MondayClient(
            token=token, api_url=settings.monday.api_url, clock=clock, transport=transport
        )
    except CredentialsError as error:
        yield _unset(Check.TOKEN, error)
        return
    try:
        over = ended(settings, mapping, clock) if mapping else set[str]()
        yield from monday(client, mapping, over)
    finally:
        client.close()


def _at_stripe(
    settings: Settings, mapping: Mapping | None, clock: Clock, transport: httpx.BaseTransport | None
) -> Iterator[Finding]:
    try:
        key = require(settings.stripe.api_key, "MONDAYBRIDGE_STRIPE__API_KEY")
    except CredentialsError as error:
        yield _unset(Check.STRIPE_KEY, error)
        return
    gateway = StripeGateway(
        api_key=key,
        api_url=settings.stripe.api_url,
        clock=clock,
        before_call=lambda: None,
        transport=transport,
    )
    try:
        bound, customers = remembered(settings, mapping, clock) if mapping else (None, {})
        yield from stripe(gateway, mapping, customers, live=is_live(key), bound=bound)
    finally:
        gateway.close()


def _unset(check_: Check, error: CredentialsError) -> Finding:
    text, _, fix = str(error).partition(": ")
    return failure(check_, text, fix)
