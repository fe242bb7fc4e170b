"""Cells of a table that a spreadsheet opens: text stays text, whatever a scanned file says."""

from __future__ import annotations

import re
from datetime import date
from typing import TypeAlias

from analyzer.outputs import _words

Cell: TypeAlias = "str | int | date | tuple[str, ...]"

MOST = 32_767  # characters that a cell of a spreadsheet holds, counted as it counts them
CUT = "… (cut)"
NO_XML = re.compile("[\ufffe\uffff]")
ACTS = tuple("=+-@\t\r\n")  # what a spreadsheet takes for the beginning of a formula
GUARD = "'"


def text_of(cell: Cell, between: str) -> str:
    """The cell as text; `between` parts the items of a list."""
    match cell:
        case date():
            return cell.isoformat()
        case tuple():
            return shortened(NO_XML.sub("\ufffd", between.join(map(_words.name, cell))))
        case str():
            return shortened(NO_XML.sub("\ufffd", _words.name(cell)))
    return str(cell)


def shortened(text: str) -> str:
    """The text with a mark at its end where it is too long for a cell."""
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * MOST:
        return text
    return units[: 2 * (MOST - len(CUT))].decode("utf-16-le", "ignore") + CUT


def acts(text: str) -> bool:
    """Would a spreadsheet take the text for a formula?"""
    return text.startswith(ACTS)


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula."""
    return GUARD + text if acts(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text.startswith(GUARD) and acts(text[1:]) else text
