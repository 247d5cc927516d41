"""In CI a skip fails the run, in one process and in several, at run and at collection."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
BARE = {
    "PYTHONPATH": str(TESTS),
    "PYTEST_ADDOPTS": "",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
SKIPS_INSIDE = "import pytest\ndef test_it(): pytest.skip('no engine')\n"
SKIPS_MARKED = "import pytest\n@pytest.mark.skip(reason='no engine')\ndef test_it(): pass\n"
SKIPS_WHOLE = "import pytest\npytest.skip('no engine', allow_module_level=True)\n"
EXPECTS_FAILURE = "import pytest\n@pytest.mark.xfail(strict=True)\ndef test_it(): assert False\n"


def verdict(folder: Path, source: str, *, ci: str, workers: str) -> tuple[int, str]:
    (folder / "test_sample.py").write_text(source)
    done = subprocess.run(  # noqa: S603 - pytest on a sample
        [sys.executable, "-m", "pytest", "-q", "-p", "skips", "-p", "xdist", "-c", os.devnull,
         "--rootdir", str(folder), "-p", "no:cacheprovider", "-n", workers, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **BARE, "CI": ci},
        timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize("workers", ["0", "1"])
@pytest.mark.parametrize("source", [SKIPS_INSIDE, SKIPS_MARKED, SKIPS_WHOLE])
def test_a_skip_fails_in_ci_with_its_reason(source: str, workers: str, tmp_path: Path) -> None:
    code, said = verdict(tmp_path, source, ci="true", workers=workers)
    assert code not in (0, 5)
    assert "is skipped in CI and not on the list" in said
    assert "no engine" in said


@pytest.mark.parametrize("source", [SKIPS_INSIDE, EXPECTS_FAILURE])
def test_elsewhere_a_skip_is_a_skip(source: str, tmp_path: Path) -> None:
    assert verdict(tmp_path, source, ci="", workers="0")[0] == 0


def test_an_expected_failure_is_not_a_skip(tmp_path: Path) -> None:
    assert verdict(tmp_path, EXPECTS_FAILURE, ci="true", workers="0")[0] == 0
