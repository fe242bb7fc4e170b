"""A first configuration, with comments, from what a scan saw: a person decides what of it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.model import Kind, Page, Role, Site, Tracker, Vendor
from analyzer.policy.messages import written

HEAD = """\
# What your organisation knows and decides about the trackers on its site.
# trackerlint reads this file for everything below its folder.
#
# A line that begins with "#" and no space is an entry that is not in force: take the # away and
# fill it in. Text stands in quotes, a day is written as 2027-01-31, and all paths begin at this
# folder. A mistake is answered with its line.

# Files to leave out, and files to read although they are left out by default (dependencies, build
# output, tests). Patterns are those of .gitignore.
#exclude = ["archive/"]
#include = ["dist/"]

# Rules that do not run here (trackerlint list rules shows all), and other severities for single
# rules: error, warning, note or off.
#[rules]
#ignore = ["tracker-inventory"]

#[severity]
#tracker-on-every-page = "error"
"""
AGREEMENTS = """\
# ---------------------------------------------------------------- Business associate agreements
# An agreement in force settles the findings that ask for one. From the day after it expires they
# are back. Instead of vendor, company = "..." names all products of a company, apart from those for
# which it says that it signs none.
"""
PAGES = """\
# ---------------------------------------------------------------- Pages
# What trackerlint takes your pages for. Correct what is wrong, by files or by addresses; are-not
# takes a class away.
"""
CONTAINERS = """\
# ---------------------------------------------------------------- Tag-manager containers
"""
HOSTS = """\
# ---------------------------------------------------------------- Hosts
# Third parties that no signature knows. Keep the blocks of hosts that are your own. Where a host of
# yours passes on to a vendor, add stands-for = "..." with the vendor's id.
"""
DECISIONS = """\
# ---------------------------------------------------------------- Decisions
# Products that may run on some classes of pages; on = "*" is every page.
"""
IGNORED = """\
# Findings that you accept. Every report shows them with the reason, until the day comes.
"""
MOST_NAMED = 3  # pages that stand behind a class
MOST_HOSTS = 20
KINDS_FIRST = ("script", "frame")  # what runs in the page, before what it asks


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a configuration, and what to do with it next, one sentence each."""

    text: str
    next: tuple[str, ...]


def draft(site: Site, exports: Sequence[tuple[str, str]] = ()) -> Draft:
    """The first configuration for a site; `exports` are containers that the user named outside of
    it: id and path.
    """
    seen = _seen(site)
    parts = [
        HEAD,
        "".join(_agreements(site, seen)),
        "".join(_pages(site)),
        "".join(_containers(site, exports)),
        "".join(_hosts(site)),
        "".join(_decisions(site, seen)),
    ]
    return Draft("\n".join(part for part in parts if part), tuple(_next(site, seen)))


def _seen(site: Site) -> dict[str, list[Tracker]]:
    """The trackers by product, those on most pages first. No finding asks for an agreement about a
    tag manager itself: its tags are told by their vendors.
    """
    by_vendor: dict[str, list[Tracker]] = {}
    for tracker in site.trackers:
        if site.vendors[tracker.vendor].kind is Kind.TAG_MANAGER:
            continue
        by_vendor.setdefault(tracker.vendor, []).append(tracker)
    return dict(sorted(by_vendor.items(), key=lambda each: (-len(_pages_of(each[1])), each[0])))


def _pages_of(trackers: Sequence[Tracker]) -> set[str]:
    return {firing.page for each in trackers for firing in each.fires}


def _agreements(site: Site, seen: dict[str, list[Tracker]]) -> Iterator[str]:
    if not seen:
        return
    yield AGREEMENTS
    refused = [name for name in seen if site.vendors[name].baa.offered == "no"]
    for name, trackers in seen.items():
        if name in refused:
            continue
        vendor = site.vendors[name]
        yield f"\n# {_told(vendor, trackers)}\n# {_offered(vendor)}\n"
        yield _block("agreements", ("vendor", written(name)))
        yield '#document = ""  # how the signed paper is found\n'
        yield "#signed =  # a day\n"
        yield "#expires =  # the last day; without this line it does not end\n"
        yield '#owner = ""  # who looks after it\n'
    if refused:
        yield "\n# The vendors of these products say that they sign no agreement for them:\n"
        yield from (f"#   {name}: {_told(site.vendors[name], seen[name])}\n" for name in refused)


def _told(vendor: Vendor, trackers: Sequence[Tracker]) -> str:
    count = len(_pages_of(trackers))
    where = "on 1 page" if count == 1 else f"on {count} pages"
    place = trackers[0].place
    first = where if count else f"at {place.path}:{place.line}"
    return _plain(f"{vendor.name} ({vendor.owner}), {first}")


def _offered(vendor: Vendor) -> str:
    said = {
        "yes": "The vendor offers an agreement",
        "plan-dependent": "The vendor offers an agreement on some plans",
    }.get(vendor.baa.offered, "Whether the vendor offers an agreement is not known")
    return f"{said} (as of {vendor.baa.checked})." if vendor.baa.checked else f"{said}."


