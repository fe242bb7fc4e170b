"""The local page: who may ask, what comes of files, what is left of them, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from html import unescape
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from analyzer.cli import main
from analyzer.model import UserError
from analyzer.serve import names, processes, work
from analyzer.serve.alone import alone
from analyzer.serve.app import app_of
from analyzer.serve.checks import Checks
from analyzer.serve.given import Kind, kind_of
from analyzer.serve.guard import Guard
from analyzer.serve.limits import Limits
from analyzer.serve.listening import serving
from tests.serving import (
    CLINIC,
    EXPORT,
    ROOT,
    Answer,
    Visitor,
    packed,
    renewed_export,
    visited,
    zipped,
)

PORT = 5123
HERE = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def guard() -> Guard:
    return Guard(PORT)


@pytest.fixture
def client(guard: Guard, tmp_path: Path) -> Iterator[FlaskClient]:
    checks = Checks(tmp_path / "session", Limits())
    (tmp_path / "session").mkdir()
    yield app_of(checks, guard).test_client()
    checks.close()


@pytest.fixture(scope="module")
def page() -> Iterator[Visitor]:
    with visited() as visitor:
        yield visitor


@pytest.fixture(scope="module")
def site(page: Visitor) -> Answer:
    """The page of a check of the clinic's zipped folder."""
    return page.check(clinic__zip=zipped(CLINIC, "clinic/"))


@pytest.fixture(scope="module")
def both(page: Visitor) -> Answer:
    """The page of a check of a zipped site and of an export beside it."""
    return page.check(clinic__zip=zipped(CLINIC), GTM__json=EXPORT.read_bytes())


@pytest.fixture(scope="module")
def turned(page: Visitor) -> Answer:
    """The page of a check of two exports without any page."""
    return page.check(a__json=renewed_export(), b__json=EXPORT.read_bytes())


def entered(client: FlaskClient, guard: Guard) -> FlaskClient:
    assert client.get(f"/{guard.room}/?token={guard.token}", base_url=HERE).status_code == 200
    return client


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


# ---------------------------------------------------------------- who may ask


@pytest.mark.parametrize("path", ["/", "/{room}/", "/{room}/static/page.js", "/{room}/checks/1"])
def test_nothing_is_told_without_the_address(client: FlaskClient, guard: Guard, path: str) -> None:
    answer = client.get(path.format(room=guard.room), base_url=HERE)
    assert answer.status_code == 403
    assert len(answer.data) < 300
    assert b"<form" not in answer.data
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 5_000])
def test_another_token_opens_nothing(client: FlaskClient, guard: Guard, token: str) -> None:
    answer = client.get(f"/{guard.room}/", query_string={"token": token}, base_url=HERE)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)


def test_the_token_moves_into_a_cookie_that_scripts_and_other_sites_do_not_get(
    client: FlaskClient, guard: Guard
) -> None:
    answer = client.get(f"/{guard.room}/?token={guard.token}", base_url=HERE)
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", f"Path=/{guard.room}/"} <= set(cookie.split("; "))
    assert guard.token not in answer.text + cookie
    assert guard.token not in client.get(f"/{guard.room}/", base_url=HERE).text


def test_the_address_of_the_browser_opens_the_page_once(client: FlaskClient, guard: Guard) -> None:
    path = guard.once().removeprefix(HERE)
    assert [client.get(path, base_url=HERE).status_code for _ in range(2)] == [200, 403]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (f"127.0.0.1:{PORT}", 200),
        ("evil.example", 403),
        (f"evil.example:{PORT}", 403),
        ("127.0.0.1", 403),
        (f"127.0.0.1:{PORT + 1}", 403),
        (f"127.0.0.1.evil.example:{PORT}", 403),
        (f"[::1]:{PORT}", 403),
    ],
)
def test_a_name_that_leads_to_this_computer_is_not_enough(
    client: FlaskClient, guard: Guard, host: str, status: int
) -> None:
    entered(client, guard)
    answer = client.get(f"/{guard.room}/", base_url=HERE, headers={"Host": host})
    assert answer.status_code == status


