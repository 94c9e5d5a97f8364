"""Measures hand-written gradients in the text of a program by central differences of the program's own cost.

python -m generators.driven_labels [seed] [count], in tests/: the labels of that many programs, and counts.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

RIGHT, WRONG, UNCLEAR = "right", "wrong", "unclear"
CLOSE, FAR, SMALL_EFFECT = 1e-6, 5e-4, 1e-2

Arrays = dict[str, Any]


def load(text: str) -> Arrays:
    """The names that the program defines."""
    names: Arrays = {"__name__": "program"}
    exec(compile(text, "program.py", "exec"), names)
    return names


def exact_text(text: str) -> str:
    """The program with the small number (1e-6 and below) in logarithms and clips taken as zero."""
    return re.sub(r"\b1e-(?:0?[6-9]|1\d)\b", "0", text)


def copied(parameters: Mapping[str, Any]) -> Arrays:
    return {name: v if isinstance(v, float) else np.array(v, dtype=float) for name, v in parameters.items()}


def slopes(cost: Callable[[Arrays], Any], parameters: Mapping[str, Any], step: float = 5e-4) -> Arrays:
    """Central differences of cost in every entry, with one Richardson extrapolation (error of order step ** 4)."""
    here, result = copied(parameters), {}
    for name, value in parameters.items():
        flat = np.array(value, dtype=float).reshape(-1)
        slope = np.zeros_like(flat)

        def at(i: int, shift: float, name: str = name, value: Any = value, flat: np.ndarray = flat) -> float:
            if isinstance(value, float):
                here[name] = value + shift
            else:
                here[name].flat[i] = flat[i] + shift
            return float(np.squeeze(cost(here)))

        for i in range(flat.size):
            near, wide = at(i, step) - at(i, -step), at(i, 2 * step) - at(i, -2 * step)
            slope[i] = (8 * near - wide) / (12 * step)
            at(i, 0.0)
        result[name] = slope.reshape(np.shape(value))
    return result


def verdicts(parameters: Mapping[str, Any], gradients: Mapping[str, Any], truth: Mapping[str, Any]) -> dict[str, str]:
    """For each parameter: right, wrong, or unclear where the error is too small to be called one."""
    top = max(float(np.abs(t).max()) for t in truth.values())
    return {name: verdict(np.asarray(v), gradients["d" + name], truth[name], top) for name, v in parameters.items()}


def verdict(parameter: np.ndarray, gradient: Any, truth: np.ndarray, top: float) -> str:
    """Compares what the update makes; entries are held against themselves, or the largest where they are tiny."""
    g = np.asarray(gradient, dtype=float)
    updated = np.broadcast_shapes(parameter.shape, g.shape)
    if np.prod(updated) > parameter.size:
        return WRONG  # the update broadcasts the parameter to a table
    if (updated != parameter.shape and parameter.size > 1) or not np.isfinite(g).all():
        return UNCLEAR
    largest = max(float(np.abs(truth).max()), 1e-3 * top)
    off = np.abs(np.broadcast_to(g.reshape(()) if g.size == 1 else g, parameter.shape) - truth)
    size = np.abs(truth)
    if off.max() <= CLOSE * largest:
        return RIGHT
    own = np.where(size > 1e-2 * largest, off / np.maximum(size, 1e-2 * largest), 0)
    return WRONG if off.max() >= FAR * largest or own.max() >= FAR else UNCLEAR


def small_effect(exact: Mapping[str, Any], given: Mapping[str, Any]) -> float:
    """How much the small numbers change the true gradient, relative to the largest entry of each parameter."""
    top = max(float(np.abs(t).max()) for t in exact.values())
    return max(float(np.abs(exact[n] - given[n]).max() / max(np.abs(exact[n]).max(), 1e-3 * top)) for n in exact)


def measured(text: str) -> dict[str, str]:
    """The verdict on each parameter of a program, from its text alone; must hold with and without small numbers."""
    with np.errstate(all="ignore"):
        plain = exact_text(text)
        program, exact = load(text), load(plain)
        parameters = copied(program["parameters"])
        gradients = program["gradients"](copied(parameters))
        given_truth = slopes(program["cost"], parameters, step=4e-4)
        found = verdicts(parameters, gradients, slopes(exact["cost"], parameters, step=4e-4))
        loosely = verdicts(parameters, gradients, given_truth)
        if plain != text and small_effect(slopes(exact["cost"], parameters), given_truth) > SMALL_EFFECT:
            return dict.fromkeys(found, UNCLEAR)
    return {n: UNCLEAR if v == WRONG and loosely[n] != WRONG else v for n, v in found.items()}


def wrong_of_value(program: Any) -> bool:
    """Whether some wrong gradient has other numbers than the true one, not only a shape that makes a table."""
    names = load(program.text)
    gradients, parameters = names["gradients"](copied(names["parameters"])), copied(names["parameters"])
    return any(
        np.size(gradients["d" + n]) != np.size(parameters[n])
        or verdict(np.ravel(parameters[n]), np.ravel(gradients["d" + n]), np.ravel(truth), 0.0) != RIGHT
        for n, truth in slopes(load(exact_text(program.text))["cost"], parameters).items()
        if n in program.wrong
    )


def main() -> None:
    from generators.driven import programs

    seed, count = (int(a) for a in (sys.argv[1:] + ["0", "300"][len(sys.argv) - 1 :])[:2])
    families, wrong_families, mistakes = Counter[str](), Counter[str](), Counter[str]()
    sizes, false, shapes, start, spent = list[int](), 0, 0, time.time(), 0.0
    stream = programs(seed)
    for number in range(count):
        before = time.time()
        program = next(stream)
        spent += time.time() - before
        families[program.family] += 1
        mistakes[program.mistake or "(right)"] += 1
        wrong_families[program.family] += bool(program.wrong)
        found = measured(program.text)
        sizes.append(len(program.text))
        shapes += bool(program.wrong) and not wrong_of_value(program)
        expected = {name: WRONG if name in program.wrong else RIGHT for name in found}
        if found != expected:
            false += 1
            print(f"LABEL: {number} {program.name}: {program.mistake}: {expected} but {found}")
    for title, counts in (("family", families), ("mistake", mistakes)):
        print(f"\n{len(counts)} of {title}")
        for name, n in counts.most_common():
            print(f"  {n:4d} {name}" + (f"  ({wrong_families[name]} wrong)" if title == "family" else ""))
    print(
        f"\n{count} programs: {count - sum(wrong_families.values())} right, {sum(wrong_families.values())} wrong, "
        f"{shapes} of them by a shape alone, {false} labels not confirmed; {count / spent:.1f} programs generated "
        f"per second, {time.time() - start:.0f} s with this check, {np.mean(sizes):.0f} characters each"
    )


if __name__ == "__main__":
    main()
