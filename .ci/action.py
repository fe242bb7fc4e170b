"""Do what `action.yml` says, its shell steps one after the other: `python .ci/action.py FOLDER`.

The installation is a real one, from this tree and the package registries; FOLDER is scanned.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.workflows import defaults, loaded, run  # noqa: E402


def main(folder: Path) -> int:
    action = loaded("action.yml")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        known = defaults(action) | {"runner.temp": name, "github.action_path": str(ROOT)}
        for step in action["runs"]["steps"]:
            if "run" not in step:
                continue
            done = run(step, known, folder, place)
            print(f"{step['name']}: {done.code}\n{done.said}")
            if done.code and step["name"] != "Result":
                return 1
            known |= {
                f"steps.{step.get('id')}.outputs.{key}": done.outputs[key] for key in done.outputs
            }
        # The example site has findings: the job ends with what the scan said.
        return 0 if done.code == 1 and (place / "trackerlint.sarif").is_file() else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
