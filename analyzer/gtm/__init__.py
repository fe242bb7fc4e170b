"""Exported tag-manager containers: which tag fires where, when, and with what."""

from __future__ import annotations

from analyzer.gtm.export import looks_like_container
from analyzer.model import Parsed, Source, Vocabulary

__all__ = ["looks_like_container", "read_container"]


def read_container(source: Source, vocabulary: Vocabulary) -> Parsed:
    """Every container in the file; the rest of this room is loaded when there is one to read."""
    from analyzer.gtm.container import read_container

    return read_container(source, vocabulary)
