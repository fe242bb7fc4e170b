"""Diagnostics as reviewdog reads them: bytes for columns, and only fixes that stand alone."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import jsonschema
import pytest

from analyzer.model import Checkout, Coverage, Edit, Fix, Region, Report, Skip, Suppression
from analyzer.outputs import rdjson
from tests.records import EVENT, FILES, IMAGE, INIT, RULES, clinic, finding, hostile, report

# The fields that reviewdog's messages have, by their JSON names; it refuses a file with others.
POSITION = {
    "type": "object",
    "properties": {
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
    },
    "required": ["line"],
    "additionalProperties": False,
}
RANGE = {
    "type": "object",
    "properties": {"start": POSITION, "end": POSITION},
    "required": ["start"],
    "additionalProperties": False,
}
LOCATION = {
    "type": "object",
    "properties": {"path": {"type": "string", "minLength": 1}, "range": RANGE},
    "required": ["path"],
    "additionalProperties": False,
}
DIAGNOSTIC = {
    "type": "object",
    "properties": {
        "message": {"type": "string", "minLength": 1},
        "location": LOCATION,
        "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
        "code": {
            "type": "object",
            "properties": {"value": {"type": "string"}, "url": {"type": "string"}},
            "additionalProperties": False,
        },
        "suggestions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"range": RANGE, "text": {"type": "string"}},
                "required": ["range", "text"],
                "additionalProperties": False,
            },
        },
        "relatedLocations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"message": {"type": "string"}, "location": LOCATION},
                "additionalProperties": False,
            },
        },
    },
    "required": ["message", "location", "severity"],
    "additionalProperties": False,
}
RESULT = {
    "type": "object",
    "properties": {
        "source": {"type": "object"},
        "severity": {"type": "string"},
        "diagnostics": {"type": "array", "items": DIAGNOSTIC},
    },
    "additionalProperties": False,
}


def told(report: Report) -> list[dict[str, Any]]:
    out = StringIO()
    rdjson.write(report, out)
    result = json.loads(out.getvalue())
    jsonschema.Draft202012Validator(RESULT).validate(result)
    assert result["source"] == {"name": "trackerlint"}
    diagnostics: list[dict[str, Any]] = result["diagnostics"]
    return diagnostics


@pytest.mark.parametrize(
    "made", [clinic(), hostile(), report()], ids=["clinic", "hostile", "empty"]
)
def test_nothing_is_written_that_reviewdog_does_not_know(made: Report) -> None:
    told(made)


def test_a_finding_is_a_diagnostic_with_columns_in_bytes() -> None:
    (said,) = told(replace(report(finding(INIT, "X", "1")), checkout=Checkout("site")))
    line = FILES["templates/base.html"].splitlines()[4].encode()
    start = line.index(b"fbq") + 1
    assert start == INIT.region.column + 3  # the face takes four bytes
    assert said == {
        "message": "'X' runs on '1' pages behind a login.",
        "location": {
            "path": "site/templates/base.html",
            "range": {
                "start": {"line": 5, "column": start},
                "end": {"line": 5, "column": start + len("fbq('init', '1234567890')")},
            },
        },
        "severity": "ERROR",
        "code": {
            "value": "tracker-on-portal-page (TL101)",
            "url": "https://cwe.mitre.org/data/definitions/359.html",
        },
    }


def test_columns_that_are_not_known_in_bytes_are_left_out() -> None:
    (said,) = told(report(finding(replace(INIT, path="gone.html"), "X", "1")))
    assert said["location"]["range"] == {"start": {"line": 5}}


def test_a_fix_of_one_edit_at_the_finding_is_a_suggestion() -> None:
    def suggested(*fixes: Fix) -> list[dict[str, Any]]:
        (said,) = told(report(replace(finding(INIT, "X", "1"), fixes=fixes)))
        found: list[dict[str, Any]] = said.get("suggestions", [])
        return found

    here = Edit(INIT.path, INIT.region, "gone();")
    (suggestion,) = suggested(Fix("One.", (here,)))
    assert suggestion["text"] == "gone();"
    assert suggestion["range"]["start"] == {"line": 5, "column": INIT.region.column + 3}
    lines = Edit(INIT.path, Region(40, 1, 41, 1), "")
    assert suggested(Fix("Whole lines.", (lines,)))[0]["range"]["end"] == {"line": 41, "column": 1}
    assert suggested(Fix("Two.", (here, here))) == []
    assert suggested(Fix("Elsewhere.", (replace(here, path=IMAGE.path),))) == []
    assert suggested(Fix("Unknown bytes.", (replace(here, region=Region(40, 3, 40, 9)),))) == []


def test_what_was_not_read_is_a_remark_on_its_file() -> None:
    coverage = Coverage(1, (Skip("a.js", "over 20 MB"), Skip("b.js", "broken", 3, "partly")))
    first, second = told(report(coverage=coverage))
    assert first["location"] == {"path": "a.js"}
    assert second["location"] == {"path": "b.js", "range": {"start": {"line": 3}}}
    assert first["severity"] == "INFO"
    assert first["message"] == "trackerlint could not read this file in full: over 20 MB."


def test_accepted_findings_are_left_out() -> None:
    gone = replace(
        finding(EVENT, "Z", "1", "2", rule=RULES[1]), suppressed=Suppression("ignore", INIT, "x")
    )
    assert told(report(gone)) == []
