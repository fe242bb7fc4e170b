"""Trackers that a configuration names by an option: what the module behind it loads or calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tree_sitter import Node

from analyzer.frameworks._objects import Script
from analyzer.model import Assign, Call, Fact, Hole, Place, ScriptLoad, Text, Value

Maker = Callable[[Place, Value], Fact]
IDS = re.compile(
    r"^(?:id|ids|pixelId|pixel_?id|trackingId|tracking_?id|containerId|gtmId|gaId|siteId|hotjarId"
    r"|measurementId|hjid|token|apiKey|writeKey|prodKey|key|code|domain|host|scriptId|projectId"
    r"|partnerId|websiteId|counterId|fs_org|org|appId|app_id)$",
    re.I,
)


def loads(before: str, behind: str = "") -> Maker:
    """A script whose address holds the id."""

    def make(place: Place, name: Value) -> Fact:
        parts = (before, *_parts(name), behind)
        return ScriptLoad(place=place, url=_text(parts))

    return make


def calls(callee: str, *before: str) -> Maker:
    """A call that is given the id."""
    return lambda place, name: Call(place=place, callee=callee, args=(*before, name))


def queued(callee: str, *before: str) -> Maker:
    """A call that is given a list: a command and the id."""
    return lambda place, name: Call(place=place, callee=callee, args=((*before, name),))


def counted(url: str, attribute: str) -> Maker:
    """A script whose tag says for whom it counts."""
    return lambda place, name: ScriptLoad(place=place, url=url, attributes=((attribute, name),))


def named(target: str) -> Maker:
    """A global name that holds the id."""
    return lambda place, name: Assign(place=place, target=target, value=name)


GTM = loads("https://www.googletagmanager.com/gtm.js?id=")
GTAG = loads("https://www.googletagmanager.com/gtag/js?id=")
META = calls("fbq", "init")
HOTJAR = loads("https://static.hotjar.com/c/hotjar-", ".js?sv=6")
CLARITY = loads("https://www.clarity.ms/tag/")
SEGMENT = loads("https://cdn.segment.com/analytics.js/v1/", "/analytics.min.js")
# The first that fits the name of a module, of its options, or of a script in a registry.
SERVICES: tuple[tuple[re.Pattern[str], Maker], ...] = (
    (re.compile(r"tag-?manager|\bgtm\b|-gtm|gtm-", re.I), GTM),
    (re.compile(r"(?:facebook|meta)-?(?:pixel)?|\bfbq?\b|pixel-module", re.I), META),
    (re.compile(r"gtag|google-?analytics|\bga4?\b|analytics-module", re.I), GTAG),
    (re.compile(r"hotjar", re.I), HOTJAR),
    (re.compile(r"clarity", re.I), CLARITY),
    (re.compile(r"segment", re.I), SEGMENT),
    (re.compile(r"tiktok", re.I), calls("ttq.load")),
    (re.compile(r"snap(?:chat)?-?pixel", re.I), calls("snaptr", "init")),
    (re.compile(r"reddit-?pixel", re.I), calls("rdt", "init")),
    (re.compile(r"^(?:x|twitter)-?pixel", re.I), calls("twq", "config")),
    (re.compile(r"linked-?in", re.I), named("_linkedin_partner_id")),
    (re.compile(r"matomo|piwik(?!-?pro)", re.I), queued("_paq.push", "setSiteId")),
    (re.compile(r"full-?story", re.I), named("_fs_org")),
    (re.compile(r"plausible", re.I), counted("https://plausible.io/js/script.js", "data-domain")),
    (re.compile(r"umami", re.I), counted("https://cloud.umami.is/script.js", "data-website-id")),
    (re.compile(r"mixpanel", re.I), calls("mixpanel.init")),
    (re.compile(r"amplitude", re.I), calls("amplitude.init")),
    (re.compile(r"post-?hog", re.I), calls("posthog.init")),
    (re.compile(r"pinterest-?tag", re.I), calls("pintrk", "load")),
)
UNIVERSAL = re.compile(r"^UA-")


def service_of(name: str) -> Maker | None:
    """What a module or an option of this name brings to every page."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    return next((maker for pattern, maker in SERVICES if pattern.search(words)), None)


def facts_of(script: Script, name: str, options: Node | None) -> Iterator[Fact]:
    """The tracker that a module or an option brings, once for each id that it is given."""
    maker = service_of(name)
    if maker is None:
        return
    for node in _ids(script, options):
        value = script.value(node)
        if isinstance(value, (str, Hole, Text)) and value != "":
            place = script.place(node)
            if maker is GTAG and isinstance(value, str) and UNIVERSAL.match(value):
                yield Call(place=place, callee="ga", args=("create", value, "auto"))
            elif maker is GTAG and isinstance(value, str) and value.startswith("GTM-"):
                yield GTM(place, value)
            else:
                yield maker(place, value)


def _ids(script: Script, options: Node | None) -> Iterator[Node]:
    """The values that are ids: of the options themselves, and of options in them."""
    node = script.meant(options)
    if node is not None and node.type in ("string", "template_string", "member_expression"):
        yield node
        return
    stack, left = [node], 50
    while stack and left:
        left -= 1
        inner = script.meant(stack.pop())
        if inner is None:
            continue
        if inner.type == "array":
            stack.extend(reversed(script.items(inner)))
        elif inner.type == "object":
            off = script.get(inner, "enabled")
            if off is not None and off.type == "false":
                continue
            for key, value, _ in script.pairs(inner):
                meant = script.meant(value)
                if meant is None:
                    continue
                if IDS.match(key) and meant.type not in ("object", "array"):
                    yield meant
                elif meant.type in ("object", "array"):
                    stack.append(meant)


def _parts(value: Value) -> tuple[str | Hole, ...]:
    match value:
        case Text(parts=parts):
            return parts
        case str() | Hole():
            return (value,)
    return ()


def _text(parts: tuple[str | Hole, ...]) -> Value:
    kept = tuple(part for part in parts if part != "")
    if all(isinstance(part, str) for part in kept):
        return "".join(part for part in kept if isinstance(part, str))
    return Text(kept)
