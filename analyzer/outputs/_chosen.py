"""Which findings a service is told, in which order, and under the paths by which it knows files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analyzer.model import SEVERITY_ORDER, Finding, Place, Report, Rule, State, Step


def worth_telling(report: Report, *, suppressed: bool = False) -> list[Finding]:
    """Each finding once: services open two alerts for two equal results.

    What is accepted is left out unless `suppressed` asks for it, and what was known before where
    the user wants new findings only.
    """
    return list(
        {
            (each.code, each.place.path, each.place.region, each.message): each
            for each in sorted(report.findings, key=order)
            if (suppressed or each.is_open)
            and not (report.telling.new_only and each.state is State.KNOWN)
        }.values()
    )


def urgent_first(findings: Iterable[Finding], rules: Iterable[Rule]) -> list[Finding]:
    """The findings that somebody should see first: new ones, the worst of them, on most pages."""
    scores = {rule.code: float(rule.score) for rule in rules}

    def urgency(finding: Finding) -> tuple[bool, bool, int, float, int]:
        return (
            not finding.is_open,
            finding.state is State.KNOWN,
            SEVERITY_ORDER.index(finding.severity),
            -scores[finding.code],
            -len(finding.pages),
        )

    return sorted(sorted(findings, key=order), key=urgency)


def order(finding: Finding) -> tuple[str, int, int, str, str]:
    """By place."""
    region = finding.place.region
    return finding.place.path, region.line, region.column, finding.code, finding.message


def told(report: Report) -> list[Finding]:
    """All findings, or all that a baseline does not hold where the user wants no others."""
    return [
        each
        for each in report.findings
        if not (report.telling.new_only and each.state is State.KNOWN)
    ]


def accepted(report: Report) -> int:
    """How many of the findings that are told somebody accepts."""
    return sum(not each.is_open for each in told(report))


def known(report: Report) -> int:
    """How many findings were there before, apart from those that are told as accepted."""
    return sum(
        each.state is State.KNOWN and (each.is_open or report.telling.new_only)
        for each in report.findings
    )


# ---------------------------------------------------------------- paths


def from_top(finding: Finding, folder: str) -> Finding:
    """The finding with its paths from the top of the repository: services know no other ones."""
    if not folder:
        return finding
    word = finding.suppressed
    return replace(
        finding,
        place=_place(finding.place, folder),
        trail=tuple(_step(each, folder) for each in finding.trail),
        related=tuple(_step(each, folder) for each in finding.related),
        pages=tuple(path_from_top(page, folder) for page in finding.pages),
        suppressed=replace(word, place=_place(word.place, folder)) if word else None,
        fixes=tuple(
            replace(
                fix,
                edits=tuple(
                    replace(edit, path=path_from_top(edit.path, folder)) for edit in fix.edits
                ),
            )
            for fix in finding.fixes
        ),
    )


def path_from_top(path: str, folder: str) -> str:
    """A scanned file's path from the top of the repository."""
    return f"{folder}/{path}" if folder and path else path


def _place(place: Place, folder: str) -> Place:
    return replace(place, path=path_from_top(place.path, folder))


def _step(step: Step, folder: str) -> Step:
    return replace(step, place=_place(step.place, folder))
