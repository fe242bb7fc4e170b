"""A page loads a tag manager's container whose contents are not among the files.

Why it matters: what a container runs is decided in the tag manager, not in this code, and whoever
may publish there can add a tracker to every page without a review.
Without its contents nothing can be said about the trackers that it brings: this is unknown, not
clean.

What to do: export the container (Admin, Export Container) and keep the file beside the code, or
give it to the scan as one more path; repeat that when a version is published.

References: 45 CFR 164.308(a)(1)(ii)(A) and (D).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Kind, Role, Site
from analyzer.rules._findings import about_pages, name_of, running

CODE = "TL501"
SEVERITY = "warning"
SCORE = "5.1"
MESSAGE = "The contents of '{0}' are not in the repository; what it runs on '{1}' is unknown."
NEXT = (
    "Export the container in Google Tag Manager (Admin, Export Container) and scan it "
    "with the site: --gtm EXPORT."
)
TAGS = ("security", "privacy", "external/cwe/cwe-829")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each snippet of a container that no export describes."""
    known = {each.container.container_id for each in site.containers}
    for snippet in running(site):
        loads = any(each.detection.role is Role.CONTAINER for each in snippet.trackers)
        if (
            site.vendors[snippet.vendor].kind is not Kind.TAG_MANAGER
            or not loads
            or known & set(snippet.ids)
        ):
            continue
        if snippet.fires:
            finding = about_pages(site, snippet, snippet.fires)
            yield Finding(
                place=finding.place,
                arguments=finding.arguments,
                anchor=finding.anchor,
                vendor=finding.vendor,
                pages=finding.pages,
                trail=finding.trail,
                tag=finding.tag,
            )
        else:
            yield Finding(
                place=snippet.head.place,
                arguments=(name_of(site, snippet), "pages that were not found"),
                anchor=("snippet", snippet.head.place.path, snippet.vendor, *snippet.ids[:1]),
                vendor=snippet.vendor,
                tag=snippet.head.detection.tag,
            )
