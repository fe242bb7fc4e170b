"""The pages of a site for people: a list of them, and the way from one page to each tracker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TextIO

from analyzer.model import (
    Firing,
    Moment,
    Page,
    Report,
    Site,
    Snippet,
    Status,
    Step,
    UserError,
    Verdict,
)
from analyzer.outputs import _words
from analyzer.outputs._styled import count
from analyzer.tables import written

if TYPE_CHECKING:
    from rich.tree import Tree

HEAD = ("page", "addresses", "classes", "layouts", "trackers", "framework")
MOST_REASONS = 3
MOST_CANDIDATES = 5
MOST_GAPS = 20
LIKELY = 0.8  # a way that is less sure than this is told with how sure it is
MOMENTS = {
    Moment.LOAD: "",
    Moment.INTERACTION: "when somebody clicks or submits",
    Moment.EVENT: "on an event",
    Moment.TIMER: "after some time",
    Moment.HISTORY: "when the address changes",
    Moment.SERVER: "on the server",
}
STATES = {Status.CONSENT_GATED: "after consent", Status.PLACEHOLDER: "placeholder id"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pages are asked for: of one class, with trackers only, with these words."""

    words: str = ""
    page_class: str = ""
    tracked: bool = False


def pages_told(report: Report, wanted: Wanted, form: str) -> str:
    """The pages that are asked for, as text, json, csv or markdown."""
    site = report.site
    fires = firings_by_page(site)
    chosen = [page for page in site.pages.values() if _is_wanted(page, fires, wanted)]
    if form != "text":
        return written(HEAD, [_row(site, page, fires.get(page.path, ())) for page in chosen], form)
    lines = [line for page in chosen for line in _told(site, page, fires.get(page.path, ()))]
    return "".join(f"{line}\n" for line in (*lines, _summary(report, chosen, fires)))


