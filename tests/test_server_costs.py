"""What reading a program costs: twice the size takes about twice the steps, whatever is in it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from types import FrameType
from typing import TYPE_CHECKING

import pytest

from analyzer import signatures
from analyzer.model import Request, Source
from analyzer.parse import budget
from analyzer.parse.files import parse

if TYPE_CHECKING:
    from _typeshed import TraceFunction  # known to type checkers alone

SIGNATURES = signatures.load()
ADDRESS = "https://www.google-analytics.com/collect"
STEEPEST = 2.4  # times the steps for twice the size
SIZE = 2_000
HEADS = {
    "case.rb": f"Net::HTTP.post(URI('{ADDRESS}'), 'a')\n",
    "case.php": f"<?php $c = curl_init('{ADDRESS}');\n",
    "case.go": f'package a\nfunc f() {{ http.Post("{ADDRESS}", "a", b)\n',
    "case.py": f"import requests\nrequests.post('{ADDRESS}')\nprint 1\n",
    "case.java": f'class A {{ void f() {{ post("{ADDRESS}", x);\n',
}


def numbered(line: str) -> Callable[[int], str]:
    return lambda size: "".join(
        line.replace("%n", str(number)) for _, number in zip(range(size // len(line)), count())
    )


def deep(opening: str, closing: str) -> Callable[[int], str]:
    return lambda size: opening * (size // len(opening)) + closing * (size // len(opening))


SHAPES: dict[str, tuple[str, Callable[[int], str]]] = {
    "assignments with commas": ("case.rb", numbered("a%n = b%n, ")),
    "assignments of assignments": ("case.rb", numbered("a = ")),
    "assignments without an end": ("case.go", numbered("a%n = 1 ")),
    "calls without brackets": ("case.rb", numbered("x + post a%n ")),
    "attributes": ("case.rb", numbered("<a b=c ")),
    "one name": ("case.php", numbered("$a = $a . 'x'; curl_init($a);")),
    "texts that lines end": ("case.rb", numbered("x = <<~A%n\n")),
    "texts that lines end, in one line": ("case.php", numbered("<<<A%n\n")),
    "methods": ("case.rb", numbered("def f%n() post a%n ")),
    "functions in functions": ("case.py", numbered("def f%n(): post(a) \n")),
    "calls in calls": ("case.java", deep("http.post(", ")")),
    "brackets": ("case.java", deep("x = (", ")")),
    "brackets, open": ("case.php", numbered("x([{")),
    "chains": ("case.go", numbered("a.b.c.d.")),
}


def steps(path: str, text: str) -> int:
    """The lines of the reader that ran."""
    taken = 0

    def trace(_: FrameType, event: str, __: object) -> TraceFunction:
        nonlocal taken
        taken += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parse(Source(path, (HEADS[path] + text).encode()), SIGNATURES.vocabulary)
    finally:
        sys.settrace(before)
    return taken


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_size_takes_twice_the_steps(shape: str) -> None:
    path, make = SHAPES[shape]
    parse(Source(path, HEADS[path].encode()), SIGNATURES.vocabulary)
    first, second = steps(path, make(SIZE)), steps(path, make(2 * SIZE))
    assert second < STEEPEST * first


def test_a_statement_that_is_too_long_is_read_in_parts() -> None:
    text = HEADS["case.rb"] + "a = b + " * 2_000 + f"c\nNet::HTTP.post(URI('{ADDRESS}/2'))\n"
    found = parse(Source("case.rb", text.encode()), SIGNATURES.vocabulary)
    assert [each.url for each in found.facts if isinstance(each, Request)] == [
        ADDRESS,
        f"{ADDRESS}/2",
    ]


def test_a_program_that_costs_too_much_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "SECONDS", -1.0)
    monkeypatch.setattr(budget, "SECONDS_PER_MEGABYTE", 0.0)
    text = HEADS["case.rb"] + "a.b.c(d)\n" * 2_000
    (skip,) = parse(Source("case.rb", text.encode()), SIGNATURES.vocabulary).skips
    assert skip.kind == "partly"
    assert "what was read before counts" in skip.reason
