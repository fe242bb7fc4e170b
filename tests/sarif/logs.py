"""SARIF logs of the sample reports, read back the way an importer reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from io import StringIO
from typing import Any

from analyzer.model import Finding, Report, Rule
from analyzer.outputs import sarif
from tests.records import RULES, clinic, hostile, report

REPORTS = {"clinic": clinic(), "hostile": hostile(), "empty": report(rules=())}


@cache
def told(name: str) -> dict[str, Any]:
    """The run of one of the sample reports."""
    return run_of(REPORTS[name])


def run_of(report: Report) -> dict[str, Any]:
    (run,) = json.loads(written(report))["runs"]
    assert isinstance(run, dict)
    return run


def written(report: Report) -> str:
    out = StringIO()
    sarif.write(report, out)
    return out.getvalue()


def result(*findings: Finding, rules: tuple[Rule, ...] = RULES) -> dict[str, Any]:
    """The only result of a report on these findings."""
    (only,) = run_of(report(*findings, rules=rules))["results"]
    assert isinstance(only, dict)
    return only


def everything(tree: object, key: str) -> Iterator[Any]:
    """Every value under this key, however deep."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == key:
                yield value
            yield from everything(value, key)
    elif isinstance(tree, list):
        for each in tree:
            yield from everything(each, key)
