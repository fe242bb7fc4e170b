"""Decisions in the inventory become entries of the configuration, and nothing else does."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from analyzer.cli import main
from analyzer.decisions.reading import read
from analyzer.model import UserError
from analyzer.outputs._columns import NAMES
from tests.policies import SITE, lay, opens, scanned

KEEP = {"Decision": "keep", "Owner": "web@clinic.example", "Reason": "No patient data there."}
SIGNED = {"Decision": "agreement signed", "Owner": "privacy", "Document": "BAA-2026-014"}
CAREERS = "careers.html"
BOOKING = "book-appointment.html"
Write = Callable[[Path, dict[str, dict[str, Any]]], Path]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return lay(tmp_path / "site", SITE)


def inventory(site: Path) -> Path:
    """The inventory of a site, as a scan writes it."""
    made = site.parent / "inventory.xlsx"
    run("scan", str(site), "-q", "-o", str(made), "--exit-zero", "--no-cache")
    return made


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


def bring(file: Path, site: Path, *more: str) -> Result:
    return run("decisions", "import", str(file), str(site), *more)


def filled(site: Path, **by_file: dict[str, Any]) -> Path:
    """The inventory with the rows of these files filled in; `careers` stands for careers.html."""
    file = inventory(site)
    book = load_workbook(file)
    sheet = book["Inventory"]
    column = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
    for row in range(2, sheet.max_row + 1):
        where = str(sheet.cell(row, column["Where"]).value)
        for name, cells in by_file.items():
            if where.startswith(name):
                for heading, value in cells.items():
                    sheet.cell(row, column[heading]).value = value
    book.save(file)
    return file


def policy(site: Path) -> dict[str, Any]:
    return tomllib.loads((site / "trackerlint.toml").read_text(encoding="utf-8"))


# ---------------------------------------------------------------- what is written


def test_a_kept_tracker_is_accepted_there_and_nowhere_else(site: Path) -> None:
    file = filled(site, careers={**KEEP, "Until": datetime(2099, 1, 31)})
    done = bring(file, site, "--write")
    assert done.exit_code == 0
    (entry,) = policy(site)["ignore"]
    rules = entry.pop("rules")
    assert entry == {
        "vendor": "meta-pixel",
        "paths": ["./careers.html"],
        "reason": "No patient data there.",
        "until": datetime(2099, 1, 31).date(),
        "owner": "web@clinic.example",
    }
    report = scanned(site)
    assert rules
    accepted = {each.rule for each in report.findings if not each.is_open}
    assert accepted == set(rules)
    assert {each.place.path for each in report.findings if not each.is_open} == {CAREERS}
    assert "tracker-on-scheduling-page" in opens(report)


def test_without_write_the_change_is_shown_and_nothing_is_written(site: Path) -> None:
    done = bring(filled(site, careers=KEEP), site)
    assert done.exit_code == 0
    assert '+reason = "No patient data there."' in done.output
    assert "1 entry added by --write" in done.output
    assert not (site / "trackerlint.toml").exists()


def test_a_signed_agreement_holds_for_the_product(site: Path) -> None:
    cells = {**SIGNED, "Signed": datetime(2026, 2, 1), "Expires": datetime(2099, 1, 31)}
    done = bring(filled(site, book=cells), site, "--write")
    assert done.exit_code == 0
    assert policy(site)["agreements"] == [
        {
            "vendor": "meta-pixel",
            "document": "BAA-2026-014",
            "signed": datetime(2026, 2, 1).date(),
            "expires": datetime(2099, 1, 31).date(),
            "owner": "privacy",
        }
    ]
    assert "vendor-without-baa" not in opens(scanned(site))


@pytest.mark.parametrize("word", ["remove", "mask", "ask vendor"])
def test_what_is_to_do_accepts_nothing_and_is_listed(site: Path, word: str) -> None:
    file = filled(site, careers={"Decision": word, "Reason": "no use for it", "Owner": "web"})
    done = bring(file, site, "--write")
    assert f"{word}: Meta Pixel 702200300400511 at careers.html:1" in done.output
    assert "no use for it" in done.output
    assert "nothing changes" in done.output
    assert not (site / "trackerlint.toml").exists()


def test_a_decision_to_remove_says_what_still_accepts_it(site: Path) -> None:
    bring(filled(site, careers=KEEP), site, "--write")
    done = bring(filled(site, careers={"Decision": "remove"}), site, "--write")
    assert "trackerlint.toml:4 still accepts findings of it" in done.output


def test_importing_twice_changes_nothing(site: Path) -> None:
    file = filled(site, careers=KEEP, book=SIGNED)
    bring(file, site, "--write")
    once = (site / "trackerlint.toml").read_bytes()
    again = bring(file, site, "--write")
    assert "nothing changes" in again.output
    assert (site / "trackerlint.toml").read_bytes() == once
    fresh = bring(inventory(site), site, "--write")
    assert "nothing changes" in fresh.output
    assert (site / "trackerlint.toml").read_bytes() == once


def test_another_reason_changes_the_entry_that_is_there(site: Path) -> None:
    bring(filled(site, careers={**KEEP, "Until": datetime(2099, 1, 31)}), site, "--write")
    done = bring(filled(site, careers={"Reason": "Asked again.", "Until": None}), site, "--write")
    assert "1 entry changed" in done.output
    (entry,) = policy(site)["ignore"]
    assert entry["reason"] == "Asked again."
    assert "until" not in entry


def test_comments_and_order_of_the_configuration_stay(site: Path) -> None:
    before = """\
