"""Configuration files: settings that hold a vendor's id, at the right place, and nothing else."""

from __future__ import annotations

import pytest

from analyzer import signatures
from analyzer.match import Matcher
from analyzer.model import Setting, Source
from analyzer.parse.files import is_readable, parse

LOADED = signatures.load()
MATCHER = Matcher(LOADED)


def said(path: str, text: str) -> list[str]:
    """The trackers that a file's settings name, with line and column."""
    facts = parse(Source(path, text.encode()), LOADED.vocabulary).facts
    return [
        f"{found.place.line}:{found.place.region.column} {found.vendor} {' '.join(found.ids)}"
        for fact in facts
        if isinstance(fact, Setting)
        for found in MATCHER.detect(fact)
    ]


def test_an_environment_file_names_a_container() -> None:
    text = "# GTM_ID=GTM-OLD0001\nNAME=clinic\nexport GTM_ID='GTM-ABC1234' # live\n"
    assert said(".env", text) == ["3:8 google-tag-manager GTM-ABC1234"]


def test_a_key_of_a_yaml_file_is_known_by_its_whole_path() -> None:
    text = "# é\nintegrations:\n  googleAnalytics:\n    id: G-ABCD123456\n    note: none\n"
    assert said("site.yml", text) == ["4:9 google-analytics-4 G-ABCD123456"]


def test_constants_of_a_script_are_settings() -> None:
    text = """
export const site = {
  analytics: { ga4: "G-ABCD123456", gtm: 'GTM-ABC1234', metaPixel: "123456789012345", theme: "G-STRING" },
};
const { GTM_ID = 'GTM-DEF5678' } = process.env;
"""
    assert said("src/site.ts", text) == [
        "3:16 google-analytics-4 G-ABCD123456",
        "3:37 google-tag-manager GTM-ABC1234",
        "3:57 meta-pixel 123456789012345",
        "5:9 google-tag-manager GTM-DEF5678",
    ]


def test_a_value_of_another_shape_is_no_id() -> None:
    assert said(".env", "GTM_ENABLED=true\nCLARITY=on\nHOTJAR_ID=none\n") == []


def test_a_yaml_file_that_is_none_says_so() -> None:
    parsed = parse(
        Source("chart/values.yml", b"gtm:\n  id: {{ .Values.gtm }}\n   x: ]\n"), LOADED.vocabulary
    )
    assert [skip.reason for skip in parsed.skips] == [
        "it is not valid YAML, so its settings were not read"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "gtm: &a [GTM-AAAA111, *a, *a]\n",
        "gtm: &a\n  id: GTM-AAAA111\n  more: *a\n  most: *a\n",
        "a0: &a0 [x, x]\n"
        + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
        + "gtm: GTM-AAAA111\n",
    ],
)
def test_aliases_that_stand_for_each_other_come_to_an_end(text: str) -> None:
    parsed = parse(Source("config.yml", text.encode()), LOADED.vocabulary)
    assert [(skip.kind, "aliases" in skip.reason) for skip in parsed.skips] == [("partly", True)]


def test_an_alias_is_known_by_where_it_is_used() -> None:
    parsed = parse(Source("config.yml", b"a: &a\n  id: GTM-AAAA111\ngtm: *a\n"), LOADED.vocabulary)
    assert [(fact.key, fact.value) for fact in parsed.facts if isinstance(fact, Setting)] == [
        ("gtm.id", "GTM-AAAA111")
    ]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (".env", True),
        ("app/.env.production", True),
        (".env.example", False),
        (".env.staging", False),
        ("config/analytics.yml", True),
        ("application.properties", True),
    ],
)
def test_only_settings_that_reach_visitors_are_read(path: str, wanted: bool) -> None:
    assert is_readable(path) is wanted
