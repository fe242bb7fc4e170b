"""The templates that Django's own views take when a program names none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

SUFFIXES = {
    "ListView": "_list",
    "DetailView": "_detail",
    "CreateView": "_form",
    "UpdateView": "_form",
    "DeleteView": "_confirm_delete",
    "ArchiveIndexView": "_archive",
    "YearArchiveView": "_archive_year",
    "MonthArchiveView": "_archive_month",
    "WeekArchiveView": "_archive_week",
    "DayArchiveView": "_archive_day",
    "TodayArchiveView": "_archive_day",
    "DateDetailView": "_detail",
}
FIXED = {
    "LoginView": "registration/login.html",
    "LogoutView": "registration/logged_out.html",
    "PasswordResetView": "registration/password_reset_form.html",
    "PasswordResetDoneView": "registration/password_reset_done.html",
    "PasswordResetConfirmView": "registration/password_reset_confirm.html",
    "PasswordResetCompleteView": "registration/password_reset_complete.html",
    "PasswordChangeView": "registration/password_change_form.html",
    "PasswordChangeDoneView": "registration/password_change_done.html",
}
READY_MADE = {
    "django.contrib.auth.urls": (
        ("login/", "LoginView"),
        ("logout/", "LogoutView"),
        ("password_change/", "PasswordChangeView"),
        ("password_change/done/", "PasswordChangeDoneView"),
        ("password_reset/", "PasswordResetView"),
        ("password_reset/done/", "PasswordResetDoneView"),
        ("reset/*/*/", "PasswordResetConfirmView"),
        ("reset/done/", "PasswordResetCompleteView"),
    )
}


def ready_made(module: str) -> Iterator[tuple[str, str]]:
    """The addresses and views of a list that comes with Django."""
    for address, view in READY_MADE.get(module, ()):
        yield address, f"django.contrib.auth.views.{view}"


def generic_templates(bases: Sequence[str], model: str, suffix: str, path: str) -> Iterator[str]:
    """The template that a class takes by its generic bases and its model's name."""
    for base in bases:
        package, _, last = base.rpartition(".")
        if last in FIXED and package.startswith("django."):
            yield FIXED[last]
            return
        if last in SUFFIXES and model:
            owner = model.split(".")
            app = owner[-3] if len(owner) > 2 else _app_of(path)
            if "models" in owner[1:]:
                app = owner[owner.index("models", 1) - 1]
            name = re.sub(r"\W", "", owner[-1]).lower()
            yield f"{app}/{name}{suffix or SUFFIXES[last]}.html"
            return


def _app_of(path: str) -> str:
    """The name of the application that a module lies in."""
    parts = path.split("/")[:-1]
    return parts[-1] if parts else ""
