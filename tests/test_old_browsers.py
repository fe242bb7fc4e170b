"""Scripts built for old browsers: what they send comes from where it came from in their source."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.match import Matcher
from analyzer.model import Source, source_of
from analyzer.parse.files import parse

LOADED = signatures.load()
MATCHER = Matcher(LOADED)
PAGE = Path(__file__).parents[1] / "fixtures" / "scripts" / "es5.md"
EXPECTED = {
    "A state": {("email", "form field #mail")},
    "TypeScript": {("reason", "response of a request /api/visit > reason")},
    "Babel": {
        ("reason", "response of a request /api/visit > reason"),
        ("email", "form field #mail"),
    },
    "A class": {("email", "form field #visit [name=mail]")},
    "An optional": {("phone", "form field #phone")},
}


def cases() -> dict[str, str]:
    """The scripts of the page, by their titles."""
    parts = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    return {part.partition("\n")[0]: part.split("```")[1].partition("\n")[2] for part in parts}


@pytest.mark.parametrize("title", EXPECTED)
def test_origins_survive_a_compiler(title: str) -> None:
    (script,) = [text for name, text in cases().items() if name.startswith(title)]
    parsed = parse(Source("a.jsx", script.encode()), LOADED.vocabulary)
    data = {
        (datum.name, str(source_of(datum.origin) or ""))
        for fact in parsed.facts
        for hit in MATCHER.detect(fact)
        for datum in hit.data
        if datum.name != "event"
    }
    assert EXPECTED[title] <= data
