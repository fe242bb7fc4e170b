"""What the organisation says of its own site where the source does not: its hosts, what its pages
are, and which containers they load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from analyzer.addresses import Address, address_of
from analyzer.match import Matcher
from analyzer.model import (
    Detection,
    Fact,
    Firing,
    Frame,
    Kind,
    Moment,
    OwnHost,
    PageClass,
    Pixel,
    Place,
    Policy,
    Request,
    Role,
    ScriptLoad,
    Served,
    Status,
    Step,
    Style,
    Tracker,
    Verdict,
    options,
)
from analyzer.policy.patterns import means
from analyzer.signatures import PageSigns, Signatures

LOADED_FROM = "https://www.googletagmanager.com/gtm.js?id="
Routes = Mapping[str, tuple[str, ...]]  # the addresses of pages by their files


class OwnHosts:
    """The hosts of the organisation; it remembers which of them something asks."""

    def __init__(self, hosts: Iterable[OwnHost]) -> None:
        # the fullest name first: *.clinic.example is every other host below clinic.example
        self.hosts = sorted(hosts, key=lambda each: (each.host.startswith("*"), -len(each.host)))
        self.met: set[Place] = set()

    def of(self, host: str, path: str) -> OwnHost | None:
        """What is said of a host, for a file that asks it."""
        for each in self.hosts:
            fits = host.endswith(each.host[1:]) if each.host[0] == "*" else host == each.host
            if fits and each.home.reaches(path):
                self.met.add(each.place)
                return each
        return None


class OwnMatcher(Matcher):
    """Knows the vendors, and those that the organisation's own hosts stand for."""

    def __init__(self, signatures: Signatures, own: OwnHosts) -> None:
        super().__init__(signatures)
        self.own = own

    def detect(self, fact: Fact) -> Iterator[Detection]:
        """The vendors that a fact shows, by itself or by the host that it asks."""
        found = list(super().detect(fact))
        yield from found
        if not isinstance(fact, (ScriptLoad, Pixel, Frame, Request, Style)):
            return
        for url in options(fact.url):
            address = address_of(url)
            own = self.own.of(address.host, fact.place.path) if address is not None else None
            if address is None or own is None or not own.vendor:
                continue
            if all(each.vendor != own.vendor for each in found):
                yield self._behind(own.vendor, fact, address)
            return

    def _behind(self, vendor: str, fact: Fact, address: Address) -> Detection:
        """A vendor that is reached through a host of the organisation."""
        loads = isinstance(fact, (ScriptLoad, Frame, Style))
        manages = self.signatures.vendors[vendor].kind is Kind.TAG_MANAGER
        role = Role.PIXEL if isinstance(fact, Pixel) else Role.EVENT
        if loads:
            role = Role.CONTAINER if manages else Role.LOADER
        elif fact.moment is Moment.SERVER:
            role = Role.SERVER
        shape = self.signatures.shapes[vendor].get("id")
        given = {key: address.value(text) for key, text in address.query.items()}
        texts = (*given.values(), *address.path.split("/"))
        ids = tuple(
            dict.fromkeys(
                text
                for text in texts
                if shape is not None and isinstance(text, str) and shape.fullmatch(text)
            )
        )
        data = (
            ()
            if loads
            else tuple(
                datum for key, value in given.items() for datum in self._data(key, value, fact)
            )
        )
        return Detection(vendor, role, fact.place, fact, ids, data, proxied=True)


def with_hosts(matcher: Matcher, own: OwnHosts) -> Matcher:
    """The matcher that knows what the organisation's hosts stand for."""
    stand_for = any(each.vendor for each in own.hosts)
    return OwnMatcher(matcher.signatures, own) if stand_for else matcher


def told_classes(
    classes: Sequence[PageClass],
    page: str,
    routes: Sequence[str],
    policy: Policy,
    signs: Sequence[PageSigns],
) -> tuple[PageClass, ...]:
    """The classes of a page as the organisation corrects them; the nearest configuration has the
    last word.
    """
    found = {each.id: each for each in classes}
    own = [each for each in policy.pages if means(each.paths, each.routes, each.home, page, routes)]
    for said in sorted(own, key=lambda each: len(each.home.folder)):
        reason = f"said in {said.place.path}:{said.place.line}"
        for name in said.never:
            found.pop(name, None)
        for sign in signs:
            if sign.id in said.classes:
                known = found[sign.id].reasons if sign.id in found else ()
                reasons = tuple(dict.fromkeys((reason, *known)))
                found[sign.id] = PageClass(sign.id, sign.axis, sign.name, reasons)
    return tuple(found.values())


def told_containers(
    policy: Policy,
    matcher: Matcher,
    pages: Routes,
    exports: Mapping[str, str],
    known: Sequence[Tracker],
) -> Iterator[Tracker]:
    """The containers that pages load although their source does not show it.

    `exports` are the ids of the containers by the paths of their exports.
    """
    for served in policy.containers:
        name = served.container_id or exports.get(served.export, "")
        if not name or not (served.paths or served.routes):
            continue
        loading = {
            firing.page
            for each in known
            if name in each.detection.ids
            for firing in each.fires
            if firing.verdict is Verdict.YES
        }
        fires = tuple(
            _served(served, name, page, routes)
            for page, routes in sorted(pages.items())
            if page not in loading and means(served.paths, served.routes, served.home, page, routes)
        )
        fact = ScriptLoad(place=served.place, url=LOADED_FROM + name)
        for detection in matcher.detect(fact) if fires else ():
            yield Tracker(detection, Status.LIVE, fires)


def _served(served: Served, name: str, page: str, routes: tuple[str, ...]) -> Firing:
    words = f"the configuration says that this page loads container {name}"
    return Firing(page, Verdict.YES, routes=routes, trail=(Step(served.place, words),))
