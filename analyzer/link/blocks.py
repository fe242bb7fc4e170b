"""What a file says of its blocks: which it fills, replaces and offers, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analyzer.conditions import all_of, any_of
from analyzer.model import (
    EXPORT,
    FILL,
    FRAGMENT,
    PLACE,
    Block,
    Document,
    Guard,
    Include,
    Parsed,
)


@dataclass(slots=True)
class Template:
    """What the graph has to know of a file.

    `blocks` are the blocks and fills by name, each with whether the parent's text stays; `places`
    where fills are shown, each time with the conditions around it.
    """

    path: str
    engine: str = ""
    whole: bool = False
    blocks: dict[str, bool] = field(default_factory=dict)
    fragments: set[str] = field(default_factory=set)
    places: dict[str, list[tuple[Guard, ...]]] = field(default_factory=dict)
    extends: bool = False
    open_ended: bool = False  # something that it extends or includes was not found

    @property
    def is_markup(self) -> bool:
        return bool(self.engine)

    def replaces(self, name: str) -> bool:
        """Does the file put something else in the place of a block of its parent?"""
        return any(not keeps for key, keeps in self.blocks.items() if key in (name, FILL + name))


def template_of(parsed: Parsed) -> Template:
    """What the graph has to know of a file that was read."""
    template = Template(parsed.path)
    for fact in parsed.facts:
        match fact:
            case Document(engine=engine, whole=whole):
                template.engine, template.whole = engine, whole
            case Block(name=name, guards=guards) if name.startswith(PLACE):
                template.places.setdefault(name.removeprefix(PLACE), []).append(guards)
            case Block(name=name) if name.startswith(FRAGMENT):
                template.fragments.add(name.removeprefix(FRAGMENT))
            case Block(name=name) if name.startswith(EXPORT):
                continue  # what a script offers replaces nothing
            case Block(name=name, keeps_parent=keeps, guards=guards):
                template.blocks[name] = template.blocks.get(name, False) or keeps
                if not name.startswith(FILL):
                    template.places.setdefault(name, []).append(guards)
            case Include(how="extends"):
                template.extends = True
    return template


def conditions_of(places: Sequence[tuple[Guard, ...]]) -> tuple[Guard, ...]:
    """The conditions under which one of several places is shown; none where one has none."""
    if not places or not all(places):
        return ()
    if len(places) == 1:
        return places[0]
    condition = any_of(*(all_of(*(guard.condition for guard in each)) for each in places))
    words = " or ".join(dict.fromkeys(each[0].text for each in places))
    return (Guard(condition, words[:300]),)
