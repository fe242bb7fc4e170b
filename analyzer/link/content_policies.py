"""Content-security policies: which pages say them, and whose hosts they allow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from analyzer.addresses import AddressPattern
from analyzer.match import Matcher
from analyzer.model import AllowedSource, ContentPolicy, Kind, Page, Parsed, PolicyRead

HOST = re.compile(r"(?:(?:https?|wss?)://)?(?P<host>(?:\*\.)?[\w.-]+\.[a-z]{2,24})", re.I)


class Hosts:
    """Whose hosts are whose, as the signatures write them."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.known: dict[str, set[str]] = {}
        for signal in matcher.signatures.signals:
            if not signal.is_address:
                continue
            if isinstance(signal.pattern, AddressPattern) and signal.pattern.host:
                fixed = re.split(r"(?:^|\.)[*$]\w*\.", signal.pattern.host)[-1]
                if "." in fixed and "*" not in fixed and "$" not in fixed:
                    self.known.setdefault(fixed, set()).add(signal.vendor)

    def owners(self, source: str) -> tuple[str, ...]:
        """The vendors that an allowed source is for; none where it may as well be for others: a
        company's main host shows videos, maps and sign-in buttons too.
        """
        found = HOST.match(source)
        if found is None:
            return ()
        host = found["host"].lower()
        if self.matcher.signatures.host(host.removeprefix("*.")) is not None:
            return ()
        vendors = {vendor for name in self._alike(host) for vendor in self.known[name]}
        known = self.matcher.signatures.vendors
        tracking = {each for each in vendors if known[each].kind is Kind.TRACKER}
        labels = host.split(".")
        if vendors != tracking and (len(labels) < 3 or labels[0] in ("www", "*")):
            return ()
        return tuple(sorted(vendors, key=lambda each: (each not in tracking, each))) * bool(
            tracking
        )

    def _alike(self, host: str) -> Iterator[str]:
        """The hosts of signatures that the source and the signature may both mean."""
        bare = host.removeprefix("*.")
        for name in self.known:
            below = name.endswith("." + bare) and host.startswith("*.")
            if name == bare or below or bare.endswith("." + name):
                yield name


def policies(
    parsed: Iterable[Parsed],
    pages: Mapping[str, Page],
    matcher: Matcher,
) -> Iterator[PolicyRead]:
    """The policies of all files; one in markup is said by the pages that show the file."""
    hosts: Hosts | None = None
    shown: dict[str, list[str]] | None = None
    for each in parsed:
        for fact in each.facts:
            if not isinstance(fact, ContentPolicy):
                continue
            hosts = hosts or Hosts(matcher)
            shown = shown if shown is not None else _shown(pages.values())
            said = tuple(shown.get(each.path, ())) if fact.told == "meta" else ()
            yield PolicyRead(fact, said, _owned(fact.allowed, hosts))


def _shown(pages: Iterable[Page]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for page in pages:
        for path in dict.fromkeys((page.path, *page.layouts, *page.parts)):
            found.setdefault(path, []).append(page.path)
    return found


def _owned(
    allowed: Sequence[AllowedSource], hosts: Hosts
) -> tuple[tuple[AllowedSource, tuple[str, ...]], ...]:
    return tuple((each, owners) for each in allowed if (owners := hosts.owners(each.source)))
