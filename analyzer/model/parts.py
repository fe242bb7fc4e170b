"""What a property of something that is read is: a field of a form, a way into an answer."""

from __future__ import annotations

import re

from analyzer.model.values import Origin, OriginKind

PATH = "path"  # of the address, as routers tell it
INTO = " > "  # between the address of a request and the way into its answer
TYPED = frozenset(
    {
        "value",
        "checked",
        "files",
        "selectedOptions",
        "selectedIndex",
        "valueAsDate",
        "options",
        "valueAsNumber",
    }
)
TARGETS = frozenset({"target", "currentTarget", "srcElement", "delegateTarget"})
WHOLE_FORM = frozenset(  # what forms and their libraries call all of a form's values
    {
        "elements",
        "values",
        "value",
        "controls",
        "fields",
        "data",
        "current",
        "valueChanges",
        "getRawValue",
        "getValues",
        "watch",
        "formData",
        "state",
        *TARGETS,
    }
)
OF_ELEMENTS = frozenset(  # properties that are no field of a form
    {
        "textContent",
        "innerText",
        "innerHTML",
        "outerHTML",
        "id",
        "className",
        "classList",
        "style",
        "href",
        "src",
        "name",
        "type",
        "title",
        "parentNode",
        "parentElement",
        "children",
        "firstChild",
        "lastChild",
        "nextSibling",
        "previousSibling",
        "nextElementSibling",
        "firstElementChild",
        "previousElementSibling",
        "tagName",
        "nodeName",
        "length",
        "current",
        "action",
        "method",
        "attributes",
        "ownerDocument",
        "isConnected",
        "disabled",
        "required",
        "validity",
        "offsetWidth",
        "offsetHeight",
        "offsetTop",
        "clientWidth",
        "clientHeight",
        "scrollTop",
        "scrollHeight",
        "item",
        "placeholder",
        "label",
        "labels",
        "text",
        "alt",
        "hash",
        "pathname",
        "host",
        "hostname",
        "search",
        "currentTime",
        "duration",
        "paused",
        "muted",
        "volume",
        "width",
        "height",
        "nodeType",
        "contentWindow",
        "contentDocument",
        "hidden",
        "lang",
        "role",
        "shadowRoot",
        "nativeElement",
        "dispatchEvent",
        "selector",
        "context",
        "prototype",
        "constructor",
    }
)
OF_ADDRESS = frozenset(  # what routers call the address, and what they put around it
    {
        "pathname",
        "search",
        "hash",
        "href",
        "params",
        "value",
        "fullPath",
        "path",
        "asPath",
        "url",
        "urlAfterRedirects",
        "location",
        "currentRoute",
        "to",
        "from",
    }
)
PATHS = frozenset(
    {
        OriginKind.GLOBAL,
        OriginKind.TEMPLATE,
        OriginKind.STORAGE,
        OriginKind.COOKIE,
        OriginKind.EVENT,
    }
)
DATASET = "[data-]"


def part_of(origin: Origin, key: str) -> Origin:
    """What a property of a value is, by where the value comes from."""
    if key == "length":
        return origin
    if origin.name and key.isdecimal() and origin.kind in (OriginKind.COOKIE, OriginKind.QUERY):
        return origin  # of what an expression took out of it
    match origin.kind:
        case OriginKind.EVENT if not origin.name and origin.of:
            return origin.of[0] if key in TARGETS else Origin(OriginKind.EVENT, key)
        case OriginKind.ELEMENT:
            return _part_of_element(origin, key)
        case OriginKind.FORM:
            if key in WHOLE_FORM or key in OF_ELEMENTS or not key or key.isdigit():
                return origin
            return field_of(origin.name, key)
        case OriginKind.RESPONSE:
            return _part_of_response(origin, key)
        case OriginKind.QUERY:
            return origin if origin.name or not key else Origin(OriginKind.QUERY, key)
        case OriginKind.ADDRESS if key in ("searchParams", "query"):
            return Origin(OriginKind.QUERY)
        case OriginKind.ADDRESS if key:
            return Origin(OriginKind.ADDRESS, _part_of_address(origin.name, key))
        case kind if kind in PATHS and key:
            name = f"{origin.name}.{key}" if origin.name else key
            return Origin(kind, name, origin.of, origin.place)
    return origin


def field_of(form: str, name: str) -> Origin:
    return Origin(OriginKind.FIELD, f"{form} [name={name}]".strip())


def _part_of_address(name: str, key: str) -> str:
    if name == PATH and key not in OF_ADDRESS and not key.isdecimal():
        return f"{PATH} {key}"  # of a router: its parameters have the names of the route
    return f"{name}.{key}" if name in ("location", "document.location") else name


def _part_of_element(origin: Origin, key: str) -> Origin:
    name = origin.name
    if name.endswith(DATASET) and key:
        words = re.sub(r"([A-Z])", lambda found: "-" + found[1].lower(), key)
        return Origin(OriginKind.ELEMENT, f"{name.removesuffix(DATASET)}[data-{words}]")
    if key in TYPED:
        return Origin(OriginKind.FIELD, name)
    if key == "elements":
        return Origin(OriginKind.FORM, name)
    if key == "form":
        return Origin(OriginKind.ELEMENT, "form")
    if key == "dataset":
        return Origin(OriginKind.ELEMENT, name + DATASET)
    if not key or key.isdigit() or key in OF_ELEMENTS or "[name=" in name:
        return Origin(OriginKind.ELEMENT, name, origin.of, origin.place)
    return Origin(OriginKind.ELEMENT, f"{name} [name={key}]".strip())


def _part_of_response(origin: Origin, key: str) -> Origin:
    name, _, path = origin.name.partition(INTO)
    if not key or key.isdigit() or (key in ("data", "body") and not path):
        return origin
    return Origin(
        OriginKind.RESPONSE,
        f"{name}{INTO}{path}.{key}" if path else f"{name}{INTO}{key}",
        (),
        origin.place,
    )
