"""A page loads a script or shows a frame from a host that no signature knows.

Why it matters: a script from elsewhere runs with the rights of the page: it can read what a
visitor types and where they go, and it can load more.
Nobody can say what it is given until somebody has looked.

What to do: find out who runs the host and what the script does.
Describe it in a signature file when it is a vendor, host the file yourself when it is a library,
or remove it.

References: CWE-829, Inclusion of Functionality from Untrusted Control Sphere; 45 CFR
164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, ScriptLoad, Site, Step
from analyzer.rules._containers import hosts_of
from analyzer.rules._findings import home_of

CODE = "TL303"
SEVERITY = "warning"
SCORE = "4.6"
MESSAGE = "A '{0}' from '{1}', which no signature knows, reaches '{2}'."
NEXT = (
    "Find out who owns this host and what its script reads; remove it, or name the host "
    "in the configuration."
)
TAGS = ("security", "privacy", "external/cwe/cwe-829")
MOST_RELATED = 20


def check(site: Site) -> Iterator[Finding]:
    """A finding for each host in each file that asks it for a script or a frame."""
    seen: set[tuple[str, str]] = set()
    told = {  # by custom-html-loads-unknown-script
        (report.container.place.path, host)
        for report in site.containers
        for each in report.tags
        if not each.tag.type.startswith("cvt_")
        for fact in each.tag.facts
        if isinstance(fact, ScriptLoad)
        for host in hosts_of(fact.url)
    }
    for each in site.unknown_hosts:
        if each.kind not in ("script", "frame") or (each.host, each.place.path) in seen:
            continue
        if each.kind == "script" and (each.place.path, each.host) in told:
            continue
        seen.add((each.host, each.place.path))
        count = len(each.pages)
        where = (
            "no page that was read"
            if not count
            else each.pages[0]
            if count == 1
            else f"{count} pages"
        )
        yield Finding(
            place=each.place,
            arguments=(
                each.kind,
                f"{each.host} ({each.owner}, {each.category})" if each.owner else each.host,
                where,
            ),
            anchor=("host", home_of(site, each.place.path), each.host),
            pages=each.pages,
            trail=(Step(each.place, f"asks {each.host} for a {each.kind}"),),
            related=tuple(
                Step(site.pages[page].place, "gets it")
                for page in each.pages[:MOST_RELATED]
                if page in site.pages
            ),
        )
