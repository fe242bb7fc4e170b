"""Runs that are kept: what is new and gone, what ran where on a day, and files that are none."""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer import history
from analyzer.cli import main
from analyzer.history import store
from analyzer.history.pagesets import packed, unpacked
from analyzer.model import (
    Firing,
    History,
    Page,
    PageClass,
    Report,
    Role,
    Severity,
    Site,
    UserError,
    Verdict,
    keys_of,
)
from tests.policies import SITE, lay
from tests.records import AGREED, INIT, clinic, finding, report, tracker

MARCH = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)


def kept(file: Path, report: Report, day: int = 0, *, since: date | None = None) -> History:
    """The history of a report that is kept so many days after the first of March."""
    found = history.kept(report, file, "", since, MARCH + timedelta(days=day)).history
    assert found is not None
    return found


def told(file: Path, on: date, page_class: str = "", vendor: str = "", form: str = "text") -> str:
    return history.answered(file, history.Asked(on, page_class, vendor), form)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite"


# ---------------------------------------------------------------- new, gone, unchanged


def test_the_first_run_has_nothing_to_be_held_against(file: Path) -> None:
    found = kept(file, clinic())
    assert found.since is None
    assert not found.new
    assert not found.gone
    assert [past.day for past in found.trend] == [MARCH.date()]


def test_what_came_went_and_stayed_is_told_apart(file: Path) -> None:
    one, two, three = (finding(INIT, "Meta Pixel", name) for name in "abc")
    kept(file, report(one, two))
    found = kept(file, report(two, three), 1)
    assert found.since == date(2026, 3, 1)
    assert found.new == {three.fingerprint}
    assert found.unchanged == {two.fingerprint}
    (gone,) = found.gone
    assert (gone.fingerprint, gone.rule, gone.severity) == (
        one.fingerprint,
        "tracker-on-portal-page",
        "error",
    )
    assert (gone.path, gone.line) == (INIT.path, INIT.line)


def test_what_somebody_accepted_since_is_neither_new_nor_gone(file: Path) -> None:
    one = finding(INIT, "Meta Pixel", "a")
    kept(file, report(one))
    accepted = replace(one, suppressed=AGREED)
    found = kept(file, report(accepted), 1)
    assert found.accepted == {one.fingerprint}
    assert not found.gone
    assert not found.new
    again = kept(file, report(one), 2)
    assert again.new == {one.fingerprint}


def test_a_tag_with_another_name_is_the_same(file: Path) -> None:
    before = clinic()
    kept(file, before)
    tagged = next(each for each in before.findings if each.tag)
    assert tagged.tag is not None
    renamed = replace(tagged, tag=replace(tagged.tag, tag_name="Renamed"), fingerprint="f" * 32)
    others = [each for each in before.findings if each is not tagged]
    found = kept(file, replace(before, findings=(*others, renamed)), 1)
    assert not found.new
    assert not found.gone


def test_since_a_day_means_the_last_run_on_or_before_it(file: Path) -> None:
    one, two, three = (finding(INIT, "Meta Pixel", name) for name in "abc")
    kept(file, report(one))
    kept(file, report(one, two), 5)
    for since, day, new in (
        (date(2026, 3, 5), date(2026, 3, 1), 2),
        (date(2026, 3, 6), date(2026, 3, 6), 1),
        (date(2025, 1, 1), date(2026, 3, 1), 2),
    ):
        found = kept(file, report(one, two, three), 9, since=since)
        assert (found.since, len(found.new)) == (day, new)
        file.write_bytes(_without_last(file))


def _without_last(file: Path) -> bytes:
    with sqlite3.connect(file) as known:
        known.execute("delete from run where id = (select max(id) from run)")
    known.close()
    return file.read_bytes()


def test_runs_that_were_asked_for_something_else_are_not_compared(file: Path) -> None:
    one = finding(INIT, "Meta Pixel", "a")
    kept(file, report(one))
    narrowed = history.kept(report(), file, "--select TL9", None, MARCH).history
    assert narrowed is not None
    assert (narrowed.since, narrowed.gone) == (None, ())
    assert kept(file, report(one), 1).unchanged == {one.fingerprint}


