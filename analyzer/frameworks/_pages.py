"""What views render, as pages: one for each template, with all addresses and what they ask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analyzer.frameworks import Convention, PageAt, Part, Project, joined
from analyzer.frameworks.templates import PARTS
from analyzer.model import Include

MAILS = re.compile(
    r"(?:^|/)(?:templates|jinja2|views)/(?:.*/)?(?:(?:e?mails?|mailers?|newsletters?)/"
    r"|[^/]*(?:reset|activation|confirmation|welcome|reminder|invitation)_e?mail\.\w+$)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A template that a view renders at an address, which is empty where it is not known."""

    template: str
    address: str = ""
    needs: tuple[str, ...] = ()
    public: tuple[str, ...] = ()


def pages(project: Project, answers: Iterable[Answer]) -> Iterator[Convention]:
    """The templates as pages; a visitor must be somebody where every view asks for it."""
    grouped: dict[str, list[Answer]] = {}
    for answer in answers:
        if project.is_template(answer.template):
            grouped.setdefault(answer.template, []).append(answer)
    for template, said in grouped.items():
        asked = all(each.needs for each in said)
        needs = tuple(dict.fromkeys(need for each in said for need in each.needs))
        public = tuple(dict.fromkeys(word for each in said for word in each.public))
        routes = tuple(dict.fromkeys(joined(each.address) for each in said if each.address))
        alone = project.is_whole(template) or _extends(project, template)
        if not alone and PARTS.search(template):  # a script asks for it, and shows it on its page
            yield Part(template)
            continue
        yield PageAt(
            template,
            routes,
            certain=alone,
            needs=needs if asked else (),
            public=() if asked else public,
        )


def _extends(project: Project, template: str) -> bool:
    return any(each.how == "extends" for each in project.facts_in(template, Include))
