"""Settings of a site that its templates ask for and that nobody sets: what needs them is off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from analyzer.frameworks import site_settings
from analyzer.model import Atom, Condition, Detection, Fact, Not, Or, Parsed, Role, holes

NAMED = re.compile(
    r"(?<![\w)\]])(?:\$?\.)?[sS]ite\.((?:[A-Za-z_][\w-]*)(?:\.[A-Za-z_][\w-]*){0,6})"
)
# What a generator makes itself, or reads from elsewhere.
MADE = {
    "hugo": re.compile(
        r"(?:pages?|regularpages|allpages|sections|taxonomies|menus?|data|home|title|baseurl|language\w*|author\w*"
        r"|lastmod\w*|isserver|ismultilingual|hugo|sites|store|main\w*|copyright|buildDrafts|getpage)\b",
        re.I,
    ),
    "jekyll": re.compile(
        r"(?:pages|posts|data|time|github|collections|tags|categories|static_files|html_pages|html_files|documents"
        r"|related_posts|env\w*|environment|config|title|url|baseurl|source|destination|lang\w*)\b"
    ),
}
ROOTS = {"hugo": ("config.", "params."), "jekyll": ()}
DEFAULTS = re.compile(r"\bdefault\b|\bor\b|\bcond\b|\bgetenv\b")
NEEDS = frozenset({Role.LOADER, Role.CONTAINER, Role.SETUP, Role.PIXEL})


class Unset:
    """What the settings files of one generator say; nothing is off where there is none."""

    def __init__(self, parsed: Iterable[Parsed]) -> None:
        self.generator, self.names = "", frozenset[str]()
        found: dict[str, set[str]] = {}
        for each in parsed:
            for fact in each.facts:
                if (told := site_settings(fact)) is not None:
                    found.setdefault(told[0], set()).update(_names(told[1], ""))
        known = [each for each in found if each in MADE]
        if len(known) == 1:
            self.generator, self.names = known[0], frozenset(found[known[0]])

    def needed_by(self, detection: Detection) -> bool:
        """Does the tracker need a setting that nobody sets?"""
        if not self.generator or detection.role not in NEEDS:
            return False
        fact = detection.fact
        asks = not detection.ids and detection.role is not Role.SETUP  # its code runs all the same
        if asks and any(self._is_unset(text) for text in _texts(fact)):
            return True
        return any(guard.kind == "if" and self._never(guard.condition) for guard in fact.guards)

    def _never(self, condition: Condition) -> bool:
        match condition:
            case Atom(about="unknown" | "variable", name=name, test="true"):
                plain = re.fullmatch(r"\(?\s*(\$?\.?[sS]ite\.[\w.-]+)\s*\)?", name)
                return plain is not None and self._is_unset(name)
            case Or(parts=parts):
                return bool(parts) and all(self._never(part) for part in parts)
            case Not():
                return False
        return False

    def _is_unset(self, text: str) -> bool:
        """Does the text ask for a setting that no file sets, without another one in its place?"""
        if DEFAULTS.search(text):
            return False
        asked = [each[1].lower() for each in NAMED.finditer(text)]
        return bool(asked) and all(self._is_missing(name) for name in asked)

    def _is_missing(self, name: str) -> bool:
        if MADE[self.generator].match(name):
            return False
        spelled = {name} | {
            name.removeprefix(root) for root in ROOTS[self.generator] if name.startswith(root)
        }
        wanted = {each.rpartition(".")[2] for each in spelled} | spelled
        return not any(
            known in spelled or known.rpartition(".")[2] in wanted for known in self.names
        )


def _texts(fact: Fact) -> Iterator[str]:
    for name in ("url", "args", "value"):
        for hole in holes(getattr(fact, name, None)):
            yield hole.text


def _names(values: Mapping[str, object], above: str) -> Iterator[str]:
    """The dotted names that a settings file sets, in small letters."""
    for key, value in values.items():
        name = f"{above}{str(key).lower()}"
        if isinstance(value, Mapping):
            yield from _names(value, f"{name}.")
        elif value not in (None, "", False):
            yield name
