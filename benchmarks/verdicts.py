"""Generated programs, half of them wrong, held against what the judge says: false alarms, misses, unchecked.

python benchmarks/verdicts.py [COUNT] [SEED...]     of each kind, by default 1,500 programs with seeds 1, 2 and 3

Each program is a file. Those with a driver are checked gradient by gradient; of those without one the file is right,
wrong or unchecked, as the command line says by its exit code. The labels are measured by differences that have nothing
of the judge in them. A gradient that is right at the given parameters, and that its program's mistake makes wrong at
others, counts as wrong. Every program with another verdict than its label is printed.
"""

import contextlib
import io
import itertools
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from generators import driven, driven_labels, undriven  # noqa: E402

from tinygrad_dnn import check  # noqa: E402
from tinygrad_dnn.cli import main as command  # noqa: E402

SECONDS = 0.1  # for the differences of one check
CODES = {0: "right", 1: "wrong", 2: "unchecked"}


def of_driven(seed: int, count: int, folder: Path) -> Iterator[tuple[str, str, str]]:
    """(label, verdict, what it is) of each gradient of the programs with a driver."""
    for number, program in zip(range(count), driven.programs(seed), strict=False):
        path = folder / f"driven_{seed}_{number}.py"
        path.write_text(program.text)
        names = {"__name__": path.stem}
        exec(compile(program.text, str(path), "exec"), names)
        report = check(names["cost"], names["gradients"], names["parameters"], seconds=SECONDS, suggest=False)
        for name in names["parameters"]:
            row, label = report[name], "wrong" if name in program.wrong else "right"
            if label == "right" and row.verdict == "wrong" and wrong_far_away(program.text, name):
                label = "wrong"
            yield label, row.verdict, f"{program.name}, {program.mistake}, {name}: {row.note}"


def wrong_far_away(text: str, name: str) -> bool:
    """Whether a gradient that is right at the given parameters is wrong at others, as their differences say."""
    program = driven_labels.load(driven_labels.exact_text(text))
    for seed, amount in itertools.product(range(6), (0.3, 1.0, 3.0)):
        rng = np.random.default_rng(seed)
        moved = {n: v + amount * rng.normal(size=np.shape(v)) for n, v in program["parameters"].items()}
        moved = {n: float(v) if isinstance(program["parameters"][n], float) else v for n, v in moved.items()}
        with np.errstate(all="ignore"):
            truth = driven_labels.slopes(program["cost"], moved)[name]
            g = program["gradients"](driven_labels.copied(moved))[f"d{name}"]
        if driven_labels.verdict(np.asarray(moved[name]), g, truth, 0.0) == driven_labels.WRONG:
            return True
    return False


def of_undriven(seed: int, count: int, folder: Path) -> Iterator[tuple[str, str, str]]:
    """(label, verdict, what it is) of each file without a driver."""
    for number, program in zip(range(count), undriven.programs(seed), strict=False):
        path = folder / f"undriven_{seed}_{number}.py"
        path.write_text(program.text)
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            code = command(["check", str(path), "--no-suggest", "--seconds", str(SECONDS)])
        sys.modules.pop(f"loaded:{path.stem}", None)
        said = " ".join(f"{out.getvalue()} {errors.getvalue()}".split())
        yield "right" if program.right else "wrong", CODES[code], f"{program.name}, {program.mistake}: {said[:300]}"


def main(arguments: list[str]) -> int:
    count, *seeds = [int(a) for a in arguments] or [1500]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, checks in (("with a driver", of_driven), ("without a driver", of_undriven)):
            for seed in seeds or [1, 2, 3]:
                found, started = Counter[tuple[str, str]](), time.perf_counter()
                for label, verdict, what in checks(seed, count, Path(folder)):
                    found[label, verdict] += 1
                    if verdict != label:
                        print(f"  {label} and called {verdict}: {what}", flush=True)
                alarms, missed = found["right", "wrong"], found["wrong", "right"]
                unchecked = sum(n for (_, verdict), n in found.items() if verdict == "unchecked")
                wrong = sum(n for (label, _), n in found.items() if label == "wrong")
                failed += alarms + missed
                took = f"{time.perf_counter() - started:.0f} s"
                print(f"{kind}, seed {seed}: {found.total():,} checks, {wrong:,} of them wrong; {alarms} false alarms, "
                      f"{missed} misses, {unchecked} unchecked; {took}", flush=True)  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
