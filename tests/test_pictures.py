"""Pictures by matplotlib: what is drawn is what was given, nothing is left out in silence, and names are text."""

import base64
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
from sampling import one_in

from tinygrad_dnn import Tensor, check
from tinygrad_dnn.judge.report import Report, Row

pytest.importorskip("matplotlib")
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from viz.charts import comparison, curves, gradients, network, step_sizes
from viz.charts.diagram import GAP, THINNEST, WIDEST
from viz.charts.labels import spread

RNG = np.random.default_rng(0)
HOSTILE = [
    "$a_b$",
    "$",
    "<img>",
    '"><script>',
    "x" * 200,
    "שלום",
    "مرحبا",
    "\u202eevil",
    "権重",
    "a\nb",
    "\x00\ud800",
    "",
]


def parameters(*sizes, rows=False):
    """The course's shapes, or those with an example in each row."""
    found = {}
    for l, (before, after) in enumerate(pairwise(sizes), start=1):
        W, b = RNG.normal(size=(after, before)), RNG.normal(size=(after, 1))
        found |= {f"W{l}": W.T if rows else W, f"b{l}": b.ravel() if rows else b}
    return found


def axes_of(picture):
    return picture.figure.axes[0]


def words(picture):
    """Everything that is written inside the axes."""
    return [text.get_text() for text in axes_of(picture).texts]


def legend_of(picture):
    return [text.get_text() for text in picture.figure.legends[0].get_texts()]


def weights(picture):
    """The lines of each layer."""
    return [c for c in axes_of(picture).collections if isinstance(c, LineCollection)]


def units(picture):
    """The circles of each column; those of the legend have no places."""
    return [c for c in axes_of(picture).collections if isinstance(c, PathCollection) and len(c.get_offsets())]


def columns(picture):
    return [len(column.get_offsets()) for column in units(picture)]


def lines(picture, least=2):
    """The drawn lines, without marks."""
    found = [line for line in axes_of(picture).lines if line.get_linestyle() != "None"]
    return [line for line in found if len(line.get_xdata()) >= least]


def marks(picture, marker):
    found = [line for line in axes_of(picture).lines if line.get_marker() == marker]
    return [(float(x), float(y)) for line in found for x, y in zip(*line.get_data(), strict=True)]


def boxes(picture):
    """Where each text is, in pixels."""
    canvas = FigureCanvasAgg(picture.figure)
    canvas.draw()
    return [Text.get_window_extent(t, canvas.get_renderer()) for t in axes_of(picture).texts if t.get_text()]


def overlapping(picture):
    found = boxes(picture)
    return sum(a.overlaps(b) for i, a in enumerate(found) for b in found[:i])


def outside(picture):
    """The texts that are cut off by the edge of the picture."""
    edge = picture.figure.bbox
    return [box for box in boxes(picture) if box.x0 < 0 or box.y0 < 0 or box.x1 > edge.x1 or box.y1 > edge.y1]


# Networks


def test_a_network_has_a_circle_for_each_unit_and_a_line_for_each_weight():
    picture = network(parameters(2, 4, 1))
    assert columns(picture) == [2, 4, 1]
    assert [len(layer.get_segments()) for layer in weights(picture)] == [8, 4]


def test_the_width_of_a_line_is_the_magnitude_of_its_weight_and_dashes_are_its_sign():
    (layer,) = weights(network({"W1": np.array([[2.0, -1.0], [0.5, 0.0]]), "b1": np.zeros((2, 1))}))
    drawn = {}
    for (start, end), width, style in zip(
        layer.get_segments(), layer.get_linewidths(), layer.get_linestyles(), strict=True
    ):
        drawn[end[1], start[1]] = width, bool(style[1])
    above, below = 0.5, -0.5  # the heights of two units
    assert drawn[above, above] == (WIDEST, False)
    assert drawn[above, below] == (WIDEST / 2, True)
    assert drawn[below, above] == (WIDEST / 4, False)
    assert drawn[below, below][0] == 0


@pytest.mark.parametrize(("large", "small"), [(1.0, 1e-9), (1e300, 1e-300)])
def test_a_small_weight_is_still_seen_and_paler(large, small):
    (layer,) = weights(network({"W": np.array([[large, small]])}))
    assert list(layer.get_linewidths()) == [THINNEST, WIDEST]
    assert np.mean(layer.get_colors()[0]) > np.mean(layer.get_colors()[1])


def test_the_fill_of_a_unit_is_its_bias_and_a_dashed_rim_a_negative_one():
    _, column = units(network({"W1": np.ones((3, 2)), "b1": np.array([[0.0], [0.5], [-1.0]])}))
    brightness = np.mean(column.get_facecolors()[:, :3], axis=1)
    assert brightness[0] == 1
    assert brightness[0] > brightness[1] > brightness[2]
    assert [bool(style[1]) for style in column.get_linestyles()] == [False, False, True]


def test_the_legend_has_the_signs_that_there_are():
    assert legend_of(network({"w": np.ones((2, 1)), "b": -0.5})) == ["weight 1", "bias −0.5"]
    assert legend_of(network({"W": -np.ones((2, 2))})) == ["weight −1", "bias 0, or none"]


def test_a_legend_of_weights_that_are_not_finite_has_no_numbers():
    assert legend_of(network({"W": np.full((2, 2), np.inf)})) == ["weight nan or inf", "bias 0, or none"]


def test_a_small_bias_is_not_drawn_as_none():
    _, column = units(network({"W": np.ones((3, 1)), "b": np.array([[1.0], [1e-9], [0.0]])}))
    brightness = np.mean(column.get_facecolors()[:, :3], axis=1)
    assert brightness[0] < brightness[1] < 0.9 < brightness[2] == 1


