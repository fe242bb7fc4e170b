"""The runs that were kept: what they found, and what is new, gone and unchanged since one."""

from __future__ import annotations

from analyzer.history.comparing import kept
from analyzer.history.folder import usual_file
from analyzer.history.questions import Asked, answered, trend_told

__all__ = ["Asked", "answered", "kept", "trend_told", "usual_file"]