def test_the_trend_has_the_numbers_that_the_outputs_have(file: Path) -> None:
    kept(file, clinic())
    known = replace(clinic(), findings=clinic().findings[1:])
    trend = kept(file, known, 1).trend
    assert [(each.errors, each.warnings, each.notes) for each in trend] == [(1, 1, 2), (1, 1, 1)]
    assert [(each.trackers, each.sensitive) for each in trend] == [(1, 1), (1, 1)]


def test_the_first_day_of_a_tracker_stays(file: Path) -> None:
    key = keys_of(clinic().site)["meta-pixel:1234567890:templates/base.html"]
    kept(file, clinic())
    kept(file, report())
    assert kept(file, clinic(), 30).first_seen[key] == date(2026, 3, 1)


# ---------------------------------------------------------------- which trackers ran where


def test_which_trackers_ran_on_scheduling_pages_on_a_day(file: Path) -> None:
    kept(file, clinic())
    kept(file, report(), 10)
    said = told(file, date(2026, 3, 5), "scheduling")
    assert said.startswith(
        "2026-03-05: the run of 2026-03-01T23:59:00Z, 4 days before (trackerlint 0.1.0)\n"
    )
    assert (
        "Meta Pixel 1234567890 at templates/base.html:5: runs under a condition, on 1 page" in said
    )
    assert "    templates/book.html\n" in said
    assert "1 product in 2 places on 1 scheduling page" in said
    assert "0 products in 0 places" in told(file, date(2026, 3, 11), "scheduling")
    assert "0 products in 0 places" in told(file, date(2026, 3, 5), "results")


def test_before_the_first_run_nothing_is_known(file: Path) -> None:
    kept(file, clinic())
    with pytest.raises(UserError, match=r"no run was kept on or before 2026-02-28.*the first is"):
        told(file, date(2026, 2, 28))


def test_a_vendor_that_was_never_there_is_said(file: Path) -> None:
    kept(file, clinic())
    assert "Meta Pixel" in told(file, date(2026, 3, 1), vendor="meta-pixel")
    with pytest.raises(UserError, match="did you mean meta-pixel"):
        told(file, date(2026, 3, 1), vendor="meta-pixels")


def test_an_answer_as_json_csv_and_markdown_says_the_same(file: Path) -> None:
    kept(file, clinic())
    on = date(2026, 3, 1)
    whole = json.loads(told(file, on, "scheduling", form="json"))
    assert whole["run"]["at"] == "2026-03-01T23:59:00Z"
    assert [each["name"] for each in whole["trackers"]] == ["Meta Pixel", "Meta Pixel 1234567890"]
    assert whole["trackers"][1]["pages"] == [
        {"page": "templates/book.html", "verdict": "yes", "classes": ["scheduling"]}
    ]
    rows = list(csv.DictReader(io.StringIO(told(file, on, "scheduling", form="csv"))))
    assert [(each["tracker"], each["page"], each["certainty"]) for each in rows] == [
        ("Meta Pixel", "templates/book.html", "surely"),
        ("Meta Pixel 1234567890", "templates/book.html", "surely"),
    ]
    assert "| meta-pixel | Meta Pixel 1234567890 |" in told(file, on, form="markdown")


def test_hostile_names_do_not_act_in_an_answer(file: Path) -> None:
    evil = "=1+1|`<b>\x1b[31m"
    firing = Firing("p.html", Verdict.MAYBE)
    found = tracker("meta-pixel", Role.SETUP, INIT, ids=[evil], fires=[firing])
    kept(file, report(site=Site(clinic().site.vendors, {}, (found,))))
    on = date(2026, 3, 1)
    assert "\x1b" not in told(file, on)
    assert ",'=1+1|" in told(file, on, form="csv")
    assert "&#124;\\`&lt;b&gt;" in told(file, on, form="markdown")


# ---------------------------------------------------------------- the file


def test_a_run_that_found_the_same_adds_one_row(file: Path) -> None:
    def numbers() -> list[int]:
        names = ("run", "state", "word", "page", "pages", "tracker", "finding", "state_finding")
        with sqlite3.connect(file) as known:
            return [known.execute(f"select count(*) from {name}").fetchone()[0] for name in names]

    kept(file, clinic())
    before = numbers()
    kept(file, clinic(), 1)
    assert numbers() == [before[0] + 1, *before[1:]]


