"""The organisation's word acts: on findings, pages, hosts, containers, files and rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analyzer.model import Home, State
from analyzer.pipeline import Options
from analyzer.policy import idle
from analyzer.policy.patterns import answers, covers
from tests.policies import CAREERS, MIXPANEL, PIXEL, SITE, lay, named, opens, scanned, with_policy

AGREEMENT = """
[[agreements]]
vendor = "meta-pixel"
document = "BAA-2026-014"
signed = 2026-02-01
expires = 2026-12-31
owner = "privacy@clinic.example"
"""


# ---------------------------------------------------------------- agreements, allowed, ignore


def test_an_agreement_in_force_settles_and_stays_visible(tmp_path: Path) -> None:
    found = named(with_policy(tmp_path, AGREEMENT), "vendor-without-baa")
    assert found
    for each in found:
        word = each.suppressed
        assert word is not None
        assert (word.kind, word.owner, word.until) == (
            "agreement",
            "privacy@clinic.example",
            date(2026, 12, 31),
        )
        assert word.reason == (
            "business associate agreement BAA-2026-014, signed 2026-02-01, expires 2026-12-31"
        )
        assert (word.place.path, word.place.line, word.place.text) == (
            "trackerlint.toml",
            2,
            "[[agreements]]",
        )


def test_an_agreement_that_expired_settles_nothing(tmp_path: Path) -> None:
    lay(tmp_path, {**SITE, "trackerlint.toml": AGREEMENT})
    last = named(scanned(tmp_path, today=date(2026, 12, 31)), "vendor-without-baa")
    after = named(scanned(tmp_path, today=date(2027, 1, 1)), "vendor-without-baa")
    assert not any(each.is_open for each in last)
    assert after
    assert all(each.is_open for each in after)


def test_the_record_of_an_agreement_says_what_a_rule_about_it_needs(tmp_path: Path) -> None:
    (said,) = with_policy(tmp_path, AGREEMENT).site.policy.agreements
    assert said.vendors == ("meta-pixel",)
    assert said.document == "BAA-2026-014"
    assert str(said.place) == "trackerlint.toml:2:1"
    assert not said.in_force(date(2027, 1, 1))


def test_an_agreement_with_a_company_covers_its_products(tmp_path: Path) -> None:
    text = '[[agreements]]\ncompany = "{}"\ndocument = "BAA-1"\n'
    page = f"<html><head><title>Book an appointment</title>{MIXPANEL}</head></html>"
    site = {"book-appointment.html": page}
    assert "agreement-unconfirmed" in opens(with_policy(tmp_path / "a", "", site))
    settled = with_policy(tmp_path / "b", text.format("mixpanel"), site)
    assert "agreement-unconfirmed" not in opens(settled)


def test_an_agreement_with_a_company_covers_no_product_that_it_signs_none_for(
    tmp_path: Path,
) -> None:
    """Whoever has a paper for one product of a large company has none for the others."""
    text = '[[agreements]]\n{}\ndocument = "BAA-1"\n'
    report = with_policy(tmp_path / "a", text.format('company = "Meta Platforms"'))
    assert "vendor-without-baa" in opens(report)
    (idle,) = named(report, "policy-entry-unused")
    assert "says that it signs none for Meta Pixel; where it did, name the product" in idle.message
    told = with_policy(tmp_path / "b", text.format('vendor = "meta-pixel"'))
    assert "vendor-without-baa" not in opens(told)
    assert not named(told, "policy-entry-unused")


def test_a_vendor_is_allowed_on_a_class_of_pages_only(tmp_path: Path) -> None:
    text = '[[allowed]]\nvendor = "meta-pixel"\non = "{}"\nreason = "Agreed."\n'
    on_others = with_policy(tmp_path / "a", text.format("billing"))
    on_all = with_policy(tmp_path / "b", text.format("*"))
    on_these = with_policy(tmp_path / "c", text.format("scheduling"))
    assert "vendor-without-baa" in opens(on_others)
    assert "vendor-without-baa" not in opens(on_all)
    assert "vendor-without-baa" not in opens(on_these)


def test_a_vendor_that_is_allowed_everywhere_is_allowed_on_pages_without_a_class(
    tmp_path: Path,
) -> None:
    layout = f"<html><head>{PIXEL}</head><body>{{% block main %}}{{% endblock %}}</body></html>"
    pages = {
        f"templates/{name}.html": f'{{% extends "base.html" %}}<h1>{name}</h1>'
        for name in ("about", "careers", "news")
    }
    site = {"templates/base.html": layout, **pages}
    text = '[[allowed]]\nvendor = "meta-pixel"\non = {}\nreason = "Agreed."\n'
    (found,) = named(with_policy(tmp_path / "a", "", site), "tracker-on-every-page")
    assert found.is_open
    assert not found.classes
    for number, (on, is_open) in enumerate((('"*"', False), ('["condition"]', True))):
        report = with_policy(tmp_path / str(number), text.format(on), site)
        (found,) = named(report, "tracker-on-every-page")
        assert found.is_open is is_open


def test_a_finding_is_ignored_by_rule_path_and_vendor_together(tmp_path: Path) -> None:
    text = (
        '[[ignore]]\nrules = ["TL901"]\npaths = ["careers.html"]\nvendor = "meta-pixel"\n'
        'reason = "Known."\nuntil = 2026-12-01\n'
    )
    report = with_policy(tmp_path, text)
    accepted = [each for each in report.findings if not each.is_open]
    assert [(each.rule, each.place.path) for each in accepted] == [
        ("tracker-inventory", "careers.html")
    ]
    later = scanned(tmp_path, today=date(2026, 12, 2))
    assert all(each.is_open for each in named(later, "tracker-inventory"))


# ---------------------------------------------------------------- rules


def test_a_finding_is_ignored_on_classes_that_all_of_its_pages_have(tmp_path: Path) -> None:
    text = '[[ignore]]\nrules = ["vendor-without-baa"]\non = {}\nreason = "Agreed."\n'
    layout = f"<html><head>{PIXEL}</head><body>{{% block main %}}{{% endblock %}}</body></html>"
    page = '{{% extends "base.html" %}}{{% block main %}}<h1>{}</h1>{{% endblock %}}'
    site = {
        "templates/base.html": layout,
        "templates/appointments/book.html": page.format("Book an appointment"),
        "templates/portal/messages.html": page.format("Messages in your patient portal"),
    }
    (found,) = named(with_policy(tmp_path / "a", "", site), "vendor-without-baa")
    assert {"scheduling", "patient-portal"} <= set(found.classes)
    for on, is_open in (
        ('["scheduling"]', True),
        (str(list(found.classes)), False),
        ('"*"', False),
        ('["scheduling", "*"]', False),
    ):
        report = with_policy(tmp_path / "b", text.format(on), site)
        (found,) = named(report, "vendor-without-baa")
        assert found.is_open is is_open


def test_rules_are_selected_ignored_and_given_a_severity(tmp_path: Path) -> None:
    text = (
        '[rules]\nselect = ["TL1", "tracker-inventory"]\nignore = ["TL101"]\n'
        '[severity]\nTL901 = "error"\ntracker-on-every-page = "off"\n'
    )
    report = with_policy(tmp_path, text)
    assert "vendor-without-baa" not in opens(report)
    assert "tracker-on-every-page" not in opens(report)
    assert {str(each.severity) for each in named(report, "tracker-inventory")} == {"error"}
    assert [str(each.severity) for each in report.rules if each.code == "TL901"] == ["error"]


def test_the_user_stands_above_the_configuration(tmp_path: Path) -> None:
    lay(tmp_path, {**SITE, "trackerlint.toml": '[rules]\nignore = ["tracker-inventory"]\n'})
    assert not named(scanned(tmp_path), "tracker-inventory")
    assert named(scanned(tmp_path, options=Options(select=("TL901",))), "tracker-inventory")


# ---------------------------------------------------------------- pages


def test_pages_get_and_lose_classes_with_the_line_as_the_reason(tmp_path: Path) -> None:
    text = (
        '[[pages]]\npaths = ["careers.html"]\nare = ["patient-portal"]\n'
        '[[pages]]\nroutes = ["/book-*"]\nare-not = "scheduling"\n'
    )
    pages = with_policy(tmp_path, text).site.pages
    (portal,) = pages["careers.html"].classes
    assert (portal.id, portal.axis) == ("patient-portal", "signed-in")
    assert portal.reasons == ("said in trackerlint.toml:1",)
    assert not pages["book-appointment.html"].has_class("scheduling")


def test_a_class_that_is_known_keeps_its_own_reasons(tmp_path: Path) -> None:
    text = '[[pages]]\npaths = ["book-appointment.html"]\nare = ["scheduling"]\n'
    (found,) = with_policy(tmp_path, text).site.pages["book-appointment.html"].classes
    assert found.reasons[0] == "said in trackerlint.toml:1"
    assert len(found.reasons) > 1


@pytest.mark.parametrize(
    ("pattern", "route", "fits"),
    [
        ("/portal/**", "/portal", True),
        ("/portal/**", "/portal/a/b/", True),
        ("/portal/**", "/portals", False),
        ("/portal/*", "/portal/a", True),
        ("/portal/*", "/portal/a/b", False),
        ("/portal/*", "/portal/*", True),
        ("/portal/messages", "/portal/*", False),
        ("/**/results", "/a/b/results", True),
        ("/**/results", "/results", True),
        ("/doctors-*", "/doctors-near-you", True),
        ("/a.b", "/axb", False),
        ("/", "/", True),
        ("/", "/a", False),
        ("/**", "/a", True),
        ("/pay", "https://clinic.example/pay?x=1", True),
    ],
)
def test_a_pattern_of_addresses(pattern: str, route: str, fits: bool) -> None:
    assert answers((pattern,), (route,)) is fits


def test_only_every_address_means_a_page_without_one() -> None:
    assert answers(("/**",), ())
    assert not answers(("/", "/*", "/a/**"), ())


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("careers", "a/careers/b.html", True),
        ("./careers", "a/careers/b.html", False),
        ("./careers", "careers/b.html", True),
        ("a/*/c", "a/b/c", True),
        ("*.bak.html", "a/b.bak.html", True),
        ("pages/[id].tsx", "pages/[id].tsx", True),
        ("pages/[id].tsx", "pages/i.tsx", False),
        ("#1.html", "#1.html", True),
        (".", "a/b", True),
    ],
)
def test_a_pattern_of_files(pattern: str, path: str, fits: bool) -> None:
    assert covers((pattern,), Home(), path) is fits


def test_a_pattern_takes_files_away_again() -> None:
    assert covers(("a/**", "!a/b.html"), Home(), "a/c.html")
    assert not covers(("a/**", "!a/b.html"), Home(), "a/b.html")


# ---------------------------------------------------------------- hosts


OWN = '<script src="https://static.clinic.example.com/app.js"></script>'
PROXY = '<script src="https://m.clinic-metrics.com/x/abc.js?st=GTM-PRXY123"></script>'


def test_a_host_of_the_organisation_is_no_third_party(tmp_path: Path) -> None:
    files = {"index.html": f"<html><body>{OWN}</body></html>"}
    text = '[[hosts]]\nhosts = ["*.clinic.example.com"]\n'
    without = scanned(lay(tmp_path / "a", files))
    told = with_policy(tmp_path / "b", text, files)
    assert [each.host for each in without.site.unknown_hosts] == ["static.clinic.example.com"]
    assert told.site.unknown_hosts == ()
    assert idle(told.site) == ()


def test_a_host_that_stands_for_a_vendor_is_that_vendor(tmp_path: Path) -> None:
    files = {"index.html": f"<html><body>{PROXY}</body></html>"}
    text = '[[hosts]]\nhost = "m.clinic-metrics.com"\nstands-for = "google-tag-manager"\n'
    (found,) = with_policy(tmp_path, text, files).site.trackers
    assert (found.vendor, found.detection.role) == ("google-tag-manager", "container")
    assert found.detection.proxied
    assert found.detection.ids == ("GTM-PRXY123",)
    assert found.fires[0].page == "index.html"


def test_what_is_sent_to_such_a_host_is_data_of_that_vendor(tmp_path: Path) -> None:
    pixel = '<img src="https://px.clinic-metrics.com/p.gif?email=a&amp;x=1" width="1">'
    files = {"index.html": f"<html><body>{pixel}</body></html>"}
    text = '[[hosts]]\nhost = "px.clinic-metrics.com"\nstands-for = "meta-pixel"\n'
    (found,) = with_policy(tmp_path, text, files).site.trackers
    assert {each.name for each in found.detection.data} == {"email", "x"}


# ---------------------------------------------------------------- containers


EXPORT = (
    '{"exportFormatVersion": 2, "containerVersion": {"container": {"publicId": "GTM-SERV123",'
    ' "name": "c", "usageContext": ["WEB"]}, "tag": [{"tagId": "1", "name": "Pixel", "type":'
    ' "html", "parameter": [{"type": "TEMPLATE", "key": "html", "value": "<script>fbq(\'init\','
    ' \'702200300400511\');</script>"}], "firingTriggerId": ["2147479553"]}]}}'
)


def test_a_configured_container_is_read_and_loaded_by_its_pages(tmp_path: Path) -> None:
    lay(tmp_path, {"elsewhere/gtm.json": EXPORT})
    files = {"index.html": "<html><p>", "book-appointment.html": "<html><p>"}
    text = '[[containers]]\nid = "GTM-SERV123"\nexport = "../elsewhere/gtm.json"\nroutes = ["/book*"]\n'
    site = with_policy(tmp_path / "site", text, files).site
    (pixel,) = [each for each in site.trackers if each.vendor == "meta-pixel"]
    assert pixel.place.path == "../elsewhere/gtm.json"
    (firing,) = pixel.fires
    assert firing.page == "book-appointment.html"
    assert (firing.trail[0].place.path, firing.trail[0].place.line) == ("trackerlint.toml", 1)
    assert (
        firing.trail[0].text == "the configuration says that this page loads container GTM-SERV123"
    )
    assert idle(site) == ()


def test_a_page_that_loads_the_container_itself_is_told_by_its_own_snippet(tmp_path: Path) -> None:
    snippet = '<script src="https://www.googletagmanager.com/gtm.js?id=GTM-SERV123"></script>'
    files = {"index.html": f"<html>{snippet}<p>", "gtm.json": EXPORT}
    text = '[[containers]]\nexport = "gtm.json"\nroutes = ["/**"]\n'
    site = with_policy(tmp_path, text, files).site
    assert {each.place.path for each in site.trackers} == {"index.html", "gtm.json"}


# ---------------------------------------------------------------- files


def test_files_are_left_out_and_read_after_all(tmp_path: Path) -> None:
    files = {**SITE, "tests/page.html": CAREERS, "old/a.html": CAREERS, "old/keep/b.html": CAREERS}
    text = 'exclude = ["old/*.html"]\ninclude = ["./tests/"]\n'
    report = with_policy(tmp_path, text, files)
    assert {"tests/page.html", "old/keep/b.html"} <= set(report.site.pages)
    assert "old/a.html" not in report.site.pages
    (skip,) = report.coverage.skips
    assert (skip.path, skip.kind) == ("old/*.html", "left-out")
    assert skip.reason == "left out by exclude in trackerlint.toml:1"


def test_the_users_include_stands_above_exclude(tmp_path: Path) -> None:
    lay(tmp_path, {**SITE, "trackerlint.toml": 'exclude = ["careers.html"]\n'})
    report = scanned(tmp_path, options=Options(include=("careers.html",)))
    assert "careers.html" in report.site.pages


# ---------------------------------------------------------------- what matches nothing


def test_entries_that_match_nothing_are_told(tmp_path: Path) -> None:
    text = """\
