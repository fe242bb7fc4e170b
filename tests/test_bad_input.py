"""Bad input: one clear sentence or a skip with its reason, never a traceback, and the other findings still there."""

from __future__ import annotations

import json
import os
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import pytest
from click.testing import CliRunner, Result

from analyzer import files, pipeline, signatures
from analyzer.cli import main
from analyzer.model import (
    Call,
    Fact,
    Hole,
    Include,
    Parsed,
    Pixel,
    Source,
    Text,
    UserError,
    Vocabulary,
)
from analyzer.outputs import json as json_output
from analyzer.parse.files import parse

VOCABULARY = Vocabulary(names=frozenset({"fbq", "dataLayer"}), words=(b"fbq",))
PIXEL = "fbq('init', '702200300400511');"
GOOD = f"<html><script>{PIXEL}</script></html>\n"
DEEP = 20_000


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with one good page that has a tracker."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "good.html").write_text(GOOD)
    return folder


def scan(folder: Path, *words: str) -> Result:
    """The scan of a folder; whatever is beside it, the good page's tracker is found."""
    result = CliRunner().invoke(main, ["scan", str(folder), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def skips(folder: Path) -> dict[str, str]:
    report = pipeline.scan([folder], signatures.load())
    assert any(finding.place.path == "good.html" for finding in report.findings)
    return {skip.path: skip.reason for skip in report.coverage.skips}


# ---------------------------------------------------------------- files that are not what they seem


BROKEN = {
    "empty.html": b"",
    "empty.js": b"",
    "blank.js": b" \n\t\r\n",
    "half.html": b"<html><body><div class='a><script>fbq(",
    "half.js": b"function a( { fbq('init', '1",
    "half.json": b'{"exportFormatVersion": 2, "containerVersion": {"tag": [{"na',
    "half-package/package.json": b'{"dependencies": {"react": ',
    "list-package/package.json": b"[1, 2]",
    "odd-package/package.json": b'{"dependencies": ["react"], "devDependencies": 7}',
    "wrong.js": b"%%%% <<<< >>>> ???? fbq( ) ) ) ] }",
    "wrong.html": b"<<<>>></<script></script <p <p </ <!-- <![CDATA[ fbq",
    "wrong.erb": b"<% <%= <%# %> <% end %> <% else %> <% if %>",
    "wrong.html.j2": b"{% endif %}{% else %}{% endblock %}{% if %}{% block %}{{ }} {% extends %}{% include %}",
    "binary.html": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "binary.js": bytes(range(256)) * 40,
    "marks.js": b"\xef\xbb\xbf\xef\xbb\xbffbq('init', '1');",
    "half-character.js": b"fbq('init', '\xe9\xe9\xe9\xc3');",
    "surrogate.js": b"fbq('init', '\xed\xa0\x80');",
    "odd-utf-16.html": b"\xff\xfe<\0p",
    "lone.js": b"fbq('init', '\\ud800', '\\u{110000}', '\\x4', '\\u12', '\\",
    "number.js": b"fbq('init', 1e999999, 0x, 9" + b"9" * 6000 + b", 0b2, 1__0, .e1);",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_stops_nothing(site: Path, name: str) -> None:
    (site / name).parent.mkdir(exist_ok=True)
    (site / name).write_bytes(BROKEN[name])
    result = scan(site)
    assert result.exit_code == 1
    assert "good.html" in result.output
    assert "please report" not in result.output


def test_all_broken_files_at_once(site: Path, tmp_path: Path) -> None:
    for name, data in BROKEN.items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_bytes(data)
    result = scan(
        site, "--thorough", "-o", str(tmp_path / "out.sarif"), "-o", str(tmp_path / "out.json")
    )
    assert result.exit_code == 1
    assert "please report" not in result.output
    assert json.loads((tmp_path / "out.sarif").read_text("utf-8"))
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))
    reasons = skips(site)
    assert reasons["binary.html"] == "it is not text"
    assert "half.js" in reasons
    assert re.fullmatch(
        r"lines? \d+.* cannot be read as JavaScript; the rest was read", reasons["wrong.js"]
    )


@pytest.mark.parametrize("cut", range(0, 700, 7))
def test_a_file_may_end_anywhere(cut: int) -> None:
    page = (
        "{% extends 'a.html' %}{% block b %}<!-- c --><p title='d' {% if e %}f{% endif %}>\n"
        f'<script src="//cdn.example/{{{{ g }}}}.js"></script><script>\n{PIXEL}\nvar s = `a${{b}}c`;'
        "document.write('<script src=\"//cdn.example/' + s + '.js\"><\\/script>'); // d\n/* e */ x = /[/]'/g;"
        "</script><noscript><img src='https://px.example/?a=1&amp;b={{ h }}'></noscript>{% endblock %}"
        "<a onclick='fbq(&quot;track&quot;, \"x\")'>é😀</a>{# i #}{% raw %}{{ j }}{% endraw %}"
    )
    for path in ("page.html", "page.js", "page.tsx", "page.html.erb"):
        parsed = parse(Source(path, page.encode()[:cut]), VOCABULARY, thorough=True)
        assert not any("please report" in skip.reason for skip in parsed.skips), parsed.skips


def test_a_file_that_cannot_be_opened_is_a_skip(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "secret.js").write_text(PIXEL)
    opened = open

    def refused(name: str, *words: object, **others: object) -> object:
        if str(name).endswith("secret.js"):
            raise PermissionError(13, "Permission denied")
        return opened(name, *words, **others)  # type: ignore[call-overload]

    monkeypatch.setattr(files, "open", refused, raising=False)
    assert skips(site) == {"secret.js": "it cannot be read (Permission denied)"}


def test_a_folder_with_the_name_of_a_page_is_a_folder(site: Path) -> None:
    (site / "index.html").mkdir()
    (site / "index.html" / "app.js").write_text(PIXEL)
    assert "index.html/app.js" in scan(site).output


@pytest.mark.skipif(sys.platform == "win32", reason="needs a rare right there")
def test_a_loop_of_links_ends(site: Path) -> None:
    (site / "loop").symlink_to(site)
    (site / "self").symlink_to("self")
    (site / "gone.html").symlink_to("nowhere.html")
    result = scan(site)
    assert result.exit_code == 1
    assert "good.html" in result.output
    assert "loop/" not in result.output.replace("loop/;", "")


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "shift_jis", "utf-7"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["page.html", "page.js", "page.tsx"])
def test_every_encoding_shows_its_calls(encoding: str, name: str) -> None:
    script = (
        f"var a = 'Zürich'.length; {PIXEL}"
        if encoding != "shift_jis"
        else f"var a = '日本'; {PIXEL}"
    )
    text = f"<script>{script}</script>" if name.endswith("html") else script
    found = [
        fact
        for fact in parse(Source(name, text.encode(encoding)), VOCABULARY).facts
        if isinstance(fact, Call)
    ]
    assert [fact.args for fact in found] == [("init", "702200300400511")]


