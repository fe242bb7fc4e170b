"""What a report cannot speak of, counted in one sentence: for outputs without room for a list."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Report, Skip
from analyzer.outputs._receipt import unread_containers
from analyzer.outputs._styled import count

REASON = 200


def gaps(report: Report) -> str:
    """Such as "2 files not read in full, 1 link not followed"; empty where there is no gap."""
    return ", ".join(_gaps(report))


def unread(report: Report) -> list[Skip]:
    """The files that were not read, or not in full, though nobody asked to leave them out."""
    return sorted(
        (skip for skip in report.coverage.skips if skip.kind != "left-out"),
        key=lambda skip: (skip.path, skip.line, skip.reason),
    )


def _gaps(report: Report) -> Iterator[str]:
    if not report.coverage.read:
        yield "no file was read"
    if files := len({skip.path for skip in unread(report)}):
        yield f"{count(files, 'file')} not read in full"
    if links := len(report.coverage.unresolved):
        yield f"{count(links, 'link')} not followed"
    if containers := len(unread_containers(report)):
        yield f"{count(containers, 'container')} with unknown contents"
