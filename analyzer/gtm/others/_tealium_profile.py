"""How a profile of Tealium's API is read: tags, their load rules, and what is mapped to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.gtm.built import leaf
from analyzer.gtm.export import Export, listed, plain
from analyzer.gtm.others._draft import (
    ALWAYS,
    MOST_WAYS,
    Draft,
    Test,
    Ways,
    both,
    opposite,
    records,
)
from analyzer.gtm.others._tealium_iq import reads
from analyzer.gtm.positions import Document, Node, NotJson
from analyzer.model import Skip, Source

OPERATORS = {
    "equals": "EQUALS",
    "contains": "CONTAINS",
    "starts_with": "STARTS_WITH",
    "ends_with": "ENDS_WITH",
}
OPPOSITES = {
    "does_not_equal": "equals",
    "does_not_contain": "contains",
    "does_not_start_with": "starts_with",
    "does_not_end_with": "ends_with",
}


def read(source: Source) -> Iterator[Export | Skip]:
    """The profile; a file without its lists says nothing."""
    document = Document(source.data)
    try:
        root = document.root(lambda path: False)
    except NotJson:
        return
    members = root.members()
    if not isinstance(root.value, dict) or not isinstance(root.value.get("tags"), list):
        return
    profile = _Profile(Draft(source, "Tealium iQ", "settings"), root)
    for node in records(members["tags"]):
        profile.tag(node)
    name = f"{plain(root.value.get('account'))}/{plain(root.value.get('profile'))}"
    headline = members.get("profile", root)
    yield profile.draft.export(name, plain(root.value.get("versionTitle")), headline)


class _Profile:
    """One profile."""

    def __init__(self, draft: Draft, root: Node) -> None:
        self.draft = draft
        self.root = root
        rules = root.value.get("loadRules")
        self.rules = {
            plain(each.get("id")): each for each in listed(rules) if isinstance(each, dict)
        }

    def tag(self, node: Node) -> None:
        raw, members = node.value, node.members()
        tag_id, template = plain(raw.get("id")), plain(raw.get("tagId") or raw.get("tagID"))
        name = plain(raw.get("name")) or f"Tag {tag_id}"
        ways = self._ways_of(raw.get("rules"), name)
        if len(ways) > MOST_WAYS:
            ways = [[Test(unknown=f"the load rules of tag {name} hold")]]
        settings = members.get("configuration")
        given = settings.members() if settings is not None else {}
        self.draft.tag(
            node,
            tag_id,
            name,
            f"tealium:{template}",
            {**given, **dict(self._mapped(members.get("dataMappings")))},
            fires=self.draft.ways(node, f"tag {tag_id}", f"load rules of {name}", "PAGEVIEW", ways),
            where=members.get("tagId", members.get("tagID")),
            paused=plain(raw.get("status")) == "inactive",
        )

    def _mapped(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        """What the tag gets, by the vendor's name for it, and from which variable."""
        for each in records(node):
            variable, kind = plain(each.value.get("variable")), plain(each.value.get("type"))
            key = variable if "." in variable or not kind else f"{kind}.{variable}"
            for name in map(plain, listed(each.value.get("mappings"))):
                if kind == "static.text":
                    yield name, leaf(variable, each)
                elif variable:
                    yield name, leaf(reads(self.draft, self.root, key), each)

    def _ways_of(self, rules: Any, name: str) -> Ways:
        """When the load rules that apply hold, and none of those that exclude."""
        if not isinstance(rules, dict):
            return [[Test(unknown=f"the load rules of tag {name} hold")]]
        found: Ways = ALWAYS
        for each in listed(rules.get("apply")):
            found = both(found, self._together(each))
        for each in listed(rules.get("exclude")):
            found = both(found, opposite(self._together(each)))
        return found

    def _together(self, raw: Any) -> Ways:
        """Rules as they are nested: `and` of lists, each an `or` of rules."""
        found: Ways = ALWAYS
        for group in listed(raw.get("and") if isinstance(raw, dict) else raw):
            any_of: list[Any] = []
            for each in listed(group.get("or") if isinstance(group, dict) else group):
                any_of += self._rule(plain(each.get("uid")) if isinstance(each, dict) else "")
            found = both(found, any_of)
        return found

    def _rule(self, rule_id: str) -> Ways:
        rule = self.rules.get(rule_id)
        if rule is None or not isinstance(rule.get("conditions"), list):
            return [[Test(unknown=f"load rule {rule_id} holds")]]
        return [
            [self._test(each) for each in listed(ands) if isinstance(each, dict)]
            for ands in rule["conditions"]
        ]

    def _test(self, raw: dict[str, Any]) -> Test:
        variable, right = plain(raw.get("variable")), plain(raw.get("value"))
        operator = plain(raw.get("operator")).strip().replace(" ", "_")
        if operator in ("is_defined", "is_not_defined"):
            left = reads(self.draft, self.root, variable)
            return Test("EQUALS", left, "undefined", operator == "is_defined")
        kind = OPERATORS.get(OPPOSITES.get(operator, operator))
        if kind is None:
            return Test(unknown=f"{variable} {operator.replace('_', ' ')} {right}".strip())
        return Test(kind, reads(self.draft, self.root, variable), right, operator in OPPOSITES)
