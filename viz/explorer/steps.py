"""The steps of the page: what explain says of each variable, taken apart into the tables it is computed from."""

import ast
import linecache
from typing import Any

import numpy as np

from tinygrad_dnn import Report

from .arrays import packed

SIGNS = {ast.Mult: "⊙", ast.Div: "÷"}
Table = dict[str, Any]


def steps_of(explanation: Any, report: Report | None, left: set[str]) -> list[dict[str, Any]]:
    """Forward in the order of computation, then the seed, then backward; without the variables that are left out."""
    found = [forward(explanation, *line) for line in explanation.forward if line[0] not in left]
    dJ = explanation.typeset("dJ")
    seed = {
        "phase": "backward", "name": "J", "tick": "dJ", "title": "Start at the cost", "shape": "()", "chain": "",
        "formula": equation(explanation, "dJ", "1"), "code": "dJ = 1", "place": None, "terms": [],
        "notes": ["A change of J moves J by as much. " + explanation.sentence()],
        "result": packed(1.0) | {"math": dJ, "role": "gradient", "text": "dJ"},
    }  # fmt: skip
    found.append(seed)
    known = [explanation.steps[i] for i, name in enumerate(explanation.steps.names) if name not in left]
    found += [backward(explanation, step, report) for step in known]
    first = next((step for step in found if step.get("verdict") == "wrong"), None)
    if first is not None and report is not None:  # the page opens here
        first["cause"] = report.causes[0].explanation if report.causes else ""
        first["fix"] = report.fix.diff.splitlines()[3:] if report.fix else []
        first["where"] = report.place()
        first["promise"] = report.promise() if report.fix else ""
    return found


def forward(explanation: Any, name: str, code: str, made: Any) -> dict[str, Any]:
    whole = explanation.definitions.get(name, code)
    shape = np.shape(explanation.value(name))
    return {
        "phase": "forward", "name": name, "tick": name, "title": helper(code), "chain": "", "notes": [],
        "shape": str(shape), "formula": equation(explanation, name, code), "code": f"{name} = {whole}",
        "place": place(made), "terms": inputs_of(explanation, whole, code, shape),
        "result": table(explanation, name, "value"),
    }  # fmt: skip


def inputs_of(explanation: Any, whole: str, code: str, shape: tuple[int, ...]) -> list[dict[str, Any]]:
    """What a variable is computed from: the tables of a sum or product, or of a function the table it is of."""
    found = terms_of(explanation, whole, shape, forward=True)
    if any(term["kind"] != "whole" for term in found):
        return found
    names = {n.id for n in ast.walk(ast.parse(whole or "0", mode="eval")) if isinstance(n, ast.Name)} - {"np", "m"}
    if len(names) != 1 or not shape:
        return []
    name = names.pop()
    return [{"sign": "+", "kind": "function", "between": helper(code), "to": list(shape),
             "tables": [table(explanation, name, "value")]}]  # fmt: skip


def backward(explanation: Any, step: Any, report: Report | None) -> dict[str, Any]:
    d = f"d{step.name}"
    formula = step.formula or step.recorded
    found = {
        "phase": "backward", "name": step.name, "tick": d, "title": f"back to {step.name}", "shape": str(step.shape),
        "formula": equation(explanation, d, step.formula) if step.formula else explanation.typeset(d),
        "chain": equation(explanation, d, step.chain) if step.chain else "",
        "code": f"{d} = {formula}" if formula else f"{d}: its formula is too long to be written",
        "notes": explanation.reasons(step), "place": place(step.made), "parameter": step.input,
        "terms": terms_of(explanation, step.chain or step.formula, step.shape),
        "result": table(explanation, d, "gradient"),
    }  # fmt: skip
    return found | judged(d, report)


def helper(code: str) -> str:
    """What is done: the function that does it, or its last operation."""
    node = ast.parse(code or "x", mode="eval").body
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).removeprefix("np.")
    names = {
        ast.MatMult: "product of tables",
        ast.Add: "sum",
        ast.Sub: "difference",
        ast.Mult: "product",
        ast.Div: "quotient",
    }
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.BinOp):
        return "linear" if isinstance(node.left.op, ast.MatMult) else "sum"
    return names.get(type(node.op), "computed") if isinstance(node, ast.BinOp) else "computed"


