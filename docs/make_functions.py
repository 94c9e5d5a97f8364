"""Write docs/functions.md: every function that records itself, its derivative, and how it is tested.

python docs/make_functions.py
"""

import ast
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from cases import CASES  # noqa: E402

from tinygrad_dnn.engine import compositions, derivatives  # noqa: E402
from tinygrad_dnn.engine.signatures import full_name  # noqa: E402

HEAD = """# Functions that record themselves

Written by `python docs/make_functions.py` from the table; a test fails when it is out of date.

g is the gradient that comes in, y the output. A function in the first table is a primitive: beside each stands the
gradient of each of its arguments. One in the second is said with others, and its derivative follows. *Cases* are the
calls that are tested in value, first and second derivative, and single precision, each against central differences with
a random cotangent. A third list holds functions whose derivative is zero wherever it exists: their results are plain
arrays. Whatever is not here raises a `TypeError` that names it.

Every method of an array that has the name of a function here is that function, and so is every operator. Functions and
methods that write into an array (`np.put`, `np.copyto`, `sort`) are assignments. Of ufuncs of two arguments `reduce`,
`accumulate` and `outer` are recorded, and `at` for add and subtract. Of SciPy's special functions expit, logit, erf,
gammaln and xlogy are recorded too. What a composed function gives is compared with what NumPy itself gives, at each
call that is not of the simplest: it is the same, or an error says that it is not.

| primitive | gradient of each argument | cases |
|---|---|---|
"""


def entries() -> dict[str, ast.expr]:
    """The lines of the table as they stand in the source, by what stands on their left."""
    tree = ast.parse((ROOT / "tinygrad_dnn" / "engine" / "derivatives.py").read_text())
    (table,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "DERIVATIVES"
    )
    assert isinstance(table, ast.Dict)
    return {ast.unparse(key): value for key, value in zip(table.keys, table.values, strict=True) if key}


def formula(rule: ast.expr) -> str:
    """What a rule computes: the body of a lambda, the mathematics of a named one."""
    if isinstance(rule, ast.Lambda):
        return f"`{ast.unparse(rule.body)}`".replace("|", "\\|")
    if isinstance(rule, ast.Name):
        return first_line(getattr(derivatives, rule.id)).replace("|", "\\|")
    return "none" if isinstance(rule, ast.Constant) else "the part of g that belongs to it"


def first_line(function: Any) -> str:
    return (function.__doc__ or "").partition("\n")[0]


def page() -> str:
    source = entries()
    names = {eval(key, vars(derivatives)): key for key in source}
    lines = []
    for function in names:
        value = source[names[function]]
        rules = value.elts if isinstance(value, ast.Tuple) else [value]
        lines.append(f"| {full_name(function)} | {'; '.join(map(formula, rules))} | {len(CASES[function])} |")
    composed = [f"| {full_name(f)} | {len(CASES[f])} |" for f in sorted(compositions.COMPOSED, key=full_name)]
    numpys = [f for f in derivatives.PIECEWISE_CONSTANT if "." in full_name(f)]
    constant = ", ".join(sorted(map(full_name, numpys)))
    return (
        HEAD + "\n".join(lines) + "\n\n| composed | cases |\n|---|---|\n" + "\n".join(composed)
        + f"\n\nConstant wherever they are smooth: {constant}.\n"
    )  # fmt: skip


if __name__ == "__main__":
    (ROOT / "docs" / "functions.md").write_text(page())
