"""What to call somebody's functions with, by what their arguments are named after: data, labels, sizes, a penalty."""

import ast
import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

SEED = 1
KEPT = ("parameters", "cache", "output", "gradient", "rate", "rng")  # what is not given where there is a default
Values = dict[str, Any]  # by kind, or by a name that the file itself uses

KINDS = {
    "X": "X x inputs input X_train x_train X_batch x_batch data input_data input_array A0 features xb",
    "Y": "Y y t T target targets label labels y_true Y_true y_train Y_train y_batch t_batch onehot one_hot yb d",
    "parameters": "parameters params theta p P weights model theta_dict net network W_dict",
    "cache": "cache caches Cache memory mem stored saved info tape ctx intermediates forward_info state",
    "output": "AL A2 A3 A a2 a3 Y_hat y_hat yhat y_pred Y_pred output outputs out probs prob pred prediction "
    "predictions scores h P logits AL_ y_output A_out O",
    "reg": "reg lambd lam lambda_ l2 Lambda weight_decay reg_strength lmbda reg_lambda decay",
    "keep": "keep_prob keep p_keep keep_probability",
    "rate": "learning_rate lr eta alpha rate learningRate",
    "gradient": "dout grad output_gradient grad_output output_error dA dY dy grad_out delta gradient upstream error g "
    "dZ",
}
SIZES = {
    "sizes": "layer_dims sizes layers layer_sizes dims layers_dims architecture layer_dimensions topology units "
    "n_units",
    "hidden list": "hidden_dims hidden_sizes hidden_layers hidden_layer_sizes hidden_units",
    "features": "input_size n_in in_features input_dim n_x n_input n_inputs n_features num_features D D_in in_dim nin "
    "fan_in dim num_inputs input_nodes n_i inputs in_size "
    "n_visible n_pixels n_prev n_vars d",
    "hidden": "hidden_size n_h n_hidden H hidden_dim hidden num_hidden hidden_nodes n_hiddens nh h_size "
    "hidden1 hidden2 n_hidden1 n_hidden2 hidden_dim1 hidden_dim2 h n_hid",
    "classes": "output_size n_out out_features output_dim n_y n_output num_classes C D_out out_dim nout fan_out "
    "n_classes output_nodes num_outputs n_outputs O K n_o out_size n_digits n_labels k",
}
DATA_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}
KIND_OF = {name: kind for table in (KINDS, SIZES) for kind, names in table.items() for name in names.split()}
SIZE_OF = {name: kind for kind, names in SIZES.items() for name in names.split()} | {
    "features": "features", "hidden": "hidden", "classes": "classes", "outputs": "classes", "output": "classes",
    "input": "features", "out": "classes",
}  # fmt: skip


LABELS = re.compile(r"(^|_)y(_|$|\d)|label|target|^t_|classes|expected|desired|wanted")


def is_called_labels(name: str) -> bool:
    """Whether a variable holds labels, by its name."""
    return KIND_OF.get(name) == "Y" or bool(LABELS.search(name.lower()))


class Sizes(NamedTuple):
    """How large a model and its data are made; deep: the units of the hidden layers, where there may be several."""

    features: int
    hidden: int
    classes: int
    examples: int
    deep: tuple[int, ...]

    def says(self) -> str:
        return f"{self.features} features, {self.hidden} hidden units, {self.classes} classes, {self.examples} examples"


USUAL = Sizes(4, 5, 3, 7, (5, 3))
OTHERS = (  # no two alike, odd and even; many layers that are alike, and few; and all alike
    Sizes(3, 4, 5, 6, (4, 4, 4)), Sizes(6, 2, 4, 5, (3,)), Sizes(4, 4, 4, 4, (4, 4)),
)  # fmt: skip
ONE = Sizes(4, 5, 3, 1, (5, 3))  # one example, which not all code is for


class Layout(NamedTuple):
    """Data as a file may want it: rows or columns are the examples, and the labels are numbers, indices or one-hot.

    form: which of the ways to lay data out it is, whatever the sizes.
    """

    X: Any
    Y: Any
    says: str
    form: str