def test_thousands_of_pages_with_many_trackers_stay_small(file: Path) -> None:
    pages = {
        f"templates/section-{number % 17}/page-{number:05}.html": Page(
            f"templates/section-{number % 17}/page-{number:05}.html",
            INIT,
            classes=(PageClass("scheduling", "health", "Scheduling"),) if number % 3 else (),
        )
        for number in range(3_000)
    }
    chance = random.Random(7)
    site = Site(
        clinic().site.vendors,
        pages,
        tuple(
            tracker(
                "meta-pixel",
                Role.SETUP,
                INIT,
                ids=[str(number)],
                fires=[Firing(page, Verdict.YES) for page in pages if chance.random() < 0.7],
            )
            for number in range(40)
        ),
    )
    first = kept(file, report(site=site))
    assert first.trend[-1].sensitive == 2_000
    size = file.stat().st_size
    assert size < 700_000
    kept(file, report(finding(INIT, "a", "b"), site=site), 1)
    assert file.stat().st_size - size < 30_000


@pytest.mark.parametrize("numbers", [[], [1], [1, 2, 3], [127, 128, 129, 16_384, 2_000_000]])
def test_a_set_of_pages_comes_back_as_it_was(numbers: list[int]) -> None:
    assert unpacked(packed(reversed(numbers))) == numbers


def test_a_set_that_is_broken_is_known() -> None:
    with pytest.raises(ValueError, match="incorrect"):
        unpacked(b"nonsense")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no database at all, but long enough to be one" * 50, "is no history"),
        (b"SQLite format 3\0" + b"\xff" * 4_000, "is (damaged|no history)"),
    ],
)
def test_a_file_of_something_else_is_one_sentence(file: Path, data: bytes, words: str) -> None:
    file.write_bytes(data)
    with pytest.raises(UserError, match=words):
        kept(file, clinic())
    assert file.read_bytes() == data


def test_a_database_of_something_else_is_left_alone(file: Path) -> None:
    with sqlite3.connect(file) as other:
        other.execute("create table theirs (a)")
    other.close()
    with pytest.raises(UserError, match="database of something else"):
        kept(file, clinic())


def test_a_damaged_history_is_one_sentence(file: Path) -> None:
    for day in range(20):
        kept(file, report(*(finding(INIT, str(day), str(number)) for number in range(50))), day)
    data = bytearray(file.read_bytes())
    data[4096 : len(data) - 4096] = b"\xa5" * (len(data) - 8192)
    file.write_bytes(data)
    with pytest.raises(UserError, match="is damaged"):
        kept(file, clinic(), 30)


