"""The JSON report keeps its contract."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

import analyzer.outputs.json as output
from analyzer.model import (
    Choice,
    Datum,
    Hole,
    Origin,
    OriginKind,
    Report,
    Role,
    Site,
    State,
    Telling,
    Text,
    Value,
)
from tests.records import EMAIL, INIT, RULES, TAG_9, clinic, finding, hostile, report, tracker

EMAIL_FIELD = Hole("email", Origin(OriginKind.FIELD, "#email", place=EMAIL))
HASHED = Hole("sha256(email)", Origin(OriginKind.HASH, "SHA-256", (EMAIL_FIELD.origin,)))


def told(report: Report) -> dict[str, Any]:
    out = StringIO()
    output.write(report, out)
    said: dict[str, Any] = json.loads(out.getvalue())
    return said


def datum(value: Value) -> dict[str, Any]:
    hit = tracker("meta-pixel", Role.EVENT, INIT, data=[Datum("em", value, "email")])
    said: dict[str, Any] = told(report(site=Site({}, {}, (hit,))))["trackers"][0]["data"][0]
    return said


def test_the_keys_are_those_of_the_contract() -> None:
    said = told(clinic())
    assert said["schema"] == "trackerlint-report/1"
    assert {key: set(rows[0]) for key, rows in said.items() if isinstance(rows, list)} == {
        "trackers": {
            "vendor",
            "role",
            "status",
            "path",
            "line",
            "column",
            "end_line",
            "end_column",
            "evidence",
            "ids",
            "group",
            "container",
            "guards",
            "proxied",
            "through",
            "fires",
            "data",
            "switches",
            "original",
            "bundles",
        },
        "others": {
            "vendor",
            "role",
            "status",
            "path",
            "line",
            "column",
            "end_line",
            "end_column",
            "evidence",
            "ids",
            "group",
            "container",
            "guards",
            "proxied",
            "through",
            "fires",
            "data",
            "switches",
            "original",
            "bundles",
        },
        "unknown_hosts": {"host", "path", "line", "kind", "pages", "owner", "category"},
        "pages": {"path", "routes", "classes", "layouts"},
        "containers": {"id", "path", "name", "context", "installed_on", "tags", "diagnostics"},
        "findings": {
            "code",
            "rule",
            "severity",
            "message",
            "path",
            "line",
            "column",
            "end_line",
            "end_column",
            "vendor",
            "pages",
            "fingerprint",
            "suppressed",
            "trail",
            "original",
            "classes",
            "next",
            "state",
            "news",
            "new_pages",
        },
    }
    assert set(said["coverage"]) == {"read", "skipped", "unresolved", "other_kinds"}
    assert set(said["containers"][0]["tags"][0]) == {
        "tag_id",
        "name",
        "type",
        "vendor",
        "role",
        "ids",
        "paused",
        "never_fires",
        "scopes",
        "blocking",
        "consent",
        "line",
        "fires",
        "data",
    }
    assert set(said["trackers"][1]["fires"][0]) == {
        "page",
        "route",
        "confidence",
        "verdict",
        "moment",
        "conditions",
        "trail",
    }


def test_a_suppressed_finding_stays_and_says_why() -> None:
    words = [each["suppressed"] for each in told(clinic())["findings"] if each["suppressed"]]
    assert words == [
        {
            "kind": "comment",
            "reason": "agreed in 2026",
            "owner": "web-team",
            "until": "2027-01-31",
            "path": "dist/app.js",
            "line": 1,
        }
    ]


def test_a_finding_says_its_classes_its_next_step_and_its_state() -> None:
    new = replace(finding(INIT, "Meta Pixel", "3"), classes=("sign-in",), state=State.NEW)
    rules = tuple(replace(rule, next=f"Do {rule.code}.") for rule in RULES)
    (said,) = told(report(new, rules=rules))["findings"]
    assert (said["classes"], said["next"], said["state"]) == (["sign-in"], "Do TL101.", "new")


@pytest.mark.parametrize(("new_only", "states"), [(True, ["new"]), (False, ["unchanged", "new"])])
def test_new_only_leaves_known_findings_out_and_says_how_many(
    new_only: bool, states: list[str]
) -> None:
    both = (
        replace(finding(INIT, "Meta Pixel", "3"), state=State.KNOWN),
        replace(finding(EMAIL, "Hotjar", "2"), state=State.NEW),
    )
    said = told(replace(report(*both), telling=Telling(new_only=new_only)))
    assert [each["state"] for each in said["findings"]] == states
    assert said["left_out"] == {"known": 2 - len(states)}


def test_a_tag_without_an_id_has_null() -> None:
    hit = tracker("meta-pixel", Role.EVENT, INIT, tag=replace(TAG_9, tag_id=None))
    assert told(report(site=Site({}, {}, (hit,))))["trackers"][0]["container"] == {
        "id": "GTM-AB12CD",
        "path": "gtm/GTM-AB12CD.json",
        "tag_id": None,
        "tag_name": "Meta - {{Page Path}}",
    }


@pytest.mark.parametrize(
    ("value", "hashed"),
    [
        (EMAIL_FIELD, False),
        (HASHED, True),
        (Text(("v1:", HASHED)), True),
        (Choice((HASHED, EMAIL_FIELD)), False),
        ("a@example.org", False),
    ],
)
def test_hashed_means_that_nothing_goes_out_in_plain_text(value: Value, hashed: bool) -> None:
    assert datum(value)["hashed"] is hashed


def test_the_origin_of_a_hash_is_what_was_hashed() -> None:
    assert datum(HASHED)["origin"] == "form field #email"
    assert datum(HASHED)["trail"] == [
        {"path": "templates/book.html", "line": 9, "text": "form field #email"}
    ]


def test_a_constant_is_its_own_origin() -> None:
    assert datum("USD")["origin"] == "constant"


def test_half_a_character_in_a_path_comes_back_as_it_was() -> None:
    assert any("\udcff" in each["path"] for each in told(hostile())["findings"])
