"""Every document that is sent is valid at monday, and in the slice that the sandbox answers."""

from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, print_schema, validate

from mondaybridge.monday import queries
from mondaybridge.monday.webhooks import EVENTS
from shared import shared_file

SLICE = Path(__file__).parents[2] / "schemas" / "monday.graphql"


DOCUMENTS = [*queries.FIXED, *map(queries.write_cells, range(1, queries.BATCH + 1))]


@cache
def schema(path: Path) -> GraphQLSchema:
    return build_schema(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_monday_takes_it(document: queries.Document) -> None:
    official = schema(shared_file("vendors", "monday-2026-10.graphql"))
    assert validate(official, document.parsed.document) == []
    assert validate(schema(SLICE), document.parsed.document) == []


def test_what_is_parsed_is_what_is_sent() -> None:
    assert all(
        one.parsed.document.loc is not None and one.parsed.document.loc.source.body == one.text
        for one in DOCUMENTS
    )


def test_the_subscribed_events_exist() -> None:
    text = print_schema(schema(shared_file("vendors", "monday-2026-10.graphql")))
    events = text.split("enum WebhookEventType {")[1].split("}")[0]
    assert [event for event in EVENTS if event not in events.split()] == []


@pytest.mark.parametrize("items", [0, 11])
def test_a_batch_has_a_limit(items: int) -> None:
    with pytest.raises(ValueError, match="1 to 10"):
        queries.write_cells(items)
