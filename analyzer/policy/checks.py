"""Holds what entries name against what exists: products, companies, rules, page classes, paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analyzer.policy import schema
from analyzer.policy.messages import nearest, one_of
from analyzer.policy.positions import At
from analyzer.policy.scope import Known
from analyzer.policy.sheet import Sheet
from analyzer.policy.writing import pattern_wrong, route_wrong

EVERY_CLASS = "*"


class Checks:
    """The checks of one file; each raises UserError for the first thing that cannot be meant."""

    def __init__(self, sheet: Sheet, known: Known) -> None:
        self.sheet = sheet
        self.known = known

    def who(
        self, at: At, each: schema.Agreement | schema.Allowed | schema.Ignore
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The products and the companies that an entry names."""
        given = self.given(at)
        for key in ("vendor", "company"):
            if key in given:
                self.text(at, key, "name one, or leave the line out")
        if each.vendor:
            self.vendor((*at, "vendor"), each.vendor)
        for number, name in enumerate(each.vendors):
            self.vendor((*at, "vendors", number), name)
        vendors = (*([each.vendor] if each.vendor else ()), *each.vendors)
        self.once((*at, "vendors"), vendors)
        if each.company:
            self.company((*at, "company"), each.company)
        return vendors, (each.company,) if each.company else ()

    def nobody(self, each: schema.Agreement) -> str:
        meant = next(
            (name for name in self.known.companies if name.lower() == each.owner.lower()), ""
        )
        if meant:  # signatures call the company behind a product its owner
            return (
                f'the agreement names no product; write company = "{meant}" (owner is the person '
                "who looks after it)"
            )
        return 'the agreement names no product; write vendor = "..." or company = "..."'

    def vendor(self, at: At, name: str) -> None:
        if name in self.known.vendors:
            return
        by_name = {shown.lower(): each for each, shown in self.known.vendors.items()}
        meant = by_name.get(name.strip().lower()) or nearest(name, self.known.vendors)
        meant = meant or by_name.get(nearest(name, by_name), "")
        company = next((each for each in self.known.companies if each.lower() == name.lower()), "")
        if company and at[0] != "hosts":
            raise self.sheet.wrong(
                at,
                f'"{name}" is a company; write company = "{company}", or name one of its products',
            )
        raise self.sheet.wrong(
            at,
            f'no vendor has the id "{name}"; '
            + (f'write "{meant}"' if meant else "trackerlint list vendors shows the ids"),
        )

    def company(self, at: At, name: str) -> None:
        if name.lower() in {each.lower() for each in self.known.companies}:
            return
        meant = nearest(name, self.known.companies)
        raise self.sheet.wrong(
            at,
            f'no product belongs to a company "{name}"; '
            + (f'write "{meant}"' if meant else "trackerlint list vendors shows the owners"),
        )

    def rules(self, at: At, names: Sequence[str]) -> None:
        for number, name in enumerate(names):
            self.rule((*at, number), name)
        self.once(at, names)

    def rule(self, at: At, name: str, *, whole: bool = False) -> None:
        codes = self.known.rules.values()
        if name in self.known.rules or name in codes:
            return
        begins = name.startswith("TL") and any(code.startswith(name) for code in codes)
        if begins and not whole:
            return
        if begins:
            raise self.sheet.wrong(
                at, f'"{name}" is the beginning of several codes; name one rule a line'
            )
        meant = nearest(name, (*self.known.rules, *codes))
        raise self.sheet.wrong(
            at,
            f'there is no rule "{name}"; '
            + (f'write "{meant}"' if meant else "trackerlint list rules shows them"),
        )

    def classes(self, at: At, key: str, given: Any, *, every: bool = False) -> tuple[str, ...]:
        listed = (given,) if isinstance(given, str) else tuple(given)
        for number, name in enumerate(listed):
            way = (*at, key) if isinstance(given, str) else (*at, key, number)
            if name in self.known.classes or (every and name == EVERY_CLASS):
                continue
            meant = nearest(name, self.known.classes)
            raise self.sheet.wrong(
                way,
                f'there is no page class "{name}"; '
                + (f'write "{meant}"' if meant else f"use {one_of(sorted(self.known.classes))}"),
            )
        self.once((*at, key), listed)
        return listed

    def where(self, at: At, each: schema.Pages | schema.Container) -> None:
        self.patterns((*at, "paths"), each.paths)
        for number, route in enumerate(each.routes):
            if wrong := route_wrong(route):
                raise self.sheet.wrong((*at, "routes", number), wrong)
        self.once((*at, "routes"), each.routes)

    def patterns(self, at: At, patterns: Sequence[str]) -> None:
        for number, pattern in enumerate(patterns):
            self.pattern((*at, number), pattern)
        if patterns and patterns[0].startswith("!"):
            raise self.sheet.wrong(
                (*at, 0), f'"{patterns[0]}" takes away from nothing; write what is meant before it'
            )
        self.once(at, patterns)

    def pattern(self, at: At, pattern: str) -> None:
        if wrong := pattern_wrong(pattern):
            raise self.sheet.wrong(at, wrong)

    def texts(self, at: At, texts: Sequence[str]) -> None:
        for number, text in enumerate(texts):
            if not text.strip():
                raise self.sheet.wrong(
                    (*at, number), f"an empty text stands in {at[-1]}; take it out"
                )
        self.once(at, texts)

    def text(self, at: At, key: str, advice: str) -> None:
        if not str(self.given(at).get(key, "")).strip():
            raise self.sheet.wrong((*at, key), f'"{key}" is empty; {advice}')

    def given(self, at: At) -> Mapping[str, Any]:
        name, number = at
        found: Mapping[str, Any] = self.sheet.values[str(name)][number]
        return found

    def once(self, at: At, names: Sequence[str]) -> None:
        for number, name in enumerate(names):
            if name in names[:number]:
                raise self.sheet.wrong((*at, number), f'"{name}" is in "{at[-1]}" twice; keep one')
