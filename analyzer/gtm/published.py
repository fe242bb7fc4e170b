"""A published container: the `gtm.js` or `gtag/js` that browsers get, decoded without running it.

Publishing drops names, notes and folders, and turns triggers into rules over predicates. All of it
is told again as the export from which it may have been made, each part at its own place in the
file. The shape is what published files show; Google documents none of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analyzer.gtm.built import Built, array, leaf, record, setting, settings, written
from analyzer.gtm.export import Export, no_sections, plain
from analyzer.gtm.literals import ScriptNode, literal_at
from analyzer.gtm.positions import Node
from analyzer.gtm.published_names import tag_name, variable_name
from analyzer.gtm.published_rules import Rules
from analyzer.gtm.published_templates import compiled, templates
from analyzer.gtm.signs import published_at
from analyzer.model import Skip, Source

INNER = ("ccd_ga_first", "ccd_ga_last", "set_product_settings", "e")  # of the runtime itself
MOST_STEPS = 6  # constants inside constants
LISTENERS = ("cl", "lcl", "fsl", "hl", "jel", "evl", "sdl", "tl", "ytl", "tg")

_ID = re.compile(rb"\bctid\s*:\s*[\"']([A-Z]{1,4}-[A-Z0-9-]+)[\"']")
_PUBLIC_ID = re.compile(rb"\bGTM-[A-Z0-9]{4,}\b")
_DESTINATION = re.compile(rb"[\"']vtp_trackingId[\"']\s*:\s*[\"']([A-Z]{1,3}-[A-Z0-9-]+)[\"']")
_FORMATS = {
    "convert_null_to": "convertNullToValue",
    "convert_undefined_to": "convertUndefinedToValue",
    "convert_true_to": "convertTrueToValue",
    "convert_false_to": "convertFalseToValue",
}
_CASES = {1: "LOWERCASE", 2: "UPPERCASE"}
_OPENERS = ("(function", "(()", "(async")


def read_published(source: Source) -> Iterator[Export | Skip]:
    """The container of a published file."""
    start = published_at(source.data)
    data = literal_at(source, start) if start is not None else None
    resource = data.members().get("resource") if data is not None else None
    if data is None or resource is None or not isinstance(resource.value, dict):
        yield Skip(
            source.path,
            "looks like a published container whose data breaks off: fetch the file again",
            1,
        )
        return
    if any(isinstance(resource.value.get(key), list) for key in ("tags", "rules", "macros")):
        yield _Published(source, data, resource).export()


@dataclass
class _Published:
    """The data of one published file."""

    source: Source
    data: ScriptNode
    resource: Node
    _names: dict[str, int] = field(default_factory=dict)

    def export(self) -> Export:
        container_id = self._container_id()
        version = self.resource.members().get("version", self.resource)
        rules = Rules(
            [each.value for each in self._all("predicates")],
            self._all("rules"),
            [each.value for each in self.tags],
            self._shown,
            self._is_event,
        )
        sections: dict[str, list[Node]] = {
            **no_sections(),
            "tag": [
                self._tag(number, node, rules)
                for number, node in enumerate(self.tags)
                if not self._is_internal(node)
            ],
            "trigger": list(rules.triggers()),
            "variable": list(self._variables()),
            "customTemplate": list(templates(self.data)),
        }
        return Export(
            source=self.source,
            version=record(version, {"container": record(version, {"publicId": version})}),
            sections=sections,
            container_id=container_id,
            name="",
            context=("WEB",),
            form="published file",
            compiled=dict(compiled(self.source, self.data)),
        )

    @cached_property
    def tags(self) -> list[Node]:
        return self._all("tags")

    @cached_property
    def macros(self) -> list[Node]:
        return self._all("macros")

    @cached_property
    def macro_names(self) -> list[str]:
        """A name for each variable; those that read the same share one."""
        names: list[str] = []
        taken: dict[str, str] = {}
        for number, node in enumerate(self.macros):
            kind, given = _kind(node.value), _given(node.value)
            told = {key: self._told(each) for key, each in given.items() if not _is_table(each)}
            name = variable_name(kind, told, number)
            same = json.dumps(node.value, sort_keys=True, default=str)
            if taken.setdefault(name, same) != same:
                name = f"{name}, macro {number}"
                taken[name] = same
            names.append(name)
        return names

    def _all(self, key: str) -> list[Node]:
        node = self.resource.members().get(key)
        found = node.elements() if node is not None else []
        return found if key == "rules" else [each for each in found if _is_record(each)]

    def _is_event(self, value: Any) -> bool:
        """Is this the variable that holds the event's name?"""
        match value:
            case ["macro", int(number)] if number < len(self.macros):
                return self.macro_names[number] == "Event"
        return False

    def _is_internal(self, node: Node) -> bool:
        return _kind(node.value) in (*LISTENERS, *INNER)

    def _container_id(self) -> str:
        """What the file says of itself after the data; else the one id that it mentions."""
        rest = self.source.data[self.data.end :]
        if found := _ID.search(rest):
            return found[1].decode()
        blob = self.data.value.get("blob")
        own = plain(blob.get("5")) if isinstance(blob, dict) else ""
        if re.fullmatch(r"[A-Z]{1,4}-[A-Z0-9-]+", own):
            return own
        counted = Counter(each[0].decode() for each in _PUBLIC_ID.finditer(rest)).most_common(1)
        if counted:
            return counted[0][0]
        found = _DESTINATION.search(self.source.data, self.data.start, self.data.end)
        return found[1].decode() if found else ""

    # ------------------------------------------------------------ values

    def _value(self, node: Node) -> Node:
        """A value with its references put as `{{name}}`, as an export writes them."""
        inner = node.elements()
        match node.value:
            case ["macro", int(number), *_]:
                return leaf("{{" + self._macro(number) + "}}", node)
            case ["template", *_]:
                return written(*map(self._text, inner[1:]), at=node)
            case ["escape", _, *_]:
                return self._value(inner[1])
            case ["list", *_]:
                return array(node, map(self._value, inner[1:]))
            case ["map", *_]:
                pairs = zip(inner[1::2], inner[2::2], strict=False)
                return record(node, {str(key.value): self._value(each) for key, each in pairs})
            case ["tag", int(number), *_]:
                return leaf(self._tag_name(number), node)
            case [str(), *_]:
                return leaf("{{a computed value}}", node)
        return node

    def _text(self, node: Node) -> Node:
        """A part of a text, which may be a number."""
        value = self._value(node)
        return value if isinstance(value.value, str) else leaf(plain(value.value), node)

    def _shown(self, value: Any) -> str:
        """A predicate's side as an export writes it."""
        match value:
            case ["macro", int(number), *_]:
                return "{{" + self._macro(number) + "}}"
            case ["template", *parts]:
                return "".join(map(self._shown, parts))
            case ["escape", inner, *_]:
                return self._shown(inner)
            case list():
                return "{{a computed value}}"
        return plain(value)

    def _told(self, value: Any, depth: int = 0) -> Any:
        """A setting for a name: constants put in, what else a variable holds as an ellipsis."""
        match value:
            case ["template", *parts]:
                return "".join(plain(self._told(part, depth)) for part in parts)
            case ["macro", int(number), *_] if number < len(self.macros) and depth < MOST_STEPS:
                raw = self.macros[number].value
                return self._told(raw.get("vtp_value"), depth + 1) if _kind(raw) == "c" else "…"
            case ["escape", inner, *_]:
                return self._told(inner, depth)
            case list():
                return "…"
        return value

    def _macro(self, number: int) -> str:
        return self.macro_names[number] if number < len(self.macros) else f"macro {number}"

    # ------------------------------------------------------------ tags

    def _tag(self, number: int, node: Node, rules: Rules) -> Built:
        members = node.members()
        kind = _kind(node.value)
        paused = kind == "paused"
        if paused:
            kind = plain(node.value.get("vtp_originalTagType")) or kind
        function = members["function"]
        given = {
            key.removeprefix("vtp_"): self._value(each)
            for key, each in members.items()
            if key.startswith("vtp_") and not (paused and key == "vtp_originalTagType")
        }
        firing, blocking = rules.of(number)
        return record(
            node,
            {
                "tagId": members.get("tag_id"),
                "name": leaf(self._tag_name(number), node),
                "type": leaf(kind, function),
                "parameter": settings(node, given),
                "paused": leaf("true", function) if paused else None,
                "firingTriggerId": array(node, (leaf(each, node) for each in firing)),
                "blockingTriggerId": array(node, (leaf(each, node) for each in blocking)),
                "setupTag": self._named_tags(members.get("setup_tags")),
                "teardownTag": self._named_tags(members.get("teardown_tags")),
                "consentSettings": _consent(members.get("consent")),
                "tagFiringOption": leaf(
                    "ONCE_PER_LOAD" if node.value.get("once_per_load") else "ONCE_PER_EVENT", node
                ),
            },
        )

    def _tag_name(self, number: int) -> str:
        if number >= len(self.tags):
            return f"tag number {number}"
        raw = self.tags[number].value
        if name := plain(raw.get("instance_name")):  # only a preview has it
            return name
        kind = _kind(raw)
        if kind == "paused":
            kind = plain(raw.get("vtp_originalTagType")) or kind
        given = {key: self._shown(each) for key, each in _given(raw).items() if not _is_table(each)}
        tag_id = plain(raw.get("tag_id")) or f"number {number}"
        return tag_name(kind, given, tag_id)

    def _named_tags(self, node: Node | None) -> Built | None:
        if node is None:
            return None
        return array(
            node, (record(each, {"tagName": self._value(each)}) for each in node.elements()[1:])
        )

    # ------------------------------------------------------------ variables

    def _variables(self) -> Iterator[Node]:
        told: set[str] = set()
        for name, node in zip(self.macro_names, self.macros, strict=True):
            if name in told:
                continue
            told.add(name)
            kind = _kind(node.value)
            given = {
                key.removeprefix("vtp_"): self._value(each)
                for key, each in node.members().items()
                if key.startswith("vtp_")
            }
            for key in ("name", "queryKey"):  # a key that is put together from constants is known
                known = self._told(node.value.get(f"vtp_{key}"))
                if key in given and isinstance(known, str) and "…" not in known:
                    given[key] = leaf(known, given[key])
            if kind == "jsm" and "javascript" in given:
                given["javascript"] = _uncalled(given["javascript"])
            yield record(
                node,
                {
                    "name": leaf(name, node),
                    "type": leaf(kind, node.members()["function"]),
                    "parameter": settings(node, given),
                    "formatValue": self._format(node),
                },
            )
        computed = leaf("a computed value", self.resource)
        yield record(self.resource, {"name": computed, "type": leaf("computed", self.resource)})

    def _format(self, node: Node) -> Built | None:
        members = node.members()
        formats: dict[str, Node | None] = {
            name: setting(name, self._value(members[key]))
            for key, name in _FORMATS.items()
            if key in members
        }
        case = node.value.get("convert_case_to")
        if case in _CASES:
            formats["caseConversionType"] = leaf(_CASES[case], members["convert_case_to"])
        return record(node, formats) if formats else None


def _kind(raw: Mapping[str, Any]) -> str:
    return plain(raw.get("function")).removeprefix("__")


def _given(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key.removeprefix("vtp_"): each for key, each in raw.items() if key.startswith("vtp_")}


def _is_record(node: Node) -> bool:
    return isinstance(node.value, dict) and isinstance(node.value.get("function"), str)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and value[:1] in (["list"], ["map"])


def _consent(node: Node | None) -> Built | None:
    """The kinds of consent that a tag waits for; an empty list says that it needs none more."""
    if node is None:
        return None
    kinds = node.elements()[1:]
    status = leaf("NEEDED" if kinds else "NOT_NEEDED", node)
    return record(node, {"consentStatus": status, "consentType": array(node, kinds)})


def _uncalled(code: Node) -> Node:
    """The function of a custom script, which publishing wraps to call it at once."""
    text = code.value
    if not isinstance(text, str) or not text.startswith(_OPENERS):
        return code
    tail = re.search(r"\)\(\);?\s*$", text)
    if tail is None:
        return code
    head, body = 1, text[1 : tail.start()]
    lift = code.lift()
    return Built(body, code.span, offsets=list(lift[head : head + len(body.encode()) + 1]))
