"""What was read and what was not, and a last line that never calls a gap an all-clear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.model import (
    SEVERITY_ORDER,
    Place,
    Report,
    Role,
    Severity,
    Skip,
    State,
    Status,
    Unresolved,
)
from analyzer.outputs import _words
from analyzer.outputs._chosen import accepted, known
from analyzer.outputs._styled import Line, count, cut, listed

LONGEST = 20
SKIPPED = {"unread": "Not read", "partly": "Not read in full", "left-out": "Left out"}
KINDS = 8


@dataclass(frozen=True, slots=True)
class Gap:
    """One sort of what was not read, a line each; `word` is what one of them is."""

    title: str
    word: str
    items: tuple[str, ...]


def receipt(report: Report) -> Iterator[Line]:
    for gap in gaps_of(report):
        yield from _block(gap)
    if report.coverage.other_kinds:
        yield [
            ("Other kinds of files, left alone: ", "bold"),
            (listed(other_kinds(report), KINDS), ""),
        ]
        yield []


def gaps_of(report: Report) -> Iterator[Gap]:
    """All that was not read or not followed, sort by sort, where there is any."""
    coverage = report.coverage
    for kind, title in SKIPPED.items():
        yield from _gap(
            title,
            "file",
            sorted(
                f"{_words.name(_spelled(skip))}: {_said(skip.reason)}"
                for skip in coverage.skips
                if skip.kind == kind
            ),
        )
    alike: dict[str, list[Unresolved]] = {}
    for lost in sorted(coverage.unresolved, key=lambda lost: (_spot(lost.place), lost.target)):
        alike.setdefault(f"{_said(lost.what)} {_said(lost.target)}", []).append(lost)
    yield from _gap(
        "Links and references that could not be followed",
        "link",
        [
            f"{_words.name(str(found[0].place))}: {said}"
            + (f" (and {count(len(found) - 1, 'other place')})" if len(found) > 1 else "")
            for said, found in alike.items()
        ],
    )
    yield from _gap(
        "Containers whose tags are not among these files",
        "container",
        [
            f"{_words.name(container)}, loaded at {_words.name(str(place))}"
            for container, place in unread_containers(report).items()
        ],
    )
    yield from _gap(
        "Third parties that no signature knows",
        "host",
        [
            f"{_words.name(host)} ({kinds}), first at {_words.name(str(place))}"
            for host, kinds, place in _hosts(report)
        ],
    )


def other_kinds(report: Report) -> list[str]:
    """The kinds of files that nobody reads, most first."""
    kinds = sorted(report.coverage.other_kinds.items(), key=lambda each: (-each[1], each[0]))
    return [f"{number} {_words.name(kind)}" for kind, number in kinds]


def _gap(title: str, word: str, items: Sequence[str]) -> Iterator[Gap]:
    if items:
        yield Gap(title, word, tuple(items))


def _spelled(skip: Skip) -> str:
    return f"{skip.path}:{skip.line}" if skip.line else skip.path


def _block(gap: Gap) -> Iterator[Line]:
    yield [(f"{gap.title}: ", "bold"), (str(len(gap.items)), "bold")]
    for item in gap.items[:LONGEST]:
        yield [(f"        {item}", "")]
    if len(gap.items) > LONGEST:
        yield cut(len(gap.items) - LONGEST, gap.word)
    yield []


def unread_containers(report: Report) -> dict[str, Place]:
    """The containers that pages load and nobody handed in, with the first place of each."""
    known = {each.container.container_id for each in report.site.containers}
    found: dict[str, Place] = {}
    for tracker in sorted(
        (*report.site.trackers, *report.site.others), key=lambda tracker: _spot(tracker.place)
    ):
        hit = tracker.detection
        if hit.role is Role.CONTAINER and tracker.status is not Status.DEAD:
            for name in hit.ids or ("a container without a readable id",):
                if name not in known:
                    found.setdefault(name, hit.place)
    return found


def _hosts(report: Report) -> Iterator[tuple[str, str, Place]]:
    hosts = sorted(report.site.unknown_hosts, key=lambda each: (each.host, _spot(each.place)))
    first: dict[str, Place] = {}
    kinds: dict[str, dict[str, None]] = {}
    for each in hosts:
        first.setdefault(each.host, each.place)
        kinds.setdefault(each.host, {})[each.kind] = None
    return ((host, ", ".join(kinds[host]), place) for host, place in first.items())


def summary(report: Report) -> Iterator[Line]:
    """The counts, and when there is nothing to report how much that is worth."""
    coverage = report.coverage
    severities = counted(report)
    others = [f"{accepted(report)} accepted"] if accepted(report) else []
    if number := known(report):
        others.append(f"{number} known")
    unread = unread_containers(report)
    if words := since(report):
        yield [(words, "")]
    if not any(severities.values()):
        yield [(_verdict(report, len(unread), others), "bold")]
    skipped = Counter(skip.kind for skip in coverage.skips)
    partly = f" ({skipped['partly']} not in full)" if skipped["partly"] else ""
    read = [f"{count(coverage.read, 'file')} read{partly}", f"{skipped['unread']} not read"]
    if skipped["left-out"]:
        read.append(f"{skipped['left-out']} left out")
    if coverage.unresolved:
        read.append(f"{count(len(coverage.unresolved), 'link')} not followed")
    if unread:
        read.append(f"{count(len(unread), 'container')} not seen")
    found = [count(number, severity.value) for severity, number in severities.items()]
    yield [(f"{', '.join(read)}; {', '.join((*found, *others))}", "bold")]


def since(report: Report) -> str:
    """What changed since the kept run that this one is held against; empty where none is kept."""
    history = report.history
    if history is None:
        return ""
    if history.since is None:
        return "This is the first run that is kept."
    said = [f"{len(history.new)} new", f"{len(history.gone)} gone"]
    if history.accepted:
        said.append(f"{len(history.accepted)} accepted")
    return f"Since {history.since}: {', '.join((*said, f'{len(history.unchanged)} unchanged'))}"


def counted(report: Report) -> dict[Severity, int]:
    """The numbers that every output agrees on: open findings that are new, by severity."""
    found = Counter(
        each.severity for each in report.findings if each.is_open and each.state is not State.KNOWN
    )
    return {severity: found[severity] for severity in SEVERITY_ORDER}


def _verdict(report: Report, unread: int, others: Sequence[str]) -> str:
    if not report.coverage.read:
        return "No file was read, so this says nothing about the site."
    nothing = "Nothing to report in what was read"
    if others:
        nothing += f", apart from what is {' or '.join(other.split()[1] for other in others)}"
    gaps = ", ".join(_gaps(report, unread))
    return f"{nothing}. This is not an all-clear: {gaps}." if gaps else f"{nothing}."


def _gaps(report: Report, unread: int) -> Iterator[str]:
    if skips := len({skip.path for skip in report.coverage.skips if skip.kind != "left-out"}):
        yield f"{count(skips, 'file')} not read in full"
    if links := len(report.coverage.unresolved):
        yield f"{count(links, 'link')} not followed"
    if unread:
        yield f"{count(unread, 'container')} with unknown contents"
    if hosts := len({each.host for each in report.site.unknown_hosts}):
        yield count(hosts, "unknown host")


def _said(text: str) -> str:
    return _words.sentence(text, 300)


def _spot(place: Place) -> tuple[str, int, int]:
    return place.path, place.region.line, place.region.column
