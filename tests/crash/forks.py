"""Children of one prepared process: each has the world as it was, a copy of its files, and a pipe.

Who runs this imports everything once; a child costs a fork. There must be no threads.
"""

import json
import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from crash.cases import Doomed

Json = dict[str, Any]
T = TypeVar("T")
AT_ONCE = 2
ALARM_SECONDS = 300


@dataclass(frozen=True)
class Child:
    """A fork at work; ``result`` waits for what it tells."""

    pid: int
    pipe: Connection
    folder: "tempfile.TemporaryDirectory[str]"

    def result(self) -> Json:
        """Return what the child told, or fail with its own words."""
        try:
            failed, told = self.pipe.recv()
        except EOFError:
            failed, told = True, "the child was gone without a word"
        os.waitpid(self.pid, 0)
        self.pipe.close()
        self.folder.cleanup()
        assert not failed, told
        return dict(told)


@dataclass(frozen=True)
class Job(Generic[T]):
    """Something to do in a child, and what it is about."""

    about: T
    run: Callable[[Doomed], Json]


def start(one: Doomed, run: Callable[[Doomed], Json]) -> Child:
    """Fork a child that runs on a copy of the files."""
    folder = tempfile.TemporaryDirectory(dir=one.folder.parent)
    copy = Path(folder.name) / "data"
    shutil.copytree(one.folder, copy)
    ours, theirs = Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:
        ours.close()
        _live(one, run, copy, theirs)
    theirs.close()
    return Child(pid, ours, folder)


def each(one: Doomed, jobs: Iterable[Job[T]]) -> Iterator[tuple[T, Json]]:
    """Run jobs in children, a few at once; return what each told, in order."""
    waiting: list[tuple[T, Child]] = []
    for job in jobs:
        if len(waiting) == AT_ONCE:
            about, child = waiting.pop(0)
            yield about, child.result()
        waiting.append((job.about, start(one, job.run)))
    for about, child in waiting:
        yield about, child.result()


def _live(one: Doomed, run: Callable[[Doomed], Json], folder: Path, pipe: Connection) -> NoReturn:
    """Be a child: tell how it went, and end without tidying up what is the parent's."""
    signal.alarm(ALARM_SECONDS)
    one.folder, one.url = folder, f"sqlite:///{folder / 'mondaybridge.sqlite3'}"
    try:
        pipe.send((False, json.loads(json.dumps(run(one)))))
    except BaseException:  # noqa: BLE001 - a child says why it failed, whatever it is
        pipe.send((True, traceback.format_exc()))
    finally:
        os._exit(0)
