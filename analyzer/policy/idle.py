"""Entries of the configuration that nothing on the site answers to: each may be a slip of the pen,
or is left over.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Agreement, PagesAre, Served, Site, Step, Vendor
from analyzer.policy.patterns import means
from analyzer.policy.settling import is_offered


def idle(site: Site) -> tuple[Step, ...]:
    """The entries, other than suppressions, that match nothing, with what each is about.

    A configuration whose folder was not read in full is not held against what was read.
    """
    found = (*_idle(site), *(Step(place, words) for place, words in site.policy.unmatched))
    return tuple(each for each in found if each.place.path not in site.policy.partly)


def _idle(site: Site) -> Iterator[Step]:
    for agreement in site.policy.agreements:
        met = _met(agreement, site)
        if not met:
            yield Step(agreement.place, f"the agreement for {_listed(agreement)}")
        elif not any(each.id in agreement.vendors or is_offered(each) for each in met):
            names = ", ".join(each.name for each in met)
            yield Step(
                agreement.place,
                f"the agreement for {_listed(agreement)}, which says that it signs none for "
                f"{names}; where it did, name the product",
            )
    for page in site.policy.pages:
        if not _answers(site, page):
            yield Step(page.place, f"the pages of {', '.join((*page.paths, *page.routes))}")
    for host in site.policy.hosts:
        if host.place not in site.answered:
            yield Step(host.place, f"the host {host.host}")
    exports = {each.container.place.path: each.container.container_id for each in site.containers}
    for served in site.policy.containers:
        name = served.container_id
        if served.export and name and served.export in exports and name != exports[served.export]:
            yield Step(
                served.place,
                f"the container {name}, since the export {served.export} holds "
                f"{exports[served.export]}",
            )
        elif served.export and served.export not in exports:
            yield Step(served.place, f"the export {served.export}, which holds no container")
        elif (served.paths or served.routes) and not _answers(site, served):
            words = ", ".join((*served.paths, *served.routes))
            yield Step(served.place, f"the pages {words} of the container {name}".rstrip())


def _met(agreement: Agreement, site: Site) -> list[Vendor]:
    """The agreement's products that anything in the configuration's reach shows."""
    companies = {name.lower() for name in agreement.companies}
    met: dict[str, Vendor] = {}
    for tracker in (*site.trackers, *site.others):
        vendor = site.vendors[tracker.vendor]
        named = vendor.id in agreement.vendors or vendor.owner.lower() in companies
        if named and agreement.home.reaches(tracker.place.path):
            met[vendor.id] = vendor
    return list(met.values())


def _listed(agreement: Agreement) -> str:
    return ", ".join((*agreement.vendors, *agreement.companies))


def _answers(site: Site, entry: PagesAre | Served) -> bool:
    """Is any page of the site meant?"""
    return any(
        means(entry.paths, entry.routes, entry.home, page.path, page.routes)
        for page in site.pages.values()
    )
