"""A formula in code, typeset: one walk over it, and two forms to write it in, LaTeX and MathML."""

import ast
import re
from html import escape
from typing import NamedTuple, Protocol

from .writing import COMPARED, LONG, PRIORITY, WITHOUT_A_TRACE, about, called, index, new_axis, plain_axis, tree

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "lambda": "λ",
    "mu": "μ", "sigma": "σ", "tau": "τ", "phi": "φ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
KNOWN = ("log", "sin", "cos", "tanh", "sinh", "cosh", "max", "min")  # functions that have a command in LaTeX


class Symbol(NamedTuple):
    """dW1_prev as d, W, prev, 1."""

    d: str
    base: str
    under: str
    number: str


def parts_of(name: str) -> Symbol:
    """A variable's name, taken apart: dW1 is d, W and 1; lambda_ is lambda."""
    plain = name.rstrip("_")
    marks = "" if {plain, plain[1:]} & GREEK.keys() else name[len(plain) :]  # m_ is not m
    match = re.fullmatch(r"(d?)([^\W\d_]+?)_?(\d*)((?:_\w*)?)", name)
    if not match:
        return Symbol("", name, "", "")
    d, base, number, rest = match.groups()
    if base in ("c", "t") and number and not rest:  # the names that are given to what has none
        return Symbol(d, base, number, "")
    if number and ((len(base) > 3 and base not in GREEK) or len(rest.strip("_")) > 5):
        return Symbol(d, f"{base}{number}{rest.rstrip('_')}", "", "")  # bndiff2, L2_regularization_cost: words
    if base in ("AL", "ZL"):
        base, number = base[0], "L"
    if rest.strip("_") and len(base) > 1 and base not in GREEK:  # log_probs is one word
        base, rest = f"{base}_{number}{rest.strip('_')}" if number else base + rest.rstrip("_"), ""
        number = ""
    base = next((word for word, letter in GREEK.items() if letter == base), base)
    return Symbol(d, base, rest.strip("_") + "′" * len(marks), number)


class Form(Protocol):
    """What a formula is written in. Every method takes and gives what is already written."""

    def symbol(self, name: str, transposed: bool = False) -> str: ...
    def number(self, digits: str) -> str: ...
    def code(self, text: str) -> str: ...
    def row(self, *parts: str) -> str: ...
    def sign(self, character: str) -> str: ...
    def fenced(self, inner: str) -> str: ...
    def fraction(self, above: str, below: str) -> str: ...
    def power(self, base: str, exponent: str) -> str: ...
    def root(self, inner: str) -> str: ...
    def transposed(self, inner: str) -> str: ...
    def indicator(self, condition: str) -> str: ...
    def indexed(self, inner: str, index: str) -> str: ...
    def reduced(self, name: str, axis: str, inner: str) -> str: ...
    def function(self, name: str, arguments: list[str]) -> str: ...
    def cases(self, first: str, condition: str, other: str) -> str: ...