def test_the_words_say_how_the_weights_are_read_and_which_units_are_shown():
    square = {"W1": np.eye(2), "W2": np.eye(2)}
    assert "read as in W @ A." in network(square).alt
    assert "read as in A @ W." in network(square | {"b1": np.ones((1, 2))}).alt
    shown = "Of more than 5 units, the first 3 and the last 2 are shown, and the weights between those."
    assert shown in network(parameters(6, 5), limit=5).alt
    assert "shown" not in network(parameters(5, 5), limit=5).alt


def test_of_a_large_layer_the_first_and_the_last_units_are_shown():
    picture = network(parameters(784, 25, 10))
    assert columns(picture) == [12, 12, 10]
    assert [len(layer.get_segments()) for layer in weights(picture)] == [144, 120]
    assert "...\n772 more" in words(picture)
    assert {"x1", "x6", "x779", "x784"} <= set(words(picture))
    heights = units(picture)[0].get_offsets()[:, 1]
    assert np.min(np.diff(heights)) == -GAP - 1
    assert heights[0] == -heights[-1]


def test_only_the_weights_between_shown_units_count():
    W = np.full((1, 9), 1.0)
    W[0, 4] = 100.0  # between the units that are shown
    picture = network({"W": W}, limit=4)
    assert set(weights(picture)[0].get_linewidths()) == {WIDEST}
    assert "The largest weight is 100" in picture.alt


@pytest.mark.parametrize("rows", [False, True])
def test_the_orientation_is_the_one_in_which_the_shapes_chain(rows):
    assert columns(network(parameters(3, 5, 2, rows=rows))) == [3, 5, 2]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ({"W1": (4, 2), "W2": (2, 4)}, [2, 4, 2]),  # both chain: the course's
        ({"W1": (4, 2), "b1": (4,), "W2": (2, 4)}, [2, 4, 2]),  # only one way a bias for each unit
        ({"W1": (4, 2), "b1": (2,), "W2": (2, 4)}, [4, 2, 4]),
        ({"W": (4, 2)}, [2, 4]),
        ({"W": (4, 2), "b": (1, 2)}, [4, 2]),
        ({"w": (4, 1), "b": ()}, [4, 1]),  # the course's logistic regression
        ({"w": (4, 1)}, [4, 1]),
        ({"W": (4, 1)}, [1, 4]),
        ({"w": (4,), "b": ()}, [4, 1]),
    ],
)
def test_the_orientation_follows_from_the_shapes(shapes, expected):
    assert columns(network({name: RNG.normal(size=shape) for name, shape in shapes.items()})) == expected


@pytest.mark.parametrize(("shape", "course"), [((2, 1), True), ((2,), False), ((1, 2), False)])
def test_where_both_orientations_fit_the_biases_decide(shape, course):
    (layer,) = weights(network({"W": np.array([[1.0, 2.0], [0.0, 0.0]]), "b": np.ones(shape)}))
    ends = [segment[1 if course else 0][1] for segment in layer.get_segments()]
    assert ends[2:] == [0.5, 0.5]  # both weights that are not 0 are of the upper unit, or of the upper input


def test_names_of_inputs_decide_too_and_are_drawn():
    picture = network({"W": np.ones((2, 3))}, inputs=["cat", "dog"], outputs=list("abc"))
    assert columns(picture) == [2, 3]
    assert {"cat", "dog", "a", "b", "c"} <= set(words(picture))


def test_names_may_come_from_a_generator():
    assert {"cat", "dog", "a"} <= set(
        words(network({"W": np.ones((1, 2))}, inputs=iter(["cat", "dog"]), outputs=iter("a")))
    )
    assert words(curves([[2, 1], [3, 1]], labels=iter("ab"))) == ["a", "b"]


def test_what_is_masked_is_not_drawn():
    masked = np.ma.masked_array([1.0, 2.0, 1e9], [False, False, True])
    for costs in (masked, {"a": masked}):
        assert np.array_equal(lines(curves(costs))[0].get_ydata(), [1.0, 2.0, np.nan], equal_nan=True)
    assert "W holds nan or inf." in network({"W": masked}).alt
    assert "nan from step 0" in gradients([{"dW": masked}] * 2).alt


def test_tensors_are_drawn_as_their_values():
    plain = parameters(3, 2)
    picture = network({name: Tensor(value) for name, value in plain.items()})
    assert picture.render("png") == network(plain).render("png")


def test_a_weight_that_is_not_finite_is_seen_and_said():
    picture = network({"W1": np.array([[1.0, np.nan]]), "b1": np.array([[np.inf]])})
    assert sorted(weights(picture)[0].get_linewidths()) == [WIDEST, WIDEST]
    assert {"weight nan or inf", "bias nan or inf"} <= set(legend_of(picture))
    assert "W1 holds nan or inf." in picture.alt
    assert "b1 holds nan or inf." in picture.alt


@pytest.mark.parametrize("scale", [1e-5, 1.0, 12345.678])
def test_the_legend_is_inside_the_picture(scale):
    given = {name: scale * value for name, value in parameters(2, 4, 1).items()}
    given["W1"][:2] = 0.0, np.nan  # every kind of line and of unit has its entry
    given["b1"][:2] = [[0.0], [np.inf]]
    picture = network(given)
    canvas = FigureCanvasAgg(picture.figure)
    canvas.draw()
    box = picture.figure.legends[0].get_window_extent(canvas.get_renderer())
    width, height = canvas.get_width_height()
    assert 0 <= box.x0 < box.x1 <= width
    assert 0 <= box.y0 < box.y1 <= height


