"""The words that not every reader knows, each explained once."""

from __future__ import annotations

TERMS = {
    "tracker": (
        "Tracker",
        "Code or a picture of another company that learns something about the people who visit a "
        "page: that they were there, what they looked at, sometimes what they typed.",
    ),
    "vendor": (
        "Vendor",
        "The company or product that a tracker belongs to and that gets what the tracker sends.",
    ),
    "sensitive": (
        "Page where patients' data are at hand",
        "A page behind a login, or about somebody's health: booking, results, bills, a condition. "
        "Which pages these are is told by their addresses, titles, forms and code.",
    ),
    "page-class": (
        "Kind of page",
        "What a page is for, such as appointment scheduling. A page can be of several kinds.",
    ),
    "layout": (
        "Layout",
        "A file that many pages share, with their head and foot. What stands in it is on every "
        "page that uses it.",
    ),
    "container": (
        "Container",
        "A set of tags that people edit outside of the site's code, in a tag manager such as "
        "Google Tag Manager. One line on a page loads all of it.",
    ),
    "tag": (
        "Tag",
        "One piece of a container that runs on a page, most often to send something to a vendor.",
    ),
    "trigger": (
        "Trigger",
        "What starts a tag: a page that opens, a click, a form that is sent, an event.",
    ),
    "event": (
        "Event",
        "A message of the page that something happened, such as an appointment being booked. Tags "
        "wait for it, and it can carry data.",
    ),
    "data-layer": (
        "Data layer",
        "A list on the page in which its code puts events and data for the tags of a container.",
    ),
    "pixel": (
        "Pixel",
        "An invisible picture whose address carries data to a vendor; also the name that "
        "advertising companies give to their trackers.",
    ),
    "baa": (
        "BAA",
        "Business associate agreement: the contract that HIPAA asks for before a company may "
        "handle patients' data for a hospital or a practice. It covers a product and a plan, not "
        "a company as a whole.",
    ),
    "consent": (
        "After consent (consent-gated)",
        "The tracker waits until the visitor agrees in a banner. A cookie banner is not a HIPAA "
        "authorization.",
    ),
    "condition": (
        "Maybe, under a condition",
        "The source says that it runs only in some cases, and only a running page knows whether "
        "this is one of them.",
    ),
    "proxied": (
        "First-party proxied",
        "The tracker is reached through the site's own address. It looks like a part of the site, "
        "and its data still reach the vendor.",
    ),
    "hash": (
        "Hash",
        "A value turned into a string of digits that is always the same for the same value. A "
        "hashed e-mail address still tells whoever knows the address whose it is.",
    ),
    "server": (
        "From the server",
        "What the site's own server sends to a vendor. Nothing of it can be seen in a browser.",
    ),
    "finding": (
        "Finding",
        "One thing worth saying, at the one place where somebody can change it. An error asks for "
        "a decision first, a warning for a look, a note belongs to the inventory.",
    ),
    "evidence": (
        "Evidence",
        "The words of the source that show it, with the file and the line.",
    ),
    "accepted": (
        "Accepted",
        "Somebody of the organisation gave their word for it, with a reason. It does not count as "
        "open, and it stays in sight.",
    ),
    "static": (
        "Static look",
        "The files were read, and nothing was run: no page was opened, and nobody's data was seen.",
    ),
}

# What reading files can never show, however well they are read.
NEVER_SEEN = (
    "What a tag manager's container got after its export, or what is in one that is not among "
    "these files.",
    "What people switch on in a vendor's own pages, such as automatic matching at Meta or enhanced "
    "measurement at Google Analytics.",
    "Scripts that a vendor's script loads in turn, and what a vendor changes in its script without "
    "notice.",
    "What a server, a content-delivery network, a plugin or a content-management system puts into "
    "a page on its way.",
    "What visitors chose in a consent banner, and whether the banner does what it says.",
    "What an agreement says, and whether it covers this product and this use.",
    "Which data really were sent, when, and about whom.",
)
