"""How linking grows with a site: many templates under a few layouts, read and linked apart.

    python -m benchmarks.linking [TEMPLATES ...]

Prints for each size what reading the files and what linking them took, their ratio, and the peak
of memory while linking: linking should grow with the number of links, not with the files' sizes.
"""

from __future__ import annotations

import sys
import time
import tracemalloc

from analyzer import signatures
from analyzer.link.site import build
from analyzer.match import Matcher
from analyzer.model import Fact, Parsed, Source
from analyzer.parse.files import parse

BASE = """<!doctype html><html><head>{% block analytics %}
<script>fbq('init', '702200300400511'); fbq('track', 'PageView');</script>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-CL1N1C7Q26"></script>
<script>gtag('config', 'G-CL1N1C7Q26');</script>{% endblock %}</head>
<body>{% include "parts/header.html" %}{% block content %}{% endblock %}</body></html>
"""


def site_of(size: int) -> dict[str, str]:
    """A site with so many templates: one base, a layout a section, partials that pages share."""
    files = {"templates/base.html": BASE, "templates/parts/header.html": "<nav>Clinic</nav>"}
    sections = max(1, size // 200)
    for number in range(sections):
        files[f"templates/s{number}/layout.html"] = (
            '{% extends "base.html" %}{% block content %}'
            "{% if user.is_authenticated %}{% include 'parts/header.html' %}{% endif %}"
            "{% block page %}{% endblock %}{% endblock %}"
        )
        files[f"templates/parts/p{number}.html"] = "<script>gtag('event', 'seen');</script>"
    for number in range(size):
        section = number % sections
        text = f'{{% extends "s{section}/layout.html" %}}{{% block page %}}<h1>Page {number}</h1>'
        text += f"{{% include 'parts/p{number % sections}.html' %}}{{% endblock %}}"
        if number % 10 == 0:
            text += "{% block analytics %}{% endblock %}"
        files[f"templates/s{section}/page{number}.html"] = text + "<p>text</p>" * 40
    return files


def measured(size: int) -> str:
    """One line about one size."""
    loaded = signatures.load()
    start = time.perf_counter()
    parsed: list[Parsed] = [
        parse(Source(path, text.encode()), loaded.vocabulary)
        for path, text in site_of(size).items()
    ]
    middle = time.perf_counter()
    nothing: dict[str, tuple[Fact, ...]] = {}
    site = build(parsed, Matcher(loaded), lambda names: nothing)
    end = time.perf_counter()
    tracemalloc.start()
    build(parsed, Matcher(loaded), lambda names: nothing)
    peak = tracemalloc.get_traced_memory()[1] / 1_000_000
    tracemalloc.stop()
    fires = sum(len(tracker.fires) for tracker in site.trackers)
    return (
        f"{size:>7} templates  read {middle - start:6.2f} s  link {end - middle:6.2f} s  "
        f"ratio {(end - middle) / (middle - start):4.2f}  peak {peak:6.0f} MB  "
        f"{len(site.pages)} pages, {fires} times a tracker on a page"
    )


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ["2000", "10000", "40000"]:
        print(measured(int(wanted)), flush=True)
