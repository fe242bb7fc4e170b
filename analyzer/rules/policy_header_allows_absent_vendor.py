"""The content-security policy allows a tracker's host that nothing here uses.

Why it matters: an entry that is left over lets whoever can add a line of script, by mistake or by
an attack, send data to that vendor without the browser's objection.
It also tells a reviewer that the vendor may have been here, or still is where these files do not
show it.

What to do: find out whether something outside of these files uses the host, such as content of a
content management system; if not, take the entry out of the policy.

An entry in a policy is a mention: it loads nothing, and is no tracker by itself.

References: W3C, Content Security Policy Level 3; 45 CFR 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import AllowedSource, Finding, Kind, PolicyRead, Role, Site, Step
from analyzer.rules._content_policies import plain_host, told
from analyzer.rules._findings import MOST_RELATED, running

CODE = "TL702"
SEVERITY = "note"
SCORE = "1.7"
MESSAGE = "The content-security policy allows '{0}' for '{1}', which nothing that was read uses."
NEXT = "Take the entry out of the policy, unless something outside of these files needs it."
TAGS = ("security", "privacy", "maintainability")


def check(site: Site) -> Iterator[Finding]:
    """A note for each policy with such entries, where no container's contents are unknown."""
    if not site.content_policies or _may_load_anything(site):
        return
    used = {each.vendor for each in (*site.trackers, *site.others)}
    owners = {site.vendors[each].owner for each in used if _tracks(site, each)}
    loaded = {each.host for each in site.unknown_hosts}
    for policy in site.content_policies:
        stale = [
            (source, vendors)
            for source, vendors in policy.hosts
            if not set(vendors) & used
            and not any(site.vendors[each].owner in owners for each in vendors)
            and not any(
                _is_under(host, other) for host in plain_host(source.source) for other in loaded
            )
        ]
        if stale:
            yield _about(site, policy, stale)


def _tracks(site: Site, vendor: str) -> bool:
    return site.vendors[vendor].kind in (Kind.TRACKER, Kind.TAG_MANAGER)


def _may_load_anything(site: Site) -> bool:
    """Does a tag manager run here whose container is not among the files?"""
    known = {each.container.container_id for each in site.containers}
    return any(
        site.vendors[each.vendor].kind is Kind.TAG_MANAGER
        and any(one.detection.role is Role.CONTAINER for one in each.trackers)
        and not known & set(each.ids)
        for each in running(site)
    )


def _is_under(host: str, other: str) -> bool:
    bare = host.removeprefix("*.")
    return other == bare or other.endswith("." + bare)


def _about(
    site: Site, read: PolicyRead, stale: list[tuple[AllowedSource, tuple[str, ...]]]
) -> Finding:
    hosts = [host for source, _ in stale for host in plain_host(source.source)]
    names = [site.vendors[vendor].name for _, vendors in stale for vendor in vendors[:1]]
    vendors = {vendor for _, listed in stale for vendor in listed}
    first = stale[0][0]
    return Finding(
        place=first.place,
        arguments=(told(hosts), told(names)),
        anchor=("policy", read.policy.place.path),
        vendor=next(iter(vendors)) if len(vendors) == 1 else "",
        pages=read.pages,
        related=tuple(
            Step(each.place, f"{each.directive} allows {each.source}") for each, _ in stale[1:]
        )[:MOST_RELATED],
    )
