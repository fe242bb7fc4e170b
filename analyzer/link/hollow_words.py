"""Words in the names and forms of pages that mean less than they seem to."""

from __future__ import annotations

# Words that hint at a class and that any site has: two of them say nothing yet.
OF_ANY_SITE = {
    "patient-portal": frozenset(
        [
            "account",
            "account number",
            "bandeja de entrada",
            "cerrar sesion",
            "current user",
            "dashboard",
            "inbox",
            "log out",
            "logout",
            "member",
            "members",
            "mensajes",
            "messages",
            "messaging",
            "mi cuenta",
            "my account",
            "my profile",
            "myaccount",
            "perfil",
            "profile",
            "sign out",
            "usuario",
        ]
    ),
    "intake-form": frozenset(
        [
            "birth date",
            "birthdate",
            "date of birth",
            "dob",
            "fecha de nacimiento",
            "fecha nacimiento",
            "gender",
            "genero",
            "marital status",
            "registration",
            "sex",
            "sexo",
        ]
    ),
}
# Whose portal it is, where it is not the patients'.
OF_OTHERS = frozenset(
    [
        "admin",
        "administrator",
        "developer",
        "employee",
        "employer",
        "learning",
        "partner",
        "press",
        "recruiter",
        "seller",
        "staff",
        "student",
        "supplier",
        "teacher",
        "vendor",
    ]
)
# Pages for those who learn or work there: what they name is a subject, not what a visitor has.
OF_TRAINING = frozenset(
    [
        "career",
        "careers",
        "curriculum",
        "diplomado",
        "diplomados",
        "empleo",
        "empleos",
        "especializacion",
        "fellowship",
        "fellowships",
        "internship",
        "internships",
        "jobs",
        "posgrado",
        "posgrados",
        "postgraduate",
        "pregrado",
        "pregrados",
        "residencies",
        "residency",
        "vacancies",
        "vacantes",
    ]
)
