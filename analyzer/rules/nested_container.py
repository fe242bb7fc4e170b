"""A container loads another container.

Why it matters: who may publish in the other container can add a tracker to these pages, and neither
the review of the site's code nor that of this container sees it.
Agencies are often given a container of their own in this way, and keep it after the contract.

What to do: find out who edits the other container, export it too and scan it with this one, or move
its tags into this container and take the loader out.
A zone can limit which types of tags the other container may run, and on which pages.

References: CWE-829, Inclusion of Functionality from Untrusted Control Sphere; 45 CFR
164.308(a)(1)(ii)(A) and (D), 164.308(a)(4).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Kind, Role, Site, Status, Step, TagRef, Tracker

CODE = "TL503"
SEVERITY = "warning"
SCORE = "5.0"
MESSAGE = "The tag '{0}' loads '{1}', a container of its own: who edits that one is not known here."
NEXT = "Export the other container and scan it too, or move its tags into this one."
TAGS = ("security", "privacy", "external/cwe/cwe-829")
LOADS = (Role.CONTAINER, Role.LOADER)


def check(site: Site) -> Iterator[Finding]:
    """A finding for each tag and tag manager; containers whose contents are here are left alone."""
    described = {each.container.container_id for each in site.containers}
    zones = {
        zone.place: zone.containers for each in site.containers for zone in each.container.zones
    }
    found: dict[tuple[TagRef, str], list[Tracker]] = {}
    for tracker in site.trackers:
        tag = tracker.detection.tag
        if (
            tag is None
            or tracker.status is Status.DEAD
            or tracker.detection.role not in LOADS
            or site.vendors[tracker.vendor].kind is not Kind.TAG_MANAGER
        ):
            continue
        found.setdefault((tag, tracker.vendor), []).append(tracker)
    for (tag, vendor), trackers in found.items():
        place = trackers[0].place
        named = (name for each in trackers for name in each.detection.ids)
        every = dict.fromkeys((*named, *zones.get(place, ())))
        ids = tuple(name for name in every if name not in described)
        if every and not ids:
            continue
        name = " ".join((site.vendors[vendor].name, ", ".join(ids))).strip()
        yield Finding(
            place=place,
            arguments=(tag.tag_name, name),
            anchor=("tag", tag.container_id, tag.tag_name, vendor, *ids),
            vendor=vendor,
            pages=tuple(sorted({each.page for one in trackers for each in one.fires})),
            trail=(Step(place, f"tag '{tag.tag_name}' loads {name}"),),
            tag=tag,
        )
