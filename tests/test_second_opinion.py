"""esprima, which shares no code with our reader, agrees on every script of the fixtures and of the
vendors' examples that both read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.model import Source, Vocabulary
from analyzer.parse.files import parse
from tests.markdown_pages import Case, PageError, cases_of
from tests.second_opinion import Saying, inline_scripts, ours_of, second_opinion, theirs_of

ROOT = Path(__file__).parent.parent
SCRIPTS = (".js", ".mjs", ".cjs", ".jsx")
PAGES = (".html", ".htm")
LEAST_ASKED = 10  # addresses that agree
LEAST = 700  # calls and assignments that agree today; fewer would mean that less is compared


@cache
def vocabulary() -> Vocabulary:
    return signatures.load().vocabulary


def scripts() -> Iterator[tuple[str, str]]:
    """The scripts of the fixtures and of the vendors' examples, each with where it stands."""
    for sheet in sorted((ROOT / "signatures" / "vendors").glob("*.toml")):
        for number, example in enumerate(tomllib.loads(sheet.read_text()).get("examples", ())):
            for text in (example.get("js", ""), *inline_scripts(example.get("html", ""))):
                yield f"{sheet.stem}, example {number + 1}", text
    for page in sorted((ROOT / "fixtures").rglob("*.md")):
        for case in told_by(page):
            for name, text in case.files.items():
                yield from scripts_in(f"{page.stem}: {case.claim}: {name}", name, text)
    for path in sorted((ROOT / "fixtures" / "sites").rglob("*")):
        if path.suffix in SCRIPTS + PAGES and path.is_file():
            yield from scripts_in(path.name, path.name, path.read_text(errors="replace"))


def told_by(page: Path) -> tuple[Case, ...]:
    with suppress(PageError):  # a page of a site is no page of cases
        return cases_of(page)
    return ()


def scripts_in(where: str, name: str, text: str) -> Iterator[tuple[str, str]]:
    if name.endswith(SCRIPTS):
        yield where, text
    elif name.endswith(PAGES):
        yield from ((where, script) for script in inline_scripts(text))


def test_both_say_the_same() -> None:
    agreed, asked = 0, 0
    different: list[str] = []
    for where, script in scripts():
        opinion = second_opinion(script, vocabulary()) if script.strip() else None
        if opinion is not None:
            agreed += opinion.agreed
            asked += opinion.asked
            different.extend(f"{where}: {each}" for each in opinion.missing)
    assert not different, "\n".join(different)
    assert agreed >= LEAST
    assert asked >= LEAST_ASKED


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("fbq('init', '1');", ["1:1 call fbq init, 1"]),
        ("window.fbq('track', a, {b: [1, true], c: d});", ["1:1 call fbq track, ?, {b: [1, true], c: ?}"]),
        ("_hjSettings = {hjid: 1};", ["1:1 set _hjSettings {hjid: 1}"]),
        ("function fbq() {} function b(fbq) { fbq('init', '1'); }", []),
        ("function gtag() {} gtag('config', 'G-1');", ["1:20 call gtag config, G-1"]),
        ("(window.fbq || a)('init', '1');", []),
        ("fetch('https://a.example/b'); fetch('/c');", ["1:1 asks https://a.example/b "]),
        ("new Image().src = '//a.example/b?c=1';", ["1:1 asks //a.example/b?c=1 "]),
        ("var s = document.createElement('script'); s.src = 'https://a.example/b.js';", ["1:43 asks https://a.example/b.js "]),
        ("var s = document.createElement('audio'); s.src = 'https://a.example/b.mp3';", []),
        ("document.write('<script src=\"https://a.example/b.js\"></script>');", ["1:1 asks https://a.example/b.js "]),
    ],
)  # fmt: skip
def test_what_is_asked_of_esprima(script: str, said: list[str]) -> None:
    found = theirs_of(script, vocabulary())
    assert found is not None
    assert [str(each) for each in found] == said


def ours(script: str) -> Saying:
    """The first thing that our reader says of a script."""
    return next(ours_of(parse(Source("a.js", script.encode()), vocabulary()).facts))


def test_a_difference_is_seen() -> None:
    script = "fbq('init', '1');"
    theirs = theirs_of(script, vocabulary())
    assert theirs is not None
    assert not theirs[0].agrees(ours("fbq('init', '2');"))
    assert theirs[0].agrees(ours(script))


def test_what_esprima_cannot_read_is_not_compared() -> None:
    assert second_opinion("a?.b ?? fbq('init', '1')", vocabulary()) is None
