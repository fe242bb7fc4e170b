"""Does reading a script take its square in time, or memory without end, whatever is in it?

Makes scripts and pages that are as awkward as they can be, at a size, its double and its double
again, reads each in a process of its own, and prints the seconds of the processor and the memory
that it took, how both grow when the size doubles, and what the reader said of it. It ends with 1
where something costs more than `analyzer/parse/budget.py` allows, or grows as its square. Run it in
the project's folder: `python -m benchmarks.costs`, with `--shapes` for a few of them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import process_time

from analyzer.model import Skip, Source
from analyzer.parse.budget import MEMORY, MEMORY_PER_BYTE, SECONDS, SECONDS_PER_MEGABYTE
from analyzer.parse.files import parse
from analyzer.signatures import load

MEGABYTE = 1_000_000
STEEPEST = 2.6  # times as much for twice the size; a little more than linear is noise
FROM = 1.0  # seconds below which growth says nothing
LOOSE = 1.5  # times the budget: it is looked at between steps
PIXEL = "fbq('init','1234567890');"  # without a vendor's name a script is not read at all


def repeated(text: str) -> Callable[[int], str]:
    """As many copies as fit."""
    return lambda size: PIXEL + text * (size // len(text))


def closed(opening: str, middle: str, closing: str) -> Callable[[int], str]:
    """As deep as the size allows, and closed again."""

    def make(size: int) -> str:
        times = size // (len(opening) + len(closing))
        return PIXEL + "x=" + opening * times + middle + closing * times

    return make


def numbered(line: str, before: str = "", behind: str = "") -> Callable[[int], str]:
    """Lines with a number, its next one and its half in them."""

    def make(size: int) -> str:
        times = size // (len(line) + 6)
        lines = (_numbered(line, number) for number in range(times))
        return PIXEL + before + "\n".join(lines) + behind

    return make


def _numbered(line: str, number: int) -> str:
    told = {"%n": number, "%m": number + 1, "%h": number // 2}
    for mark, value in told.items():
        line = line.replace(mark, str(value))
    return line


def tokens(size: int) -> str:
    """Tokens in an order that means nothing."""
    chance = random.Random(11)
    words = "function ( ) { } [ ] => , ; : ? . a 'x' \"y\" `z ${ / /= 0x < > class \\ # @ fbq("
    return PIXEL + " ".join(chance.choice(words.split()) for _ in range(size // 4))


def nested_eval(size: int) -> str:
    """An eval of an eval of an eval: backslashes double."""
    text = PIXEL
    while len(text) < size:
        text = 'eval("' + text.replace("\\", "\\\\").replace('"', '\\"') + '")'
        text = text if len(text) > 4 * size else text + ";" + "fbq('track','x');" * 50
    return text[: 2 * size]


def written_twice(size: int) -> str:
    """Markup that writes markup that writes a script."""
    script = '<script>fbq();document.write("<script>fbq()<\\/script>")<\\/script>'
    inner = f"document.write('{script}');"
    return PIXEL + inner * (size // len(inner))


SHAPES: dict[str, Callable[[int], str]] = {
    "brackets, open": repeated("["),
    "brackets": closed("[", "1", "]"),
    "parentheses, open": repeated("("),
    "parentheses": closed("(", "1", ")"),
    "objects": closed("{a:", "1", "}"),
    "objects, open": lambda size: PIXEL + "x=" + "{a:" * (size // 3),
    "braces": repeated("{"),
    "conditionals": closed("a?b:", "c", ""),
    "conditionals, left": closed("a?", "c", ":b"),
    "arrows": closed("x=>", "x", ""),
    "functions": closed("function(){return ", "1", "}"),
    "functions called": closed("(function(a){return ", "a", "})(fbq)"),
    "calls in calls": closed("fbq(", "'init','1'", ")"),
    "calls of calls": lambda size: PIXEL + "fbq" + "('track','a')" * (size // 12),
    "chain of members": lambda size: PIXEL + "fbq" + ".a" * (size // 2) + "()",
    "chain of calls": lambda size: PIXEL + "dataLayer" + ".push({event:'a'})" * (size // 16),
    "sums": lambda size: PIXEL + "x='a'" + "+b" * (size // 2) + ";fbq('init',x)",
    "sums, right": closed("a+(", "1", ")"),
    "logic": lambda size: PIXEL + "x=a" + "||b" * (size // 3) + ";fbq('init',x)",
    "negations": lambda size: PIXEL + "x=" + "!" * size + "a",
    "minus": lambda size: PIXEL + "x=" + "- " * (size // 2) + "a",
    "awaits": lambda size: PIXEL + "x=" + "await " * (size // 6) + "a",
    "commas": lambda size: PIXEL + "x=(a" + ",b" * (size // 2) + ");fbq('init',x)",
    "assignments": lambda size: PIXEL + "a=" * (size // 2) + "fbq;a('init','1')",
    "a long list": lambda size: PIXEL + "x=[" + "1," * (size // 2) + "];fbq('init',x)",
    "a list of strings": lambda size: PIXEL + "fbq('track','x',[" + "'ab'," * (size // 5) + "])",
    "a long object": numbered("k%n:%n,", "fbq('track','x',{", "})"),
    "an object of methods": numbered("k%n(a){return fbq('track',a)},", "x={", "}"),
    "functions in a row": numbered("function f%n(a){fbq('track',a)}"),
    "functions that call on": numbered(
        "function f%n(a){return f%m(a)}", "", "\nfbq('track',f0(1))"
    ),
    "functions that call two": numbered(
        "function f%n(a){return f%m(a)+f%h(a)}", "", "\nfbq('track',f0(1))"
    ),
    "calls of vendors": numbered("fbq('track','e%n',{a:%n});"),
    "calls of a wrapper": numbered("t('e%n',{a:%n});", "function t(a,b){fbq('track',a,b)}\n"),
    "pushes": numbered("dataLayer.push({event:'e%n',v:document.title});"),
    "aliases": numbered("var a%m=a%n;", "var a0=fbq;", "\nfbq('init',a9)"),
    "aliases backwards": numbered("var a%n=a%m;", "", "\na0('init','1')"),
    "doubling": numbered("var a%m=a%n+a%n;", "var a0='x';", "\nfbq('init',a20,a200,a2000)"),
    "doubling lists": numbered("var a%m=[a%n,a%n];", "var a0='x';", "\nfbq('init',a20,a200,a2000)"),
    "doubling objects": numbered(
        "var a%m={x:a%n,y:a%n};", "var a0='x';", "\nfbq('init',a9,a20,a200)"
    ),
    "doubling spreads": numbered(
        "var a%m={...a%n,...a%n,k%n:1};", "var a0={};", "\nfbq('init',a9,a200)"
    ),
    "doubling choices": numbered(
        "var a%m=c?a%n:a%h;", "var a0='x';", "\nfbq('init',a20,a200,a2000)"
    ),
    "mutual": numbered("var a%n=b%n+a%m,b%n=a%n||b%m;", "", "\nfbq('init',a0)"),
    "one name": numbered("var a=a+'%n';", "", "\nfbq('init',a)"),
    "one name, called": numbered("a=function(){return a(%n)};fbq('track',a());"),
    "one property": numbered("o.a=o.a+'%n';fbq('track',o.a);", "var o={a:1};"),
    "properties": numbered("o.a%n=o.a%m;", "var o={};", "\nfbq('init',o.a0)"),
    "classes": numbered(
        "class A%n extends A%m{m(){return this.x%n}}", "", "\nfbq('init',new A0().m())"
    ),
    "a script's elements": numbered(
        "var s%n=document.createElement('script');s%n.src='https://x.example/%n';"
    ),
    "one element": numbered("s=document.createElement('script');s.src='https://x.example/%n';"),
    "modules": numbered(
        "%n:(e,t,n)=>{n.d(t,{a:()=>r});var r=n(%m).a},",
        "(()=>{var m={",
        "};function n(e){return m[e].exports}fbq('init',n(0).a)})()",
    ),
    "a long string": lambda size: PIXEL + "x='" + "a" * size + "';fbq('init',x)",
    "a long string of escapes": lambda size: (
        PIXEL + "x='" + "\\u0061" * (size // 6) + "';fbq('init',x)"
    ),
    "a long pattern": lambda size: PIXEL + "x=/" + "a" * size + "/;fbq('init',x)",
    "a long template": lambda size: PIXEL + "x=`" + "${a}" * (size // 4) + "`;fbq('init',x)",
    "templates": closed("`${", "a", "}`"),
    "templates, open": repeated("`${"),
    "string, open": lambda size: PIXEL + "x='" + "a\n" * (size // 2),
    "comment, open": lambda size: PIXEL + "/*" + "fbq( " * (size // 5),
    "template, open": lambda size: PIXEL + "`" + "fbq( " * (size // 5),
    "pattern, open": lambda size: PIXEL + "x=/" + "[" * size,
    "comments of markup": repeated("<!-- fbq( -->\n"),
    "elements": lambda size: PIXEL + "x=" + "<a>" * (size // 7) + "</a>" * (size // 7),
    "elements, open": lambda size: PIXEL + "x=" + "<a b={" * (size // 6),
    "elements in a row": lambda size: (
        PIXEL + "x=<a>" + "<Script src='//x.example'/>" * (size // 27) + "</a>"
    ),
    "tokens": tokens,
    "evals": nested_eval,
    "writes": written_twice,
    "writes in a row": repeated(
        "document.write('<img src=\"https://www.facebook.com/tr?id=1\">');"
    ),
    "escapes in names": repeated("\\u{61}\\u0062 "),
    "nulls": lambda size: PIXEL + " " * 9000 + "\0" * size,
    "wide letters": lambda size: PIXEL + "fbq('track','病院😀');" * (size // 27),
    "conditions": closed("if(a){", "fbq('track','x')", "}"),
    "listeners": closed("on('click',function(){", "fbq('track','x')", "})"),
    "labels": lambda size: PIXEL + "a:" * (size // 2) + "fbq('track','x')",
    "casts": lambda size: PIXEL + "x=" + "a<b" + "<c" * (size // 2),
    "decorators": lambda size: PIXEL + "@a" * (size // 2) + " class A{}",
    "backslashes": lambda size: PIXEL + "x='" + "\\" * size + "'",
    "quotes": repeated("'\"`"),
    "slashes": repeated("/"),
    "closing": repeated(")]}"),
}
PAGES: dict[str, Callable[[int], str]] = {
    "scripts of a page": numbered("<script>fbq('track','e%n',a%m);var a%n=a%m</script>"),
    "scripts, open": lambda size: "<script>fbq('init','1')" * (size // 23),
    "handlers": numbered("<a onclick=\"fbq('track','e%n')\">x</a>"),
    "elements of a page": lambda size: "<div>" * (size // 5) + "<script>fbq('init','1')</script>",
}


@dataclass(frozen=True)
class Cost:
    """What reading took, and what the reader said."""

    seconds: float
    memory: int
    said: str


def main() -> None:
    """Measure what is asked for, and end with 1 where something costs too much."""
    given = arguments()
    trouble = 0
    print(f"{'':28} {'size':>6} {'seconds':>8} {'memory':>8} {'growth':>14}  said")
    for name, path, make in wanted(given.shapes):
        before: Cost | None = None
        for step in range(given.steps):
            size = given.size * 2**step
            text = make(size)
            data = text.encode("utf-8", "surrogatepass")
            cost = measured(path, data)
            growth, wrong = "", over_budget(cost, len(data))
            if before is not None:
                slower = cost.seconds / max(before.seconds, 0.001)
                growth = f"{slower:5.1f} {cost.memory / max(before.memory, 1):5.1f}"
                wrong = wrong or (slower > STEEPEST and cost.seconds > FROM)
            trouble += wrong
            mark = "!" if wrong else " "
            print(
                f"{mark} {name:26} {len(data) / MEGABYTE:6.2f} {cost.seconds:8.2f} "
                f"{cost.memory // MEGABYTE:6} MB {growth:>14}  {cost.said}",
                flush=True,
            )
            before = cost
    print(f"{trouble} too expensive")
    sys.exit(1 if trouble else 0)


def arguments() -> argparse.Namespace:
    """What the user asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=250_000, help="bytes of the smallest")
    parser.add_argument("--steps", type=int, default=3, help="how often it doubles, and once")
    parser.add_argument("--shapes", nargs="*", default=(), help="parts of names")
    return parser.parse_args()