class Latex:
    """LaTeX, of amsmath."""

    def symbol(self, name: str, transposed: bool = False) -> str:
        """dW1 as dW^{[1]}, A_prev as A_{\\text{prev}}, lambda_ as \\lambda; the T stands beside the number."""
        d, base, under, number = parts_of(name)
        letter = f"\\{base}" if base in GREEK else base if len(base) == 1 else rf"\mathit{{{escaped(base)}}}"
        letter = letter if letter.isascii() else rf"\textit{{{escaped(base)}}}"
        primes = under.count("′")
        under = under.rstrip("′")
        low = "'" * primes + (rf"_{{\text{{{escaped(under)}}}}}" if under else "")
        high = f"[{number}]" * bool(number) + "T" * transposed
        return f"{d}{letter}{low}" + (f"^{{{high}}}" if high else "")

    def number(self, digits: str) -> str:
        match = re.fullmatch(r"([\d.]+)e([-+]?\d+)", digits)
        return rf"{match[1]} \cdot 10^{{{int(match[2])}}}" if match else digits

    def code(self, text: str) -> str:
        return rf"\texttt{{{escaped(text)}}}"

    def row(self, *parts: str) -> str:
        return "".join(parts)

    def sign(self, character: str) -> str:
        signs = {"⊙": r" \odot ", "·": r" \cdot ", "": r" \, ", "≥": r" \ge ", "≤": r" \le ", "≠": r" \ne "}
        return signs.get(character, f" {character} ")

    def fenced(self, inner: str) -> str:
        tall = any(part in inner for part in (r"\frac", r"\sum", r"\begin"))
        return rf"\left({inner}\right)" if tall else f"({inner})"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}"

    def root(self, inner: str) -> str:
        return rf"\sqrt{{{inner}}}"

    def transposed(self, inner: str) -> str:
        return f"{{{inner}}}^T"

    def indicator(self, condition: str) -> str:
        return rf"\mathbf{{1}}[{condition}]"

    def indexed(self, inner: str, index: str) -> str:
        return rf"{inner}[{self.code(index)}]"

    def reduced(self, name: str, axis: str, inner: str) -> str:
        under = rf"_{{\text{{axis }}{axis}}}" if axis else ""
        sign = {"sum": r"\sum", "prod": r"\prod", "max": r"\max", "min": r"\min"}.get(name, r"\operatorname{mean}")
        return rf"{sign}{under} {inner}"

    def function(self, name: str, arguments: list[str]) -> str:
        word = f"\\{name}" if name in KNOWN else rf"\operatorname{{{escaped(name)}}}"
        return word + self.fenced(", ".join(arguments))

    def cases(self, first: str, condition: str, other: str) -> str:
        return rf"\begin{{cases}} {first} & {condition} \\ {other} & \text{{else}} \end{{cases}}"


class MathML:
    """MathML Core: what browsers show by themselves. Every name is text in it."""

    def symbol(self, name: str, transposed: bool = False) -> str:
        d, base, under, number = parts_of(name)
        written = f"<mi>{escape(GREEK.get(base, base))}</mi>"
        above = ([f"{fence('[')}{figure(number)}{fence(']')}"] if number else []) + ["<mi>T</mi>"] * transposed
        low, high = f"<mtext>{escape(under)}</mtext>", f"<mrow>{''.join(above)}</mrow>"
        if under and above:
            written = f"<msubsup>{written}{low}{high}</msubsup>"
        elif under:
            written = f"<msub>{written}{low}</msub>"
        elif above:
            written = f"<msup>{written}{high}</msup>"
        return f"<mrow><mi>d</mi>{written}</mrow>" if d else written

    def number(self, digits: str) -> str:
        match = re.fullmatch(r"([\d.]+)e([-+]?\d+)", digits)
        if match:
            ten = f"<msup><mn>10</mn><mn>{int(match[2])}</mn></msup>".replace("-", "−")
            return f"<mrow><mn>{match[1]}</mn><mo>·</mo>{ten}</mrow>"
        return f"<mn>{escape(digits)}</mn>"

    def code(self, text: str) -> str:
        return f'<mtext class="code">{escape(text)}</mtext>'

    def row(self, *parts: str) -> str:
        return f"<mrow>{''.join(parts)}</mrow>" if len(parts) > 1 else parts[0]

    def sign(self, character: str) -> str:
        return (
            '<mspace width="0.17em"/>' if not character else f"<mo>{escape({'-': '−'}.get(character, character))}</mo>"
        )

    def fenced(self, inner: str) -> str:
        tall = any(part in inner for part in ("<mfrac", "<munder", "<mtable"))
        left, right = ("<mo>(</mo>", "<mo>)</mo>") if tall else (fence("("), fence(")"))
        return f"<mrow>{left}{inner}{right}</mrow>"

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac>{above}{below}</mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup>{base}{exponent}</msup>"

    def root(self, inner: str) -> str:
        return f"<msqrt>{inner}</msqrt>"

    def transposed(self, inner: str) -> str:
        return f"<msup>{inner}<mi>T</mi></msup>"

    def indicator(self, condition: str) -> str:
        return f"<mrow><mn>𝟏</mn>{fence('[')}{condition}{fence(']')}</mrow>"

    def indexed(self, inner: str, index: str) -> str:
        return f"<mrow>{inner}{fence('[')}{self.code(index)}{fence(']')}</mrow>"

    def reduced(self, name: str, axis: str, inner: str) -> str:
        big = {"sum": "∑", "prod": "∏"}.get(name)
        sign = f'<mo movablelimits="false">{big}</mo>' if big else f"<mi>{escape(name)}</mi>"
        low = f"<munder>{sign}<mtext>axis {escape(axis)}</mtext></munder>" if axis else sign
        return f"<mrow>{low}{inner}</mrow>"

    def function(self, name: str, arguments: list[str]) -> str:
        return f"<mrow><mi>{escape(name)}</mi><mo>&#x2061;</mo>{self.fenced('<mo>,</mo>'.join(arguments))}</mrow>"

    def cases(self, first: str, condition: str, other: str) -> str:
        rows = [(first, f"<mtext>if </mtext>{condition}"), (other, "<mtext>else</mtext>")]
        table = "".join(f"<mtr><mtd>{a}</mtd><mtd>{b}</mtd></mtr>" for a, b in rows)
        return f'<mrow><mo fence="true">{{</mo><mtable class="cases">{table}</mtable></mrow>'