def equation(explanation: Any, left: str, code: str) -> str:
    sides = [explanation.typeset(side).removeprefix("<math>").removesuffix("</math>") for side in (left, code)]
    return f'<math displaystyle="true">{sides[0]}<mo>=</mo>{sides[1]}</math>'


def place(made: Any) -> dict[str, Any] | None:
    """The line of the user's code."""
    if made is None or not made.line:
        return None
    file = made.file.rsplit("/", 1)[-1]
    line = f":{made.line}" if made.place == f"line {made.line}" else f", {made.place}"  # of a notebook: cell 7, line 3
    text = linecache.getline(made.file, made.line).strip()
    call = f", call {made.call}" if made.call > 1 else ""
    return {"where": f"{made.function.rpartition('.')[2]}, {file}{line}{call}", "text": text}


def judged(name: str, report: Report | None) -> dict[str, Any]:
    """The verdict on a gradient."""
    row = next((row for row in report if row.name in (name, name[1:])), None) if report else None
    if report is None or row is None:
        return {}
    return {"verdict": row.verdict, "said": row.note, "error": None if row.note else row.by_hand}


def terms_of(explanation: Any, code: str, shape: tuple[int, ...], forward: bool = False) -> list[dict[str, Any]]:
    """A formula as terms that are added, each one table or two with a sign between; none where it is another kind."""
    if not code:
        return []
    node = ast.parse(code, mode="eval").body
    factor = ""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and is_scalar(explanation, node.left):
        factor, node = f"{factor}{' * ' if factor else ''}{ast.unparse(node.left)}", node.right
    found = []
    try:
        for sign, term in added(node):
            found.append({"sign": sign, **one(explanation, term, shape, "value" if forward else "")})
    except Exception:  # what is no table of numbers is shown by its formula alone
        return []
    if factor:
        value = float(explanation.evaluate(factor))
        found = [term | {"factor": f"{value:.5g}", "factor_math": explanation.typeset(factor)} for term in found]
    tables = any(len(t["shape"]) for term in found for t in term["tables"])
    alone = len(found) == 1 and found[0]["kind"] == "whole" and not code.isidentifier()  # it would be the result again
    return found if len(found) <= 4 and (tables or not shape) and not (alone and not factor) else []


def is_scalar(explanation: Any, node: ast.AST) -> bool:
    """Whether a factor is a plain number or m."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    calls = any(isinstance(n, ast.Call) for n in ast.walk(node))
    return names <= {"m"} and not calls


def added(node: ast.expr, sign: str = "+") -> list[tuple[str, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        flipped = {"+": "−", "−": "+"}
        right = sign if isinstance(node.op, ast.Add) else flipped[sign]
        return added(node.left, sign) + added(node.right, right)
    return [(sign, node)]


def one(explanation: Any, node: ast.expr, shape: tuple[int, ...], role: str) -> dict[str, Any]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult | ast.Mult | ast.Div):
        sign = "·" if isinstance(node.op, ast.MatMult) else SIGNS[type(node.op)]
        divisor = role or ("value" if isinstance(node.op, ast.Div) else "")  # the derivative is one over it
        left, right = (
            table(explanation, ast.unparse(node.left), role),
            table(explanation, ast.unparse(node.right), divisor),
        )
        return {"kind": "matmul" if sign == "·" else "entries", "between": sign, "tables": [left, right]}
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.sum" and node.args:
        axes = [ast.unparse(k.value) for k in node.keywords if k.arg == "axis"]
        axis = axes[0].strip("(),") if axes else "all"
        return {"kind": "sum", "between": f"∑ axis {axis}" if axis in "01" else "∑", "axis": axis,
                "tables": [table(explanation, ast.unparse(node.args[0]), role)]}  # fmt: skip
    return {"kind": "whole", "between": "", "tables": [table(explanation, ast.unparse(node), role)], "to": list(shape)}


def table(explanation: Any, code: str, role: str = "") -> Table:
    """A table with its name: a gradient where one is in it, a value where it is a variable, else a local derivative."""
    names = {n.id for n in ast.walk(ast.parse(code, mode="eval")) if isinstance(n, ast.Name)}
    value = explanation.evaluate(code)
    if not role and names & explanation.gradients:
        role = "gradient"
    elif not role:
        role = "value" if code.removesuffix(".T").isidentifier() else "local"
    return packed(value) | {"math": explanation.typeset(code), "text": code, "role": role}
