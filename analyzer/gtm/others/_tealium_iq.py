"""How a published Tealium profile is read: its tags, and load rules as conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from analyzer.gtm.built import Built, leaf
from analyzer.gtm.export import Export, plain
from analyzer.gtm.literals import Code, literal_at
from analyzer.gtm.others._draft import (
    ALWAYS,
    MOST_WAYS,
    NEVER,
    Draft,
    Test,
    Ways,
    both,
    opposite,
    plain_name,
    reference,
    script,
)
from analyzer.gtm.positions import Node
from analyzer.model import Diagnostic, Skip, Source

if TYPE_CHECKING:  # the parser is not needed to tell whether a file is a container
    from tree_sitter import Node as Tree

_SETTINGS = re.compile(rb"utag\.loader\.cfg\s*=\s*(\{)\s*[\"'\d]")
_RULE = re.compile(rb"c\[['\"]?(\w+)['\"]?\]\s*\|=\s*(.*?)\}\s*catch", re.S)
_PROFILE = re.compile(rb"\butid\s*:\s*['\"]([\w.-]+/[\w.-]+)(?:/[^'\"]*)?['\"]")
_BUNDLED = re.compile(rb"//tealium universal tag - utag\.(\w+) ut[^\n]*\n")
_CONDITION = re.compile(r"utag\.cond\[['\"]?(\w+)['\"]?\]")

_TESTS = {">": "GREATER", ">=": "GREATER_OR_EQUALS", "<": "LESS", "<=": "LESS_OR_EQUALS"}
_PAGE = {
    "dom.pathname": "Page Path",
    "dom.url": "Page URL",
    "dom.domain": "Page Hostname",
    "dom.referrer": "Referrer",
}
_SOURCES = {  # what the first part of a key says of where the value is from
    "qp": ("u", "query parameter"),
    "cp": ("k", "cookie"),
    "js_page": ("j", "script variable"),
    "js": ("j", "script variable"),
    "ls": ("j", "local storage"),
    "ss": ("j", "session storage"),
}
_STORED = {"ls": "localStorage", "ss": "sessionStorage"}


def read(source: Source) -> Iterator[Export | Skip]:
    """The profile that was published into the file."""
    found = _SETTINGS.search(source.data)
    root = literal_at(source, found.start(1)) if found is not None else None
    if root is None or not isinstance(root.value, dict):
        yield Skip(source.path, "looks like a Tealium file whose tags cannot be read", 1)
        return
    yield _Profile(source, root).export()


class _Profile:
    """One published profile."""

    def __init__(self, source: Source, root: Node) -> None:
        self.source = source
        self.root = root
        self.draft = Draft(source, "Tealium iQ", "library")
        self.rules = {found[1].decode(): found.span(2) for found in _RULE.finditer(source.data)}
        self.bundled = dict(self._bundles())

    def export(self) -> Export:
        for number, node in self.root.members().items():
            if isinstance(node.value, dict):
                self.tag(number, node)
        profile = _PROFILE.search(self.source.data)
        name = profile[1].decode() if profile else ""
        headline = leaf(name, profile.span() if profile else self.root)
        return self.draft.export(name, "", headline)

    def tag(self, number: str, node: Node) -> None:
        raw = node.value
        ways = both(self._setting(raw.get("load", 1)), self._setting(raw.get("send", 1)))
        if len(ways) > MOST_WAYS:
            ways = [[Test(unknown=f"the load rules of tag {number} hold")]]
        template = plain(raw.get("tid"))
        code = self.bundled.get(number)
        kind = f"tealium:{template}"
        name = f"Tag {number}" + (f", template {template}" if template else "")
        self.draft.tag(
            node,
            number,
            name,
            "html" if code is not None else kind,
            {"html": script(code)} if code is not None else {"template": leaf(template, node)},
            fires=self.draft.ways(node, f"tag {number}", f"tag {number}", "PAGEVIEW", ways),
            paused=not ways,
        )
        if code is None:
            what = "code of a tag that has a file of its own"
            place = self.source.place(*node.span)
            missing = Diagnostic(place, what, f"utag.{number}.js", "elsewhere", (f"tag {name}",))
            self.draft.elsewhere.append(missing)

    def _bundles(self) -> Iterator[tuple[str, Node]]:
        """The code of the tags that the file itself holds."""
        heads = list(_BUNDLED.finditer(self.source.data))
        for here, after in zip(heads, [*heads[1:], None], strict=False):
            start = here.end()
            end = after.start() if after is not None else len(self.source.data)
            if here[1] != b"loader":
                text = self.source.data[start:end].decode("utf-8", "replace")
                offsets = range(start, start + len(text.encode()) + 1)
                if text.isascii() or "\ufffd" not in text:
                    yield here[1].decode(), Built(text, (start, end), offsets=offsets)

    # ------------------------------------------------------------ load rules

    def _setting(self, value: Any) -> Ways:
        """When a tag's `load` or `send` lets it run: a number, or load rules."""
        if isinstance(value, Code):
            return self._expression(str(value))
        return ALWAYS if value not in (0, False, None) else NEVER

    def _expression(self, text: str) -> Ways:
        from analyzer.parse.scripts.grammar import TooSlow, parsed

        data = f"({text})".encode()
        try:
            root = parsed(data, "javascript")
        except TooSlow:
            return [[_unknown(text)]]
        node = root.named_children[0] if root.named_children else None
        return [[_unknown(text)]] if node is None or root.has_error else self._ways(node, data)

    def _ways(self, node: Tree, data: bytes) -> Ways:
        """The ways in which an expression over load rules and the data object holds."""
        inner = node.named_children
        if node.type in ("expression_statement", "parenthesized_expression") and len(inner) == 1:
            return self._ways(inner[0], data)
        sign = _operator(node)
        if sign == "&&":
            return both(self._ways(inner[0], data), self._ways(inner[1], data))
        if sign == "||":
            found = [*self._ways(inner[0], data), *self._ways(inner[1], data)]
            return found[: MOST_WAYS + 1]
        if sign == "!" and inner:
            return opposite(self._ways(inner[0], data))
        text = _text(node, data)
        if text in ("1", "true"):
            return ALWAYS
        if text in ("0", "false"):
            return NEVER
        if (named := _CONDITION.fullmatch(text)) is not None:
            span = self.rules.get(named[1])
            if span is None:
                return [[Test(unknown=f"load rule {named[1]} holds")]]
            return self._expression(self.source.data[slice(*span)].decode("utf-8", "replace"))
        return [[self._test(node, data) or _unknown(text)]]

    def _test(self, node: Tree, data: bytes) -> Test | None:
        """One comparison of the data object with a text or a pattern."""
        if node.type == "call_expression":
            return self._pattern(node, data)
        sign = _operator(node)
        if sign is None or len(node.named_children) != 2:
            return None
        left, right = node.named_children
        value = _literal(right, data)
        if left.type == "unary_expression" and _operator(left) == "typeof":
            key = _key(left.named_children[0], data)
            if key is None or value != "undefined":
                return None
            return Test("EQUALS", self._reads(node, key), "undefined", sign.startswith("!"))
        if (found := self._contains(left, sign, value, data)) is not None:
            return found
        key = _key(left, data)
        if key is None or value is None:
            return None
        any_case = "toLowerCase" in _text(left, data)
        if sign in ("==", "===", "!=", "!=="):
            negate = sign.startswith("!")
            return Test("EQUALS", self._reads(node, key), value, negate, any_case)
        kind = _TESTS.get(sign)
        return Test(kind, self._reads(node, key), value) if kind else None

    def _contains(self, left: Tree, sign: str, value: str | None, data: bytes) -> Test | None:
        """`d['x'].indexOf('y') > -1` and its relations."""
        callee = left.child_by_field_name("function")
        given = left.child_by_field_name("arguments")
        if callee is None or given is None or not given.named_children:
            return None
        if not _text(callee, data).endswith(".indexOf"):
            return None
        key, wanted = _key(callee, data), _literal(given.named_children[0], data)
        kinds = {
            (">", "-1"): ("CONTAINS", False),
            (">=", "0"): ("CONTAINS", False),
            ("!=", "-1"): ("CONTAINS", False),
            ("<", "0"): ("CONTAINS", True),
            ("==", "-1"): ("CONTAINS", True),
            ("==", "0"): ("STARTS_WITH", False),
            ("!=", "0"): ("STARTS_WITH", True),
        }
        found = kinds.get((sign.rstrip("=") + "=" if sign in ("===", "!==") else sign, value or ""))
        if key is None or wanted is None or found is None:
            return None
        any_case = "toLowerCase" in _text(callee, data)
        return Test(found[0], self._reads(left, key), wanted, found[1], any_case)

    def _pattern(self, node: Tree, data: bytes) -> Test | None:
        """`/pattern/i.test(d['x'])`."""
        callee = node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        if callee is None or given is None or len(given.named_children) != 1:
            return None
        found = re.fullmatch(r"/(.*)/([a-z]*)\.test", _text(callee, data), re.S)
        key = _key(given.named_children[0], data)
        if found is None or key is None:
            return None
        return Test("MATCH_REGEX", self._reads(node, key), found[1], False, "i" in found[2])

    def _reads(self, node: Tree, key: str) -> str:
        return reads(self.draft, self.root, key)


