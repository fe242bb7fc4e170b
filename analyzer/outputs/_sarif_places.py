"""Places of scanned files as SARIF writes them, and prose without the signs that mean something."""

from __future__ import annotations

from urllib.parse import quote

import sarif_om as om

from analyzer.model import Excerpt, Place, Region
from analyzer.outputs import _words

ROOT = "%SRCROOT%"

SNIPPET = 200
LINE = 500


def plain(text: str, limit: int) -> str:
    """Prose without the signs that mean something in a SARIF message: placeholders and links."""
    bare = text.replace("{", "").replace("}", "").replace("](", "] (")
    return _words.sentence(bare, limit)


def artifact(path: str) -> om.ArtifactLocation:
    """The file under the root: services refuse a whole upload for one path that leads out of it."""
    inside = "/".join(part for part in path.split("/") if part not in ("", ".", ".."))
    uri = quote(inside, safe="/-._~!$&'()*+,;=@", errors="surrogateescape")
    return om.ArtifactLocation(uri=uri, uri_base_id=ROOT)


def location(
    place: Place, message: str = "", *, number: int | None = None, quoted: bool = False
) -> om.Location:
    """A place beside the result's own, with what happens there."""
    return om.Location(
        **({"id": number} if number else {}),
        physical_location=om.PhysicalLocation(
            artifact_location=artifact(place.path),
            region=region(place.region, place.text if quoted else ""),
        ),
        message=om.Message(text=message) if message else None,
    )


def region(where: Region, text: str = "") -> om.Region:
    start, end = columns(where)
    return om.Region(
        start_line=where.line,
        start_column=start,
        end_line=where.end_line,
        end_column=end,
        snippet=snippet(text),
    )


def first_line(place: Place, excerpt: Excerpt | None) -> om.Region:
    """The place's first line: an alert shows in a pull request if all its lines were changed."""
    where, text = place.region, place.text
    start, end = columns(where)
    if where.end_line > where.line:
        line = _line_of(place, excerpt)
        text = line[where.column - 1 :] or text
        end = max(start, _width(line)) + 1
    return om.Region(
        start_line=where.line,
        start_column=start,
        end_line=where.line,
        end_column=end,
        snippet=snippet(text),
    )


def around(place: Place, excerpt: Excerpt) -> om.Region | None:
    """The lines around a place, as many as are short enough to quote."""
    lines = dict(enumerate(excerpt.lines, excerpt.start_line))
    if len(lines.get(place.line, "x" * (LINE + 1))) > LINE:
        return None  # a whole bundle on one line
    first = last = place.line
    while first - 1 in lines and len(lines[first - 1]) <= LINE:
        first -= 1
    while last + 1 in lines and len(lines[last + 1]) <= LINE:
        last += 1
    if first == last and _fills(place, lines[first]):
        return None  # it would say nothing more than the region itself
    text = "\n".join(lines[number] for number in range(first, last + 1))
    return om.Region(
        start_line=first,
        start_column=1,
        end_line=last,
        end_column=_width(lines[last]) + 1,
        snippet=om.ArtifactContent(text=_words.code(text, len(text))),
    )


def columns(where: Region) -> tuple[int, int]:
    """The columns in UTF-16 code units, where they are known."""
    return where.utf16 if all(where.utf16) else (where.column, where.end_column)


def snippet(text: str) -> om.ArtifactContent | None:
    return om.ArtifactContent(text=_words.code(text, SNIPPET)) if text else None


def _fills(place: Place, line: str) -> bool:
    where = place.region
    return where.column == 1 and (where.end_line > where.line or where.end_column > len(line))


def _line_of(place: Place, excerpt: Excerpt | None) -> str:
    if excerpt is None:
        return ""
    return dict(enumerate(excerpt.lines, excerpt.start_line)).get(place.line, "")


def _width(line: str) -> int:
    return len(line) + sum(character > "\uffff" for character in line)
