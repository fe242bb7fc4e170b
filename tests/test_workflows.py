"""The GitHub action and the templates for other services do what they say, and nothing more."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.workflows import COMMAND, ROOT, Done, defaults, filled, loaded, ready, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")

ACTION = loaded("action.yml")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCAN = next(step for step in STEPS if step.get("id") == "scan")
RESULT = STEPS[-1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A work tree with the clinic's site in a folder."""
    return worked_on(tmp_path)


def worked_on(where: Path) -> Path:
    folder = where / "work"
    shutil.copytree(ROOT / "fixtures" / "sites" / "clinic", folder / "web site")
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "--all"),
        ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "One"),
    ):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The runner's folder for passing files, with the command installed."""
    folder = tmp_path / "temp $(touch pwned)"
    folder.mkdir()
    ready(folder)
    return folder


def scanned(clone: Path, place: Path, **inputs: str) -> Done:
    known = defaults(ACTION) | {"runner.temp": str(place)}
    given = {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    assert set(given) <= set(known)
    return run(SCAN, known | given, clone, place)


def marks(done: Done) -> list[str]:
    return [line for line in done.said.splitlines() if re.match("::(error|warning|notice) ", line)]


# ---------------------------------------------------------------- GitHub


def test_no_input_becomes_part_of_a_script() -> None:
    for step in STEPS:
        assert "${{" not in step.get("run", "")


def test_every_other_action_is_named_by_its_whole_commit() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert len(used) == 2
    assert all(re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", each) for each in used)


def test_every_input_is_described_and_used() -> None:
    text = json.dumps(STEPS)
    for name, each in ACTION["inputs"].items():
        assert each["description"].endswith(".")
        assert f"inputs.{name}" in text


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done, Done]:
    """The folder and the outcome of two runs of the action as it comes."""
    clone, place = worked_on(tmp_path_factory.mktemp("clone")), tmp_path_factory.mktemp("temp")
    ready(place)
    return place, scanned(clone, place), scanned(clone, place)


def test_the_action_scans_writes_sarif_and_annotates(twice: tuple[Path, Done, Done]) -> None:
    place, _, done = twice
    assert done.code == 0, done.said
    assert done.outputs == {
        "exit-code": "1",
        "sarif": str(place / "trackerlint.sarif"),
        "complete": "true",
    }
    (log,) = json.loads((place / "trackerlint.sarif").read_bytes())["runs"]
    where = log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert where.startswith("web%20site/")
    assert marks(done)[0].startswith("::error file=web site/")
    assert marks(done)[-1].startswith("::notice title=trackerlint::")


def test_the_log_is_shown_while_commands_are_off(twice: tuple[Path, Done, Done]) -> None:
    lines = twice[1].said.splitlines()
    (start,) = (at for at, line in enumerate(lines) if line.startswith("::stop-commands::"))
    token = lines[start].removeprefix("::stop-commands::")
    end = lines.index(f"::{token}::")
    assert any("[tracker-on-portal-page]" in line for line in lines[start:end])
    assert not any(line.startswith("::") for line in lines[start + 1 : end])


def test_two_runs_differ_in_their_token_only(twice: tuple[Path, Done, Done]) -> None:
    _, first, second = twice
    assert first.said.splitlines()[0] != second.said.splitlines()[0]
    assert marks(first) == marks(second)


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", "1"), ("note", "1"), ("none", "0"), ("nonsense", "2")]
)
def test_fail_on_decides_what_the_job_ends_with(
    clone: Path, place: Path, fail_on: str, code: str
) -> None:
    done = scanned(clone, place, fail_on=fail_on)
    assert done.outputs["exit-code"] == code
    assert done.outputs["complete"] == ("false" if code == "2" else "true")
    known = {"steps.scan.outputs.exit-code": code}
    assert run(RESULT, known, clone, place).code == int(code)


def test_a_scan_that_fails_leaves_nothing_to_upload(clone: Path, place: Path) -> None:
    (place / "trackerlint.sarif").write_text("of an earlier run")
    assert scanned(clone, place, paths="no/such/place").outputs["complete"] == "false"
    assert not (place / "trackerlint.sarif").exists()
    (clone / "empty").mkdir()
    done = scanned(clone, place, paths="empty")
    assert (done.outputs["exit-code"], done.outputs["complete"]) == ("3", "false")