def layouts(features: int, outputs: int, rows: bool, examples: int = USUAL.examples) -> Iterator[Layout]:
    """The usual forms of data for a model of these sizes, those that are common first."""
    X = np.random.default_rng(SEED).normal(size=(examples, features))
    index = np.arange(examples) % max(outputs, 2)
    table = np.eye(outputs)[index] if outputs > 1 else index.reshape(-1, 1).astype(float)
    where = f"X is {examples} x {features} with examples as rows"
    if not rows:
        X, table, where = X.T, table.T, f"X is {features} x {examples} with examples as columns"
    column = index.reshape(-1, 1) if rows else index.reshape(1, -1)
    classes = max(outputs, 2)
    several, either = outputs > 1, rows or outputs > 1
    forms = [
        (True, "table", table, f"Y has {outputs} classes, one-hot" if several else "Y has 0 and 1"),
        (either, "indices", index, f"y holds the indices of {classes} classes"),
        (rows or not several, "numbers", index.astype(float), "y has 0 and 1"),
        (not several, "signs in a table", 2 * table - 1, "Y has -1 and 1"),
        (not several, "signs", np.where(index % 2, 1.0, -1.0), "y has -1 and 1"),
        (several, "indices in a table", column, f"Y holds the indices of {outputs} classes as a table"),
        (several, "from 1", index + 1, f"y holds the classes 1 to {outputs}"),
        (several, "from 1 in a table", column + 1, f"Y holds the classes 1 to {outputs} as a table"),
    ]
    for usable, form, Y, says in forms:
        if usable:
            yield Layout(X, Y, f"{where}, {says}", f"{'rows' if rows else 'columns'}, {form}, {several}")


