"""The inventory as CSV: one row for each snippet and each tag, for spreadsheets and scripts.

It begins with a byte order mark, without which spreadsheets misread letters beyond ASCII, and what
a spreadsheet would take for a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
from typing import TextIO

from analyzer.model import Report
from analyzer.outputs._cells import guarded, text_of
from analyzer.outputs._columns import NAMES
from analyzer.outputs._inventory import rows

SUFFIX = ".csv"
MARK = "\ufeff"
BETWEEN = "; "


def write(report: Report, out: TextIO) -> None:
    out.write(MARK)
    table = csv.writer(out, lineterminator="\n")
    table.writerow(NAMES)
    for row in rows(report):
        table.writerow(guarded(text_of(cell, BETWEEN)) for cell in row)
