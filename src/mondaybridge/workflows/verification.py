"""Hold a delivered Excel copy against the ledger as it was when the copy was made (beyond 9)."""

from dataclasses import replace
from pathlib import Path

from mondaybridge.app import App
from mondaybridge.errors import FindingsError
from mondaybridge.export.verification import Problem, Verified, read_back, verify
from mondaybridge.reports import copy
from mondaybridge.store import ledger

SIZE_MAX = 32 * 1024 * 1024


def verify_file(app: App, file: Path) -> Verified:
    """Return what a file says and every difference to the ledger, each naming its row.

    Entries that came after the copy do not count: it is held against the entry it was made at.
    """
    content = _content(file)
    found = read_back(content)
    contract_id = found.contract_id
    known = {contract.contract_id for contract in app.mapping.contracts}
    if contract_id not in known:
        raise FindingsError(f"{file} is of contract {contract_id!r}, which the mapping has not")
    with app.store.read() as tx:
        entries = ledger.entries(tx, contract_id)
    values = copy.values_at(
        entries, contract_id, found.package_id, head=found.head_hash, revision=found.revision
    )
    if values is None:
        strange = Problem("", 0, "", "the ledger never had the hash that the file names")
        return replace(found, problems=(*found.problems, strange))
    return verify(content, values)


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > SIZE_MAX:
            raise FindingsError(f"{file} is larger than any copy: it was not made by this program")
        return file.read_bytes()
    except OSError as error:
        raise FindingsError(f"{file}: {error.strerror or 'cannot be read'}") from error
