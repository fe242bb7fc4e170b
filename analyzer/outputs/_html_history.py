"""What changed since an earlier run, and how the numbers went from run to run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.model import Finding, Gone, Past, keys_of
from analyzer.outputs._html_gathered import Gathered
from analyzer.outputs._receipt import since

MOST_RUNS = 24
MOST_LISTED = 100
WIDTH = 120  # of the longest bar


@dataclass(frozen=True, slots=True)
class Bar:
    """One run in the drawing: its numbers, and how long its bars are."""

    past: Past
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The runs before this one, as the page tells them."""

    sentence: str
    new: tuple[Finding, ...]
    more_new: int
    gone: tuple[Gone, ...]
    more_gone: int
    bars: tuple[Bar, ...]


def changes(gathered: Gathered, findings: Iterable[Finding]) -> Changes | None:
    """Nothing where no runs are kept."""
    history = gathered.report.history
    if history is None:
        return None
    new = [each for each in findings if each.fingerprint in history.new]
    runs = history.trend[-MOST_RUNS:]
    most = max((each.errors + each.warnings for each in runs), default=0) or 1
    return Changes(
        f"{since(gathered.report).rstrip('.')}.",
        tuple(new[:MOST_LISTED]),
        max(0, len(new) - MOST_LISTED),
        history.gone[:MOST_LISTED],
        max(0, len(history.gone) - MOST_LISTED),
        tuple(
            Bar(each, round(WIDTH * each.errors / most), round(WIDTH * each.warnings / most))
            for each in runs
        ),
    )


def first_seen(gathered: Gathered) -> dict[str, str]:
    """The day of the first kept run that found each vendor."""
    history = gathered.report.history
    if history is None:
        return {}
    keys = keys_of(gathered.site)
    found: dict[str, str] = {}
    for snippet in gathered.site.snippets:
        day = history.first_seen.get(keys[snippet.group])
        if day is not None:
            said = day.isoformat()
            found[snippet.vendor] = min(said, found.get(snippet.vendor, said))
    return found