def page_named(site: Site, name: str) -> Page:
    """The page with this path, address or end of a path. Raises UserError where none or several
    fit.
    """
    if name in site.pages:
        return site.pages[name]
    wanted = name.strip("/")
    found = [
        page for page in site.pages.values() if any(_fits(route, name) for route in page.routes)
    ] or [page for page in site.pages.values() if page.path.endswith("/" + wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        some = ", ".join(page.path for page in found[:MOST_CANDIDATES])
        raise UserError(f"{name!r} fits {count(len(found), 'page')}: {some}; give one of the paths")
    known = [*site.pages, *(route for page in site.pages.values() for route in page.routes)]
    near = get_close_matches(name, known, MOST_CANDIDATES, 0.5)
    advice = f"did you mean {', '.join(near)}?" if near else "trackerlint pages lists them"
    raise UserError(f"no page is called {name!r}; {advice}")


def draw(report: Report, page: Page, out: TextIO, *, colour: bool = False) -> None:
    """Write the way from a page to each of its trackers as a tree, and what could not be seen."""
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    site = report.site
    root = Tree(Text(_words.name(page.path + _at(page)), style="bold"))
    for each in page.classes:
        root.add(Text(f"{each.name}: {_reasons(each.reasons)}", style="yellow"))
    fires = firings_by_page(site).get(page.path, ())
    branches: dict[tuple[Step, ...], Tree] = {(): root}
    for snippet, firing in fires:
        parent = root
        for depth, step in enumerate(firing.trail, 1):
            key = firing.trail[:depth]
            if key not in branches:
                branches[key] = parent.add(Text(_words.sentence(_step(step), 300)))
            parent = branches[key]
        place = snippet.head.place
        words = f"{place.path}:{place.line}: {_tracker(site, snippet, firing)}"
        leaf = parent.add(Text(_words.sentence(words, 300), style="bold red"))
        if place.text:
            leaf.add(Text(_words.sentence(place.text, 120), style="dim"))
    if not fires:
        root.add(Text("no tracker was found in what was read"))
    _draw_gaps(report, page, root)
    console = Console(
        file=out,
        force_terminal=colour,
        color_system="standard" if colour else None,
        width=10_000,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with console.capture() as captured:
        console.print(root)
    out.write("".join(line.rstrip() + "\n" for line in captured.get().splitlines()))


def firings_by_page(site: Site) -> dict[str, list[tuple[Snippet, Firing]]]:
    """Every page that has a tracker, with the snippets that run there."""
    found: dict[str, list[tuple[Snippet, Firing]]] = {}
    for snippet in site.snippets:
        for firing in snippet.fires:
            found.setdefault(firing.page, []).append((snippet, firing))
    return found


def _draw_gaps(report: Report, page: Page, root: Tree) -> None:
    """What could not be followed or read in the files that the page is made of."""
    from rich.text import Text

    files = {page.path, *page.layouts, *page.parts}
    gaps = [
        f"{each.place}: {each.what} {each.target} is in no file that was read"
        for each in report.coverage.unresolved
        if each.place.path in files
    ]
    gaps += [f"{each.path}: {each.reason}" for each in report.coverage.skips if each.path in files]
    if not gaps:
        return
    branch = root.add(Text("not known", style="cyan"))
    for words in gaps[:MOST_GAPS]:
        branch.add(Text(_words.sentence(words, 300)))
    if len(gaps) > MOST_GAPS:
        branch.add(Text(f"… and {count(len(gaps) - MOST_GAPS, 'more gap')}"))


def _is_wanted(page: Page, fires: dict[str, list[tuple[Snippet, Firing]]], wanted: Wanted) -> bool:
    if wanted.tracked and page.path not in fires:
        return False
    if wanted.page_class and not page.has_class(wanted.page_class):
        return False
    said = " ".join((page.path, *page.routes, *(each.name for each in page.classes)))
    return wanted.words.lower() in said.lower()


def _told(site: Site, page: Page, fires: Sequence[tuple[Snippet, Firing]]) -> Iterator[str]:
    """One page as lines of text."""
    yield _words.name(page.path + _at(page))
    for each in page.classes:
        yield f"    {each.name}: {_words.sentence(_reasons(each.reasons), 200)}"
    if page.layouts:
        yield f"    in {_words.name(', '.join(page.layouts))}"
    told = (_words.sentence(_tracker(site, snippet, firing), 300) for snippet, firing in fires)
    yield from (f"    has {words}" for words in dict.fromkeys(told))


def _summary(
    report: Report, chosen: Sequence[Page], fires: dict[str, list[tuple[Snippet, Firing]]]
) -> str:
    tracked = [page for page in chosen if page.path in fires]
    sensitive = sum(bool(page.classes) for page in tracked)
    words = f"{count(len(chosen), 'page')}, {len(tracked)} with trackers"
    if sensitive:
        words += f", {sensitive} of these signed-in or health pages"
    gaps = len(report.coverage.unresolved)
    unread = sum(each.kind != "left-out" for each in report.coverage.skips)
    if gaps or unread:
        words += (
            f"; {count(gaps, 'link')} could not be followed, {count(unread, 'file')} not read"
            " or not wholly (trackerlint scan lists them)"
        )
    return words


def _row(site: Site, page: Page, fires: Sequence[tuple[Snippet, Firing]]) -> tuple[str, ...]:
    return (
        page.path,
        ", ".join(page.routes),
        "; ".join(f"{each.id}: {_reasons(each.reasons)}" for each in page.classes),
        ", ".join(page.layouts),
        "; ".join(_tracker(site, snippet, firing) for snippet, firing in fires),
        page.framework,
    )


def _tracker(site: Site, snippet: Snippet, firing: Firing) -> str:
    """A tracker on a page: its name, and how sure, when and under which conditions it runs."""
    name = site.vendors[snippet.vendor].name + (f" {snippet.ids[0]}" if snippet.ids else "")
    sure = "yes" if firing.verdict is Verdict.YES else "maybe"
    details = [sure, MOMENTS[firing.moment], STATES.get(snippet.status, ""), *firing.conditions[:3]]
    if firing.confidence < LIKELY:
        details.append(f"confidence {firing.confidence:g}")
    return f"{name} ({', '.join(dict.fromkeys(filter(None, details)))})"


def _step(step: Step) -> str:
    return f"{step.place.path}:{step.place.line}: {step.text}"


def _at(page: Page) -> str:
    return f" at {', '.join(page.routes)}" if page.routes else ""


def _reasons(reasons: Sequence[str]) -> str:
    return ", ".join(reasons[:MOST_REASONS])


def _fits(route: str, address: str) -> bool:
    """Is the address one that the pattern of a route stands for?"""
    pieces = re.split(r"(\*+)", route.rstrip("/") or "/")
    pattern = "".join(
        ".*" if "**" in piece else "[^/]+" if piece == "*" else re.escape(piece) for piece in pieces
    )
    return re.fullmatch(pattern, address.rstrip("/") or "/") is not None
