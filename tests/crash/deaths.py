"""Die at every point of a deed, start again, and compare the world with the one without deaths.

``python -m crash.deaths crash|kill EFFECTS OTHERS`` tells it of all cases as JSON: so many points
of a case around effects are tried, and so many of the others, by stride. A *crash* ends the work of
a process by an exception that nobody may see; a *kill* ends the process itself by SIGKILL, while
the stand-ins live on in its parent.
"""

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from crash.cases import CASES, NEXT_DAY, SOON, Case, Doomed, outcome, recover
from crash.forks import Job, Json, each, start
from crash.points import Crash, is_effect
from mondaybridge.sandbox.world import Request, Response
from stories.house import house

Die = Callable[[Doomed, Case, int], Json]


def tell(way: str, effects: int, others: int) -> Json:
    """Die at the chosen points of every case; say how many of how many, and what went wrong."""
    die = {"crash": crashed, "kill": killed}[way]
    return {name: _case(case, die, effects, others) for name, case in CASES.items()}


def _case(case: Case, die: Die, effects: int, others: int) -> Json:
    began = time.monotonic()
    with prepared(case) as rehearsal:  # what is compiled and imported there, no child does again
        undisturbed(rehearsal, case)
        rehearsal.app.close()
    with prepared(case) as one:
        calm = start(one, lambda child: undisturbed(child, case)).result()
        points, expected = calm["points"], calm["outcome"]
        gc.collect()
        gc.freeze()  # what the children share is not copied by their looking for rubbish
        jobs = [Job(at, _at(die, case, at)) for at in chosen(points, effects, others)]
        wrong = [
            told | {"at": at, "wanted": points[at - 1]}
            for at, told in each(one, jobs)
            if told != {"label": points[at - 1], "died": True, "outcome": expected}
        ]
    return {
        "points": len(points),
        "effects": sum(map(is_effect, points)),
        "tried": len(jobs),
        "effects_tried": sum(is_effect(points[job.about - 1]) for job in jobs),
        "seconds": int(time.monotonic() - began),
        "wrong": wrong,
        "expected": expected,
    }


def _at(die: Die, case: Case, at: int) -> Callable[[Doomed], Json]:
    return lambda child: die(child, case, at)


def chosen(points: list[str], effects: int, others: int) -> list[int]:
    """Choose points by stride; numbers count from one."""
    kinds: dict[bool, list[int]] = {True: [], False: []}
    for number, label in enumerate(points, 1):
        kinds[is_effect(label)].append(number)
    return sorted([*_strided(kinds[True], effects), *_strided(kinds[False], others)])


def _strided(numbers: list[int], most: int) -> list[int]:
    if len(numbers) <= most:
        return numbers
    return [numbers[place * len(numbers) // most] for place in range(most)]


@contextmanager
def prepared(case: Case) -> Iterator[Doomed]:
    """Bring a world to the moment before the deed; nobody is at work in it."""
    with house(case.mapping, zone=case.zone, kind=Doomed) as one:
        assert isinstance(one, Doomed)
        case.prepare(one)
        one.app.close()
        yield one


def undisturbed(one: Doomed, case: Case) -> Json:
    """Return the points of a process that nobody disturbs, and how the world ends with it."""
    one.open()
    one.points.armed = True
    case.act(one)
    one.points.armed = False
    points = list(one.points.seen)
    one.app.close()
    recover(one, case)
    return {"points": points, "outcome": outcome(one)}


def crashed(one: Doomed, case: Case, at: int) -> Json:
    """Crash at a point, be missed for more than a day, start again, and say how the world ends."""
    one.open()
    one.points.at, one.points.armed, died = at, True, False
    try:
        case.act(one)
    except Crash:
        died = True
    label = one.points.seen[-1]
    with suppress(Crash):
        one.app.close()
    recover(one, case, NEXT_DAY)
    return {"label": label, "died": died, "outcome": outcome(one)}


def killed(one: Doomed, case: Case, at: int) -> Json:
    """Kill the process at a point, start another at once, and say how the world ends."""
    ours, theirs = Pipe()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _doomed(one, case, theirs, at)
    theirs.close()
    label = _serve(one, ours)
    _, status = os.waitpid(pid, 0)
    died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    recover(one, case, SOON)
    return {"label": label, "died": died, "outcome": outcome(one)}


class Far:
    """The world as the doomed process reaches it: stand-ins and time on the other side."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def monday(self, request: Request) -> Response:
        return self._response("monday", request)

    def stripe(self, request: Request) -> Response:
        return self._response("stripe", request)

    def now(self) -> int:
        return int(str(self.ask("now", None)))

    def sleep(self, seconds: float) -> None:
        self.ask("sleep", seconds)

    def set(self, instant: int) -> None:
        self.ask("set", instant)

    def die(self, label: str) -> NoReturn:
        self.ask("words", label)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("nobody outlives that")

    def ask(self, what: str, value: object) -> object:
        self._pipe.send((what, value))
        return self._pipe.recv()

    def _response(self, service: str, request: Request) -> Response:
        answer = self.ask(service, request)
        assert isinstance(answer, Response)
        return answer


def _doomed(one: Doomed, case: Case, pipe: Connection, at: int) -> NoReturn:
    """Be the process that dies."""
    far = Far(pipe)
    try:
        one.elsewhere(far, far.monday, far.stripe)
        one.open()
        one.points.at, one.points.armed, one.points.die = at, True, far.die
        case.act(one)
        far.ask("words", "nothing happened")
    except BaseException as error:  # noqa: BLE001 - told on the other side, whatever it is
        far.ask("words", f"{type(error).__name__}: {error}")
    finally:
        os._exit(1)


def _serve(one: Doomed, pipe: Connection) -> str:
    """Answer the doomed process until it is gone; return its last words."""
    answers: dict[str, Callable[[Any], object]] = {
        "monday": one.sandbox.handle_monday,
        "stripe": one.sandbox.handle_stripe,
        "now": lambda _: one.clock.now(),
        "sleep": one.clock.sleep,
        "set": one.clock.set,
        "words": lambda _: None,
    }
    words = ""
    while True:
        try:
            what, value = pipe.recv()
            words = str(value) if what == "words" else words
            pipe.send(answers[what](value))
        except (EOFError, ConnectionResetError, BrokenPipeError):
            return words


if __name__ == "__main__":
    json.dump(tell(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