# ours
[[ignore]]  # careers
rules = ["tracker-inventory"]  # only this
vendor = "meta-pixel"
paths = ["careers.html", ]
reason = "old"

# ---- hosts
[[hosts]]
host = "clinic.example"
"""
    (site / "trackerlint.toml").write_text(before.replace("careers.html", "./careers.html"))
    file = filled(site, careers=KEEP, book=SIGNED)
    assert bring(file, site, "--write").exit_code == 0
    text = (site / "trackerlint.toml").read_text()
    assert text.startswith("# ours\n[[ignore]]  # careers\nrules = [")
    assert '  # only this\nvendor = "meta-pixel"\npaths = ["./careers.html", ]\n' in text
    assert (
        'reason = "No patient data there."\nowner = "web@clinic.example"\n\n# ---- hosts\n' in text
    )
    assert text.index("[[hosts]]") < text.index("[[agreements]]")
    assert len(policy(site)["ignore"]) == 1


def test_blocks_that_stand_apart_stay_where_they_are(site: Path) -> None:
    before = """\
[[ignore]]
rules = ["TL9"]
reason = "all"

[[agreements]]
vendor = "meta-pixel"  # ours
document = "BAA-2026-014"
# end of the agreements

[[ignore]]
vendor = "meta-pixel"
paths = ["./careers.html"]
rules = ["tracker-inventory"]
reason = "old"
# the end
"""
    (site / "trackerlint.toml").write_text(before)
    file = filled(site, careers=KEEP, book=SIGNED)
    done = bring(file, site, "--write")
    assert "2 entries changed" in done.output
    text = (site / "trackerlint.toml").read_text()
    assert text.endswith(
        'reason = "No patient data there."\nowner = "web@clinic.example"\n# the end\n'
    )
    assert 'document = "BAA-2026-014"\nowner = "privacy"\n# end of the agreements\n' in text
    assert text.startswith('[[ignore]]\nrules = ["TL9"]\nreason = "all"\n\n[[agreements]]\n')
    assert "nothing changes" in bring(file, site, "--write").output
    assert (site / "trackerlint.toml").read_text() == text


def test_windows_line_ends_stay(site: Path) -> None:
    (site / "trackerlint.toml").write_bytes(b'[[hosts]]\r\nhost = "clinic.example"\r\n')
    bring(filled(site, careers=KEEP), site, "--write")
    data = (site / "trackerlint.toml").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") > 5


def test_a_shared_file_gets_the_entries_below_its_table(site: Path) -> None:
    (site / "pyproject.toml").write_text('[tool.trackerlint]\nexclude = ["old/"]\n\n[tool.x]\n')
    assert bring(filled(site, careers=KEEP), site, "--write").exit_code == 0
    found = tomllib.loads((site / "pyproject.toml").read_text())["tool"]
    assert found["trackerlint"]["ignore"][0]["owner"] == "web@clinic.example"
    assert found["x"] == {}


def test_entries_in_one_line_get_company(site: Path) -> None:
    (site / "trackerlint.toml").write_text(
        'ignore = [\n  { rules = ["TL9"], reason = "all" },  # one\n]\n'
    )
    assert bring(filled(site, careers=KEEP), site, "--write").exit_code == 0
    assert [each["reason"] for each in policy(site)["ignore"]] == ["all", KEEP["Reason"]]
    assert "# one" in (site / "trackerlint.toml").read_text()


def test_an_empty_list_is_filled(site: Path) -> None:
    (site / "trackerlint.toml").write_text("ignore = []\n[rules]\n")
    assert bring(filled(site, careers=KEEP), site, "--write").exit_code == 0
    assert [each["reason"] for each in policy(site)["ignore"]] == [KEEP["Reason"]]


def test_a_named_file_below_the_site_speaks_of_its_own_folder(tmp_path: Path) -> None:
    site = lay(tmp_path / "site", {f"pages/{name}": text for name, text in SITE.items()})
    file = filled(site, **{"pages/careers": KEEP})
    into = site / "pages" / "trackerlint.toml"
    assert bring(file, site, "--into", str(into), "--write").exit_code == 0
    assert tomllib.loads(into.read_text())["ignore"][0]["paths"] == ["./careers.html"]
    other = lay(tmp_path / "site" / "other", {})
    other.mkdir(exist_ok=True)
    again = bring(
        filled(site, **{"pages/book": KEEP}), site, "--into", str(other / "trackerlint.toml")
    )
    assert again.exit_code == 2
    assert "lies outside of the folder that this configuration speaks of" in again.output


def test_a_tag_is_meant_by_its_name(tmp_path: Path, root: Path) -> None:
    site = tmp_path / "clinic"
    shutil.copytree(root / "fixtures" / "sites" / "clinic", site)
    file = filled(site, **{"GTM-CL1N1C7, tag 'Hotjar - Recordings'": KEEP})
    assert bring(file, site, "--write").exit_code == 0
    (entry,) = policy(site)["ignore"]
    assert (entry["vendor"], entry["tags"]) == ("hotjar", ["Hotjar - Recordings"])
    assert "paths" not in entry


# ---------------------------------------------------------------- what people do to the file


def test_sorted_filtered_and_edited_rows_do_no_harm(site: Path) -> None:
    file = filled(site, careers=KEEP)
    book = load_workbook(file)
    old = [list(row) for row in book["Inventory"].values]
    made = Workbook()
    made.remove(made.worksheets[0])
    made.create_sheet("Notes").append(["anything"])
    sheet = made.create_sheet("Renamed")
    sheet.append(["Inventory of the clinic"])
    order = list(range(len(NAMES)))[::-1]
    for row in (old[0], *old[:0:-1]):
        sheet.append(
            [
                "edited" if NAMES[at] in ("Vendor", "Where") and row is not old[0] else row[at]
                for at in order
            ]
        )
    made.save(file)
    assert bring(file, site, "--write").exit_code == 0
    assert policy(site)["ignore"][0]["paths"] == ["./careers.html"]


def test_csv_is_read_however_it_was_saved(site: Path) -> None:
    made = site.parent / "inventory.csv"
    run("scan", str(site), "-q", "-o", str(made), "--exit-zero")
    rows = list(csv.reader(io.StringIO(made.read_text(encoding="utf-8-sig"))))
    at = {name: number for number, name in enumerate(rows[0])}
    for row in rows[1:]:
        if row[at["Where"]].startswith(CAREERS):
            row[at["Decision"]], row[at["Owner"]] = "KEEP ", "Zoë"
            row[at["Reason"]], row[at["Until"]] = "'=kept", "2099-01-31 00:00:00"
    for separator, encoding in ((",", "utf-8"), (";", "cp1252"), ("\t", "utf-16")):
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows(rows)
        made.write_bytes(out.getvalue().encode(encoding))
        assert bring(made, site, "--write").exit_code == 0
        (entry,) = policy(site)["ignore"]
        assert (entry["owner"], entry["reason"]) == ("Zoë", "=kept")
        assert str(entry["until"]) == "2099-01-31"


def test_numbers_and_days_of_another_program_are_understood(site: Path) -> None:
    file = filled(
        site, book={**SIGNED, "Document": 14.0, "Signed": 46054.0, "Expires": "2099-01-31"}
    )
    assert bring(file, site, "--write").exit_code == 0
    (entry,) = policy(site)["agreements"]
    assert (entry["document"], str(entry["signed"])) == ("14", "2026-02-01")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_saves_what_is_read_back(site: Path, tmp_path: Path) -> None:
    file = filled(site, careers={**KEEP, "Until": datetime(2099, 1, 31)})
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    for form in ("xlsx", "csv"):
        folder = tmp_path / form
        subprocess.run(
            [*command, "--convert-to", form, "--outdir", str(folder), str(file)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        rows = read(folder / f"inventory.{form}")
        (kept,) = [row for row in rows if row.says("Decision")]
        assert (kept.says("Owner"), kept.says("Until")) == (KEEP["Owner"], "2099-01-31")
        assert not kept.is_as_written
        assert all(row.is_as_written for row in rows if row is not kept)


def test_rows_that_match_nothing_any_more_are_said(site: Path) -> None:
    file = filled(site, careers=KEEP, book=SIGNED)
    (site / CAREERS).write_text("<p>gone</p>")
    done = bring(file, site, "--write")
    assert "'keep' is about something that is no longer there" in done.output
    assert "1 row is about something that is no longer there" in done.output
    assert "ignore" not in policy(site)
    (site / BOOKING).write_text("<p>gone</p>")
    assert "none of its rows is about something that was found" in bring(file, site).output


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({**KEEP, "Owner": None}, 'column "Owner": it is empty, and "keep" needs it'),
        ({**KEEP, "Reason": " "}, 'column "Reason": it is empty, and "keep" needs it'),
        ({**SIGNED, "Document": None}, 'column "Document": it is empty'),
        ({**KEEP, "Decision": "kepe"}, '"kepe" is no decision; write "keep"'),
        ({**KEEP, "Decision": "zzz"}, '"zzz" is no decision; write one of keep, agreement signed'),
        ({**KEEP, "Until": "1/31/2099"}, 'column "Until": "1/31/2099" is no day that everybody'),
        ({**KEEP, "Until": "2020-01-31"}, "2020-01-31 has passed"),
        ({**SIGNED, "Signed": "2099-01-01"}, 'column "Signed": 2099-01-01 is a day to come'),
        ({**SIGNED, "Signed": "2026-01-02", "Expires": "2026-01-01"}, "exchange or correct"),
        ({**KEEP, "Key": None}, 'column "Key": without the key'),
        ({**KEEP, "Key": "=1+1"}, 'column "Key": without the key'),
    ],
)
def test_a_row_that_lacks_something_is_refused_by_row_and_column(
    site: Path, cells: dict[str, Any], words: str
) -> None:
    done = bring(filled(site, careers=cells, book=SIGNED), site, "--write")
    assert done.exit_code == 2
    assert "row 3" in done.output or "row 2" in done.output
    assert words in done.output
    assert "1 row is wrong, so nothing was written" in done.output
    assert not (site / "trackerlint.toml").exists()


def test_rows_that_contradict_each_other_are_refused(site: Path) -> None:
    file = filled(site, careers=SIGNED, book={**SIGNED, "Document": "another"})
    done = bring(file, site, "--write")
    assert done.exit_code == 2
    assert 'rows 2 and 3, column "Document": they name different agreements' in done.output


def test_a_copied_row_counts_once_unless_it_decides_otherwise(site: Path) -> None:
    file = filled(site, careers=KEEP)
    book = load_workbook(file)
    sheet = book["Inventory"]
    rows = [list(row) for row in sheet.values]
    kept = next(row for row in rows if row[NAMES.index("Decision")] == "keep")
    sheet.append(kept)
    book.save(file)
    assert "1 entry added" in bring(file, site).output
    sheet.append([*kept[:22], "remove", *kept[23:]])
    book.save(file)
    done = bring(file, site)
    assert done.exit_code == 2
    assert "decide differently about careers.html:1; keep one" in done.output


def test_two_ids_in_one_file_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    two = "<script>fbq('init', '702200300400511');</script>"
    two += "\n<script>fbq('init', '702200300400522');</script>"
    site = lay(tmp_path / "site", {CAREERS: f"<html><head>{two}</head><body></body></html>"})
    done = bring(filled(site, **{"careers.html:1": KEEP}), site, "--write")
    assert done.exit_code == 2
    assert "cannot accept one without the other" in done.output
    done = bring(filled(site, careers=KEEP), site, "--write")
    assert done.exit_code == 0
    assert len(policy(site)["ignore"]) == 1


def test_a_reason_without_a_decision_is_said(site: Path) -> None:
    done = bring(filled(site, careers={"Reason": "hm"}), site)
    assert done.exit_code == 0
    assert 'the column "Decision" is empty, so nothing is decided' in done.output


def test_a_configuration_that_is_wrong_already_is_said_first(site: Path) -> None:
    file = filled(site, careers=KEEP)
    (site / "trackerlint.toml").write_text("[[ignore]]\nreason = 1\n")
    done = bring(file, site, "--write")
    assert done.exit_code == 2
    assert "trackerlint.toml:2" in done.output


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 600_000_000)


def test_wrong_files_are_one_sentence(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    cases: list[tuple[bytes | None, str]] = [
        (b"PK\x03\x04nonsense", "is no spreadsheet that can be read"),
        (b"\xd0\xcf\x11\xe0old", "a spreadsheet of the old kind"),
        (b"\x00\x01\x02", "is no inventory"),
        (b"a,b\n1,2\n", 'has no columns "Decision" and "Key"'),
        (b"", 'has no columns "Decision" and "Key"'),
        (b"Decision,Key\nkeep,x\n", 'has no column "Owner" any more'),
        (None, "cannot be read"),
    ]
    for data, words in cases:
        file.unlink(missing_ok=True)
        if data is not None:
            file.write_bytes(data)
        done = bring(file, site)
        assert done.exit_code == 2
        assert words in done.output
        assert "Traceback" not in done.output
    assert "is a folder" in bring(tmp_path, site).output
    bomb(file)
    with pytest.raises(UserError, match="unpacks to more"):
        read(file)
