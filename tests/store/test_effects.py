import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from mondaybridge.store import effects
from mondaybridge.store.effects import EffectRow
from mondaybridge.store.engine import Store
from storebook import NOW


def begin(
    store: Store, body: bytes = b"a=1", *, key: str = "k1", op: str = "create", attempt: int = 1
) -> EffectRow:
    with store.write() as tx:
        return effects.begin(
            tx,
            service="stripe",
            business_key="[client,2026-10]",
            op=op,
            chunk=0,
            attempt=attempt,
            idem_key=key,
            method="POST",
            path="/v1/invoices",
            body=body,
            now=store.clock.now(),
        )


def answer(store: Store, status: int, answer_id: str = "", now: int = NOW) -> None:
    with store.write() as tx:
        effects.answer(tx, "k1", status=status, answer_id=answer_id, now=now)


def found(store: Store) -> list[EffectRow]:
    with store.read() as tx:
        return effects.find(tx, "[client,2026-10]")


FIRST = EffectRow(
    "k1", "stripe", "[client,2026-10]", "create", 0, 1, "POST", "/v1/invoices", b"a=1", NOW
)


class TestBegin:
    def test_a_takeover_sends_the_bytes_and_the_key_that_were_stored(self, store: Store) -> None:
        """Raising the attempt instead gave two credit notes (storage 3)."""
        assert begin(store) == FIRST
        assert begin(store, b"a=2", key="k2") == FIRST
        assert found(store) == [FIRST]

    def test_bytes_are_kept_exactly(self, store: Store) -> None:
        body = bytes(range(256)) * 400
        begin(store, body)
        assert found(store)[0].body == body

    def test_the_next_attempt_is_another_write(self, store: Store) -> None:
        begin(store)
        assert begin(store, b"a=2", key="k2", attempt=2).body == b"a=2"
        assert [effect.attempt for effect in found(store)] == [1, 2]

    def test_a_key_of_another_write_is_refused(self, store: Store) -> None:
        begin(store)
        with pytest.raises(AssertionError, match="the key k1 belongs to another write"):
            begin(store, op="finalize")


class TestAnswer:
    def test_closes_the_effect(self, store: Store) -> None:
        begin(store)
        assert found(store) == [FIRST]
        answer(store, 200, "in_1", NOW + 9)
        effect = found(store)[0]
        assert (effect.answered_at, effect.http_status, effect.answer_id) == (NOW + 9, 200, "in_1")

    def test_success_stands_and_failure_gives_way(self, store: Store) -> None:
        begin(store)
        for status, answer_id in ((500, ""), (200, "in_1"), (409, ""), (500, "")):
            answer(store, status, answer_id)
        assert (found(store)[0].http_status, found(store)[0].answer_id) == (200, "in_1")


class TestConstraints:
    @pytest.mark.parametrize("column", ["idem_key", "attempt"])
    def test_neither_key_nor_place_is_given_twice(self, store: Store, column: str) -> None:
        begin(store)
        other = {"idem_key": "'k2', attempt", "attempt": "idem_key, 2"}[column]
        names = "service, business_key, op, chunk, method, path, body, first_sent_at, "
        names += "answered_at, http_status, answer_id"
        twin = (
            f"insert into effect (idem_key, attempt, {names}) select {other}, {names} from effect"  # noqa: S608 - fixed text
        )
        with pytest.raises(IntegrityError):
            _run(store, twin)


def _run(store: Store, statement: str) -> None:
    with store.write() as tx:
        tx.execute(text(statement))
