"""The prefilter: three engines, one answer, and nothing that links pages is hidden by it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import pytest

from analyzer.model import Include, Package, ScriptLoad, Source, Vocabulary, shown
from analyzer.parse import files, prefilter
from analyzer.parse.files import imports_of, parse
from analyzer.parse.prefilter import (
    Engine,
    ahocorasick_engine,
    anchors,
    has_anchor,
    hides_words,
    hyperscan_engine,
    regex_engine,
)
from analyzer.signatures import load

ENGINES: dict[str, Callable[[tuple[bytes, ...]], Engine]] = {"re": regex_engine}
if find_spec("hyperscan"):
    ENGINES["hyperscan"] = hyperscan_engine
if find_spec("ahocorasick_rs"):
    ENGINES["ahocorasick_rs"] = ahocorasick_engine
WORDS = (
    b"a",
    b"ab",
    b"abc",
    b"bc",
    b"fbq",
    b"fbq.push",
    b"_fbq",
    b"cdn.example",
    b"example",
    b"a+b?",
    b"[x]",
    b"\xc3\xa9",
    b"$",
)


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_finds_every_word_everywhere(name: str) -> None:
    for data in texts(300):
        assert sorted(ENGINES[name](WORDS)(data)) == sorted(by_hand(data, WORDS))


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_knows_all_words_of_the_signatures(name: str) -> None:
    words = load().vocabulary.words
    data = b"\n".join(words)
    assert sorted(set(ENGINES[name](words)(data))) == sorted(set(by_hand(data, words)))


def texts(count: int) -> Iterator[bytes]:
    picks = random.Random(7)
    pieces = [*WORDS, b" ", b"\n", b"x", b"A", b"\x00", b"\xff", b"_", b"."]
    for size in range(count):
        yield b"".join(picks.choice(pieces) for _ in range(size % 60))


def by_hand(data: bytes, words: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    for word in words:
        at = data.find(word)
        while at >= 0:
            yield at, at + len(word)
            at = data.find(word, at + 1)


# ---------------------------------------------------------------- boundaries

BOUNDARIES = {
    b"fbq('init')": True,
    b"window.fbq(1)": True,
    b"(fbq)": True,
    b"a=fbq;": True,
    b"fbq": True,
    b"_fbq": False,
    b"$fbq": False,
    b"fbqs": False,
    b"fbq1": False,
    b"xfbq(1)": False,
    b"x.fbq2": False,
    b"//cdn.example/x": True,
    b"'cdn.example'": True,
    b"my.cdn.example/": True,
    b"mycdn.example/": False,
    b"cdn.examples/": False,
    b"cdn.example.org": True,
    b"a fbqq fbq": True,
    b"\xc3\xa9fbq": True,
    b"": False,
}


@pytest.mark.parametrize("data", BOUNDARIES)
def test_a_word_counts_where_it_is_not_part_of_another(data: bytes) -> None:
    assert has_anchor(data, Vocabulary(words=(b"fbq", b"cdn.example"))) is BOUNDARIES[data]


def test_a_word_that_begins_with_a_sign_needs_no_boundary() -> None:
    found = anchors(b"x/tr?id=1 y@vendor/kit", Vocabulary(words=(b"/tr", b"@vendor/kit")))
    assert sorted(found) == [(1, 4), (11, 22)]


def test_without_any_wheel_the_standard_library_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(words: tuple[bytes, ...]) -> Engine:
        raise ImportError

    monkeypatch.setattr(prefilter, "hyperscan_engine", missing)
    monkeypatch.setattr(prefilter, "ahocorasick_engine", missing)
    assert has_anchor(b"a fbq b", Vocabulary(words=(b"fbq", b"only in this test")))


# ---------------------------------------------------------------- links between files

LINKS = [
    "import './a.js'",
    'import a from "./a"',
    "import {b as c} from '../b'",
    "import * as d from '@/d'",
    "import e, {f} from 'react-ga4'",
    "export * from './g'",
    "export {h} from '~/h'",
    "const i = require('./i')",
    "import('./j')",
    "import( /* webpackChunkName: \"k\" */ './k' )",
    "const l = () => import(`./l`)",
    "import m from'./m'",
    'import"./n"',
    "import {\n  o,\n  p,\n} from './o'",
    "require(\n  './q'\n)",
    "const s=require('./s'),t=require(\"./t\")",
    "(function(){require('./u')})()",
    "if (a) require('@vendor/kit/x')",
    "import v from './v' with {type: 'json'}",
]


@pytest.mark.parametrize("script", LINKS)
def test_no_link_between_files_is_hidden(script: str) -> None:
    source = Source("page.ts", script.encode())
    parsed = parse(source, Vocabulary(), thorough=True)
    expected = {
        (type(fact), target(fact)) for fact in parsed.facts if isinstance(fact, Include | Package)
    }
    assert expected
    assert expected <= {(type(fact), target(fact)) for fact in imports_of(source)}


def test_an_import_of_types_alone_is_no_link() -> None:
    source = Source("page.ts", b"import type {R} from './r';\nimport {s} from './s'; s(1 as R);")
    parsed = parse(source, Vocabulary(), thorough=True)
    assert {target(fact) for fact in parsed.facts if isinstance(fact, Include)} == {"./s"}


def test_a_script_without_a_word_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "analyzer.parse.scripts.javascript.facts_of", lambda *_: pytest.fail("it was parsed")
    )
    parsed = parse(
        Source("a.js", b"import './b'; loadScript('https://' + host)"), Vocabulary(words=(b"fbq",))
    )
    assert [target(fact) for fact in parsed.facts] == ["./b"]


def test_links_are_told_in_their_order_and_not_without_end() -> None:
    source = Source("a.js", b"require('./c'); import './b';\n" * 9_000)
    found = list(imports_of(source))
    assert len(found) == files.MOST_IMPORTS
    assert [fact.place.line for fact in found] == sorted(fact.place.line for fact in found)


def target(fact: object) -> str:
    return (
        shown(fact.target)
        if isinstance(fact, Include)
        else fact.name
        if isinstance(fact, Package)
        else ""
    )


# ---------------------------------------------------------------- what it may hide

HIDDEN = [
    b"document['create' + 'Element']('scr' + 'ipt').src = 'https://conn' + 'ect.face' + 'book.net';",
    b'h = "con" + "nect"',
    b'h="con"+"nect"',
    rb"window['\x66\x62\x71']('x')",
    rb"window['\u0066\u0062\u0071']('x')",
    b"['f', 'b', 'q'].join('')",
    b"var _0x4a1f = ['q', 'f']",
]
PLAIN = [
    b"'a text that is ' + 'continued'",
    b"'<div>' + '</div>'",
    b"/[\\u00e0-\\u00ff]/.test(x)",
    b"'\\x1b[0m'",
    b"[a, b].join(', ')",
]


@pytest.mark.parametrize("script", HIDDEN)
def test_a_script_that_hides_its_words_is_noticed(script: bytes) -> None:
    assert hides_words(b"a();\n" + script)


@pytest.mark.parametrize("script", PLAIN)
def test_a_script_that_hides_nothing_is_left_alone(script: bytes) -> None:
    assert not hides_words(script)


SPLIT = b"""\
var s = document['create' + 'Element']('scr' + 'ipt');
s.src = 'https://connect.face' + 'book.net/en_US/fbevents.js';
"""
NAMED = b"""\
const a = 'connect.face', b = 'book.net';
import(`https://${a}${b}/en_US/fbevents.js`);
"""


@pytest.mark.parametrize(("script", "thorough"), [(SPLIT, False), (NAMED, True)])
def test_a_host_that_is_split_is_found(script: bytes, thorough: bool) -> None:
    vocabulary = load().vocabulary
    source = Source("a.js", script)
    assert not has_anchor(script, vocabulary)
    if thorough:
        assert parse(source, vocabulary).facts == ()
    found = parse(source, vocabulary, thorough=thorough).facts
    assert [fact.url for fact in found if isinstance(fact, ScriptLoad)] == [
        "https://connect.facebook.net/en_US/fbevents.js"
    ]
