"""A mail through crashes, silence and refusals: at most one resend, and what is known is said."""

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.postbox import CUT, Postbox, postbox
from mondaybridge.errors import LeaseLost, Parked, TryLater, UpstreamError
from mondaybridge.mail.address import mailbox
from mondaybridge.mail.file import MailFolder
from mondaybridge.mail.letters import Start, onboarding
from mondaybridge.mail.message import Message, Route, compose
from mondaybridge.mail.outcome import Deferred, Delivered, Mailer, Outcome, Refused, Unknown
from mondaybridge.mail.smtp import SmtpMailer
from mondaybridge.store import lease
from mondaybridge.store.engine import Store
from mondaybridge.store.lease import Lease
from mondaybridge.workflows.mailing import Delivery, DeliveryState, deliver
from storebook import NOW, SECOND, StillClock

TTL = 60_000
GUEST = "anna@example.org"
KEY = f"onboarding:c1:{GUEST}"
Commit = Callable[[], None]


class Crash(BaseException):
    """The process is killed here."""


class Breaks:
    """A mailer whose process is killed: before it sends, before the final dot, or after."""

    def __init__(self, inner: Mailer, where: str) -> None:
        self._inner = inner
        self._where = where

    def send(self, message: Message, commit: Commit, /) -> Outcome:
        def killed() -> None:
            commit()
            raise Crash

        if self._where == "before":
            raise Crash
        outcome = self._inner.send(message, killed if self._where == "dot" else commit)
        raise Crash(outcome)


def made(store_path: Path, clock: StillClock) -> Store:
    store = Store(f"sqlite:///{store_path}", clock=clock)
    store.upgrade()
    return store


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def store(tmp_path: Path, clock: StillClock) -> Iterator[Store]:
    opened = made(tmp_path / "store.sqlite3", clock)
    yield opened
    opened.close()


@pytest.fixture
def held(store: Store) -> Lease:
    return acquired(store)


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as opened:
        yield opened


def acquired(store: Store, holder: str = "one") -> Lease:
    found = lease.acquire(store, "contract:c1", holder, TTL)
    assert found is not None
    return found


def message(key: str = KEY, title: str = "Primavera, 40 ore") -> Message:
    start = Start(
        agency="Agenzia Inesistente",
        title=title,
        board_url="https://invented-agency.monday.com/boards/9876543210",
        contact="assistenza@example.com",
        guest=GUEST,
    )
    route = Route(mailbox("ore@example.com", "Agenzia"), mailbox(GUEST))
    return compose(key, route, onboarding("it", start), at=NOW)


def smtp(box: Postbox) -> SmtpMailer:
    return SmtpMailer(box.settings())


def taken(box: Postbox) -> list[bytes]:
    return [one.content for one in box.taken]


SENT = Delivery(DeliveryState.DELIVERED, message().message_id, GUEST, "taken", NOW)


def test_R24_a_mail_is_sent_once_however_often_it_is_asked_for(
    store: Store, held: Lease, box: Postbox
) -> None:
    for _ in range(3):
        assert deliver(store, smtp(box), message(), held=held) == SENT
    assert taken(box) == [message().content]
    assert SENT.sentence() == f"the mail to {GUEST} was sent: taken"


def test_R24_without_a_server_it_lies_in_the_outbox(
    store: Store, held: Lease, tmp_path: Path
) -> None:
    folder = MailFolder(tmp_path / "outbox")
    written = deliver(store, folder, message(), held=held)
    (file,) = (tmp_path / "outbox").iterdir()
    assert written == replace(SENT, state=DeliveryState.WRITTEN, words=str(file))
    assert written.sentence() == f"the mail to {GUEST} is to be sent by hand: {file}"
    assert deliver(store, folder, message(), held=held) == written
    assert file.read_bytes().endswith(message().content)


