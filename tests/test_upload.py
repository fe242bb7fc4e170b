"""Uploads against servers of our own: those that work, are busy, slow, wrong, or after the token."""

from __future__ import annotations

import base64
import email.policy
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable
from email.parser import BytesParser
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer import web
from analyzer.cli import main
from analyzer.upload import _plan, github
from tests.records import clinic
from tests.sarif.logs import written
from tests.servers import (
    Asked,
    Stub,
    drips,
    hangs_up,
    never_ends,
    promises_more,
    says,
    serving,
    sleeps,
)

TOKEN = "ghs_0123456789secret"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
UPLOADS = "/repos/clinic/site/code-scanning/sarifs"
TAKEN = {"id": "47177e22-5596", "url": "http://elsewhere.example/steal"}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # what this project's own work tree says is nobody's business
    for name in ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_REF"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("DEFECTDOJO_TOKEN", TOKEN)
    monkeypatch.setattr(web, "PAUSE", 0.0)
    monkeypatch.setattr(github, "PAUSES", (0.01, 0.02))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The clinic's SARIF file."""
    path = tmp_path / "report.sarif"
    path.write_text(written(clinic()), "utf-8")
    return path


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, ["upload", *map(str, words)])
    assert TOKEN not in result.output
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def to_github(log: Path, stub: Stub, *words: object) -> Result:
    return run(
        log, "--to", "github", "--url", stub.url, "--repository", "clinic/site",
        "--commit", COMMIT, "--ref", "refs/heads/main", *words,
    )  # fmt: skip


def to_defectdojo(log: Path, stub: Stub, *words: object) -> Result:
    return run(log, "--to", "defectdojo", "--url", stub.url, *words)


