"""Files below a comment: attached once, and looked for before they are attached again (§7).

A comment that somebody deleted takes no file; that is an outcome, so that it is said anew.
"""

import re
from dataclasses import dataclass

import msgspec

from mondaybridge.monday import acting_queries
from mondaybridge.monday.client import MondayClient, Upload
from mondaybridge.monday.errors import Refused
from mondaybridge.monday.texts import line

GONE = ("InvalidUpdateId", "ResourceNotFound")
_AWKWARD = re.compile(r'["\\/\x00-\x1f\x7f]+')


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is there."""

    asset_id: str
    name: str
    size: int


def plain_name(name: str) -> str:
    """Return a file's name as ``attach`` gives it: without what forms and folders change."""
    return _AWKWARD.sub("_", line(name))


def attach(client: MondayClient, update_id: str, name: str, content: bytes, key: str) -> str | None:
    """Put a file below an update, once; return its id, or None when the update is gone.

    It is sent once: after an unknown answer look at ``attachments`` before the same key is sent
    again.
    """
    try:
        answer = client.execute(
            acting_queries.ATTACH,
            {"update": update_id, "file": None},
            _Attached,
            idempotency_key=key,
            repeatable=False,
            upload=Upload("file", plain_name(name), content),
        )
    except Refused as refusal:
        if any(fault.code.startswith(GONE) for fault in refusal.faults):
            return None
        raise
    return answer.add_file_to_update.id


def attachments(client: MondayClient, update_id: str) -> list[Attachment] | None:
    """Return the files below an update, or None when it is gone."""
    answer = client.execute(acting_queries.ATTACHMENTS, {"update": [update_id]}, _Updates)
    update = next((one for one in answer.updates or () if one is not None), None)
    if update is None:
        return None
    files = (one for one in update.assets or () if one is not None)
    return [Attachment(one.id, line(one.name), one.file_size) for one in files]


class _Id(msgspec.Struct, frozen=True):
    id: str


class _Attached(msgspec.Struct, frozen=True):
    add_file_to_update: _Id


class _Asset(msgspec.Struct, frozen=True):
    id: str
    name: str
    file_size: int


class _Update(msgspec.Struct, frozen=True):
    assets: list[_Asset | None] | None


class _Updates(msgspec.Struct, frozen=True):
    updates: list[_Update | None] | None
