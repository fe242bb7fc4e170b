"""Custom code and templates: the facts inside a tag, at their own places in the export."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analyzer.model import (
    Call,
    Container,
    Fact,
    Hole,
    Origin,
    OriginKind,
    Pixel,
    Request,
    ScriptLoad,
    shown,
)
from tests.test_gtm import diagnostics, export, only_tag, parsed, setting, tag, variable


def html_tag(html: str, name: str = "Pixel") -> dict[str, Any]:
    return tag(name, "html", setting("html", html))


def one(kind: type[Fact], *facts: Fact) -> Any:
    (found,) = (fact for fact in facts if isinstance(fact, kind))
    return found


def test_a_call_in_custom_html_has_its_own_column() -> None:
    html = "<script>\n  // é \U0001f600\n  fbq('init', '123');\n</script>"
    data = json.dumps(export([html_tag(html)]), ensure_ascii=False).replace("<", "\\u003c")
    call = one(Call, *only_tag(data.encode()).facts)
    assert (call.callee, call.args) == ("fbq", ("init", "123"))
    assert call.place.region.line == 1
    assert call.place.region.column == data.index("fbq(") + 1
    assert call.place.text == "fbq('init', '123')"


def test_variables_in_custom_html_are_put_in() -> None:
    html = (
        "<script>fbq('init', '{{Id}}', {em: '{{Mail}}', ph: {{Phone}}});</script>"
        "<script src='https://cdn.example/{{Id}}.js'></script>"
    )
    only = only_tag(
        export(
            [html_tag(html)],
            variables=[
                variable("Id", "c", setting("value", "123")),
                variable("Mail", "v", setting("name", "user.email")),
            ],
        )
    )
    call = one(Call, *only.facts)
    assert call.args[1] == "123"
    assert call.args[2].get("em") == Hole("Mail", Origin(OriginKind.DATA_LAYER, "user.email"))
    assert call.args[2].get("ph") == Hole("Phone", Origin(OriginKind.UNKNOWN, "Phone"))
    assert one(ScriptLoad, *only.facts).url == "https://cdn.example/123.js"


def test_an_image_tag_asks_for_its_address() -> None:
    only = only_tag(export([tag("A", "img", setting("url", "https://a.example/p?u={{Page URL}}"))]))
    pixel = one(Pixel, *only.facts)
    assert shown(pixel.url) == "https://a.example/p?u=${Page URL}"
    assert pixel.place.text == '"value": "https://a.example/p?u={{Page URL}}"'


def template(**more: Any) -> dict[str, Any]:
    data = (
        "___INFO___\n\n"
        '{"type": "TAG", "id": "cvt_temp_public_id", "displayName": "Acme Pixel"}\n\n'
        "___SANDBOXED_JS_FOR_WEB_TEMPLATE___\n\n"
        "const sendPixel = require('sendPixel');\nconst url = 'https://p.acme.example/hit';\n"
        "sendPixel(url, data.gtmOnSuccess);\nsendHttpGet('https://api.acme.example/v1');\n\n"
        "___WEB_PERMISSIONS___\n\n"
        + json.dumps(
            [
                {
                    "instance": {
                        "key": {"publicId": "inject_script", "versionId": "1"},
                        "param": [
                            {
                                "key": "urls",
                                "value": {
                                    "type": 2,
                                    "listItem": [
                                        {"type": 1, "string": "https://cdn.acme.example/*"},
                                        {"type": 1, "string": "https://*/"},
                                    ],
                                },
                            }
                        ],
                    }
                },
                {
                    "instance": {
                        "key": {"publicId": "send_pixel", "versionId": "1"},
                        "param": [{"key": "allowedUrls", "value": {"type": 1, "string": "any"}}],
                    }
                },
            ]
        )
    )
    return {"containerId": "2", "templateId": "9", "name": "Acme", "templateData": data, **more}


GALLERY = {
    "host": "github.com",
    "owner": "acme",
    "repository": "gtm-pixel",
    "galleryTemplateId": "AB12C",
}


@pytest.mark.parametrize(
    ("kind", "reference", "label"),
    [
        ("cvt_2_9", {}, "Acme Pixel"),
        ("cvt_777_9", {}, "Acme Pixel"),
        ("cvt_2_9", {"galleryReference": GALLERY}, "acme/gtm-pixel"),
        ("cvt_AB12C", {"galleryReference": GALLERY}, "acme/gtm-pixel"),
        ("cvt_ZZ99Z", {"galleryReference": GALLERY}, ""),
    ],
)
def test_a_tag_finds_its_template(kind: str, reference: dict[str, Any], label: str) -> None:
    only = only_tag(export([tag("A", kind)], customTemplate=[template(**reference)]))
    assert only.template == label


def test_a_template_says_which_hosts_it_reaches() -> None:
    only = only_tag(export([tag("A", "cvt_2_9")], customTemplate=[template()]))
    assert [(type(fact), shown(getattr(fact, "url", None))) for fact in only.facts] == [
        (ScriptLoad, "https://cdn.acme.example/${*}"),
        (Pixel, "https://p.acme.example/hit"),
        (Request, "https://api.acme.example/v1"),
    ]
    assert {fact.place.text for fact in only.facts} == {'"name": "Acme"'}


def test_a_template_that_is_cut_or_odd_is_no_trouble() -> None:
    for data in ("", "___INFO___\n[1]\n", '___WEB_PERMISSIONS___\n[{"instance": 3}, 4]\n', None):
        only = only_tag(export([tag("A", "cvt_2_9")], customTemplate=[template(templateData=data)]))
        assert (only.template, only.facts) == ("Acme", ())


def test_code_that_does_not_compile_is_told_with_its_line() -> None:
    code = "function() {\n  var email = {{Mail}};\n  return email?.trim();\n}"
    data = json.dumps(
        export(
            [html_tag("<p>x</p>\n<script>\nvar a = ;\n</script>")],
            variables=[
                variable("Trim", "jsm", setting("javascript", code)),
                variable("Mail", "c", setting("value", "x")),
            ],
        )
    )
    (only,) = parsed(data.encode()).facts
    assert isinstance(only, Container)
    found = only.diagnostics
    assert [(each.what, each.target, each.place.text) for each in found] == [
        ("code that does not compile: Unexpected token ;", "Pixel", ";"),
        ("code that does not compile: Unexpected token .", "Trim", ".trim();"),
    ]
    assert [each.place.region.column for each in found] == [
        data.index("= ;") + 3,
        data.index("?.trim") + 2,
    ]


@pytest.mark.parametrize(
    "code",
    [
        "function() { return /(?<year>\\d+)/.test({{Page URL}}); }",
        "// a comment first\nfunction() { return 1; };\n",
        "function() { return '{{Page URL}}' + {{Page Path}}; }",
    ],
)
def test_code_that_browsers_accept_is_left_alone(code: str) -> None:
    content = export([], variables=[variable("V", "jsm", setting("javascript", code))])
    assert diagnostics(content) == []


def test_scripts_that_are_no_javascript_are_not_compiled() -> None:
    html = (
        '<script type="application/ld+json">{"@type": "Clinic"}</script>'
        "<script><!--\nf();\n--></script><script>"
    )
    assert diagnostics(export([html_tag(html)])) == []
