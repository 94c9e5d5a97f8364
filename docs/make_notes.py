"""Write docs/notes.md: what the tool says by itself when the code of the course notes is run.

python docs/make_notes.py FOLDER, the folder that holds the five notes. They are not part of this project.
"""

import ast
import contextlib
import io
import re
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from tinygrad_dnn import (  # noqa: E402
    check,
    check_step,
    load,
)
from tinygrad_dnn.cli import main  # noqa: E402

HEAD = """# The mistakes in the course notes, and what the tool says

Written by `python docs/make_notes.py FOLDER` from the five notes' own code; a test compares it where the notes are at
hand. Each row runs the code of a document as it stands, or with the one change that its row names, and shows what the
tool says by itself. The numbers are those of the list of errata; what that list has besides is text, and no code runs.
"""


class Finding(NamedTuple):
    """A mistake by its number, what it is, whether the tool finds it, and what it says."""

    number: str
    what: str
    found: bool
    says: str


class Notes:
    """The functions of the five documents as text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts = {d: next(folder.glob(f"{d}_*.txt")).read_text() for d in ("000", "001", "002", "003", "004")}
        self.work = Path(tempfile.mkdtemp())
        self.count = 0

    def functions(self, document: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for source in re.findall(r"^def .*\n(?:(?:[ \t].*|#.*)?\n)+", self.texts[document] + "\n", re.MULTILINE):
            found.setdefault(re.match(r"def (\w+)", source)[1], source)  # type: ignore[index]
        return found

    def source(self, document: str, *more: str) -> str:
        """The functions of a document, and those of the second note that it uses and does not define."""
        own = self.functions(document)
        others = [source for name, source in self.functions("002").items() if name in more and name not in own]
        return "\n".join([*own.values(), *others])

    def file(self, text: str) -> Path:
        self.count += 1
        path = self.work / f"notes_{self.count}.py"
        path.write_text("import numpy as np\n" + text)
        return path

    def module(self, text: str) -> Any:
        return load(self.file(text))


ACTIVATIONS = ("sigmoid", "relu", "sigmoid_backward", "relu_backward")


def at_the_command_line(notes: Notes, text: str) -> str:
    """What tinygrad-dnn check says of a file, with the name of the function for the number of the line."""
    path = notes.file(text)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        main(["check", str(path), "--seed", "1"])
    said = out.getvalue()
    taken = "".join(f". {note}" for note in re.findall(r"^    (Taken for .*)\.$", said, re.MULTILINE))
    said = said.split("\n")[0].split(". It was called with")[0] + taken if said.startswith(str(path)) else said
    furthest = re.search(r"What came furthest raised (\w+) in line (\d+): (.*)$", said)
    if furthest:
        return f"in {function_at(path.read_text(), int(furthest[2]))}: {furthest[1]}: {furthest[3]}"
    match = re.match(rf"{re.escape(str(path))}:(\d+): (.*)", said, re.DOTALL)
    if not match:
        return of_report(said)
    with contextlib.suppress(SyntaxError):
        return f"in {function_at(path.read_text(), int(match[1]))}: {match[2].strip()}"
    return f"line {match[1]}: {match[2].strip()}"


def function_at(text: str, line: int) -> str:
    inside = [
        f
        for f in ast.walk(ast.parse(text))
        if isinstance(f, ast.FunctionDef) and f.lineno <= line <= (f.end_lineno or 0)
    ]
    return f"`{inside[-1].name}`" if inside else "the module"


def of_report(said: str) -> str:
    """The sentences of a printed report, without its table and the change it shows."""
    text = re.sub(r"\n    +", " ", said.split("\nFix:")[0]).replace(" Seed 1.", "")
    text = text[re.search(r"^\d+ gradients?:", text, re.MULTILINE).start() :]  # type: ignore[union-attr]
    lines = [line for line in text.split("\n") if line and not line.startswith(("Assumed", "Central differences"))]
    mistake = [line for line in lines if line.startswith("Mistake:")]
    return " ".join(lines[:1] + mistake if mistake else lines)


def report(cost: Any, gradients: Any, parameters: Any, suggest: bool = True) -> str:
    """The sentences of a report, and in which function the change stands."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = check(cost, gradients, parameters, suggest=suggest, seed=1)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    fix = f" The fix, run and verified, is in {function_at(found.fix.source, found.fix.line)}." if found.fix else ""
    return of_report(str(found)) + fix


