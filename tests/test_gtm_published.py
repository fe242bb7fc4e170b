"""Published containers: recognised in a script, decoded without running it, told like an export."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analyzer.gtm import looks_like_container, read_container
from analyzer.model import (
    NEVER,
    Atom,
    Call,
    Container,
    Hole,
    Moment,
    Object,
    OriginKind,
    Parsed,
    Pixel,
    Push,
    ScriptLoad,
    Source,
    Tag,
    Text,
    Trigger,
    Vocabulary,
)

PATH = "js/gtm.js"
WORDS = Vocabulary(names=frozenset({"fbq", "gtag"}), words=(b"fbq", b"gtag", b"https:"))
HEAD = "\n// Copyright 2012 Google Inc. All rights reserved.\n\n(function(){\n\nvar data = "
EVENT = {"function": "__e"}
PATH_OF_PAGE = {"function": "__u", "vtp_component": "PATH"}
ON_PAGE_VIEW = {"function": "_eq", "arg0": ["macro", 0], "arg1": "gtm.js"}


def published(
    tags: list[Any],
    rules: list[Any] | None = None,
    predicates: list[Any] | None = None,
    macros: list[Any] | None = None,
    tail: str = 'var x={ctid:"GTM-CLINIC",canonicalContainerId:"1"};',
    **more: Any,
) -> bytes:
    every = [[["if", 0], ["add", *range(len(tags))]]]
    data = {
        "resource": {
            "version": "7",
            "macros": [EVENT, *(macros or [])],
            "tags": tags,
            "predicates": [ON_PAGE_VIEW, *(predicates or [])],
            "rules": every if rules is None else rules,
        },
        "runtime": [],
        **more,
    }
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003C")
    return f"{HEAD}{text};\n{tail}\n}})();\n".encode()


def tag(function: str, tag_id: int, **given: Any) -> dict[str, Any]:
    own = ("consent", "setup_tags", "teardown_tags", "once_per_load", "instance_name")
    return {
        "function": f"__{function}",
        "metadata": ["map"],
        **{key if key in own else f"vtp_{key}": value for key, value in given.items()},
        "tag_id": tag_id,
    }


def predicate(test: str, macro: int, value: str, **more: Any) -> dict[str, Any]:
    return {"function": f"_{test}", "arg0": ["macro", macro], "arg1": value, **more}


def parsed(data: bytes) -> Parsed:
    assert looks_like_container(data)
    return read_container(Source(PATH, data), WORDS)


def container(data: bytes) -> Container:
    said = parsed(data)
    assert said.skips == ()
    (only,) = said.facts
    assert isinstance(only, Container)
    return only


def only_tag(data: bytes) -> Tag:
    (only,) = container(data).tags
    return only


def only_trigger(data: bytes) -> Trigger:
    (only,) = only_tag(data).triggers
    return only


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "var data = ",
        "/* saved from a mirror */\n// Copyright\n'use strict';(function () {\n    var data = ",
        "\ufeff!function(){const data=",
        "(function(w,g){w[g]=w[g]||{};w[g].e=function(s){return eval(s);};})"
        "(window,'google_tag_manager');(function(){\n\nvar data = ",
    ],
)
def test_a_script_that_begins_with_a_container_is_one(head: str) -> None:
    data = published([tag("googtag", 1, tagId="G-ABC123")])
    assert container(data.replace(HEAD.encode(), head.encode())).container_id == "GTM-CLINIC"


@pytest.mark.parametrize(
    "other",
    [
        b"var data = {resources: {tags: []}};",
        b'const test = \'var data = {"resource": {"macros": []}}\';',
        b"// about gtm.js\nfunction load() { return 1 }\nvar data = {'resource': {}};",
        b"",
    ],
)
def test_a_script_that_only_speaks_of_one_is_none(other: bytes) -> None:
    assert not looks_like_container(other)


def test_a_tag_points_at_its_line_and_column_in_the_minified_file() -> None:
    data = published(
        [tag("gaawe", 12, eventName="generate_lead", measurementIdOverride="G-ABC123")]
    )
    found = container(data)
    (only,) = found.tags
    assert found.form == "published file"
    assert only.name == "Google Analytics 4 event 'generate_lead', tag 12"
    assert (only.tag_id, only.type) == ("12", "gaawe")
    line = data.decode().split("\n")[only.place.line - 1]
    assert line[only.place.region.column - 1 :].startswith('"function":"__gaawe"')
    assert only.parameters.get("measurementIdOverride") == "G-ABC123"


def test_a_preview_keeps_the_names_that_people_gave() -> None:
    data = published([tag("html", 3, html="<p>", instance_name="Chat of the clinic")])
    assert only_tag(data).name == "Chat of the clinic"


@pytest.mark.parametrize(
    ("tail", "more", "name"),
    [
        ("var a={ctid:'GTM-ABCD123'}", {}, "GTM-ABCD123"),
        ("b('GTM-ABCD123');c('GTM-ABCD123')", {}, "GTM-ABCD123"),
        ("", {"blob": {"5": "GTM-ABCD123"}}, "GTM-ABCD123"),
        ("", {}, ""),
    ],
)
def test_the_file_says_its_own_id_in_several_ways(
    tail: str, more: dict[str, Any], name: str
) -> None:
    data = published([tag("html", 1, html="<p>")], tail=tail, **more)
    assert container(data).container_id == name


def test_predicates_become_conditions_that_read_as_sentences() -> None:
    data = published(
        [tag("googtag", 1, tagId="G-ABC123")],
        rules=[[["if", 0, 1], ["unless", 2], ["add", 0]]],
        predicates=[predicate("sw", 1, "/portal"), predicate("re", 1, "^/help", ignore_case=True)],
        macros=[PATH_OF_PAGE],
    )
    trigger = only_trigger(data)
    assert trigger.said == (
        "page view where Page Path starts with '/portal' and Page Path does not match '^/help'"
    )
    assert str(trigger.page) == (
        "path starts with '/portal' and not (path matches anycase '^/help')"
    )
    assert (trigger.scope, trigger.moment) == ("path-condition", Moment.LOAD)


def test_a_listener_gives_the_trigger_its_number_and_the_pages_it_listens_on() -> None:
    data = published(
        [
            tag("img", 1, url="https://pixel.example/call"),
            tag("lcl", 9, uniqueTriggerId="77_42"),
        ],
        rules=[[["if", 1, 2, 3], ["add", 0]], [["if", 0, 4], ["add", 1]]],
        predicates=[
            predicate("eq", 0, "gtm.linkClick"),
            predicate("re", 1, "(^$|((^|,)77_42($|,)))"),
            predicate("sw", 2, "tel:"),
            predicate("cn", 3, "/doctors"),
        ],
        macros=[
            {"function": "__v", "vtp_name": "gtm.triggers"},
            {"function": "__v", "vtp_name": "gtm.elementUrl"},
            PATH_OF_PAGE,
        ],
    )
    trigger = only_trigger(data)
    assert trigger.name == "trigger 42"
    assert trigger.said == (
        "link click where Element URL starts with 'tel:' and Page Path contains '/doctors'"
    )
    assert trigger.moment is Moment.INTERACTION


def test_a_listener_that_is_on_in_two_ways_makes_two_triggers() -> None:
    data = published(
        [tag("img", 1, url="https://pixel.example/"), tag("cl", 9, uniqueTriggerId="77_5")],
        rules=[
            [["if", 1, 2], ["add", 0]],
            [["if", 0, 3], ["add", 1]],
            [["if", 0, 4], ["add", 1]],
        ],
        predicates=[
            predicate("eq", 0, "gtm.click"),
            predicate("re", 1, "(^$|((^|,)77_5($|,)))"),
            predicate("eq", 2, "/a"),
            predicate("eq", 2, "/b"),
        ],
        macros=[{"function": "__v", "vtp_name": "gtm.triggers"}, PATH_OF_PAGE],
    )
    assert [each.page for each in only_tag(data).triggers] == [
        Atom("path", "", "equals", "/a"),
        Atom("path", "", "equals", "/b"),
    ]


def test_custom_events_are_heard_by_name_by_pattern_and_all_of_them() -> None:
    data = published(
        [tag("html", 1, html="<p>"), tag("html", 2, html="<p>"), tag("html", 3, html="<p>")],
        rules=[
            [["if", 1], ["add", 0]],
            [["if", 2], ["add", 1]],
            [["if", 3], ["add", 2]],
        ],
        predicates=[
            predicate("eq", 0, "booked"),
            predicate("re", 0, "^book"),
            predicate("eq", 1, "/thanks"),
        ],
        macros=[PATH_OF_PAGE],
    )
    found = [each.triggers[0] for each in container(data).tags]
    assert [each.event for each in found] == ["booked", "/^book/", ""]
    assert found[0].said == "custom event booked"
    assert found[2].page == Atom("path", "", "equals", "/thanks")


def test_a_rule_blocks_on_the_same_event_only() -> None:
    def page(blocking: dict[str, Any]) -> object:
        return only_trigger(
            published(
                [tag("html", 1, html="<p>")],
                rules=[[["if", 0], ["add", 0]], [["if", 1], ["block", 0]]],
                predicates=[blocking],
            )
        ).page

    assert page(predicate("re", 0, ".*")) == NEVER
    assert page(predicate("eq", 0, "gtm.js")) == NEVER
    assert str(page(predicate("eq", 0, "gtm.click"))) == "always"


def test_paused_consent_and_sequence_survive_publishing() -> None:
    tags = container(
        published(
            [
                {"function": "__paused", "vtp_originalTagType": "html", "tag_id": 1},
                tag("html", 2, html="<p>", consent=["list", "ad_storage", "ad_user_data"]),
                tag("html", 3, html="<p>", consent=["list"]),
                tag("html", 4, html="<p>", setup_tags=["list", ["tag", 1, 0]]),
            ],
            rules=[[["if", 0], ["add", 0, 2, 3]]],
        )
    ).tags
    assert [(each.name, each.paused) for each in tags[:2]] == [
        ("Custom HTML, tag 1", True),
        ("Custom HTML, tag 2", False),
    ]
    assert [each.consent.status for each in tags] == ["NOT_SET", "NEEDED", "NOT_NEEDED", "NOT_SET"]
    assert tags[1].consent.types == ("ad_storage", "ad_user_data")
    assert tags[1].along == ("Custom HTML, tag 4",)


def test_a_trigger_group_waits_for_its_children() -> None:
    data = published(
        [
            tag("html", 1, html="<p>"),
            tag("tg", 8, triggerIds=["list", "77_6_2", "77_6_3"], uniqueTriggerId="77_6"),
            tag("tg", 9, isListeningTag=True, firingId="77_6_2"),
            tag("tg", 10, isListeningTag=True, firingId="77_6_3"),
        ],
        rules=[
            [["if", 1, 2], ["add", 0]],
            [["if", 0], ["add", 1]],
            [["if", 0, 3], ["add", 2]],
            [["if", 4], ["add", 3]],
        ],
        predicates=[
            predicate("eq", 0, "gtm.triggerGroup"),
            predicate("re", 1, "(^$|((^|,)77_6($|,)))"),
            predicate("cn", 2, "checkout"),
            predicate("eq", 0, "coupon"),
        ],
        macros=[{"function": "__v", "vtp_name": "gtm.triggers"}, PATH_OF_PAGE],
    )
    trigger = only_trigger(data)
    assert trigger.said == (
        "after all of: page view where Page Path contains 'checkout'; custom event coupon"
    )
    assert trigger.page == Atom("path", "", "contains", "checkout")
    assert (trigger.moment, trigger.event) == (Moment.EVENT, "coupon")


def test_custom_html_is_read_with_its_variables_as_holes_at_their_own_places() -> None:
    html = [
        "template",
        '<script type="text/gtmscript">fbq("init","1199436734101779",{em:',
        ["escape", ["macro", 1], 8, 16],
        '});dataLayer.push({event:"sent"});</script><img src="https://pixel.example/p?m=',
        ["escape", ["macro", 1], 12],
        '">',
    ]
    data = published(
        [tag("html", 1, html=html)],
        macros=[{"function": "__v", "vtp_name": "patient.email", "vtp_dataLayerVersion": 2}],
    )
    call, push, pixel = only_tag(data).facts
    assert isinstance(call, Call)
    assert isinstance(call.args[2], Object)
    email = call.args[2].get("em")
    assert isinstance(email, Hole)
    assert (email.origin.kind, email.origin.name) == (OriginKind.DATA_LAYER, "patient.email")
    assert isinstance(push, Push)
    assert isinstance(pixel, Pixel)
    assert isinstance(pixel.url, Text)
    text = data.decode().split("\n")[call.place.line - 1]
    assert text[call.place.region.column - 1 :].startswith('fbq(\\"init\\"')


def test_the_text_that_only_javascript_can_write_is_read() -> None:
    text = (
        "var data = {resource: {version: '1', macros: [{function: '__e'},"
        " {function: '__jsm', vtp_javascript: ['template', '(function(){return/\\\\.pdf$/.test(\\'x\\')"
        '?document.title:""})();\']}],'
        " tags: [{function: '__html', vtp_html: '\\x3cscript\\x3efbq(\\'track\\', {{t}})\\x3c/script\\x3e',"
        " vtp_name: ['macro', 1], tag_id: 1},],"
        " predicates: [{function: '_eq', arg0: ['macro', 0], arg1: 'gtm.js'}],"
        " rules: [[['if', 0], ['add', 0]]]}, runtime: []};"
    )
    found = only_tag(text.encode())
    (call,) = found.facts
    assert isinstance(call, Call)
    assert (call.callee, call.args[0]) == ("fbq", "track")
    name = found.parameters.get("name")
    assert isinstance(name, Hole)
    assert name.origin.kind is OriginKind.TITLE


def test_variables_keep_their_formats_defaults_and_tables() -> None:
    lookup = {
        "function": "__smm",
        "vtp_input": ["macro", 1],
        "vtp_map": ["list", ["map", "key", "clinic.example", "value", "G-LIVE1"]],
        "vtp_setDefaultValue": True,
        "vtp_defaultValue": "G-TEST1",
    }
    data = published(
        [tag("googtag", 1, tagId=["macro", 2]), tag("img", 2, url=["macro", 3])],
        macros=[
            {"function": "__c", "vtp_value": "clinic.example"},
            lookup,
            {"function": "__c", "vtp_value": "HTTPS://A.EXAMPLE", "convert_case_to": 1},
        ],
    )
    first, second = container(data).tags
    assert first.parameters.get("tagId") == "G-LIVE1"
    assert [getattr(each, "url", None) for each in second.facts] == ["https://a.example"]


def test_a_key_that_is_put_together_from_constants_is_known() -> None:
    data = published(
        [tag("googtag", 1, tagId="G-ABC123", userId=["macro", 2], ward=["macro", 3])],
        macros=[
            {"function": "__c", "vtp_value": "patient."},
            {"function": "__v", "vtp_name": ["template", ["macro", 1], "id"]},
            {"function": "__k", "vtp_name": ["macro", 2]},
        ],
    )
    user, ward = (only_tag(data).parameters.get(key) for key in ("userId", "ward"))
    assert isinstance(user, Hole)
    assert (user.text, user.origin.name) == ("data-layer key patient.id", "patient.id")
    assert isinstance(ward, Hole)
    assert ward.text == "cookie …"


def test_a_custom_template_says_its_hosts_by_permission_and_by_compiled_code() -> None:
    data = published(
        [tag("cvt_77_41", 5, pixelId="1", standardEventName="Lead")],
        permissions={"__cvt_77_41": {"inject_script": {"urls": ["https://cdn.acme.example/a.js"]}}},
        runtime=[
            [50, "__cvt_77_41", [46, "a"], ["b", "https://cdn.acme.example/a.js"]],
            [50, "__cvt_77_41", [46, "a"], ["c", "https://px.acme.example/p?x="]],
            [50, "__e", [46, "a"], ["c", "https://unrelated.example/"]],
        ],
    )
    found = only_tag(data)
    assert found.name == "Custom template 77_41 'Lead', tag 5"
    assert [(type(each), getattr(each, "url", "")) for each in found.facts] == [
        (ScriptLoad, "https://cdn.acme.example/a.js"),
        (Pixel, "https://px.acme.example/p?x="),
    ]
    assert [each.name for each in container(data).templates[0].permissions] == ["inject_script"]


def test_a_zone_loads_the_containers_inside_it() -> None:
    zone = tag(
        "zone",
        4,
        childContainers=["list", ["map", "publicId", "GTM-INNER1", "nickname", "agency"]],
        boundaries=["list", ["zb", "_re", ["macro", 0], "x", False]],
        enableTypeRestrictions=True,
        whitelistedTypes=["list", ["map", "typeId", "html"]],
    )
    found = container(published([zone]))
    (only,) = found.tags
    assert [getattr(each, "url", "") for each in only.facts] == [
        "https://www.googletagmanager.com/gtm.js?id=GTM-INNER1"
    ]
    assert [each.text for each in only.guards] == ["the boundary of Zone, tag 4 holds"]
    (known,) = found.zones
    assert (known.containers, known.types) == (("GTM-INNER1",), ("html",))


def test_a_destination_tells_its_automatic_features_as_tags() -> None:
    data = published(
        [
            tag(
                "ogt_1p_data_v2",
                4,
                isEnabled=True,
                isAutoEnabled=True,
                autoEmailEnabled=True,
                autoPhoneEnabled=False,
                autoAddressEnabled=False,
            ),
            tag("ccd_ga_first", 12, instanceDestinationId="G-ABC123"),
            tag("ccd_em_form", 8, instanceDestinationId="G-ABC123"),
            tag("gct", 1, trackingId="G-ABC123"),
        ],
        tail='var x={ctid:"G-ABC123"}',
    )
    found = container(data)
    assert found.container_id == "G-ABC123"
    assert [each.name for each in found.tags] == [
        "Collection of user-provided data, tag 4",
        "Enhanced measurement: form interactions, tag 8",
        "Google tag destination 'G-ABC123', tag 1",
    ]
    contact = found.tags[0].parameters.get("userDataVariable")
    assert isinstance(contact, Object)
    assert [key for key, _ in contact.items] == ["mode", "email"]


def test_what_cannot_be_decoded_is_maybe_and_never_no() -> None:
    data = published(
        [tag("html", 1, html="<p>"), tag("html", 2, html=["template", "<p>", ["zz", 1]])],
        rules=[[["if", 0, 1], ["add", 0]], [["if", 99], ["add", 1]], "odd", [["add", 70]]],
        predicates=[{"function": "_lc", "arg0": ["macro", 55], "arg1": 3}],
    )
    pages = [each.triggers[0].page for each in container(data).tags]
    assert [str(each) for each in pages] == [
        "trigger rule 0 has a condition of unknown type",
        "trigger rule 1 has a condition of unknown type",
    ]


@pytest.mark.parametrize(
    "data",
    [
        published([tag("html", 1, html="<p>")])[:200],
        b"var data = {'resource': 5};",
        b"var data = {'resource': {'tags': [",
    ],
)
def test_a_file_that_breaks_off_is_skipped_with_a_reason(data: bytes) -> None:
    said = parsed(data)
    assert said.facts == ()
    assert [each.reason for each in said.skips] == [
        "looks like a published container whose data breaks off: fetch the file again"
    ]


def test_an_empty_destination_is_an_empty_container() -> None:
    assert container(published([], rules=[])).tags == ()
