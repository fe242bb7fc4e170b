"""The products that health sites meet most are known in every role that the vendor offers."""

from __future__ import annotations

import pytest

from analyzer import signatures
from analyzer.addresses import AddressPattern
from analyzer.model import Role
from analyzer.patterns import PackagePattern, TagPattern

LOADED = signatures.load()
APPS = {"gradle", "cocoapods", "swiftpm", "pub"}
SERVERS = {"pypi", "gem", "composer", "maven", "nuget", "go", "hex", "cargo"}

BROWSER = "loader setup event"
WHOLE = f"{BROWSER} identity pixel"
# What each of them has: roles, an account's id, and where else it is met: as a package of npm, in a
# server's or an app's manifest, as a plugin of a content-management system, as a tag of a container.
KNOWN = {
    "meta-pixel": f"{WHOLE} gate library id npm plugin tag",
    "meta-conversions-api": "setup event identity server id npm manifest tag",
    "google-analytics-4": f"{WHOLE} server library id npm manifest plugin tag",
    "google-analytics-ua": f"{WHOLE} server library id npm manifest app tag",
    "google-ads": f"{WHOLE} server library id npm manifest plugin tag",
    "google-floodlight": f"{BROWSER} pixel server id tag",
    "google-tag-manager": "event pixel container id npm manifest app plugin tag",
    "firebase-analytics": f"{BROWSER} identity server library npm app",
    "tiktok-pixel": f"{WHOLE} gate library id npm plugin tag",
    "tiktok-events-api": "server id npm manifest tag",
    "tiktok-business-sdk": "setup event identity server id npm app",
    "x-pixel": f"{WHOLE} library id npm tag",
    "x-conversion-api": "server id npm manifest tag",
    "hotjar": f"{WHOLE} library id npm plugin tag",
    "linkedin-insight": f"{WHOLE} library id npm tag",
    "linkedin-conversions-api": "server id tag",
    "pinterest-tag": f"{WHOLE} gate library id npm plugin tag",
    "pinterest-conversions-api": "server id tag",
    "snap-pixel": f"{WHOLE} library id npm plugin tag",
    "snap-conversions-api": "server id tag",
    "reddit-pixel": f"{WHOLE} library id npm",
    "reddit-conversions-api": "server id tag",
    "microsoft-clarity": f"{WHOLE} gate library id npm app plugin tag",
    "microsoft-uet": f"{WHOLE} gate library id tag",
    "adobe-analytics": f"{WHOLE} server library id app plugin tag",
    "adobe-launch": "setup event container",
    "adobe-web-sdk": f"{BROWSER} identity server gate library id npm app tag",
    "adobe-target": f"{BROWSER} identity library npm app tag",
    "segment": f"{BROWSER} identity server library id npm manifest app tag",
    "mixpanel": f"{WHOLE} server gate library id npm manifest app tag",
    "amplitude": f"{WHOLE} server library id npm manifest app tag",
    "heap": f"{WHOLE} server id npm app tag",
    "fullstory": f"{WHOLE} server gate library id npm app tag",
    "logrocket": f"{WHOLE} library id npm app",
    "matomo": f"{WHOLE} container gate library id npm manifest app plugin tag",
    "piwik-pro": f"{WHOLE} container server id npm app tag",
    "crazy-egg": f"{BROWSER} identity library id npm plugin tag",
    "mouseflow": f"{BROWSER} identity library id plugin tag",
    "lucky-orange": f"{WHOLE} library id plugin tag",
    "quantcast": f"{WHOLE} library id tag",
    "criteo-onetag": f"{WHOLE} library id tag",
    "the-trade-desk": "loader setup pixel server id",
    "taboola-pixel": "loader event pixel server library id tag",
    "outbrain-pixel": f"{BROWSER} pixel id",
    "adroll": f"{WHOLE} library id plugin tag",
    "hubspot": f"{WHOLE} server gate library id npm manifest plugin tag",
    "marketo": f"{BROWSER} identity server library id plugin tag",
    "pardot": "loader setup pixel library id plugin tag",
    "klaviyo": f"{BROWSER} identity server library id npm manifest app plugin tag",
    "intercom": f"{WHOLE} server library id npm manifest app plugin tag",
    "drift": f"{WHOLE} id npm tag",
    "callrail": "loader event pixel id plugin",
    "invoca": f"{BROWSER} server id",
    "iheartmedia": "loader pixel",
    "spotify-pixel": f"{WHOLE} server id tag",
    "podscribe": f"{WHOLE} id",
    "facebook-js-sdk": f"{WHOLE} id",
    "facebook-app-events": "setup event identity server id npm app",
    "yandex-metrica": f"{WHOLE} library id npm tag",
    "nextdoor-pixel": f"{WHOLE} server id",
    "stackadapt": f"{WHOLE} server id tag",
    "simplifi": "loader pixel id",
    "sitescout-basis": "loader pixel id",
    "liveramp": "loader setup identity pixel id",
    "comscore": f"{BROWSER} pixel library id tag",
    "nielsen": f"{BROWSER} pixel id tag",
    "newrelic-browser": f"{WHOLE} library id npm manifest app",
}


@pytest.mark.parametrize(("vendor", "wanted"), KNOWN.items(), ids=list(KNOWN))
def test_a_product_is_known_in_every_role(vendor: str, wanted: str) -> None:
    assert set(wanted.split()) <= ways_to_know(vendor)


def ways_to_know(vendor: str) -> set[str]:
    """The roles of a product's signals, and where else it is met."""
    known: set[str] = set()
    for signal in LOADED.signals:
        if signal.vendor != vendor:
            continue
        known.add(str(signal.role))
        match signal.pattern:
            case PackagePattern(ecosystem=where) if where in APPS:
                known.add("app")
            case PackagePattern(ecosystem=where) if where in SERVERS:
                known.add("manifest")
            case PackagePattern(ecosystem="npm"):
                known.add("npm")
            case PackagePattern():
                known.add("plugin")
            case TagPattern():
                known.add("tag")
        if "$id" in signal.text or "$known_id" in signal.text:
            known.add("id")
    return known


def test_no_two_products_answer_to_one_address() -> None:
    """An address that holds no id is one product's; else both would be found."""
    owners: dict[tuple[str, str, object, object], set[str]] = {}
    for signal in LOADED.signals:
        pattern = signal.pattern
        if not isinstance(pattern, AddressPattern) or not pattern.host or "$" in signal.text:
            continue
        if signal.role is Role.LOADER:
            key = (pattern.host, pattern.path, pattern.query, pattern.fragment)
            owners.setdefault(key, set()).add(signal.vendor)
    shared = {key[0]: names for key, names in owners.items() if len(names) > 1}
    assert not shared, shared
