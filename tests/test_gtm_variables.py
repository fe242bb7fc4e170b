"""Variables: constants are folded, and everything else is a hole that knows where it comes from."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.model import Choice, Hole, Object, Origin, OriginKind, Text, Value, holes, shown
from tests.test_gtm import container, diagnostics, export, only_tag, setting, table, tag, variable


def value(text: str, *variables: dict[str, Any], **more: Any) -> Value:
    """What a tag's setting with this text comes to."""
    return only_tag(
        export([tag("A", "gaawe", setting("eventName", text))], [], list(variables), **more)
    ).parameters.get("eventName")


def origin(kind: str, *given: dict[str, Any]) -> str:
    found = value("{{V}}", variable("V", kind, *given))
    assert isinstance(found, Hole)
    assert found.text == "V"
    return str(found.origin)


def script(code: str, name: str = "V") -> dict[str, Any]:
    return variable(name, "jsm", setting("javascript", code))


def test_constants_are_folded_through_one_another() -> None:
    variables = [
        variable("Id", "c", setting("value", "{{Prefix}}-{{ Number }}")),
        variable("Prefix", "c", setting("value", "G")),
        variable("Number", "c", setting("value", "ABC123")),
    ]
    assert value("{{Id}}", *variables) == "G-ABC123"
    assert value("id={{Id}};", *variables) == "id=G-ABC123;"


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("v", {"name": "ecommerce.value"}, "data-layer key ecommerce.value"),
        ("v", {"name": "gtm.elementText"}, "page element element text"),
        ("k", {"name": "session"}, "cookie session"),
        ("u", {"component": "PATH"}, "page address path"),
        ("u", {"component": "QUERY", "queryKey": "email"}, "query parameter email"),
        ("f", {}, "referrer"),
        ("d", {"selectorType": "ID", "elementId": "visit-date"}, "page element #visit-date"),
        (
            "d",
            {"elementSelector": "input[name=dob]", "attributeName": "value"},
            "form field input[name=dob]",
        ),
        ("aev", {"varType": "TEXT"}, "page element element text"),
        ("aev", {"varType": "ELEMENT_URL"}, "page element element url"),
        ("j", {"name": "window.patient.id"}, "script variable patient.id"),
        ("j", {"name": "sessionStorage.person"}, "browser storage person"),
        ("j", {"name": "document.title"}, "page title"),
        ("ed", {"keyPath": "user_data.email"}, "event data user_data.email"),
        (
            "jsm",
            {"javascript": "function(){return document.querySelector('#mail').value}"},
            "form field #mail",
        ),
        (
            "jsm",
            {"javascript": "function(){ return localStorage.getItem('user'); }"},
            "browser storage user",
        ),
        (
            "jsm",
            {"javascript": "function(){return new URLSearchParams(location.search).get('dob')}"},
            "query parameter dob",
        ),
        (
            "jsm",
            {"javascript": "function(){/* document.cookie */ return Math.random()}"},
            "unknown V",
        ),
    ],
)
def test_a_variable_remembers_what_it_reads(
    kind: str, given: dict[str, str], expected: str
) -> None:
    assert origin(kind, *(setting(key, text) for key, text in given.items())) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Page URL", "page address url"),
        ("Click Text", "page element click text"),
        ("Form Id", "page element form id"),
        ("Referrer", "referrer"),
        ("Percent Visible", "page element element visibility ratio"),
    ],
)
def test_built_in_variables_are_known_by_name(name: str, expected: str) -> None:
    (found,) = holes(value("{{" + name + "}}"))
    assert str(found.origin) == expected


def test_a_built_in_variable_is_found_under_a_translated_name() -> None:
    (found,) = holes(
        value("{{Seiten-URL}}", builtInVariable=[{"type": "PAGE_URL", "name": "Seiten-URL"}])
    )
    assert found.origin == Origin(OriginKind.ADDRESS, "url")


def test_the_container_knows_its_own_id() -> None:
    assert value("{{Container ID}}") == "GTM-CLINIC"


