"""How the rules about the review tell a suppression."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from analyzer.model import Finding, Judgement, Suppression

BESIDE = ("comment", "tag-notes")  # written beside the code; the others stand in the configuration


def is_beside_code(suppression: Suppression) -> bool:
    """Does it stand beside the code, and not in the configuration?"""
    return suppression.kind in BESIDE


def has_ended(suppression: Suppression, today: date) -> bool:
    """Is its last day over?"""
    return suppression.until is not None and suppression.until < today


def said(suppression: Suppression) -> str:
    """A suppression as people write it, without its reason."""
    rules = ", ".join(suppression.rules)
    if is_beside_code(suppression):
        return f"ignore[{rules}]" if rules else "ignore"
    about = [
        rules,
        ", ".join((*suppression.vendors, *suppression.companies)),
        ", ".join(suppression.classes),
        ", ".join(suppression.tags),
        ", ".join(suppression.paths),
    ]
    return f"{suppression.kind}: {'; '.join(filter(None, about)) or 'everything'}"


def about(suppression: Suppression, *arguments: str, why: str = "") -> Finding:
    """A finding at a suppression, which stays the same when lines move; `why` is one more argument
    that may change.
    """
    where = suppression.container or suppression.place.path
    return Finding(
        place=suppression.place,
        arguments=(said(suppression), *arguments, *([why] if why else [])),
        anchor=(suppression.kind, where, *suppression.tags, said(suppression), *arguments),
    )


def nearest_line(judgement: Judgement, suppression: Suppression, rules: Collection[str]) -> int:
    """The line of the same file closest to a comment with a finding of these rules, else 0."""
    lines = [
        each.place.line
        for each in judgement.findings
        if each.place.path == suppression.place.path and (each.rule in rules or each.code in rules)
    ]
    return min(lines, key=lambda line: abs(line - suppression.place.line), default=0)
