"""The SARIF file that is to be sent, looked at before anybody else refuses it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from analyzer.model import UserError

LARGEST = 500_000_000  # bytes that are read at all


@dataclass(frozen=True, slots=True)
class Log:
    """A SARIF file: its bytes, and how many runs it has and results in its largest run."""

    path: Path
    data: bytes
    runs: int
    results: int


def read(path: Path) -> Log:
    """Raises UserError for what is no SARIF 2.1.0 file."""
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(f"{path} is larger than any service takes; scan fewer folders at once")
        data = path.read_bytes()
    except OSError as trouble:
        raise UserError(f"{path} cannot be read ({trouble.strerror}); give a SARIF file") from None
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        raise UserError(
            f"{path} is not JSON; write the file with trackerlint scan PATH -o report.sarif"
        ) from None
    runs = tree.get("runs") if isinstance(tree, dict) else None
    if not isinstance(runs, list) or tree.get("version") != "2.1.0":
        raise UserError(
            f"{path} is not SARIF 2.1.0; write the file with trackerlint scan PATH -o report.sarif"
        )
    if not all(_succeeded(run) for run in runs):
        raise UserError(
            f"{path} says that its scan did not succeed; sent as it is, it would close every alert"
        )
    most = max((_results(run) for run in runs), default=0)
    return Log(path, data, len(runs), most)


def _succeeded(run: object) -> bool:
    calls = run.get("invocations") if isinstance(run, dict) else None
    return not isinstance(calls, list) or all(
        not isinstance(call, dict) or call.get("executionSuccessful") is not False for call in calls
    )


def _results(run: object) -> int:
    results = run.get("results") if isinstance(run, dict) else None
    return len(results) if isinstance(results, list) else 0
