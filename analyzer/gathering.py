"""What a scan reads: by the rules of the house, the configuration, and the user's word above it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from analyzer import files
from analyzer.files import Choice, File, Listed
from analyzer.judge import all_rules
from analyzer.model import Policy, Skip
from analyzer.plugins import title_of
from analyzer.policy import config
from analyzer.policy.patterns import Chosen
from analyzer.signatures import Signatures

ORDINARY = config.Wanted()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asks for: paths and containers, what to leave out and to read after all, and
    which configuration.
    """

    paths: tuple[Path, ...]
    containers: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    config: config.Wanted = ORDINARY


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files to read, those that are left out with the reason, and the policy for them.

    `outputs` are scripts of build output that is left out, which pages may ask for all the same.
    """

    policy: Policy
    files: tuple[File, ...]
    skips: tuple[Skip, ...]
    outputs: tuple[File, ...] = ()


def gathered(
    root: Path, asked: Asked, signatures: Signatures, listed: Listed | None = None
) -> Gathered:
    """The files and the policy of a scan. Raises UserError for a configuration that is wrong."""
    scope = config.Scope(root, asked.paths, known(signatures), asked.config.day)
    first = config.outer(scope, asked.config)
    found, skips, chosen = _found(root, asked, first, listed)
    policy = config.inner(first, scope, [file.path for file in found], asked.config)
    said = (policy.exclude, policy.include, policy.containers)
    if said != (first.exclude, first.include, first.containers):  # by folders further down
        found, skips, chosen = _found(root, asked, policy, listed)
    notes = [Skip(place.path, words, kind="left-out") for place, words in policy.unread]
    outputs = files.outputs(asked.paths, root, skips, asked.exclude, listed)
    kept = tuple(each for each in outputs if chosen.left_out(each.path) is None)
    policy = replace(policy, unmatched=chosen.unmatched())
    return Gathered(policy, tuple(found), (*skips, *notes), kept)


def known(signatures: Signatures) -> config.Known:
    """The names that a configuration may use."""
    vendors = signatures.vendors
    return config.Known(
        {each.id: each.name for each in vendors.values()},
        tuple(sorted({each.owner for each in vendors.values() if each.owner})),
        {title_of(rule): str(rule.CODE) for rule in all_rules()},
        tuple(each.id for each in signatures.pages),
    )


def _found(
    root: Path, asked: Asked, policy: Policy, listed: Listed | None
) -> tuple[list[File], list[Skip], Chosen]:
    chosen = Chosen(policy)
    choice = Choice(asked.exclude, asked.include, chosen.left_out, chosen.reads)
    paths = [*asked.paths, *asked.containers, *_exports(policy, root)]
    return *files.find(paths, root, choice, listed), chosen


def _exports(policy: Policy, root: Path) -> Iterator[Path]:
    """The exported containers that the configuration names."""
    yield from dict.fromkeys(root / each.export for each in policy.containers if each.export)
