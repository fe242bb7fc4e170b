"""A tag is switched on, and nothing can fire it.

Why it matters: a tag without a way to fire is forgotten, and one new trigger brings it back with
whatever it sent when somebody last looked at it.
It also makes the inventory of trackers longer than what runs.

What to do: delete the tag, pause it with a note that says why it is kept, or give it its trigger.

References: 45 CFR 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import ContainerReport, Finding, Site, Tag
from analyzer.rules._containers import others_said, ref, tags_said, title_of

CODE = "TL505"
SEVERITY = "note"
SCORE = "1.8"
MESSAGE = "In container '{0}' nothing can fire the tag '{1}': '{2}'."
NEXT = "Delete the tag, or pause it and note why it is kept."
TAGS = ("maintainability",)
NO_TRIGGER = "it has no trigger"
NO_MAIN = "the tags that it runs with are paused or never fire themselves"
NO_WAY = "as the container stands, the conditions of its triggers can never hold"


def check(site: Site) -> Iterator[Finding]:
    """A note for each container and reason; a paused tag is left alone, somebody decided that."""
    for report in site.containers:
        for reason, tags in _silent(report).items():
            yield Finding(
                place=tags[0].place,
                arguments=(title_of(report.container), tags_said(tags), reason),
                anchor=("container", title_of(report.container), reason),
                related=others_said(tags, "never fires, either"),
                tag=ref(report.container, tags[0]) if len(tags) == 1 else None,
            )


def _silent(report: ContainerReport) -> dict[str, list[Tag]]:
    found: dict[str, list[Tag]] = {}
    for each in report.tags:
        if each.tag.paused or not each.never_fires:
            continue
        reason = NO_WAY if each.tag.triggers else NO_MAIN if each.tag.along else NO_TRIGGER
        found.setdefault(reason, []).append(each.tag)
    return found
