"""Source maps: from a place in a bundle to the line that a person wrote."""

from __future__ import annotations

from analyzer.sourcemaps.originals import Originals as Originals