def test_localhost_is_the_same_computer(client: FlaskClient, guard: Guard) -> None:
    here = f"http://localhost:{PORT}"
    assert client.get(f"/{guard.room}/?token={guard.token}", base_url=here).status_code == 200
    assert client.get(f"/{guard.room}/", base_url=here).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_others_get_nothing(client: FlaskClient, guard: Guard, site: str) -> None:
    entered(client, guard)
    answer = client.get(f"/{guard.room}/", base_url=HERE, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("origin", "form", "status"),
    [
        (None, None, 403),
        ("null", None, 403),
        ("http://evil.example", None, 403),
        (f"http://127.0.0.1:{PORT + 1}", None, 403),
        (HERE, "", 400),
        (HERE, "wrong", 400),
    ],
)
def test_forms_of_others_begin_nothing(
    client: FlaskClient, guard: Guard, origin: str | None, form: str | None, status: int
) -> None:
    entered(client, guard)
    answer = client.post(
        f"/{guard.room}/checks",
        data={
            "form": guard.form if form is None else form,
            "files": (io.BytesIO(EXPORT.read_bytes()), "a.json"),
        },
        base_url=HERE,
        headers={} if origin is None else {"Origin": origin},
    )
    assert answer.status_code == status
    assert "Earlier checks" not in client.get(f"/{guard.room}/", base_url=HERE).text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_not_answered(client: FlaskClient, guard: Guard, method: str) -> None:
    entered(client, guard)
    answer = client.open(f"/{guard.room}/", method=method, base_url=HERE, headers={"Origin": HERE})
    assert answer.status_code == 403


def test_answers_keep_to_themselves(client: FlaskClient, guard: Guard) -> None:
    headers = entered(client, guard).get(f"/{guard.room}/", base_url=HERE).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_pages_of_the_page_name_nobody_else() -> None:
    for path in sorted((ROOT / "analyzer" / "serve").rglob("*.[hcj]*")):
        if path.suffix in (".html", ".css", ".js"):
            assert not re.search(r"(?:https?:)?//[a-z]", path.read_text("utf-8")), path


def test_only_this_computer_is_listened_to() -> None:
    with serving() as served:
        assert served.guard.address.startswith(f"http://127.0.0.1:{served.guard.port}/")
        own = socket.gethostbyname_ex(socket.gethostname())[2]
        for address in {each for each in own if not each.startswith("127.")}:
            with pytest.raises(OSError, match=r".*"):
                socket.create_connection((address, served.guard.port), timeout=1).close()


def test_a_port_that_is_taken_is_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = CliRunner().invoke(main, ["serve", "--no-open", "--port", str(port)])
    assert result.exit_code == 2
    assert f"port {port} cannot be used" in result.stderr
    assert "choose another with --port" in result.stderr


# ---------------------------------------------------------------- what comes of files


def test_a_zipped_site_becomes_a_report(page: Visitor, site: Answer) -> None:
    assert site.status == 200
    assert "Report on clinic.zip" in words_of(site.text)
    assert "14 files read" in words_of(site.text)
    report = page.ask(re.findall(r'src="([^"]+/report)"', site.text)[0])
    assert "Meta Pixel" in report.text
    assert "sandbox allow-scripts" in report.headers["Content-Security-Policy"]
    assert "allow-same-origin" not in report.headers["Content-Security-Policy"] + site.text


def test_every_format_says_what_the_console_says(
    page: Visitor, site: Answer, tmp_path: Path
) -> None:
    links = re.findall(r'href="([^"]+/files/(\w+))"', site.text)
    got = {name: page.ask(link) for link, name in links}
    assert set(got) == {"html", "xlsx", "csv", "markdown", "sarif", "json"}
    assert all("attachment" in each.headers["Content-Disposition"] for each in got.values())
    own = tmp_path / "own.json"
    CliRunner().invoke(main, ["scan", str(CLINIC), "-q", "-o", str(own), "--no-cache"])
    said, wanted = json.loads(got["json"].body), json.loads(own.read_text("utf-8"))
    places = [
        {(each["rule"], each["path"], each["message"]) for each in one["findings"]}
        for one in (said, wanted)
    ]
    assert places[0] == places[1]
    assert len(json.loads(got["sarif"].body)["runs"][0]["results"]) == len(said["findings"])
    assert zipfile.is_zipfile(io.BytesIO(got["xlsx"].body))
    assert len(list(csv.reader(io.StringIO(got["csv"].text)))) > 5


