"""The pages about scripts: what each of their files says, fact by fact."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.model import (
    Assign,
    Call,
    Fact,
    Frame,
    Link,
    Moment,
    Pixel,
    Push,
    Request,
    ScriptLoad,
    Source,
    Vocabulary,
    shown,
)
from analyzer.parse.files import parse
from tests.markdown_pages import Case, cases_of, rewrite_case

PAGES = Path(__file__).parent.parent / "fixtures" / "scripts"
CASES = [case for page in sorted(PAGES.glob("*.md")) for case in cases_of(page)]


@cache
def vocabulary() -> Vocabulary:
    return signatures.load().vocabulary


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_script_says(case: Case, rewrite: bool) -> None:
    seen = [line for path, text in case.files.items() for line in said(path, text)]
    if rewrite:
        rewrite_case(case, seen)
    elif difference := case.difference(seen):
        pytest.fail(difference, pytrace=False)


@pytest.mark.parametrize("case", [each for each in CASES if each.page.stem == "hidden"], ids=str)
def test_a_hidden_host_is_found_without_the_slow_way(case: Case) -> None:
    for path, text in case.files.items():
        if "new Image" in text:
            assert said(path, text, thorough=False) == said(path, text)


def said(path: str, text: str, thorough: bool = True) -> list[str]:
    parsed = parse(Source(path, text.encode()), vocabulary(), thorough)
    lines = [f"{path}:{each}" for each in map(line_of, parsed.facts) if each]
    return lines + [f"{path}: {skip.reason}" for skip in parsed.skips]


def line_of(fact: Fact) -> str:
    """A fact as a reader would say it; nothing for what these pages are not about."""
    match fact:
        case ScriptLoad():
            words = f"loads {shown(fact.url)}"
        case Pixel():
            words = f"shows {shown(fact.url)}"
        case Frame():
            words = f"frames {shown(fact.url)}"
        case Link(kind="form"):
            words = f"submits to {shown(fact.url)}"
        case Request():
            carried = "" if fact.body is None else f" <- {shown(fact.body)}"
            words = f"sends to {shown(fact.url)}{carried}"
        case Call() if not fact.callee.startswith("own:"):
            words = f"{fact.callee}({', '.join(map(shown, fact.args))})"
        case Push():
            words = f"{fact.layer} gets {shown(fact.value)}"
        case Assign():
            words = f"{fact.target} = {shown(fact.value)}"
        case _:
            return ""
    region = fact.place.region
    later = "" if fact.moment is Moment.LOAD else f" ({fact.moment.name.lower()})"
    guards = "".join(f" [{guard.text}]" for guard in fact.guards)
    return f"{region.line}:{region.column} {words}{later}{guards}"
