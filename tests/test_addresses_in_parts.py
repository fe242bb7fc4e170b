"""Addresses that scripts put together: part by part, and key by key of an object."""

from __future__ import annotations

import pytest

from analyzer import signatures
from analyzer.match import Matcher
from analyzer.model import Source, holes
from analyzer.parse.files import parse
from analyzer.parse.values.addresses import with_part

MATCHER = Matcher(signatures.load())
MAIL = "document.querySelector('#mail').value"
PAGE = "https://www.facebook.com/tr"
ALL = f"const p = {{id: '1234567890123', ev: 'Lead', em: {MAIL}}};"
SENT = {
    "host and path are set, the query is given key by key": (
        "const u = new URL('https://clinic.example'); u.hostname = 'www.facebook.com';"
        " u.pathname = '/tr'; u.searchParams.set('id', '1234567890123');"
        f" u.searchParams.append('em', {MAIL}); new Image().src = u.href;"
    ),
    "the query is set as a whole": (
        f"{ALL} const u = new URL('{PAGE}'); u.search = new URLSearchParams(p); fetch(u);"
    ),
    "the query is a text that is put together": (
        f"const u = new URL('{PAGE}?id=0'); u.search = '?id=1234567890123&em=' + {MAIL};"
        " fetch(u.toString());"
    ),
    "parameters are set for each entry": (
        f"{ALL} const u = new URL('{PAGE}');"
        " Object.entries(p).forEach(([k, v]) => u.searchParams.set(k, v)); fetch(`${u}`);"
    ),
    "a loop over keys": (
        f"{ALL} let q = '{PAGE}?v=1'; for (const k in p)"
        " q += '&' + k + '=' + encodeURIComponent(p[k]); fetch(q);"
    ),
    "a loop over entries": (
        f"{ALL} let q = '{PAGE}?'; for (const [k, v] of Object.entries(p))"
        " { q += `${k}=${v}&`; } fetch(q);"
    ),
    "a function for each key": (
        f"{ALL} let q = '{PAGE}?'; Object.keys(p).forEach(function (k)"
        " { q += k + '=' + p[k] + '&'; }); fetch(q);"
    ),
    "jQuery for each key": (
        f"{ALL} let q = '{PAGE}?'; $.each(p, function (k, v) {{ q += k + '=' + v + '&'; }});"
        " fetch(q);"
    ),
    "a text to which keys are put": (
        f"{ALL} fetch(Object.keys(p).reduce((t, k) => t + '&' + k + '=' + p[k], '{PAGE}?v=2'));"
    ),
    "a list of pairs that a function joins": (
        "function query(all) { const list = []; for (var k in all) { if (all.hasOwnProperty(k))"
        " list.push(encodeURIComponent(k) + '=' + encodeURIComponent(all[k])); }"
        f" return list.join('&'); }} {ALL} fetch('{PAGE}?' + query(p));"
    ),
}


def pixels(code: str) -> list[tuple[tuple[str, ...], dict[str, list[str]]]]:
    parsed = parse(Source("lead.js", code.encode()), signatures.load().vocabulary)
    return [
        (
            tuple(sorted(str(each) for each in hit.ids)),
            {each.name: [str(hole.origin) for hole in holes(each.value)] for each in hit.data},
        )
        for fact in parsed.facts
        for hit in MATCHER.detect(fact)
    ]


@pytest.mark.parametrize("code", SENT.values(), ids=SENT.keys())
def test_the_address_is_told_with_its_id_and_its_data(code: str) -> None:
    ((ids, data),) = pixels(code)
    assert ids == ("1234567890123",)
    assert data["em"] == ["form field #mail"]


def test_keys_are_told_as_they_are_written_around_them() -> None:
    code = f"{ALL} let q = '{PAGE}?id=1234567890123'; for (k in p) q += `&cd[${{k}}]=${{p[k]}}`; fetch(q)"
    ((_, data),) = pixels(code)
    assert data["cd[em]"] == ["form field #mail"]


def test_a_hash_for_each_key_stays_a_hash() -> None:
    code = f"{ALL} let q = '{PAGE}?v=1'; for (k in p) q += '&' + k + '=' + sha256(p[k]); fetch(q)"
    ((_, data),) = pixels(code)
    assert data["em"] == ["hash sha256"]


def test_an_address_that_is_led_to_the_own_host_is_no_tracker() -> None:
    code = f"const u = new URL('{PAGE}?id=1234567890123'); u.host = 'clinic.example'; fetch(u);"
    assert pixels(code) == []


def test_keys_of_what_is_not_known_stay_unknown() -> None:
    code = f"let q = '{PAGE}?id=1234567890123'; for (k in window.all) q += '&' + k + '=' + all[k]; fetch(q)"
    ((ids, data),) = pixels(code)
    assert ids == ("1234567890123",)
    assert "em" not in data


@pytest.mark.parametrize(
    ("address", "part", "new", "whole"),
    [
        ("https://a.example", "search", "b=1", "https://a.example/?b=1"),
        ("https://a.example/x?b=1#c", "search", "", "https://a.example/x#c"),
        ("https://a.example:8000/x?b", "host", "c.example", "https://c.example/x?b"),
        ("http://a.example/", "protocol", "https", "https://a.example/"),
        ("/path", "pathname", "/other", None),
    ],
)
def test_a_part_of_an_address_is_set(address: str, part: str, new: str, whole: str | None) -> None:
    assert with_part(address, part, new) == whole


@pytest.mark.parametrize(
    ("address", "events"),
    [
        (f"'{PAGE}?id=1234567890123' + rest", []),
        (f"'{PAGE}?' + rest", []),
        (f"'{PAGE}?id=1234567890123&ev=' + name", ["script variable name"]),
        (f"'{PAGE}?id=1234567890123&ev=Lead' ", []),
    ],
)
def test_the_rest_of_an_address_is_no_event(address: str, events: list[str]) -> None:
    ((_, data),) = pixels(f"fetch({address});")
    assert data.get("event", []) == events
