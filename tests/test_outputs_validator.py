"""The script that asks Microsoft's validator: what it makes of a report, and of having none."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def script(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("validate", root / ".ci/sarif/validate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "validate", module)
    spec.loader.exec_module(module)
    return module


def validated(*results: dict[str, Any], successful: bool = True) -> dict[str, Any]:
    rule = {"id": "SARIF2005", "messageStrings": {"Short": {"text": "{0}: '{1}' has no address."}}}
    return {
        "runs": [
            {
                "tool": {"driver": {"name": "SARIF Functional Testing", "rules": [rule]}},
                "invocations": [{"executionSuccessful": successful}],
                "results": list(results),
            }
        ]
    }


@pytest.mark.parametrize(
    ("level", "expected"),
    [({}, "warning"), ({"level": "note"}, "note"), ({"level": "error"}, "error")],
)
def test_a_remark_without_a_level_is_a_warning(
    script: ModuleType, level: dict[str, str], expected: str
) -> None:
    said = {"ruleId": "SARIF2005", "message": {"id": "Short", "arguments": ["a", "b"]}, **level}
    (remark,) = script.remarks_of(validated(said), Path("a.sarif"))
    assert (remark.level, remark.rule, remark.text) == (
        expected,
        "SARIF2005",
        "a: 'b' has no address.",
    )


def test_a_validator_that_did_not_finish_is_trouble(script: ModuleType) -> None:
    with pytest.raises(script.Trouble, match="did not finish"):
        list(script.remarks_of(validated(successful=False), Path("a.sarif")))


def test_a_report_without_runs_is_trouble(script: ModuleType) -> None:
    with pytest.raises(script.Trouble, match="did not finish"):
        list(script.remarks_of({"runs": []}, Path("a.sarif")))


def test_no_report_is_trouble(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "TOOL", Path("/bin/true"))
    path = tmp_path / "a.sarif"
    path.write_text("{}")
    with pytest.raises(script.Trouble, match="gave no report"):
        list(script.validate(path))


def test_without_npm_it_says_what_to_install(
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(script, "TOOL", tmp_path / "Sarif.Multitool")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert script.main(["a.sarif"]) == 2
    assert "install Node.js" in capsys.readouterr().err


def test_it_wants_a_file(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main([]) == 2
    assert "usage:" in capsys.readouterr().err
