"""Write SARIF files that hold all there is to hold: `python .ci/sarif/samples.py FOLDER`.

Each example site is scanned as a repository of its own that is known by an address, as a user's is;
then come reports of the tests, with accepted findings, a baseline's word and fixes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from analyzer.model import Checkout, Edit, Fix, Report, State, Suppression, Telling  # noqa: E402
from analyzer.outputs import sarif  # noqa: E402
from tests.records import INIT, clinic  # noqa: E402


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for site in sorted((ROOT / "fixtures" / "sites").iterdir()):
        scanned(site, folder)
    write(everything(), folder / "records.sarif")


def scanned(site: Path, folder: Path) -> None:
    tree = folder / "trees" / site.name
    shutil.copytree(site, tree / "site")
    git = ("git", "-C", str(tree), "-c", "user.name=CI", "-c", "user.email=ci@example.org")
    for words in (
        ("init", "-q"),
        ("remote", "add", "origin", f"https://git.example.org/{site.name}.git"),
        ("add", "--all"),
        ("commit", "-q", "-m", "The example site"),
    ):
        subprocess.run((*git, *words), check=True)
    report = folder / f"{site.name}.sarif"
    subprocess.run(
        (
            *(sys.executable, "-m", "analyzer", "scan", str(tree), "--quiet", "--exit-zero"),
            *("--no-cache", "--sarif-suppressed", "-o", str(report)),
        ),
        check=True,
        cwd=ROOT,
    )


def everything() -> Report:
    """A report that uses every part of the format that the output knows."""
    made = clinic()
    word = Suppression("comment", INIT, "agreed", owner="web team", until=date(2027, 1, 31))
    fix = Fix("Ask for consent first.", (Edit(INIT.path, INIT.region, "fbq('consent', 'revoke')"),))
    return replace(
        made,
        findings=tuple(
            replace(
                finding,
                suppressed=word if finding.suppressed else None,
                state=State.KNOWN if finding.tag else State.NEW,
                fixes=(fix,),
                classes=("patient-portal",),
            )
            for finding in made.findings
        ),
        telling=Telling(suppressed=True, baseline_state=True),
        baseline="earlier.sarif",
        checkout=Checkout("web site", "https://git.example.org/clinic", "0" * 40, "main"),
    )


def write(report: Report, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        sarif.write(report, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
