"""Containers: what is recognised, where each tag stands, and what becomes of wrong files."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from analyzer.gtm import looks_like_container, read_container
from analyzer.model import Consent, Container, Parsed, Skip, Source, Tag, Vocabulary

PATH = "gtm/export.json"
WORDS = Vocabulary(names=frozenset({"fbq", "gtag"}), words=(b"fbq", b"gtag", b"https:"))
ALL_PAGES = "2147479553"


def setting(key: str, value: str, kind: str = "TEMPLATE") -> dict[str, Any]:
    return {"type": kind, "key": key, "value": value}


def table(key: str, columns: tuple[str, str], **rows: str) -> dict[str, Any]:
    return {
        "type": "LIST",
        "key": key,
        "list": [
            {"type": "MAP", "map": [setting(columns[0], name), setting(columns[1], value)]}
            for name, value in rows.items()
        ],
    }


def tag(
    name: str, kind: str = "html", *given: dict[str, Any], fires: str = ALL_PAGES, **more: Any
) -> dict[str, Any]:
    return {
        "tagId": str(len(name)),
        "name": name,
        "type": kind,
        "parameter": list(given),
        "firingTriggerId": [each for each in fires.split() if each],
        **more,
    }


def trigger(trigger_id: str, kind: str, *filters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "triggerId": trigger_id,
        "name": f"trigger {trigger_id}",
        "type": kind,
        "filter": list(filters),
        **more,
    }


def condition(left: str, kind: str, right: str, *switches: str) -> dict[str, Any]:
    return {
        "type": kind,
        "parameter": [
            setting("arg0", left),
            setting("arg1", right),
            *(setting(switch, "true", "BOOLEAN") for switch in switches),
        ],
    }


def variable(name: str, kind: str, *given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"variableId": "1", "name": name, "type": kind, "parameter": list(given), **more}


def export(
    tags: list[Any] | None = None,
    triggers: list[Any] | None = None,
    variables: list[Any] | None = None,
    context: str = "WEB",
    **more: Any,
) -> dict[str, Any]:
    return {
        "exportFormatVersion": 2,
        "exportTime": "2026-01-01 10:00:00",
        "containerVersion": {
            "accountId": "1",
            "containerId": "2",
            "containerVersionId": "0",
            "container": {
                "publicId": "GTM-CLINIC",
                "name": "clinic.example",
                "usageContext": [context],
            },
            "tag": tags or [],
            "trigger": triggers or [],
            "variable": variables or [],
            **more,
        },
    }


def parsed(content: Any) -> Parsed:
    data = content if isinstance(content, bytes) else json.dumps(content, indent=2).encode()
    assert looks_like_container(data)
    return read_container(Source(PATH, data), WORDS)


def container(content: Any) -> Container:
    said = parsed(content)
    assert said.skips == ()
    (only,) = said.facts
    assert isinstance(only, Container)
    return only


def only_tag(content: Any) -> Tag:
    return container(content).tags[0]


def diagnostics(content: Any) -> list[tuple[str, str]]:
    return [(each.what, each.target) for each in container(content).diagnostics]


def the_skip(content: Any) -> Skip:
    said = parsed(content)
    assert said.facts == ()
    (only,) = said.skips
    return only


def test_a_tag_stands_at_the_line_that_says_its_type() -> None:
    data = b"""{
  "exportFormatVersion": 2,
  "containerVersion": {
    "container": {"publicId": "GTM-CLINIC", "usageContext": ["WEB"]},
    "tag": [{
      "tagId": "7", "name": "GA4",
      "type": "gaawe", "firingTriggerId": ["2147479553"]
    }]
  }
}"""
    found = container(data)
    assert str(found.place) == f"{PATH}:4:19"
    assert str(found.tags[0].place) == f"{PATH}:7:7"
    assert found.tags[0].place.text == '"type": "gaawe"'


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    data = b"\xef\xbb\xbf" + json.dumps(export([tag("é", "gaawe")]), ensure_ascii=False).encode()
    plain = container(data.removeprefix(b"\xef\xbb\xbf"))
    assert container(data).tags[0].place == plain.tags[0].place


def test_what_is_read_can_be_sent_to_another_process() -> None:
    said = parsed(
        export([tag("Pixel", "html", setting("html", "<img src='https://a.example/p'>"))])
    )
    assert pickle.loads(pickle.dumps(said)) == said


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b"{}",
        b"not json",
        b'{"containerVersion": "5", "status": "published"}',
        b'{"tag": [{"name": "x", "type": "html"}], "trigger": []}',
        b'export const example = {"exportFormatVersion": 2, "containerVersion": {}}',
        b'{"containerVersionId": "5", "report": {"tag": 3}}',
        b'{"containerVersion": {"tag": ["v1", "v2"]}, "trigger": "manual"}',
    ],
)
def test_a_file_that_only_looks_like_a_container_says_nothing(wrong: bytes) -> None:
    if looks_like_container(wrong):
        said = read_container(Source(PATH, wrong), WORDS)
        assert (said.facts, said.skips) == ((), ())


@pytest.mark.parametrize(
    "content",
    [
        export([tag("A", "gaawe")])["containerVersion"],
        [export([tag("A", "gaawe")])],
        {**export([tag("A", "gaawe")]), "exportFormatVersion": 1.3},
        {
            "exportFormatVersion": 2,
            "containerVersion": {
                "containerId": "GTM-CLINIC",
                "tags": [tag("A", "gaawe")],
                "triggers": [],
            },
        },
    ],
    ids=["bare version", "list", "format 1.3", "plural names"],
)
def test_other_shapes_of_the_file_are_read_too(content: Any) -> None:
    found = container(content)
    assert found.container_id == "GTM-CLINIC"
    assert [each.scope for each in found.tags[0].triggers] == ["all-pages"]


def test_every_container_of_a_list_is_read() -> None:
    said = parsed([export([tag("A", "gaawe")]), export([tag("B", "gaawe")])])
    assert [each.tags[0].name for each in said.facts if isinstance(each, Container)] == ["A", "B"]


def test_the_clients_of_a_server_container_are_no_tags() -> None:
    found = container(
        export(
            [tag("GA4", "sgtmgaaw", fires="2147479574")],
            context="SERVER",
            client=[{"clientId": "1", "name": "GA4", "type": "gaaw_client"}],
        )
    )
    assert [(each.name, each.triggers[0].scope) for each in found.tags] == [("GA4", "server-event")]


def test_a_container_of_a_mobile_app_is_left_out_and_said_so() -> None:
    assert "mobile app" in the_skip(export([tag("A", "x")], context="ANDROID_SDK_5")).reason


def test_a_file_that_breaks_off_is_skipped_with_one_sentence() -> None:
    data = json.dumps(export([tag("A", "gaawe"), tag("B", "gaawe")]), indent=1).encode()
    for cut in range(90, len(data) - 1, 7):
        skip = the_skip(data[:cut])
        assert skip.reason == (
            "looks like a Tag Manager export that breaks off before its end: export it again"
        )
        assert 0 < skip.line <= data.count(b"\n", 0, cut) + 1


def test_a_file_that_is_not_json_names_the_trouble_and_the_line() -> None:
    data = json.dumps(export([tag("A", "gaawe")]), indent=1)
    data = data.replace('"type": "gaawe"', '"type" "x"')
    skip = the_skip(data.encode())
    assert skip.reason.endswith("is not valid JSON: a colon is missing")
    assert data.split("\n")[skip.line - 1].strip().startswith('"type" "x"')


@pytest.mark.parametrize("key", ["tag", "trigger", "notes"])
def test_deep_nesting_is_a_skip(key: str) -> None:
    data = json.dumps(export()).removesuffix("}}") + f', "{key}": ' + "[" * 20_000 + "]" * 20_000
    assert "nested too deeply" in the_skip(data.encode() + b"}}").reason


def test_text_after_the_export_is_said() -> None:
    said = parsed(json.dumps(export([tag("A", "gaawe")])).encode() + b"\n{}")
    assert len(said.facts) == 1
    assert [(each.reason, each.line) for each in said.skips] == [
        ("text follows the end of the Tag Manager export", 2)
    ]


def test_utf_16_and_broken_utf_8_do_not_stop_the_run() -> None:
    data = json.dumps(export([tag("A", "gaawe")])).encode()
    utf_16 = read_container(Source(PATH, data.decode().encode("utf-16")), WORDS)
    assert [each.reason for each in utf_16.skips] == [
        "a Tag Manager export in UTF-16: save it as UTF-8"
    ]
    assert container(data.replace(b'"A"', b'"\xe9\\ud800"')).tags[0].name == "\ufffd\ufffd"


def test_a_tag_says_whether_it_is_paused_asks_for_consent_and_is_scheduled() -> None:
    found = only_tag(
        export(
            [
                tag(
                    "A",
                    "gaawe",
                    paused=True,
                    scheduleEndMs="1577836800000",
                    consentSettings={
                        "consentStatus": "NEEDED",
                        "consentType": {
                            "type": "LIST",
                            "list": [{"type": "TEMPLATE", "value": "ad_storage"}],
                        },
                    },
                )
            ]
        )
    )
    assert found.paused
    assert found.consent == Consent("NEEDED", ("ad_storage",))
    assert [guard.text for guard in found.guards] == ["scheduled until 2020-01-01"]


def test_setup_and_cleanup_tags_run_along_with_the_tags_that_name_them() -> None:
    found = container(
        export(
            [
                tag("Base", "html", fires=""),
                tag("Lead", "html", setupTag=[{"tagName": "Base", "stopOnSetupFailure": True}]),
                tag("Sale", "html", teardownTag=[{"tagName": "Base"}, {"tagName": "Gone"}]),
            ]
        )
    )
    assert [each.along for each in found.tags] == [("Lead", "Sale"), (), ()]
    assert [(each.what, each.target) for each in found.diagnostics] == [("undefined tag", "Gone")]


def test_defects_are_told_and_never_hide_a_tag() -> None:
    content = export(
        [
            tag(
                "A",
                "gaawe",
                setting("eventName", "{{Missing}} {{Page URL}}"),
                fires="77",
                consentSettings={"consentStatus": "GRANTED"},
            ),
            tag("B", "cvt_2_9"),
        ],
        [
            {"name": "no id", "type": "CUSTOM_EVENT"},
            trigger("5", "FORM_SUBMIT"),
            trigger("6", "SHAKE"),
            trigger("7", "PAGEVIEW", condition("{{Page Path}}", "SOUNDS_LIKE", "x")),
        ],
    )
    assert diagnostics(content) == [
        ("undefined variable", "Missing"),
        ("undefined trigger", "77"),
        ("misspelt consent status", "GRANTED"),
        ("undefined template", "cvt_2_9"),
        ("missing id of a trigger", "no id"),
        ("missing name of a custom event", "no id"),
        ("misspelt type of trigger: FORM_SUBMISSION", "FORM_SUBMIT"),
        ("undefined type of trigger", "SHAKE"),
        ("undefined type of condition", "SOUNDS_LIKE"),
    ]
    assert len(container(content).tags) == 2


def test_an_undefined_variable_is_shown_where_it_is_written() -> None:
    data = json.dumps(export([tag("A", "gaawe", setting("eventName", "x{{ Größe & more }}"))]))
    data = data.replace("&", "\\u0026")
    (only,) = container(data.encode()).diagnostics
    assert only.place.region.column == data.index("{{ Gr") + 1
    assert only.target == "Größe & more"


def test_a_built_in_variable_that_is_switched_off_is_told_where_others_are_on() -> None:
    on = [{"type": "PAGE_URL", "name": "Page URL"}]
    tags = [tag("A", "gaawe", setting("eventName", "{{Page URL}}{{Click Text}}{{_event}}"))]
    assert diagnostics(export(tags)) == []
    assert diagnostics(export(tags, builtInVariable=on)) == [
        ("undefined: a built-in variable that is switched off", "Click Text")
    ]
