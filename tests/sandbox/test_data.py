import json
from pathlib import Path

import pytest

from mondaybridge.errors import ConfigurationError
from mondaybridge.sandbox.data import WorldData, load, schema_text
from mondaybridge.sandbox.stripe.data import CustomerData, StripeData

SCHEMA = Path(__file__).parents[2] / "schemas" / "world.schema.json"


def _problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as raised:
        load(path)
    return raised.value.problems


def _file(folder: Path, content: str) -> Path:
    path = folder / "world.json"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    content = {
        "version": 1,
        "now": "2026-11-01T09:00:00+01:00",
        "stripe": {"customers": [{"id": "cus_acme", "name": "Acme"}]},
    }
    assert load(_file(tmp_path, json.dumps(content))) == WorldData(
        now=1_793_520_000_000,
        stripe=StripeData(customers=[CustomerData(id="cus_acme", name="Acme")]),
    )


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = _file(tmp_path, '{"versoin": 1, "stripe": {"tax_rates": [{"id": "txr_1"}]}}')
    assert _problems(path) == (
        f"{path}: stripe.tax_rates[0].display_name: Field required",
        f"{path}: stripe.tax_rates[0].percentage: Field required",
        f"{path}: versoin: Extra inputs are not permitted",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1 column 2: Expecting property name enclosed in double quotes"),
        ('{"version": 1, "version": 1}', "the key 'version' stands twice in one object"),
        ("[]", "(top): Input should be a valid dictionary or instance of WorldData"),
        ("[" * 100_000, "maximum recursion depth exceeded"),
        (
            '{"stripe": {"customers": [{"id": "cus_1"}, {"id": "cus_1"}]}}',
            "stripe: Value error, the id 'cus_1' stands twice",
        ),
    ],
)
def test_an_unusable_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = _file(tmp_path, content)
    (problem,) = _problems(path)
    assert problem.startswith(f"{path}: {message}")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    path.write_bytes(b"\xff\xfe\x00{")
    assert len(_problems(path)) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.json"
    assert _problems(path) == (f"{path}: No such file or directory",)


def test_the_published_schema_is_fresh() -> None:
    how = "run: python -m mondaybridge.sandbox.data > schemas/world.schema.json"
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), how
