"""A Markdown page as tests: prose, and cases that each show a few files and what is made of them.

A case is a `##` heading that is a claim, one or more fenced blocks that are files (the last word
after the fence is the file's path), and a fenced `text` block with what is seen, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path, PurePosixPath

FENCE = re.compile(r"^(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
SEEN = "text"  # what stands after the fence of a block that is no file


class PageError(Exception):
    """A mistake in a page: one sentence with the line, and what to write instead."""


@dataclass(frozen=True)
class Block:
    """A fenced block: the words after its fence, its lines, and where the fences stand, from 0."""

    info: str
    lines: tuple[str, ...]
    opens: int
    closes: int

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


@dataclass(frozen=True)
class Case:
    """One claim of a page: its files, and the block that shows what is seen, where there is one."""

    page: Path
    claim: str
    line: int
    files: Mapping[str, str]
    seen: Block | None
    last: int  # the line on which the last block closes, from 0

    @property
    def expected(self) -> tuple[str, ...]:
        return self.seen.lines if self.seen is not None else ()

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}: {self.claim}"

    def write(self, folder: Path) -> None:
        """Lay the case's files down in a folder."""
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    def difference(self, seen: Sequence[str]) -> str:
        """What the page says against what is seen, or an empty text where they agree."""
        if self.seen is not None and tuple(seen) == self.expected:
            return ""
        lines = unified_diff(self.expected, seen, "the page", "what is seen", lineterm="", n=100)
        return "\n".join(
            [
                f"{self.page}:{self.line}: {self.claim}",
                *lines,
                "pytest --rewrite writes what is seen into the page; read what it wrote",
            ]
        )


def cases_of(page: Path) -> tuple[Case, ...]:
    """The cases of a page in order. Raises PageError where the page is not one."""
    lines = page.read_text(encoding="utf-8").splitlines()
    blocks = tuple(_blocks(page, lines))
    inside = {number for block in blocks for number in range(block.opens, block.closes + 1)}
    heads = [
        number
        for number, line in enumerate(lines)
        if line.startswith("## ") and number not in inside
    ]
    if not heads:
        raise PageError(
            f"{page}: no case; write a heading such as `## A comment is left alone`, "
            "a fenced block for each of its files, and an empty ```text block"
        )
    cases = []
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        own = [block for block in blocks if head < block.opens < end]
        cases.append(_case(page, lines[head].removeprefix("## ").strip(), head, own))
    return tuple(cases)


def rewrite_case(case: Case, seen: Sequence[str]) -> None:
    """Put what is seen into the case's block, which is added where there is none.

    The page is read anew, since the cases before this one may have moved its lines.
    """
    now = next(each for each in cases_of(case.page) if each.claim == case.claim)
    lines = case.page.read_text(encoding="utf-8").splitlines()
    if now.seen is None:
        lines[now.last + 1 : now.last + 1] = ["", f"```{SEEN}", *seen, "```"]
    else:
        lines[now.seen.opens + 1 : now.seen.closes] = seen
    text = "".join(f"{line}\n" for line in lines)
    if text != case.page.read_text(encoding="utf-8"):
        case.page.write_text(text, encoding="utf-8")


def _case(page: Path, claim: str, head: int, blocks: Sequence[Block]) -> Case:
    where = f"{page}:{head + 1}"
    files: dict[str, str] = {}
    seen = [block for block in blocks if block.info == SEEN]
    for block in blocks:
        if block.info == SEEN:
            continue
        words = block.info.split()
        if len(words) < 2 or not _stays_inside(words[-1]):
            raise PageError(
                f"{page}:{block.opens + 1}: the fence says `{block.info}`; "
                "write a language and a path, such as `html templates/base.html`"
            )
        if words[-1] in files:
            raise PageError(f"{page}:{block.opens + 1}: {words[-1]} is there twice in one case")
        files[words[-1]] = block.text
    if not files:
        raise PageError(
            f"{where}: the case shows no file; add a block such as ```html public/index.html"
        )
    if len(seen) > 1:
        raise PageError(f"{where}: the case has {len(seen)} ```text blocks; keep one")
    return Case(
        page,
        claim,
        head + 1,
        files,
        seen[0] if seen else None,
        max(block.closes for block in blocks),
    )


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _blocks(page: Path, lines: Sequence[str]) -> Iterator[Block]:
    opened: tuple[int, str, str] | None = None
    for number, line in enumerate(lines):
        if opened is None:
            if found := FENCE.match(line):
                opened = (number, found["marks"], found["info"].strip())
        elif line.rstrip() == opened[1]:
            start, _, info = opened
            yield Block(info, tuple(lines[start + 1 : number]), start, number)
            opened = None
    if opened is not None:
        raise PageError(f"{page}:{opened[0] + 1}: the block that opens here is never closed")
