"""What a variable reads: the page's address, a cookie, the data layer, an element, an event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.gtm.export import enumerated, plain, said
from analyzer.gtm.scripting import reads
from analyzer.model import Origin, OriginKind


@dataclass(frozen=True, slots=True)
class Reading:
    """The origin of a variable's value, and what a condition on the variable is about."""

    origin: Origin
    about: str = "variable"
    subject: str = ""


ON_PAGE = ("path", "url", "host", "query")  # what a condition must be about to be one on pages

TYPE_WORDS = {  # other spellings of a type, from files that people wrote by hand
    "URL": "u",
    "CONSTANT": "c",
    "DATA_LAYER": "v",
    "DATA_LAYER_VARIABLE": "v",
    "COOKIE": "k",
    "FIRST_PARTY_COOKIE": "k",
    "CUSTOM_JAVASCRIPT": "jsm",
    "JAVASCRIPT": "j",
    "JAVASCRIPT_VARIABLE": "j",
    "LOOKUP_TABLE": "smm",
    "REGEX_TABLE": "remm",
    "DOM_ELEMENT": "d",
    "AUTO_EVENT": "aev",
    "REFERRER": "f",
    "EVENT_DATA": "ed",
}

_BUILT_IN: dict[str, Reading] = {
    "PAGE_URL": Reading(Origin(OriginKind.ADDRESS, "url"), "url"),
    "PAGE_HOSTNAME": Reading(Origin(OriginKind.ADDRESS, "host"), "host"),
    "PAGE_PATH": Reading(Origin(OriginKind.ADDRESS, "path"), "path"),
    "REFERRER": Reading(Origin(OriginKind.REFERRER), "referrer"),
    "EVENT": Reading(Origin(OriginKind.EVENT, "event name"), "event"),
    "EVENT_NAME": Reading(Origin(OriginKind.EVENT, "event name"), "event"),
    "QUERY_STRING": Reading(Origin(OriginKind.QUERY), "query"),
    "REQUEST_PATH": Reading(Origin(OriginKind.EVENT, "request path")),
    "REQUEST_METHOD": Reading(Origin(OriginKind.EVENT, "request method")),
    "CLIENT_NAME": Reading(Origin(OriginKind.EVENT, "client name"), "client"),
    "VISITOR_REGION": Reading(Origin(OriginKind.EVENT, "visitor region")),
    "ANALYTICS_CLIENT_ID": Reading(Origin(OriginKind.COOKIE, "_ga")),
    "ANALYTICS_SESSION_ID": Reading(Origin(OriginKind.COOKIE, "_ga")),
    "ANALYTICS_SESSION_NUMBER": Reading(Origin(OriginKind.COOKIE, "_ga")),
    "NEW_HISTORY_FRAGMENT": Reading(Origin(OriginKind.ADDRESS, "fragment")),
    "OLD_HISTORY_FRAGMENT": Reading(Origin(OriginKind.ADDRESS, "fragment")),
    "ERROR_MESSAGE": Reading(Origin(OriginKind.GLOBAL, "error message")),
    "ERROR_URL": Reading(Origin(OriginKind.GLOBAL, "error address")),
    "ERROR_LINE": Reading(Origin(OriginKind.GLOBAL, "error line")),
    "AMP_BROWSER_LANGUAGE": Reading(Origin(OriginKind.ENVIRONMENT, "browser language")),
    "CONTAINER_ID": Reading(Origin(OriginKind.CONSTANT, "container id")),
    "CONTAINER_VERSION": Reading(Origin(OriginKind.CONSTANT, "container version")),
    "ENVIRONMENT_NAME": Reading(Origin(OriginKind.ENVIRONMENT, "environment"), "environment"),
    "DEBUG_MODE": Reading(
        Origin(OriginKind.ENVIRONMENT, "debug mode"), "environment", "debug mode"
    ),
    "RANDOM_NUMBER": Reading(Origin(OriginKind.UNKNOWN, "random number")),
    "HTML_ID": Reading(Origin(OriginKind.UNKNOWN, "html id")),
}
_ON_ELEMENTS = {
    "CLICK": ("ELEMENT", "CLASSES", "ID", "TARGET", "URL", "TEXT"),
    "FORM": ("ELEMENT", "CLASSES", "ID", "TARGET", "URL", "TEXT"),
    "VIDEO": (
        "PROVIDER",
        "STATUS",
        "URL",
        "TITLE",
        "DURATION",
        "CURRENT_TIME",
        "PERCENT",
        "VISIBLE",
    ),
    "SCROLL_DEPTH": ("THRESHOLD", "UNITS", "DIRECTION"),
    "ELEMENT_VISIBILITY": ("RATIO", "TIME", "FIRST_TIME", "RECENT_TIME"),
}
_BUILT_IN.update(
    (f"{family}_{part}", Reading(Origin(OriginKind.ELEMENT, words), "element", words))
    for family, parts in _ON_ELEMENTS.items()
    for part in parts
    for words in [f"{family}_{part}".lower().replace("_", " ")]
)
_BUILT_IN.update(
    (kind, Reading(Origin(OriginKind.GLOBAL, kind.lower().replace("_", " "))))
    for kind in (
        "NEW_HISTORY_STATE",
        "OLD_HISTORY_STATE",
        "NEW_HISTORY_URL",
        "OLD_HISTORY_URL",
        "HISTORY_SOURCE",
    )
)
_SHOWN_AS = {
    "percent visible": "ELEMENT_VISIBILITY_RATIO",
    "on-screen duration": "ELEMENT_VISIBILITY_TIME",
    "_event": "EVENT",
}