def refused(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("trackerlint: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("trackerlint: ").rstrip("\n")


# ---------------------------------------------------------------- GitHub


def test_github_gets_the_packed_file_and_what_it_is_about(log: Path) -> None:
    with serving(says(202, TAKEN)) as stub:
        result = to_github(log, stub)
    assert result.exit_code == 0
    assert result.stdout == "GitHub took the file for clinic/site (upload 47177e22-5596)\n"
    (asked,) = stub.asked
    assert (asked.method, asked.path) == ("POST", UPLOADS)
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["Accept"] == "application/vnd.github+json"
    assert asked.said["commit_sha"] == COMMIT
    assert asked.said["ref"] == "refs/heads/main"
    assert gzip.decompress(base64.b64decode(asked.said["sarif"])) == log.read_bytes()


def test_the_same_file_is_packed_into_the_same_bytes(log: Path) -> None:
    with serving(says(202, TAKEN)) as stub:
        to_github(log, stub)
        to_github(log, stub)
    first, second = stub.asked
    assert first.body == second.body


def test_in_a_workflow_the_environment_says_what_it_is_about(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "clinic/site")
    monkeypatch.setenv("GITHUB_SHA", COMMIT)
    monkeypatch.setenv("GITHUB_REF", "refs/pull/7/merge")
    with serving(says(202, TAKEN)) as stub:
        monkeypatch.setenv("GITHUB_API_URL", stub.url)
        assert run(log, "--to", "github").exit_code == 0
    assert stub.asked[0].path == UPLOADS
    assert stub.asked[0].said["ref"] == "refs/pull/7/merge"


def test_in_a_work_tree_git_says_what_it_is_about(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "tree"
    for words in (
        ("init", "-q", "-b", "trunk", str(tree)),
        ("-C", str(tree), "remote", "add", "origin", "git@github.com:clinic/site.git"),
        ("-C", str(tree), "-c", "user.name=A", "-c", "user.email=a@example.org",
         "commit", "-q", "--allow-empty", "-m", "One"),
    ):  # fmt: skip
        subprocess.run(["git", *words], check=True)
    monkeypatch.chdir(tree)
    with serving(says(202, TAKEN)) as stub:
        assert run(log, "--to", "github", "--url", stub.url).exit_code == 0
    assert stub.asked[0].path == UPLOADS
    assert stub.asked[0].said["ref"] == "refs/heads/trunk"
    assert len(stub.asked[0].said["commit_sha"]) == 40


def test_wait_asks_until_github_is_done_and_only_where_the_user_said(log: Path) -> None:
    with serving(
        says(202, TAKEN),
        says(404, {"message": "Not Found"}),
        says(200, {"processing_status": "pending"}),
        says(200, {"processing_status": "complete"}),
    ) as stub:
        result = to_github(log, stub, "--wait")
    assert result.exit_code == 0
    assert result.stdout.endswith("GitHub has processed it\n")
    assert [each.path for each in stub.asked] == [UPLOADS] + [f"{UPLOADS}/{TAKEN['id']}"] * 3


def test_a_failed_processing_is_told_with_its_errors(log: Path) -> None:
    errors = ["rejecting SARIF", f"bad {TOKEN}\x1b[31m", 7]
    with serving(
        says(202, TAKEN), says(200, {"processing_status": "failed", "errors": errors})
    ) as stub:
        said = refused(to_github(log, stub, "--wait"))
    assert said == "GitHub could not process the file: rejecting SARIF; bad … [31m; 7"


def test_waiting_has_an_end(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = partial(_plan.Wanted, waiting=0.05)
    monkeypatch.setattr(_plan, "Wanted", wanted)
    with serving(says(202, TAKEN), says(200, {"processing_status": "pending"})) as stub:
        said = refused(to_github(log, stub, "--wait"))
    assert said.startswith("GitHub took the file and was not done with it after 0.05 seconds;")


@pytest.mark.parametrize("strange", [[], "text", {"processing_status": 3}, None])
def test_a_strange_answer_to_the_waiting_is_told(log: Path, strange: object) -> None:
    with serving(says(202, TAKEN), says(200, strange)) as stub:
        said = refused(to_github(log, stub, "--wait"))
    assert said.startswith("GitHub took the file, but does not say what became of it (answer 200);")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "GitHub does not accept the token in GITHUB_TOKEN; make a new one (it says: No …)"),
        (403, "may not write code scanning alerts of clinic/site, or code scanning is off there;"),
        (404, "GitHub shows no repository clinic/site to this token; check --repository"),
        (413, "GitHub finds the file too large; scan fewer folders at once"),
        (422, "GitHub refuses the file or what was said of it: No …"),
        (418, "GitHub answered 418 where 202 was expected (it says: No …)"),
    ],
)
def test_each_refusal_of_github_says_what_to_do(log: Path, status: int, words: str) -> None:
    with serving(says(status, {"message": f"No {TOKEN}"})) as stub:
        assert words in refused(to_github(log, stub))
    assert len(stub.asked) == 1


# ---------------------------------------------------------------- DefectDojo


def fields(asked: Asked) -> dict[str, bytes]:
    """The parts of a form."""
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    form = BytesParser(policy=email.policy.HTTP).parsebytes(head + asked.body)
    return {
        str(part.get_param("name", header="content-disposition")): bytes(part.get_content())
        if part.get_content_maintype() == "application"
        else part.get_content().encode()
        for part in form.iter_parts()
    }


def test_defectdojo_imports_into_an_engagement(log: Path) -> None:
    with serving(says(201, {"test_id": 12})) as stub:
        about = ("--commit", COMMIT, "--ref", "refs/heads/main")
        result = to_defectdojo(log, stub, "--engagement", "3", *about)
    assert result.stdout == f"DefectDojo took the file: {stub.url}/test/12\n"
    (asked,) = stub.asked
    assert asked.path == "/api/v2/import-scan/"
    assert asked.headers["Authorization"] == f"Token {TOKEN}"
    form = fields(asked)
    assert form.pop("file") == log.read_bytes()
    assert form == {
        "scan_type": b"SARIF",
        "engagement": b"3",
        "commit_hash": COMMIT.encode(),
        "branch_tag": b"main",
    }


def test_defectdojo_brings_an_import_up_to_date(log: Path) -> None:
    with serving(says(201, {"test": 12})) as stub:
        assert to_defectdojo(log, stub, "--reimport", "--test", "12").exit_code == 0
    assert stub.asked[0].path == "/api/v2/reimport-scan/"
    assert fields(stub.asked[0])["test"] == b"12"


def test_defectdojo_makes_what_is_missing_when_a_product_type_is_named(log: Path) -> None:
    names = ("--product", "Site", "--engagement", "CI", "--product-type", "Web")
    with serving(says(201, {"test_id": 1})) as stub:
        assert to_defectdojo(log, stub, *names).exit_code == 0
    form = fields(stub.asked[0])
    assert form["product_name"] == b"Site"
    assert form["engagement_name"] == b"CI"
    assert form["auto_create_context"] == b"true"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, {"detail": "Invalid token."}, "does not accept the token in DEFECTDOJO_TOKEN;"),
        (403, {"detail": "No."}, "may not import scans there (it says: No.)"),
        (
            404,
            "<html>Not found</html>",
            "DefectDojo knows no such address, product, engagement or test",
        ),
        (413, "<html>nginx</html>", "finds the file too large"),
        (
            400,
            {"engagement": ["Invalid pk"]},
            "DefectDojo refuses the import: engagement: Invalid pk",
        ),
        (301, None, "DefectDojo answered"),
    ],
)
def test_each_refusal_of_defectdojo_says_what_to_do(
    log: Path, status: int, body: object, words: str
) -> None:
    with serving(says(status, body)) as stub:
        said = refused(to_defectdojo(log, stub, "--engagement", "3"))
    assert words in said or status == 301
    assert "<" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "DefectDojo needs to know where the findings go; give --engagement NUMBER, or"),
        (("--product", "Site"), "DefectDojo needs to know where the findings go;"),
        (("--test", "3"), "--test names an earlier import; give --reimport as well"),
        (("--reimport", "--test", "three"), "--test is a number,"),
        (("--reimport", "--engagement", "3"), "an engagement's number is not enough"),
    ],
)
def test_where_findings_go_is_asked_before_anything_is_sent(
    log: Path, words: tuple[str, ...], said: str
) -> None:
    with serving(says(201, {"test_id": 1})) as stub:
        assert refused(to_defectdojo(log, stub, *words)).startswith(said)
    assert stub.asked == []


