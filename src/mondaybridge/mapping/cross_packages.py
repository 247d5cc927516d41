"""What a contract with packages needs elsewhere in the file: columns, users, rates, days.

A policy that could never be met is refused where it stands, with what to map or to choose.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from mondaybridge.mapping.places import Found, select
from mondaybridge.mapping.policies import PrepaidPolicies
from mondaybridge.mapping.yaml_tree import Path

DEFAULTS = PrepaidPolicies()
# The column that a required proof is read from.
PROOFS = {"request_reference": "reference", "requester": "requester", "service_type": "service"}


def prepaid(data: object, path: Path, contract: object) -> Found:
    """Yield what does not fit in a contract with packages."""
    sets = dict(_sets(data, contract))
    for place, name in select(contract, "boards", "*", "columns"):
        if str(name) in sets and not _maps(sets[str(name)], "approval"):
            yield (*path, *place), f"set {name!r} maps no approval: a package needs the client's"
    for place, package in select(contract, "packages", "*"):
        yield from _package((*path, *place), package)
    policies = {place[-1]: value for place, value in select(contract, "policies", "*")}
    at = (*path, "policies")
    users = [user for _, user in select(data, *path[:2], "users", "*")]
    yield from _proofs(at, policies, sets, users=bool(users))
    yield from _starts(at, policies, sets)
    yield from _money_and_baseline(at, policies)
    yield from _in_order((*at, "alerts"), policies.get("alerts"), "ascending, each once")
    yield from _in_order(
        (*at, "expiry_notices"), _turned(policies.get("expiry_notices")), "descending, each once"
    )


def _sets(data: object, contract: object) -> Iterator[tuple[str, object]]:
    for _, name in select(contract, "boards", "*", "columns"):
        for _, columns in select(data, "columns", str(name)):
            yield str(name), columns


def _maps(columns: object, *keys: str) -> bool:
    return any(value for _, value in select(columns, *keys))


def _choice(policies: dict[str | int, object], key: str) -> object:
    return policies.get(key, getattr(DEFAULTS, key))


def _proofs(
    at: Path, policies: dict[str | int, object], sets: dict[str, object], *, users: bool
) -> Found:
    actor = _choice(policies, "approval_actor")
    unproven = [name for name, one in sets.items() if not _maps(one, "approval", "reference")]
    if actor in ("warn", "require") and not users and unproven:
        message = (
            f"{actor} cannot tell who approves: list the client's users, map approval.reference "
            f"in set {unproven[0]!r}, or choose off"
        )
        yield (*at, "approval_actor"), message
    for policy, column in PROOFS.items():
        if _choice(policies, policy) == "require":
            for name in (name for name, one in sets.items() if not _maps(one, column)):
                message = f"require needs a column: map {column} in set {name!r}, or choose warn"
                yield (*at, policy), message


def _starts(at: Path, policies: dict[str | int, object], sets: dict[str, object]) -> Found:
    if _choice(policies, "forbidden_start") != "revert":
        return
    for name, one in sets.items():
        if not (_maps(one, "status", "waiting") or _maps(one, "status", "new")):
            message = (
                f"revert needs a label to go back to: map a waiting or new status in set {name!r}, "
                "or choose notice"
            )
            yield (*at, "forbidden_start"), message


def _money_and_baseline(at: Path, policies: dict[str | int, object]) -> Found:
    if _choice(policies, "overrun") == "bill" and not policies.get("overage_rate"):
        message = "bill needs a price: name a price list as overage_rate, or choose hold"
        yield (*at, "overrun"), message
    if _choice(policies, "baseline") == "none" and policies.get("baseline_on"):
        yield (*at, "baseline_on"), "has no effect while baseline is none: remove one of them"


def _package(path: Path, package: object) -> Found:
    keys = {place[-1]: value for place, value in select(package, "*")}
    granted, used = (_minutes(keys.get(key)) for key in ("granted", "opening_used"))
    if granted is not None and used is not None and used > granted:
        yield (*path, "opening_used"), "is more than was granted"
    if granted == 0:
        yield (*path, "granted"), "is nothing: a package grants at least a minute"
    sold, last = keys.get("sold_on"), keys.get("expires_on")
    if isinstance(sold, str) and isinstance(last, str) and last < sold:
        yield (*path, "expires_on"), f"{last} comes before sold_on ({sold})"


def _minutes(text: object) -> int | None:
    hours, colon, minutes = str(text).partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal():
        return int(hours) * 60 + int(minutes)
    return None


def _turned(values: object) -> object:
    return values[::-1] if isinstance(values, list) else values


def _in_order(path: Path, values: object, order: str) -> Found:
    if isinstance(values, list) and all(isinstance(one, int) for one in values):
        pairs: Iterable[tuple[int, int]] = pairwise(values)
        if any(later <= earlier for earlier, later in pairs):
            yield path, f"must be {order}"
