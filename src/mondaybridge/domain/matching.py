"""Which work frozen minutes stand for, and which decisions they have used up (ledger 5).

Only compares; what is frozen and why is told by ``funding``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mondaybridge.domain.allocation import Choice, Fixed, Increment, Pool, PostKey, Ruling


def divided(
    pool: Pool, work: Sequence[Increment], posted: Sequence[tuple[PostKey, int]]
) -> tuple[list[Fixed], list[Fixed], list[Increment]]:
    """Match frozen posts with the work they stand for, the oldest first; return what is beyond.

    A package stands for work of its own days first; what is left of it a decision put there.
    """
    left = [one.minutes for one in work]
    stock = dict(posted)
    own, other = list[Fixed](), list[Fixed]()
    for fixed, any_day in ((own, False), (other, True)):
        for post, _ in posted:
            for place, one in enumerate(work):
                taken = min(left[place], stock[post])
                if taken and (any_day or _covers(pool, post.package_id, one.work_at)):
                    fixed.append(Fixed(one.at, one.activity_id, post.package_id, taken))
                    left[place] -= taken
                    stock[post] -= taken
    more = [replace(one, minutes=rest) for one, rest in zip(work, left, strict=True) if rest]
    return own, other, more


def left_of(
    rulings: Iterable[Ruling], since: int | None, spent: dict[tuple[str, bool], int]
) -> Iterable[Ruling]:
    """Return the decisions that act in the replay, less what they gave to months now frozen."""
    for ruling in rulings:
        if ruling.absorbs:
            if since is not None and ruling.at > since:
                yield ruling
        else:
            place = ruling.period, ruling.choice is Choice.BILL
            used = min(ruling.minutes, spent.get(place, 0))
            spent[place] = spent.get(place, 0) - used
            yield replace(ruling, minutes=ruling.minutes - used)


def beyond(work: Sequence[Increment], minutes: int) -> list[Increment]:
    """Leave out the first minutes: another contract posted them (ledger 5.8)."""
    kept = []
    for one in work:
        taken = min(one.minutes, minutes)
        minutes -= taken
        if one.minutes > taken:
            kept.append(replace(one, minutes=one.minutes - taken))
    return kept


def _covers(pool: Pool, package_id: str, at: int) -> bool:
    return package_id in {package.package_id for package in pool.eligible(at)}
