"""The web page put together: its markup, its one style sheet, its one script, and their hashes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analyzer.model import Report
from analyzer.outputs import _words
from analyzer.outputs._html_answer import answer
from analyzer.outputs._html_containers import containers
from analyzer.outputs._html_findings import findings_of, groups, paragraphs, row, words_of
from analyzer.outputs._html_flows import flows
from analyzer.outputs._html_gathered import Gathered
from analyzer.outputs._html_history import changes, first_seen
from analyzer.outputs._html_map import trunks
from analyzer.outputs._html_matrix import MARKS, cells, matrix
from analyzer.outputs._html_tables import Tables
from analyzer.outputs._html_terms import NEVER_SEEN, TERMS
from analyzer.outputs._html_vendors import owners_of, vendors
from analyzer.outputs._receipt import gaps_of, other_kinds

LONGEST = 2_000  # characters of any text that the page shows
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}  # in a script's text


def page(report: Report) -> Iterator[str]:
    """The page, piece by piece."""
    environment = Environment(
        loader=PackageLoader("analyzer.outputs", "_page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=fit,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = asset("report.css"), asset("report.js")
    context, data = told(report)
    yield from environment.get_template("report.html").generate(
        **context,
        style=Markup(style),
        script=Markup(script),
        style_hash=hashed(style),
        script_hash=hashed(script),
        data=Markup(embedded(data)),
    )
    yield "\n"


def told(report: Report) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the markup is made from, and what the page's script reads."""
    gathered = Gathered(report)
    tables = Tables(gathered)
    findings = findings_of(gathered)
    every = (*findings.open, *findings.known, *findings.accepted)
    words = words_of(findings.accepted)
    numbers = {each.suppression: number for number, each in enumerate(words)}
    found_rules = {each.code for each in every}
    rules = [rule for rule in report.rules if rule.code in found_rules]
    told_vendors = vendors(gathered, findings.open)
    owners = {each.fingerprint + str(each.place): owners_of(gathered, each) for each in every}
    for each in sorted(told_vendors, key=lambda one: one.name.lower()):
        tables.vendor(each.id)
        for owner in each.owners:
            tables.owner(owner)
    context = {
        "title": title(report),
        "version": report.version,
        "day": report.site.policy.today.strftime("%d %B %Y").lstrip("0")
        if report.site.policy.today != date.min
        else "",
        "answer": answer(gathered),
        "changes": changes(gathered, findings.open),
        "first_seen": first_seen(gathered),
        "findings": findings,
        "groups": groups(gathered, findings.open),
        "known_groups": groups(gathered, findings.known),
        "words": words,
        "matrix": matrix(gathered, every),
        "marks": MARKS,
        "trunks": trunks(gathered, tables),
        "flows": flows(gathered),
        "containers": containers(gathered),
        "vendors": told_vendors,
        "gaps": list(gaps_of(report)),
        "other_kinds": other_kinds(report),
        "never_seen": NEVER_SEEN,
        "terms": TERMS,
        "rules": [(rule, paragraphs(rule.help)) for rule in rules],
        "read": report.coverage.read,
        "base": report.baseline or report.base,
        "gone": report.gone,
    }
    data = {
        "findings": [
            row(gathered, tables, each, numbers, owners[each.fingerprint + str(each.place)])
            for each in every
        ],
        "rules": {
            rule.code: {
                "name": rule.name,
                "severity": rule.severity,
                "short": rule.short,
                "next": rule.next,
            }
            for rule in rules
        },
        "words": [
            {key: value for key, value in asdict(each).items() if key != "suppression"}
            for each in words
        ],
        "running": list(cells(gathered, tables)),
    }
    return context, {**tables.told(), **data}


def title(report: Report) -> str:
    """What was read, by the name that people know it by."""
    where = report.checkout
    name = where.repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    held = sorted({each.container.container_id for each in report.site.containers})
    return " / ".join(part for part in (name, where.folder) if part) or ", ".join(held[:3])


def fit(value: Any) -> Any:
    """Words out of scanned files: nothing that steers, nothing endless. Markup is ours."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _words.name(_words.clip(value, LONGEST))
    return value


def embedded(data: Any) -> str:
    """JSON that can stand inside a script element: plain ASCII, and nothing that ends it."""
    text = json.dumps(_fit(data), separators=(",", ":"))
    for character, escape in UNSAFE.items():
        text = text.replace(character, escape)
    return text


def _fit(value: Any) -> Any:
    match value:
        case str():
            return fit(value)
        case dict():
            return {key: _fit(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_fit(inner) for inner in value]
    return value


def asset(name: str) -> str:
    return (files("analyzer.outputs") / "_page" / name).read_text(encoding="utf-8")


def hashed(text: str) -> str:
    """How a content-security policy names a text that may stand in the page."""
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")
