"""The inventory as spreadsheet and CSV: every tracker in a row, and nothing in it acts."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openpyxl import load_workbook

from analyzer.commands._writing import output_of
from analyzer.model import History, Report, Role, Site, State, UserError, keys_of
from analyzer.outputs import csv as csv_output
from analyzer.outputs import xlsx
from analyzer.outputs._cells import CUT, MOST, guarded, shortened, text_of, unguarded
from analyzer.outputs._columns import COLUMNS, DECIDED, KEY, NAMES, Decision
from analyzer.outputs._inventory import rows
from analyzer.outputs._inventory_items import items
from tests.policies import SITE, scanned, with_policy
from tests.records import DATA, INIT, TAG_9, clinic, hostile, report, tracker

EVIL = ("=cmd|'/c calc'!A1", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1")


def book(report: Report) -> Any:
    out = io.BytesIO()
    xlsx.write(report, out)
    return load_workbook(io.BytesIO(out.getvalue()))


def csv_rows(report: Report) -> list[dict[str, str]]:
    out = io.StringIO()
    csv_output.write(report, out)
    text = out.getvalue()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def evil(words: str) -> Report:
    """A report whose tag is called something that a spreadsheet would run."""
    name = replace(TAG_9, tag_name=words)
    found = tracker("meta-pixel", Role.EVENT, INIT, ids=[words], tag=name, data=DATA)
    site = clinic().site
    return report(site=replace(site, trackers=(found,), containers=()))


# ---------------------------------------------------------------- what stands in it


def test_every_snippet_has_a_row_and_so_has_every_tag_without_a_vendor() -> None:
    whole = clinic()
    (container,) = whole.site.containers
    (tag,) = container.tags
    other = replace(tag, vendor=None, ids=(), tag=replace(tag.tag, tag_id="10", name="Own code"))
    both = replace(container, tags=(tag, other))
    found = csv_rows(replace(whole, site=replace(whole.site, containers=(both,))))
    assert len(found) == len(whole.site.snippets) + 1
    assert found[-1]["Vendor"] == "no known vendor (custom HTML)"
    assert "tag 'Own code'" in found[-1]["Where"]


def test_a_row_says_what_where_which_pages_and_which_data() -> None:
    booked = next(row for row in csv_rows(clinic()) if row["Where"] == "templates/book.html:8")
    assert booked["Company"] == "Meta Platforms"
    assert booked["Status"] == "runs"
    assert (booked["Pages, surely"], booked["Pages, maybe"]) == ("1", "0")
    assert booked["Sensitive pages by class"] == "Scheduling: templates/book.html"
    assert booked["Data"] == (
        "em from a hash of the form field #email (email); "
        "reason from the form field reason (health)"
    )
    assert booked["Findings"] == "health-data-sent (warning)"


def test_findings_of_a_snippet_are_counted_in_its_row_only(tmp_path: Path) -> None:
    found = scanned(_site(tmp_path))
    for item in items(found):
        assert item.findings
        assert {each.place.path for each in item.findings} == {item.place.path}


def test_the_policy_fills_the_decision_in(tmp_path: Path) -> None:
    policy = """
[[ignore]]
vendor = "meta-pixel"
paths = ["careers.html"]
reason = "No patient data there."
owner = "web"
until = 2027-01-31

