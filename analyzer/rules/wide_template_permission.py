"""A template that a tag uses may load, send or read without a limit.

Why it matters: the permissions of a custom template are a ceiling that holds whatever its code
does, and whatever it is changed to by an update.
Without a limit the ceiling says nothing: the template may load any script, send to any address, or
read all that the page hands to the tag manager.

What to do: limit the permission to the hosts and keys that the template needs (Templates, the
template, Permissions), or use the vendor's own template from the gallery.
A template from the gallery that was not changed has been looked at when it was taken in, which says
nothing of the data that this container gives to it.

References: CWE-829, Inclusion of Functionality from Untrusted Control Sphere; 45 CFR 164.502(b).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Permission, Site, Step, Template
from analyzer.rules._containers import listed, live, ref, tags_said, title_of

CODE = "TL504"
SEVERITY = "warning"
SCORE = "4.3"
MESSAGE = "The template '{0}' may '{1}', and is used by the tag '{2}'."
NEXT = "Limit the template's permissions to the hosts and keys that it needs."
TAGS = ("security", "privacy", "external/cwe/cwe-829")
WIDE = {
    "inject_script": "load scripts from any address",
    "inject_hidden_iframe": "show frames from any address",
    "send_pixel": "send pixels to any address",
    "send_http": "send requests to any address",
    "read_data_layer": "read the whole data layer",
    "get_cookies": "read every cookie",
}
ALSO = {  # what is common, and counts only beside one of the above
    "read_event_data": "read the whole event",
    "get_url": "read the whole page address",
    "get_referrer": "read the whole referrer",
}


def check(site: Site) -> Iterator[Finding]:
    """A finding for each template that a tag which may fire uses, at the template's name."""
    for report in site.containers:
        tags = [each.tag for each in live(report)]
        for template in report.container.templates:
            users = [tag for tag in tags if tag.name in template.used_by]
            wide = list(_without_limit(template.permissions, WIDE))
            if template.sort in ("MACRO", "CLIENT") or not users or not wide:
                continue
            wide += _without_limit(template.permissions, ALSO)
            yield Finding(
                place=template.place,
                arguments=(_said(template), listed(wide, len(wide)), tags_said(users)),
                anchor=("template", title_of(report.container), template.name),
                related=tuple(Step(tag.place, f"tag '{tag.name}' uses it") for tag in users[:20]),
                tag=ref(report.container, users[0]) if len(users) == 1 else None,
            )


def _without_limit(permissions: tuple[Permission, ...], words: dict[str, str]) -> Iterator[str]:
    for name, said in words.items():
        if any(each.name == name and each.anything for each in permissions):
            yield said


def _said(template: Template) -> str:
    if not template.gallery:
        return template.name
    changed = ", changed since" if template.modified else ""
    return f"{template.name} (from the gallery, {template.gallery}{changed})"
