"""What names mean, and what beside them changes it."""

from __future__ import annotations

import pytest

from analyzer import signatures
from analyzer.categories import Categories
from analyzer.model import Hole, Origin, OriginKind, ToldBy

LOADED = signatures.load()
CATEGORIES = Categories(LOADED.data, LOADED.beside)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("email", "email"),
        ("user_data.email_address", "email"),
        ("patientFirstName", "names"),
        ("patient.mrn", "medical-record-number"),
        ("user[phone]", "telephone"),
        ("user.name", "names"),
        ("em", "email"),
        ("diagnosis_code", "condition"),
        ("treatment_type", "treatment"),
        ("fecha-de-nacimiento", "dates"),
        # which one it is
        ("medication.name", "medication"),
        ("treatment.id", "treatment"),
        ("diagnosis.code", "condition"),
        ("condition.name", "condition"),
        ("doctor.name", "provider"),
        ("doctor.id", "provider"),
        ("patient.doctor.name", "provider"),
        ("doctor.specialty", "provider"),
        ("patient.diagnosis", "condition"),
        ("appointment.reason", "condition"),
        ("appointment.type", "treatment"),
        # what is known of who treats is not about a visitor
        ("doctor.user_type", ""),
        ("doctor.last_login", ""),
        ("doctor.avatar", ""),
        ("physician.createdAt", ""),
        ("clinic.hours", ""),
        ("clinic.name", ""),
        ("doctor.email", ""),
        # about the thing, not the thing
        ("has_phone", ""),
        ("email_click", ""),
        ("email_type", ""),
        ("symptom_count", ""),
        ("insurance_phone", ""),
        # the organisation's own
        ("clinic.phone", ""),
        ("settings.CONTACT_EMAIL", ""),
        ("support_email", ""),
        # of the page and of the tracker
        ("gclid", "tracker-identifier"),
        ("currency", ""),
    ],
)
def test_a_name_means_what_a_reader_would_say(name: str, category: str) -> None:
    assert CATEGORIES.of_name(name).category == category


@pytest.mark.parametrize(
    ("name", "text", "kind", "source", "category", "told_by"),
    [
        ("em", "email", OriginKind.FIELD, "#email", "email", ToldBy.NAME),
        ("label", "x", OriginKind.TEMPLATE, "patient.mrn", "medical-record-number", ToldBy.ORIGIN),
        ("label", "user.email", OriginKind.GLOBAL, "user.email", "email", ToldBy.ORIGIN),
        ("label", "f(user.email)", OriginKind.UNKNOWN, "", "", ToldBy.NOTHING),
        ("label", "x", OriginKind.FIELD, "[name=condition]", "condition", ToldBy.ORIGIN),
        ("condition", "c", OriginKind.UNKNOWN, "", "condition", ToldBy.HINT),
        ("name", "metric.name", OriginKind.UNKNOWN, "", "names", ToldBy.HINT),
        ("user_id", "x", OriginKind.COOKIE, "distinct_id", "tracker-identifier", ToldBy.ORIGIN),
        ("user_id", "user.email", OriginKind.UNKNOWN, "", "email", ToldBy.ORIGIN),
        ("phone", "clinic.phone", OriginKind.UNKNOWN, "", "", ToldBy.NOTHING),
        ("clinic_phone", "c.phone", OriginKind.UNKNOWN, "", "", ToldBy.NOTHING),
        ("has_mail", "user.email", OriginKind.UNKNOWN, "", "", ToldBy.NOTHING),
        ("treatment", "variant.name", OriginKind.UNKNOWN, "", "", ToldBy.NOTHING),
    ],
)
def test_both_the_name_and_what_is_read_are_evidence(
    name: str, text: str, kind: OriginKind, source: str, category: str, told_by: ToldBy
) -> None:
    value = Hole(text, Origin(kind, source))
    assert CATEGORIES.of_datum(name, value) == (category, told_by)
