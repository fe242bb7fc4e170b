"""Options of a scan that mean nothing as they are given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analyzer.commands._writing import Output
from analyzer.model import UserError

NEED_KNOWN = {"new_only": "--new-only", "sarif_baseline_state": "--sarif-baseline-state"}


def refuse_pointless(chosen: dict[str, Any], *, kept: bool) -> None:
    """Raises UserError for what could only be a slip, such as a variable that is empty. Runs that
    are `kept` tell what is new as well.
    """
    base = chosen["base"]
    if base is not None and not base.strip():
        raise UserError(
            "--diff names no commit; give a commit or a branch, as in --diff main, or leave it out"
        )
    known = kept or base is not None or chosen["baseline"] is not None
    for name, option in NEED_KNOWN.items():
        if chosen[name] and not known:
            raise UserError(
                f"{option} needs to know what is new; give --baseline FILE or --diff BASE with it"
            )


def refuse_twice(outputs: Sequence[Output]) -> None:
    """Raises UserError for two reports in one file, of which only the last would be left."""
    files = [Path(each.name).absolute() for each in outputs if not each.to_terminal]
    for number, file in enumerate(files):
        if file in files[:number]:
            raise UserError(f"-o names {file.name} twice; give each report a file of its own")
