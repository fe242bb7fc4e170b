"""Other tag managers: each told by the same model, with what its file does not say left open."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from analyzer import signatures
from analyzer.gtm import looks_like_container, read_container
from analyzer.match import Matcher
from analyzer.model import (
    Atom,
    Call,
    Container,
    Hole,
    Moment,
    Not,
    Object,
    OriginKind,
    Parsed,
    Source,
    Tag,
    Trigger,
)
from tests.test_gtm_shapes import places

LOADED = signatures.load()
MATCHER = Matcher(LOADED)


def read(text: str) -> Parsed:
    data = text.encode()
    assert looks_like_container(data)
    return read_container(Source("js/library.js", data), LOADED.vocabulary)


def container(text: str) -> Container:
    said = read(text)
    assert said.skips == ()
    (only,) = said.facts
    assert isinstance(only, Container)
    return only


def triggers(found: Container, name: str) -> tuple[Trigger, ...]:
    return next(each.triggers for each in found.tags if each.name == name)


def vendors(found: Container) -> dict[str, list[str]]:
    return {
        each.name: sorted({hit.vendor for hit in MATCHER.detect_tag(each, found)})
        for each in found.tags
    }


def named(found: Container, name: str) -> Tag:
    return next(each for each in found.tags if each.name == name)


# ---------------------------------------------------------------- Adobe Tags

LAUNCH = r"""
// For license information, see https://assets.adobedtm.com/launch-EN0.js
(function(){window._satellite=window._satellite||{},window._satellite.container={
buildInfo:{minified:!0},
environment:{id:"EN0123",stage:"production"},
dataElements:{
  "member id":{defaultValue:"",modulePath:"core/src/lib/dataElements/javascriptVariable.js",
    settings:{path:"digitalData.member.id"}},
  isSignedOn:{modulePath:"core/src/lib/dataElements/cookie.js",settings:{name:"signedOn"}},
  heading:{modulePath:"core/src/lib/dataElements/customCode.js",
    settings:{source:function(){return document.querySelector("h1").innerText}}}
},
extensions:{
  core:{displayName:"Core",modules:{}},
  "adobe-analytics":{displayName:"Adobe Analytics",modules:{},
    settings:{libraryCode:{accounts:{production:["clinicprod"]}}}}
},
company:{orgId:"0@AdobeOrg"},
property:{name:"Clinic",id:"PR0"},
rules:[
{id:"RL1",name:"Remarketing",
 events:[{modulePath:"core/src/lib/events/libraryLoaded.js",settings:{},ruleOrder:50}],
 conditions:[
  {modulePath:"core/src/lib/conditions/path.js",settings:{paths:[{value:"/portal/.*",valueIsRegex:!0},{value:"^/my",valueIsRegex:!0}]}},
  {modulePath:"core/src/lib/conditions/valueComparison.js",settings:{comparison:{operator:"equals"},leftOperand:"%isSignedOn%",rightOperand:"true"}},
  {modulePath:"core/src/lib/conditions/path.js",settings:{paths:[{value:"/care/depression"}]},negate:!0}],
 actions:[
  {modulePath:"core/src/lib/actions/customCode.js",
   settings:{source:"fbq('init', '1199436734101779', {external_id: '%member id%'});",language:"javascript"}},
  {modulePath:"core/src/lib/actions/customCode.js",
   settings:{source:"<script src='https://static.hotjar.com/c/hotjar-1234567.js'><\/script>",language:"html"}}]},
{id:"RL2",name:"Booked",
 events:[{modulePath:"core/src/lib/events/customEvent.js",settings:{type:"booked",elementSelector:"body"}},
         {modulePath:"core/src/lib/events/click.js",settings:{elementSelector:".book a"}}],
 conditions:[{modulePath:"core/src/lib/conditions/customCode.js",settings:{source:function(e){return !!e.detail}}}],
 actions:[{modulePath:"adobe-analytics/src/lib/actions/sendBeacon.js",settings:{type:"link",linkName:"booked"}}]},
{id:"RL3",name:"Either",
 events:[{modulePath:"core/src/lib/events/windowLoaded.js",settings:{}}],
 conditions:[{modulePath:"core/src/lib/conditions/path.js",settings:{paths:[{value:"/a"},{value:"/b"}]}}],
 actions:[{modulePath:"adobe-alloy/dist/lib/actions/sendEvent/index.js",settings:{instanceName:"alloy",xdm:"%member id%"}},
  {modulePath:"core/src/lib/actions/customCode.js",settings:{global:!1,
   source:"https://assets.adobedtm.com/a/b/RC033ce8aab1a442379cc9e7a737c36bd1-source.min.js",language:"javascript",isExternal:!0}}]}
]}}();
"""


def test_the_library_of_adobe_tags_says_its_property_and_its_environment() -> None:
    found = container(LAUNCH)
    assert (found.manager, found.form) == ("Adobe Tags", "library")
    assert (found.container_id, found.name) == ("EN0123", "Clinic")


def test_conditions_of_adobe_rules_are_the_same_questions_as_ours() -> None:
    (first,) = triggers(container(LAUNCH), "Remarketing")
    assert first.said == (
        "page view where Page Path matches '(?:/portal/.*)|(?:^/my)'"
        " and isSignedOn equals 'true' and Page Path does not equal '/care/depression'"
    )
    assert str(first.page) == (
        "path matches anycase '(?:/portal/.*)|(?:^/my)' and cookie signedOn equals 'true'"
        " and not (path equals '/care/depression')"
    )


def test_code_of_adobe_rules_is_read_with_data_elements_as_holes() -> None:
    found = container(LAUNCH)
    (call,) = named(found, "Remarketing").facts
    assert isinstance(call, Call)
    person = call.args[2]
    assert isinstance(person, Object)
    member = person.get("external_id")
    assert isinstance(member, Hole)
    assert (member.origin.kind, member.origin.name) == (
        OriginKind.GLOBAL,
        "digitalData.member.id",
    )
    line = LAUNCH.split("\n")[call.place.line - 1]
    assert line[call.place.region.column - 1 :].startswith("fbq('init'")


def test_events_of_scripts_are_waited_for_and_nothing_else_is_known_of_them() -> None:
    event, click = triggers(container(LAUNCH), "Booked")
    asked = "function(e) return !!e.detail says yes"
    assert event.said == f"event of a script where Event equals 'booked' and {asked}"
    assert (event.moment, event.event) == (Moment.EVENT, "")
    assert click.said == f"click where Click Element matches '.book a' and {asked}"
    assert Atom("unknown", asked) in getattr(click.page, "parts", ())


def test_one_of_several_texts_is_a_trigger_for_each() -> None:
    found = triggers(container(LAUNCH), "Either")
    assert [each.page for each in found] == [
        Atom("path", "", "equals", "/a"),
        Atom("path", "", "equals", "/b"),
    ]


def test_vendors_of_an_adobe_library() -> None:
    assert vendors(container(LAUNCH)) == {
        "Remarketing": ["meta-pixel"],
        "Remarketing, action 2": ["hotjar"],
        "Booked": ["adobe-analytics"],
        "Either": ["adobe-web-sdk"],
        "Either, action 2": [],
        "Extension Adobe Analytics": ["adobe-analytics"],
    }


def test_code_of_an_action_that_is_in_another_file_is_said_to_be_there() -> None:
    found = container(LAUNCH)
    assert named(found, "Either, action 2").facts == ()
    assert [(each.kind, each.target, each.users) for each in found.diagnostics] == [
        (
            "elsewhere",
            "RC033ce8aab1a442379cc9e7a737c36bd1-source.min.js",
            ("tag Either, action 2",),
        )
    ]


# ---------------------------------------------------------------- Tealium iQ

UTAG = r"""//tealium universal tag - utag.loader ut4.0.202601010000, Copyright 2026 Tealium.com Inc. All Rights Reserved.
var utag_condload=false;if(!utag_condload){try{var utag={};
utag.cfg={template:"ut4.49.",path:"//tags.tiqcdn.com/utag/clinic/main/prod/",utid:"clinic/main/202601010000"};
utag.cond={1:0,2:0,3:0,4:0};
utag.loader.loadrules=function(_pd,_pc){var d=_pd||utag.data;var c=_pc||utag.cond;for(var l in utag.loader.GV(c)){switch(l){
case'1':try{c[1]|=(d['dom.pathname'].toString().indexOf('/portal')>-1)||(/^\/my\//i.test(d['dom.pathname']))}catch(e){utag.DB(e)};break;
case'2':try{c[2]|=(d['page_type'].toString().toLowerCase()=='Visit'.toLowerCase()&&typeof d['patient.id']!='undefined'&&d['cp.consent']!='no')}catch(e){utag.DB(e)};break;
case'3':try{c[3]|=(d['qp.gclid'].toString().indexOf('x')==0||d['dom.url'].toString().indexOf('live')<0)}catch(e){utag.DB(e)};break;
case'4':try{c[4]|=(somethingElse(d))}catch(e){utag.DB(e)};break;}}};
utag.loader.initcfg=function(){utag.loader.cfg={"7":{load:utag.cond[1],send:1,v:1,wait:1,tid:6037},
"8":{load:4,send:(utag.cond[2]&&!utag.cond[3]),v:1,wait:0,tid:20010},"9":{load:1,send:1,v:1,tid:1},
"10":{load:((utag.cond[4])),send:1,tid:2},"11":{load:0,send:1,tid:3}};utag.loader.cfgsort=["7","8","9","10","11"];}
}catch(e){}}
//tealium universal tag - utag.8 ut4.0.202601010000, Copyright 2026 Tealium.com Inc. All Rights Reserved.
try{(function(id,loader){fbq('init','1199436734101779');fbq('track','Lead');})("8","clinic.main");}catch(e){utag.DB(e);}
"""


def test_a_tealium_profile_says_its_tags_and_their_load_rules() -> None:
    found = container(UTAG)
    assert (found.manager, found.container_id) == ("Tealium iQ", "clinic/main")
    assert [(each.tag_id, each.paused) for each in found.tags] == [
        ("7", False),
        ("8", False),
        ("9", False),
        ("10", False),
        ("11", True),
    ]
    assert vendors(found)["Tag 7, template 6037"] == ["meta-pixel"]
    assert [str(each.page) for each in triggers(found, "Tag 7, template 6037")] == [
        "path contains '/portal'",
        r"path matches anycase '^\\/my\\/'",
    ]
    (eight,) = triggers(found, "Tag 8, template 20010")
    assert str(eight.page) == (
        "data layer page_type matches anycase '^Visit$'"
        " and not (data layer patient.id equals 'undefined')"
        " and not (cookie consent equals 'no')"
        " and not (query gclid starts with 'x') and url contains 'live'"
    )
    assert [each.said for each in triggers(found, "Tag 9, template 1")] == [
        "page view on every page"
    ]


def test_a_load_rule_that_is_other_code_is_an_open_question() -> None:
    (only,) = triggers(container(UTAG), "Tag 10, template 2")
    assert only.page == Atom("unknown", "somethingElse(d) is true")


def test_the_code_of_a_bundled_tag_is_its_own_and_other_code_is_said_to_be_elsewhere() -> None:
    found = container(UTAG)
    assert vendors(found)["Tag 8, template 20010"] == ["meta-pixel"]
    assert [(each.kind, each.target) for each in found.diagnostics] == [
        ("elsewhere", "utag.7.js"),
        ("elsewhere", "utag.9.js"),
        ("elsewhere", "utag.10.js"),
        ("elsewhere", "utag.11.js"),
    ]


PROFILE = {
    "account": "clinic",
    "profile": "main",
    "versionTitle": "Spring",
    "loadRules": [
        {
            "id": 2,
            "name": "Portal",
            "status": "active",
            "conditions": [
                [
                    {"variable": "dom.pathname", "operator": "starts_with", "value": "/portal"},
                    {"variable": "udo.role", "operator": "does_not_equal", "value": "staff"},
                ],
                [{"variable": "cp.member", "operator": "is defined"}],
            ],
        },
        {
            "id": 3,
            "name": "Odd",
            "conditions": [[{"variable": "udo.x", "operator": "is_badge_assigned"}]],
        },
    ],
    "tags": [
        {
            "id": 21,
            "tagId": 6037,
            "name": "Meta",
            "status": "active",
            "configuration": {"pixel": "1199436734101779"},
            "dataMappings": [
                {"variable": "patient_email", "type": "udo", "mappings": ["em", "external_id"]}
            ],
            "rules": {
                "apply": [{"and": [{"or": [{"uid": "2", "type": "loadRule"}]}]}],
                "exclude": [{"and": [{"or": [{"uid": "3", "type": "loadRule"}]}]}],
            },
        },
        {"id": 22, "tagId": 1, "name": "Off", "status": "inactive"},
    ],
}


def test_a_profile_of_tealium_s_api_says_its_load_rules_and_what_is_mapped() -> None:
    found = container(json.dumps(PROFILE, indent=1))
    assert (found.manager, found.container_id, found.form) == (
        "Tealium iQ",
        "clinic/main",
        "settings",
    )
    meta, off = found.tags
    assert [str(each.page) for each in meta.triggers] == [
        "path starts with '/portal' and not (data layer role equals 'staff')"
        " and not (udo.x is badge assigned)",
        "not (cookie member equals 'undefined') and not (udo.x is badge assigned)",
    ]
    email = meta.parameters.get("em")
    assert isinstance(email, Hole)
    assert email.origin.name == "patient_email"
    assert off.paused
    assert [str(each.page) for each in off.triggers] == ["the load rules of tag Off hold"]
    assert vendors(found)["Meta"] == ["meta-pixel"]


# ---------------------------------------------------------------- Matomo

MATOMO: dict[str, Any] = {
    "idcontainer": "AbCdEfGh",
    "idsite": 1,
    "context": "web",
    "name": "Clinic",
    "version": {"name": "v1"},
    "tags": [
        {
            "idtag": 1,
            "type": "Matomo",
            "name": "Views",
            "status": "active",
            "parameters": {"matomoConfig": "{{Config}}", "trackingType": "pageview"},
            "fire_trigger_ids": [1],
            "block_trigger_ids": [2],
        },
        {
            "idtag": 2,
            "type": "CustomHtml",
            "name": "Pixel",
            "status": "paused",
            "parameters": {
                "customHtml": "<script>fbq('init', '1199436734101779', {em: '{{Mail}}'})</script>"
            },
            "fire_trigger_ids": [3],
            "block_trigger_ids": [],
        },
        {
            "idtag": 3,
            "type": "FacebookPixel",
            "name": "Meta",
            "status": "active",
            "parameters": {"pixelId": "1199436734101779"},
            "fire_trigger_ids": [1],
            "block_trigger_ids": [],
        },
    ],
    "triggers": [
        {"idtrigger": 1, "type": "PageView", "name": "All", "parameters": [], "conditions": []},
        {
            "idtrigger": 2,
            "type": "PageView",
            "name": "Portal",
            "parameters": [],
            "conditions": [
                {"actual": "PagePath", "comparison": "starts_with", "expected": "/portal"}
            ],
        },
        {
            "idtrigger": 3,
            "type": "CustomEvent",
            "name": "Booked",
            "parameters": {"eventName": "booked"},
            "conditions": [
                {"actual": "PageUrl", "comparison": "not_regexp", "expected": "test"},
                {"actual": "Mail", "comparison": "equals_exactly", "expected": "x"},
            ],
        },
    ],
    "variables": [
        {
            "idvariable": 1,
            "type": "DataLayer",
            "name": "Mail",
            "parameters": {"dataLayerName": "patient.email"},
            "lookup_table": [],
            "default_value": "",
        },
        {
            "idvariable": 2,
            "type": "MatomoConfiguration",
            "name": "Config",
            "parameters": {"matomoUrl": "https://stats.clinic.example/", "idSite": "4"},
            "lookup_table": [],
            "default_value": "",
        },
    ],
}


def test_an_export_of_matomo_is_read_with_its_own_comparisons() -> None:
    found = container(json.dumps(MATOMO, indent=1))
    assert (found.manager, found.container_id, found.name) == (
        "Matomo Tag Manager",
        "AbCdEfGh",
        "Clinic",
    )
    (views,) = triggers(found, "Views")
    assert views.page == Not(Atom("path", "", "matches-anycase", r"^\/portal"))
    pixel = named(found, "Pixel")
    assert pixel.paused
    assert pixel.triggers[0].event == "booked"
    assert pixel.triggers[0].said == (
        "custom event booked where Page URL does not match 'test' and Mail equals 'x'"
    )
    (call,) = pixel.facts
    assert isinstance(call, Call)
    person = call.args[2]
    assert isinstance(person, Object)
    mail = person.get("em")
    assert isinstance(mail, Hole)
    assert mail.origin.name == "patient.email"
    assert vendors(found) == {"Views": ["matomo"], "Pixel": ["meta-pixel"], "Meta": ["meta-pixel"]}


def test_a_container_file_of_matomo_has_its_variables_written_out() -> None:
    page_path = {"name": "PagePath", "type": "PagePath", "parameters": [], "lookUpTable": []}
    mail = {
        "name": "DataLayer",
        "type": "DataLayer",
        "parameters": {"dataLayerName": "patient.email"},
        "lookUpTable": [],
        "defaultValue": "",
    }
    data = {
        "id": "AbCdEfGh",
        "idsite": 1,
        "versionName": "v1",
        "environment": "live",
        "tags": [
            {
                "id": 5,
                "type": "CustomHtml",
                "name": "8345e7bb96d4218e2d16226c4270d278",
                "parameters": {
                    "customHtml": {
                        "joinedVariable": [
                            "<script>fbq('init', '1199436734101779', {em: '",
                            mail,
                            "'})</script>",
                        ]
                    }
                },
                "blockTriggerIds": [],
                "fireTriggerIds": [6],
            },
            {
                "id": 7,
                "type": "Matomo",
                "name": "0e0b9dd7788ce735965ec12013e4f5cf",
                "parameters": {
                    "matomoConfig": {
                        "name": "C",
                        "type": "MatomoConfiguration",
                        "parameters": {"matomoUrl": "//stats.clinic.example/", "idSite": "4"},
                    },
                    "trackingType": "event",
                    "eventAction": "booked",
                },
                "blockTriggerIds": [],
                "fireTriggerIds": [6],
            },
        ],
        "triggers": [
            {
                "id": 6,
                "type": "DomReady",
                "name": "DomReady",
                "parameters": [],
                "conditions": [
                    {"actual": page_path, "comparison": "contains", "expected": "/Book"}
                ],
            }
        ],
        "variables": [page_path, mail],
    }
    text = (
        "/*!!\n * Matomo Tag Manager\n */\n(function(){var Templates = {};\n"
        f"window.MatomoTagManager.addContainer({json.dumps(data)}, Templates);}})()"
    )
    found = container(text)
    assert [each.name for each in found.tags] == ["CustomHtml, tag 5", "Matomo, tag 7"]
    (html, event) = found.tags
    assert html.triggers[0].page == Atom("path", "", "matches-anycase", r"\/Book")
    (call,) = html.facts
    assert isinstance(call, Call)
    line = text.split("\n")[call.place.line - 1]
    assert line[call.place.region.column - 1 :].startswith("fbq('init'")
    assert event.parameters.get("idSite") == "4"
    assert vendors(found) == {"CustomHtml, tag 5": ["meta-pixel"], "Matomo, tag 7": ["matomo"]}


# ---------------------------------------------------------------- Piwik PRO

EVENT_ID = "977a1f9d-4fdb-43bf-9549-bdf68a7b69a6"
PATH_ID = "e1e2b185-464f-4eb5-8575-feec34c5e281"


def piwik(**tag_more: Any) -> str:
    def condition(variable: str, kind: str, value: str | None) -> dict[str, Any]:
        return {"variable_id": variable, "condition_type": kind, "value": value, "options": {}}

    return json.dumps(
        [
            {
                "meta": {"total": 1},
                "data": [
                    {
                        "id": "t1",
                        "type": "tag",
                        "attributes": {
                            "name": "Meta",
                            "template": "facebook_retargeting_pixel",
                            "is_active": True,
                            "consent_type": "remarketing",
                            "template_options": {
                                "pixel_id": "1199436734101779",
                                "event": "Lead",
                                "event_properties": [
                                    {"property_name": "clinic", "property_value": "{{ Clinic }}"}
                                ],
                            },
                        },
                        **tag_more,
                    },
                    {
                        "id": "t2",
                        "type": "tag",
                        "attributes": {
                            "name": "Own",
                            "template": "custom_tag",
                            "is_active": False,
                            "consent_type": "not_require_consent",
                            "code": "<script>fbq('track', 'Lead')</script>",
                        },
                        "relationships": {"triggers": {"data": [{"id": "g2", "type": "trigger"}]}},
                    },
                ],
            },
            {
                "data": [
                    {
                        "id": "g1",
                        "type": "trigger",
                        "attributes": {
                            "name": "Booked",
                            "trigger_type": "event",
                            "conditions": [
                                condition(EVENT_ID, "equals", "booked"),
                                condition(PATH_ID, "does_not_contain", "/portal"),
                                condition("v1", "is_set", None),
                            ],
                        },
                    },
                    {
                        "id": "g2",
                        "type": "trigger",
                        "attributes": {
                            "name": "All",
                            "trigger_type": "page_view",
                            "conditions": [],
                        },
                    },
                ]
            },
            {
                "data": [
                    {
                        "id": "v1",
                        "type": "variable",
                        "attributes": {"name": "Clinic", "variable_type": "data_layer"},
                    }
                ]
            },
        ]
    )


def test_answers_of_piwik_pro_s_api() -> None:
    of = {"relationships": {"triggers": {"data": [{"id": "g1", "type": "trigger"}]}}}
    found = container(piwik(**of))
    first, second = found.tags
    assert first.consent.types == ("remarketing",)
    assert (first.triggers[0].event, first.triggers[0].said) == (
        "booked",
        "custom event booked where Page Path does not contain '/portal' and Clinic is set",
    )
    assert second.paused
    assert second.consent.status == "NOT_NEEDED"
    assert vendors(found) == {"Meta": ["meta-pixel"], "Own": ["meta-pixel"]}


def test_a_tag_whose_triggers_are_not_in_the_answer_may_fire_anywhere() -> None:
    (only,) = container(piwik()).tags[0].triggers
    assert only.scope == "unresolved"


# ---------------------------------------------------------------- Segment

SEGMENT = {
    "integrations": {
        "Segment.io": {"apiKey": "0123456789abcdef0123456789abcdef"[:32]},
        "Facebook Pixel": {
            "pixelId": "1199436734101779",
            "type": "browser",
            "bundlingStatus": "bundled",
            "versionSettings": {"version": "2.11.4", "componentTypes": ["browser"]},
            "consentSettings": {"categories": ["ads"]},
        },
        "FullStory": {"org": "ABCDE", "versionSettings": {"componentTypes": ["server"]}},
        "Somebody Else": {},
    },
    "remotePlugins": [
        {
            "name": "Hotjar",
            "libraryName": "hotjar-web",
            "url": "https://cdn.segment.com/next-integrations/actions/hotjar.js",
            "settings": {"id": "1"},
        }
    ],
}


def test_settings_of_segment_tell_its_destinations() -> None:
    found = container(json.dumps(SEGMENT))
    assert found.container_id == "0123456789abcdef0123456789abcdef"
    assert [each.name for each in found.tags] == [
        "Segment.io",
        "Facebook Pixel",
        "FullStory, fed by Segment's servers",
        "Somebody Else",
        "Hotjar, plug-in",
    ]
    assert named(found, "Facebook Pixel").consent.types == ("ads",)
    assert {each.said for one in found.tags for each in one.triggers} == {"page view on every page"}
    assert vendors(found) == {
        "Segment.io": ["segment"],
        "Facebook Pixel": ["meta-pixel"],
        "FullStory, fed by Segment's servers": ["fullstory"],
        "Somebody Else": [],
        "Hotjar, plug-in": ["hotjar"],
    }


# ---------------------------------------------------------------- what is none of them


@pytest.mark.parametrize(
    "other",
    [
        "window._satellite = window._satellite || {}; _satellite.track('x')",
        "var utag_data = {page: 'x'}; utag.link({})",
        "var _mtm = window._mtm || []; // MatomoTagManager is loaded from container_x.js",
        '{"integrations": ["a"], "name": "x"}',
        '{"attributes": {"template": "x"}}',
        '{"idcontainer": 5}',
        "",
    ],
)
def test_a_file_that_only_uses_a_tag_manager_is_no_container(other: str) -> None:
    assert not looks_like_container(other.encode())


@pytest.mark.parametrize(
    "text", [LAUNCH, UTAG, json.dumps(PROFILE), json.dumps(MATOMO), piwik(), json.dumps(SEGMENT)]
)
def test_a_file_that_breaks_off_anywhere_stops_nothing(text: str) -> None:
    for end in range(0, len(text), max(1, len(text) // 60)):
        data = text[:end].encode()
        if looks_like_container(data):
            read_container(Source("cut", data), LOADED.vocabulary)


@pytest.mark.parametrize("odd", [None, True, 5, "text", [], [[]], {}, {"type": 5}], ids=repr)
@pytest.mark.parametrize("content", [PROFILE, MATOMO, json.loads(piwik()), SEGMENT], ids=range(4))
def test_no_wrong_value_anywhere_stops_a_reader(content: Any, odd: Any) -> None:
    for path in places(content):
        changed = copy.deepcopy(content)
        inner: Any = changed
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = odd
        data = json.dumps(changed).encode()
        if looks_like_container(data):
            read_container(Source("wrong", data), LOADED.vocabulary)
