"""Every rule, engine and framework has a Markdown page: its cases say, word for word, what is seen.

`pytest --rewrite` writes what is seen today into the pages.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from analyzer import pipeline, signatures
from analyzer.engines import is_template
from analyzer.model import Finding, Firing, Report, Site, Status, Step, Tracker
from analyzer.pipeline import Options
from analyzer.plugins import modules, title_of
from tests.conftest import ROOT
from tests.markdown_pages import Case, PageError, cases_of, rewrite_case

FIXTURES = ROOT / "fixtures"
NOTHING = "nothing"
ADVICE = {
    "rules": "with a case that it reports and a case, close to it, that it leaves alone",
    "engines": "with cases that show offsets staying true and the layout being found",
    "frameworks": "with cases that show which files are pages, where, and in which layout",
}


def page_of(module: ModuleType) -> Path:
    """Where the module's page is: the same folder and name among the fixtures."""
    _, room, name = module.__name__.split(".")
    return FIXTURES / room / f"{name}.md"


def seen_by_rule(case: Case, module: ModuleType, folder: Path) -> list[str]:
    """The rule's findings, each with the steps that lead to it and the pages that it speaks of."""
    name = title_of(module)
    # A rule about the review itself says nothing where the rules that it reviews did not run.
    report = scanned(case, folder, *(() if hasattr(module, "review") else (name,)))
    findings = [finding for finding in report.findings if finding.rule == name]
    return [line for finding in findings for line in finding_lines(finding)]


def seen_by_engine(case: Case, _: ModuleType, folder: Path) -> list[str]:
    """The trackers, each with its words and its pages, and the links that lead nowhere."""
    site = scanned(case, folder).site
    return [
        *(line for tracker in site.trackers for line in tracker_lines(tracker)),
        *(f"unresolved: {each.place} {each.what} {each.target}" for each in site.unresolved),
    ]


def seen_by_framework(case: Case, _: ModuleType, folder: Path) -> list[str]:
    """The templates, which of them are pages, and their addresses and layouts."""
    site = scanned(case, folder).site
    return [
        *(
            template_line(site, name)
            for name in sorted(case.files)
            if is_template(name) or name in site.pages
        ),
        *(line for tracker in site.trackers for line in tracker_lines(tracker)),
        *(f"unresolved: {each.place} {each.what} {each.target}" for each in site.unresolved),
    ]


SEEN: dict[str, Callable[[Case, ModuleType, Path], list[str]]] = {
    "rules": seen_by_rule,
    "engines": seen_by_engine,
    "frameworks": seen_by_framework,
}
MODULES = [module for room in SEEN for module in modules(room)]


def all_cases() -> Iterator[tuple[Case, ModuleType]]:
    """Every case of every page; a page that cannot be read fails in a test of its own."""
    for module in MODULES:
        try:
            yield from ((case, module) for case in cases_of(page_of(module)))
        except (OSError, PageError):
            continue


@pytest.mark.parametrize(
    ("case", "module"),
    [
        pytest.param(case, module, id=f"{case.page.parent.name}/{case}")
        for case, module in all_cases()
    ],
)
def test_a_case_shows_what_is_seen(
    case: Case, module: ModuleType, tmp_path: Path, rewrite: bool
) -> None:
    seen = SEEN[case.page.parent.name](case, module, tmp_path) or [NOTHING]
    if rewrite:
        assert "PYTEST_XDIST_WORKER" not in os.environ, "one page, one writer: leave -n out"
        rewrite_case(case, seen)
    elif difference := case.difference(seen):
        pytest.fail(difference, pytrace=False)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.__name__))
def test_a_module_has_its_page(module: ModuleType) -> None:
    page = page_of(module)
    room = page.parent.name
    name = page.relative_to(ROOT)
    if not page.exists():
        pytest.fail(
            f"{name} is missing: write it, {ADVICE[room]}; pytest --rewrite fills in what is seen",
            pytrace=False,
        )
    try:
        cases = cases_of(page)
    except PageError as trouble:
        pytest.fail(str(trouble), pytrace=False)
    claims = [case.claim for case in cases]
    assert len(set(claims)) == len(claims), f"{name}: two cases make the same claim"
    if room == "rules":
        alone = [case for case in cases if case.expected == (NOTHING,)]
        assert alone, f"{name} needs a case that the rule leaves alone, close to a reported one"
        assert len(alone) < len(cases), f"{name} needs a case that the rule reports"


@pytest.mark.parametrize("room", SEEN)
def test_a_page_has_its_module(room: str) -> None:
    known = {page_of(module) for module in modules(room)}
    strangers = sorted(
        str(page.relative_to(ROOT)) for page in (FIXTURES / room).iterdir() if page not in known
    )
    assert not strangers, (
        f"no module of analyzer/{room} is called like {', '.join(strangers)}; "
        "rename the page after its module, or remove it"
    )


# ---------------------------------------------------------------- what is seen, as lines


def scanned(case: Case, folder: Path, *rules: str) -> Report:
    """The report on the case's files."""
    case.write(folder)
    return pipeline.scan([folder], signatures.load(), Options(select=rules))


def finding_lines(finding: Finding) -> Iterator[str]:
    """A finding as the terminal tells it, without the quoted line."""
    yield f"{finding.place}: {finding.message} [{finding.rule}]"
    yield from (f"    {number}. {step_line(step)}" for number, step in enumerate(finding.trail, 1))
    yield from (f"    see {step_line(step)}" for step in finding.related)
    if finding.pages:
        yield f"    on {', '.join(finding.pages)}"


def step_line(step: Step) -> str:
    return f"{step.place.path}:{step.place.line}: {step.text}"


def tracker_lines(tracker: Tracker) -> Iterator[str]:
    """A tracker: where, what, its words in the file, and a line for each page that has it."""
    found = tracker.detection
    state = "" if tracker.status is Status.LIVE else f" [{tracker.status}]"
    yield " ".join([str(found.place), found.vendor, found.role, *found.ids]) + state
    yield f"    | {found.place.text}"
    for firing in tracker.fires:
        yield f"    -> {firing_line(firing)}"
    if not tracker.fires:
        yield "    -> no page"


def firing_line(firing: Firing) -> str:
    """A page that has a tracker: how sure, when, under which conditions, and by which way."""
    line = f"{firing.page} ({firing.verdict}, {firing.moment})"
    line += "".join(f", {condition}" for condition in firing.conditions)
    return line + "".join(f"; {step_line(step)}" for step in firing.trail)


def template_line(site: Site, name: str) -> str:
    """A template as its framework sees it."""
    page = site.pages.get(name)
    if page is None:
        return f"{name} is no page of its own"
    line = f"{name} ({page.framework})" if page.framework else name
    line += f" at {', '.join(page.routes)}" if page.routes else " at an unknown address"
    line += "".join(f", in {layout}" for layout in page.layouts)
    signed = (each for each in page.classes if each.id in ("signed-in", "public"))
    return line + "".join(f"; {each.name}: {', '.join(each.reasons)}" for each in signed)
