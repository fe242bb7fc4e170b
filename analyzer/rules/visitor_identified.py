"""A call tells a vendor who the visitor is.

What is found: the vendor's own call for that, such as `identify`, `setUserId` or `user_id` in a
configuration, with a value that only a running page knows. Without a value there is no finding.
Where the same call also hands over an e-mail address or another direct identifier, in plain text
or as a hash, that finding is the worse one, and it stands alone.

Why it matters: from this call on, all that the vendor has and will receive from this browser
belongs to one known person, on other devices and before the sign-in too. An account number of a
patient is an identifier under 45 CFR 164.514(b)(2)(i), also where it means nothing to anybody
else, because it is not changed for each vendor.

What to do: do not name visitors to vendors, or give each vendor random numbers of its own, which
45 CFR 164.514(c) allows where they are derived from nothing about the person. Ask whether a
business associate agreement covers this product and this plan. An agreement in the configuration
settles this finding; that the vendor is allowed on a page does not.

References: 45 CFR 164.514(b)(2)(i)(R), 164.514(c), 164.502(a) and (b); HHS OCR, Use of Online
Tracking Technologies (1 December 2022, revised 18 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._data import HASHED, IDENTITY, PLAIN, about_data, evidence, handed

CODE = "TL203"
SEVERITY = "warning"
SCORE = "6.2"
MESSAGE = "'{0}' is told who the visitor is: '{1}'."
NEXT = "Take the call out, or give this vendor random numbers that it alone knows."
YIELDS_TO = ("agreement",)
TAGS = ("security", "privacy", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each call that names the visitor and hands over no direct identifier."""
    for tracker, found in handed(site, IDENTITY):
        if not any(each.kind in (PLAIN, HASHED) for each in evidence(site, tracker)):
            yield about_data(site, tracker, found)
