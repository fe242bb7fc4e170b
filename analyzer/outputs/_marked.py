"""Words of scanned files in Markdown: they stay words, whatever signs they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from analyzer.outputs import _words

STOP = "&#8203;"  # a space without width: the text reads the same
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
# What means something where it stands: by name what a space without width keeps from acting, since
# services make links of it behind a backslash too; the rest gets a backslash.
ACTING = re.compile(
    r"(?P<entity>[&<>|])|(?P<link>@|#(?=\d)|(?<=\bGH)-(?=\d)|^(?=\d+[.)]))"
    r"|[\\`*\[\]~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|^[-+=#]"
    r"|:(?=//|[A-Za-z+][\w+-]*:)|(?<=[Ww]{3})\."
)


def plain(text: str, limit: int = 600) -> str:
    """One line of text that Markdown shows as it is, in at most twice `limit` characters."""
    marked = _marked(_words.sentence(text, limit))
    while len(marked) > 2 * limit:  # nearly every sign of it means something
        text = text[: len(text) * 3 // 4]
        marked = _marked(f"{_words.sentence(text, limit)}…")
    return marked


def _marked(bare: str) -> str:
    return ACTING.sub(_harmless, bare)


def _harmless(sign: re.Match[str]) -> str:
    if sign["entity"]:
        return ENTITIES[sign[0]]
    return f"{sign[0]}{STOP}" if sign["link"] is not None else f"\\{sign[0]}"


def address(path: str, line: int = 0) -> str:
    """A file of the repository as a link's target, relative to where it stands."""
    inside = "/".join(part for part in path.split("/") if part not in ("", ".", ".."))
    written = quote(inside.encode("utf-8", "replace"), safe="/-._~")
    return f"{written}#L{line}" if line else written


def link(words: str, path: str, line: int = 0) -> str:
    """A link to a line of a file."""
    return f"[{plain(words, 300)}]({address(path, line)})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of plain words."""
    return written_table([plain(cell) for cell in head], ([plain(c) for c in row] for row in rows))


def written_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown already."""
    lines = (head, ["---"] * len(head), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
