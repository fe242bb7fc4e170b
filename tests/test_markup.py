"""Hostile markup: three other parsers agree on the scripts where they are right, and every offset is exact."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

import lxml.html
import pytest
from bs4 import BeautifulSoup

from analyzer.engines import Engine, engine_of
from analyzer.engines.erb import ENGINE as ERB
from analyzer.engines.jinja import ENGINE as JINJA
from analyzer.model import Call, Frame, Pixel, ScriptLoad, Source, Vocabulary, shown
from analyzer.parse.files import parse
from analyzer.parse.markup import Element, elements
from analyzer.parse.mask import flattened, mask

PYTHON, LXML, SOUP = "html.parser", "lxml", "Beautiful Soup"
ALL = frozenset({PYTHON, LXML, SOUP})


@dataclass(frozen=True)
class Case:
    """A document, the texts of its scripts, and the other parsers that get them wrong."""

    text: str
    scripts: tuple[str, ...]
    wrong: frozenset[str] = frozenset()


def case(text: str, *scripts: str, wrong: frozenset[str] | str = frozenset()) -> Case:
    return Case(text, scripts, frozenset({wrong}) if isinstance(wrong, str) else wrong)


CASES = {
    "plain": case("<html><script>a()</script></html>", "a()"),
    "two": case("<script>a()</script>\n<script>b()</script>", "a()", "b()"),
    "empty": case("<script></script><script>a()</script>", "", "a()"),
    "capital letters": case("<SCRIPT>a()</ScRiPt>", "a()"),
    "blanks in the closing tag": case("<script>a()</script  \n >b", "a()"),
    "attributes in the closing tag": case("<script>a()</script x='>'>", "a()", wrong=PYTHON),
    "a slash in the opening tag": case("<script/>a()</script>", "a()", wrong=ALL),
    "less-than in a script": case(
        "<script>if (a<b && c</d/) e()</script>", "if (a<b && c</d/) e()"
    ),
    "tags in a script": case("<script>x='<p><b></p><script>'</script>", "x='<p><b></p><script>'"),
    "an escaped end": case("<script>x='<\\/script>'</script>", "x='<\\/script>'"),
    "an end inside a string ends the script": case("<script>x='</script>'</script>", "x='"),
    "a comment mark in a script": case("<script><!--\na()\n//--></script>", "<!--\na()\n//-->"),
    "a script in a comment in a script": case(
        "<script><!-- document.write('<script>a()</script>'); //--></script><b>",
        "<!-- document.write('<script>a()</script>'); //-->",
        wrong=PYTHON,
    ),
    "an unclosed comment in a script": case(
        "<script><!-- a()</script><script>b()</script>", "<!-- a()", "b()"
    ),
    "no end": case("<p><script>a()", "a()", wrong=PYTHON),
    "no end and half a closing tag": case("<p><script>a()</scri", "a()</scri", wrong=PYTHON),
    "an end without a sign": case("<p><script>a()</script", "a()</script", wrong=PYTHON),
    "in a comment": case("<!-- <script>a()</script> --><script>b()</script>", "b()"),
    "an abrupt comment": case("<!--><script>a()</script>-->", "a()", wrong=PYTHON),
    "another abrupt comment": case("<!---><script>a()</script>-->", "a()", wrong=PYTHON),
    "a comment with a bang": case("<!-- x --!><script>a()</script>", "a()"),
    "a comment in a comment": case("<!-- <!-- x --> <script>a()</script> -->", "a()"),
    "a conditional comment": case(
        "<!--[if IE]><script>a()</script><![endif]--><script>b()</script>", "b()"
    ),
    "a revealed conditional comment": case(
        "<!--[if !IE]><!--><script>a()</script><!--<![endif]-->", "a()"
    ),
    "a bogus comment": case("<!x <script>a()</script><script>b()</script>", "b()"),
    "a processing instruction": case("<?xml version='1.0'?><script>a()</script>", "a()"),
    "a PHP tag": case("<?php echo '<b>' ?><script>a()</script>", "a()"),
    "a section of text": case("<p><![CDATA[ x ]]><script>a()</script>", "a()"),
    "in a title": case(
        "<title><script>a()</script></title><script>b()</script>", "b()", wrong=PYTHON
    ),
    "in a text area": case(
        "<textarea><script>a()</script></textarea><script>b()</script>", "b()", wrong=PYTHON
    ),
    "in a style": case(
        "<style>p{content:'<script>a()</script>'}</style><script>b()</script>", "b()"
    ),
    "in an attribute": case("<p title='<script>a()</script>'><script>b()</script>", "b()"),
    "in an attribute without quotes": case("<p title=<script>a()</p>"),
    "a sign in an attribute": case("<p title='a>b' x=\"c>d\"><script>a()</script>", "a()"),
    "quotes that belong together": case(
        "<p title='\"><script>a()</script>'><script>b()</script>", "b()"
    ),
    "an attribute that never ends": case("<p title='><script>a()</script>", wrong=PYTHON),
    "attributes without blanks": case("<script type='a'src=\"b\"async>c()</script>", "c()"),
    "signs in attribute names": case("<script =a 'b <c>d()</script>", "d()"),
    "in a drawing": case("<svg><script>a()</script></svg><script>b()</script>", "a()", "b()"),
    "in a template element": case("<template><script>a()</script></template>", "a()"),
    "a comment-like end": case("<script>a()<!--</script>-->", "a()<!--"),
    "old line ends": case(
        "<p>\r\n<script>\r\na()\r\n</script>\r\n", "\r\na()\r\n", wrong=frozenset({LXML, SOUP})
    ),
    "very old line ends": case(
        "<p>\r<script>\ra()\r</script>\r", "\ra()\r", wrong=frozenset({LXML, SOUP})
    ),
    "a mark and an astral letter": case("\ufeff<p>😀</p><script>'😀'; a()</script>", "'😀'; a()"),
    "letters of two bytes": case(
        "<p>éé</p>\n<p>é<script>'ü'</script>é<script>'日'</script>", "'ü'", "'日'"
    ),
    "a zero": case(
        "<p>\0</p><script>a('\0')</script><script>b()</script>",
        "a('\0')",
        "b()",
        wrong=frozenset({LXML, SOUP}),
    ),
    "a zero in a tag": case("<p a\0b='c'><script>a()</script>", "a()"),
    "deep": case("<div>" * 300 + "<script>a()</script>", "a()", wrong=LXML),
    "only signs": case("<<<>>><script>a()</script>", "a()"),
    "a tag inside a tag": case("<a <script>a()</script>"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_scripts_are_those_a_browser_sees(name: str) -> None:
    each = CASES[name]
    assert [content for _, content in scripts(each.text)] == list(each.scripts)


@pytest.mark.filterwarnings("ignore:It looks like you're using an HTML parser")
@pytest.mark.parametrize("name", CASES)
def test_other_parsers_agree_where_they_are_right(name: str) -> None:
    each = CASES[name]
    ours = [content for _, content in scripts(each.text)]
    theirs = {peer: read(each.text) for peer, read in PEERS.items()}
    assert {peer for peer, found in theirs.items() if found != ours} <= each.wrong


@pytest.mark.parametrize("name", CASES)
def test_every_offset_is_exact(name: str) -> None:
    data = CASES[name].text.encode()
    for element in elements(data):
        assert data[element.start : element.start + 1] == b"<"
        assert (
            data[element.start + 1 : element.start + 1 + len(element.name)].lower()
            == element.name.encode()
        )
        assert data[element.end - 1 : element.end] == b">"
        if element.content is not None:
            start, end = element.content
            assert start == element.end
            assert end == len(data) or data[end : end + 2] == b"</"
        for attribute in element.attributes:
            assert element.start < attribute.start <= attribute.end <= element.end


def scripts(text: str) -> list[tuple[Element, str]]:
    data = text.encode()
    return [
        (each, data[slice(*each.content)].decode() if each.content else "")
        for each in elements(data)
        if each.name == "script"
    ]


class _Python(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1] += data


def by_python(text: str) -> list[str]:
    parser = _Python()
    parser.feed(text)
    parser.close()
    return parser.found


def by_lxml(text: str) -> list[str]:
    try:
        root = lxml.html.document_fromstring(
            text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except lxml.etree.ParserError:
        return []
    return [each.text or "" for each in root.iter("script")]


def by_soup(text: str) -> list[str]:
    return [each.string or "" for each in BeautifulSoup(text, "lxml").find_all("script")]


PEERS = {PYTHON: by_python, LXML: by_lxml, SOUP: by_soup}


# ---------------------------------------------------------------- attributes


ATTRIBUTES = {
    "<img src='a'>": [("src", "a")],
    '<img src="a b">': [("src", "a b")],
    "<img src=a/b?c=d&e>": [("src", "a/b?c=d&e")],
    "<img src = a alt= 'b' title ='c'>": [("src", "a"), ("alt", "b"), ("title", "c")],
    "<img\nsrc='a'\n\talt>": [("src", "a"), ("alt", "")],
    "<img SRC='A'>": [("src", "A")],
    "<img src='a'alt='b'>": [("src", "a"), ("alt", "b")],
    "<img src='>' alt='<'>": [("src", ">"), ("alt", "<")],
    "<img src=''>": [("src", "")],
    "<img src=a/>": [("src", "a/")],
    "<img src='a'/>": [("src", "a")],
    "<img/src='a'/alt='b'>": [("src", "a"), ("alt", "b")],
    "<img src='\"'>": [("src", '"')],
    "<img data-x.y:z@='1' :src='b' @load='c' v-on:x='d'>": [
        ("data-x.y:z@", "1"),
        (":src", "b"),
        ("@load", "c"),
        ("v-on:x", "d"),
    ],
    "<img alt='é😀' src='ü'>": [("alt", "é😀"), ("src", "ü")],
    "<img src='a' src='b'>": [("src", "a"), ("src", "b")],
}


@pytest.mark.parametrize("tag", ATTRIBUTES)
def test_attributes_have_exact_offsets(tag: str) -> None:
    data = f"é\n<p>{tag}".encode()
    element = list(elements(data))[-1]
    assert [
        (each.name, data[each.start : each.end].decode()) for each in element.attributes
    ] == ATTRIBUTES[tag]


def test_the_first_of_two_equal_attributes_counts() -> None:
    element = next(elements(b"<img src='a' src='b'>"))
    first = element.get("src")
    assert first is not None
    assert first.start == 10


# ---------------------------------------------------------------- templates


TEMPLATES = {
    "an output in an attribute": (JINJA, "<img src='{{ a }}'>", ["{{ a }}"]),
    "quotes inside an output": (JINJA, "<img src='{{ a['b'] }}'>", ["{{ a['b'] }}"]),
    "the other quotes inside an output": (JINJA, '<img src="{{ a["b"] }}/c">', ['{{ a["b"] }}/c']),
    "a sign inside an output": (JINJA, "<img src={{ a>b }}/c>", ["{{ a>b }}/c"]),
    "a statement in a tag": (JINJA, "<img {% if a > 1 %}class='b'{% endif %} src='c'>", ["c"]),
    "an output as a name": (JINJA, "<img {{ attrs }} src='c'>", ["c"]),
    "a comment with a tag": (JINJA, "{# <img src='x'> #}<img src='c'>", ["c"]),
    "raw text": (JINJA, "{% raw %}{{ <img src='c'> }}{% endraw %}", ["c"]),
    "a comment block": (JINJA, "{% comment %}<img src='x'>{% endcomment %}<img src='c'>", ["c"]),
    "an output in the middle": (
        JINJA,
        "<img src='//a/{{ b }}/c.js?d={{ e }}'>",
        ["//a/{{ b }}/c.js?d={{ e }}"],
    ),
    "an unclosed output": (JINJA, "<p>{{ <img src='c'>", ["c"]),
    "a line break in an output": (JINJA, "<img src='{{ a\n }}'>", ["{{ a\n }}"]),
    "an output of the other engine": (ERB, "<img src='<%= a['b'] %>'>", ["<%= a['b'] %>"]),
    "a tag of the other engine": (ERB, "<% if a %><img src='c'><% end %>", ["c"]),
    "a sign in a tag of the other engine": (
        ERB,
        "<img <% if a > 1 %>class='b'<% end %> src='c'>",
        ["c"],
    ),
    "an arrow": (ERB, "<img src='<%= image_tag :a => 'b' %>'>", ["<%= image_tag :a => 'b' %>"]),
    "a comment of the other engine": (ERB, "<%# <img src='x'> %><img src='c'>", ["c"]),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_values_are_read_from_the_original(name: str) -> None:
    engine, text, expected = TEMPLATES[name]
    assert sources(engine, text) == expected


def sources(engine: Engine, text: str) -> list[str]:
    data = text.encode()
    source = flattened(Source("a", data), engine)
    masked = mask(source.data, engine)
    assert len(masked.data) == len(source.data)
    assert masked.data.count(b"\n") == source.data.count(b"\n")
    found = []
    for element in elements(masked.data):
        attribute = element.get("src")
        if element.name == "img" and attribute is not None:
            start, end = attribute.start, attribute.end
            if engine.rewrite is not None:
                start, end = source.lifted(start, end)
            found.append(data[start:end].decode())
    return found


def test_a_template_mark_in_a_script_does_not_move_what_follows() -> None:
    page = "<script>\n  fbq('init', '{{ config[\"pixel\"] }}');\n  fbq('track', {{ event|tojson }}, {a: 1});\n</script>"
    found = calls("page.html", page)
    assert [(str(call.place), [shown(arg) for arg in call.args]) for call in found] == [
        ("page.html:2:3", ["init", '${config["pixel"]}']),
        ("page.html:3:3", ["track", "${event|tojson}", "{a: 1}"]),
    ]


# ---------------------------------------------------------------- encodings


PAGE = "<p>Größe 😀</p>\n<script>fbq('init', 'ü1'); fbq('track', 'x');</script>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_encoding_moves_nothing(encoding: str) -> None:
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    found = calls("page.html", (mark + PAGE).encode(encoding))
    assert [str(call.place) for call in found] == ["page.html:2:9", "page.html:2:28"]
    assert found[0].args == ("init", "ü1")


def test_old_encodings_are_read_with_marks_for_what_is_unknown() -> None:
    found = calls("page.html", PAGE.replace("😀", "").encode("latin-1"))
    assert [str(call.place) for call in found] == ["page.html:2:9", "page.html:2:28"]
    assert found[0].args == ("init", "\ufffd1")


def test_columns_count_letters_and_utf16_units() -> None:
    (call, _) = calls("page.html", "<p>😀é</p><script>fbq('init', '1'); fbq()</script>")
    assert call.place.region.column == 18
    assert call.place.region.utf16[0] == 19


def test_old_line_ends_count_once() -> None:
    found = calls("page.html", "<p>\r\n<script>\r\nfbq('init');\r\n  fbq('track');\r\n</script>")
    assert [str(call.place) for call in found] == ["page.html:3:1", "page.html:4:3"]


def test_what_a_page_loads() -> None:
    page = """<noscript><img src="https://px.example/a?b=1&amp;c=2"></noscript>
