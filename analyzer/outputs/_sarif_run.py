"""What a SARIF log says once: the tool, its rules with their weaknesses, and what was not read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

import sarif_om as om

from analyzer.model import Checkout, Report, Rule, Severity, Skip
from analyzer.outputs import _words
from analyzer.outputs._chosen import path_from_top
from analyzer.outputs._links import reference, weakness_page
from analyzer.outputs._sarif_places import ROOT, artifact, plain
from analyzer.outputs._sarif_results import MESSAGE_ID, TOOL

NOTIFICATIONS = 1_000
TAGS = 10
SHORT = 1_024
LONG = 2_048

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_CWE = re.compile(r"external/cwe/(cwe-\d+)")
# Services show the score and not the level: where the configuration changed the level, and the
# rule's own score says something else, the level's usual score takes its place.
_SCORES = {
    Severity.ERROR: (6.9, 10.0, "8.1"),
    Severity.WARNING: (2.0, 6.9, "5.5"),
    Severity.NOTE: (0.1, 3.9, "3.1"),
}

_NOTICES = {
    "file-skipped": (
        "A file was not read, or not in full.",
        "Whatever trackers the rest of this file holds are not among the results.",
    ),
    "link-unresolved": (
        "A link between two files could not be followed.",
        "Trackers that come to a page by way of this link are not counted on that page.",
    ),
    "configuration-skipped": (
        "A configuration file was not read, or not in full.",
        "What it says of agreements, pages and accepted findings does not count in this run.",
    ),
    "left-out": (
        "There was more to say than this file may hold.",
        "The other outputs, JSON for example, hold everything.",
    ),
}


def log(report: Report) -> om.SarifLog:
    """The log without its results and invocations."""
    weaknesses = _weaknesses(report.rules)
    run = om.Run(
        tool=om.Tool(driver=_driver(report, weaknesses)),
        # The scans of two folders of a repository stand beside each other: one closes no alerts of
        # the other.
        automation_details=om.RunAutomationDetails(
            id=plain(f"{TOOL}/{report.checkout.folder or 'scan'}/", SHORT)
        ),
        column_kind="utf16CodeUnits",
        original_uri_base_ids={
            ROOT: om.ArtifactLocation(
                description=om.Message(
                    text="The top of the repository, or the folder from which trackerlint ran."
                )
            )
        },
        results=[],
        taxonomies=[_taxonomy(weaknesses)] if weaknesses else None,
        version_control_provenance=_provenance(report.checkout),
    )
    return om.SarifLog(schema_uri=_SCHEMA, version="2.1.0", runs=[run])


def _provenance(checkout: Checkout) -> list[om.VersionControlDetails] | None:
    if not checkout.repository:
        return None
    return [
        om.VersionControlDetails(
            repository_uri=checkout.repository,
            revision_id=checkout.revision or None,
            branch=_words.name(checkout.branch) or None,
            mapped_to=om.ArtifactLocation(uri_base_id=ROOT),
        )
    ]


def _driver(report: Report, weaknesses: list[str]) -> om.ToolComponent:
    is_semantic = re.fullmatch(r"\d+\.\d+\.\d+(?:[-+][\w.+-]+)?", report.version)
    return om.ToolComponent(
        name=TOOL,
        full_name=f"{TOOL}, a linter for third-party trackers",
        organization=TOOL,
        # No informationUri: the project has no page that it could lead to.
        version=report.version,
        semantic_version=report.version if is_semantic else None,
        rules=[_rule(rule, weaknesses) for rule in report.rules],
        notifications=[
            om.ReportingDescriptor(
                id=name,
                name=_pascal(name),
                short_description=om.MultiformatMessageString(text=short),
                full_description=om.MultiformatMessageString(text=short),
                help=om.MultiformatMessageString(text=advice),
            )
            for name, (short, advice) in _NOTICES.items()
        ],
        supported_taxonomies=[_cwe_component()] if weaknesses else None,
    )


def _rule(rule: Rule, weaknesses: list[str]) -> om.ReportingDescriptor:
    about = _words.sentence(rule.help.split("\n\n")[0] or rule.short, SHORT)
    return om.ReportingDescriptor(
        id=rule.code,
        name=_pascal(rule.name),
        short_description=om.MultiformatMessageString(text=_words.sentence(rule.short, SHORT)),
        full_description=om.MultiformatMessageString(text=about),
        help=_help(rule),
        help_uri=reference(rule) or None,
        message_strings={MESSAGE_ID: om.MultiformatMessageString(text=rule.message)},
        default_configuration=om.ReportingConfiguration(level=str(rule.severity)),
        # The first weakness is the rule's own, and some readers take the last relationship.
        relationships=[
            om.ReportingDescriptorRelationship(
                kinds=["superset"],
                target=om.ReportingDescriptorReference(
                    id=name, index=weaknesses.index(name), tool_component=_cwe_component()
                ),
            )
            for name in reversed(_weaknesses([rule]))
        ]
        or None,
        properties={"tags": _tags(rule), "security-severity": _score(rule)},
    )


def _tags(rule: Rule) -> list[str]:
    return list(dict.fromkeys(("security", *rule.tags)))[:TAGS]


def _score(rule: Rule) -> str:
    least, most, usual = _SCORES[rule.severity]
    return rule.score if least <= float(rule.score) <= most else usual


def _help(rule: Rule) -> om.MultiformatMessageString:
    text = "\n\n".join(
        part
        for part in (
            rule.help.strip() or rule.short,
            f"Next step: {rule.next}" if rule.next else "",
            "To accept a finding, give the reason in a comment on the line before it: "
            f"`trackerlint: ignore[{rule.name}] -- reason`",
        )
        if part
    )
    # Outside code, Markdown would take a tag's name for a tag.
    markdown = re.sub(r"```.*?```|`[^`]*`|<", _escaped, text, flags=re.DOTALL)
    return om.MultiformatMessageString(
        text=_words.code(text, LONG), markdown=_words.code(markdown, LONG)
    )


def _escaped(match: re.Match[str]) -> str:
    return "&lt;" if match[0] == "<" else match[0]


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def _weaknesses(rules: Iterable[Rule]) -> list[str]:
    """The ids that the rules name, such as CWE-359, each once."""
    return list(
        dict.fromkeys(
            match[1].upper()
            for rule in rules
            for tag in rule.tags
            if (match := _CWE.fullmatch(tag))
        )
    )


def _cwe_component() -> om.ToolComponentReference:
    return om.ToolComponentReference(name="CWE", index=0)


def _taxonomy(weaknesses: list[str]) -> om.ToolComponent:
    return om.ToolComponent(
        name="CWE",
        full_name="Common Weakness Enumeration",
        organization="MITRE",
        information_uri="https://cwe.mitre.org/",
        short_description=om.MultiformatMessageString(text="The MITRE list of weaknesses."),
        taxa=[
            om.ReportingDescriptor(
                id=name,
                help_uri=weakness_page(name.removeprefix("CWE-")),
            )
            for name in weaknesses
        ],
    )


def invocation(report: Report, dropped: int) -> om.Invocation:
    """What was not read, and what was left out of this file."""
    notices = _notices(report)
    shown = list(islice(notices, NOTIFICATIONS))
    if dropped:
        shown.append(
            _notice(
                "left-out",
                "warning",
                (
                    f"'{dropped}' more results are left out: "
                    "the most severe ones that fit are here, other outputs hold them all."
                ),
            )
        )
    if unsaid := sum(1 for _ in notices):
        shown.append(
            _notice(
                "left-out",
                "warning",
                (f"'{unsaid}' more files or links could not be read or followed."),
            )
        )
    return om.Invocation(
        execution_successful=report.coverage.read > 0,
        tool_execution_notifications=shown,
        tool_configuration_notifications=list(_configuration(report)) or None,
    )


def _configuration(report: Report) -> Iterator[om.Notification]:
    """The configuration files that do not count as somebody meant them to."""
    for skip in _skips(report):
        if skip.path in report.site.policy.files:
            yield _skipped("configuration-skipped", skip, report.checkout.folder)


def _notices(report: Report) -> Iterator[om.Notification]:
    folder = report.checkout.folder
    for skip in _skips(report):
        if skip.path not in report.site.policy.files:
            yield _skipped("file-skipped", skip, folder)
    for lost in sorted(
        report.coverage.unresolved, key=lambda each: (each.place.path, each.place.line, each.target)
    ):
        yield _notice(
            "link-unresolved",
            "note",
            f"Could not follow: {lost.what} '{lost.target}'.",
            path_from_top(lost.place.path, folder),
            lost.place.line,
        )


def _skips(report: Report) -> list[Skip]:
    return sorted(report.coverage.skips, key=lambda skip: (skip.path, skip.line, skip.reason))


def _skipped(kind: str, skip: Skip, folder: str) -> om.Notification:
    """What a rule or a user left out is no trouble; it is said all the same."""
    path = path_from_top(skip.path, folder)
    if skip.kind == "left-out":
        return _notice(kind, "note", f"'{path}' was left out: {skip.reason}.", path, skip.line)
    return _notice(
        kind, "warning", f"'{path}' was not read in full: {skip.reason}.", path, skip.line
    )


def _notice(kind: str, level: str, text: str, path: str = "", line: int = 0) -> om.Notification:
    where = om.Location(
        physical_location=om.PhysicalLocation(
            artifact_location=artifact(path), region=om.Region(start_line=line) if line else None
        )
    )
    return om.Notification(
        descriptor=om.ReportingDescriptorReference(id=kind, index=list(_NOTICES).index(kind)),
        level=level,
        message=om.Message(text=plain(text, SHORT)),
        locations=[where] if path else None,
    )
