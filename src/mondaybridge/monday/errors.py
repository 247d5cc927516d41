"""What an answer of monday means, whatever its shape: the one classifier (monday.md §3).

HTTP 200 is no success here, and the shapes changed with the versions: flat bodies with
``error_code``, strings in ``errors``, codes in ``extensions``. Waits are ``limits.py``'s affair.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from mondaybridge.errors import CredentialsError, TryLater, UpstreamError
from mondaybridge.monday import limits
from mondaybridge.monday.texts import brief, decodable

TOKEN_SETTING = "MONDAYBRIDGE_MONDAY__TOKEN"  # noqa: S105 - a name, not a secret
URL_SETTING = "MONDAYBRIDGE_MONDAY__API_URL"
LOCKED_SECONDS = 2
BLOCKED_SECONDS = 300
FAULTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer, undone of its compression; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of an answer; ``path`` begins with the field, or alias, that it belongs to."""

    code: str
    message: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        at = f" at {'.'.join(self.path)}" if self.path else ""
        return f"{self.code or 'error'}{at}: {self.message}"


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer that the whole request deserves: data, and what monday refused in parts of it."""

    data: msgspec.Raw
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()


class RateLimited(TryLater):
    """A limit of the account is used up: no call on this token before ``until``."""


class ServerFault(TryLater):
    """No usable answer; ``answered`` says whether monday answered at all."""

    def __init__(self, message: str, until: int = 0, *, answered: bool = True) -> None:
        super().__init__(message, until)
        self.answered = answered


class CursorExpired(TryLater):
    """A page's cursor is older than 60 minutes: the read starts again at page one (M13)."""


