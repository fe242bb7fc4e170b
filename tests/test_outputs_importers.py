"""What made importers of SARIF stumble, lose text or misread a result: our logs have none of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from analyzer.model import Rule, Severity, Step
from tests.records import EXTENDS, INIT, finding
from tests.sarif.logs import REPORTS, everything, result, told


@pytest.fixture(params=REPORTS)
def run(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The run of each of the sample reports."""
    return told(request.param)


def test_no_region_lacks_its_line_and_no_file_is_a_mere_index(run: dict[str, Any]) -> None:
    assert all("startLine" in each for each in everything(run, "region"))
    assert all("uri" in each for each in everything(run["results"], "artifactLocation"))


def test_every_result_has_exactly_one_location(run: dict[str, Any]) -> None:
    assert all(len(each["locations"]) == 1 for each in run["results"])


def test_every_step_of_a_flow_lies_in_a_file(run: dict[str, Any]) -> None:
    for flow in everything(run["results"], "threadFlows"):
        for thread in flow:
            assert all("physicalLocation" in step["location"] for step in thread["locations"])


def test_fingerprint_names_end_with_a_version(run: dict[str, Any]) -> None:
    for each in run["results"]:
        assert all(re.fullmatch(r".+/v\d+", name) for name in each.get("fingerprints", {}))
        assert all(
            "/" not in name or re.fullmatch(r".+/v\d+", name)
            for name in each.get("partialFingerprints", {})
        )


def test_fingerprints_are_unique(run: dict[str, Any]) -> None:
    marks = [each["fingerprints"]["trackerlint/finding/v1"] for each in run["results"]]
    assert len(marks) == len(set(marks))


def test_message_ids_are_defined_and_placeholders_few_and_filled(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    for each in run["results"]:
        message = each["message"]
        assert message["text"]
        if "id" in message:
            template = rules[each["ruleIndex"]]["messageStrings"][message["id"]]["text"]
            numbers = {int(number) for number in re.findall(r"\{(\d+)\}", template)}
            assert numbers == set(range(len(message["arguments"])))
            assert len(numbers) <= 5


def test_six_placeholders_leave_the_finished_sentence_only() -> None:
    crowded = Rule("TL301", "crowded", Severity.NOTE, "1.0", "'{0}{1}{2}{3}{4}{5}'.", "s", "h")
    message = result(finding(INIT, *"abcdef", rule=crowded), rules=(crowded,))["message"]
    assert message == {"text": "'abcdef'."}


def test_there_is_nothing_that_importers_misread(run: dict[str, Any]) -> None:
    assert not {"kind", "suppressions", "baselineState", "fixes", "rank"} & {
        key for each in run["results"] for key in each
    }
    assert not list(everything(run, "artifacts"))


def test_the_first_weakness_of_a_rule_is_its_last_relationship() -> None:
    rule = told("clinic")["tool"]["driver"]["rules"][0]
    assert [each["target"]["id"] for each in rule["relationships"]] == ["CWE-201", "CWE-359"]
    taxa = told("clinic")["taxonomies"][0]["taxa"]
    for each in rule["relationships"]:
        assert taxa[each["target"]["index"]]["id"] == each["target"]["id"]


def test_the_trail_is_one_flow_in_order() -> None:
    trail = (Step(EXTENDS, "extends base.html"), Step(INIT, "sets it up"))
    (flow,) = result(replace(finding(INIT, "X", "1"), trail=trail))["codeFlows"]
    (thread,) = flow["threadFlows"]
    assert [
        (step["executionOrder"], step["location"]["message"]["text"])
        for step in thread["locations"]
    ] == [(1, "extends base.html"), (2, "sets it up")]
