"""Exported tag-manager containers: which tag fires where, when, and with what."""

from __future__ import annotations

from analyzer.gtm.shapes import looks_like_container
from analyzer.model import Parsed, Source, Vocabulary

__all__ = ["looks_like_container", "quotable", "read_container"]


def read_container(source: Source, vocabulary: Vocabulary) -> Parsed:
    """Every container in the file; the rest of this room is loaded when there is one to read.

    Secrets are taken out before anything is read, so that nothing can quote them.
    """
    from analyzer.gtm.container import read_container
    from analyzer.gtm.secrets import hidden_in, told, without

    hidden = hidden_in(source.data)
    shown = Source(source.path, without(source.data, hidden))
    return told(read_container(shown, vocabulary), shown, hidden)


def quotable(data: bytes) -> bytes:
    """The file as it may be shown: of a container without its secrets, each byte in its place."""
    if not looks_like_container(data):
        return data
    from analyzer.gtm.secrets import hidden_in, without

    return without(data, hidden_in(data))
