"""Ask Microsoft's validator about SARIF files: `python .ci/sarif/validate.py FILE...`.

The validator ends with 0 whatever it finds, even in broken JSON, so its report is read instead.
Exit codes: 0 nothing but notes, 1 an error or a warning, 2 the validator could not do its work.
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
TOOL = HERE / "node_modules" / PACKAGE / "Sarif.Multitool"
POLICY = HERE / "policy.json"
PATIENCE = 300  # seconds


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
        remarks = {path: list(validate(Path(path))) for path in paths}
    except Trouble as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return 2
    for path, found in remarks.items():
        for remark in found:
            print(f"{path}: {remark.level}: {remark.rule}: {remark.text}")
    bad = sum(remark.level != "note" for found in remarks.values() for remark in found)
    notes = sum(map(len, remarks.values())) - bad
    print(f"{len(paths)} files validated: {bad} errors or warnings, {notes} notes")
    return 1 if bad else 0


def install() -> None:
    """The validator from npm, once a checkout; its own install script is not run."""
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
            f"{PACKAGE}@{VERSION}",
        )
        if done.returncode or not installed():
            raise Trouble(
                f"npm could not install {PACKAGE}@{VERSION} (it needs x86-64 Linux); npm said:\n"
                f"{done.stderr.strip() or done.stdout.strip()}"
            )
    TOOL.chmod(0o755)


def installed() -> bool:
    try:
        about = json.loads((TOOL.parent / "package.json").read_bytes())
    except (OSError, ValueError):
        return False
    return bool(about.get("version") == VERSION) and TOOL.exists()


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
