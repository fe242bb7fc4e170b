"""An app asks for a vendor's library for analytics, advertising or session recording.

Why it matters: such a library can receive what people do in the app, their device and advertising
ids, and often their location, from the first start.
Whose app it is decides what applies. Where a covered entity or its business associate offers the
app, what it collects is generally protected health information, and the HHS bulletin's part on apps
stands. HIPAA applies to no other apps: there the FTC's Health Breach Notification Rule may, whose
breach includes sharing without authorization, not only break-ins, and so may FTC Act section 5 and
state consumer health laws.

What to do: find out which screens send what; switch automatic collection, advertising ids and
screen recording off in the library's settings before it starts; take it out of an app that is
about somebody's health unless its use was authorized or an agreement covers it.

References: 16 CFR part 318 (amended, in force since 29 July 2024); FTC, GoodRx (1 February 2023),
Premom (17 May 2023), Flo Health (final order of June 2021); HHS OCR, Use of Online Tracking
Technologies (1 December 2022, revised 18 March 2024); RCW 19.373.030 and .080.
This is information about risks, not legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import Finding, Package, Role, Site, Status, Step
from analyzer.rules._findings import MOST_RELATED

CODE = "TL602"
SEVERITY = "warning"
SCORE = "4.5"
MESSAGE = "The app asks for '{0}' of '{1}': '{2}'."
NEXT = (
    "Find out what the library collects in this app, switch off what starts by itself, or take it "
    "out."
)
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-359")
OF_APPS = frozenset({"gradle", "cocoapods", "swiftpm", "pub"})
IN_APPS = re.compile(r"react-?native|^@?expo[-/]|capacitor|cordova|nativescript|^appcenter-", re.I)
CODE_FILE = re.compile(r"(?<!/Package)(?<!^Package)\.(?:[cm]?[jt]sx?|vue|kt|java|swift|dart)$")
ERRORS_ONLY = frozenset({"error monitoring", "performance monitoring"})
DOES = {
    Role.SETUP: "is started here",
    Role.IDENTITY: "is told who the person is here",
    Role.EVENT: "is sent an event here",
}


def check(site: Site) -> Iterator[Finding]:
    """A finding for each vendor and kind of app, with the code that uses it."""
    asked: dict[tuple[str, str], list[Package]] = {}
    for tracker in site.trackers:
        fact = tracker.detection.fact
        if (
            isinstance(fact, Package)
            and tracker.status is not Status.DEAD
            and is_of_an_app(fact)
            and set(site.vendors[tracker.vendor].uses) - ERRORS_ONLY
        ):
            asked.setdefault((tracker.vendor, fact.ecosystem), []).append(fact)
    for (vendor, ecosystem), packages in asked.items():
        # Where a manifest asks for it, the imports in the code say the same again.
        manifests = [each for each in packages if not CODE_FILE.search(each.place.path)]
        yield _about(site, vendor, ecosystem, manifests or packages[:1])


def _about(site: Site, name: str, ecosystem: str, packages: list[Package]) -> Finding:
    vendor, place = site.vendors[name], packages[0].place
    names = tuple(dict.fromkeys(each.name for each in packages))
    others = (Step(each.place, f"asks for {each.name} too") for each in packages[1:])
    return Finding(
        place=place,
        arguments=(vendor.name, vendor.owner, ", ".join(names)),
        anchor=("package", ecosystem, name),
        vendor=name,
        trail=(Step(place, f"asks for {names[0]}"),),
        related=(*others, *_uses(site, name))[:MOST_RELATED],
    )


def is_of_an_app(package: Package) -> bool:
    """Does the package belong into an app for phones, by its kind or its name?"""
    if package.ecosystem == "npm":
        return IN_APPS.search(package.name) is not None
    return package.ecosystem in OF_APPS


def _uses(site: Site, vendor: str) -> Iterator[Step]:
    """The places in the app's own code; those on pages belong to a website."""
    for role, words in DOES.items():
        for each in site.trackers:
            if each.vendor == vendor and each.detection.role is role and not each.fires:
                yield Step(each.place, f"{site.vendors[vendor].name} {words}")
