"""YAML files of frameworks as plain values; one that cannot be read is skipped in part."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from analyzer.model import Skip, Source


def mapping(source: Source, unknown: str) -> Generator[Skip, None, dict[str, Any]]:
    """The mapping that a file holds, else an empty one; a skip says what is `unknown` then."""
    import yaml

    try:
        said = yaml.load(source.data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        yield Skip(source.path, f"its YAML cannot be read, so {unknown} not known", kind="partly")
        return {}
    return said if isinstance(said, dict) else {}
