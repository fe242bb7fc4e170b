"""The other shapes of a container: YAML, the API's answers, zones, server containers, wrong files."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import yaml

from analyzer.gtm import looks_like_container, read_container
from analyzer.model import ALWAYS, Atom, Container, Hole, Moment, Object, Parsed, Source, Vocabulary
from tests.test_gtm import condition, export, setting, table, tag, trigger, variable

WORDS = Vocabulary(names=frozenset({"fbq", "gtag"}), words=(b"fbq", b"gtag", b"https:"))
ROW = ("parameter", "parameterValue")


def read(data: bytes, path: str = "gtm/export.json") -> Parsed:
    assert looks_like_container(data)
    return read_container(Source(path, data), WORDS)


def container(content: Any) -> Container:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    said = read(data)
    assert said.skips == ()
    (only,) = said.facts
    assert isinstance(only, Container)
    return only


# ---------------------------------------------------------------- YAML


def test_a_converter_s_yaml_says_the_same_at_its_own_lines() -> None:
    content = export(
        [tag("Pixel", "html", setting("html", "<script>\nfbq('init', '1')\n</script>\n"))]
    )
    as_json = container(content)
    data = yaml.safe_dump(content, sort_keys=False).encode()
    as_yaml = container(data)
    assert as_yaml.container_id == as_json.container_id == "GTM-CLINIC"
    assert [each.name for each in as_yaml.tags] == ["Pixel"]
    assert as_yaml.tags[0].triggers == as_json.tags[0].triggers
    lines = data.decode().split("\n")
    assert lines[as_yaml.tags[0].place.line - 1].strip() == "type: html"
    (call,) = as_yaml.tags[0].facts
    assert "fbq(" in lines[call.place.line - 1]


def test_a_block_of_yaml_leads_back_to_its_line_and_column() -> None:
    data = b"""# converted
exportFormatVersion: 2
containerVersion:
  container: {publicId: GTM-CLINIC, usageContext: [WEB]}
  tag:
    - name: Pixel
      type: html
      parameter:
        - {type: TEMPLATE, key: supportDocumentWrite, value: false}
        - type: TEMPLATE
          key: html
          value: |
            <script>
              fbq('track', 'Lead');
            </script>
      firingTriggerId: ["2147479553"]
