"""The columns of the inventory and the words in them: what both spreadsheet and CSV explain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from analyzer.model import Moment, Status


class Decision(StrEnum):
    """What an organisation may decide of a tracker: the words of the Decision column."""

    KEEP = "keep"
    AGREEMENT = "agreement signed"
    MASK = "mask"
    REMOVE = "remove"
    ASK = "ask vendor"


DECISIONS = {
    Decision.KEEP: "It stays as it is. trackerlint decisions import makes the findings of the row "
    "accepted; needs Owner and Reason, Until is the last day on which it counts.",
    Decision.AGREEMENT: "A business associate agreement with the vendor is signed; needs Owner and "
    "Document, and takes Signed and Expires. It holds for the product wherever it runs.",
    Decision.MASK: "It stays, and is sent less. Something to do: its findings stay open until the "
    "code or the container is changed.",
    Decision.REMOVE: "It goes. Something to do: its findings stay open until it is gone.",
    Decision.ASK: "The vendor is asked. Something to do: its findings stay open.",
}
STATUSES = {
    Status.LIVE: ("runs", "It runs as soon as its page or its trigger is there."),
    Status.CONDITIONAL: (
        "runs under a condition",
        "A condition in the code or in the tag manager decides whether it runs.",
    ),
    Status.CONSENT_GATED: ("waits for consent", "It starts after the visitor consents."),
    Status.SERVER_SIDE: (
        "sent by the server",
        "The data leaves from a server: no browser and no blocker sees it.",
    ),
    Status.PLACEHOLDER: (
        "placeholder id",
        "Its id is an example: it is not in use as it is written.",
    ),
    Status.DEAD: ("nothing runs it", "It is paused, switched off, or in a file no page uses."),
}
WAITING = {  # what sends nothing before code of its own uses it
    "package": ("package asked for", "Its package is asked for; code that uses it is another row."),
    "library": (
        "library present",
        "A file holds its library; code that loads it or sets it up is another row.",
    ),
    "config": ("configured", "A setting names it; code that uses it is another row."),
}
MOMENTS = {
    Moment.LOAD: "when the page loads",
    Moment.INTERACTION: "when somebody clicks or submits",
    Moment.EVENT: "on an event",
    Moment.TIMER: "after some time",
    Moment.HISTORY: "when the address changes",
    Moment.SERVER: "on the server",
}
AGREEMENTS = {
    "yes": "offers a business associate agreement",
    "no": "offers no business associate agreement",
    "plan-dependent": "offers a business associate agreement on some plans",
}
UNKNOWN_AGREEMENT = "it is not known whether it offers a business associate agreement"
MAYBE = " (maybe)"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, how wide it is in a spreadsheet, and what stands in it."""

    name: str
    width: int
    about: str
    day: bool = False


OWNER, DECISION, REASON = "Owner", "Decision", "Reason"
DOCUMENT, SIGNED, EXPIRES, UNTIL = "Document", "Signed", "Expires", "Until"
KEY = "Key"
DECIDED = (OWNER, DECISION, REASON, DOCUMENT, SIGNED, EXPIRES, UNTIL)
DAYS = (SIGNED, EXPIRES, UNTIL)

COLUMNS = (
    Column("Vendor", 24, "The product, by the name that its company gives it."),
    Column("Product id", 20, "The product's id in trackerlint; trackerlint explain tells more."),
    Column("Company", 20, "The company that the product belongs to."),
    Column("Account id", 20, "The ids under which the data arrives, as the code has them."),
    Column("Where", 36, "File and line, or container and tag: where somebody would change it."),
    Column("Status", 18, "Whether it runs; the words are explained below."),
    Column("Pages, surely", 9, "On how many of the pages that were read it surely runs."),
    Column("Pages, maybe", 9, "On how many more it may run, under a condition."),
    Column("Page names", 40, "These pages by file and address, those where it may run so marked."),
    Column("Sensitive pages", 10, "How many of all these are signed-in pages or about health."),
    Column("Sensitive pages by class", 44, "These pages by what they are for."),
    Column("When and if", 40, "When it runs, and which conditions the code or the tag names."),
    Column(
        "Data",
        44,
        "What the code hands it by name: the vendor's name for the piece of data, where the value "
        "comes from, and in brackets the category where it is known. What the product collects by "
        "itself stands in the next column.",
    ),
    Column("Collects by itself", 40, "What the product is known to receive wherever it runs."),
    Column("Consent", 28, "What the code or the tag's settings say of consent."),
    Column("BAA statement", 40, "What its company says of business associate agreements."),
    Column("BAA source", 36, "Where that was read."),
    Column("BAA checked", 12, "The day on which it was read there.", day=True),
    Column(
        "Agreement",
        32,
        "The organisation's own agreement from its configuration: the document, and its last day.",
    ),
    Column("Findings", 40, "What trackerlint reports of it, each rule once; explained below."),
    Column(
        "First seen",
        12,
        "The first recorded run that found it (trackerlint scan --record).",
        day=True,
    ),
    Column(OWNER, 22, "Who answers for the decision. To be filled in."),
    Column(DECISION, 18, "What is decided; choose one of the words explained below."),
    Column(REASON, 40, "Why, in one sentence. Every report shows it."),
    Column(DOCUMENT, 26, "How the signed agreement is found: its number, or where it is kept."),
    Column(SIGNED, 12, "The day on which the last party signed.", day=True),
    Column(
        EXPIRES, 12, "The last day on which the agreement is in force; empty: no end.", day=True
    ),
    Column(UNTIL, 12, "The last day on which keeping it is accepted; empty: no end.", day=True),
    Column(
        KEY,
        28,
        "Tells trackerlint decisions import which tracker the row is about. Leave it as it is; "
        "rows may be sorted, filtered and deleted.",
    ),
)
NAMES = tuple(column.name for column in COLUMNS)


def key_cell(key: str, decided: Iterable[str]) -> str:
    """What stands in the Key column: the row's key, and a mark of its decision as it was written,
    by which a decision that nobody touched is known.
    """
    return f"{key}-{mark(decided)}"


def mark(decided: Iterable[str]) -> str:
    """A short digest of the cells of a decision, in the order of DECIDED."""
    same = "\0".join(" ".join(each.split()) for each in decided)
    return hashlib.sha256(same.encode("utf-8", "surrogatepass")).hexdigest()[:8]
