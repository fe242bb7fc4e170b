"""Scripts whose addresses stand in a setting elsewhere: `<script src="{{ trackingUrl }}">`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from analyzer.match import Matcher
from analyzer.model import Detection, Fact, Hole, Parsed, Role, ScriptLoad, Setting, Text, options

NAME = re.compile(r"([A-Za-z_$][\w$]*)(?:\(\))?\s*(?:\|.*)?$", re.S)
SHORTEST = 8  # letters of a name that means one thing in a whole repository


class Asked:
    """The settings of a site that hold addresses of vendors, by their names."""

    def __init__(self, parsed: Iterable[Parsed], matcher: Matcher) -> None:
        self.matcher = matcher
        self.known: dict[str, list[Setting]] = {}
        for each in parsed:
            for fact in each.facts:
                if isinstance(fact, Setting) and "//" in fact.value:
                    name = _plain(fact.key.rpartition(".")[2])
                    if len(name) >= SHORTEST:
                        self.known.setdefault(name, []).append(fact)

    def detect(self, fact: Fact) -> Sequence[Detection]:
        """The vendor of a script whose address is a name, where all settings of it agree."""
        if not self.known or not isinstance(fact, ScriptLoad):
            return ()
        settings = [each for name in _names(fact) for each in self.known.get(name, ())]
        found = [
            [
                replace(hit, fact=fact)
                for hit in self.matcher.detect(replace(fact, url=each.value))
                if hit.role in (Role.LOADER, Role.CONTAINER) and not hit.proxied
            ]
            for each in settings
        ]
        vendors = {tuple(hit.vendor for hit in hits) for hits in found}
        if len(vendors) != 1:
            return ()
        ids = tuple(dict.fromkeys(name for hits in found for hit in hits for name in hit.ids))
        return [replace(hit, ids=ids) for hit in found[0]]


def _names(fact: ScriptLoad) -> list[str]:
    """The names that stand for a script's whole address."""
    found = []
    for each in options(fact.url):
        holes = each.parts if isinstance(each, Text) else (each,)
        if len(holes) == 1 and isinstance(holes[0], Hole):
            text = re.sub(r"^[{<%=\s]+|[}>%\s]+$", "", holes[0].text)
            if name := NAME.search(text):
                found.append(_plain(name[1]))
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())