def test_several_paths_and_arguments_are_given_one_a_line(clone: Path, place: Path) -> None:
    done = scanned(
        clone,
        place,
        paths="web site/templates\n\nweb site/static\n",
        gtm="web site/gtm/GTM-CL1N1C7_workspace3.json",
        args="--select\ntracker-on-sign-in-page\n--quiet",
        annotate="false",
    )
    assert done.code == 0, done.said
    assert marks(done) == []
    (log,) = json.loads((place / "trackerlint.sarif").read_bytes())["runs"]
    assert {result["ruleId"] for result in log["results"]} == {"TL102"}
    files = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["results"]
    }
    assert "web%20site/gtm/GTM-CL1N1C7_workspace3.json" in files


EVIL = {
    "substituted": "$(touch pwned)`touch pwned`",
    "quoted": "x\"; touch pwned; '; touch pwned; \n; touch pwned",
}


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize(
    "name", ["paths", "gtm", "baseline", "diff", "fail_on", "args", "annotate"]
)
def test_no_input_runs_as_a_command(clone: Path, place: Path, name: str, evil: str) -> None:
    scanned(clone, place, **{"paths": "web site/static/js", name: EVIL[evil]})
    assert not (clone / "pwned").exists()
    assert not (place / "pwned").exists()


def test_a_path_that_looks_like_an_option_is_a_path(clone: Path, place: Path) -> None:
    done = scanned(clone, place, paths="--exit-zero")
    assert done.outputs["exit-code"] == "2"
    assert "--exit-zero does not exist; check the path" in done.said


# ---------------------------------------------------------------- other services


def shell(
    script: str, folder: Path, command: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    tool = folder / ".trackerlint" / "bin" / "trackerlint"
    tool.parent.mkdir(parents=True, exist_ok=True)
    tool.write_text(COMMAND)
    tool.chmod(0o755)
    return subprocess.run(
        [command, "-e", "-c", script],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [({}, 0), ({"TRACKERLINT_FAIL_ON": "error"}, 1), ({"TRACKERLINT_PATHS": "no such"}, 2)],
)
def test_the_job_for_gitlab_writes_its_artifacts(
    clone: Path, given: dict[str, str], code: int
) -> None:
    job = loaded("templates/gitlab-ci.yml")["trackerlint"]
    (script,) = job["script"]
    variables = {name: str(value) for name, value in job["variables"].items()}
    done = shell(script, clone, "sh", **(variables | given))
    assert done.returncode == code, done.stderr
    named = [*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()]
    assert all((clone / name).exists() is (code < 2) for name in named)
    if code < 2:
        entries = json.loads((clone / "gl-code-quality-report.json").read_bytes())
        assert entries[0]["location"]["path"].startswith("web site/")
        assert etree.parse(clone / "trackerlint.junit.xml").getroot().tag == "testsuites"


def test_the_job_for_gitlab_runs_none_of_its_variables(clone: Path) -> None:
    job = loaded("templates/gitlab-ci.yml")["trackerlint"]
    evil = "$(touch pwned)`touch pwned`\nWORDS\ntouch pwned"
    names = dict.fromkeys(job["variables"], evil)
    assert shell(job["script"][0], clone, "sh", **names).returncode == 2
    assert not (clone / "pwned").exists()


def test_the_steps_for_azure_write_what_later_steps_publish(clone: Path, tmp_path: Path) -> None:
    steps = loaded("templates/azure-pipelines.yml")["steps"]
    (scan,) = (step for step in steps if step.get("displayName") == "Scan")
    staging = tmp_path / "a staging folder"
    known = "$(Build.ArtifactStagingDirectory)"
    environment = {name: value.replace(known, str(staging)) for name, value in scan["env"].items()}
    done = shell(scan["script"], clone, "bash", **environment)
    assert done.returncode == 1, done.stderr
    inputs = {name: value for step in steps for name, value in step.get("inputs", {}).items()}
    for name in ("testResultsFiles", "pathToPublish"):
        assert Path(inputs[name].replace(known, str(staging))).exists()
    assert inputs["artifactName"] == "CodeAnalysisLogs"


def test_an_expression_that_nobody_knows_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        filled("${{ inputs.nobody }}", {})
