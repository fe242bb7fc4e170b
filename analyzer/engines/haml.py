"""HAML: elements by indentation, `= output`, `- statement`, filters such as :javascript."""

from __future__ import annotations

from analyzer.engines._haml import rewrite
from analyzer.engines._ruby_engine import ruby_engine

ENGINE = ruby_engine("haml", (".haml",), rewrite)
