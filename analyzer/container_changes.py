"""What changed between two exports of a container, in a marketing analyst's words.

Ids, fingerprints and the order of the file say nothing: a tag is the same tag when its name is, or
when everything else is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from analyzer import sentences, tagbook
from analyzer.model import (
    ContainerReport,
    Kind,
    Report,
    Site,
    TagReport,
    UserError,
    shown,
)
from analyzer.outputs import _words
from analyzer.outputs._styled import Line, count, listed, printed_lines
from analyzer.tables import written

HEAD = ("change", "container", "tag", "vendor", "what", "sensitive_pages")
ORDER = ("added", "removed", "changed")
STYLES = {"added": "bold green", "removed": "bold red", "changed": "bold yellow"}
EVERYWHERE = "every page, the sensitive ones included"
MOST_PAGES = 8
LONGEST_VALUE = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One tag that was added, removed or changed: what that means, and the sensitive pages that it
    now reaches.
    """

    kind: str
    container: str
    tag: str
    vendor: str
    what: tuple[str, ...]
    reaches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes from one export to the other; `knows_pages` tells whether any page was known."""

    old: str
    new: str
    changes: tuple[Change, ...]
    knows_pages: bool

    @property
    def reaches_sensitive_pages(self) -> bool:
        """Did a tracker come to a sensitive page?"""
        return any(each.reaches for each in self.changes)


def between(report: Report, old: str, new: str) -> Changes:
    """The changes between the containers of two files of one scan. Raises UserError where one of
    them holds none.
    """
    before, after = _of_file(report, old), _of_file(report, new)
    found: list[Change] = []
    for one, other in _paired(before, after):
        found.extend(_changes(report.site, one, other))
    found.sort(key=lambda each: (not each.reaches, ORDER.index(each.kind), each.tag.lower()))
    return Changes(old, new, tuple(found), bool(report.site.pages))


def write(found: Changes, out: TextIO, *, colour: bool = False) -> None:
    """The changes as text, those that reach sensitive pages first."""
    printed_lines(_lines(found), out, colour=colour)


def told(found: Changes, form: str) -> str:
    """The changes as json, csv or markdown rows."""
    rows = [
        (
            each.kind,
            each.container,
            each.tag,
            each.vendor,
            "; ".join(each.what),
            ", ".join(each.reaches),
        )
        for each in found.changes
    ]
    return written(HEAD, rows, form)


def _lines(found: Changes) -> Iterator[Line]:
    if not found.changes:
        yield [(f"{_words.name(found.new)} does what {_words.name(found.old)} does", "bold")]
        return
    for each in found.changes:
        vendor = f" ({each.vendor})" if each.vendor else ""
        yield [
            (f"{each.kind}: ", STYLES[each.kind]),
            (_words.name(each.tag), "bold"),
            (_words.name(vendor), ""),
        ]
        for words in each.what:
            yield [(f"    {_words.name(words)}", "")]
        if each.reaches:
            pages = listed([_words.name(page) for page in each.reaches], MOST_PAGES)
            yield [("    comes to sensitive pages: ", "bold red"), (pages, "")]
    yield []
    numbers = [
        f"{sum(each.kind == kind for each in found.changes)} {kind}"
        for kind in ORDER
        if any(each.kind == kind for each in found.changes)
    ]
    reached = sum(bool(each.reaches) for each in found.changes)
    differ = "differs" if len(found.changes) == 1 else "differ"
    yield [(f"{count(len(found.changes), 'tag')} {differ}: {', '.join(numbers)}", "bold")]
    if reached:
        come = "comes" if reached == 1 else "come"
        yield [(f"{count(reached, 'tracker')} {come} to sensitive pages", "bold red")]
    elif not found.knows_pages:
        yield [
            (
                "whether a tracker came to a sensitive page is not known: "
                "--site FOLDER or --paths LIST tells the pages",
                "",
            )
        ]
    else:
        yield [("no tracker came to a sensitive page", "")]


# ---------------------------------------------------------------- pairs


def _of_file(report: Report, path: str) -> list[ContainerReport]:
    found = [each for each in report.site.containers if each.container.place.path == path]
    if found:
        return found
    reasons = [skip.reason for skip in report.coverage.skips if skip.path == path]
    why = f": {reasons[0]}" if reasons else ""
    raise UserError(f"{path} holds no container{why}; give an export of Tag Manager")


def _paired(
    before: Sequence[ContainerReport], after: Sequence[ContainerReport]
) -> Iterator[tuple[ContainerReport | None, ContainerReport | None]]:
    """Containers of one id; where both files hold just one, these two whatever their ids."""
    if len(before) == len(after) == 1:
        yield before[0], after[0]
        return
    ids = dict.fromkeys(each.container.container_id for each in (*before, *after))
    for name in ids:
        yield (
            next((each for each in before if each.container.container_id == name), None),
            next((each for each in after if each.container.container_id == name), None),
        )


def _changes(
    site: Site, before: ContainerReport | None, after: ContainerReport | None
) -> Iterator[Change]:
    pairs = _same_tags(before.tags if before else (), after.tags if after else ())
    for old, new in pairs:
        if old is None and new is not None and after is not None:
            yield _change("added", site, after, new, tuple(_told(new, after)), _reach(site, new))
        elif new is None and old is not None and before is not None:
            yield _change("removed", site, before, old, tuple(_told(old, before)), ())
        elif old and new and before and after:
            what = tuple(_differences(site, before, after, old, new))
            if what:
                reached = tuple(page for page in _reach(site, new) if page not in _reach(site, old))
                yield _change("changed", site, after, new, what, reached)


def _same_tags(
    before: Sequence[TagReport], after: Sequence[TagReport]
) -> Iterator[tuple[TagReport | None, TagReport | None]]:
    """Each tag with what it was: by its name, by all that it is set to, by its number."""
    old, new = list(before), list(after)
    for key in (_name, _settings, _number):
        for one in list(new):
            match = next((each for each in old if key(each) and key(each) == key(one)), None)
            if match is not None:
                old.remove(match)
                new.remove(one)
                yield match, one
    yield from ((each, None) for each in old)
    yield from ((None, each) for each in new)


def _name(tag: TagReport) -> object:
    return tag.tag.name


def _settings(tag: TagReport) -> object:
    return tag.tag.type, tag.tag.template, tag.ids, tag.tag.code, shown(tag.tag.parameters)


def _number(tag: TagReport) -> object:
    return tag.tag.tag_id and (tag.tag.tag_id, tag.tag.type)


# ---------------------------------------------------------------- what differs


def _told(tag: TagReport, container: ContainerReport) -> Iterator[str]:
    if tag.ids:
        yield f"for {sentences.joined(tag.ids)}"
    yield from sentences.fires(tag, container)
    if tag.data:
        yield f"sends {'; '.join(sentences.sends(tag.data))}"
    if tag.vendor:
        yield sentences.consent(tag.tag.consent)


def _differences(
    site: Site,
    before: ContainerReport,
    after: ContainerReport,
    old: TagReport,
    new: TagReport,
) -> Iterator[str]:
    if old.tag.name != new.tag.name:
        yield f"is called '{new.tag.name}', was '{old.tag.name}'"
    if old.vendor != new.vendor:
        is_now, was = (_vendor(site, each) or "nobody known" for each in (new, old))
        yield f"is for {is_now}, was for {was}"
    if old.ids != new.ids:
        is_now, was = (sentences.joined(each.ids) or "none" for each in (new, old))
        yield f"has the id {is_now}, was {was}"
    yield from _moved("", sentences.fires(old, before), sentences.fires(new, after))
    yield from _moved("sends ", sentences.sends(old.data), sentences.sends(new.data))
    if old.tag.consent != new.tag.consent:
        asked, was = sentences.consent(new.tag.consent), sentences.consent(old.tag.consent)
        yield f"{asked}; before it {was.replace('is set', 'was set').replace('has no', 'had no')}"
    if old.tag.code != new.tag.code:
        yield "its code changed"
    told = {datum.name for datum in (*old.data, *new.data)}
    was_set, is_set = dict(old.tag.parameters.items), dict(new.tag.parameters.items)
    for key in dict.fromkeys((*was_set, *is_set)):
        one, other = was_set.get(key), is_set.get(key)
        if one == other or key in told or _is_told(old, new, shown(one), shown(other)):
            continue
        yield f"its setting {key} is {_short(shown(other))}, was {_short(shown(one))}"


def _moved(verb: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The sentences that are new, and those that hold no longer."""
    yield from (f"now {verb}{words}" for words in new if words not in old)
    yield from (f"no longer {verb}{words}" for words in old if words not in new)


