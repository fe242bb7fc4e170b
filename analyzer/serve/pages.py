"""The addresses of the page, and what each of them answers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from analyzer import amending
from analyzer.model import UserError
from analyzer.serve import receiving
from analyzer.serve.checks import Check, Checks, State
from analyzer.serve.guard import REPORT_POLICY, Guard
from analyzer.serve.limits import MB

FORMATS = {  # what a format is to the person who takes it, and what it is good for
    "html": ("Web page", "the report, to read, print or send"),
    "xlsx": ("Spreadsheet", "the inventory with filters"),
    "csv": ("CSV", "the inventory for other programs"),
    "markdown": ("Markdown", "a summary for a ticket"),
    "sarif": ("SARIF", "for the tools of developers and security people"),
    "json": ("JSON", "everything, for programs"),
}


def blueprint(checks: Checks, guard: Guard) -> Blueprint:
    """All addresses of a session."""
    page = Blueprint("page", "analyzer.serve", static_folder="static")

    @page.before_request
    def only_own_forms() -> None:
        if request.method == "POST" and not guard.has_sent(request.form.get("form", "")):
            abort(400)

    @page.context_processor
    def words() -> dict[str, Any]:
        return {"form": guard.form}

    @page.get("/")
    def first() -> str:
        return start(checks, guard)

    @page.post("/checks")
    def begin() -> Answer:
        folder = checks.place()
        check = checks.add(folder, receiving.received(request.files, folder, checks.limits))
        return redirect(url_for("page.check", number=check.number), 303)

    @page.get("/checks/<int:number>")
    def check(number: int) -> str:
        return _shown(checks, _of(checks, number))

    @page.get("/checks/<int:number>/progress")
    def progress(number: int) -> Response:
        return jsonify(_progress(checks, _of(checks, number)))

    @page.post("/checks/<int:number>/stop")
    def stop(number: int) -> Answer:
        checks.stop(number)
        return redirect(url_for("page.check", number=number), 303)

    @page.post("/checks/<int:number>/remove")
    def remove(number: int) -> Answer:
        checks.remove(number)
        return redirect(url_for("page.first"), 303)

    @page.get("/checks/<int:number>/report")
    def report(number: int) -> Response:
        found = _file(_done(checks, number), "html")
        response = send_file(found, mimetype="text/html", max_age=0)
        response.headers["Content-Security-Policy"] = REPORT_POLICY
        return response

    @page.get("/checks/<int:number>/files/<form>")
    def download(number: int, form: str) -> Response:
        found = _file(_done(checks, number), form)
        return send_file(found, as_attachment=True, download_name=found.name, max_age=0)

    @page.get("/checks/<int:number>/changes.<form>")
    def changes(number: int, form: str) -> Response:
        found = _changes(_done(checks, number))
        if found is None or form not in ("csv", "md"):
            abort(404)
        text = found["csv" if form == "csv" else "markdown"]
        headers = {"Content-Disposition": f'attachment; filename="changes.{form}"'}
        return Response(
            text, mimetype=f"text/{'csv' if form == 'csv' else 'markdown'}", headers=headers
        )

    @page.post("/checks/<int:number>/amended/<int:index>")
    def amend(number: int, index: int) -> Answer | tuple[str, int]:
        check = _done(checks, number)
        _container(check, index)
        asked = amending.Wanted(
            block_sensitive="block" in request.form,
            require_consent="consent" in request.form,
            pause=tuple(request.form.getlist("pause")),
        )
        try:
            if asked == amending.Wanted():
                raise UserError("nothing is chosen; choose at least one of the changes")
            checks.amend(number, index, asked)
        except UserError as trouble:
            return _shown(checks, check, trouble=(index, str(trouble))), 400
        return redirect(f"{url_for('page.check', number=number)}#container-{index}", 303)

    @page.get("/checks/<int:number>/amended/<int:index>")
    def amended(number: int, index: int) -> Response:
        check = _done(checks, number)
        container = _container(check, index)
        found = check.folder / "results" / f"amended-{container['kept']}"
        if not found.is_file():
            abort(404)
        stem = Path(container["path"]).stem
        return send_file(
            found, "application/json", as_attachment=True, download_name=f"{stem}-amended.json"
        )

    return page


def start(checks: Checks, guard: Guard, trouble: str = "") -> str:
    """The first page, with what went wrong where something did."""
    return render_template(
        "start.html",
        form=guard.form,
        trouble=trouble,
        checks=list(reversed(checks.all())),
        limits=checks.limits,
        MB=MB,
    )


def _shown(checks: Checks, check: Check, trouble: tuple[int, str] = (-1, "")) -> str:
    match check.state:
        case State.DONE:
            return render_template(
                "report.html",
                check=check,
                changed=_changes(check),
                back=bool(request.args.get("back")),
                formats={name: FORMATS[name] for name in FORMATS if name in check.result["files"]},
                trouble=trouble,
            )
        case State.FAILED | State.STOPPED:
            return render_template("failed.html", check=check)
    return render_template("progress.html", check=check, told=_progress(checks, check))


def _progress(checks: Checks, check: Check) -> dict[str, Any]:
    return {
        "over": check.is_over,
        "words": _words(checks, check),
        "done": check.done,
        "total": check.total,
        "slow": bool(check.begun) and time.monotonic() - check.begun > checks.limits.long,
    }


def _words(checks: Checks, check: Check) -> str:
    if check.state is State.WAITING:
        before = checks.before(check.number)
        return f"Waiting for {before} other check{'s' if before > 1 else ''} to end"
    if check.words == "reading files" and check.total:
        return f"Reading files: {check.done:,} of {check.total:,}"
    if check.words == "unpacking the site" and check.total:
        return f"Unpacking the site: {check.done:,} of {check.total:,} files"
    return (check.words or "starting").capitalize()


def _of(checks: Checks, number: int) -> Check:
    check = checks.of(number)
    if check is None:
        abort(404)
    return check


def _done(checks: Checks, number: int) -> Check:
    check = _of(checks, number)
    if check.state is not State.DONE:
        abort(404)
    return check


def _file(check: Check, form: str) -> Path:
    if form not in check.result["files"]:
        abort(404)
    found: Path = check.folder / "results" / check.result["files"][form]
    return found


def _changes(check: Check) -> dict[str, Any] | None:
    """The changes from the older export to the newer, or the other way round where asked."""
    both = check.result["changes"]
    found: dict[str, Any] | None = both[bool(request.args.get("back"))] if both else None
    return found


def _container(check: Check, index: int) -> dict[str, Any]:
    containers: list[dict[str, Any]] = check.result["containers"]
    if index >= len(containers):
        abort(404)
    return containers[index]
