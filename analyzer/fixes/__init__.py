"""Safe edits for findings, one idea a module; nobody's file is changed before somebody asks.

A module has RULES, the names of the rules that it helps with, and `fixes(finding, desk)`. What it
is not sure of it leaves alone: half of the findings of a rule may have no fix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import ModuleType

from analyzer.fixes._desk import Desk
from analyzer.model import Finding
from analyzer.plugins import modules

__all__ = ["Desk", "with_fixes"]

MOST = 500  # findings whose edits are thought of: each one means to parse a script again


def with_fixes(findings: Iterable[Finding], desk: Desk) -> tuple[Finding, ...]:
    """The findings, the open ones with the edits that would settle them."""
    helpers: dict[str, list[ModuleType]] = {}
    for module in modules("fixes"):
        for name in module.RULES:
            helpers.setdefault(name, []).append(module)
    told, thought = [], 0
    for finding in findings:
        known = helpers.get(finding.rule, ()) if finding.is_open else ()
        if known and thought < MOST:
            thought += 1
            found = [fix for module in known for fix in module.fixes(finding, desk)]
            finding = replace(finding, fixes=tuple(found))
        told.append(finding)
    return tuple(told)