"""
    (only,) = container(data).tags
    (call,) = only.facts
    assert (call.place.line, call.place.region.column) == (14, 15)
    assert only.parameters.get("supportDocumentWrite") == "false"


@pytest.mark.parametrize(
    "other",
    [
        b"# How to\n\ncontainerVersion: is a key\nand more\n",
        b"title: Notes\ncontainerVersion: 3\n",
        b"apiVersion: v1\nkind: Pod\nspec: {containerVersion: 2}\n",
    ],
)
def test_other_yaml_is_no_container(other: bytes) -> None:
    assert not looks_like_container(other)


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (b"exportFormatVersion: 2\ncontainerVersion:\n  tag: [\n", 4),
        (b"exportFormatVersion: 2\ncontainerVersion: {tag: &a [*a]}\n", 1),
    ],
)
def test_yaml_that_cannot_be_read_is_a_skip(wrong: bytes, line: int) -> None:
    (skip,) = read(wrong).skips
    assert skip.reason.startswith("looks like a Tag Manager export")
    assert skip.line == line


# ---------------------------------------------------------------- the API


def answer(name: str, record_id: str, **more: Any) -> dict[str, Any]:
    return {
        "path": "accounts/1/containers/2/workspaces/3/x/4",
        "accountId": "1",
        "containerId": "2",
        record_id: "4",
        "name": name,
        **more,
    }


def test_a_list_of_tags_as_the_api_answers_it() -> None:
    found = container(
        {"tag": [answer("GA4", "tagId", type="gaawe", firingTriggerId=["2147479553", "9"])]}
    )
    (only,) = found.tags
    assert (only.name, only.type, only.tag_id) == ("GA4", "gaawe", "4")
    assert [each.scope for each in only.triggers] == ["all-pages", "unresolved"]


@pytest.mark.parametrize("shape", [lambda one: one, lambda one: [one]], ids=["alone", "in a list"])
def test_a_single_record_of_the_api(shape: Any) -> None:
    one = answer("Chat", "tagId", type="html", firingTriggerId=["2147479553"])
    assert [each.name for each in container(shape(one)).tags] == ["Chat"]


def test_records_of_different_kinds_in_one_list_belong_together() -> None:
    found = container(
        [
            answer("Chat", "tagId", type="html", firingTriggerId=["4"]),
            answer(
                "Portal",
                "triggerId",
                type="pageview",
                filter=[
                    {
                        "type": "startsWith",
                        "parameter": [
                            {"type": "template", "key": "arg0", "value": "{{Page Path}}"},
                            {"type": "template", "key": "arg1", "value": "/portal"},
                        ],
                    }
                ],
            ),
        ]
    )
    assert found.tags[0].triggers[0].page == Atom("path", "", "starts-with", "/portal")


def test_containers_are_found_inside_other_lists_and_objects() -> None:
    one, other = export([tag("A", "gaawe")]), export([tag("B", "gaawe")])
    other["containerVersion"]["container"]["publicId"] = "GTM-OTHER"
    said = read(json.dumps({"containers": [one, {"live": other["containerVersion"]}]}).encode())
    assert [each.container_id for each in said.facts if isinstance(each, Container)] == [
        "GTM-CLINIC",
        "GTM-OTHER",
    ]


def test_one_tag_without_a_list_around_it_is_a_list_of_one() -> None:
    content = export()
    content["containerVersion"]["tag"] = tag("Alone", "gaawe")
    assert [each.name for each in container(content).tags] == ["Alone"]


def test_rules_and_macros_of_the_first_api() -> None:
    found = container(
        {
            "containerVersionId": "3",
            "container": {"publicId": "GTM-OLD1", "usageContext": ["web"]},
            "tag": [
                {
                    "tagId": "1",
                    "name": "Old",
                    "type": "ua",
                    "parameter": [{"type": "template", "key": "trackingId", "value": "{{id}}"}],
                    "firingRuleId": ["7"],
                }
            ],
            "rule": [
                {
                    "ruleId": "7",
                    "name": "Portal",
                    "condition": [
                        condition("{{event}}", "equals", "gtm.js"),
                        condition("{{url path}}", "contains", "/portal"),
                    ],
                }
            ],
            "macro": [
                {
                    "macroId": "1",
                    "name": "id",
                    "type": "c",
                    "parameter": [setting("value", "UA-1-2")],
                },
                {"macroId": "2", "name": "event", "type": "e"},
                {
                    "macroId": "3",
                    "name": "url path",
                    "type": "u",
                    "parameter": [setting("component", "PATH")],
                },
            ],
        }
    )
    (only,) = found.tags
    assert only.parameters.get("trackingId") == "UA-1-2"
    assert only.triggers[0].page == Atom("path", "", "contains", "/portal")


# ---------------------------------------------------------------- zones and settings


def test_a_zone_is_a_tag_that_loads_containers_where_its_boundary_holds() -> None:
    zone = {
        "zoneId": "5",
        "name": "Agency",
        "childContainer": [{"publicId": "GTM-INNER1", "nickname": "a"}, {"publicId": "GTM-INNER2"}],
        "boundary": {"condition": [condition("{{Page Path}}", "STARTS_WITH", "/blog")]},
        "typeRestriction": {"enable": True, "whitelistedTypeId": ["google", "html"]},
    }
    found = container(export([tag("A", "gaawe")], zone=[zone]))
    (known,) = found.zones
    assert known.containers == ("GTM-INNER1", "GTM-INNER2")
    assert known.types == ("google", "html")
    assert known.said == "page view where Page Path starts with '/blog'"
    own = found.tags[-1]
    assert (own.name, own.type, own.tag_id) == ("Agency", "zone", "5")
    assert own.triggers[0].page == Atom("path", "", "starts-with", "/blog")
    assert own.triggers[0].scope == "path-condition"
    assert len(own.facts) == 2


def test_a_zone_without_a_boundary_holds_everywhere_or_when_its_trigger_fires() -> None:
    child = [{"publicId": "GTM-INNER1"}]
    anywhere = {"zoneId": "5", "name": "Agency", "childContainer": child}
    asked = {**anywhere, "boundary": {"customEvaluationTriggerId": ["3"]}}
    event = trigger(
        "3", "CUSTOM_EVENT", customEventFilter=[condition("{{_event}}", "EQUALS", "go")]
    )
    first = container(export([], [event], zone=[anywhere])).tags[0].triggers[0]
    second = container(export([], [event], zone=[asked])).tags[0].triggers[0]
    assert (first.page, first.moment) == (ALWAYS, Moment.LOAD)
    assert second.event == "go"


def test_settings_of_google_tags_are_told_as_tags() -> None:
    config = {"gtagConfigId": "2", "type": "googtag", "parameter": [setting("tagId", "G-ABC123")]}
    (only,) = container(export([], gtagConfig=[config], name="x", tag=[])).tags
    assert (only.type, only.parameters.get("tagId")) == ("googtag", "G-ABC123")
    assert only.triggers[0].scope == "all-pages"


# ---------------------------------------------------------------- server containers


def test_clients_transformations_and_addresses_of_a_server_container_are_kept() -> None:
    transformation = {
        "transformationId": "7",
        "name": "No e-mail",
        "type": "tf_exclude_params",
        "parameter": [
            {
                "type": "LIST",
                "key": "excludedParamsTable",
                "list": [{"type": "MAP", "map": [setting("excludedParams", "user_data.email")]}],
            },
            {
                "type": "LIST",
                "key": "affectedTags",
                "list": [{"type": "TAG_REFERENCE", "value": "Meta"}],
            },
            setting("allTagsExcept", "true", "BOOLEAN"),
        ],
    }
    client = {
        "clientId": "1",
        "name": "GA4",
        "type": "gaaw_client",
        "parameter": [setting("cookieName", "FPID")],
    }
    content = export([tag("Meta", "cvt_5TP8W")], context="SERVER", client=[client])
    content["containerVersion"]["transformation"] = [transformation]
    content["containerVersion"]["container"]["taggingServerUrls"] = ["https://data.clinic.example"]
    found = container(content)
    (one,) = found.clients
    assert (one.name, one.type) == ("GA4", "gaaw_client")
    assert one.parameters.get("cookieName") == "FPID"
    (change,) = found.transformations
    assert (change.names, change.tags, change.except_for) == (("user_data.email",), ("Meta",), True)
    assert found.tagging_urls == ("https://data.clinic.example",)


# ---------------------------------------------------------------- what events inherit

CONFIG = tag(
    "Base",
    "googtag",
    setting("tagId", "G-ABC123"),
    table(
        "configSettingsTable",
        ROW,
        server_container_url="https://data.clinic.example",
        user_id="{{id}}",
    ),
    table("eventSettingsTable", ROW, clinic="north", ward="a"),
)
OLD_CONFIG = tag(
    "Base",
    "gaawc",
    setting("measurementId", "G-ABC123"),
    table("userProperties", ("name", "value"), member="{{id}}"),
    setting("serverContainerUrl", "https://data.clinic.example"),
)
ID = variable("id", "v", setting("name", "patient.id"))


@pytest.mark.parametrize(
    "given",
    [
        setting("measurementIdOverride", "G-ABC123"),
        setting("measurementId", "Base", "TAG_REFERENCE"),
    ],
    ids=["by its destination", "by its name"],
)
def test_an_event_carries_what_its_google_tag_sets_up(given: dict[str, Any]) -> None:
    event = tag(
        "Booked",
        "gaawe",
        given,
        setting("eventName", "booked"),
        table("eventSettingsTable", ROW, ward="b"),
    )
    found = container(export([CONFIG, event], variables=[ID])).tags[1].parameters
    fields = found.get("eventSettingsTable")
    assert isinstance(fields, Object)
    assert fields.get("clinic") == "north"
    assert fields.get("ward") == "b"
    user = fields.get("user_id")
    assert isinstance(user, Hole)
    assert user.origin.name == "patient.id"
    assert found.get("serverContainerUrl") == "https://data.clinic.example"


def test_an_event_carries_the_user_properties_of_an_old_configuration() -> None:
    event = tag("Booked", "gaawe", setting("measurementId", "Base", "TAG_REFERENCE"))
    found = container(export([OLD_CONFIG, event], variables=[ID])).tags[1].parameters
    person = found.get("userProperties")
    assert isinstance(person, Object)
    assert [key for key, _ in person.items] == ["member"]


@pytest.mark.parametrize(
    "config",
    [{**CONFIG, "paused": True}, tag("Base", "googtag", setting("tagId", "G-OTHER1"))],
    ids=["paused", "of another destination"],
)
def test_an_event_carries_nothing_of_other_tags(config: dict[str, Any]) -> None:
    event = tag("Booked", "gaawe", setting("measurementIdOverride", "G-ABC123"))
    found = container(export([config, event], variables=[ID])).tags[1].parameters
    assert found.get("eventSettingsTable") is None
    assert found.get("serverContainerUrl") is None


# ---------------------------------------------------------------- wrong files


def test_an_export_in_utf_16_is_said_to_be_one() -> None:
    data = json.dumps(export([tag("A", "gaawe")])).encode("utf-16")
    assert [each.reason for each in read(data).skips] == [
        "a Tag Manager export in UTF-16: save it as UTF-8"
    ]


RICH = export(
    [
        CONFIG,
        tag("Booked", "gaawe", setting("measurementId", "Base", "TAG_REFERENCE"), fires="1 2"),
        tag("Pixel", "html", setting("html", "<script>fbq('init', {{id}})</script>")),
    ],
    [
        trigger("1", "CUSTOM_EVENT", customEventFilter=[condition("{{_event}}", "EQUALS", "x")]),
        trigger("2", "CLICK", condition("{{Click URL}}", "MATCH_REGEX", "tel:", "ignore_case")),
    ],
    [ID],
    zone=[{"zoneId": "1", "name": "Z", "childContainer": [{"publicId": "GTM-I"}], "boundary": {}}],
    client=[{"clientId": "1", "name": "C", "type": "gaaw_client", "parameter": []}],
    transformation=[{"name": "T", "type": "tf_allow_params", "parameter": []}],
)
ODD: list[Any] = [None, 5, "text", [], {"value": {}}, [None]]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, dict | list):
            found += places(inner, (*path, key))
        else:
            found.append((*path, key))
    return found


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_no_wrong_value_anywhere_stops_the_reader(odd: Any) -> None:
    for path in places(RICH):
        content = copy.deepcopy(RICH)
        inner: Any = content
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = odd
        data = json.dumps(content).encode()
        if looks_like_container(data):
            read(data)
