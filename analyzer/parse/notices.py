"""A privacy notice as a person reads it: its heading and its text.

It takes the page as Beautiful Soup has read it, when the page is done with otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyzer.model import Notice, Place, Region, Source

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

LONGEST_TEXT = 400_000  # characters of a notice that are kept
TITLE_LIMIT = 120
# What the name or a heading of a notice, and of the parts it is made of, has to do with.
ABOUT = re.compile(r"privac|cookie|hipaa|data[-_ ]?protection|(?:^|[/_-])npp(?:[./_-]|$)", re.I)
SILENT = "script, style, noscript, template, svg, head, nav, iframe"
FRONT_TITLE = re.compile(r"""\A(?:---|\+\+\+)\s*\n(?:.*\n){0,60}?title\s*[:=]\s*["']?([^\n"']+)""")
MARKDOWN_TITLE = re.compile(r"^#{1,2}[ \t]+(.+)$|^(.+)\n(?:={3,}|-{3,})[ \t]*$", re.M)


def notice_in(source: Source, soup: BeautifulSoup) -> Iterator[Notice]:
    """The text of a page whose name or heading is about privacy; the soup is used up by it."""
    written = _written_title(source)
    headings = [element.get_text(" ") for element in soup.select("title, h1, h2")[:10]]
    if not any(ABOUT.search(each) for each in (source.path, written[0], *headings)):
        return
    title, line = written
    if (heading := soup.select_one("h1") or soup.select_one("h2")) is not None or not title:
        heading = heading or soup.select_one("title")
        title = " ".join(heading.get_text(" ").split()) if heading else ""
        line = (heading.sourceline if heading else 1) or 1
    for element in soup.select(SILENT):
        element.decompose()
    text = " ".join(soup.get_text(" ").split())[:LONGEST_TEXT]
    place = Place(source.path, Region(line, 1, line, 1, (1, 1)), title[:TITLE_LIMIT])
    yield Notice(place=place, title=title[:TITLE_LIMIT], text=text)


def _written_title(source: Source) -> tuple[str, int]:
    """The title of a text in Markdown, or of the settings above it, and its line."""
    if not source.path.lower().endswith((".md", ".markdown", ".mdx", ".html", ".njk", ".liquid")):
        return "", 1
    start = source.data[:20_000].decode("utf-8", "replace")
    found = FRONT_TITLE.match(start)
    if found is None and source.path.lower().endswith((".md", ".markdown", ".mdx")):
        found = MARKDOWN_TITLE.search(start)
    if found is None:
        return "", 1
    title = next(each for each in found.groups() if each)
    return title.strip(), start.count("\n", 0, found.start(found.lastindex or 0)) + 1
