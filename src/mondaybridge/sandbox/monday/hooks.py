"""Webhooks: who subscribed to what, and the deliveries that a change causes (monday.md §6).

Deliveries are appended to the world; sending them, and asking for a retry, is up to the owner of
the socket. Payloads keep monday's traps: delivered names differ from subscribed ones, and which id
fields are present depends on the event.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import msgspec
from graphql import GraphQLError

from mondaybridge.sandbox.monday.boards import MondayState, Webhook, number
from mondaybridge.sandbox.monday.errors import failure
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import Delivery, World

RETRY_EVERY_MS = 60_000
RETRIES = 30
URL_LENGTH = 255
TOKEN_LIFE_S = 300

Handshake = Callable[[str, bytes], bytes | None]
"""Posts a challenge to an address and returns the body of a 200, or None for anything else."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened on a board: the subscribed name, the delivered one, the fields."""

    event: str
    delivered: str
    board_id: str
    user_id: str
    fields: dict[str, object]
    column_id: str | None = None
    status_index: object = None
    group_id: str | None = None
    absent: frozenset[str] = field(default_factory=frozenset)


class Hooks:
    """The subscriptions of an account."""

    def __init__(
        self, world: World, state: MondayState, switches: Switches, *, signing_secret: str
    ) -> None:
        self._world = world
        self._state = state
        self._switches = switches
        self._secret = signing_secret.encode()

    def fire(self, occurrence: Occurrence) -> None:
        """Append one delivery for each subscription that wants this."""
        matching = [hook for hook in self._state.webhooks.values() if _wants(hook, occurrence)]
        if not matching:
            return
        trigger = f"{self._world.random.getrandbits(128):032x}"
        for webhook in matching:
            self._world.deliveries.append(self._delivery(webhook, occurrence, trigger))

    def retry(self, delivery: Delivery, now: int) -> Delivery | None:
        """Return the next attempt of a failed delivery, or None after 30 of them.

        monday repeats once a minute for 30 minutes, with ``isRetry`` and a new ``triggerTime``.
        """
        if delivery.attempt >= RETRIES:
            return None
        at = now + RETRY_EVERY_MS
        body = msgspec.json.decode(delivery.body)
        body["event"] |= {"isRetry": True, "triggerTime": _precise(at)}
        if not self._switches.retry_keeps_trigger:
            body["event"]["triggerUuid"] = f"{self._world.random.getrandbits(128):032x}"
        headers = dict(delivery.headers)
        if "authorization" in headers:
            user_id = str(body["event"]["userId"])
            headers["authorization"] = self._token(delivery.url, user_id, at)
        return replace(
            delivery,
            headers=headers,
            body=msgspec.json.encode(body),
            not_before=at,
            attempt=delivery.attempt + 1,
        )

    def _delivery(self, webhook: Webhook, occurrence: Occurrence, trigger: str) -> Delivery:
        now = self._world.clock.now()
        common: dict[str, object] = {
            "app": "monday",
            "type": occurrence.delivered,
            "triggerTime": _precise(now),
            "subscriptionId": number(webhook.id),
            "isRetry": False,
            "userId": number(occurrence.user_id),
            "originalTriggerUuid": None,
            "boardId": number(occurrence.board_id),
            "triggerUuid": trigger,
        }
        event = {key: one for key, one in common.items() if key not in occurrence.absent}
        headers = {"content-type": "application/json"}
        if webhook.by_app:
            headers["authorization"] = self._token(webhook.url, occurrence.user_id, now)
        return Delivery(
            id=f"monday-{self._world.serial()}",
            url=webhook.url,
            headers=headers,
            body=msgspec.json.encode({"event": event | occurrence.fields}),
            not_before=now,
        )

    def _token(self, url: str, user_id: str, now: int) -> str:
        seconds = now // 1000
        claims: dict[str, object] = {
            "accountId": number(self._state.account.id),
            "userId": number(user_id),
            "aud": url,
            "exp": seconds + TOKEN_LIFE_S,
            "iat": seconds,
        }
        signed = b".".join((_part({"alg": "HS256", "typ": "JWT"}), _part(claims)))
        digest = hmac.new(self._secret, signed, hashlib.sha256).digest()
        return b".".join((signed, _base64(digest))).decode()


def challenge(url: str, token: str, handshake: Handshake | None) -> None:
    """Make sure that an address answers a challenge with the same JSON; None trusts it."""
    if len(url) > URL_LENGTH or not url.startswith(("http://", "https://")):
        raise failure("InvalidWebhookUrlException", f"Invalid webhook url: {url}", url=url)
    if handshake is None:
        return
    answer = handshake(url, msgspec.json.encode({"challenge": token}))
    try:
        same = answer is not None and msgspec.json.decode(answer) == {"challenge": token}
    except msgspec.DecodeError:
        same = False
    if not same:
        raise failure("WebhookChallengeException", "Failed to verify the webhook url", url=url)


def check_config(event: str, config: object) -> dict[str, object]:
    """Return the configuration of a subscription if monday would take it (monday.md §6)."""
    given = config if isinstance(config, dict) else {}
    needed = _NEEDED_CONFIG.get(event, ())
    if any(not given.get(key) for key in needed):
        raise _bad_config(event, needed)
    if event == "change_status_column_value":
        choice = given["columnValue"]
        if not isinstance(choice, dict) or not ({"$any$", "index"} & choice.keys()):
            raise _bad_config(event, needed)
    return given


_NEEDED_CONFIG = {
    "change_specific_column_value": ("columnId",),
    "change_status_column_value": ("columnId", "columnValue"),
    "item_moved_to_specific_group": ("groupId",),
}


def _bad_config(event: str, needed: tuple[str, ...]) -> GraphQLError:
    return failure(
        "InvalidWebhookConfigException",
        f"Invalid config for {event}: needs {' and '.join(needed)}",
        event=event,
    )


def _wants(webhook: Webhook, occurrence: Occurrence) -> bool:
    if webhook.board_id != occurrence.board_id:
        return False
    config = webhook.config
    match webhook.event:
        case "change_specific_column_value":
            return occurrence.column_id is not None and config["columnId"] == occurrence.column_id
        case "change_status_column_value":
            choice = config["columnValue"]
            assert isinstance(choice, dict)  # noqa: S101 - check_config took nothing else
            chosen = "$any$" in choice or choice["index"] == occurrence.status_index
            return config["columnId"] == occurrence.column_id and chosen
        case "item_moved_to_specific_group":
            return occurrence.group_id is not None and config["groupId"] == occurrence.group_id
        case event:
            return event == occurrence.event


def _precise(instant: int) -> str:
    moment = datetime.fromtimestamp(instant / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _part(claims: dict[str, object]) -> bytes:
    return _base64(msgspec.json.encode(claims))


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
