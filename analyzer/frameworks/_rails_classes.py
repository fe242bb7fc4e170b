"""Controllers as a family: what each inherits of layouts, filters and methods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from analyzer.frameworks._rails_controllers import Controller, Filter
from analyzer.frameworks._rails_methods import Choice, Layout, Method
from analyzer.frameworks._rails_names import underscored

ROOT = "ApplicationController"
DEVISE = re.compile(r"^(?:::)?Devise(?:::|\w*Controller)")
LOGIN = re.compile(
    r"authenticat(?!ion_token)\w*|(?:require|ensure|verify|check|confirm)_(?:\w*_)?(?:log(?:ged_)?_?in|sign(?:ed)?_?in"
    r"|login|user|admin|member|patient|current_\w+|intake|account)\b|login_required|logged_in_user"
    r"|signed_in_user|authorize_(?:user|admin|member|patient)",
    re.I,
)
NO_LOGIN = re.compile(
    r"token|basic|webhook|no_auth|authenticity|api|inviter|mailgun|client_id", re.I
)
MOST_ANCESTORS = 40


@dataclass(slots=True)
class Family:
    """Every class and module that was read, with what stands above it."""

    classes: dict[str, Controller] = field(default_factory=dict)
    _above: dict[str, tuple[Controller, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, own: Iterable[Controller], others: Iterable[Controller]) -> Family:
        """The family of an application's classes, and of those that it may borrow; a class that is
        opened twice is put together.
        """
        family = cls({each.name: each for each in others})
        seen: set[str] = set()
        for each in own:
            known = family.classes[each.name] if each.name in seen else None
            family.classes[each.name] = _together(known, each) if known else each
            seen.add(each.name)
        return family

    def ancestors(self, controller: Controller) -> tuple[Controller, ...]:
        """The class itself and all above it, the nearest first."""
        if controller.name not in self._above:
            self._above[controller.name] = tuple(self._climb(controller))
        return self._above[controller.name]

    def _climb(self, start: Controller) -> Iterator[Controller]:
        seen: set[str] = set()
        current: Controller | None = start
        while current is not None and current.name not in seen and len(seen) < MOST_ANCESTORS:
            seen.add(current.name)
            yield current
            todo = list(reversed(current.mixins))
            owner = current
            while todo and len(seen) < MOST_ANCESTORS:
                mixin = self.find(todo.pop(0), owner)
                if mixin is not None and mixin.name not in seen:
                    seen.add(mixin.name)
                    yield mixin
                    todo.extend(mixin.mixins)
            current = self.parent(current)

    def parent(self, controller: Controller) -> Controller | None:
        """The class that this one is made from; Devise's classes are made from the application's
        own.
        """
        if not controller.parent:
            return None
        found = self.find(controller.parent, controller)
        if found is None and DEVISE.match(controller.parent):
            return self.classes.get(ROOT)
        return found

    def find(self, name: str, asked_by: Controller) -> Controller | None:
        """The class that a name means where it is written."""
        name = name.removeprefix("::")
        for depth in range(len(asked_by.nesting), -1, -1):
            full = "::".join((*asked_by.nesting[:depth], name))
            if full in self.classes and full != asked_by.name:
                return self.classes[full]
        return None

    def is_devise(self, controller: Controller) -> bool:
        """Is the class made from one of Devise's?"""
        return any(DEVISE.match(each.parent) for each in self.ancestors(controller) if each.parent)

    # ------------------------------------------------------------ what is inherited

    def method(self, controller: Controller, name: str) -> Method | None:
        """The method of this name that counts for a class."""
        for each in self.ancestors(controller):
            for method in each.methods:
                if method.name == name:
                    return method
        return None

    def above(self, controller: Controller, name: str) -> Method | None:
        """The method that `super` means."""
        found = [
            method
            for each in self.ancestors(controller)
            for method in each.methods
            if method.name == name
        ]
        return found[1] if len(found) > 1 else None

    def actions(self, controller: Controller) -> dict[str, Method]:
        """The public methods of a class, its own and those that it inherits."""
        found: dict[str, Method] = {}
        hidden: set[str] = set()
        for each in self.ancestors(controller):
            for method in each.methods:
                if method.name in found or method.name in hidden:
                    continue
                if method.public:
                    found[method.name] = method
                else:
                    hidden.add(method.name)
        return found

    def layout(self, controller: Controller, action: str) -> Layout | None:
        """The layout that a class asks for, by itself or by what it is made from."""
        for each in self.ancestors(controller):
            for layout in reversed(each.layouts):
                if layout.only and action not in layout.only:
                    continue
                if layout.but and action in layout.but:
                    continue
                return None if layout.how == "default" else layout
        return None

    def paths(self, controller: Controller) -> tuple[str, ...]:
        """The folders in which the views of a class are looked for."""
        return tuple(
            dict.fromkeys(
                path_of(each.name)
                for each in self.ancestors(controller)
                if each.name.endswith("Controller")
            )
        )

    def choices(
        self, controller: Controller, method: str, action: str
    ) -> tuple[list[Choice], bool]:
        """What a method may give back for an action, in order, and whether that is all."""
        said = self.method(controller, method)
        if said is None:
            return [], False
        found: list[Choice] = []
        for choice in said.choices:
            if choice.only:
                if action in choice.only:
                    return [*found, Choice(choice.value)], True
            elif choice.condition:
                found.append(choice)
            else:
                found.append(choice)
                break
        return found, said.closed

    def needs(self, controller: Controller, action: str) -> tuple[list[str], list[str]]:
        """The logins that are asked for before an action, and the words that leave one out."""
        active: dict[str, Filter] = {}
        public: dict[str, str] = {}
        for each in reversed(self.ancestors(controller)):
            for rule in each.filters:
                if not asks_login(rule.name):
                    continue
                holds = _holds(rule, action)
                if rule.adds and holds and not rule.conditional:
                    active[rule.name] = rule
                    public.pop(rule.name, None)
                elif rule.name in active and holds and not rule.conditional:
                    del active[rule.name]
                    public[rule.name] = f"skip_before_action :{rule.name}"
        if self.is_devise(controller) and not action.startswith(("edit", "update")):
            left_out = [name for name in active if name.startswith("authenticate_")]
            for name in left_out:
                del active[name]
            public.update(dict.fromkeys(left_out, "devise_controller?"))
        return [f"before_action :{name}" for name in active], list(public.values())


def asks_login(name: str) -> bool:
    """Does the name of a filter say that it asks for a login?"""
    if name == "http_basic_authenticate_with":
        return True
    return LOGIN.search(name) is not None and NO_LOGIN.search(name) is None


def path_of(name: str) -> str:
    """The folder of a controller's views: `Hub::VisitsController` has hub/visits."""
    return underscored(name.removesuffix("Controller"))


def _holds(rule: Filter, action: str) -> bool:
    if rule.only:
        return action in rule.only
    return action not in rule.but


def _together(one: Controller, other: Controller) -> Controller:
    return Controller(
        place=one.place,
        name=one.name,
        parent=one.parent or other.parent,
        nesting=one.nesting,
        mixins=(*one.mixins, *other.mixins),
        layouts=(*one.layouts, *other.layouts),
        filters=(*one.filters, *other.filters),
        methods=_once((*one.methods, *other.methods)),
    )


def _once(methods: Sequence[Method]) -> tuple[Method, ...]:
    return tuple({method.name: method for method in methods}.values())