def network(dims: list[int], X: Any, scale: float = 1.0) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    parameters = {}
    for l in range(1, len(dims)):
        parameters[f"W{l}"] = scale * rng.normal(size=(dims[l], dims[l - 1]))
        parameters[f"b{l}"] = np.zeros((dims[l], 1))
    return parameters


def deep(module: Any, X: Any, Y: Any) -> tuple[Any, Any]:
    def cost(p: Any) -> Any:
        return module.compute_cost(module.L_model_forward(X, p)[0], Y)

    def gradients(p: Any) -> Any:
        AL, caches = module.L_model_forward(X, p)
        return module.L_model_backward(AL, Y, caches)

    return cost, gradients


def findings(folder: Path) -> list[Finding]:
    notes, found = Notes(folder), list[Finding]()
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(5, 4)), np.array([[0.0, 1.0, 1.0, 0.0]])

    def row(number: str, what: str, says: str, sign: str | None) -> None:
        """sign: what the tool has to say if it finds the mistake; None where it is not found."""
        found.append(Finding(number, what, sign is not None and sign in says, says))

    # 000
    text = notes.source("000", "compute_cost")
    row(
        "X5",
        "000 uses relu and does not define it",
        at_the_command_line(notes, text),
        "nothing here defines it: sigmoid",
    )
    text = notes.source("000", "compute_cost", *ACTIVATIONS)
    row("0-1", "000: a target over three lines that is no tuple", at_the_command_line(notes, text), "KeyError: 'dA1'")
    joined = re.sub(r'(grads\["d[AW]" \+ str\(l( - 1)?\)\],) \n\s+', r"\1 ", text)
    row(
        "0-2", "000: a name that is an argument elsewhere (0-1 mended)", at_the_command_line(notes, joined), "NameError"
    )

    # 001
    module = notes.module(notes.source("001", *ACTIVATIONS))
    y = rng.integers(0, 4, size=(1, 5))
    Z, one_hot = rng.normal(size=(4, 5)), np.eye(4)[y[0]].T
    says = report(
        lambda p: module.cross_entropy(p["Z"], y), lambda p: {"dZ": module.delta_cross_entropy(p["Z"], y)}, {"Z": Z}
    )
    row("1-1, 1-2", "001: softmax without an axis, against its delta", says, "softmax_without_axis")
    both = lambda p: {"dZ": module.delta_cross_entropy_one_hot(p["Z"], one_hot)}
    says = report(lambda p: module.cross_entropy_one_hot(p["Z"], one_hot), both, {"Z": Z})
    row("1-1, 1-2", "001: the same with one-hot labels", says, "softmax_without_axis")
    says = report(lambda p: module.cross_entropy(p["Z"], y), both, {"Z": 1000 * Z})
    row("1-3", "001: softmax that overflows, at scores near 1000", says, "encountered in")
    floats = lambda p: {"dZ": module.delta_cross_entropy(p["Z"], y.astype(float))}
    row(
        "1-27",
        "001: labels that are no integers",
        report(lambda p: module.cross_entropy(p["Z"], y), floats, {"Z": Z}),
        "IndexError",
    )
    text = notes.functions("001")["propagate"]
    two = text + "\n" + notes.functions("002")["sigmoid"]
    row("1-4", "001: propagate with the sigmoid that returns a pair", at_the_command_line(notes, two), "TypeError")
    one = text + "\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"
    says = at_the_command_line(notes, one)
    row(
        "1-5",
        "001: db of shape (1,) for a number b, which changes no update",
        says,
        "b has shape (): the update is the same",
    )

    # 002
    own = notes.functions("002")
    text = "\n".join(source for name, source in own.items() if not name.endswith("_test_case"))
    module = notes.module(text)
    cost, gradients = deep(module, X, Y)
    shallow = text.replace(own["initialize_parameters_deep"], "")
    row("2-1", "002: a misspelt name in initialize_parameters", at_the_command_line(notes, shallow), "NameError")
    small = network([5, 4, 1], X)
    says = report(cost, gradients, small)
    row("X1, 2-3", "002: the gradients of A filed one number too high", says, "the numbers are one higher")
    row("X2", "all: dA and dZ are of the summed loss, dW and db of the mean", says, "as in the course")
    caches = rng.normal(size=(3, 4)), rng.normal(size=(2, 3)), rng.normal(size=(2, 1))
    step = str(check_step(module.linear_forward, module.linear_backward, *caches))
    row("2-4, 2-5", "002: caches that no forward pass made; each step by itself", of_report(step), "3 right")
    wrong = lambda p: module.compute_cost(module.linear_activation_forward(X, p["W1"], p["b1"], "tanh")[0], Y)
    says = report(wrong, gradients, network([5, 1], X))
    row("2-12", "002: an activation that is neither relu nor sigmoid", says, "UnboundLocalError")
    says = report(cost, gradients, network([5, 4, 1], X, 30.0))
    row("X8, X9", "002: a sigmoid of exactly 1 in the logarithm of the cost", says, "divide by zero encountered in log")
    overflowing = text + "\nparameters = {'W1': np.full((1, 2), 400.0), 'b1': np.zeros((1, 1))}\n"
    overflowing += "X = np.array([[1.0, -1.0, 0.001], [1.0, -1.0, -0.002]])\n"
    overflowing += "def cost(p): return np.sum(sigmoid(np.dot(p['W1'], X) + p['b1'])[0])\n"
    overflowing += "def gradients(p):\n    A, Z = sigmoid(np.dot(p['W1'], X) + p['b1'])\n"
    overflowing += "    dZ = sigmoid_backward(np.ones_like(A), Z)\n"
    overflowing += "    return {'dW1': np.dot(dZ, X.T), 'db1': np.sum(dZ, axis=1, keepdims=True)}\n"
    row(
        "X10",
        "002: exp that overflows below -709, where 0 is right",
        at_the_command_line(notes, overflowing),
        "overflow encountered in exp",
    )

    def updating(p: Any) -> Any:
        grads = gradients(p)
        module.update_parameters(p, grads, 0.1)
        return grads

    row(
        "X11",
        "all: update_parameters changes the caller's dict",
        report(cost, updating, small),
        "changes W1, b1, W2, b2",
    )
    dims = [5, 4, 4, 4, 1]
    halved = lambda p: gradients(p) | {"dW1": 0.5 * gradients(p)["dW1"]}
    says = report(cost, halved, network(dims, X, 0.01), suggest=False)
    row(
        "X12",
        "002: gradients of size 1e-7 from weights of size 0.01, one of them halved",
        says,
        "dW1: is 0.5 times the right one",
    )
    zero = X * (np.arange(4) > 0)
    says = report(*deep(module, zero, Y), small)
    row("X13", "002: an example of zeros, at the kink of the ReLU", says, "6 right")

    # 003
    back = notes.module(notes.source("003"))
    labels = np.array([0, 1, 2, 1])
    columns = np.eye(3)[labels].T
    parameters = network([5, 4, 3], X)

    def forward(p: Any, leak: float) -> tuple[Any, Any]:
        Z1 = p["W1"] @ X + p["b1"]
        A1 = np.where(Z1 > 0, Z1, leak * Z1)
        Z2 = p["W2"] @ A1 + p["b2"]
        E = np.exp(Z2)
        return E / np.sum(E, axis=0), [((X, p["W1"], p["b1"]), Z1), ((A1, p["W2"], p["b2"]), Z2)]

    def softmax_cost(leak: float) -> Callable[[Any], Any]:
        return lambda p: -np.sum(columns * np.log(forward(p, leak)[0])) / 4

    def backward(leak: float, Y: Any) -> Callable[[Any], Any]:
        return lambda p: back.L_Layer_Back_Prop(forward(p, leak)[0], Y, forward(p, leak)[1])

    says = report(softmax_cost(0.0), backward(0.0, columns), parameters)
    row("X4, 3-3", "003: a leaky slope behind the plain ReLU of 002", says, "leaky_slope_in_backward_only")
    says = report(softmax_cost(0.01), backward(0.01, columns), parameters)
    row("X4", "003: the same with a leaky forward pass, which is right", says, "right.")
    says = report(softmax_cost(0.01), backward(0.01, labels.reshape(1, 4).astype(float)), parameters)
    row("3-4", "003: labels of shape (1, m), which broadcast without a word", says, "wrong")

    elementwise = notes.source("003").replace("dZ = gofZ - Y", "dZ = dA * gofZ * (1 - gofZ)")
    other = notes.module(elementwise)
    text_formula = lambda p: other.L_Layer_Back_Prop(forward(p, 0.01)[0], columns, forward(p, 0.01)[1])
    says = report(softmax_cost(0.01), text_formula, parameters)
    row(
        "3-1",
        "003: what its text says of softmax, as if elementwise, put in the place of its code",
        says,
        "softmax_derivative_elementwise",
    )
    far = parameters | {"W2": 400 * parameters["W2"]}
    row(
        "3-5",
        "003: exp of scores near 1000",
        report(softmax_cost(0.01), backward(0.01, columns), far),
        "encountered in",
    )

    # 004
    blocks = re.search(r"^def L_model_backward.*?^return grads", notes.texts["004"], re.MULTILINE | re.DOTALL)
    assert blocks
    row("4-2", "004: the indentation is lost", at_the_command_line(notes, blocks[0]), "IndentationError")
    body = blocks[0].split("\n")
    loop = next(i for i, line in enumerate(body) if line.startswith("for "))
    last = len(body) - 1
    indented = [body[0]] + ["    " * (2 if loop < i < last else 1) + line for i, line in enumerate(body) if i > 0]
    mended = (
        "\n".join(indented)
        + "\n"
        + "\n".join(s for n, s in own.items() if n != "L_model_backward" and "test_case" not in n)
    )
    row(
        "4-1",
        "004: a dict that is never made (4-2 mended)",
        at_the_command_line(notes, mended),
        "NameError: name 'grads'",
    )
    stale = notes.module("grads = {'dW3': np.ones((1, 4)), 'db3': np.ones((1, 1))}\n" + mended)
    says = report(*deep(stale, X, Y), small)
    row(
        "4-1",
        "004: the same where a global dict of that name is left from before",
        says,
        "there is no parameter W3",
    )
    return found


