"""DefectDojo: the file is imported into an engagement, or brings an earlier import up to date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from analyzer.model import UserError
from analyzer.upload._log import Log
from analyzer.upload._plan import Plan, Wanted
from analyzer.web import Answer, Service, checked, host_of, token_of

TOKEN = "DEFECTDOJO_TOKEN"
ADDRESS = "DEFECTDOJO_URL"
NEEDS = "may import scans (an API v2 key)"
LARGEST = 100_000_000  # bytes that DefectDojo takes unless its owner says otherwise
SCAN = "SARIF"


def plan(log: Log, wanted: Wanted) -> Plan:
    """What would be sent where. Raises UserError for what DefectDojo would refuse."""
    given = wanted.url or wanted.environment.get(ADDRESS, "")
    if not given:
        raise UserError(f"the address of DefectDojo is not known; give --url or set {ADDRESS}")
    url = checked(given, "the address of DefectDojo").removesuffix("/api/v2")
    fields = dict(_fields(wanted))
    if len(log.data) > LARGEST:
        raise UserError(
            f"{log.path} has {len(log.data)} bytes, and DefectDojo takes {LARGEST}; scan fewer "
            "folders at once"
        )
    name = log.path.name if log.path.suffix in (".sarif", ".json") else "report.sarif"
    return Plan(
        service="DefectDojo",
        method="POST",
        url=url,
        path="/api/v2/reimport-scan/" if wanted.again else "/api/v2/import-scan/",
        token=TOKEN,
        content={"data": fields, "files": {"file": (name, log.data, "application/json")}},
        told={
            **{key.replace("_", " "): value for key, value in fields.items()},
            "size": f"{len(log.data)} bytes, of {LARGEST} that DefectDojo takes by default",
            "results": str(log.results),
        },
    )


def send(plan: Plan, wanted: Wanted, say: Callable[[str], None]) -> None:
    """Send it. Raises UserError where it is refused."""
    token = token_of(wanted.environment, TOKEN, NEEDS)
    service = Service("DefectDojo", plan.url, "Token", token, wanted.patience)
    # An import that arrived although its answer was lost must not be made twice.
    answer = service.ask(plan.method, plan.path, again=wanted.again, **plan.content)
    if answer.status not in (200, 201):
        raise UserError(_refusal(answer))
    match answer.body:
        case {"test_id": int(test)} | {"test": int(test)}:
            say(f"DefectDojo took the file: {plan.url}/test/{test}")
        case _:
            raise UserError(
                f"{host_of(plan.url)} did not answer as DefectDojo does; check the address"
            )


def _fields(wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Where the findings go: a test or an engagement by its number, or names for both."""
    yield "scan_type", SCAN
    if wanted.test:
        if not wanted.again:
            raise UserError("--test names an earlier import; give --reimport as well")
        yield "test", _number(wanted.test, "--test")
    elif wanted.engagement.isascii() and wanted.engagement.isdigit() and not wanted.product:
        if wanted.again:
            raise UserError(
                "an engagement's number is not enough to find the earlier import; give --test, or "
                "--product and --engagement by name"
            )
        yield "engagement", wanted.engagement
    elif wanted.product and wanted.engagement:
        yield "product_name", wanted.product
        yield "engagement_name", wanted.engagement
        if wanted.product_type:
            yield "product_type_name", wanted.product_type
            yield "auto_create_context", "true"
    else:
        raise UserError(
            "DefectDojo needs to know where the findings go; give --engagement NUMBER, or "
            "--product NAME and --engagement NAME (with --product-type what is missing is made)"
        )
    commit = wanted.commit or wanted.environment.get("GITHUB_SHA") or wanted.checkout.revision
    if commit:
        yield "commit_hash", commit
    branch = wanted.ref.removeprefix("refs/heads/") or wanted.checkout.branch
    if branch:
        yield "branch_tag", branch


def _number(text: str, option: str) -> str:
    if not re.fullmatch(r"[0-9]+", text):
        raise UserError(f"{option} is a number, as it stands in the address of the test's page")
    return text


def _refusal(answer: Answer) -> str:
    said = f" (it says: {answer.text})" if answer.text else ""
    match answer.status:
        case 401:
            return f"DefectDojo does not accept the token in {TOKEN}; copy the API v2 key anew"
        case 403:
            return f"the owner of the token in {TOKEN} may not import scans there{said}"
        case 404:
            return f"DefectDojo knows no such address, product, engagement or test{said}"
        case 413:
            return "DefectDojo, or a proxy before it, finds the file too large; scan fewer folders"
        case 400 | 422:
            return f"DefectDojo refuses the import: {answer.text or 'it gives no reason'}"
        case 429 | 503:
            return f"DefectDojo is busy (answer {answer.status}); try again later"
    return (
        f"DefectDojo answered {answer.status} where 201 was expected{said}; look whether the "
        "import was made before you send it again"
    )
