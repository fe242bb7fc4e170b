"""The words for what a tag manager knows under names of its own."""

from __future__ import annotations

from collections.abc import Sequence

ELEMENTS = {  # what a tag manager calls a part of the page, and what people call it
    "click url": "the address of the link",
    "click text": "the text that is clicked",
    "click classes": "the class of what is clicked",
    "click id": "the id of what is clicked",
    "click element": "what is clicked",
    "click target": "the target of the link",
    "form id": "the id of the form",
    "form classes": "the class of the form",
    "form url": "the address that the form is sent to",
    "form text": "the text of the form",
    "form element": "the form",
    "form target": "the target of the form",
    "element": "what is clicked",
    "element url": "the address of what is clicked",
    "element text": "the text of what is clicked",
    "element classes": "the class of what is clicked",
    "element id": "the id of what is clicked",
    "element target": "the target of what is clicked",
    "scroll depth threshold": "how far the page is scrolled",
    "video title": "the title of the video",
    "video url": "the address of the video",
    "video percent": "how much of the video was played",
    "video status": "whether the video starts or ends",
    "video provider": "whose player the video has",
}
OF_PAGES = frozenset({"path", "url", "host", "query", "referrer"})


def joined(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in prose."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
