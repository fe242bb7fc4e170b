"""Reads the inventory as people bring it back: sorted, filtered, saved by another program."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analyzer.model import UserError
from analyzer.outputs._cells import unguarded
from analyzer.outputs._columns import DAYS, DECIDED, DECISION, KEY, mark

LARGEST = 50_000_000  # bytes of a file
UNPACKED = 500_000_000  # bytes of what a spreadsheet unpacks to
HEAD_WITHIN = 20  # rows in which the headings may stand
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
WHOLE_KEY = re.compile(r"(?P<key>[0-9a-f]{16})-(?P<mark>[0-9a-f]{8})")
MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(:00(\.0+)?)?")
SERIAL = re.compile(r"[1-9]\d{4}")  # a day as spreadsheets count them, from 1927 to 2173

Table = Iterator[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row with something in it: its number in the file, its key, and the cells of a decision
    as texts; days stand as 2027-01-31.
    """

    number: int
    key: str
    mark: str
    cells: Mapping[str, str]

    @property
    def is_as_written(self) -> bool:
        """Has nobody touched the decision since the inventory was written?"""
        return bool(self.mark) and mark(self.cells[name] for name in DECIDED) == self.mark

    def says(self, name: str) -> str:
        return self.cells[name]


def read(path: Path) -> list[Row]:
    """The rows of an inventory. Raises UserError for a file that is none."""
    data = _bytes(path)
    if data.startswith(ZIP):
        return _rows(path, _spreadsheet(path, data))
    if data.startswith(OLD_EXCEL):
        raise UserError(f"{path} is a spreadsheet of the old kind; save it as .xlsx or .csv")
    return _rows(path, _separated(path, data))


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UserError(f"{path} is a folder; name the inventory, an .xlsx or .csv file")
        if path.stat().st_size > LARGEST:
            raise UserError(f"{path} is larger than an inventory can be; is it the right file?")
        return path.read_bytes()
    except OSError as trouble:
        raise UserError(
            f"{path} cannot be read ({trouble.strerror or trouble}); check the name"
        ) from None


# ---------------------------------------------------------------- the two kinds of file


def _spreadsheet(path: Path, data: bytes) -> Table:
    """The rows of the sheet that has the headings."""
    from openpyxl import load_workbook  # here: those who bring a CSV file need not load it

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(each.file_size for each in packed.infolist()) > UNPACKED:
                raise UserError(f"{path} unpacks to more than an inventory can hold")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts that are not read, such as colours
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
    except UserError:
        raise
    except Exception:  # the reader of spreadsheets fails in many ways on files that are none
        raise UserError(
            f"{path} is no spreadsheet that can be read; save it again as .xlsx or .csv"
        ) from None
    chosen = next((rows for rows in sheets if _head(rows) is not None), [])
    return iter(chosen)


def _separated(path: Path, data: bytes) -> Table:
    text = _decoded(data)
    if "\0" in text:
        raise UserError(f"{path} is no inventory; give the .xlsx or .csv file that a scan wrote")
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as trouble:
        raise UserError(f"{path} is no CSV file that can be read ({trouble})") from None
    return iter([[unguarded(cell) for cell in row] for row in rows])


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # what spreadsheets write where nobody asks for UTF-8
        return data.decode("cp1252", "replace")


# ---------------------------------------------------------------- rows


def _rows(path: Path, table: Table) -> list[Row]:
    lines = list(table)
    start = _head(lines)
    if start is None:
        raise UserError(
            f'{path} has no columns "{DECISION}" and "{KEY}"; give the .xlsx or .csv file that '
            "trackerlint scan -o wrote"
        )
    columns = {_plain(cell): number for number, cell in reversed(list(enumerate(lines[start])))}
    missing = [name for name in DECIDED if name.lower() not in columns]
    if missing:
        raise UserError(
            f'{path} has no column "{missing[0]}" any more; put the heading back as it was'
        )
    found = []
    for number, line in enumerate(lines[start + 1 :], start + 2):
        cells = {name: _cell(line, columns[name.lower()], name) for name in DECIDED}
        whole = _text(_at(line, columns[KEY.lower()]))
        if not whole and not any(cells.values()):
            continue
        match = WHOLE_KEY.fullmatch(whole.lower())
        key, written = (match["key"], match["mark"]) if match else (whole, "")
        found.append(Row(number, key if match else "", written, cells))
    return found


def _head(lines: Sequence[Sequence[Any]]) -> int | None:
    """The number of the line with the headings, from 0."""
    for number, line in enumerate(lines[:HEAD_WITHIN]):
        names = {_plain(cell) for cell in line}
        if {KEY.lower(), DECISION.lower()} <= names:
            return number
    return None


def _plain(cell: Any) -> str:
    return _text(cell).lower()


def _at(line: Sequence[Any], column: int) -> Any:
    return line[column] if column < len(line) else None


def _cell(line: Sequence[Any], column: int, name: str) -> str:
    text = _text(_at(line, column))
    if name not in DAYS:
        return text
    if match := MIDNIGHT.fullmatch(text):
        return match[1]
    if SERIAL.fullmatch(text):  # a day whose cell was turned into a number
        from openpyxl.utils.datetime import from_excel

        day = from_excel(int(text))
        return day.date().isoformat() if isinstance(day, datetime) else text
    return text


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat() if value.time() == value.time().min else str(value)
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return " ".join(str(value).split())
