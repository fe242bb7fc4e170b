"""How long does it take to read a hundred containers of sixty tags, beside json.load of the files?

Makes the containers, reads them in turns with the standard decoder so that the machine's moods
reach both, and prints medians and the ratio. It judges nothing: read the ratio, seconds belong to
one machine. Run it in the project's folder, in an environment that has trackerlint's packages:
`python -m benchmarks.containers`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from statistics import median
from time import perf_counter
from typing import Any

from analyzer import signatures
from analyzer.gtm import looks_like_container, read_container
from analyzer.model import Container, Source

PIXEL = """<script>
!function(f,b,e,v,n,t,s){{if(f.fbq)return;n=f.fbq=function(){{n.callMethod?
n.callMethod.apply(n,arguments):n.queue.push(arguments)}};t=b.createElement(e);t.async=!0;
t.src=v;s=b.getElementsByTagName(e)[0];s.parentNode.insertBefore(t,s)}}
(window,document,'script','https://connect.facebook.net/en_US/fbevents.js');
fbq('init', '{pixel}', {{em: '{{{{Mail}}}}'}});
fbq('track', 'Lead', {{content_name: '{{{{Page Title}}}}'}});
</script>
<noscript><img src="https://www.facebook.com/tr?id={pixel}&ev=PageView&noscript=1"></noscript>
"""


def main() -> None:
    """Read the arguments, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--containers", type=int, default=100)
    parser.add_argument("--tags", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    chance = random.Random(7)
    files = [
        json.dumps(container(chance, number, given.tags), indent=4).encode()
        for number in range(given.containers)
    ]
    vocabulary = signatures.load().vocabulary
    decoding: list[float] = []
    reading: list[float] = []
    tags = 0
    for _ in range(given.rounds):
        started = perf_counter()
        for data in files:
            json.loads(data)
        decoding.append(perf_counter() - started)
        started = perf_counter()
        tags = 0
        for data in files:
            assert looks_like_container(data)
            found = read_container(Source("export.json", data), vocabulary)
            tags += sum(len(each.tags) for each in found.facts if isinstance(each, Container))
        reading.append(perf_counter() - started)
    size = sum(map(len, files)) / 1e6
    print(f"{len(files)} containers, {tags} tags, {size:.1f} MB")
    print(f"json.loads  {median(decoding):8.3f} s")
    print(f"containers  {median(reading):8.3f} s  {median(reading) / median(decoding):6.1f} times")


def container(chance: random.Random, number: int, tags: int) -> dict[str, Any]:
    """A container as people have them: events, custom HTML, conversions, tables, paths."""
    return {
        "exportFormatVersion": 2,
        "exportTime": "2026-01-01 10:00:00",
        "containerVersion": {
            "containerId": str(number),
            "container": {"publicId": f"GTM-B{number:06}", "usageContext": ["WEB"]},
            "tag": [tag(chance, each) for each in range(tags)],
            "trigger": [trigger(each) for each in range(1, 31)],
            "variable": variables(),
            "builtInVariable": [{"type": "PAGE_PATH", "name": "Page Path"}],
        },
    }


def tag(chance: random.Random, number: int) -> dict[str, Any]:
    """One tag: most send an event, every fourth is custom HTML."""
    fires = chance.sample([str(each) for each in range(1, 31)], 2)
    base = {"tagId": str(number), "name": f"tag {number}", "firingTriggerId": fires}
    if number % 4 == 0:
        html = PIXEL.format(pixel=chance.randrange(10**14, 10**15))
        return {**base, "type": "html", "parameter": [setting("html", html)]}
    if number % 7 == 0:
        given = [setting("conversionId", "123456789"), setting("conversionLabel", f"l{number}")]
        return {**base, "type": "awct", "parameter": given}
    rows = [row("parameter", name, "parameterValue", "{{Mail}}") for name in ("a", "b", "c")]
    given = [
        setting("measurementIdOverride", "{{Property}}"),
        setting("eventName", f"event_{number}"),
        {"type": "LIST", "key": "eventSettingsTable", "list": rows},
    ]
    return {**base, "type": "gaawe", "parameter": given}


def trigger(number: int) -> dict[str, Any]:
    """Page views under a path, clicks and custom events in turns."""
    kind = ("PAGEVIEW", "LINK_CLICK", "CUSTOM_EVENT")[number % 3]
    base = {"triggerId": str(number), "name": f"trigger {number}", "type": kind}
    if kind == "CUSTOM_EVENT":
        return {**base, "customEventFilter": [asks("EQUALS", "{{_event}}", f"event_{number}")]}
    return {
        **base,
        "filter": [
            asks("STARTS_WITH", "{{Page Path}}", f"/ward-{number}"),
            asks("MATCH_REGEX", "{{Page Path}}", f"(book|visit)/{number}"),
        ],
    }


def variables() -> list[dict[str, Any]]:
    """A constant, a data-layer key, and a table that asks for the host."""
    rows = [row("key", f"site{each}.example", "value", f"G-SITE{each}") for each in range(6)]
    return [
        {"name": "Mail", "type": "v", "parameter": [setting("name", "patient.email")]},
        {"name": "Host", "type": "u", "parameter": [setting("component", "HOST")]},
        {
            "name": "Property",
            "type": "smm",
            "parameter": [
                setting("input", "{{Host}}"),
                {"type": "LIST", "key": "map", "list": rows},
            ],
        },
    ]


def setting(key: str, value: str) -> dict[str, Any]:
    """A parameter of a plain text."""
    return {"type": "TEMPLATE", "key": key, "value": value}


def row(*cells: str) -> dict[str, Any]:
    """A row of a table: names and values by turns."""
    pairs: Sequence[tuple[str, str]] = list(zip(cells[::2], cells[1::2], strict=True))
    return {"type": "MAP", "map": [setting(key, value) for key, value in pairs]}


def asks(kind: str, left: str, right: str) -> dict[str, Any]:
    """One condition of a trigger."""
    return {"type": kind, "parameter": [setting("arg0", left), setting("arg1", right)]}


if __name__ == "__main__":
    main()