@pytest.mark.parametrize("sizes", [(2, 4, 1), (784, 25, 10), (12288, 20, 7, 5, 1), (1, 1), (3,) * 13])
def test_no_words_of_a_network_overlap(sizes):
    assert overlapping(network(parameters(*sizes))) == 0


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            {"W1": np.ones((3, 4)), "W2": np.ones((5, 6))},
            ValueError,
            r"W1 \(3, 4\), W2 \(5, 6\) do not chain; expected",
        ),
        ({"W1": np.ones((3, 4)), "b1": np.ones(5)}, ValueError, r"b1 \(5,\) do not chain.* a bias for each unit"),
        ({"W1": np.ones((3, 4)), "W3": np.ones((5, 3))}, ValueError, "W2 is missing, W1, W3 came"),
        ({"b1": np.ones(3)}, ValueError, "W1 is missing, b1 came"),
        ({}, ValueError, "W1 is missing, nothing came"),
        ({"W1": np.ones((3, 4)), "gamma1": np.ones(3)}, ValueError, "no place for 'gamma1'; .* leave the others out"),
        ({"W": np.ones((3, 4)), "W1": np.ones((3, 4))}, ValueError, "no place for 'W1'; .* each once"),
        ({"W" + "9" * 5000: np.ones((3, 4))}, ValueError, "no place for 'W99999999…99999999'"),
        ({"W1": np.ones((3, 4, 2))}, ValueError, r"W1 has shape \(3, 4, 2\); a matrix"),
        ({"W1": np.ones((3, 0))}, ValueError, r"W1 has shape \(3, 0\); a matrix"),
        ({"W1": np.ones((4, 2)), "b1": np.ones((2, 2))}, ValueError, r"b1 has shape \(2, 2\); a column"),
        ({"W1": "text"}, TypeError, "W1 is of type str; an array of real numbers is expected"),
        ({"W1": np.ones((1, 1)) * 1j}, TypeError, "W1 is an array of complex128; an array of real"),
        (np.ones((3, 4)), TypeError, r'a ndarray came; a dict of arrays is expected, \{"W1": W1'),
    ],
)
def test_wrong_parameters_say_what_is_expected(given, error, message):
    with pytest.raises(error, match=f"^network: .*{message}"):
        network(given)


@pytest.mark.parametrize("names", [["a"], "ab", 2, []])
def test_names_that_do_not_fit_are_refused(names):
    with pytest.raises(ValueError, match="2 inputs and 1 outputs have to be named, or none"):
        network({"W1": np.ones((1, 2)), "b1": np.ones((1, 1))}, inputs=names)


@pytest.mark.parametrize("limit", [1, 0, -3, 2.5, "all", None])
def test_a_limit_that_is_no_number_of_units_is_refused(limit):
    with pytest.raises(ValueError, match=r"limit is .*; a whole number of at least 2"):
        network(parameters(2, 1), limit=limit)


def test_a_picture_that_is_too_large_to_be_shown_is_refused():
    for large in (
        lambda: network({"W": np.ones((1, 2000))}, limit=2000),
        lambda: curves(np.ones((2000, 2))),
        lambda: comparison(report_of(*[("a", "right", 0.0)] * 2000)),
    ):
        with pytest.raises(ValueError, match=r"6 by \d+ inches, at most 200 are drawn; leave some of it out"):
            large()


# Costs


def test_a_curve_is_the_costs_given():
    picture = curves([0.7, 0.4, 0.2])
    (line,) = lines(picture)
    assert list(line.get_xdata()) == [0, 1, 2]
    assert list(line.get_ydata()) == [0.7, 0.4, 0.2]
    assert picture.alt == "The cost falls from 0.7 at step 0 to 0.2 at step 2."


@pytest.mark.parametrize(
    "costs",
    [(0.7, 0.4), np.array([0.7, 0.4]), [Tensor(0.7), np.array([[0.4]])], Tensor([0.7, 0.4]), iter([0.7, 0.4])],
)
def test_costs_may_be_numbers_arrays_and_tensors(costs):
    assert [list(line.get_ydata()) for line in lines(curves(costs))] == [[0.7, 0.4]]


@pytest.mark.parametrize(
    "costs", [[[2, 1], [3, 2, 1]], {"run 1": [2, 1], "run 2": (3, 2, 1)}, [np.array([2, 1]), [3, 2, 1]]]
)
def test_several_runs_have_their_names_at_their_ends_and_dashes_of_their_own(costs):
    picture = curves(costs)
    first, second = lines(picture)
    assert words(picture) == ["run 1", "run 2"]
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_color() != second.get_color()


def test_a_label_stands_at_the_end_of_its_line_or_beside_the_axes():
    picture = curves({"early": [1.0, 2.0] + [np.nan] * 9, "late": [3.0] * 9 + [np.nan] * 2, "all": [4.0] * 11})
    ends = {text.get_text().split("\n")[0]: (text.xy[0], text.xyann[0]) for text in axes_of(picture).texts}
    assert np.allclose(ends["early"], (0.2, 0.25))  # of the width: the cross, and right of it
    assert np.allclose(ends["late"], (0.9, 1.05))
    assert np.allclose(ends["all"], (1.0, 1.05))


def test_a_label_that_would_hide_a_line_stands_beside_the_axes():
    picture = curves({"early": [1.0, 2.0] + [np.nan] * 9, "late": [1.0, 3.0] * 5})
    (label,) = [text for text in axes_of(picture).texts if text.get_text().startswith("early")]
    assert label.xyann[0] > 1


@pytest.mark.parametrize("costs", [[3.0, 2.0, 1.0], [3.0]])
def test_steps_are_whole_numbers(costs):
    ticks = axes_of(curves(costs)).get_xticks()
    assert len(ticks) > 0
    assert np.array_equal(ticks, np.round(ticks))