# ---------------------------------------------------------------- long and deep


LONG = {
    "a text": lambda size: "var a = '" + "a" * size + f"'; {PIXEL}",
    "a line of calls": lambda size: PIXEL + "a(1);" * (size // 5),
    "a comment": lambda size: "/*" + "a" * size + "*/" + PIXEL,
    "one name": lambda size: PIXEL + "a" * size,
    "spaces": lambda size: PIXEL + " " * size,
}
LENGTHS = {"a line of calls": 1_000_000}  # each of them is read


def test_a_line_of_30_megabytes_is_a_skip(site: Path) -> None:
    (site / "long.js").write_bytes(PIXEL.encode() + b"a(1);" * 6_000_000)
    assert skips(site) == {"long.js": "over 20 MB"}


@pytest.mark.parametrize("name", LONG)
def test_a_line_of_megabytes_is_read(name: str) -> None:
    text = LONG[name](LENGTHS.get(name, 4_000_000))
    most = 20 if name in LENGTHS else 8
    parsed = within(most, lambda: parse(Source("long.js", text.encode()), VOCABULARY))
    assert [fact.args for fact in parsed.facts if isinstance(fact, Call)] == [
        ("init", "702200300400511")
    ]


def test_a_page_of_one_long_line_is_read() -> None:
    text = "<p>x</p>" * 500_000 + f"<script>{PIXEL}</script>"
    parsed = within(8, lambda: parse(Source("long.html", text.encode()), VOCABULARY))
    (call,) = [fact for fact in parsed.facts if isinstance(fact, Call)]
    assert call.place.region.column == 4_000_009


NESTED = {
    "lists": ("a.js", "fbq(" + "[" * DEEP + "]" * DEEP + ");"),
    "objects": ("a.js", "fbq(" + "{a:" * DEEP + "1" + "}" * DEEP + ");"),
    "calls": ("a.js", "fbq(" * DEEP + ")" * DEEP + ";"),
    "chained calls": ("a.js", "fbq" + "()" * DEEP + ";"),
    "brackets": ("a.js", "fbq(" + "(" * DEEP + "1" + ")" * DEEP + ");"),
    "sums": ("a.js", "fbq(" + "+".join(["'a'"] * DEEP) + ");"),
    "sums to the right": ("a.js", "fbq(" + "('a'+" * DEEP + "'b'" + ")" * DEEP + ");"),
    "functions": ("a.js", "function f(){" * DEEP + "fbq()" + "}" * DEEP),
    "arrows": ("a.js", "a=>" * DEEP + "fbq()"),
    "templates": ("a.js", "fbq(" + "`${" * DEEP + "1" + "}`" * DEEP + ");"),
    "conditions": ("a.js", "if(a){" * DEEP + "fbq()" + "}" * DEEP),
    "choices": ("a.js", "a?" * DEEP + "fbq()" + ":0" * DEEP),
    "members": ("a.js", "fbq(a" + ".b" * DEEP + ");"),
    "signs": ("a.js", "fbq(" + "!" * DEEP + "a);"),
    "unclosed brackets": ("a.js", "fbq(" * DEEP),
    "unclosed braces": ("a.js", "{fbq();" * DEEP),
    "jsx": ("a.jsx", "x = " + "<p>" * DEEP + "{fbq()}" + "</p>" * DEEP),
    "types": ("a.ts", "let a: " + "Array<" * DEEP + "1" + ">" * DEEP + "; fbq()"),
    "elements": ("a.html", "<div>" * DEEP + "<script>fbq()</script>"),
    "noscripts": ("a.html", "<noscript>" * DEEP + "</noscript>" * DEEP + "<script>fbq()</script>"),
    "drawings": ("a.html", "<svg>" * DEEP + "<script>fbq()</script>"),
    "ifs": ("a.html", "{% if a %}" * DEEP + "<script>fbq()</script>" + "{% endif %}" * DEEP),
    "blocks": (
        "a.html",
        "{% block a %}" * DEEP + "<script>fbq()</script>" + "{% endblock %}" * DEEP,
    ),
    "nots": ("a.html", "{% if " + "not " * DEEP + "a %}<script>fbq()</script>{% endif %}"),
    "rails": ("a.html.erb", "<% if a %>" * DEEP + "<script>fbq()</script>" + "<% end %>" * DEEP),
    "json": ("package.json", '{"dependencies": ' + "[" * DEEP + "]" * DEEP + "}"),
    "settings": ("a.yml", "[" * DEEP + "]" * DEEP),
}


@pytest.mark.parametrize("name", NESTED)
def test_20_000_levels_are_read_or_said(name: str) -> None:
    path, text = NESTED[name]
    parsed = within(12, lambda: parse(Source(path, text.encode()), VOCABULARY))
    assert not any("please report" in skip.reason for skip in parsed.skips), parsed.skips
    assert (
        any(isinstance(fact, Call) for fact in parsed.facts) or parsed.skips or path.endswith("yml")
    )


def test_deep_json_is_a_skip_and_not_an_end(site: Path) -> None:
    (site / "GTM-DEEP.json").write_text(
        '{"exportFormatVersion": 2, "containerVersion": ' + "[" * DEEP + "]" * DEEP + "}"
    )
    (site / "package.json").write_text(
        '{"dependencies": ' + '{"a":' * DEEP + "1" + "}" * DEEP + "}"
    )
    result = scan(site)
    assert result.exit_code == 1
    assert "please report" not in result.output


# ---------------------------------------------------------------- time and size


def doubling(count: int) -> str:
    names = "".join(f"var a{n} = a{n - 1} + a{n - 1}; fbq('init', a{n});" for n in range(1, count))
    return f"var a0 = 'x';{names}"


HOSTILE: dict[str, Callable[[int], str]] = {
    "variables that double": lambda n: doubling(n // 20),
    "globals that double": lambda n: (
        "a0='x';" + "".join(f"a{i}=a{i - 1}+a{i - 1};" for i in range(1, n // 20)) + PIXEL
    ),
    "functions that double": lambda n: (
        "".join(f"function f{i}(a){{f{i + 1}(a+'x');f{i + 1}(a+'y')}}" for i in range(40))
        + "function f40(a){fbq('track',a)}f0('z')"
    ),
    "assignments of one name": lambda n: (
        "var x;" + "".join(f"x='a{i}';" for i in range(n)) + "fbq('init',x);"
    ),
    "names that are told by each other": lambda n: (
        "var x='a';" + "x='b'+x;fbq('track',x);" * (n // 4)
    ),
    "calls": lambda n: "fbq('track','x');" * n,
    "calls after another letter": lambda n: "'é';" + "fbq('track','x');" * n,
    "template literals inside each other": lambda n: (
        "fbq(" + "`a${" * (n // 5) + "1" + "}`" * (n // 5) + ");"
    ),
    "a long sum": lambda n: "fbq('init'" + "+'a'" * n + ");",
    "a long sum of names": lambda n: "fbq(" + "+".join(f"a{i}+'x'" for i in range(n)) + ");",
    "aliases of aliases": lambda n: (
        "var a0=fbq;" + "".join(f"var a{i}=a{i - 1};a{i}('x');" for i in range(1, n // 2))
    ),
    "a long chain": lambda n: "fbq(a" + ".b('c')" * n + ");",
    "functions with one name": lambda n: "".join(
        f"function f(x){{fbq('init',x)}}f('{i}');" for i in range(n // 2)
    ),
    "a long list, often": lambda n: "var a=[" + "'x'," * n + "];" + "fbq('init',a);" * (n // 50),
    "a long text, often": lambda n: "var a='" + "x" * n * 20 + "';" + "fbq('init',a);" * (n // 50),
    "else if": lambda n: "if(a){fbq('x')}" + "else if(a){fbq('x')}" * (n // 4),
    "a long condition, often": lambda n: (
        "a&&" * (n // 2) + "b;" + "".join(f"a{i}&&fbq('x');" for i in range(n // 2))
    ),
    "unclosed markup in a text": lambda n: "a.innerHTML='" + "<script " * n + "';" + PIXEL,
    "markup in a text": lambda n: (
        "a.innerHTML='" + "<img src=//px.example/a>" * (n // 4) + "';" + PIXEL
    ),
    "one text that is written often": lambda n: (
        "var h='" + "<img src=//px.example/a>" * 500 + "';" + "a.innerHTML=h;" * (n // 10) + PIXEL
    ),
}
HOSTILE_PAGES: dict[str, Callable[[int], str]] = {
    "unclosed outputs": lambda n: "{{ " * n * 10,
    "unclosed statements": lambda n: "{% " * n * 10,
    "unclosed marks of every kind": lambda n: "{{ {% {# {% raw %}" * n,
    "unclosed comments": lambda n: "<!--" * n * 10,
    "unclosed tags": lambda n: "<a " * n * 10,
    "attributes": lambda n: "<img " + "a=1 " * n * 5 + "src=//px.example/a>",
    "handlers": lambda n: "<p " + "onclick=\"fbq('x')\" " * (n // 2) + ">",
    "ifs in a row": lambda n: "{% if a %}<img src='//px.example/a'>{% endif %}" * n,
    "ifs in each other": lambda n: "{% if a %}<img src='//px.example/a'>" * n,
    "else ifs": lambda n: (
        "{% if a %}" + "{% elif b %}<img src='//px.example/a'>" * n + "{% endif %}"
    ),
    "blocks with a wrong end": lambda n: "{% block a %}" * n + "{% endfor %}" * n,
    "parents": lambda n: "{% block a %}" + "{% if b %}" * n + "{{ block.super }}" * n,
    "outputs in attributes": lambda n: "<img src='//px.example/{{ a }}?{{ b }}'>" * n,
    "outputs before everything": lambda n: "{{ a }}" * n + "<img src='//px.example/a'>" * n,
    "raw without an end": lambda n: "{% raw %}" * n,
    "scripts": lambda n: f"<script>{PIXEL}</script>" * (n // 2),
    "references": lambda n: '<p onclick="' + "&quot;" * n * 5 + '">',
    "styles with hashes": lambda n: "<style>" + "{#a" * n + "</style>" + "#}",
    "empty lines": lambda n: "\n" * n * 20 + "<img src=//px.example/a>" * n,
    "other letters": lambda n: "é" * n * 20 + "<img src=//px.example/a>" * n,
}
ALL_HOSTILE = [(f"{name}.js", make) for name, make in HOSTILE.items()] + [
    (f"{name}.html", make) for name, make in HOSTILE_PAGES.items()
]


def test_a_script_that_costs_its_square_to_parse_is_given_up_in_time() -> None:
    noise = '"api.tile "api.box.example/box.js/*", "api.box.example/*", '
    script = PIXEL + "\neval('1');</r id, e-mail and attributes\n" + noise * 12_000 + "\n" + PIXEL
    parsed = within(12, lambda: parse(Source("a.js", script.encode()), VOCABULARY))
    assert parsed.skips
    assert any(isinstance(fact, Call) for fact in parsed.facts)


@pytest.mark.parametrize(("path", "make"), ALL_HOSTILE, ids=[path for path, _ in ALL_HOSTILE])
def test_twice_the_text_costs_about_twice_the_time(path: str, make: Callable[[int], str]) -> None:
    size = 2_000
    small, large = (Source(path, make(each).encode()) for each in (size, 4 * size))
    seconds, parsed = timed(small)
    assert not any("please report" in skip.reason for skip in parsed.skips), parsed.skips
    more, parsed = timed(large)
    assert more < 8 * seconds + 0.4  # four times the text; sixteen would be its square
    assert len(pickle.dumps(parsed)) < 40 * len(large.data) + 700_000


def timed(source: Source) -> tuple[float, Parsed]:
    begun = process_time()
    parsed = parse(source, VOCABULARY)
    return process_time() - begun, parsed


def within(seconds: float, work: Callable[[], Parsed]) -> Parsed:
    begun = process_time()
    parsed = work()
    assert process_time() - begun < seconds
    return parsed


def test_the_facts_of_a_big_bundle_stay_small() -> None:
    picture = "data:image/png;base64," + "A" * 300_000
    script = (
        f"var p='{picture}';fbq('track',p,[p,p],{{a:p+p}});"
        + "function f(a){return a.b(1)}" * 60_000
        + PIXEL
    )
    parsed = parse(Source("a.js", script.encode()), VOCABULARY)
    assert len(script) > 1_900_000
    assert len(pickle.dumps(parsed)) < 60_000
    first = next(fact for fact in parsed.facts if isinstance(fact, Call))
    assert isinstance(first.args[1], Text)
    assert isinstance(first.args[1].parts[-1], Hole)


def test_pictures_in_a_page_are_no_pixels() -> None:
    page = f"<img src='data:image/png;base64,{'A' * 500_000}'><img src='//px.example/a'>"
    parsed = parse(Source("a.html", page.encode()), VOCABULARY)
    assert [fact.url for fact in parsed.facts if isinstance(fact, Pixel)] == ["//px.example/a"]
    assert len(pickle.dumps(parsed)) < 5_000


# ---------------------------------------------------------------- our own mistakes


DIGITS = (
    "9" * 5_000
)  # Python refuses to write so many digits of a number as a text, or to read them


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.js", f"fbq('init', 0x{'f' * 5_000}, {DIGITS}, {DIGITS}n, {DIGITS} * {DIGITS});"),
        ("a.js", f"fbq('init', JSON.parse('{{\"a\": {DIGITS}}}').a);"),
        (
            "a.html",
            f'<script type="application/json" id="s">{{"gtm": {DIGITS}}}</script><script>fbq()</script>',
        ),
        ("appsettings.json", f'{{"GoogleAnalytics": {{"Id": {DIGITS}}}}}'),
        ("package.json", f'{{"dependencies": {{"react-ga4": {DIGITS}}}}}'),
        ("pyproject.toml", f"[project]\nname = {DIGITS}"),
        ("Cargo.toml", f"[package]\nname = {DIGITS}"),
        ("config.toml", f"google_analytics = {DIGITS}"),
        ("config.yml", f"google_analytics: {DIGITS}"),
        (
            "a.py",
            f"import requests\nrequests.post('https://graph.facebook.com/v19.0/1/events', json={DIGITS})",
        ),
    ],
)
def test_a_number_of_5_000_digits_is_no_end(path: str, text: str) -> None:
    parsed = parse(Source(path, text.encode()), signatures.load().vocabulary)
    assert not [skip for skip in parsed.skips if "report this file" in skip.reason]
    assert all(repr(fact) for fact in parsed.facts)


def test_our_own_mistake_asks_for_a_report_and_keeps_the_rest(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "odd.js").write_text("import './a';\n" + PIXEL)

    def failing(source: Source, *_: object) -> Iterator[Fact]:
        yield Include(place=source.place(0, 6), how="imports", target="./a")
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("analyzer.parse.scripts.javascript.facts_of", failing)
    assert (
        skips(site)["odd.js"]
        == "trackerlint failed on it (ZeroDivisionError); please report this file"
    )
    assert len(parse(Source("odd.js", PIXEL.encode()), VOCABULARY).facts) == 1


# ---------------------------------------------------------------- signatures


ACME = """\
name     = "Acme"
owner    = "Acme Corporation"
category = "advertising"

[baa]
offered = "no"

[ids]
id = "[0-9]+"

[signals]
loader = ["cdn.acme.example/pixel.js"]
setup  = ["acme('init', $id)"]

[[examples]]
about = "the pixel"
js    = "acme('init', '1')"
finds = ["setup 1"]

[[examples]]
about = "something else"
js    = "other('init', '1')"
finds = []
"""
LIBRARY = 'library = [\'holds("acme_visitor", "Acme: no account is given")\']\n\n'
FIRST = '[[examples]]\nabout = "the pixel"'
MISTAKES = {
    "no name": ('name     = "Acme"\n', "", '"name" is missing'),
    "an empty owner": ('"Acme Corporation"', '""', '"owner" must be a text'),
    "a name that is a number": ('name     = "Acme"', "name = 7", '"name" must be a text'),
    "an unknown key": ("[baa]", 'colour = "red"\n[baa]', '"colour" is not known here'),
    "an unknown category": ('"advertising"', '"magic"', '"magic" is no category'),
    "an answer that is none": ('offered = "no"', 'offered = "perhaps"', '"perhaps" is no answer'),
    "a table that is a text": ('[baa]\noffered = "no"', 'baa = "no"', '"baa" must be a table'),
    "an unknown role": ("loader =", "loadr =", '"loadr" is no role'),
    "a pattern that is no list": (
        '["cdn.acme.example/pixel.js"]',
        '"cdn.acme.example/pixel.js"',
        "must be a list",
    ),
    "an empty list": ('["cdn.acme.example/pixel.js"]', "[]", '"loader" is an empty list'),
    "a pattern that is nothing": (
        "cdn.acme.example/pixel.js",
        "the pixel",
        "is no address, no call",
    ),
    "a pattern that does not close": (
        "acme('init', $id)",
        "acme('init', $id))",
        "is not one JavaScript call",
    ),
    "functions without a library": (
        FIRST,
        '[functions]\n"\'acme-js\'.track" = ["Acme: no event"]\n\n' + FIRST,
        '"functions" are looked for in a library',
    ),
    "a function of no package": (
        FIRST,
        LIBRARY + '[functions]\n"acme.track" = ["Acme: no event"]\n\n' + FIRST,
        '"acme.track" is no export',
    ),
    "a function without texts": (
        FIRST,
        LIBRARY + '[functions]\n"\'acme-js\'.track" = {text = "Acme"}\n\n' + FIRST,
        "needs a list of texts",
    ),
    "a wrong expression": ('"[0-9]+"', '"[0-9"', "is no regular expression"),
    "no signals": (
        ACME[ACME.index("[signals]") : ACME.index("[[examples]]")],
        "",
        "no [signals] table",
    ),
    "one example": (
        ACME[ACME.index('[[examples]]\nabout = "something') :],
        "",
        "two [[examples]] are needed",
    ),
    "an example without a text": (
        "js    = \"acme('init', '1')\"\n",
        "",
        "an example needs about, finds",
    ),
    "an example with an odd key": (
        'js    = "acme',
        'typescript = "acme',
        '"typescript" is not known in an example',
    ),
    "examples that all find something": (
        "finds = []",
        'finds = ["setup 1"]',
        "one must have finds = []",
    ),
    "no TOML": ("[baa]", "[baa", "mend the TOML"),
    "a text that does not end": ('"Acme"', '"Acme', "mend the TOML"),
    "a key twice": ("[baa]", 'name = "Again"\n[baa]', "mend the TOML"),
    "examples that are no tables": ("[[examples]]", "[[exampels]]", '"exampels" is not known here'),
}


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


def test_the_signature_file_is_right_before_it_is_broken(acme: Path) -> None:
    assert list(signatures.load().vendors) == ["acme"]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_signature_file_is_a_sentence_with_its_line(
    acme: Path, site: Path, name: str
) -> None:
    old, new, words = MISTAKES[name]
    assert old in ACME
    acme.write_text(ACME.replace(old, new))
    result = scan(site)
    assert result.exit_code == 2
    assert result.stdout == ""
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("trackerlint: signatures/vendors/acme.toml: ")
    assert re.search(r"\bline \d+\b|end of document", sentence), sentence
    assert words in sentence


def test_a_signature_file_that_is_no_text_is_a_sentence(acme: Path, site: Path) -> None:
    acme.write_bytes(b"name = '\xff\xfe'")
    result = scan(site)
    assert result.exit_code == 2
    assert "signatures/vendors/acme.toml: cannot be read" in result.stderr


def test_no_signatures_are_an_error_and_not_a_clean_site(acme: Path, site: Path) -> None:
    acme.unlink()
    result = scan(site)
    assert result.exit_code == 2
    assert "there are no signatures in" in result.stderr


# ---------------------------------------------------------------- outputs


def test_an_output_folder_that_is_missing_is_a_sentence(site: Path, tmp_path: Path) -> None:
    result = scan(site, "-o", str(tmp_path / "no" / "out.sarif"))
    assert result.exit_code == 2
    assert result.stderr.endswith("does not exist; make it first\n")


def test_an_output_that_is_a_folder_is_a_sentence(site: Path, tmp_path: Path) -> None:
    (tmp_path / "out.json").mkdir()
    result = scan(site, "-o", str(tmp_path / "out.json"))
    assert result.exit_code == 2
    assert result.stderr.endswith("it is a folder; name a file\n")


def test_an_output_that_cannot_be_written_is_a_sentence(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    result = scan(site, "-o", str(tmp_path / "out.json"))
    assert result.exit_code == 2
    assert result.stderr == (
        f"trackerlint: {tmp_path / 'out.json'} cannot be written (No space left on device); choose another place\n"
    )


@pytest.mark.parametrize(
    "trouble", [OSError(28, "No space left on device"), ZeroDivisionError(), KeyboardInterrupt()]
)
def test_an_output_is_written_whole_or_not_at_all(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / "out.json"
    target.write_text("the old report")

    def half(report: object, out: object) -> None:
        out.write("{")  # type: ignore[attr-defined]
        raise trouble

    monkeypatch.setattr(json_output, "write", half)
    result = CliRunner().invoke(main, ["scan", str(site), "-o", str(target)])
    assert result.exit_code != 0
    assert target.read_text() == "the old report"
    assert os.listdir(target.parent) == ["out.json"]


def test_an_old_output_is_replaced(site: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("the old report" * 100_000)
    scan(site, "-o", str(target))
    assert json.loads(target.read_text())


def test_a_user_error_is_one_line() -> None:
    with pytest.raises(UserError) as trouble:
        files.root_of([Path("no/such/place")])
    assert "\n" not in str(trouble.value)
