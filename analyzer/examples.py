"""An example of each rule for people: the first case of its page that it reports.

The pages are Markdown, and the tests run them: what is shown here is what the rule really says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*(.*)")
SEEN = "text"  # what stands after the fence of the block that holds the findings
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Example:
    """A claim about a rule, the files that show it, and what the rule says about them."""

    claim: str
    files: tuple[tuple[str, tuple[str, ...]], ...]
    findings: tuple[str, ...]


def folder() -> Path:
    """Where the pages are: inside the installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "_examples"
    return inside if inside.is_dir() else here.parent / "fixtures" / "rules"


def example_of(rule: str) -> Example | None:
    """The first case that a rule reports; nothing where there is no page for it."""
    page = folder() / f"{rule.replace('-', '_')}.md"
    if not page.is_file():
        return None
    cases = _cases(page.read_text(encoding="utf-8").splitlines())
    return next((each for each in cases if each.findings not in ((), (NOTHING,))), None)


def _cases(lines: list[str]) -> Iterator[Example]:
    claim, fence, info = "", "", ""
    files: list[tuple[str, tuple[str, ...]]] = []
    inside: list[str] = []
    for line in lines:
        if fence and line.rstrip() != fence:
            inside.append(line)
        elif fence:
            fence = ""
            if info == SEEN:
                yield Example(claim, tuple(files), tuple(inside))
            else:
                files.append((info.split()[-1], tuple(inside)))
        elif opened := FENCE.fullmatch(line):
            fence, info, inside = opened[1], opened[2].strip(), []
        elif line.startswith("## "):
            claim, files = line.removeprefix("## "), []