def test_labels_name_the_runs():
    assert words(curves([[2, 1], [3, 1.5]], labels=["slow", "fast"])) == ["slow", "fast"]
    assert words(curves([2, 1], labels=["only"])) == ["only"]


def test_nan_leaves_a_gap_with_a_cross_and_a_note():
    picture = curves({"rate 1": [3.0, 2.0, np.nan, 1.0, 0.5]})
    assert np.isnan(lines(picture)[0].get_ydata()[2])
    assert marks(picture, "x") == [(2, 2.0)]  # as high as the line before it
    assert words(picture) == ["rate 1\nnan at step 2"]
    assert "nan at step 2" in picture.alt


def test_a_run_that_diverges_says_when():
    picture = curves([1.0, 10.0, np.inf, np.nan, np.nan])
    assert marks(picture, "x") == [(2, 10.0)]
    assert np.array_equal(np.isnan(lines(picture)[0].get_ydata()), [False, False, True, True, True])
    assert words(picture) == ["inf or nan from step 2"]


def test_costs_that_are_all_nan_are_drawn_as_such():
    picture = curves([np.nan] * 3)
    assert [x for x, _ in marks(picture, "x")] == [0]
    assert picture.alt == "The cost is nan from step 0."


def test_many_gaps_and_zeros_are_few_marks():
    gaps = curves(np.where(np.arange(1000) % 2, 1.0, np.nan))
    assert len(marks(gaps, "x")) == len(marks(gaps, "o")) == 500
    zeros = curves(np.where(np.arange(1000) % 2, 1.0, 0.0), log=True)
    assert words(zeros).count("0") == 1
    assert max(len(axes_of(picture).lines) for picture in (gaps, zeros)) < 8


def test_labels_that_say_what_is_left_out_are_inside_and_apart():
    picture = curves({f"run {i}": [float(i), np.nan, i, 0] for i in range(30)}, log=True)
    assert overlapping(picture) == 0
    picture = curves({f"run {i}": [float(i), np.nan, i] for i in range(30)})
    assert overlapping(picture) == 0
    assert outside(picture) == []


def test_a_run_that_ends_in_0_early_has_its_label_at_its_end():
    picture = curves({"a": [1.0, 0.0], "b": [1.0] * 11}, log=True)
    (label,) = [text for text in axes_of(picture).texts if text.get_text().startswith("a")]
    assert np.isclose(label.xy[0], 0.1)


def test_no_power_of_ten_stands_beside_the_0_of_a_log_axis():
    axes = axes_of(curves([1e-4, 0.0, 1.0], log=True))
    heights = [axes.transLimits.transform((0, np.log10(tick)))[1] for tick in axes.get_yticks()]
    assert 0.05 < min(heights) < max(heights) <= 1


def test_names_that_are_cut_to_the_same_text_are_numbered():
    picture = curves({f"the encoder, layer {i} of the model": [2.0, i] for i in range(2)})
    assert words(picture) == ["the encod…he model (1)", "the encod…he model (2)"]
    assert rows_of(comparison(report_of(*[(f"encoder, layer {i} of the model", "right", 0.0) for i in "ab"])))[1][
        0
    ] == ("encoder, …he model (2)")


def test_the_words_say_how_far_a_cost_went_between_its_ends():
    assert curves([1.0, 9.0, 0.5]).alt == "The cost falls from 1 at step 0 to 0.5 at step 2, between 0.5 and 9."


def test_a_number_between_two_gaps_is_a_dot():
    assert marks(curves([np.nan, 2.0, np.nan]), "o") == [(1, 2.0)]
    assert marks(curves([2.0]), "o") == [(0, 2.0)]


def test_on_a_log_axis_a_cost_of_0_is_at_the_bottom_and_one_below_a_cross():
    picture = curves({"a": [1.0, 0.0, 0.5], "b": [1.0, -1.0, 0.5]}, log=True)
    assert axes_of(picture).get_yscale() == "log"
    assert "0" in words(picture)
    assert {"a\n0 at step 1", "b\nbelow 0 at step 1"} <= set(words(picture))
    assert marks(picture, "x") == [(1, 1.0)]
    assert "0 at step 1" in words(curves([1.0, 0.0], log=True))


@pytest.mark.parametrize("costs", [[1e308, -1e308], [1e-320, 1.0], [5.0, 5.0], [0.0, 0.0], [1e300, 1.0], [-1.0]])
@pytest.mark.parametrize("log", one_in(2, [False, True]))
def test_extreme_costs_are_drawn(costs, log):
    assert curves(costs, log=log).render("png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("costs", "labels", "error", "message"),
    [
        (0.5, None, TypeError, r"a float came; a list of costs or a dict"),
        ("abc", None, TypeError, r"a str came; a list of costs"),
        (b"abc", None, TypeError, r"a bytes came; a list of costs"),
        ({0.5, 0.4}, None, TypeError, r"a set came; a list of costs"),
        ([[[1, 2], [3]], [1]], None, TypeError, "the costs of run 1 is of type list"),
        ([[[[1], [2, 3]], 1], [1]], None, TypeError, "the costs of run 1 is of type list"),
        (None, None, TypeError, r"a NoneType came"),
        ({}, None, ValueError, "nothing came; a list of costs"),
        ([], None, ValueError, r"costs has shape \(0,\); numbers are expected, one for each step"),
        ({"a": 3.0}, None, ValueError, r"the costs of a has shape \(\)"),
        ({"a": np.ones((2, 2))}, None, ValueError, r"the costs of a has shape \(2, 2\)"),
        ({"a": ["x"]}, None, TypeError, "the costs of a is of type list; an array of real numbers is expected"),
        ([1.0, 2.0], ["a", "b"], ValueError, "labels is .*; a list of 1, one for each run, is expected"),
        ([[1.0], [2.0, 3.0]], "ab", ValueError, "labels is ab; a list of 2"),
    ],
)
def test_wrong_costs_say_what_is_expected(costs, labels, error, message):
    with pytest.raises(error, match=f"^curves: .*{message}"):
        curves(costs, labels=labels)


