"""Safe edits as SARIF tells them: what to take away, and what to put in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sarif_om as om

from analyzer.model import Edit, Fix
from analyzer.outputs._sarif_places import artifact, plain, region

TITLE = 300
INSERTED = 20_000  # characters


def fixes(offered: Sequence[Fix]) -> list[om.Fix] | None:
    """The fixes that can be told exactly; an edit that is cut short would break the source."""
    return [
        _fix(each) for each in offered if each.edits and all(map(_is_exact, each.edits))
    ] or None


def _is_exact(edit: Edit) -> bool:
    """Can the text be written as it is? Half a character cannot."""
    return len(edit.text) <= INSERTED and not any("\ud800" <= one <= "\udfff" for one in edit.text)


def _fix(fix: Fix) -> om.Fix:
    return om.Fix(
        # Without a description some readers refuse the whole file.
        description=om.Message(text=plain(fix.title, TITLE) or "Change the source."),
        artifact_changes=list(_changes(fix.edits)),
    )


def _changes(edits: Sequence[Edit]) -> Iterator[om.ArtifactChange]:
    for path in dict.fromkeys(edit.path for edit in edits):
        yield om.ArtifactChange(
            artifact_location=artifact(path),
            replacements=[_replacement(edit) for edit in edits if edit.path == path],
        )


def _replacement(edit: Edit) -> om.Replacement:
    return om.Replacement(
        deleted_region=region(edit.region),
        inserted_content=om.ArtifactContent(text=edit.text) if edit.text else None,
    )
