"""Bytes to facts: one file at a time, a pure function that runs in any process."""

from __future__ import annotations
