"""`--diff`: what a git change introduces counts, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from analyzer import signatures
from analyzer.cli import main
from analyzer.model import Finding, Report, State, UserError
from analyzer.pipeline import Options, scan

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PIXEL = "<script>fbq('init', '2345098761234509'); fbq('track', 'PageView');</script>"
BASE = f"<html><head><title>Clinic</title>{PIXEL}</head><body>{{% block content %}}{{% endblock %}}</body></html>\n"
HOME = """{% extends "base.html" %}
{% block content %}
<h1>Welcome</h1>
<p>We are here for you and your family.</p>
{% endblock %}
"""
ALONE = "<html><body><h1>Book an appointment</h1></body></html>\n"
BOOKING = '{% extends "base.html" %}{% block content %}<h1>Book an appointment</h1>{% endblock %}\n'


class Repository:
    """A git repository whose files are written by the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.email", "somebody@example.org")
        self.git("config", "user.name", "Somebody")
        self.git("config", "commit.gpgsign", "false")
        self.git("config", "core.autocrlf", "false")

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", "-C", str(self.folder), *words],
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        return done.stdout.strip()

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            self.put(f"templates/{name}.html", text)

    def put(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a change")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A layout with a tracker, a page that has it, and one that stands alone."""
    made = Repository(tmp_path / "site")
    made.write(base=BASE, home=HOME, booking=ALONE)
    made.commit()
    return made


def scanned(
    *paths: Path, base: str = "HEAD", containers: Sequence[Path] = (), baseline: Path | None = None
) -> Report:
    options = Options(base=base, containers=tuple(containers), baseline=baseline)
    return scan(paths, signatures.load(), options)


def new(report: Report) -> list[Finding]:
    return [each for each in report.findings if each.is_open and each.state is State.NEW]


def known(report: Report) -> list[Finding]:
    return [each for each in report.findings if each.state is State.KNOWN]


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


# ---------------------------------------------------------------- what counts


def test_what_was_there_before_does_not_count(repository: Repository) -> None:
    report = scanned(repository.folder)
    assert known(report)
    assert not new(report)
    assert report.base == "HEAD"
    assert run("scan", str(repository.folder), "--diff", "HEAD", "-q").exit_code == 0
    assert run("scan", str(repository.folder), "-q").exit_code == 1


def test_moved_lines_do_not_count(repository: Repository) -> None:
    repository.write(base="<!-- one -->\n\n" + BASE.replace("<head>", "<head>\n\n  "))
    assert not new(scanned(repository.folder))


def test_a_tracker_that_a_change_brings_counts(repository: Repository) -> None:
    repository.write(booking=ALONE.replace("</body>", f"{PIXEL}</body>"))
    assert {each.place.path for each in new(scanned(repository.folder))} == {
        "templates/booking.html"
    }


def test_a_page_that_begins_to_inherit_a_tracker_counts_at_the_tracker(
    repository: Repository,
) -> None:
    repository.write(booking=BOOKING)
    found = new(scanned(repository.folder))
    assert "templates/base.html" in {each.place.path for each in found}
    for each in found:
        if each.news:  # it was there before, on fewer pages
            assert each.new_pages == ("templates/booking.html",)
            assert each.news == "on templates/booking.html"
            assert each.related[0].place.path == "templates/booking.html"
            assert each.related[0].text.startswith("new here")
    assert any(each.news for each in found)
    assert any(not each.news for each in found), "a rule about pages of its class is new as a whole"


def test_a_layout_that_begins_to_inherit_counts_for_its_pages(repository: Repository) -> None:
    repository.write(
        inner="<html><body>{% block content %}{% endblock %}</body></html>\n",
        booking='{% extends "inner.html" %}{% block content %}<h1>Book an appointment</h1>{% endblock %}\n',
    )
    repository.commit()
    assert not new(scanned(repository.folder))
    repository.write(inner='{% extends "base.html" %}\n')  # the page itself stays as it is
    pages = {page for each in new(scanned(repository.folder)) for page in each.pages}
    assert "templates/booking.html" in pages


def test_a_page_that_becomes_another_counts(repository: Repository) -> None:
    repository.write(home=HOME.replace("Welcome", "Book an appointment"))
    found = new(scanned(repository.folder))
    assert found
    assert {page for each in found for page in each.pages} == {"templates/home.html"}


def test_fewer_pages_do_not_count(repository: Repository) -> None:
    repository.write(second=HOME)
    repository.commit()
    (repository.folder / "templates" / "second.html").unlink()
    assert not new(scanned(repository.folder))


def test_a_suppression_that_is_taken_away_counts(repository: Repository) -> None:
    rules = ", ".join({each.rule for each in known(scanned(repository.folder))})
    comment = f"<!-- trackerlint: ignore[{rules}] -- agreed with the privacy office -->"
    repository.write(base=BASE.replace("<script>", f"\n{comment}\n<script>"))
    repository.commit()
    assert not new(scanned(repository.folder))
    repository.write(base=BASE)
    found = new(scanned(repository.folder))
    assert found
    assert all(each.news == "accepted before, and no longer" for each in found)


def test_a_change_of_the_policy_counts(repository: Repository) -> None:
    repository.put("trackerlint.toml", '[rules]\nignore = ["TL1", "TL3", "TL4", "TL9"]\n')
    repository.commit()
    before = scanned(repository.folder)
    assert not new(before)
    (repository.folder / "trackerlint.toml").unlink()
    assert new(scanned(repository.folder))


def test_a_wrong_configuration_of_then_does_not_stop_its_repair(repository: Repository) -> None:
    repository.put("trackerlint.toml", "rules = [")
    repository.commit()
    repository.put("trackerlint.toml", "")
    assert not new(scanned(repository.folder))


def test_many_new_pages_are_told_in_one_line(repository: Repository) -> None:
    repository.write(**{f"page{number}": HOME for number in range(30)})
    told = [each for each in new(scanned(repository.folder)) if len(each.new_pages) == 30]
    assert told
    for each in told:
        assert each.news.endswith(" and 27 more")
        assert [step.text[:8] for step in each.related[:20]] == ["new here"] * 20


def test_a_worse_severity_counts(repository: Repository) -> None:
    (rule, *_) = [each.rule for each in known(scanned(repository.folder)) if each.code != "TL103"]
    repository.put("trackerlint.toml", f'[severity]\n{rule} = "note"\n')
    repository.commit()
    repository.put("trackerlint.toml", f'[severity]\n{rule} = "error"\n')
    found = new(scanned(repository.folder))
    assert {each.rule for each in found} == {rule}
    assert {each.news for each in found} == {"counted as note before, and as error now"}


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("added", [True, False], ids=["git mv", "mv"])
def test_a_renamed_file_is_the_same_file(repository: Repository, added: bool) -> None:
    folder = repository.folder / "templates"
    for old, name in (("base", "layout"), ("home", "start")):
        if added:
            repository.git("mv", f"templates/{old}.html", f"templates/{name}.html")
        else:
            (folder / f"{old}.html").rename(folder / f"{name}.html")
    start = folder / "start.html"
    start.write_text(start.read_text().replace("base.html", "layout.html"))
    index = (repository.folder / ".git" / "index").read_bytes()
    report = scanned(repository.folder)
    assert known(report)
    assert not new(report)
    assert (repository.folder / ".git" / "index").read_bytes() == index


def test_a_copied_file_is_new(repository: Repository) -> None:
    repository.write(other=BASE)
    assert {each.place.path for each in new(scanned(repository.folder))} == {"templates/other.html"}


def test_a_scan_of_one_folder_has_its_own_names(repository: Repository) -> None:
    repository.put("other/index.html", f"<html>{PIXEL}</html>")
    repository.git("mv", "templates/base.html", "templates/layout.html")
    repository.write(home=HOME.replace("base.html", "layout.html"))
    report = scanned(repository.folder / "templates")
    assert known(report)
    assert not new(report)


def test_several_paths_have_the_names_of_their_common_folder(repository: Repository) -> None:
    repository.put("other/index.html", f"<html>{PIXEL}</html>")
    repository.commit()
    both = (repository.folder / "templates", repository.folder / "other" / "index.html")
    assert not new(scanned(*both))
    repository.put("other/second.html", f"<html>{PIXEL}</html>")
    assert not new(scanned(*both)), "it was not asked for"
    assert new(scanned(repository.folder / "templates", repository.folder / "other"))


def test_a_path_that_was_not_there_is_new(repository: Repository) -> None:
    repository.put("new/index.html", f"<html>{PIXEL}</html>")
    assert new(scanned(repository.folder / "new"))
    assert new(scanned(repository.folder / "new" / "index.html"))


def test_names_that_git_would_quote(repository: Repository) -> None:
    repository.put('templates/für "Sie" [id].html', f"<html>{PIXEL}</html>")
    repository.commit()
    assert not new(scanned(repository.folder))


# ---------------------------------------------------------------- the commit


def test_what_others_did_on_the_base_does_not_count(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "topic")
    repository.write(topic=f"<html>{PIXEL}</html>")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write(base="<html></html>\n")  # removed there, and still here
    repository.commit()
    repository.git("checkout", "-q", "topic")
    assert {each.place.path for each in new(scanned(repository.folder, base="main"))} == {
        "templates/topic.html"
    }


def test_files_that_are_not_committed_count(repository: Repository) -> None:
    repository.write(staged=f"<html>{PIXEL}</html>", unknown=f"<html>{PIXEL}</html>")
    repository.git("add", "templates/staged.html")
    assert {each.place.path for each in new(scanned(repository.folder))} == {
        "templates/staged.html",
        "templates/unknown.html",
    }


def test_files_that_are_ignored_and_tracked_are_seen_on_both_sides(
    repository: Repository,
) -> None:
    repository.put(".gitignore", "templates/\n")
    repository.commit()
    assert not new(scanned(repository.folder))


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.write(base=BASE, home=HOME)
    report = scanned(tmp_path)
    assert new(report)
    assert not known(report)


def test_a_shallow_clone_says_what_to_fetch(repository: Repository, tmp_path: Path) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.write(second=HOME)
    repository.commit()
    shallow = tmp_path / "shallow"
    address = repository.folder.as_uri()
    repository.git("clone", "-q", "--depth", "1", address, str(shallow))
    assert not new(scanned(shallow))
    with pytest.raises(UserError, match=r"shallow clone has no such commit; fetch it first"):
        scanned(shallow, base=first)


def test_a_shallow_clone_that_does_not_reach_back_says_so(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("checkout", "-q", "-b", "topic")
    repository.write(second=HOME)
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write(third=HOME)
    repository.commit()
    shallow = tmp_path / "shallow"
    words = ("clone", "-q", "--depth", "1", "--no-single-branch", "-b", "topic")
    repository.git(*words, repository.folder.as_uri(), str(shallow))
    with pytest.raises(UserError, match=r"does not reach back to where origin/main and HEAD part"):
        scanned(shallow, base="origin/main")


def test_a_history_of_its_own_is_compared_with_the_base_itself(repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "alone")
    repository.commit()
    assert not new(scanned(repository.folder, base="main"))


@pytest.mark.parametrize("base", ["no-such-branch", "-x", "--all", " ", "HEAD:templates", "a\0b"])
def test_a_base_that_is_no_commit_is_one_sentence(repository: Repository, base: str) -> None:
    with pytest.raises(UserError, match="git knows no such commit"):
        scanned(repository.folder, base=base)


def test_without_git_history_there_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PIXEL)
    result = run("scan", str(tmp_path), "--diff", "HEAD")
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert "is in no git work tree" in result.output


def test_without_git_there_is_one_sentence(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="--diff needs git"):
        scanned(repository.folder)


def test_two_repositories_are_one_sentence(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.commit()
    with pytest.raises(UserError, match="one git repository at a time"):
        scanned(repository.folder, other.folder)


def test_the_environment_of_a_hook_does_not_mislead(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write(booking=BOOKING)
    repository.git("add", "-A")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    monkeypatch.setenv("GIT_PREFIX", "")
    assert new(scanned(repository.folder))


def test_the_work_tree_of_a_linked_branch(repository: Repository, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "-q", "-b", "linked", str(linked))
    assert known(scanned(linked))
    (linked / "templates" / "booking.html").write_text(BOOKING)
    assert new(scanned(linked))


# ---------------------------------------------------------------- beside the repository


def container(*tags: tuple[str, str]) -> str:
    return json.dumps(
        {
            "exportFormatVersion": 2,
            "containerVersion": {
                "container": {"publicId": "GTM-CLINIC1", "usageContext": ["WEB"]},
                "tag": [
                    {
                        "tagId": number,
                        "name": name,
                        "type": "html",
                        "parameter": [{"type": "TEMPLATE", "key": "html", "value": PIXEL}],
                        "firingTriggerId": ["2147479553"],
                    }
                    for number, name in tags
                ],
            },
        },
        indent=1,
    )


def test_an_export_outside_of_the_repository_is_the_same_on_both_sides(
    repository: Repository, tmp_path: Path
) -> None:
    export = tmp_path / "exports" / "container.json"
    export.parent.mkdir()
    export.write_text(container(("1", "Pixel")))
    report = scanned(repository.folder, containers=[export])
    assert any(each.tag for each in known(report))
    assert not new(report)
    repository.write(base=BASE.replace("2345098761234509", "2345098761234510"))
    assert new(scanned(repository.folder, containers=[export]))


def test_an_export_of_the_repository_has_its_own_past(repository: Repository) -> None:
    repository.put("gtm/container.json", container(("1", "Pixel")))
    repository.commit()
    export = repository.folder / "gtm" / "container.json"
    assert not new(scanned(repository.folder / "templates", containers=[export]))
    repository.put("gtm/container.json", container(("1", "Pixel"), ("2", "Another")))
    tags = {each.tag.tag_name for each in new(scanned(repository.folder)) if each.tag}
    assert tags == {"Another"}


def test_a_renamed_tag_is_the_same_tag(repository: Repository) -> None:
    repository.put("gtm/container.json", container(("1", "Pixel"), ("2", "Second")))
    repository.commit()
    repository.put("gtm/container.json", container(("1", "Meta Pixel"), ("2", "Second")))
    report = scanned(repository.folder)
    assert any(each.tag and each.tag.tag_name == "Meta Pixel" for each in known(report))
    assert not new(report)


def test_an_export_that_git_ignores_is_the_same_on_both_sides(repository: Repository) -> None:
    repository.put(".gitignore", "exports/\n")
    repository.commit()
    repository.put("exports/container.json", container(("1", "Pixel")))
    export = repository.folder / "exports" / "container.json"
    assert not new(scanned(repository.folder, containers=[export]))


def test_a_submodule_has_its_own_past(repository: Repository, tmp_path: Path) -> None:
    theme = Repository(tmp_path / "theme")
    theme.put("templates/base2.html", BASE)
    theme.commit()
    repository.git("submodule", "add", "-q", theme.folder.as_uri(), "theme")
    repository.commit()
    assert not new(scanned(repository.folder))
    inside = repository.folder / "theme" / "templates" / "other.html"
    inside.write_text(f"<html>{PIXEL}</html>")
    assert {each.place.path for each in new(scanned(repository.folder))} == {
        "theme/templates/other.html"
    }


# ---------------------------------------------------------------- the hook


def test_the_hook_stops_a_commit_that_lets_a_page_inherit_a_tracker(
    repository: Repository, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hook,) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())
    program, *words = [*str(hook["entry"]).split(), *map(str, hook["args"])]
    assert program == "trackerlint"
    assert hook["pass_filenames"] is False
    monkeypatch.chdir(repository.folder)
    assert run(*words).exit_code == 0
    repository.write(booking=BOOKING)
    repository.git("add", "-A")
    assert run(*words).exit_code == 1
    repository.git("commit", "-q", "-m", "agreed")
    assert run(*words).exit_code == 0


# ---------------------------------------------------------------- together


def test_a_baseline_knows_too(repository: Repository, tmp_path: Path) -> None:
    repository.write(other=f"<html>{PIXEL}</html>")
    assert new(scanned(repository.folder))
    baseline = tmp_path / "baseline.json"
    assert run("baseline", str(repository.folder), "-o", str(baseline)).exit_code == 0
    assert not new(scanned(repository.folder, baseline=baseline))
    repository.write(third=f"<html>{PIXEL}</html>")
    assert {each.place.path for each in new(scanned(repository.folder, baseline=baseline))} == {
        "templates/third.html"
    }