<script async src='//cdn.example/x.js' data-id="7"></script>
<iframe data-src="https://a.example/f" class="optanon-category-C0004"></iframe>
<object data="https://b.example/o"></object><embed src="https://c.example/e">
<img src="data:image/png;base64,AAAA">
<body onload="fbq('track', 'Load')"><a onclick='fbq(&quot;track&quot;, "Click")'>"""
    parsed = parse(Source("page.html", page.encode()), VOCABULARY)
    told = [
        (type(fact), shown(fact.url), [guard.kind for guard in fact.guards])
        for fact in parsed.facts
        if isinstance(fact, ScriptLoad | Pixel | Frame)
    ]
    assert told == [
        (Pixel, "https://px.example/a?b=1&c=2", ["noscript"]),
        (ScriptLoad, "//cdn.example/x.js", []),
        (Frame, "https://a.example/f", ["consent"]),
        (Frame, "https://b.example/o", []),
        (Frame, "https://c.example/e", []),
    ]
    assert [
        (call.args[1], str(call.moment), str(call.place))
        for call in parsed.facts
        if isinstance(call, Call)
    ] == [("Load", "load", "page.html:6:15"), ("Click", "interaction", "page.html:6:49")]


VOCABULARY = Vocabulary(names=frozenset({"fbq"}), words=(b"fbq",))


def calls(path: str, page: str | bytes) -> list[Call]:
    data = page.encode() if isinstance(page, str) else page
    assert engine_of(path, data) is not None
    return [fact for fact in parse(Source(path, data), VOCABULARY).facts if isinstance(fact, Call)]
