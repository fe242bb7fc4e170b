"""One finding as one SARIF result: one line to change, and the story of how it comes to matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import sarif_om as om

from analyzer.model import Excerpt, Finding, Rule, Step, TagRef, Telling
from analyzer.outputs import _words
from analyzer.outputs._sarif_fixes import fixes
from analyzer.outputs._sarif_places import around, artifact, first_line, location, plain
from analyzer.outputs._sarif_review import baseline_state, suppressions

TOOL = "trackerlint"
MESSAGE_ID = "default"
DATA_RULES = "TL2"  # the family of rules about what a vendor gets

MESSAGE = 1_000  # characters, as all limits on text
SENTENCE = 700
STEP = 300
ARGUMENT = 250
LINK = 40
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
    telling: Telling,
    *,
    compared: bool,
    lean: bool,
) -> om.Result:
    """`compared` tells that there is a baseline, `lean` that the file is large already."""
    line_hash = excerpt.line_hash if excerpt else ""
    text, related = _linked(finding.message, finding.related[: LEAN if lean else RELATED])
    return om.Result(
        rule_id=finding.code,
        rule_index=index,
        level=str(finding.severity),
        message=_message(text, rule, finding.arguments),
        locations=[_cause(finding, excerpt, lean)],
        related_locations=list(map(_related, count(1), related)) or None,
        code_flows=[_flow(finding, lean)] if finding.trail else None,
        fingerprints={f"{TOOL}/finding/v1": finding.fingerprint} if finding.fingerprint else None,
        partial_fingerprints={"primaryLocationLineHash": line_hash} if line_hash else None,
        # The format wants these two in every result of a run, or in none.
        suppressions=suppressions(finding.suppressed) if telling.suppressed else None,
        baseline_state=(
            baseline_state(finding.state) if telling.baseline_state and compared else None
        ),
        fixes=fixes(finding.fixes),
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


# ---------------------------------------------------------------- places


def _cause(finding: Finding, excerpt: Excerpt | None, lean: bool) -> om.Location:
    physical = om.PhysicalLocation(
        artifact_location=artifact(finding.place.path),
        region=first_line(finding.place, excerpt),
        context_region=around(finding.place, excerpt) if excerpt and not lean else None,
    )
    logical = [_tag(finding.tag)] if finding.tag else None
    return om.Location(physical_location=physical, logical_locations=logical)


def _related(number: int, step: Step) -> om.Location:
    return location(step.place, plain(step.text, STEP), number=number)


def _tag(tag: TagRef) -> om.LogicalLocation:
    return om.LogicalLocation(
        name=_words.sentence(tag.tag_name, ARGUMENT),
        fully_qualified_name=_words.sentence(
            f"{tag.container_id}/tag/{tag.tag_id or tag.tag_name}", ARGUMENT
        ),
        kind="object",
    )


# ---------------------------------------------------------------- the trail


def _flow(finding: Finding, lean: bool) -> om.CodeFlow:
    trail = finding.trail
    steps = trail if len(trail) <= STEPS else (*trail[: STEPS - 1], trail[-1])
    last = len(steps) - 1
    carries_data = finding.code.startswith(DATA_RULES) and last > 0
    return om.CodeFlow(
        thread_flows=[
            om.ThreadFlow(
                locations=[
                    om.ThreadFlowLocation(
                        execution_order=at + 1,
                        importance="essential" if at in (0, last) else "important",
                        kinds=_kinds(at, last) if carries_data else None,
                        location=location(step.place, plain(step.text, STEP), quoted=not lean),
                    )
                    for at, step in enumerate(steps)
                ]
            )
        ]
    )


def _kinds(at: int, last: int) -> list[str]:
    """Data comes from somewhere and is handed over at the end; other trails are no such flow."""
    match at:
        case 0:
            return ["taint", "source"]
        case _ if at == last:
            return ["taint", "sink"]
    return ["taint"]


def _properties(finding: Finding, lean: bool) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if finding.vendor:
        said["vendor"] = _words.name(finding.vendor)
    if finding.classes:
        said["pageClasses"] = [_words.name(each) for each in finding.classes]
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
