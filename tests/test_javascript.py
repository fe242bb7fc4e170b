"""Scripts as facts: an independent parser agrees on every call, and values say where they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import esprima
import pytest

from analyzer.model import (
    Assign,
    Call,
    Fact,
    Frame,
    Hole,
    Include,
    Moment,
    Object,
    OriginKind,
    Package,
    Parsed,
    Pixel,
    Push,
    Request,
    ScriptLoad,
    Source,
    Text,
    Value,
    Vocabulary,
    holes,
    options,
    shown,
)
from analyzer.parse.files import parse
from analyzer.parse.scripts import javascript
from analyzer.parse.scripts.windows import LARGE

VOCABULARY = Vocabulary(
    names=frozenset(
        {"fbq", "gtag", "ga", "hj", "ttq", "mixpanel", "_kmq", "dataLayer", "twq", "_paq"}
    ),
    packages=frozenset({"react-ga4", "mixpanel-browser", "@vendor/kit"}),
    words=(b"fbq", b"gtag", b"hj", b"mixpanel", b"cdn.example", b"react-ga4"),
)
META_SNIPPET = """\
!function(f,b,e,v,n,t,s)
{if(f.fbq)return;n=f.fbq=function(){n.callMethod?
n.callMethod.apply(n,arguments):n.queue.push(arguments)};
if(!f._fbq)f._fbq=n;n.push=n;n.loaded=!0;n.version='2.0';
n.queue=[];t=b.createElement(e);t.async=!0;
t.src=v;s=b.getElementsByTagName(e)[0];
s.parentNode.insertBefore(t,s)}(window, document,'script',
'https://cdn.example/en_US/fbevents.js');
fbq('init', '702200300400511');
fbq('track', 'PageView');
"""


def said(script: str, path: str = "page.js", thorough: bool = True) -> Parsed:
    return parse(Source(path, script.encode()), VOCABULARY, thorough)


def facts(script: str, kind: type[Fact] = Fact, path: str = "page.js") -> list[Any]:
    return [fact for fact in said(script, path).facts if isinstance(fact, kind)]


def only(script: str, kind: type[Fact] = Call, path: str = "page.js") -> Any:
    found = facts(script, kind, path)
    assert len(found) == 1, found
    return found[0]


def urls(script: str, kind: type[Fact], path: str = "page.js") -> list[str]:
    return [shown(fact.url) for fact in facts(script, kind, path)]


# ---------------------------------------------------------------- a second opinion

SCRIPTS = {
    "a plain call": "fbq('init', '1');",
    "calls on lines": "fbq('init', '1');\n\n  fbq(\"track\", 'PageView');\n",
    "window": "window.fbq('track', 'Lead'); self.fbq('track', 'Lead'); globalThis.gtag('js', 1)",
    "brackets": "window['fbq']('track', 'Lead');",
    "this at the top": "this.fbq('track', 'Lead');",
    "a sequence": "(0, window.fbq)('track', 'A'), fbq('track', 'B');",
    "no spaces": "a&&fbq('track','A'),b||fbq('track','B');c?hj('a','b'):hj('c',2)",
    "in functions": "function a(){ return function(){ fbq('track', 'Deep', {value: 1}) } }",
    "in an arrow": "var a = () => fbq('track', 'Arrow');",
    "in a class": "class A { b() { fbq('track', 'Method'); } static c() { hj('d', 'e') } }",
    "in a loop": "for (var i = 0; i < 3; i++) fbq('track', 'Loop'); while (a) { gtag('event', 'w'); break }",
    "in a switch": "switch (a) { case 1: fbq('track', 'One'); break; default: fbq('track', 'Other') }",
    "in try": "try { fbq('track', 'T') } catch (e) { hj('trigger', 'failed') } finally { ga('send', 'pageview') }",
    "in an object": "var o = { a: function () { fbq('track', 'Obj'); }, b: [fbq('track', 'List')] };",
    "in arguments": "f(fbq('track', 'Inner'), [gtag('event', 'x')]);",
    "called at once": "(function (w, i) { w.fbq('init', '9'); })(window, 1);",
    "called at once, with a bang": "!function(){fbq('track','Bang')}();+function(){hj('a')}()",
    "numbers and booleans": "ga('set', 'x', 1, -2, 1.5, true, false, null);",
    "objects": "fbq('track', 'Purchase', {value: 3.5, currency: 'USD', contents: [{id: 'a', quantity: 2}]});",
    "quoted keys": "gtag('config', 'G-1', {'send_page_view': false, \"a b\": 1, 3: 'c'});",
    "escapes": "fbq('track', 'a\\'b\\x41\\u0042\\n\\\n.');",
    "other letters": "/* é */ fbq('track', 'Größe'); var ü = 'ß'; hj('event', '日本語');",
    "an astral letter before it": "var a = '😀😀'; fbq('track', '😀');",
    "strings that look like code": "var a = \"fbq('init','0')\"; fbq('init', '// no comment');",
    "comments that look like code": "// fbq('init','0')\n/* fbq('init','0') */ fbq('init', '1'); // fbq('x')",
    "a regular expression that looks like a string": "var r = /['\"\\/*]/g; fbq('track', 'R');",
    "a division": "var d = a / b / c; fbq('track', 'D'); e = f / g",
    "queues": "_kmq.push(['record', 'Viewed']); _paq.push(['trackPageView']); dataLayer.push({event: 'x'});",
    "methods": "mixpanel.track('Signed up', {plan: 'a'}); mixpanel.people.set({b: 1}); ttq.page();",
    "a queue made first": "var _kmq = _kmq || []; _kmq.push(['identify', 'a']);",
    "new lines inside": "fbq(\n  'track',\n  'Purchase',\n  {\n    value: 1\n  }\n);",
    "old line ends": "fbq('init',\r\n'1');\r\nfbq('track', 'P');\r\n",
    "a label and a block": "a: { fbq('track', 'L'); break a; }",
    "semicolons are optional": "fbq('init', '1')\nfbq('track', 'P')\n;[1].forEach(function () { hj('a', 'b') })",
    "conditions": "if (typeof fbq === 'function') { fbq('track', 'C'); } else gtag('event', 'no');",
    "a vendor's own snippet": META_SNIPPET,
    "a sum of literals": "fbq('track', 'Page' + 'View');",
    "an empty call": "ttq.page(); hj(); fbq()",
    "a new object": "var a = new Foo(fbq('track', 'N'));",
    "nested calls": "fbq('track', fbq('get', 'x'));",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_esprima_sees_the_same_calls(script: str) -> None:
    expected = Counter(esprima_calls(script))
    assert expected
    assert Counter(our_calls(script)) == expected


def our_calls(script: str) -> Iterator[tuple[int, int, str, str]]:
    for call in facts(script, Call):
        if ".callMethod" in call.callee or ".queue" in call.callee:
            continue  # the snippet's own working, which only alias tracking sees
        args = [shown(arg) if plain(arg) else "?" for arg in call.args]
        yield call.place.line, call.place.region.column, call.callee, " ".join(args)


def plain(value: Value) -> bool:
    return not isinstance(value, Text) and not any(True for _ in holes(value))


def esprima_calls(script: str) -> Iterator[tuple[int, int, str, str]]:
    """Calls of known names in the tree of an independent parser, each with its literal
    arguments.
    """
    stack: list[Any] = [esprima.parseScript(script, loc=True)]
    lines = re.split(r"\r\n|\n", script)
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, esprima.nodes.Node):
            stack.extend(value for key, value in vars(node).items() if key not in ("loc", "range"))
            name = esprima_name(node.callee) if node.type == "CallExpression" else None
            if name and name.partition(".")[0] in VOCABULARY.names:
                args = [esprima_value(argument) for argument in node.arguments]
                start = node.loc.start
                column = len(lines[start.line - 1][: start.column]) + 1
                yield start.line, column, name, " ".join(args)


def esprima_name(node: Any) -> str | None:
    match node.type:
        case "Identifier":
            return str(node.name)
        case "ThisExpression":
            return "window"
        case "SequenceExpression":
            return esprima_name(node.expressions[-1])
        case "MemberExpression":
            holder = esprima_name(node.object)
            key = str(node.property.value if node.computed else node.property.name)
            outside = (
                holder in ("window", "self", "globalThis") or node.object.type == "ThisExpression"
            )
            # only the argument list of a function called at once makes `w` mean window
            return key if outside or holder == "w" else f"{holder}.{key}" if holder else None
    return None


def esprima_value(node: Any) -> str:
    match node.type:
        case "Literal" if node.value is None or isinstance(node.value, bool):
            return {None: "null", True: "true", False: "false"}[node.value]
        case "Literal":
            return str(node.value)
        case "UnaryExpression" if node.operator == "-":
            return f"-{esprima_value(node.argument)}"
        case "BinaryExpression" if node.operator == "+":
            return esprima_value(node.left) + esprima_value(node.right)
        case "ArrayExpression":
            return "[" + ", ".join(map(esprima_value, node.elements)) + "]"
        case "ObjectExpression":
            pairs = (
                (str(each.key.name or each.key.value), esprima_value(each.value))
                for each in node.properties
            )
            return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
    return "?"


# ---------------------------------------------------------------- values

FOLDED = {
    "'a' + 'b'": "ab",
    "'a' + 1 + true": "a1true",
    "1 + 2": "3",
    "['a', 'b', 'c'].join('-')": "a-b-c",
    "['a', 'b'].join()": "a,b",
    "'a'.concat('b', 'c')": "abc",
    "`a${'b'}c`": "abc",
    "`a${'b' + `${'c'}`}`": "abc",
    "`one\\ntwo`": "one\ntwo",
    "String('x')": "x",
    "atob('R1RNLUFCQw==')": "GTM-ABC",
    "decodeURIComponent('a%20b')": "a b",
    "unescape('%3Ca%3E')": "<a>",
    "encodeURIComponent('x')": "x",
    "!0": "true",
    "!1": "false",
    "void 0": "null",
    "-5": "-5",
    "0x10": "16",
    "1_000": "1000",
    "10n": "10",
    "a.b.c": "deep",
    "a['b']['c']": "deep",
    "a[k].c": "deep",
    "list[1]": "second",
    "IDS.META": "702200300400511",
    "name": "told",
    "(name)": "told",
    "name as string": "told",
    "later": "set afterwards",
    "made": "made at once",
    "short": "told",
    "first": "destructured",
    "renamed": "destructured too",
}
CONSTANTS = """
const a = {b: {c: 'deep'}}, k = 'b', list = ['first', 'second'], name = 'told';
const IDS = Object.freeze ? {META: '702200300400511'} : {META: '702200300400511'};
let later; later = 'set afterwards';
var made = (function () { return 1 }, 'made at once');
const {first, other: renamed, short = name} = {first: 'destructured', other: 'destructured too', short: 'told'};
"""


@pytest.mark.parametrize("expression", FOLDED)
def test_an_expression_is_read(expression: str) -> None:
    call = only(f"{CONSTANTS}\nfbq('track', {expression});", path="page.ts")
    assert shown(call.args[1]) == FOLDED[expression]


def test_objects_keep_their_order_and_their_spread() -> None:
    call = only(
        "const base = {a: 1, b: 2}; const b = 'x'; fbq('track', 'P', {...base, b, [`c`]: 3, 'd e': [4]});"
    )
    assert call.args[2] == Object((("a", 1), ("b", 2), ("b", "x"), ("c", 3), ("d e", (4,))))
    assert call.args[2].get("b") == "x"


@pytest.mark.parametrize("expression", ["c ? 'a' : 'b'", "x", "y", "cond() && 'a' || 'b'"])
def test_both_branches_of_a_choice_are_told(expression: str) -> None:
    script = f"var x = c ? 'a' : 'b'; var y = 'a'; if (c) y = 'b'; fbq('track', {expression});"
    assert [shown(each) for each in options(only(script).args[1])] == ["a", "b"]


def test_a_choice_inside_a_sum_gives_each_text() -> None:
    load = "var s = document.createElement('script'); s.src = (ssl ? 'https' : 'http') + '://cdn.example/x.js';"
    assert [shown(each) for each in options(only(load, ScriptLoad).url)] == [
        "https://cdn.example/x.js",
        "http://cdn.example/x.js",
    ]


@pytest.mark.parametrize(
    "script",
    [
        "var track = fbq; track('init', '1');",
        "var track = window.fbq; track('init', '1');",
        "const {fbq: track} = window; track('init', '1');",
        "const w = window; w.fbq('init', '1');",
        "const w = globalThis, f = w['fbq']; f('init', '1');",
        "var f = window.fbq || function () {}; f('init', '1');",
        "(function (w, f) { w[f]('init', '1'); })(window, 'fbq');",
        "(function (w) { var f = w.fbq; f('init', '1'); }(window));",
        "((w) => w.fbq('init', '1'))(window);",
        "fbq.call(window, 'init', '1');",
        "parent.fbq('init', '1'); ",
        "window.top.fbq('init', '1');",
        "(0, fbq)('init', '1');",
        "fbq?.('init', '1');",
        "window?.fbq?.('init', '1');",
        "(window as any).fbq('init', '1');",
        "window!.fbq!('init', '1');",
    ],
)
def test_a_name_is_followed(script: str) -> None:
    call = only(script, path="page.ts")
    assert (call.callee, call.args[-2:]) == ("fbq", ("init", "1"))


@pytest.mark.parametrize(
    "script",
    [
        "function f(fbq) { fbq('init', '1'); }",
        "const fbq = require('./own'); function g() { const fbq = local(); fbq('init', '1'); }",
        "thing.fbq('init', '1');",
        "function g(window) { window.fbq('init', '1'); }",
    ],
)
def test_a_name_of_the_scripts_own_is_none_of_theirs(script: str) -> None:
    assert [call.callee for call in facts(script, Call)] == []


@pytest.mark.parametrize(
    "script",
    [
        "function f(id) { fbq('init', id); } f('1');",
        "var f = function (id) { fbq('init', id); }; f('1');",
        "const f = (id) => { fbq('init', id); }; f('1');",
        "const f = id => fbq('init', id); f('1');",
        "function f(id = '1') { fbq('init', id); }",
        "const f = (id = '1') => fbq('init', id);",
        "function f(a, id) { g(id); } function g(x) { fbq('init', x); } f(0, '1');",
        "f('1'); function f(id) { fbq('init', id); }",
    ],
)
def test_a_parameter_is_worth_what_the_calls_say(script: str) -> None:
    assert shown(only(script).args[1]) == "1"


def test_a_parameter_without_a_known_call_stays_a_hole() -> None:
    (hole,) = holes(only("export function f(id) { fbq('init', id); }").args[1])
    assert hole.text == "id"


def test_packages_keep_their_name() -> None:
    script = """
        import ReactGA from 'react-ga4'; import * as all from "react-ga4"; import {event as send} from 'react-ga4';
        const mp = require('mixpanel-browser'); import {start} from '@vendor/kit';
        ReactGA.initialize('G-1'); all.default.event('x'); send('y'); mp.init('t'); start();
    """
    assert [call.callee for call in facts(script, Call)] == [
        "npm:react-ga4.initialize",
        "npm:react-ga4.event",
        "npm:react-ga4.event",
        "npm:mixpanel-browser.init",
        "npm:@vendor/kit.start",
    ]
    assert {fact.name for fact in facts(script, Package)} == {
        "react-ga4",
        "mixpanel-browser",
        "@vendor/kit",
    }


# ---------------------------------------------------------------- origins

ORIGINS = {
    "document.querySelector('#email').value": (OriginKind.FIELD, "#email"),
    "document.getElementById('mrn').value": (OriginKind.FIELD, "#mrn"),
    "$('#phone').val()": (OriginKind.FIELD, "#phone"),
    "location.href": (OriginKind.ADDRESS, "location.href"),
    "window.location.pathname": (OriginKind.ADDRESS, "location.pathname"),
    "document.URL": (OriginKind.ADDRESS, "document.URL"),
    "document.title": (OriginKind.TITLE, ""),
    "document.referrer": (OriginKind.REFERRER, ""),
    "document.cookie": (OriginKind.COOKIE, ""),
    "localStorage.getItem('patient')": (OriginKind.STORAGE, "patient"),
    "sessionStorage.token": (OriginKind.STORAGE, "token"),
    "new URLSearchParams(location.search).get('q')": (OriginKind.QUERY, "q"),
    "process.env.META_ID": (OriginKind.ENVIRONMENT, "META_ID"),
    "import.meta.env.VITE_ID": (OriginKind.ENVIRONMENT, "VITE_ID"),
    "currentPatient.mrn": (OriginKind.GLOBAL, "currentPatient.mrn"),
    "encodeURIComponent(location.href)": (OriginKind.ADDRESS, "location.href"),
    "document.querySelector('#email').value.trim().toLowerCase()": (OriginKind.FIELD, "#email"),
}


@pytest.mark.parametrize("expression", ORIGINS)
def test_a_hole_remembers_where_it_comes_from(expression: str) -> None:
    call = only(f"fbq('track', {expression});")
    (hole,) = holes(call.args[1])
    assert (hole.origin.kind, hole.origin.name) == ORIGINS[expression]


def test_a_hash_keeps_the_origin_of_what_it_hides() -> None:
    (hole,) = holes(only("fbq('init', '1', {em: sha256($('#email').val())});").args[2])
    assert hole.origin.kind is OriginKind.HASH
    assert [(each.kind, each.name) for each in hole.origin.of] == [(OriginKind.FIELD, "#email")]


def test_a_template_expression_in_a_script_is_an_origin() -> None:
    page = "<script>fbq('track', 'x', {mrn: '{{ patient.mrn }}', n: {{ patient.age }} });</script>"
    found = list(holes(only(page, path="page.html").args[2]))
    assert [(hole.origin.kind, hole.origin.name) for hole in found] == [
        (OriginKind.TEMPLATE, "patient.mrn"),
        (OriginKind.TEMPLATE, "patient.age"),
    ]


def test_an_origin_survives_a_text_and_a_name() -> None:
    call = only(
        "const who = $('#email').val(); const url = `https://a.example/?e=${who}`; fbq('track', url);"
    )
    assert shown(call.args[1]) == "https://a.example/?e=${$('#email').val()}"
    assert [hole.origin.name for hole in holes(call.args[1])] == ["#email"]


# ---------------------------------------------------------------- moments and conditions

MOMENTS = {
    "fbq('track', 'x');": Moment.LOAD,
    "document.addEventListener('DOMContentLoaded', function () { fbq('track', 'x'); });": Moment.LOAD,
    "window.addEventListener('load', () => fbq('track', 'x'));": Moment.LOAD,
    "$(document).ready(function () { fbq('track', 'x'); });": Moment.LOAD,
    "$(function () { fbq('track', 'x'); });": Moment.LOAD,
    "form.addEventListener('submit', function () { fbq('track', 'x'); });": Moment.INTERACTION,
    "$('a').on('click', () => { fbq('track', 'x'); });": Moment.INTERACTION,
    "$('a').click(function () { fbq('track', 'x'); });": Moment.INTERACTION,
    "function handleClick() { fbq('track', 'x'); }": Moment.INTERACTION,
    "setTimeout(function () { fbq('track', 'x'); }, 9);": Moment.TIMER,
    "setTimeout(() => { $('a').on('click', () => fbq('track', 'x')); }, 9);": Moment.INTERACTION,
}


@pytest.mark.parametrize("script", MOMENTS)
def test_a_call_has_its_moment(script: str) -> None:
    assert only(script).moment is MOMENTS[script]


GUARDS = {
    "if (admin) fbq('track', 'x');": ["if admin"],
    "if (admin) { a(); } else { fbq('track', 'x'); }": ["unless admin"],
    "if (a) { if (b) { fbq('track', 'x'); } }": ["if a", "if b"],
    "admin && fbq('track', 'x');": ["if admin"],
    "admin || fbq('track', 'x');": ["unless admin"],
    "admin ? fbq('track', 'x') : 0;": ["if admin"],
    "if (window.fbq) { fbq('track', 'x'); }": [],
    "if (typeof fbq !== 'undefined') fbq('track', 'x');": [],
}


@pytest.mark.parametrize("script", GUARDS)
def test_a_call_stands_under_its_conditions(script: str) -> None:
    stated = [guard.text for guard in only(script).guards]
    assert len(stated) == len(GUARDS[script])
    for text, expected in zip(stated, GUARDS[script], strict=True):
        word, name = expected.split()
        assert name in text
        assert ("not" in text or "unless" in text) == (word == "unless")


@pytest.mark.parametrize(
    "script",
    [
        "if (hasConsent('marketing')) fbq('track', 'x');",
        "window.addEventListener('CookiebotOnAccept', function () { fbq('track', 'x'); });",
        "if (getCookie('cookie_consent') === 'yes') { fbq('track', 'x'); }",
    ],
)
def test_consent_is_a_guard_of_its_own(script: str) -> None:
    assert [guard.kind for guard in only(script).guards] == ["consent"]


# ---------------------------------------------------------------- what is loaded and sent

ADDRESS = "https://cdn.example/x.js"
LOADERS = [
    f"var s = document.createElement('script'); s.src = '{ADDRESS}';",
    f"s = document.createElement('script'); s.src = '{ADDRESS}';",
    f"const s = document.createElement(`script`); s.setAttribute('src', '{ADDRESS}');",
    f"var d = document, s = d.createElement('SCRIPT'); s['src'] = '{ADDRESS}';",
    f"(function (d, t) {{ var g = d.createElement(t); g.src = '{ADDRESS}'; }})(document, 'script');",
    "var s = document.createElement('script'), u = 'https:' + '//cdn.example/x.js'; s.async = !0, s.src = u;",
    f"document.write('<script src=\"{ADDRESS}\"><\\/script>');",
    f"document.write('<scr' + 'ipt src={ADDRESS}></scr' + 'ipt>');",
    f"document.writeln(unescape('%3Cscript src=\"{ADDRESS}\"%3E%3C/script%3E'));",
    f"document.write(['<script src=\"', '{ADDRESS}', '\"></', 'script>'].join(''));",
    f"el.insertAdjacentHTML('beforeend', `<script src='{ADDRESS}'></script>`);",
    f"el.innerHTML = '<script src={ADDRESS}>';",
    f"el.innerHTML = \"<p title='>'></p><script async src='{ADDRESS}'>\";",
    f"$('head').append('<script src=\"{ADDRESS}\"><\\/script>');",
    f"$.getScript('{ADDRESS}');",
    f"jQuery.getScript('{ADDRESS}', function () {{}});",
    f"importScripts('{ADDRESS}');",
    f"loadScript('{ADDRESS}');",
    f"useHead({{script: [{{src: '{ADDRESS}', async: true}}]}});",
    f"React.createElement('script', {{src: '{ADDRESS}'}});",
    f"(0, r.jsx)('script', {{async: !0, src: '{ADDRESS}'}});",
]


@pytest.mark.parametrize("script", LOADERS)
def test_a_script_is_loaded(script: str) -> None:
    assert urls(script, ScriptLoad) == [ADDRESS]


@pytest.mark.parametrize(
    "page",
    [
        f"export default () => <script src='{ADDRESS}' />;",
        f"export default () => <Script strategy='lazyOnload' src={{'{ADDRESS}'}} />;",
        f"const u = `{ADDRESS}`; export default () => <Script src={{u}}></Script>;",
        f"export default () => <div dangerouslySetInnerHTML={{{{__html: '<script src={ADDRESS}></script>'}}}} />;",
    ],
)
def test_a_script_is_loaded_by_jsx(page: str) -> None:
    assert urls(page, ScriptLoad, "page.jsx") == [ADDRESS]
    assert urls(page, ScriptLoad, "page.tsx") == [ADDRESS]


def test_what_jsx_shows() -> None:
    page = """export default () => <>
        <img height="1" src="https://px.example/tr?id=1&ev=PageView&noscript=1" />
        <iframe src={`https://px.example/ns.html?id=${process.env.ID}`}></iframe>
        <p>Terms & conditions, isn't it?</p>
        <noscript><img src='https://px.example/n' /></noscript>
    </>;"""
    assert urls(page, Pixel, "page.jsx") == [
        "https://px.example/tr?id=1&ev=PageView&noscript=1",
        "https://px.example/n",
    ]
    assert urls(page, Frame, "page.jsx") == ["https://px.example/ns.html?id=${process.env.ID}"]
    assert [guard.kind for guard in facts(page, Pixel, "page.jsx")[1].guards] == ["noscript"]
    assert said(page, "page.jsx").skips == ()


@pytest.mark.parametrize(
    "script",
    [
        "new Image().src = 'https://px.example/t?a=1';",
        "(new Image).src = 'https://px.example/t?a=1';",
        "var i = new Image(1, 1); i.src = 'https://px.example/t?a=1';",
        "var i = document.createElement('img'); i.src = 'https://px.example/t?a=1';",
        "document.write('<img src=\"https://px.example/t?a=1\" width=1>');",
    ],
)
def test_a_pixel_is_asked_for(script: str) -> None:
    assert urls(script, Pixel) == ["https://px.example/t?a=1"]


@pytest.mark.parametrize(
    "script",
    [
        "navigator.sendBeacon('https://px.example/t', 'body');",
        "fetch('https://px.example/t', {method: 'POST', body: 'body'});",
        "window.fetch(`https://px.example/t`, {body: 'body'});",
        "axios.post('https://px.example/t', 'body');",
        "$.ajax({url: 'https://px.example/t', data: 'body'});",
        "$.post('https://px.example/t', 'body');",
    ],
)
def test_a_request_is_sent(script: str) -> None:
    request = only(script, Request)
    assert (shown(request.url), request.body) == ("https://px.example/t", "body")


def test_an_old_request_is_sent() -> None:
    assert urls(
        "var x = new XMLHttpRequest(); x.open('POST', 'https://px.example/t'); x.send(b);", Request
    ) == ["https://px.example/t"]


def test_imports_are_links_and_packages() -> None:
    script = "import './a'; export * from \"../b\"; import('./c'); require('./d'); import(`./e/${x}`); import 'react-ga4';"
    assert [(shown(fact.target), fact.how) for fact in facts(script, Include)] == [
        ("./a", "imports"),
        ("../b", "imports"),
        ("./c", "imports"),
        ("./d", "imports"),
        ("./e/${x}", "imports"),
    ]
    assert [fact.name for fact in facts(script, Package)] == ["react-ga4"]


def test_pushes_into_the_data_layer() -> None:
    script = "window.dataLayer = window.dataLayer || []; dataLayer.push({event: 'a'}, {event: 'b'}); dataLayer = [{c: 1}];"
    assert [shown(fact.value) for fact in facts(script, Push)] == [
        "{event: a}",
        "{event: b}",
        "{c: 1}",
    ]


def test_globals_are_set() -> None:
    found = facts("window.fbq = 1; ga.l = +new Date; var hj = {id: 3}; own = 4;", Assign)
    assert [(fact.target, shown(fact.value)) for fact in found if fact.target != "ga.l"] == [
        ("fbq", "1"),
        ("hj", "{id: 3}"),
    ]


def test_a_vendors_snippet_shows_what_it_loads_and_calls() -> None:
    load = only(META_SNIPPET, ScriptLoad)
    assert (shown(load.url), load.place.line, load.place.region.column) == (
        "https://cdn.example/en_US/fbevents.js",
        8,
        1,
    )
    assert [
        (call.place.line, call.args) for call in facts(META_SNIPPET, Call) if call.callee == "fbq"
    ] == [(9, ("init", "702200300400511")), (10, ("track", "PageView"))]


# ---------------------------------------------------------------- what a script writes

NEXT_PAGE = """\
const PIXEL = '702200300400511';
export default function Layout({children, tag}) {
  return <html><body>
    <Script id="meta" strategy="afterInteractive">
      {`
        fbq('init', '${PIXEL}');
        fbq('track', "${tag}");
      `}
    </Script>
    <script dangerouslySetInnerHTML={{__html: `gtag('config', '${process.env.GA_ID}');`}} />
    <noscript dangerouslySetInnerHTML={{
      __html: `<iframe src="https://cdn.example/ns.html?id=${tag}"></iframe>`}} />
    {children}
  </body></html>;
}
"""


@pytest.mark.parametrize("path", ["app/layout.jsx", "app/layout.tsx"])
def test_an_inline_script_in_jsx_is_read_where_it_stands(path: str) -> None:
    calls = facts(NEXT_PAGE, Call, path)
    assert [
        (str(call.place), call.callee, [shown(arg) for arg in call.args]) for call in calls
    ] == [
        (f"{path}:6:9", "fbq", ["init", "702200300400511"]),
        (f"{path}:7:9", "fbq", ["track", "${tag}"]),
        (f"{path}:10:48", "gtag", ["config", "${process.env.GA_ID}"]),
    ]
    assert [hole.origin.kind for hole in holes(calls[2].args[1])] == [OriginKind.ENVIRONMENT]
    frame = only(NEXT_PAGE, Frame, path)
    assert (str(frame.place), shown(frame.url)) == (
        f"{path}:12:16",
        "https://cdn.example/ns.html?id=${tag}",
    )
    assert said(NEXT_PAGE, path).skips == ()


@pytest.mark.parametrize(
    "script",
    [
        "document.write(\"<script>fbq('init', '1');<\\/script>\");",
        "el.innerHTML = `<body onload=\"fbq('init', '1')\">`;",
        "var s = document.createElement('script'); s.text = \"fbq('init', '1')\";",
        "var s = document.createElement('script'); s.innerHTML = \"fbq('init', '1')\";",
        "var s = document.createElement('script'); s.appendChild(document.createTextNode(\"fbq('init', '1')\"));",
        "eval(\"fbq('init', '1')\");",
        "useHead({script: [{innerHTML: `fbq('init', '1')`}]});",
        "const code = `fbq('init', '1')`; React.createElement('script', {dangerouslySetInnerHTML: {__html: code}});",
        "document.write('<img src=x onerror=\"fbq(&quot;init&quot;, &#39;1&#39;)\">');",
    ],
)
def test_a_script_that_a_script_writes_is_read(script: str) -> None:
    call = next(call for call in facts(script, Call) if call.callee == "fbq")
    assert call.args == ("init", "1")
    column = call.place.region.column - 1
    end = call.place.region.end_column - 1
    assert script[column:end].replace("&quot;", "'").replace("&#39;", "'") == "fbq('init', '1')"


def test_written_markup_keeps_its_places_and_holes() -> None:
    script = "const id = '7';\ndocument.write('<p>' +\n  '<img src=\"https://px.example/' + id + '?u=' + location.href + '\">');"
    pixel = only(script, Pixel)
    assert shown(pixel.url) == "https://px.example/7?u=${location.href}"
    assert str(pixel.place) == "page.js:3:4"
    assert [hole.origin.kind for hole in holes(pixel.url)] == [OriginKind.ADDRESS]
    assert pixel.place.region.end_line == 3


def test_an_old_snippet_chooses_between_two_hosts() -> None:
    script = """var gaJsHost = (("https:" == document.location.protocol) ? "https://ssl." : "http://www.");