class TestCrashes:
    def test_before_the_final_dot_it_is_sent_once(
        self, store: Store, held: Lease, box: Postbox
    ) -> None:
        for _ in range(3):
            with pytest.raises(Crash):
                deliver(store, Breaks(smtp(box), "before"), message(), held=held)
        assert deliver(store, smtp(box), message(), held=held) == SENT
        assert len(box.taken) == 1

    def test_between_commit_and_final_dot_it_goes_once_and_is_said_to_be_perhaps_twice(
        self, store: Store, held: Lease, box: Postbox
    ) -> None:
        with pytest.raises(Crash):
            deliver(store, Breaks(smtp(box), "dot"), message(), held=held)
        assert box.taken == []
        assert deliver(store, smtp(box), message(), held=held) == replace(SENT, doubts=1)
        assert len(box.taken) == 1

    def test_after_it_was_taken_it_is_resent_once_with_the_same_bytes(
        self, store: Store, held: Lease, box: Postbox
    ) -> None:
        with pytest.raises(Crash):
            deliver(store, Breaks(smtp(box), "after"), message(), held=held)
        later = message(title="a title that changed meanwhile")
        again = deliver(store, smtp(box), later, held=held)
        assert again == replace(SENT, doubts=1)
        assert again.perhaps_twice
        assert again.sentence() == f"the mail to {GUEST} was sent, perhaps twice: taken"
        assert taken(box) == [message().content] * 2
        assert deliver(store, smtp(box), message(), held=held) == again
        assert len(box.taken) == 2

    def test_never_a_third_time_over_any_number_of_restarts(
        self, store: Store, held: Lease, box: Postbox, clock: StillClock
    ) -> None:
        for _ in range(2):
            with pytest.raises(Crash):
                deliver(store, Breaks(smtp(box), "after"), message(), held=held)
        clock.at += SECOND
        given_up = Delivery(
            DeliveryState.UNKNOWN, SENT.message_id, GUEST, "", NOW + SECOND, doubts=2
        )
        for _ in range(3):
            asked = deliver(store, Breaks(smtp(box), "after"), message(), held=held)
            assert asked == given_up
        assert given_up.sentence() == (
            f"nobody knows whether the mail to {GUEST} arrived, once or twice: ask there; it is "
            "not sent again by itself"
        )
        assert len(box.taken) == 2


CHILD = """
import os, signal, sys
from mondaybridge.mail.message import Message
from mondaybridge.mail.smtp import SmtpMailer
from mondaybridge.settings import SmtpSettings
from mondaybridge.store import lease
from mondaybridge.store.engine import Store
from mondaybridge.workflows.mailing import deliver
from storebook import StillClock

where, path, settings, content = sys.argv[1:]
store = Store(f"sqlite:///{path}", clock=StillClock(int(os.environ["AT"])))
held = lease.acquire(store, "contract:c1", "child", 60_000)
mailer = SmtpMailer(SmtpSettings.model_validate_json(settings))

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Dies:
    def send(self, mail, commit, /):
        if where == "before":
            die()
        outcome = mailer.send(mail, commit)
        die()

sender, recipient = "ore@example.com", "anna@example.org"
mail = Message("key", "<1@example.com>", sender, recipient, content.encode())
deliver(store, Dies(), mail, held=held)
"""


