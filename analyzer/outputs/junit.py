"""The findings as test results, which every CI server shows: a failed test is a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from analyzer.model import Finding, Report, Rule, Severity, State, Step
from analyzer.outputs import _words
from analyzer.outputs._chosen import accepted, from_top, path_from_top, worth_telling
from analyzer.outputs._gaps import gaps, unread
from analyzer.outputs._styled import count

if TYPE_CHECKING:
    from lxml.etree import _Element

SUFFIX = ".junit.xml"

TOOL = "trackerlint"
NAME = 500
STEP = 300
UNREAD = 200  # files and links that are listed


def write(report: Report, out: TextIO) -> None:
    # Here and not above: whoever writes another format need not load it.
    from lxml import etree

    suites = etree.Element("testsuites", name=TOOL)
    suites.append(_reading(report))
    rules = {rule.code: rule for rule in report.rules}
    findings: dict[str, list[Finding]] = {}
    for finding in worth_telling(report):
        findings.setdefault(finding.code, []).append(finding)
    for code in sorted(findings):
        suites.append(_suite(report, rules[code], findings[code]))
    for kind in ("tests", "failures", "errors", "skipped"):
        suites.set(kind, str(sum(int(suite.get(kind, "0")) for suite in suites)))
    etree.indent(suites)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(etree.tostring(suites, encoding="unicode"))
    out.write("\n")


# ---------------------------------------------------------------- what was read


def _reading(report: Report) -> _Element:
    """One test on the reading itself: an empty list of findings must not pass for an all-clear."""
    from lxml import etree

    suite = etree.Element("testsuite", name=TOOL)
    facts = {
        "version": report.version,
        "files-read": str(report.coverage.read),
        "accepted-findings": str(accepted(report)),
        "baseline": report.baseline,
    }
    properties = etree.SubElement(suite, "properties")
    for name, value in facts.items():
        if value:
            etree.SubElement(properties, "property", name=name, value=_clean(value))
    case = etree.SubElement(
        suite, "testcase", classname=TOOL, name="every file could be read", time="0"
    )
    if lost := gaps(report):
        etree.SubElement(case, "skipped", message=f"This is not an all-clear: {lost}.")
        etree.SubElement(case, "system-out").text = _clean("\n".join(_lost(report)))
    return _counted(suite)


def _lost(report: Report) -> Iterator[str]:
    folder = report.checkout.folder
    lines = [
        f"{path_from_top(skip.path, folder)}{f':{skip.line}' if skip.line else ''}: {skip.reason}"
        for skip in unread(report)
    ]
    lines += sorted(
        f"{path_from_top(lost.place.path, folder)}:{lost.place.line}: {lost.what} {lost.target}"
        for lost in report.coverage.unresolved
    )
    yield from (_words.sentence(line, NAME) for line in lines[:UNREAD])
    if len(lines) > UNREAD:
        yield f"… and {len(lines) - UNREAD} more"


# ---------------------------------------------------------------- findings


def _suite(report: Report, rule: Rule, findings: list[Finding]) -> _Element:
    """The findings of one rule; names are told apart, since readers keep one test of each name."""
    from lxml import etree

    suite = etree.Element("testsuite", name=f"{TOOL}.{rule.name}")
    seen: Counter[str] = Counter()
    for finding in findings:
        rooted = from_top(finding, report.checkout.folder)
        name = f"{rooted.place.path}:{rooted.place.line}: {rooted.message}"
        name = _clean(_words.sentence(name, NAME))
        seen[name] += 1
        case = etree.SubElement(
            suite,
            "testcase",
            classname=f"{TOOL}.{rule.name}",
            name=f"{name} ({seen[name]})" if seen[name] > 1 else name,
            file=_clean(_words.name(rooted.place.path)),
            line=str(rooted.place.line),
            time="0",
        )
        told = _clean("\n".join((_words.name(f"{rooted.place}:"), *_story(finding, rule))))
        _outcome(case, rooted, told)
    return _counted(suite)


def _outcome(case: _Element, finding: Finding, told: str) -> None:
    """A note is an inventory, and what was there before is nobody's news: neither is a failure."""
    from lxml import etree

    if finding.state is State.KNOWN:
        etree.SubElement(case, "skipped", message="The baseline holds this finding already.")
    elif finding.severity is not Severity.NOTE:
        message = _clean(_words.sentence(finding.message, NAME))
        failure = etree.SubElement(case, "failure", type=str(finding.severity), message=message)
        failure.text = told
        return
    etree.SubElement(case, "system-out").text = told


def _story(finding: Finding, rule: Rule) -> Iterator[str]:
    yield f"{_words.sentence(finding.message, NAME)} [{rule.code}]"
    if finding.place.text:
        yield f"    {_words.name(finding.place.text)}"
    for number, step in enumerate(finding.trail, 1):
        yield f"    {number}. {_said(step)}"
    for step in finding.related:
        yield f"    see {_said(step)}"
    if finding.pages:
        yield f"    on {count(len(finding.pages), 'page')}"
    if rule.next:
        yield f"Next step: {rule.next}"


def _said(step: Step) -> str:
    return f"{_words.name(step.place.path)}:{step.place.line}: {_words.sentence(step.text, STEP)}"


def _counted(suite: _Element) -> _Element:
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    suite.set("time", "0")
    return suite


def _clean(text: str) -> str:
    """Text that XML can hold."""
    bare = _words.code(text, len(text))
    return bare.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
