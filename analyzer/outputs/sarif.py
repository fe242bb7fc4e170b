"""The findings as SARIF 2.1.0, one by one: a large log takes no more memory than a small one."""

from __future__ import annotations

from typing import TextIO

from analyzer.model import Report
from analyzer.outputs._chosen import from_top, order, urgent_first, worth_telling

SUFFIX = ".sarif"

RESULTS = 5_000  # what code-scanning services show of one run
ROOMY = 6_000_000  # characters: results after these leave out what only helps reading

_NO_RESULTS = '"results":[]'


def write(report: Report, out: TextIO) -> None:
    # Here and not above: loading the object model takes longer than a small scan.
    from analyzer.outputs._sarif_encode import encode
    from analyzer.outputs._sarif_results import result
    from analyzer.outputs._sarif_run import invocation, log

    findings = worth_telling(report, suppressed=report.telling.suppressed)
    kept = sorted(urgent_first(findings, report.rules)[:RESULTS], key=order)
    rules = {rule.code: (index, rule) for index, rule in enumerate(report.rules)}

    head, tail = encode(log(report)).split(_NO_RESULTS)
    out.write(f'{head}"results":[')
    written, before = 0, "\n"
    for finding in kept:
        index, rule = rules[finding.code]
        text = encode(
            result(
                from_top(finding, report.checkout.folder),
                rule,
                index,
                report.excerpts.get(finding.place),
                report.telling,
                compared=bool(report.baseline or report.base),
                lean=written > ROOMY,
            )
        )
        out.write(before + text)
        written, before = written + len(text), ",\n"
    invocations = encode([invocation(report, dropped=len(findings) - len(kept))])
    out.write(f'],\n"invocations":{invocations}{tail}\n')
