"""Ask validators of others about SARIF files: `python .ci/sarif/validate.py FILE...`.

Microsoft's validator looks at the rules of good SARIF; npm's jsonschema, with which GitHub's upload
action looks at a file before it sends it, at the schema.
The first ends with 0 whatever it finds, even in broken JSON, so its report is read instead.
Exit codes: 0 nothing but the notes that are explained below, 1 another note, a warning or an error,
2 the validator could not do its work.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PACKAGE, VERSION = "@microsoft/sarif-multitool-linux", "5.7.0"
PACKAGES = {PACKAGE: VERSION, "jsonschema": "1.5.0"}
SCHEMA_CHECK = HERE / "schema.js"
TOOL = HERE / "node_modules" / PACKAGE / "Sarif.Multitool"
POLICY = HERE / "policy.json"
PATIENCE = 300  # seconds
EXPLAINED = {
    "SARIF2003": "the folder lies in no git work tree with a remote",
    "SARIF2011": "a line of minified code is too long to be quoted",
    "SARIF2012": "a rule that is no weakness of the CWE list has no page to send a reader to",
}


class Trouble(Exception):
    """The validator could not do its work; the message says what to do about it."""


@dataclass(frozen=True)
class Remark:
    level: str
    rule: str
    text: str


def main(paths: list[str]) -> int:
    if not paths:
        print("usage: python .ci/sarif/validate.py FILE...", file=sys.stderr)
        return 2
    try:
        install()
        remarks = {path: [*validate(Path(path)), *against_schema(path)] for path in paths}
    except Trouble as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return 2
    for path, found in remarks.items():
        for remark in found:
            print(f"{path}: {remark.level}: {remark.rule}: {remark.text}")
    bad = sum(not is_explained(remark) for found in remarks.values() for remark in found)
    notes = sum(map(len, remarks.values())) - bad
    print(f"{len(paths)} files validated: {bad} remarks that count, {notes} explained notes")
    return 1 if bad else 0


def is_explained(remark: Remark) -> bool:
    """Is this a note about something that we leave out on purpose?"""
    return remark.level == "note" and remark.rule in EXPLAINED


def install() -> None:
    """The validators from npm, once a checkout; their own install scripts are not run."""
    if not installed():
        npm = shutil.which("npm")
        if npm is None:
            raise Trouble("npm is not on the path; install Node.js, which brings it")
        done = run(
            npm,
            "install",
            "--prefix",
            str(HERE),
            "--no-save",
            "--no-package-lock",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            *(f"{name}@{version}" for name, version in PACKAGES.items()),
        )
        if done.returncode or not installed():
            raise Trouble(
                f"npm could not install {' and '.join(PACKAGES)} (the first needs x86-64 Linux); "
                "npm said:\n"
                f"{done.stderr.strip() or done.stdout.strip()}"
            )
    TOOL.chmod(0o755)


def installed() -> bool:
    return TOOL.exists() and all(
        version_of(HERE / "node_modules" / name) == version for name, version in PACKAGES.items()
    )


def version_of(folder: Path) -> str:
    try:
        return str(json.loads((folder / "package.json").read_bytes()).get("version"))
    except (OSError, ValueError):
        return ""


def against_schema(path: str) -> Iterator[Remark]:
    """What the schema says, by way of the package with which GitHub's upload action asks it."""
    node = shutil.which("node")
    if node is None:
        raise Trouble("node is not on the path; install Node.js")
    done = run(node, str(SCHEMA_CHECK), str(TOOL.parent / "sarif-2.1.0.json"), path)
    if done.returncode not in (0, 1):
        raise Trouble(f"{path}: the schema could not be asked; node said:\n{done.stderr}")
    yield from (Remark("error", "schema", line) for line in done.stdout.splitlines())


def validate(path: Path) -> Iterator[Remark]:
    if not path.is_file():
        raise Trouble(f"{path}: there is no such file")
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "report.sarif")
        done = run(
            str(TOOL),
            "validate",
            str(path),
            "--config",
            str(POLICY),
            "--rule-kind",
            "Sarif;Ghas",
            "--level",
            "Error;Warning;Note",
            "--quiet",
            "true",
            "--output",
            str(written),
            "--log",
            "ForceOverwrite",
        )
        try:
            report = json.loads(written.read_bytes())
        except (OSError, ValueError) as error:
            raise Trouble(
                f"{path}: the validator gave no report ({error}); it ended with "
                f"{done.returncode} and said:\n{done.stdout}{done.stderr}"
            ) from error
    yield from remarks_of(report, path)


def remarks_of(report: dict[str, Any], path: Path) -> Iterator[Remark]:
    for validated in report.get("runs") or [{}]:
        invocations = validated.get("invocations") or [{}]
        if not all(each.get("executionSuccessful") for each in invocations):
            raise Trouble(f"{path}: the validator did not finish: {json.dumps(invocations)}")
        rules = {rule["id"]: rule for rule in validated["tool"]["driver"].get("rules", [])}
        for result in validated.get("results", []):
            message, rule = result["message"], rules.get(result["ruleId"], {})
            level = rule.get("defaultConfiguration", {}).get("level", "warning")
            template = rule.get("messageStrings", {}).get(message.get("id"), {}).get("text", "")
            yield Remark(
                result.get("level", level),
                result["ruleId"],
                message.get("text") or filled(template, message.get("arguments", [])),
            )


def filled(template: str, arguments: list[str]) -> str:
    for number, argument in enumerate(arguments):
        template = template.replace(f"{{{number}}}", argument)
    return template


def run(*command: str) -> subprocess.CompletedProcess[str]:
    # The tool stops at once where the system has no ICU library, unless it is told to do without.
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    try:
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Trouble(f"{command[0]} could not be run: {error}") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
