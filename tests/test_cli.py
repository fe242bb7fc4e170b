"""The command: its exit codes, what it prints and when it keeps silent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer.cli import main

ROOT = Path(__file__).parent.parent
CLINIC = str(ROOT / "fixtures" / "sites" / "clinic")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def start(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, with its output in a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "analyzer", *words],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


@pytest.fixture
def clean(tmp_path: Path) -> str:
    """A folder with a page and nothing to find."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<html><h1>Hello</h1></html>\n")
    return str(tmp_path / "site")


# ---------------------------------------------------------------- exit codes


def test_nothing_found_is_0(clean: str) -> None:
    result = run("scan", clean)
    assert result.exit_code == 0
    assert "1 file read" in result.output


def test_findings_are_1() -> None:
    assert run("scan", CLINIC).exit_code == 1


def test_a_path_that_is_not_there_is_2() -> None:
    result = run("scan", "no/such/place")
    assert result.exit_code == 2
    assert (
        result.stderr == "trackerlint: no/such/place does not exist; check the path that you gave\n"
    )


def test_nothing_to_read_is_3(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0")
    result = run("scan", str(tmp_path))
    assert result.exit_code == 3
    assert "nothing was read" in result.stderr


def test_exit_zero_finds_the_same_and_says_0() -> None:
    loud, calm = run("scan", CLINIC), run("scan", CLINIC, "--exit-zero")
    assert (loud.exit_code, calm.exit_code) == (1, 0)
    assert loud.output == calm.output


@pytest.mark.parametrize(
    ("rule", "level", "code"),
    [
        ("tracker-inventory", "note", 1),
        ("tracker-inventory", "warning", 0),
        ("tracker-inventory", "error", 0),
        ("tracker-on-sign-in-page", "note", 1),
        ("tracker-on-sign-in-page", "error", 1),
    ],
)
def test_fail_on_is_the_mildest_severity_that_counts(rule: str, level: str, code: int) -> None:
    assert run("scan", CLINIC, "--select", rule, "--fail-on", level).exit_code == code


def test_skipped_files_count_when_asked(clean: str) -> None:
    (Path(clean) / "broken.js").write_bytes(b"fbq('init', '1'\0\0")
    assert run("scan", clean).exit_code == 0
    assert run("scan", clean, "--fail-on-skipped").exit_code == 1
    assert run("scan", clean, "--fail-on-skipped", "--exit-zero").exit_code == 0


def test_skips_never_change_what_is_found(clean: str) -> None:
    (Path(clean) / "zero.html").write_bytes(b"\0\0\0")
    result = run("scan", clean)
    assert result.exit_code == 0
    assert "zero.html: it is not text" in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("scan",),
        ("scan", CLINIC, "--no-such-option"),
        ("scan", CLINIC, "--fail-on", "catastrophe"),
        ("list", "moons"),
        ("no-such-command",),
    ],
)
def test_wrong_words_are_2_and_show_the_way(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert "Traceback" not in result.output


# ---------------------------------------------------------------- rules


def test_select_runs_only_these_rules() -> None:
    by_name, by_code = (
        run("scan", CLINIC, "--select", "tracker-on-sign-in-page"),
        run("scan", CLINIC, "--select", "TL102"),
    )
    assert by_name.output == by_code.output
    assert codes(by_name.output) == {"TL102"}


def test_the_beginning_of_a_code_selects_a_family() -> None:
    assert codes(run("scan", CLINIC, "--select", "TL1").output) >= {"TL101", "TL102"}
    assert all(
        code.startswith("TL1") for code in codes(run("scan", CLINIC, "--select", "TL1").output)
    )


def test_ignore_leaves_rules_out() -> None:
    everything = codes(run("scan", CLINIC).output)
    assert codes(
        run("scan", CLINIC, "--ignore", "TL1", "--ignore", "tracker-inventory").output
    ) == {code for code in everything if not code.startswith("TL1") and code != "TL901"}


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("name", ["tracker-on-mars-page", "TL0", "TL999", "tracker"])
def test_an_unknown_rule_is_a_sentence(option: str, name: str) -> None:
    result = run("scan", CLINIC, option, name)
    assert result.exit_code == 2
    said, _, advice = result.stderr.partition("; ")
    assert said == f"trackerlint: there is no rule {name!r}"
    assert advice.endswith("trackerlint list rules shows them\n")


def codes(output: str) -> set[str]:
    return {
        word
        for line in output.splitlines()
        if line.rpartition("] ")[2].startswith("TL")
        for word in line.split()
        if word.startswith("TL") and word[2:].isdigit()
    }


# ---------------------------------------------------------------- outputs


def test_several_outputs_in_one_run(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("out.sarif", "out.json", "out.txt", "again.json")]
    result = run("scan", CLINIC, *(word for name in names for word in ("-o", name)))
    assert result.exit_code == 1
    sarif, report, text, again = (Path(name).read_text("utf-8") for name in names)
    assert json.loads(sarif)["version"] == "2.1.0"
    assert json.loads(report)
    assert again == report
    assert text == result.stdout
    assert sorted(os.listdir(tmp_path)) == ["again.json", "out.json", "out.sarif", "out.txt"]


def test_an_unknown_suffix_is_a_sentence(tmp_path: Path) -> None:
    result = run("scan", CLINIC, "-o", str(tmp_path / "out.docx"))
    assert result.exit_code == 2
    assert result.stderr.startswith(
        f"trackerlint: {tmp_path / 'out.docx'}: no output has this suffix; use one of "
    )
    assert os.listdir(tmp_path) == []


def test_quiet_says_nothing(clean: str) -> None:
    for words in (("scan", CLINIC, "--quiet"), ("scan", clean, "-q")):
        assert run(*words).output == ""


def test_quiet_still_says_what_went_wrong() -> None:
    assert run("scan", "no/such/place", "--quiet").stderr.startswith("trackerlint: no/such/place")


# ---------------------------------------------------------------- pipes and colours


def test_a_pipe_sees_no_colour_and_no_progress() -> None:
    done = start("scan", CLINIC)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("words", "environment", "coloured"),
    [
        ((), {}, True),
        (("--no-color",), {}, False),
        (("--no-colour",), {}, False),
        ((), {"NO_COLOR": "1"}, False),
    ],
)
def test_a_terminal_sees_colours_unless_it_asks_not_to(
    words: tuple[str, ...], environment: dict[str, str], coloured: bool
) -> None:
    plain = {
        key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")
    }
    output = on_a_terminal(["scan", CLINIC, *words], {**plain, "TERM": "xterm", **environment})
    assert b"tracker-on-sign-in-page" in output
    assert (b"\x1b[" in output) is coloured


