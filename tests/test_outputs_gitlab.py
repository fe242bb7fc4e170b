"""GitLab's code quality report: what a merge request needs, and nothing that it would refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from analyzer.model import Checkout, Coverage, Report, Skip, State, Suppression, Telling
from analyzer.outputs import gitlab
from tests.records import EVENT, IMAGE, INIT, RULES, clinic, finding, hostile, report


def told(report: Report) -> list[dict[str, Any]]:
    out = StringIO()
    gitlab.write(report, out)
    entries: list[dict[str, Any]] = json.loads(out.getvalue())
    return entries


def test_a_finding_is_an_entry() -> None:
    made = finding(INIT, "X", "1")
    assert told(replace(report(made), checkout=Checkout("site"))) == [
        {
            "description": "'X' runs on '1' pages behind a login. [TL101]",
            "check_name": "tracker-on-portal-page",
            "fingerprint": made.fingerprint,
            "severity": "critical",
            "location": {"path": "site/templates/base.html", "lines": {"begin": 5}},
        }
    ]


@pytest.mark.parametrize(
    "made", [clinic(), hostile(), report()], ids=["clinic", "hostile", "empty"]
)
def test_every_entry_has_what_gitlab_requires(made: Report) -> None:
    entries = told(made)
    marks = [each["fingerprint"] for each in entries]
    assert len(marks) == len(set(marks))
    for each in entries:
        assert set(each) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert each["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert each["location"]["lines"]["begin"] >= 1
        assert not each["location"]["path"].startswith("./")


def test_the_severity_is_that_of_the_finding() -> None:
    found = [finding(INIT, "X", "1", "2", rule=rule) for rule in RULES]
    assert [each["severity"] for each in told(report(*found))] == ["critical", "major", "info"]


def test_a_file_that_was_not_read_is_an_entry_of_its_own() -> None:
    skips = (
        Skip("a.js", "over 20 MB"),
        Skip("b.html", "unclosed tag", 12, "partly"),
        Skip("dist", "build results", kind="left-out"),
    )
    entries = told(report(coverage=Coverage(1, skips)))
    assert [
        (each["check_name"], each["location"]["path"], each["location"]["lines"]["begin"])
        for each in entries
    ] == [
        ("file-not-read", "a.js", 1),
        ("file-not-read", "b.html", 12),
    ]
    assert entries[0]["description"] == "trackerlint could not read this file in full: over 20 MB."


def test_accepted_findings_are_left_out_and_known_ones_when_asked() -> None:
    gone = replace(finding(IMAGE, "Z", "1"), suppressed=Suppression("ignore", INIT, "agreed"))
    known = replace(finding(EVENT, "K", "1"), state=State.KNOWN)
    made = report(gone, known, finding(INIT, "X", "1"))
    assert len(told(made)) == 2
    assert len(told(replace(made, telling=Telling(new_only=True)))) == 1
