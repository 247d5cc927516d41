"""R21, R22, R24: ``package open`` as an admin runs it: over HTTP, with the lines that it prints."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mondaybridge.cli.app import run
from mondaybridge.cli.start import invocation
from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.sockets import listening
from mondaybridge.sandbox.world import Clock
from openinghouse import ADA, CONTACT, CONTRACT, COPIED, opening_world
from stories import town

Call = Callable[..., tuple[str, str]]


@pytest.fixture
def sandbox() -> Sandbox:
    world = opening_world()
    del world["now"]
    made = Sandbox(Clock(ticking=True), WorldData.model_validate(world))
    made.monday.switches.duplicate_takes_ms = 0
    return made


@pytest.fixture
def call(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Call]:
    """Run a command in a folder with a mapping; return what it printed and what it said."""
    client = town.bottega(town.prepaid(**COPIED), users=[ADA], contact=CONTACT)
    mapping = town.mapping(bottega=client, tea=town.tea())
    (tmp_path / "mappings.yaml").write_text(mapping.replace('"boards": []', '"boards":\n []'))
    monkeypatch.chdir(tmp_path)
    with listening(sandbox.handle_monday) as monday, listening(sandbox.handle_stripe) as stripe:
        for name, value in {
            "MONDAY__API_URL": f"{monday}/v2",
            "MONDAY__TOKEN": "token-of-nobody",
            "STRIPE__API_URL": stripe,
            "STRIPE__API_KEY": "sk_test_nobody",
        }.items():
            monkeypatch.setenv(f"MONDAYBRIDGE_{name}", value)

        def asked(*arguments: str, code: int = 0) -> tuple[str, str]:
            assert run(arguments) == code
            printed = capsys.readouterr()
            return printed.out, printed.err

        yield asked
    invocation.debug, invocation.secrets = False, ()


def test_the_lines_that_are_printed_make_the_next_run_go_on(
    call: Call, sandbox: Sandbox, tmp_path: Path
) -> None:
    printed, said = call("package", "open", CONTRACT)
    assert "To mend" not in said
    (line,) = [one.strip() for one in printed.splitlines() if one.strip().startswith("- {id:")]
    file = tmp_path / "mappings.yaml"
    file.write_text(file.read_text().replace(" []", f" [{line.removeprefix('- ')}]", 1))
    call("config", "check")
    printed, said = call("package", "open", CONTRACT)
    assert f"{ADA}   on the board" in printed
    assert said.endswith("mondaybridge package show bottega-hours\n")
    (mail,) = (tmp_path / "data/outbox").iterdir()
    assert str(mail.name) in printed
    shown = json.loads(call("package", "open", "P1", "--json")[0])
    assert (shown["state"], shown["findings"]) == ("open", [])
    page = json.loads(call("package", "show", "P1", "--json")[0])
    assert [one["onboarding"][0]["state"] for one in page["people"]] == ["written"]
    state = json.loads(call("status", "--json")[0])
    assert state["dashboards"] == []
    assert len(sandbox.monday.state.boards) == 4


def test_what_is_found_or_not_done_yet_has_its_exit_code(call: Call, sandbox: Sandbox) -> None:
    has = "with packages it has bottega-hours (P1)"
    none = f"mappings.yaml names no contract 'nobody', nor a package of this id: {has}"
    for asked in (["open", "nobody"], ["show", "nobody"], ["check", "nobody", "--minutes", "5"]):
        assert none in call("package", *asked, code=3)[1]
    for asked in (["credit", "nobody", "--minutes", "5", "--reason", "x"], ["close", "nobody"]):
        assert "names no package 'nobody': it has P1" in call("package", *asked, code=3)[1]
    for asked in (["show", "tea-hourly"], ["check", "tea-hourly", "--minutes", "5"]):
        assert f"contract tea-hourly has no packages: {has}" in call("package", *asked, code=3)[1]
    sandbox.monday.state.boards[town.THIRD].state = "archived"
    assert "restore it or unmap it" in call("package", "open", CONTRACT, code=3)[1]
    (found,) = json.loads(call("status", "--json")[0])["dashboards"]
    assert (found["weight"], found["fix"]) == ("error", "mondaybridge package open bottega-hours")


def test_a_client_who_cannot_see_the_board_is_a_finding(
    call: Call, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "mappings.yaml"
    board = f'[{{"id": "{town.HOURS}", "columns": "tracked"}}]'
    file.write_text(file.read_text().replace(" []", f" {board}", 1))
    sandbox.monday.state.boards[town.HOURS].kind = "public"
    printed, said = call("package", "open", CONTRACT, code=5)
    assert "not sent: they are not on the board" in printed
    assert said.startswith("To mend: ")
    assert not (tmp_path / "data/outbox").exists()
