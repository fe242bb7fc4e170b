"""A finding stays the same finding while the code around it is moved, reformatted and renumbered."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from analyzer import pipeline, signatures
from analyzer.judge import fingerprint_of
from analyzer.pipeline import Options
from analyzer.plugins import modules, title_of
from tests.conftest import ROOT
from tests.markdown_pages import Case, PageError, cases_of

CLINIC = ROOT / "fixtures" / "sites" / "clinic"
FREE_FORM = (".html", ".htm", ".js", ".jsx", ".mjs", ".ts", ".tsx", ".php", ".vue", ".jinja")
NOTHING = ("nothing",)
Files = dict[str, str]


def moved(files: Mapping[str, str]) -> Files:
    """Lines are put before everything, and every line stands deeper."""
    told = {}
    for name, text in files.items():
        if not name.endswith(FREE_FORM) or text.startswith(("---", "+++")) or "`" in text:
            told[name] = text
            continue
        lines = [f"    {line}" if line else line for line in text.split("\n")]
        told[name] = "\n\n\n" + "\n".join(lines)
    return told


def returned(files: Mapping[str, str]) -> Files:
    """The lines end as they do on Windows."""
    return {name: text.replace("\n", "\r\n") for name, text in files.items()}


def requoted(files: Mapping[str, str]) -> Files:
    """Scripts use the other quotes, where that can be done letter by letter."""
    told = {}
    for name, text in files.items():
        one, other = ("'", '"') if '"' not in text else ('"', "'")
        safe = other not in text and name.endswith((".js", ".jsx", ".ts", ".tsx", ".html"))
        told[name] = text.replace(one, other) if safe else text
    return told


def squeezed(files: Mapping[str, str]) -> Files:
    """No line is indented, none is empty, and a container is one line."""
    told = {}
    for name, text in files.items():
        if is_container(text):
            told[name] = json.dumps(json.loads(text), separators=(",", ":"))
        elif name.endswith(FREE_FORM) and not text.startswith(("---", "+++")) and "`" not in text:
            told[name] = "\n".join(line.strip() for line in text.split("\n") if line.strip())
        else:
            told[name] = text
    return told


def renumbered(files: Mapping[str, str]) -> Files:
    """The container was imported elsewhere: new numbers, another order, and a new name of its
    file.
    """
    told = {}
    for name, text in files.items():
        if not is_container(text) or any(name in other for other in files.values()):
            told[name] = text
        else:
            stem, _, suffix = name.rpartition(".")
            told[f"{stem}_v99.{suffix}"] = json.dumps(with_new_numbers(json.loads(text)), indent=1)
    return told


CHANGES: list[Callable[[Mapping[str, str]], Files]] = [
    moved,
    returned,
    requoted,
    squeezed,
    renumbered,
]


def reported() -> Iterator[tuple[Case, str]]:
    """Every case of every rule's page that the rule reports."""
    for module in modules("rules"):
        name = module.__name__.rpartition(".")[2]
        try:
            cases = cases_of(ROOT / "fixtures" / "rules" / f"{name}.md")
        except (OSError, PageError):
            continue  # another test says so
        chosen = "" if hasattr(module, "review") else title_of(module)
        yield from ((case, chosen) for case in cases if case.expected not in ((), NOTHING))


@pytest.mark.parametrize(
    ("case", "rule"), [pytest.param(case, rule, id=str(case)) for case, rule in reported()]
)
def test_a_reported_case_keeps_its_fingerprints(case: Case, rule: str, tmp_path: Path) -> None:
    before = fingerprints(case.files, tmp_path / "before", rule)
    assert before
    for change in CHANGES:
        files = change(case.files)
        if files != case.files:
            after = fingerprints(files, tmp_path / change.__name__, rule)
            assert after == before, f"the files {change.__name__}"


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: str(each.__name__))
def test_the_clinic_keeps_its_fingerprints(
    change: Callable[[Mapping[str, str]], Files], tmp_path: Path
) -> None:
    files = {
        path.relative_to(CLINIC).as_posix(): path.read_text(encoding="utf-8")
        for path in CLINIC.rglob("*")
        if path.is_file()
    }
    changed = change(files)
    assert changed != files
    before = fingerprints(files, tmp_path / "before")
    assert len(before) > 20
    assert fingerprints(changed, tmp_path / "after") == before


def test_a_second_vendor_on_the_page_adds_findings_and_changes_none(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(CLINIC, site)
    before = scanned(site)
    base = site / "templates" / "base.html"
    text = base.read_text(encoding="utf-8")
    loader = '<script async src="//static.getclicky.com/js"></script>\n'
    base.write_text(text.replace("<head>", f"<head>\n{loader}", 1), encoding="utf-8")
    after = scanned(site)
    assert before - after == Counter()
    assert after - before


def test_the_same_thing_twice_in_a_file_has_two_fingerprints_that_stay(tmp_path: Path) -> None:
    tag = "<script>fbq('track', 'PageView');</script>\n"
    files = {
        "public/login.html": f"<html><head><title>Sign in</title></head><body>{tag}{tag}</body></html>\n",
        "public/other/login.html": f"<html><head><title>Sign in</title></head><body>{tag}</body></html>\n",
    }
    before = fingerprints(files, tmp_path / "before")
    assert max(before.values()) == 1
    assert fingerprints(moved(files), tmp_path / "after") == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("track('x', {a: 1})", 'track("x", { a: 1 })'),
        ("two  words", "two words"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_blanks_and_quotes_of_an_anchor_do_not_matter(one: str, other: str) -> None:
    assert fingerprint_of("TL101", (one,)) == fingerprint_of("TL101", (other,))


def test_the_parts_of_an_anchor_stay_apart() -> None:
    assert fingerprint_of("TL101", ("a", "b")) != fingerprint_of("TL101", ("ab", ""))
    assert fingerprint_of("TL101", ("a",)) != fingerprint_of("TL102", ("a",))


# ---------------------------------------------------------------- scans


def fingerprints(files: Mapping[str, str], folder: Path, rule: str = "") -> Counter[str]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return scanned(folder, *([rule] if rule else []))


def scanned(folder: Path, *rules: str) -> Counter[str]:
    report = pipeline.scan([folder], signatures.load(), Options(select=rules))
    return Counter(f"{each.rule} {each.fingerprint}" for each in report.findings)


# ---------------------------------------------------------------- containers


def is_container(text: str) -> bool:
    return text.lstrip().startswith("{") and '"containerVersion"' in text


def with_new_numbers(raw: Any) -> Any:
    """The container with other ids and its lists the other way round.

    What refers to nothing keeps its number: there is nothing that could get a new one.
    """
    text = json.dumps(raw)
    known = set(re.findall(r'"(?:tag|trigger|variable|folder)Id": "(\d{1,6})"', text))

    def number(found: re.Match[str]) -> str:
        return f'"{int(found[1]) + 4000}"' if found[1] in known else found[0]

    for pattern in (
        r'"(?:tag|trigger|variable|folder)Id": "\d{1,6}"',
        r'"(?:firing|blocking)TriggerId": \[[^\]]*\]',
        r'"type": "TRIGGER_REFERENCE", "value": "\d{1,6}"',
    ):
        text = re.sub(pattern, lambda found: re.sub(r'"(\d{1,6})"', number, found[0]), text)
    text = re.sub(r'"fingerprint": "\d+"', '"fingerprint": "1799999999999"', text)
    raw = json.loads(text)
    version = raw.get("containerVersion", raw)
    for key in ("tag", "trigger", "variable"):
        if isinstance(version.get(key), list):
            version[key].reverse()
    return raw
