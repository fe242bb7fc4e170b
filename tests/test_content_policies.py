"""Content-security policies as people write them: one reader, whatever the language."""

from __future__ import annotations

import pytest

from analyzer.model import ContentPolicy, Source
from analyzer.parse import policies

HOTJAR = "https://static.hotjar.com"


def read(path: str, text: str) -> list[ContentPolicy]:
    facts = policies.facts_of(Source(path, text.encode()))
    return [fact for fact in facts if isinstance(fact, ContentPolicy)]


def scripts(policy: ContentPolicy) -> list[str]:
    return [each.source for each in policy.allowed if each.directive == "script-src"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "a.html",
            '<meta http-equiv="Content-Security-Policy" content="script-src &#39;self&#39; '
            'https://static.hotjar.com;">',
        ),
        (
            "site.conf",
            "add_header Content-Security-Policy \"script-src 'self' https://static.hotjar.com\";\n"
            "add_header X-Frame-Options DENY;\n",
        ),
        (
            ".htaccess",
            "Header set Content-Security-Policy \"script-src 'self' https://static.hotjar.com\"",
        ),
        (
            "Security.java",
            "headers.contentSecurityPolicy(\"script-src 'self' \" +\n"
            "    \"https://static.hotjar.com; object-src 'none'\");",
        ),
        (
            "Startup.cs",
            'context.Response.Headers.Add("Content-Security-Policy", '
            "\"script-src 'self' https://static.hotjar.com\");",
        ),
        (
            "header.php",
            r"""header('Content-Security-Policy: script-src \'self\' https://static.hotjar.com');""",
        ),
        (
            "web.config",
            '<add name="Content-Security-Policy" value="script-src \'self\' '
            'https://static.hotjar.com" />',
        ),
        (
            "server.js",
            "helmet({ contentSecurityPolicy: { directives: {\n"
            '  "script-src": ["\'self\'", "https://static.hotjar.com"] } } })',
        ),
        (
            "settings.py",
            "from csp.constants import SELF\n"
            'CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": [SELF, '
            '"https://static.hotjar.com"]}}',
        ),
        (
            "csp.rb",
            "Rails.application.config.content_security_policy do |policy|\n"
            "  policy.script_src :self,\n"
            '    "https://static.hotjar.com"\n'
            "end",
        ),
    ],
)
def test_a_policy_is_read_in_every_notation(path: str, text: str) -> None:
    (policy,) = read(path, text)
    assert scripts(policy) == ["'self'", HOTJAR]
    assert policy.complete
    assert not policy.reports_only


def test_a_policy_that_only_reports_is_told_apart() -> None:
    first, second = read(
        "_headers",
        "/*\n  Content-Security-Policy: script-src 'self'\n"
        "  Content-Security-Policy-Report-Only: script-src https://static.hotjar.com\n",
    )
    assert (first.reports_only, scripts(first)) == (False, ["'self'"])
    assert (second.reports_only, scripts(second)) == (True, [HOTJAR])


@pytest.mark.parametrize(
    "text",
    [
        "// Content-Security-Policy: script-src https://static.hotjar.com",
        "# policy.script_src :self, 'https://static.hotjar.com'\nCSP_ = 1",
        "<!-- <meta http-equiv='Content-Security-Policy' content=\"script-src 'self'\"> -->",
        'contentSecurityPolicy(); var x = {imgSrc: "/logo.png", scriptSrc: "/app.js"}',
    ],
)
def test_what_is_written_off_or_no_directive_is_no_policy(text: str) -> None:
    assert read("a.js", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "const csp = `script-src 'self' ${hosts}`; // Content-Security-Policy\n"
        "set('Content-Security-Policy', csp);",
        "CSP_SCRIPT_SRC = [\"'self'\"] + EXTRA",
        "helmet({contentSecurityPolicy: {directives: {scriptSrc: [\"'self'\", ...more]}}})",
    ],
)
def test_a_part_made_at_run_time_makes_it_incomplete(text: str) -> None:
    (policy,) = read("a.js", text)
    assert not policy.complete


def test_each_source_knows_its_place() -> None:
    (policy,) = read(
        "a.conf", 'x;\nadd_header Content-Security-Policy "script-src https://static.hotjar.com";'
    )
    assert [str(each.place) for each in policy.allowed] == ["a.conf:2:48"]
