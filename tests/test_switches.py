"""Switches of products: what a vendor's file may say of them, and how code turns them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.match import Matcher
from analyzer.model import Detection, Role, Source, UserError
from analyzer.parse.files import parse

ACME = """\
name     = "Acme"
owner    = "Acme Corporation"
category = "analytics"

[signals]
setup  = ["acme('init', $id)"]

[[switch]]
kind    = "autocapture"
name    = "capture"
default = "on"
source  = "https://docs.acme.example/capture"
on      = ["acme('init', $id, {capture: $is})", "acme('capture')"]
off     = ["acme('init', $id, {capture: 'none'})"]

[[switch]]
kind    = "cookies"
name    = "cookies"
default = "unknown"
off     = ["acmeCookieless = $is"]

[[examples]]
about = "the product"
js    = "acme('init', '1')"
finds = ["setup 1"]

[[examples]]
about = "something else"
js    = "other('init', '1')"
finds = []
"""


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of signatures with one vendor file."""
    path = tmp_path / "signatures" / "vendors" / "acme.toml"
    path.parent.mkdir(parents=True)
    path.write_text(ACME)
    monkeypatch.setattr(signatures, "folder", lambda: tmp_path / "signatures")
    signatures.load.cache_clear()
    yield path
    signatures.load.cache_clear()


def found(script: str) -> list[Detection]:
    loaded = signatures.load()
    matcher = Matcher(loaded)
    facts = parse(Source("a.js", script.encode()), loaded.vocabulary).facts
    return [each for fact in facts for each in matcher.detect(fact)]


@pytest.mark.parametrize(
    ("script", "turned"),
    [
        ("acme('init', '1', {capture: true});", "capture True"),
        ("acme('init', '1', {capture: {clicks: true}});", "capture True"),
        ("acme('init', '1', {capture: 0});", "capture False"),
        ("acme('init', '1', {capture: 'false'});", "capture False"),
        ("acme('init', '1', {capture: 'none'});", "capture False"),
        ("acme('init', '1', {capture: settings.capture});", "capture None"),
        ("acme('init', '1', {capture: wanted ? true : false});", "capture None"),
        ("acme('capture');", "capture True"),
        ("window.acmeCookieless = true;", "cookies False"),
        ("window.acmeCookieless = false;", "cookies True"),
        ("acme('init', '1', {other: true});", ""),
        ("acme('init', '1');", ""),
    ],
)
def test_a_switch_is_turned_by_what_is_written(acme: Path, script: str, turned: str) -> None:
    said = [f"{each.name} {each.on}" for hit in found(script) for each in hit.switches]
    assert " ".join(said) == turned


def test_a_call_that_only_turns_a_switch_is_a_setting_that_needs_the_product(acme: Path) -> None:
    [hit] = found("acme('capture');")
    assert (hit.role, hit.weak, hit.vendor) == (Role.CONFIG, True, "acme")


def test_a_call_that_sets_the_product_up_carries_its_switches(acme: Path) -> None:
    [hit] = found("acme('init', '7', {capture: false});")
    assert (hit.role, hit.ids, len(hit.switches)) == (Role.SETUP, ("7",), 1)


def test_the_vendor_knows_its_switches_and_their_defaults(acme: Path) -> None:
    controls = signatures.load().vendors["acme"].controls
    assert [(each.feature, each.name, each.default) for each in controls] == [
        ("autocapture", "capture", True),
        ("cookies", "cookies", None),
    ]


MISTAKES = {
    "an unknown kind": ('"autocapture"', '"magic"', 10, '"magic" is no kind of switch'),
    "no name": ('name    = "capture"\n', "", 8, "needs a name"),
    "no default": ('default = "on"\n', "", 10, 'the default of "capture" is "None"'),
    "a default that is none": ('default = "on"', 'default = "mostly"', 10, "write on, off or"),
    "no source": (
        'source  = "https://docs.acme.example/capture"\n',
        "",
        10,
        'the default of "capture" needs its source',
    ),
    "an unknown key": ('off     = ["acme(', 'of      = ["acme(', 14, '"of" is not known in a'),
    "a pattern that is no list": (
        '["acmeCookieless = $is"]',
        '"acmeCookieless = $is"',
        17,
        '"off" of the switch "cookies" must be a list',
    ),
    "a pattern that is nothing": ("acmeCookieless = $is", "the cookies", 20, "is no address"),
    "a pattern that does not close": ("acme('capture')", "acme('capture'))", 13, "is not one"),
    "a table in the place of the list": (
        '[[switch]]\nkind    = "cookies"\nname    = "cookies"\ndefault = "unknown"\n'
        'off     = ["acmeCookieless = $is"]\n',
        "",
        0,
        "",
    ),
    "a name twice": ('name    = "cookies"', 'name    = "capture"', 10, "is there twice"),
}


@pytest.mark.parametrize(("before", "after", "line", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_sentence_with_its_line(
    acme: Path, before: str, after: str, line: int, said: str
) -> None:
    assert before in ACME
    text = ACME.replace(before, after, 1)
    if not said:  # a plain table instead
        text = text.replace("[[switch]]", "[switch]", 1)
        line, said = 8, '"switch" must be a list of tables'
    if said == "is there twice":
        text = text.replace('"cookies"', '"autocapture"', 1)
    acme.write_text(text)
    with pytest.raises(UserError) as caught:
        signatures.load()
    message = str(caught.value)
    assert message.startswith(f"signatures/vendors/acme.toml: line {line}: "), message
    assert said in message
    assert "\n" not in message
