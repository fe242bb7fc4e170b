"""Edits that settle findings: they do what they say, and leave alone what is not sure."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer import edits, signatures
from analyzer.cli import main
from analyzer.model import Edit, Finding, Fix, Place, Region
from analyzer.pipeline import Options, scan

BANNER = (
    '<script id="Cookiebot" src="https://consent.cookiebot.com/uc.js"'
    ' data-cbid="01234567-89ab-cdef-0123-456789abcdef"></script>'
)
META = """<script>
    fbq('init', '702200300400511');
    fbq('track', 'PageView');
  </script>"""
GTAG = """<script async src="https://www.googletagmanager.com/gtag/js?id=G-ABCDEF1234"></script>
  <script>
    window.dataLayer = window.dataLayer || [];
    function gtag(){dataLayer.push(arguments);}
    gtag('js', new Date());
    gtag('config', 'G-ABCDEF1234');
  </script>"""
LAYOUT = """<!doctype html>
<html><head>
  {}
</head><body>{{% block content %}}{{% endblock %}}</body></html>
"""
RESULTS = """{% extends "base.html" %}
{% block content %}<h1>Your test results, {{ patient.name }}</h1>
<form><input name="email" type="email"><input name="password" type="password"></form>{% endblock %}
"""
CAREERS = """{% extends "base.html" %}
{% block content %}<h1>Careers</h1>{% endblock %}
"""
POSTHOG = """posthog.init('phc_0123456789abcdefghijABCDEFGHIJ0123456789abc', {
  api_host: 'https://us.i.posthog.com',
  session_recording: {maskAllInputs: false},
});
"""


def lay(folder: Path, head: str, **more: str) -> Path:
    """A portal's page and another one below a layout, with something in the layout's head."""
    files = {
        "templates/base.html": LAYOUT.format(head),
        "templates/portal/results.html": RESULTS,
        "templates/careers.html": CAREERS,
        **more,
    }
    return write(folder, files)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def fix(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["fix", str(folder), *words])


def rules_of(folder: Path) -> set[str]:
    report = scan([folder], signatures.load(), Options())
    return {finding.rule for finding in report.findings}


@pytest.mark.parametrize(
    ("rule", "head", "said"),
    [
        (
            "tracker-without-consent-gate",
            f"{BANNER}\n  {META}",
            '+  <script type="text/plain" data-cookieconsent="marketing">\n',
        ),
        (
            "tracker-without-consent-gate",
            f"{BANNER}\n  {GTAG}",
            '+  <script type="text/plain" data-cookieconsent="statistics" async src=',
        ),
        ("page-inherits-tracker", META, "+{% block trackers %}{% endblock %}\n"),
        ("automatic-events-on", META, "+    fbq('set', 'autoConfig', false, '702200300400511');\n"),
        (
            "session-replay-without-masking",
            f"<script>\n{POSTHOG}</script>",
            """+  session_recording: {maskTextSelector: '[*]', maskAllInputs: true},\n""",
        ),
    ],
)
def test_a_fix_settles_its_finding(tmp_path: Path, rule: str, head: str, said: str) -> None:
    folder = lay(tmp_path, head)
    assert rule in rules_of(folder)
    shown = fix(folder, "--select", rule)
    assert shown.exit_code == 0
    assert said in shown.stdout
    assert rule in rules_of(folder), "nothing is written without --write"
    made = fix(folder, "--select", rule, "--write")
    assert made.exit_code == 0
    assert made.stdout == ""
    assert rule not in rules_of(folder)


def test_the_patch_is_one_that_git_applies(tmp_path: Path) -> None:
    folder = lay(tmp_path / "site", f"{BANNER}\n  {META}\n  {GTAG}")
    patch = fix(folder).stdout
    assert patch
    shutil.copytree(folder, tmp_path / "other")
    subprocess.run(
        ["git", "apply", "-"],
        cwd=tmp_path / "other",
        input=patch.encode(),
        check=True,
    )
    fix(folder, "--write")
    for path in sorted(folder.rglob("*.html")):
        assert path.read_text() == (tmp_path / "other" / path.relative_to(folder)).read_text()


@pytest.mark.parametrize(
    "head",
    [
        META,  # nobody asks for consent
        f'{BANNER}<script src="https://cdn.cookielaw.org/scripttemplates/otSDKStub.js"></script>'
        + META,  # two managers: which one?
    ],
)
def test_a_script_is_held_back_only_where_one_manager_asks(tmp_path: Path, head: str) -> None:
    shown = fix(lay(tmp_path, head), "--select", "tracker-without-consent-gate")
    assert shown.stdout == ""
    assert "no finding has an edit that is safe to make" in shown.stderr


HEAD = """<!doctype html>
<html><head><title>Book an appointment</title>
<script>
{}
</script></head>
"""
FORM = """<body><h1>Book an appointment</h1>
<form><label>Symptoms <input name="symptoms"></label><input name="email" type="email"></form>
</body></html>
"""
INTAKE = """export default function Intake() {
  return <form><h1>Patient intake form</h1><label>Symptoms <input name="symptoms" /></label></form>;
}
"""
APP = """%s
export default function App({ Component, pageProps }) {
%s  return <Component {...pageProps} />;
}
"""
TURNED = {  # a file as people write it, the rule, and the lines that come
    "PostHog, TypeScript": (
        "pages/_app.tsx",
        APP
        % (
            'import posthog from "posthog-js";\n',
            """  posthog.init(process.env.NEXT_PUBLIC_POSTHOG_KEY!, {
    api_host: "https://us.i.posthog.com",
  });
