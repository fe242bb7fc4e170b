"""Fetching containers from servers of our own: what is asked, and what each wrong answer says."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer import fetching, web
from analyzer.cli import main
from tests.servers import drips, hangs_up, never_ends, promises_more, says, serving, sleeps

TOKEN = "ya29.0123456789secret"
PUBLISHED = """// Copyright 2012 Google Inc. All rights reserved.
(function(){
var data = {"resource": {"version":"7","macros":[{"function":"__e"}],
"tags":[{"function":"__html","metadata":["map"],"once_per_event":true,
"vtp_html":"\\u003Cscript\\u003Efbq('init','702200300400511');\\u003C\\/script\\u003E","tag_id":3}],
"predicates":[{"function":"_eq","arg0":["macro",0],"arg1":"gtm.js"}],
"rules":[[["if",0],["add",0]]]},"runtime":[]};
var a="GTM-FETCH12";
})()
"""
LIVE = {
    "path": "accounts/1/containers/2/versions/9",
    "containerVersionId": "9",
    "container": {"publicId": "GTM-FETCH12", "usageContext": ["web"]},
    "tag": [{"tagId": "1", "name": "A", "type": "html", "firingTriggerId": ["2147479553"]}],
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv(fetching.TOKEN, TOKEN)
    monkeypatch.setattr(web, "PAUSE", 0.0)


def fetch(*words: str) -> Result:
    return CliRunner().invoke(main, ["fetch", *words])


def test_the_published_file_is_written_as_it_is() -> None:
    with serving(says(200, PUBLISHED)) as stub:
        result = fetch("gtm-fetch12", "--url", stub.url)
    assert result.exit_code == 0, result.output
    assert Path("GTM-FETCH12.js").read_text() == PUBLISHED
    (asked,) = stub.asked
    assert (asked.method, asked.path) == ("GET", "/gtm.js?id=GTM-FETCH12")
    assert "Authorization" not in asked.headers
    told = CliRunner().invoke(main, ["gtm", "GTM-FETCH12.js"])
    assert "Meta Pixel" in told.output


def test_the_live_version_is_asked_for_with_the_token() -> None:
    with serving(says(200, LIVE)) as stub:
        result = fetch(
            "--account", "1", "--container", "2", "--url", stub.url, "-o", "container.json"
        )
    assert result.exit_code == 0, result.output
    assert json.loads(Path("container.json").read_text()) == LIVE
    assert Path("container.json").read_text().count("\n") > 10
    (asked,) = stub.asked
    assert asked.path == "/tagmanager/v2/accounts/1/containers/2/versions:live"
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_google_tag_has_an_address_of_its_own() -> None:
    assert fetching.public("G-ABCDEF1234").path == "/gtag/js?id=G-ABCDEF1234"


def test_a_dry_run_names_the_host_and_asks_nobody() -> None:
    result = fetch("GTM-FETCH12", "--dry-run")
    assert result.exit_code == 0
    assert "would ask www.googletagmanager.com for the published container" in result.output
    result = fetch("--account", "1", "--container", "2", "--dry-run")
    assert "would ask tagmanager.googleapis.com" in result.output
    assert f"token from: {fetching.TOKEN}" in result.output
    assert TOKEN not in result.output


def test_a_busy_server_is_asked_again() -> None:
    with serving(says(503), says(429, Retry_After="0"), says(200, PUBLISHED)) as stub:
        result = fetch("GTM-FETCH12", "--url", stub.url)
    assert result.exit_code == 0, result.output
    assert len(stub.asked) == 3


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says(404, "no"), "knows no container 2 (no); check the id"),
        (says(401, {"error": {"message": "x"}}), "does not take the token in GTM_ACCESS_TOKEN"),
        (says(403, {"message": "denied"}), "refuses container 2 (denied); the token's owner needs"),
        (says(500, ""), "answered 500 for container 2; try again later"),
        (
            says(200, "<html>Sign in to the hotel's network</html>"),
            "something that is no container",
        ),
        (says(200, {}), "something that is no container"),
        (says(302, "", Location="http://elsewhere.example/"), "sends its callers to another"),
        (hangs_up, "failed or broke off"),
        (promises_more, "failed or broke off"),
        (sleeps, "did not answer within 0.3 seconds"),
        (drips, "did not answer within 0.3 seconds"),
    ],
)
def test_a_wrong_answer_is_one_sentence_and_writes_nothing(
    answer: Callable[[BaseHTTPRequestHandler], None], said: str
) -> None:
    with serving(answer) as stub:
        result = fetch("--account", "1", "--container", "2", "--url", stub.url, "--timeout", "0.3")
    assert result.exit_code == 2
    assert said in result.output
    assert result.output.count("\n") == 1
    assert TOKEN not in result.output
    assert not list(Path().iterdir())


def test_an_answer_without_an_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 100_000)
    with serving(never_ends) as stub:
        result = fetch("GTM-FETCH12", "--url", stub.url)
    assert result.exit_code == 2
    assert "which no container has" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give the id of a container"),
        (("GTM-FETCH12", "--account", "1"), "give the id of a container"),
        (("UA-1234-5",), "'UA-1234-5' is no id of a container"),
        (("GTM-A&x=1",), "is no id of a container"),
        (("--account", "1"), "--container '' is no number"),
        (("--account", "../1", "--container", "2"), "--account '../1' is no number"),
        (("GTM-FETCH12", "--url", "http://example.org"), "--url is not an https address"),
        (("GTM-FETCH12", "--url", "nothing"), "--url is no address"),
    ],
)
def test_wrong_arguments_are_one_sentence(words: tuple[str, ...], said: str) -> None:
    result = fetch(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_without_a_token_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(fetching.TOKEN)
    with serving(says(200, LIVE)) as stub:
        result = fetch("--account", "1", "--container", "2", "--url", stub.url)
    assert result.exit_code == 2
    assert f"{fetching.TOKEN} is not set" in result.output
    assert not stub.asked


def test_a_scan_never_loads_what_speaks_to_the_network() -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom analyzer.cli import main\n"
        "CliRunner().invoke(main, ['scan', '.'])\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('requests', 'urllib3')])"
    )
    root = Path(__file__).parent.parent
    (Path() / "index.html").write_text("<script>fbq('init', '702200300400511')</script>")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(root), "PATH": "", "TRACKERLINT_CACHE_DIR": str(Path().absolute())},
    )
    assert done.stdout.strip() == "[]"
