"""Reads trackerlint.toml and [tool.trackerlint]: what the organisation says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analyzer.model import Policy


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the configuration comes from: one `file` that stands alone, or with `ignored` none."""

    file: Path | None = None
    ignored: bool = False
    today: date | None = None


def outer(root: Path, wanted: Wanted) -> Policy:
    """What the files at the root of a scan, or the first above it, say: this decides what is read.

    Raises UserError for a file that is wrong, with its line.
    """
    return Policy(today=wanted.today or date.today())


def inner(policy: Policy, root: Path, paths: Iterable[str], wanted: Wanted) -> Policy:
    """The policy with what the configuration files of the folders below the root add to it."""
    return policy
