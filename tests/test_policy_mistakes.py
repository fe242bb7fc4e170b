"""Every mistake in a configuration is one sentence with its line that says what to write instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analyzer.model import UserError
from tests.policies import lay, only, scanned

DOCUMENT = 'document = "BAA-1"'
REASON = 'reason = "It is agreed."'

MISTAKES = {
    # ------------------------------------------------------------ names
    '[[agreement]]\nvendor = "hotjar"': ':1: "agreement" is not known here; write "agreements"',
    f'[[agreements]]\nvender = "hotjar"\n{DOCUMENT}': ':2: "vender" is not known here; write "vendor"',
    f'[[agreements]]\nproduct = "hotjar"\n{DOCUMENT}': ':2: "product" is not known here; write "vendor"',
    '[[pages]]\npaths = ["a/"]\nare_not = ["billing"]': ':3: "are_not" is not known here; write "are-not"',
    '[[pages]]\npaths = ["a/"]\nclasses = ["billing"]': ':3: "classes" is not known here; write "are"',
    f'[[allowed]]\nvendor = "hotjar"\non = "*"\nexpires = 2027-01-01\n{REASON}': ':4: "expires" is not known here; write "until"',
    '[[hosts]]\nhost = "a.example"\nzzz = 1': ':3: "zzz" is not known here; use host, hosts or stands-for',
    "[tool.trackerlint]\nexclude = []": ':1: "tool" is not known here; use agreements,',
    f'[[agreements]]\nvendor = "hotjr"\n{DOCUMENT}': ':2: no vendor has the id "hotjr"; write "hotjar"',
    f'[[agreements]]\nvendors = [\n  "hotjar",\n  "Meta Pixel",\n]\n{DOCUMENT}': ':4: no vendor has the id "Meta Pixel"; write "meta-pixel"',
    f'[[agreements]]\nvendor = "qqqqqqqq"\n{DOCUMENT}': ':2: no vendor has the id "qqqqqqqq"; trackerlint list vendors shows the ids',
    f'[[agreements]]\nvendor = "Google"\n{DOCUMENT}': ':2: "Google" is a company; write company = "Google", or name one of its products',
    f'[[agreements]]\ncompany = "Gogle"\n{DOCUMENT}': ':2: no product belongs to a company "Gogle"; write "Google"',
    '[[hosts]]\nhost = "a.example"\nstands-for = "gtm"': ':3: no vendor has the id "gtm"; ',
    f'[[ignore]]\nrules = ["tracker-on-portal"]\n{REASON}': ':2: there is no rule "tracker-on-portal"; write "tracker-on-portal-page"',
    f'[[ignore]]\nrules = ["TL0"]\n{REASON}': ':2: there is no rule "TL0"; ',
    '[rules]\nselect = ["trackers"]': ':2: there is no rule "trackers"; ',
    '[severity]\ntracker-everywhere = "off"': ':2: there is no rule "tracker-everywhere"; ',
    '[severity]\nTL1 = "off"': ':2: "TL1" is the beginning of several codes; name one rule a line',
    f'[[allowed]]\nvendor = "hotjar"\non = ["public-pages"]\n{REASON}': ':3: there is no page class "public-pages"; ',
    '[[pages]]\npaths = ["a/"]\nare = "sheduling"': ':3: there is no page class "sheduling"; write "scheduling"',
    # ------------------------------------------------------------ kinds of values
    f'[[agreements]]\nvendor = ["hotjar"]\n{DOCUMENT}': ':2: "vendor" must be a text in quotes; write vendor = "google-analytics"',
    f'[[agreements]]\nvendors = "hotjar"\n{DOCUMENT}': ':2: "vendors" must be a list of texts; write vendors = ["google-analytics", "hotjar"]',
    f'[[ignore]]\npaths = ["a", 3]\n{REASON}': ':2: "paths" must hold texts only; write paths = ["templates/careers/**"]',
    f'[[allowed]]\nvendor = "hotjar"\non = 3\n{REASON}': ':3: "on" must be a text or a list of texts; write on = ["condition", "provider-search"]',
    'inherit = "no"': ':1: "inherit" must be true or false; write inherit = false',
    '[agreements]\nvendor = "hotjar"': ':1: "agreements" must be blocks; begin each with [[agreements]]',
    'ignore = ["TL901"]': ':1: "ignore" must be blocks; begin each with [[ignore]], or write [rules] ignore = ["TL901"] to leave rules out',
    'rules = ["TL1"]': ':1: "rules" must be a table; write [rules]',
    '[severity]\ntracker-on-every-page = "fatal"': ':2: "fatal" is no severity; write error, warning, note or off',
    "[severity]\ntracker-on-every-page = 3": ':2: "tracker-on-every-page" must be a text in [severity]; write severity = ',
    'severity = "off"': ':1: "severity" must be a table of rules and severities; write severity = { tracker-on-every-page = "error" }',
    # ------------------------------------------------------------ days
    f'[[agreements]]\nvendor = "hotjar"\n{DOCUMENT}\nsigned = "31.1.2026"': ':4: "signed" is no day; write signed = 2026-02-01',
    f'[[agreements]]\nvendor = "hotjar"\n{DOCUMENT}\nsigned = 2026-02-30': ":4: this day does not exist; write a day as 2027-01-31",
    f'[[agreements]]\nvendor = "hotjar"\n{DOCUMENT}\nsigned = 2026': ':4: "signed" must be a day; write signed = 2026-02-01',
    f'[[agreements]]\nvendor = "hotjar"\n{DOCUMENT}\nsigned = 2026-02-01\nexpires = 2025-02-01': ":5: expires (2025-02-01) lies before signed (2026-02-01); exchange or correct them",
    f'[[agreements]]\nvendor = "hotjar"\n{DOCUMENT}\nsigned = 2027-02-01': ":4: signed (2027-02-01) is a day to come; enter the agreement when it is signed",
    f'[[ignore]]\nrules = ["TL1"]\n{REASON}\nuntil = 2027-01-31T10:00:00': ':4: "until" must be a day; write until = 2027-01-31',
    # ------------------------------------------------------------ what is missing
    f"[[agreements]]\n{DOCUMENT}": ':1: the agreement names no product; write vendor = "..." or company = "..."',
    f'[[agreements]]\nowner = "google"\n{DOCUMENT}': ':1: the agreement names no product; write company = "Google" (owner is the person who looks after it)',
    '[[agreements]]\nvendor = "hotjar"': ':1: "document" is missing; write document = "BAA-2026-014, contracts archive"',
    '[[agreements]]\nvendor = "hotjar"\ndocument = " "': ':3: "document" is empty; say where the signed paper is found',
    '[[ignore]]\nrules = ["TL1"]': ':1: "reason" is missing; write reason = "The careers pages hold no patient data."',
    '[[ignore]]\nrules = ["TL1"]\nreason = ""': ':3: "reason" is empty; say in one sentence why this is accepted',
    f"[[ignore]]\n{REASON}": ":1: this block would accept every finding; say which with rules, paths, vendor, on or tags",
    f'[[allowed]]\nvendor = "hotjar"\n{REASON}': ':1: "on" is missing; write on = ["condition", "provider-search"]',
    f'[[allowed]]\non = "*"\n{REASON}': ':1: [[allowed]] names no product; write vendor = "..."',
    f'[[allowed]]\nvendor = "hotjar"\non = []\n{REASON}': ':1: "on" is empty; write on = ["condition"], or on = "*" for every page',
    f'[[ignore]]\nvendor = ""\nrules = ["TL1"]\n{REASON}': ':2: "vendor" is empty; name one, or leave the line out',
    f'[[ignore]]\ntags = [" "]\n{REASON}': ":2: an empty text stands in tags; take it out",
    '[[pages]]\nare = ["billing"]': ':1: this block names no page; write paths = ["templates/..."] or routes = ["/..."]',
    '[[pages]]\npaths = ["a/"]': ':1: this block says nothing of its pages; write are = ["..."] or are-not = ["..."]',
    '[[hosts]]\nstands-for = "hotjar"': ':1: this block names no host; write host = "static.clinic.example"',
    '[[containers]]\nroutes = ["/**"]': ':1: this block names no container; write id = "GTM-..." or export = "..."',
    '[[containers]]\nid = "GTM-ABC1234"': ':1: nothing is said of GTM-ABC1234; write export = "..." or routes = ["/**"]',
    # ------------------------------------------------------------ paths, addresses, hosts, ids
    f"[[ignore]]\nexclude = {'9' * 5_000}": ":2: a number is too long; write a shorter one",
    'exclude = ["/var/www/site"]': ':1: "/var/www/site" is an absolute path; write it from the folder of this file, such as "./site"',
    'exclude = [\n  "a/",\n  "C:\\\\site",\n]': ':3: "C:\\site" is an absolute path; write it from the folder of this file, such as "./site"',
    'exclude = ["a\\\\b"]': ':1: "a\\b" has a backslash; write "a/b"',
    'exclude = ["../other"]': ':1: "../other" leads out of the folder of this file; put the entry into a configuration further up',
    'exclude = [""]': ":1: this pattern is empty; name a file or a folder",
    'exclude = ["!careers/"]': ':1: "!careers/" takes away; write "careers/" in include instead',
    'exclude = ["a**"]': ':1: "a**" joins ** with other letters; ** stands for whole folders, write "a*" or "a/**/b"',
    'exclude = ["a//b"]': ':1: "a//b" has two slashes in a row; write "a/b"',
    f'[[ignore]]\npaths = ["!a"]\n{REASON}': ':2: "!a" takes away from nothing; write what is meant before it',
    f'[[ignore]]\npaths = ["https://clinic.example/a"]\n{REASON}': ':2: "https://clinic.example/a" is an address; write routes = ["/..."] for pages by their addresses',
    '[[pages]]\nroutes = ["portal/**"]\nare = "billing"': ':2: "portal/**" is no address; write "/portal/**"',
    '[[pages]]\nroutes = ["https://clinic.example/pay?x=1"]\nare = "billing"': ':2: "https://clinic.example/pay?x=1" holds the host; write "/pay"',
    '[[pages]]\nroutes = ["/pay?x=1"]\nare = "billing"': ':2: "/pay?x=1" holds more than the path; write "/pay"',
    '[[hosts]]\nhost = "https://cdn.example/x"': ':2: "https://cdn.example/x" is an address; write the host alone, "cdn.example"',
    '[[hosts]]\nhost = "*.com"': ':2: "*.com" would make every host yours; write a host such as "*.clinic.example"',
    '[[hosts]]\nhost = "our cdn"': ':2: "our cdn" is no host; write one such as "static.clinic.example" or "*.clinic.example"',
    '[[containers]]\nid = "gtm-abc1234"\nroutes = ["/**"]': ':2: "gtm-abc1234" is no id of a container; write "GTM-ABC1234"',
    '[[containers]]\nid = "G-ABC1234"\nroutes = ["/**"]': ':2: "G-ABC1234" is no id of a container; write one such as "GTM-ABC1234"',
    '[[containers]]\nexport = "gtm/none.json"': ':2: "gtm/none.json" does not exist below the folder of this file; export the container again, or correct the path',
    '[[containers]]\nexport = "pages"': ':2: "pages" is a folder; name the exported file',
    '[[containers]]\nexport = "/gtm/none.json"': ':2: "/gtm/none.json" leads out of the project; write the path from the folder of this file, with /',
    # ------------------------------------------------------------ twice
    'exclude = ["a/", "a/"]': ':1: "a/" is in "exclude" twice; keep one',
    f'[[agreements]]\nvendors = ["hotjar", "hotjar"]\n{DOCUMENT}': ':2: "hotjar" is in "vendors" twice; keep one',
    f'[[ignore]]\nrules = ["TL1"]\n{REASON}\n\n[[ignore]]\nrules = ["TL1"]\n{REASON}': ":5: this block says the same as the one on line 1; keep one",
    '[[hosts]]\nhost = "a.example"\n[[hosts]]\nhosts = ["A.example"]': ':4: "A.example" is on line 2 already; keep one',
    '[[pages]]\npaths = ["a/"]\nare = "billing"\nare-not = ["billing"]': ':4: "billing" is in are and in are-not; keep one',
    '[severity]\ntracker-on-every-page = "off"\nTL105 = "note"': ":3: tracker-on-every-page is in this table by its name and by its code; keep one",
    # ------------------------------------------------------------ TOML
    "[[agreements]\nvendor = 1": ":1: the name of the block does not end; write [[name]]",
    "[[agreements]]\nvendor = hotjar": ':2: a text needs quotes; write "hotjar"',
    "[[agreements]]\nvendor =": ":2: there is nothing after the =; write a value",
    '[[agreements]]\nvendor = "hotjar': ":2: a text does not end; close it with a quote",
    "exclude = [archive]": ":1: a text in the list needs quotes; put each into them",
    "inherit = False": ":1: write false in small letters",
    'vendor "hotjar"': ":1: there is no = after this name; write name = value",
    "[rules]\n[rules]": ":2: this table is here twice; keep one, or write [[...]] for a block of a list",
    'exclude = ["a"]\nexclude = ["b"]': ":2: this key is here twice; keep one",
    'exclude = ["a\\b\\c"]': ":1: a backslash needs another one in a text; write / between folders",
    'exclude = [\n  "a"\n': ":2: a list does not end; close it with ]",
}


@pytest.mark.parametrize("text", MISTAKES, ids=range(1, len(MISTAKES) + 1))
def test_a_mistake_is_one_sentence_with_its_line(text: str, tmp_path: Path) -> None:
    lay(tmp_path, {"pages/index.html": "<p>", "trackerlint.toml": text})
    with pytest.raises(UserError) as trouble:
        scanned(tmp_path)
    said = str(trouble.value)
    assert "trackerlint.toml" + MISTAKES[text] in said
    assert "\n" not in said
    assert not re.search(r"`|\$\.|Object|object|array", said), "this is msgspec's language"


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "trackerlint.toml").write_bytes(b"inherit = true\n# caf\xe9\n")
    with pytest.raises(UserError, match=r"trackerlint.toml:2: this is not UTF-8; save the file as"):
        scanned(tmp_path)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "trackerlint.toml").mkdir()
    with pytest.raises(
        UserError, match=r"trackerlint.toml is a folder, and a configuration is a file"
    ):
        scanned(tmp_path)


def test_the_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none.toml does not exist; check --config"):
        scanned(tmp_path, options=only(tmp_path / "none.toml"))


def test_the_named_pyproject_must_have_the_table(tmp_path: Path) -> None:
    lay(tmp_path, {"pyproject.toml": "[project]\n"})
    with pytest.raises(UserError, match=r"there is no \[tool.trackerlint\] table; write one"):
        scanned(tmp_path, options=only(tmp_path / "pyproject.toml"))


def test_a_mistake_in_pyproject_is_told_with_its_table(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.trackerlint.agreements]\nvendor = "hotjar"\n'
    lay(tmp_path, {"pyproject.toml": text})
    with pytest.raises(UserError, match=r"pyproject.toml:4: .*\[\[tool.trackerlint.agreements\]\]"):
        scanned(tmp_path)


def test_a_pyproject_of_others_may_be_wrong(tmp_path: Path) -> None:
    lay(tmp_path, {"pyproject.toml": "# uses trackerlint\nx = \n", "a.html": "<p>"})
    assert scanned(tmp_path).site.policy.files == ()


def test_the_line_is_right_behind_long_texts_lists_and_inline_tables(tmp_path: Path) -> None:
    text = (
        '\ufeff# ümläut\r\nexclude = [ # a ] in a comment\r\n  "a]#", \'b"\',\r\n]\r\n'
        'hosts = [{ host = "a.example" }, { host = """\nb.example""" , stands-for = "qqqqqqqq" }]\n'
    )
    (tmp_path / "trackerlint.toml").write_text(text, encoding="utf-8", newline="")
    with pytest.raises(UserError, match=r"trackerlint.toml:6: no vendor has the id"):
        scanned(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[[tool.trackerlint]]\ninherit = true\n",
            ':1: "tool.trackerlint" must be a table; write [tool.trackerlint]',
        ),
        (
            "[tool]\ntrackerlint = 3\n",
            ':2: "tool.trackerlint" must be a table; write [tool.trackerlint]',
        ),
    ],
)
def test_the_table_of_pyproject_is_a_table(text: str, said: str, tmp_path: Path) -> None:
    lay(tmp_path, {"pyproject.toml": text})
    with pytest.raises(UserError) as trouble:
        scanned(tmp_path)
    assert said in str(trouble.value)


def test_a_link_that_leads_nowhere_is_no_missing_configuration(tmp_path: Path) -> None:
    (tmp_path / "trackerlint.toml").symlink_to(tmp_path / "gone.toml")
    with pytest.raises(UserError, match=r"trackerlint.toml does not exist"):
        scanned(tmp_path)
