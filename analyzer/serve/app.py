"""The page as a Flask application: its limits, its guard, and sentences for whatever goes wrong."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path
from typing import IO, Any, cast

from flask import Flask, Request, Response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from analyzer.model import UserError
from analyzer.outputs import _words
from analyzer.serve import pages
from analyzer.serve.alone import of_the_disk
from analyzer.serve.checks import Checks
from analyzer.serve.guard import Guard, guarded
from analyzer.serve.limits import MB

FORM = 1 * MB  # of a form beside its files: the names of tags to pause


class Upload(Request):
    """A request whose files wait in the folder of the session, which is removed at the end."""

    folder: Path

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return cast("IO[bytes]", tempfile.TemporaryFile(dir=self.folder))


def app_of(checks: Checks, guard: Guard) -> Flask:
    """The application of a session."""
    app = Flask("analyzer.serve", static_folder=None)
    app.request_class = type("SessionUpload", (Upload,), {"folder": checks.folder})
    app.config["MAX_CONTENT_LENGTH"] = checks.limits.uploads + FORM
    app.config["MAX_FORM_MEMORY_SIZE"] = FORM
    app.config["MAX_FORM_PARTS"] = 5_000
    app.jinja_options = {"finalize": _shown, "trim_blocks": True, "lstrip_blocks": True}
    app.add_template_filter(_sentence, "sentence")

    @app.before_request
    def refuse() -> Response | None:
        return guard.refuses(request)

    @app.after_request
    def guard_answer(response: Response) -> Response:
        return guarded(response)

    @app.errorhandler(UserError)
    def user(trouble: UserError) -> tuple[str, int]:
        return pages.start(checks, guard, trouble=str(trouble)), 400

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(trouble: RequestEntityTooLarge) -> tuple[str, int]:
        most = checks.limits.uploads // MB
        words = (
            f"these files are more than {most} MB together; leave out films and pictures, or ask a "
            "developer to run trackerlint scan on the folder"
        )
        return pages.start(checks, guard, trouble=words), 413

    @app.errorhandler(HTTPException)
    def other(trouble: HTTPException) -> tuple[str, int]:
        words = "This page does not exist, or its files were removed."
        if trouble.code == 400:
            words = "This form is an old one. Open the first page, and try again."
        return render_template("lost.html", words=words), trouble.code or 500

    @app.errorhandler(OSError)
    def disk(trouble: OSError) -> tuple[str, int]:
        return pages.start(checks, guard, trouble=of_the_disk(trouble)), 500

    @app.errorhandler(Exception)
    def ours(trouble: Exception) -> tuple[str, int]:
        at = traceback.extract_tb(trouble.__traceback__)[-1]
        words = (
            f"trackerlint made a mistake ({type(trouble).__name__} in {Path(at.filename).name} "
            f"line {at.lineno}). Please report it."
        )
        return render_template("lost.html", words=words), 500

    app.register_blueprint(pages.blueprint(checks, guard), url_prefix=f"/{guard.room}")
    return app


def _shown(value: Any) -> Any:
    """Words out of files that others wrote, without what steers the direction of text."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return _words.name(value) if is_plain else value


def _sentence(words: str) -> str:
    """The words as a sentence; the name of a file stays as it is."""
    first = words.split(" ", 1)[0]
    return f"{words if '.' in first else words[:1].upper() + words[1:]}."
