"""A website that never was, the same every time: templates, scripts, bundles, exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

SHARE_WITH_TRACKER = 0.02  # of templates and scripts, about what real repositories have
FILES_PER_BUNDLE = 40
FILES_PER_EXPORT = 500
BUNDLE_STATEMENTS = 2_500  # about 180 KB

SNIPPETS = (
    'fbq("init", "702200300400511"); fbq("track", "PageView");',
    'gtag("config", "G-CL1N1C7Q26"); gtag("event", "page_view");',
    'ttq.load("CL1N1C7T0K2026ABC7Q0"); ttq.page();',
    'mixpanel.init("00c11n1c00c11n1c00c11n1c00c11n1c"); mixpanel.track("Booked");',
    '_kmq.push(["record", "Viewed"]);',
    'twq("config", "cl1n1");',
)
WORDS = (
    "patient",
    "visit",
    "report",
    "doctor",
    "calendar",
    "letter",
    "ward",
    "therapy",
    "form",
    "list",
    "detail",
    "archive",
    "message",
    "invoice",
    "search",
    "profile",
    "team",
    "news",
)


def build(folder: Path, files: int, seed: int = 7) -> int:
    """Writes about `files` files into the folder and returns how many bytes they hold."""
    random = Random(seed)
    size = 0
    for name, text in tree(files, random):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_bytes(text.encode())
    return size


def tree(files: int, random: Random) -> Iterator[tuple[str, str]]:
    yield "templates/base.html", layout()
    for number in range(files):
        snippet = random.choice(SNIPPETS) if random.random() < SHARE_WITH_TRACKER else ""
        section = random.choice(WORDS)
        if number % FILES_PER_EXPORT == FILES_PER_EXPORT - 1:
            yield f"gtm/container-{number}.json", export(number)
        elif number % FILES_PER_BUNDLE == FILES_PER_BUNDLE - 1:
            yield f"static/bundles/{section}-{number}.min.js", bundle(snippet, random)
        elif number % 4 == 3:
            yield f"static/js/{section}/{number}.js", script(snippet, random)
        else:
            yield f"templates/{section}/{number}.html", template(number, snippet, random)


def layout() -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n'
        "<title>{% block title %}{% endblock %}</title>\n"
        '<script src="/static/js/site.js"></script>\n</head>\n'
        "<body>{% block content %}{% endblock %}</body>\n</html>\n"
    )


def template(number: int, snippet: str, random: Random) -> str:
    rows = "\n".join(
        f'  <li class="{word}"><a href="/{word}/{number}">{{{{ {word}.title }}}}</a></li>'
        for word in random.choices(WORDS, k=30)
    )
    code = f"<script>{snippet}</script>\n" if snippet else ""
    return (
        '{% extends "base.html" %}\n{% block content %}\n'
        f"<h1>Page {number}</h1>\n<ul>\n{rows}\n</ul>\n{code}{{% endblock %}}\n"
    )


def script(snippet: str, random: Random) -> str:
    lines = "".join(f"  {statement(random)}\n" for _ in range(60))
    return f"export function start(root) {{\n{lines}  {snippet}\n}}\n"


def bundle(snippet: str, random: Random) -> str:
    half = BUNDLE_STATEMENTS // 2
    before = "".join(statement(random) for _ in range(half))
    after = "".join(statement(random) for _ in range(half))
    return f"!function(){{{before}{snippet}{after}}}();\n"


def statement(random: Random) -> str:
    word, other = random.choices(WORDS, k=2)
    number = random.randrange(1000)
    return f'var {word}{number}=root.query("{other}",{{{word}:{number}}}).{other}||[];'


def export(number: int) -> str:
    """A container with forty tags, as the export of a user interface writes it."""
    tags = [
        {
            "accountId": "6000000001",
            "containerId": str(number),
            "tagId": str(each),
            "name": f"Event {each}",
            "type": "gaawe",
            "parameter": [
                {"type": "TEMPLATE", "key": "eventName", "value": f"step_{each}"},
                {"type": "TEMPLATE", "key": "measurementIdOverride", "value": "G-CL1N1C7Q26"},
            ],
            "firingTriggerId": ["2147479553"],
            "tagFiringOption": "ONCE_PER_EVENT",
        }
        for each in range(40)
    ]
    container = {"publicId": f"GTM-CL{number:05}", "usageContext": ["WEB"]}
    version = {"container": container, "tag": tags}
    return json.dumps({"exportFormatVersion": 2, "containerVersion": version}, indent=4)
