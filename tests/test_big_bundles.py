"""Bundles of megabytes: the same facts as the same code alone, at exact columns."""

from __future__ import annotations

from itertools import islice

import pytest

from analyzer import signatures
from analyzer.model import Call, OriginKind, Parsed, Source, holes, shown
from analyzer.parse.files import parse
from analyzer.parse.scripts.windows import LARGE, TREE_LIMIT, Settled

PIECE = 'function é{0}(e,t){{var n=e+t,r="' + "😀 {0} " * 900 + '";return r+n}}'
MIDDLE = LARGE + 100_000  # bytes: it is read around vendors' names first
HUGE = TREE_LIMIT + 100_000  # it is read in windows
PIXEL = "702200300400511"


def filler(size: int) -> str:
    """Functions that have nothing to do with any vendor."""
    length = len(PIECE.format(100_000).encode())
    return "".join(PIECE.format(100_000 + at) for at in range(size // length + 1))


def read(code: str) -> Parsed:
    return parse(Source("dist/app.js", code.encode()), signatures.load().vocabulary)


def calls(parsed: Parsed) -> list[tuple[str, ...]]:
    """The calls of vendors' functions: the name, and the arguments."""
    found = (fact for fact in parsed.facts if isinstance(fact, Call))
    return [(fact.callee, *map(shown, fact.args)) for fact in found]


@pytest.mark.parametrize("size", [20_000, MIDDLE, HUGE])
def test_a_call_behind_megabytes_has_its_own_column(size: int) -> None:
    code = filler(size) + f'fbq("init","{PIXEL}");'
    parsed = read(code)
    (call,) = (fact for fact in parsed.facts if isinstance(fact, Call))
    column = code.index("fbq(")
    assert call.place.region.line == 1
    assert call.place.region.column == column + 1
    wide = len(code[:column].encode("utf-16-le")) // 2
    assert call.place.region.utf16[0] == wide + 1
    assert calls(parsed) == [("fbq", "init", PIXEL)]


@pytest.mark.parametrize("size", [20_000, MIDDLE])
@pytest.mark.parametrize(
    "code",
    [
        'const a="702200300400511";FILLER fbq("init",a);',
        '(function(){{"use strict";var a="702200300400511";FILLER function s(){{fbq("init",a)}}s()}})();',
        '(()=>{{var e={{7:(e,t,n)=>{{n.d(t,{{Z:()=>r}});const r="702200300400511"}},8:(e,t)=>{{FILLER}},'
        '9:(e,t,n)=>{{var i=n(7);FILLER fbq("init",i.Z)}}}}}})();',
        'const a={{p:{{id:"702200300400511"}}}};FILLER fbq("init",a.p.id);',
    ],
    ids=["a constant", "of a function around", "of another module", "of an object"],
)
def test_a_value_that_is_set_far_away_is_found(code: str, size: int) -> None:
    whole = code.replace("{{", "{").replace("}}", "}").replace("FILLER", filler(size))
    assert calls(read(whole)) == [("fbq", "init", PIXEL)]


@pytest.mark.parametrize("size", [20_000, MIDDLE])
@pytest.mark.parametrize(
    "code",
    [
        'class T{{send(e,t){{fbq("track",e,t)}}}}FILLER var t=new T;FILLER'
        't.send("Lead",{{em:document.querySelector("#mail").value}});',
        'const t=(e,t)=>fbq("track",e,t);FILLER function s(){{const e=document.querySelector("#mail");'
        't("Lead",{{em:e.value}})}}',
        '(()=>{{var e={{7:(e,t,n)=>{{n.d(t,{{Z:()=>r}});const r=(e,t)=>fbq("track",e,t)}},8:(e,t)=>{{FILLER}},'
        '9:(e,t,n)=>{{var i=n(7);FILLER i.Z("Lead",{{em:document.querySelector("#mail").value}})}}}}}})();',
    ],
    ids=["a method", "a function", "a function of another module"],
)
def test_what_a_call_far_away_hands_over_is_told_with_its_origin(code: str, size: int) -> None:
    whole = code.replace("{{", "{").replace("}}", "}").replace("FILLER", filler(size // 2))
    found = (fact for fact in read(whole).facts if isinstance(fact, Call))
    (call,) = (fact for fact in found if fact.callee == "fbq")
    assert shown(call.args[1]) == "Lead"
    assert [each.origin.kind for each in holes(call.args[2])] == [OriginKind.FIELD]


def test_much_that_a_library_sets_does_not_hide_what_the_page_sets() -> None:
    line = 'function n{0}(){{var e={{}};e.key{0}="{0}";return e}}'
    library = "".join(line.format(at) for at in range(25_000))
    page = f'(function(){{var t={{}};t.id="{PIXEL}";fbq("init",t.id)}})();'
    assert calls(read(library + page)) == [("fbq", "init", PIXEL)]


def test_a_bundle_without_a_tree_is_said_to_be_read_in_parts() -> None:
    (skip,) = read(filler(HUGE) + f'fbq("init","{PIXEL}");').skips
    assert "16 MB" in skip.reason


@pytest.mark.parametrize("size", [20_000, MIDDLE])
def test_a_name_of_another_function_is_another_name(size: int) -> None:
    code = (
        f'(function(){{var a="{PIXEL}";fbq("init",a)}})();FILLER(function(a){{fbq("init",a)}})(x);'
    )
    found = calls(read(code.replace("FILLER", filler(size))))
    assert [args for _, *args in found] == [["init", PIXEL], ["init", "${x}"]]


def test_without_a_tree_a_name_counts_where_it_is_always_set_to_the_same() -> None:
    one = Settled(b'const wanted="702200300400511";function f(){wanted="702200300400511"}')
    one["wanted"] = PIXEL
    assert one.get("wanted") == PIXEL
    other = Settled(b'var e="702200300400511";function f(){var e="x";return e==1}')
    other["e"] = PIXEL
    assert other.get("e") is None
    compared = Settled(b'var e="702200300400511";if(e==="x"||e=>1)f(o.e="y")')
    compared["e"] = PIXEL
    assert compared.get("e") == PIXEL


def test_a_bundle_is_read_in_parts_in_the_order_of_its_text() -> None:
    code = "".join(filler(MIDDLE // 3) + f'fbq("init","{PIXEL[:-1]}{at}");' for at in range(1, 4))
    found = calls(read(code))
    assert [args[-1][-1] for args in islice(found, 3)] == ["1", "2", "3"]
