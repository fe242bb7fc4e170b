"""Addresses that a rule can be read up under: those its own words name, and the weakness's page."""

from __future__ import annotations

import re

from analyzer.model import Rule

_ADDRESS = re.compile(r"https://[\w.-]+\.[a-z]{2,}(?:/[\w\-.~%/+#?=&]*)?", re.ASCII)
_CWE = re.compile(r"external/cwe/cwe-(\d+)")


def reference(rule: Rule) -> str:
    """The first address that the rule's help gives, or the page of its weakness; empty for none.

    trackerlint has no pages of its own that a reader could be sent to.
    """
    if found := _ADDRESS.search(rule.help):
        return found[0].rstrip(".,;:")
    for tag in rule.tags:
        if match := _CWE.fullmatch(tag):
            return weakness_page(match[1])
    return ""


def weakness_page(number: str) -> str:
    """Where a weakness of the CWE list is described."""
    return f"https://cwe.mitre.org/data/definitions/{number}.html"
