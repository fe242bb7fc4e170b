"""Vendors' libraries: told by their texts, apart from what a site does with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from analyzer import model, pipeline, signatures
from analyzer.link.libraries import apart
from analyzer.match import Matcher
from analyzer.model import OWN, Call, Library, Report, Role, Source, UserError
from analyzer.parse.files import parse
from analyzer.parse.scripts import javascript, libraries
from analyzer.parse.scripts.evals import without_map
from analyzer.patterns import read_pattern

LOADED = signatures.load()
MATCHER = Matcher(LOADED)

# A look-alike of Mixpanel's library: the texts of its signature, in functions.
LIBRARY = """(function (root) {
  var names = {aliases: "$create_alias"};
  function first(info) { return info["$initial_referring_domain"]; }
  function kept(name) { return "__mpus" + name; }
  function send(data) { return fetch("https://api-js.mixpanel.com/track/", {body: data}); }
  root.mixpanel = {track: function (name) { mixpanel.track(name); send(first(names)); kept(name); }};
})(window);
"""
# What people write with the vendors' packages, by the vendor.
USES = {
    "adobe-web-sdk": """import { createInstance } from '@adobe/alloy';
        const alloy = createInstance({ name: 'alloy' });
        alloy('configure', { datastreamId: '01234567-89ab-cdef-0123-456789abcdef' });
        alloy('sendEvent', { xdm: {} });""",
    "amplitude": """import * as amplitude from '@amplitude/analytics-browser';
        amplitude.init('0123456789abcdef0123456789abcdef'); amplitude.track('Booked');""",
    "azure-app-insights": """
        import { ApplicationInsights } from '@microsoft/applicationinsights-web';
        const key = 'InstrumentationKey=01234567-89ab-cdef-0123-456789abcdef';
        const insights = new ApplicationInsights({ config: { connectionString: key } });
        insights.trackEvent({ name: 'booked' });""",
    "braze": """import * as braze from '@braze/web-sdk';
        braze.initialize('01234567-89ab-cdef-0123-456789abcdef', { baseUrl: 'sdk.example.com' });
        braze.logCustomEvent('booked');""",
    "bugsnag": """import Bugsnag from '@bugsnag/js';
        Bugsnag.start({ apiKey: '0123456789abcdef0123456789abcdef' });
        Bugsnag.notify(new Error('not booked'));""",
    "clevertap": """import clevertap from 'clevertap-web-sdk';
        clevertap.init('TEST-ABC-DEF-1234'); clevertap.event.push('Booked');""",
    "customerio": """import { AnalyticsBrowser } from '@customerio/cdp-analytics-browser';
        const cio = AnalyticsBrowser.load({ writeKey: '0123456789abcdef0123' });
        cio.track('booked');""",
    "datadog-rum": """import { datadogRum } from '@datadog/browser-rum';
        datadogRum.init({ applicationId: '01234567-89ab-cdef-0123-456789abcdef' });
        datadogRum.addAction('booked');""",
    "fathom": """import * as Fathom from 'fathom-client';
        Fathom.load('ABCDEFGH'); Fathom.trackEvent('booked');""",
    "firebase-analytics": """import { getAnalytics, logEvent } from 'firebase/analytics';
        import { initializeApp } from 'firebase/app';
        const analytics = getAnalytics(initializeApp({ measurementId: 'G-ABCD123456' }));
        logEvent(analytics, 'booked');""",
    "fullstory": """import { FullStory, init } from '@fullstory/browser';
        init({ orgId: 'o-1ABCDE-na1' });
        FullStory('trackEvent', { name: 'Booked', properties: {} });""",
    "google-analytics-4": """import ReactGA from 'react-ga4';
        ReactGA.initialize('G-ABCD123456'); ReactGA.event('booked');""",
    "google-analytics-ua": """import ReactGA from 'react-ga';
        ReactGA.initialize('UA-12345678-1');
        ReactGA.event({ category: 'visit', action: 'booked' });""",
    "hotjar": """import Hotjar from '@hotjar/browser';
        Hotjar.init(1234567, 6); Hotjar.event('booked');""",
    "intercom": """import Intercom, { trackEvent } from '@intercom/messenger-js-sdk';
        Intercom({ app_id: 'abcd1234' }); trackEvent('booked');""",
    "launchdarkly": """import * as LDClient from 'launchdarkly-js-client-sdk';
        const client = LDClient.initialize('0123456789abcdef01234567', { key: 'someone' });
        client.track('booked');""",
    "logrocket": """import LogRocket from 'logrocket';
        LogRocket.init('clinic/portal'); LogRocket.track('Booked');""",
    "meta-pixel": """import ReactPixel from 'react-facebook-pixel';
        ReactPixel.init('123456789012345'); ReactPixel.track('Schedule');""",
    "microsoft-clarity": """import Clarity from '@microsoft/clarity';
        Clarity.init('abcde12345'); Clarity.event('booked');""",
    "mixpanel": """import mixpanel from 'mixpanel-browser';
        mixpanel.init('0123456789abcdef0123456789abcdef'); mixpanel.track('Booked');""",
    "mparticle": """import mParticle from '@mparticle/web-sdk';
        mParticle.init('us1-0123456789abcdef0123456789abcdef', {});
        mParticle.logEvent('Booked');""",
    "plausible": """import Plausible from 'plausible-tracker';
        const plausible = Plausible({ domain: 'clinic.example.org' });
        plausible.trackEvent('booked');""",
    "posthog": """import posthog from 'posthog-js';
        posthog.init('phc_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG', { autocapture: false });
        posthog.capture('booked');""",
    "rudderstack": """import { RudderAnalytics } from '@rudderstack/analytics-js';
        const rudder = new RudderAnalytics();
        rudder.load('2abcDEFghiJKLmnoPQRstuVWX', 'https://data.example.org');
        rudder.track('Booked');""",
    "segment": """import { AnalyticsBrowser } from '@segment/analytics-next';
        const analytics = AnalyticsBrowser.load({ writeKey: '0123456789abcdefghijABCDEFGHIJ12' });
        analytics.track('Booked');""",
    "smartlook": """import Smartlook from 'smartlook-client';
        Smartlook.init('0123456789abcdef0123456789abcdef01234567');
        Smartlook.track('booked', {});""",
    "snowplow": """import { newTracker, trackStructEvent } from '@snowplow/browser-tracker';
        newTracker('sp', 'https://collector.example.org', { appId: 'clinic' });
        trackStructEvent({ category: 'visit', action: 'booked' });""",
    "statsig": """import { StatsigClient } from '@statsig/js-client';
        const client = new StatsigClient('client-0123456789abcdefghijABCDEFGHIJ0123456789abc', {});
        client.logEvent('booked');""",
    "tiktok-pixel": """import TiktokPixel from 'tiktok-pixel';
        TiktokPixel.init('ABCDE1234567890ABCDE'); TiktokPixel.track('Contact', {});""",
    "vercel-analytics": """import { inject, track } from '@vercel/analytics';
        inject(); track('booked');""",
}


def told(text: str, path: str = "js/kit.js") -> list[Library]:
    """The libraries in a script."""
    return list(libraries.facts_of(Source(path, text.encode()), LOADED.vocabulary))


def scanned(files: Mapping[str, str], folder: Path) -> Report:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return pipeline.scan([folder], LOADED)


def shown(report: Report) -> list[str]:
    """The trackers as place, vendor and role."""
    return [
        f"{each.place.path}:{each.place.line} {each.vendor} {each.detection.role}"
        + " ".join(("", *each.detection.ids))
        for each in report.site.trackers
    ]


@pytest.mark.parametrize("vendor", USES)
def test_code_that_uses_a_package_sets_it_up_and_sends_events(vendor: str) -> None:
    parsed = parse(Source("src/app.js", USES[vendor].encode()), LOADED.vocabulary)
    found = {(hit.vendor, hit.role) for fact in parsed.facts for hit in MATCHER.detect(fact)}
    assert (vendor, Role.SETUP) in found
    assert (vendor, Role.EVENT) in found
    assert all(role is not Role.LIBRARY for _, role in found)


def test_a_library_is_told_once_where_its_first_text_stands() -> None:
    (library,) = told(LIBRARY)
    assert (library.place.line, library.place.text) == (2, "$create_alias")
    assert library.alone
    assert (library.extent.line, library.extent.end_line) == (1, 7)


@pytest.mark.parametrize(
    "text",
    [
        "var blocked = ['__mpus', '$initial_referring_domain', '$create_alias'];",
        "function f() { return ['__mpus', '$initial_referring_domain', '$create_alias']; }",
        "function f() { return {a: '__mpus', b: {c: '$initial_referring_domain $create_alias'}}; }",
        "function f(s) { return s + '__mpus $initial_referring_domain $create_alias'; }",
        "function f(s) { return s + '__mpus'; } // $initial_referring_domain, $create_alias",
        "function f(s) { return `<script>__mpus = {'$initial_referring_domain': $create_alias}`; }",
        "var a = '__mpus'; var b = '$initial_referring_domain'; var c = '$create_alias';",
    ],
    ids=["list", "list in a function", "table", "one text", "comment", "template", "no function"],
)
def test_texts_side_by_side_are_no_library(text: str) -> None:
    assert told(text + "\n" + "var filler = 1;\n" * 20) == []


def test_texts_that_only_one_line_names_do_not_join_with_a_function_elsewhere() -> None:
    listed = "var blocked = ['$initial_referring_domain', '$create_alias'];\n"
    assert told(listed + "function f(s) { return s; }\n" * 10) == []


def test_what_a_library_does_by_itself_is_no_act_of_the_site(tmp_path: Path) -> None:
    report = scanned({"js/mixpanel.js": LIBRARY}, tmp_path)
    assert shown(report) == ["js/mixpanel.js:2 mixpanel library"]
    assert report.site.unknown_hosts == ()


def test_a_repository_that_makes_a_vendors_package_is_the_product(tmp_path: Path) -> None:
    sends = "export const send = (host) => fetch(`https://${host}/com.snowplowanalytics.snowplow/tp2`);\n"
    page = "<script>snowplow('newTracker', 'sp', 'collector.example.org');</script>\n"
    made = scanned(
        {
            "tracker/package.json": '{"name": "@snowplow/browser-tracker"}',
            "tracker/src/send.ts": sends,
            "plugin/package.json": '{"dependencies": {"@snowplow/browser-tracker": "workspace:*"}}',
            "demo/index.html": page,
        },
        tmp_path / "made",
    )
    assert shown(made) == ["demo/index.html:1 snowplow setup collector.example.org"]
    used = scanned(
        {
            "package.json": '{"name": "clinic", "dependencies": {"@snowplow/browser-tracker": "1"}}',
            "src/send.ts": sends,
        },
        tmp_path / "used",
    )
    assert [each.rpartition(" ")[2] for each in shown(used)] == ["package", "pixel"]


def test_what_is_appended_to_a_library_is_the_sites_own(tmp_path: Path) -> None:
    own = "mixpanel.init('0123456789abcdef0123456789abcdef');\nmixpanel.track('Booked');\n"
    report = scanned({"js/mixpanel.js": LIBRARY + own}, tmp_path)
    assert shown(report) == [
        "js/mixpanel.js:2 mixpanel library",
        "js/mixpanel.js:8 mixpanel setup 0123456789abcdef0123456789abcdef",
        "js/mixpanel.js:9 mixpanel event",
    ]


def test_an_id_inside_of_a_library_is_the_sites_own(tmp_path: Path) -> None:
    text = LIBRARY.replace(
        "  root.mixpanel",
        "  mixpanel.init('0123456789abcdef0123456789abcdef');\n  root.mixpanel",
    )
    report = scanned({"js/mixpanel.js": text}, tmp_path)
    assert "js/mixpanel.js:6 mixpanel setup 0123456789abcdef0123456789abcdef" in shown(report)


def test_a_bundle_with_a_library_keeps_the_calls_of_its_other_modules(tmp_path: Path) -> None:
    module = LIBRARY.removeprefix("(function (root) {").removesuffix("})(window);\n")
    filler = "function part(a) { return a * 2; }\n" * 2_000
    bundle = (
        "(function () { var modules = {\n1: function (root) {"
        + module
        + "},\n2: function () { mixpanel.track('Booked'); gtag('event', 'book'); },\n"
        + "3: function () {\n"
        + filler
        + "}\n}; modules[2](); })();\n"
    )
    report = scanned({"js/app.js": bundle}, tmp_path)
    (library,) = told(bundle)
    assert not library.alone
    assert sorted(shown(report)) == [
        "js/app.js:3 mixpanel library",
        "js/app.js:9 google-analytics-4 event",
        "js/app.js:9 mixpanel event",
    ]


def test_a_page_that_loads_its_own_copy_loads_the_vendor(tmp_path: Path) -> None:
    page = '<!doctype html>\n<html><head>\n<script src="/js/kit.js"></script>\n</head></html>\n'
    report = scanned({"index.html": page, "js/kit.js": LIBRARY}, tmp_path)
    assert shown(report) == ["index.html:3 mixpanel loader", "js/kit.js:2 mixpanel library"]
    loader = report.site.trackers[0]
    assert loader.detection.proxied
    assert [each.page for each in loader.fires] == ["index.html"]
    told_of = [each.message for each in report.findings if each.rule == "tracker-inventory"]
    assert any("Mixpanel, first-party proxied" in each for each in told_of)
    assert any("its library is present" in each for each in told_of)


def test_a_bundle_does_not_make_its_page_load_the_vendor(tmp_path: Path) -> None:
    filler = "function part(a) { return a * 2; }\n" * 2_000
    page = '<!doctype html>\n<html><head>\n<script src="/js/app.js"></script>\n</head></html>\n'
    report = scanned({"index.html": page, "js/app.js": filler + LIBRARY + filler}, tmp_path)
    assert shown(report) == ["js/app.js:2002 mixpanel library"]


def test_a_container_that_a_site_serves_itself_is_there(tmp_path: Path) -> None:
    container = (
        '(function(){\nvar data = {\n"resource": {"version":"2",\n'
        '"macros":[{"function":"__e"}],\n"tags":[{"function":"__html","vtp_html":"x","tag_id":3}],'
        '\n"predicates":[{"function":"_eq","arg0":["macro",0],"arg1":"gtm.js"}],\n'
        '"rules":[[["if",0],["add",0]]]},\n"runtime":[]};\n'
        'var id = {ctid: "GTM-ABC1234"};\n})()\n'
    )
    page = '<!doctype html>\n<html><head>\n<script src="/js/gtm.js"></script>\n</head></html>\n'
    report = scanned({"index.html": page, "js/gtm.js": container}, tmp_path)
    (found,) = [each for each in report.site.trackers if each.vendor == "google-tag-manager"]
    assert (found.place.path, found.detection.role) == ("js/gtm.js", Role.CONTAINER)
    assert found.detection.ids == ("GTM-ABC1234",)
    assert [each.page for each in found.fires] == ["index.html"]


def test_a_script_too_big_for_a_tree_shows_its_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "TREE_LIMIT", 1_000)
    filler = "function part(a) { return a * 2; }\n" * 200
    (library,) = told(filler + LIBRARY + filler)
    assert not library.alone
    listed = "var blocked = ['__mpus', '$initial_referring_domain', '$create_alias'];\n"
    assert told(filler + listed + filler) == []


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ('holds("__mpus")', "write two texts or more"),
        ('holds("__mpus", "__mpus")', "write two texts or more"),
        ('holds("__mpus_long_name", "long_name")', "none of them part of another"),
        ('holds("abcd", "efgh")', "may be in any script"),
        ('holds("ab", "a long text of a library")', "write two texts or more"),
        ('holds("a text of a library", name)', "write two texts or more"),
    ],
)
def test_a_signature_that_says_too_little_is_refused(text: str, advice: str) -> None:
    with pytest.raises(UserError, match=advice):
        read_pattern(text)


# A library and the page that uses it, put into one scope by a bundler.
BUNDLED = """!function(){var n=function(){};
n.prototype.init=function(e){this.id=e,this.kept="__mpus"};
n.prototype.track=function(e,t){return fetch("/track",{body:JSON.stringify([e,t])})};
n.prototype.identify=function(e){this.track("$create_alias",{to:e,at:"$initial_referring_domain"})};
var r=new n,i={init:function(){},track:function(){},identify:function(){}},t=function(e){return e}(r);
t.init("0123456789abcdef0123456789abcdef"),t.track("Booked",{email:document.getElementById("email").value});
i.track("Opened",{page:1})}();
"""


def test_a_page_that_is_bundled_with_a_library_is_told_apart_from_it() -> None:
    (parsed,) = apart([parse(Source("js/app.js", BUNDLED.encode()), LOADED.vocabulary)], MATCHER)
    calls = [fact for fact in parsed.facts if isinstance(fact, Call)]
    calls = [each for each in calls if not each.callee.startswith(OWN)]
    assert [each.callee for each in calls] == [
        "npm:mixpanel-browser.init",
        "npm:mixpanel-browser.track",
    ]
    found = {(hit.vendor, hit.role) for each in calls for hit in MATCHER.detect(each)}
    assert found == {("mixpanel", Role.SETUP), ("mixpanel", Role.EVENT)}


def test_what_a_library_does_by_itself_is_no_act_of_the_page() -> None:
    page = BUNDLED.partition("t.init(")[0] + "}();"
    (parsed,) = apart([parse(Source("js/app.js", page.encode()), LOADED.vocabulary)], MATCHER)
    assert not [fact for fact in parsed.facts if isinstance(fact, Call)]
    assert [fact for fact in parsed.facts if isinstance(fact, Library)]


def calls_in(script: str) -> list[str]:
    """What a script's calls of packages say, without the library's own."""
    (parsed,) = apart([parse(Source("js/app.js", script.encode()), LOADED.vocabulary)], MATCHER)
    calls = (fact for fact in parsed.facts if isinstance(fact, Call))
    return [
        f"{each.callee.removeprefix('npm:')}({', '.join(model.shown(one) for one in each.args)})"
        for each in calls
        if each.callee.startswith("npm:")
    ]


METHODS = """n.prototype.init=function(e){this.id=e,this.kept="__mpus"};
n.prototype.track=function(e,t){return fetch("/track",{body:JSON.stringify([e,t])})};
n.prototype.identify=function(e){this.track("$create_alias",{to:e,at:"$initial_referring_domain"})};
"""
INIT = 't.init("0123456789abcdef0123456789abcdef"),t.track("Booked",{page:1});'
TOLD = [
    "mixpanel-browser.init(0123456789abcdef0123456789abcdef)",
    "mixpanel-browser.track(Booked, {page: 1})",
]
GIVES_DEFAULT = (
    "function d(e){return e&&e.__esModule&&Object.prototype.hasOwnProperty.call(e,"
    '"default")?e.default:e}'
)
GIVES_MODULE = (
    "function(e){if(e&&e.__esModule)return e;var t={};for(var n in e)t[n]=e[n];"
    "return t.default=e,t}"
)


@pytest.mark.parametrize(
    "script",
    [
        # a helper gives back what a module is by default, and the module runs when it is asked for
        f"""!function(){{{GIVES_DEFAULT}var o,s={{}},t=d((o||(o=1,function(e){{
        Object.defineProperty(e,"__esModule",{{value:!0}}),e.default=void 0;var n=function(){{}};
        {METHODS}var r=new n;e.default=r}}(s)),s));{INIT}}}();""",
        # another module hands it on, and the helper stands where it is called
        f"""!function(){{{GIVES_DEFAULT}var o,i,a={{}},s={{}},t=d((o||(o=1,function(e){{
        e.default=void 0;var r={GIVES_MODULE}((i||(i=1,function(e){{e.default=void 0;
        var n=function(){{}};{METHODS}e.default=new n}}(a)),a));e.default=r.default}}(s)),s));
        {INIT}}}();""",
        # names are declared behind what is done with them
        f"""!function(){{function o(e){{c=e}}var n=function(){{}};{METHODS}var t=((c=new n).set=function(){{}},c);{INIT}
        for(var c,l=0;l<9;l++)part(l)}}();""",
        # a function keeps its name beside that of the variable
        f"""!function(){{var n=function n(){{}};{METHODS}var t=new n;{INIT}}}();""",
        # what a module offers is set under another name, and made where it is set
        f"""!function(){{{GIVES_DEFAULT}var e={{}},t=d(m());function m(){{var r=e,n=function(){{}};
        {METHODS}return r.default=void 0,r.default=new(r.Kit=n),e}}{INIT}}}();""",
        # more of the library stands behind the page
        f"""!function(){{var n=function(){{}};{METHODS}var t=new n;{INIT}
        var later=Object.freeze({{__proto__:null,m:function(e){{return e["$create_alias"]}}}})}}();""",
    ],
)
def test_a_page_is_told_however_the_bundler_puts_it_together(script: str) -> None:
    assert calls_in(script) == TOLD


@pytest.mark.parametrize(
    "script",
    [
        # what a class gives by itself, also where it is made by a function
        """var n=function(e){function n(){}n.load=function(e){return new n().init(e)};
        n.start=function(e){return n.init({token:e})};n.init=function(e){this.kept="__mpus"};
        n.track=function(e){this.seen=["$create_alias",e]};
        n.identify=function(e){this.at={a:"$initial_referring_domain"}};return n}(base);""",
        # what only the library knows
        """var n=function(){},p=function(){};p.prototype.set=function(e){this.kept="__mpus"};
        p.prototype.set_once=function(e){this.seen=["$create_alias",e]};
        p.prototype.increment=p.prototype.append=p.prototype.union=function(e){};
        var m=function(e){var t=new n;t.people=new p;t.people.set_once({first:e.first});return t};
        n.prototype.init=function(e){return m(e)};n.prototype.track=function(e){};
        n.prototype.identify=function(e){this.at={a:"$initial_referring_domain"}};""",
    ],
)
def test_a_library_that_speaks_to_itself_is_no_page(script: str) -> None:
    page = "var t=new n;t.people=new p;" if "new p" in script else "var t=n;"
    tail = 't.people.set({plan:"gold"});' if "new p" in script else ""
    told_of = ["mixpanel-browser.people.set({plan: gold})"] if tail else []
    assert calls_in(f"!function(){{{script}{page}{INIT}{tail}}}();") == [*TOLD, *told_of]


def test_a_bundle_of_a_library_and_its_page_is_no_copy_of_the_library(tmp_path: Path) -> None:
    page = '<!doctype html>\n<html><head>\n<script src="/js/app.js"></script>\n</head></html>\n'
    report = scanned({"index.html": page, "js/app.js": BUNDLED}, tmp_path)
    roles = {each.detection.role for each in report.site.trackers}
    assert roles == {Role.LIBRARY, Role.SETUP, Role.EVENT}


def test_what_a_page_loads_beside_a_library_in_its_bundle_counts(tmp_path: Path) -> None:
    loads = (
        "function load(id){var s=document.createElement('script');"
        "s.src='https://static.hotjar.com/c/hotjar-'+id+'.js';document.head.appendChild(s)}"
        "document.addEventListener('consent',function(e){load(e.detail.id)});"
    )
    script = BUNDLED.replace('i.track("Opened"', loads + 'i.track("Opened"')
    report = scanned({"js/app.js": script}, tmp_path)
    assert any(each.vendor == "hotjar" for each in report.site.trackers)


def test_a_library_kept_in_strings_is_recognised() -> None:
    text = LIBRARY.replace("\n", "\\n").replace('"', '\\"')
    assert told(f'var modules = {{"./lib.js": function (module) {{\neval("{text}");\n}}}};\n')


def test_a_source_map_at_the_end_of_a_bundle_is_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javascript, "TREE_LIMIT", 2_000)
    held = "//# sourceMappingURL=data:application/json;base64," + "QUJD" * 1_000
    assert calls_in(f"{BUNDLED}{held}\n") == [
        "mixpanel-browser.init(0123456789abcdef0123456789abcdef)",
        'mixpanel-browser.track(Booked, {email: ${document.getElementById("email").value}})',
    ]
    texts = f"var kept = '{held}';\n"
    assert without_map(texts.encode()) == texts.encode()


# What a chunk of a build holds beside the page's own code, so that it is longer than people write.
FILLER = "".join(f"function own{number}(e){{return e+{number}}}" for number in range(1_000))
CHUNK = (
    'var n="@vercel/analytics";function s(e){return e.own||"/_vercel/insights/script.js"+n}'
    'function l(e,o){if(!s)throw Error("[Vercel Web Analytics] Please import `track` from there");'
    'window.va("event",{name:e,data:o})}export{l as t};'
)


def test_a_chunk_of_any_size_calls_what_another_one_holds(tmp_path: Path) -> None:
    page = 'import{t as i}from"./vendor.js";' + FILLER + 'i("Booked",{clinic:1});'
    report = scanned({"page.js": page, "vendor.js": CHUNK}, tmp_path)
    found = [each.detection for each in report.site.trackers]
    assert [(each.vendor, each.role) for each in found if each.role is Role.EVENT] == [
        ("vercel-analytics", Role.EVENT)
    ]


def test_a_chunk_that_asks_for_no_package_is_left_alone(tmp_path: Path) -> None:
    page = 'import{u as i}from"./vendor.js";' + FILLER + 'i("Booked",{clinic:1});'
    chunk = CHUNK.replace("l as t", "l as t,s as u")
    report = scanned({"page.js": page, "vendor.js": chunk}, tmp_path)
    assert {each.detection.role for each in report.site.trackers} == {Role.LIBRARY}
