"""What only looks like a tracker gives nothing, whoever of all vendors is asked."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.match import Matcher
from analyzer.model import Source
from analyzer.parse.files import parse
from analyzer.pipeline import scan

LOADED = signatures.load()


def found(path: str, text: str) -> list[str]:
    """What one file shows: a weak sign counts only beside an ordinary one of its vendor."""
    facts = parse(Source(path, text.encode()), LOADED.vocabulary).facts
    matcher = Matcher(LOADED)
    detections = [each for fact in facts for each in matcher.detect(fact)]
    strong = {each.vendor for each in detections if not each.weak}
    return [
        " ".join((each.vendor, each.role, *each.ids))
        for each in detections
        if each.vendor in strong
    ]


HOSTS = [
    "notfacebook.net/en_US/fbevents.js",
    "connect.facebook.net.evil.example/en_US/fbevents.js",
    "evil.example/connect.facebook.net/en_US/fbevents.js",
    "evil.example/?u=https://connect.facebook.net/en_US/fbevents.js",
    "myhotjar.com/c/hotjar-1234567.js",
    "static.hotjar.com.example/c/hotjar-1234567.js",
    "xclarity.ms/tag/abcd012345",
    "analytics.tiktok.com.cdn.example/i18n/pixel/events.js",
    "snap.licdn.com@evil.example/li.lms-analytics/insight.min.js",
    "cdn.example/jquery.scrollbar.min.js",
    "cdn.example/branch.js",
    "cdn.example/pendo.js",
    "cdn.example/segment.js",
]


@pytest.mark.parametrize("address", HOSTS)
@pytest.mark.parametrize("tag", ["script", "img", "iframe"])
def test_hosts_are_compared_by_their_labels(address: str, tag: str) -> None:
    assert found("page.html", f'<{tag} src="https://{address}"></{tag}>') == []


@pytest.mark.parametrize(
    "text",
    [
        "// https://connect.facebook.net/en_US/fbevents.js\nstart();",
        "/* fbq('init', '702200300400511') */ start();",
        "const hosts = ['connect.facebook.net', 'static.hotjar.com', 'www.clarity.ms'];",
        "const blocked = ['https://connect.facebook.net/en_US/fbevents.js'];",
        "const known = /connect\\.facebook\\.net\\/.*fbevents\\.js/;",
        "if (url.includes('https://www.googletagmanager.com/gtm.js')) block(url);",
        "const policy = \"script-src 'self' https://connect.facebook.net https://*.hotjar.com\";",
        "res.setHeader('Content-Security-Policy', 'script-src https://www.clarity.ms');",
        "const words = {fbq: 'questions', gtag: 'tag', hj: 'Hans Jensen', ttq: 'quiet'};",
        "const message = \"call fbq('init', '702200300400511') first\";",
        "new Scrollbar(element); rollbar(7); const rollbar = document.querySelector('.rollbar');",
    ],
)
def test_a_mention_is_no_use(text: str) -> None:
    assert found("app.js", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "const heap = new Heap(); heap.push(3); heap.identify(7); heap.track(node);",
        "import Heap from 'heap-js'; const heap = new Heap(); heap.push('a');",
        "const segment = audio.segment(); segment.track(7); segment.page(1); segment.load('a');",
        "analytics.track('booked'); analytics.page(); analytics.identify(7);",
        "clarity.init('dashboard'); const clarity = image.clarity; clarity.set(7);",
        "const drift = measure(); drift.on('ready', draw); drift.load(clock);",
        "const amplitude = wave.amplitude; amplitude.track(7); amplitude.identify(peak);",
        "const branch = tree.branch; branch.init(root); branch.logEvent('leaf');",
        "const pendo = weight(); pendo.track('swing');",
        "const intercom = new Intercom(); intercom.on('message', show);",
        "function ga(name) { return genes[name]; } ga('BRCA1'); ga('send');",
        "function gtag(name) { return tags.find(name); } gtag('oak'); gtag('event');",
        "const hj = humanJoint(); hj.bend();",
        "function ym(a, b) { return a + b; } ym(1, 2);",
        "const mixpanel = mixer.panel(); mixpanel.show();",
        "plausible('a reason'); optimizely = true; crisp(apple); tidio('up');",
        "pixel('init', 3); track('PageView'); page(); identify(7);",
        "const matomo = 3; piwik(); _satellite();",
        "import { useTool } from '@clinic/tools'; const tool = useTool(); tool.track('booked');",
        "import { usePostHog } from './hooks'; const visits = usePostHog(); visits.capture('a');",
        "const { useMatomo } = require('./stats'); useMatomo().trackEvent({action: 'booked'});",
        "useTrackEvent('booked', {clinic: 'cardiology'}); new MatomoTracker(3).trackPageView();",
    ],
)
def test_ordinary_names_are_nobodys(text: str) -> None:
    assert found("app.js", text) == []


@pytest.mark.parametrize(
    ("account", "vendor"),
    [
        ("G-ABC123DEF4", "google-analytics-4"),
        ("GT-ABC123D", "google-analytics-4"),
        ("UA-12345-6", "google-analytics-ua"),
        ("AW-123456789", "google-ads"),
        ("DC-1234567", "google-floodlight"),
        ("GTM-ABC1234", "google-tag-manager"),
    ],
)
def test_the_beginning_of_an_id_tells_the_product(account: str, vendor: str) -> None:
    page = (
        f'<script src="https://www.googletagmanager.com/gtag/js?id={account}"></script>'
        f"<script>gtag('config', '{account}');</script>"
    )
    shown = {each.split()[0] for each in found("page.html", page) if each.endswith(account)}
    assert shown == {vendor}


@pytest.mark.parametrize(
    "text",
    [
        "<script src='https://www.googletagmanager.com/gtm.js?id=GTM-XXXX'></script>",
        "<script>gtag('config', 'G-XXXXXXXXXX');</script>",
        "<script>gtag('config', 'UA-XXXXX-Y');</script>",
        "<script>fbq('init', 'YOUR_PIXEL_ID');</script>",
        "<script>fbq('init', 'REPLACE_ME');</script>",
        "<script src='https://www.clarity.ms/tag/YOUR_PROJECT_ID'></script>",
    ],
)
def test_a_placeholder_is_said_to_be_one(text: str) -> None:
    matcher = Matcher(LOADED)
    facts = parse(Source("page.html", text.encode()), LOADED.vocabulary).facts
    detections = [each for fact in facts for each in matcher.detect(fact) if each.ids]
    assert detections
    assert all(each.placeholder for each in detections)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tests/test_pixel.py", "PAGE = \"<script>fbq('init', '702200300400511')</script>\"\n"),
        ("src/pixel.test.js", "fbq('init', '702200300400511');\n"),
        ("docs/pixel.md", "<script>fbq('init', '702200300400511');</script>\n"),
        ("nginx.conf", 'add_header Content-Security-Policy "script-src connect.facebook.net";\n'),
        ("public/_headers", "/*\n  Content-Security-Policy: script-src https://www.clarity.ms\n"),
        ("blocklist.txt", "||connect.facebook.net^\n||static.hotjar.com^\n"),
        ("locales/de.json", '{"fbq": "Fragen", "gtag": "Schild", "clarity": "Klarheit"}\n'),
        (
            "privacy.html",
            "<html><body><h1>Privacy</h1><p>We use <a href='https://www.facebook.com/policy'>"
            "Meta Pixel</a>, loaded from connect.facebook.net, and Hotjar.</p></body></html>\n",
        ),
    ],
)
def test_files_that_speak_of_trackers_give_no_finding(tmp_path: Path, path: str, text: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    (tmp_path / "index.html").write_text("<html><body><h1>Clinic</h1></body></html>\n")
    assert [each.vendor for each in scan([tmp_path], LOADED).site.trackers] == []


def test_an_id_of_many_crosses_takes_no_time() -> None:
    text = f"fbq('init', '{'X' * 4000}!'); gtag('config', 'G-{'X' * 4000}!');"
    started = time.perf_counter()
    found("app.js", text)
    assert time.perf_counter() - started < 2
