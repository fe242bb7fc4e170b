"""Thymeleaf's attributes written as flat statements around the elements that carry them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.engines._attributes import (
    Attribute,
    Element,
    elements,
    without_declaration,
    words_of,
)
from analyzer.engines._flat import clean
from analyzer.engines._thymeleaf_prototype import (
    DECORATES,
    HEAD,
    HOSTS,
    SELECTOR,
    Prototype,
    any_between,
    attributes_of,
    without_prototypes,
)
from analyzer.engines._thymeleaf_values import Reference, chosen, parameters, write_text

IN_LAYOUTS = "layout:"
STATEMENTS = frozenset(
    [
        "alt-title",
        "assert",
        "attr",
        "attrappend",
        "attrprepend",
        "block",
        "case",
        "classappend",
        "each",
        "errorclass",
        "errors",
        "field",
        "fragment",
        "if",
        "include",
        "inline",
        "insert",
        "lang-xmllang",
        "object",
        "ref",
        "remove",
        "replace",
        "styleappend",
        "switch",
        "text",
        "unless",
        "utext",
        "with",
    ]
)
SHOWN = frozenset(
    ["script", "img", "iframe", "embed", "object", "source", "link", "a", "form", "area"]
)
# Elements that others may select by name; only what may carry a tracker is worth a word.
NAMED = frozenset(
    ["head", "body", "header", "footer", "nav", "main", "aside", "section", "article"]
)
NATURAL = re.compile(
    rb"/\*\[(?:\[(?P<text>(?:[^\]]|\](?!\]\*/)){0,500}+)\]|\((?P<plain>(?:[^)]|\)(?!\]\*/)){0,500}+)\))"
    rb"\]\*/(?:[ \t]*+(?:'(?:[^'\\\n]|\\.)*+'|\"(?:[^\"\\\n]|\\.)*+\"|\{[^{}\n]*+\}|\[[^\[\]\n]*+\]"
    rb"|[^\s,;)\]}'\"]++))?"
)
SNIPPET = re.compile(r"script|snippet|analytic|track|pixel|gtm|tagmanager|head|html", re.I)


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The template with statements as tags, and where each byte of it stands in the file."""
    data = without_prototypes(without_declaration(clean(data)))
    found = elements(data)
    template = _Statements(data, found, [attributes_of(each) for each in found])
    template.hide()
    template.tell()
    return template.edits.done()