OF_EVENTS = {  # what an event tells a server of the page and of itself
    "event_name": "event",
    "page_location": "url",
    "page_hostname": "host",
    "page_path": "path",
    "page_referrer": "referrer",
}
_URL_PARTS = {"URL": "url", "HOST": "host", "PATH": "path", "QUERY": "query"}


def built_in(name: str, types: Mapping[str, str] | None = None) -> Reading | None:
    """The built-in variable with this name, which a container may show in its own language.

    A reference to one that is not switched on is common, so the name alone is enough.
    """
    if types and name in types:
        return _BUILT_IN.get(enumerated(types[name]))
    return _BUILT_IN.get(built_in_kind(name))


def built_in_kind(name: str) -> str:
    """The type of the built-in variable with this name, in English and in whatever case."""
    words = name.casefold()
    return _SHOWN_AS.get(words, "" if "_" in words else words.replace(" ", "_").upper())


def reading(kind: str, name: str, given: Mapping[str, Any]) -> Reading:
    """What a variable with this type and these settings reads; else its name has to do."""
    key = plain(given.get("name"))
    match kind:
        case "v" if key == "event":
            return _BUILT_IN["EVENT"]
        case "v" if key.startswith("gtm.element"):
            words = f"element {enumerated(key.removeprefix('gtm.element')).lower()}"
            return Reading(Origin(OriginKind.ELEMENT, words), "element", words)
        case "v":
            return Reading(Origin(OriginKind.DATA_LAYER, key), "data-layer", key)
        case "k" | "sgtmk":
            return Reading(Origin(OriginKind.COOKIE, key), "cookie", key)
        case "j":
            return _of_global(key.removeprefix("window."))
        case "u":
            return _of_address(name, given)
        case "f":
            part = _component(given)
            part = "" if part == "url" else part
            return Reading(Origin(OriginKind.REFERRER, part), "referrer", part)
        case "e":
            return _BUILT_IN["EVENT"]
        case "d":
            return _of_element(given)
        case "aev":
            return _of_event_element(given)
        case "vis":
            selector = plain(given.get("elementSelector")) or plain(given.get("elementId"))
            words = f"visibility of {selector}"
            return Reading(Origin(OriginKind.ELEMENT, words), "element", words)
        case "ed":
            key = plain(given.get("keyPath"))
            about = OF_EVENTS.get(key, "event-data")
            return Reading(Origin(OriginKind.EVENT, key), about, "" if key in OF_EVENTS else key)
        case "rh" | "reqh":
            header = plain(given.get("headerName"))
            return Reading(Origin(OriginKind.EVENT, f"request header {header}"), "variable", name)
        case "dbg":
            return _BUILT_IN["DEBUG_MODE"]
        case "ev" | "evn":
            return _BUILT_IN["ENVIRONMENT_NAME"]
        case "ampv":
            return Reading(Origin(OriginKind.GLOBAL, key), "variable", name)
        case "question":
            return Reading(Origin(OriginKind.UNKNOWN, name), "unknown", name)
        case "jsm":
            return _of_script(name, plain(given.get("javascript")))
    return Reading(Origin(OriginKind.UNKNOWN, name), "variable", name)