# Sizes of gradients


def test_the_size_of_a_gradient_is_its_root_mean_square():
    picture = gradients([{"dW1": np.array([3.0, -4.0])}, {"dW1": np.array([0.6, 0.8])}])
    (line,) = lines(picture)
    assert np.allclose(line.get_ydata(), [np.sqrt(12.5), np.sqrt(0.5)])
    assert axes_of(picture).get_yscale() == "log"
    assert words(picture) == ["dW1"]


@pytest.mark.parametrize("scale", [1e-180, 1e180])
def test_the_squares_of_a_gradient_neither_underflow_nor_overflow(scale):
    (line,) = lines(gradients([{"dW": np.full(4, scale)}] * 2))
    assert np.allclose(line.get_ydata(), scale, rtol=1e-12, atol=0)


def test_layers_differ_in_depth_and_kinds_in_dashes():
    names = ["dW2", "db2", "dW1", "db1"]
    W2, b2, W1, b1 = lines(gradients([dict.fromkeys(names, 1.0)] * 3))
    assert W2.get_color() == b2.get_color()
    assert np.mean(to_rgb(W2.get_color())) < np.mean(to_rgb(W1.get_color()))
    assert W1.get_linestyle() == W2.get_linestyle() == "-"
    assert b1.get_linestyle() == b2.get_linestyle() == "--"


def test_gradients_of_one_layer_differ_in_depth():
    found = lines(gradients([{f"d{kind}{gate}": 1.0 for gate in "fico" for kind in "Wb"}] * 2))
    assert len({line.get_color() for line in found}) == 8


def test_a_zero_gradient_is_marked_at_the_bottom():
    picture = gradients([{"dW1": g, "dW2": 1.0} for g in (1.0, 0.1, 0.0, 0.0)])
    (zero,) = [line for line in axes_of(picture).lines if line.get_marker() == "v"]
    assert np.array_equal(np.isnan(zero.get_ydata()), [True, True, False, False])
    assert zero.get_transform().transform((0, 0.0))[1] == axes_of(picture).transAxes.transform((0, 0))[1]
    assert {"0", "dW1\n0 from step 2"} <= set(words(picture))
    assert "0 from step 2: dW1." in picture.alt


def test_gradients_that_end_in_0_together_have_one_label():
    picture = gradients([{f"dW{l}": g for l in range(1, 5)} for g in (1.0, 0.0, 0.0)])
    assert sorted(words(picture)) == ["0", "dW1, dW2, dW3, dW4\n0 from step 1"]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((1.0, 1e-7), ["vanishing: below 1e−6"]),
        ((1.0, 1e4), ["exploding: above 1e3"]),
        ((1e-7, 1e4), ["vanishing: below 1e−6", "exploding: above 1e3"]),
        ((1e-9, 1e-8), ["vanishing: below 1e−6"]),
        ((1e5, 1e6), ["exploding: above 1e3"]),
        ((1.0, 0.1), []),
        ((2e-6, 9e2), []),
    ],
)
def test_vanishing_and_exploding_gradients_are_shaded_with_words(sizes, expected):
    picture = gradients([{"dW1": g} for g in sizes])
    assert [word for word in words(picture) if word != "dW1"] == expected
    assert len(axes_of(picture).patches) == len(expected)
    low, high = axes_of(picture).get_ylim()
    assert low < min(sizes) <= max(sizes) < high


def test_no_ground_is_said_to_be_of_vanishing_gradients_where_none_is_drawn():
    picture = gradients([{"dW1": 1.0}, {"dW1": 1e-300}])
    assert words(picture) == ["dW1\nbeyond 1e±200 at step 1"]
    assert len(axes_of(picture).patches) == 0


def test_a_gradient_that_is_nan_has_a_cross_and_a_note():
    picture = gradients([{"dW1": np.ones(2)}, {"dW1": np.array([1.0, np.nan])}])
    assert marks(picture, "x") == [(1, 1.0)]
    assert words(picture) == ["dW1\nnan at step 1"]


def test_the_words_count_the_vanishing_gradients():
    picture = gradients([{"dW1": 1e-9, "dW2": 1e-3}] * 5)
    assert picture.alt == (
        "The sizes of 2 gradients over 5 steps. At the last step: 1e−9 (dW1) to 0.001 (dW2). "
        "1 of 2 are below 1e−6 (vanishing)."
    )


@pytest.mark.parametrize("count", [2, 12, 30])
def test_labels_at_line_ends_do_not_overlap(count):
    history = [{f"d{kind}{l}": 10.0 ** -(l % 3) for l in range(count) for kind in "Wb"}] * 3
    assert overlapping(gradients(history)) == 0


def test_labels_that_need_not_move_stay():
    assert np.allclose(spread([0.9, 0.1, 0.5], [0.1, 0.1, 0.1]), [0.9, 0.1, 0.5])


def test_labels_move_apart_both_ways_and_stay_inside():
    assert np.allclose(spread([0.5, 0.5], [0.1, 0.1]), [0.45, 0.55])
    assert np.allclose(spread([1.0, 1.0], [0.2, 0.2]), [0.7, 0.9])
    assert np.allclose(spread([0.0, 0.0], [0.2, 0.2]), [0.1, 0.3])


