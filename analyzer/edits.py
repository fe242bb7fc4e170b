"""Edits put into files: as a difference to read, or as the files that result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff

from analyzer.model import Edit, Finding, Fix


@dataclass(frozen=True, slots=True)
class Applied:
    """What a run of edits makes of files: their new texts, and the fixes that could not go in."""

    texts: Mapping[str, str]
    done: tuple[tuple[Finding, Fix], ...]
    left: tuple[tuple[Finding, Fix], ...]


def applied(findings: Iterable[Finding], texts: Mapping[str, str]) -> Applied:
    """All fixes of the findings that do not get in each other's way; `texts` are the files as they
    are. The first fix of a finding is the one that is taken.
    """
    chosen: dict[str, dict[tuple[int, int], str]] = {}
    done: list[tuple[Finding, Fix]] = []
    left: list[tuple[Finding, Fix]] = []
    for finding in findings:
        for fix in finding.fixes[:1]:
            spans = [(each.path, *_span(texts[each.path], each), each.text) for each in fix.edits]
            if any(
                _clashes(chosen.get(path, {}), start, end, text) for path, start, end, text in spans
            ):
                left.append((finding, fix))
                continue
            for path, start, end, text in spans:
                chosen.setdefault(path, {})[start, end] = text
            done.append((finding, fix))
    changed = {path: _changed(texts[path], spans) for path, spans in chosen.items()}
    return Applied(changed, tuple(done), tuple(left))


def difference(path: str, before: str, after: str) -> str:
    """The change of one file as a patch that git applies."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in unified_diff(
            _lines(before),
            _lines(after),
            f"a/{path}",
            f"b/{path}",
        )
    )


def _lines(text: str) -> list[str]:
    """The lines as git counts them: other signs that break lines are text."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _span(text: str, each: Edit) -> tuple[int, int]:
    """The characters that an edit takes the place of."""
    region = each.region
    return _at(text, region.line, region.column), _at(text, region.end_line, region.end_column)


def _at(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    mark = line == 1 and text.startswith("\ufeff")  # no column counts it
    return start + mark + column - 1


def _clashes(known: Mapping[tuple[int, int], str], start: int, end: int, text: str) -> bool:
    """Does an edit touch one that is taken already? The very same edit is none the worse."""
    if known.get((start, end)) == text:
        return False
    return any((start, end) == span or (start < span[1] and span[0] < end) for span in known)


def _changed(text: str, spans: Mapping[tuple[int, int], str]) -> str:
    for (start, end), new in sorted(spans.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return text