""",
        ),
        "automatic-events-on",
        ["    autocapture: false,"],
    ),
    "Amplitude, JSX": (
        "pages/_app.jsx",
        APP
        % (
            """import * as amplitude from "@amplitude/analytics-browser";
amplitude.init("0123456789abcdef0123456789abcdef");""",
            "",
        ),
        "automatic-events-on",
        ['amplitude.init("0123456789abcdef0123456789abcdef", {autocapture: false});'],
    ),
    "Sentry": (
        "pages/_app.tsx",
        APP
        % (
            """import * as Sentry from "@sentry/nextjs";
Sentry.init({
  dsn: "https://0123456789abcdef0123456789abcdef@o123456.ingest.us.sentry.io/1234567",
  integrations: [Sentry.replayIntegration({ maskAllInputs: false, blockAllMedia: false })],
});""",
            "",
        ),
        "session-replay-without-masking",
        [
            "  integrations: [Sentry.replayIntegration({ maskAllInputs: true,"
            " blockAllMedia: false })],"
        ],
    ),
    "LogRocket, inside a condition": (
        "pages/_app.tsx",
        APP
        % (
            'import LogRocket from "logrocket";',
            """  if (typeof window !== "undefined") LogRocket.init("abc123/clinic");
""",
        ),
        "session-replay-without-masking",
        [
            '  if (typeof window !== "undefined") LogRocket.init("abc123/clinic",'
            " {dom: {inputSanitizer: true}});"
        ],
    ),
    "Mixpanel, Vue": (
        "src/App.vue",
        """<template>
  <form><h1>Book an appointment</h1><input name="phone"><input name="symptoms"></form>
