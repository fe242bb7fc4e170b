"""Decisions that people write into the inventory, read back and put into the configuration."""

from __future__ import annotations

from analyzer.decisions.amending import Amended, amended
from analyzer.decisions.deciding import Decisions, decide
from analyzer.decisions.reading import Row, read

__all__ = ["Amended", "Decisions", "Row", "amended", "decide", "read"]
