"""From a site to findings: the rules that run, the organisation's own word, and what was known."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from analyzer import policy
from analyzer.model import (
    SEVERITY_ORDER,
    Finding,
    Judgement,
    Rule,
    Selection,
    Severity,
    Site,
    Step,
    Suppression,
    UserError,
)
from analyzer.plugins import modules, title_of
from analyzer.policy.messages import nearest


@dataclass(frozen=True, slots=True)
class Judge:
    """The rules of a run; `select` and `ignore` are the user's own, by name or code, and stand
    above those of the configuration.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    selections: tuple[Selection, ...] = ()

    def findings(self, site: Site, suppressions: Sequence[Suppression]) -> tuple[Finding, ...]:
        """The findings of the rules, the worst first, each with the word that settles it.

        The rules about the review come last: they read which suppressions settled what.
        """
        first = [each for each in all_rules() if hasattr(each, "check")]
        made = self._made(first, lambda rule: (written(each, site) for each in rule.check(site)))
        settled = policy.settled(made, suppressions, site, self._yields())
        judgement = Judgement(
            site,
            tuple(suppressions),
            settled.counts,
            policy.idle(site),
            site.policy.today,
            tuple(
                self._unmet(first, *each) for each in zip(suppressions, settled.codes, strict=True)
            ),
            settled.findings,
            self.rules(),
        )
        last = [each for each in all_rules() if hasattr(each, "review")]
        about = self._made(last, lambda rule: rule.review(judgement))
        told = policy.settled(about, suppressions, site, self._yields())
        return tuple(sorted((*settled.findings, *told.findings), key=_order))

    def rules(self) -> tuple[Rule, ...]:
        """All rules as the outputs tell them, with the severities of the run."""
        return tuple(_described(rule, self._severity(rule)) for rule in all_rules())

    def runs(self, code: str, path: str) -> bool:
        """Does a finding of this rule in this file have to be found again, if it is still true?"""
        rule = next((each for each in all_rules() if code == each.CODE), None)
        return rule is None or self._runs(rule, path)

    def _unmet(
        self, rules: Sequence[ModuleType], suppression: Suppression, codes: Collection[str]
    ) -> tuple[str, ...]:
        """The rules that a suppression names, that ran, and that gave it nothing to settle; every
        rule (`*`) where it names none and settles nothing although the user chose no rules.
        """
        if not suppression.rules:
            return () if codes or self.select or self.ignore else ("*",)
        unmet = []
        for name in suppression.rules:
            own = [each for each in rules if policy.named(each.CODE, title_of(each), (name,))]
            ran = any(self._runs(each, suppression.place.path) for each in own)
            if ran and not any(each.CODE in codes for each in own):
                unmet.append(name)
        return tuple(unmet)

    def _made(
        self, rules: Iterable[ModuleType], found_by: Callable[[ModuleType], Iterable[Finding]]
    ) -> list[Finding]:
        found: dict[tuple[str, str], Finding] = {}
        for rule in rules:
            for finding in found_by(rule):
                if not self._runs(rule, finding.place.path):
                    continue
                made = replace(
                    finding,
                    rule=title_of(rule),
                    code=rule.CODE,
                    severity=self._severity(rule),
                    message=rule.MESSAGE.format(*finding.arguments),
                    fingerprint=fingerprint_of(rule.CODE, finding.anchor),
                )
                found.setdefault((made.fingerprint, str(made.place)), made)
        return list(_told_apart(found.values()))

    def _runs(self, rule: ModuleType, path: str) -> bool:
        """The user's word counts first, then that of the configuration nearest to the file."""
        near = policy.nearest(self.selections, path)
        select = self.select or next((each.select for each in near if each.select), ())
        ignored = (*self.ignore, *(name for each in near for name in each.ignore))
        if self.select:
            ignored = self.ignore
        return (not select or policy.named(rule.CODE, title_of(rule), select)) and not policy.named(
            rule.CODE, title_of(rule), ignored
        )

    def _severity(self, rule: ModuleType) -> Severity:
        """One severity a rule and run, since that is where readers of reports look for it."""
        said = {name: word for each in self.selections for name, word in each.severity.items()}
        return Severity(said.get(title_of(rule)) or said.get(rule.CODE) or rule.SEVERITY)

    def _yields(self) -> dict[str, tuple[str, ...]]:
        return {rule.CODE: tuple(getattr(rule, "YIELDS_TO", ())) for rule in all_rules()}


