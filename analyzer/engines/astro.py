"""Astro: a front matter of script, {expressions} with markup in them, slots and inline scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzer.engines import ON_SERVER
from analyzer.engines._components import COMPONENTS, Markup, Opened, Plan, squeezed
from analyzer.engines._literals import written_markup
from analyzer.engines._scan import STRING
from analyzer.engines._tags import Attribute, Tag

FRONT = re.compile(rb"\A\s*(?:<!--.*?-->\s*)*(?P<open>---)", re.S)
FRONT_END = re.compile(rb"^[ \t]*(?P<close>---)", re.M)
CLOSES = re.compile(rb"</(?=script)", re.I)
STEP = re.compile(
    rb"(?P<skip>" + STRING + rb"|//[^\n]*|/\*.*?\*/)|(?P<opens>\{)|(?P<closes>\})"
    rb"|(?P<markup><(?=[A-Za-z>!]))",
    re.S,
)
BEFORE_MARKUP = re.compile(rb"(?:^|[(&|?:,{\[=>;}]|\breturn)\s*$")
OPERATOR = re.compile(rb"(?P<condition>.*?)(?P<sign>&&|\|\||\?\?|\?)[\s(]*$", re.S)
OTHER_BRANCH = re.compile(rb"(?P<condition>.*?)\?(?![.?])[^?:]*(?P<sign>:)[\s(]*$", re.S)
ASKED = re.compile(rb"\bif\s*\((?P<condition>[^{}]*)\)\s*(?:\{\s*)?(?:return\b)?[\s(]*$")
TURN = re.compile(rb"^[\s)]*:(?P<rest>.*)$", re.S)
NEAR = 400  # bytes of script in front of markup that are looked at
MOST_BROKEN = 20  # braces that nothing closes; more of them are no expressions


@dataclass(slots=True)
class Expression(Opened):
    """An expression in braces that holds markup, or may: `segment` is where its script goes on.

    `branch` tells that the markup before was the first answer of a question.
    """

    start: int = 0
    segment: int = 0
    depth: int = 0
    branch: bool = False


class Component(Markup):
    """Reads one component."""

    POINTS = re.compile(rb"<(?=[A-Za-z!/>])|\{|</>")
    BRACES = True

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.broken = 0

    def begin(self) -> int:
        """Write the front matter as a script, and return where the markup begins."""
        opening = FRONT.match(self.data)
        closing = FRONT_END.search(self.data, opening.end()) if opening else None
        if opening is None or closing is None:
            return 0
        self.flat.write(b'<script lang="ts" ' + ON_SERVER.encode() + b">", opening.start("open"))
        at = opening.end()
        for end in CLOSES.finditer(self.data, at, closing.start()):  # in a text it ends nothing
            self.flat.keep(at, end.start() + 1)
            self.flat.write(b"\\", end.start() + 1)
            at = end.start() + 1
        self.flat.keep(at, closing.start())
        self.flat.write(b"</script>", closing.start())
        return closing.end()

    def plan(self, tag: Tag) -> Plan:
        plan = Plan(tag.name)
        if tag.name == "slot":
            plan.says = b"place " + name if (name := self.said(tag.get("name"))) else b"place"
        elif tag.name == "Fragment":
            plan.name = ""
        elif tag.name[0].isupper() or "." in tag.name:
            plan.name = f"x-{tag.name.lower()}"
            plan.uses = tag.name
        elif tag.name == "script" and tag.get("is:inline", "lang", "type") is None:
            plan.more = b' lang="ts"'
        return plan

    def attribute(self, each: Attribute) -> None:
        if each.value is None or each.form in (b'"', b"'", b"") or each.name == "set:html":
            if each.name != "set:html":
                self.flat.keep(each.start, each.end)
            return
        start, end = each.value
        name = each.name or self.data[start:end].strip().decode("utf-8", "replace")
        if not each.name and not name.isidentifier():
            return
        if each.form == b"`":
            start, end = start - 1, end + 1
        self.flat.write(f'{name}="'.encode(), each.start)
        self.flat.show(start, end)
        self.flat.write(b'"', each.end - 1)

    def opened(self, tag: Tag) -> None:
        written = tag.get("set:html")
        if written is not None and written.value is not None:
            start, end = written.value
            if written.form == b"`":
                start, end = start - 1, end + 1
            written_markup(self.flat, start, end, tag.name in ("script", "style"))

    def point(self, at: int, found: re.Match[bytes]) -> int:
        if self.broken >= MOST_BROKEN:
            return super().point(at, found)
        around = self.stack[-1].around
        self.push(Expression("{", around=around, start=at, segment=at + 1))
        return self._script(at + 1)

    def fragment(self, at: int) -> int:
        """`<>` and `</>`, elements without a name."""
        if self.data.startswith(b"</>", at):
            return self.close_named(">", at, at + 3)
        self.push(Opened(">", around=self.stack[-1].around))
        return at + 2

    def behind(self, at: int) -> int:
        """Behind an element that stands in an expression the script goes on."""
        around = self.stack[-1]
        if not isinstance(around, Expression):
            return at
        around.segment = at
        self.flat.write(b" ", at)  # so that the element is quoted up to here
        return self._script(at)

    def _script(self, at: int) -> int:
        """Go through the script of the innermost expression, up to markup in it or to its end."""
        around = self.stack[-1]
        assert isinstance(around, Expression)
        for step in STEP.finditer(self.data, at):
            if step["opens"]:
                around.depth += 1
            elif step["markup"]:
                begins = max(around.segment, step.start() - NEAR)
                segment = self.data[begins : step.start()]
                if BEFORE_MARKUP.search(segment):
                    self._ask(around, segment, step.start())
                    return step.start()
            elif step["closes"]:
                around.depth -= 1
                if around.depth < 0:
                    self._end(around, step.start())
                    return step.end()
        if around.segment > around.start + 1:
            return len(self.data)
        self.broken += 1  # no expression: a brace in the text that nothing closes
        self.stack.pop()
        self.open_names["{"] -= 1
        self.flat.keep(around.start, around.segment)
        return around.segment

    def _ask(self, around: Expression, segment: bytes, at: int) -> None:
        """What the script in front of markup says about when it is shown."""
        turn = TURN.match(segment) if around.branch else None
        operator = OPERATOR.match(segment) or OTHER_BRANCH.match(segment) or ASKED.search(segment)
        if turn is not None and around.waits:
            rest = OPERATOR.match(turn["rest"])
            words = b"else if " + bare(rest["condition"]) if rest else b"else"
            around.branch = rest is not None and rest["sign"] == b"?"
            self.flat.say(squeezed(words), at, at)
            return
        self._settle(around, at)
        sign = operator.groupdict().get("sign") if operator else None
        if operator is None or not (asked := bare(operator["condition"])):
            words = b"with an expression"
        elif sign in (b"||", b"??", b":"):
            words = b"unless " + asked
        else:
            words = b"if " + asked
        around.waits, around.branch = 1, sign == b"?"
        self.flat.say(squeezed(words), at, at)

    def _settle(self, around: Expression, at: int) -> None:
        """End the condition of the markup before."""
        for _ in range(around.waits):
            self.flat.say(b"end", at, at)
        around.waits = 0

    def _end(self, around: Expression, at: int) -> None:
        if around.segment == around.start + 1:
            self.flat.show(around.segment, at, (around.start, at + 1))
        self._settle(around, at)
        self.stack.pop()
        self.open_names["{"] -= 1


def bare(condition: bytes) -> bytes:
    """A condition without what stands around it: `items.map((each) => (each.open` and brackets."""
    text = re.split(rb"=>|\breturn\b|[;{}]", condition[-2_000:])[-1].strip()
    while text.startswith(b"(") and text.count(b"(") > text.count(b")"):
        text = text[1:].strip()
    return text.lstrip(b",:) \n\t")


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The component as flat markup, its front matter as a script."""
    component = Component(data)
    return component.read(component.begin())


ENGINE = replace(
    COMPONENTS,
    name="astro",
    suffixes=(".astro",),
    rewrite=rewrite,
    exports=True,
)
