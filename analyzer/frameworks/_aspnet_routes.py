"""Addresses of ASP.NET: attribute routes, conventional patterns, and the paths of Razor Pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analyzer.frameworks import joined

PARAMETER = re.compile(r"\{(?P<all>\**)(?P<name>\w+)(?P<rest>[^{}]*)\}")
TOKEN = re.compile(r"\[(controller|action|area)\]", re.I)
USUAL = "{controller=Home}/{action=Index}/{id?}"
MOST_OPTIONAL = 3  # parts at the end that may be missing, each of which makes another address


def attribute_routes(
    prefixes: Sequence[str], own: Sequence[str], names: dict[str, str]
) -> Iterator[str]:
    """The addresses that attributes state: the action's own ones behind those of its controller."""
    written: list[str] = []
    for route in own or ("",):
        if route.startswith(("/", "~/")) or not prefixes:
            written.append(route.removeprefix("~"))
        else:
            written.extend(f"{prefix.removeprefix('~')}/{route}" for prefix in prefixes)
    for route in written:
        yield from addresses(TOKEN.sub(lambda found: names.get(found[1].lower(), "*"), route))


def conventional_routes(patterns: Sequence[str], names: dict[str, str]) -> Iterator[str]:
    """The addresses by pattern, without what stands for its default."""
    area = names.get("area", "")
    fitting = [each for each in patterns if ("{area" in each) == bool(area)]
    for pattern in fitting[:1] or ["{area}/" + USUAL if area else USUAL]:
        segments: list[str] = []
        needed = 0
        for segment in pattern.strip("/").split("/"):
            found = PARAMETER.fullmatch(segment)
            if found is None:
                segments.append(PARAMETER.sub("*", segment))
                needed = len(segments)
                continue
            name, rest = found["name"].lower(), found["rest"]
            value = names.get(name, "")
            default = rest.partition("=")[2].partition(":")[0] if "=" in rest else ""
            if not value and (rest.endswith("?") or default or found["all"]):
                break
            segments.append(value or "*")
            if not value or value.lower() != default.lower():
                needed = len(segments)
        yield joined(*segments[:needed])


def addresses(route: str) -> Iterator[str]:
    """An address with `*` for what varies; without its optional end, and with it."""
    segments = [each for each in route.strip("/").split("/") if each]
    shortest = len(segments)
    while shortest and len(segments) - shortest < MOST_OPTIONAL:
        found = PARAMETER.fullmatch(segments[shortest - 1])
        if found is None or not (
            found["rest"].endswith("?") or "=" in found["rest"] or found["all"]
        ):
            break
        shortest -= 1
    told = [
        PARAMETER.sub(lambda found: "**" if found["all"] else "*", segment) for segment in segments
    ]
    for length in range(shortest, len(segments) + 1):
        yield joined(*told[:length])


def page_routes(path: str, written: str) -> Iterator[str]:
    """The addresses of a Razor Page: by its path below Pages, and what its directive adds."""
    before, _, below = f"/{path}".partition("/Pages/")
    stem = below.rpartition(".")[0]
    name = stem.removesuffix("Index").rstrip("/") if stem.endswith("Index") else stem
    area = before.partition("/Areas/")[2]
    if written.startswith(("/", "~/")):
        yield from addresses(written.removeprefix("~"))
    else:
        yield from addresses("/".join(part for part in (area, name, written) if part))
