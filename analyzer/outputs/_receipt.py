"""What was read and what was not, and a last line that never calls a gap an all-clear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from analyzer.model import SEVERITY_ORDER, Place, Report, Role, Skip, Status, Unresolved
from analyzer.outputs import _words
from analyzer.outputs._styled import Line, count, cut, listed

LONGEST = 20
SKIPPED = {"unread": "Not read", "partly": "Not read in full", "left-out": "Left out"}
KINDS = 8


def receipt(report: Report) -> Iterator[Line]:
    coverage = report.coverage
    unresolved = sorted(coverage.unresolved, key=lambda lost: (_spot(lost.place), lost.target))
    for kind, title in SKIPPED.items():
        yield from _block(
            title,
            "file",
            sorted(
                f"{_words.name(_spelled(skip))}: {_said(skip.reason)}"
                for skip in coverage.skips
                if skip.kind == kind
            ),
        )
    alike: dict[str, list[Unresolved]] = {}
    for lost in unresolved:
        alike.setdefault(f"{_said(lost.what)} {_said(lost.target)}", []).append(lost)
    yield from _block(
        "Links and references that could not be followed",
        "link",
        [
            f"{_words.name(str(found[0].place))}: {said}"
            + (f" (and {count(len(found) - 1, 'other place')})" if len(found) > 1 else "")
            for said, found in alike.items()
        ],
    )
    yield from _block(
        "Containers whose tags are not among these files",
        "container",
        [
            f"{_words.name(container)}, loaded at {_words.name(str(place))}"
            for container, place in unread_containers(report).items()
        ],
    )
    yield from _block(
        "Third parties that no signature knows",
        "host",
        [
            f"{_words.name(host)} ({kinds}), first at {_words.name(str(place))}"
            for host, kinds, place in _hosts(report)
        ],
    )
    if coverage.other_kinds:
        kinds = sorted(coverage.other_kinds.items(), key=lambda each: (-each[1], each[0]))
        said = [f"{number} {_words.name(kind)}" for kind, number in kinds]
        yield [("Other kinds of files, left alone: ", "bold"), (listed(said, KINDS), "")]
        yield []


def _spelled(skip: Skip) -> str:
    return f"{skip.path}:{skip.line}" if skip.line else skip.path


def _block(title: str, word: str, items: Sequence[str]) -> Iterator[Line]:
    if not items:
        return
    yield [(f"{title}: ", "bold"), (str(len(items)), "bold")]
    for item in items[:LONGEST]:
        yield [(f"        {item}", "")]
    if len(items) > LONGEST:
        yield cut(len(items) - LONGEST, word)
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
    severities = Counter(each.severity for each in report.findings if each.suppressed is None)
    suppressed = sum(each.suppressed is not None for each in report.findings)
    unread = unread_containers(report)
    if not severities:
        yield [(_verdict(report, len(unread), suppressed), "bold")]
    skipped = Counter(skip.kind for skip in coverage.skips)
    partly = f" ({skipped['partly']} not in full)" if skipped["partly"] else ""
    read = [f"{count(coverage.read, 'file')} read{partly}", f"{skipped['unread']} not read"]
    if skipped["left-out"]:
        read.append(f"{skipped['left-out']} left out")
    if coverage.unresolved:
        read.append(f"{count(len(coverage.unresolved), 'link')} not followed")
    if unread:
        read.append(f"{count(len(unread), 'container')} not seen")
    found = [count(severities[severity], severity.value) for severity in SEVERITY_ORDER]
    if suppressed:
        found.append(f"{suppressed} suppressed")
    yield [(f"{', '.join(read)}; {', '.join(found)}", "bold")]


def _verdict(report: Report, unread: int, suppressed: int) -> str:
    if not report.coverage.read:
        return "No file was read, so this says nothing about the site."
    nothing = "Nothing to report in what was read"
    if suppressed:
        nothing += f", apart from {count(suppressed, 'suppressed finding')}"
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
