"""Which pages are notices about privacy, and which vendors their texts name."""

from __future__ import annotations

import pytest

from analyzer import signatures
from analyzer.link.classes import words_of
from analyzer.link.notices import is_about_privacy, is_named, kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Privacy Policy", "privacy"),
        ("Privacy | Larkspur Valley Clinic", "privacy"),
        ("Política de privacidad", "privacy"),
        ("Aviso de Privacidad", "privacy"),
        ("Cookie policy", "cookies"),
        ("Notice of Privacy Practices", "practices"),
        ("Aviso de prácticas de privacidad", "practices"),
        ("Privacy settings", ""),
        ("How we built our privacy team", ""),
        ("Chocolate cookies for the waiting room", ""),
    ],
)
def test_a_heading_tells_the_kind(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("path", "routes", "is_one"),
    [
        ("public/privacy.html", (), True),
        ("app/privacy-policy/page.tsx", (), True),
        ("templates/legal.html", ("/privacy/",), True),
        ("src/views/PrivacyPolicyView.vue", (), True),
        ("templates/settings/privacy.html", (), False),
        ("src/components/Cookies.tsx", (), False),
        ("public/index.html", ("/",), False),
    ],
)
def test_a_name_or_an_address_tells_a_notice(
    path: str, routes: tuple[str, ...], is_one: bool
) -> None:
    assert is_about_privacy(path, routes) is is_one


@pytest.mark.parametrize(
    ("vendor", "text", "named"),
    [
        ("meta-pixel", "We use the Facebook pixel.", True),
        ("meta-pixel", "The cookie _fbp lives for ninety days.", True),
        ("google-analytics-4", "We use Google Analytics.", True),
        ("google-analytics-4", "Our maps come from Google.", False),
        ("google-ads", "Google Ads tells us which pages were opened.", True),
        ("hotjar", "Data goes to insights.hotjar.com.", True),
        ("tiktok-pixel", "We advertise on TikTok.", True),
        ("tiktok-pixel", "We advertise on Facebook.", False),
        ("fullstory", "Read the full text of our story.", False),
    ],
)
def test_a_text_names_a_product_its_owner_its_host_or_its_cookie(
    vendor: str, text: str, named: bool
) -> None:
    known = signatures.load().vendors[vendor]
    hosts = ("hotjar.com",) if vendor == "hotjar" else ()
    assert is_named(known, hosts, text, words_of(text)) is named
