"""Svelte: {output}, {#if}, {@render}, {@html}, slots, and what a component puts into the head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from analyzer.engines._components import COMPONENTS, Markup, Plan, squeezed
from analyzer.engines._literals import written_markup
from analyzer.engines._tags import Attribute, Tag

BLOCK = re.compile(rb"\{\s*+(?P<sign>[#:/@])(?P<word>[a-z]+)\s*+")
RENDER = re.compile(rb"(?:\w+\.)*(?P<name>\w+)\s*(?:\?\.)?\s*\(")
NAMED = re.compile(rb"^[A-Za-z_$][\w$.]*$")
EVENT = re.compile(r"^on:?(?P<name>[a-z]+)(?:\|[\w|]+)?$")


class Component(Markup):
    """Reads one component."""

    POINTS = re.compile(rb"<(?=[A-Za-z!/])|\{")
    BRACES = True
    SCRIPTS_FIRST = True

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.blocks: list[str] = []  # what is open between braces

    def plan(self, tag: Tag) -> Plan:
        plan = Plan(tag.name)
        if tag.name == "slot":
            plan.says = b"place " + name if (name := self.said(tag.get("name"))) else b"place"
        elif tag.name.startswith("svelte:"):
            plan.name = ""
            shown = self.said(tag.get("this"))
            if tag.name == "svelte:component" and NAMED.match(shown):
                plan.uses = shown.decode()
            elif tag.name == "svelte:element" and shown.strip(b"\"'") == b"script":
                plan.name = "script"
        elif tag.name[0].isupper() or "." in tag.name:
            plan.name = f"x-{tag.name.lower()}"
            plan.uses = tag.name
        return plan

    def attribute(self, each: Attribute) -> None:
        if each.value is None:
            self.flat.keep(each.start, each.end)
        elif each.form == b"{":
            self._expression(each)
        elif each.form and b"{" in self.data[each.value[0] : each.value[1]]:
            self.flat.keep(each.start, each.value[0])
            self._mixed(*each.value)
            self.flat.keep(each.value[1], each.end)
        else:
            self.flat.keep(each.start, each.end)

    def point(self, at: int, found: re.Match[bytes]) -> int:
        data = self.data
        end = self.scanner.closing(at + 1, len(data)) if self.scanner.patience > 0 else -1
        if end < 0:
            return super().point(at, found)
        said = BLOCK.match(data, at, end)
        if said is None:
            self.flat.show(at + 1, end, (at, end + 1))
        elif said["sign"] == b"@":
            self._special(said["word"], said.end(), at, end)
        else:
            self._block(said["sign"], said["word"], data[said.end() : end].strip(), at, end)
        return end + 1

    def _expression(self, each: Attribute) -> None:
        assert each.value is not None
        start, end = each.value
        name = each.name or self.data[start:end].strip().decode("utf-8", "replace")
        if event := EVENT.match(name):
            self.flat.write(f'on{event["name"]}="'.encode(), each.start)
            for at in range(start, end):  # quotes in the script must not end the attribute
                byte = self.data[at : at + 1]
                self.flat.write({b'"': b"&quot;", b"&": b"&amp;"}.get(byte, byte), at)
            self.flat.write(b'"', each.end - 1)
        elif name.isidentifier() or each.name:
            self.flat.write(f'{name}="'.encode(), each.start)
            self.flat.show(start, end)
            self.flat.write(b'"', each.end - 1)

    def _mixed(self, at: int, end: int) -> None:
        """A quoted value with expressions in it."""
        while (brace := self.data.find(b"{", at, end)) >= 0:
            closing = self.scanner.closing(brace + 1, end) if self.scanner.patience > 0 else -1
            if closing < 0:
                break
            self.flat.keep(at, brace)
            self.flat.show(brace + 1, closing, (brace, closing + 1))
            at = closing + 1
        self.flat.keep(at, end)

    def _special(self, word: bytes, start: int, at: int, end: int) -> None:
        if word == b"render":
            called = RENDER.match(self.data, start, end)
            name = called["name"] if called else b""
            self.flat.say(b"place" if name in (b"", b"children") else b"place " + name, at, end + 1)
        elif word == b"html" and not written_markup(self.flat, start, end):
            self.flat.show(start, end, (at, end + 1))

    def _block(self, sign: bytes, word: bytes, asked: bytes, at: int, end: int) -> None:
        if sign == b"#":
            words = {b"if": b"if " + asked, b"snippet": b"if the snippet is shown: " + asked}
            self.flat.say(squeezed(words.get(word, b"with " + word)), at, end + 1)
            self.blocks.append(word.decode())
        elif sign == b":" and self.blocks and self.blocks[-1] == "if":
            turn = b"else " + asked if asked.startswith(b"if") else b"else"
            self.flat.say(squeezed(turn), at, end + 1)
        elif sign == b"/" and self.blocks:
            self.blocks.pop()
            self.flat.say(b"end", at, end + 1)


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The component as flat markup, its own scripts first."""
    return Component(data).read()


ENGINE = replace(
    COMPONENTS,
    name="svelte",
    suffixes=(".svelte",),
    rewrite=rewrite,
    exports=True,
)
