"""HTL's data-sly attributes written as flat statements around the elements that carry them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from analyzer.engines._attributes import Attribute, Edits, Element, elements, words_of
from analyzer.engines._flat import clean

SLY = "data-sly-"
REPLACES = ("include", "resource", "call", "text")  # of which the element's content is a sample
PARTS = re.compile(r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"|@")
PLATFORM = re.compile(r"^/libs/|^(?:/apps/)?core/|^granite/|^wcm/|^foundation/|^cq/")
CONTENT = re.compile(r"(?:^|/)(?:responsivegrid|parsys|iparsys|container|layout-container)$")
CLIENTLIB = "clientlib.html"


@dataclass(slots=True)
class _Template:
    data: bytes
    edits: Edits = field(init=False)
    uses: dict[str, str] = field(default_factory=dict)  # the file behind each name
    tests: dict[str, str] = field(default_factory=dict)  # the condition behind each name

    def __post_init__(self) -> None:
        self.edits = Edits(self.data)

    def tell(self, found: Sequence[Element]) -> None:
        for element in found:
            said = {
                each.name.removeprefix(SLY): each
                for each in element.attributes
                if each.name.startswith(SLY)
            }
            for name, attribute in said.items():
                kind, _, label = name.partition(".")
                if kind == "use" and label:
                    self.uses[label.lower()] = _text(words_of(self.data, attribute.value))
            if said:
                self._element(element, said)

    def _element(self, element: Element, said: dict[str, Attribute]) -> None:
        start, end = element.start, element.end
        values = {name: words_of(self.data, attribute.value) for name, attribute in said.items()}
        for name in values:
            kind, _, label = name.partition(".")
            if kind == "template" and label:
                self.edits.around(start, end, f"fragment {label.lower()}")
        for name, value in values.items():
            kind, _, label = name.partition(".")
            if kind == "test":
                condition = self._condition(value)
                if label:
                    self.tests[label] = condition
                self.edits.around(start, end, f"if {condition}")
            elif kind == "attribute" and label:
                attribute, sample = said[name], element.get(label)
                self.edits.instead(attribute.start, attribute.start + len(SLY + "attribute."))
                if sample is not None:
                    self.edits.instead(sample.start, sample.end)
        if any(name in values for name in REPLACES) and element.close > element.inside:
            self.edits.around(element.inside, element.close, "fragment (sample)")
        if "include" in values:
            self.edits.at(start, f"include {_quoted(_text(values['include']))}")
        if "call" in values:
            self._call(start, values["call"])
        if "resource" in values:
            self._resource(start, values["resource"])

    def _condition(self, written: str) -> str:
        text = _expression(written)
        for name, condition in self.tests.items():
            if text.lstrip("! ") == name:
                return f"not {condition}" if text.startswith("!") else condition
        return text or "true"

    def _call(self, at: int, written: str) -> None:
        name = _expression(written)
        # Names of attributes are told in lower case, so that those in expressions must be too.
        label, dot, template = name.lower().partition(".")
        if not dot:
            self.edits.at(at, f"call {label}")
        elif file := self.uses.get(label, ""):
            if file.rpartition("/")[2] == CLIENTLIB:
                return  # its categories are told by the framework
            if PLATFORM.match(file):
                self.edits.at(at, f"data-sly-call {file}")
            elif file.endswith((".html", ".htm")):
                self.edits.at(at, f"call {template} of {_quoted(file)}")

    def _resource(self, at: int, written: str) -> None:
        kind = re.search(r"resourceType\s*=\s*['\"]([^'\"]+)['\"]", written)
        if kind is None or CONTENT.search(kind[1]):
            self.edits.at(at, f"data-sly-resource {_expression(written)}")
        elif PLATFORM.match(kind[1]):
            self.edits.at(at, f"resource type {kind[1]}")
        else:
            self.edits.at(at, f"include {_quoted(kind[1].removeprefix('/apps/'))}")


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The template with statements as tags, and where each byte of it stands in the file."""
    data = clean(data)
    template = _Template(data)
    template.tell(elements(data))
    return template.edits.done()


def _expression(written: str) -> str:
    """What stands before the options: `${x @ context='html'}` is `x`."""
    inner = written.removeprefix("${").removesuffix("}") if written.startswith("${") else written
    end = next((each.start() for each in PARTS.finditer(inner) if each[0] == "@"), len(inner))
    return inner[:end].strip()


def _text(written: str) -> str:
    """A text, or the expression that makes one."""
    text = _expression(written)
    quoted = re.fullmatch(r"'([^']*)'|\"([^\"]*)\"", text)
    if quoted:
        return quoted[1] or quoted[2] or ""
    return "${" + text + "}" if written.startswith("${") else text


def _quoted(target: str) -> str:
    return "'" + target.replace("'", " ") + "'"
