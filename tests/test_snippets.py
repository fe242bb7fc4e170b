"""Markup and scripts in the texts of programs: what is shown, and what is only looked for."""

from __future__ import annotations

import pytest

from analyzer import signatures
from analyzer.model import Source
from analyzer.parse.files import parse
from tests.test_server import facts, found

LOADS = "<script src='https://connect.facebook.net/en_US/fbevents.js'></script>"
PIXEL = "fbq('init', '123456789012345');"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", f'def head():\n    return """<script>{PIXEL}</script>"""\n'),
        ("a.py", "def head(p):\n    return \"<script>fbq('init', '%s');</script>\" % p\n"),
        ("a.py", "def head(p):\n    html = f\"<script>fbq('init', '{p}');</script>\"\n"),
        ("a.py", "def head(p):\n    return \"<script>fbq('init', '{}');</script>\".format(p)\n"),
        ("a.rb", f"def head\n  <<~HTML.html_safe\n    <script>{PIXEL}</script>\n  HTML\nend\n"),
        ("a.rb", f'def head\n  content_tag(:script, "{PIXEL}")\nend\n'),
        ("A.java", f'class A {{ String h() {{ return "<script>{PIXEL}</script>"; }} }}'),
        (
            "A.java",
            "class A { String h() { return String.format(\"<script>fbq('init', '%s');</script>\", p); } }",
        ),
        ("A.kt", f'fun h() = """\n  <script>{PIXEL}</script>\n"""\n'),
        ("A.cs", f'class A {{ string H() {{ return @"<script>{PIXEL}</script>"; }} }}'),
        ("A.cs", f'class A {{ string H() {{ return """\n<script>{PIXEL}</script>\n"""; }} }}'),
        ("a.go", f"package a\nfunc h() string {{ return `<script>{PIXEL}</script>` }}\n"),
        ("a.php", f'<?php\nfunction h() {{ return "<script>{PIXEL}</script>"; }}\n'),
        ("a.php", "<?php\nwp_add_inline_script('x', \"fbq('init', '\" . $id . \"');\");\n"),
        (  # the opening tag is made elsewhere
            "a.php",
            "<?php\nfunction h() { return '\n' . opening() . '\n(function (f) { f(\\'init\\', "
            "\\'123456789012345\\'); })(fbq);\n</script>'; }\n",
        ),
        ("a.php", "<?php\nfunction h() { return sprintf(\"fbq('init', '%s');\", $id); }\n"),
    ],
)
def test_a_text_that_a_program_hands_on_is_read(path: str, text: str) -> None:
    assert [each for each in found(path, text) if each.startswith("meta-pixel setup")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", f'"""{LOADS}\n{PIXEL}\n"""\n'),
        ("a.py", f'def head():\n    """Shows\n    {PIXEL}\n    """\n'),
        ("a.py", f'if "{LOADS}" in page:\n    pass\n'),
        ("a.py", f'BLOCKED = re.compile("{LOADS}")\n'),
        ("a.py", f'raise ValueError("{LOADS}")\n'),
        ("a.py", f'code = CharField(help_text="{LOADS}")\n'),
        ("a.py", "log.info(\"fbq('init', '123456789012345');\")\n"),
        ("a.py", "hint = \"Please call fbq('init', id) first\"\n"),
        ("a.rb", f'expect(page.body).to include("{LOADS}")\n'),
        ("a.php", f'<?php\nif (strpos($html, "{LOADS}") !== false) {{ skip(); }}\n'),
        ("a.php", f"<?php\n$field = ['description' => \"{LOADS}\"];\n"),
        ("A.java", f'class A {{ boolean h() {{ return page.contains("{LOADS}"); }} }}'),
    ],
)
def test_a_text_that_is_looked_for_or_explained_shows_nothing(path: str, text: str) -> None:
    assert found(path, text) == []


def test_the_line_of_a_snippet_in_a_text_is_true() -> None:
    text = (
        "def head(pixel, email):\n"
        '    return f"""<script>\n'
        "      fbq('init', '{pixel}', {{em: '{email}'}});\n"
        "      fbq('track', 'Lead');\n"
        '    </script>"""\n'
    )
    assert [each.place.line for each in facts("a.py", text)] == [3, 4]
    assert found("a.py", text)[:1] == ["meta-pixel setup"]


def test_what_a_page_shows_already_is_not_told_twice() -> None:
    text = f'<?php\nfunction h() {{ echo "<script>{PIXEL}</script>"; }}\nh();\n'
    assert found("a.php", text) == ["meta-pixel setup 123456789012345"]


def test_a_format_of_several_texts_is_filled_in_order() -> None:
    text = (
        "<?php\nfunction event($name, $method = 'track') {\n  return sprintf(\n"
        "    \"/* %s */\\n\" .\n    \"fbq('%s', '%s', %s);\",\n"
        "    title(), esc_js($method), esc_js($name), $data\n  );\n}\n"
    )
    assert found("a.php", text) == ["meta-pixel event"]
    (fact,) = facts("a.php", text)[-1:]
    assert fact.place.line == 5


def test_a_statement_of_sql_is_not_taken_for_a_script() -> None:
    text = (
        '<?php\nfunction day($field) {\n  return "EXTRACT(DAY FROM($field))";\n}\necho day("x");\n'
    )
    assert parse(Source("day.php", text.encode()), signatures.load().vocabulary).skips == ()
