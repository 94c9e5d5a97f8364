"""What the quick tests find: faults planted one at a time in a copy of the project, and the first test that fails.

python benchmarks/faults.py [--only WORD]

The faults are in tests/data/planted_faults.json, written by somebody who had not seen the tests. One that no test
finds is a test that is missing. It takes half an hour.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tqdm import tqdm

ROOT = Path(__file__).parents[1]
FAULTS = json.loads((ROOT / "tests" / "data" / "planted_faults.json").read_text())
PATIENCE = 600  # seconds for one run of the quick tests


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="WORD", default="", help="the faults of files whose name holds this")
    options = parser.parse_args()
    chosen = [fault for fault in FAULTS if options.only in fault["file"]]
    lines = []
    for fault in tqdm(chosen, unit="fault", file=sys.stderr):
        found = found_by(fault)
        lines.append(f"| {fault['wing']} | {fault['why'].rstrip('.')} | {f'`{found}`' if found else '**nothing**'} |")
        print(lines[-1], flush=True)
    missed = sum(line.endswith("**nothing** |") for line in lines)
    print(f"{len(lines)} faults, {len(lines) - missed} found")
    sys.exit(missed > 0)


def found_by(fault: dict[str, Any]) -> str:
    """The first test that fails with a fault planted, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / ROOT.name
        left_out = shutil.ignore_patterns(".git", "__pycache__", "build", ".*_cache", "gallery", ".venv", "venv")
        shutil.copytree(ROOT, copy, ignore=left_out)
        if (ROOT.parent / "shared").is_dir():
            (copy.parent / "shared").symlink_to(ROOT.parent / "shared")
        file = copy / fault["file"]
        text = file.read_text()
        if text.count(fault["before"]) != 1:
            raise ValueError(f"{fault['file']} has this {text.count(fault['before'])} times: {fault['before']!r}")
        file.write_text(text.replace(fault["before"], fault["after"]))
        # which of the tests of the faults themselves would only see that a text is not there
        command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "-k", "not planted_faults_fit"]
        path = os.pathsep.join(filter(None, [str(copy), os.getenv("PYTHONPATH")]))
        ran = subprocess.run(
            command, cwd=copy, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, timeout=PATIENCE
        )
    failed = re.findall(r"^(?:FAILED|ERROR) tests/(\S+?\.py(?:::\w+)?)", ran.stdout, re.M)
    if ran.returncode not in (0, 1, 2) or (ran.returncode and not failed):
        raise RuntimeError(ran.stdout[-2000:] + ran.stderr[-2000:])
    return failed[0] if failed else ""


if __name__ == "__main__":
    main()