class _Statements(Prototype):
    """One file, and what it says."""

    __slots__ = ()

    def tell(self) -> None:
        """Write every statement; the fragments around an element know the names of arguments."""
        scope: list[tuple[int, str, tuple[str, ...]]] = []
        switches: list[tuple[int, str]] = []
        for number, element in enumerate(self.found):
            while scope and scope[-1][0] <= element.start:
                scope.pop()
            while switches and switches[-1][0] <= element.start:
                switches.pop()
            names = self.said[number]
            if any(":" in each for each in names) or "id" in names or element.name in NAMED:
                self._blocks(number, element)
                if "th:fragment" in names:
                    scope.append((element.end, *parameters(self.words(number, "th:fragment"))))
                self._conditions(number, element, switches[-1][1] if switches else "")
                if "th:switch" in names:
                    switches.append((element.end, self.words(number, "th:switch")))
                for host in HOSTS:
                    if host in names:
                        self._bring(number, self.words(number, host), scope)
                self._texts(number, element)
            if number == self.root and (decorator := self.words(number, *DECORATES)):
                for each in chosen(decorator):
                    if each.reference is not None:
                        self.edits.at(element.start, f"extends {_quoted(each.reference.template)}")
            if element.name == "script" and self.words(number, "th:inline") == "javascript":
                self._inlined(element)

    def _blocks(self, number: int, element: Element) -> None:
        """The names by which others may show the element, and those that a layout asks for."""
        start, end = element.start, element.end
        for name in self.fills.get(number, ()):
            self.edits.around(start, end, f"fill {name}")
        names: list[str] = []
        if said := self.words(number, "layout:fragment"):
            name, _ = parameters(said)
            self.edits.around(start, end, f"block {IN_LAYOUTS}{name}")
            names.append(name)
        hidden = self.is_hidden(number)
        if said := self.words(number, "th:fragment", "th:ref"):
            name, _ = parameters(said)
            if hidden:
                self.edits.around(start, end, f"fragment {name}")
            names.append(name)
        if not hidden and any_between(self.carrying, start, end):
            if element.name in NAMED:
                names.append(element.name)
            if said := self.words(number, "id"):
                names.append(f"#{said}")
        for name in () if hidden else dict.fromkeys(names):
            self.edits.around(start, end, f"block {name}")
            self.edits.at(start, "keeps")
        if element.name == "head" and not hidden:
            self.edits.at(element.close, f"place {HEAD}")

    def _conditions(self, number: int, element: Element, switched: str) -> None:
        if "th:replace" in self.said[number]:  # which comes first, and leaves nothing to ask
            return
        said = []
        if condition := self.words(number, "th:if"):
            said.append(f"if {_bare(condition)}")
        if condition := self.words(number, "th:unless"):
            said.append(f"unless {_bare(condition)}")
        if case := self.words(number, "th:case"):
            rest = "is none of the cases" if case == "*" else f"is {_bare(case)}"
            said.append(f"if {_bare(switched)} {rest}")
        if condition := self.words(number, "sec:authorize"):
            said.append(f"if {condition}")
        if "?" in (removed := self.words(number, "th:remove")) or removed.startswith("${"):
            said.append(f"unless it is removed by {removed}")
        for words in said:
            self.edits.around(element.start, element.end, words)

    def _bring(
        self, number: int, written: str, scope: Sequence[tuple[int, str, tuple[str, ...]]]
    ) -> None:
        """What th:replace and th:insert show: a fragment, an argument, or what a layout makes."""
        at = self.found[number].start
        for each in chosen(written):
            if each.condition:
                kind, _, condition = each.condition.partition(" ")
                self.edits.at(at, f"{kind} {_bare(condition)}")
            if each.reference is None:
                self._argument(at, each.variable, scope)
            elif number == self.root:
                self._give(at, each.reference)
            else:
                self._include(at, each.reference)
                for _, argument in each.reference.arguments:
                    for inner in chosen(argument) if "::" in argument or "~" in argument else ():
                        if inner.reference is not None and inner.reference.template:
                            self._include(at, inner.reference)
            if each.condition:
                self.edits.at(at, "end")

    def _argument(
        self, at: int, variable: str, scope: Sequence[tuple[int, str, tuple[str, ...]]]
    ) -> None:
        for _, fragment, names in reversed(scope[-24:]):
            if variable in names:
                for name in (str(names.index(variable) + 1), variable):
                    self.edits.at(at, f"place {fragment}({name})")
                return
        self.edits.at(at, f"include '${{{variable}}}'")

    def _give(self, at: int, layout: Reference) -> None:
        """A page that is replaced by a layout, with what other files give to it."""
        if layout.template:
            self.edits.at(at, f"extends {_quoted(layout.template)}")
        for name, argument in layout.arguments:
            for each in chosen(argument) if "::" in argument or "~" in argument else ():
                if each.reference is not None and each.reference.template:
                    self.edits.at(at, f"fill {layout.selector}({name})")
                    self._include(at, each.reference)
                    self.edits.at(at, "end")

    def _include(self, at: int, asked: Reference) -> None:
        said = SELECTOR.match(asked.selector)
        name = ""
        if said is not None:
            name = f"#{said['id']}" if said["id"] else "" if said["class"] else said["tag"] or ""
        if not asked.template:
            if name in self.fragments:
                self.edits.at(at, f"call {name}")
        elif asked.selector and not name:
            self.edits.at(at, f"if it stands in {asked.selector}")
            self.edits.at(at, f"include {_quoted(asked.template)}")
            self.edits.at(at, "end")
        else:
            fragment = f" :: {name}" if name else ""
            self.edits.at(at, f"include {_quoted(asked.template)}{fragment}")

    # ------------------------------------------------------------ texts

    def _texts(self, number: int, element: Element) -> None:
        """Attributes that are given a value: `th:src="@{/x.js}"` is a src, the prototype's goes."""
        names = self.said[number]
        for name, attribute in names.items():
            prefix, colon, bare = name.partition(":")
            if prefix != "th" or not colon or attribute.value is None or bare in STATEMENTS:
                continue
            if element.name not in SHOWN and not bare.startswith("on"):
                continue
            self._write(attribute, bare.encode(), names.get(bare))
        given = self.words(number, "th:utext")
        if given and (element.name == "script" or SNIPPET.search(given)):
            self.edits.at(element.start, f"th:utext {_bare(given)}")

    def _write(self, attribute: Attribute, name: bytes, prototype: Attribute | None) -> None:
        assert attribute.value is not None
        start, end = attribute.value
        if prototype is not None:
            self.edits.instead(prototype.start, prototype.end)
        self.edits.instead(attribute.start, start, name + b'="')
        write_text(self.edits, (start, end))
        self.edits.instead(end, attribute.end, b'"')

    def _inlined(self, element: Element) -> None:
        """`/*[[${x}]]*/ 'prototype'` is what x holds; code that only the prototype runs goes."""
        at, end = element.inside, element.close
        unclosed: set[bytes] = set()
        while (start := self.data.find(b"/*[", at, end)) >= 0:
            sign = self.data[start + 3 : start + 4]
            asked = sign in (b"-", b"+") and sign not in unclosed
            last = self.data.find(sign + b"]*/", start, end) if asked else -1
            if last < 0:
                unclosed.add(sign)
            if last >= 0 and sign == b"-":
                self.edits.instead(start, last + 4)
            elif last >= 0:
                self.edits.instead(start, start + 4)
                self.edits.instead(last, last + 4)
            else:
                self._natural(start)
            at = max(start + 3, last)

    def _natural(self, start: int) -> None:
        if found := NATURAL.match(self.data, start):
            span = found.span("text") if found["text"] is not None else found.span("plain")
            self.edits.output(*found.span(), _bare(words_of(self.data, span)))


def _bare(text: str) -> str:
    """An expression without its braces: `${x != null}` is `x != null`."""
    said = re.match(r"^[$*#]\{(?P<inner>[^{}]*)\}$", text.strip())
    return said["inner"].strip() if said else text


def _quoted(template: str) -> str:
    """A template's name as our tags write it."""
    plain = re.sub(r"__(\$\{[^}]*\})__", r"\1", template).replace("*{", "${")
    return "'" + plain.replace("'", " ") + "'"
