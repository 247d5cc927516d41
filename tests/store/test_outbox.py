from mondaybridge.store import effects, outbox
from mondaybridge.store.engine import Store
from mondaybridge.store.outbox import UNKNOWN, OutboxMail
from storebook import NOW, SECOND, StillClock

KEY = "onboarding:c1:anna@example.org"
MESSAGE_ID = "<1@example.com>"


def put(store: Store, content: bytes = b"To: anna", generation: int = 1) -> OutboxMail:
    with store.write() as tx:
        return outbox.put(
            tx,
            key=KEY,
            message_id=MESSAGE_ID,
            generation=generation,
            sender="ore@example.com",
            recipient="anna@example.org",
            content=content,
            now=store.clock.now(),
        )


def begin_try(store: Store) -> str:
    mail = found(store)
    assert mail is not None
    with store.write() as tx:
        return outbox.begin_try(tx, mail, now=store.clock.now())


def answer(store: Store, idem_key: str, status: int, words: str = "") -> None:
    with store.write() as tx:
        outbox.answer(tx, idem_key, status=status, words=words, now=store.clock.now())


def found(store: Store) -> OutboxMail | None:
    with store.read() as tx:
        return outbox.find(tx, KEY)


FIRST = OutboxMail(
    key=KEY,
    idem_key=f"{MESSAGE_ID}/1",
    generation=1,
    sender="ore@example.com",
    recipient="anna@example.org",
    content=b"To: anna",
    written_at=NOW,
    answered_at=0,
    status=0,
    words="",
)


def test_a_mail_is_written_down_once_with_its_bytes(store: Store) -> None:
    assert found(store) is None
    assert put(store) == FIRST
    assert put(store, b"composed again") == FIRST
    assert found(store) == FIRST
    assert FIRST.message_id == MESSAGE_ID


def test_only_tries_that_may_have_arrived_are_doubts(store: Store, clock: StillClock) -> None:
    put(store)
    tries = []
    for status in (0, 451, UNKNOWN):
        clock.at += SECOND
        tries.append(begin_try(store))
        if status:
            answer(store, tries[-1], status)
    mail = found(store)
    assert mail is not None
    assert tries == [f"{MESSAGE_ID}/1/{number}" for number in (1, 2, 3)]
    assert [one.http_status for one in mail.tries] == [0, 451, UNKNOWN]
    assert (mail.doubts, mail.failed) == (2, False)


def test_that_it_went_stands(store: Store) -> None:
    put(store)
    for status, words in ((UNKNOWN, "silence"), (250, "taken"), (550, "no such person")):
        answer(store, FIRST.idem_key, status, words)
    mail = found(store)
    assert mail is not None
    assert (mail.status, mail.words, mail.failed) == (250, "taken", False)


def test_a_new_generation_has_bytes_and_tries_of_its_own(store: Store, clock: StillClock) -> None:
    put(store)
    begin_try(store)
    answer(store, FIRST.idem_key, 550, "no such person")
    failed = found(store)
    assert failed is not None
    assert failed.failed
    clock.at += SECOND
    put(store, b"To: anna, at last", generation=2)
    mail = found(store)
    assert mail is not None
    assert (mail.generation, mail.content, mail.doubts) == (2, b"To: anna, at last", 0)
    assert mail.message_id == MESSAGE_ID


def test_mails_in_doubt_are_listed_until_they_are_not(store: Store, clock: StillClock) -> None:
    put(store)
    assert _doubtful(store) == []
    answer(store, FIRST.idem_key, UNKNOWN, "silence")
    assert _doubtful(store) == [(KEY, 1)]
    clock.at += SECOND
    put(store, generation=2)
    assert _doubtful(store) == []


def test_other_writes_of_the_same_key_are_not_mails(store: Store) -> None:
    with store.write() as tx:
        effects.begin(
            tx,
            service="monday",
            business_key=KEY,
            op="mail",
            chunk=7,
            attempt=1,
            idem_key="k",
            method="POST",
            path="/v2",
            body=b"",
            now=NOW,
        )
    assert found(store) is None
    assert put(store) == FIRST


def _doubtful(store: Store) -> list[tuple[str, int]]:
    with store.read() as tx:
        return [(mail.key, mail.generation) for mail in outbox.doubtful(tx)]
