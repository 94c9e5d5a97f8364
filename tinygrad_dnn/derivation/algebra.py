"""A second proof of a formula, by computer algebra: that it and what was recorded are one function, entry by entry.

A variable that is computed entry by entry is written out by those it is computed from; what comes out of a product or a
sum is a symbol of its own, which stands for the same number on both sides.
"""

import ast
import contextlib
from typing import Any

from .writing import called, tree

ENTRYWISE = {"np.exp": "exp", "np.log": "log", "np.tanh": "tanh", "np.sqrt": "sqrt", "np.sin": "sin", "np.cos": "cos"}


class OpaqueError(Exception):
    """Something in a formula that is not computed entry by entry."""


class Algebra:
    """Formulas in SymPy. definitions: of variables, and of gradients as they were recorded; all as code."""

    def __init__(self, definitions: dict[str, str]) -> None:
        try:
            import sympy
        except ImportError as error:
            raise ImportError("proofs by algebra need SymPy: pip install 'tinygrad_dnn[algebra]'") from error
        self.sympy, self.definitions = sympy, definitions
        self.known: dict[str, Any] = {"m": sympy.Symbol("m", positive=True)}

    def same(self, left: str, right: str) -> bool:
        """Whether two formulas are equal whatever their symbols are; False also where it cannot be told."""
        try:
            difference = self.expression(tree(left)) - self.expression(tree(right))
        except OpaqueError:
            return False
        return bool(self.sympy.simplify(difference) == 0)

    def named(self, name: str) -> Any:
        if name not in self.known:
            self.known[name] = self.sympy.Symbol(name, real=True)
            if code := self.definitions.get(name):
                with contextlib.suppress(OpaqueError):  # it stays a symbol
                    self.known[name] = self.expression(tree(code))
        return self.known[name]

    def expression(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return self.sympy.nsimplify(node.value, rational=True)
        if isinstance(node, ast.Name):
            return self.named(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self.expression(node.operand)
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.MatMult):
            return self.operation(node)
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Gt):
            above = self.expression(node.left) > self.expression(node.comparators[0])
            return self.sympy.Piecewise((1, above), (0, True))
        if isinstance(node, ast.Call) and called(node) == "np.broadcast_to":
            return self.expression(node.args[0])
        if isinstance(node, ast.Call) and called(node) in ENTRYWISE and not node.keywords:
            return getattr(self.sympy, ENTRYWISE[called(node)])(self.expression(node.args[0]))
        if isinstance(node, ast.Call) and called(node) == "np.logaddexp" and not node.keywords:
            return self.sympy.log(sum(self.sympy.exp(self.expression(a)) for a in node.args))
        raise OpaqueError

    def operation(self, node: ast.BinOp) -> Any:
        left, right = self.expression(node.left), self.expression(node.right)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Div):
            return left / right
        if isinstance(node.op, ast.Pow):
            return left**right
        raise OpaqueError
