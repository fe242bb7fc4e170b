"""Reads one folder's configuration; imported by those only who have one."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from analyzer.model import Home, Place, Policy, Region, UserError
from analyzer.policy.entries import Entries
from analyzer.policy.scope import OWN_NAME, SHARED_NAME, Scope
from analyzer.policy.shapes import shaped
from analyzer.policy.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Said:
    """What one file says, and whether the files above it hold as well."""

    sheet: Sheet
    policy: Policy
    inherits: bool

    def refuse_severity(self, outermost: str) -> None:
        """Raises UserError where a file sets severities that stands below the outermost one."""
        if "severity" in self.sheet.values:
            raise self.sheet.wrong(
                ("severity",),
                f"a report has one severity a rule, so severity stands in the outermost "
                f"configuration only; move it to {outermost}",
            )

    def without_severity(self) -> Policy:
        """What the file says to a scan that reads more than its folder: rules that are off stay
        off there, and other severities are those of its own scans.
        """
        if not any(each.severity for each in self.policy.selections):
            return self.policy
        note = (
            self.sheet.place(("severity",)),
            "[severity] of one folder does not count for a report about more than that; rules "
            "that are off there stay off",
        )
        return replace(
            self.policy,
            selections=tuple(
                replace(each, severity=MappingProxyType({})) for each in self.policy.selections
            ),
            unread=(*self.policy.unread, note),
        )


def read_folder(folder: Path, scope: Scope, home: Home) -> Said | None:
    """What the configuration of a folder says; trackerlint.toml stands above pyproject.toml.

    Raises UserError for a file that is wrong, with its line.
    """
    own, shared = folder / OWN_NAME, folder / SHARED_NAME
    if not os.path.lexists(own):
        return read(shared, scope, home) if shared.is_file() else None
    said = read(own, scope, home)
    if said is None or not shared.is_file() or not _has_table(shared, scope, home):
        return said
    note = (
        Place(scope.name(shared), Region(1, 1, 1, 1)),
        f"[tool.trackerlint] is not read, since {OWN_NAME} is beside it",
    )
    return replace(said, policy=replace(said.policy, unread=(note,)))


def read(
    file: Path, scope: Scope, home: Home, *, named: bool = False, text: str | None = None
) -> Said | None:
    """What one file says, or would say with another `text`; None for a pyproject.toml without a
    table of ours.

    Raises UserError for a file that is wrong, with its line.
    """
    sheet = Sheet.read(file, scope.name(file), home, named=named, text=text)
    if sheet is None:
        return None
    said = shaped(sheet)
    return Said(sheet, Entries(sheet, said, scope).policy(), said.inherit)


def _has_table(shared: Path, scope: Scope, home: Home) -> bool:
    try:
        return Sheet.read(shared, scope.name(shared), home) is not None
    except UserError:  # what is not used may be wrong
        return False
