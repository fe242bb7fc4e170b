"""Which scripts of left-out build output the site asks for, by pages or by other such scripts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from analyzer.link.names import Names
from analyzer.model import Include, Parsed, ScriptLoad, options


def asked_for(
    parsed: Iterable[Parsed], read: Collection[str], outputs: Collection[str]
) -> Iterator[str]:
    """The outputs that some files load or import; what can be one of the `read` files is that."""
    own, built = Names(read), Names(outputs)
    for each in parsed:
        for fact in each.facts:
            match fact:
                case ScriptLoad(url=url):
                    for one in options(url):
                        if not own.scripts(one, each.path)[0]:
                            yield from built.scripts(one, each.path)[0]
                case Include(how="imports", target=str(target)) if each.path in built.paths:
                    yield from built.modules(target, each.path)
