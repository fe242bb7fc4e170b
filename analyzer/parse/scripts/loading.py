"""How scripts load things: elements made by code, helpers that load scripts, workers, modules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from analyzer.model import (
    Choice,
    Fact,
    Frame,
    Guard,
    Link,
    Object,
    Pixel,
    Request,
    ScriptLoad,
    Text,
    Value,
    options,
    shown,
)
from analyzer.parse.gates import gate_of, type_of
from analyzer.parse.scripts import attributes
from analyzer.parse.scripts.heads import described, scripts_in
from analyzer.parse.scripts.sending import Sent, sent
from analyzer.parse.values.created import Kind, element_kind, is_renderers
from analyzer.parse.values.fold import Folder
from analyzer.parse.values.jsx import is_compiled
from analyzer.parse.values.scope import Scope
from analyzer.parse.values.witness import is_address, says_something, tells_where, witness

# Functions that are given the address of a script, by their names and those of their packages.
LOADERS = re.compile(
    r"(?:^|[.$])(?:load|inject|add|append|get|require|include|insert|use|import|fetch)_?"
    r"(?:remote|external|third_?party|async|dynamic|js)?_?(?:scripts?|js|inject)(?:async|tag|once|loader|file)?$"
    r"|(?:^|\.)(?:loadjs|\$script|\$LAB\.script|importScripts|scriptjs|head\.js|head\.load|yepnope"
    r"|Modernizr\.load|mw\.loader\.load|jsloader\.load|jsloader\.safeLoad|Get\.script|Get\.js"
    r"|System(?:JS)?\.import|scriptLoader|scriptLoader\.load)$"
    r"|^npm:(?:load-script2?|scriptjs|loadjs|fetch-inject|little-loader|simple-load-script"
    r"|load-js|script-loader|react-async-script-loader|get-script|async-load-script|load-external-scripts)$",
    re.I,
)
UNLOADS = re.compile(r"un_?load|remove|css", re.I)
SCRIPTS = re.compile(r"\bhead\b.{0,20}\.scripts?$")
WORKERS = frozenset({"Worker", "SharedWorker"})
MODULES = re.compile(r"(?:^|\.)(?:requirejs|require)$")
CONFIGURES = re.compile(r"(?:^|\.)(?:requirejs|require)\.config$")
JSX = frozenset({"jsx_opening_element", "jsx_self_closing_element"})
LISTED_AS = ("src", "url", "load", "path", "href")  # keys of options that hold an address
STYLED = frozenset({"background", "backgroundImage", "cssText", "background-image", "content"})
IN_STYLE = re.compile(r"url\(\s*['\"]?((?:https?:)?//[^'\")\s]+)", re.I)
JSX_ELEMENTS: dict[str, Kind] = {
    "script": ScriptLoad,
    "Script": ScriptLoad,
    "img": Pixel,
    "Image": Pixel,
    "iframe": Frame,
}
LONGEST_CHAIN = 40  # calls that are chained to one helper
PICTURE = re.compile(r"(?i)^[^?#]*\.(?:png|jpe?g|gif|svg|webp|avif|ico|bmp)(?:[?#]|$)")
PLAYER = re.compile(r"(?i)^(?:https?:)?//(?:player\.[^/]+/|[^?#]*/embed/)")


def loads_of(folder: Folder, node: Node, scope: Scope) -> Iterator[Fact]:
    """What this call, assignment or element loads or sends, if it does."""
    match node.type:
        case "assignment_expression":
            found = _assigned(folder, node, scope)
        case "call_expression":
            found = _called(folder, node, scope)
        case "new_expression":
            found = _made(folder, node, scope)
        case "jsx_opening_element" | "jsx_self_closing_element":
            found = _shown(folder, node, scope)
        case "pair":
            found = scripts_in(folder, node, scope)
        case "import_statement" | "export_statement":
            found = _imported(folder, node, scope)
        case _:
            return
    for each in found:
        spot = each.spot
        place = folder.document.place(folder.base + spot.start_byte, folder.base + spot.end_byte)
        if each.kind is Request:
            yield Request(place=place, url=each.url, body=each.body, by_browser=each.by_browser)
        elif each.kind is Link:
            yield Link(place=place, url=each.url, kind="form")
        else:
            gate = jsx_gate(folder, node) if node.type in JSX else ()
            if each.kind is ScriptLoad:
                yield ScriptLoad(place=place, url=each.url, guards=gate, attributes=each.attributes)
            else:
                yield each.kind(place=place, url=each.url, guards=gate)


# ---------------------------------------------------------------- elements


def _assigned(folder: Folder, node: Node, scope: Scope) -> Iterator[Sent]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    if left.type not in ("member_expression", "subscript_expression"):
        return
    key, holder = folder.key_of(left, scope), left.child_by_field_name("object")
    if holder is None:
        return
    if key in STYLED:
        yield from _painted(folder, right, scope)
    elif key in ("src", "action"):
        yield from _given(folder, holder, key, right, scope)


def _given(folder: Folder, holder: Node, key: str, given: Node, scope: Scope) -> Iterator[Sent]:
    """An element is given its address."""
    witnesses: list[Node] = []
    url = folder.value(given, scope, witnesses)
    kind = element_kind(folder, holder, scope)
    if (kind is None and not is_address(url)) or _is_inline(url):
        return
    if key == "action":
        if kind is Link or kind is None:
            yield Sent(Link, url, None, witness(folder, witnesses, given))
    elif kind is not Link and tells_where(url):
        told = attributes.of_made(folder, holder, scope) if kind is ScriptLoad else ()
        yield Sent(kind or _kind_by(url), url, None, witness(folder, witnesses, given), told)


def _kind_by(url: Value) -> Kind:
    """What an element of the page shows, by its address: a script where that says nothing."""
    text = next((shown(each) for each in options(url)), "")
    if PICTURE.search(text):
        return Pixel
    return Frame if PLAYER.search(text) and ".js" not in text else ScriptLoad


def _is_inline(url: Value) -> bool:
    """Does the address hold the script itself?"""
    return isinstance(url, str) and url[:5].lower() == "data:"


def _painted(folder: Folder, given: Node, scope: Scope) -> Iterator[Sent]:
    """A picture that a style asks for."""
    witnesses: list[Node] = []
    for style in options(folder.value(given, scope, witnesses)):
        text = shown(style) if isinstance(style, (str, Text)) else ""
        found = IN_STYLE.search(text)
        if found is None:
            continue
        url: Value = found[1]
        if isinstance(style, Text):  # a hole in it stays one
            url = _cut(style, found.start(1), found.end(1))
        yield Sent(Pixel, url, None, witness(folder, witnesses, given))


def _cut(text: Text, start: int, end: int) -> Value:
    """A stretch of a text with holes, by the letters of how it is shown."""
    parts, at = [], 0
    for part in text.parts:
        size = len(shown(part))
        first, last = max(start - at, 0), min(end - at, size)
        if first < last:
            parts.append(part[first:last] if isinstance(part, str) else part)
        at += size
    return parts[0] if len(parts) == 1 else Text(tuple(parts))


def _called(folder: Folder, node: Node, scope: Scope) -> Iterator[Sent]:
    callee, items = folder.callee_of(node)
    if callee is None or not items:
        return
    if callee.type == "import":
        yield from _listed(folder, folder.value(items[0], scope), [], items[0])
        return
    text = folder.tail_of(callee, 120)
    method = text.rpartition(".")[2]
    holder = callee.child_by_field_name("object")
    if method in ("setAttribute", "setAttributeNS", "attr", "prop", "set", "css", "setProperty"):
        yield from _attribute_set(folder, method, holder, items, scope)
        return
    if method == "assign" and len(items) > 1:
        yield from _assigned_all(folder, items, scope)
        return
    if method in ("push", "unshift") and holder is not None:
        if SCRIPTS.search(folder.tail_of(holder, 40)):  # this.options.head.script.push({src: url})
            for each in items:
                yield from described(folder, ScriptLoad, each, scope)
        return
    if method in ("$", "jQuery") and len(items) > 1 and items[1].type == "object":
        yield from described(folder, element_kind(folder, node, scope), items[1], scope)
        return
    if is_compiled(folder, node, scope):
        kind = JSX_ELEMENTS.get(folder.text_of(items[0]).strip("\"'`"))
        yield from described(folder, kind, items[1], scope)
        return
    name = folder.name_of(callee, scope) or text
    yield from _helped(folder, name, node, items, scope)
    yield from sent(folder, node, name, method, items, scope)


def _assigned_all(folder: Folder, items: list[Node], scope: Scope) -> Iterator[Sent]:
    """`Object.assign(element, {src: url})`."""
    if items[1].type == "object":
        for key, value in pairs(folder, items[1]):
            if key == "src":
                yield from _given(folder, items[0], key, value, scope)
        return
    kind = element_kind(folder, items[0], scope)
    witnesses: list[Node] = []
    whole = folder.value(items[1], scope, witnesses) if kind not in (None, Link) else None
    for each in options(whole):
        url = each.get("src") if isinstance(each, Object) else None
        if kind is not None and url is not None and tells_where(url):
            yield Sent(kind, url, None, witness(folder, witnesses, items[1]))


def _attribute_set(
    folder: Folder, method: str, holder: Node | None, items: list[Node], scope: Scope
) -> Iterator[Sent]:
    """`setAttribute("src", url)`, jQuery's `attr`, `Reflect.set`, and Angular's renderer, whose
    methods are given the element: `renderer.setAttribute(script, "src", url)`.
    """
    if holder is None:
        return
    if is_renderers(folder, method, items, scope):
        holder, *items = items
    elif method == "set":
        if folder.text_of(holder) != "Reflect" or len(items) < 3:
            return
        holder, *items = items
    elif method == "setAttributeNS":
        items = items[1:]
    if len(items) == 1 and items[0].type == "object":
        told = [*pairs(folder, items[0])]
    else:
        named = options(folder.value(items[0], scope)) if len(items) > 1 else ()
        told = [(key, items[1]) for key in named if isinstance(key, str)]
    for key, value in told:
        if key == "src":
            yield from _given(folder, holder, key, value, scope)
        elif key in STYLED and method in ("css", "setProperty"):
            yield from _painted(folder, value, scope)


def _shown(folder: Folder, node: Node, scope: Scope) -> Iterator[Sent]:
    """What a JSX element asks for."""
    tag = node.child_by_field_name("name")
    kind = JSX_ELEMENTS.get(folder.text_of(tag)) if tag is not None else None
    for child in node.named_children:
        if child.type == "jsx_attribute" and kind is None:  # <Helmet script={[{src: "..."}]}>
            yield from scripts_in(folder, child, scope)
    if kind is None:
        return
    for child in node.named_children:
        parts = child.named_children
        if child.type == "jsx_expression" and parts and parts[0].type == "spread_element":
            spread = folder.value(parts[0].named_children[0], scope)
            url = spread.get("src") if isinstance(spread, Object) else None
            if url is not None and says_something(url):
                yield Sent(kind, url, None, child)
        if child.type == "jsx_attribute" and len(parts) > 1 and folder.text_of(parts[0]) == "src":
            witnesses: list[Node] = []
            url = folder.value(parts[1], scope, witnesses)
            # What a picture shows is mostly a file that the script takes from beside it.
            if says_something(url) or (kind is not Pixel and tells_where(url)):
                told = attributes.of_element(folder, node, scope) if kind is ScriptLoad else ()
                yield Sent(kind, url, None, witness(folder, witnesses, parts[1]), told)


# ---------------------------------------------------------------- helpers, modules and workers


def _helped(
    folder: Folder, name: str, node: Node, items: list[Node], scope: Scope
) -> Iterator[Sent]:
    """A function is called that loads the scripts whose addresses it is given."""
    witnesses: list[Node] = []
    if CONFIGURES.search(name):
        whole = folder.value(items[0], scope, witnesses)
        paths = whole.get("paths") if isinstance(whole, Object) else None
        for _, path in paths.items if isinstance(paths, Object) else ():
            yield from _listed(folder, _with_suffix(path), witnesses, items[0])
    elif MODULES.search(name) or name == "define":
        lists = [each for each in items[:2] if each.type == "array"]
        for each in lists:
            yield from _listed(folder, folder.value(each, scope, witnesses), witnesses, each)
    elif name.endswith("serviceWorker.register"):
        yield from _worker(folder, items[0], scope)
    elif LOADERS.search(name) and not UNLOADS.search(name):
        given = items if name.rpartition(".")[2] == "importScripts" else items[:1]
        for item in given:
            found: list[Node] = []
            yield from _listed(folder, folder.value(item, scope, found), found, item)
    elif name.endswith(".script") and "$LAB" in folder.head_of(node, LONGEST_CHAIN):
        yield from _listed(folder, folder.value(items[0], scope, witnesses), witnesses, items[0])


def _listed(folder: Folder, given: Value, witnesses: list[Node], otherwise: Node) -> Iterator[Sent]:
    """The addresses in what a helper is given: one, a list of them, or options that hold some."""
    match given:
        case tuple():
            for each in given:
                yield from _listed(folder, each, witnesses, otherwise)
        case Object(items=pairs_given):
            found = [value for key, value in pairs_given if key in LISTED_AS]
            for each in found or [value for _, value in pairs_given]:
                yield from _listed(folder, each, witnesses, otherwise)
        case str() | Text() | Choice() if is_address(given):
            yield Sent(ScriptLoad, given, None, witness(folder, witnesses, otherwise))


def _with_suffix(path: Value) -> Value:
    """The address behind a module's path, which says nothing of its kind."""
    return f"{path}.js" if isinstance(path, str) and not path.endswith(".js") else path