@pytest.mark.parametrize(
    ("history", "error", "message"),
    [
        ({"dW1": np.ones(2)}, TypeError, r"a dict came; a list with a dict of gradients for each step"),
        ([np.ones(2)], TypeError, "a list came; .*history.append"),
        ([], TypeError, "a list of nothing came; .*history.append"),
        ([{}], TypeError, "a list came; a list with a dict"),
        (3, TypeError, "a int came"),
        ([{"dW1": 1.0}, {"dW2": 1.0}], ValueError, "dW1 is in step 0 or in step 1, not in both; give it at every step"),
        ([{"dW1": 1.0}, {"dW1": 1.0, "dW2": 1.0}], ValueError, "dW2 is in step 0 or in step 1"),
        ([{1: 1.0, "1": 2.0}], ValueError, "two gradients are called 1; names that differ are expected"),
        ([{"dW1": np.ones((0, 3))}], ValueError, r"dW1 has shape \(0, 3\), and no entry; leave it out"),
        ([{"dW1": "x"}], TypeError, "dW1 is of type str; an array of real numbers is expected"),
    ],
)
def test_a_wrong_history_says_what_is_expected(history, error, message):
    with pytest.raises(error, match=f"^gradients: .*{message}"):
        gradients(history)


# Checks


def checked(scale):
    """The report on the README's gradients, one of them multiplied."""
    X, Y = np.array([[1.0, 2.0, -1.0], [0.5, -1.5, 2.0]]), np.array([[1, 0, 1]])
    forward = lambda p: 1 / (1 + np.exp(-(np.dot(p["w"].T, X) + p["b"])))
    cost = lambda p: -np.mean(Y * np.log(forward(p)) + (1 - Y) * np.log(1 - forward(p)))

    def by_hand(p):
        dZ = (forward(p) - Y) / Y.size
        return {"dw": scale * np.dot(X, dZ.T), "db": np.sum(dZ)}

    return check(cost, by_hand, {"w": np.array([[0.3], [-0.2]]), "b": 0.1}, suggest=False)


def report_of(*rows, recorded=True):
    return Report([Row(name, (1,), verdict, "", *errors) for name, verdict, *errors in rows], [], recorded)


def rows_of(picture):
    """What is written beside each row, from the top."""
    found = {}
    for text in axes_of(picture).texts:
        found.setdefault(text.xy[1], []).append(text.get_text())
    return [found[y] for y in sorted(found)]


def test_a_comparison_has_a_row_for_each_gradient_in_the_order_of_the_report():
    report = checked(2.0)
    picture = comparison(report)
    assert rows_of(picture) == [["db", "right"], ["dw", "WRONG"]]
    assert marks(picture, "o") == [(report["db"].by_hand, 0)]
    assert marks(picture, "X") == [(report["dw"].by_hand, 1)]
    assert marks(picture, "|") == [(report["db"].by_differences, 0), (report["dw"].by_differences, 1)]
    assert axes_of(picture).get_xscale() == "log"
    assert axes_of(picture).yaxis_inverted()
    assert picture.alt == "A check of 2 gradients: 1 right, 1 wrong. Wrong: dw (error 0.5)."


def test_a_right_report_has_no_wrong_mark():
    picture = comparison(checked(1.0))
    assert rows_of(picture) == [["db", "right"], ["dw", "right"]]
    assert marks(picture, "X") == []


def test_errors_of_0_or_not_known_or_not_finite_have_places_of_their_own():
    picture = comparison(
        report_of(("a", "right", 0.0, 1e-9), ("b", "unchecked", None, None), ("c", "wrong", np.inf, 0.0))
    )
    ticks = {
        label.get_text(): x
        for x, label in zip(axes_of(picture).get_xticks(), axes_of(picture).get_xticklabels(), strict=True)
    }
    assert marks(picture, "o") == [(ticks["0"], 0)]
    assert marks(picture, "D") == [(ticks["not\nknown"], 1)]
    assert marks(picture, "X") == [(ticks["not\nfinite"], 2)]
    assert [x for x, _ in marks(picture, "|")] == [1e-9, ticks["not\nknown"], ticks["0"]]
    assert ticks["not\nknown"] < ticks["0"] < 1e-16 < 1 < ticks["not\nfinite"]
    left, right = axes_of(picture).get_xlim()
    assert left < ticks["not\nknown"] < ticks["not\nfinite"] < right


def test_a_report_by_differences_alone_says_so():
    picture = comparison(report_of(("a", "right", 1e-9), recorded=False))
    assert legend_of(picture) == ["by hand vs differences"]
    assert marks(picture, "|") == []


def test_the_axis_has_a_place_only_for_what_was_compared():
    picture = comparison(report_of(("a", "right", 1e-9), recorded=False))
    assert "not\nknown" not in [label.get_text() for label in axes_of(picture).get_xticklabels()]


@pytest.mark.parametrize("error", [1e-300, 1e-30])
def test_an_error_too_small_for_the_axis_has_a_place_beside_it(error):
    picture = comparison(report_of(("a", "right", error, 1e-9), ("b", "right", 0.0, 1e-9)))
    ((tiny, _), (zero, _)) = marks(picture, "o")
    places = axes_of(picture).get_xticks(), [label.get_text() for label in axes_of(picture).get_xticklabels()]
    named = dict(zip(*places, strict=True))
    assert (named[tiny], named[zero]) == ("below\n1e−20", "0")
    assert axes_of(picture).get_xlim()[0] < zero < tiny < 1e-16


def test_the_words_name_what_was_not_checked():
    assert comparison(report_of(("a", "right", 0.0), ("b", "unchecked", None))).alt.endswith(
        "Unchecked: b (error not known)."
    )


def test_what_is_no_report_is_refused():
    with pytest.raises(TypeError, match=r"comparison: a str came; a Report is expected, comparison\(check"):
        comparison("right")
    with pytest.raises(ValueError, match="the report has no rows"):
        comparison(report_of())


