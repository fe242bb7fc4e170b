"""JSP, its tag libraries and Groovy's server pages written as flat statements.

A tag of a library may stand anywhere, also inside of an attribute or a script, so that tags are
looked for in the text and not in the tree of elements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from analyzer.engines._attributes import Edits, without_declaration, words_of
from analyzer.engines._flat import CLOSE, OPEN, clean
from analyzer.engines._scriptlets import statements

ATTRIBUTE = re.compile(
    rb"""\s*+(?P<name>[\w:.-]++)\s*+=\s*+(?:"(?P<double>(?:\\.|[$#]\{[^{}]{0,2000}+\}"""
    rb"""|<%(?:[^%]|%(?!>)){0,2000}+%>|[^"\\])*+)"|'(?P<single>(?:\\.|[$#]\{[^{}]{0,2000}+\}"""
    rb"""|<%(?:[^%]|%(?!>)){0,2000}+%>|[^'\\])*+)')""",
    re.S,
)
STEP = re.compile(
    rb"(?P<data><jsp:text>\s*<!\[CDATA\[)|(?P<comment><%--)|(?P<directive><%@)|(?P<code><%(?![=!]))"
    rb"|<(?P<close>/)?(?P<tag>[A-Za-z][\w.-]{0,40}+:[A-Za-z_][\w.-]*+)"
    rb"|(?P<meta><meta\b)|\$\{(?P<name>\w+)\}",
    re.I,
)
END = re.compile(rb"\s*+(?P<empty>/)?>")
MARKUP = frozenset(
    ["svg", "xsl", "o", "v", "w", "fb", "html", "xhtml", "math", "xlink"]
)  # prefixes of other languages
# Tags that ask something: the attribute with the question, and whether the opposite is meant.
ASKS = {
    "c:if": ("test", "if"),
    "s:if": ("test", "if"),
    "s:elseif": ("test", "elif"),
    "g:if": ("test", "if"),
    "g:elseif": ("test", "elif"),
    "sec:authorize": ("access", "if"),
    "security:authorize": ("access", "if"),
    "sec:ifloggedin": ("isLoggedIn()", "if"),
    "sec:ifnotloggedin": ("isLoggedIn()", "unless"),
    "sec:ifanygranted": ("roles", "if"),
    "sec:ifallgranted": ("roles", "if"),
    "sec:ifnotgranted": ("roles", "unless"),
    "logic:present": ("name", "if"),
    "logic:notpresent": ("name", "unless"),
    "logic:equal": ("value", "if"),
    "logic:notequal": ("value", "unless"),
    "shiro:authenticated": ("isAuthenticated()", "if"),
    "shiro:notauthenticated": ("isAuthenticated()", "unless"),
    "shiro:user": ("isAuthenticated()", "if"),
    "shiro:guest": ("isAuthenticated()", "unless"),
}
CASES = {"c:when": "test", "c:otherwise": "", "s:else": "", "g:else": ""}
FOLLOWED = re.compile(rb"\s*+<(?:[sg]):else", re.I)
BRINGS = {
    "jsp:include": "page",
    "jsp:forward": "page",
    "jsp:directive.include": "file",
    "c:import": "url",
    "s:include": "value",
    "cq:include": "script",
    "sling:include": "script",
    "tiles:inserttemplate": "template",
    "tiles:insert": "page",
}
PLACES = {
    "jsp:dobody": "",
    "decorator:body": "",
    "decorator:head": "",
    "sitemesh:write": "",
    "g:layoutbody": "",
    "g:layouthead": "",
    "tiles:insertattribute": "name",
    "tiles:getasstring": "name",
}
PRINTS = frozenset(
    ["c:out", "c:url", "spring:url", "spring:message", "s:url", "s:text", "fmt:message"]
)
NAMED = frozenset({"c:url", "spring:url", "s:url", "c:set"})  # what they say may get a name
FAR = 4_000  # bytes between a tag that prints and its end


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag of a library: its name in lower case, its offsets and its attributes."""

    name: str
    start: int
    end: int
    empty: bool
    attributes: dict[str, tuple[int, int]]


@dataclass(slots=True)
class _Page:
    """One file while it is rewritten."""

    data: bytes
    edits: Edits = field(init=False)
    folders: dict[str, str] = field(default_factory=dict)  # of tag files, by their prefix
    addresses: dict[str, str] = field(default_factory=dict)  # by the names given to them so far
    texts: dict[str, list[str]] = field(default_factory=dict)  # all that a name is set to
    choices: list[bool] = field(default_factory=list)  # has a case of each open choice been said?
    unclosed: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.edits = Edits(self.data)

    # ------------------------------------------------------------ steps

    def read(self) -> None:
        at = 0
        later: list[tuple[int, int, str]] = []
        while found := STEP.search(self.data, at):
            start, at = found.start(), found.end()
            if found["comment"]:
                at = self._after(b"--%>", at)
            elif found["directive"]:
                at = self._directive(start, at)
            elif found["code"]:
                at = self._code(start, at)
            elif found["data"]:
                at = self._characters(found.end())
            elif found["name"]:
                name = found["name"].decode("latin-1")
                if address := self.addresses.get(name):
                    self.edits.instead(start, at, address.encode())
                else:
                    later.append((start, at, name))
            elif found["meta"]:
                tag = self._tag("meta", start, at)
                self._meta(tag)
            else:
                at = self._library(found, start, at)
        for start, end, name in later:
            said = self.texts.get(name, ())
            if len(said) == 1:
                self.edits.instead(start, end, said[0].encode())

    def _after(self, mark: bytes, at: int) -> int:
        """The offset behind the next of these marks; where there is none, right here."""
        end = -1 if mark in self.unclosed else self.data.find(mark, at)
        if end < 0:
            self.unclosed.add(mark)
            return at
        return end + len(mark)

    def _directive(self, start: int, at: int) -> int:
        """`<%@ include %>`, and `<%@ taglib %>`, which may tell the folder of tag files."""
        end = self._after(b"%>", at)
        written = self.data[at:end]
        if end == at or not re.match(rb"\s*(?:include|taglib)\b", written):
            return end
        said = {
            found["name"].decode("latin-1"): words_of(written, _value(found))
            for found in ATTRIBUTE.finditer(written)
        }
        if "file" in said:
            self._replace(start, end, f"include {_quoted(said['file'])}")
        elif said.get("prefix") and said.get("tagdir"):
            self.folders[said["prefix"]] = said["tagdir"]
        return end

    def _code(self, start: int, at: int) -> int:
        end = self._after(b"%>", at)
        if end > at:
            code = self.data[at : end - 2].decode("utf-8", "replace")
            self._replace(start, end, *statements(code))
        return end

    def _characters(self, at: int) -> int:
        """`<jsp:text><![CDATA[ ... ]]>`: only the marks go."""
        end = self._after(b"]]>", at)
        if end > at:
            self.edits.instead(at - 9, at)
            self.edits.instead(end - 3, end)
        return at

    def _library(self, found: re.Match[bytes], start: int, at: int) -> int:
        name = found["tag"].decode("latin-1")
        if name.partition(":")[0].lower() in MARKUP:
            return at
        if found["close"]:
            end = END.match(self.data, at)
            if end is None:
                return at
            self._closing(name.lower(), start, end.end())
            return end.end()
        tag = self._tag(name, start, at)
        return at if tag is None else self._opening(tag, name)

    def _tag(self, name: str, start: int, at: int) -> _Tag | None:
        """The tag that begins here; nothing where it does not end as a tag does."""
        attributes = {}
        while said := ATTRIBUTE.match(self.data, at):
            attributes[said["name"].decode("latin-1").lower()] = _value(said)
            at = said.end()
        end = END.match(self.data, at)
        if end is None:
            return None
        return _Tag(name.lower(), start, end.end(), bool(end["empty"]), attributes)

    def _words(self, tag: _Tag, name: str) -> str:
        return words_of(self.data, tag.attributes.get(name))

    # ------------------------------------------------------------ what tags say

    def _opening(self, tag: _Tag, written: str) -> int:
        """Write what a start tag says; the answer is where reading goes on."""
        name, end = tag.name, tag.end
        if name in NAMED:
            self._name(tag)
        if name == "c:choose":
            self.choices.append(False)
            self._replace(tag.start, end)
        elif name in ASKS or name in CASES:
            self._asks(tag)
        elif name in BRINGS and (target := self._words(tag, BRINGS[name])):
            outside = re.match(r"(?:https?:)?//", target) is not None
            words = f"{name} {target}" if outside else f"include {_quoted(target)}"
            self._replace(tag.start, end, words)
        elif name in PLACES:
            place = self._words(tag, PLACES[name]) if PLACES[name] else ""
            self._replace(tag.start, end, f"place tiles {place}" if place else "place")
        elif name == "g:render" and (target := self._words(tag, "template")):
            above, _, base = target.rpartition("/")
            self._replace(tag.start, end, f"include {_quoted(f'{above}/_{base}.gsp'.lstrip('/'))}")
        elif name == "g:applylayout" and (target := self._words(tag, "name")):
            self._replace(tag.start, end, f"extends {_quoted(f'layouts/{target}.gsp')}")
        elif (prefix := written.partition(":")[0]) in self.folders:
            folder = self.folders[prefix]
            file = f"{folder}/{written.partition(':')[2]}.tag"
            self._replace(tag.start, end, f"include {_quoted(file)}")
        elif name in PRINTS and "var" not in tag.attributes:
            end = end if tag.empty else self._end_of_print(tag)
            self._print(tag.start, end)
        elif tag.empty:
            self._print(tag.start, end)
        else:
            self._replace(tag.start, end, "tag " + self._raw(tag.start, end).strip("<>"))
        return end

    def _asks(self, tag: _Tag) -> None:
        if tag.name in CASES:
            test = self._words(tag, CASES[tag.name]) if CASES[tag.name] else ""
            kind = "elif" if test else "else"
            first = bool(self.choices) and not self.choices[-1]
            if first and tag.name in ("c:when", "c:otherwise"):
                self.choices[-1] = True
                kind = "choose if" if test else "choose other"
        else:
            attribute, kind = ASKS[tag.name]
            test = self._words(tag, attribute) or (attribute if "(" in attribute else "")
            if not test:
                test = self._raw(tag.start, tag.end).strip("<>/")
            elif tag.name.startswith("logic:"):
                test = " ".join(self._raw(tag.start, tag.end).strip("<>/").split()[1:])
            if kind != "elif":
                kind = f"{tag.name} {kind}"
        said = f"{kind} {_expression(test)}".strip()
        self._replace(tag.start, tag.end, said, *(["end " + tag.name] if tag.empty else []))

    def _closing(self, name: str, start: int, end: int) -> None:
        if name == "c:choose":
            said = self.choices.pop() if self.choices else False
            self._replace(start, end, *(["end choose"] if said else []))
        elif name in ("s:if", "s:elseif", "g:if", "g:elseif", "s:else", "g:else"):
            goes_on = FOLLOWED.match(self.data, end) is not None
            self._replace(start, end, *([] if goes_on else [f"end {name[:2]}if"]))
        elif name in ASKS:
            self._replace(start, end, f"end {name}")
        else:
            self._replace(start, end)

    def _name(self, tag: _Tag) -> None:
        """`<c:url var="x" value="/x.js"/>`, and a `<c:set var="id" value="1"/>` without others."""
        variable, value = self._words(tag, "var"), self._words(tag, "value")
        plain = "" if re.search(r"[$#]\{|<%", value) else value
        if variable and tag.name != "c:set":
            self.addresses[variable] = plain
        elif variable:
            self.texts.setdefault(variable, []).extend([plain] if plain and tag.empty else ["", ""])

    def _end_of_print(self, tag: _Tag) -> int:
        closing = b"</" + self.data[tag.start + 1 : tag.start + 1 + len(tag.name)]
        end = self.data.find(closing, tag.end, tag.end + FAR)
        last = self.data.find(b">", end, end + 200) if end >= 0 else -1
        return last + 1 if last >= 0 else tag.end

    def _meta(self, tag: _Tag | None) -> None:
        """`<meta name="layout" content="main">` of Grails, and SiteMesh's decorator."""
        if tag is None or not (target := self._words(tag, "content")):
            return
        if (name := self._words(tag, "name").lower()) == "layout":
            self.edits.at(tag.start, f"extends {_quoted(f'layouts/{target}.gsp')}")
        elif name == "decorator":
            self.edits.at(tag.start, f"extends {_quoted(f'decorators/{target}')}")

    # ------------------------------------------------------------ writing

    def _raw(self, start: int, end: int) -> str:
        return words_of(self.data, (start, end))

    def _replace(self, start: int, end: int, *said: str) -> None:
        """Statements in place of a stretch of the file."""
        written = b"".join(OPEN + " ".join(each.split()).encode() + CLOSE for each in said)
        self.edits.instead(start, end, written or b" ")

    def _print(self, start: int, end: int) -> None:
        self.edits.output(start, end, self._raw(start, end).strip("<>/ "))


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The page with statements as tags, and where each byte of it stands in the file."""
    page = _Page(without_declaration(clean(data)))
    page.read()
    return page.edits.done()


def _value(said: re.Match[bytes]) -> tuple[int, int]:
    return said.span("double") if said["double"] is not None else said.span("single")


def _expression(text: str) -> str:
    """A condition without its marks: `${not empty x}` is `not empty x`."""
    said = re.fullmatch(r"[$#]\{([^{}]*)\}|<%=(.*?)%>", text.strip())
    return (said[1] or said[2] or "").strip() if said else text


def _quoted(target: str) -> str:
    """A file's name as our tags write it: expressions as `${x}`, without a query."""
    plain = re.sub(r"<%=\s*(.*?)\s*%>", r"${\1}", target).replace("'", " ")
    return "'" + re.sub(r"\?[^{}]*$", "", plain) + "'"
