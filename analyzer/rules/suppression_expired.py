"""A suppression has passed its last day, and what it accepted counts again.

Why it matters: whoever set the day wanted somebody to look again: a contract was to be signed, a
page to be taken down, a vendor to be replaced.

What to do: fix the finding and remove the suppression.
Where it is still accepted, give it a new day, and say in the reason who decided that.
The day itself still counts; from the next one on the findings are open.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Judgement
from analyzer.rules._review import about, has_ended

CODE = "TL911"
SEVERITY = "warning"
SCORE = "3.0"
MESSAGE = "The suppression '{0}' of '{2}' ended on '{1}'; what it accepted counts again."
NEXT = "Fix what it accepted and remove it, or have its owner set a new day with a reason."


def review(judgement: Judgement) -> Iterator[Finding]:
    """A finding for each suppression whose last day is over, wherever it was written."""
    for suppression in judgement.suppressions:
        if (
            has_ended(suppression, judgement.today)
            and suppression.kind != "agreement"  # a rule of its own tells those
            and not suppression.wrong
        ):
            yield about(
                suppression, str(suppression.until), suppression.owner or "an owner not named"
            )
