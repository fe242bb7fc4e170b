"""EEx, Phoenix's older templates: <%= output %> and <% statement %>, without braces."""

from __future__ import annotations

from analyzer.engines._heex import rewrite_eex
from analyzer.engines.heex import phoenix_engine

ENGINE = phoenix_engine("eex", (".eex", ".leex"), rewrite_eex)
