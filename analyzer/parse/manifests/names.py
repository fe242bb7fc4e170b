"""Names of packages: how each ecosystem compares them, and which groups are for developers."""

from __future__ import annotations

import re

DEVELOPMENT = re.compile(
    r"(?i)(?:^|[^a-z])(?:dev|develop|development|test|tests|testing|lint|linting|format|typing|types|mypy|docs?|documentation|ci"
    r"|build|tools?|coverage|debug|benchmarks?|profiling|sandbox|style|quality|security-check|pre-?commit)(?:$|[^a-z])"
)


def canonical(ecosystem: str, name: str) -> str:
    """The name as its ecosystem compares it: dashes and case mean nothing to some."""
    match ecosystem:
        case "pypi":
            return re.sub(r"[-_.]+", "-", name).lower()
        case "cargo":
            return name.replace("_", "-").lower()
        case "nuget" | "composer" | "wordpress" | "drupal" | "swiftpm":
            return name.lower()
    return name


def is_development(group: str) -> bool:
    """Is a group of packages, by its name, only there for those who write and test the program?"""
    return bool(DEVELOPMENT.search(group))
