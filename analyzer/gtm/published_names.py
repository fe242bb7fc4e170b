"""What to call the tags and variables of a published container, whose names are lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LONGEST_NAME = 60

TAGS = {  # how people call the types of tags
    "gaawe": "Google Analytics 4 event",
    "gaawc": "Google Analytics 4 configuration",
    "googtag": "Google tag",
    "ua": "Universal Analytics",
    "ga": "Classic Analytics",
    "awct": "Google Ads conversion",
    "awud": "Google Ads user-provided data",
    "awcc": "Google Ads calls from website",
    "sp": "Google Ads remarketing",
    "gclidw": "Conversion linker",
    "flc": "Floodlight counter",
    "fls": "Floodlight sales",
    "html": "Custom HTML",
    "img": "Custom image",
    "zone": "Zone",
    "baut": "Microsoft Advertising",
    "bzi": "LinkedIn Insight",
    "hjtc": "Hotjar",
    "crto": "Criteo",
    "pntr": "Pinterest",
    "twitter_website_tag": "Twitter website tag",
    "qcm": "Quantcast",
    "qpx": "Quora pixel",
    "asp": "AdRoll pixel",
    "cegg": "Crazy Egg",
    "mf": "Mouseflow",
    "csm": "comScore",
    "opt": "Google Optimize",
    "gct": "Google tag destination",
    "ogt_1p_data_v2": "Collection of user-provided data",
    "ogt_1p_data": "Collection of user-provided data",
    "ogt_google_signals": "Google signals",
    "ogt_cross_domain": "Cross-domain measurement",
    "ogt_auto_events": "Enhanced measurement",
    "ogt_referral_exclusion": "Unwanted referrals",
    "ogt_event_create": "Created events",
    "ogt_event_edit": "Edited events",
    "ogt_session_timeout": "Session timeout",
    "ogt_ip_mark": "Internal traffic",
    "ogt_dma": "Consent settings of the European Economic Area",
    "ogt_ads_datatos": "Data terms of Google Ads",
    "ccd_em_download": "Enhanced measurement: file downloads",
    "ccd_em_form": "Enhanced measurement: form interactions",
    "ccd_em_outbound_click": "Enhanced measurement: outbound clicks",
    "ccd_em_page_view": "Enhanced measurement: page views after changes of the history",
    "ccd_em_scroll": "Enhanced measurement: scrolling",
    "ccd_em_site_search": "Enhanced measurement: site search",
    "ccd_em_video": "Enhanced measurement: videos",
    "ccd_auto_redact": "Redaction of e-mail addresses and queries",
    "ccd_conversion_marking": "Key events",
    "ccd_ga_regscope": "Granular location and device data",
    "ccd_ga_ads_link": "Link to Google Ads",
    "ccd_add_1p_data": "User-provided data sent along with events",
    "ccd_ga_first": "Start of the destination's settings",
    "ccd_ga_last": "End of the destination's settings",
    "set_product_settings": "Product settings",
}
TOLD = (  # of a tag's settings those that tell it from others of its type
    "standardEventName",
    "eventName",
    "tagId",
    "trackingId",
    "measurementId",
    "measurementIdOverride",
    "conversionLabel",
    "conversionId",
    "event",
    "eventAction",
)
ADDRESS_PARTS = {"URL": "Page URL", "HOST": "Page Hostname", "PATH": "Page Path"}
ELEMENT_PARTS = {
    "gtm.element": "Element",
    "gtm.elementClasses": "Element Classes",
    "gtm.elementId": "Element ID",
    "gtm.elementTarget": "Element Target",
    "gtm.elementText": "Element Text",
    "gtm.elementUrl": "Element URL",
}
VARIABLES = {  # by type, with the setting that names the thing where there is one
    "v": ("data-layer key", "name"),
    "k": ("cookie", "name"),
    "j": ("script variable", "name"),
    "c": ("constant", "value"),
    "d": ("page element", "elementSelector"),
    "vis": ("visibility of", "elementSelector"),
    "jsm": ("custom script", ""),
    "smm": ("lookup table", ""),
    "remm": ("pattern table", ""),
    "gas": ("Google Analytics settings", "trackingId"),
    "gtcs": ("Google tag settings", ""),
    "gtes": ("Google tag event settings", ""),
    "awec": ("user-provided data", ""),
    "ctv": ("container version", ""),
    "dbg": ("debug mode", ""),
    "r": ("random number", ""),
    "ev": ("environment", ""),
}


def tag_name(kind: str, given: Mapping[str, Any], tag_id: str) -> str:
    """What a tag is, what tells it apart, and its number: Google Ads conversion 'x', tag 7."""
    words = TAGS.get(kind)
    if words is None:
        words = (
            f"Custom template {kind.removeprefix('cvt_')}"
            if kind.startswith("cvt_")
            else f"Tag of type {kind}"
        )
    told = next((each for key in TOLD if isinstance(each := given.get(key), str) and each), "")
    if told and "{{" not in told:
        words += f" '{_short(told)}'"
    return f"{words}, tag {tag_id}"


def variable_name(kind: str, given: Mapping[str, Any], number: int) -> str:
    """What a variable reads, in the words of the tag manager where it has words for it."""
    key = given.get("name")
    if kind == "e" or (kind == "v" and key == "event"):
        return "Event"
    if kind == "cid":
        return "Container ID"
    if kind == "f" and given.get("component") in (None, "URL"):
        return "Referrer"
    if kind == "u":
        return _address_name(given, number)
    if kind == "v" and key in ELEMENT_PARTS:
        return ELEMENT_PARTS[str(key)]
    if kind == "aev":
        part = str(given.get("varType", "")).replace("_", " ").lower()
        return f"element {part} {_short(given.get('attribute', ''))}".strip()
    words, telling = VARIABLES.get(kind, (f"variable of type {kind}", ""))
    told = _short(given.get(telling) or given.get("elementId") or "") if telling else ""
    return f"{words} {told}" if told else f"{words} {number}"


def _address_name(given: Mapping[str, Any], number: int) -> str:
    part = str(given.get("component") or "URL")
    if given.get("customUrlSource"):
        return f"part of an address {number}"
    if part == "QUERY" and (key := _short(given.get("queryKey") or "")):
        return f"query parameter {key}"
    if part in ADDRESS_PARTS and not given.get("stripWww"):
        return ADDRESS_PARTS[part]
    return f"page {part.lower()}"


def _short(value: object) -> str:
    """The value without what a reference to a variable cannot hold."""
    text = " ".join(re.sub(r"[{}]", " ", str(value)).split())
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