def test_an_older_form_is_brought_up_and_a_newer_one_is_not_touched(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(file, clinic())

    def second(known: sqlite3.Connection) -> None:
        known.execute("alter table run add column note text not null default ''")

    with monkeypatch.context() as later:
        later.setattr(store, "STEPS", (*store.STEPS, second))
        assert kept(file, clinic(), 1).unchanged
        with sqlite3.connect(file) as known:
            assert known.execute("select count(note) from run").fetchone() == (2,)
        known.close()
    before = file.read_bytes()
    with pytest.raises(UserError, match="written by a newer trackerlint"):
        kept(file, clinic(), 2)
    assert file.read_bytes() == before


def test_a_run_that_fails_halfway_leaves_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(file, clinic())

    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    monkeypatch.setattr("analyzer.history.reading.first_seen", fails)
    with pytest.raises(UserError, match="the disk is full"):
        kept(file, report(), 1)
    monkeypatch.undo()
    assert len(kept(file, clinic(), 2).trend) == 2


def test_another_run_that_writes_is_waited_for_and_then_named(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(file, clinic())
    monkeypatch.setattr(store, "PATIENCE", 0.05)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(UserError, match="in use by another run"):
        kept(file, clinic(), 1)
    other.rollback()
    other.close()
    assert kept(file, clinic(), 1).since == date(2026, 3, 1)


def test_names_that_are_no_text_are_kept_as_well(file: Path) -> None:
    place = replace(INIT, path="odd\udcff\ud800.html")
    kept(file, report(finding(place, "a", "b")))
    (gone,) = kept(file, report(), 1).gone
    assert gone.path == "odd??.html"
    assert gone.severity == Severity.ERROR


# ---------------------------------------------------------------- the commands


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRACKERLINT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("analyzer.history.comparing.now", lambda: MARCH)
    return lay(tmp_path / "site", SITE)


def test_a_recorded_run_says_what_changed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("scan", str(site), "--record", "--exit-zero")
    assert "This is the first run that is kept." in first.output
    assert len(list((site.parent / "data" / "history").glob("site-*.sqlite"))) == 1
    (site / "careers.html").write_text("<p>gone</p>", encoding="utf-8")
    monkeypatch.setattr("analyzer.history.comparing.now", lambda: MARCH + timedelta(days=3))
    second = run("scan", str(site), "--record", "--exit-zero")
    assert "Since 2026-03-01: 0 new, " in second.output
    assert " gone, " in second.output
    asked = run("history", str(site), "--on", "2026-03-02", "--class", "scheduling")
    assert asked.exit_code == 0
    assert "1 day before" in asked.output
    assert "book-appointment.html" in asked.output
    trend = run("history", str(site), "--trend")
    assert trend.output.count("2026-03-0") == 2
    today = run("history", str(site))
    assert today.output.startswith("2026-03-04: the run of 2026-03-04T23:59:00Z, on that day")


def test_the_inventory_of_a_recorded_run_says_when_it_was_first_seen(site: Path) -> None:
    made = site.parent / "inventory.csv"
    run("scan", str(site), "--record", "-q", "-o", str(made), "--exit-zero")
    rows = csv.DictReader(io.StringIO(made.read_text(encoding="utf-8-sig")))
    assert {row["First seen"] for row in rows} == {"2026-03-01"}


def test_a_foreign_file_stops_no_other_output(site: Path) -> None:
    foreign = site.parent / "foreign.sqlite"
    foreign.write_text("not a database " * 100)
    made = site.parent / "report.json"
    done = run("scan", str(site), "-q", f"--record={foreign}", "-o", str(made), "--exit-zero")
    assert done.exit_code == 2
    assert "the run was not kept" in done.output
    assert json.loads(made.read_text())["trackers"]


def test_a_path_behind_record_is_not_taken_for_its_file(site: Path) -> None:
    done = run("scan", "--record", str(site))
    assert done.exit_code == 2
    assert "names no history, which ends with .sqlite" in done.output
    assert "write --record behind the paths" in done.output


def test_a_run_that_read_nothing_is_not_kept(site: Path) -> None:
    for name in SITE:
        (site / name).unlink()
    assert run("scan", str(site), "--record").exit_code == 3
    assert not (site.parent / "data").exists()


def test_narrowed_runs_are_kept_apart(site: Path) -> None:
    run("scan", str(site), "--record", "--exit-zero")
    only = run("scan", str(site), "--record", "--select", "TL9", "--exit-zero")
    assert "This is the first run that is kept." in only.output
    assert "--select TL9" in run("history", str(site), "--trend").output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("scan", "SITE", "--since", "2026-01-01"), "give --record as well"),
        (("history", "SITE"), "no run was kept there; trackerlint scan --record keeps one"),
        (("history", "SITE", "--class", "nonsense"), "there is no page class 'nonsense'"),
        (("history", "SITE", "--trend", "--on", "2026-01-01"), "leave the other choices out"),
        (("history", "SITE", "--file", "nowhere.sqlite"), "does not exist"),
        (("history", "SITE", "--on", "1 March"), "does not match"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(
    site: Path, args: tuple[str, ...], words: str
) -> None:
    done = run(*(str(site) if each == "SITE" else each for each in args))
    assert done.exit_code == 2
    assert words in done.output


def test_the_usual_file_is_one_a_site_and_tells_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKERLINT_DATA_DIR", str(tmp_path))
    one, two = (history.usual_file(tmp_path / name / "my site!") for name in "ab")
    assert one != two
    assert one.name.startswith("my-site-")
    assert one.parent == tmp_path / "history"
