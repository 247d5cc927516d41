"""Webhooks of monday: is it monday's, and which item should be looked at (monday.md §6).

A webhook is a hint: nothing of its content is kept. What is wrong with it is said without a
traceback and without telling the sender which part was right.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import NoReturn

import jwt
from jwt.algorithms import HMACAlgorithm
from typing_extensions import override

from mondaybridge.domain.activity import Hint

BODY_BYTES = 256 * 1024
DEPTH = 32
DIGITS = 20
CHALLENGE_BYTES = 1024
LEEWAY_SECONDS = 60

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class Challenge:
    """monday asks whether the address is ours: answer 200 with ``{"challenge": text}``."""

    text: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not from monday; ``reason`` is for our log alone.

    ``unsigned``: the path's secret was right and only the signature is missing. A challenge may be
    answered then, since nothing says that monday signs it.
    """

    reason: str
    unsigned: bool = False


class BadPayload(ValueError):  # noqa: N818 - a fact about a request
    """A body that is no webhook of monday: answer 400."""


def verify(
    *,
    secret_in_path: str,
    expected: str,
    authorization: str | None,
    signing_secret: str | None,
    now: int,
    audience: str,
) -> Rejected | None:
    """Check a webhook's origin; both checks always run, whatever the first one finds.

    The path's secret must match. Where a signing secret is configured, a valid HS256 token for this
    very address must come along; it does not cover the body, which is only ever a hint.
    """
    known = _same(secret_in_path, expected) and bool(expected)
    wrong = _unsigned(authorization or "", signing_secret, now, audience) if signing_secret else ""
    if not known:
        return Rejected("the secret in the path is not ours")
    return Rejected(wrong, unsigned=not authorization) if wrong else None


def read_body(body: bytes, *, now: int) -> Challenge | Hint | None:
    """Turn a body into what it asks for; None when it names no board.

    Raises:
        BadPayload: for anything that is not a webhook of monday.
    """
    content = _content(body)
    if "challenge" in content:
        return _challenge(content["challenge"])
    event = content.get("event")
    if not isinstance(event, dict):
        raise BadPayload("neither a challenge nor an event")
    board_id = _identifier(event, "boardId")
    item_id = _identifier(event, "pulseId") or _identifier(event, "itemId")
    return Hint(board_id, item_id, now) if board_id else None


def _same(given: str, expected: str) -> bool:
    """Compare digests of the bytes, in a time that tells nothing, not even a length."""
    digests = [
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (given, expected)
    ]
    return hmac.compare_digest(*digests)


class _Hs256(HMACAlgorithm):
    """HS256 with whatever secret monday issued: its length is not ours to judge."""

    @override
    def check_key_length(self, key: bytes) -> str | None:
        """Accept any length."""
        return None


def _signatures() -> jwt.PyJWS:
    """Return a verifier that knows one algorithm (monday.md §6)."""
    verifier = jwt.PyJWS(algorithms=[])
    verifier.register_algorithm("HS256", _Hs256(_Hs256.SHA256))
    return verifier


_SIGNATURES = _signatures()


def _unsigned(authorization: str, secret: str, now: int, audience: str) -> str:
    """Return what is wrong with the token, or nothing."""
    token = authorization.removeprefix("Bearer ")
    try:
        payload = _SIGNATURES.decode(token, secret, algorithms=["HS256"])
        claims = _content(payload)
        expires, issued, meant = _moment(claims, "exp"), _moment(claims, "iat"), claims["aud"]
    except (jwt.PyJWTError, ValueError, KeyError) as error:
        return f"the token is not valid ({type(error).__name__})"
    seconds = now // 1000
    if audience not in (meant if isinstance(meant, list) else [meant]):
        return "the token is for another address"
    if seconds > expires + LEEWAY_SECONDS:
        return "the token has expired"
    return "the token is from the future" if issued > seconds + LEEWAY_SECONDS else ""


def _moment(claims: dict[str, object], name: str) -> int:
    """Return a claim in whole seconds; ValueError for anything else."""
    moment = claims[name]
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        raise BadPayload(f"{name} is not a moment")
    return int(moment)


def _content(body: bytes) -> dict[str, object]:
    if len(body) > BODY_BYTES:
        raise BadPayload("larger than a webhook")
    try:
        text = body.decode()
        _shallow(text)
        content = json.loads(
            text,
            parse_constant=_no_number,
            parse_int=_integer,
            object_pairs_hook=_distinct,
        )
        json.dumps(content, ensure_ascii=False).encode()
    except BadPayload:
        raise
    except (ValueError, RecursionError) as error:
        raise BadPayload(f"not JSON in UTF-8 ({type(error).__name__})") from error
    if not isinstance(content, dict):
        raise BadPayload("not an object")
    return content


def _shallow(text: str) -> None:
    """Refuse deep nesting before a parser sees it."""
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > DEPTH:
            raise BadPayload("nested too deeply")


def _no_number(name: str) -> NoReturn:
    raise BadPayload(f"{name} is not a number")


def _integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise BadPayload("a number with too many digits")
    return int(digits)


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadPayload("a key stands twice")
    return found


def _challenge(value: object) -> Challenge:
    if not isinstance(value, str) or len(value.encode()) > CHALLENGE_BYTES:
        raise BadPayload("not a challenge")
    return Challenge(value)


def _identifier(event: dict[str, object], key: str) -> str:
    """Return an id as text; subitem events without one are nobody's (monday.md §6)."""
    value = event.get(key)
    if value is None:
        return ""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise BadPayload(f"{key} is not an id")
    return text
