"""Several addresses where one stands, and packages that public hosts serve: whose are they?"""

from __future__ import annotations

import pytest

from analyzer import signatures
from analyzer.match import Matcher
from analyzer.model import Choice, Hole, Place, Region, Role, ScriptLoad, Source, Text, Value
from analyzer.parse.files import parse

MATCHER = Matcher(signatures.load())
PLACE = Place("a.html", Region(1, 1, 1, 2), "x")


def vendors(url: Value) -> dict[str, tuple[Role, tuple[str, ...]]]:
    """Who is loaded from an address, in which role, and for which account."""
    found = MATCHER.detect(ScriptLoad(place=PLACE, url=url))
    return {each.vendor: (each.role, each.ids) for each in found}


def test_each_address_of_a_choice_tells_its_vendor() -> None:
    told = vendors(
        Choice(
            (
                "https://connect.facebook.net/en_US/fbevents.js",
                "https://static.hotjar.com/c/hotjar-123456.js?sv=6",
                "https://cdn.clinic.example/menu.js",
            )
        )
    )
    assert told == {"meta-pixel": (Role.LOADER, ()), "hotjar": (Role.LOADER, ("123456",))}


GTAG = "https://www.googletagmanager.com/gtag/js?id="


def test_each_account_of_a_choice_is_told() -> None:
    both = Choice((f"{GTAG}G-PRODUCTION1", f"{GTAG}G-STAGING123"))
    expected = (Role.LOADER, ("G-PRODUCTION1", "G-STAGING123"))
    assert vendors(both) == {"google-analytics-4": expected}


def test_the_account_that_can_be_read_tells_the_product() -> None:
    default = Choice((Text((GTAG, Hole("process.env.GA"))), f"{GTAG}G-PRODUCTION1"))
    assert vendors(default) == {"google-analytics-4": (Role.LOADER, ("G-PRODUCTION1",))}


@pytest.mark.parametrize(
    "id",
    [
        "${live ? 'G-PRODUCTION1' : 'G-STAGING123'}",
        "${window.live ? ids.live : ids.test}",
    ],
)
def test_a_template_tells_each_branch(id: str) -> None:
    code = (
        "const ids = {live: 'G-PRODUCTION1', test: 'G-STAGING123'};"
        f" const s = document.createElement('script'); s.src = `{GTAG}{id}&l=dataLayer`;"
    )
    parsed = parse(Source("a.js", code.encode()), signatures.load().vocabulary)
    (url,) = [fact.url for fact in parsed.facts if isinstance(fact, ScriptLoad)]
    found = MATCHER.detect(ScriptLoad(place=PLACE, url=url))
    assert [each.ids for each in found] == [("G-PRODUCTION1", "G-STAGING123")]


@pytest.mark.parametrize(
    "url",
    [
        "https://unpkg.com/mixpanel-browser@2.45.0/dist/mixpanel.umd.js",
        "https://unpkg.com/mixpanel-browser",
        "//cdn.jsdelivr.net/npm/mixpanel-browser@2/+esm",
        "https://esm.sh/v135/mixpanel-browser@^2.45.0",
        "https://cdn.skypack.dev/mixpanel-browser?min",
        "https://ga.jspm.io/npm:mixpanel-browser@2.45.0/dist/mixpanel.cjs.js",
        "https://cdnjs.cloudflare.com/ajax/libs/mixpanel-browser/2.45.0/mixpanel.min.js",
        Text(("https://unpkg.com/mixpanel-browser@", Hole("version"), "/dist/mixpanel.umd.js")),
    ],
)
def test_a_public_host_serves_a_vendors_package(url: Value) -> None:
    assert vendors(url) == {"mixpanel": (Role.LOADER, ())}


@pytest.mark.parametrize(
    "url",
    [
        "https://unpkg.com/mixpanel-browser-mock@1/index.js",
        "https://unpkg.com/@clinic/mixpanel-browser@1",
        "https://cdn.jsdelivr.net/gh/clinic/mixpanel-browser@1/index.js",
        "https://unpkg.com.clinic.example/mixpanel-browser@2",
        "https://clinic.example/npm/mixpanel-browser@2",
        "https://cdn.jsdelivr.net/npm/jquery@3/dist/jquery.js?for=mixpanel-browser",
        Text(("https://unpkg.com/", Hole("package"))),
    ],
)
def test_another_package_is_none_of_a_vendor(url: Value) -> None:
    assert vendors(url) == {}
