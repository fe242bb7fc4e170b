"""The report as one web page for those who own the tags and the contracts."""

from __future__ import annotations

from typing import TextIO

from analyzer.model import Report

SUFFIX = ".html"


def write(report: Report, out: TextIO) -> None:
    # Here and not above: a run that writes other formats need not load a template engine.
    from analyzer.outputs._html_page import page

    for piece in page(report):
        out.write(piece)
