"""FreeMarker's directives written as flat statements, in angle or in square brackets.

A directive ends with the bracket that is not inside of a text or of round brackets, which no
pattern of marks can tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from analyzer.engines._attributes import Edits, words_of
from analyzer.engines._flat import CLOSE, OPEN, clean

STYLE = re.compile(
    rb"<(?:#(?:--|[a-zA-Z])|/#|/?@[\w.]+[\s/>])|\[(?:#(?:--|[a-zA-Z])|/#|/?@[\w.]+[\s/\]])"
)
DIRECTIVES = {
    b"<": re.compile(rb"<(?P<comment>#--)|<(?P<close>/)?(?P<sign>[#@])(?P<name>[\w.]*+)"),
    b"[": re.compile(rb"\[(?P<comment>#--)|\[(?P<close>/)?(?P<sign>[#@])(?P<name>[\w.]*+)"),
}
STEPS = {
    b"<": re.compile(rb"""(?s)"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|[()\[\]{}>"']"""),
    b"[": re.compile(rb"""(?s)"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|[()\[\]{}"']"""),
}
ENDS = {b"<": b">", b"[": b"]"}
BRACKETS = re.compile(r"^(?P<quote>[\"'])(?P<name>[^\"']*)(?P=quote)|^(?P<expression>\S+)")
ALIAS = re.compile(r"\bas\s+(?P<alias>\w+)\s*/?$")
FROM_CMS = frozenset({"hst.include", "cms.area", "cms.component"})
# Names of tag libraries whose tags no template defines.
LIBRARIES = frozenset(
    [
        "c",
        "cmsfn",
        "cms",
        "core",
        "fmt",
        "fn",
        "form",
        "hst",
        "jsp",
        "liferay",
        "liferay_portlet",
        "liferay_ui",
        "s",
        "sec",
        "security",
        "spring",
        "struts",
        "tiles",
        "wf",
    ]
)
OF_JAVA = frozenset({"spring.ftl", "spring.ftlh"})  # templates that come with Spring itself
TAGLIB = re.compile(rb"assign\s+(\w+)\s*=\s*JspTaglibs")
QUOTES = "\"'"
LONGEST = 20_000  # bytes of one directive
SHORT = 200  # bytes of one in a file where many do not end
PATIENCE = 50 * LONGEST


@dataclass(slots=True)
class _Template:
    data: bytes
    edits: Edits = field(init=False)
    imported: dict[str, str] = field(default_factory=dict)
    libraries: frozenset[str] = frozenset()
    patience: int = PATIENCE
    cases: list[tuple[str, bool]] = field(default_factory=list)  # of the open switches

    def __post_init__(self) -> None:
        self.edits = Edits(self.data)

    def read(self) -> None:
        """Write every directive that is no comment and in no text that stays as it is."""
        self.libraries = frozenset(each.decode().lower() for each in TAGLIB.findall(self.data))
        style = STYLE.search(self.data)
        if style is None:
            return
        bracket = style[0][:1]
        at = style.start()
        commented = True
        while found := DIRECTIVES[bracket].search(self.data, at):
            at = found.end()
            if found["comment"]:
                end = self.data.find(b"--" + ENDS[bracket], at) if commented else -1
                commented = end >= 0
                at = end + 3 if commented else at
                continue
            end = self._end(at, bracket)
            if end < 0:
                continue
            name = found["name"].decode("latin-1")
            written = words_of(self.data, (found.end(), end - 1))
            empty = written.endswith("/")
            rest = written.removesuffix("/").strip()
            if name == "noparse" and not found["close"]:
                closing = self.data.find(b"/#noparse", end)
                if closing < 0:
                    return
                at = closing - 1
                continue
            said = (
                self._directive(name, rest, bool(found["close"]))
                if found["sign"] == b"#"
                else self._call(name, rest, bool(found["close"]))
            )
            if said is None and empty:
                self.edits.output(found.start(), end, f"{name} {rest}")
            else:
                self._replace(found.start(), end, said or [])
            at = end

    def _end(self, at: int, bracket: bytes) -> int:
        """The offset behind the bracket that ends a directive, or -1."""
        depth = 0
        last = at + (LONGEST if self.patience > 0 else SHORT)
        for step in STEPS[bracket].finditer(self.data, at, last):
            mark = step[0]
            if mark == ENDS[bracket] and depth <= 0:
                return step.end()
            if mark in (b'"', b"'"):
                break  # a text that does not end: this is no directive
            if mark in (b"(", b"[", b"{"):
                depth += 1
            elif mark in (b")", b"]", b"}"):
                depth -= 1
        self.patience -= LONGEST
        return -1

    def _directive(self, name: str, rest: str, closes: bool) -> list[str]:
        """What `<#name rest>` says."""
        match name, closes:
            case "if", False:
                return [f"if if {_unwrapped(rest)}"]
            case "elseif", False:
                return [f"elif {_unwrapped(rest)}"]
            case "else", False:
                return ["else"]
            case "switch", False:
                self.cases.append((rest, False))
                return []
            case (("case" | "default"), False):
                return self._case(rest)
            case "switch", True:
                _, said = self.cases.pop() if self.cases else ("", False)
                return ["end case"] if said else []
            case "include", False:
                return self._included(rest)
            case "import", False:
                target, alias = BRACKETS.match(rest), ALIAS.search(rest)
                name = (target["name"] or "${" + target["expression"] + "}") if target else ""
                if alias and name.lstrip("/") not in OF_JAVA:
                    self.imported[alias["alias"]] = name
                return []
            case "macro", False:
                return [f"macro fragment {rest.split()[0].strip(QUOTES)}"] if rest else []
            case "nested", False:
                return ["place"]
            case (("if" | "macro" | "list" | "function"), True):
                return [f"end {name}"]
            case (("list" | "function"), False):
                return [f"{name} other"]
        return []

    def _case(self, value: str) -> list[str]:
        if not self.cases:
            return []
        switched, said = self.cases[-1]
        self.cases[-1] = (switched, True)
        asked = f"case if {switched} == {value}" if value else f"case if {switched} is no case"
        return [*(["end case"] if said else []), asked]

    def _included(self, rest: str) -> list[str]:
        said = BRACKETS.match(rest)
        if said is None:
            return []
        target = said["name"] if said["quote"] else "${" + said["expression"] + "}"
        return [f"include {_quoted(target)}"]

    def _call(self, name: str, rest: str, closes: bool) -> list[str] | None:
        """What `<@name rest>` shows: a macro of this file, of an imported one, or the CMS's own."""
        if closes:
            return []
        space, dot, macro = name.rpartition(".")
        if space in self.imported:
            return [f"call {macro} of {_quoted(self.imported[space])}"]
        if name in FROM_CMS:
            return [f"@{name} {rest}"]
        if not dot or space.lower() not in (*LIBRARIES, *self.libraries):
            return [f"call {macro}"]
        return None

    def _replace(self, start: int, end: int, said: list[str]) -> None:
        written = b"".join(OPEN + " ".join(each.split()).encode() + CLOSE for each in said)
        self.edits.instead(start, end, written or b" ")


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The template with directives as tags, and where each byte of it stands in the file."""
    template = _Template(clean(data))
    template.read()
    return template.edits.done()


def _unwrapped(text: str) -> str:
    """A condition without the round brackets that protect its signs."""
    return text[1:-1].strip() if re.fullmatch(r"\([^()]*\)", text) else text


def _quoted(target: str) -> str:
    return "'" + target.replace("'", " ").lstrip("*/") + "'"