def _is_told(old: TagReport, new: TagReport, one: str, other: str) -> bool:
    """Is a difference the one of the ids, which was told?"""
    return old.ids != new.ids and one in old.ids and other in new.ids


def _short(text: str) -> str:
    words = " ".join(text.split())
    return f"'{words if len(words) <= LONGEST_VALUE else words[: LONGEST_VALUE - 1] + '…'}'"


def _reach(site: Site, tag: TagReport) -> tuple[str, ...]:
    """The sensitive pages that a tracker's tag fires on; without any page, whether it fires on
    all.
    """
    vendor = site.vendors.get(tag.vendor or "")
    if vendor is None or vendor.kind is not Kind.TRACKER or tag.tag.paused:
        return ()
    if site.pages:
        return tuple(each.page for each in tagbook.sensitive(site, tag.fires))
    everywhere = any(
        sentences.where_and_when(each).startswith("on every page")
        and "except" not in sentences.where_and_when(each)
        for each in tag.tag.triggers
    )
    return (EVERYWHERE,) if everywhere else ()


def _change(
    kind: str,
    site: Site,
    container: ContainerReport,
    tag: TagReport,
    what: tuple[str, ...],
    reaches: tuple[str, ...],
) -> Change:
    name = tag.tag.name or f"tag {tag.tag.tag_id}"
    return Change(kind, container.container.container_id, name, _vendor(site, tag), what, reaches)


def _vendor(site: Site, tag: TagReport) -> str:
    return site.vendors[tag.vendor].name if tag.vendor else ""