class Refused(UpstreamError):  # noqa: N818 - what happened to a request
    """monday won't take this request as it is; repeating it changes nothing."""

    def __init__(self, message: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


def opened(reply: Reply, *, operation: str, now: int) -> Opened:
    """Return what an answer holds, or raise what the whole of it asks for."""
    body = _body(reply)
    faults = tuple(_faults(body)) if body else ()
    codes = {_plain(fault.code) for fault in faults}
    where = f"monday, {operation} (HTTP {reply.status})"
    said = f"{where}: {_listed(faults) or 'no explanation'}"
    if _limited(reply, faults, codes):
        raise RateLimited(said, _until(reply, body, codes, now))
    if reply.status in _FORBIDDEN or (codes & _AUTH and not any(f.path for f in faults)):
        raise CredentialsError(_credentials(reply.status, said))
    if HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST:
        raise UpstreamError(_redirected(reply, where))
    if any("cursor" in code for code in codes):
        raise CursorExpired(f"{where}: the cursor expired")
    if _passing(reply.status, codes) or (body is None and reply.status == HTTPStatus.OK):
        seconds = limits.wait_seconds(reply.headers, body, now) or _pause(reply.status, codes)
        raise ServerFault(said, now + seconds * 1000 if seconds else 0)
    if reply.status != HTTPStatus.OK or body is None:
        raise Refused(_not_found(said) if reply.status == HTTPStatus.NOT_FOUND else said, faults)
    return _complete(body, faults, where)


def refused(operation: str, faults: tuple[Fault, ...]) -> Refused:
    """Say that parts of a request were refused; half an answer is none (M11)."""
    return Refused(f"monday refused {operation}: {_listed(faults)}", faults)


class _Body(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw()
    errors: object = None
    error_code: object = None
    error_message: object = None
    error_data: object = None
    extensions: object = None
    retry_in_seconds: object = None


_DECODER = msgspec.json.Decoder(_Body)

_FORBIDDEN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_AUTH = frozenset({"useraccessdenied", "userunauthorizedexception", "notauthenticated"})
_DAILY = "dailylimitexceeded"
_LIMITS = frozenset({
    "complexityexception", "complexitybudgetexhausted", "ratelimitexceeded", _DAILY,
    "minutelimitexceeded", "maxconcurrencyexceeded", "concurrencylimitexceeded",
    "ipratelimitexceeded", "fieldlimitexceeded", "minuteratelimitexceeded",
})  # fmt: skip
_TOO_BIG = "requestmaxcomplexityexceeded"
_BLOCKED = "apitemporarilyblocked"
_PASSING = frozenset({"internalservererror", "idempotencyconflict", "resourcelocked", _BLOCKED})
_EXHAUSTED = re.compile(r"complexity budget exhausted|rate limit exceeded", re.IGNORECASE)


def _body(reply: Reply) -> _Body | None:
    """Decode the envelope; None for a page of HTML or half an answer."""
    try:
        return _DECODER.decode(decodable(reply.body))
    except (msgspec.DecodeError, RecursionError):
        return None


def _faults(body: _Body) -> Iterator[Fault]:
    listed = body.errors if isinstance(body.errors, list) else [body.errors]
    if body.error_code is not None or body.error_message is not None:
        yield Fault(_text(body.error_code), _text(body.error_message))
    for error in listed:
        if isinstance(error, dict):
            extensions = error.get("extensions")
            code = extensions.get("code") if isinstance(extensions, dict) else None
            path = error.get("path")
            steps = tuple(map(_text, path)) if isinstance(path, list) else ()
            yield Fault(_text(code), _text(error.get("message")), steps)
        elif error is not None:
            yield Fault("", _text(error))


def _text(value: object) -> str:
    """Show a field that should be text; one that holds a structure is shown by its kind."""
    if value is None:
        return ""
    return brief(str(value) if isinstance(value, str | int) else type(value).__name__, 200)


def _plain(code: str) -> str:
    return re.sub(r"[^a-z]", "", code.lower())


def _listed(faults: tuple[Fault, ...]) -> str:
    more = len(faults) - FAULTS_SHOWN
    return "; ".join(map(str, faults[:FAULTS_SHOWN])) + (f"; {more} more" if more > 0 else "")


def _limited(reply: Reply, faults: tuple[Fault, ...], codes: set[str]) -> bool:
    if _TOO_BIG in codes:
        return False
    return (
        reply.status == HTTPStatus.TOO_MANY_REQUESTS
        or bool(codes & _LIMITS)
        or any(_EXHAUSTED.search(fault.message) for fault in faults)
    )


def _until(reply: Reply, body: _Body | None, codes: set[str], now: int) -> int:
    if _DAILY in codes:
        return limits.next_midnight(now)
    seconds = limits.wait_seconds(reply.headers, body, now)
    return now + (limits.DEFAULT_SECONDS if seconds is None else seconds) * 1000


def _passing(status: int, codes: set[str]) -> bool:
    return (
        status in {HTTPStatus.CONFLICT, HTTPStatus.LOCKED}
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or bool(codes & _PASSING)
    )


def _pause(status: int, codes: set[str]) -> int:
    if _BLOCKED in codes:
        return BLOCKED_SECONDS
    return LOCKED_SECONDS if status in {HTTPStatus.CONFLICT, HTTPStatus.LOCKED} else 0


def _complete(body: _Body, faults: tuple[Fault, ...], where: str) -> Opened:
    if not bytes(body.data).startswith(b"{"):
        if faults:
            raise refused(where, faults)
        raise ServerFault(f"{where}: an answer without data")
    return Opened(body.data, faults, tuple(_warnings(body.extensions)))


def _warnings(extensions: object) -> Iterator[str]:
    """Yield what monday warns of, such as deprecated fields; for the log (monday.md §3)."""
    listed = extensions.get("warnings") if isinstance(extensions, dict) else None
    for warning in listed if isinstance(listed, list) else []:
        yield _text(warning.get("message") if isinstance(warning, dict) else warning)


def _credentials(status: int, said: str) -> str:
    if status == HTTPStatus.UNAUTHORIZED:
        way_out = f"set {TOKEN_SETTING} to a valid API token of the bridge's user"
    else:
        way_out = f"the user of {TOKEN_SETTING} must be active and may not be view-only"
    return f"{said}; {way_out}"


def _redirected(reply: Reply, where: str) -> str:
    target = brief(reply.headers.get("location", "elsewhere"), 100)
    return f"{where}: sent on to {target}; set {URL_SETTING} to the address of the API itself"


def _not_found(said: str) -> str:
    return f"{said}; check {URL_SETTING}"
