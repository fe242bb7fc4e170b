"""Scripts whose texts stand in a table: turned, encoded and asked for by number."""

from __future__ import annotations

import base64
import json

import pytest

from analyzer import signatures
from analyzer.match import Matcher
from analyzer.model import Source, holes
from analyzer.parse.files import parse
from analyzer.parse.scripts.cleared import cleared

MATCHER = Matcher(signatures.load())
TEXTS = [
    "init",
    "123456789012345",
    "track",
    "Schedule",
    "querySelector",
    "#email",
    "value",
    "createElement",
    "script",
    "https://static.hotjar.com/c/hotjar-123456.js?sv=6",
    "17 stones",
]
ACTS = (
    "fbq(ask(0), ask(1)); fbq(ask(2), ask(3), {em: document[ask(4)](ask(5))[ask(6)]});"
    " var s = document[ask(7)](ask(8)); s['src'] = ask(9); document['head']['append'](s);"
)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"
FIRST = 0x116


def ciphered(text: str, key: str) -> str:
    """A text in RC4, as the letters that its bytes are."""
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + ord(key[i % len(key)])) % 256
        box[i], box[j] = box[j], box[i]
    found, i, j = "", 0, 0
    for letter in text:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        found += chr(ord(letter) ^ box[(box[i] + box[j]) % 256])
    return found


def swapped(text: str) -> str:
    """Base 64 with the small letters first."""
    return base64.b64encode(text.encode()).decode().rstrip("=").swapcase()


def turned(texts: list[str], by: int) -> str:
    return json.dumps(texts[-by:] + texts[:-by])


def script(decoder: str, table: str, acts: str = ACTS, turn: str = "") -> str:
    for number in range(len(TEXTS)):
        acts = acts.replace(f"ask({number})", f"_0x3c4d({hex(FIRST + number)}, 'k3y')")
    return f"{table}{decoder}{turn}(function () {{ {acts} }})();"


def own_decoder() -> str:
    """The same as people write it who hide something by hand."""
    encoded = json.dumps([base64.b64encode(each.encode()).decode() for each in TEXTS])
    acts = ACTS
    for number in range(len(TEXTS)):
        acts = acts.replace(f"ask({number})", f"d({16 + number})")
    return f"const T = {encoded}; function d(n) {{ return atob(T[n - 16]); }} {acts}"


LIST = "var _0x1a2b = {};"
GIVING = (
    "function _0x1a2b() {{ var _0x9f = {}; _0x1a2b = function () {{ return _0x9f; }};"
    " return _0x1a2b(); }}"
)
OF_LIST = "function _0x3c4d(i) { i = i - 0x116; var t = _0x1a2b[i]; return t; }"
OF_GIVING = "function _0x3c4d(i, k) { i = i - 0x116; var l = _0x1a2b(); var t = l[i]; return t; }"
DECODING = (
    "function _0x3c4d(i, k) { i = i - 0x116; var l = _0x1a2b(); var t = l[i];"
    f" if (!_0x3c4d.made) {{ var letters = '{LETTERS}='; _0x3c4d.made = decode(letters); }}"
    " t = _0x3c4d.made(t); return t; }"
)
DECIPHERING = DECODING.replace(
    "t = _0x3c4d", "for (;;) { t += t.charCodeAt(i) ^ k.charCodeAt(i); } t = _0x3c4d"
)
COUNTED = (
    "(function (a, n) {{ var _0x7 = _0x3c4d, l = a(); while (!![]) {{ try {{"
    " var sum = parseInt(_0x7({})) / 0x1 * (-parseInt(_0x7({})) / 0x2); if (sum === n) break;"
    " else l['push'](l['shift']()); }} catch (e) {{ l['push'](l['shift']()); }} }} }}"
    "(_0x1a2b, {}));"
)
OLD_TURN = (
    "(function (a, n) { var go = function (c) { while (--c) { a['push'](a['shift']()); } };"
    " go(++n); }(_0x1a2b, 0x3));"
)

WAYS = {
    "a list that is asked by number": script(OF_LIST, LIST.format(json.dumps(TEXTS))),
    "a list that was turned": script(OF_LIST, LIST.format(turned(TEXTS, 3)), turn=OLD_TURN),
    "a function that gives the list": script(OF_GIVING, GIVING.format(json.dumps(TEXTS))),
    "a list that is turned until a sum is right": script(
        OF_GIVING,
        GIVING.format(turned(TEXTS, 4)),
        turn=COUNTED.format(hex(FIRST + 1), hex(FIRST + 10), -123456789012345 * 17 / 2),
    ),
    "texts in base 64 with small letters first": script(
        DECODING, GIVING.format(json.dumps([swapped(each) for each in TEXTS]))
    ),
    "texts in a cipher": script(
        DECIPHERING,
        GIVING.format(json.dumps([swapped(ciphered(each, "k3y")) for each in TEXTS])),
    ),
    "functions that count from elsewhere": script(
        OF_LIST,
        LIST.format(json.dumps(TEXTS)),
        "function _0x5e(a, b) { return _0x3c4d(b - -0x20, a); } var _0x6f = _0x5e; "
        + ACTS.replace("ask(0)", f"_0x6f(1, {FIRST - 32})"),
    ),
    "numbers and functions in a store": script(
        OF_LIST,
        LIST.format(json.dumps(TEXTS)),
        f"var _0x88 = {{abcde: function (a, b, c) {{ return a(b, c); }}, n: {FIRST},"
        " fghij: function (a, b) { return a + b; }};"
        " _0x88.abcde(fbq, _0x3c4d(_0x88.n), _0x88['fghij'](ask(1), ''));" + ACTS.partition(";")[2],
    ),
    "a decoder of one's own": own_decoder(),
}