exclude = ["archive/"]
include = ["dist/"]
[[agreements]]
vendors = ["hotjar", "tiktok-pixel"]
document = "BAA-1"
[[pages]]
paths = ["nowhere/**"]
are = ["billing"]
[[hosts]]
hosts = ["cdn.clinic.example", "*.other.example"]
[[containers]]
export = "gtm.json"
[[containers]]
id = "GTM-OTHER12"
export = "real.json"
[[containers]]
id = "GTM-SERV123"
routes = ["/none/**"]
"""
    files = {**SITE, "gtm.json": "{}", "real.json": EXPORT}
    said = [(each.place.line, each.text) for each in idle(with_policy(tmp_path, text, files).site)]
    assert said == [
        (3, "the agreement for hotjar, tiktok-pixel"),
        (6, "the pages of nowhere/**"),
        (10, "the host cdn.clinic.example"),
        (10, "the host *.other.example"),
        (11, "the export gtm.json, which holds no container"),
        (13, "the container GTM-OTHER12, since the export real.json holds GTM-SERV123"),
        (16, "the pages /none/** of the container GTM-SERV123"),
        (1, "the exclude pattern archive/"),
        (2, "the include pattern dist/"),
    ]


def test_an_entry_that_matches_is_not_told(tmp_path: Path) -> None:
    text = AGREEMENT + '[[pages]]\nroutes = ["/careers*"]\nare = "billing"\n'
    assert idle(with_policy(tmp_path, text).site) == ()


def test_what_was_read_in_part_is_not_held_against_the_configuration(tmp_path: Path) -> None:
    lay(tmp_path, {"web/a.html": PIXEL, "trackerlint.toml": '[[hosts]]\nhost = "a.example"\n'})
    whole, part = scanned(tmp_path), scanned(tmp_path / "web")
    assert [each.text for each in idle(whole.site)] == ["the host a.example"]
    assert part.site.policy.files == ("../trackerlint.toml",)
    assert idle(part.site) == ()
    named_alone = scanned(tmp_path / "web" / "a.html")
    assert idle(named_alone.site) == ()


def test_a_baseline_says_nothing_of_what_the_policy_settles(tmp_path: Path) -> None:
    report = with_policy(tmp_path, AGREEMENT)
    assert {each.state for each in report.findings} == {State.UNKNOWN}


def test_an_agreement_counts_from_the_day_it_is_signed(tmp_path: Path) -> None:
    text = AGREEMENT.replace("2026-02-01", "2026-12-02")  # tomorrow there, today elsewhere
    assert "vendor-without-baa" in opens(with_policy(tmp_path, text))
    assert "vendor-without-baa" not in opens(scanned(tmp_path, today=date(2026, 12, 2)))
