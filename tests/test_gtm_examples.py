"""Containers and pages as they are met in the wild, small: what is said of each tag and page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from analyzer import signatures
from analyzer.model import ContainerReport, Moment, Report, TagReport, Verdict, births
from analyzer.pipeline import Options, scan
from tests.test_gtm import condition, export, setting, table, tag, trigger, variable

ID = "GTM-CL1N1C7"
ROWS = ("parameter", "parameterValue")
PATH, ADDRESS, EVENT = "{{Page Path}}", "{{Page URL}}", "{{_event}}"
LOADS = f"""<script>(function(w,d,s,l,i){{w[l]=w[l]||[];w[l].push({{'gtm.start':new Date().getTime(),
event:'gtm.js'}});var f=d.getElementsByTagName(s)[0],j=d.createElement(s);j.async=true;
j.src='https://www.googletagmanager.com/gtm.js?id='+i;f.parentNode.insertBefore(j,f);
}})(window,document,'script','dataLayer','{ID}');</script>"""
YES, NO, MAYBE = Verdict.YES, Verdict.NO, Verdict.MAYBE


def page(body: str = "", loads: str = LOADS) -> str:
    return f"<!doctype html><html><head>{loads}</head><body>{body}</body></html>"


def on_event(trigger_id: str, name: str, *filters: dict[str, Any]) -> dict[str, Any]:
    heard = [condition(EVENT, "EQUALS", name)]
    return trigger(trigger_id, "CUSTOM_EVENT", *filters, customEventFilter=heard)


def pixel(name: str, fires: str = "2147479553", **more: Any) -> dict[str, Any]:
    code = "<script>fbq('init', '702200300400511'); fbq('track', 'PageView');</script>"
    return tag(name, "html", setting("html", code), fires=fires, **more)


def event_tag(name: str, fires: str, **rows: str) -> dict[str, Any]:
    return tag(
        name,
        "gaawe",
        setting("eventName", name),
        setting("measurementIdOverride", "G-ABCD123456"),
        table("eventSettingsTable", ROWS, **rows),
        fires=fires,
    )


def container(*parts: Any, container_id: str = ID, **more: Any) -> dict[str, Any]:
    content = export(*parts, **more)
    content["containerVersion"]["container"]["publicId"] = container_id
    return content


def scanned(folder: Path, files: Mapping[str, str], content: dict[str, Any]) -> Report:
    for name, text in {**files, "gtm/export.json": json.dumps(content, indent=1)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return scan([folder], signatures.load(), Options())


def only(report: Report) -> ContainerReport:
    (found,) = report.site.containers
    return found


def tag_of(report: Report, name: str) -> TagReport:
    return next(each for each in only(report).tags if each.tag.name == name)


def verdicts(report: Report, name: str, *pages: str) -> list[Verdict]:
    """Yes, no or maybe for each page."""
    fires = {each.page: each.verdict for each in tag_of(report, name).fires}
    return [fires.get(each, NO) for each in pages]


# ---------------------------------------------------------------- where


@pytest.mark.parametrize(
    ("account", "said"), [("UA-1234567-1", MAYBE), ("UA-XXXXXXX-X", NO), ("not an id", NO)]
)
def test_a_constant_decides_what_a_blocking_trigger_blocks(
    account: str, said: Verdict, tmp_path: Path
) -> None:
    """A blocker that asks for a well-formed id blocks everything while the id is a placeholder."""
    content = container(
        [pixel("rollup", "23", blockingTriggerId=["24"]), pixel("debug")],
        [
            trigger(
                "23",
                "PAGEVIEW",
                condition("{{Is local}}", "EQUALS", "true"),
                condition("{{Login}}", "EQUALS", "logged-in", "negate"),
            ),
            trigger(
                "24",
                "PAGEVIEW",
                condition("{{Account}}", "MATCH_REGEX", r"^UA-\d{7,9}-\d{1,2}$", "negate"),
            ),
        ],
        [
            variable("Account", "c", setting("value", account)),
            variable("Is local", "jsm", setting("javascript", "function(){return window.local}")),
            variable("Login", "v", setting("name", "visitorLoginState")),
        ],
    )
    report = scanned(tmp_path, {"index.html": page()}, content)
    assert verdicts(report, "rollup", "index.html") == [said]
    assert verdicts(report, "debug", "index.html") == [YES]


def test_a_blocker_of_link_clicks_does_not_block_page_views(tmp_path: Path) -> None:
    content = container([pixel("Pixel", blockingTriggerId=["5"])], [trigger("5", "LINK_CLICK")])
    report = scanned(tmp_path, {"index.html": page()}, content)
    assert verdicts(report, "Pixel", "index.html") == [YES]


def test_paths_decide_and_a_setup_tag_runs_with_its_main_tags(tmp_path: Path) -> None:
    with_base = [{"tagName": "Base", "stopOnSetupFailure": False}]
    content = container(
        [
            tag("Base", "html", setting("html", "<script>fbq('init', '1')</script>"), fires="8"),
            pixel("Shows", "1", setupTag=with_base),
            pixel("Home", "2"),
            pixel("Lead", "1", paused=True),
        ],
        [
            trigger("1", "PAGEVIEW", condition(PATH, "CONTAINS", "show")),
            trigger("2", "PAGEVIEW", condition(PATH, "EQUALS", "/")),
            trigger("8", "PAGEVIEW", condition(PATH, "EQUALS", "/nowhere")),
        ],
    )
    files = {"index.html": page(), "shows.html": page(), "contact.html": page()}
    report = scanned(tmp_path, files, content)
    pages = ("index.html", "shows.html", "contact.html")
    assert verdicts(report, "Shows", *pages) == [NO, YES, NO]
    assert verdicts(report, "Home", *pages) == [YES, NO, NO]
    assert verdicts(report, "Base", *pages) == [NO, YES, NO]
    assert verdicts(report, "Lead", *pages) == [NO, NO, NO]


def test_a_group_holds_only_where_all_of_its_triggers_may(tmp_path: Path) -> None:
    group = trigger("150", "TRIGGER_GROUP")
    group["parameter"] = [
        {
            "type": "LIST",
            "key": "triggerIds",
            "list": [{"type": "TRIGGER_REFERENCE", "value": each} for each in ("148", "149")],
        }
    ]
    timer = trigger("149", "TIMER", autoEventFilter=[condition(PATH, "CONTAINS", "checkout")])
    content = container([pixel("Pixel", "150")], [group, on_event("148", "coupon_error"), timer])
    files = {"index.html": page(), "checkout.html": page(), "warenkorb.html": page()}
    report = scanned(tmp_path, files, content)
    (fires,) = tag_of(report, "Pixel").fires
    assert (fires.page, fires.verdict) == ("checkout.html", MAYBE)
    assert fires.moment in (Moment.EVENT, Moment.TIMER)


def test_what_visitors_may_bring_in_the_query_stays_open(tmp_path: Path) -> None:
    asks = condition(ADDRESS, "MATCH_REGEX", "((.*)utm_source=(.*))|((.*)gclid=(.*))")
    content = container([pixel("Pixel", "190")], [trigger("190", "DOM_READY", asks)])
    report = scanned(tmp_path, {"index.html": page(), "shop.html": page()}, content)
    assert verdicts(report, "Pixel", "index.html", "shop.html") == [MAYBE, MAYBE]


def test_a_form_trigger_fires_after_a_form_is_sent(tmp_path: Path) -> None:
    asks = condition("{{Form ID}}", "CONTAINS", "webform")
    content = container([pixel("Pixel", "3")], [trigger("3", "FORM_SUBMISSION", asks)])
    report = scanned(tmp_path, {"index.html": page("<form id='webform-7'></form>")}, content)
    (fires,) = tag_of(report, "Pixel").fires
    assert fires.moment is Moment.INTERACTION


def test_a_container_under_another_id_is_on_no_page(tmp_path: Path) -> None:
    report = scanned(
        tmp_path, {"index.html": page()}, container([pixel("Pixel")], container_id="GTM-REPLACE")
    )
    assert only(report).installed_on == ()
    assert verdicts(report, "Pixel", "index.html") == [NO]
    assert any(each.rule == "container-contents-unknown" for each in report.findings)


@pytest.mark.parametrize(("setting_name", "pages"), [("gtm", [MAYBE]), ("other", [NO])])
def test_an_id_that_a_setting_of_the_same_name_holds_is_put_in(
    setting_name: str, pages: list[Verdict], tmp_path: Path
) -> None:
    files = {
        "package.json": '{"dependencies": {"next": "15.0.0", "react": "19.0.0"}}',
        "src/data/clinic.ts": f"export const clinic = {{analytics: {{{setting_name}: '{ID}'}}}};\n",
        "src/components/Tags.tsx": (
            "import Script from 'next/script';\nimport { clinic } from '../data/clinic';\n"
            "export default function Tags() {\n  const { gtm } = clinic.analytics;\n"
            "  return gtm && <Script src={`https://www.googletagmanager.com/gtm.js?id=${gtm}`} />;\n}\n"
        ),
        "src/app/page.tsx": (
            "import Tags from '../components/Tags';\n"
            "export default function Page() { return <main><Tags /></main>; }\n"
        ),
    }
    report = scanned(tmp_path, files, container([pixel("Pixel")]))
    assert verdicts(report, "Pixel", "src/app/page.tsx") == pages


# ---------------------------------------------------------------- events


def test_an_event_is_sure_where_it_is_pushed_and_a_maybe_elsewhere(tmp_path: Path) -> None:
    sends = page("<script>dataLayer.push({event: 'form_submission'});</script>")
    files = {"book-now.html": sends, "index.html": sends, "about-us.html": page()}
    content = container([pixel("Base"), pixel("Lead", "4")], [on_event("4", "form_submission")])
    report = scanned(tmp_path, files, content)
    pages = ("book-now.html", "index.html", "about-us.html")
    assert verdicts(report, "Base", *pages) == [YES, YES, YES]
    assert verdicts(report, "Lead", *pages) == [YES, YES, MAYBE]
    first = tag_of(report, "Lead").fires[1]
    assert first.trail[1].text == "pushes the event 'form_submission'"


def test_an_event_that_another_tag_pushes_is_chained(tmp_path: Path) -> None:
    listens = (
        "<script>document.addEventListener('wpcf7mailsent', function (sent) {"
        "dataLayer.push({event: 'form_sent', mail: document.querySelector('#mail').value});"
        "});</script>"
    )
    content = container(
        [
            tag("Listener", "html", setting("html", listens), fires="1"),
            event_tag("lead", "2", contact="{{Mail}}"),
        ],
        [
            trigger("1", "PAGEVIEW", condition(PATH, "CONTAINS", "contact")),
            on_event("2", "form_sent"),
        ],
        [variable("Mail", "v", setting("name", "mail"))],
    )
    files = {"index.html": page(), "contact.html": page("<input id='mail'>")}
    report = scanned(tmp_path, files, content)
    assert verdicts(report, "lead", "index.html", "contact.html") == [MAYBE, YES]
    sure = next(each for each in tag_of(report, "lead").fires if each.verdict is YES)
    assert "tag 'Listener' pushes the event 'form_sent'" in [step.text for step in sure.trail]
    (contact,) = (each for each in tag_of(report, "lead").data if each.name == "contact")
    assert [step.text for step in births(contact)] == [
        "form field named mail",
        "form field #mail",
        "data-layer key mail",
    ]


LIBRARY = """export function track(event, params = {}) {
  window.dataLayer = window.dataLayer || [];
  window.dataLayer.push({ event, ...params });
}
"""
HOOK = """import { useCallback } from 'react';
export function useGTM() {
  const track = useCallback((event, params) => {
    window.dataLayer.push({ event, ...params });
  }, []);
  return { track };
}
"""
OLD = """export const track = (name, more) => {
  window.dataLayer.push(Object.assign({event: name, segment: 'visitor'}, more));
};
"""
OBJECT = """export const track = (entry) => { window.dataLayer.push(entry); };
"""
ADDS = """export function track(name, params) {
  const all = { page_type: document.body.id, ...params };
  if (window.gtag) window.gtag('event', name, all);
  window.dataLayer.push({ event: name, ...all });
}
"""
TELLS = """export function track(name, params) { window.gtag('event', name, params); }
"""


@pytest.mark.parametrize(
    ("library", "imported", "called"),
    [
        (LIBRARY, "import { track } from './track';", "track('answered', {answer: VALUE})"),
        (LIBRARY, "import * as gtm from './track';", "gtm.track('answered', {answer: VALUE})"),
        (
            HOOK,
            "import { useGTM } from './track';\nconst { track } = useGTM();",
            "track('answered', {answer: VALUE})",
        ),
        (OLD, "import { track } from './track';", "track('answered', {answer: VALUE})"),
        (OBJECT, "import { track } from './track';", "track({event: 'answered', answer: VALUE})"),
        (ADDS, "import { track } from './track';", "track('answered', {answer: VALUE})"),
        (TELLS, "import { track } from './track';", "track('answered', {answer: VALUE})"),
        ("window." + OLD.removeprefix("export const "), "", "track('answered', {answer: VALUE})"),
    ],
)
def test_an_answer_is_followed_through_a_function_of_another_file(
    library: str, imported: str, called: str, tmp_path: Path
) -> None:
    read = "document.querySelector('#pain').value"
    script = (
        f"{imported}\ndocument.querySelector('#quiz').addEventListener('submit', () => {{\n"
        f"  {called.replace('VALUE', read)};\n}});\n"
    )
    is_module = "import" in imported
    other = '<script src="track.js"></script>'
    kind = ' type="module"' if is_module else ""
    form = "<form id='quiz'><label for='pain'>Where is the pain?</label><input id='pain'></form>"
    files = {
        "test.html": page(
            f"{form}{'' if is_module else other}<script{kind} src='quiz.js'></script>"
        ),
        "index.html": page("" if is_module else other),
        "track.js": library,
        "quiz.js": script,
    }
    content = container(
        [event_tag("answered", "106", answer="{{Answer}}")],
        [on_event("106", "answered")],
        [variable("Answer", "v", setting("name", "answer"))],
    )
    report = scanned(tmp_path, files, content)
    assert verdicts(report, "answered", "test.html", "index.html") == [YES, MAYBE]
    sure = next(each for each in tag_of(report, "answered").fires if each.verdict is YES)
    assert any("through track() of track.js" in step.text for step in sure.trail)
    (answer,) = (each for each in tag_of(report, "answered").data if each.name == "answer")
    assert [step.text for step in births(answer)] == [
        "form field 'Where is the pain?'",
        "form field #pain",
        "data-layer key answer",
    ]


def test_a_function_that_is_not_imported_is_another_one(tmp_path: Path) -> None:
    files = {
        "index.html": page("<script type='module' src='a.js'></script>"),
        "a.js": "import { track } from './other';\ntrack('answered', {});\n",
        "other.js": "export function track(name) { console.log(name); }\n",
        "track.js": LIBRARY,
    }
    content = container([event_tag("answered", "106")], [on_event("106", "answered")])
    report = scanned(tmp_path, files, content)
    assert verdicts(report, "answered", "index.html") == [MAYBE]


def test_what_is_pushed_and_not_forwarded_is_not_sent(tmp_path: Path) -> None:
    body = "<script>dataLayer.push({event: 'done', answer: '7', step: 2});</script>"
    content = container(
        [event_tag("done", "14", step="{{Step}}")],
        [on_event("14", "done")],
        [
            variable("Step", "v", setting("name", "step")),
            variable("Answer", "v", setting("name", "answer")),
        ],
    )
    report = scanned(tmp_path, {"index.html": page(body)}, content)
    assert [each.name for each in tag_of(report, "done").data] == ["event", "step"]


# ---------------------------------------------------------------- what


def test_a_fragment_knows_its_vendor_and_not_the_property(tmp_path: Path) -> None:
    """The tag that it points at by name is in the container that it is meant for."""
    reference = {"type": "TAG_REFERENCE", "key": "measurementId", "value": "GA4 - Config"}
    content = container([tag("quiz", "gaawe", setting("eventName", "quiz"), reference)])
    found = tag_of(scanned(tmp_path, {"index.html": page()}, content), "quiz")
    assert (found.vendor, found.ids) == ("google-analytics-4", ())
    assert not found.never_fires


def test_a_persons_data_is_followed_into_google_ads(tmp_path: Path) -> None:
    person = variable(
        "User data",
        "awec",
        setting("mode", "MANUAL"),
        setting("email", "{{Mail of the form}}"),
        setting("phone_number", "{{Phone with country}}"),
    )
    reads = "function(){return document.querySelector('input[name=\"fields[email]\"]').value}"
    content = container(
        [
            tag(
                "Ads - person",
                "awud",
                setting("conversionId", "123456780"),
                setting("userDataVariable", "{{User data}}"),
            )
        ],
        [],
        [
            person,
            variable("Mail of the form", "jsm", setting("javascript", reads)),
            variable("Phone with country", "c", setting("value", "+{{Phone}}")),
            variable("Phone", "j", setting("name", "sessionStorage.gtm_user_data.phone")),
        ],
    )
    report = scanned(tmp_path, {"index.html": page()}, content)
    found = {each.name: each for each in tag_of(report, "Ads - person").data}
    assert str(found["email"].origin) == 'form field input[name="fields[email]"]'
    assert str(found["phone_number"].origin).startswith("browser storage gtm_user_data")
    assert verdicts(report, "Ads - person", "index.html") == [YES]
    assert any(each.rule == "plain-identifier-to-vendor" for each in report.findings)


def test_names_of_undefined_variables_are_maybes_with_a_word_about_it(tmp_path: Path) -> None:
    content = container(
        [event_tag("quiz_result", "5", result="{{DLV - Result}}")],
        [on_event("5", "quiz", condition("{{DLV - Service}}", "EQUALS", "botox"))],
    )
    body = "<script>dataLayer.push({event: 'quiz'});</script>"
    report = scanned(tmp_path, {"index.html": page(body)}, content)
    assert verdicts(report, "quiz_result", "index.html") == [MAYBE]
    targets = {each.target for each in only(report).container.diagnostics}
    assert {"DLV - Result", "DLV - Service"} <= targets
