"""An id in a generator's settings, told as the call or the script that the generator writes."""

from __future__ import annotations

import re

from analyzer.model import Call, Fact, Guard, Place, ScriptLoad

CONTAINER = re.compile(r"GTM-[A-Z0-9]{4,}$")
MEASURED = re.compile(r"(?:G|UA|AW|GT|DC)-[A-Z0-9-]{4,}$", re.I)


def tracker_of(account: str, place: Place, guards: tuple[Guard, ...] = ()) -> Fact | None:
    """What a generator puts on its pages for an id of Google's; None for other words."""
    if CONTAINER.match(account):
        url = f"https://www.googletagmanager.com/gtm.js?id={account}"
        return ScriptLoad(place=place, url=url, guards=guards)
    if MEASURED.match(account):
        return Call(place=place, callee="gtag", args=("config", account), guards=guards)
    return None
