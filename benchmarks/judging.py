"""How well and how fast the labelled submissions are judged: verdicts, names of mistakes, fixes, and seconds.

python benchmarks/judging.py
"""

import sys
import time
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from submissions import SETS, driven  # noqa: E402

from tinygrad_dnn import check  # noqa: E402


def timed(f):
    started = time.perf_counter()
    return f(), time.perf_counter() - started


def main():
    print(f"{'set':12} {'files':>5} {'missed':>6} {'alarms':>6} {'wrong':>5} {'named':>5} {'fixed':>5} {'own line':>8}"
          f" {'verdict':>14} {'with fix':>14}")  # fmt: skip
    for name, labels in SETS.items():
        missed = alarms = named = fixed = same = 0
        verdicts, fixes = [], []
        wrong = {file: label for file, label in labels.items() if not label["correct"]}
        for file, label in labels.items():
            report, seconds = timed(lambda file=file: check(*driven(file, name), suggest=False))  # noqa: B023
            verdicts.append(seconds)
            missed += sum(report[key].verdict != "wrong" for key in label["wrong_gradients"])
            alarms += sum(report[key].verdict == "wrong" for key in label["right_gradients"])
            if file in wrong:
                report, seconds = timed(lambda file=file: check(*driven(file, name)))  # noqa: B023
                fixes.append(seconds)
                named += bool(report.causes) and report.causes[0].kind == label["mistake"]
                fixed += report.fix is not None
                same += report.fix is not None and report.fix.line == label.get("line")
        own = f"{same}" if any(label["line"] for label in labels.values()) else "-"
        print(f"{name:12} {len(labels):5} {missed:6} {alarms:6} {len(wrong):5} {named:5} {fixed:5} {own:>8}"
              f" {median(verdicts):6.2f} {max(verdicts):6.2f}s {median(fixes):6.2f} {max(fixes):6.2f}s")  # fmt: skip
    print("verdict, with fix: seconds for a file, the median and the longest")


if __name__ == "__main__":
    main()
