"""A container refers to a variable, a trigger, a tag or a template that it does not have.

Why it matters: what such a tag sends, and when it fires, nobody can say from the file.
An unknown variable is sent as its name or as nothing, and a tag without its trigger never fires.
A file with only a part of a container is meant to be merged into another one: then the name has to
exist there. Where many names are missing this is said once.

What to do: define what is missing, or take the reference out.
Where the file is to be merged, check that the container it goes to has the name.

References: 45 CFR 164.308(a)(1)(ii)(A).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Container, Diagnostic, Finding, Site, Step
from analyzer.rules._containers import MOST_RELATED, listed, title_of

CODE = "TL506"
SEVERITY = "warning"
SCORE = "3.4"
MESSAGE = "Container '{0}' has no '{1}', which is asked for by '{2}'."
NEXT = "Define what is missing, or take the reference to it out."
TAGS = ("maintainability",)
PART = ", which looks like a part of another one,"
MOST = 6  # names of one container that are told one by one


def check(site: Site) -> Iterator[Finding]:
    """A finding for each container and name, where it is first referred to."""
    for report in site.containers:
        container = report.container
        missing: dict[tuple[str, str], list[Diagnostic]] = {}
        for each in container.diagnostics:
            if each.kind == "undefined":
                missing.setdefault((each.what, each.target), []).append(each)
        if len(missing) > MOST:
            names = listed(_name(what, target) for what, target in missing)
            every = [each for found in missing.values() for each in found]
            yield _finding(container, names, every, PART)
        else:
            for (what, target), found in missing.items():
                yield _finding(container, _name(what, target), found)
        off = [each for each in container.diagnostics if each.kind == "switched-off"]
        if off:
            names = listed((each.target for each in off), len(off))
            kind = "variable" if len(off) == 1 else "variables"
            yield _finding(container, f"built-in {kind} {names} switched on", off, "built-in")


def _name(what: str, target: str) -> str:
    return f"{what.removeprefix('undefined ')} {target}".strip()


def _finding(container: Container, name: str, found: list[Diagnostic], anchor: str = "") -> Finding:
    users = listed(user for each in found for user in each.users)
    return Finding(
        place=found[0].place,
        arguments=(title_of(container) + anchor * (anchor == PART), name, users),
        anchor=("container", title_of(container), anchor or name),
        related=tuple(
            Step(each.place, f"asks for {_name(each.what, each.target)}")
            for each in found[1:MOST_RELATED]
        ),
    )
