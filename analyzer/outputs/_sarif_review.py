"""What people have said about a result: who accepts it and why, and whether it was there before."""

from __future__ import annotations

import sarif_om as om

from analyzer.model import State, Suppression
from analyzer.outputs import _words
from analyzer.outputs._sarif_places import location, plain

IN_SOURCE = frozenset({"comment", "tag-notes"})  # beside what they speak of; others stand outside
KINDS = {
    "allowed": "The configuration allows this vendor on these pages",
    "agreement": "The configuration names an agreement that covers it",
}
JUSTIFICATION = 1_000


def suppressions(word: Suppression | None) -> list[om.Suppression]:
    """The word that settles a result; an empty list says that there is none."""
    if word is None:
        return []
    return [
        om.Suppression(
            kind="inSource" if word.kind in IN_SOURCE else "external",
            state="accepted",
            justification=plain(_justification(word), JUSTIFICATION),
            location=location(word.place) if word.place.path else None,
        )
    ]


def _justification(word: Suppression) -> str:
    known = [f"owner: {word.owner}"] if word.owner else []
    if word.until:
        known.append(f"until {word.until.isoformat()}")
    reason = _words.sentence(word.reason, JUSTIFICATION) or KINDS.get(word.kind, "")
    return f"{reason} ({'; '.join(known)})" if known else reason


def baseline_state(state: State) -> str:
    """What is gone since the baseline is not written: readers would take it in as a finding."""
    return "unchanged" if state is State.KNOWN else "new"
