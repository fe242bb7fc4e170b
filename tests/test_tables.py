"""Texts that scripts keep in one table, as obfuscators write it."""

from __future__ import annotations

from base64 import b64encode

import pytest

from analyzer.model import Source
from analyzer.parse.scripts.ciphers import STANDARD
from analyzer.parse.scripts.cleared import cleared
from tests.test_origins import data_of, told

USUAL = STANDARD.encode()
ALPHABET = USUAL[:52].swapcase() + USUAL[52:]
TEXTS = ["fbq", "track", "getElementById", "mail", "value", "7 up", "23skidoo"]
SUM = "-parseInt(take(0x105))/0x7+parseInt(take(0x106))*(0x2)"
CALL = (
    "window[take(0x100)](take(0x101), 'Lead',"
    " {x: document[take(0x102)](take('0x103'))[take(0x104)]});"
)
LIST = "function list() { var a = %s; list = function () { return a; }; return list(); }"
TAKE = "function take(i, k) { i = i - 0x100; var a = list(); var t = a[i]; return t; }"
UNTIL = (
    "(function (get, wanted) { var all = get(); while (true) { try { var n = %s;"
    " if (n === wanted) break; else all['push'](all['shift']()); } catch (e)"
    " { all['push'](all['shift']()); } } }(list, %s));"
)
TIMES = (
    "(function (all, n) { var turn = function (k) { while (--k) { all['push'](all['shift']()); } };"
    " turn(++n); }(list, 0x3));"
)


def turned(by: int) -> list[str]:
    return TEXTS[-by:] + TEXTS[:-by]


def encoded(text: str) -> str:
    return b64encode(text.encode()).translate(bytes.maketrans(USUAL, ALPHABET)).decode()


SCRIPTS = {
    "a table in a function": f"{LIST % TEXTS} {TAKE} {CALL}",
    "a table in a variable": (
        f"var list = {TEXTS}; var take = function (i, k) {{ i = i - 0x100; var t = list[i];"
        f" return t; }}; {CALL}"
    ),
    "what takes texts is set when it is asked first": (
        f"{LIST % TEXTS} function take(i, k) {{ var a = list(); return take = function (i, k)"
        f" {{ i = i - 0x100; var t = a[i]; return t; }}, take(i, k); }} {CALL}"
    ),
    "a table that is turned round until a sum is right": (
        f"{UNTIL % (SUM, '0x2d')} {LIST % turned(2)} {TAKE} {CALL}"
    ),
    "a table that is turned round so many times": (
        f"var list = {turned(3)}; {TIMES} var take = function (i, k) {{ i = i - 0x100;"
        f" var t = list[i]; return t; }}; {CALL}"
    ),
    "texts in Base64": (
        f"{LIST % [encoded(each) for each in TEXTS]} function take(i, k) {{ i = i - 0x100;"
        f" var a = list(); var t = a[i]; var letters = '{ALPHABET.decode()}='; return from(t); }}"
        f" {CALL}"
    ).replace("take", "_0x1a2b"),
    "another name for what takes texts": (
        f"var b = take; {LIST % TEXTS} {TAKE} const c = b; {CALL.replace('take(', 'c(')}"
    ),
}
LEFT_ALONE = {
    "a table that does not come out": f"{UNTIL % (SUM, '0x5')} {LIST % turned(2)} {TAKE} {CALL}",
    "a sum that is no sum": f"{UNTIL % ('parseInt(take(0x105))/run()', '0x5')} {LIST % TEXTS} {TAKE}",
    "no table": f"function take(i) {{ i = i - 0x100; var t = other(i); return t; }} {CALL}",
    "a number beyond the table": f"{LIST % TEXTS[:2]} {TAKE} {CALL}",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_the_texts_are_read_where_they_are_taken(script: str) -> None:
    assert told(data_of(script)["x"]) == ["form field #mail"]


@pytest.mark.parametrize("script", LEFT_ALONE.values(), ids=LEFT_ALONE.keys())
def test_what_does_not_come_out_stays_as_it_is(script: str) -> None:
    found = data_of(script).get("x")
    assert found is None or "form field #mail" not in told(found)
    assert '"Lead"' not in cleared(Source("a.js", script.encode())).data.decode()


def test_a_text_stands_where_its_call_was_written() -> None:
    script = SCRIPTS["a table in a function"]
    inner = cleared(Source("a.js", script.encode()))
    at = inner.data.index(b'"mail"')
    assert inner.place(at, at + 6).region.column == script.index("take('0x103')") + 1