def _made(folder: Folder, node: Node, scope: Scope) -> Iterator[Sent]:
    maker, items = folder.callee_of(node)
    name = folder.name_of(maker, scope) if maker is not None else None
    if name in WORKERS and items:
        yield from _worker(folder, items[0], scope)
    elif name is not None and items:
        yield from sent(folder, node, name, "new", items, scope)


def _worker(folder: Folder, given: Node, scope: Scope) -> Iterator[Sent]:
    """A script that runs beside the page."""
    witnesses: list[Node] = []
    url = folder.value(given, scope, witnesses)
    if says_something(url):
        yield Sent(ScriptLoad, url, None, witness(folder, witnesses, given))


def _imported(folder: Folder, node: Node, scope: Scope) -> Iterator[Sent]:
    """A module that stands at another host."""
    source = node.child_by_field_name("source")
    if source is not None:
        yield from _listed(folder, folder.value(source, scope), [source], source)


def jsx_attributes(folder: Folder, node: Node) -> dict[str, str]:
    """The attributes of a JSX element that are plain texts; the others are empty."""
    found = {}
    for child in node.named_children:
        parts = child.named_children
        if child.type == "jsx_attribute" and parts:
            is_text = len(parts) > 1 and parts[1].type == "string"
            name = folder.text_of(parts[0])
            found[name] = folder.text_of(parts[1])[1:-1] if is_text else ""
    return found


def jsx_gate(folder: Folder, node: Node) -> tuple[Guard, ...]:
    """What holds a JSX element back."""
    told = jsx_attributes(folder, node)
    tag = node.child_by_field_name("name")
    is_script = tag is not None and folder.text_of(tag).lower() == "script"
    kind, moved = type_of(told.get("type", "")), "src" not in told and "data-src" in told
    return gate_of(tuple(told), told.get("className", ""), kind, is_script, moved)


def pairs(folder: Folder, node: Node) -> Iterator[tuple[str, Node]]:
    """The keys and values of an object."""
    for child in node.named_children if node.type == "object" else ():
        if child.type == "shorthand_property_identifier":
            yield folder.text_of(child), child
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "pair" and key is not None and value is not None:
            yield folder.text_of(key).strip("\"'"), value