NOT_FOUND = """
Not found, as no gradient depends on it, or as the tool looks past it on purpose:

- X7, 4-3: variables that are computed and never used.
- 1-6: an assertion that fails in single precision; the check runs in double, so it holds.
- 1-15: an initialisation for one layer that is never reached.
- 2-6: a test case whose labels are all 1; the check takes the user's own data as they are.
- 3-6: a quotient that no gradient uses; its warning is told.
- 3-11: integer Z; the parameters are made real numbers before anything runs.
- 1-26: integer division of Python 2.

Text and not code: X3, X6, 0-3 to 0-7, 1-7 to 1-14, 1-16 to 1-25, 2-2, 2-7 to 2-11, 2-13, 2-14, 3-2, 3-7 to 3-10,
3-12 to 3-14, 4-4 to 4-6.
"""


def page(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = findings(folder)
    lines = ["| errata | mistake | found | what it says |", "|---|---|---|---|"]
    for number, what, found, says in rows:
        text = says.replace("|", "\\|").replace("\n", " ")
        lines.append(f"| {number} | {what} | {'yes' if found else 'no'} | {text} |")
    return HEAD + "\n" + "\n".join(lines) + "\n" + NOT_FOUND


if __name__ == "__main__":
    (ROOT / "docs" / "notes.md").write_text(page(Path(sys.argv[1])))