# Step sizes


def by_step(picture):
    """The errors of one-sided and of central differences, by the step."""
    return [dict(zip(line.get_xdata(), line.get_ydata(), strict=True)) for line in lines(picture, least=20)]


def test_differences_are_best_near_the_root_and_the_cube_root_of_eps():
    picture = step_sizes(lambda x: np.sum(np.exp(x)), np.array([0.5, 1.0]))
    one_sided, central = by_step(picture)
    eps = np.finfo(float).eps
    # the errors are those of exp at 1 with rounding: within two decades of the best step
    assert 0.01 < min(one_sided, key=one_sided.get) / eps ** (1 / 2) < 100
    assert 0.01 < min(central, key=central.get) / eps ** (1 / 3) < 100
    assert min(central.values()) < min(one_sided.values()) / 10
    verticals = [line.get_xdata()[0] for line in lines(picture) if len(line.get_xdata()) == 2]
    assert np.allclose(verticals, [eps ** (1 / 2), eps ** (1 / 3)])
    assert set(words(picture)) == {"eps**(1/2) = 1.49e−8", "eps**(1/3) = 6.06e−6", "one-sided", "central"}


def test_the_errors_are_those_of_the_formulas():
    x, h = np.array([2.0]), 1.0
    one_sided, central = by_step(step_sizes(lambda x: np.sum(x**3), x))
    assert np.isclose(one_sided[h], abs((27 - 8) - 12) / 12)
    assert np.isclose(central[h], abs((27 - 1) / 2 - 12) / 12)


def test_the_entry_with_the_largest_derivative_is_taken_unless_one_is_given():
    f, x = lambda x: np.sum(x**2), np.array([[1.0, 2.0], [-5.0, 0.5]])
    assert "entry [1, 0] of x against the derivative −10" in step_sizes(f, x).alt
    assert "entry [0, 1] of x against the derivative 4" in step_sizes(f, x, entry=(0, 1)).alt
    assert "entry [-1, -1] of x against the derivative 1." in step_sizes(f, x, entry=[-1, -1]).alt


@pytest.mark.parametrize(("derivative", "entry"), [(np.array([2.0, 8.0]), None), (8.0, 1)])
def test_a_derivative_that_is_given_is_the_one_compared_with(derivative, entry):
    _, central = by_step(step_sizes(lambda x: np.sum(x**2), np.array([1.0, 2.0]), entry=entry, derivative=derivative))
    assert np.isclose(central[1.0], 0.5)  # 4 is right, 8 was given


def test_a_number_is_as_good_as_an_array():
    assert "entry [] of x against the derivative 12" in step_sizes(lambda x: x**3, 2.0).alt


def test_in_single_precision_the_steps_are_those_of_its_own_eps():
    picture = step_sizes(lambda x: np.sum(np.exp(x)), np.array([1.0], np.float32))
    assert "eps**(1/2) = 0.000345" in words(picture)


def test_an_error_of_0_and_a_step_out_of_the_domain_are_marked():
    picture = step_sizes(lambda x: np.sum(np.log(x)) + 0 * x[1], np.array([0.3, 5.0]))
    assert any("nan from h = " in word for word in words(picture))
    assert len(marks(picture, "x")) == 1
    exact = step_sizes(lambda x: np.sum(x**2), np.array([0.0]))
    assert "central\n0 from h = 1e−13" in words(exact)
    assert axes_of(exact).get_ylabel() == "error (the derivative is 0)"


@pytest.mark.parametrize("dtype", [int, np.float32, float])
def test_x_is_left_as_it_was(dtype):
    def f(x):
        x *= 2
        return np.sum(x**2)

    x = np.array([1, 2], dtype)
    picture = step_sizes(f, x, derivative=np.array([8.0, 16.0]))
    assert x.tolist() == [1, 2]
    assert min(by_step(picture)[1].values()) < 1e-6


def test_differences_that_are_never_finite_have_no_best_step():
    picture = step_sizes(lambda x: np.sum(x) * np.nan, np.ones(2), derivative=np.ones(2))
    assert picture.alt.endswith("The one-sided error is never finite. The central error is never finite.")


def test_an_entry_may_be_a_truth_value_as_in_python():
    assert "entry [1] of x" in step_sizes(lambda x: np.sum(x**2), np.ones(2), entry=True).alt


@pytest.mark.parametrize(
    ("x", "options", "error", "message"),
    [
        (np.ones((2, 2)), {"entry": 1}, ValueError, r"entry is 1, x has shape \(2, 2\); .* such as \(0, 0\)"),
        (np.ones(2), {"entry": 2}, ValueError, r"entry is 2, x has shape \(2,\)"),
        (np.ones(2), {"entry": "a"}, ValueError, r"entry is 'a', x has shape"),
        (np.ones(2), {"entry": slice(1)}, ValueError, r"entry is slice"),
        (np.ones(2), {"derivative": 3.0}, ValueError, r"derivative has shape \(\); that of x, \(2,\), is expected"),
        (np.ones(2), {"derivative": np.ones(3), "entry": 0}, ValueError, r"derivative has shape \(3,\)"),
        (np.ones(2), {"derivative": [np.nan, 1.0], "entry": 0}, ValueError, "the derivative is nan at entry 0"),
        (np.ones(0), {}, ValueError, r"x has shape \(0,\); at least one number"),
        ({"w": 1.0}, {}, TypeError, "x is of type dict; an array of real numbers is expected"),
    ],
)
def test_wrong_step_sizes_say_what_is_expected(x, options, error, message):
    with pytest.raises(error, match=f"^step_sizes: .*{message}"):
        step_sizes(lambda x: np.sum(x**2), x, **options)