def fence(character: str) -> str:
    return f'<mo stretchy="false">{character}</mo>'


def figure(number: str) -> str:
    return f"<mn>{number}</mn>" if number.isdigit() else f"<mi>{number}</mi>"


LATEX, MATHML = Latex(), MathML()


def latex(code: str) -> str:
    """As LaTeX: dW^{[1]}, \\odot for what goes entry by entry, \\frac, sums over an axis."""
    return typeset(tree(code), LATEX) if code else rf"\text{{{LONG}}}"


def mathml(code: str) -> str:
    """The same as MathML, without the math element around it."""
    return typeset(tree(code), MATHML) if code else f"<mtext>{LONG}</mtext>"


def symbol(name: str) -> str:
    """A variable's name in LaTeX."""
    return LATEX.symbol(name)


def typeset(node: ast.AST, form: Form, above: int = 0) -> str:
    """A formula in a form; in brackets where what stands around it binds stronger than above."""
    if isinstance(node, ast.BinOp):
        return binary(node, form, above)
    if isinstance(node, ast.UnaryOp):
        inner = form.row(form.sign("-").lstrip(" ").rstrip(" "), typeset(node.operand, form, 2))
        return form.fenced(inner) if above > 1 else inner
    if isinstance(node, ast.Attribute) and node.attr == "T":
        if isinstance(node.value, ast.Name):
            return form.symbol(node.value.id, transposed=True)
        return form.transposed(typeset(node.value, form, 5))
    if isinstance(node, ast.Compare):
        return form.indicator(compared(node, form))
    if isinstance(node, ast.Call):
        return function(node, form, above)
    if isinstance(node, ast.Name):
        return form.symbol(node.id)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return form.number(f"{node.value:.6g}" if type(node.value) is float else str(node.value))
    if isinstance(node, ast.Subscript):
        return form.indexed(typeset(node.value, form, 5), index(node))
    return form.code(ast.unparse(node))


def compared(node: ast.Compare, form: Form) -> str:
    sign = COMPARED.get(type(node.ops[0]), "?")
    sign = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}.get(sign, sign)
    return form.row(typeset(node.left, form), form.sign(sign), typeset(node.comparators[0], form))


