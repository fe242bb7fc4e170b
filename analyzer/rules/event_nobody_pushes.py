"""Tags wait for an event that no code which was read pushes.

Why it matters: either the tags never fire, and what they are said to measure is not measured; or a
plugin, the content management system or another container pushes the event, and then nobody can
tell from here on which pages, and with which data.

What to do: find out what pushes the event.
Where nothing does, delete the tag; where something outside of this code does, note it beside the
trigger.

References: 45 CFR 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Place, Site, Step, Tag
from analyzer.rules._containers import MOST_RELATED, listed, live, ref, title_of

CODE = "TL508"
SEVERITY = "note"
SCORE = "1.9"
MESSAGE = (
    "No code that was read pushes '{0}', for which the tag '{1}' of container '{2}' waits; "
    "a plugin or the content management system may push it."
)
NEXT = "Find out what pushes the event; where nothing does, delete the tag that waits for it."
TAGS = ("maintainability",)


def check(site: Site) -> Iterator[Finding]:
    """A note for each container whose pages are among the files, at the first such trigger."""
    for report in site.containers:
        waiting: dict[str, list[tuple[Tag, Place]]] = {}
        for each in live(report):
            for trigger in each.tag.triggers:
                if trigger.event in report.unpushed:
                    place = trigger.place or each.tag.place
                    waiting.setdefault(trigger.event, []).append((each.tag, place))
        if not waiting:
            continue
        tags = list(dict.fromkeys(tag for found in waiting.values() for tag, _ in found))
        places = {event: found[0][1] for event, found in waiting.items()}
        related = (
            Step(place, f"waits for {event}, for {listed(tag.name for tag, _ in waiting[event])}")
            for event, place in places.items()
        )
        title = title_of(report.container)
        yield Finding(
            place=next(iter(places.values())),
            arguments=(listed(waiting), listed(tag.name for tag in tags), title),
            anchor=("container", title),
            related=tuple(related)[:MOST_RELATED] if len(waiting) > 1 else (),
            tag=ref(report.container, tags[0]) if len(tags) == 1 else None,
        )