def test_a_function_that_gives_no_number_is_refused():
    with pytest.raises(
        ValueError, match=r"f gives an array of shape \(2,\); one number is expected, such as its np.sum"
    ):
        step_sizes(lambda x: x**2, np.ones(2))


# Pictures

KINDS = {
    "network": lambda: network({"W1": np.arange(6.0).reshape(3, 2), "b1": -np.ones((3, 1))}),
    "curves": lambda: curves({"a": [2.0, 1.0], "b": [2.0, np.nan]}),
    "gradients": lambda: gradients([{"dW1": 1.0}, {"dW1": 0.0}]),
    "comparison": lambda: comparison(checked(2.0)),
    "step_sizes": lambda: step_sizes(lambda x: np.sum(x**2), np.ones(2)),
}


@pytest.mark.parametrize("kind", one_in(4, KINDS))
def test_a_picture_is_saved_in_the_form_of_its_ending(kind, tmp_path):
    picture = KINDS[kind]()
    for ending, head in ((".png", b"\x89PNG\r\n"), (".pdf", b"%PDF-"), (".SVG", b"<?xml")):
        path = picture.save(tmp_path / f"picture{ending}")
        assert path.read_bytes().startswith(head)
    assert ET.parse(tmp_path / "picture.SVG").getroot().tag.endswith("svg")
    assert path == tmp_path / "picture.SVG"


@pytest.mark.parametrize("kind", one_in(5, KINDS))
@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_the_same_picture_is_the_same_file(kind, form):
    assert KINDS[kind]().render(form) == KINDS[kind]().render(form)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "network"])
def test_a_chart_fills_its_figure(kind):
    picture = KINDS[kind]()
    canvas = FigureCanvasAgg(picture.figure)
    canvas.draw()
    drawn = np.any(np.asarray(canvas.buffer_rgba())[..., :3] < 255, axis=2)
    for along in (0, 1):
        inked = np.flatnonzero(np.any(drawn, axis=along)) / picture.figure.dpi
        assert inked[0] < 0.45  # inches
        assert inked[-1] > drawn.shape[1 - along] / picture.figure.dpi - 0.45


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_written_is_cut_off(kind):
    assert outside(KINDS[kind]()) == []


@pytest.mark.parametrize("name", ["picture.jpg", "picture", "picture.svg.txt"])
def test_an_unknown_ending_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match=r"known endings are \.svg, \.png, \.pdf"):
        KINDS["curves"]().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_shows_an_image_with_words():
    picture = curves({'<b>"&': [2.0, 1.0]})
    shown = picture._repr_mimebundle_()
    image = ET.fromstring(shown["text/html"].removesuffix(">") + "/>")
    assert image.attrib["alt"] == picture.alt == 'Costs: <b>"& falls from 2 at step 0 to 1 at step 1.'
    data = image.attrib["src"].removeprefix("data:image/png;base64,")
    assert data == shown["image/png"]
    assert base64.b64decode(data).startswith(b"\x89PNG")
    assert picture.alt in shown["text/plain"]


def test_what_a_notebook_shows_never_raises():
    picture = KINDS["curves"]()
    axes_of(picture).set_title("$\\frac{$")  # no formula: matplotlib cannot draw it
    shown = picture._repr_mimebundle_()
    assert list(shown) == ["text/plain"]
    assert picture.alt in shown["text/plain"]


@pytest.mark.parametrize("name", one_in(4, HOSTILE))
def test_hostile_names_are_text(name):
    pictures = [
        curves({name: [2.0, 1.0], "b": [1.0, 2.0]}),
        gradients([{name: 1.0, "dW1": 0.0}] * 2),
        comparison(report_of((name, "wrong", 1.0))),
        network({"W": np.ones((1, 2))}, inputs=[name, "b"], outputs=[name]),
    ]
    for picture in pictures:
        assert ET.fromstring(picture.render("svg")).tag.endswith("svg")
        assert list(picture._repr_mimebundle_()) == ["text/html", "image/png", "text/plain"]
        assert max(len(line) for text in words(picture) for line in text.split("\n")) <= 40
        assert len(picture.alt) < 200


def test_a_dollar_starts_no_formula():
    picture = curves({"$a_b$": [2.0, 1.0]})
    (label,) = axes_of(picture).texts
    assert label.get_text() == "$a_b$"
    assert not label.get_parse_math()


def test_of_a_long_name_both_ends_are_kept():
    history = [{"d_layer_of_the_encoder_W1": 1.0, "d_layer_of_the_encoder_W2": 2.0}] * 2
    assert words(gradients(history)) == ["d_layer_o…coder_W1", "d_layer_o…coder_W2"]


def test_the_users_settings_change_nothing_but_the_fonts():
    import matplotlib

    plain = KINDS["gradients"]().render("png")
    with matplotlib.rc_context({"text.usetex": True, "axes.facecolor": "black", "lines.linewidth": 9}):
        assert KINDS["gradients"]().render("png") == plain
        assert matplotlib.rcParams["text.usetex"]


def test_pyplot_is_not_even_imported():
    code = """
import sys
from viz.charts import curves
curves([2.0, 1.0]).render("png")
assert "matplotlib" in sys.modules
assert "matplotlib.pyplot" not in sys.modules
import matplotlib.pyplot as plt
assert plt.get_fignums() == []
"""
    subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], check=True)


@pytest.mark.parametrize("kind", KINDS)
def test_without_matplotlib_the_error_says_what_to_install(kind, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(
        ImportError, match=rf'{kind}: the package matplotlib is missing; pip install "tinygrad_dnn\[exa'
    ):
        KINDS[kind]()


def test_importing_the_modules_needs_no_matplotlib():
    code = "import viz.charts; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"], check=True)
