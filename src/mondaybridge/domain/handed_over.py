"""What changes on a package after it was handed over, or has expired (ledger 5.3, semantics 6.13).

What stands posted on a handed-over one is frozen, as its Excel says. What turns out to be too much
there is given back elsewhere, as a target that follows the actual: on the contract's next package,
else on a goodwill package of its own, which has no price and no end. So is what a bug that was
found after the end had cost on an expired one, where a credit would lapse.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from mondaybridge.domain.allocation import Pool, PostKey, Return
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.domain.ledger import Entry, EntryKind, LedgerSum, SumGroup
from mondaybridge.domain.reasons import Cause

CREDITED = "handover:"
GOODWILL = "goodwill"
_OWN = f":{GOODWILL}"


def goodwill_of(package_id: str) -> str:
    """Return the package that takes what comes back from one, where no other does."""
    return f"{package_id}{_OWN}"


def returned(one: LedgerSum) -> Return | None:
    """Return which way these past minutes went back, or none if they did not."""
    if one.group is SumGroup.CREDIT and one.source.startswith(CREDITED):
        return Return(one.activity_id, one.source.removeprefix(CREDITED), one.package_id)
    if one.group is SumGroup.GRANT and one.source == GOODWILL:
        return Return(one.activity_id, one.package_id.removesuffix(_OWN), one.package_id)
    return None


def with_goodwill(contract: Contract, ended: Mapping[str, int]) -> Contract:
    """Return a contract with the goodwill packages that its ended ones may need, used first."""
    more = (
        Package(goodwill_of(p.package_id), 0, ended[p.package_id], p.price, priority=0)
        for p in contract.packages
        if p.package_id in ended
    )
    return replace(contract, packages=(*contract.packages, *more))


def over_at(contract: Contract, ended: Mapping[str, int], now: int) -> dict[str, int]:
    """Return the packages that are over, handed over or expired, each with since when."""
    expired = {
        p.package_id: p.expires_at
        for p in contract.packages
        if p.expires_at is not None and p.expires_at <= now
    }
    return {
        key: min(ended.get(key, expired.get(key, now)), expired.get(key, now))
        for key in {**ended, **expired}
    }


def settled(
    posted: Sequence[tuple[PostKey, int]], charged: Mapping[str, int], given: Mapping[str, int]
) -> dict[PostKey, int]:
    """Return which posts of an activity were given back for good, with how much of each.

    Where more stands than is charged it was given back for that; the rest is of the latest month.
    """
    rest = dict(posted)
    for package_id, minutes in sorted(given.items()):
        left = minutes
        mine = sorted((p for p in rest if p.package_id == package_id), key=lambda p: p.period)
        for beyond in (True, False):
            for post in reversed(mine):
                month = sum(m for p, m in rest.items() if p.period == post.period)
                most = max(0, month - max(0, charged[post.period])) if beyond else left
                taken = min(rest[post], most, left)
                rest[post] -= taken
                left -= taken
    return {post: minutes - rest[post] for post, minutes in posted if minutes != rest[post]}


def excess(
    posted: Sequence[tuple[PostKey, int]], charged: int, ended: Collection[str]
) -> dict[str, int]:
    """Return what stands on packages that are over beyond a charge, taken from the last one."""
    frozen = [(post.package_id, minutes) for post, minutes in posted if post.package_id in ended]
    left = max(0, sum(minutes for _, minutes in frozen) - charged)
    found: dict[str, int] = {}
    for package_id, minutes in reversed(frozen):
        found[package_id] = min(minutes, left)
        left -= found[package_id]
    return found


def placed(
    pool: Pool,
    activity_id: str,
    needs: Mapping[str, int],
    known: Mapping[Return, int],
    now: int,
) -> dict[Return, int]:
    """Return where what is needed back stands now: what was given stays where it is, if it may.

    What an ended package was given it keeps; more goes to the package that is used next.
    """
    targets: dict[Return, int] = {}
    for origin, minutes in sorted(needs.items()):
        left = minutes
        mine = {
            r: m for r, m in known.items() if (r.activity_id, r.origin) == (activity_id, origin)
        }
        for way in sorted(mine, key=lambda r: (r.package_id not in pool.ended, r)):
            targets[way] = mine[way] if way.package_id in pool.ended else min(mine[way], left)
            left = max(0, left - targets[way])
        if left:
            way = Return(activity_id, origin, _next(pool, origin, now))
            targets[way] = targets.get(way, 0) + left
    return targets


def return_entry(way: Return, minutes: int, over: Mapping[str, int], cause: Cause) -> Entry:
    """Return the entry of what goes back, or is taken again; a grant where no package was there."""
    granted = way.package_id == goodwill_of(way.origin)
    return Entry(
        EntryKind.GRANT if granted else EntryKind.CREDIT,
        minutes,
        way.package_id,
        way.activity_id,
        work_at=over.get(way.origin, 0),
        source=GOODWILL if granted else f"{CREDITED}{way.origin}",
        cause=cause,
    )


def _next(pool: Pool, origin: str, now: int) -> str:
    sold = (p.package_id for p in pool.eligible(now) if not p.package_id.endswith(_OWN))
    return next(sold, goodwill_of(origin))
