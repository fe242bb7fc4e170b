"""Custom code in a container is not a script that Tag Manager compiles.

Why it matters: the tag manager compiles the code of custom HTML tags and of custom JavaScript
variables to an old standard of the language when a version is published, and refuses what it cannot
read.
Until it is mended, the version with this code cannot be published, or the tag does nothing, and
what it would send cannot be told from the file.

What to do: mend the code at the place that is named, or write it in an older standard.

References: ECMA-262, the standard of the language.
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._containers import title_of

CODE = "TL507"
SEVERITY = "warning"
SCORE = "3.2"
MESSAGE = "The code of '{0}' in container '{1}' does not compile, line '{2}' of it: '{3}'."
NEXT = "Mend the code at this place, or write it in an older standard of JavaScript."
TAGS = ("maintainability",)


def check(site: Site) -> Iterator[Finding]:
    """A finding for each tag and variable, at the first mistake in its code."""
    for report in site.containers:
        title = title_of(report.container)
        seen: set[str] = set()
        for each in report.container.diagnostics:
            if each.kind == "code" and each.target not in seen:
                seen.add(each.target)
                what, line = each.users
                yield Finding(
                    place=each.place,
                    arguments=(each.target, title, line, what),
                    anchor=("container", title, each.target),
                )
