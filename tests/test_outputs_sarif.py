"""SARIF as services take it in: the schema, the places, the messages, and the limits."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from analyzer.model import (
    Checkout,
    Coverage,
    Edit,
    Finding,
    Fix,
    Place,
    Policy,
    Region,
    Report,
    Rule,
    Severity,
    Site,
    Skip,
    State,
    Step,
    Suppression,
    Telling,
)
from tests.records import (
    EVENT,
    EXTENDS,
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
    gone = replace(finding(IMAGE, "Z", "1"), suppressed=Suppression("ignore", INIT, "agreed"))
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


def test_a_scan_that_read_nothing_did_not_succeed() -> None:
    for read in (0, 1):
        (invocation,) = run_of(report(coverage=Coverage(read)))["invocations"]
        assert invocation["executionSuccessful"] is bool(read)


def test_what_somebody_left_out_is_a_note() -> None:
    skips = (Skip("dist", "build results", kind="left-out"), Skip("a.js", "over 20 MB"))
    said = [
        (each["level"], each["message"]["text"])
        for each in notices(run_of(report(coverage=Coverage(1, skips))))
    ]
    assert said == [
        ("warning", "'a.js' was not read in full: over 20 MB."),
        ("note", "'dist' was left out: build results."),
    ]


def test_a_configuration_that_was_not_read_is_configuration_trouble() -> None:
    site = Site({}, {}, (), policy=Policy(files=("trackerlint.toml",)))
    coverage = Coverage(1, (Skip("trackerlint.toml", "it is not text"), Skip("a.js", "over 20 MB")))
    (invocation,) = run_of(report(site=site, coverage=coverage))["invocations"]
    (notice,) = invocation["toolConfigurationNotifications"]
    assert notice["message"]["text"] == "'trackerlint.toml' was not read in full: it is not text."
    assert notice["descriptor"]["id"] == "configuration-skipped"
    assert len(invocation["toolExecutionNotifications"]) == 1


# ---------------------------------------------------------------- what people said of a finding

COMMENT = Suppression(
    "comment", EXTENDS, "agreed with {legal} [see](1)", owner="web team", until=date(2027, 1, 31)
)


def told_by(telling: Telling, *findings: Finding, baseline: str = "") -> list[dict[str, Any]]:
    made = replace(report(*findings), telling=telling, baseline=baseline)
    valid(made)
    results: list[dict[str, Any]] = run_of(made)["results"]
    return results


def valid(made: Report) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(written(made)))


def test_accepted_results_are_written_when_asked_and_then_every_result_says_so() -> None:
    gone = replace(finding(IMAGE, "Z", "1"), suppressed=COMMENT)
    here = finding(INIT, "X", "1")
    assert [each.get("suppressions") for each in told_by(Telling(), gone, here)] == [None]
    first, second = told_by(Telling(suppressed=True), gone, here)
    assert second["suppressions"] == []
    (suppression,) = first["suppressions"]
    where = suppression.pop("location")["physicalLocation"]
    assert suppression == {
        "kind": "inSource",
        "status": "accepted",
        "justification": "agreed with legal [see] (1) (owner: web team; until 2027-01-31)",
    }
    assert where["artifactLocation"]["uri"] == "templates/book.html"
    assert where["region"]["startLine"] == 1


@pytest.mark.parametrize(
    ("kind", "written_as"),
    [
        ("comment", "inSource"),
        ("tag-notes", "inSource"),
        ("ignore", "external"),
        ("allowed", "external"),
        ("agreement", "external"),
    ],
)
def test_a_suppression_says_where_it_was_given(kind: str, written_as: str) -> None:
    gone = replace(finding(IMAGE, "Z", "1"), suppressed=Suppression(kind, INIT))
    ((suppression,),) = (each["suppressions"] for each in told_by(Telling(suppressed=True), gone))
    assert suppression["kind"] == written_as


def test_the_state_of_the_baseline_is_in_all_results_or_in_none() -> None:
    known = replace(finding(INIT, "X", "1"), state=State.KNOWN)
    new = replace(finding(IMAGE, "Y", "1"), state=State.NEW)
    asked = Telling(baseline_state=True)
    assert [each["baselineState"] for each in told_by(asked, known, new, baseline="old.sarif")] == [
        "new",
        "unchanged",
    ]
    for telling, baseline in ((asked, ""), (Telling(), "old.sarif")):
        results = told_by(telling, known, new, baseline=baseline)
        assert not any("baselineState" in each for each in results)


def test_what_was_known_is_left_out_when_asked() -> None:
    known = replace(finding(INIT, "X", "1"), state=State.KNOWN)
    new = replace(finding(IMAGE, "Y", "1"), state=State.NEW)
    (result,) = told_by(Telling(new_only=True), known, new, baseline="old.sarif")
    assert result["message"]["arguments"] == ["Y", "1"]


def test_a_severity_of_the_configuration_counts_where_services_look() -> None:
    def score(severity: Severity, own: str) -> str:
        rule = replace(RULES[0], severity=severity, score=own)
        run = run_of(report(rules=(rule,)))
        said: str = run["tool"]["driver"]["rules"][0]["properties"]["security-severity"]
        return said

    assert score(Severity.ERROR, "8.6") == "8.6"
    assert score(Severity.NOTE, "8.6") == "3.1"
    assert score(Severity.WARNING, "8.6") == "5.5"
    assert score(Severity.ERROR, "1.1") == "8.1"


# ---------------------------------------------------------------- fixes and flows


def test_a_fix_says_what_goes_and_what_comes() -> None:
    edits = (
        Edit(INIT.path, INIT.region, "fbq('consent', 'revoke');\n\t\x0b"),
        Edit(IMAGE.path, Region(1, 1, 2, 1, (1, 1)), ""),
        Edit(INIT.path, Region(1, 1, 1, 1, (1, 1)), "{{ x }}"),
    )
    (result,) = told_by(
        Telling(), replace(finding(INIT, "X", "1"), fixes=(Fix("Ask first.", edits),))
    )
    (fix,) = result["fixes"]
    assert fix["description"]["text"] == "Ask first."
    base, page = fix["artifactChanges"]
    assert base["artifactLocation"]["uri"] == "templates/base.html"
    assert page["artifactLocation"]["uri"] == "app/(patient)/%5Bslug%5D/page.tsx"
    assert base["replacements"] == [
        {
            "deletedRegion": {"startLine": 5, "startColumn": 14, "endLine": 5, "endColumn": 39},
            "insertedContent": {"text": "fbq('consent', 'revoke');\n\t\x0b"},
        },
        {
            "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
            "insertedContent": {"text": "{{ x }}"},
        },
    ]
    assert "insertedContent" not in page["replacements"][0]


@pytest.mark.parametrize("text", ["\ud800", "x" * 30_000])
def test_a_fix_that_cannot_be_told_exactly_is_not_offered(text: str) -> None:
    fixes = (Fix("Change it.", (Edit(INIT.path, INIT.region, text),)), Fix("Nothing.", ()))
    assert "fixes" not in result(replace(finding(INIT, "X", "1"), fixes=fixes))


def test_only_a_rule_about_data_has_a_source_and_a_sink() -> None:
    trail = (Step(EXTENDS, "one"), Step(INIT, "two"), Step(EVENT, "three"))
    for rule, kinds in (
        (RULES[0], [None, None, None]),
        (RULES[1], [["taint", "source"], ["taint"], ["taint", "sink"]]),
    ):
        (flow,) = result(replace(finding(INIT, "X", "1", "2", rule=rule), trail=trail))["codeFlows"]
        steps = flow["threadFlows"][0]["locations"]
        assert [step.get("kinds") for step in steps] == kinds
        assert [step.get("importance", "important") for step in steps] == [
            "essential",
            "important",
            "essential",
        ]


# ---------------------------------------------------------------- where the files lie


def test_files_are_named_from_the_top_of_the_repository() -> None:
    checkout = Checkout("sites/main site", "https://github.com/clinic/site", "0" * 40, "trunk")
    gone = replace(
        finding(IMAGE, "Z", "1"),
        suppressed=COMMENT,
        fixes=(Fix("Go.", (Edit(IMAGE.path, IMAGE.region, ""),)),),
    )
    before = clinic()
    made = replace(
        before,
        checkout=checkout,
        telling=Telling(suppressed=True),
        findings=(*(each for each in before.findings if each.suppressed is None), gone),
    )
    valid(made)
    run = run_of(made)
    uris = [
        each["uri"] for each in everything([run["results"], run["invocations"]], "artifactLocation")
    ]
    assert uris
    assert all(uri.startswith("sites/main%20site/") for uri in uris)
    assert run["automationDetails"]["id"] == "trackerlint/sites/main site/"
    assert run["versionControlProvenance"] == [
        {
            "repositoryUri": "https://github.com/clinic/site",
            "revisionId": "0" * 40,
            "branch": "trunk",
            "mappedTo": {"uriBaseId": "%SRCROOT%"},
        }
    ]
    # What is around a finding does not depend on where the folder lies.
    assert "contextRegion" in run["results"][0]["locations"][0]["physicalLocation"]


def test_nothing_leads_to_a_page_that_does_not_exist(run: dict[str, Any]) -> None:
    assert "informationUri" not in run["tool"]["driver"]
    for address in everything(run, "helpUri"):
        assert address.startswith("https://cwe.mitre.org/data/definitions/")


def test_a_rule_leads_to_the_first_page_that_its_help_names() -> None:
    rule = replace(RULES[0], help="See https://www.hhs.gov/hipaa/x.html, and https://example.org.")
    run = run_of(report(rules=(rule,)))
    assert run["tool"]["driver"]["rules"][0]["helpUri"] == "https://www.hhs.gov/hipaa/x.html"


def test_the_help_ends_with_the_next_step_and_how_to_accept() -> None:
    rule = replace(RULES[0], next="Take it away.")
    text = run_of(report(rules=(rule,)))["tool"]["driver"]["rules"][0]["help"]["text"]
    assert text.endswith(
        "Next step: Take it away.\n\nTo accept a finding, give the reason in a comment on the line "
        "before it: `trackerlint: ignore[tracker-on-portal-page] -- reason`"
    )