def written(finding: Finding, site: Site) -> Finding:
    """The finding with where its code was written, or with the bundles that hold it too."""
    original = site.originals.get(finding.place)
    trail = tuple(
        replace(step, text=f"{step.text} ({told.said})")
        if (told := site.originals.get(step.place)) is not None
        else step
        for step in finding.trail
    )
    related = finding.related
    if original is not None and all(step.place != finding.place for step in trail):
        related = (Step(finding.place, f"comes {original.said}"), *related)
    known = {step.place.path for step in (*trail, *related)}
    built = (step for step in site.copies.get(finding.place, ()) if step.place.path not in known)
    return replace(finding, trail=trail, related=(*related, *built), original=original)


def all_rules() -> tuple[ModuleType, ...]:
    """The modules of the rules folder, by code."""
    return tuple(sorted(modules("rules"), key=lambda module: str(module.CODE)))


def check_names(names: Iterable[str], where: str = "") -> None:
    """Raises UserError for the name of a rule that does not exist; `where` says who asks for it."""
    known = {name for module in all_rules() for name in (module.CODE, title_of(module))}
    for name in names:
        if name not in known and not (
            name.startswith("TL") and any(each.startswith(name) for each in known)
        ):
            meant = nearest(name, (title_of(module) for module in all_rules()))
            advice = f"did you mean {meant!r}? " if meant else ""
            advice += "trackerlint list rules shows them"
            if "," in name:
                advice = "give the option once for each rule"
            raise UserError(f"{where}there is no rule {name!r}; {advice}")


def check_choice(select: Sequence[str], ignore: Sequence[str]) -> None:
    """Raises UserError for names of rules that do not exist, and for a choice that leaves none."""
    check_names((*select, *ignore))
    judge = Judge(tuple(select), tuple(ignore))
    if not any(judge.runs(each.CODE, "") for each in all_rules()):
        raise UserError(
            "--ignore takes away every rule that --select names; leave one of them out"
            if select
            else "--ignore leaves no rule to run; name fewer"
        )


def fingerprint_of(code: str, anchor: Sequence[str]) -> str:
    """What stays the same of a finding as long as it is the same: 32 hexadecimal digits.

    Blanks and the sort of quotes are left to those who format code.
    """
    words = ("".join(each.split()).replace('"', "'") for each in anchor)
    same = "\0".join((code, *words)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(same).hexdigest()[:32]


def _told_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same thing twice in one file has two fingerprints: the second one counts."""
    seen: Counter[str] = Counter()
    for finding in sorted(
        findings, key=lambda each: (each.place.path, each.place.line, each.place.region.column)
    ):
        number = seen[finding.fingerprint]
        seen[finding.fingerprint] += 1
        yield (
            replace(finding, fingerprint=fingerprint_of(finding.fingerprint, (str(number),)))
            if number
            else finding
        )


def _order(finding: Finding) -> tuple[int, str, int, int, str]:
    return (
        SEVERITY_ORDER.index(finding.severity),
        finding.place.path,
        finding.place.line,
        finding.place.region.column,
        finding.code,
    )


def _described(module: ModuleType, severity: Severity) -> Rule:
    short, _, rest = (module.__doc__ or "").strip().partition("\n")
    return Rule(
        module.CODE,
        title_of(module),
        severity,
        module.SCORE,
        module.MESSAGE,
        short.strip(),
        rest.strip(),
        tuple(getattr(module, "TAGS", ())),
        module.NEXT,
        tuple(getattr(module, "YIELDS_TO", ())),
    )
