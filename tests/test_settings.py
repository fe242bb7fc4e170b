"""Settings of all kinds of files: ids of vendors, and addresses that scripts are loaded from."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.model import Status
from analyzer.pipeline import scan
from tests.test_server import found

LOADED = signatures.load()
SCRIPT = "https://plausible.io/js/script.js"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config/application.rb", 'config.x.gtm_id = "GTM-ABC1234"\n'),
        ("config/initializers/a.rb", 'GTM_ID = ENV.fetch("GTM_ID", "GTM-ABC1234")\n'),
        ("clinic/settings.py", 'GTM_ID = "GTM-ABC1234"\n'),
        ("clinic/settings.py", 'GTM_ID = os.environ.get("GTM_ID", "GTM-ABC1234")\n'),
        ("config/services.php", "<?php\nreturn ['gtm' => ['gtm_id' => 'GTM-ABC1234']];\n"),
        ("config/services.php", "<?php\nreturn ['tag' => env('GTM_ID', 'GTM-ABC1234')];\n"),
        ("wp-config.php", "<?php\ndefine('GTM_ID', 'GTM-ABC1234');\n"),
        ("Config.kt", 'object Config { const val GTM_ID: String = "GTM-ABC1234" }\n'),
        ("Config.cs", 'class Config { public const string GtmId = "GTM-ABC1234"; }\n'),
        ("config.go", 'package a\nconst gtmID = "GTM-ABC1234"\n'),
        ("config/config.exs", 'config :clinic,\n  gtm_id: "GTM-ABC1234"\n'),
        ("appsettings.json", '{"Tracking": {"GtmId": "GTM-ABC1234"}}'),
        ("Web.config", '<appSettings><add key="GtmId" value="GTM-ABC1234"/></appSettings>'),
        (
            "app/src/main/res/values/strings.xml",
            '<resources><string name="gtm_id">GTM-ABC1234</string></resources>',
        ),
        ("ios/Info.plist", "<dict><key>GtmId</key><string>GTM-ABC1234</string></dict>"),
        ("application.properties", "clinic.gtm.id=GTM-ABC1234\n"),
        ("chart/values.yaml", "env:\n  GTM_ID: GTM-ABC1234\n"),
    ],
)
def test_an_id_under_a_vendors_name_is_a_setting(path: str, text: str) -> None:
    assert found(path, text) == ["google-tag-manager config GTM-ABC1234"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config/application.rb", 'config.gtm_id = "none"\n'),
        ("clinic/settings.py", '# GTM_ID = "GTM-ABC1234"\nOTHER = "GTM-ABC1234"\n'),
        ("a.py", 'track("gtm_id", "GTM-ABC1234")\n'),
        ("appsettings.Development.json", '{"GtmId": "GTM-ABC1234"}'),
        ("Web.config", '<!-- <add key="GtmId" value="GTM-ABC1234"/> -->'),
        ("config/test.exs", 'config :clinic,\n  gtm_id: "GTM-ABC1234"\n'),
    ],
)
def test_what_is_no_setting_of_an_id_is_none(path: str, text: str) -> None:
    assert found(path, text) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("chart/env/prod.yaml", f"env:\n  PLAUSIBLE_SCRIPT_URL: {SCRIPT}\n"),
        (
            "docker-compose.yml",
            f'services:\n  web:\n    environment:\n      TRACKING_URL: "{SCRIPT}"\n',
        ),
        (".env", f"PUBLIC_SCRIPT_SRC={SCRIPT}\n"),
        ("site.yml", f"extra_javascript:\n  - {SCRIPT}\n"),
        ("config.js", f"const {{ SCRIPT_URL = '{SCRIPT}' }} = process.env;\n"),
        ("settings.py", f'ANALYTICS_URL = "{SCRIPT}"\n'),
    ],
)
def test_the_address_of_a_vendors_script_is_a_setting(path: str, text: str) -> None:
    assert found(path, text) == ["plausible config"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yml", f"csp:\n  script_src:\n    - {SCRIPT}\n"),
        ("a.yml", f"content_security_policy:\n  script_src: {SCRIPT}\n"),
        ("a.yml", f"blocked_url: {SCRIPT}\n"),
        ("a.yml", "docs_url: https://plausible.io/docs/plausible-script\n"),
        ("a.yml", "analytics_url: https://plausible.io/clinic.example\n"),
        ("a.yml", f"note: see {SCRIPT}\n"),
    ],
)
def test_an_address_that_is_only_named_is_no_setting(path: str, text: str) -> None:
    assert found(path, text) == []


def test_a_script_whose_address_is_a_setting_loads_the_vendor(tmp_path: Path) -> None:
    (tmp_path / "config.js").write_text(f"const {{ TRACKING_URL = '{SCRIPT}' }} = process.env;\n")
    page = '<html><head><script src="{{ trackingUrl }}"></script></head></html>\n'
    (tmp_path / "layout.njk").write_text(page)
    loaded = [
        (each.place.path, each.detection.role, each.status)
        for each in scan([tmp_path], LOADED).site.trackers
        if each.detection.role == "loader"
    ]
    assert loaded == [("layout.njk", "loader", Status.LIVE)]
    (tmp_path / "layout.njk").write_text(page.replace("trackingUrl", "otherUrl"))
    assert {each.detection.role for each in scan([tmp_path], LOADED).site.trackers} == {"config"}


def test_a_setting_that_nobody_sets_keeps_a_theme_from_loading(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    script = "https://{{ .Site.Params.disqus_name }}.disqus.com/embed.js"
    page = f'<html><head><script src="{script}"></script></head></html>\n'
    (tmp_path / "layouts" / "index.html").write_text(page)
    (tmp_path / "hugo.toml").write_text('title = "Clinic"\n')
    assert [each.status for each in scan([tmp_path], LOADED).site.trackers] == [Status.DEAD]
    (tmp_path / "hugo.toml").write_text('title = "Clinic"\n[params]\ndisqus_name = "clinic"\n')
    assert [each.status for each in scan([tmp_path], LOADED).site.trackers] == [Status.LIVE]
    (tmp_path / "hugo.toml").write_text('title = "Clinic"\n')
    spare = page.replace("disqus_name", 'disqus_name | default "clinic"')
    (tmp_path / "layouts" / "index.html").write_text(spare)
    assert [each.status for each in scan([tmp_path], LOADED).site.trackers] == [Status.LIVE]


ASKS = "<script>if (typeof gtag === 'function') { gtag('event', 'helpful'); }</script>"


@pytest.mark.parametrize(
    ("beside", "is_told"),
    [
        ("", False),
        ("<script src='https://www.googletagmanager.com/gtag/js?id=G-ABCDEF1234'></script>", True),
        ("<script src='https://www.googletagmanager.com/gtm.js?id=GTM-ABC1234'></script>", True),
        ("<script src='https://plausible.io/js/script.js'></script>", False),
    ],
)
def test_a_call_that_asks_first_needs_something_to_reach(
    tmp_path: Path, beside: str, is_told: bool
) -> None:
    (tmp_path / "index.html").write_text(f"<html><head>{beside}</head><body>{ASKS}</body></html>")
    site = scan([tmp_path], LOADED).site
    told = [each for each in site.trackers if each.detection.role == "event"]
    others = [each for each in site.others if each.detection.role == "event"]
    assert (bool(told), bool(others)) == (is_told, not is_told)


def test_a_call_that_takes_the_function_for_granted_is_told(tmp_path: Path) -> None:
    page = "<html><body><script>gtag('event', 'helpful');</script></body></html>"
    (tmp_path / "index.html").write_text(page)
    assert [each.detection.role for each in scan([tmp_path], LOADED).site.trackers] == ["event"]


@pytest.mark.parametrize(
    ("beside", "is_told"),
    [
        ("", False),
        ("<script src='https://www.googletagmanager.com/gtm.js?id=GTM-ABC1234'></script>", True),
    ],
)
def test_a_tag_manager_may_bring_the_function(tmp_path: Path, beside: str, is_told: bool) -> None:
    page = f"<html>{beside}<script>if (window.fbq) {{ fbq('track', 'Lead'); }}</script></html>"
    (tmp_path / "index.html").write_text(page)
    vendors = [each.vendor for each in scan([tmp_path], LOADED).site.trackers]
    assert ("meta-pixel" in vendors) is is_told
