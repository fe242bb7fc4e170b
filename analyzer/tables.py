"""Rows for people and programs: aligned text, JSON, CSV or a Markdown table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

Row = Sequence[str]


def written(head: Row, rows: Sequence[Row], form: str) -> str:
    """The rows in one of the forms text, json, csv and markdown; text goes without the head."""
    if form == "json":
        named = [dict(zip(head, row, strict=True)) for row in rows]
        return json.dumps(named, indent=2, ensure_ascii=False) + "\n"
    if form == "csv":
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([head, *rows])
        return out.getvalue()
    if form == "markdown":
        lines = [head, tuple("---" for _ in head), *rows]
        return "".join(
            "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines
        )
    return aligned(rows)


def aligned(rows: Sequence[Row]) -> str:
    """The rows as columns, the last one as long as it likes."""
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]
    return "".join(line.rstrip() + "\n" for line in lines)
