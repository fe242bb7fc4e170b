"""The inventory as a spreadsheet to fill in: trackers, what the words mean, and what is not known.

The same report makes the same bytes: the file tells no time of its own.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from analyzer.model import Report
from analyzer.outputs._cells import Cell, acts, text_of
from analyzer.outputs._columns import COLUMNS, DECIDED, DECISION, KEY, Column, Decision
from analyzer.outputs._inventory import rows
from analyzer.outputs._inventory_sheets import Sheet, beside

SUFFIX = ".xlsx"
BINARY = True

INVENTORY = "Inventory"
LINE = 15.0  # points
MOST_LINES = 12  # that a row shows; the rest is there, and seen in the cell itself
DAY = "yyyy-mm-dd"
FIRST_DAY = datetime(2020, 1, 1)  # stands in every file, whenever it is written
FIRST_TIME = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
SPARE_ROWS = 200  # below the last row, for those who add some


def write(report: Report, out: BinaryIO) -> None:
    from openpyxl import Workbook  # here: a scan that writes no spreadsheet need not load it

    book = Workbook(write_only=True)
    book.properties.creator = f"trackerlint {report.version}"
    book.properties.created = FIRST_DAY
    table = _Table(book, INVENTORY, COLUMNS)
    table.put(rows(report))
    table.ask_for_decisions()
    for sheet in beside(report):
        _Table(book, sheet.title, sheet.columns).put(_lines(sheet))
    made = io.BytesIO()
    book.save(made)
    _without_times(made, out)


def _lines(sheet: Sheet) -> Iterator[tuple[Cell, ...]]:
    yield from sheet.rows


class _Table:
    """One sheet: a frozen heading with filters, and wrapped cells below it."""

    def __init__(self, book: Any, title: str, columns: Sequence[Column]) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        self.sheet: Any = book.create_sheet(title)  # its published types leave out half of it
        self.columns = columns
        self.number = 1
        self.letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
        self.bold = Font(bold=True)
        self.wrapped = Alignment(wrap_text=True, vertical="top")
        self.fills = {
            "heading": PatternFill("solid", fgColor="DDE3EA"),
            "decided": PatternFill("solid", fgColor="FFF4CC"),
        }
        # A sheet that is written row by row has to know these before its first row.
        self.sheet.freeze_panes = "B2"
        for letter, column in zip(self.letters, columns, strict=True):
            self.sheet.column_dimensions[letter].width = column.width
            self.sheet.column_dimensions[letter].hidden = column.name == KEY

    def put(self, lines: Iterable[Sequence[Cell]]) -> None:
        self.sheet.append([self._heading(column) for column in self.columns])
        for line in lines:
            self.number += 1
            self.sheet.row_dimensions[self.number].height = LINE * self._height(line)
            self.sheet.append(
                [self._cell(column, cell) for column, cell in zip(self.columns, line, strict=True)]
            )
        self.sheet.auto_filter.ref = f"A1:{self.letters[-1]}{self.number}"

    def ask_for_decisions(self) -> None:
        """Let the cells of decisions offer their words, and days ask for a day."""
        from openpyxl.worksheet.datavalidation import DataValidation

        last = self.number + SPARE_ROWS
        words = DataValidation(
            "list", formula1=f'"{",".join(Decision)}"', allow_blank=True, showErrorMessage=True
        )
        words.errorTitle, words.error = DECISION, f"Choose one of: {', '.join(Decision)}."
        days = DataValidation(
            "date",
            operator="greaterThan",
            formula1="36526",  # the year 2000
            allow_blank=True,
            showErrorMessage=True,
        )
        days.errorTitle, days.error = "Day", "Write a day, such as 2027-01-31."
        for letter, column in zip(self.letters, self.columns, strict=True):
            if column.name == DECISION:
                words.add(f"{letter}2:{letter}{last}")
            elif column.day and column.name in DECIDED:
                days.add(f"{letter}2:{letter}{last}")
        self.sheet.data_validations.append(words)
        self.sheet.data_validations.append(days)

    def _heading(self, column: Column) -> Any:
        cell = self._text(column.name)
        cell.font = self.bold
        cell.fill = self.fills["decided" if column.name in DECIDED else "heading"]
        return cell

    def _cell(self, column: Column, value: Cell) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool)):
            cell: Any = WriteOnlyCell(self.sheet)
            cell.value = value
            cell.alignment = self.wrapped
        else:
            cell = self._text(text_of(value, "\n"))
        if column.day:
            cell.number_format = DAY
        return cell

    def _text(self, text: str) -> Any:
        """Text that stays text, also where it begins like a formula."""
        from openpyxl.cell import WriteOnlyCell

        cell: Any = WriteOnlyCell(self.sheet, text or None)
        if text:
            cell.data_type = "s"  # setting the value made a formula of what looks like one
        if acts(text):
            cell.quotePrefix = True
        cell.alignment = self.wrapped
        return cell

    def _height(self, line: Sequence[Cell]) -> int:
        """How many lines the fullest cell needs, within reason."""
        needed = 1
        for column, cell in zip(self.columns, line, strict=True):
            if column.name != KEY:
                parts = text_of(cell, "\n").split("\n")
                needed = max(
                    needed, sum(math.ceil(len(part) / column.width) or 1 for part in parts)
                )
        return min(needed, MOST_LINES)


def _without_times(made: io.BytesIO, out: BinaryIO) -> None:
    """The same archive with one fixed time in it instead of now."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(made) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            data = before.read(entry)
            if entry.filename == "docProps/core.xml":
                data = MODIFIED.sub(rb"\g<1>" + FIRST_DAY.isoformat().encode() + b"Z", data)
            plain = zipfile.ZipInfo(entry.filename, FIRST_TIME)
            plain.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(plain, data)
    out.write(packed.getvalue())
