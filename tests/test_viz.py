"""Drawing: the graph as it is, the same text every time, names as text, and a picture with or without dot."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from numeric import calls_of

import viz
from tinygrad_dnn import Tensor, grad
from viz import label, render
from viz.text import number

pytest.importorskip("graphviz")
pygraphviz = pytest.importorskip("pygraphviz")

NETWORK = """
import numpy as np
import viz
from tinygrad_dnn import Tensor, grad
W, b, y = Tensor(np.eye(3), "W"), Tensor(np.zeros(3), "b"), np.array([0, 2, 1])
S = np.dot(np.ones((3, 3)), W) + b
E = np.exp(S - np.max(S, axis=1, keepdims=True))
J = -np.mean(np.log((E / np.sum(E, axis=1, keepdims=True))[range(3), y]))
J.backward()
print(viz.draw(J).source)
"""

HOSTILE = [
    "<script>alert(1)</script>",
    "<b>",
    "a|b",
    '"quotes"',
    "it's",
    r"\N",
    r"\L\G\n\\",
    "ends in a backslash\\",
    "two\nlines",
    "&lt;&amp;",
    "]]>",
    "-->",
    "{}",
    "x" * 10_000,
    "שלום",
    "\u202eevil",
    "\x00\x1b\ufffe\ud800",
    "  ",
]


def parse(drawing):
    """The DOT text as Graphviz reads it."""
    return pygraphviz.AGraph(string=drawing.source)


def texts(drawing):
    """What is written in the picture."""
    return [text for text in ET.fromstring(drawing.svg()).itertext() if text.strip()]


def labels(drawing):
    graph = parse(drawing)  # which must live as long as its nodes are read
    return [node.attr["label"] for node in graph.nodes()]


def square_of(name=None):
    x = Tensor(3.0, name)
    return x, x * x


@pytest.fixture
def no_dot(monkeypatch):
    monkeypatch.setenv("PATH", "")


@pytest.fixture
def no_renderer(monkeypatch, no_dot):
    monkeypatch.setitem(sys.modules, "pygraphviz", None)


# The graph


def test_the_same_graph_gives_the_same_text_in_two_processes(tmp_path):
    def source(seed):
        command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{NETWORK}"]
        return subprocess.run(command, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout

    first = source("1")
    assert first.startswith(b"digraph")
    assert first == source("2")


def test_nodes_are_numbered_over_this_graph_only():
    first = viz.draw(square_of()[1]).source
    assert viz.draw(square_of()[1]).source == first


def test_x_times_x_has_two_edges():
    assert parse(viz.draw(square_of()[1])).edges() == [("0", "1"), ("0", "1")]


def test_a_tensor_used_twice_is_one_node():
    x = Tensor(1.0)
    assert len(parse(viz.draw(np.exp(x) + np.log(x))).nodes()) == 4


def test_eighteen_doublings_are_nineteen_nodes():
    y = Tensor(1.0)
    for _ in range(18):
        y = y + y
    graph = parse(viz.draw(y))
    assert (len(graph.nodes()), len(graph.edges())) == (19, 36)


def test_the_work_of_drawing_grows_no_faster_than_the_graph():
    def work(length):
        y = Tensor(1.0)
        for _ in range(length):
            y = np.negative(y)
        return calls_of(lambda: viz.draw(y, fold="none"))

    assert work(4_000) < 11 * work(400), "ten times the operations"


def test_operands_whose_order_matters_are_numbered():
    a, b = Tensor(1.0), Tensor(2.0)
    source = viz.draw(b - a).source
    assert '1 -> 2 [label=" 1"' in source
    assert '0 -> 2 [label=" 2"' in source


def test_a_constant_is_a_dashed_node_of_its_own():
    x = Tensor(np.ones((2, 2)))
    graph = parse(viz.draw(np.dot(np.full((2, 2), 7), x) + 0.5))
    dashed = [str(node) for node in graph.nodes() if "dashed" in node.attr["style"]]
    assert dashed == ["1_1", "2_2"]
    assert graph.has_edge("1_1", "1")


def test_a_constant_used_twice_is_drawn_at_each_use():
    x, c = Tensor(np.ones(2)), np.ones(2)
    assert viz.draw((x * c) * c).source.count("dashed") == 4  # two nodes and their edges


def test_a_scalar_constant_is_its_number_alone():
    _, y = square_of()
    drawing = viz.draw(y * 0.25)
    assert texts(drawing).count("0.25") == 1
    assert "constant" not in drawing.source


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: np.sum(x, axis=1, keepdims=True), "sum axis=1 keepdims=True"),
        (lambda x: np.sum(x, 1), "sum axis=1"),
        (lambda x: np.sum(x), "sum"),
        (lambda x: np.reshape(x, (2, 6)), "reshape (2, 6)"),
        (lambda x: np.swapaxes(x, 0, -1), "swapaxes axis1=0 axis2=-1"),
        (lambda x: x.T, "transpose"),
        (lambda x: x.astype(np.float32), "cast float32"),
        (lambda x: x[[0, 2], range(2)], "indexing [[0, 2], range(2)]"),
        (lambda x: x[1:, ::2], "indexing [1:, ::2]"),
        (lambda x: x[..., None, 0], "indexing [..., None, 0]"),
        (lambda x: x[()], "indexing [()]"),
        (lambda x: x[-1], "indexing [-1]"),
        (lambda x: x[np.ones((3, 4), bool)], "indexing [bool(3, 4)]"),
    ],
)
def test_an_argument_that_is_no_data_stands_in_the_label_and_is_no_node(function, expected):
    drawing = viz.draw(function(Tensor(np.ones((3, 4)))))
    assert expected in texts(drawing)
    assert len(parse(drawing).nodes()) == 2


def test_a_condition_is_a_constant():
    x = Tensor(np.ones(2))
    assert {"True", "False"} <= {text.strip() for text in texts(viz.draw(np.where(np.array([True, False]), x, 0)))}


def test_parameter_operation_and_constant_differ_in_outline():
    x = Tensor(np.ones(2))
    graph = parse(viz.draw(x * np.ones(2)))
    outlines = {(node.attr["style"], node.attr["penwidth"]) for node in graph.nodes()}
    assert len(outlines) == 3


# Numbers


def test_a_gradient_is_not_computed_before_backward():
    _, y = square_of()
    assert texts(viz.draw(y)).count("gradient not computed") == 2


def test_a_gradient_is_drawn_after_backward():
    x, y = square_of()
    y.backward()
    drawing = viz.draw(y)
    assert "gradient not computed" not in texts(drawing)
    assert number(x.grad) in texts(drawing)


def test_a_gradient_of_another_output_is_not_drawn():
    x, y = square_of()
    y.backward()
    assert texts(viz.draw(np.exp(x))).count("gradient not computed") == 2


def test_a_large_array_is_its_shape():
    x = Tensor(np.full((30, 40), 0.125))
    drawing = viz.draw(np.exp(x))
    assert "0.125" not in drawing.source
    assert "parameter \xa0(30, 40)" in texts(drawing)
    assert "(30, 40)" in texts(drawing)


def test_values_false_leaves_out_the_numbers():
    x = Tensor(np.full((2, 2), 0.125), "x")
    assert "0.125" not in viz.draw(np.exp(x), values=False).source


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.12345, "0.123"),
        (-1.5, "−1.5"),
        (-0.0, "0"),
        (1.2e-5, "1.2e−5"),
        (-1.25e10, "−1.25e10"),
        (np.float32(0.1), "0.1"),
        (np.nan, "nan"),
        (-np.inf, "−inf"),
        (60000, "60000"),
        (1200.0, "1200"),
        (np.int64(-3), "−3"),
        (10**30, "1e30"),
        (True, "True"),
    ],
)
def test_a_number_has_three_digits_and_a_real_minus(value, expected):
    assert number(value) == expected


def test_nan_and_infinity_are_drawn():
    shown = {text.strip() for text in texts(viz.draw(Tensor([np.nan, np.inf, -np.inf])))}
    assert {"nan", "inf", "−inf"} <= shown


@pytest.mark.parametrize("shape", [(), (1,), (0,), (0, 3), (3, 0), (4, 4), (2, 2, 2), (0, 100)])
def test_every_shape_is_drawn_before_and_after_backward(shape):
    J = np.sum(np.exp(Tensor(np.ones(shape))))
    assert viz.draw(J).svg()
    J.backward()
    assert str(shape) in texts(viz.draw(J))


def test_a_precision_that_is_not_double_is_named():
    assert "(2,) float32" in texts(viz.draw(Tensor(np.ones(2, np.float32))))


# Names


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_is_text_and_nothing_else(name):
    _, y = square_of(name)
    drawing = viz.draw(y)
    assert len(parse(drawing).nodes()) == 2
    assert not [element for element in ET.fromstring(drawing.svg()).iter() if "script" in element.tag]


@pytest.mark.parametrize("name", ["<script>", "a|b", '"quotes"', "&lt;", "שלום"])
def test_a_name_is_shown_as_it_is(name):
    assert name in texts(viz.draw(Tensor(1.0, name)))


def test_a_backslash_in_a_name_is_no_escape_of_graphviz():
    shown = [text.replace(label.WORD_JOINER, "") for text in texts(viz.draw(Tensor(1.0, r"\N\G\\")))]
    assert r"\N\G\\" in shown


def test_a_newline_in_a_name_is_shown_as_such():
    shown = [text.replace(label.WORD_JOINER, "") for text in texts(viz.draw(Tensor(1.0, "two\nlines")))]
    assert r"two\nlines" in shown


def test_a_long_name_is_cut_and_the_cut_is_marked():
    longest = max(texts(viz.draw(Tensor(1.0, "x" * 10_000))), key=len)
    assert len(longest) < 100
    assert longest.endswith("…")


# Rendering


@pytest.mark.parametrize(
    ("ending", "beginning"),
    [(".svg", b"<?xml"), (".png", b"\x89PNG\r\n\x1a\n"), (".pdf", b"%PDF"), (".PNG", b"\x89PNG")],
)
def test_a_picture_is_written_without_dot(tmp_path, no_dot, ending, beginning):
    path = viz.draw(square_of()[1]).save(tmp_path / f"graph{ending}")
    assert path.read_bytes().startswith(beginning)


@pytest.mark.parametrize("ending", [".dot", ".gv"])
def test_dot_text_needs_no_renderer(tmp_path, no_renderer, ending):
    drawing = viz.draw(square_of("é")[1])
    assert drawing.save(str(tmp_path / f"graph{ending}")).read_text(encoding="utf-8") == drawing.source


def test_an_unknown_ending_is_refused_with_those_that_are_known(tmp_path):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.pdf, \.dot, \.gv"):
        viz.draw(square_of()[1]).save(tmp_path / "graph.jpg")


def test_without_a_renderer_the_error_names_both_installs(no_renderer):
    with pytest.raises(RuntimeError, match=r'pip install "tinygrad_dnn\[viz\]".*apt-get install graphviz'):
        viz.draw(square_of()[1]).svg()


def test_dot_is_preferred_where_it_is_on_the_path(monkeypatch):
    monkeypatch.setitem(render.RENDERERS, "dot", lambda source, form: b"<svg/>")
    assert viz.draw(square_of()[1]).svg() == "<svg/>"


def test_more_than_a_thousand_nodes_are_drawn_without_a_word(capfd, no_dot):
    y = Tensor(1.0)
    for _ in range(1001):
        y = np.negative(y)
    assert "<svg" in viz.draw(y, values=False).svg()
    assert "Warning: graph has" not in capfd.readouterr().err


def test_jupyter_gets_an_image(no_dot):
    bundle = viz.draw(square_of()[1])._repr_mimebundle_(include=None, exclude=None)
    assert '<img alt="' in bundle["text/html"]
    assert "data:image/svg+xml;base64," in bundle["text/html"]
    assert bundle["text/plain"]


def test_jupyter_gets_text_where_nothing_can_draw(no_renderer):
    drawing = viz.draw(square_of()[1])
    bundle = drawing._repr_mimebundle_()
    assert bundle.keys() == {"text/plain"}
    assert drawing.source in bundle["text/plain"]
    assert "pip install" in bundle["text/plain"]
    assert "apt-get install graphviz" in bundle["text/plain"]


def test_jupyter_gets_text_even_of_broken_dot():
    assert viz.Drawing("digraph {")._repr_mimebundle_().keys() == {"text/plain"}


def test_without_the_graphviz_package_draw_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(ImportError, match=r'pip install "tinygrad_dnn\[viz\]"'):
        viz.draw(square_of()[1])


def test_viz_can_be_imported_without_the_graphviz_package():
    program = "import sys; sys.path[:0] = {!r}; sys.modules['graphviz'] = sys.modules['pygraphviz'] = None; import viz"
    subprocess.run([sys.executable, "-c", program.format(sys.path)], check=True)


@pytest.mark.parametrize(
    ("cost", "message"),
    [
        (0.5, "a float came, a Tensor is expected: .*nothing was recorded; make the parameters Tensors"),
        (np.float64(1), "nothing was recorded"),
        (np.ones(3), "a ndarray came.*nothing was recorded"),
        (None, "a NoneType came"),
        ([1.0], "a list came"),
    ],
)
def test_what_is_no_tensor_is_refused(cost, message):
    with pytest.raises(TypeError, match=message):
        viz.draw(cost)


# Colours


@pytest.mark.parametrize("ink", [label.VALUE, label.GRADIENT_INK, label.INK, label.MUTED])
def test_letters_stand_out_from_the_paper(ink):
    def luminance(color):
        channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    assert (luminance(label.PAPER) + 0.05) / (luminance(ink) + 0.05) >= 4.5  # WCAG 2, level AA


# Names and folding

X, Y = np.random.default_rng(0).normal(size=(3, 5)), np.ones((1, 5))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def network(p):
    A = X
    for l in range(1, len(p) // 2 + 1):
        Z = np.dot(p[f"W{l}"], A) + p[f"b{l}"]
        A = sigmoid(Z)
    return np.mean((A - Y) ** 2)


def layers(count):
    rng = np.random.default_rng(1)
    sizes = [3] * count + [1]
    shapes = {f"W{l}": (sizes[l], sizes[l - 1]) for l in range(1, count + 1)} | {
        f"b{l}": (sizes[l], 1) for l in range(1, count + 1)
    }
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def titles(drawing):
    return set(re.findall(r"<B>(.*?)</B>", drawing.source))


def groups(drawing):
    """By layer, the titles in its frame."""
    found = re.findall(r"subgraph cluster_(\d+) \{(.*?)\n\t\}", drawing.source, re.DOTALL)
    return {layer: set(re.findall(r"<B>(.*?)</B>", text)) for layer, text in found}


def test_a_layer_holds_what_lies_between_its_variables():
    def normalised(p):
        Z1 = np.dot(p["W1"], X)
        mu = np.mean(Z1, axis=1, keepdims=True)
        A1 = p["gamma"] * (Z1 - mu)
        A2 = sigmoid(np.dot(p["W2"], A1))
        return np.mean((A2 - Y) ** 2)

    parameters = {"W1": np.ones((3, 3)), "gamma": np.ones((3, 1)), "W2": np.ones((1, 3))}
    assert groups(viz.draw(normalised, parameters, fold="calls")) == {
        "1": {"W1", "Z1", "mu", "gamma", "A1"},
        "2": {"W2", "S", "A2"},
    }


def test_a_number_by_chance_makes_no_layer():
    def twice_assigned(p):
        A1 = np.tanh(np.dot(p["W1"], X))
        scores = np.dot(p["W2"], A1)
        scores = scores - np.max(scores)
        L2 = np.sum(p["W1"] ** 2)
        return np.mean(np.exp(scores)) + L2

    drawing = viz.draw(twice_assigned, {"W1": np.ones((3, 3)), "W2": np.ones((2, 3))}, fold="calls")
    assert {"scores1", "scores2", "L2"} <= titles(drawing), "numbered because there are two"
    assert "scores1" not in groups(drawing).get("1", set()), "W2 made it"
    assert not any("L2" in group for group in groups(drawing).values())
    assert groups(viz.draw(lambda p: p["w1"] * p["x1"] + p["w2"], dict.fromkeys(("w1", "x1", "w2"), 1.0))) == {}


def test_a_function_is_drawn_in_the_names_of_its_code():
    drawing = viz.draw(network, layers(2), fold="calls")
    assert titles(drawing) == {"W1", "b1", "W2", "b2", "X", "Y", "Z1", "Z2", "A1", "A2", "J"}
    assert "sigmoid" in drawing.source, "the four operations of a call are one node"
    assert drawing.source.count("subgraph cluster_") == 2


def test_layers_fold_with_their_parameters_inside():
    drawing = viz.draw(network, layers(3), fold="layers")
    assert titles(drawing) == {"X", "Y", "layer 1", "layer 2", "layer 3", "J"}
    assert "with W2, b2" in drawing.source


def test_a_deep_network_folds_by_itself_until_it_can_be_read():
    counts = [len(parse(viz.draw(network, layers(depth))).nodes()) for depth in (2, 4, 12, 60)]
    assert all(count <= 60 for count in counts)
    assert len(parse(viz.draw(network, layers(12), fold="none")).nodes()) > 100


def test_what_repeats_is_one_node_that_says_how_often():
    def rnn(p):
        h = np.zeros((3, 2))
        for _ in range(70):
            h = np.tanh(np.dot(p["W"], h) + 0.1)
        return np.sum(h**2)

    drawing = viz.draw(rnn, {"W": np.eye(3)})
    assert "h × 70" in titles(drawing)


@pytest.mark.thorough
def test_a_chain_of_a_hundred_thousand_operations_folds():
    y = Tensor(1.0)
    for _ in range(100_000):
        y = y + 1.0
    assert "add × 100,000" in viz.draw(y).source


def test_a_folded_graph_has_no_circle():
    import graphlib

    for fold in ("none", "calls", "layers", "repeats"):
        edges = parse(viz.draw(network, layers(5), fold=fold)).edges()
        sorter = graphlib.TopologicalSorter()
        for source, target in edges:
            sorter.add(target, source)
        list(sorter.static_order())
        assert len(edges) > 4


def test_the_backward_pass_is_a_second_set_of_edges():
    plain, both = viz.draw(network, layers(1)), viz.draw(network, layers(1), backward=True)
    forward = [(a, b) for a, b in parse(plain).edges() if "_" not in a]
    back = re.findall(r"(\w+) -> (\w+) \[.*dir=back", both.source)
    assert sorted(back) == sorted(forward), "one beside each edge that is not from a constant"
    assert len(parse(both).edges()) == len(parse(plain).edges()) + len(forward)


def gradient_titles(drawing):
    return {title for title in titles(drawing) if title.startswith("dJ")}


def test_the_backward_pass_is_a_graph_of_its_own():
    parameters = layers(2)
    drawing = viz.draw(network, parameters, backward="alone", fold="calls")
    gradients = {"dJ/dW1", "dJ/db1", "dJ/dW2", "dJ/db2", "dJ/dZ1", "dJ/dA1", "dJ/dZ2", "dJ/dA2", "dJ/dJ"}
    assert gradient_titles(drawing) == gradients
    graph = parse(drawing)
    ends = [n for n in graph.nodes() if n.attr["peripheries"] == "2"]
    assert len(ends) == 4, "the results are the gradients of the parameters"
    assert all(not graph.out_neighbors(n) for n in ends)


def test_the_numbers_of_a_drawn_backward_pass_are_the_gradients():
    def cost(p):
        z = p["w"] * p["x"] + p["b"]
        return (z - 1.0) ** 2

    drawing = viz.draw(cost, {"w": 2.0, "x": -3.0, "b": 0.5}, backward="alone")
    shown = {title: label for label in labels(drawing) for title in re.findall(r"<B>(dJ.*?)</B>", label)}
    assert "gradient" in shown["dJ/dw"]
    assert ">39<" in shown["dJ/dw"], "2 (z - 1) x = 2 * -6.5 * -3"
    assert ">−26<" in shown["dJ/dx"]
    assert ">−13<" in next(label for title, label in shown.items() if "dJ/db" in title), "and of z, whose is the same"
    two = next(label for label in labels(drawing) if "<B>multiply</B>" in label)
    assert "local" in two, "2 (z - 1) depends on no gradient"
    assert "gradient" not in two


def test_the_same_backward_pass_gives_the_same_text():
    assert (
        viz.draw(network, layers(2), backward="alone").source == viz.draw(network, layers(2), backward="alone").source
    )


def local_derivatives_of(cost, parameters, **options):
    """By source and target, what is written on an edge."""
    drawing = viz.draw(cost, parameters, local=True, **options)
    graph = parse(drawing)
    name = {n: re.findall(r"<B>(.*?)</B>", n.attr["label"]) for n in graph.nodes()}
    edges = re.findall(r"(\d+) -> (\d+) \[label=<[ \d]*&#160; ?<FONT.*?>(.*)</FONT>>", drawing.source)
    return [(name[a][0], name[b][0], text) for a, b, text in edges]


def test_local_derivatives_stand_on_the_edges():
    said = local_derivatives_of(network, layers(2), fold="calls")
    assert ("W1", "Z1", "· Xᵀ") in said
    assert ("A1", "Z2", "W2ᵀ ·") in said
    assert ("b1", "Z1", "sum(·, axis=1)") in said
    assert ("Z1", "A1", "× (A1 * (1 − A1))") in said


def test_a_local_derivative_of_numbers_has_its_value():
    said = local_derivatives_of(lambda p: p["x"] * p["y"], {"x": 3.0, "y": -2.0})
    assert sorted(said) == [("x", "J", "× y = −2"), ("y", "J", "× x = 3")]


def test_each_of_two_edges_has_its_own_local_derivative():
    said = local_derivatives_of(lambda p: p["x"] * p["x"], {"x": 3.0})
    assert said == [("x", "J", "× x = 3")] * 2, "and not 2 x, which is their sum"


def test_the_products_of_local_derivatives_along_all_paths_add_up_to_the_gradient():
    def cost(p):
        a = np.tanh(p["x"] * 1.5)
        b = np.exp(-a) / (1 + a**2)
        return np.log(1 + b**3) - a

    def number(text):
        return float(text.split("= ")[-1].strip("× ()").replace("−", "-"))

    def gradient(said, source):
        return 1.0 if source == "J" else sum(number(t) * gradient(said, b) for a, b, t in said if a == source)

    for x in np.random.default_rng(5).normal(size=5):
        said = local_derivatives_of(cost, {"x": x})
        expected = grad(cost)({"x": x})["x"]
        assert gradient(said, "x") == pytest.approx(expected, rel=0.03), "the numbers have three digits"


RNG = np.random.default_rng(11)


@pytest.mark.parametrize(
    ("cost", "parameters", "edge", "said"),
    [
        (lambda p: p["c"] * 2.0, {"c": np.ones((1, 1))}, ("c", "J"), "× 2"),
        (lambda p: np.sum(p["A"], axis=1) @ np.ones(3), {"A": RNG.normal(size=(3, 3))}, ("A", "t1"), "·[:, None]"),
        (lambda p: np.sum(np.tanh(p["DOT"] @ p["B"])), {"DOT": np.eye(2), "B": np.eye(2)}, ("B", "Z"), "DOTᵀ ·"),
        (lambda p: np.sum(p["T3"] @ p["h"]), {"T3": RNG.normal(size=(2, 3, 3)), "h": np.ones(3)}, ("T3", "Z"),
         "·[..., None] * h"),
        (lambda p: p["x"] ** 2.5, {"x": 2.0}, ("x", "J"), "× (2.5 * x^1.5) = 7.07"),
        (lambda p: np.sum(p["v"][1:] ** 2), {"v": np.ones(3)}, ("v", "t1"), "· at [1:], else 0"),
        (lambda p: np.sum(np.reshape(p["v"], (2, 2)) ** 2), {"v": np.ones(4)}, ("v", "t1"), "…"),
        (lambda p: np.sum((p["w"] / 5) ** 2), {"w": np.ones(5)}, ("w", "t1"), "× (1 / 5)"),
    ],
)  # fmt: skip
def test_what_stands_on_an_edge_reads_as_it_is_meant(cost, parameters, edge, said):
    assert (*edge, said) in local_derivatives_of(cost, parameters)


def test_the_parts_of_a_sum_keep_the_gradient_that_comes_in():
    def cost(p):
        y = (p["a"] + p["b"]) * p["c"]
        return np.sum(y**2)

    said = local_derivatives_of(cost, {k: RNG.normal(size=3) for k in "abc"}, fold="calls")
    assert {("a", "y", "× c"), ("b", "y", "× c"), ("c", "y", "× (a + b)"), ("y", "J", "× (2 * y)")} <= set(said)


@pytest.mark.parametrize("fold", ["none", "calls", "layers"])
def test_a_node_ends_where_another_uses_what_is_in_it(fold):
    def cost(p):
        a = [p["x"] * 2.0]
        b = a[0] ** 2
        a.append(np.sin(a[0]))
        return a[1] * b + a[0]

    def gradient(source):
        return 1.0 if source == "J" else sum(
            float(t.split("= ")[-1].strip("× ()").replace("−", "-")) * gradient(b) for a, b, t in said if a == source
        )  # fmt: skip

    said = local_derivatives_of(cost, {"x": 1.3}, fold=fold)
    assert gradient("x") == pytest.approx(grad(cost)({"x": 1.3})["x"], rel=0.02)


def test_of_several_entries_there_is_no_backward_pass_to_draw():
    with pytest.raises(ValueError, match=r"J has shape \(2,\); the backward pass of a cost"):
        viz.draw(lambda p: p["x"] * 2, {"x": np.ones(2)}, backward="alone")


def test_a_gradient_that_is_where_it_starts_is_a_result_too():
    drawing = viz.draw(lambda p: p["x"] * p["y"] + p["z"], dict.fromkeys("xyz", 2.0), backward="alone")
    assert any("dJ/dz" in title for title in titles(drawing))
    assert drawing.source.count("peripheries=2") == 3
    assert (
        viz.draw(lambda p: p["x"] + p["y"], {"x": 1.0, "y": 2.0}, backward="alone").source.count("peripheries=2") == 1
    )


def test_two_tables_of_one_name_are_two_nodes_and_a_mask_is_no_table():
    def cost(p):
        J = 0.0
        for X in (np.ones((2, 2)), 2 * np.ones((2, 2)) + np.eye(2)):
            J = J + np.sum(p["W"] * X)
        return J

    graph = parse(viz.draw(cost, {"W": np.eye(2)}, fold="repeats"))
    assert sum("<B>X</B>" in n.attr["label"] for n in graph.nodes()) == 2
    Y = np.array([1.0, 0.0, 1.0])
    drawing = viz.draw(lambda p: np.sum(np.where(Y > 0, p["x"], 0.0) * Y), {"x": np.ones(3)})
    assert {"mask", "Y"} <= titles(drawing)


def test_a_wrong_backward_is_refused():
    with pytest.raises(ValueError, match="backward is 'some'; expected is True, False, or 'alone'"):
        viz.draw(network, layers(1), backward="some")
    with pytest.raises(ValueError, match="local derivatives are those of the forward graph"):
        viz.draw(network, layers(1), backward="alone", local=True)


def test_an_unknown_fold_is_refused():
    with pytest.raises(ValueError, match="fold is 'some'; expected is 'auto', 'none', 'calls', 'layers', 'repeats'"):
        viz.draw(network, layers(1), fold="some")


def test_numbers_of_variables_are_no_layers_where_no_parameter_has_them():
    def over_time(p):
        h = np.zeros((3, 2))
        for _ in range(40):
            h = np.tanh(np.dot(p["W"], h) + 0.1)
        return np.sum(h**2)

    drawing = viz.draw(over_time, {"W": np.eye(3)})
    assert "layer" not in drawing.source
    assert "h × 40" in titles(drawing)


def test_names_for_every_tensor_are_made_in_linear_time():
    def work(length):
        y = Tensor(1.0)
        for _ in range(length):
            y = np.negative(y)
        return calls_of(lambda: viz.draw(y, backward="alone"))

    assert work(2_000) < 11 * work(200)


def test_a_function_that_is_drawn_has_its_gradients_in_its_nodes():
    drawing = viz.draw(lambda p: np.sum((3 * p["w"]) ** 2), {"w": 2.0}, fold="none")
    assert "gradient not computed" not in texts(drawing)
    assert "36" in texts(drawing)  # d/dw of 9 w^2
