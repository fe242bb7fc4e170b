"""A page loads a script or shows a frame from a host that no signature knows.

Why it matters: a script from elsewhere runs with the rights of the page: it can read what a
visitor types and where they go, and it can load more.
Nobody can say what it is given until somebody has looked.
Hosts that are well known for libraries, fonts, maps, media and payment, and players that a copied
library would show for an id, are only listed among the third parties of the report.

What to do: find out who runs the host and what the script does.
Describe it in a signature file when it is a vendor, host the file yourself when it is a library,
or remove it. A host of your own is named in the configuration.

References: CWE-829, Inclusion of Functionality from Untrusted Control Sphere; 45 CFR
164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, ScriptLoad, Site, Step, UnknownHost
from analyzer.rules._containers import hosts_of
from analyzer.rules._findings import home_of

CODE = "TL303"
SEVERITY = "warning"
SCORE = "4.6"
MESSAGE = "A '{0}' from '{1}' reaches '{2}', and no signature describes this host."
NEXT = (
    "Find out who owns this host and what its script reads; remove it, or name the host "
    "in the configuration."
)
TAGS = ("security", "privacy", "external/cwe/cwe-829")
MOST_RELATED = 20
MOST_PLACES = 5
# What these hosts are for is known, and it is not to follow anybody.
PLAIN = frozenset(
    {
        "bot check",
        "code examples",
        "content delivery",
        "content delivery and hosting",
        "fonts",
        "maps",
        "media",
        "payment",
    }
)


def check(site: Site) -> Iterator[Finding]:
    """A finding for each host that pages ask for a script or a frame, with all the places."""
    told = {  # by custom-html-loads-unknown-script
        (report.container.place.path, host)
        for report in site.containers
        for each in report.tags
        if not each.tag.type.startswith("cvt_")
        for fact in each.tag.facts
        if isinstance(fact, ScriptLoad)
        for host in hosts_of(fact.url)
    }
    held = {each.container.place.path for each in site.containers}
    known = _asked_by_vendors(site)
    asked: dict[tuple[str, str], list[UnknownHost]] = {}
    for each in site.unknown_hosts:
        path = each.place.path
        if each.kind not in ("script", "frame") or each.category in PLAIN or each.offered:
            continue
        if each.host in known:
            continue
        if (each.kind == "script" and (path, each.host) in told) or not (
            each.pages or path in held
        ):
            continue
        home = home_of(site, path) if path in held else ""
        asked.setdefault((home, each.host), []).append(each)
    for (home, _), found in asked.items():
        yield _about(site, home, found)


def _asked_by_vendors(site: Site) -> set[str]:
    """The hosts that known products are loaded from, a site's own that stand in for them too."""
    facts = (each.detection.fact for each in (*site.trackers, *site.others))
    return {host for fact in facts if isinstance(fact, ScriptLoad) for host in hosts_of(fact.url)}


def _about(site: Site, home: str, found: list[UnknownHost]) -> Finding:
    """At the place that most pages have."""
    first = max(found, key=lambda each: len(each.pages))
    pages = tuple(sorted({page for each in found for page in each.pages}))
    others = (
        Step(each.place, f"asks it for a {each.kind}, too") for each in found if each is not first
    )
    where = "no page that was read" if not pages else f"{len(pages)} pages"
    return Finding(
        place=first.place,
        arguments=(
            first.kind,
            f"{first.host} ({first.owner}, {first.category})" if first.owner else first.host,
            pages[0] if len(pages) == 1 else where,
        ),
        anchor=("host", home, first.host),
        pages=pages,
        trail=(Step(first.place, f"asks {first.host} for a {first.kind}"),),
        related=(
            *tuple(others)[:MOST_PLACES],
            *(Step(site.pages[page].place, "gets it") for page in pages if page in site.pages),
        )[:MOST_RELATED],
    )