@pytest.mark.parametrize("way", WAYS)
def test_texts_of_a_table_are_read(way: str) -> None:
    parsed = parse(Source("a.js", WAYS[way].encode()), signatures.load().vocabulary)
    found = {
        (hit.vendor, str(hit.role)): hit for fact in parsed.facts for hit in MATCHER.detect(fact)
    }
    assert found["meta-pixel", "setup"].ids == ("123456789012345",)
    assert found["hotjar", "loader"].ids == ("123456",)
    (em,) = [each for each in found["meta-pixel", "event"].data if each.name == "em"]
    assert [str(hole.origin) for hole in holes(em.value)] == ["form field #email"]


@pytest.mark.parametrize("way", WAYS)
def test_places_are_those_of_the_file(way: str) -> None:
    code = "/* one */\n" + WAYS[way]
    parsed = parse(Source("a.js", code.encode()), signatures.load().vocabulary)
    line = code.split("\n")[1]
    for fact in parsed.facts:
        for hit in MATCHER.detect(fact):
            if hit.vendor == "meta-pixel" and str(hit.role) == "event":
                region = hit.place.region
                assert region.line == 2
                assert line[region.column - 1 :].startswith("fbq(")


def test_a_page_holds_such_a_script() -> None:
    way = WAYS["a list that was turned"]
    page = f"<p>é</p>\n<script>{way}</script>\n<script>gtag('event', 'x');</script>"
    parsed = parse(Source("a.html", page.encode()), signatures.load().vocabulary)
    told = {
        (hit.vendor, hit.place.line)
        for fact in parsed.facts
        for hit in MATCHER.detect(fact)
        if not hit.weak
    }
    assert told == {("meta-pixel", 2), ("hotjar", 2), ("google-analytics-4", 3)}


WRONG = {
    "a table that is turned in an unknown way": script(
        OF_LIST,
        LIST.format(turned(TEXTS, 3)),
        turn="(function (a, n) { a['push'](a['shift']()); }(_0x1a2b, location.hash));",
    ),
    "numbers that no table has": script(
        OF_LIST.replace("0x116", "0x999"), LIST.format(json.dumps(TEXTS))
    ),
}


@pytest.mark.parametrize("why", WRONG)
def test_what_cannot_be_worked_out_is_not_guessed(why: str) -> None:
    parsed = parse(Source("a.js", WRONG[why].encode()), signatures.load().vocabulary)
    found = [hit for fact in parsed.facts for hit in MATCHER.detect(fact)]
    assert not [hit for hit in found if hit.ids or hit.vendor == "hotjar"]


@pytest.mark.parametrize(
    "code",
    [
        "a['b'](); c.d = e['f'];",
        "var list = ['a', 'b']; each(list[0], list[1]);",
        "x['default'](); y['default'](); z['default']();",
        "const MAP = {'a': 1}; MAP['a']; f(g(1), h(2), i(3));",
    ],
)
def test_a_script_that_hides_nothing_stays_as_it_is(code: str) -> None:
    source = Source("a.js", code.encode())
    assert cleared(source) is source


def test_a_parameter_is_no_table() -> None:
    code = "var e = ['x', 'y']; w[e[0]](1); w[e[1]](2); w[e[0]](3); f(function (e) { g(e[0]); });"
    text = cleared(Source("a.js", code.encode())).data.decode()
    assert text == ("var e = ['x', 'y']; w.x(1); w.y(2); w.x(3); f(function (e) { g(e[0]); });")


@pytest.mark.parametrize(
    "code",
    [
        "var _0xab = ['a'" + ", 'a'" * 200_000 + "]; _0xab[1](_0xab[2], _0xab[3]);",
        "_0xaa(" * 40_000 + "1" + ")" * 40_000,
        "_0xaa.b[" * 40_000 + "'c'" + "]" * 40_000,
        "function _0xaa(a) { return _0xbb(a); } function _0xbb(a) { return _0xaa(a); }"
        " var _0xcc = ['x', 'y']; f(_0xaa(1), _0xbb(2));",
        "var _0xaa = {a: _0xaa, b: _0xaa.b}; f(_0xaa.b, _0xaa['b'], _0xaa.a.b); _0xaa.b(1);",
        "var _0xcc = ['x']; (function (a, n) { a.push(a.shift()); })(_0xcc, 1e999);",
    ],
)
def test_hostile_tables_end(code: str) -> None:
    cleared(Source("a.js", code.encode()))