def test_an_import_that_may_have_arrived_is_not_made_twice(log: Path) -> None:
    for answer in (hangs_up, says(502, "bad gateway")):
        with serving(answer) as stub:
            refused(to_defectdojo(log, stub, "--engagement", "3"))
        assert len(stub.asked) == 1
    with serving(hangs_up, says(201, {"test_id": 12})) as stub:
        assert to_defectdojo(log, stub, "--reimport", "--test", "12").exit_code == 0
    assert len(stub.asked) == 2


# ---------------------------------------------------------------- servers that fail


@pytest.mark.parametrize(
    "trouble", [says(429, None), says(500), says(503, None, Retry_After="0"), hangs_up]
)
def test_a_busy_server_is_asked_again(
    log: Path, trouble: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    with serving(trouble, trouble, says(202, TAKEN)) as stub:
        assert to_github(log, stub).exit_code == 0
    assert len(stub.asked) == 3
    assert len({each.body for each in stub.asked}) == 1


def test_patience_has_an_end(log: Path) -> None:
    with serving(says(503, "busy")) as stub:
        assert refused(to_github(log, stub)) == "GitHub is busy (answer 503); try again later"
    assert len(stub.asked) == 1 + web.ATTEMPTS


@pytest.mark.parametrize("asked", ["86400", "Fri, 01 Jan 2100 00:00:00 GMT", "soon", "-5", "1e9"])
def test_no_server_makes_us_wait_for_as_long_as_it_likes(
    log: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "LONGEST_PAUSE", 0.02)
    begun = time.monotonic()
    with serving(says(503, None, Retry_After=asked), says(202, TAKEN)) as stub:
        assert to_github(log, stub).exit_code == 0
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (promises_more, "the connection to 127.0.0.1"),
        (never_ends, "took the file but did not answer as GitHub does"),
        (says(202, "<html>Sign in</html>"), "took the file but did not answer as GitHub does"),
        (says(202, {"id": "../../../user"}), "took the file but did not answer as GitHub does"),
        (says(202, {"id": 7}), "took the file but did not answer as GitHub does"),
        (says(202, []), "took the file but did not answer as GitHub does"),
        (says(202, "[" * 100_000), "took the file but did not answer as GitHub does"),
        (says(200, None, Content_Encoding="gzip"), "the connection to 127.0.0.1"),
    ],
)
def test_a_server_that_lies_ends_in_a_sentence(
    log: Path, answer: Callable[[BaseHTTPRequestHandler], None], said: str
) -> None:
    with serving(answer) as stub:
        assert said in refused(to_github(log, stub))


