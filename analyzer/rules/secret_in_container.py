"""A secret is written into a container.

Why it matters: a published web container is a file that everybody who visits the site can read, and
an export lies wherever somebody keeps it.
With an access token of a conversions API one can send events in the organisation's name, and with
some tokens read what others sent.

What to do: have the vendor take the secret back and make a new one.
Keep the new one out of web containers altogether; in a server container, read it from where secrets
are kept, and take it out of exports before they are shared.
The history of a repository keeps what was once in it.

References: CWE-798, Use of Hard-coded Credentials; CWE-312, Cleartext Storage of Sensitive
Information; 45 CFR 164.308(a)(1)(ii)(B), 164.312(d).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Container, Finding, Secret, Site, Step
from analyzer.rules._containers import MOST_RELATED, listed, title_of

CODE = "TL511"
SEVERITY = "error"
SCORE = "7.3"
MESSAGE = "In container '{0}' the '{1}' holds a secret, '{2}' '{3}': '{4}'."
NEXT = "Have the vendor replace the secret, and keep the new one out of the container."
TAGS = ("security", "external/cwe/cwe-798", "external/cwe/cwe-312")
ON_PAGES = "every visitor of a page that loads the container can read it"
IN_FILE = "whoever has this file can use it"


def check(site: Site) -> Iterator[Finding]:
    """An error for each secret of a container, where it first stands."""
    for report in site.containers:
        container = report.container
        found: dict[tuple[str, str], list[Secret]] = {}
        for each in container.secrets:
            found.setdefault((each.what, each.shown), []).append(each)
        for (what, shown), secrets in found.items():
            first = secrets[0]
            holders = listed(each.holder for each in secrets)
            yield Finding(
                place=first.place,
                arguments=(title_of(container), holders, what, shown, _readable(container)),
                anchor=("container", title_of(container), first.holder, what),
                related=tuple(
                    Step(each.place, f"{each.holder} holds it, too")
                    for each in secrets[1:MOST_RELATED]
                ),
            )


def _readable(container: Container) -> str:
    return IN_FILE if "SERVER" in container.context else ON_PAGES