def test_text_around_a_variable_stays() -> None:
    assert shown(value("/virtual{{Page Path}}?x")) == "/virtual${Page Path}?x"


def test_a_lookup_table_is_a_choice_of_its_cells() -> None:
    row = table("map", ("key", "value"), a="G-1", b="G-{{Two}}")
    two = variable("Two", "c", setting("value", "2"))
    unsure = variable(
        "Id",
        "smm",
        setting("input", "{{Page Hostname}}"),
        row,
        setting("setDefaultValue", "true"),
        setting("defaultValue", "G-0"),
    )
    sure = variable("Id", "smm", setting("input", "b"), row)
    assert value("{{Id}}", unsure, two) == Choice(("G-1", "G-2", "G-0"))
    assert value("id {{Id}}", unsure, two) == Choice(("id G-1", "id G-2", "id G-0"))
    assert value("{{Id}}", sure, two) == "G-2"


def test_formatting_may_put_another_variable_in() -> None:
    mail = variable(
        "Mail",
        "v",
        setting("name", "mail"),
        formatValue={"convertUndefinedToValue": setting("x", "{{Stored}}")},
    )
    stored = variable("Stored", "k", setting("name", "mail"))
    assert shown(value("{{Mail}}", mail, stored)) == "${Mail} or ${Stored}"
    low = variable(
        "Low", "c", setting("value", "ABC"), formatValue={"caseConversionType": "LOWERCASE"}
    )
    assert value("{{Low}}", low) == "abc"


def test_what_is_made_of_other_variables_says_so() -> None:
    mail = variable("Mail", "v", setting("name", "user.email"))
    (found,) = holes(
        value(
            "{{Mail sha256}}", mail, script("function(){ return hash({{Mail}}); }", "Mail sha256")
        )
    )
    assert found.origin == Origin(
        OriginKind.HASH, "Mail sha256", (Origin(OriginKind.DATA_LAYER, "user.email"),)
    )
    (found,) = holes(value("{{V}}", mail, script("function(){ return {{Mail}}.trim(); }")))
    assert found.origin == Origin(OriginKind.DATA_LAYER, "user.email")


def test_cycles_and_deep_chains_end_in_a_hole() -> None:
    ring = [
        variable(name, "c", setting("value", "{{" + after + "}}"))
        for name, after in (("A", "B"), ("B", "C"), ("C", "A"))
    ]
    assert value("{{A}}", *ring) == Hole("A", Origin(OriginKind.UNKNOWN, "A"))
    chain = [
        variable(str(number), "c", setting("value", f"{{{{{number + 1}}}}}"))
        for number in range(40)
    ]
    assert isinstance(value("{{0}}", *chain), Hole)


def test_variables_that_multiply_are_given_up_early() -> None:
    fan = [
        variable(str(number), "c", setting("value", f"{{{{{number + 1}}}}}{{{{Page URL}}}}" * 60))
        for number in range(11)
    ]
    last = variable("11", "c", setting("value", "x" * 999))
    assert isinstance(value("{{0}}", *fan, last), Hole)
    columns = ("parameter", "parameterValue")
    grown = [
        variable(
            str(number),
            "gtes",
            table(
                "eventSettingsTable",
                columns,
                **{f"a{row}": f"{{{{{number + 1}}}}}" for row in range(9)},
            ),
        )
        for number in range(11)
    ]
    assert len(repr(value("{{0}}", *grown, last))) < 10_000_000


def test_an_undefined_variable_is_a_hole_with_its_name() -> None:
    assert value("{{Gone}}") == Hole("Gone", Origin(OriginKind.UNKNOWN, "Gone"))


