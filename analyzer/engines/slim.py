"""Slim: elements by indentation, `= output`, `- statement`, and blocks such as javascript:."""

from __future__ import annotations

from analyzer.engines._ruby_engine import ruby_engine
from analyzer.engines._slim import rewrite

ENGINE = ruby_engine("slim", (".slim",), rewrite)
