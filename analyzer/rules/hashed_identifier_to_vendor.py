"""An identifier of a person is handed to a vendor as a hash.

What is found: a value that is named, or read from, something that identifies a person, and that
the code hashes before it hands it over, such as `em: sha256(email)`.

Why it matters: a hash of an identifier is still an identifier. Whoever has a list of e-mail
addresses or telephone numbers can hash it in the same way and compare, and that is what the
advertising platforms that ask for hashes do: they match the visitor with an account. The safe
harbor of 45 CFR 164.514(b)(2)(i) removes any unique identifying number, characteristic or code
(R), and 164.514(c) allows a code only where it is not derived from information about the person.
The FTC has named hashed e-mail addresses that were uploaded for audiences in its cases against
health companies, such as BetterHelp (2 March 2023).

What to do: leave the value out. Where the vendor needs an identifier, a random one that is not
derived from the person serves, or ask whether a business associate agreement covers this product
and this plan; what is sent must still be the minimum necessary. Marketing with a patient's data
needs an authorization under 45 CFR 164.508(a)(3); a cookie banner is not one. An agreement in the
configuration settles this finding; that the vendor is allowed on a page does not.

References: 45 CFR 164.514(b)(2)(i)(R), 164.514(c), 164.502(a) and (b), 164.508(a)(3); FTC,
BetterHelp (2 March 2023); HHS OCR, Use of Online Tracking Technologies (1 December 2022, revised
18 March 2024).
This is information about risks, not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Finding, Site
from analyzer.rules._data import HASHED, about_data, handed

CODE = "TL208"
SEVERITY = "error"
SCORE = "7.0"
MESSAGE = "'{0}' is handed an identifier of a person as a hash, which identifies as well: '{1}'."
NEXT = "Leave the hash out of this call, or send a random number that is derived from nothing."
YIELDS_TO = ("agreement",)
TAGS = ("security", "privacy", "external/cwe/cwe-201", "external/cwe/cwe-359")


def check(site: Site) -> Iterator[Finding]:
    """A finding for each call or tag with all the hashes of identifiers that it hands over."""
    for tracker, found in handed(site, HASHED):
        yield about_data(site, tracker, found)
