"""The frame of the command line: exits, messages, no traceback, no secret; data on stdout."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from mondaybridge.cli.app import COMMANDS, frame, run
from mondaybridge.cli.start import invocation
from mondaybridge.errors import (
    BridgeError,
    ConfigurationError,
    CredentialsError,
    FindingsError,
    LeaseLost,
    Parked,
    TryLater,
)

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests/mapping/example.yaml"


@pytest.fixture(autouse=True)
def _own_invocation() -> Iterator[None]:
    yield
    invocation.debug, invocation.secrets = False, ()


def mondaybridge(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MONDAYBRIDGE_")}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "mondaybridge", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**inherited, "PYTHONPATH": str(ROOT / "src"), **settings},
        timeout=60,
    )


def failing(error: Exception) -> typer.Typer:
    app = frame()

    @app.command()
    def fail() -> None:
        raise error

    return app


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (BridgeError("no"), 1, "no\n"),
        (ConfigurationError("a:1: b: c", "a:2: d: e"), 3, "a:1: b: c\na:2: d: e\n"),
        (CredentialsError("set it"), 4, "set it\n"),
        (FindingsError("2 differences"), 5, "2 differences\n"),
        (Parked("too much", "120.00 EUR"), 5, "too much (120.00 EUR)\n"),
        (TryLater("busy"), 75, "busy\n"),
        (LeaseLost("gone", 1_793_574_000_000), 75, "gone (not before 2026-11-01T23:00:00Z)\n"),
        (
            KeyError("Bearer abcdef"),
            1,
            "unexpected KeyError: 'Bearer ***'; run again with --debug for the traceback\n",
        ),
    ],
)
def test_an_error_is_one_message_and_one_exit_code(
    error: Exception, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fail"], failing(error)) == code
    assert capsys.readouterr() == ("", said)


def test_a_traceback_is_shown_when_asked_for_and_hides_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    invocation.secrets = ("opensesame",)
    assert run(["--debug", "fail"], failing(ValueError("opensesame"))) == 1
    said = capsys.readouterr().err
    assert said.startswith("Traceback (most recent call last):\n")
    assert said.endswith("ValueError: ***\nunexpected ValueError: ***\n")


@pytest.mark.parametrize("arguments", [["nonsense"], ["config", "chek"], ["config", "check", "-x"]])
def test_wrong_usage_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert f"{name} [OPTIONS]" in capsys.readouterr().out


class TestConfigCheck:
    def test_of_the_example_is_ok(self) -> None:
        done = mondaybridge("config", "check", str(EXAMPLE))
        counts = "2 clients, 2 contracts, 2 boards"
        assert (done.returncode, done.stdout, done.stderr) == (0, f"OK {EXAMPLE}: {counts}\n", "")

    def test_takes_the_file_from_the_setting(self) -> None:
        done = mondaybridge("config", "check", "--json", MONDAYBRIDGE_MAPPINGS=str(EXAMPLE))
        assert json.loads(done.stdout) == {
            "ok": True,
            "file": str(EXAMPLE),
            "problems": [],
            "warnings": [],
        }

    def test_reports_every_problem_and_exits_3(self, tmp_path: Path) -> None:
        file = tmp_path / "m.yaml"
        text = EXAMPLE.read_text(encoding="utf-8")
        file.write_text(text.replace('"40:00"', "40:00").replace("zone: E", "zon: E", 1))
        lines = file.read_text().splitlines()
        zone = next(n for n, line in enumerate(lines, 1) if "zon: E" in line)
        granted = next(n for n, line in enumerate(lines, 1) if "granted" in line)
        package = "clients.esempio-srl.contracts[0].packages[0]"
        scope = "The time zone in which months begin, for all contracts of the client."
        problems = [
            (zone - 3, "clients.esempio-srl.zone", f"is missing: {scope}"),
            (zone, "clients.esempio-srl.zon", "the key is not known; did you mean 'zone'?"),
            (granted, f"{package}.granted", 'needs quotes: write "40:00"'),
        ]
        done = mondaybridge("config", "check", str(file))
        told = [f"{file}:{line}: {path}: {message}" for line, path, message in problems]
        assert (done.returncode, done.stdout, done.stderr.splitlines()) == (3, "", told)
        done = mondaybridge("config", "check", str(file), "--json")
        assert (done.returncode, done.stderr) == (3, "")
        assert json.loads(done.stdout) == {
            "ok": False,
            "file": str(file),
            "problems": [
                {"line": line, "path": path, "message": message} for line, path, message in problems
            ],
            "warnings": [],
        }


def test_config_schema_judges_the_example_as_we_do() -> None:
    from jsonschema import Draft202012Validator
    from ruamel.yaml import YAML

    schema = json.loads(mondaybridge("config", "schema").stdout)
    Draft202012Validator.check_schema(schema)
    loader = YAML(typ="safe", pure=True)
    loader.Constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda _, node: str(node.value)
    )
    data = json.loads(json.dumps(loader.load(EXAMPLE.read_text(encoding="utf-8"))))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(data)] == []


def test_a_missing_token_exits_4_and_says_what_to_set(tmp_path: Path) -> None:
    settings = {
        "MONDAYBRIDGE_MAPPINGS": str(EXAMPLE),
        "MONDAYBRIDGE_DATA_DIR": str(tmp_path),
    }
    done = mondaybridge("sync", **settings)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("MONDAYBRIDGE_MONDAY__TOKEN is not set: set it, or ")
    assert "Traceback" not in done.stderr


def test_healthcheck_without_a_bridge_exits_1() -> None:
    done = mondaybridge("healthcheck", MONDAYBRIDGE_PORT="1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("no answer from 127.0.0.1:1: ")
