"""A direct identifier of a person is handed to a vendor in plain text.

What is found: a call, a pixel or a tag gives a vendor a name, an e-mail address, a telephone
number, a record, member, account or social security number whose value only a running page knows.
What the value is, is told by the name it is sent under, or by what it is read from: a form field,
a template variable, a key of the data layer, a cookie, a parameter of the address. The trail says
which. A constant such as `email: "footer_form"` and the organisation's own telephone are left
alone. "Handed in plain text" means that the vendor's script or server is given the value as it is;
some scripts hash it before they send it, as Meta's and Google's do with contact details.

Why it matters: with such an identifier the vendor can tell who the visitor is, and everything else
that it receives from the visit becomes information about that person. On the pages of a covered
entity it may be protected health information, whatever the page is about: the part of the HHS
bulletin that the order of 20 June 2024 in American Hospital Association v. Becerra vacated
concerns only an IP address together with a visit to an unauthenticated page. Where HIPAA does not
apply, the FTC Act, the Health Breach Notification Rule and state laws may.

What to do: leave the identifier out, or send a random number of your own that nothing else uses.
Where the vendor needs it, ask whether a business associate agreement covers this product and this
plan; some vendors sign one and still forbid health information. The agreement is no more than the
ground: what is sent must still be the minimum necessary (45 CFR 164.502(b)). A hash of the
identifier is still an identifier, and a cookie banner is not an authorization under 45 CFR
164.508. An agreement in the configuration settles this finding; that the vendor is allowed on a
page does not.

References: 45 CFR 160.103, 164.502(a) and (b), 164.514(b)(2)(i); HHS OCR, Use of Online Tracking
Technologies by HIPAA Covered Entities and Business Associates (1 December 2022, revised 18 March
2024); American Hospital Association v. Becerra, No. 4:23-cv-01110-P (N.D. Tex., 20 June 2024); 16
CFR Part 318 (as amended, in force since 29 July 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._data import PLAIN, about_data, handed

CODE = "TL207"
SEVERITY = "error"
SCORE = "8.2"
MESSAGE = "'{0}' is handed an identifier of a person in plain text: '{1}'."
NEXT = "Leave the identifier out of this call, or send a random number that nothing else uses."
YIELDS_TO = ("agreement",)
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each call or tag with all the direct identifiers that it hands over."""
    for tracker, found in handed(site, PLAIN):
        yield about_data(site, tracker, found)
