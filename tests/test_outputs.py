"""Every output tells the same report, the same way each time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest

from analyzer.model import Report, Site
from analyzer.plugins import modules
from tests.records import clinic, hostile, report

OUTPUTS = {
    module.SUFFIX: module for module in modules("outputs") if not getattr(module, "BINARY", False)
}

# Of the web page, test_outputs_html keeps what it tells: a change of its looks is no change of that.
WHOLE = [suffix for suffix in OUTPUTS if suffix != ".html"]


def told(output: ModuleType, report: Report) -> str:
    out = StringIO()
    output.write(report, out)
    return out.getvalue()


@pytest.mark.parametrize("suffix", WHOLE)
def test_the_clinic_is_told_as_it_always_was(suffix: str, root: Path, rewrite: bool) -> None:
    golden = root / "fixtures" / "outputs" / f"clinic{suffix}"
    seen = told(OUTPUTS[suffix], clinic())
    if rewrite:
        golden.write_text(seen, encoding="utf-8")
    assert golden.exists(), f"{golden} is missing: run pytest --rewrite and read what it writes"
    assert seen == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", OUTPUTS)
def test_the_order_in_which_records_come_changes_nothing(suffix: str) -> None:
    before = clinic()
    site, coverage = before.site, before.coverage
    after = replace(
        before,
        findings=before.findings[::-1],
        site=replace(site, trackers=site.trackers[::-1], others=site.others[::-1]),
        coverage=replace(
            coverage,
            skips=coverage.skips[::-1],
            other_kinds=dict([*coverage.other_kinds.items()][::-1]),
        ),
    )
    assert told(OUTPUTS[suffix], before) == told(OUTPUTS[suffix], after)


@pytest.mark.parametrize("suffix", OUTPUTS)
def test_every_output_survives_hostile_words_and_can_be_encoded(suffix: str) -> None:
    assert told(OUTPUTS[suffix], hostile()).encode("utf-8")


def test_naming_the_outputs_loads_nothing_heavy(root: Path) -> None:
    code = (
        "import sys; from analyzer.plugins import modules; modules('outputs'); "
        "print(sorted({'rich', 'sarif_om', 'attr'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("suffix", OUTPUTS)
def test_an_empty_report_is_told_too(suffix: str) -> None:
    assert told(OUTPUTS[suffix], report(site=Site({}, {}, ()), rules=())).endswith("\n")
