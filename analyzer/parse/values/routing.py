"""What routers tell of the address: what their listeners are given, and what they keep.

Sources: the documentation of Vue Router (navigation guards), Next.js (router events), React Router
and its `history`, Gatsby (onRouteUpdate), SvelteKit ($app/navigation) and Angular (Router,
ActivatedRoute).
"""

from __future__ import annotations

import re

from analyzer.model import Hole, Origin, OriginKind
from analyzer.model.parts import PATH

GUARDS = frozenset(  # of Vue: they are given where the visitor goes, and where from
    {
        "afterEach",
        "beforeEach",
        "beforeResolve",
        "beforeEnter",
        "onBeforeRouteUpdate",
        "onBeforeRouteLeave",
    }
)
NAVIGATIONS = frozenset({"afterNavigate", "beforeNavigate", "onNavigate"})  # of SvelteKit
HEARING = GUARDS | NAVIGATIONS | {"listen"}
CALLED = frozenset(  # functions of a file or a component that frameworks call by these names
    {
        "beforeEnter",
        "beforeRouteEnter",
        "beforeRouteUpdate",
        "beforeRouteLeave",
        "$route",
        "onRouteUpdate",
        "onRouteUpdateDelayed",
        "onPreRouteUpdate",
    }
)
CHANGES = re.compile(r"^(?:routeChange|hashChange|beforeHistoryChange)")
KEEPS_HISTORY = re.compile(r"(?:^|[._])(?:browser)?history$", re.I)
KEPT = re.compile(
    r"(?:\$route|\bcurrentRoute(?:\.value)?)\.(?:fullPath|path|hash)$"
    r"|\$?\bpage\.url(?:\.(?:href|pathname|search))?$|\brouter\.asPath$"
)
OF_ANGULAR = re.compile(
    r"^new npm:@angular/router\.(?:Router\(\)\.(?:events|url|routerState)"
    r"|ActivatedRoute\(\)(?:\.snapshot)?\.(?P<part>params|paramMap|queryParams|queryParamMap|url))"
    r"(?:\.(?P<name>[\w$]+))?"
)
OF_QUERY = frozenset({"queryParams", "queryParamMap"})
METHODS = frozenset({"get", "pipe", "subscribe", "url", "urlAfterRedirects"})


def address(text: str) -> Hole:
    """What is told of the address, as the script calls it."""
    return Hole(text, Origin(OriginKind.ADDRESS, PATH))


def is_told(method: str, holder: str, event: str, position: int) -> bool:
    """Is the address what a function is given at a position, where it is handed to a router's
    method? `holder` is what the method is called on, `event` the text before the function.
    """
    if method in GUARDS:
        return position < 2
    if method == "listen":
        return position == 0 and KEEPS_HISTORY.search(holder) is not None
    if method == "on":
        return position == 0 and CHANGES.match(event) is not None
    return method in NAVIGATIONS and position == 0


def is_called_with(name: str, position: int) -> bool:
    """Is the address what a function of this name is given, as a framework calls it?"""
    return name in CALLED and position < 2


def kept_as(text: str, dotted: str) -> Origin | None:
    """The origin of what a router keeps of the address; None for anything else. `dotted` is the
    name outside of the script where there is one.
    """
    if KEPT.search(text):
        return Origin(OriginKind.ADDRESS, PATH)
    found = OF_ANGULAR.match(dotted) if dotted.startswith("new npm:@angular") else None
    if found is None:
        return None
    name = "" if found["name"] in METHODS else found["name"] or ""
    if found["part"] in OF_QUERY:
        return Origin(OriginKind.QUERY, name)
    return Origin(OriginKind.ADDRESS, f"{PATH} {name}".strip())
