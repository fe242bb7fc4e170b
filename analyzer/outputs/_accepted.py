"""What somebody accepts, by their word: it does not count, and it stays in sight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzer.model import Finding, Suppression
from analyzer.outputs import _words
from analyzer.outputs._headline import headline
from analyzer.outputs._styled import Line, cut

LISTED = 20  # findings that one word accepts
REASON = 300
WORDS = {
    "comment": "a comment at",
    "tag-notes": "the notes of a tag at",
    "ignore": "an exception in",
    "allowed": "a vendor allowed in",
    "agreement": "an agreement in",
}


def accepted_lines(findings: Sequence[Finding]) -> Iterator[Line]:
    """The findings under the word that accepts them: whose it is, how long it counts, and why."""
    if not findings:
        return
    yield [(f"{len(findings)} accepted", "bold green")]
    yield []
    by_word: dict[Suppression, list[Finding]] = {}
    for finding in findings:
        if finding.suppressed is not None:
            by_word.setdefault(finding.suppressed, []).append(finding)
    for word, own in by_word.items():
        yield from map(headline, own[:LISTED])
        if len(own) > LISTED:
            yield cut(len(own) - LISTED, "finding")
        yield [("        accepted by ", "dim"), (_said(word), "")]
        yield []


def _said(word: Suppression) -> str:
    said = f"{WORDS.get(word.kind, word.kind)} {_words.name(word.place.path)}:{word.place.line}"
    if word.owner:
        said += f" of {_words.name(word.owner)}"
    if word.until:
        said += f" until {word.until.isoformat()}"
    return f"{said}: {_words.sentence(word.reason, REASON)}" if word.reason else said
