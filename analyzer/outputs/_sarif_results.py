"""One finding as one SARIF result: one line to change, and the story of how it comes to matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any
from urllib.parse import quote

import sarif_om as om

from analyzer.model import Excerpt, Finding, Place, Region, Rule, Step, TagRef
from analyzer.outputs import _words

TOOL = "trackerlint"
ROOT = "%SRCROOT%"
MESSAGE_ID = "default"

MESSAGE = 1_000  # characters, as all limits on text
SENTENCE = 700
STEP = 300
ARGUMENT = 250
LINK = 40
SNIPPET = 200
LINE = 500
RELATED = 20
STEPS = 50
PAGES = 500
PLACEHOLDERS = 5
LEAN = 5  # related places and pages of a result in a large file


def result(
    finding: Finding,
    rule: Rule,
    index: int,
    excerpt: Excerpt | None,
    *,
    lean: bool,
) -> om.Result:
    line_hash = excerpt.line_hash if excerpt else ""
    text, related = _linked(finding.message, finding.related[: LEAN if lean else RELATED])
    return om.Result(
        rule_id=finding.code,
        rule_index=index,
        level=str(finding.severity),
        message=_message(text, rule, finding.arguments),
        locations=[_cause(finding, excerpt, lean)],
        related_locations=list(map(_related, count(1), related)) or None,
        code_flows=[_flow(finding.trail, lean)] if finding.trail else None,
        fingerprints={f"{TOOL}/finding/v1": finding.fingerprint} if finding.fingerprint else None,
        partial_fingerprints={"primaryLocationLineHash": line_hash} if line_hash else None,
        properties=_properties(finding, lean) or None,
    )


# ---------------------------------------------------------------- the message


def _message(text: str, rule: Rule, arguments: Sequence[str]) -> om.Message:
    """The sentence with its links, and the template for readers that put it together themselves."""
    numbers = {int(number) for number in re.findall(r"\{(\d+)\}", rule.message)}
    used = len(numbers)
    if numbers != set(range(used)) or used > min(PLACEHOLDERS, len(arguments)):
        return om.Message(text=text)  # readers lose the text when a placeholder finds no argument
    said = [plain(argument, ARGUMENT) for argument in arguments[:used]]
    return om.Message(text=text, id=MESSAGE_ID, arguments=said or None)


def _linked(message: str, related: Sequence[Step]) -> tuple[str, Sequence[Step]]:
    """The message with links to as many related places as fit; the others would be out of reach."""
    text = plain(message, SENTENCE)
    links: list[str] = []
    for number, label in enumerate(_labels(related), 1):
        link = f"[{label}]({number})"
        if len(f"{text} See {', '.join(links)}, {link}.") > MESSAGE:
            break
        links.append(link)
    return (f"{text} See {', '.join(links)}." if links else text), related[: len(links)]


def _labels(steps: Sequence[Step]) -> Iterator[str]:
    """The files' names; with their folder where two are called the same, as Next.js pages are."""
    tails = [step.place.path.split("/")[-2:] for step in steps]
    names = Counter(tail[-1] for tail in tails)
    for tail in tails:
        label = "/".join(tail) if names[tail[-1]] > 1 else tail[-1]
        yield plain(re.sub(r"[\[\]()\\]", "", label), LINK) or "file"


def plain(text: str, limit: int) -> str:
    """Prose without the signs that mean something in a SARIF message: placeholders and links."""
    bare = text.replace("{", "").replace("}", "").replace("](", "] (")
    return _words.sentence(bare, limit)


# ---------------------------------------------------------------- places


def _cause(finding: Finding, excerpt: Excerpt | None, lean: bool) -> om.Location:
    place, region = finding.place, _first_line(finding.place, excerpt)
    physical = om.PhysicalLocation(
        artifact_location=artifact(place.path),
        region=region,
        context_region=_context(excerpt) if excerpt and not lean else None,
    )
    logical = [_tag(finding.tag)] if finding.tag else None
    return om.Location(physical_location=physical, logical_locations=logical)