def reads(draft: Draft, at: Node, key: str) -> str:
    """A reference to a value of the data object; the first part of its key says whence it is."""
    if key in _PAGE:
        return reference(_PAGE[key])
    source, _, name = key.partition(".")
    if source in _SOURCES and name:
        kind, words = _SOURCES[source]
        given: dict[str, Node] = {"name": leaf(name, at)}
        if kind == "u":
            given = {"component": leaf("QUERY", at), "queryKey": leaf(name, at)}
        elif source in _STORED:
            given = {"name": leaf(f"{_STORED[source]}.{name}", at)}
        return draft.variable(at, f"{words} {name}", kind, given)
    key = key.removeprefix("udo.")
    return draft.variable(at, f"data object {key}", "v", {"name": leaf(key, at)})


def _unknown(text: str) -> Test:
    return Test(unknown=f"{plain_name(text)[:120]} is true")


def _operator(node: Tree) -> str | None:
    sign = node.child_by_field_name("operator")
    return sign.type if sign is not None else None


def _text(node: Tree, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _key(node: Tree, data: bytes) -> str | None:
    """The key of the data object that an expression begins with: `d['x'].toString()` is of x."""
    found = re.match(
        r"""(?:parseFloat\()?d\[\s*(?:'([^']*)'|"([^"]*)")\s*\]"""
        r"""(?:\.toString\(\))?(?:\.toLowerCase\(\))?(?:\.indexOf)?\)?\Z""",
        _text(node, data),
    )
    return None if found is None else found[1] if found[1] is not None else found[2]


def _literal(node: Tree, data: bytes) -> str | None:
    """A text or number, which may be put into small letters."""
    text = _text(node, data).removesuffix(".toLowerCase()")
    number = re.fullmatch(r"(?:parseFloat\()?\(?(-?\d+(?:\.\d+)?)\)?\)?", text)
    if number is not None:
        return number[1]
    if len(text) >= 2 and text[0] in "'\"" and text[-1] == text[0]:
        from analyzer.parse.values.literals import unescaped

        return unescaped(text[1:-1])
    return None