document.write(unescape("%3Cscript src='" + gaJsHost + "cdn.example/ga.js' type='text/javascript'%3E%3C/script%3E"));"""
    assert urls(script, ScriptLoad) == [
        "https://ssl.cdn.example/ga.js",
        "http://www.cdn.example/ga.js",
    ]


def test_what_is_written_runs_when_it_is_written() -> None:
    script = "if (a) { form.addEventListener('submit', () => { document.write('<script src=//cdn.example/x.js></script>') }) }"
    load = only(script, ScriptLoad)
    assert load.moment is Moment.INTERACTION
    assert [guard.text for guard in load.guards] == ["if a"]


@pytest.mark.parametrize(
    "script",
    [
        "var help = \"<script>fbq('init', '1')</script>\";",
        "log('<script src=https://cdn.example/x.js></script>');",
        "<Script type='application/ld+json'>{`{\"a\": 1}`}</Script>;",
        "el.innerHTML = '<p>fbq(\"init\")</p>';",
    ],
)
def test_text_that_nothing_writes_is_no_script(script: str) -> None:
    assert [
        fact for fact in said(script, "page.jsx").facts if not isinstance(fact, Include | Package)
    ] == []


def test_scripts_that_write_scripts_end() -> None:
    inner = "fbq('init', '1')"
    for _ in range(12):
        inner = "eval(" + repr(inner) + ")"
    assert said(inner).skips == ()


# ---------------------------------------------------------------- big bundles


def bundle(size: int) -> str:
    """A minified bundle with calls far apart, among strings and comments that look like code."""
    filler = (
        'function f%d(e,t){var n=e.a%d;if(n>3&&t)return e.b(n,"x%d");for(var o=0;o<t.length;o++)n+=t[o].c}',
        "var m%d=function(e){return e&&e.__esModule?e:{default:e%d}}(r%d);",
        "e.exports=function(e){var t={};function n%d(r){return t[r]?t[r].exports:e[%d].call(t,n%d)}return n};",
        'var r%d=/["\'\\/*]+/g.test(a)?"it\'s // no %d":\'say "hi" /* */\'+`t${a%d}p`;',
    )
    calls = (
        "fbq('init','%d');",
        'window.fbq("track","Purchase",{value:1,id:"%d"});',
        "e&&gtag('event','x%d',{a:[1,2]});",
        "!function(){hj('identify','%d')}();",
        "t.default=function(){return mixpanel.track('m%d',{a:function(){return 1}})};",
        "(function(){var s=document.createElement('script');s.src='https://cdn.example/%d.js';document.head.appendChild(s)})();",
        "/* fbq('init','comment %d') */",
        "var z=\"fbq('init','string %d')\";",
        "//fbq('init','line %d')\n",
        "(function(w,i){w.fbq('init',i)})(window,'argument %d');",
    )
    parts: list[str] = []
    length = number = 0
    while length < size:
        number += 1
        part = filler[number % 4] % (number, number, number)
        part += calls[number // 100 % len(calls)] % number if number % 100 == 0 else ""
        parts.append(part)
        length += len(part)
    return "".join(parts)


def test_a_bundle_that_is_read_around_names_first_gives_the_same_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = bundle(500_000)
    whole = told(script)
    monkeypatch.setattr(javascript, "LARGE", 1)
    assert told(script) == whole
    assert not any(re.search(r"(?:comment|string|line) \d", each) for each in whole)


def test_every_call_of_a_big_bundle_is_found() -> None:
    script = bundle(3_000_000)
    assert len(script) > LARGE
    planted = re.findall(
        r"'init','\d|\(\"track|'event'|'identify'|track\('m|cdn.example/\d|'argument", script
    )
    assert len(planted) > 150
    assert len(told(script)) == len(planted)


def test_a_bundle_too_big_for_a_tree_gives_almost_the_same_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = bundle(300_000)
    whole = told(script)
    monkeypatch.setattr(javascript, "LARGE", 1)
    monkeypatch.setattr(javascript, "TREE_LIMIT", 1)
    parts = told(script)
    assert not set(parts) - set(whole)
    assert len(parts) >= 0.9 * len(whole)
    assert not any(re.search(r"(?:comment|string|line) \d", each) for each in parts)


def told(script: str) -> list[str]:
    return [
        f"{fact.place} {fact}"
        for fact in said(script, thorough=False).facts
        if isinstance(fact, Call | ScriptLoad)
    ]


def test_a_hole_is_quoted_as_it_is_written() -> None:
    (hole,) = holes(only("fbq('track',   a.b(  1 ,\n 2));").args[1])
    assert isinstance(hole, Hole)
    assert hole.text == "a.b( 1 , 2)"