@pytest.mark.parametrize("answer", [sleeps, drips])
def test_a_slow_server_is_not_waited_for(
    log: Path,
    answer: Callable[[BaseHTTPRequestHandler], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web, "ATTEMPTS", 1)
    with serving(answer) as stub:
        said = refused(to_github(log, stub, "--timeout", "0.2"))
    assert "did not answer within 0.2 seconds; try again later, or give it longer" in said


def test_nobody_there_is_a_sentence(log: Path) -> None:
    with serving(says(202, TAKEN)) as stub:
        pass
    assert refused(to_github(log, stub)).startswith("the connection to 127.0.0.1")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_token_follows_no_redirection(log: Path, status: int) -> None:
    with (
        serving(says(202, TAKEN)) as thief,
        serving(says(status, None, Location=thief.url)) as stub,
    ):
        said = refused(to_github(log, stub))
    assert "sends its callers to another address (127.0.0.1); the token goes to no address" in said
    assert thief.asked == []


def test_a_netrc_file_does_not_replace_the_token(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(says(202, TAKEN)) as stub:
        to_github(log, stub)
    assert stub.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


# ---------------------------------------------------------------- before anything is sent


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://dojo.example.org", "is not an https address;"),
        ("http://127.0.0.1.example.org", "is not an https address;"),
        ("http://localhost@dojo.example.org", "holds a user or a password;"),
        (f"https://me:{TOKEN}@dojo.example.org", "holds a user or a password;"),
        ("ftp://dojo.example.org", "is not an https address;"),
        ("file:///etc/passwd", "is no address;"),
        ("dojo.example.org", "is no address;"),
        ("https://", "is no address;"),
        ("https://[::1", "is no address;"),
        ("https://dojo.example.org:port", "is no address;"),
        ("https://dojo.example.org/?a=b", "has a question mark or a hash sign;"),
    ],
)
def test_a_token_goes_to_proper_addresses_only(log: Path, url: str, said: str) -> None:
    for service in ("github", "defectdojo"):
        words = ("--repository", "a/b", "--commit", COMMIT, "--ref", "refs/heads/x")
        assert said in refused(run(log, "--to", service, "--url", url, "--engagement", "3", *words))


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "GITHUB_TOKEN is not set; put a token into the environment that may write code"),
        ("a b", "GITHUB_TOKEN holds spaces or signs that no token has; set it anew"),
        ("a\r\nX-Evil: 1", "GITHUB_TOKEN holds spaces or signs that no token has; set it anew"),
        ("tökén", "GITHUB_TOKEN holds spaces or signs that no token has; set it anew"),
    ],
)
def test_a_token_that_cannot_be_one_is_not_sent(
    log: Path, token: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    with serving(says(202, TAKEN)) as stub:
        assert refused(to_github(log, stub)).startswith(said)
    assert stub.asked == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read (No such file or directory); give a SARIF file"),
        ("", "is not JSON;"),
        ("{", "is not JSON;"),
        ("[" * 100_000, "is not JSON;"),
        ("[]", "is not SARIF 2.1.0;"),
        ('{"version": "2.0.0", "runs": []}', "is not SARIF 2.1.0;"),
        ('{"version": "2.1.0"}', "is not SARIF 2.1.0;"),
        (
            '{"version": "2.1.0", "runs": [{"invocations": [{"executionSuccessful": false}]}]}',
            "says that its scan did not succeed; sent as it is, it would close every alert",
        ),
        (json.dumps({"version": "2.1.0", "runs": [{}] * 21}), "has 21 runs and 0 results; GitHub"),
    ],
)
def test_what_is_no_sarif_file_is_not_sent(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "x.sarif"
    if content is not None:
        path.write_text(content)
    with serving(says(202, TAKEN)) as stub:
        assert said in refused(to_github(path, stub))
    assert stub.asked == []


def test_a_folder_is_no_sarif_file(tmp_path: Path) -> None:
    with serving(says(202, TAKEN)) as stub:
        assert "cannot be read (Is a directory)" in refused(to_github(tmp_path, stub))


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github, "PACKED", 100)
    with serving(says(202, TAKEN)) as stub:
        said = refused(to_github(log, stub))
    assert "bytes when packed, and GitHub takes 100; scan fewer folders at once" in said
    assert stub.asked == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--repository", "clinic"), "clinic names no repository; give --repository OWNER/NAME"),
        (("--repository", "a/../b"), "a/../b names no repository;"),
        (("--repository", "a/.."), "a/.. names no repository;"),
        (("--commit", "main"), "the commit is not known; give --commit with its 40 hexadecimal"),
        (("--ref", "main"), "the branch is not known; give --ref as in refs/heads/main"),
    ],
)
def test_what_it_is_about_is_checked_before_it_is_sent(
    log: Path, words: tuple[str, ...], said: str
) -> None:
    with serving(says(202, TAKEN)) as stub:
        assert refused(to_github(log, stub, *words)).startswith(said)
    assert stub.asked == []


