"""The findings as test results, as CI servers read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import pytest
from lxml import etree

from analyzer.model import Checkout, Coverage, Place, Report, State, Suppression
from analyzer.outputs import junit
from tests.records import INIT, RULES, clinic, finding, hostile, report


def told(report: Report) -> etree._Element:
    out = StringIO()
    junit.write(report, out)
    return etree.fromstring(out.getvalue().encode())


def attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.items()}


def cases(suites: etree._Element) -> Iterator[etree._Element]:
    return suites.iter("testcase")


@pytest.mark.parametrize(
    "made", [clinic(), hostile(), report()], ids=["clinic", "hostile", "empty"]
)
def test_the_counts_are_those_of_the_cases(made: Report) -> None:
    suites = told(made)
    for suite in (suites, *suites):
        assert int(suite.get("tests", "")) == sum(1 for _ in cases(suite))
        assert int(suite.get("failures", "")) == sum(1 for _ in suite.iter("failure"))
        assert int(suite.get("skipped", "")) == sum(1 for _ in suite.iter("skipped"))
        assert suite.get("errors") == "0"


def test_a_finding_is_a_failed_test_of_its_rule() -> None:
    rule = replace(RULES[0], next="Take it away.")
    made = replace(clinic(), rules=(rule, *RULES[1:]), checkout=Checkout("site"))
    (case,) = (
        each for each in cases(told(made)) if each.get("classname", "").endswith("portal-page")
    )
    assert attributes(case) == {
        "classname": "trackerlint.tracker-on-portal-page",
        "name": "site/templates/base.html:5: 'Meta Pixel' runs on '3' pages behind a login.",
        "file": "site/templates/base.html",
        "line": "5",
        "time": "0",
    }
    (failure,) = case
    assert attributes(failure) == {
        "type": "error",
        "message": "'Meta Pixel' runs on '3' pages behind a login.",
    }
    assert (failure.text or "").splitlines() == [
        "site/templates/base.html:5:13:",
        "'Meta Pixel' runs on '3' pages behind a login. [TL101]",
        "    fbq('init', '1234567890')",
        "    1. templates/book.html:1: extends base.html",
        "    2. templates/base.html:5: sets up 'Meta Pixel'",
        "    see templates/book.html:1: This page extends the layout.",
        "    see app/(patient)/[slug]/page.tsx:2: This page has a pixel of its own.",
        "    on 7 pages",
        "Next step: Take it away.",
    ]


def test_a_note_passes_and_what_was_known_is_skipped() -> None:
    note = finding(INIT, "Hotjar", rule=RULES[2])
    known = replace(finding(INIT, "X", "1"), state=State.KNOWN)
    _, first, second = cases(told(report(note, known)))
    assert [child.tag for child in first] == ["skipped", "system-out"]
    assert [child.tag for child in second] == ["system-out"]


def test_what_was_not_read_is_a_test_of_its_own() -> None:
    (whole, *_) = cases(told(report()))
    (gaps, *_) = cases(told(clinic()))
    assert [child.tag for child in whole] == []
    skipped, listed = gaps
    assert gaps.get("name") == whole.get("name") == "every file could be read"
    assert skipped.get("message") == (
        "This is not an all-clear: 2 files not read in full, 1 link not followed, "
        "1 container with unknown contents."
    )
    assert (listed.text or "").splitlines() == [
        "dist/vendor.js: over 20 MB",
        "templates/odd.html:12: unclosed tag",
        "templates/book.html:1: extends theme/base.html",
    ]


def test_accepted_findings_are_counted() -> None:
    gone = replace(finding(INIT, "Z", "1"), suppressed=Suppression("ignore", INIT, "agreed"))
    suites = told(report(gone))
    assert [each.get("classname") for each in cases(suites)] == ["trackerlint"]
    properties = {each.get("name"): each.get("value") for each in suites.iter("property")}
    assert properties == {"version": "0.1.0", "files-read": "5", "accepted-findings": "1"}


def test_equal_names_are_told_apart() -> None:
    other = replace(INIT, region=replace(INIT.region, column=20, end_column=25))
    suites = told(report(finding(INIT, "X", "1"), finding(other, "X", "1")))
    names = [each.get("name", "") for each in cases(suites)]
    assert len(names) == len(set(names)) == 3
    assert names[2].endswith(" (2)")


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    place = Place("a\x00\ufffe\uffff\ud800.html", INIT.region, "\x0b<&>\"'")
    suites = told(report(finding(place, message="bad \x01 ]]> &amp; \ufffe"), coverage=Coverage(1)))
    assert "bad \ufffd ]]> &amp; \ufffd" in (list(cases(suites))[1].get("name") or "")
