"""Every command of the README is run as it is written, and every command it names exists."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mondaybridge.cli.app import COMMANDS
from project import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
INSTALLS = [block.strip() for block in BLOCKS if "-m venv" in block]
WALKS = [block for block in BLOCKS if "-m venv" not in block]
SECONDS = 300


class Walk:
    """A shell that takes the README's lines one by one: exports, services, commands."""

    def __init__(self, folder: Path) -> None:
        self.ports = {"8090": _free_port(), "8091": _free_port(), "8080": _free_port()}
        self.services: list[subprocess.Popen[str]] = []
        self.said: dict[str, str] = {}
        self.folder = folder
        shutil.copy(ROOT / "mappings.yaml", folder)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MONDAYBRIDGE_")}
        self.env = {
            **inherited,
            "PYTHONPATH": str(ROOT / "src"),
            "MONDAYBRIDGE_PORT": self.ports["8080"],
        }

    def take(self, line: str) -> None:
        """Do what a line says; a command that fails fails the test with all it said."""
        for port, free in self.ports.items():
            line = line.replace(f":{port}", f":{free}")
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            self.env.update(dict(word.split("=", 1) for word in words[1:]))
        elif words[-1] == "&":
            self._serve(words[:-1])
        else:
            self.said[" ".join(words)] = self._run(words)

    def end(self) -> None:
        """Stop the services, the last one first; each must end well."""
        for service in reversed(self.services):
            service.terminate()
            _, said = service.communicate(timeout=30)
            assert service.returncode == 0, said

    def _run(self, words: list[str]) -> str:
        if "HASH" in words:
            preview = self._run(["mondaybridge", "close", "preview", "2026-10", "--json"])
            words = [json.loads(preview)["hash"] if word == "HASH" else word for word in words]
        done = subprocess.run(  # noqa: S603 - a line of our README
            self._command(words), capture_output=True, text=True, check=False,
            cwd=self.folder, env=self.env, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def _serve(self, words: list[str]) -> None:
        if words[1] == "sandbox":
            words += ["--monday-port", self.ports["8090"], "--stripe-port", self.ports["8091"]]
        service = subprocess.Popen(  # noqa: S603 - a line of our README
            self._command(words), stderr=subprocess.PIPE, text=True, cwd=self.folder, env=self.env
        )
        self.services.append(service)
        assert service.stderr is not None
        first = next((line for line in service.stderr if "http://" in line), "")
        assert first, f"{words} ended before it served"
        if words[1] == "sandbox":
            assert "Stripe: http://" in service.stderr.readline()

    def _command(self, words: list[str]) -> list[str]:
        assert words[0] == "mondaybridge"
        return [sys.executable, "-m", *words]


@contextmanager
def walking(folder: Path) -> Iterator[Walk]:
    walk = Walk(folder)
    try:
        yield walk
        walk.end()
    finally:
        for service in walk.services:
            service.kill()
            if service.stderr is not None:
                service.stderr.close()
            service.wait()


@pytest.mark.timeout(SECONDS)
def test_the_walk_goes_as_it_is_written(tmp_path: Path) -> None:
    with walking(tmp_path) as walk:
        for line in "".join(WALKS).splitlines():
            walk.take(line)
        assert "BI-2026-1" in walk.said["mondaybridge package list"]
        assert "2400.00 EUR" in walk.said["mondaybridge close preview 2026-10"]
        assert len(walk.said) >= 12


@pytest.mark.skipif(
    os.environ.get("CI") != "true", reason="installs into environments of its own: set CI=true"
)
@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.parametrize("command", INSTALLS)
def test_a_fresh_copy_installs_and_runs(command: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".*cache", ".git", ".venv", "__pycache__", "data")
    )
    env = {
        **{k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}},
        # The suite that is installed is collected, not run within itself.
        "PYTEST_ADDOPTS": "--collect-only -n0 -p no:cacheprovider",
    }
    done = subprocess.run(  # noqa: S603 - a line of our README
        ["/bin/sh", "-c", command],
        capture_output=True, text=True, check=False, cwd=copy, env=env, timeout=2 * SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout[-2000:], done.stderr[-2000:])
    assert done.stdout.strip()


def test_the_two_commands_are_those_that_were_promised() -> None:
    start = "python3 -m venv .venv && .venv/bin/pip install -q"
    assert [
        f"{start} . && .venv/bin/mondaybridge demo",
        f"{start} -e '.[test]' && .venv/bin/python -m pytest -q",
    ] == INSTALLS


def test_what_the_text_names_exists() -> None:
    code = set(
        re.findall(
            r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL)
        )
    )
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    made = {word.split()[1] for word in code if word.startswith("make ")}
    named = {word.split()[1] for word in code if word.startswith("mondaybridge ")}
    assert made <= targets
    assert named <= set(COMMANDS)


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
