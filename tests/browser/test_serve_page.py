"""The local page in a real browser: from the first address to the saved report, by hand and key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from analyzer.serve import work
from analyzer.serve.listening import Serving, serving
from tests.serving import CLINIC, EXPORT, packed, renewed_export, zipped
from tests.test_serve import sleeping

SLOW = 40_000  # milliseconds that a check may take on a busy machine


@pytest.fixture(scope="module")
def served() -> Iterator[Serving]:
    with serving() as page:
        yield page


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "clinic.zip").write_bytes(zipped(CLINIC))
    (folder / "older.json").write_bytes(EXPORT.read_bytes())
    (folder / "newer.json").write_bytes(renewed_export())
    (folder / "broken.json").write_text('{"a": 1}')
    (folder / "evil.zip").write_bytes(packed({"../evil.html": "x"}))
    return folder


class Visit:
    """A tab, with all that it asked for and complained of."""

    def __init__(self, browser: Any, served: Serving, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.served = served
        self.asked: list[str] = []
        self.trouble: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("weberror", lambda error: self.trouble.append(str(error.error)))
        self.context.on("console", lambda said: self.trouble.append(said.text))
        self.page = self.context.new_page()

    def enter(self) -> Any:
        self.page.goto(self.served.guard.address)
        self.page.wait_for_selector("#drop")
        return self.page

    def check(self, *paths: Path) -> Any:
        page = self.enter()
        page.set_input_files("#files", [str(path) for path in paths])
        page.click("#go")
        page.wait_for_selector("iframe.report, .trouble:not([hidden])", timeout=SLOW)
        return page


@pytest.fixture
def visit(chromium: Any, served: Serving) -> Iterator[Callable[..., Visit]]:
    made: list[Visit] = []

    def begin(**options: Any) -> Visit:
        made.append(Visit(chromium, served, **options))
        return made[-1]

    yield begin
    for each in made:
        each.context.close()


def test_from_a_dropped_file_to_a_saved_report(
    visit: Callable[..., Visit], files: Path, tmp_path: Path
) -> None:
    seen = visit()
    page = seen.enter()
    assert "token" not in page.url
    assert page.evaluate("document.cookie") == ""
    assert not page.is_visible("#go")
    data = list((files / "clinic.zip").read_bytes())
    transfer = page.evaluate_handle(
        """(data) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(data)], "clinic.zip"));
            return transfer;
        }""",
        data,
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})
    assert "clinic.zip" in page.inner_text("#chosen")
    page.click("#go")
    page.wait_for_selector("iframe.report", timeout=SLOW)
    report = page.frame_locator("iframe.report")
    assert "Meta Pixel" in report.locator("body").inner_text()
    with page.expect_download() as waiting:
        page.click("text=Spreadsheet")
    waiting.value.save_as(tmp_path / "inventory.xlsx")
    assert (tmp_path / "inventory.xlsx").read_bytes().startswith(b"PK")
    assert {urlsplit(each).hostname for each in seen.asked} == {"127.0.0.1"}
    assert seen.trouble == []


def test_the_report_opens_in_its_own_tab_and_cannot_reach_the_page(
    visit: Callable[..., Visit], files: Path
) -> None:
    seen = visit()
    page = seen.check(files / "clinic.zip")
    with seen.context.expect_page() as waiting:
        page.click("text=Open the report in its own tab")
    tab = waiting.value
    tab.wait_for_selector("h1")
    assert "tracker" in tab.inner_text("h1")
    assert tab.evaluate("window.origin") == "null"
    assert tab.evaluate("fetch(location.href).then(() => 'read', () => 'refused')") == "refused"
    frame = next(each for each in page.frames if each.url.endswith("/report"))
    refused = "(() => { try { return parent.document.title } catch { return 'refused' } })()"
    assert frame.evaluate(refused) == "refused"


def test_the_keyboard_is_enough(visit: Callable[..., Visit], files: Path) -> None:
    page = visit().enter()
    # Listened for from the start: a browser that is told too late opens its own window instead.
    page.on("filechooser", lambda chooser: chooser.set_files(str(files / "older.json")))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "files"
    page.keyboard.press("Space")
    page.wait_for_selector("#chosen >> text=older.json", timeout=SLOW)
    for wanted in ("Leave out older.json", "go"):
        page.keyboard.press("Tab")
        focused = "[document.activeElement.id, document.activeElement.ariaLabel].join(' ')"
        assert wanted in page.evaluate(focused)
    page.keyboard.press("Enter")
    page.wait_for_selector("iframe.report", timeout=SLOW)


def test_a_chosen_file_can_be_left_out(visit: Callable[..., Visit], files: Path) -> None:
    page = visit().enter()
    page.set_input_files("#files", [str(files / "older.json"), str(files / "newer.json")])
    assert page.inner_text("#go") == "Compare and look for trackers"
    page.click("[aria-label='Leave out newer.json']")
    assert page.inner_text("#go") == "Look for trackers"
    assert page.evaluate("document.getElementById('files').files.length") == 1
    assert page.evaluate("document.activeElement.id") == "files"


def test_two_exports_are_compared_and_a_better_one_is_saved(
    visit: Callable[..., Visit], files: Path, tmp_path: Path
) -> None:
    seen = visit()
    page = seen.check(files / "newer.json", files / "older.json", files / "clinic.zip")
    assert page.inner_text("h1") == "What changed"
    assert "From older.json to newer.json" in page.inner_text(".lead")
    assert "is called" in page.inner_text(".changes")
    form = page.locator("form.amend").filter(has_text="newer.json")
    form.locator("[name=block]").check()
    form.locator("summary").first.click()
    form.locator("[name=pause]:not([disabled])").first.check()
    form.get_by_role("button").click()
    page.wait_for_selector(".done", timeout=SLOW)
    assert "is paused" in page.inner_text(".done")
    assert form.locator("[name=block]").is_checked()
    with page.expect_download() as waiting:
        page.click("text=Save the amended container")
    assert waiting.value.suggested_filename == "newer-amended.json"
    waiting.value.save_as(tmp_path / "new.json")
    assert json.loads((tmp_path / "new.json").read_text("utf-8"))["containerVersion"]["tag"]
    assert seen.trouble == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("broken.json", "broken.json holds no container"), ("evil.zip", "outside of its folder")],
)
def test_trouble_is_a_sentence_with_a_next_step(
    visit: Callable[..., Visit], files: Path, name: str, words: str
) -> None:
    page = visit().check(files / name)
    assert words in page.inner_text(".trouble")
    page.click("text=Choose other files")
    page.wait_for_selector("#drop")


def test_a_check_shows_how_far_it_is_and_can_be_stopped(
    visit: Callable[..., Visit], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "check", sleeping)
    page = visit().enter()
    page.set_input_files("#files", str(files / "older.json"))
    page.click("#go")
    page.wait_for_selector("#words:text-is('Sleeping')")
    assert page.evaluate("document.getElementById('bar').position") == 0.5
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("text=was stopped")


def test_without_a_script_it_works_as_well(visit: Callable[..., Visit], files: Path) -> None:
    page = visit(java_script_enabled=False).enter()
    page.set_input_files("#files", str(files / "older.json"))
    page.click("#go")
    page.wait_for_selector("iframe.report", timeout=SLOW)


def test_another_browser_without_the_address_sees_nothing(
    visit: Callable[..., Visit], served: Serving
) -> None:
    visit().enter()
    page = visit().page
    answer = page.goto(served.guard.address.partition("?")[0])
    assert answer.status == 403
    assert page.query_selector("form") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_at_any_step(
    visit: Callable[..., Visit],
    files: Path,
    scheme: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    axe = pytest.importorskip(
        "axe_core_python.sync_playwright", reason="axe-core-python is not installed"
    )
    # The checker is put into the page from outside, which the page's own policy forbids.
    seen = visit(color_scheme=scheme, bypass_csp=True, viewport={"width": 375, "height": 740})

    def serious() -> list[str]:
        page = seen.page
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 375, f"{page.url} is {width} wide on a phone"
        found = axe.Axe().run(page)["violations"]
        return [each["id"] for each in found if each["impact"] in ("serious", "critical")]

    page = seen.enter()
    assert serious() == []
    page.set_input_files("#files", [str(files / "older.json"), str(files / "newer.json")])
    assert serious() == []
    page.click("#go")
    page.wait_for_selector("iframe.report", timeout=SLOW)
    page.locator("form.amend [name=consent]").first.check()
    page.locator("form.amend button").first.click()
    page.wait_for_selector(".done", timeout=SLOW)
    assert serious() == []
    seen.check(files / "broken.json")
    assert serious() == []
    monkeypatch.setattr(work, "check", sleeping)
    seen.enter()
    page.set_input_files("#files", str(files / "older.json"))
    page.click("#go")
    page.wait_for_selector("#words:text-is('Sleeping')")
    assert serious() == []
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("text=was stopped")
    assert serious() == []
