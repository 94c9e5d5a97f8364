"""A formula in code, written for reading: as text, and as LaTeX."""

import ast
import re
from typing import Any

WITHOUT_A_TRACE = {"np.broadcast_to", "np.expand_dims", "np.reshape", "np.squeeze"}  # only the shape is another
LONG = "(no short formula)"
PRIORITY = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.MatMult: 2, ast.Pow: 4}
SIGNS = {ast.Add: " + ", ast.Sub: " - ", ast.Mult: " * ", ast.Div: " / ", ast.MatMult: " ", ast.Pow: "^"}
COMPARED = {ast.Gt: ">", ast.Lt: "<", ast.GtE: ">=", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!="}
GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "eta",
    "theta",
    "lambda",
    "mu",
    "sigma",
    "tau",
    "phi",
    "psi",
    "omega",
]


def tree(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


def called(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def about(node: ast.Call) -> dict[str, str]:
    """The axis and the like of a call, by name."""
    return {k.arg: ast.unparse(k.value) for k in node.keywords if k.arg}


def text(code: str) -> str:
    """As the course's docstrings write it: dZ1 A0^T for dZ1 @ A0.T, sum(dZ1, axis=1) without keepdims."""
    return as_text(tree(code)) if code else LONG


def as_text(node: ast.AST, above: int = 0) -> str:
    if isinstance(node, ast.BinOp):
        own = PRIORITY.get(type(node.op), 3)
        right = own + isinstance(node.op, ast.Sub | ast.Div | ast.MatMult)
        written = as_text(node.left, own) + SIGNS.get(type(node.op), " ? ") + as_text(node.right, right)
        return f"({written})" if own < above else written
    if isinstance(node, ast.UnaryOp):
        inner = f"-{as_text(node.operand, 3)}"
        return f"({inner})" if above > 1 else inner
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return as_text(node.value, 5) + "^T"
    if isinstance(node, ast.Compare):
        sign = COMPARED.get(type(node.ops[0]), "?")
        return f"[{as_text(node.left)} {sign} {as_text(node.comparators[0])}]"
    if isinstance(node, ast.Call):
        name = called(node)
        if name in WITHOUT_A_TRACE:
            return as_text(node.args[0], above)
        shown = [as_text(a) for a in node.args]
        shown += [f"{k}={plain_axis(v)}" for k, v in about(node).items() if k != "keepdims" and v != "(0, 1)"]
        return f"{name.removeprefix('np.')}({', '.join(shown)})"
    if isinstance(node, ast.Subscript):
        return f"{as_text(node.value, 5)}[{ast.unparse(node.slice)}]"
    return ast.unparse(node)


def plain_axis(written: str) -> str:
    """axis=(1,) as axis=1."""
    match = re.fullmatch(r"\((-?\d+),\)", written)
    return match[1] if match else written


def latex(code: str) -> str:
    """As LaTeX: dW^{[1]}, \\odot for what goes entry by entry, \\frac, sums over an axis."""
    return as_latex(tree(code)) if code else rf"\text{{{LONG}}}"


def as_latex(node: ast.AST, above: int = 0) -> str:
    if isinstance(node, ast.BinOp):
        return binary(node, above)
    if isinstance(node, ast.UnaryOp):
        inner = f"-{as_latex(node.operand, 3)}"
        return rf"\left({inner}\right)" if above > 1 else inner
    if isinstance(node, ast.Attribute) and node.attr == "T":
        inner = as_latex(node.value, 5)
        return f"{{{inner}}}^T" if isinstance(node.value, ast.Name) else f"{inner}^T"
    if isinstance(node, ast.Compare):
        sign = {">=": r"\ge", "<=": r"\le", "==": "=", "!=": r"\ne"}.get(s := COMPARED.get(type(node.ops[0]), "?"), s)
        return rf"\mathbf{{1}}[{as_latex(node.left)} {sign} {as_latex(node.comparators[0])}]"
    if isinstance(node, ast.Call):
        return function(node, above)
    if isinstance(node, ast.Name):
        return symbol(node.id)
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"{node.value:.6g}"
    if isinstance(node, ast.Subscript):
        return rf"{as_latex(node.value, 5)}[\texttt{{{escaped(ast.unparse(node.slice))}}}]"
    return escaped(ast.unparse(node))


def binary(node: ast.BinOp, above: int) -> str:
    if isinstance(node.op, ast.Div):
        return rf"\frac{{{as_latex(node.left)}}}{{{as_latex(node.right)}}}"
    if isinstance(node.op, ast.Pow):
        base = as_latex(node.left, 5)
        return f"{{{base}}}^{{{as_latex(node.right)}}}"
    own = PRIORITY.get(type(node.op), 3)
    numbers = is_number(node.left) or is_number(node.right)
    sign = {ast.Add: " + ", ast.Sub: " - ", ast.MatMult: r" \, "}.get(type(node.op), r" \, " if numbers else r" \odot ")
    right = own + isinstance(node.op, ast.Sub | ast.MatMult)
    written = as_latex(node.left, own) + sign + as_latex(node.right, right)
    return rf"\left({written}\right)" if own < above else written


def is_number(node: ast.AST) -> bool:
    """Whether a factor is a number, so that no sign stands beside it."""
    if isinstance(node, ast.BinOp):
        return is_number(node.left) and is_number(node.right)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id == "m")


def function(node: ast.Call, above: int) -> str:
    name, arguments = called(node).removeprefix("np."), [as_latex(a) for a in node.args]
    if called(node) in WITHOUT_A_TRACE:
        return as_latex(node.args[0], above)
    if name in ("sum", "mean"):
        axis = plain_axis(about(node).get("axis", "")) or (
            plain_axis(ast.unparse(node.args[1])) if node.args[1:] else ""
        )
        under = rf"_{{\text{{axis }}{axis}}}" if axis and axis != "None" else ""
        sign = r"\sum" if name == "sum" else r"\operatorname{mean}"
        return rf"{sign}{under} {as_latex(node.args[0], 2)}"
    if name == "where" and len(arguments) == 3:
        cases = rf"{arguments[1]} & {bare(node.args[0])} \\ {arguments[2]} & \text{{else}}"
        return rf"\begin{{cases}} {cases} \end{{cases}}"
    if name == "exp":
        return f"e^{{{arguments[0]}}}"
    if name == "sqrt":
        return rf"\sqrt{{{arguments[0]}}}"
    if name in ("log", "sin", "cos", "tanh", "sinh", "cosh", "max", "min"):
        return rf"\{name}\left({', '.join(arguments)}\right)"
    return rf"\operatorname{{{escaped(name)}}}\left({', '.join(arguments)}\right)"


def bare(node: ast.AST) -> str:
    return (
        as_latex(node).removeprefix(r"\mathbf{1}[").removesuffix("]")
        if isinstance(node, ast.Compare)
        else as_latex(node)
    )


def symbol(name: str) -> str:
    """dW1 as dW^{[1]}, A_prev as A_{\\text{prev}}, lambda_ as \\lambda."""
    match = re.fullmatch(r"(d?)([A-Za-z]+?)_?(\d*)((?:_\w*)?)", name)
    if not match:
        return rf"\mathit{{{escaped(name)}}}"
    d, base, number, rest = match.groups()
    letter = "\\" + base if base in GREEK else base if len(base) == 1 else rf"\mathit{{{base}}}"
    if base in ("AL", "ZL"):
        letter, number = base[0], "L"
    under = rf"_{{\text{{{escaped(rest.strip('_'))}}}}}" if rest.strip("_") else ""
    return f"{d}{letter}{under}" + (f"^{{[{number}]}}" if number else "")


def escaped(words: Any) -> str:
    """Text for LaTeX: what means something there is kept from it."""
    special = {c: "\\" + c for c in "{}_%#&$"} | {"\\": r"\backslash{}", "^": r"\^{}", "~": r"\~{}"}
    return "".join(special.get(c, c) for c in str(words))
