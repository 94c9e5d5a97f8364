"""A formula in code, written for reading as text."""

import ast
import re

WITHOUT_A_TRACE = {"np.broadcast_to", "np.expand_dims", "np.reshape", "np.squeeze"}  # only the shape is another
LONG = "(no short formula)"
PRIORITY = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.MatMult: 3, ast.Pow: 4}
SIGNS = {ast.Add: " + ", ast.Sub: " - ", ast.Mult: " * ", ast.Div: " / ", ast.MatMult: " ", ast.Pow: "^"}
COMPARED = {ast.Gt: ">", ast.Lt: "<", ast.GtE: ">=", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!="}


def tree(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


def called(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def about(node: ast.Call) -> dict[str, str]:
    """The axis and the like of a call, by name."""
    return {k.arg: ast.unparse(k.value) for k in node.keywords if k.arg}


def new_axis(node: ast.Call) -> str:
    """What stands in the brackets where np.expand_dims turns a row into a column: without it a row would be read."""
    axes = {"1": ":, None", "-1": "..., None"}
    return axes.get(ast.unparse(node.args[1]), "") if called(node) == "np.expand_dims" else ""


def text(code: str) -> str:
    """As the course's docstrings write it: dZ1 A0^T for dZ1 @ A0.T, sum(dZ1, axis=1) without keepdims."""
    return as_text(tree(code)) if code else LONG


def as_text(node: ast.AST, above: int = 0) -> str:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and ast.unparse(node.right) == "T":
        return f"{as_text(node.left, 5)}^(T)"  # a power, and no transpose
    if isinstance(node, ast.BinOp):
        own = PRIORITY.get(type(node.op), 3)
        right = own + isinstance(node.op, ast.Sub | ast.Div | ast.MatMult)
        written = (
            as_text(node.left, own + isinstance(node.op, ast.Pow))
            + SIGNS.get(type(node.op), " ? ")
            + as_text(node.right, right)
        )
        return f"({written})" if own < above else written
    if isinstance(node, ast.UnaryOp):
        inner = f"-{as_text(node.operand, 2)}"
        return f"({inner})" if above > 1 else inner
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return as_text(node.value, 5) + "^T"
    if isinstance(node, ast.Compare):
        sign = COMPARED.get(type(node.ops[0]), "?")
        return f"[{as_text(node.left)} {sign} {as_text(node.comparators[0])}]"
    if isinstance(node, ast.Call):
        name = called(node)
        if axis := new_axis(node):
            return f"{as_text(node.args[0], 5)}[{axis}]"
        if name in WITHOUT_A_TRACE:
            return as_text(node.args[0], above)
        shown = [as_text(a) for a in node.args]
        shown += [f"{k}={plain_axis(v)}" for k, v in about(node).items() if k != "keepdims"]
        return f"{name.removeprefix('np.')}({', '.join(shown)})"
    if isinstance(node, ast.Subscript):
        return f"{as_text(node.value, 5)}[{index(node)}]"
    return ast.unparse(node)


def index(node: ast.Subscript) -> str:
    """What stands in the brackets, :, 0 without brackets of its own."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return ", ".join(map(ast.unparse, parts)) or "()"


def plain_axis(written: str) -> str:
    """axis=(1,) as axis=1."""
    match = re.fullmatch(r"\((-?\d+),\)", written)
    return match[1] if match else written