def test_no_format_tells_where_the_files_lay(page: Visitor, both: Answer) -> None:
    folder = str(page.served.folder).encode()
    for link, _ in re.findall(r'href="([^"]+/files/(\w+))"', both.text):
        assert folder not in page.ask(link).body


def test_two_exports_are_compared_in_the_words_of_the_console(
    page: Visitor, tmp_path: Path
) -> None:
    answer = page.check(
        newer__json=renewed_export(), older__json=EXPORT.read_bytes(), clinic__zip=zipped(CLINIC)
    )
    (tmp_path / "older.json").write_bytes(EXPORT.read_bytes())
    (tmp_path / "newer.json").write_bytes(renewed_export())
    older, newer = str(tmp_path / "older.json"), str(tmp_path / "newer.json")
    told = CliRunner().invoke(main, ["gtm", "diff", older, newer, "--site", str(CLINIC)]).output
    words = words_of(answer.text)
    assert "From older.json to newer.json" in words
    lines = [line for line in told.splitlines() if line.strip()]
    assert len(lines) > 5
    for line in lines:
        kind, _, rest = line.strip().partition(": ")
        said = f"{kind} {rest}" if kind in ("added", "removed", "changed") else line.strip()
        assert (said[0].upper() + said[1:] + "." if line in lines[-2:] else said) in words


def test_the_comparison_can_be_turned_round(page: Visitor, turned: Answer) -> None:
    assert "From b.json to a.json" in words_of(turned.text)
    back = re.findall(r'href="([^"]+back=1)"', turned.text)[0]
    assert "From a.json to b.json" in words_of(page.ask(back).text)
    saved = re.findall(r'href="([^"]+changes\.csv)"', turned.text)[0]
    rows = list(csv.DictReader(io.StringIO(page.ask(saved).text)))
    assert {"added", "removed", "changed"} & {each["change"] for each in rows}


def test_without_pages_the_next_step_is_one_of_this_page(turned: Answer) -> None:
    assert "add the zipped site or a list of its pages" in words_of(turned.text)
    assert "--site" not in turned.text


def test_a_list_of_pages_tells_where_tags_fire(page: Visitor) -> None:
    answer = page.check(GTM__json=EXPORT.read_bytes(), pages__txt=b"/\n/portal/results\n")
    assert re.search(r'name="block">', answer.text)  # may be chosen: pages are known


def test_the_settings_of_the_organisation_count(page: Visitor) -> None:
    settings = b'[[baa]]\nvendors = ["meta-pixel"]\nuntil = "nonsense"\n'
    answer = page.check(clinic__zip=zipped(CLINIC), trackerlint__toml=settings)
    assert "trackerlint.toml" in words_of(answer.text)
    assert "That did not work" in words_of(answer.text)
    assert str(page.served.folder) not in answer.text


def test_an_amended_container_comes_with_its_changes(page: Visitor, both: Answer) -> None:
    action = re.findall(r'action="([^"]+/amended/0)#', both.text)[0].removeprefix(page.room)
    tag = unescape(re.findall(r'name="pause" value="([^"]+)"', both.text)[0])
    fields: dict[str, str | list[str]] = {"block": "on", "consent": "on", "pause": [tag]}
    made = page.post(action, fields)
    assert made.status == 303
    words = words_of(page.ask(made.headers["Location"].partition("#")[0]).text)
    assert f"'{tag}' is paused" in words
    assert "is blocked on sensitive pages" in words
    assert "waits for consent" in words
    saved = page.get(action)
    assert "-amended.json" in saved.headers["Content-Disposition"]
    tags = json.loads(saved.body)["containerVersion"]["tag"]
    assert tag in [each["name"] for each in tags if each.get("paused")]


@pytest.mark.parametrize("fields", [{}, {"pause": "no such tag"}])
def test_nothing_to_amend_is_a_sentence(
    page: Visitor, turned: Answer, fields: dict[str, str]
) -> None:
    action = re.findall(r'action="([^"]+/amended/0)#', turned.text)[0].removeprefix(page.room)
    made = page.post(action, fields)
    assert made.status == 400
    assert re.search("Nothing is chosen|has no tag called", words_of(made.text))
    assert page.get(action.replace("amended/0", "amended/7")).status == 404
    assert page.post(action.replace("amended/0", "amended/7"), {"consent": "on"}).status == 404


