"""Uploaded files: kept with their bytes, shown by address, given out for an hour (monday.md §7).

``url`` leads to monday's own pages and is answered by nobody; ``public_url`` is answered by the
stand-in itself, under the host that the request was sent to.
"""

import hashlib
import hmac
import mimetypes
from dataclasses import dataclass
from urllib.parse import parse_qs, quote

from mondaybridge.sandbox.monday.boards import Asset, Item, MondayState, Update
from mondaybridge.sandbox.monday.changes import Changes
from mondaybridge.sandbox.monday.multipart import Upload
from mondaybridge.sandbox.world import Request, Response

PREFIX = "/files/"
PUBLIC_MS = 60 * 60_000
_KEY = b"addresses-of-invented-files"


@dataclass(frozen=True, slots=True)
class Files:
    """The transitions of uploaded files."""

    changes: Changes

    def add_to_update(self, update: Update, upload: Upload, user_id: str) -> Asset:
        """Put a file below an update."""
        self.changes.lag.begin()
        item = self.changes.state.items[update.item_id]
        made = self._keep(upload, item, user_id, update.id)
        if self.changes.switches.updates_move_updated_at:
            self.changes.touch(item, user_id)
        return made

    def add_to_column(self, item: Item, column_id: str, upload: Upload, user_id: str) -> Asset:
        """Put a file into a cell beside those that are there."""
        self.changes.lag.begin()
        made = self._keep(upload, item, user_id, None)
        kept = asset_ids(item, column_id)
        self.changes.write_cells(item, {column_id: {"assets": [*kept, made.id]}}, user_id)
        return made

    def _keep(self, upload: Upload, item: Item, user_id: str, update_id: str | None) -> Asset:
        made = Asset(
            id=self.changes.new_id(),
            name=upload.name,
            content=upload.content,
            created_at=self.changes.world.clock.now(),
            uploader_id=user_id,
            item_id=item.id,
            update_id=update_id,
        )
        self.changes.state.assets[made.id] = made
        return made


def asset_ids(item: Item, column_id: str) -> list[str]:
    """Return the ids of the files in a cell, in order."""
    cell = item.cells.get(column_id)
    value = cell.value if cell else {}
    return list(value.get("assets", [])) if isinstance(value, dict) else []


def public_path(asset: Asset, now: int) -> str:
    """Return the path and query under which anybody gets a file for the next hour."""
    expires = now + PUBLIC_MS
    name = quote(asset.name, safe="")
    return f"{PREFIX}{asset.id}/{name}?expires={expires}&key={_signature(asset.id, expires)}"


def download(state: MondayState, request: Request, now: int) -> Response:
    """Answer a request for a file by its public address."""
    asset = state.assets.get(request.path.removeprefix(PREFIX).partition("/")[0])
    if asset is None:
        return Response(404, b"no such file")
    asked = {name: values[-1] for name, values in parse_qs(request.query).items()}
    expires = int(asked.get("expires", "0")) if asked.get("expires", "0").isdigit() else 0
    fits = hmac.compare_digest(asked.get("key", ""), _signature(asset.id, expires))
    if not fits or now > expires:
        return Response(403, b"this address is not valid any more")
    kind = mimetypes.guess_type(asset.name)[0] or "application/octet-stream"
    name = f"attachment; filename*=UTF-8''{quote(asset.name, safe='')}"
    return Response(200, asset.content, {"content-type": kind, "content-disposition": name})


def _signature(asset_id: str, expires: int) -> str:
    return hmac.new(_KEY, f"{asset_id} {expires}".encode(), hashlib.sha256).hexdigest()[:32]