</template>
<script setup lang="ts">
import mixpanel from 'mixpanel-browser'
mixpanel.init('0123456789abcdef0123456789abcdef', { autocapture: true, debug: false })
</script>
""",
        "automatic-events-on",
        ["mixpanel.init('0123456789abcdef0123456789abcdef', { autocapture: false, debug: false })"],
    ),
    "Google Analytics, two switches": (
        "book-appointment.html",
        HEAD.format(
            "gtag('config', 'G-ABCD123456', {'allow_google_signals': true,"
            " 'allow_ad_personalization_signals': true});"
        )
        + FORM,
        "advertising-features-on",
        [
            "gtag('config', 'G-ABCD123456', {'allow_google_signals': false,"
            " 'allow_ad_personalization_signals': false});"
        ],
    ),
    "Datadog": (
        "book-appointment.html",
        HEAD.format(
            """  window.DD_RUM && window.DD_RUM.init({
    applicationId: '01234567-89ab-cdef-0123-456789abcdef',
    clientToken: 'pub0123456789abcdef0123456789abcdef',
    sessionReplaySampleRate: 20,
    defaultPrivacyLevel: 'allow',
  });"""
        )
        + FORM,
        "session-replay-without-masking",
        ["    defaultPrivacyLevel: 'mask',"],
    ),
    "Smartlook": (
        "book-appointment.html",
        HEAD.format(
            """  smartlook('init', '0123456789abcdef0123456789abcdef01234567', { region: 'eu' });
  smartlook('record', { forms: true, ips: true });"""
        )
        + FORM,
        "session-replay-without-masking",
        ["  smartlook('record', { forms: false, ips: true });"],
    ),
    "Meta Pixel, ERB": (
        "app/views/appointments/new.html.erb",
        HEAD.format("  fbq('init', '<%= ENV[\"PIXEL\"] %>');") + FORM,
        "automatic-events-on",
        ["  fbq('set', 'autoConfig', false, '<%= ENV[\"PIXEL\"] %>');"],
    ),
    "PostHog, PHP": (
        "book-appointment.php",
        HEAD.format("  posthog.init('<?php echo $key; ?>', {api_host: 'https://eu.i.posthog.com'})")
        + FORM,
        "automatic-events-on",
        [
            "  posthog.init('<?php echo $key; ?>', {autocapture: false,"
            " api_host: 'https://eu.i.posthog.com'})"
        ],
    ),
}


@pytest.mark.parametrize("title", TURNED)
def test_a_switch_is_turned_as_people_would(tmp_path: Path, title: str) -> None:
    name, text, rule, lines = TURNED[title]
    packages = ("next", "vue", "posthog-js", "@amplitude/analytics-browser", "@sentry/nextjs")
    files = {
        name: text,
        "package.json": json.dumps({"dependencies": dict.fromkeys(packages, "1")}),
    }
    if name.startswith("pages/"):
        files["pages/intake.tsx"] = INTAKE
    if name.endswith(".vue"):
        files["index.html"] = (
            '<div id="app"></div><script type="module" src="/src/main.ts"></script>'
        )
        files["src/main.ts"] = "import App from './App.vue'\ncreateApp(App).mount('#app')\n"
    folder = write(tmp_path, files)
    before = rules_of(folder)
    assert rule in before
    assert fix(folder, "--select", rule, "--write").exit_code == 0
    after = (folder / name).read_text().splitlines()
    assert [line for line in after if line not in text.splitlines()] == lines
    assert rules_of(folder) == before - {rule}


@pytest.mark.parametrize(
    "before",
    [
        "if (location.host !== 'localhost')",
        "if (agreed)\n    // only then",
        "agreed && (",
        "var start = () =>",
        "else",
    ],
)
def test_a_statement_is_put_only_where_statements_stand(tmp_path: Path, before: str) -> None:
    script = f"  {before}\n  fbq('init', '702200300400511');\n  fbq('track', 'PageView');"
    folder = lay(tmp_path, f"<script>\n{script}\n</script>")
    assert "autoConfig" not in fix(folder).stdout


def test_line_breaks_a_byte_order_mark_and_permissions_stay(tmp_path: Path) -> None:
    folder = lay(tmp_path, META)
    layout = folder / "templates" / "base.html"
    text = "\ufeff" + layout.read_text().replace("\n", "\r\n")
    layout.write_bytes(text.encode())
    layout.chmod(0o755)
    assert fix(folder, "--select", "automatic-events-on", "--write").exit_code == 0
    made = layout.read_bytes().decode()
    assert made.startswith("\ufeff<!doctype html>\r\n")
    assert "    fbq('set', 'autoConfig', false, '702200300400511');\r\n    fbq('init'" in made
    assert made.count("\n") == made.count("\r\n") == text.count("\n") + 1
    assert layout.stat().st_mode & 0o777 == 0o755


def test_an_edit_on_the_first_line_counts_no_byte_order_mark() -> None:
    assert edits.applied([one(1, 2, "X")], {"a": "\ufeffab"}).texts == {"a": "\ufeffXb"}


def test_the_patch_names_files_from_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path / "site", META)
    monkeypatch.chdir(tmp_path)
    assert "+++ b/site/templates/base.html" in fix(Path("site")).stdout


def test_what_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lay(tmp_path, META)
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK)
    result = fix(folder, "--write")
    assert result.exit_code == 2
    assert "cannot be written; make it writable" in result.stderr


def test_where_nothing_was_read_the_exit_code_says_so(tmp_path: Path) -> None:
    assert fix(tmp_path).exit_code == 3


@pytest.mark.parametrize(
    "call",
    [
        "posthog.init('phc_0123456789abcdefghijABCDEFGHIJ0123456789abc', options);",
        "posthog.init('phc_0123456789abcdefghijABCDEFGHIJ0123456789abc',"
        " {...options, session_recording: {maskAllInputs: false}});",
        "posthog.init('phc_0123456789abcdefghijABCDEFGHIJ0123456789abc',"
        " {session_recording: {maskAllInputs: wanted}});",
    ],
)
def test_options_that_are_computed_are_left_alone(tmp_path: Path, call: str) -> None:
    folder = lay(tmp_path, f"<script>\n{call}\n</script>")
    shown = fix(folder, "--select", "session-replay-without-masking")
    assert "maskAllInputs: true" not in shown.stdout


def test_a_container_and_a_built_file_have_no_edits(tmp_path: Path) -> None:
    long = f"var a = '{'x' * 3000}';{POSTHOG}".replace("\n", "")
    folder = lay(tmp_path, '<script src="/js/app.js"></script>', **{"js/app.js": long})
    assert fix(folder, "--select", "session-replay-without-masking").stdout == ""


def test_show_and_write_are_not_asked_for_together(tmp_path: Path) -> None:
    result = fix(lay(tmp_path, META), "--diff", "--write")
    assert result.exit_code == 2
    assert "give one of the two" in result.stderr


# ---------------------------------------------------------------- edits


def one(start: int, end: int, text: str) -> Finding:
    region = Region(1, start, 1, end)
    made = Fix("A fix.", (Edit("a", region, text),))
    return Finding(Place("a", region), (), (), fixes=(made,))


def test_edits_go_in_together_unless_they_meet() -> None:
    found = edits.applied([one(1, 2, "X"), one(3, 3, "-"), one(4, 6, "YZ")], {"a": "abcdef"})
    assert found.texts == {"a": "Xb-cYZf"}
    assert len(found.done) == 3
    found = edits.applied([one(2, 5, "X"), one(4, 6, "Y"), one(1, 1, ">")], {"a": "abcdef"})
    assert found.texts == {"a": ">aXef"}
    assert [fix.edits[0].text for _, fix in found.left] == ["Y"]


def test_the_same_edit_of_two_findings_is_made_once() -> None:
    found = edits.applied([one(2, 2, "X"), one(2, 2, "X")], {"a": "ab"})
    assert found.texts == {"a": "aXb"}
    assert len(found.done) == 2
    assert not found.left


def test_a_file_without_a_last_line_break_is_told_as_git_does() -> None:
    told = edits.difference("a", "one\ntwo", "one\nthree")
    assert told.count("\\ No newline at end of file\n") == 2
