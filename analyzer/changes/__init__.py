"""What a git change introduces: the tree from before it is judged as well, and the two compared."""

from __future__ import annotations

from analyzer.changes.compared import compared
from analyzer.changes.past import Change, Past, since

__all__ = ["Change", "Past", "compared", "since"]
