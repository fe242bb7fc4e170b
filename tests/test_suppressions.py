"""Suppressions beside the code: where they count, where they do not, and what is said of mistakes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest

from analyzer import pipeline, signatures
from analyzer.model import Finding, Report, Source, Suppression
from analyzer.pipeline import Options
from analyzer.policy.comments import suppressions

WORDS = "trackerlint: ignore[tracker-on-sign-in-page] -- The agreement covers it."
RULE = "tracker-on-sign-in-page"


def read(path: str, text: str) -> list[Suppression]:
    return list(suppressions(Source(path, text.encode())))


def lines(path: str, text: str) -> list[int]:
    """The lines on which a suppression stands that counts."""
    return [each.place.line for each in read(path, text) if not each.wrong]


# ---------------------------------------------------------------- which comments there are


@pytest.mark.parametrize(
    ("path", "comment"),
    [
        ("a.html", "<!-- {} -->"),
        ("a.html", "<script>\n// {}\nx()\n</script>"),
        ("a.html", "<script>\n/* {} */\nx()\n</script>"),
        ("a.html", "<style>\n/* {} */\n</style>"),
        ("a.jinja", "{{# {} #}}"),
        ("a.jinja", "{{% comment %}}{}{{% endcomment %}}"),
        ("a.jinja", "<script>\n{{# {} #}}\nx({{{{ y|tojson }}}});\n</script>"),
        ("a.jinja", "<script>\nx({{{{ y|tojson }}}}); // {}\n</script>"),
        ("a.liquid", "{{% comment %}}{}{{% endcomment %}}"),
        ("a.liquid", "{{% # {} %}}"),
        ("a.hbs", "{{{{!-- {} --}}}}"),
        ("a.hbs", "{{{{! {} }}}}"),
        ("a.gohtml", "{{{{/* {} */}}}}"),
        ("a.gohtml", "{{{{- /* {} */ -}}}}"),
        ("a.erb", "<%# {} %>"),
        ("a.erb", "<%\n# {}\n%>"),
        ("a.ejs", "<%# {} %>"),
        ("a.ejs", "<%\n// {}\n%>"),
        ("a.html.heex", "<%!-- {} --%>"),
        ("a.jsp", "<%-- {} --%>"),
        ("a.jsp", "<%\n// {}\n%>"),
        ("a.aspx", "<%-- {} --%>"),
        ("a.cshtml", "@* {} *@"),
        ("a.tpl", "{{if $x}}{{/if}}\n{{* {} *}}"),
        ("a.ftl", "<#-- {} -->"),
        ("a.mako", "## {}"),
        ("a.mako", "<%doc>{}</%doc>"),
        ("a.blade.php", "{{{{-- {} --}}}}"),
        ("a.php", "<?php\n// {}\n"),
        ("a.php", "<?php\n# {}\n"),
        ("a.php", "<p><?php /* {} */ ?></p>"),
        ("a.module", "<?php\n// {}\n"),
        ("a.haml", "-# {}"),
        ("a.haml", "%p\n  / {}"),
        ("a.haml", ":javascript\n  // {}\n  x()"),
        ("a.slim", "/ {}"),
        ("a.pug", "html\n  //- {}"),
        ("a.pug", "html\n  script.\n    x() // {}"),
        ("a.vue", "<script lang='ts'>\n// {}\nconst a: string = ''\n</script>"),
        ("a.svelte", "<!-- {} -->"),
        ("a.astro", "---\n// {}\n---\n<p></p>"),
        ("a.astro", "---\n---\n{{/* {} */}}"),
        ("a.md", "<!-- {} -->"),
        ("a.md", "---\n# {}\nga: UA-1\n---\n"),
        ("a.jsx", "const a = <p>\n{{/* {} */}}\n</p>"),
        ("a.tsx", "const a = <p>\n{{/* {} */}}\n</p>"),
        ("a.ts", "// {}"),
        ("a.js", "/** {} */"),
        ("a.js", "x() // see the contract // {}"),
        ("a.py", "# {}"),
        ("a.rb", "# {}"),
        ("a.rb", "=begin\n{}\n=end"),
        ("a.ex", "# {}"),
        ("a.java", "// {}"),
        ("a.go", "// {}"),
        ("a.cs", "/// {}"),
        ("a.vb", "' {}"),
        ("a.xql", "(: {} :)"),
        ("a.sql", "-- {}"),
        ("a.clj", ";; {}"),
        ("a.yaml", "a: b # {}"),
        ("a.toml", "# {}"),
        ("a.ini", "; {}"),
        ("a.properties", "# {}"),
        (".env.production", "# {}"),
        ("Gemfile", "# {}"),
        ("a.xml", "<!-- {} -->"),
        ("tsconfig.json", "{{ // {}\n}}"),
        ("a.css", "/* {} */"),
    ],
)
def test_a_comment_of_any_language_counts(path: str, comment: str) -> None:
    text = comment.format(WORDS)
    (found,) = read(path, text)
    assert (found.rules, found.reason, found.wrong) == ((RULE,), "The agreement covers it.", "")
    assert WORDS in text.splitlines()[found.place.line - 1]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.html", "<p>{}</p>"),
        ("a.html", "<p>// {}</p>"),
        ("a.html", "<p title='<!-- {} -->'>x</p>"),
        ("a.html", "<textarea><!-- {} --></textarea>"),
        ("a.html", "<title><!-- {} --></title>"),
        ("a.html", "{{{{!-- {} --}}}}"),
        ("a.html", "<script>var a = '// {}';</script>"),
        ("a.html", "<script>var a = `\n// {}\n`;</script>"),
        ("a.html", '<script type="application/ld+json">// {}</script>'),
        ("a.jinja", "<p># {}</p>"),
        ("a.erb", '<%= "# {}" %>'),
        ("a.php", "<?php echo '// {}';"),
        ("a.php", "<?php echo <<<EOT\n// {}\nEOT;\n"),
        ("a.php", "<p>// {}</p>"),
        ("a.haml", "%p hello -# {}"),
        ("a.haml", ":plain\n  -# {}"),
        ("a.pug", "p hello // {}"),
        ("a.pug", "p.\n  // {}"),
        ("a.slim", "| / {}"),
        ("a.js", "const a = '// {}'"),
        ("a.js", "const a = `\n// {}\n`"),
        ("a.js", "const a = /[/]/ / '// {}'"),
        ("a.jsx", "const a = <p>\n// {}\n</p>"),
        ("a.jsx", "const a = <p title='// {}'>x</p>"),
        ("a.py", "a = '# {}'"),
        ("a.py", "'''\n# {}\n'''"),
        ("a.rb", "a = <<~SQL\n  # {}\nSQL"),
        ("a.cs", 'var a = @"\n// {}\n";'),
        ("a.go", "var a = `\n// {}\n`"),
        ("a.yaml", "a: '# {}'"),
        ("a.yaml", "a: |\n  # {}\nb: c"),
        ("a.yaml", "a: https://example.org/#{}"),
        ("a.toml", "a = '''\n# {}\n'''"),
        ("a.json", '{{"a": "// {}"}}'),
        ("a.xml", "<a><![CDATA[<!-- {} -->]]></a>"),
        ("README.md", "# How\n\n```html\n<!-- {} -->\n```\n"),
        ("README.md", "Write `<!-- {} -->` there."),
        ("README.md", "{}"),
        ("notes.txt", "// {}"),
        ("guide.rst", ".. {}"),
        ("guide.adoc", "// {}"),
    ],
)
def test_a_string_a_shown_text_and_a_document_do_not_count(path: str, text: str) -> None:
    assert read(path, text.format(WORDS)) == []


def test_a_file_in_utf_16_is_read() -> None:
    data = f"<!-- {WORDS} -->".encode("utf-16")
    assert [each.place.line for each in suppressions(Source("a.html", data))] == [1]


# ---------------------------------------------------------------- which lines it covers


@pytest.mark.parametrize(
    ("path", "text", "covered"),
    [
        ("a.js", "x() // {}\ny()", {1}),
        ("a.js", "/* {} */ x()\ny()", {1}),
        ("a.js", "// {}\nx()", {1, 2}),
        ("a.js", "// {}\n// more words\nx()", {1, 3}),
        ("a.js", "// {}\n\nx()", {1, 2}),
        ("a.js", "/* words\n * {}\n */\nx()", {1, 3, 4}),
        ("a.jsx", "a = <p>\n{{/* {} */}}\n<b/></p>", {2, 3}),
        ("a.html", "<script>// {}\nx()</script>", {1, 2}),
        ("a.php", "<?php // {} ?>\n<b/>", {1, 2}),
        ("a.erb", "<% # {} %>\n<b/>", {1, 2}),
        ("a.php", "<?php x(); // {} ?>\n<b/>", {1}),
        ("a.html", "<b>x</b> <!-- {} -->\n<script>x()</script>", {1}),
        ("a.html", "<!-- {} -->\r\n<script>x()</script>", {1, 2}),
        ("a.html", "<!-- {} -->\n<script>\nx()\n</script>\n<b/>", {1, 2, 3, 4}),
        ("a.html", "<!-- {} -->\n\n<script>\nx()\n</script>", {1, 2}),
        ("a.html", "<!-- {} -->\n<script>\nx()", {1, 2}),
        ("a.html", "<!-- {} -->\n  <NOSCRIPT>\n<img></NOSCRIPT>", {1, 2, 3}),
        ("a.html", "<!-- {} -->\n<script>" + "\n" * 200 + "</script>", {1, 2}),
        ("a.jsx", "a = <p>\n{{/* {} */}}\n<script>\nb</script></p>", {2, 3}),
    ],
)
def test_a_comment_covers_its_line_and_alone_the_line_below(
    path: str, text: str, covered: set[int]
) -> None:
    (found,) = read(path, text.format(WORDS))
    assert set(found.lines) == covered


def test_comments_one_below_the_other_all_cover_the_line_below_the_last() -> None:
    first, second = read("a.js", f"// {WORDS}\n// {WORDS.replace('sign-in', 'portal')}\nx()")
    assert 3 in first.lines
    assert 3 in second.lines


def test_a_block_may_run_over_several_lines() -> None:
    (found,) = read(
        "a.js",
        "/*\n * trackerlint: ignore[tracker-on-portal-page,\n *   TL102] until=2027-01-31\n"
        ' *   owner="web team"\n *   -- Agreed with legal,\n *   see the contract.\n *\n * More.\n */\n',
    )
    assert found.rules == ("tracker-on-portal-page", "TL102")
    assert (found.owner, str(found.until)) == ("web team", "2027-01-31")
    assert found.reason == "Agreed with legal, see the contract."


# ---------------------------------------------------------------- what it may say


@pytest.mark.parametrize(
    "words",
    [
        "trackerlint: ignore[a] -- why",
        "trackerlint:ignore[a]--why",
        "Trackerlint: ignore[a] – why",
        "trackerlint: ignore[ a ] — why",
        "trackerlint: ignore[a] owner=me until=2027-01-31 -- why",
        "trackerlint: ignore[a], owner='me', until=2027-01-31, -- why",
    ],
)
def test_people_write_it_in_several_ways(words: str) -> None:
    (found,) = read("a.js", f"// {words}")
    assert (found.rules, found.reason, found.wrong) == (("a",), "why", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("trackerlint: ignore[a]", "it gives no reason; end it with two hyphens and why"),
        ("trackerlint: ignore[a] --", "it gives no reason; end it with two hyphens and why"),
        ("trackerlint: ignore[a] -- ...", "it gives no reason"),
        ("trackerlint: ignore[a] why", "two hyphens must stand before the reason; write -- why"),
        ("trackerlint: ignore[a] - why", "two hyphens must stand before the reason; write -- why"),
        ("trackerlint: ignore -- why", "it names no rule; write trackerlint: ignore[rule-name]"),
        ("trackerlint: ignore[] -- why", "it names no rule between the brackets"),
        ("trackerlint: ignore[ , ] -- why", "it names no rule between the brackets"),
        ("trackerlint: ignore[*] -- why", "* means many rules; name each rule"),
        ("trackerlint: ignore[TL1] -- why", "TL1 means many rules; name each rule"),
        ("trackerlint: ignore[tl] -- why", "TL means many rules; name each rule"),
        ("trackerlint: ignore[a -- why", "the bracket after ignore is never closed"),
        ("trackerlint: ignore[a] until=31.01.2027 -- why", "31.01.2027 is no date"),
        ("trackerlint: ignore[a] until=2027-02-30 -- why", "2027-02-30 is no date"),
        ("trackerlint: ignore[a] until=20270131 -- why", "20270131 is no date"),
        ("trackerlint: ignore[a] until= -- why", " is no date; write it as until=YYYY-MM-DD"),
        ("trackerlint: ignore[a] untill=2027-01-31 -- why", "untill= is not known"),
        ("trackerlint: ignore[a] owner= -- why", "owner= names nobody"),
        ("trackerlint: ignore[a] forever -- why", "forever is not known"),
        ("trackerlint: disable[a] -- why", "disable is not a word it can begin with"),
        ("trackerlint: ignore-file[a] -- why", "ignore-file is not a word it can begin with"),
        ("trackerlint ignore[a] -- why", "a colon is missing after trackerlint"),
        ("Agreed. trackerlint: ignore[a] -- why", "other words stand before it; begin with it"),
    ],
)
def test_each_mistake_has_one_clear_sentence(words: str, said: str) -> None:
    (found,) = read("a.js", f"// {words}")
    assert said in found.wrong
    assert found.wrong.count(". ") == 0


@pytest.mark.parametrize(
    "words",
    [
        "trackerlint: the scanner of this site",
        "see `trackerlint: ignore[rule] -- reason`",
        'write "trackerlint: ignore[rule]" there',
        "trackerlint ignores this file",
        "uses trackerlint",
    ],
)
def test_words_about_trackerlint_are_no_suppression(words: str) -> None:
    assert read("a.js", f"// {words}") == []


# ---------------------------------------------------------------- what a scan makes of it


def page(comment: str, before: str = "") -> str:
    return (
        "<!doctype html>\n<html>\n<head>\n<title>Sign in</title>\n<script>\n"
        f"{before}\nfbq('init', '702200300400511'); {comment}\n</script>\n</head>\n"
        '<body><form><input type="password" name="secret"></form></body>\n</html>\n'
    )


def scanned(folder: Path, text: str, **options: object) -> Report:
    (folder / "login.html").write_text(text, encoding="utf-8")
    return pipeline.scan([folder], signatures.load(), Options(**options))  # type: ignore[arg-type]


def of(report: Report, rule: str) -> list[Finding]:
    return [each for each in report.findings if each.rule == rule]


def test_an_accepted_finding_stays_with_its_word(tmp_path: Path) -> None:
    report = scanned(tmp_path, page(f"// {WORDS}"))
    (found,) = of(report, RULE)
    assert found.suppressed is not None
    assert (found.suppressed.kind, found.suppressed.reason) == (
        "comment",
        "The agreement covers it.",
    )
    assert not of(report, "suppression-unused")


def test_the_line_before_counts_and_other_rules_stay_open(tmp_path: Path) -> None:
    report = scanned(tmp_path, page("", f"// {WORDS}"))
    assert [each.is_open for each in of(report, RULE)] == [False]
    assert [each.is_open for each in of(report, "tracker-inventory")] == [True]


def test_a_code_names_a_rule_as_its_name_does(tmp_path: Path) -> None:
    report = scanned(tmp_path, page("// trackerlint: ignore[tl102] -- The agreement covers it."))
    assert [each.is_open for each in of(report, RULE)] == [False]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (f"trackerlint: ignore[{RULE}]", "suppression-without-effect"),
        ("trackerlint: ignore -- why", "suppression-without-effect"),
        ("trackerlint: ignore[tracker-on-sign-in-pages] -- why", "suppression-without-effect"),
        (f"trackerlint: ignore[{RULE}] until=2020-01-31 -- why", "suppression-expired"),
    ],
)
def test_what_does_not_count_leaves_the_finding_open_and_is_told_once(
    words: str, rule: str, tmp_path: Path
) -> None:
    report = scanned(tmp_path, page(f"// {words}"))
    assert [each.is_open for each in of(report, RULE)] == [True]
    about = [each for each in report.findings if each.rule.startswith("suppression")]
    assert [each.rule for each in about] == [rule]
    assert about[0].place.line == 7


def test_the_last_day_still_counts(tmp_path: Path) -> None:
    until = "until=2020-01-31"
    text = page(f"// {WORDS.replace('] --', f'] {until} --')}")
    for day, is_open in (("2020-01-31", False), ("2020-02-01", True)):
        (tmp_path / "login.html").write_text(text, encoding="utf-8")
        report = pipeline.scan([tmp_path], signatures.load(), on_day(day))
        assert [each.is_open for each in of(report, RULE)] == [is_open]


def on_day(day: str) -> Options:
    from datetime import date

    from analyzer.policy.config import Wanted

    return Options(config=Wanted(today=date.fromisoformat(day)))


def test_an_unused_part_is_told_and_the_used_one_is_not(tmp_path: Path) -> None:
    words = WORDS.replace(f"[{RULE}]", f"[{RULE}, TL101]")
    (found,) = of(scanned(tmp_path, page(f"// {words}")), "suppression-unused")
    assert found.arguments[1] == "TL101"


def test_an_unused_one_says_where_the_finding_is(tmp_path: Path) -> None:
    (found,) = of(
        scanned(tmp_path, page("").replace("<html>", f"<html><!-- {WORDS} -->")),
        "suppression-unused",
    )
    assert "the finding nearest to it is on line 7" in found.message


def test_a_rule_that_did_not_run_is_not_unused(tmp_path: Path) -> None:
    text = f"<!doctype html>\n<!-- {WORDS} -->\n<p>Hello</p>\n"
    assert of(scanned(tmp_path, text), "suppression-unused")
    chosen = ("tracker-inventory", "suppression-unused")
    assert not of(scanned(tmp_path, text, select=chosen), "suppression-unused")
    assert not of(scanned(tmp_path, text, ignore=(RULE,)), "suppression-unused")


def test_without_inline_suppressions_nothing_is_accepted_and_nothing_is_unused(
    tmp_path: Path,
) -> None:
    text = page(f"// {WORDS}", "// trackerlint: ignore[TL101]")
    report = scanned(tmp_path, text, inline_suppressions=False)
    assert [each.is_open for each in of(report, RULE)] == [True]
    assert not [each for each in report.findings if each.rule.startswith("suppression")]


# ---------------------------------------------------------------- containers


def container(**notes: str) -> str:
    def noted(about: str) -> dict[str, str]:
        return {"notes": notes[about]} if about in notes else {}

    return json.dumps(
        {
            "exportFormatVersion": 2,
            "containerVersion": {
                "container": {"publicId": "GTM-N0T3S03", "usageContext": ["WEB"]},
                "tag": [
                    {
                        "tagId": "4",
                        "name": "Hotjar",
                        "type": "hjtc",
                        "firingTriggerId": ["7"],
                        "parameter": [
                            {"type": "TEMPLATE", "key": "hotjar_site_id", "value": "7026550"}
                        ],
                        **noted("tag"),
                    },
                    {
                        "tagId": "5",
                        "name": "Hotjar again",
                        "type": "hjtc",
                        "firingTriggerId": ["7"],
                        "parameter": [
                            {"type": "TEMPLATE", "key": "hotjar_site_id", "value": "7026551"}
                        ],
                    },
                ],
                "trigger": [
                    {"triggerId": "7", "name": "Each", "type": "PAGEVIEW", **noted("trigger")}
                ],
                "variable": [
                    {
                        "variableId": "8",
                        "name": "Id",
                        "type": "c",
                        "parameter": [{"type": "TEMPLATE", "key": "value", "value": "1"}],
                        **noted("variable"),
                    }
                ],
            },
        },
        indent=2,
    )


NOTES = "Asked for by marketing.\nSee trackerlint: ignore[tracker-inventory] owner=dpo -- Signed."


def of_container(folder: Path, **notes: str) -> Report:
    (folder / "GTM-N0T3S03.json").write_text(container(**notes), encoding="utf-8")
    return pipeline.scan([folder], signatures.load(), Options())


def test_the_notes_of_a_tag_accept_the_findings_of_that_tag_only(tmp_path: Path) -> None:
    report = of_container(tmp_path, tag=NOTES)
    first, second = of(report, "tracker-inventory")
    assert first.suppressed is not None
    assert (first.suppressed.kind, first.suppressed.owner) == ("tag-notes", "dpo")
    lines = container(tag=NOTES).splitlines()
    assert '"notes"' in lines[first.suppressed.place.line - 1]
    assert second.is_open
    assert not [each for each in report.findings if each.rule.startswith("suppression")]


@pytest.mark.parametrize("about", ["trigger", "variable"])
def test_other_notes_accept_nothing_and_say_where_to_write(about: str, tmp_path: Path) -> None:
    report = of_container(tmp_path, **{about: NOTES})
    assert all(each.is_open for each in of(report, "tracker-inventory"))
    (found,) = of(report, "suppression-without-effect")
    assert f"the notes of a {about} accept nothing; write it into the notes of the tag" in (
        found.message
    )


def test_notes_without_the_words_are_notes(tmp_path: Path) -> None:
    report = of_container(tmp_path, tag="Checked with trackerlint.", trigger="Every page.")
    assert not [each for each in report.findings if each.rule.startswith("suppression")]
    (tag, _) = report.site.containers[0].container.tags
    assert tag.notes == "Checked with trackerlint."


# ---------------------------------------------------------------- hostile input


def hostile() -> Iterator[tuple[str, str]]:
    mark = f"{WORDS} "
    yield "line.js", "// " + mark * 5_000
    yield "lines.js", f"// {mark}\n" * 5_000
    yield "block.js", "/*" + f"\n * {mark}" * 5_000 + "*/"
    yield "deep.js", "[" * 300_000 + f"// {mark}"
    yield "comments.html", f"<!-- {mark}" * 5_000
    yield "quotes.html", '<a x="' * 100_000 + mark
    yield "scripts.html", f"<script>// {mark}\n</script>" * 2_000
    yield "braces.jinja", "{{ {# " * 100_000 + mark
    yield "texts.php", "<?php " + "<<<A\n" * 100_000 + mark
    yield "texts.rb", "<<~A\n" * 100_000 + f"# {mark}"
    yield "strings.py", "'''\\\"" * 100_000 + f"# {mark}"
    yield "texts.yaml", "a: |\n" * 100_000 + f"# {mark}"
    yield "ticks.md", "``` ``x` " * 100_000 + mark
    yield "steps.pug", "\n".join(" " * (each % 300) + f"//{mark}" for each in range(3_000))
    yield "brackets.js", "// trackerlint: ignore[" + "a," * 300_000


HOSTILE = dict(hostile())


@pytest.mark.parametrize("path", HOSTILE)
def test_reading_takes_no_longer_than_the_file_is_long(path: str) -> None:
    begun = process_time()
    read(path, HOSTILE[path])
    assert process_time() - begun < 5
