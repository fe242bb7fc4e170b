"""Keeps a run in the history, with what it was asked to leave out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from analyzer.model import Report, UserError

NARROWING = {  # options by which a run reads or judges something else than all
    "select": "--select",
    "ignore": "--ignore",
    "exclude": "--exclude",
    "include": "--include",
    "containers": "--gtm",
    "addresses": "--paths",
}
SWITCHES = {
    "no_config": "--no-config",
    "no_inline_suppressions": "--no-inline-suppressions",
    "thorough": "--thorough",
    "tracked_only": "--tracked-only",
}


def recorded(
    report: Report,
    file: Path,
    since: datetime | None,
    paths: tuple[Path, ...],
    chosen: dict[str, Any],
) -> tuple[Report, str]:
    """The report with its history and an empty text, or as it was and why it could not be kept.

    An empty path stands for the usual file of what was scanned.
    """
    from analyzer import files, history

    root = files.root_of([*paths, *chosen["containers"]])
    try:
        file = history.usual_file(root) if file == Path() else file
        day = since.date() if since else None
        return history.kept(report, file, _scope(root, paths, chosen), day), ""
    except UserError as trouble:
        return report, str(trouble)


def _scope(root: Path, paths: Iterable[Path], chosen: dict[str, Any]) -> str:
    """What a run was asked for, in words; only runs that were asked for the same are compared."""
    inside = sorted(_within(path, root) for path in paths)
    words = inside if inside != ["."] else []
    words += _options(root, chosen)
    return " ".join(words)


def _options(root: Path, chosen: dict[str, Any]) -> Iterator[str]:
    for name, option in NARROWING.items():
        for value in sorted(map(str, chosen[name])):
            told = _within(Path(value), root) if name in ("containers", "addresses") else value
            yield f"{option} {told}"
    if chosen["config"]:
        yield f"--config {_within(chosen['config'], root)}"
    if chosen["as_of"]:
        yield f"--as-of {chosen['as_of']}"
    yield from (option for name, option in SWITCHES.items() if chosen[name])


def _within(path: Path, root: Path) -> str:
    whole = path.resolve()
    if whole.is_relative_to(root):
        return whole.relative_to(root).as_posix()
    return os.path.basename(whole)
