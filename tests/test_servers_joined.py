"""Server containers joined to what feeds them: from a page over the site's own host to a vendor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from analyzer import signatures
from analyzer.cli import main
from analyzer.model import (
    ContainerReport,
    Datum,
    Moment,
    Report,
    Status,
    TagReport,
    Verdict,
    births,
)
from analyzer.pipeline import Options, scan
from tests.test_flows import PAGE, PUSH
from tests.test_gtm import condition, export, setting, table, tag, trigger, variable

SERVER = "https://sgtm.clinic.org"
WEB_ID, SERVER_ID = "GTM-FL0W123", "GTM-S3RV3R1"
ROWS = ("parameter", "parameterValue")
GA4_CLIENT = {"clientId": "1", "name": "GA4", "type": "gaaw_client"}
META = {
    "templateId": "55",
    "containerId": "2",
    "name": "Facebook Conversion API",
    "galleryReference": {"owner": "stape-io", "repository": "facebook-tag"},
    "templateData": "",
}
PUSHED = PUSH.replace('plan: "gold"', "reason: document.querySelector('#why').value")


def event_data(*keys: str) -> list[dict[str, Any]]:
    return [variable(f"ed - {key}", "ed", setting("keyPath", key)) for key in keys]


def on_event(trigger_id: str, name: str, *filters: dict[str, Any]) -> dict[str, Any]:
    heard = [condition("{{_event}}", "EQUALS", name)]
    return trigger(trigger_id, "CUSTOM_EVENT", *filters, customEventFilter=heard)


def meta(name: str, fires: str = "3", **person: str) -> dict[str, Any]:
    """A tag of the Conversions API with what it tells of the visitor."""
    return tag(
        name,
        "cvt_2_55",
        setting("pixelId", "7022003004005"),
        setting("eventNameStandard", "Lead"),
        table("userDataList", ("name", "value"), **person),
        fires=fires,
    )


def web(*tags: dict[str, Any], server: str = SERVER) -> dict[str, Any]:
    """A web container with a Google tag, and an event when something is booked."""
    setup = setting("tagId", "G-ABCD123456")
    sends_to = table("configSettingsTable", ROWS, server_container_url=server)
    booked = tag(
        "GA4 - booked",
        "gaawe",
        setting("eventName", "booked"),
        setting("measurementIdOverride", "G-ABCD123456"),
        table("eventSettingsTable", ROWS, contact="{{Mail}}", reason="{{Reason}}", step="last"),
        fires="9",
    )
    content = export(
        list(tags)
        or [tag("GA4 - Config", "googtag", setup, *([sends_to] if server else [])), booked],
        [on_event("9", "booked")],
        [
            variable("Mail", "v", setting("name", "visitor.email")),
            variable("Reason", "v", setting("name", "reason")),
        ],
    )
    content["containerVersion"]["container"]["publicId"] = WEB_ID
    return content


def server(
    *tags: dict[str, Any],
    urls: tuple[str, ...] = (SERVER,),
    clients: tuple[dict[str, Any], ...] = (GA4_CLIENT,),
    **more: Any,
) -> dict[str, Any]:
    """A server container with triggers on some events."""
    is_ga4 = condition("{{Client Name}}", "EQUALS", "GA4")
    content = export(
        list(tags) or [meta("Meta - booked", em="{{ed - contact}}")],
        [
            on_event("3", "booked", is_ga4),
            trigger("4", "ALWAYS", is_ga4),
            on_event("5", "purchase"),
            on_event("6", "page_view"),
            on_event("7", "scroll"),
            trigger("8", "ALWAYS", condition("{{ed - page_location}}", "CONTAINS", "/about")),
            trigger("10", "ALWAYS", condition("{{ed - step}}", "EQUALS", "first")),
            trigger("11", "ALWAYS", condition("{{Client Name}}", "CONTAINS", "Data")),
        ],
        event_data("contact", "reason", "page_location", "step", "user_data.email_address"),
        context="SERVER",
        client=list(clients),
        customTemplate=[META],
        **more,
    )
    content["containerVersion"]["container"].update(
        publicId=SERVER_ID, taggingServerUrls=list(urls)
    )
    return content


SITE = {"book.html": PAGE, "about.html": PAGE.replace("book.js", "other.js"), "book.js": PUSHED}


def scanned(folder: Path, files: Mapping[str, str], *exports: dict[str, Any]) -> Report:
    for name, text in files.items():
        (folder / name).write_text(text)
    for number, content in enumerate(exports):
        (folder / f"container{number}.json").write_text(json.dumps(content, indent=1))
    return scan([folder], signatures.load(), Options())


def of_server(report: Report) -> ContainerReport:
    return next(each for each in report.site.containers if each.container.context == ("SERVER",))


def tag_of(report: Report, name: str) -> TagReport:
    return next(each for each in of_server(report).tags if each.tag.name == name)


def pages(found: TagReport) -> dict[str, Verdict]:
    return {firing.page: firing.verdict for firing in found.fires}


def datum(found: TagReport, name: str) -> Datum:
    return next(each for each in found.data if each.name == name)


def way(found: Datum) -> list[tuple[str, str]]:
    return [(step.text, step.place.path) for step in births(found)]


def test_one_trail_leads_from_the_page_over_the_own_host_to_the_vendor(tmp_path: Path) -> None:
    report = scanned(tmp_path, SITE, web(), server())
    (sure,) = (
        each for each in tag_of(report, "Meta - booked").fires if each.verdict is Verdict.YES
    )
    assert (sure.page, sure.moment) == ("book.html", Moment.SERVER)
    assert [(step.place.path, step.text) for step in sure.trail] == [
        ("book.html", f"loads container {WEB_ID}"),
        ("book.js", "pushes the event 'booked'"),
        ("container0.json", "trigger 'trigger 9': custom event booked"),
        ("container0.json", f"tag 'GA4 - booked' fires and sends to {SERVER}"),
        ("container1.json", f"server container {SERVER_ID} takes it in"),
        ("container1.json", "client 'GA4' makes an event of it"),
        (
            "container1.json",
            "trigger 'trigger 3': custom event booked where Client Name equals 'GA4'",
        ),
        ("container1.json", "tag 'Meta - booked' fires on the server"),
    ]


def test_a_field_is_followed_through_both_containers(tmp_path: Path) -> None:
    report = scanned(tmp_path, SITE, web(), server())
    assert way(datum(tag_of(report, "Meta - booked"), "em")) == [
        ("form field 'Your e-mail'", "book.html"),
        ("form field #email", "book.js"),
        ("data-layer key visitor.email", "book.js"),
        ("data-layer key visitor.email", "container0.json"),
        ("event data contact", "container0.json"),
    ]
    found = next(each for each in report.findings if each.rule == "plain-identifier-to-vendor")
    assert "Meta Conversions API" in {
        each.arguments[0].partition(" 7")[0]
        for each in report.findings
        if each.rule == "plain-identifier-to-vendor"
    }
    assert found.trail[0].place.path == "book.html"
    (sends,) = (each for each in report.findings if each.rule == "server-side-conversion")
    assert sends.pages == ("about.html", "book.html")
    assert len(sends.trail) == 8


def test_a_portal_that_feeds_a_server_is_told_with_the_vendor_behind_it(tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "trackerlint.toml").write_text(
        '[[pages]]\npaths = ["portal/**"]\nare = ["patient-portal"]\n'
    )
    content = server(meta("Meta", "6"))
    report = scanned(tmp_path, {"portal/index.html": PAGE}, web(), content)
    found = [each for each in report.findings if each.rule == "tracker-on-portal-page"]
    (behind,) = (each for each in found if "Meta Conversions API" in each.arguments[0])
    assert behind.arguments[1] == "portal/index.html, through the site's own server"
    assert behind.trail[-1].text.startswith("tag 'Meta' fires on the server")


def test_the_trackers_of_a_server_stay_server_side(tmp_path: Path) -> None:
    report = scanned(tmp_path, SITE, web(), server())
    (found,) = (each for each in report.site.trackers if each.vendor == "meta-conversions-api")
    assert found.status is Status.SERVER_SIDE
    assert {firing.page for firing in found.fires} == {"book.html", "about.html"}


@pytest.mark.parametrize(
    ("fires", "expected"),
    [
        ("4", {"book.html": Verdict.YES, "about.html": Verdict.YES}),
        ("6", {"book.html": Verdict.YES, "about.html": Verdict.YES}),
        ("5", {}),  # nobody sends a purchase
        ("7", {"book.html": Verdict.MAYBE, "about.html": Verdict.MAYBE}),
        ("8", {"about.html": Verdict.YES}),  # by the address that the page has
        ("10", {"book.html": Verdict.MAYBE, "about.html": Verdict.MAYBE}),
        ("11", {}),  # what another client would take in
    ],
)
def test_a_tag_gets_the_events_that_its_trigger_lets_in(
    fires: str, expected: dict[str, Verdict], tmp_path: Path
) -> None:
    content = server(meta("Meta", fires, em="{{ed - contact}}"))
    found = tag_of(scanned(tmp_path, SITE, web(), content), "Meta")
    assert pages(found) == expected
    assert bool(found.fed_by) == bool(expected)


def test_what_the_property_decides_is_said(tmp_path: Path) -> None:
    content = server(meta("Meta", "7"))
    (first, _) = tag_of(scanned(tmp_path, SITE, web(), content), "Meta").fires
    assert first.conditions == ("if the property reports the event 'scroll' by itself",)


def test_a_value_that_the_event_carries_decides_a_condition(tmp_path: Path) -> None:
    event = web()["containerVersion"]["tag"][1]
    event["parameter"].append(setting("serverContainerUrl", SERVER))
    content = server(meta("Meta", "10"))
    assert not tag_of(scanned(tmp_path, SITE, web(event), content), "Meta").fed_by


def test_another_address_is_another_server(tmp_path: Path) -> None:
    report = scanned(tmp_path, SITE, web(server="https://data.other.org"), server())
    assert of_server(report).fed_by == ()
    assert tag_of(report, "Meta - booked").fires == ()


def test_the_only_server_without_an_address_is_perhaps_the_one(tmp_path: Path) -> None:
    report = scanned(tmp_path, SITE, web(), server(urls=()))
    doubt = f"if sgtm.clinic.org is the server of {SERVER_ID}, whose export names no address"
    assert {feed.doubt for feed in of_server(report).fed_by} == {doubt}
    fires = tag_of(report, "Meta - booked").fires
    assert {firing.verdict for firing in fires} == {Verdict.MAYBE}
    assert all(doubt in firing.conditions for firing in fires)


def test_two_hosts_and_a_server_without_an_address_are_not_joined(tmp_path: Path) -> None:
    other = tag(
        "GA4 - other",
        "googtag",
        setting("tagId", "G-WXYZ123456"),
        table("configSettingsTable", ROWS, server_container_url="https://data.other.org"),
    )
    both = web(*web()["containerVersion"]["tag"], other)
    assert of_server(scanned(tmp_path, SITE, both, server(urls=()))).fed_by == ()


def test_a_server_whose_address_only_the_page_knows_is_perhaps_the_one(tmp_path: Path) -> None:
    report = scanned(tmp_path, SITE, web(server="{{Somewhere}}"), server())
    (doubt,) = {feed.doubt for feed in of_server(report).fed_by}
    assert doubt.startswith("if the address that it sends to, which only the running page knows")


def test_a_server_without_a_client_for_it_is_doubted(tmp_path: Path) -> None:
    report = scanned(tmp_path, SITE, web(), server(meta("Meta", "6"), clients=()))
    for firing in tag_of(report, "Meta").fires:
        assert firing.verdict is Verdict.MAYBE
        assert any("a client of" in each for each in firing.conditions)


def test_a_script_from_the_own_host_is_a_hint_only(tmp_path: Path) -> None:
    page = PAGE.replace("www.googletagmanager.com", "sgtm.clinic.org")
    report = scanned(tmp_path, {**SITE, "book.html": page}, web(server=""), server())
    doubts = {feed.doubt for feed in of_server(report).fed_by}
    assert doubts == {"if it sends to sgtm.clinic.org, from where the container's script is loaded"}


def test_calls_on_the_pages_feed_a_server(tmp_path: Path) -> None:
    code = (
        "<!doctype html><html><body><input id='email'><script>"
        f"gtag('config', 'G-ABCD123456', {{server_container_url: '{SERVER}'}});"
        "document.forms[0].addEventListener('submit', function () {"
        "gtag('event', 'booked', {contact: document.querySelector('#email').value}); });"
        "</script></body></html>"
    )
    report = scanned(tmp_path, {"page.html": code}, server())
    found = tag_of(report, "Meta - booked")
    assert pages(found) == {"page.html": Verdict.YES}
    assert [feed.sender for feed in found.fed_by] == ["gtag('event', 'booked')"]
    assert way(datum(found, "em"))[-2:] == [
        ("form field #email", "page.html"),
        ("event data contact", "page.html"),
    ]


def test_stapes_data_tag_feeds_stapes_client(tmp_path: Path) -> None:
    data_tag = tag(
        "Data Tag",
        "cvt_2_66",
        setting("gtm_server_domain", SERVER),
        setting("event_type", "standard"),
        setting("event_name_standard", "booked"),
        setting("add_data_layer", "true", "BOOLEAN"),
        table("user_data", ("name", "value"), email_address="{{Mail}}"),
        fires="9",
    )
    client = {"clientId": "2", "name": "Data Client", "type": "cvt_2_77"}
    template = {**META, "templateId": "77", "name": "Data Client"}
    template["galleryReference"] = {"owner": "stape-io", "repository": "data-client"}
    content = server(
        meta("Meta", "11", em="{{ed - user_data.email_address}}", ge="{{ed - reason}}"),
        clients=(client,),
    )
    content["containerVersion"]["customTemplate"].append(template)
    report = scanned(tmp_path, SITE, web(data_tag), content)
    found = tag_of(report, "Meta")
    assert pages(found)["book.html"] is Verdict.YES
    assert ("data-layer key visitor.email", "book.js") in way(datum(found, "em"))
    assert ("data-layer key reason", "book.js") in way(datum(found, "ge"))  # the whole layer


def change(kind: str, *given: dict[str, Any], name: str = "T") -> dict[str, Any]:
    return {"transformationId": "1", "name": name, "type": kind, "parameter": list(given)}


def names_table(key: str, column: str, *names: str) -> dict[str, Any]:
    rows = [{"type": "MAP", "map": [setting(column, name)]} for name in names]
    return {"type": "LIST", "key": key, "list": rows}


@pytest.mark.parametrize(
    ("transformation", "sent"),
    [
        (change("tf_exclude_params", names_table("excludedParamsTable", "excludedParams", "contact")), ["ge"]),
        (change("tf_allow_params", names_table("allowedParamsTable", "allowedParams", "contact")), ["em"]),
        (
            change(
                "tf_exclude_params",
                names_table("excludedParamsTable", "excludedParams", "contact"),
                names_table("affectedTags", "tagReference", "Another tag"),
            ),
            ["em", "ge"],
        ),
        (
            change(
                "tf_exclude_params",
                names_table("excludedParamsTable", "excludedParams", "contact"),
                names_table("affectedTags", "tagReference", "Another tag"),
                setting("allTagsExcept", "true", "BOOLEAN"),
            ),
            ["ge"],
        ),
        (
            change(
                "tf_exclude_params",
                names_table("excludedParamsTable", "excludedParams", "contact"),
                setting("matchingConditionsEnabled", "true", "BOOLEAN"),
            ),
            ["em", "ge"],
        ),
    ],
)  # fmt: skip
def test_transformations_decide_what_a_tag_gets(
    transformation: dict[str, Any], sent: list[str], tmp_path: Path
) -> None:
    content = server(
        meta("Meta", em="{{ed - contact}}", ge="{{ed - reason}}"), transformation=[transformation]
    )
    found = tag_of(scanned(tmp_path, SITE, web(), content), "Meta")
    assert [each.name for each in found.data if each.name in ("em", "ge")] == sent


def test_what_a_transformation_adds_stands_in_the_place_of_what_was_sent(tmp_path: Path) -> None:
    added = table("augmentEventTable", ("paramName", "paramValue"), contact="nobody")
    content = server(transformation=[change("tf_augment_event", added)])
    found = tag_of(scanned(tmp_path, SITE, web(), content), "Meta - booked")
    assert [text for text, _ in way(datum(found, "em"))] == [
        "constant 'nobody'",
        "event data contact",
    ]


def test_a_tag_that_forwards_everything_hands_on_what_was_put_in(tmp_path: Path) -> None:
    content = server(tag("Forward", "sgtmgaaw", fires="4"))
    found = tag_of(scanned(tmp_path, SITE, web(), content), "Forward")
    assert {each.name: each.category for each in found.data} == {
        "contact": "email",
        "reason": "",
        "step": "",
    }


def test_a_tag_that_forwards_nothing_hands_on_nothing(tmp_path: Path) -> None:
    limit = setting("epToIncludeDropdown", "none")
    content = server(tag("Forward", "sgtmgaaw", limit, fires="4"))
    found = tag_of(scanned(tmp_path, SITE, web(), content), "Forward")
    assert [each.name for each in found.data if each.name == "contact"] == []


def test_the_configuration_may_say_which_pages_feed_a_server(tmp_path: Path) -> None:
    (tmp_path / "trackerlint.toml").write_text(
        f'[[containers]]\nid = "{SERVER_ID}"\npaths = ["book.html"]\n'
    )
    report = scanned(tmp_path, SITE, server(meta("Meta", "4"), urls=()))
    assert set(pages(tag_of(report, "Meta"))) == {"book.html"}


def test_both_exports_alone_are_told_in_sentences(tmp_path: Path) -> None:
    scanned(tmp_path, {}, web(), server())
    said = CliRunner().invoke(main, ["gtm", str(tmp_path)]).output
    assert (
        f"receives what 'GA4 - Config' and 'GA4 - booked' of {WEB_ID} send to sgtm.clinic.org"
        in said
    )
    assert (
        f"goes to sgtm.clinic.org, the server container {SERVER_ID}, which sends on to "
        "Meta Conversions API" in said
    )
    assert "em from the event's 'contact', which is the data-layer key 'visitor.email'" in said


def test_listed_pages_do_not_load_a_server(tmp_path: Path) -> None:
    scanned(tmp_path, {}, server())
    (tmp_path / "paths.txt").write_text("/a\n/b\n")
    words = ["gtm", str(tmp_path / "container0.json"), "--paths", str(tmp_path / "paths.txt")]
    said = CliRunner().invoke(main, words).output
    assert "nothing that was read sends to it" in said
    assert "on 2 pages" not in said
