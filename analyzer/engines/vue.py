"""Vue: single-file components with {{ output }}, v-if, bound attributes, slots and router views."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import replace

from analyzer.engines import LEFT_OUT
from analyzer.engines._components import COMPONENTS, Markup, Plan
from analyzer.engines._pug import rewrite as pug
from analyzer.engines._tags import Attribute, Tag

PLACES = frozenset(("router-view", "RouterView", "nuxt", "Nuxt", "nuxt-page", "NuxtPage"))
PLACES |= {"nuxt-child", "NuxtChild"}
QUOTED = re.compile(rb"""^(["'`])([\w.-]+)\1$""")
NAME = re.compile(rb"^[A-Za-z_$][\w$]*$")
BOUND = re.compile(r"^(?:v-bind:|:)(?P<name>[A-Za-z][\w-]*)(?:\.[\w.]+)?$")
EVENT = re.compile(r"^(?:v-on:|@)(?P<name>[a-z][a-z-]*)(?:\.[\w.]+)?$")
PUG = re.compile(rb"<template\b[^<>]*?\slang\s*=\s*[\"']?(?:pug|jade)\b[^<>]*>")
PUG_END = re.compile(rb"^</template\s*>", re.M)
OWN = ("script", "style", "template")


class Component(Markup):
    """Reads one component."""

    POINTS = re.compile(rb"<(?=[A-Za-z!/])|\{\{")
    SCRIPTS_FIRST = True

    def plan(self, tag: Tag) -> Plan:
        plan = Plan(tag.name)
        if self.at_top:
            if tag.name not in OWN:  # documentation, translations: blocks of other tools
                plan.hidden = not tag.single
            return plan
        self._conditions(tag, plan)
        if tag.name == "slot":
            plan.says = b"place " + name if (name := self.said(tag.get("name"))) else b"place"
        elif tag.name in PLACES:
            plan.says = b"place"
        elif tag.name in ("component", "Component"):
            self._dynamic(tag, plan)
        elif tag.name == "Script":
            plan.name = "script"
        elif tag.name == "script":
            plan.more = f" {LEFT_OUT}".encode()
        elif tag.name[0].isupper() or "-" in tag.name:
            plan.name = f"x-{tag.name.lower()}"
            plan.uses = pascal(tag.name)
        return plan

    def attribute(self, each: Attribute) -> None:
        if each.value is None or not each.form:
            if not each.name.startswith(("v-", "#", "@", ":")):
                self.flat.keep(each.start, each.end)
            return
        if bound := BOUND.match(each.name):
            self.flat.write(f'{bound["name"]}="'.encode(), each.start)
            self.flat.show(*each.value)
            self.flat.write(b'"', each.end - 1)
        elif event := EVENT.match(each.name):
            self.flat.write(f"on{event['name']}=".encode(), each.start)
            self.flat.keep(each.value[0] - 1, each.end)
        elif not each.name.startswith(("v-", "#")) and each.name != "is":
            self.flat.keep(each.start, each.end)

    def point(self, at: int, found: re.Match[bytes]) -> int:
        end = self.find(b"}}", found.end()) if not self.at_top else -1
        if end < 0:
            return super().point(at, found)
        self.flat.show(at + 2, end, (at, end + 2))
        return end + 2

    def _conditions(self, tag: Tag, plan: Plan) -> None:
        """What v-if and its kin say. What v-show hides is in the page all the same."""
        if asked := self.said(tag.get("v-if")):
            plan.before.insert(0, b"if " + asked)
            plan.chain = True
        elif asked := self.said(tag.get("v-else-if")):
            plan.turn = b"else if " + asked
        elif tag.get("v-else") is not None:
            plan.turn = b"else"

    def _dynamic(self, tag: Tag, plan: Plan) -> None:
        """`<component :is="...">` shows an element or a component by its name."""
        written = self.said(tag.get("is", ":is", "v-bind:is"))
        quoted = QUOTED.match(written)
        name = quoted[2] if quoted else written
        plan.name = "x-component"
        if name in (b"script", b"noscript", b"iframe", b"img"):
            plan.name = name.decode()
        elif NAME.match(name) or quoted:
            plan.uses = pascal(name.decode("utf-8", "replace"))


def pascal(name: str) -> str:
    """A component's name as it is imported: `cookie-banner` is CookieBanner."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The component as flat markup, its own scripts first."""
    found = PUG.search(data)
    if found is None:
        return Component(data).read()
    markup, places = _without_pug(data, *found.span())
    flat, lift = Component(markup).read()
    return flat, array("q", (places[at] for at in lift))


def _without_pug(data: bytes, start: int, begin: int) -> tuple[bytes, Sequence[int]]:
    """The component with its template as markup, and for each byte its offset in the file."""
    closed = PUG_END.search(data, begin)
    end = closed.start() if closed else len(data)
    inner, lift = pug(data[begin:end])
    opening = b"<template>"
    places = array("q", range(start))
    places.extend([start] * len(opening))
    places.extend(begin + lift[at] for at in range(len(inner)))
    places.extend(range(end, len(data) + 1))
    return data[:start] + opening + inner + data[end:], places


ENGINE = replace(
    COMPONENTS,
    name="vue",
    suffixes=(".vue",),
    rewrite=rewrite,
    exports=True,
)
