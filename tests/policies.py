"""Small sites with a configuration, for the tests of the policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from analyzer import pipeline, signatures
from analyzer.model import Finding, Report
from analyzer.policy.config import Wanted

TODAY = date(2026, 12, 1)
PLAIN = pipeline.Options()
PIXEL = "<script>fbq('init', '702200300400511'); fbq('track', 'PageView');</script>"
MIXPANEL = "<script>mixpanel.init('0123456789abcdef0123456789abcdef');</script>"
BOOK = f"<html><head><title>Book an appointment</title>{PIXEL}</head><body></body></html>"
CAREERS = f"<html><head><title>Careers</title>{PIXEL}</head><body></body></html>"
SITE = {"book-appointment.html": BOOK, "careers.html": CAREERS}


def lay(folder: Path, files: Mapping[str, str]) -> Path:
    """Lay files down in a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def scanned(*paths: Path, options: pipeline.Options = PLAIN, today: date = TODAY) -> Report:
    """The report of a scan on a known day."""
    return pipeline.scan(
        paths, signatures.load(), replace(options, config=replace(options.config, today=today))
    )


def with_policy(folder: Path, policy: str, files: Mapping[str, str] = SITE) -> Report:
    """The report of a site with a trackerlint.toml beside it."""
    return scanned(lay(folder, {**files, "trackerlint.toml": policy}))


def named(report: Report, rule: str) -> list[Finding]:
    return [each for each in report.findings if each.rule == rule]


def opens(report: Report) -> set[str]:
    """The rules with findings that nobody accepts."""
    return {each.rule for each in report.findings if each.is_open}


def only(file: Path) -> pipeline.Options:
    return pipeline.Options(config=Wanted(file))
