"""GitHub code scanning: the file is packed and sent, then GitHub works on it by itself."""

from __future__ import annotations

import base64
import gzip
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from analyzer.model import UserError
from analyzer.upload._log import Log
from analyzer.upload._plan import Plan, Wanted
from analyzer.web import Answer, Service, checked, host_of, token_of

TOKEN = "GITHUB_TOKEN"
NEEDS = "may write code scanning alerts (security_events)"
API = "https://api.github.com"
VERSION = "2022-11-28"

PACKED = 10_000_000  # bytes that GitHub takes
RUNS = 20
RESULTS = 25_000
PAUSES = (1, 2, 4, 8)  # seconds between two questions about the processing


def plan(log: Log, wanted: Wanted) -> Plan:
    """What would be sent where. Raises UserError for what GitHub would refuse."""
    told = wanted.environment
    url = checked(wanted.url or told.get("GITHUB_API_URL") or API, "the address of GitHub's API")
    repository = wanted.repository or told.get("GITHUB_REPOSITORY") or _of_remote(wanted)
    if not repository:
        raise UserError("the repository is not known; give --repository OWNER/NAME")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII) or ".." in repository:
        raise UserError(f"{repository} names no repository; give --repository OWNER/NAME")
    commit = wanted.commit or told.get("GITHUB_SHA") or wanted.checkout.revision
    if not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise UserError("the commit is not known; give --commit with its 40 hexadecimal digits")
    ref = wanted.ref or told.get("GITHUB_REF") or _of_branch(wanted)
    if not re.fullmatch(r"refs/(?:heads|tags)/[^\s\\]+|refs/pull/\d+/(?:merge|head)", ref):
        raise UserError(
            "the branch is not known; give --ref as in refs/heads/main or refs/pull/7/merge"
        )
    packed = gzip.compress(log.data, 9, mtime=0)
    _check_size(log, len(packed))
    return Plan(
        service="GitHub code scanning",
        method="POST",
        url=url,
        path=f"/repos/{quote(repository)}/code-scanning/sarifs",
        token=TOKEN,
        content={
            "json": {
                "commit_sha": commit,
                "ref": ref,
                "sarif": base64.b64encode(packed).decode("ascii"),
                "tool_name": "trackerlint",
            }
        },
        told={
            "repository": repository,
            "commit": commit,
            "ref": ref,
            "size": f"{len(packed)} bytes packed, of {PACKED} that GitHub takes",
            "results": str(log.results),
        },
    )


def send(plan: Plan, wanted: Wanted, say: Callable[[str], None]) -> None:
    """Send it, and with `wait` ask until GitHub is done. Raises UserError where it is refused."""
    token = token_of(wanted.environment, TOKEN, NEEDS)
    service = Service("GitHub", plan.url, "Bearer", token, wanted.patience)
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": VERSION}
    answer = service.ask(plan.method, plan.path, headers=headers, **plan.content)
    if answer.status not in (200, 201, 202):
        raise UserError(_refusal(answer, plan))
    # Not the address that the answer gives: a token goes where the user said.
    match answer.body:
        case {"id": str(number)} if re.fullmatch(r"[\w-]{1,100}", number, re.ASCII):
            pass
        case _:
            raise UserError(
                f"{host_of(plan.url)} took the file but did not answer as GitHub does; check the "
                "address of the API"
            )
    say(f"GitHub took the file for {plan.told['repository']} (upload {number})")
    if wanted.wait:
        _wait(service, f"{plan.path}/{number}", headers, wanted.waiting)
        say("GitHub has processed it")


def _wait(service: Service, path: str, headers: dict[str, str], limit: float) -> None:
    end = time.monotonic() + limit
    for pause in _pauses():
        answer = service.ask("GET", path, headers=headers)
        match answer.body:
            case {"processing_status": "complete"} if answer.status == 200:
                return
            case {"processing_status": "failed"} if answer.status == 200:
                raise UserError(f"GitHub could not process the file: {_errors(service, answer)}")
            case {"processing_status": "pending"} if answer.status == 200:
                pass
            case _ if answer.status == 404:
                pass  # an upload is not always known at once
            case _:
                raise UserError(
                    f"GitHub took the file, but does not say what became of it (answer "
                    f"{answer.status}); look at the repository's code scanning page"
                )
        if time.monotonic() + pause > end:
            raise UserError(
                f"GitHub took the file and was not done with it after {limit:g} seconds; look at "
                "the repository's code scanning page later"
            )
        time.sleep(pause)


def _pauses() -> Iterator[float]:
    yield from PAUSES
    while True:
        yield PAUSES[-1]


def _errors(service: Service, answer: Answer) -> str:
    errors: Any = answer.body.get("errors")
    said = "; ".join(str(each) for each in errors[:5]) if isinstance(errors, list) else ""
    return service.cleaned(said) or "it gives no reason"


def _refusal(answer: Answer, plan: Plan) -> str:
    repository = plan.told["repository"]
    said = f" (it says: {answer.text})" if answer.text else ""
    match answer.status:
        case 401:
            return f"GitHub does not accept the token in {TOKEN}; make a new one{said}"
        case 403:
            return (
                f"the token in {TOKEN} may not write code scanning alerts of {repository}, or code "
                f"scanning is off there; give it security_events: write, or switch it on{said}"
            )
        case 404:
            return (
                f"GitHub shows no repository {repository} to this token; check --repository and "
                "what the token may see"
            )
        case 413:
            return "GitHub finds the file too large; scan fewer folders at once"
        case 400 | 422:
            return f"GitHub refuses the file or what was said of it: {answer.text or 'no reason'}"
        case 429 | 503:
            return f"GitHub is busy (answer {answer.status}); try again later"
    return f"GitHub answered {answer.status} where 202 was expected{said}"


def _check_size(log: Log, packed: int) -> None:
    if packed > PACKED:
        raise UserError(
            f"{log.path} is {packed} bytes when packed, and GitHub takes {PACKED}; scan fewer "
            "folders at once"
        )
    if log.runs > RUNS or log.results > RESULTS:
        raise UserError(
            f"{log.path} has {log.runs} runs and {log.results} results; GitHub takes {RUNS} and "
            f"{RESULTS}"
        )


def _of_remote(wanted: Wanted) -> str:
    """The repository that the remote of the work tree names, where that is on GitHub."""
    match = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)", wanted.checkout.repository)
    return match[1] if match else ""


def _of_branch(wanted: Wanted) -> str:
    branch = wanted.checkout.branch
    return f"refs/heads/{branch}" if branch else ""
