"""Angular: {{ output }}, bound attributes, *ngIf, @if, projected content and router outlets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from analyzer.engines import LEFT_OUT
from analyzer.engines._components import COMPONENTS, Markup, Opened, Plan, squeezed
from analyzer.engines._tags import Attribute, Tag

HINT = (
    rb"\s(?:\*ng[A-Za-z]\w+\s*=|\[\(?[\w.-]+\)?\]\s*=\s*[\"']|\([A-Za-z][\w.-]*\)\s*=\s*[\"']"
    rb"|(?:routerLink|formControlName)\s*=)"
    rb"|<(?:(?:app|mat|ng|cdk)-[\w-]+|router-outlet)"
    # a line is looked at once, however many blocks it opens
    rb"|(?m:^(?=(?:[^\n]*?[\s>}])??@(?:if|for|switch|defer)[ \t]*\()[^\n]*\{[ \t\r]*$)"
)
WHOLE = rb"(?i)<(?:!doctype|html|head|body)\b"
BLOCK = re.compile(
    rb"@(?P<word>if|else\s+if|else|for|switch|case|default|defer|placeholder|loading|error|empty)\b\s*+"
)
TURNS = frozenset({b"else", b"else if"})
BRACE = re.compile(rb"\s*+\{")
ASKED = re.compile(rb"^(?P<condition>.*?)(?:\s+as\s+[\w$]+\s*)?(?:;.*)?$", re.S)
BOUND = re.compile(r"^(?:\[(?:attr\.)?(?P<name>[A-Za-z][\w-]*)\]|bind-(?P<other>[\w-]+))$")


class Template(Markup):
    """Reads the template of one component."""

    POINTS = re.compile(rb"<(?=[A-Za-z!/])|\{\{|@(?=[a-z])|\}")

    def plan(self, tag: Tag) -> Plan:
        plan = Plan(tag.name)
        asked = ASKED.match(self.said(tag.get("*ngIf", "[ngIf]")))
        if asked and asked["condition"].strip():
            plan.before.append(b"if " + asked["condition"])
        elif tag.name == "ng-template" and tag.get("*ngIf", "[ngIf]") is None:
            name = next((each.name for each in tag.attributes if each.name.startswith("#")), "")
            plan.before.append(b"if the template is shown " + name.encode())
        if tag.name == "ng-content":
            name = self.said(tag.get("select")).decode("utf-8", "replace")
            plan.says = f"place {name}".encode() if name else b"place"
        elif tag.name == "router-outlet":
            plan.says = b"place"
        elif tag.name == "script":
            plan.more = f" {LEFT_OUT}".encode()
        elif "-" in tag.name:
            plan.name = f"x-{tag.name.lower()}"
            plan.uses = tag.name
        return plan

    def attribute(self, each: Attribute) -> None:
        bound = BOUND.match(each.name)
        if bound and each.value is not None and each.form:
            self.flat.write(f'{bound["name"] or bound["other"]}="'.encode(), each.start)
            self.flat.show(*each.value)
            self.flat.write(b'"', each.end - 1)
        elif each.value is not None and each.form:
            if not each.name.startswith(("*", "(", "[", "#")):
                self.flat.keep(each.start, each.value[0])
                self._mixed(*each.value)
                self.flat.keep(each.value[1], each.end)
        elif each.name[0].isalpha():
            self.flat.keep(each.start, each.end)

    def point(self, at: int, found: re.Match[bytes]) -> int:
        data = self.data
        if data.startswith(b"{{", at):
            end = self.find(b"}}", at + 2)
            if end >= 0:
                self.flat.show(at + 2, end, (at, end + 2))
                return end + 2
        elif data.startswith(b"}", at):
            if self.stack[-1].name == "@":
                self.leave(at, at + 1)
                return at + 1
        elif said := BLOCK.match(data, at):
            return self._block(b" ".join(said["word"].split()), at, said.end())
        return super().point(at, found)

    def _block(self, word: bytes, at: int, end: int) -> int:
        """`@if (condition) {` and its kin; without a brace it is text."""
        data, asked = self.data, b""
        if data.startswith(b"(", end) and self.scanner.patience > 0:
            closing = self.scanner.closing(end + 1, len(data))
            if closing >= 0:
                asked, end = data[end + 1 : closing], closing + 1
        brace = BRACE.match(data, end)
        if brace is None:
            self.flat.keep(at, end)
            return end
        parent = self.stack[-1]
        condition = ASKED.match(asked)
        words = word + b" " + (condition["condition"].strip() if condition else asked)
        if word in TURNS and parent.follows:
            parent.follows = False
            self.flat.say(squeezed(words if word == b"else if" else word), at, brace.end())
        else:
            self.finish(parent, at)
            words = words if word == b"if" else b"with " + word
            self.flat.say(squeezed(words), at, brace.end())
        chain = word in TURNS or word == b"if"
        self.push(Opened("@", 1, chain, around=parent.around))
        return brace.end()

    def _mixed(self, at: int, end: int) -> None:
        """A value with outputs in it."""
        while (opening := self.data.find(b"{{", at, end)) >= 0:
            closing = self.data.find(b"}}", opening, end)
            if closing < 0:
                break
            self.flat.keep(at, opening)
            self.flat.show(opening + 2, closing, (opening, closing + 2))
            at = closing + 2
        self.flat.keep(at, end)


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The template as flat markup."""
    return Template(data).read()


ENGINE = replace(
    COMPONENTS,
    name="angular",
    suffixes=(".component.html", ".html"),
    hint=HINT,
    unlike=WHOLE,
    weight=6,
    rewrite=rewrite,
)
