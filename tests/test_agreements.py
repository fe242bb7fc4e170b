"""Which trackers wait for an agreement, where the question does not stand right around them."""

from __future__ import annotations

import pytest

from analyzer.model import Call, Source, Vocabulary
from analyzer.parse.files import parse

VOCABULARY = Vocabulary(names=frozenset({"fbq"}), words=(b"fbq",))
PIXEL = "fbq('init', '702200300400511');"
WAITS = {
    "a function is the listener of a consent manager's event": (
        f"function load() {{ {PIXEL} }}\nwindow.addEventListener('CookiebotOnAccept', load);"
    ),
    "a function asks": (
        "function allowed() { return window.Cookiebot && Cookiebot.consent.marketing; }\n"
        f"if (allowed()) {{ {PIXEL} }}"
    ),
    "who did not agree leaves": (
        f"(function () {{ if (!window.Cookiebot || !Cookiebot.consent.marketing) return; {PIXEL} }})();"
    ),
    "who did not grant leaves": (
        f"function go() {{ if (consentState !== 'granted') {{ return; }} {PIXEL} }}\ngo();"
    ),
    "a function is called under the question": (
        "window.addEventListener('CookiebotOnAccept', function () {\n"
        f"  if (Cookiebot.consent.marketing) load(); }});\nfunction load() {{ {PIXEL} }}"
    ),
    "a function of a function": (
        f"const load = () => {{ {PIXEL} }};\nconst start = () => load();\n"
        "const check = () => { if (window.Cookiebot?.consent?.marketing) start(); };\n"
        "window.addEventListener('CookiebotOnAccept', check); check();"
    ),
    "behind a sign": f"function load() {{ {PIXEL} }}\nOptanonActiveGroups && hasConsent('ads') && load();",
}
GOES_ON = {
    "the function is called anyway": (
        f"function load() {{ {PIXEL} }}\nload();\nwindow.addEventListener('CookiebotOnAccept', load);"
    ),
    "the function is handed to something else": (
        f"function load() {{ {PIXEL} }}\nwindow.onload = load;\n"
        "window.addEventListener('CookiebotOnAccept', load);"
    ),
    "another file may call it": (
        f"export function load() {{ {PIXEL} }}\nwindow.addEventListener('CookiebotOnAccept', load);"
    ),
    "the question is about something else": f"if (Cookiebot.consent.marketing) {{ other(); }}\n{PIXEL}",
    "who agreed leaves": f"function go() {{ if (Cookiebot.consent.marketing) return; {PIXEL} }} go();",
    "who did not agree sees a banner and goes on": (
        f"function go() {{ if (!Cookiebot.consent.marketing) {{ banner(); }} {PIXEL} }} go();"
    ),
    "it starts for those who did not agree": (
        f"function load() {{ {PIXEL} }}\nif (!Cookiebot.consent.marketing) {{ load(); }}"
    ),
    "it starts for those who declined": (
        f"function load() {{ {PIXEL} }}\nwindow.addEventListener('CookiebotOnDecline', load);"
    ),
    "a cookie is no agreement": (
        f"function load() {{ if (!getCookie('seen')) return; {PIXEL} }} load();"
    ),
    "two functions have one name": (
        f"function load() {{ {PIXEL} }}\nfunction other() {{ function load() {{}} load(); }}\n"
        "other(); load(); if (Cookiebot.consent.marketing) load();"
    ),
}


def waits(script: str) -> bool:
    """Is the set-up held back until the visitor agrees?"""
    parsed = parse(Source("pixel.js", script.encode()), VOCABULARY)
    found = [each for each in parsed.facts if isinstance(each, Call) and each.args[:1] == ("init",)]
    assert len(found) == 1
    return any(guard.kind == "consent" for guard in found[0].guards)


@pytest.mark.parametrize("case", WAITS)
def test_it_waits_for_an_agreement(case: str) -> None:
    assert waits(WAITS[case])


@pytest.mark.parametrize("case", GOES_ON)
def test_it_does_not_wait(case: str) -> None:
    assert not waits(GOES_ON[case])