@pytest.mark.parametrize(("where", "arrived"), [("before", 1), ("after", 2)])
def test_a_process_killed_by_the_system_is_resumed_by_the_next(
    where: str, arrived: int, tmp_path: Path, clock: StillClock, box: Postbox
) -> None:
    path = tmp_path / "killed.sqlite3"
    store = made(path, clock)
    settings = box.settings().model_dump_json(exclude={"password"})
    child = subprocess.run(  # noqa: S603 - this interpreter, the text above
        [sys.executable, "-c", CHILD, where, str(path), settings, "To: anna\r\n\r\nciao\r\n"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "AT": str(NOW)},
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    clock.at += TTL + 1
    held = acquired(store, "next")
    other = Message("key", "<1@example.com>", "ore@example.com", GUEST, b"composed again\r\n")
    for _ in range(2):
        sent = deliver(store, smtp(box), other, held=held)
        assert (sent.state, sent.perhaps_twice) == (DeliveryState.DELIVERED, arrived > 1)
    assert taken(box) == [b"To: anna\r\n\r\nciao\r\n"] * arrived
    store.close()


class TestAnswers:
    def test_silence_after_the_final_dot_means_one_resend(
        self, store: Store, held: Lease, box: Postbox
    ) -> None:
        box.dot += [CUT, CUT]
        with pytest.raises(TryLater, match="may have gone, without an answer"):
            deliver(store, smtp(box), message(), held=held)
        doubt = deliver(store, smtp(box), message(), held=held)
        assert (doubt.state, doubt.perhaps_twice) == (DeliveryState.UNKNOWN, True)
        assert deliver(store, smtp(box), message(), held=held) == doubt
        assert taken(box) == [message().content] * 2

    def test_not_now_is_tried_again_as_often_as_it_takes(
        self, store: Store, held: Lease, box: Postbox
    ) -> None:
        box.rcpt += ["450 busy", CUT]
        box.dot += ["451 greylisted"] * 3
        for words in ("450 busy", "Connection unexpectedly closed", *["451 greylisted"] * 3):
            with pytest.raises(TryLater, match=f"did not go: {words}"):
                deliver(store, smtp(box), message(), held=held)
        assert deliver(store, smtp(box), message(), held=held) == SENT

    def test_a_refusal_waits_for_a_person_and_then_sends_what_is_right_by_then(
        self, store: Store, held: Lease, box: Postbox, clock: StillClock
    ) -> None:
        box.rcpt.append("550 no such person")
        for _ in range(2):
            with pytest.raises(Parked) as parked:
                deliver(store, smtp(box), message(), held=held, released_at=NOW)
            told = (parked.value.reason, parked.value.evidence)
            assert told == (f"the mail to {GUEST} was refused", "550 no such person")
        clock.at += SECOND
        mended = message(title="Primavera")
        sent = deliver(store, smtp(box), mended, held=held, released_at=clock.at)
        assert sent == replace(SENT, at=clock.at)
        assert taken(box) == [mended.content]

    def test_a_mail_in_doubt_goes_again_when_a_person_says_so(
        self, store: Store, held: Lease, box: Postbox, clock: StillClock
    ) -> None:
        for _ in range(2):
            with pytest.raises(Crash):
                deliver(store, Breaks(smtp(box), "dot"), message(), held=held)
        assert deliver(store, smtp(box), message(), held=held).state is DeliveryState.UNKNOWN
        clock.at += SECOND
        sent = deliver(store, smtp(box), message(), held=held, released_at=clock.at)
        assert sent == replace(SENT, at=clock.at)

    def test_settings_at_fault_are_no_try(self, store: Store, held: Lease, box: Postbox) -> None:
        wrong = SmtpMailer(box.settings(security="starttls"))
        for _ in range(3):
            with pytest.raises(UpstreamError, match="offers no encryption"):
                deliver(store, wrong, message(), held=held)
        assert deliver(store, smtp(box), message(), held=held) == SENT


class TestWorkers:
    def test_whoever_lost_the_lease_begins_nothing(
        self, store: Store, held: Lease, box: Postbox, clock: StillClock
    ) -> None:
        clock.at += TTL + 1
        acquired(store, "two")
        with pytest.raises(LeaseLost):
            deliver(store, smtp(box), message(), held=held)
        assert box.taken == []

    def test_whoever_loses_it_on_the_way_leaves_the_mail_to_the_other(
        self, store: Store, held: Lease, box: Postbox, clock: StillClock
    ) -> None:
        class Slow:
            """Falls asleep before the final dot; meanwhile another worker does it all."""

            def send(self, mail: Message, commit: Commit, /) -> Outcome:
                clock.at += TTL + 1
                deliver(store, smtp(box), message(), held=acquired(store, "two"))
                return smtp(box).send(mail, commit)

        with pytest.raises(LeaseLost):
            deliver(store, Slow(), message(), held=held)
        assert len(box.taken) == 1

    def test_an_answer_that_comes_late_is_still_an_answer(
        self, store: Store, held: Lease, box: Postbox, clock: StillClock
    ) -> None:
        class Asleep:
            """Falls asleep after the server took the mail."""

            def send(self, mail: Message, commit: Commit, /) -> Outcome:
                outcome = smtp(box).send(mail, commit)
                clock.at += TTL + 1
                second = deliver(store, smtp(box), message(), held=acquired(store, "two"))
                assert second.perhaps_twice
                return outcome

        woken = deliver(store, Asleep(), message(), held=held)
        assert woken.state is DeliveryState.DELIVERED
        assert len(box.taken) == 2


STEPS = ["before", "dot", "after", "refused", "later", "later-after", "silence", "taken"]
_keys = itertools.count()


class Rote:
    """A mailer that goes through one thing that can happen."""

    def __init__(self, step: str, arrived: list[bytes]) -> None:
        self._step = step
        self._arrived = arrived

    def send(self, mail: Message, commit: Commit, /) -> Outcome:
        if self._step == "before":
            raise Crash
        if self._step == "refused":
            return Refused(550, "no")
        if self._step == "later":
            return Deferred(0, "away")
        commit()
        if self._step == "dot":
            raise Crash
        if self._step == "later-after":
            return Deferred(451, "greylisted")
        self._arrived.append(mail.content)
        if self._step == "after":
            raise Crash
        return Unknown("cut") if self._step == "silence" else Delivered(250, "taken")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Lease]]:
    """One store for all examples, each with a key of its own."""
    opened = made(tmp_path_factory.mktemp("mails") / "store.sqlite3", StillClock())
    yield opened, acquired(opened)
    opened.close()


@given(steps=st.lists(st.sampled_from(STEPS), max_size=8))
def test_whatever_happens_at_most_two_arrive_and_nothing_untrue_is_said(
    town: tuple[Store, Lease], steps: list[str]
) -> None:
    store, held = town
    key, arrived = f"k{next(_keys)}", list[bytes]()
    told: Delivery | None = None
    refused = False
    for step in [*steps, "taken"]:
        try:
            told = deliver(store, Rote(step, arrived), message(key), held=held)
        except Parked:
            refused = True
        except (Crash, TryLater):
            continue
    assert arrived == [message(key).content] * len(arrived)
    assert len(arrived) <= 2
    assert refused or told is not None
    if told and told.state is DeliveryState.DELIVERED:
        assert arrived
    if len(arrived) == 2 and told:
        assert told.perhaps_twice
