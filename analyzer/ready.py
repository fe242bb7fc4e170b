"""What every start needs, ready for use: as an earlier run made it where nothing changed since.

That is the signatures, and of frameworks and template languages as much as tells whether a site
needs their modules. All of it is made anew when one of our own files changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzer import cache, engines, frameworks, plugins, signatures
from analyzer.cache import Kept
from analyzer.signatures import Signatures


@dataclass(frozen=True, slots=True)
class Ready:
    """What is kept from one start to the next."""

    signatures: Signatures
    frameworks: tuple[frameworks.Face, ...]
    engines: tuple[engines.Face, ...]


def loaded(*, cached: bool) -> Signatures:
    """Our own signatures. Raises UserError with the file and line of a mistake.

    With `cached` also the modules of frameworks and template languages wait until a site needs
    them.
    """
    where = cache.folder() if cached else None
    if where is None:
        return signatures.load()
    kept = Kept(where, "ready", signatures.folder())
    found = kept.record()
    if isinstance(found, Ready):
        plugins.remember("frameworks", found.frameworks)
        plugins.remember("engines", found.engines)
        return found.signatures
    read = signatures.load()
    kept.keep(Ready(read, frameworks.faces(), engines.faces()))
    return read
