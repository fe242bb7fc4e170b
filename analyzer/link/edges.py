"""How two files hang together, and what the graph has to know of each file."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.model import EXPORT, FILL, FRAGMENT, Guard, Moment, Place, Step

SURE = 0.8  # from here on a way between two files counts as certain
SAID = {
    "extends": "extends {0}",
    "includes": "includes {0}",
    "layout": "is wrapped in {0}",
    "loads": "loads {0}",
    "imports": "imports {0}",
    "injects": "gets what {0} configures",
    "bundles": "holds the built code of {0}",
}
ALL_FRAGMENTS = "*"
EVERY_EXPORT = EXPORT + "*"  # of `export * from`: all names but the default


@dataclass(frozen=True, slots=True)
class Edge:
    """`outer` shows or runs what `inner` holds, or only one `fragment` of it.

    `doubt` says why the link is not certain; `confidence` is from 0 to 1.
    """

    how: str  # extends, includes, layout, loads, imports, injects, bundles
    outer: str
    inner: str
    place: Place
    guards: tuple[Guard, ...] = ()
    blocks: tuple[str, ...] = ()
    moment: Moment = Moment.LOAD
    fragment: str = ""
    confidence: float = 1.0
    doubt: str = ""
    without: tuple[str, ...] = ()  # blocks of `inner` that are replaced here

    def step(self) -> Step:
        """The edge as a step of a trail, told from the outer file."""
        words = SAID[self.how].format(self.inner)
        if self.fragment not in ("", ALL_FRAGMENTS) and not self.fragment.startswith(EXPORT):
            words = f"shows '{self.fragment}'"
            words += f" of {self.inner}" if self.inner != self.outer else ""
        if self.place.path != self.outer:  # said in another file: a route, a start file, a setting
            words = f"{self.outer} {words}"
        return Step(self.place, words + (f" ({self.doubt})" if self.doubt else ""))

    def shows(self, blocks: tuple[str, ...]) -> bool:
        """Does the edge bring what stands in these blocks of the inner file?"""
        if any(name in self.without for name in blocks):
            return False
        inside = [name for name in blocks if name.startswith(FRAGMENT)]
        if self.fragment == ALL_FRAGMENTS:
            return True
        if not self.fragment:
            return not inside
        if inside:
            return inside[-1] == FRAGMENT + self.fragment
        if self.fragment.startswith(EXPORT):
            exports = [name for name in blocks if name.startswith(EXPORT)]
            if self.fragment == EVERY_EXPORT:
                return exports != [EXPORT + "default"]
            return self.fragment in exports or not exports  # a file that was not taken apart
        return self.fragment in blocks or FILL + self.fragment in blocks