def test_words_of_others_are_shown_as_words(page: Visitor) -> None:
    evil = '<script>alert(1)</script>"\u202e'
    whole = json.loads(EXPORT.read_bytes())
    whole["containerVersion"]["tag"][0]["name"] = evil
    whole["containerVersion"]["container"]["name"] = evil
    first, second = json.dumps(whole).encode(), renewed_export()
    answer = page.check(**{'"><img src=x onerror=alert(1)>__json': first, "b__json": second})
    assert answer.status == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert "\u202e" not in answer.text


def test_what_was_not_unpacked_is_told_here_and_in_the_report(page: Visitor) -> None:
    data = packed({"s/index.html": "<h1>Hello</h1>", "s/more.zip": "PK", "s/aux.html": "x"})
    answer = page.check(s__zip=data)
    assert "more.zip: archives inside the zip are not opened" in words_of(answer.text)
    assert "1 file read, 1 not or not in full" in words_of(answer.text)
    saved = page.ask(re.findall(r'href="([^"]+/files/json)"', answer.text)[0])
    assert {each["path"] for each in json.loads(saved.body)["coverage"]["skipped"]} == {
        "aux.html",
        "more.zip",
    }


# ---------------------------------------------------------------- trouble in sentences


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "No file was chosen"),
        ({"a__json": b""}, "a.json is empty"),
        ({"a__json": b"hello"}, "a.json is no export of Tag Manager"),
        ({"a__zip": b"hello"}, "a.zip is called a zip, but is none"),
        ({"a__pdf": b"%PDF-1.7\n\0"}, "a.pdf is a kind of file that cannot be read here"),
        ({"a__xlsx": b"PK\x03\x04"}, "a.xlsx is a document and not a site"),
        ({"a__tar.gz": b"\x1f\x8b"}, "a.tar.gz is packed, but not as a zip"),
        ({"a__html": b"<html>"}, "a.html is a single page"),
        ({"a__txt": b"/book\n"}, "A list of pages alone cannot be checked"),
        ({"a__toml": b"x = 1\n"}, "Settings alone cannot be checked"),
        ({"a__zip": packed({"a": ""}), "b__zip": packed({"a": ""})}, "two zipped sites"),
        ({f"{n}__json": b"{}" for n in range(21)}, "These are 21 files, and 20 is the most"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_checked_is_said_at_once(
    page: Visitor, files: dict[str, bytes], words: str
) -> None:
    before = sorted(path.name for path in page.served.folder.iterdir())
    answer = page.post("checks", files={name.replace("__", "."): files[name] for name in files})
    assert answer.status == 400
    assert words in words_of(answer.text)
    assert sorted(path.name for path in page.served.folder.iterdir()) == before


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a__json": b'{"a": 1}'}, "a.json holds no container"),
        ({"a__json": b"{" * 100_000}, "a.json holds no container"),
        ({"a__zip": packed({"a.png": "x"})}, "a.zip holds no page, script or container"),
        ({"a__zip": packed({"../a.html": "x"})}, "would land outside of its folder"),
        ({"a__zip": b"PK\x03\x04hello"}, "a.zip is no zip that can be read"),
        ({"a__json": EXPORT.read_bytes(), "b__txt": b"no address\n"}, "b.txt: line 1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_check_stumbles_over_is_said(
    page: Visitor, files: dict[str, bytes], words: str
) -> None:
    answer = page.check(**files)
    assert "That did not work" in words_of(answer.text)
    assert words in words_of(answer.text)
    assert "Choose other files" in words_of(answer.text)
    assert str(page.served.folder) not in answer.text
    assert not [path for path in page.served.folder.rglob("*") if path.name in ("a.json", "a.zip")]


def test_uploads_that_are_too_large_are_refused() -> None:
    with visited(Limits(upload=1_000, uploads=2_000)) as visitor:
        one = visitor.post("checks", files={"a.json": b"{" * 1_500})
        assert (one.status, "larger than 0 MB" in one.text) == (400, True)
        many = visitor.post("checks", files={"a.json": b"{" * 2_000_000})
        assert many.status == 413
        assert "MB together" in many.text
        assert list(visitor.served.folder.iterdir()) == []


def test_what_is_gone_is_said(page: Visitor) -> None:
    for path in ("checks/999", "nothing", "checks/999/files/html", "checks/999/report"):
        answer = page.get(path)
        assert answer.status == 404
        assert "was removed" in answer.text or "were removed" in answer.text


# ---------------------------------------------------------------- one after another, and the end


def sleeping(order: Any, pipe: Connection) -> None:
    """A check that never ends, and that started a process of its own."""
    with alone(order.folder, pipe) as tell:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (order.folder / "busy").write_text(str(child.pid))
        tell({"words": "sleeping", "done": 1, "total": 2})
        time.sleep(600)


def lingering(order: Any, pipe: Connection) -> None:
    """A check that has its result, and takes its time to end."""
    with alone(order.folder, pipe) as tell:
        tell({"result": {}})
        time.sleep(600)


def dying(order: Any, pipe: Connection) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def begun(visitor: Visitor, **files: bytes) -> str:
    answer = visitor.post("checks", files={f"{name}.json": files[name] for name in files})
    return answer.headers["Location"].removeprefix(visitor.room)


def until(said: str, visitor: Visitor, path: str) -> None:
    end = time.monotonic() + 30
    while json.loads(visitor.get(f"{path}/progress").body)["words"] != said:
        assert time.monotonic() < end
        time.sleep(0.05)


def ends(number: int) -> bool:
    """Does a process end within seconds? One that nobody has waited for yet has ended."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        told = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True)
        if told.stdout.strip()[:1] in (b"", b"Z"):
            return True
        time.sleep(0.05)
    return False


def test_a_second_check_waits_and_a_first_one_can_be_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with visited(Limits(waiting=1, long=0.0)) as visitor:
        monkeypatch.setattr(work, "check", sleeping)
        first = begun(visitor, a=b"{}")
        until("Sleeping", visitor, first)
        assert "This takes long" in words_of(visitor.get(first).text)
        assert json.loads(visitor.get(f"{first}/progress").body)["slow"]
        second = begun(visitor, b=b"{}")
        until("Waiting for 1 other check to end", visitor, second)
        refused = visitor.post("checks", files={"c.json": b"{}"})
        assert (refused.status, "nough checks wait already" in refused.text) == (400, True)
        child = int(next(visitor.served.folder.rglob("busy")).read_text())
        monkeypatch.undo()
        assert visitor.post(f"{first}/stop").status == 303
        assert "was stopped" in visitor.over(first).text
        assert "That did not work" in visitor.over(second).text
        end = time.monotonic() + 10
        while list(visitor.served.folder.iterdir()):
            assert time.monotonic() < end
            time.sleep(0.05)
        assert sys.platform == "win32" or ends(child)


def test_a_waiting_check_can_be_stopped_and_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "check", sleeping)
    with visited() as visitor:
        first, second = begun(visitor, a=b"{}"), begun(visitor, b=b"{}")
        until("Sleeping", visitor, first)
        visitor.post(f"{second}/stop")
        assert "was stopped" in visitor.get(second).text
        visitor.post(f"{second}/remove")
        assert visitor.get(second).status == 404
        folder = visitor.served.folder
    assert not folder.exists()  # though a check was running


def test_a_process_that_dies_is_a_sentence_and_the_page_lives_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with visited() as visitor:
        monkeypatch.setattr(work, "check", dying)
        assert "ended before it was done" in visitor.over(begun(visitor, a=b"{}")).text
        monkeypatch.undo()
        assert "Report on" in visitor.check(GTM__json=EXPORT.read_bytes()).text


def test_after_a_check_only_its_results_are_left_and_at_the_end_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TRACKERLINT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "temporary").mkdir()
    with visited() as visitor:
        answer = visitor.check(clinic__zip=zipped(CLINIC), GTM__json=EXPORT.read_bytes())
        (folder,) = (path for path in visitor.served.folder.iterdir())
        assert [path.name for path in folder.iterdir()] == ["results"]
        assert not list(folder.rglob("base.html"))
        remove = re.findall(r'action="([^"]+/remove)"', answer.text)[0]
        visitor.post(remove.removeprefix(visitor.room))
        assert list(visitor.served.folder.iterdir()) == []
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not (tmp_path / "cache").exists()


def test_old_results_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with visited(Limits(kept=1)) as visitor:
        first = begun(visitor, a=b"{}")
        visitor.over(first)
        visitor.over(begun(visitor, b=b"{}"))
        assert visitor.get(first).status == 404


def test_a_job_is_not_waited_for_when_nobody_wants_it(tmp_path: Path) -> None:
    order = work.Order(tmp_path, (), Limits())
    started = time.monotonic()
    said: list[dict[str, Any]] = []
    for each in processes.messages(sleeping, order, lambda: not said):
        said.append(each)
    assert [each["words"] for each in said] == ["sleeping"]
    assert time.monotonic() - started < 15
    assert sys.platform == "win32" or ends(int((order.folder / "busy").read_text()))


def test_results_stay_when_their_process_is_ended(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    order = work.Order(tmp_path, (), Limits())
    assert list(processes.messages(lingering, order, lambda: True)) == [{"result": {}}]
    assert (tmp_path / "results").exists()


def test_a_check_whose_page_was_killed_removes_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "check"
    folder.mkdir()
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=sleeping, args=(work.Order(folder, (), Limits()), there))
    process.start()
    there.close()
    here.recv_bytes()
    here.close()  # as the system does it for a page that is no more
    process.join(20)
    assert not process.is_alive()
    assert not folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_command_prints_an_address_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-m", "analyzer", "serve", "--no-open"]
    own = {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), "PYTHONWARNINGS": "default"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert re.fullmatch(
            r"trackerlint is open at http://127\.0\.0\.1:\d+/[-\w]{12}/\?token=[-\w]{43}\n", first
        )
        assert [path.name.startswith("trackerlint-") for path in tmp_path.iterdir()] == [True]
        process.send_signal(number)
        rest = process.stdout.read()
        assert process.wait(20) == 0
    assert list(tmp_path.iterdir()) == []
    assert "Traceback" not in rest
    assert "WARNING" not in rest
    assert "being removed" in rest


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("GTM-ABC.json", "GTM-ABC.json"),
        ("Praxis Müller.zip", "Praxis Müller.zip"),
        ("C:\\Users\\me\\a.json", "a.json"),
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        ("", "file"),
        ("aux.json", "_aux.json"),
        ("a:b?.json", "a_b_.json"),
        ("\u202egnp.json", "_gnp.json"),
        ("a" * 300 + ".json", "a" * 75 + ".json"),
    ],
)
def test_names_of_uploads_fit_every_disk(sent: str, kept: str) -> None:
    assert names.fit(sent, "file") == kept


def test_two_uploads_of_one_name_keep_apart() -> None:
    taken: set[str] = set()
    assert [names.free(each, taken) for each in ("a.json", "A.json", "a.json")] == [
        "a.json",
        "A-2.json",
        "a-3.json",
    ]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.json", b'\xef\xbb\xbf {"exportFormatVersion": 2}', Kind.EXPORT),
        ("a.txt", b'{"exportFormatVersion": 2}', Kind.EXPORT),
        ("a.txt", b"/book\n", Kind.LIST),
        ("sitemap.xml", b"<?xml version='1.0'?><urlset/>", Kind.LIST),
        ("sitemap.xml.gz", b"\x1f\x8b", Kind.LIST),
        ("trackerlint.toml", b"# ours\n", Kind.SETTINGS),
        ("site.ZIP", b"PK\x03\x04", Kind.SITE),
    ],
)
def test_a_file_is_known_for_what_it_is(tmp_path: Path, name: str, data: bytes, kind: Kind) -> None:
    (tmp_path / name).write_bytes(data)
    assert kind_of(tmp_path / name) is kind


def test_too_long_waits_are_a_user_error(tmp_path: Path) -> None:
    checks = Checks(tmp_path, Limits())
    checks.close()
    with pytest.raises(UserError, match="being closed"):
        checks.add(tmp_path / "check-1", ())
