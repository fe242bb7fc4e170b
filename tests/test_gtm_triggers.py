"""Triggers: the pages, the moment and the event of each, and what blocks it there."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.model import Moment, Trigger
from tests.test_gtm import (
    ALL_PAGES,
    condition,
    container,
    export,
    only_tag,
    setting,
    table,
    tag,
    trigger,
    variable,
)


def heard(name: str, kind: str = "EQUALS", *switches: str) -> dict[str, Any]:
    return {"customEventFilter": [condition("{{_event}}", kind, name, *switches)]}


def built(
    *triggers: dict[str, Any],
    fires: str = "1",
    blocks: str = "",
    variables: list[Any] | None = None,
    context: str = "WEB",
) -> Trigger:
    """The first trigger of a tag that fires and is blocked as told."""
    only = only_tag(
        export(
            [tag("A", "gaawe", fires=fires, blockingTriggerId=blocks.split())],
            list(triggers),
            variables,
            context,
        )
    )
    return only.triggers[0]


def page(*filters: dict[str, Any], variables: list[Any] | None = None) -> str:
    return str(built(trigger("1", "PAGEVIEW", *filters), variables=variables).page)


@pytest.mark.parametrize(
    ("trigger_id", "said"),
    [
        ("2147479553", "page view on every page"),
        ("2147479572", "consent initialization on every page"),
        ("2147479573", "initialization on every page"),
    ],
)
def test_the_built_in_triggers_are_known(trigger_id: str, said: str) -> None:
    found = built(fires=trigger_id)
    assert (found.scope, found.moment, str(found.page), found.said) == (
        "all-pages",
        Moment.LOAD,
        "always",
        said,
    )


@pytest.mark.parametrize("trigger_id", ["99", "2147483647"])
def test_a_trigger_that_is_not_in_the_file_is_unresolved_and_may_fire(trigger_id: str) -> None:
    found = built(fires=trigger_id)
    assert found.scope == "unresolved"
    assert str(found.page) == f"trigger {trigger_id}, which the file does not define, fires"


@pytest.mark.parametrize(
    ("kind", "scope", "moment"),
    [
        ("PAGEVIEW", "all-pages", Moment.LOAD),
        ("pageview", "all-pages", Moment.LOAD),
        ("domReady", "all-pages", Moment.LOAD),
        ("LINK_CLICK", "click", Moment.INTERACTION),
        ("FORM_SUBMIT", "form-submit", Moment.INTERACTION),
        ("TIMER", "timer", Moment.TIMER),
        ("YOUTUBE_VIDEO", "video", Moment.INTERACTION),
        ("youTubeVideo", "video", Moment.INTERACTION),
        ("HISTORY_CHANGE", "history", Moment.HISTORY),
        ("JS_ERROR", "js-error", Moment.EVENT),
        ("SCROLL_DEPTH", "scroll", Moment.INTERACTION),
        ("SHAKE", "unresolved", Moment.EVENT),
    ],
)
def test_a_type_has_its_scope_and_its_moment(kind: str, scope: str, moment: Moment) -> None:
    found = built(trigger("1", kind))
    assert (found.scope, found.moment) == (scope, moment)


def test_everything_in_a_server_container_is_a_server_event() -> None:
    found = built(trigger("1", "CUSTOM_EVENT", **heard("purchase")), context="SERVER")
    assert (found.scope, found.moment, found.event) == ("server-event", Moment.SERVER, "purchase")


def test_a_condition_on_the_address_makes_a_page_trigger_one_on_paths() -> None:
    path = built(trigger("1", "PAGEVIEW", condition("{{Page Path}}", "STARTS_WITH", "/portal")))
    other = built(
        trigger("1", "PAGEVIEW", condition("{{Role}}", "EQUALS", "patient")),
        variables=[variable("Role", "v", setting("name", "user.role"))],
    )
    assert (path.scope, str(path.page)) == ("path-condition", "path starts with '/portal'")
    assert (other.scope, str(other.page)) == ("condition", "data layer user.role equals 'patient'")
    assert path.said == "page view where Page Path starts with '/portal'"
    assert path.place is not None
    assert path.place.text == '"triggerId": "1"'


def test_a_negated_condition_is_its_opposite() -> None:
    assert page(condition("{{Page Path}}", "CONTAINS", "/blog", "negate")) == (
        "not (path contains '/blog')"
    )
    said = built(
        trigger(
            "1",
            "PAGEVIEW",
            condition("{{Page Path}}", "MATCH_REGEX", "a|b", "negate", "ignore_case"),
        )
    )
    assert str(said.page) == "not (path matches anycase 'a|b')"
    assert said.said == "page view where Page Path does not match 'a|b'"


def test_the_gate_of_a_listener_is_a_condition_on_the_page() -> None:
    found = built(
        trigger(
            "1",
            "LINK_CLICK",
            condition("{{Click URL}}", "CONTAINS", "tel:"),
            autoEventFilter=[condition("{{Page Path}}", "EQUALS", "/contact")],
        )
    )
    assert str(found.page) == "element click url contains 'tel:' and path equals '/contact'"


def test_conditions_on_constants_are_answered_at_once() -> None:
    ids = [
        variable("Id", "c", setting("value", "UA-{{Number}}")),
        variable("Number", "c", setting("value", "123-4")),
    ]
    assert page(condition("{{Id}}", "MATCH_REGEX", r"^UA-\d+-\d+$"), variables=ids) == "always"
    assert page(condition("{{Id}}", "CONTAINS", "X", "negate"), variables=ids) == "always"
    assert page(condition("{{Id}}", "EQUALS", "UA-0"), variables=ids) == "never"
    assert page(condition("{{Number}}", "EQUALS", "{{Number}}"), variables=ids) == "always"


def test_a_lookup_table_asks_about_its_input() -> None:
    kinds = [
        variable(
            "Kind",
            "smm",
            setting("input", "{{Page Path}}"),
            table("map", ("key", "value"), **{"/": "home", "/visits": "care"}),
            setting("defaultValue", "other"),
            setting("setDefaultValue", "true"),
        )
    ]
    assert page(condition("{{Kind}}", "EQUALS", "care"), variables=kinds) == (
        "path equals '/visits'"
    )
    assert page(condition("{{Kind}}", "EQUALS", "other"), variables=kinds) == (
        "not (path equals '/') and not (path equals '/visits')"
    )


def test_the_first_row_of_a_regex_table_that_fits_decides() -> None:
    kinds = [
        variable(
            "Kind",
            "remm",
            setting("input", "{{Page Path}}"),
            setting("fullMatch", "false"),
            setting("ignoreCase", "true"),
            table("map", ("key", "value"), **{"portal": "inside", ".*": "outside"}),
        )
    ]
    assert page(condition("{{Kind}}", "EQUALS", "outside"), variables=kinds) == (
        "not (path matches anycase 'portal')"
    )


@pytest.mark.parametrize(
    ("code", "right", "expected"),
    [
        ("function(){ return 'yes'; }", "yes", "always"),
        ("function() { return location.pathname; }", "/a", "path equals '/a'"),
        (
            "function(){return window.location.hostname === 'clinic.example';}",
            "true",
            "host equals 'clinic.example'",
        ),
        (
            "function(){return location.pathname.indexOf('/portal') > -1}",
            "false",
            "not (path contains '/portal')",
        ),
        (
            "function(){return location.pathname.indexOf('/portal')}",
            "0",
            "variable Code equals '0'",
        ),
        ("function(){ return window.isPatient; }", "true", "variable Code equals 'true'"),
    ],
)
def test_small_custom_javascript_is_understood_and_the_rest_is_named(
    code: str, right: str, expected: str
) -> None:
    code_variable = variable("Code", "jsm", setting("javascript", code))
    assert page(condition("{{Code}}", "EQUALS", right), variables=[code_variable]) == expected


def test_variables_that_change_a_text_are_asked_for_the_text_before_the_change() -> None:
    low = [
        variable(
            "Low",
            "u",
            setting("component", "PATH"),
            formatValue={"caseConversionType": "LOWERCASE"},
        ),
        variable("Bare", "u", setting("component", "HOST"), setting("stripWww", "true")),
    ]
    assert page(condition("{{Low}}", "EQUALS", "/a.b"), variables=low) == (
        r"path matches anycase '^\\/a\\.b$'"
    )
    assert page(condition("{{Low}}", "EQUALS", "/A"), variables=low) == "never"
    assert page(condition("{{Bare}}", "EQUALS", "a.example"), variables=low) == (
        r"host matches '^(www\\d*\\.)?a\\.example$'"
    )


def test_a_default_answers_where_the_data_layer_is_silent() -> None:
    role = [
        variable(
            "Role",
            "v",
            setting("name", "role"),
            setting("setDefaultValue", "true"),
            setting("defaultValue", "guest"),
        )
    ]
    assert page(condition("{{Role}}", "EQUALS", "guest"), variables=role) == (
        "data layer role equals 'guest' or data layer role equals 'undefined'"
    )


def test_an_undefined_variable_gives_a_named_question() -> None:
    assert page(condition("{{Gone}}", "EQUALS", "x")) == "variable Gone equals 'x'"


def test_patterns_that_fit_anything_ask_nothing() -> None:
    assert page(condition("{{Page URL}}", "MATCH_REGEX", ".*")) == "always"
    assert page(condition("{{Page Path}}", "CONTAINS", "")) == "always"


@pytest.mark.parametrize(
    ("more", "event", "moment"),
    [
        (heard("booked"), "booked", Moment.EVENT),
        (heard("^booked$|^paid$", "MATCH_REGEX"), "/^booked$|^paid$/", Moment.EVENT),
        (heard("book", "STARTS_WITH"), "/^book/", Moment.EVENT),
        (heard(".*", "MATCH_REGEX"), "", Moment.LOAD),
        (heard("gtm.dom"), "", Moment.LOAD),
        ({"parameter": [setting("eventName", "booked")]}, "booked", Moment.EVENT),
    ],
)
def test_a_custom_event_is_named_as_a_text_or_as_a_pattern(
    more: dict[str, Any], event: str, moment: Moment
) -> None:
    found = built(trigger("1", "CUSTOM_EVENT", **more))
    assert (found.scope, found.event, found.moment, str(found.page)) == (
        "custom-event",
        event,
        moment,
        "always",
    )


def test_a_custom_event_without_a_name_is_a_named_question() -> None:
    found = built(trigger("1", "CUSTOM_EVENT"))
    assert str(found.page) == "the event of trigger trigger 1 happens"


NOT_ON_BLOG = (condition("{{Page Path}}", "CONTAINS", "/blog"),)


def test_a_trigger_blocks_on_its_own_event_only() -> None:
    view, click = trigger("8", "PAGEVIEW", *NOT_ON_BLOG), trigger("9", "LINK_CLICK", *NOT_ON_BLOG)
    blocked = "not (path contains '/blog')"
    assert str(built(view, click, fires=ALL_PAGES, blocks="8").page) == blocked
    assert str(built(view, click, fires=ALL_PAGES, blocks="9").page) == "always"
    own = trigger("1", "LINK_CLICK")
    assert str(built(own, view, click, blocks="8").page) == "always"
    assert str(built(own, view, click, blocks="9").page) == blocked
    assert str(built(own, view, click, blocks="8 9").page) == blocked


def test_a_blocking_trigger_on_every_event_blocks_everything() -> None:
    blocker = trigger("8", "CUSTOM_EVENT", *NOT_ON_BLOG, **heard(".*", "MATCH_REGEX"))
    for kind in ("PAGEVIEW", "CLICK", "TIMER"):
        own = trigger("1", kind)
        assert str(built(own, blocker, blocks="8").page) == "not (path contains '/blog')"


def test_a_blocking_custom_event_is_held_against_the_name_of_the_event() -> None:
    own = trigger("1", "CUSTOM_EVENT", **heard("booked"))
    same = trigger("7", "CUSTOM_EVENT", **heard("booked"))
    other = trigger("8", "CUSTOM_EVENT", **heard("paid"))
    pattern = trigger("9", "CUSTOM_EVENT", **heard("^book", "MATCH_REGEX"))
    assert str(built(own, same, blocks="7").page) == "never"
    assert str(built(own, other, blocks="8").page) == "always"
    assert str(built(own, pattern, blocks="9").page) == "never"


def test_a_blocking_trigger_that_is_not_in_the_file_may_block() -> None:
    found = built(fires=ALL_PAGES, blocks="99")
    assert str(found.page) == "not (blocking trigger 99 is not in the file)"


def test_blocking_triggers_are_listed_with_the_tag() -> None:
    only = only_tag(
        export(
            [tag("A", "gaawe", blockingTriggerId=["8"])], [trigger("8", "PAGEVIEW", *NOT_ON_BLOG)]
        )
    )
    assert [(each.name, str(each.page)) for each in only.blocking] == [
        ("trigger 8", "path contains '/blog'")
    ]


def group(trigger_id: str, *children: str) -> dict[str, Any]:
    return trigger(
        trigger_id,
        "TRIGGER_GROUP",
        parameter=[
            {
                "type": "LIST",
                "key": "triggerIds",
                "list": [{"type": "TRIGGER_REFERENCE", "value": child} for child in children],
            }
        ],
    )


def test_a_group_waits_for_all_of_its_triggers() -> None:
    found = built(
        group("1", "2", "3", ALL_PAGES),
        trigger("2", "CUSTOM_EVENT", **heard("coupon")),
        trigger("3", "TIMER", autoEventFilter=[condition("{{Page URL}}", "CONTAINS", "checkout")]),
    )
    assert (found.scope, found.moment, found.event, str(found.page)) == (
        "trigger-group",
        Moment.EVENT,
        "coupon",
        "url contains 'checkout'",
    )


def test_a_group_with_a_missing_trigger_or_with_itself_inside_may_fire() -> None:
    assert "trigger 5, which the file does not define" in str(built(group("1", "5")).page)
    assert str(built(group("1", "2"), group("2", "1")).page) == "trigger group trigger 1 fires"


def test_an_old_rule_is_a_trigger_with_its_event_among_the_conditions() -> None:
    old = {
        "ruleId": "4",
        "name": "portal",
        "condition": [
            condition("{{event}}", "EQUALS", "gtm.js"),
            condition("{{url path}}", "EQUALS", "/portal"),
        ],
    }
    macro = variable("url path", "u", setting("component", "PATH"))
    content = export([tag("A", "html", fires="", firingRuleId=["4"])], rule=[old], macro=[macro])
    (only,) = container(content).tags[0].triggers
    assert (only.scope, str(only.page)) == ("path-condition", "path equals '/portal'")


def test_triggers_that_are_named_instead_of_numbered_are_found() -> None:
    found = built(
        {
            "name": "booking",
            "type": "customEvent",
            "customEventFilter": [
                {
                    "type": "equals",
                    "parameter": [
                        setting("arg0", "{{_event}}", "template"),
                        setting("arg1", "booked", "template"),
                    ],
                }
            ],
        },
        fires="booking",
    )
    assert (found.scope, found.event) == ("custom-event", "booked")
