"""Google Tag Manager's {{Variable}} inside custom HTML: the tag manager's own little language."""

from __future__ import annotations

from analyzer.engines import Engine, Mark

ENGINE = Engine(name="gtm-variables", marks=(Mark(rb"\{\{", rb"\}\}", "output"),))
