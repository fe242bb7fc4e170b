"""A summary for a pull request or a ticket: the answer, the worst findings, and the rest folded.

It stays below the length that GitHub takes for a comment, whatever was found, and what scanned
files say is shown as it is: no link, no name of a person and no sign of Markdown in it acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from analyzer.model import Finding, Report, Severity, State
from analyzer.outputs import _words
from analyzer.outputs._chosen import accepted, known, path_from_top, told, urgent_first
from analyzer.outputs._gaps import unread
from analyzer.outputs._html_answer import answer
from analyzer.outputs._html_gathered import Gathered, Running, pages_said
from analyzer.outputs._marked import address, plain, written_table
from analyzer.outputs._receipt import counted, since, summary, unread_containers
from analyzer.outputs._styled import count

SUFFIX = ".md"

LONGEST = 65_000  # characters; GitHub takes 65,536 in a comment
WORST = 10
MESSAGE, PLACE = 400, 120
MANY, SOME = 18_000, 6_500  # characters of a folded list
ELSEWHERE = " below Containers."  # what only the web page has
MARKS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def write(report: Report, out: TextIO) -> None:
    out.write(_words.clip("\n".join(_parts(report)), LONGEST))


def _parts(report: Report) -> Iterator[str]:
    gathered = Gathered(report)
    said = answer(gathered)
    yield f"## trackerlint: {_counts(report)}\n"
    yield f"{plain(said.sentence)}\n"
    for words in said.more:
        if not words.endswith(ELSEWHERE):
            yield f"{plain(words)}\n"
    if words := since(report):
        yield f"{plain(words.rstrip('.'))}.\n"
    findings = urgent_first([each for each in told(report) if _is_news(each)], report.rules)
    news = _news(report)
    yield from _worst(report, findings, news)
    rest = findings[WORST:]
    yield from _folded(
        f"{count(len(rest), 'more finding')}",
        (_item(report, each, news) for each in rest),
        len(rest),
        MANY,
    )
    yield from _gone(report)
    running = gathered.running
    yield from _folded(
        f"{count(len(running), 'snippet')} of {count(len(gathered.by_vendor), 'tracker')}",
        (_runs(gathered, each, report.checkout.folder) for each in running),
        len(running),
    )
    missed = list(_missed(report))
    yield from _folded("What was not read or followed", missed, len(missed))
    (*_, last) = summary(report)
    yield f"{plain(''.join(text for text, _ in last))}\n"


def _counts(report: Report) -> str:
    numbers = [count(number, severity.value) for severity, number in counted(report).items()]
    if number := accepted(report):
        numbers.append(f"{number} accepted")
    if number := known(report):
        numbers.append(f"{number} known")
    return ", ".join(numbers)


def _is_news(finding: Finding) -> bool:
    """Does it count? What was known before and what is accepted does not."""
    return finding.is_open and finding.state is not State.KNOWN


def _news(report: Report) -> frozenset[str]:
    """The findings that are marked as new, where there is something to be new against."""
    fresh = {each.fingerprint for each in report.findings if each.state is State.NEW}
    if fresh or report.baseline or report.base:
        return frozenset(fresh)
    return report.history.new if report.history else frozenset()


def _worst(report: Report, findings: Sequence[Finding], news: frozenset[str]) -> Iterator[str]:
    if not findings:
        return
    rows = []
    for each in findings[:WORST]:
        severity = MARKS[each.severity]
        rows.append(
            (
                f"**{severity}**" if each.severity is Severity.ERROR else severity,
                f"**new** {_message(each)}" if each.fingerprint in news else _message(each),
                _where(report, each),
            )
        )
    yield written_table(("", "what", "where"), rows)


def _item(report: Report, each: Finding, news: frozenset[str]) -> str:
    mark = "**new** " if each.fingerprint in news else ""
    return f"- {MARKS[each.severity]}: {mark}{_message(each)} {_where(report, each)}"


def _message(each: Finding) -> str:
    return f"{plain(each.message, MESSAGE)} ({plain(each.rule)})"


def _where(report: Report, each: Finding) -> str:
    path = path_from_top(each.place.path, report.checkout.folder)
    return _link(path, each.place.line)


def _link(path: str, line: int) -> str:
    shown = path if len(path) <= PLACE else f"…{path[-PLACE:]}"
    words = plain(f"{_words.name(shown)}:{line}")
    target = address(path, line)
    return f"[{words}]({target})" if len(target) < 4 * PLACE else words


def _gone(report: Report) -> Iterator[str]:
    history = report.history
    if history is None or not history.gone:
        return
    yield from _folded(
        f"{count(len(history.gone), 'finding')} that {'is' if len(history.gone) == 1 else 'are'} "
        f"gone since {history.since}",
        (
            f"- {plain(each.severity)}: {plain(each.rule)} at {plain(f'{each.path}:{each.line}')}"
            for each in history.gone
        ),
        len(history.gone),
    )


def _runs(gathered: Gathered, each: Running, folder: str) -> str:
    hit = each.snippet.head.detection
    words = f"- {plain(each.name, PLACE)}"
    if hit.tag is not None:
        words += f", tag '{plain(hit.tag.tag_name, PLACE)}'"
    words += f" {_link(path_from_top(hit.place.path, folder), hit.place.line)}"
    if each.state:
        words += f", {each.state}"
    firings = tuple(each.firings.values())
    words += f": {pages_said(firings)}" if firings else ": no page was found that has it"
    sensitive = sum(page in gathered.sensitive for page in each.firings)
    return f"{words}, {sensitive} of them sensitive" if sensitive else words


def _missed(report: Report) -> Iterator[str]:
    for skip in unread(report):
        where = f"{skip.path}:{skip.line}" if skip.line else skip.path
        yield f"- {plain(where, PLACE)}: {plain(skip.reason, PLACE)}"
    for container in unread_containers(report):
        yield f"- {plain(container, PLACE)}: the tags of this container are not among the files"
    lost = {
        f"- {plain(str(each.place), PLACE)}: {plain(f'{each.what} {each.target}', PLACE)}": None
        for each in sorted(
            report.coverage.unresolved,
            key=lambda each: (each.place.path, each.place.line, each.what, each.target),
        )
    }
    yield from lost
    hosts = {each.host: each for each in reversed(report.site.unknown_hosts)}
    for host in sorted(hosts):
        each = hosts[host]
        yield f"- {plain(host, PLACE)} ({plain(each.kind)}): nobody here knows this third party"


def _folded(title: str, items: Iterable[str], number: int, room: int = SOME) -> Iterator[str]:
    """A list that opens on a click, as long as there is room for."""
    if not number:
        return
    lines: list[str] = []
    length = 0
    for item in items:
        length += len(item) + 1
        if length > room:
            break
        lines.append(item)
    if number > len(lines):
        lines.append(f"- … and {number - len(lines)} more, in the other reports of this run")
    body = "\n".join(lines)
    yield f"<details><summary>{title}</summary>\n\n{body}\n\n</details>\n"
