"""Edits that settle findings: they do what they say, and leave alone what is not sure."""

from __future__ import annotations

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
            "+  session_recording: {maskAllInputs: true},\n",
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
    left = rules_of(folder)
    if rule == "session-replay-without-masking":  # the text of the page is another switch
        assert "maskAllInputs: true" in (folder / "templates/base.html").read_text()
    else:
        assert rule not in left


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
