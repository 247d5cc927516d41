"""The vendors' files, no part of the project: found beside the checkout or by setting."""

import os
from pathlib import Path

import pytest


def shared_file(*parts: str) -> Path:
    """Return the path of a vendor's file, or skip the test with the reason."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("MONDAYBRIDGE_TEST_SHARED", beside))
    path = folder.joinpath(*parts)
    if not path.exists():
        pytest.skip("needs the vendors' files: set MONDAYBRIDGE_TEST_SHARED to their folder")
    return path
