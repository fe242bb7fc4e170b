"""A custom HTML tag loads a script from a host that no signature knows.

Why it matters: custom HTML runs with the rights of the page, and whoever may publish the container
can put it there without a review of the site's code.
A script from elsewhere can read what a visitor types and where they go, it can load more, and it
can be a different one tomorrow.
Where the address is put together on the page, nobody can say in advance which script it is.

What to do: find out who runs the host and what the script does.
Use the vendor's template from the gallery where there is one, whose permissions limit what it may
load; host a library yourself; or remove the tag.

References: CWE-829, Inclusion of Functionality from Untrusted Control Sphere; 45 CFR
164.308(a)(1)(ii)(A) and (D).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import ContainerReport, Finding, ScriptLoad, Site, Step, TagReport
from analyzer.rules._containers import (
    hosts_of,
    is_made_on_the_page,
    live,
    others_said,
    ref,
    tags_said,
    title_of,
)

CODE = "TL502"
SEVERITY = "warning"
SCORE = "5.3"
MESSAGE = "Custom HTML in the tag '{0}' loads a script from '{1}'."
NEXT = "Find out who owns the host and what its script reads, or take the tag out."
TAGS = ("security", "privacy", "external/cwe/cwe-829")
OPEN = "an address that is put together on the page"


def check(site: Site) -> Iterator[Finding]:
    """A finding for each host in each container, at the first tag that asks it for a script."""
    for report in site.containers:
        found: dict[str, list[tuple[TagReport, ScriptLoad]]] = {}
        unknown = _unknown(site, report)
        for each in live(report):
            if each.tag.type.startswith("cvt_"):
                continue
            for fact in each.tag.facts:
                if isinstance(fact, ScriptLoad):
                    for host in _asked(site, each, fact, unknown):
                        found.setdefault(host, []).append((each, fact))
        for host, loads in found.items():
            first, fact = loads[0][0].tag, loads[0][1]
            tags = list(dict.fromkeys(each.tag for each, _ in loads))
            said = unknown.get(host, OPEN)
            yield Finding(
                place=fact.place,
                arguments=(tags_said(tags), said),
                anchor=("container", title_of(report.container), host or first.name),
                trail=(Step(fact.place, f"tag '{first.name}' asks {host or OPEN} for a script"),),
                pages=tuple(sorted({firing.page for each, _ in loads for firing in each.fires})),
                related=others_said(tags, "asks for it, too"),
                tag=ref(report.container, first),
            )


def _unknown(site: Site, report: ContainerReport) -> dict[str, str]:
    """The hosts of the container's file that no signature knows, each with what is known of it."""
    return {
        each.host: f"{each.host}, which no signature knows"
        if not each.owner
        else f"{each.host} ({each.owner}: {each.category})"
        for each in site.unknown_hosts
        if each.kind == "script" and each.place.path == report.container.place.path
    }


def _asked(
    site: Site, report: TagReport, fact: ScriptLoad, unknown: dict[str, str]
) -> Iterator[str]:
    hosts = hosts_of(fact.url)
    yield from (host for host in hosts if host in unknown)
    # The loader of a vendor that is known by what else the tag does is no unknown script.
    if not hosts and report.vendor is None and is_made_on_the_page(fact.url):
        known = (*site.trackers, *site.others)
        if not any(each.place == fact.place for each in known):
            yield ""
