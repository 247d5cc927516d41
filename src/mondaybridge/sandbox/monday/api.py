"""monday.com at ``/v2``: the HTTP surface of the stand-in, on plain requests and responses.

It answers as monday.md §2, §3 and §8 say: version echo, rate headers, idempotency keys, errors in
HTTP 200. It never opens a connection: webhooks go to ``world.deliveries``, and the challenge of a
new webhook is asked through the function that the server gives.
"""

import inspect
import itertools
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qs

import msgspec
from graphql import ExecutionResult, GraphQLError, execute_sync
from pydantic import validate_call

from mondaybridge.sandbox.monday import faults, files, versions
from mondaybridge.sandbox.monday.arrivals import Arrivals
from mondaybridge.sandbox.monday.boards import MondayState, User, number
from mondaybridge.sandbox.monday.changes import FIRST_ID, Changes
from mondaybridge.sandbox.monday.cost import cost, fill
from mondaybridge.sandbox.monday.data import MondayData, instant
from mondaybridge.sandbox.monday.hooks import Handshake, Hooks
from mondaybridge.sandbox.monday.humans import Humans
from mondaybridge.sandbox.monday.journal import Journal
from mondaybridge.sandbox.monday.lag import Lag
from mondaybridge.sandbox.monday.limits import BOARDS, Limits
from mondaybridge.sandbox.monday.load import load
from mondaybridge.sandbox.monday.multipart import read_form
from mondaybridge.sandbox.monday.pages import Pages
from mondaybridge.sandbox.monday.replays import Replays
from mondaybridge.sandbox.monday.resolving import Call, Services
from mondaybridge.sandbox.monday.schema import Document, Operation, document, schema, schema_text
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import Delivery, Dropped, Fault, Request, Response, World

