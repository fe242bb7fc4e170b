"""Addresses at which public hosts serve packages of npm, and the package that each means.

The shapes of the addresses are those that the hosts document: jsDelivr, UNPKG, esm.sh, Skypack,
JSPM, cdnjs.
"""

from __future__ import annotations

import re

_NAME = r"((?:@[\w.~-]{1,60}/)?[\w.~-]{1,100})"
_VERSION = r"(?:@[\w.^~*+|-]{0,60})?"
_AFTER = r"(?:[/?#+,;].*)?$"
PACKAGE = re.compile(
    r"(?:https?:)?//(?:"
    r"(?:cdn|fastly|esm|gcore|testingcf)\.jsdelivr\.net/npm/"
    r"|(?:www\.)?unpkg\.com/"
    r"|(?:cdn\.)?esm\.sh/(?:v\d{1,4}/|stable/)?\*?"
    r"|esm\.run/"
    r"|cdn\.skypack\.dev/(?:pin/)?"
    r"|(?:ga\.|dev\.)?jspm\.(?:io|dev)/(?:npm:)?"
    r"|cdnjs\.cloudflare\.com/ajax/libs/"
    rf"){_NAME}{_VERSION}{_AFTER}",
    re.I | re.S,
)


def package_at(address: str) -> str | None:
    """The package that an address or a module's name with `npm:` means; None where it is none."""
    if address.startswith("npm:"):  # Deno writes it like that, with the version
        found = re.match(rf"npm:/?{_NAME}{_VERSION}{_AFTER}", address)
    else:
        found = PACKAGE.match(address) if "//" in address[:8] else None
    return found[1].lower() if found is not None else None
