"""The organisation's own word: its configuration, its suppressions and the baseline."""

from __future__ import annotations

from analyzer.policy.idle import idle
from analyzer.policy.settling import Settled, named, nearest, settled

__all__ = ["Settled", "idle", "named", "nearest", "settled"]