def _first_line(place: Place, excerpt: Excerpt | None) -> om.Region:
    """The place's first line: an alert shows in a pull request if all its lines were changed."""
    region, text = place.region, place.text
    start, end = _columns(region)
    if region.end_line > region.line:
        line = _line_of(place, excerpt)
        text = line[region.column - 1 :] or text
        end = max(start, _width(line)) + 1
    return om.Region(
        start_line=region.line,
        start_column=start,
        end_line=region.line,
        end_column=end,
        snippet=_snippet(text),
    )


def _line_of(place: Place, excerpt: Excerpt | None) -> str:
    if excerpt is None:
        return ""
    return dict(enumerate(excerpt.lines, excerpt.start_line)).get(place.line, "")


def _context(excerpt: Excerpt) -> om.Region | None:
    lines = excerpt.lines
    if len(lines) < 2 or any(len(line) > LINE for line in lines):
        return None
    return om.Region(
        start_line=excerpt.start_line,
        start_column=1,
        end_line=excerpt.start_line + len(lines) - 1,
        end_column=_width(lines[-1]) + 1,
        snippet=om.ArtifactContent(text=_words.code("\n".join(lines), LINE * len(lines))),
    )


def _related(number: int, step: Step) -> om.Location:
    return om.Location(
        id=number,
        physical_location=om.PhysicalLocation(
            artifact_location=artifact(step.place.path), region=_whole(step.place.region)
        ),
        message=om.Message(text=plain(step.text, STEP)),
    )


def _whole(region: Region, text: str = "") -> om.Region:
    start, end = _columns(region)
    return om.Region(
        start_line=region.line,
        start_column=start,
        end_line=region.end_line,
        end_column=end,
        snippet=_snippet(text),
    )


def _columns(region: Region) -> tuple[int, int]:
    return region.utf16 if all(region.utf16) else (region.column, region.end_column)


def _width(line: str) -> int:
    return len(line) + sum(character > "\uffff" for character in line)


def _snippet(text: str) -> om.ArtifactContent | None:
    return om.ArtifactContent(text=_words.code(text, SNIPPET)) if text else None


def artifact(path: str) -> om.ArtifactLocation:
    """The file under the root: services refuse a whole upload for one path that leads out of it."""
    inside = "/".join(part for part in path.split("/") if part not in ("", ".", ".."))
    uri = quote(inside, safe="/-._~!$&'()*+,;=@", errors="surrogateescape")
    return om.ArtifactLocation(uri=uri, uri_base_id=ROOT)


def _tag(tag: TagRef) -> om.LogicalLocation:
    return om.LogicalLocation(
        name=_words.sentence(tag.tag_name, ARGUMENT),
        fully_qualified_name=_words.sentence(
            f"{tag.container_id}/tag/{tag.tag_id or tag.tag_name}", ARGUMENT
        ),
        kind="object",
    )


# ---------------------------------------------------------------- the trail


def _flow(trail: Sequence[Step], lean: bool) -> om.CodeFlow:
    steps = trail if len(trail) <= STEPS else (*trail[: STEPS - 1], trail[-1])
    last = len(steps) - 1
    return om.CodeFlow(
        thread_flows=[
            om.ThreadFlow(
                locations=[
                    om.ThreadFlowLocation(
                        execution_order=at + 1,
                        importance="essential" if at in (0, last) else "important",
                        location=om.Location(
                            physical_location=om.PhysicalLocation(
                                artifact_location=artifact(step.place.path),
                                region=_whole(step.place.region, "" if lean else step.place.text),
                            ),
                            message=om.Message(text=plain(step.text, STEP)),
                        ),
                    )
                    for at, step in enumerate(steps)
                ]
            )
        ]
    )


def _properties(finding: Finding, lean: bool) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if finding.vendor:
        said["vendor"] = _words.name(finding.vendor)
    if finding.pages:
        pages = finding.pages[: LEAN if lean else PAGES]
        said["pages"] = [_words.name(page) for page in pages]
        said["pageCount"] = len(finding.pages)
    if tag := finding.tag:
        said["gtm"] = {
            "containerId": _words.name(tag.container_id),
            "tagId": tag.tag_id and _words.name(tag.tag_id),
            "tagName": _words.name(tag.tag_name),
        }
    return said
