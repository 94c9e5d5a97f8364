"""Whether the label of a program is true: its gradients beside central differences, extrapolated.

The text and its driver run together; nothing of the judge is used. In tests/,
`python -m generators.undriven_labels 300 1` counts and times."""

from __future__ import annotations

import collections
import sys
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .undriven import Program

STEP, RIGHT, SMALL_NUMBER, WRONG = 1e-3, 1e-6, 1e-4, 5e-4
KINK = 1e-4  # two step sizes that differ by more have a kink between them


def slopes(cost: Any, parameters: dict[str, Any], key: str) -> tuple[np.ndarray, float]:
    """The derivative of the cost by each entry of one parameter, and how far two step sizes lie apart."""
    value = np.array(parameters[key], dtype=float)
    coarse, fine = np.zeros(value.shape), np.zeros(value.shape)
    for at in np.ndindex(value.shape):
        for step, to in ((STEP, coarse), (STEP / 2, fine)):
            ends = []
            for sign in (1, -1):
                moved = value.copy()
                moved[at] += sign * step
                ends.append(float(np.squeeze(cost({**parameters, key: moved}))))
            to[at] = (ends[0] - ends[1]) / (2 * step)
    return (4 * fine - coarse) / 3, float(np.max(np.abs(fine - coarse), initial=0))


def distance(text: str) -> float:
    """The largest error of a gradient relative to its largest entry; inf where the update would change a shape."""
    space: dict[str, Any] = {"__name__": "handed_in"}
    exec(compile(text, "handed_in.py", "exec"), space)
    cost, parameters, worst = space["cost"], space["parameters"], 0.0
    given = space["gradients"](parameters)
    for key, value in parameters.items():
        true, apart = slopes(cost, parameters, key)
        mine = np.asarray(given["d" + key], dtype=float)
        if np.shape(value) == () and mine.shape == (1,):
            mine = mine[0]  # (1,) for a number makes the same update
        if np.broadcast_shapes(mine.shape, np.shape(value)) != np.shape(value):
            return np.inf
        scale = float(np.max(np.abs(true)))
        if scale < 1e-6 or apart > KINK * scale:
            raise ValueError(f"{key}: near a kink, or a gradient of zero")
        worst = max(worst, float(np.max(np.abs(mine - true))) / scale)
    return worst


def complaint(program: Program) -> str:
    """Why the label of this program is not beyond doubt; empty where it is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            far = distance(program.text + program.driver)
    except Exception as error:  # whatever a planted mistake may raise
        return f"{type(error).__name__}: {error}"
    if (not np.isfinite(far) and program.right) or np.isnan(far):
        return f"{far}"
    small = "+ 1e-" in program.text or "np.clip" in program.text
    holds = far <= (SMALL_NUMBER if small else RIGHT) if program.right else far >= WRONG
    return "" if holds else f"distance {far:.2e}"


def main(count: int, seed: int) -> None:
    """Print what is made of how many drafts, how fast, and which drafts were left out."""
    from generators.undriven import drafts

    stream: Iterator[Program] = drafts(seed)
    kept: list[Program] = []
    texts: set[str] = set()
    left_out: collections.Counter[str] = collections.Counter()
    begin = time.perf_counter()
    while len(kept) < count:
        program = next(stream)
        why = "repeated" if program.text in texts else complaint(program)
        texts.add(program.text)
        if why == "repeated":
            left_out[why] += 1
        elif why:
            left_out[f"{program.family} | {program.mistake or 'RIGHT'} | {why[:90]}"] += 1
        else:
            kept.append(program)
    seconds = time.perf_counter() - begin
    for field in ("family", "mistake"):
        print(f"\n{field}")
        for (name, right), times in sorted(collections.Counter((getattr(p, field), p.right) for p in kept).items()):
            print(f"  {times:4d} {'right' if right else 'wrong'} {name or '-'}")
    print(f"\n{sum(p.right for p in kept)} right, {sum(not p.right for p in kept)} wrong, {len(kept) / seconds:.1f}/s")
    print(f"left out {sum(left_out.values())}:")
    for what, times in left_out.most_common():
        print(f"  {times:4d} {what}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