[[agreements]]
vendor = "meta-pixel"
document = "BAA-1"
signed = 2026-02-01
expires = 2028-01-31
"""
    found = {row["Where"].partition(":")[0]: row for row in csv_rows(with_policy(tmp_path, policy))}
    careers, booking = found["careers.html"], found["book-appointment.html"]
    assert [careers[name] for name in DECIDED] == [
        *("web", "keep", "No patient data there.", "", "", "", "2027-01-31")
    ]
    assert [booking[name] for name in DECIDED] == [
        *("", "agreement signed", "", "BAA-1", "2026-02-01", "2028-01-31", "")
    ]
    assert booking["Agreement"] == "BAA-1, signed 2026-02-01, expires 2028-01-31"


def test_an_agreement_that_ended_is_no_decision(tmp_path: Path) -> None:
    policy = '[[agreements]]\nvendor = "meta-pixel"\ndocument = "B"\nexpires = 2026-01-31\n'
    row = csv_rows(with_policy(tmp_path, policy))[0]
    assert (row["Decision"], row["Agreement"]) == ("", "B, ended 2026-01-31")


def test_the_history_says_when_a_row_was_first_seen() -> None:
    whole = clinic()
    key = keys_of(whole.site)["meta-pixel:1234567890:templates/base.html"]
    history = History(first_seen={key: date(2026, 3, 1)})
    seen = {row[4]: row[20] for row in rows(replace(whole, history=history))}
    assert NAMES[20] == "First seen"
    assert seen["templates/base.html:5"] == date(2026, 3, 1)
    assert seen["templates/book.html:8"] == ""


def test_what_a_baseline_knows_is_left_out_where_only_news_are_wanted() -> None:
    whole = clinic()
    known = tuple(replace(each, state=State.KNOWN) for each in whole.findings)
    only = replace(whole, findings=known, telling=replace(whole.telling, new_only=True))
    assert {row["Findings"] for row in csv_rows(only)} == {""}


def test_a_key_survives_moved_lines_and_other_numbers() -> None:
    site = clinic().site
    before = keys_of(site)
    moved = tuple(
        replace(
            each,
            detection=replace(
                each.detection,
                place=replace(each.place, region=replace(each.place.region, line=99)),
                tag=replace(each.detection.tag, tag_id="77") if each.detection.tag else None,
            ),
        )
        for each in site.trackers
    )
    assert sorted(keys_of(replace(site, trackers=moved)).values()) == sorted(before.values())
    assert len(set(before.values())) == len(before)


# ---------------------------------------------------------------- nothing acts


@pytest.mark.parametrize("words", EVIL)
def test_a_formula_in_a_name_stays_text(words: str) -> None:
    sheet = book(evil(words))["Inventory"]
    shown = " ".join(words.split("\n")) if words.startswith("\n") else words
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    for cell in cells:
        if isinstance(cell.value, str) and cell.value.startswith(tuple("=+-@")):
            assert cell.quotePrefix
    found = csv_rows(evil(words))[0]
    assert not [cell for cell in found.values() if cell.startswith(tuple("=+-@\t\r\n"))]
    if shown[0] in "=+-@":
        assert found["Account id"] == f"'{words}"


def test_the_apostrophe_goes_on_the_way_back() -> None:
    for words in (*EVIL, "plain", "'quoted'", ""):
        assert unguarded(guarded(words)) == words


def test_signs_that_no_spreadsheet_can_hold_are_replaced() -> None:
    found = book(evil("a\x00b\x0bc\ud800d\uffffe\u202ef"))["Inventory"]
    assert found["D2"].value == "a�b�c�d�e�f"


def test_a_cell_is_cut_with_a_mark_as_spreadsheets_count() -> None:
    assert shortened("x" * MOST) == "x" * MOST
    for sign in ("x", "😀"):
        cut = shortened(sign * (MOST + 1))
        assert cut.endswith(CUT)
        assert len(cut.encode("utf-16-le")) // 2 <= MOST
    assert text_of(("a" * 20_000, "b" * 20_000), "\n").endswith(CUT)


def test_hostile_words_make_a_file_that_opens() -> None:
    out = io.BytesIO()
    xlsx.write(hostile(), out)
    assert load_workbook(out).sheetnames[0] == "Inventory"


# ---------------------------------------------------------------- the spreadsheet


def test_the_headings_are_frozen_and_filter_every_row() -> None:
    sheet = book(clinic())["Inventory"]
    assert [cell.value for cell in sheet[1]] == list(NAMES)
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:AC{sheet.max_row}"
    assert sheet.column_dimensions["AC"].hidden
    assert sheet["A2"].alignment.wrap_text
    assert NAMES.index(KEY) == 28


def test_the_decision_offers_its_words_and_days_are_days() -> None:
    sheet = book(clinic())["Inventory"]
    words, days = sheet.data_validations.dataValidation
    assert words.formula1 == f'"{",".join(Decision)}"'
    assert str(words.sqref).startswith("W2:W")
    assert NAMES[22] == "Decision"
    assert days.type == "date"


def test_a_day_is_a_day_and_a_number_a_number(tmp_path: Path) -> None:
    policy = '[[agreements]]\nvendor = "meta-pixel"\ndocument = "B"\nexpires = 2028-01-31\n'
    sheet = book(with_policy(tmp_path, policy))["Inventory"]
    column = NAMES.index("Expires") + 1
    assert sheet.cell(2, column).value == datetime(2028, 1, 31)
    assert sheet.cell(2, column).number_format == "yyyy-mm-dd"
    assert sheet.cell(2, NAMES.index("Pages, surely") + 1).value == 1


def test_other_sheets_explain_the_words_and_say_what_is_not_known() -> None:
    whole = book(clinic())
    assert whole.sheetnames == [
        *("Inventory", "What it means", "Not read", "Unknown hosts", "Other third parties")
    ]
    means = {row[1]: row[2] for row in whole["What it means"].values}
    for column in COLUMNS:
        assert means[column.name] == column.about
    for word in (*Decision, "runs under a condition", "tracker-on-portal-page (error)"):
        assert means[str(word)]
    unread = list(whole["Not read"].values)
    assert ("a file that was not read", "dist/vendor.js", "over 20 MB") in unread
    assert any(row[2] == "GTM-UNSEEN" for row in unread)
    assert whole["Unknown hosts"]["A2"].value == "px.ads.example"
    assert whole["Other third parties"].max_row == 3


def test_the_same_report_makes_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    xlsx.write(clinic(), first)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    xlsx.write(clinic(), second)
    assert first.getvalue() == second.getvalue()
    with zipfile.ZipFile(first) as packed:
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_empty_report_makes_a_file_too() -> None:
    empty = book(report(site=Site({}, {}, ()), rules=()))
    assert empty["Inventory"].max_row == 1


# ---------------------------------------------------------------- bytes on their way out


def test_naming_the_spreadsheet_loads_nothing_heavy(root: Path) -> None:
    code = (
        "import sys; from analyzer.plugins import modules; modules('outputs'); "
        "print(sorted({'openpyxl', 'sqlite3'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
    )
    assert done.stdout.strip() == "[]"


def test_bytes_go_through_a_pipe(root: Path) -> None:
    command = [sys.executable, "-m", "analyzer", "scan", "fixtures/sites/clinic", "-q"]
    done = subprocess.run(
        [*command, "-o", "xlsx=-", "--exit-zero"], capture_output=True, check=True, cwd=root
    )
    assert "Inventory" in load_workbook(io.BytesIO(done.stdout)).sheetnames


def test_bytes_are_not_poured_into_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    with pytest.raises(UserError, match=r"name a file, as in -o report\.xlsx"):
        output_of("xlsx=-")
    assert output_of("csv=-").to_terminal


@pytest.mark.parametrize("output", [csv_output, xlsx])
def test_the_order_in_which_records_come_changes_nothing(output: ModuleType) -> None:
    before = clinic()
    site = before.site
    after = replace(
        before,
        findings=before.findings[::-1],
        site=replace(site, trackers=site.trackers[::-1], others=site.others[::-1]),
    )
    made = []
    for each in (before, after):
        out: Any = io.BytesIO() if output is xlsx else io.StringIO()
        output.write(each, out)
        made.append(out.getvalue())
    assert made[0] == made[1]


def _site(folder: Path) -> Path:
    for name, text in SITE.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
