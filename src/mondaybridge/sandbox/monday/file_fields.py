"""Resolvers of files: two mutations that take an upload, and where assets are read (§7)."""

from collections.abc import Callable

from mondaybridge.sandbox.monday.boards import Asset, Item, Update, iso
from mondaybridge.sandbox.monday.errors import failure, not_found
from mondaybridge.sandbox.monday.files import Files, asset_ids, public_path
from mondaybridge.sandbox.monday.multipart import Upload
from mondaybridge.sandbox.monday.place import page_url
from mondaybridge.sandbox.monday.resolving import Call, Info
from mondaybridge.sandbox.monday.writes import column_of_board

Resolver = Callable[..., object]


def _add_file_to_update(_: object, info: Info, *, update_id: str, file: Upload) -> Asset:
    call = info.context
    update = call.state.updates.get(update_id)
    if update is None:
        raise not_found("Update", update_id)
    call.item(update.item_id)
    return Files(call.services.changes).add_to_update(update, _checked(call, file), call.user.id)


def _add_file_to_column(
    _: object, info: Info, *, item_id: str, column_id: str, file: Upload
) -> Asset:
    call = info.context
    item = call.item(item_id)
    board = call.state.boards[item.board_id]
    call.check_edit(board, item)
    column = column_of_board(board, column_id)
    if column.type != "file":
        message = "files go into file columns only"
        kind = column.type
        raise failure("InvalidColumnTypeException", message, column_id=column.id, actual_type=kind)
    upload = _checked(call, file)
    return Files(call.services.changes).add_to_column(item, column.id, upload, call.user.id)


def _checked(call: Call, file: Upload) -> Upload:
    largest = call.services.changes.switches.largest_file
    if len(file.content) > largest:
        message = f"a file has at most {largest} bytes"
        raise failure("FileSizeLimitException", message, file_size=len(file.content))
    return file


def _assets(_: object, info: Info, *, ids: list[str]) -> list[Asset | None]:
    """Answer the root field in the order asked for; what is unknown or hidden is null."""
    return [_visible(info.context, asset_id) for asset_id in ids]


def _visible(call: Call, asset_id: str) -> Asset | None:
    asset = call.state.assets.get(asset_id)
    if asset is None or not call.sees(call.state.items[asset.item_id].board_id):
        return None
    return asset


def _assets_of_item(
    item: Item,
    info: Info,
    *,
    assets_source: str | None = None,
    column_ids: list[str] | None = None,
) -> list[Asset]:
    call = info.context
    assets, source = call.state.assets, assets_source or "all"
    chosen = [
        asset_id
        for column_id in item.cells
        if source in ("all", "columns") and (column_ids is None or column_id in column_ids)
        for asset_id in asset_ids(item, column_id)
    ]
    if source != "columns" and column_ids is None and _with_updates(call):
        chosen += [one.id for one in assets.values() if one.item_id == item.id and one.update_id]
    return [assets[asset_id] for asset_id in chosen]


def _with_updates(call: Call) -> bool:
    return call.services.changes.switches.item_assets_include_updates and call.version >= "2026-04"


def _assets_of_update(update: Update, info: Info) -> list[Asset]:
    return [one for one in info.context.state.assets.values() if one.update_id == update.id]


def _public_url(asset: Asset, info: Info) -> str:
    call = info.context
    return call.origin + public_path(asset, call.services.changes.world.clock.now())


def _url(asset: Asset, info: Info) -> str:
    account = info.context.state.account
    return page_url(account.slug, account.id, asset)


ROOT_READS: dict[str, Resolver] = {"assets": _assets}

ROOT_WRITES: dict[str, Resolver] = {
    "add_file_to_column": _add_file_to_column,
    "add_file_to_update": _add_file_to_update,
}

READS: dict[str, dict[str, Resolver]] = {
    "Asset": {
        "created_at": lambda asset, _: iso(asset.created_at),
        "file_extension": lambda asset, _: asset.extension,
        "file_size": lambda asset, _: len(asset.content),
        "original_geometry": lambda _, __: None,
        "public_url": _public_url,
        "uploaded_by": lambda asset, info: info.context.state.users[asset.uploader_id],
        "url": _url,
        "url_thumbnail": lambda _, __: None,
    },
    "Item": {"assets": _assets_of_item},
    "Reply": {"assets": _assets_of_update},
    "Update": {"assets": _assets_of_update},
}
