"""A suppression beside the code accepts nothing.

Why it matters: the finding that somebody once accepted is gone, or stands on another line now.
What is left over accepts the next finding that happens to come there, and nobody has looked at
that one.

What to do: remove the comment, or the rule that its brackets name for nothing.
A comment counts for its own line and, when nothing else stands on its lines, for the line below its
last one; in a container export it stands in the notes of the tag.
A rule that did not run in this scan is never called unused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzer.model import Finding, Judgement, Suppression
from analyzer.rules._review import about, has_ended, is_beside_code, nearest_line

CODE = "TL910"
SEVERITY = "warning"
SCORE = "2.0"
MESSAGE = "The suppression '{0}' accepts nothing for '{1}': '{2}'."
NEXT = "Remove the suppression, or move it to the line of its finding or the line before."


def review(judgement: Judgement) -> Iterator[Finding]:
    """A finding for each comment or note, with the rules that it names for nothing."""
    for suppression, unmet in zip(judgement.suppressions, judgement.unmet, strict=True):
        if (
            not is_beside_code(suppression)
            or suppression.wrong
            or has_ended(suppression, judgement.today)
            or _is_documentation(suppression.place.path, judgement)
        ):
            continue
        if unmet:
            yield about(suppression, ", ".join(unmet), why=_why(judgement, suppression, unmet))


def _why(judgement: Judgement, suppression: Suppression, rules: Sequence[str]) -> str:
    if suppression.kind == "tag-notes":
        return "there is no such finding for this tag"
    line = nearest_line(judgement, suppression, rules)
    return (
        f"the finding nearest to it is on line {line}" if line else "the file has no such finding"
    )


def _is_documentation(path: str, judgement: Judgement) -> bool:
    """Does the file show how suppressions are written, and is no page itself?"""
    return path.lower().endswith((".md", ".markdown")) and path not in judgement.site.pages