def wanted(names: tuple[str, ...]) -> Iterator[tuple[str, str, Callable[[int], str]]]:
    """The shapes, each with the name of a file of its kind."""
    shapes = [(name, "page.html", make) for name, make in PAGES.items()]
    for name, make in SHAPES.items():
        shapes.append((name, "case.ts" if name in ("casts", "decorators") else "case.js", make))
    for name, path, make in shapes:
        if not names or any(part in name for part in names):
            yield name, path, make


def over_budget(cost: Cost, size: int) -> bool:
    """Did it cost more than the budget of a file of that size?"""
    seconds = SECONDS + SECONDS_PER_MEGABYTE * size / MEGABYTE
    return cost.seconds > LOOSE * seconds or cost.memory > LOOSE * (MEMORY + MEMORY_PER_BYTE * size)


def measured(path: str, data: bytes) -> Cost:
    """Read a file in a process of its own, which is forked so that nothing else is counted."""
    context = multiprocessing.get_context("fork")
    near, far = context.Pipe()
    child = context.Process(target=_read, args=(path, data, far))
    child.start()
    far.close()
    try:
        cost: Cost = near.recv()
    except EOFError:
        cost = Cost(0.0, sys.maxsize, f"died with {child.exitcode}")
    child.join()
    return cost


def _read(path: str, data: bytes, answer: Connection) -> None:
    vocabulary = load().vocabulary
    parse(Source("warm.js", PIXEL.encode()), vocabulary)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = process_time()
    found = parse(Source(path, data), vocabulary)
    seconds = process_time() - begun
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    answer.send(Cost(seconds, memory, f"{len(found.facts)} facts; {_reasons(found.skips)}"))


def _reasons(skips: tuple[Skip, ...]) -> str:
    return "; ".join(dict.fromkeys(skip.reason for skip in skips))[:110]


if __name__ == "__main__":
    main()
