"""``package close`` and ``package verify``: the end of a package and the proof of its copy."""

from pathlib import Path
from typing import Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import show

STEPS = ("copy", "board", "mail", "closed", "end")


def close(
    package: Annotated[str, typer.Argument(help="The package's id, as mappings.yaml has it.")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it: write the copy, deliver it, close the board.")
    ] = False,
    early: Annotated[
        bool, typer.Option("--early", help="Also where hours are left and nothing has expired.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hand a package over: show what stands in the way, or with --apply go through with it.

    Stopped anywhere, the same command goes on where it stopped.
    """
    from dataclasses import asdict

    from mondaybridge.errors import FindingsError
    from mondaybridge.reports.ending import checklist
    from mondaybridge.workflows.handover import hand_over

    with opened(online=apply) as bridge:
        shown = hand_over(bridge, package, early=early) if apply else checklist(bridge, package)
    rows = [{"step": name, "result": _told(name, told)} for name, told in _in_order(shown.steps)]
    rows += [{"step": "to settle", "result": told} for told in shown.obstacles]
    if not rows:
        ready = "nothing stands in the way: run it with --apply"
        unused = "it is not at its end; --apply --early ends it with the hours that are left"
        rows = [{"step": "next", "result": ready if shown.why else unused}]
    title = f"Hand-over of package {package}" + (", done" if shown.done else "")
    show(asdict(shown), as_json=as_json, table=(title, ("step", "result"), rows))
    if shown.obstacles:
        raise FindingsError(f"{len(shown.obstacles)} to be settled first")


def _told(step: str, evidence: str) -> str:
    """Say in words what a step did; ids and hashes are for programs."""
    kind, _, whom = step.partition(":")
    match kind:
        case "copy":
            return "Excel copy written"
        case "board":
            return "comment and file on the board"
        case "mail":
            _, _, said = evidence.partition(", ")
            words, _, state = said.rpartition(", ")
            return f"mail sent to {whom}" if state == "delivered" else words
        case "closed":
            return {"archive": "board archived", "lock": "board locked"}.get(evidence, evidence)
        case _:
            return "finished"


def _in_order(steps: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return sorted(steps, key=lambda step: STEPS.index(step[0].partition(":")[0]))


def verify(
    file: Annotated[Path, typer.Argument(help="An Excel copy, as it was delivered.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hold an Excel copy against the ledger as it was when the copy was made."""
    from dataclasses import asdict

    from mondaybridge.errors import FindingsError
    from mondaybridge.workflows.verification import verify_file

    with opened(online=False) as bridge:
        found = verify_file(bridge, file)
    rows = [asdict(problem) for problem in found.problems]
    shown = {
        "package": found.package_id,
        "revision": found.revision,
        "sha256": found.sha256,
        "rows": len(found.rows),
        "problems": rows,
    }
    title = f"Copy of package {found.package_id}, revision {found.revision}: " + (
        f"{len(found.rows)} rows agree with the ledger" if found.ok else "differs"
    )
    show(shown, as_json=as_json, table=(title, ("sheet", "row", "title", "what"), rows))
    if not found.ok:
        raise FindingsError(f"{len(rows)} found in {file}")
