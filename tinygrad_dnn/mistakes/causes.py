"""The name of a mistake: from how the wrong gradients relate to the right ones, and from the change that mends them.

A change counts only if it was run. Where neither names a mistake of the catalogue, none is named.
"""

import ast
import contextlib
from typing import Any

import numpy as np

from ..judge.report import Cause
from .editing import Scope, enclosing, scope_of
from .editing.writer import words
from .evidence import Evidence, paths, related, same, transposed
from .explanations import EXPLANATIONS
from .repair import Found


def changed(e: Evidence, fix: Found) -> str | None:
    """The mistake that the change which mends it shows."""
    function = enclosing(fix.source.tree, fix.edit.statement)
    change = Change(e, fix, scope_of(fix.source, function), function)
    method = getattr(change, fix.edit.kind.replace(" ", "_").replace("-", "_"), None)
    return method() if method else None


class Change:
    """The names of mistakes by the kind of the edit that mends them: a method for each kind."""

    def __init__(self, e: Evidence, fix: Found, scope: Scope, function: ast.AST) -> None:
        self.e, self.fix, self.scope, self.definition = e, fix, scope, function
        edit = fix.edit
        self.was = ast.unparse(edit.was).replace("'", '"') if edit.was is not None else ""
        self.new, self.statement = edit.new, edit.statement
        self.line = ast.unparse(edit.statement)
        target = getattr(edit.statement, "target", None) or (getattr(edit.statement, "targets", None) or [None])[0]
        self.target = ast.unparse(target) if target is not None else ""
        self.in_loop = any(
            isinstance(n, ast.For | ast.While) and any(s is edit.statement for s in ast.walk(n))
            for n in ast.walk(function)
        )
        self.in_forward = edit.statement.lineno in fix.source.forward

    # What stands where

    def penalty(self, text: str) -> bool:
        """Whether a text is about the penalty: it names a small number or a parameter, and no gradient."""
        return any(
            any(word in name.lower() for word in ("lam", "reg", "decay", "l2_reg", "l2_pen", "l2_w", "weight_d"))
            or (name.lower() in ("l2", "alpha", "wd") and name not in self.scope.arrays)
            for name in words(text)
        )

    def keeping(self, text: str) -> bool:
        return any(word in text.lower() for word in ("keep", "prob", "p_drop", "drop")) and "log" not in text

    def array(self, name: str) -> Any:
        return self.scope.arrays.get(name)

    def activation_of(self, before: Any, after: Any) -> str | None:
        """Which activation leads from one array to another."""
        if before is None or after is None or np.shape(before) != np.shape(after):
            return None
        with np.errstate(all="ignore"):
            for name, value in (
                ("tanh", np.tanh(before)),
                ("sigmoid", 1 / (1 + np.exp(-before))),
                ("relu", np.maximum(0, before)),
            ):
                if np.allclose(value, after, 1e-9, 1e-12):
                    return name
            for name, function in self.scope.functions.items():
                with contextlib.suppress(Exception):  # somebody's function, on an array it may not expect
                    if np.allclose(function(before.copy()), after, 1e-9, 1e-12):
                        return name
        return None

    def activation_between(self, before: str, after: str) -> str | None:
        """Which activation leads from what one text stands for to what the other does, of lists from some element."""
        x, y = (self.scope.lists.get(text.rpartition("[")[0], [self.array(text)]) for text in (before, after))
        return next((found for a in x for b in y if (found := self.activation_of(a, b))), None)

    @property
    def lowest(self) -> bool:
        return bool(self.e.right)

    @property
    def softmax(self) -> bool:
        return self.e.used(np.exp) and any(a.ndim == 2 for a in self.scope.arrays.values()) and "softmax" in self.source

    @property
    def source(self) -> str:
        return self.fix.source.text.decode().lower()

    # Scale

    def divided(self) -> str | None:
        if self.keeping(self.new):
            return "dropout_missing_keep_prob_scale"
        if self.new == "2":
            return "l2_half_gradient" if self.penalty(self.was) else "mse_extra_factor_two"
        if self.penalty(self.was) and all(not self.e.bias(k) for k in self.e.wrong):
            return "l2_missing_1_over_m"
        if all(self.e.bias(k) for k in self.e.wrong):
            return "missing_1_over_m_in_db"
        biases = any(self.e.bias(k) for k in self.e.wrong)
        return "missing_1_over_m_everywhere" if biases or not self.e.right else "missing_1_over_m_in_dW"

    def multiplied(self) -> str | None:
        if self.keeping(self.new):
            return "dropout_scale_applied_twice"
        if self.new == "2":
            return "l2_missing_factor_two" if self.penalty(self.was) else "mse_missing_factor_two"
        if self.penalty(self.was):
            return "l2_term_divided_by_m_twice"
        if all(self.e.bias(k) for k in self.e.wrong):
            return "bias_gradient_mean_instead_of_sum"
        return "one_over_m_applied_twice" if self.e.averaged else "cost_is_sum_gradient_is_mean"

    def one(self) -> str | None:
        return "true_class_probability_subtracted_instead_of_one"

    def length(self) -> str | None:
        if self.was.endswith(".size"):
            return "divided_by_all_elements"
        return "wrong_m_uses_number_of_features"

    def regrouped(self) -> str | None:
        return "division_inside_the_loop" if self.in_loop else None

    def negated(self) -> str | None:
        return "sign_flipped"

    def turned(self) -> str | None:
        return (
            "sign_flipped" if isinstance(getattr(self.fix.edit.was, "op", None), ast.Sub) else "weights_not_transposed"
        )

    def operator(self) -> str | None:
        if self.new in "+-" and self.e.loss == "logarithms" and "1 -" in self.was:
            return "sign_of_second_cross_entropy_term"
        return "product_rule_term_wrong" if self.lowest else "sign_flipped"

    def factor_left_out(self) -> str | None:
        dropped = self.new
        if self.keeping(dropped):
            return "dropout_scale_applied_twice"
        if self.penalty(self.was) and self.penalty(dropped):
            return "l2_term_divided_by_m_twice"
        if any(f"{c}" in dropped for c in (">", "<")) or "relu" in dropped:
            return "relu_mask_applied_at_output_layer"
        if set(words(dropped)) & self.scope.arrays.keys() or ("(" in dropped and "/" not in dropped):
            if not self.lowest and self.e.loss == "logarithms":
                return "extra_sigmoid_derivative_with_cross_entropy"
            return "extra_activation_derivative_on_dA_prev"
        if dropped.strip("() ") in ("2", "2.0"):
            return "mse_extra_factor_two"
        if all(self.e.bias(k) for k in self.e.wrong):
            return "bias_gradient_mean_instead_of_sum"
        if self.lowest:
            return "extra_one_over_m_in_dZ1"
        return "one_over_m_applied_twice" if self.e.averaged else "cost_is_sum_gradient_is_mean"

    # Shapes and axes

    def axis(self) -> str | None:
        call = ast.unparse(self.fix.edit.was) if self.fix.edit.was is not None else ""
        if all(self.e.bias(k) for k in self.e.wrong):
            return "bias_summed_over_units_too" if "axis" not in self.line else "bias_summed_over_wrong_axis"
        if "exp" in self.line or "exp" in call or self.through_softmax() or self.normalising():
            return "softmax_over_examples_in_backward" if "axis" in self.line else "softmax_without_axis"
        return "normalisation_axis_wrong_in_backward"

    def normalising(self) -> bool:
        """Whether the line divides exponentials by their sum."""
        for node in ast.walk(self.statement):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and "sum(" in ast.unparse(node.right):
                array = self.array(ast.unparse(node.left))
                return array is not None and bool(np.all(array > 0)) and self.e.used(np.exp)
        return False

    def through_softmax(self) -> bool:
        """Whether the line is s * (d - sum(d * s)), what a softmax passes back."""
        for node in ast.walk(self.statement):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.right, ast.BinOp):
                inner = node.right
                if isinstance(inner.op, ast.Sub) and "sum(" in ast.unparse(inner.right):
                    return ast.unparse(node.left) in ast.unparse(inner.right)
        return False

    def keepdims(self) -> str | None:
        return "bias_squeezed_shape"

    def ddof(self) -> str | None:
        return "batchnorm_bessel_mismatch"

    def transposed(self) -> str | None:
        return self.exchanged() or "weights_not_transposed"

    def exchanged(self) -> str | None:
        weights = all(not self.e.bias(k) for k in self.e.wrong)
        turned = all(transposed(self.e.hand.get(k), self.e.truth[k]) for k in self.e.wrong)
        return "dW_transposed" if weights and turned else None

    # Activations

    def factor(self) -> str | None:
        name = self.new.strip("()").split(" ")[0]
        values = self.array(name) if self.array(name) is not None else self.array(self.new)
        if "> 0" in self.new:
            return (
                "inplace_relu_destroys_cached_Z" if "<" in self.source and self.destroyed(name) else "missing_relu_mask"
            )
        if values is not None and self.new == name and len(np.unique(values)) <= 2:
            return "dropout_mask_not_applied_in_backward"
        if self.new.startswith("(1 -") or "* (1 -" in self.new or self.new.endswith(")"):
            if not self.lowest and self.e.loss == "squares":
                return "mse_missing_output_activation_derivative"
            return "missing_activation_derivative"
        if name.lstrip("_").startswith(("d", "g", "up")):
            return "upstream_gradient_dropped"
        return "product_rule_term_wrong"

    def destroyed(self, name: str) -> bool:
        """Whether the array that a mask is made of was written over by its activation."""
        array = self.array(name)
        written = [n for n in ast.walk(self.fix.source.tree) if isinstance(n, ast.Assign | ast.AugAssign)]
        zeroed = any("< 0]" in ast.unparse(n.targets[0]) for n in written if isinstance(n, ast.Assign))
        return array is not None and bool(np.all(array >= 0)) and zeroed

    def masked(self) -> str | None:
        """Where a mask by the same array is there already and tells zeros otherwise, the array was written over."""
        name = words(self.new)[0] if words(self.new) else ""
        there = [n for n in ast.walk(self.definition) if isinstance(n, ast.Compare) and ast.unparse(n.left) == name]
        return "inplace_relu_destroys_cached_Z" if there else "missing_relu_mask"

    def normalised(self) -> str | None:
        return "batch_statistics_treated_as_constants"

    def comparison(self) -> str | None:
        return "inplace_relu_destroys_cached_Z"

    def constant(self) -> str | None:
        old, new = number(self.was), number(self.new)
        if isinstance(self.statement, ast.For):
            return None
        if new is None and self.new in self.scope.real:
            new = self.scope.real[self.new]
        if old is None or new is None:
            return None
        if "**" in self.line and (old, new) in ((2, 1), (1, 2)):
            return "square_of_one_minus_A"
        if abs(old) < 1 and new == 0:
            return "leaky_slope_in_backward_only"
        if old == 0 and 0 < abs(new) < 1:
            return "relu_slope_for_leaky_forward"
        if abs(old) < 1 and abs(new) < 1 and "<" in self.source:
            return "leaky_slope_mismatch"
        return None

    def scaled(self) -> str | None:
        return "slope_overwrites_instead_of_scaling"

    def squared(self) -> str | None:
        return "square_of_one_minus_A"

    def power_left_out(self) -> str | None:
        return "square_of_one_minus_A"

    def rewritten(self) -> str | None:
        if self.softmax:
            return "softmax_derivative_elementwise"
        return "extra_sigmoid_derivative_with_cross_entropy" if self.e.loss == "logarithms" else None

    def one_hot_subtracted(self) -> str | None:
        return "true_class_one_not_subtracted"

    def count(self) -> str | None:
        return "hinge_correct_class_not_counted"

    # Names and indices

    def name(self) -> str | None:
        before, after = self.array(self.was), self.array(self.new)
        if self.was.rpartition(".")[2].startswith("d") and any(c in self.line for c in "<>"):
            return "relu_mask_from_dA"
        if self.was in self.scope.whole:
            return "wrong_m_uses_number_of_features"
        if self.was.startswith(f"{self.new}["):
            return self.index()
        if self.updated(self.was) or (self.parameter(after) and not self.parameter(before) and "[" in self.was):
            return "weights_updated_before_backprop_finished"
        if self.shared():
            return "cache_shared_between_layers"
        if self.in_loop and ("prev" in self.was) != ("prev" in self.new) and not self.carried():
            return "bptt_hidden_state_off_by_one"
        biases = before is not None and all(self.e.bias(k) for k in self.e.wrong)
        if "sum" in self.line and biases and any(same(before, g) for g in self.e.hand.values()):
            return "bias_gradient_from_dW"
        up, down = self.activation_between(self.was, self.new), self.activation_between(self.new, self.was)
        if down == "sigmoid" and f"{self.was} * (1 - {self.was})" in self.line.replace('"', "'"):
            return "sigmoid_applied_twice_cache_holds_A"
        if up in ("tanh", "sigmoid"):
            return f"{up}_derivative_on_preactivation"
        if down:
            return "activation_derivative_at_A_instead_of_Z"
        if self.standardised(before, after):
            return "batchnorm_dgamma_uses_x"
        if self.derivative():
            return "derivative_from_wrong_layer"
        if self.was.lstrip("_").startswith(("d", "grad")):
            if before is not None and after is not None and before.shape == after.shape:  # before it went through g'
                return "bptt_skips_tanh_derivative" if self.carried() else "missing_activation_derivative"
            return "upstream_gradient_always_from_last_layer"
        if all(not self.e.bias(k) for k in self.e.wrong):
            return "wrong_cache_A1_instead_of_X"
        return None

    def carried(self) -> bool:
        """Whether what the line assigns is used in the next turn of the loop, before it is assigned anew."""
        for loop in ast.walk(self.definition):
            if isinstance(loop, ast.For | ast.While) and any(s is self.statement for s in ast.walk(loop)):
                before = [s for s in loop.body if s.lineno < self.statement.lineno]
                names = [n for s in before for n in ast.walk(s) if isinstance(n, ast.Name)]
                own = [n for n in names if n.id == self.target]
                return bool(own) and isinstance(own[-1].ctx, ast.Load) and not isinstance(own[0].ctx, ast.Store)
        return False

    def key(self) -> str | None:
        others = [(k, o) for k in self.e.wrong for o in self.e.truth if o != k]
        if any(same(self.e.hand.get(k), self.e.truth[o]) for k, o in others):
            return "layers_stored_in_backward_order"
        return "derivative_from_wrong_layer" if self.derivative() else "wrong_cache_A1_instead_of_X"

    def parameter(self, array: Any) -> bool:
        """Whether an array is one of the parameters."""
        return any(same(array, p) for p in self.e.parameters.values())

    def shared(self) -> bool:
        """Whether the name belongs to a class or a module, and not to this object or this call."""
        root = words(self.was)[0] if words(self.was) else ""
        for node in ast.walk(self.definition):
            if (
                isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == self.was
                and isinstance(node.value, ast.Attribute | ast.Subscript)
                and words(ast.unparse(node.value))
            ):
                root = words(ast.unparse(node.value))[0]  # y = Tanh.latest
        arguments = {a.arg for a in ast.walk(self.definition) if isinstance(a, ast.arg)}
        assigned = {n.id for n in ast.walk(self.definition) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        return root not in arguments | assigned and root in self.scope.outside

    def own(self) -> str | None:
        return "cache_shared_between_layers"

    def flipped(self) -> str | None:
        return "conv_kernel_flipped_in_input_gradient"

    def sliced(self) -> str | None:
        return "bias_regularised_in_gradient_only" if self.penalty(self.line) else None

    def class_term(self) -> str | None:
        return "hinge_correct_class_term_missing"

    def function(self) -> str | None:
        short = self.was.rpartition(".")[2]
        if short == "mean":
            return "bias_gradient_mean_instead_of_sum"
        if short in ("correlate", "convolve"):
            return self.flipped()
        old, new = self.scope.functions.get(self.was), self.scope.functions.get(self.new)
        z, h = np.linspace(-1.9, 2.1, 12).reshape(3, 4), 1e-6
        try:
            with np.errstate(all="ignore"):
                slope = (np.asarray(old(z + h)) - np.asarray(old(z - h))) / (2 * h)  # type: ignore[misc]
                if np.allclose(slope, new(z), 1e-4, 1e-6):  # type: ignore[misc]
                    return "activation_used_as_its_own_derivative"
        except Exception:
            return None
        return None

    def updated(self, name: str) -> bool:
        """Whether a variable is computed anew from itself and a gradient in this function."""
        for node in ast.walk(self.definition):
            if (
                isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == name
                and f"{name} -" in ast.unparse(node.value)
            ):
                return True
            if isinstance(node, ast.AugAssign) and ast.unparse(node.target) == name and isinstance(node.op, ast.Sub):
                return True
        return False

    def standardised(self, x: Any, x_hat: Any) -> bool:
        """Whether one array is the other, shifted and scaled along an axis."""
        if x is None or x_hat is None or np.shape(x) != np.shape(x_hat) or np.ndim(x) != 2:
            return False
        with np.errstate(all="ignore"):
            return any(
                np.allclose((x - x.mean(axis=a, keepdims=True)) / x.std(axis=a, keepdims=True), x_hat, 1e-2, 1e-3)
                for a in (0, 1)
            )

    def derivative(self) -> bool:
        """Whether the name stands in the derivative of an activation."""
        linear = {"dot", "matmul", "sum", "multiply", "outer", "mean", "einsum", "tensordot"}
        for node in ast.walk(self.statement):
            inside = any(
                ast.unparse(n).replace("'", '"') == self.was for n in ast.walk(node) if isinstance(n, ast.expr)
            )
            if not inside:
                continue
            if isinstance(node, ast.Compare):
                return True
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and ast.unparse(node.left) in ("1", "1.0"):
                return True
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] not in linear:
                return True
        return False

    def index(self) -> str | None:
        if "-1" in self.was and ":" in self.was:
            return "conv_kernel_flipped_in_input_gradient"
        if self.was in self.scope.whole and self.new in (f"{self.was} - 1", f"{self.was} + 1") and "/" in self.line:
            return "batchnorm_bessel_mismatch"
        if self.was.endswith("- 1") and self.was[:-4] == self.new and "/" in self.line:
            return "batchnorm_bessel_mismatch"
        owner = self.owner()
        if owner.lower().lstrip("_").startswith(("d", "grad")):
            return "upstream_gradient_always_from_last_layer"
        if self.in_loop and all(not self.e.bias(k) for k in self.e.wrong) and len(self.e.wrong) == 1:
            return "bptt_hidden_state_off_by_one"
        return "cache_off_by_one_layer"

    def owner(self) -> str:
        """What is indexed where the edit is made."""
        for node in ast.walk(self.statement):
            if isinstance(node, ast.Subscript) and any(n is self.fix.edit.was for n in ast.walk(node.slice)):
                return ast.unparse(node.value)
        return ""

    # Paths

    def term(self) -> str | None:
        if self.penalty(self.new):
            others = [k for k in self.e.right if not self.e.bias(k)]
            return "l2_only_on_last_layer" if others else "l2_missing_in_gradient"
        if self.in_loop and (
            "next" in self.new or "prev" in self.new or not self.new.isidentifier() or self.e.used(np.tanh)
        ):
            return "bptt_next_step_gradient_missing"
        return "residual_path_missing"

    def term_left_out(self) -> str | None:
        if self.penalty(self.new):
            if all(self.e.bias(k) for k in self.e.wrong):
                return "bias_regularised_in_gradient_only"
            return "l2_term_added_to_activations"
        return "product_rule_term_wrong"

    def keys(self) -> str | None:
        return "bias_regularised_in_gradient_only"

    def call_added(self) -> str | None:
        return "missing_activation_derivative"

    def mean_path(self) -> str | None:
        return "batchnorm_mean_path_missing"

    def call_left_out(self) -> str | None:
        if "zeros_like" in self.was and self.e.used(np.exp):
            return "softmax_off_class_terms_missing"
        if self.penalty(self.line) and "sum" in self.was:
            return "l2_gradient_uses_sum_of_W"
        if "mean" in self.was:
            return "activation_derivative_at_batch_mean"
        if "sigmoid" in self.was:
            return "sigmoid_applied_twice_cache_holds_A"
        return None

    def added_to(self) -> str | None:
        if isinstance(self.fix.edit.was, ast.AugAssign):
            return "sign_flipped"
        if ".backward(" in self.line or "blk" in self.line:
            return "residual_path_missing"
        fresh = any(
            isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == self.target and "zeros" in ast.unparse(n.value)
            for n in ast.walk(self.definition)
        ) or "zeros_like" in ast.unparse(self.definition)
        loops = [
            n
            for n in ast.walk(self.definition)
            if isinstance(n, ast.For) and any(s is self.statement for s in ast.walk(n))
        ]
        few = any(
            isinstance(n.iter, ast.Tuple | ast.List) for n in loops
        )  # a loop over two branches, not over examples
        fresh = fresh or "zeros" in ast.unparse(self.definition)
        if self.in_loop and fresh and not few:
            place = ast.parse(self.target, mode="eval").body
            begun = isinstance(place, ast.Subscript) and any(isinstance(n, ast.Add) for n in ast.walk(place.slice))
            ends = any(bound in self.target for bound in (":i", ":r", ":h", "end")) and ":" in self.target
            if begun or ends:  # i * stride + row
                return "overlapping_windows_overwritten"
            whole = self.target.split("[")[0]
            if (
                "[" in self.target
                and ":" not in self.target
                and '"' not in self.target
                and "'" not in self.target
                and whole
            ):
                return "embedding_rows_overwritten"
            return "overwrite_instead_of_accumulate"
        if self.target.lower().lstrip("_").startswith(("dw", "gw", "g_w")) or "W" in self.target:
            return "shared_weight_gradient_overwritten"
        return "second_path_overwrites_first"

    def added_at(self) -> str | None:
        return "fancy_index_add_loses_duplicates"

    def path_added(self) -> str | None:
        normalised = any(word in ast.unparse(self.definition).lower() for word in ("var", "std", "norm"))
        return "variance_path_missing" if normalised else "second_path_overwrites_first"

    def result_kept(self) -> str | None:
        return "upstream_gradient_not_chained"

    def reversed(self) -> str | None:
        return "layers_stored_in_backward_order"

    def copied(self) -> str | None:
        if self.updated(self.was):
            return "weights_updated_before_backprop_finished"
        return "inplace_relu_destroys_cached_Z" if self.in_forward else "inplace_alias_corrupts_stored_dA"

    def left_out(self) -> str | None:
        if "rand" in self.line:
            return "dropout_new_mask_in_backward"
        return "weights_updated_before_backprop_finished" if self.updated(self.target) else None

    def moved(self) -> str | None:
        return "weights_updated_before_backprop_finished"


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def causes(e: Evidence, fix: Found | None) -> list[Cause]:
    """What the mistake is, most likely first."""
    found = []
    where = fix.fix.place if fix else ", ".join(e.wrong)
    for kind in (related(e), paths(e), changed(e, fix) if fix else None):
        if kind is not None and kind not in found:
            found.append(kind)
    return [Cause(kind, EXPLANATIONS[kind], where) for kind in found]
