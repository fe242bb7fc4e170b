"""SARIF as services take it in: the schema, the places, the messages, and the limits."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from analyzer.model import Coverage, Finding, Place, Region, Rule, Skip, Step
from tests.records import (
    EVENT,
    FILES,
    IMAGE,
    INIT,
    LOADER,
    RULES,
    clinic,
    finding,
    report,
)
from tests.sarif.logs import REPORTS, everything, result, run_of, told, written

SCHEMA = json.loads((Path(__file__).parent / "sarif" / "sarif-2.1.0.json").read_bytes())


@pytest.fixture(params=REPORTS)
def run(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The run of each of the sample reports."""
    return told(request.param)


def region(result: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = result["locations"][0]["physicalLocation"]["region"]
    return found


# ---------------------------------------------------------------- the format


@pytest.mark.parametrize("name", REPORTS)
def test_the_schema_holds(name: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(written(REPORTS[name])))


def test_a_reader_of_streams_learns_first_what_it_reads() -> None:
    assert list(json.loads(written(clinic()))) == ["$schema", "version", "runs"]


def test_every_result_has_a_line_of_its_own() -> None:
    lines = written(clinic()).splitlines()
    assert len(lines) == 2 + len(told("clinic")["results"])


def test_the_rules_do_not_depend_on_what_was_found() -> None:
    assert told("clinic")["tool"] == run_of(report())["tool"]


def test_a_rule_carries_the_severity(run: dict[str, Any]) -> None:
    for rule in run["tool"]["driver"]["rules"]:
        properties = rule["properties"]
        assert isinstance(properties["security-severity"], str)
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert properties["tags"][0] == "security"
        assert len(properties["tags"]) <= 10
        assert re.fullmatch(r"([A-Z][a-z0-9]+)+", rule["name"])
    assert "rank" not in json.dumps(run["results"])


def test_a_level_is_written_even_when_it_is_the_default(run: dict[str, Any]) -> None:
    assert all("level" in each for each in run["results"])


def test_markup_in_help_is_not_taken_for_markup() -> None:
    text = told("clinic")["tool"]["driver"]["rules"][0]["help"]["markdown"]
    assert "&lt;script>" in text
    assert "`{% if not user %}`" in text


# ---------------------------------------------------------------- places


def test_every_place_has_an_address_inside_the_root_and_four_numbers(run: dict[str, Any]) -> None:
    for where in everything(run["results"], "physicalLocation"):
        assert where["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        uri = where["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[\w\-.~!$&'()*+,;=@/]|%[0-9A-F]{2})+", uri, re.ASCII)
        assert not {"", ".", ".."} & set(uri.split("/"))
        assert {"startLine", "startColumn", "endLine", "endColumn"} <= set(where["region"])


def test_the_root_itself_is_not_given_away(run: dict[str, Any]) -> None:
    assert set(run["originalUriBaseIds"]["%SRCROOT%"]) == {"description"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("app/(patient)/[slug]/page.tsx", "app/(patient)/%5Bslug%5D/page.tsx"),
        ("a b#c?.html", "a%20b%23c%3F.html"),
        ("c:d.html", "c%3Ad.html"),
        ("über.html", "%C3%BCber.html"),
        ("$id/@modal.html", "$id/@modal.html"),
        ("./../etc//x.html", "etc/x.html"),
        ("odd\udcff.html", "odd%FF.html"),
    ],
)
def test_a_path_becomes_an_address(path: str, uri: str) -> None:
    where = result(finding(replace(IMAGE, path=path), "X", rule=RULES[2]))
    assert where["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_columns_count_utf16_units() -> None:
    assert region(result(finding(INIT, "X", "1")))["startColumn"] == INIT.region.column + 1
    assert told("clinic")["columnKind"] == "utf16CodeUnits"


def test_a_region_without_utf16_columns_uses_those_it_has() -> None:
    place = Place("a.html", Region(3, 4, 3, 9), "words")
    assert region(result(finding(place, "X", "1"))) == {
        "startLine": 3,
        "startColumn": 4,
        "endLine": 3,
        "endColumn": 9,
        "snippet": {"text": "words"},
    }


def test_a_place_of_many_lines_is_clipped_to_its_first() -> None:
    line = FILES[EVENT.path].splitlines()[EVENT.line - 1]
    assert region(result(finding(EVENT, "X", "1"))) == {
        "startLine": 8,
        "startColumn": 5,
        "endLine": 8,
        "endColumn": len(line) + 1,
        "snippet": {"text": "fbq('track', 'Schedule', {"},
    }


def test_without_the_file_a_clipped_region_still_lies_on_its_line() -> None:
    assert region(result(finding(replace(EVENT, path="gone.html"), "X", "1"))) == {
        "startLine": 8,
        "startColumn": 5,
        "endLine": 8,
        "endColumn": 6,
        "snippet": {"text": EVENT.text},
    }


def test_every_region_lies_inside_its_file() -> None:
    for where in everything(told("clinic")["results"], "physicalLocation"):
        lines = FILES[unquote(where["artifactLocation"]["uri"])].splitlines()
        for each in (where["region"], where.get("contextRegion", where["region"])):
            end = lines[each["endLine"] - 1]
            assert each["endColumn"] <= len(end.encode("utf-16-le")) // 2 + 1


def test_lines_around_are_quoted_unless_one_is_endless() -> None:
    quoted = result(finding(INIT, "X", "1"))["locations"][0]["physicalLocation"]
    assert quoted["contextRegion"]["snippet"]["text"].count("\n") == 4
    endless = result(finding(LOADER, "X", "1"))["locations"][0]["physicalLocation"]
    assert "contextRegion" not in endless


# ---------------------------------------------------------------- messages


def test_links_lead_to_related_places(run: dict[str, Any]) -> None:
    for each in run["results"]:
        ids = [place["id"] for place in each.get("relatedLocations", [])]
        links = re.findall(r"\[[^][]*\]\((\d+)\)", each["message"]["text"])
        assert [int(link) for link in links] == ids == list(range(1, len(ids) + 1))
        assert len(ids) <= 20


def test_links_are_named_after_the_files() -> None:
    related = tuple(
        Step(replace(IMAGE, path=path), "Here.")
        for path in ("app/book/page.tsx", "app/[slug]/page.tsx", "templates/base.html")
    )
    text = result(replace(finding(INIT, "X", "1"), related=related))["message"]["text"]
    assert text == (
        "'X' runs on '1' pages behind a login. "
        "See [book/page.tsx](1), [slug/page.tsx](2), [base.html](3)."
    )


def test_texts_keep_their_limits(run: dict[str, Any]) -> None:
    for each in run["results"]:
        assert len(each["message"]["text"]) <= 1_000
        assert len(each.get("properties", {}).get("pages", [])) <= 500
        for flow in everything(each, "locations"):
            assert len(flow) <= 50
    for text in everything(run["results"], "text"):
        assert len(text) <= 2_500


def test_no_sign_in_a_message_stands_for_something_else(run: dict[str, Any]) -> None:
    for each in run["results"]:
        said = [each["message"]["text"], *each["message"].get("arguments", [])]
        assert not any(sign in text for text in said for sign in "{}\n\x1b\u202e")
        assert "](javascript" not in "".join(said)


def test_the_template_and_its_arguments_make_the_sentence() -> None:
    run = told("clinic")
    for each in run["results"]:
        rule = run["tool"]["driver"]["rules"][each["ruleIndex"]]
        template = rule["messageStrings"][each["message"]["id"]]["text"]
        text = each["message"]["text"]
        assert text.startswith(template.format(*each["message"]["arguments"]))


# ---------------------------------------------------------------- limits and order


def test_equal_results_are_written_once_and_suppressed_ones_not_at_all() -> None:
    once = finding(INIT, "X", "1")
    other = finding(INIT, "Y", "1")
    gone = replace(finding(IMAGE, "Z", "1"), suppressed="agreed")
    assert len(run_of(report(once, once, gone, other))["results"]) == 2


def test_of_too_many_results_the_worst_stay_and_the_rest_is_counted() -> None:
    def many(number: int, rule: Rule) -> list[Finding]:
        return [
            finding(replace(IMAGE, path=f"{index:05}.html"), "X", "1", "2", rule=rule)
            for index in range(number)
        ]

    run = run_of(report(*many(5_000, RULES[2]), *many(30, RULES[1]), *many(3, RULES[0])))
    levels = [each["level"] for each in run["results"]]
    assert len(levels) == 5_000
    assert (levels.count("error"), levels.count("warning")) == (3, 30)
    assert [each["message"]["text"] for each in notices(run)] == [
        "'33' more results are left out: "
        "the most severe ones that fit are here, other outputs hold them all."
    ]
    places = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in run["results"]
    ]
    assert places == sorted(places)


def test_a_large_log_leaves_out_what_only_helps_reading() -> None:
    pages = tuple(f"templates/page-{number}-{'x' * 80}.html" for number in range(500))
    wide = [replace(finding(INIT, "X", str(number)), pages=pages) for number in range(400)]
    results = run_of(report(*wide))["results"]
    assert len(results[0]["properties"]["pages"]) == 500
    assert "contextRegion" in results[0]["locations"][0]["physicalLocation"]
    assert len(results[-1]["properties"]["pages"]) == 5
    assert results[-1]["properties"]["pageCount"] == 500
    assert "contextRegion" not in results[-1]["locations"][0]["physicalLocation"]
    assert len(json.dumps(results)) < 10_000_000


# ---------------------------------------------------------------- what was not read


def notices(run: dict[str, Any]) -> list[dict[str, Any]]:
    (invocation,) = run["invocations"]
    found: list[dict[str, Any]] = invocation["toolExecutionNotifications"]
    return found


def test_what_was_not_read_is_said_with_a_declared_kind(run: dict[str, Any]) -> None:
    declared = [each["id"] for each in run["tool"]["driver"]["notifications"]]
    for notice in notices(run):
        assert declared[notice["descriptor"]["index"]] == notice["descriptor"]["id"]


def test_each_gap_is_a_notification() -> None:
    assert [each["message"]["text"] for each in notices(told("clinic"))] == [
        "'dist/vendor.js' was not read in full: over 20 MB.",
        "'templates/odd.html' was not read in full: unclosed tag.",
        "Could not follow: extends 'theme/base.html'.",
    ]


def test_too_many_gaps_end_with_a_count() -> None:
    skips = tuple(Skip(f"{number}.js", "over 20 MB") for number in range(1_500))
    said = notices(run_of(report(coverage=Coverage(1, skips))))
    assert len(said) == 1_001
    assert said[-1]["message"]["text"] == "'500' more files or links could not be read or followed."


def test_the_machine_and_the_moment_are_nobodys_business(run: dict[str, Any]) -> None:
    (invocation,) = run["invocations"]
    assert set(invocation) <= {"executionSuccessful", "toolExecutionNotifications"}
