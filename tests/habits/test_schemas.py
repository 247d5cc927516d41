"""The published schemas are what the models say today, and editors find them."""

import json

from mondaybridge.mapping.schema import mapping_schema
from project import ROOT

REMEDY = "run: mondaybridge config schema > schemas/mappings.schema.json"


def test_the_schema_of_the_mapping_is_fresh() -> None:
    stored = json.loads((ROOT / "schemas/mappings.schema.json").read_text(encoding="utf-8"))
    assert stored == mapping_schema(), REMEDY


def test_the_example_names_its_schema_in_its_first_line() -> None:
    first, *_ = (ROOT / "mappings.yaml").read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=schemas/mappings.schema.json"