SIGNING_SECRET = "sandbox-signing-secret-of-no-real-app"  # noqa: S105 - of an invented app
APP_TOKEN = "app-"  # noqa: S105 - how tokens of an app's authorisation begin


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as far as it was understood."""

    token: str
    version: str
    key: str | None
    parsed: Document
    operation: Operation
    variables: dict[str, object]
    name: str | None
    origin: str

    @property
    def bucket(self) -> str:
        """Return the complexity budget that pays."""
        if not self.token.startswith(APP_TOKEN):
            return "personal"
        return "app-write" if self.operation.kind == "mutation" else "app-read"


class MondayApi:
    """The stand-in for one account.

    A token acts as the user whose id it ends with (``anything-101``), else as the service user;
    tokens that start with ``app-`` are an app's: their webhooks are signed.
    """

    def __init__(
        self,
        world: World,
        data: MondayData | None = None,
        *,
        switches: Switches | None = None,
        signing_secret: str = SIGNING_SECRET,
        handshake: Handshake | None = None,
    ) -> None:
        self.world = world
        self.switches = switches or Switches()
        self.state: MondayState = load(
            data or MondayData(), world.clock.now(), lambda: str(FIRST_ID + world.serial())
        )
        self.limits = Limits(world.clock, self.state.account)
        self.hooks = Hooks(world, self.state, self.switches, signing_secret=signing_secret)
        self._lag = Lag(world, self.state)
        self._arrivals = Arrivals(world.clock)
        self._changes = Changes(
            world=world,
            state=self.state,
            hooks=self.hooks,
            journal=Journal(world, self.state, self.switches),
            lag=self._lag,
            arrivals=self._arrivals,
            switches=self.switches,
        )
        self._pages = Pages(world, self.switches)
        self._replays = Replays(world.clock)
        self._serials = itertools.count(1)
        self.handshake = handshake
        self.humans = Humans(self._changes)

    def handle(self, request: Request) -> Response:
        """Answer one request.

        Raises:
            Dropped: when a planned fault breaks the connection.
        """
        if request.path == "/v2/get_schema":
            return _schema_response(request)
        if request.path.startswith(files.PREFIX) and request.method == "GET":
            return files.download(self.state, request, self.world.clock.now())
        if request.path not in ("/v2", "/v2/file", "/v2/"):
            return _json(404, {"errors": [{"message": f"nothing at {request.path}"}]})
        if request.method != "POST":
            return _json(405, {"errors": [{"message": "use POST"}]})
        return self._graphql(request)

    def retry(self, delivery: Delivery, now: int) -> Delivery | None:
        """Return the next attempt of a webhook that was not answered with 200 (monday.md §6)."""
        return self.hooks.retry(delivery, now)

    def admin_human(self, method: str, arguments: dict[str, object]) -> object:
        """Let a person act, by the name of a method of ``Humans`` and its keyword arguments.

        Raises:
            ValueError: when there is no such act or its arguments make no sense.
        """
        act = getattr(self.humans, method, None)
        if method.startswith("_") or not inspect.ismethod(act):
            raise ValueError(f"people cannot {method!r}")
        return validate_call(act)(**{key: _argument(key, one) for key, one in arguments.items()})

    def _graphql(self, request: Request) -> Response:
        self._arrivals.settle()
        version = versions.served(request.headers.get("api-version"))
        token = request.headers.get("authorization", "").strip()
        if version is None:
            return _json(400, _invalid_version(request.headers["api-version"]))
        if not token:
            return self._finish(faults.answer("unauthorized", {}, version), version, "personal")
        asked = _read(request, token, version)
        if isinstance(asked, Response):
            self.limits.count("personal")
            return self._finish(asked, version, "personal")
        return self._answer(asked)

    def _answer(self, asked: _Asked) -> Response:
        fault = faults.take(self.world, asked.operation.label)
        if fault is not None and fault.kind == "drop_request":
            raise Dropped(executed=False)
        if fault is not None and fault.kind not in faults.DURING_EXECUTION:
            return self._refused(fault, asked)
        replay = self._replays.find(asked.token, asked.key)
        if replay is None:
            exhausted = self._exhausted(asked) if self.switches.enforce_limits else None
            if exhausted is not None:
                return self._refused(exhausted, asked)
            replay = self._execute(asked, fault)
        else:
            self.limits.count(asked.bucket)
        if fault is not None and fault.kind == "drop_answer":
            raise Dropped(executed=True)
        return self._finish(replay, asked.version, asked.bucket)

    def _execute(self, asked: _Asked, fault: Fault | None) -> Response:
        self._count(asked)
        call = self._call(asked, fault)
        assert asked.parsed.node is not None  # noqa: S101 - what has an operation was parsed
        result = execute_sync(
            schema(candidate=asked.version == versions.CANDIDATE),
            asked.parsed.node,
            context_value=call,
            variable_values=asked.variables,
            operation_name=asked.name,
        )
        self._charge(result, call, asked.operation)
        response = _json(200, self._body(result))
        self._replays.keep(asked.token, asked.key, response)
        return response

    def _call(self, asked: _Asked, fault: Fault | None) -> Call:
        writes = asked.operation.kind == "mutation"
        kind = fault.kind if fault else None
        options = fault.options if fault else {}
        failing = _failing(asked.operation, options) if kind == "partial" else frozenset()
        return Call(
            services=Services(self._changes, self._pages, self.limits, self.handshake),
            state=self.state if writes else self._lag.seen(),
            user=self._user(asked.token),
            by_app=asked.token.startswith(APP_TOKEN),
            version=asked.version,
            bucket=asked.bucket,
            failing=failing,
            fault=kind,
            options=options,
            origin=asked.origin,
        )

    def _charge(self, result: ExecutionResult, call: Call, operation: Operation) -> None:
        free = [key for key, name in operation.root_fields.items() if name == "complexity"]
        points = cost(result.data, free) + call.extra_cost
        before = self.limits.left(call.bucket)
        self.limits.spend(call.bucket, points)
        figures = {
            "query": points,
            "before": before,
            "after": self.limits.left(call.bucket),
            "reset_in_x_seconds": self.limits.reset_in(call.bucket),
        }
        fill(result.data, free, figures)

    def _body(self, result: ExecutionResult) -> dict[str, object]:
        body: dict[str, object] = {"data": result.data}
        if result.errors:
            body["errors"] = [_formatted(error) for error in result.errors]
        account = number(self.state.account.id)
        return body | {
            "extensions": {"request_id": f"sandbox-{next(self._serials)}"},
            "account_id": account,
        }

    def _refused(self, fault: Fault, asked: _Asked) -> Response:
        self.limits.count(asked.bucket, tenths=1 if fault.kind in faults.RATE_LIMITS else 10)
        response = faults.answer(fault.kind, fault.options, asked.version)
        return self._finish(response, asked.version, asked.bucket)

    def _exhausted(self, asked: _Asked) -> Fault | None:
        kind, bucket = self.limits.exhausted(asked.bucket), asked.bucket
        if kind is None and self.limits.too_many_boards(asked.operation.boards_made):
            kind, bucket = "field_limit", BOARDS
        wait = {"retry_in_seconds": self.limits.reset_in(bucket)}
        return None if kind is None else Fault("monday", kind, options=dict(wait))

    def _count(self, asked: _Asked) -> None:
        self.limits.count_boards(asked.operation.boards_made)
        fields = list(asked.operation.root_fields.values())
        if fields == ["complexity"]:
            self.limits.count(asked.bucket, tenths=1)
        else:
            calls = 1 if self.switches.batch_is_one_call else max(1, len(fields))
            self.limits.count(asked.bucket, tenths=10 * calls)

    def _finish(self, response: Response, version: str, bucket: str) -> Response:
        headers = {**response.headers, "api-version": version, **self.limits.headers(bucket)}
        return Response(response.status, response.body, headers)

    def _user(self, token: str) -> User:
        known = self.state.users.get(token.rpartition("-")[2])
        return known or self.state.service_user()


def _read(request: Request, token: str, version: str) -> _Asked | Response:
    try:
        content = _content(request)
    except ValueError as error:
        return _json(400, faults.graphql_body(f"Invalid request body: {error}", "BadRequest"))
    text, variables = content.get("query"), content.get("variables") or {}
    if not isinstance(text, str) or not isinstance(variables, dict):
        return _json(400, faults.graphql_body("No query string was present", "BadRequest"))
    candidate = version == versions.CANDIDATE
    parsed, named = document(text, candidate=candidate), content.get("operationName")
    name = named if isinstance(named, str) else None
    if parsed.errors:
        return _json(200, {"errors": [_formatted(error) for error in parsed.errors]})
    operation = parsed.operation(name)
    if operation is None:
        return _json(400, faults.graphql_body("Unknown operation", "BadRequest"))
    key = request.headers.get("idempotency-key") if operation.kind == "mutation" else None
    origin = f"http://{request.headers.get('host', 'files.invalid')}"
    return _Asked(token, version, key or None, parsed, operation, variables, name, origin)


def _content(request: Request) -> dict[str, object]:
    if request.headers.get("content-type", "").startswith("multipart/"):
        return read_form(request)
    content = msgspec.json.decode(request.body)
    if not isinstance(content, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one kind of failure for the caller
    return content


def _failing(operation: Operation, options: dict[str, object]) -> frozenset[str]:
    keys = [key for key, name in operation.root_fields.items() if name != "complexity"]
    return frozenset({str(options["field"])} if "field" in options else keys[-1:])


def _formatted(error: GraphQLError) -> dict[str, object]:
    cause = error.original_error
    if cause is not None and not isinstance(cause, GraphQLError):
        raise cause  # a mistake of the stand-in, not an answer of monday
    formatted = cast("dict[str, object]", error.formatted)
    if "extensions" not in formatted:
        formatted["extensions"] = {"code": "GRAPHQL_VALIDATION_FAILED", "status_code": 400}
    return formatted


def _invalid_version(asked: str) -> dict[str, object]:
    return faults.graphql_body(
        f"Invalid API version: {asked}", "InvalidVersionException", status_code=400
    )


def _schema_response(request: Request) -> Response:
    asked = parse_qs(request.query)
    if asked.get("format", ["sdl"]) != ["sdl"]:
        return _json(400, faults.graphql_body("only format=sdl is served", "BadRequest"))
    candidate = asked.get("version") == [versions.CANDIDATE]
    return Response(
        200,
        schema_text(candidate=candidate).encode(),
        {"content-type": "text/plain; charset=utf-8"},
    )


def _json(status: int, body: object) -> Response:
    return Response(
        status, msgspec.json.encode(body), {"content-type": "application/json; charset=utf-8"}
    )


_NAMES_ONE = frozenset({"as_user", "board", "item", "session", "update", "user"})
"""Arguments of people's acts that hold an id: the admin routes take it as a number too."""


def _argument(name: str, value: object) -> object:
    if name in ("started_at", "ended_at", "created_at") and isinstance(value, str):
        return instant(value)
    identifies = name in _NAMES_ONE or name.endswith("_id")
    if identifies and name != "label_id" and type(value) is int:
        return str(value)
    if name in ("items", "users") and isinstance(value, list):
        return [str(one) if type(one) is int else one for one in value]
    return value
