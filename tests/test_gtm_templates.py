"""Custom templates: found by their ids, read for their permissions, and by what their code does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analyzer.model import (
    Assign,
    Call,
    Fact,
    Frame,
    Hole,
    Moment,
    Object,
    Origin,
    OriginKind,
    Permission,
    Pixel,
    Push,
    Request,
    ScriptLoad,
    Template,
    holes,
    shown,
)
from tests.test_gtm import container, export, only_tag, setting, table, tag, variable

GALLERY = {
    "host": "github.com",
    "owner": "acme",
    "repository": "gtm-pixel",
    "galleryTemplateId": "AB12C",
}


def word(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"type": 1, "string": value}}


def words(key: str, *values: str) -> dict[str, Any]:
    return {
        "key": key,
        "value": {"type": 2, "listItem": [{"type": 1, "string": each} for each in values]},
    }


def permission(name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {"instance": {"key": {"publicId": name, "versionId": "1"}, "param": list(parameters)}}


def template(
    code: str = "", *permissions: dict[str, Any], sort: str = "TAG", **more: Any
) -> dict[str, Any]:
    data = (
        "___INFO___\n\n"
        + json.dumps({"type": sort, "id": "cvt_temp_public_id", "displayName": "Acme Pixel"})
        + f"\n\n___SANDBOXED_JS_FOR_WEB_TEMPLATE___\n\n{code}\n\n___WEB_PERMISSIONS___\n\n"
        + json.dumps(list(permissions))
    )
    return {"containerId": "2", "templateId": "9", "name": "Acme", "templateData": data, **more}


def only_template(*permissions: dict[str, Any], **more: Any) -> Template:
    content = export([tag("A", "cvt_2_9")], customTemplate=[template("", *permissions, **more)])
    (found,) = container(content).templates
    return found


def facts(code: str, *given: dict[str, Any], permissions: Any = (), **more: Any) -> list[Fact]:
    """What a tag does through a template whose code asks for every function that it names."""
    apis = (
        "injectScript injectHiddenIframe sendPixel sendHttpRequest sendHttpGet callInWindow "
        "setInWindow copyFromWindow copyFromDataLayer createQueue createArgumentsQueue getUrl "
        "readTitle getCookieValues localStorage sha256 makeTableMap JSON getAllEventData "
        "setDefaultConsentState encodeUriComponent getReferrerUrl isConsentGranted"
    )
    asked = "".join(f"const {name} = require('{name}');\n" for name in apis.split())
    content = export(
        [tag("A", "cvt_2_9", *given)],
        customTemplate=[template(asked + code, *permissions)],
        **more,
    )
    return list(only_tag(content).facts)


def one(*found: Fact) -> Any:
    (only,) = found
    return only


def origins(value: Any) -> list[str]:
    return [str(hole.origin) for hole in holes(value)]


@pytest.mark.parametrize(
    ("kind", "more", "label"),
    [
        ("cvt_2_9", {}, "Acme Pixel"),
        ("cvt_777_9", {}, "Acme Pixel"),
        ("cvt_2_9", {"galleryReference": GALLERY}, "acme/gtm-pixel"),
        ("cvt_AB12C", {"galleryReference": GALLERY}, "acme/gtm-pixel"),
        ("cvt_ZZ99Z", {"galleryReference": GALLERY}, ""),
        ("html", {}, ""),
    ],
)
def test_a_tag_finds_its_template(kind: str, more: dict[str, Any], label: str) -> None:
    assert only_tag(export([tag("A", kind)], customTemplate=[template(**more)])).template == label


def test_a_template_says_where_it_comes_from_and_what_is_made_of_it() -> None:
    changed = {**GALLERY, "isModified": True}
    content = export(
        [tag("One", "cvt_2_9"), tag("Two", "cvt_AB12C"), tag("Three", "html")],
        variables=[variable("Four", "cvt_2_9")],
        customTemplate=[template(galleryReference=changed), template(templateId="10")],
    )
    used, unused = container(content).templates
    assert (used.name, used.sort, used.gallery, used.modified) == (
        "Acme Pixel",
        "TAG",
        "acme/gtm-pixel",
        True,
    )
    assert (used.used_by, unused.used_by) == (("One", "Two", "Four"), ())
    assert (unused.gallery, unused.modified, unused.place.text) == ("", False, '"name": "Acme"')


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            permission("inject_script", words("urls", "https://cdn.acme.example/*")),
            Permission("inject_script", ("https://cdn.acme.example/*",)),
        ),
        (
            permission("inject_script", words("urls", "https://*/", "https://a.example/")),
            Permission("inject_script", ("https://*/", "https://a.example/"), True),
        ),
        (permission("send_pixel", word("allowedUrls", "any")), Permission("send_pixel", (), True)),
        (
            permission(
                "send_http",
                word("allowedUrls", "specific"),
                words("urls", "https://graph.facebook.com/"),
            ),
            Permission("send_http", ("https://graph.facebook.com/",)),
        ),
        (
            permission("read_data_layer", word("allowedKeys", "any")),
            Permission("read_data_layer", (), True),
        ),
        (
            permission(
                "read_data_layer",
                word("allowedKeys", "specific"),
                words("keyPatterns", "ecommerce", "user.*"),
            ),
            Permission("read_data_layer", ("ecommerce", "user.*")),
        ),
        (
            permission(
                "get_cookies", word("cookieAccess", "specific"), words("cookieNames", "_fbp")
            ),
            Permission("get_cookies", ("_fbp",)),
        ),
        (permission("get_url", word("urlParts", "any")), Permission("get_url", (), True)),
        (permission("read_title"), Permission("read_title")),
    ],
)
def test_permissions_are_read(given: dict[str, Any], expected: Permission) -> None:
    assert only_template(given).permissions == (expected,)


def test_a_global_name_is_told_with_its_rights() -> None:
    row = {
        "type": 3,
        "mapKey": [{"type": 1, "string": each} for each in ("key", "read", "write", "execute")],
        "mapValue": [
            {"type": 1, "string": "fbq"},
            {"type": 8, "boolean": True},
            {"type": 8, "boolean": False},
            {"type": 8, "boolean": True},
        ],
    }
    keys = {"key": "keys", "value": {"type": 2, "listItem": [row]}}
    assert only_template(permission("access_globals", keys)).permissions == (
        Permission("access_globals", ("fbq (read, run)",)),
    )


def test_what_the_code_loads_and_sends() -> None:
    found = facts(
        "const url = 'https://p.acme.example/hit';\n"
        "injectScript('https://cdn.acme.example/a.js', data.gtmOnSuccess);\n"
        "injectHiddenIframe('https://f.acme.example/', data.gtmOnSuccess);\n"
        "sendPixel(url + '?id=' + encodeUriComponent(data.id), data.gtmOnSuccess);\n"
        "sendHttpRequest('https://api.acme.example/', {method: 'POST'}, JSON.stringify({a: 1}));",
        setting("id", "77"),
    )
    assert [(type(fact), shown(getattr(fact, "url", None))) for fact in found] == [
        (ScriptLoad, "https://cdn.acme.example/a.js"),
        (Frame, "https://f.acme.example/"),
        (Pixel, "https://p.acme.example/hit?id=77"),
        (Request, "https://api.acme.example/"),
    ]
    assert found[3] == Request(
        place=found[3].place, url="https://api.acme.example/", body=Object((("a", 1),))
    )
    assert {fact.place.text for fact in found} == {'"type": "cvt_2_9"'}


def test_a_function_of_the_page_is_called_with_the_settings_of_the_tag() -> None:
    call = one(
        *facts(
            "callInWindow('fbq', 'init', data.pixelId, makeTableMap(data.person, 'name', 'value'));",
            setting("pixelId", "{{Id}}"),
            table("person", ("name", "value"), em="{{Mail}}"),
            variables=[
                variable("Id", "c", setting("value", "123")),
                variable("Mail", "v", setting("name", "user.email")),
            ],
        )
    )
    assert (call.callee, call.args[:2]) == ("fbq", ("init", "123"))
    assert call.args[2].get("em") == Hole("Mail", Origin(OriginKind.DATA_LAYER, "user.email"))


@pytest.mark.parametrize(
    "way",
    [
        "const fbq = copyFromWindow('fbq');",
        "const fbq = createArgumentsQueue('fbq', 'fbq.queue');",
        "const get = () => { const f = copyFromWindow('fbq'); return copyFromWindow('fbq'); };\n"
        "const fbq = get();",
    ],
)
def test_a_function_that_the_code_got_hold_of_keeps_its_name(way: str) -> None:
    call = one(
        *facts(way + "\ndata.ids.split(',').forEach(id => fbq('init', id));", setting("ids", "9"))
    )
    assert (call.callee, call.args) == ("fbq", ("init", "9"))


@pytest.mark.parametrize(
    ("code", "origin"),
    [
        ("copyFromDataLayer('ecommerce.value')", "data-layer key ecommerce.value"),
        ("copyFromDataLayer('user').email", "data-layer key user.email"),
        ("copyFromWindow('app.user')", "script variable app.user"),
        ("getAllEventData().user_id", "event data user_id"),
        ("getUrl()", "page address"),
        ("getUrl('query', false, null, 'q')", "query parameter q"),
        ("getReferrerUrl()", "referrer"),
        ("readTitle()", "page title"),
        ("getCookieValues('_fbp')", "cookie _fbp"),
        ("localStorage.getItem('cart')", "browser storage cart"),
    ],
)
def test_what_the_code_reads_has_an_origin(code: str, origin: str) -> None:
    call = one(*facts(f"callInWindow('fbq', 'track', {code});"))
    assert origins(call.args[1]) == [origin]


def test_a_digest_remembers_the_setting_that_it_is_made_of() -> None:
    call = one(
        *facts(
            "sha256(data.mail, digest => { callInWindow('fbq', 'init', '1', {em: digest}); });",
            setting("mail", "{{Mail}}"),
            variables=[variable("Mail", "v", setting("name", "email"))],
        )
    )
    (hole,) = holes(call.args[2].get("em"))
    assert (hole.origin.kind, hole.origin.of) == (
        OriginKind.HASH,
        (Origin(OriginKind.DATA_LAYER, "email"),),
    )


def test_what_a_function_of_the_template_gives_back_is_followed() -> None:
    found = facts(
        "const host = () => 'https://p.acme.example';\n"
        "sendPixel(address(data.id));\n"
        "function address(id) { return host() + '/hit?id=' + encodeUriComponent(id); }",
        setting("id", "5"),
    )
    assert shown(one(*found).url) == "https://p.acme.example/hit?id=5"


def test_a_function_that_calls_itself_ends() -> None:
    assert len(facts("const f = a => f(a) || g(a);\nconst g = a => f(a);\nsendPixel(f(1));")) == 1


def test_pushes_globals_and_consent_are_facts_as_elsewhere() -> None:
    push, also, sets, consent = facts(
        "const push = createQueue('dataLayer');\n"
        "push({event: 'ready'});\n"
        "callInWindow('dataLayer.push', {event: 'go'});\n"
        "setInWindow('acmeId', data.id);\n"
        "setDefaultConsentState({ad_storage: 'denied'});",
        setting("id", "5"),
    )
    assert isinstance(push, Push)
    assert push.layer == "dataLayer"
    assert isinstance(also, Push)
    assert also.value == Object((("event", "go"),))
    assert isinstance(sets, Assign)
    assert (sets.target, sets.value) == ("acmeId", "5")
    assert isinstance(consent, Call)
    assert consent.callee == "gtag"
    assert consent.args == ("consent", "default", Object((("ad_storage", "denied"),)))


@pytest.mark.parametrize(
    ("guard", "runs"),
    [
        ("data.on", True),
        ("!data.on", False),
        ("data.off", False),
        ("data.never", False),
        ("!data.never", True),
        ("data.mode === 'full'", True),
        ("data.mode !== 'full'", False),
        ("data.mode === 'lite'", False),
        ("data.open", True),
        ("queue.length > 3", True),
    ],
)
def test_a_switch_of_the_tag_decides_what_its_code_does(guard: str, runs: bool) -> None:
    found = facts(
        f"if ({guard}) {{ sendPixel('https://p.acme.example/'); }}",
        setting("on", "true", "BOOLEAN"),
        setting("off", "false", "BOOLEAN"),
        setting("mode", "full"),
        setting("open", "{{Mode}}"),
        variables=[variable("Mode", "v", setting("name", "mode"))],
    )
    assert len(found) == runs
    assert all(fact.guards == () for fact in found)


def test_a_question_of_consent_stays() -> None:
    found = one(*facts("if (isConsentGranted('ad_storage')) { sendPixel('https://p.example/'); }"))
    assert [guard.kind for guard in found.guards] == ["consent"]
    assert found.moment is Moment.LOAD


def test_a_limited_permission_stands_in_where_the_code_shows_no_address_of_its_kind() -> None:
    allowed = (
        permission("inject_script", words("urls", "https://cdn.acme.example/*", "https://*/")),
        permission("send_pixel", words("urls", "https://p.acme.example/")),
    )
    found = facts(
        "injectScript(data.url);\nsendPixel('https://q.acme.example/');", permissions=allowed
    )
    told = [(type(fact), shown(getattr(fact, "url", None))) for fact in found]
    assert (ScriptLoad, "https://cdn.acme.example/${*}") in told
    assert (Pixel, "https://q.acme.example/") in told
    assert (Pixel, "https://p.acme.example/") not in told


def test_a_template_that_is_cut_or_odd_is_no_trouble() -> None:
    for data in (
        "",
        "___INFO___\n[1]\n",
        '___WEB_PERMISSIONS___\n[{"instance": 3}, 4, {"instance": {"key": {"publicId": "x"}}}]\n',
        '___WEB_PERMISSIONS___\n[{"instance": {"key": {"publicId": "a"}, "param": [{"value": 1}]}}]',
        "___SANDBOXED_JS_FOR_SERVER___\nconst = = require(;;\n",
        "___SANDBOXED_JS_FOR_SERVER___",
        None,
        ["text"],
    ):
        content = export([tag("A", "cvt_2_9")], customTemplate=[template(templateData=data)])
        only = only_tag(content)
        assert (only.template, only.facts) == ("Acme", ())
