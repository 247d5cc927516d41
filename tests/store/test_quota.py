from mondaybridge.domain.worktime import DAY_MS
from mondaybridge.store import quota
from mondaybridge.store.engine import Store
from storebook import NOW

MIDNIGHT = NOW - NOW % DAY_MS + DAY_MS


class TestCount:
    def test_begins_anew_at_midnight_utc(self, store: Store) -> None:
        with store.write() as tx:
            counted = [quota.count(tx, "a", at) for at in (NOW, NOW, MIDNIGHT - 1, MIDNIGHT)]
            assert counted == [1, 2, 3, 1]
            assert quota.used_today(tx, "a", MIDNIGHT + 5) == 1
            assert quota.used_today(tx, "a", MIDNIGHT + DAY_MS) == 0
            assert quota.used_today(tx, "b", NOW) == 0


class TestBlock:
    def test_the_later_instant_stands(self, store: Store) -> None:
        with store.write() as tx:
            assert quota.blocked_until(tx, "a") == 0
            for until in (NOW, NOW + 5, NOW + 1):
                quota.block(tx, "a", until)
            quota.count(tx, "a", NOW)
            assert quota.blocked_until(tx, "a") == NOW + 5
            assert quota.blocked_until(tx, "b") == 0
