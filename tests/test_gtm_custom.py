"""Custom code: the facts inside a tag, at their own places in the export, and its secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer import pipeline, signatures
from analyzer.gtm import quotable, read_container
from analyzer.gtm.secrets import hidden_in, without
from analyzer.model import (
    Call,
    Container,
    Fact,
    Hole,
    Origin,
    OriginKind,
    Pixel,
    ScriptLoad,
    Source,
    shown,
)
from tests.test_gtm import (
    WORDS,
    container,
    diagnostics,
    export,
    only_tag,
    parsed,
    setting,
    table,
    tag,
    variable,
)


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
    assert [(each.kind, *each.users) for each in found] == [
        ("code", "Unexpected token ;", "2"),
        ("code", "Unexpected token .", "3"),
    ]
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


TOKEN = "EAAG" + "7Zb3kQm9XcV2nRt5Ys8W" * 3


def secrets(content: Any) -> list[tuple[str, str, str]]:
    return [(each.what, each.shown, each.holder) for each in container(content).secrets]


@pytest.mark.parametrize(
    "given",
    [
        setting("apiAccessToken", "q8Wz3kXv7bNm2Rt6Yp"),
        setting("api_secret", "Zp4-uVq8RtW2xYb6KmN1cA"),
        setting("password", "hunter2b"),
        setting("anything", TOKEN),
        setting("header", "Bearer a8f5f167f44f4964e6c998dee827110c"),
        setting("key", "-----BEGIN PRIVATE KEY-----\nMIIEvQ1b\n-----END PRIVATE KEY-----"),
        setting("key", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"),
        setting("html", "<script>var a = {'authToken': 'q8Wz3kXv7bNm2Rt6'};</script>"),
        table("headers", ("name", "value"), **{"x-auth": "xoxb-2488-1234-Ab3dEf6hIj"}),
        {"type": "MAP", "key": "more", "map": [setting("clientSecret", "q8Wz3kXv7bNm2Rt6Yp")]},
    ],
)
def test_a_secret_is_told_by_what_its_name_means_or_by_its_shape(given: dict[str, Any]) -> None:
    (found,) = secrets(export([tag("Sender", "cvt_2_9", given)]))
    assert found[2] == "tag Sender"


@pytest.mark.parametrize(
    "given",
    [
        setting("accessToken", "{{Token}}"),
        setting("accessToken", "YOUR_ACCESS_TOKEN_1"),
        setting("accessToken", "optional"),
        setting("accessToken", "xxxxxxxxxxxxxxxx1"),
        setting("accessToken", "https://example.net/token/2"),
        setting("token", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        setting("apiKey", "AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q"),
        setting("eventName", "password_reset_2"),
        setting("html", "<script>token = getAccessToken('of the visitor');</script>"),
    ],
)
def test_a_placeholder_a_public_key_and_a_reference_are_no_secrets(given: dict[str, Any]) -> None:
    assert secrets(export([tag("Sender", "cvt_2_9", given)])) == []


def test_a_picture_inside_a_template_is_no_secret() -> None:
    custom = {"containerId": "2", "templateId": "9", "name": "T", "templateData": f"x {TOKEN}"}
    assert secrets(export([tag("A", "cvt_2_9")], customTemplate=[custom])) == []


def test_a_constant_is_a_secret_where_a_setting_asks_for_one() -> None:
    content = export(
        [tag("Sender", "cvt_2_9", setting("apiSecret", "{{GA4 key}}"))],
        variables=[
            variable("GA4 key", "c", setting("value", "Zp4-uVq8RtW2xYb6KmN1cA")),
            variable("Other", "c", setting("value", "Zp4-uVq8RtW2xYb6KmN1cB")),
            variable("Meta Access Token", "c", setting("value", "q8Wz3kXv7bNm2Rt6Yp")),
        ],
    )
    assert secrets(content) == [
        ("secret", "Zp4-… (22 characters)", "variable GA4 key"),
        ("access token", "q8Wz… (18 characters)", "variable Meta Access Token"),
    ]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_no_record_holds_a_secret_in_full_and_every_place_stays_true(ascii_only: bool) -> None:
    html = (
        f"<script>/* é */ fbq('init', '123', {{token: '{TOKEN}'}});\nfbq('track', 'Lead');</script>"
    )
    content = export([tag("Pixel é", "html", setting("html", html))])
    data = json.dumps(content, ensure_ascii=ascii_only).encode()
    said = parsed(data)
    assert TOKEN not in repr(said)
    assert TOKEN[4:20] not in repr(said)
    only = said.facts[0]
    assert isinstance(only, Container)
    (secret,) = only.secrets
    assert secret.place.region.column == data.decode().index(TOKEN) + 1
    assert secret.place.text == "EAAG" + "*" * 60
    lead = [fact for fact in only.tags[0].facts if isinstance(fact, Call)][1]
    assert lead.place.region.column == data.decode().index("fbq('track'") + 1


def test_a_file_is_quoted_without_its_secrets_and_others_as_they_are() -> None:
    data = json.dumps(export([tag("A", "cvt_2_9", setting("accessToken", TOKEN))])).encode()
    shown = quotable(data)
    assert len(shown) == len(data)
    assert TOKEN.encode() not in shown
    assert b"EAAG***" in shown
    page = f"<p>{TOKEN}</p>".encode()
    assert quotable(page) == page


def test_a_report_shows_no_secret_not_even_in_the_lines_around_a_finding(tmp_path: Path) -> None:
    html = "<script src='https://survey.example.net/s.js'></script>"
    content = export([tag("A", "cvt_2_9", setting("accessToken", TOKEN)), html_tag(html)])
    (tmp_path / "export.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    report = pipeline.scan([tmp_path], signatures.load())
    assert "secret-in-container" in {finding.rule for finding in report.findings}
    assert any("EAAG***" in line for each in report.excerpts.values() for line in each.lines)
    assert TOKEN not in repr(report)


def test_a_container_in_yaml_is_quoted_without_its_secrets() -> None:
    data = (
        b"exportFormatVersion: 2\ncontainerVersion:\n  container:\n    publicId: GTM-CLINIC\n"
        b"  tag:\n  - name: A\n    type: cvt_2_9\n    parameter:\n"
        b"    - key: apiSecret\n      type: TEMPLATE\n      value: Zp4-uVq8RtW2xYb6KmN1cA\n"
    )
    assert b"Zp4-uVq8" not in without(data, hidden_in(data))


def test_a_published_container_has_secrets_too() -> None:
    data = (
        b'var data = {"resource": {"version": "1", "macros": [], "tags": ['
        b'{"function": "__cvt_2_9", "vtp_accessToken": "' + TOKEN.encode() + b'", "tag_id": 3}'
        b'], "predicates": [], "rules": []}};'
    )
    assert TOKEN not in repr(read_container(Source("gtm.js", data), WORDS))
