"""Another program computes the same totals: LibreOffice, where it is installed (beyond 9)."""

import shutil
import subprocess
from pathlib import Path

import pytest

from export.archives import without_stored_values
from export.handovers import handover
from mondaybridge.export.handover import Handover, ledger_values
from mondaybridge.export.verification import verify
from mondaybridge.export.workbook import workbook


@pytest.mark.parametrize("locale", ["en", "it"])
def test_libreoffice_computes_the_same_totals(locale: str, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if not program:
        pytest.skip("needs LibreOffice: install it, or let CI leave this out by name")
    end: Handover = handover(locale)
    source = tmp_path / "empty.xlsx"
    source.write_bytes(without_stored_values(workbook(end)))
    subprocess.run(  # noqa: S603 - the program found on the path, with our own file
        [
            program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(source),
        ],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    found = verify((tmp_path / "out" / "empty.xlsx").read_bytes(), ledger_values(end))
    assert [str(problem) for problem in found.problems] == []
