"""An entry of the configuration that nothing in this site answers to.

Why it matters: an agreement, an exception or a page class that matches nothing is a slip of the
pen, or is left over from a site that has changed.
The first gives a false sense of safety, the second accepts what comes next.

What to do: correct the vendor, the path or the rule that it names, or remove the entry.
A configuration whose folder was read only in part is not held against what was read, nor are
rules that did not run.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Judgement, Step
from analyzer.rules._review import has_ended, said

CODE = "TL913"
SEVERITY = "warning"
SCORE = "2.0"
MESSAGE = "Nothing in this site answers to '{0}'."
NEXT = "Correct what the entry names, or remove it from the configuration."


def review(judgement: Judgement) -> Iterator[Finding]:
    """A finding for each exception that accepts nothing, and each entry that matches nothing."""
    for suppression, count, unmet in zip(
        judgement.suppressions, judgement.settled, judgement.unmet, strict=True
    ):
        if (
            unmet
            and suppression.kind in ("ignore", "allowed")
            and not suppression.wrong
            and not has_ended(suppression, judgement.today)
            and suppression.place.path not in judgement.site.policy.partly
        ):
            if not count:
                yield _idle(Step(suppression.place, said(suppression)))
            else:
                for name in unmet:
                    yield _idle(Step(suppression.place, f"{name} in {said(suppression)}"))
    yield from map(_idle, judgement.idle)


def _idle(entry: Step) -> Finding:
    return Finding(
        place=entry.place,
        arguments=(entry.text,),
        anchor=("entry", entry.place.path, entry.text),
    )
