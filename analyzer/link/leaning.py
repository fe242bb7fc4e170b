"""Calls that first ask whether the vendor's function is there: who puts it there?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analyzer.model import Call, Kind, Parsed, Presence, Role, Tracker, Vendor

CALLS = frozenset({Role.EVENT, Role.IDENTITY})


class Leaning:
    """Trackers that need others: a theme's button that calls `gtag` where the site has it.

    Such a call says nothing of a site in which nothing of the vendor or of its owner stands, nor a
    tag manager that could bring it.
    """

    def __init__(
        self, parsed: Iterable[Parsed], trackers: Iterable[Tracker], vendors: Mapping[str, Vendor]
    ) -> None:
        self.asked = {
            (each.path, fact.name)
            for each in parsed
            for fact in each.facts
            if isinstance(fact, Presence)
        }
        self.vendors = vendors
        firm = {each.vendor for each in trackers if not self._asks_first(each)}
        self.owners = {
            vendors[each].owner
            for each in firm
            if vendors[each].kind in (Kind.TRACKER, Kind.TAG_MANAGER)
        }
        self.managed = any(vendors[each].kind is Kind.TAG_MANAGER for each in firm)

    def holds(self, tracker: Tracker) -> bool:
        """Is there nothing that the call could reach?"""
        owner = self.vendors[tracker.vendor].owner
        return not self.managed and owner not in self.owners and self._asks_first(tracker)

    def _asks_first(self, tracker: Tracker) -> bool:
        """Does the file of a call ask for the function that is called?"""
        fact = tracker.detection.fact
        if tracker.detection.role not in CALLS or not isinstance(fact, Call):
            return False
        name = fact.callee.removeprefix("new ").partition(".")[0]
        return (tracker.place.path, name) in self.asked