def test_a_dry_run_names_the_host_and_needs_no_token(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    with serving(says(202, TAKEN)) as stub:
        result = to_github(log, stub, "--dry-run")
    assert result.exit_code == 0
    assert stub.asked == []
    lines = result.stdout.splitlines()
    assert lines[0] == f"would send {log} to GitHub code scanning; nothing was sent"
    assert f"  host: {stub.url.removeprefix('http://')}" in lines
    assert f"  request: POST {stub.url}{UPLOADS}" in lines
    assert "  token from: GITHUB_TOKEN" in lines
    assert "  results: 4" in lines


def test_without_git_and_without_a_workflow_the_repository_is_asked_for(log: Path) -> None:
    said = refused(run(log, "--to", "github"))
    assert said == "the repository is not known; give --repository OWNER/NAME"


def test_without_an_address_github_itself_is_meant(log: Path) -> None:
    words = ("--repository", "a/b", "--commit", COMMIT, "--ref", "refs/tags/v1", "--dry-run")
    result = run(log, "--to", "github", *words)
    assert "  host: api.github.com\n" in result.stdout


def test_a_scan_never_loads_what_sends(root: Path) -> None:
    code = (
        "import sys; from analyzer.cli import main\n"
        "try: main(['scan', 'fixtures/sites/clinic', '-q'])\n"
        "except SystemExit: print([name for name in sys.modules if 'upload' in name "
        "or name in ('requests', 'urllib3', 'http.client')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout == "[]\n"
