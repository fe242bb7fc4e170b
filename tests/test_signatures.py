"""Every example in a vendor's file is a test: what it finds, and what it leaves alone."""

from __future__ import annotations

import pytest

from analyzer import signatures
from analyzer.gtm import looks_like_container, read_container
from analyzer.link.libraries import apart
from analyzer.link.repeats import without_repeats
from analyzer.match import Matcher
from analyzer.model import Source, Status, Tracker
from analyzer.parse.files import parse

LOADED = signatures.load()
MATCHER = Matcher(LOADED)
STATES = {True: "on", False: "off", None: "unknown"}


@pytest.mark.parametrize(
    "example", signatures.examples(), ids=lambda each: f"{each.vendor}: {each.about}"
)
def test_example(example: signatures.Example) -> None:
    source = Source(example.path, example.text.encode())
    if example.path.endswith(".json") and looks_like_container(source.data):
        parsed = read_container(source, LOADED.vocabulary)
    else:
        parsed = parse(source, LOADED.vocabulary)
    (parsed,) = apart([parsed], MATCHER)
    hits = [
        Tracker(each, Status.LIVE)
        for fact in parsed.facts
        for each in MATCHER.detect(fact)
        if each.vendor == example.vendor
    ]
    found = sorted(
        (each.detection for each in without_repeats(hits)),
        key=lambda each: (each.place.region.line, each.place.region.column),
    )
    strong = any(not each.weak for each in found)
    said = [" ".join((each.role, *each.ids)) for each in found if strong or not each.weak]
    assert sorted(said) == sorted(example.finds)
    if example.switches:
        turned = [f"{each.name} {STATES[each.on]}" for hit in found for each in hit.switches]
        assert sorted(turned) == sorted(example.switches)
