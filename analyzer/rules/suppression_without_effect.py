"""A suppression is written in a way that cannot count.

Why it matters: its author believes that a finding is accepted, and it is not; or the other way
round, a reader believes that somebody gave a reason.

What to do: write `trackerlint: ignore[rule-name] -- reason` at the beginning of a comment.
The brackets name one rule or several by their whole names or codes; there is no way to accept
everything at once.
Behind them may stand `until=2027-01-31`, the last day on which it counts, and `owner=team`, who
decided.
The reason is behind two hyphens (or a dash, where XML allows no two hyphens in a comment).
In a container export it stands in the notes of the tag that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from analyzer.model import Finding, Judgement, Rule
from analyzer.rules._review import about, is_beside_code

CODE = "TL912"
SEVERITY = "warning"
SCORE = "3.0"
MESSAGE = "The suppression '{0}' does not count: '{1}'."
NEXT = "Write it as trackerlint: ignore[rule-name] -- reason, or remove it."


def review(judgement: Judgement) -> Iterator[Finding]:
    """A finding for each suppression that is written wrongly, and each rule that does not exist."""
    known = {name for rule in judgement.rules for name in (rule.code, rule.name)}
    for suppression in judgement.suppressions:
        if suppression.wrong:
            yield about(suppression, suppression.wrong)
        elif is_beside_code(suppression):
            for name in suppression.rules:
                if name not in known:
                    yield about(suppression, _unknown(name, judgement.rules))


def _unknown(name: str, rules: Sequence[Rule]) -> str:
    names = [each for rule in rules for each in (rule.name, rule.code)]
    close = get_close_matches(name, names, 1, 0.75)
    hint = f"did you mean {close[0]}?" if close else "trackerlint list rules shows the names"
    return f"no rule is called {name}; {hint}"