def one_example(features: int, outputs: int) -> Iterator[Layout]:
    """A single example, as columns and as vectors; for code that takes one at a time.

    A single label is neither 0 nor 1: at either of them half of a cross-entropy is hidden, with the mistakes in it.
    """
    x = np.random.default_rng(SEED).normal(size=features)
    y = np.eye(outputs)[outputs // 2] if outputs > 1 else np.array([0.3])
    says = f"x is one example of {features} features"
    yield Layout(x.reshape(-1, 1), y.reshape(-1, 1), f"{says}, a column", "one column")
    yield Layout(x, y, f"{says}, a vector", "one vector")
    yield Layout(x.reshape(1, -1), y.reshape(1, -1), f"{says}, a row", "one row")
    if outputs > 1:
        yield Layout(x.reshape(-1, 1), 1, f"{says}, a column, and its class", "one column, indices")
        yield Layout(x, 1, f"{says}, a vector, and its class", "one vector, indices")


def images(axes: int, classes: int, examples: int) -> Iterator[Layout]:
    """Some images, or one where there are three axes, with channels first and last; small ones, and those of sets."""
    rng = np.random.default_rng(SEED)
    for side, channels in ((8, 1), (8, 3), (28, 1), (32, 3)):
        for shape in ((channels, side, side), (side, side, channels)):
            whole = (examples, *shape) if axes > 3 else shape
            says = f"the images are {' x '.join(map(str, whole))}"
            y = np.arange(examples) % classes if axes > 3 else np.array(1)
            X = rng.normal(size=whole)
            yield Layout(X, y if axes > 3 else 1, f"{says}, with their classes", f"images {shape}, indices")
            yield Layout(X, np.eye(classes)[y], f"{says}, with one-hot labels", f"images {shape}, table")


def sequences(classes: int) -> Iterator[Layout]:
    """Lists of whole numbers, of letters or words, and what comes after each."""
    x, y = [i % classes for i in (0, 3, 1, 1, 2)], [i % classes for i in (3, 1, 1, 2, 0)]
    yield Layout(x, y, f"inputs and targets are lists of {len(x)} numbers below {classes}", "sequence")


def vectors(examples: int) -> Layout:
    """A number for each example, and its label."""
    rng = np.random.default_rng(SEED)
    x, y = rng.normal(size=examples), rng.normal(size=examples)
    return Layout(x, y, f"x and y hold {examples} numbers", "vectors")


def speaks_of_many(functions: Iterable[Callable[..., Any]]) -> bool:
    """Whether functions sum over examples or count them: they name an axis, or a length of the data."""
    for node in (node for f in functions for node in ast.walk(tree_of(f))):
        if isinstance(node, ast.keyword) and node.arg in ("axis", "keepdims"):
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "len":
            counted = KIND_OF.get(ast.unparse(node.args[0]))
            if counted in ("X", "Y"):
                return True
    return False


def adds_up(functions: Iterable[Callable[..., Any]]) -> bool:
    """Whether functions sum over an axis, or divide by a number of something."""
    nodes = [node for f in functions for node in ast.walk(tree_of(f))]
    axes = any(isinstance(n, ast.keyword) and n.arg in ("axis", "keepdims") for n in nodes)
    return axes or any(isinstance(n, ast.BinOp | ast.AugAssign) and isinstance(n.op, ast.Div) for n in nodes)


@functools.lru_cache(maxsize=256)
def tree_of(f: Any) -> ast.AST:
    """The source of a function or a module as a tree, to be read only; an empty one where it is not at hand."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(f)))
    except (OSError, TypeError, SyntaxError):
        return ast.Module([], [])


def sizes_of(outputs: int, sizes: Sizes = USUAL) -> Values:
    """What a constructor is given."""
    hidden = [sizes.hidden] if sizes in (USUAL, ONE) else list(sizes.deep)
    return {
        "sizes": [sizes.features, *hidden, outputs], "hidden list": hidden, "features": sizes.features,
        "hidden": sizes.hidden, "classes": outputs, "reg": 0.7, "rate": 1.0, "keep": 0.8, "seed": 0,
        "rng": np.random.default_rng(SEED), "random_state": 0, "activation": np.tanh,
        "activation_prime": lambda z: 1 - np.tanh(z) ** 2,
    }  # fmt: skip


def by_place(unknown: list[str], outputs: int, sizes: Sizes, given: Values, last: str = "classes") -> Values:
    """Sizes for arguments with names of their own, by their order: what goes in, what lies between, what comes out.

    last: what the second of two is of.
    """
    known = {"features": sizes.features, "hidden": sizes.hidden, "classes": outputs}
    left = [value for kind, value in known.items() if kind not in given]
    if len(unknown) == 1 and len(left) == 3:
        return {unknown[0]: [sizes.features, *sizes.deep, outputs]}
    chosen = [left[0], known[last]] if len(unknown) == 2 and len(left) == 3 else left
    return dict(zip(unknown, chosen, strict=False)) if len(unknown) <= len(chosen) else {}


def generic(parameters: Mapping[str, Any]) -> Values:
    """Random parameters in the shapes of the given ones: zeros would hide mistakes, and so would a sigmoid of 30."""
    rng = np.random.default_rng(SEED)
    return {name: spread(np.shape(value)) * rng.normal(size=np.shape(value)) for name, value in parameters.items()}


def spread(shape: tuple[int, ...]) -> float:
    """How far random parameters of a shape lie apart: less where many are summed."""
    return 0.6 * min(1.0, 4 / float(max(shape, default=1)) ** 0.5) if shape and 0 not in shape else 0.6


def call(function: Callable[..., Any], values: Values, spare: str = "") -> Any:
    """The function called with what its arguments are named after; TypeError where one is not known.

    An argument with a default is given only if it is data, labels or a size. spare: a kind that one argument with a
    name nobody knows may be.
    """
    given: Values = {}
    signature, rest = inspect.signature(function).parameters.values(), unpacked(function)
    own = [p for p in signature if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    for parameter in (*own, *(inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in rest)):
        name, optional = parameter.name, parameter.default is not parameter.empty
        kind = KIND_OF.get(name, name)
        if kind not in values:  # inputs are a size of a layer, and elsewhere the data
            kind = DATA_OF.get(name, kind)
        if name in values and not (optional and (name == "rng" or isinstance(parameter.default, bool))):
            given[name] = values[name]
        elif kind in values and not (optional and (kind in KEPT or isinstance(parameter.default, bool))):
            given[name] = values[kind]
        elif not optional and spare in values:
            given[name], spare = values[spare], ""
        elif not optional:
            raise TypeError(f"{function.__name__}: nothing is known of its parameter {name}")
    if rest:
        return function(*(given[p.name] for p in own if p.name in given), *(given[name] for name in rest))
    return function(**given)


def unpacked(function: Callable[..., Any]) -> list[str]:
    """The names that a function gives to what it takes as *args: X, y, reg = args."""
    star = next((p.name for p in inspect.signature(function).parameters.values() if p.kind is p.VAR_POSITIONAL), "")
    for node in ast.walk(tree_of(function)) if star else ():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == star:
            parts = getattr(node.targets[0], "elts", [])
            if parts and all(isinstance(part, ast.Name) for part in parts):
                return [part.id for part in parts]
    return []


def apart(named: Values, function: Callable[..., Any], shadowing: bool = False) -> Values:
    """What a forward pass returned, by its names there, as a function sees it that is given some of it by name.

    A local variable may have the name of the data, x = relu(x). It is not what a function is given under this name,
    unless that takes the data under another: loss(y, t). shadowing: it is.
    """
    takes = [KIND_OF.get(name) for name in inspect.signature(function).parameters]
    data = [kind for kind in ("X", "Y") if takes.count(kind) < 2]
    return {n: v for n, v in named.items() if n and (shadowing or KIND_OF.get(n) not in data)}


def shadows(function: Callable[..., Any] | None) -> bool:
    """Whether something that a function returns has a name that data have."""
    return function is not None and any(KIND_OF.get(name) in ("X", "Y") for name in returned_names(function))


def returned_names(function: Callable[..., Any]) -> list[str]:
    """What the function calls the values that it returns, in their order; empty where it does not say.

    What it gives no name has that which calls of it in its file give, dx, dW = back(dout).
    """
    code = getattr(function, "__code__", None)
    return list(names_returned_by(code)) if code is not None else []


@functools.cache
def names_returned_by(code: CodeType) -> list[str]:
    tree = tree_of(code)
    returns = [n.value for n in ast.walk(tree) if isinstance(n, ast.Return) and n.value is not None]
    if not returns:
        return []
    parts = returns[-1].elts if isinstance(returns[-1], ast.Tuple | ast.List) else [returns[-1]]
    names = [part.id if isinstance(part, ast.Name) else "" for part in parts]
    if "" not in names or len(names) == 1:
        return names
    given = names_at_calls(code, len(names))
    return [own or (other if other not in names else "") for own, other in zip(names, given, strict=True)]


def names_at_calls(code: CodeType, count: int) -> list[str]:
    """What the calls in its file call what a function returns, where all of them say the same."""
    try:
        tree = whole_tree("".join(inspect.findsource(code)[0]))
    except (OSError, SyntaxError):
        return [""] * count
    found = set[tuple[str, ...]]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Tuple):
            called, parts = ast.unparse(node.value.func).rpartition(".")[2], node.targets[0].elts
            names = tuple(ast.unparse(part).strip("_") if isinstance(part, ast.Name) else "" for part in parts)
            if called == code.co_name and len(names) == count and all(n == "" or names.count(n) == 1 for n in names):
                found.add(names)
    return list(found.pop()) if len(found) == 1 else [""] * count


@functools.lru_cache(maxsize=8)
def whole_tree(text: str) -> ast.Module:
    return ast.parse(text)


def gradient_of(name: str, keys: list[str]) -> str | None:
    """The key under which somebody keeps the gradient of a parameter."""
    n = name.lower()
    short = {"weights": ["w", "weight"], "weight": ["w"], "bias": ["b"], "biases": ["b", "bias"]}.get(n, [])
    forms = "d{} {} grad_{} d_{} {}_grad {}_gradient {}_error dl_d{} dld{} dj_d{} djd{} g_{} g{} grad{} nabla_{} " \
            "delta_{} delta{} {}_delta dloss_d{} gradient_{} grads_{} {}_gradients {}grad {}_d del_{} del{} deriv_{} " \
            "partial_{} {}_der {}_deriv"  # fmt: skip
    if n in ("value", "data", "val"):  # of a parameter that is an object
        return next((key for key in keys if key.lower() in ("grad", "gradient", "g", "diff")), None)
    exactly = [form.format(name) for form in forms.split() if form.format(name) in keys]
    if exactly:  # A and a are two
        return exactly[0]
    for form in forms.split():
        for wanted in (n, *short):
            found = [key for key in keys if key.lower() == form.format(wanted)]
            if found:
                return found[0]
    return None