def _pages(site: Site) -> Iterator[str]:
    by_class: dict[str, list[Page]] = {}
    for page in site.pages.values():
        for each in page.classes:
            by_class.setdefault(each.id, []).append(page)
    if not site.pages:
        return
    yield PAGES
    for name, pages in sorted(by_class.items()):
        more = f" and {len(pages) - MOST_NAMED} more" if len(pages) > MOST_NAMED else ""
        paths = ", ".join(page.path for page in pages[:MOST_NAMED])
        yield _plain(f"#  {name}: {paths}{more}") + "\n"
    if not by_class:
        yield "# No page seems to be one of a class.\n"
    first, pages = next(iter(sorted(by_class.items())), ("patient-portal", []))
    example = pages[0] if pages else next(iter(site.pages.values()))
    routes = [route for route in example.routes if route.startswith("/")]
    where = ("routes", written(routes[:1])) if routes else ("paths", written([example.path]))
    yield "\n" + _block("pages", where, ("are", written([first])))


def _containers(site: Site, exports: Sequence[tuple[str, str]]) -> Iterator[str]:
    named = dict(exports)
    held = {each.container.container_id: each for each in site.containers}
    unseen = [name for name in _loaded(site) if name not in held]
    idle = [
        name
        for name, each in held.items()
        if not each.installed_on and "WEB" in {word.upper() for word in each.container.context}
    ]
    if not (named or unseen or idle):
        return
    yield CONTAINERS
    for name in unseen:
        yield f"\n# Pages load {name}, and what it holds is not here. In Tag Manager, choose\n"
        yield "# Admin, Export Container, and put the file into the repository.\n"
        yield _block("containers", ("id", written(name)))
        yield f'#export = ""  # such as {written(f"gtm/{name}.json")}\n'
    for name, export in named.items():
        yield "\n" + _block(
            "containers", ("id", written(name)), ("export", written(export)), live=True
        )
    for name in idle:
        yield f"\n# No page that was read loads {name}. If pages do all the same, say which.\n"
        yield _block("containers", ("id", written(name)), ("routes", written(["/**"])))


def _loaded(site: Site) -> list[str]:
    """The containers that pages load, by their ids."""
    ids = (
        name
        for each in site.trackers
        if each.detection.role is Role.CONTAINER
        and site.vendors[each.vendor].kind is Kind.TAG_MANAGER
        and not each.detection.placeholder
        for name in each.detection.ids
        if name.startswith("GTM-")
    )
    return list(dict.fromkeys(ids))


def _hosts(site: Site) -> Iterator[str]:
    if not site.unknown_hosts:
        return
    yield HOSTS
    first = {each.host: each for each in reversed(site.unknown_hosts)}
    ordered = sorted(first, key=lambda host: (first[host].kind not in KINDS_FIRST, host))
    for host in ordered[:MOST_HOSTS]:
        each = first[host]
        known = f" ({each.owner}, {each.category})" if each.owner else ""
        yield _plain(f"\n# {each.kind} at {each.place.path}:{each.place.line}{known}") + "\n"
        yield _block("hosts", ("host", written(host)))
    if more := ordered[MOST_HOSTS:]:
        yield f"\n# And {len(more)} more, which trackerlint scan lists.\n"


def _decisions(site: Site, seen: dict[str, list[Tracker]]) -> Iterator[str]:
    vendor = next(iter(seen), "google-analytics")
    found = {each.id for page in site.pages.values() for each in page.classes}
    on = next((name for name in ("condition", "provider-search") if name in found), "condition")
    yield DECISIONS
    yield _block("allowed", ("vendor", written(vendor)), ("on", written([on])))
    yield '#reason = ""  # in one sentence\n#until =  # the last day on which it counts\n'
    yield '#owner = ""  # who decided\n\n'
    yield IGNORED
    path = next((each.place.path for each in site.trackers if each.fires), "templates/careers.html")
    yield _block(
        "ignore", ("rules", written(["tracker-on-every-page"])), ("paths", written([path]))
    )
    yield '#reason = ""  # in one sentence\n#until =  # the last day on which it counts\n'


def _next(site: Site, seen: dict[str, list[Tracker]]) -> Iterator[str]:
    open_vendors = [name for name in seen if site.vendors[name].baa.offered != "no"]
    if open_vendors:
        yield f"Enter the agreements you have signed: {_some(open_vendors)}."
    held = {each.container.container_id for each in site.containers}
    if unseen := [name for name in _loaded(site) if name not in held]:
        yield f"Export {_some(unseen)} and name the file, so that its tags are read."
    if hosts := list(dict.fromkeys(each.host for each in site.unknown_hosts)):
        yield f"Say which hosts are yours, of {_some(hosts)}."
    if site.pages:
        yield "Look through the classes of your pages, and correct those that are wrong."


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _block(name: str, *pairs: tuple[str, str], live: bool = False) -> str:
    sign = "" if live else "#"
    lines = [f"[[{name}]]", *(f"{key} = {value}" for key, value in pairs)]
    return "".join(f"{sign}{line}\n" for line in lines)


def _plain(text: str) -> str:
    """One line, since a name may hold a break that would end the comment."""
    return ("\n" if text.startswith("\n") else "") + " ".join(text.split())
