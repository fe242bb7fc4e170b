"""A comment: where it stands, and where its words do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in bytes `start` to `end` of its file, and its text without the comment's marks.

    A `block` has a mark at its end, so that its text may run over several lines.
    """

    start: int
    end: int
    first: int
    last: int
    block: bool = True

    def moved(self, by: int) -> Remark:
        """The comment of an inner document as one of the document that holds it."""
        return Remark(self.start + by, self.end + by, self.first + by, self.last + by, self.block)