def test_tables_of_two_columns_become_objects() -> None:
    only = only_tag(
        export(
            [
                tag(
                    "A",
                    "gaawe",
                    table("eventSettingsTable", ("parameter", "parameterValue"), plan="x"),
                    table("userProperties", ("name", "value"), role="patient"),
                    table("customParams", ("key", "value"), id="1"),
                    setting("sendEcommerceData", "false", "BOOLEAN"),
                    {"type": "LIST", "key": "ids", "list": [{"type": "TEMPLATE", "value": "a"}]},
                )
            ]
        )
    )
    assert only.parameters == Object(
        (
            ("eventSettingsTable", Object((("plan", "x"),))),
            ("userProperties", Object((("role", "patient"),))),
            ("customParams", Object((("id", "1"),))),
            ("sendEcommerceData", False),
            ("ids", ("a",)),
        )
    )


def test_settings_written_by_hand_are_read_as_they_are() -> None:
    only = only_tag(
        export(
            [
                {
                    "name": "A",
                    "type": "gaawe",
                    "parameter": {
                        "measurementId": "{{Id}}",
                        "eventParameters": [{"name": "plan", "value": 3}],
                    },
                }
            ],
            variables=[variable("Id", "CONSTANT", {"key": "value", "value": "G-ABC"})],
        )
    )
    assert only.tag_id is None
    assert only.parameters == Object(
        (("measurementId", "G-ABC"), ("eventParameters", Object((("plan", "3"),))))
    )


def test_an_event_gets_its_id_from_the_tag_that_it_points_at() -> None:
    event = tag("Event", "gaawe", setting("measurementId", "Config", "TAG_REFERENCE"))
    content = export(
        [event, tag("Config", "googtag", setting("tagId", "{{Id}}"))],
        variables=[variable("Id", "c", setting("value", "G-ABC"))],
    )
    assert only_tag(content).parameters.get("measurementId") == "G-ABC"
    fragment = export([event])
    assert only_tag(fragment).parameters.get("measurementId") == Hole(
        "Config", Origin(OriginKind.UNKNOWN, "Config")
    )
    assert diagnostics(fragment) == [("undefined tag", "Config")]


def test_settings_variables_are_put_among_the_tags_own_settings() -> None:
    shared = variable(
        "Settings",
        "gas",
        setting("trackingId", "UA-1-1"),
        table("fieldsToSet", ("fieldName", "value"), anonymizeIp="true", page="/a"),
    )
    only = only_tag(
        export(
            [
                tag(
                    "A",
                    "ua",
                    setting("gaSettings", "{{Settings}}"),
                    setting("trackType", "TRACK_EVENT"),
                    table("fieldsToSet", ("fieldName", "value"), page="/b"),
                )
            ],
            variables=[shared],
        )
    )
    assert only.parameters == Object(
        (
            ("trackingId", "UA-1-1"),
            ("fieldsToSet", Object((("anonymizeIp", "true"), ("page", "/b")))),
            ("trackType", "TRACK_EVENT"),
        )
    )


def test_user_provided_data_names_its_fields() -> None:
    mail = variable("Mail", "v", setting("name", "email"))
    manual = variable("Person", "awec", setting("mode", "MANUAL"), setting("email", "{{Mail}}"))
    assert value("{{Person}}", manual, mail) == Object(
        (("mode", "MANUAL"), ("email", Hole("Mail", Origin(OriginKind.DATA_LAYER, "email"))))
    )
    automatic = value(
        "{{Person}}",
        variable(
            "Person",
            "awec",
            setting("mode", "AUTO"),
            setting("autoPhoneEnabled", "false", "BOOLEAN"),
        ),
    )
    assert [str(each.origin) for each in holes(automatic)] == [
        "form field email found on the page",
        "form field address found on the page",
    ]


def test_texts_with_choices_inside_are_joined_to_whole_texts() -> None:
    flag = variable(
        "Flag",
        "remm",
        setting("input", "{{Page Path}}"),
        table("map", ("key", "value"), a="x", b="{{Page Path}}"),
    )
    assert value("a-{{Flag}}", flag) == Choice(
        ("a-x", Text(("a-", Hole("Page Path", Origin(OriginKind.ADDRESS, "path")))))
    )


def test_a_container_without_variables_is_no_trouble() -> None:
    assert container(export([tag("A", "gaawe")])).diagnostics == ()
