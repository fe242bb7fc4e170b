"""A tag takes what visitors write into forms, and hands it on.

Why it matters: the text of a form, the value of a field or what a script finds in one is what a
visitor tells the organisation, and no vendor.
The text of a whole form carries its labels and the options that were chosen, so that it can say
what an appointment is for.
Identifiers together with health information are what 45 CFR 164.514(b)(2)(i) lists, and a hash of
an identifier still tells who somebody is.

What to do: send that a form was submitted, and not what was written into it; take the variable out
of the tag.
Where a value is needed, let the site's own code push just that value to the data layer.

References: 45 CFR 164.502(a) and (b), 164.514(b)(2)(i); FTC Act section 5; 16 CFR 318.
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import (
    Finding,
    Origin,
    OriginKind,
    Pixel,
    Push,
    Request,
    Site,
    Step,
    Tag,
    TagReport,
    Value,
    holes,
)
from analyzer.rules._containers import (
    hosts_of,
    listed,
    live,
    others_said,
    ref,
    tags_said,
    title_of,
    values_of,
)

CODE = "TL509"
SEVERITY = "warning"
SCORE = "5.7"
MESSAGE = "The tag '{0}' takes '{1}' and hands it to '{2}', on '{3}'."
NEXT = "Send that the form was submitted, not what was written into it."
YIELDS_TO = ("agreement", "allowed")
TAGS = ("security", "privacy", "external/cwe/cwe-359")
OF_FORMS = {
    "form text": "the whole text of the form",
    "form element": "the form itself",
    "element attribute value": "the value of the element",
}
ON_SUBMIT = {
    "element text": "the whole text of the form",
    "click text": "the text of what was clicked in the form",
}


def check(site: Site) -> Iterator[Finding]:
    """A finding for each container, receiver and set of fields, at the first tag."""
    for report in site.containers:
        found: dict[tuple[str, tuple[str, ...]], list[TagReport]] = {}
        for each in live(report):
            fields = tuple(dict.fromkeys(_fields(each.tag)))
            receiver = _receiver(site, each)
            if fields and receiver:
                found.setdefault((receiver, fields), []).append(each)
        for (receiver, fields), reports in found.items():
            tags = [each.tag for each in reports]
            first = reports[0]
            moment = next((each.said for each in first.tag.triggers), "another tag's firing")
            what = listed(fields)
            yield Finding(
                place=first.tag.place,
                arguments=(tags_said(tags), what, receiver, moment),
                anchor=("container", title_of(report.container), receiver, *fields),
                vendor=first.vendor or "",
                pages=tuple(sorted({each.page for one in reports for each in one.fires})),
                trail=(Step(first.tag.place, f"tag '{first.tag.name}' hands on {what}"),),
                related=others_said(tags, "does the same"),
                tag=ref(report.container, first.tag),
            )


def _fields(tag: Tag) -> Iterator[str]:
    """What the tag takes from forms, in words."""
    on_submit = any(trigger.scope == "form-submit" for trigger in tag.triggers)
    for value in (tag.parameters, *(each for fact in tag.facts for each in values_of(fact))):
        yield from _in_value(value, on_submit)


def _in_value(value: Value, on_submit: bool) -> Iterator[str]:
    for hole in holes(value):
        for origin in _whole(hole.origin):
            if origin.kind is OriginKind.FIELD:
                name = origin.name
                yield name if "on the page" in name else f"the field {name}".strip()
            elif origin.kind is OriginKind.ELEMENT and origin.name in OF_FORMS:
                yield OF_FORMS[origin.name]
            elif origin.kind is OriginKind.ELEMENT and on_submit and origin.name in ON_SUBMIT:
                yield ON_SUBMIT[origin.name]


def _whole(origin: Origin) -> Iterator[Origin]:
    """The origin and all that it was made of."""
    yield origin
    for each in origin.of:
        yield from _whole(each)


def _receiver(site: Site, report: TagReport) -> str:
    """Who gets what the tag sends; an empty text where it sends nothing that is known of."""
    if report.vendor is not None:
        return site.vendors[report.vendor].name
    for fact in report.tag.facts:
        if isinstance(fact, (Request, Pixel)):
            return next(iter(hosts_of(fact.url)), "an address that is put together on the page")
    if any(isinstance(fact, Push) for fact in report.tag.facts):
        return "the data layer, where every tag can read it"
    return ""
