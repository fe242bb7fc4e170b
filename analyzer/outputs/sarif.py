"""The findings as SARIF 2.1.0, one by one: a large log takes no more memory than a small one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from analyzer.model import SEVERITY_ORDER, Finding, Report, Rule

SUFFIX = ".sarif"

RESULTS = 5_000  # what code-scanning services show of one run
ROOMY = 6_000_000  # characters: results after these leave out what only helps reading

_NO_RESULTS = '"results":[]'


def write(report: Report, out: TextIO) -> None:
    # Here and not above: loading the object model takes longer than a small scan.
    from analyzer.outputs._sarif_encode import encode
    from analyzer.outputs._sarif_results import result
    from analyzer.outputs._sarif_run import invocation, log

    findings = _worth_writing(report.findings)
    kept = _most_urgent(findings, report.rules)
    rules = {rule.code: (index, rule) for index, rule in enumerate(report.rules)}

    head, tail = encode(log(report)).split(_NO_RESULTS)
    out.write(f'{head}"results":[')
    written, before = 0, "\n"
    for finding in kept:
        index, rule = rules[finding.code]
        excerpt = report.excerpts.get(finding.place)
        text = encode(result(finding, rule, index, excerpt, lean=written > ROOMY))
        out.write(before + text)
        written, before = written + len(text), ",\n"
    invocations = encode([invocation(report.coverage, dropped=len(findings) - len(kept))])
    out.write(f'],\n"invocations":{invocations}{tail}\n')


def _worth_writing(findings: Iterable[Finding]) -> list[Finding]:
    """Each open finding once: services open two alerts for two equal results."""
    return list(
        {
            (each.code, each.place.path, each.place.region, each.message): each
            for each in findings
            if each.suppressed is None
        }.values()
    )


def _most_urgent(findings: list[Finding], rules: Iterable[Rule]) -> list[Finding]:
    """The findings that fit, by place; where some have to go, the worst stay."""
    scores = {rule.code: float(rule.score) for rule in rules}

    def urgency(finding: Finding) -> tuple[int, float, int]:
        return (SEVERITY_ORDER.index(finding.severity), -scores[finding.code], -len(finding.pages))

    return sorted(sorted(sorted(findings, key=_order), key=urgency)[:RESULTS], key=_order)


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    region = finding.place.region
    return finding.place.path, region.line, region.column, finding.code, finding.message
