"""Annotations as a GitHub runner reads them: commands of one line, the worst ones first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from io import StringIO

from analyzer.model import (
    Checkout,
    Coverage,
    Finding,
    Report,
    Rule,
    Skip,
    State,
    Suppression,
    Telling,
)
from analyzer.outputs import github
from tests.records import EVENT, IMAGE, INIT, RULES, clinic, finding, hostile, report


@dataclass(frozen=True)
class Command:
    kind: str
    properties: dict[str, str]
    text: str


def lines(report: Report) -> list[str]:
    out = StringIO()
    github.write(report, out)
    return out.getvalue().split("\n")[:-1]


def told(report: Report) -> list[Command]:
    """The commands as the runner takes them apart."""
    found = []
    for line in lines(report):
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match, line
        properties = dict(each.split("=", 1) for each in match[2].split(","))
        found.append(
            Command(
                match[1],
                {name: plain(value) for name, value in properties.items()},
                plain(match[3]),
            )
        )
    return found


def plain(text: str) -> str:
    signs = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
    return re.sub("%(?:0D|0A|3A|2C|25)", lambda match: signs[match[0]], text)


def many(number: int, rule: Rule) -> list[Finding]:
    return [
        finding(replace(IMAGE, path=f"{index:05}.html"), "X", "1", "2", rule=rule)
        for index in range(number)
    ]


def test_a_finding_is_one_command_with_its_place_its_rule_and_its_story() -> None:
    rule = replace(RULES[0], next="Take it away.")
    (first, *_) = told(replace(clinic(), rules=(rule, *RULES[1:])))
    assert first == Command(
        "error",
        {
            "file": "templates/base.html",
            "line": "5",
            "endLine": "5",
            "col": "13",
            "endColumn": "38",
            "title": "tracker-on-portal-page (TL101)",
        },
        "'Meta Pixel' runs on '3' pages behind a login.\n"
        "- templates/book.html:1: extends base.html\n"
        "- templates/base.html:5: sets up 'Meta Pixel'\n"
        "Next step: Take it away.",
    )


def test_a_place_of_many_lines_is_marked_at_its_first() -> None:
    (command, _) = told(report(finding(EVENT, "X", "1")))
    assert command.properties["line"] == command.properties["endLine"] == "8"
    assert "endColumn" not in command.properties


def test_signs_that_end_a_command_or_a_property_are_escaped() -> None:
    place = replace(IMAGE, path="a,b:c%0A::error::d\r\n.html")
    (line, _) = lines(report(finding(place, message="50 % of\r\n::error::it %0A")))
    assert line.startswith("::error file=a%2Cb%3Ac%250A%3A%3Aerror%3A%3Ad\ufffd\ufffd.html,line=2,")
    assert line.endswith("::50 %25 of ::error::it %250A")


def test_hostile_words_stay_inside_their_command() -> None:
    commands = told(hostile())
    assert commands[-1].properties == {"title": "trackerlint"}
    assert not any("\x1b" in line or "\u202e" in line for line in lines(hostile()))


def test_of_each_kind_as_many_are_told_as_github_shows_and_the_last_word_counts_the_rest() -> None:
    everything = [*many(400, RULES[2]), *many(30, RULES[1]), *many(12, RULES[0])]
    commands = told(report(*everything, coverage=Coverage(900, (Skip("a.js", "over 20 MB"),))))
    kinds = [each.kind for each in commands]
    assert kinds == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert commands[-2].text == (
        "This is not an all-clear: 1 file not read in full; first a.js: over 20 MB."
    )
    assert commands[-1].text == (
        "442 findings in 900 files that were read, 28 of them shown as annotations; a report such "
        "as -o report.json holds the other 414."
    )


def test_the_worst_come_first_and_new_ones_before_known_ones() -> None:
    mild = replace(RULES[0], code="TL109", name="milder", score="7.0")
    wide = replace(finding(INIT, "wide", "9"), pages=("a", "b"))
    known = replace(finding(IMAGE, "known", "9"), state=State.KNOWN, pages=("a", "b", "c"))
    found = (known, finding(EVENT, "mild", "9", rule=mild), finding(EVENT, "bad", "9"), wide)
    commands = told(report(*found, rules=(*RULES, mild)))
    assert [each.text.split("'")[1] for each in commands[:4]] == ["wide", "bad", "mild", "known"]


def test_accepted_findings_are_counted_and_known_ones_left_out_when_asked() -> None:
    gone = replace(finding(IMAGE, "Z", "1"), suppressed=Suppression("ignore", INIT, "agreed"))
    known = replace(finding(EVENT, "K", "1"), state=State.KNOWN)
    made = replace(report(gone, known, finding(INIT, "X", "1")), telling=Telling(new_only=True))
    first, last = told(made)
    assert first.text == "'X' runs on '1' pages behind a login."
    assert last.text == "1 finding in 5 files that were read; 1 accepted finding not shown."


def test_nothing_found_is_said_and_nothing_read_too() -> None:
    assert [each.text for each in told(report())] == ["0 findings in 5 files that were read."]
    assert [each.text for each in told(report(coverage=Coverage(0)))] == [
        "This is not an all-clear: no file was read.",
        "0 findings in 0 files that were read.",
    ]


def test_files_are_named_from_the_top_of_the_repository() -> None:
    (command, *_) = told(replace(report(finding(INIT, "X", "1")), checkout=Checkout("sites/a")))
    assert command.properties["file"] == "sites/a/templates/base.html"