def binary(node: ast.BinOp, form: Form, above: int) -> str:
    if isinstance(node.op, ast.Div):
        return form.fraction(typeset(node.left, form), typeset(node.right, form))
    if isinstance(node.op, ast.Pow):
        base = typeset(node.left, form)
        bare = isinstance(node.left, ast.Name) and not parts_of(node.left.id).number  # two numbers would stand above it
        if not (bare or isinstance(node.left, ast.Constant)):
            base = form.fenced(base)
        return form.power(base, typeset(node.right, form))
    own = PRIORITY.get(type(node.op), 3)
    sign = {ast.Add: "+", ast.Sub: "-", ast.MatMult: ""}.get(type(node.op), "")
    if isinstance(node.op, ast.Mult) and not (is_number(node.left) or is_number(node.right)):
        sign = "⊙"
    elif sign == "" and begins_with_number(node.right):  # 2 3 would be twenty-three
        sign = "·"
    left = typeset(node.left, form, own)
    if ends_open(node.left):  # or what comes after it would be summed as well
        left = form.fenced(typeset(node.left, form))
    right = typeset(node.right, form, own + isinstance(node.op, ast.Sub | ast.MatMult))
    written = form.row(left, form.sign(sign), right)
    return form.fenced(written) if own < above else written


REDUCED = ("np.sum", "np.mean", "np.prod", "np.max", "np.min")


def ends_open(node: ast.AST) -> bool:
    """Whether a formula ends in a sum or the like, which has no bracket at its end."""
    if isinstance(node, ast.Call):
        return called(node) in REDUCED or (called(node) in WITHOUT_A_TRACE and ends_open(node.args[0]))
    if isinstance(node, ast.UnaryOp):
        return ends_open(node.operand)
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.MatMult) and ends_open(node.right)


def begins_with_number(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and called(node) in WITHOUT_A_TRACE:
        return begins_with_number(node.args[0])
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Div):
        return begins_with_number(node.left)
    return isinstance(node, ast.Constant)


def is_number(node: ast.AST) -> bool:
    """Whether a factor is a number, so that no sign stands beside it."""
    if isinstance(node, ast.BinOp):
        return is_number(node.left) and is_number(node.right)
    if isinstance(node, ast.Call) and called(node) == "np.broadcast_to":
        return is_number(node.args[0])
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id == "m")


def function(node: ast.Call, form: Form, above: int) -> str:
    name, axis = called(node).removeprefix("np."), about(node).get("axis", "")
    if brackets := new_axis(node):
        return form.indexed(typeset(node.args[0], form, 5), brackets)
    if called(node) in WITHOUT_A_TRACE:
        return typeset(node.args[0], form, above)
    if name == "outer" and len(node.args) == 2:
        return binary(ast.BinOp(node.args[0], ast.MatMult(), ast.Attribute(node.args[1], "T", ast.Load())), form, above)
    arguments = [typeset(a, form) for a in node.args]
    if name in ("sum", "mean", "prod") or (name in ("max", "min") and (axis or len(arguments) == 1)):
        axis = plain_axis(axis or (ast.unparse(node.args[1]) if node.args[1:] else ""))
        written = form.reduced(name, "" if axis == "None" else axis, typeset(node.args[0], form, 2))
        return form.fenced(written) if above > 2 else written
    if name == "where" and len(arguments) == 3:
        condition = node.args[0]
        said = compared(condition, form) if isinstance(condition, ast.Compare) else arguments[0]
        return form.cases(arguments[1], said, arguments[2])
    if name == "exp":
        return form.power(form.symbol("e"), arguments[0])
    if name == "sqrt":
        return form.root(arguments[0])
    others = [form.code(f"{k}={plain_axis(v)}") for k, v in about(node).items() if k != "keepdims"]
    return form.function(name, arguments + others)


def escaped(words: object) -> str:
    """Text for LaTeX: what means something there is kept from it."""
    special = {c: "\\" + c for c in "{}_%#&$"} | {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}
    return "".join(special.get(c, c) for c in str(words))