def _of_global(path: str) -> Reading:
    found = reads(path) or (Origin(OriginKind.GLOBAL, path),)
    match found[0]:
        case Origin(kind=OriginKind.ADDRESS, name=part) if part in _URL_PARTS.values():
            return Reading(found[0], part)
        case Origin(kind=OriginKind.REFERRER):
            return Reading(found[0], "referrer")
        case Origin(kind=OriginKind.STORAGE, name=key):
            return Reading(found[0], "storage", key)
    return Reading(found[0], "variable", path)


def _of_address(name: str, given: Mapping[str, Any]) -> Reading:
    part = _component(given)
    if plain(given.get("customUrlSource")):
        return Reading(Origin(OriginKind.UNKNOWN, name), "variable", name)
    if part == "query":
        key = plain(given.get("queryKey"))
        return Reading(Origin(OriginKind.QUERY, key), "query", key)
    if part in _URL_PARTS.values():
        return Reading(Origin(OriginKind.ADDRESS, part), part)
    return Reading(Origin(OriginKind.ADDRESS, part), "variable", f"page {part}")


def _component(given: Mapping[str, Any]) -> str:
    word = enumerated(given.get("component")) or "URL"
    return _URL_PARTS.get(word, {"HOSTNAME": "host"}.get(word, word.lower()))


def _of_element(given: Mapping[str, Any]) -> Reading:
    selector = plain(given.get("elementSelector"))
    if element_id := plain(given.get("elementId")):
        selector = selector or f"#{element_id}"
    attribute = plain(given.get("attributeName"))
    asks = attribute == "value" or re.search(r"\b(input|textarea|select)\b|\[name", selector)
    words = selector if not attribute or asks else f"{selector} {attribute}"
    kind = OriginKind.FIELD if asks else OriginKind.ELEMENT
    return Reading(Origin(kind, words), "element", words)


def _of_event_element(given: Mapping[str, Any]) -> Reading:
    part = enumerated(given.get("varType")).removeprefix("ELEMENT_") or "ELEMENT"
    if part == "ATTRIBUTE":
        words = f"element attribute {plain(given.get('attribute'))}"
    elif part == "ELEMENT":
        words = "element"
    elif part.startswith(("VIDEO", "HISTORY", "SCROLL")):
        words = part.lower().replace("_", " ")
    elif part == "URL" and enumerated(given.get("component")) not in ("", "URL"):
        words = f"element url {plain(given.get('component')).lower()}"
    else:
        words = f"element {part.lower().replace('_', ' ')}"
    return Reading(Origin(OriginKind.ELEMENT, words), "element", words)


def _of_script(name: str, code: str) -> Reading:
    """One thing that the code reads is the origin; of several the value is made in some way."""
    found = reads(code)
    hashed = re.search(r"sha-?(1|256|512)|md5|crypto\.subtle\.digest", f"{name} {code}", re.I)
    if hashed:
        return Reading(Origin(OriginKind.HASH, name, found), "variable", name)
    if len(found) == 1:
        return Reading(found[0], "variable", name)
    return Reading(Origin(OriginKind.UNKNOWN, name, found), "variable", name)


def has_default(given: Mapping[str, Any]) -> bool:
    return "defaultValue" in given and (
        "setDefaultValue" not in given or said(given["setDefaultValue"])
    )