def on_a_terminal(words: list[str], environment: dict[str, str]) -> bytes:
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "analyzer", *words],
        cwd=ROOT,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": str(ROOT)},
    ):
        os.close(theirs)
        output = b""
        try:
            while piece := os.read(ours, 65_536):
                output += piece
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)
    return output


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with pipes")
@pytest.mark.parametrize(
    "words", [("scan", CLINIC), ("list", "vendors"), ("explain", "meta-pixel")]
)
def test_a_reader_that_leaves_early_gets_no_traceback(words: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "analyzer", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()
    assert "Traceback" not in said
    assert "Exception ignored" not in said


# ---------------------------------------------------------------- list and explain


def test_python_m_analyzer_is_the_command() -> None:
    done = start("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("trackerlint")


@pytest.mark.parametrize(
    ("what", "word"),
    [
        ("rules", "tracker-on-portal-page"),
        ("vendors", "meta-pixel"),
        ("engines", "jinja"),
        ("frameworks", "static"),
        ("outputs", "sarif"),
        ("pages", "portal"),
    ],
)
def test_everything_can_be_listed(what: str, word: str) -> None:
    result = run("list", what)
    assert result.exit_code == 0
    assert word in result.output


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("tracker-on-portal-page", "TL101"),
        ("TL101", "tracker-on-portal-page"),
        ("meta-pixel", "Meta Platforms"),
        ("patient-portal", "signed-in"),
    ],
)
def test_a_rule_a_vendor_and_a_page_class_are_explained(name: str, word: str) -> None:
    result = run("explain", name)
    assert result.exit_code == 0
    assert word in result.output


def test_an_unknown_name_is_a_sentence() -> None:
    result = run("explain", "nobody")
    assert result.exit_code == 2
    assert result.stderr.startswith("trackerlint: nothing is called 'nobody';")


# ---------------------------------------------------------------- what a run loads


def test_a_run_loads_only_what_it_needs(clean: str) -> None:
    (Path(clean) / "app.js").write_text("fbq('init', '702200300400511');\n")
    heavy = ("esprima", "bs4", "sarif_om", "rich", "requests", "yaml")
    script = (
        "import sys; from analyzer.cli import main\n"
        "try: main(['scan', sys.argv[1], '-q'])\n"
        f"except SystemExit: print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, clean],
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == "[]\n"
