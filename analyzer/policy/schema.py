"""What a configuration file may say: each table with its keys, which the JSON schema and the error
messages are made from.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

Vendor = Annotated[
    str,
    Meta(
        description="One product, by its id (trackerlint list vendors shows them).",
        examples=["google-analytics"],
    ),
]
Vendors = Annotated[
    tuple[str, ...],
    Meta(description="Several products, by their ids.", examples=[["google-analytics", "hotjar"]]),
]
Company = Annotated[
    str,
    Meta(
        description="A company: every product that belongs to it (the owner in trackerlint list "
        "vendors).",
        examples=["Google"],
    ),
]
Owner = Annotated[
    str,
    Meta(description="Who looks after this entry.", examples=["privacy@clinic.example"]),
]
Reason = Annotated[
    str,
    Meta(
        description="Why this is accepted, in one sentence. Every report shows it.",
        examples=["The careers pages hold no patient data."],
    ),
]
Until = Annotated[
    date | UnsetType,
    Meta(
        description="The last day on which this counts; from the next day on the findings are "
        "back.",
        examples=["2027-01-31"],
    ),
]
Paths = Annotated[
    tuple[str, ...],
    Meta(
        description="Patterns of files as in .gitignore, relative to the folder of this file: a "
        "name at any depth, a folder with all below it, * within a name, ** over folders. A "
        "leading ./ means this folder only, and a leading ! takes files away again. Brackets "
        "stand for themselves.",
        examples=[["templates/careers/**"]],
    ),
]
Routes = Annotated[
    tuple[str, ...],
    Meta(
        description="Addresses of pages without the host: * is one segment, ** any number of them.",
        examples=[["/portal/**"]],
    ),
]
On = str | tuple[str, ...]


class Agreement(Struct, kw_only=True, forbid_unknown_fields=True, rename="kebab", frozen=True):
    """A business associate agreement. It settles the findings that ask for one, as long as it is in
    force; from the day after it expires they are back. Name the products that it covers.
    """

    vendor: Vendor = ""
    vendors: Vendors = ()
    company: Company = ""
    document: Annotated[
        str,
        Meta(
            description="How the signed paper is found: its number, or where it is kept.",
            examples=["BAA-2026-014, contracts archive"],
        ),
    ]
    signed: Annotated[
        date | UnsetType,
        Meta(description="The day on which the last party signed.", examples=["2026-02-01"]),
    ] = UNSET
    expires: Annotated[
        date | UnsetType,
        Meta(
            description="The last day on which it is in force; without it, it does not end.",
            examples=["2029-01-31"],
        ),
    ] = UNSET
    owner: Owner = ""


class Allowed(Struct, kw_only=True, forbid_unknown_fields=True, rename="kebab", frozen=True):
    """Products that may run on some classes of pages: settles the findings that the rules leave to
    the organisation.
    """

    vendor: Vendor = ""
    vendors: Vendors = ()
    company: Company = ""
    on: Annotated[
        On,
        Meta(
            description='The classes of pages (trackerlint list pages shows them), or "*" for '
            "every page.",
            examples=[["condition", "provider-search"], "*"],
        ),
    ]
    reason: Reason
    until: Until = UNSET
    owner: Owner = ""


class Ignore(Struct, kw_only=True, forbid_unknown_fields=True, rename="kebab", frozen=True):
    """Findings that are accepted. A finding must fit every key that is given. They stay visible in
    every report, with the reason.
    """

    rules: Annotated[
        tuple[str, ...],
        Meta(
            description="Rules by name, code or beginning of a code (trackerlint list rules shows "
            "them).",
            examples=[["tracker-on-every-page"]],
        ),
    ] = ()
    paths: Paths = ()
    vendor: Vendor = ""
    vendors: Vendors = ()
    company: Company = ""
    on: Annotated[
        On,
        Meta(
            description="The classes of pages that the finding is about.", examples=[["condition"]]
        ),
    ] = ()
    tags: Annotated[
        tuple[str, ...],
        Meta(
            description="Tags of a Google Tag Manager container, by their names.",
            examples=[["Meta Pixel - Base"]],
        ),
    ] = ()
    reason: Reason
    until: Until = UNSET
    owner: Owner = ""


class Pages(Struct, kw_only=True, forbid_unknown_fields=True, rename="kebab", frozen=True):
    """What pages are, where trackerlint takes them for something else."""

    paths: Paths = ()
    routes: Routes = ()
    are: Annotated[
        On,
        Meta(
            description="The classes that these pages have (trackerlint list pages shows them).",
            examples=[["patient-portal"]],
        ),
    ] = ()
    are_not: Annotated[
        On, Meta(description="The classes that they do not have.", examples=[["scheduling"]])
    ] = ()


class Host(Struct, kw_only=True, forbid_unknown_fields=True, rename="kebab", frozen=True):
    """Hosts that belong to the organisation: they are no third party. A host that passes on to a
    vendor says so.
    """

    host: Annotated[
        str,
        Meta(
            description="A host without scheme and path; *.clinic.example is every host below "
            "clinic.example.",
            examples=["static.clinic.example"],
        ),
    ] = ""
    hosts: Annotated[
        tuple[str, ...],
        Meta(description="Several hosts.", examples=[["clinic.example", "*.clinic.example"]]),
    ] = ()
    stands_for: Annotated[
        str,
        Meta(
            description="The product behind a host that passes on what it is sent, by its id.",
            examples=["google-tag-manager"],
        ),
    ] = ""


class Container(Struct, kw_only=True, forbid_unknown_fields=True, rename="kebab", frozen=True):
    """A Google Tag Manager container: where its export lies, and which pages load it although their
    source does not show it.
    """

    id: Annotated[str, Meta(description="The id of the container.", examples=["GTM-ABC1234"])] = ""
    export: Annotated[
        str,
        Meta(
            description="The exported container, relative to the folder of this file. It is read "
            "like one given with --gtm.",
            examples=["gtm/GTM-ABC1234.json"],
        ),
    ] = ""
    paths: Paths = ()
    routes: Routes = ()


class Rules(Struct, kw_only=True, forbid_unknown_fields=True, rename="kebab", frozen=True):
    """The rules that run for the files below the folder of this file. --select and --ignore stand
    above it.
    """

    select: Annotated[
        tuple[str, ...],
        Meta(
            description="Run only these rules, by name, code or beginning of a code.",
            examples=[["TL1", "vendor-without-baa"]],
        ),
    ] = ()
    ignore: Annotated[
        tuple[str, ...],
        Meta(
            description="Do not run these rules; nothing of them is reported.",
            examples=[["tracker-inventory"]],
        ),
    ] = ()


class Configuration(Struct, kw_only=True, forbid_unknown_fields=True, rename="kebab", frozen=True):
    """trackerlint.toml, or [tool.trackerlint] in pyproject.toml: what an organisation knows and
    decides about the trackers on its site.
    """

    inherit: Annotated[
        bool,
        Meta(
            description="Whether the configurations of the folders above hold here as well.",
            examples=[False],
        ),
    ] = True
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Files and folders to leave out; patterns as in .gitignore, relative to "
            "the folder of this file.",
            examples=[["archive/", "*.bak.html"]],
        ),
    ] = ()
    include: Annotated[
        tuple[str, ...],
        Meta(
            description="Files and folders to read although they are left out by default: "
            "dependencies, build output, tests.",
            examples=[["dist/"]],
        ),
    ] = ()
    rules: Annotated[Rules, Meta(description="Which rules run.")] = Rules()
    severity: Annotated[
        dict[str, Literal["error", "warning", "note", "off"]],
        Meta(
            description="The severity of single rules, by name or code; off drops a rule. Only in "
            "the outermost configuration.",
            examples=[{"tracker-on-every-page": "error"}],
        ),
    ] = {}
    agreements: Annotated[
        tuple[Agreement, ...], Meta(description="Business associate agreements.")
    ] = ()
    allowed: Annotated[
        tuple[Allowed, ...], Meta(description="Products that may run on some classes of pages.")
    ] = ()
    ignore: Annotated[
        tuple[Ignore, ...], Meta(description="Findings that are accepted, with the reason.")
    ] = ()
    pages: Annotated[
        tuple[Pages, ...], Meta(description="Corrections of what pages are taken for.")
    ] = ()
    hosts: Annotated[tuple[Host, ...], Meta(description="Hosts of the organisation.")] = ()
    containers: Annotated[
        tuple[Container, ...], Meta(description="Tag-manager containers and their pages.")
    ] = ()


def json_schema() -> dict[str, Any]:
    """The JSON schema of a configuration file."""
    schema = msgspec.json.schema(Configuration)
    tables = {name: _plain(table) for name, table in schema["$defs"].items()}
    whole = tables.pop("Configuration")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | whole | {"title": "trackerlint.toml", "$defs": tables}


def json_schema_text() -> str:
    """The JSON schema as it is published."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _plain(table: dict[str, Any]) -> dict[str, Any]:
    """A table without what tells an editor nothing: empty defaults, and breaks of our own lines."""
    properties = {
        name: {key: value for key, value in each.items() if key != "default" or value is True}
        for name, each in table["properties"].items()
    }
    return table | {
        "description": " ".join(table["description"].split()),
        "properties": properties,
    }
