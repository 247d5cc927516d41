"""The container file, held to its facts by reading it: no engine builds it here."""

import json
import re
import tomllib

from mondaybridge.settings import PREFIX, Settings
from project import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LINES = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", TEXT)).splitlines()
STEPS = [tuple(line.split(maxsplit=1)) for line in LINES if line.strip()]
KNOWN = {"FROM", "WORKDIR", "RUN", "ENV", "COPY", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL",
         "HEALTHCHECK", "ENTRYPOINT", "CMD"}  # fmt: skip


def values(instruction: str) -> list[str]:
    return [step[1] for step in STEPS if step[0] == instruction]


def test_every_instruction_is_known() -> None:
    assert {step[0] for step in STEPS} <= KNOWN


def test_two_stages_come_from_one_pinned_base_that_the_package_supports() -> None:
    build, final = values("FROM")
    assert build == f"{final} AS build"
    tag = re.fullmatch(r"python:3\.(\d+)-slim", final)
    assert tag is not None
    assert int(tag[1]) >= int(PROJECT["requires-python"].removeprefix(">=3."))


def test_it_installs_by_hash_and_nothing_else() -> None:
    installs = [run for run in values("RUN") if "pip install" in run]
    assert [("--require-hashes -r requirements.lock" in run, "--no-deps ." in run)
            for run in installs] == [(True, False), (False, True)]  # fmt: skip


def test_it_runs_as_a_user_without_rights() -> None:
    assert values("USER") == ["10001:10001"]
    after = STEPS[[step[0] for step in STEPS].index("USER") :]
    assert not {"RUN", "COPY"} & {step[0] for step in after}


def test_the_commands_need_no_shell_and_exist() -> None:
    assert json.loads(values("ENTRYPOINT")[0]) == ["mondaybridge"]
    assert "mondaybridge" in PROJECT["scripts"]
    assert json.loads(values("CMD")[0]) == ["run"]
    (health,) = values("HEALTHCHECK")
    assert json.loads(health.split("CMD ")[1]) == ["mondaybridge", "healthcheck"]
    assert values("STOPSIGNAL") == ["SIGTERM"]


def test_what_it_sets_are_settings_and_no_secret() -> None:
    names = set(re.findall(rf"{PREFIX}(\w+)=", " ".join(values("ENV"))))
    assert names == {"DATA_DIR", "MAPPINGS", "HOST"}
    assert {name.lower() for name in names} <= set(Settings.model_fields)


def test_what_it_copies_exists_and_is_let_through() -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    sources = {
        source.removeprefix("./")
        for copy in values("COPY")
        if not copy.startswith("--from=")
        for source in copy.split()[:-1]
    }
    assert all((ROOT / source).exists() for source in sources)
    assert {f"!{source}" for source in sources} == {line for line in ignore if line[0] == "!"}
    assert "*" in ignore
