"""Assignment on tensors means what it means in NumPy, views and earlier readers included, or raises."""

import numpy as np
import pytest
from numeric import gradient, relative_error

from tinygrad_dnn import Tensor, grad, hessian, value_and_grad

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4)) + 0.1


def assigning(z):
    z[1] = 2.0
    return np.sum(z * z)


def assigning_itself(z):
    z[0] = z[1] * z[2]
    return np.sum(z * z)


def reader_before(z):
    s = np.sum(z**3)
    z[1:] = 0.0
    return s + np.sum(z)


def twice(z):
    z[0, 0] = z[1, 1] ** 2
    a = np.sum(np.sin(z))
    z[0, 0] = 3 * z[2, 2]
    return a * np.sum(z)


def by_mask(z):
    z[z < 0] = 0.1 * z[z < 0]
    return np.sum(np.exp(z))


def in_place(z):
    z += 1
    z *= np.arange(4.0)
    z -= z
    z += X
    z /= 2.0
    z **= 2
    return np.sum(z)


def through_an_alias(z):
    other = z
    other *= 2.0
    return np.sum(z * z)


def adding_at(z):
    np.add.at(z, [0, 0, 1], X[0])
    np.subtract.at(z, (2, 1), 5 * z[0, 0])
    return np.sum(z**3)


def hinge(z):
    margins = np.maximum(0, z - z[np.arange(3), [0, 1, 2]][:, None] + 1.0)
    margins[np.arange(3), [0, 1, 2]] = 0
    return np.sum(margins)


def entry_by_entry(z):
    for i in range(3):
        for j in range(1, 4):
            z[i, j] += z[i, j - 1] * 0.5
    return np.sum(z**2)


def a_view_read_before(z):
    s = np.sum(z.T**2)
    z[0] = 0.0
    return s + np.sum(z.T)


PROGRAMS = [assigning, assigning_itself, reader_before, twice, by_mask, in_place, through_an_alias, adding_at, hinge,
            entry_by_entry, a_view_read_before]  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_a_program_that_assigns_has_numpys_value_and_the_right_gradient(program):
    on_a_copy = lambda x: program(x.copy())
    value, g = value_and_grad(on_a_copy)(X)
    assert value == on_a_copy(X)
    assert relative_error(g, gradient(on_a_copy, X)) < 1e-7


@pytest.mark.parametrize(
    "program", [assigning_itself, twice, entry_by_entry, a_view_read_before, in_place], ids=lambda f: f.__name__
)
def test_second_derivatives_go_through_assignments(program):
    on_a_copy = lambda x: program(x.copy())
    H = hessian(on_a_copy)(X)
    for index in [(0, 0), (1, 1), (2, 3)]:
        np.testing.assert_allclose(
            H[index], gradient(lambda x, i=index: grad(on_a_copy)(x)[i], X), rtol=1e-6, atol=1e-8
        )


def test_an_input_cannot_be_changed():
    message = r"W of shape \(3, 4\) is an input and cannot be changed: write t = t\.copy\(\) before"
    for change in (lambda t: t.__setitem__(0, 1.0), lambda t: t.__iadd__(1.0), lambda t: np.add.at(t, 0, 1.0)):
        with pytest.raises(TypeError, match=message):
            change(Tensor(X, name="W"))


VIEWS = {
    "a row": lambda z: z[0],
    "a slice": lambda z: z[:, 1:],
    "the transpose": lambda z: z.T,
    "another shape": lambda z: z.reshape(4, 3),
    "flat": np.ravel,
    "flipped": np.flip,
    "the diagonal": np.diagonal,
    "a part of a split": lambda z: np.split(z, 3)[0],
    "with another axis": lambda z: np.expand_dims(z, 0),
    "axes moved": lambda z: np.moveaxis(z, 0, 1),
    "a view of a view": lambda z: z.T[1:].T,
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_a_view_of_what_was_changed_since_is_refused(view):
    z = Tensor(X).copy()
    v = view(z)
    z[0] = 7.0
    with pytest.raises(TypeError, match="which was changed since"):
        np.sum(v)
    with pytest.raises(TypeError, match="which was changed since"):
        _ = v.data


@pytest.mark.parametrize("name", ["flipped", "the diagonal", "a part of a split", "axes moved"])
def test_a_change_of_a_view_that_was_composed_is_refused(name):
    v = VIEWS[name](Tensor(X).copy())
    with pytest.raises(TypeError, match="which would change with it"):
        v[...] = 0.0
    with pytest.raises(TypeError, match="which would change with it"):
        v += 1.0


def row_by_row(z):
    for i in range(1, 3):
        z[i] += z[i - 1] * 0.5
        z[i, 1:] *= 2.0
    row = z[0]
    other = row
    row -= 1.0
    row[1] = other[0] ** 2
    return np.sum(z**2) + np.sum(other * row)


def of_a_view_of_a_view(z):
    part = z[1:][:, 2]
    part *= z[0, 0]
    return np.sum(z**3)


def of_another_shape(z):
    flat, table = z.reshape(-1), z.reshape(2, 1, 6)
    flat[flat < 0] = 0.5 * z[1, 1]
    again = z.reshape(2, 1, 6)
    again[1, 0, :2] = z[0, :2] ** 2
    return np.sum(z**2) + np.sum(again * np.arange(6.0)) + table.size


def of_the_transpose(z):
    z.T[1] *= z[0, 0]
    other = np.transpose(z[None], (-1, 0, 1))
    other += np.ones((4, 1, 3)) * z[1, 2]
    z.swapaxes(0, 1)[2, 1] = z[2, 2] ** 2
    np.squeeze(np.expand_dims(z, 1))[0] = 2 * z[1]
    return np.sum(z**3)


def of_a_reshape_that_is_a_copy(z):
    copied = z.T.reshape(-1)
    copied[copied < 0] = 0.0
    return np.sum(z**3) + np.sum(copied**2)


def into_what_was_there(z):
    np.exp(z, out=z)
    np.multiply(z, 0.9, z)
    np.clip(z, 0.5, 2.0, out=z)
    np.divide(z, 2.0, out=z, where=np.arange(4) > 1)
    np.dot(z, np.ones((4, 4)) * z[0, 0], out=z)
    return np.sum(z**2)


def entry_after_entry(z):
    z.flat[1] = z.flat[0] ** 2
    z.flat[[2, 5]] *= 3.0
    return np.sum(z**2) + sum(z.flat) * z.T.flat[1]


THROUGH = [row_by_row, of_a_view_of_a_view, of_another_shape, of_the_transpose, of_a_reshape_that_is_a_copy,
           into_what_was_there, entry_after_entry]  # fmt: skip


@pytest.mark.parametrize("program", THROUGH, ids=lambda f: f.__name__)
def test_a_change_of_a_row_changes_what_it_is_a_row_of(program):
    on_a_copy = lambda x: program(x.copy())
    value, g = value_and_grad(on_a_copy)(X)
    assert value == pytest.approx(on_a_copy(X), rel=1e-15)
    assert relative_error(g, gradient(on_a_copy, X)) < 1e-7


STALE = {
    "a comparison": lambda v: v > 0,
    "np.argmax": np.argmax,
    "np.sign": np.sign,
    "the condition of np.where": lambda v: np.where(v, 1.0, 2.0),
    "in": lambda v: 7.0 in v,
    "repr": repr,
    "backward": lambda v: v.backward(np.ones(v.shape)),
}


@pytest.mark.parametrize("use", STALE.values(), ids=STALE.keys())
def test_no_use_of_a_stale_view_passes(use):
    z = Tensor(X).copy()
    v = z[:2]
    z[0] = -9.0
    with pytest.raises(TypeError, match="which was changed since"):
        use(v)


def test_remainder_in_place_is_in_place():
    def wrap(z):
        z %= 1.0

    def f(x):
        z = x.copy()
        wrap(z)
        return np.sum(z**2)

    x = np.array([1.3, 2.4])
    value, g = value_and_grad(f)(x)
    assert value == f(x)
    np.testing.assert_allclose(g, 2 * (x % 1))
    with pytest.raises(TypeError, match="//= leaves no gradient"):
        Tensor(x).copy().__ifloordiv__(2)


def test_a_copy_of_a_number_changes_in_place():
    def f(x):
        z = np.copy(x)
        w = z
        w *= 2
        return z * w

    x = np.array(1.3)
    assert value_and_grad(f)(x)[0] == f(x)
    assert grad(f)(x) == pytest.approx(8 * 1.3)


def test_conj_is_the_array_itself():
    def f(x):
        z = x.copy()
        y = z.conj()
        y *= 2.0
        return np.sum(z * z)

    assert value_and_grad(f)(X)[0] == f(X)


@pytest.mark.parametrize("copy", [lambda z: z[[0, 1]], lambda z: z[z > 0], lambda z: z + 0, lambda z: z.copy()])
def test_what_numpy_copies_is_no_view(copy):
    z = Tensor(X).copy()
    v = copy(z)
    before = v.data
    z[...] = 0.0
    np.testing.assert_array_equal(v.data, before)
    v[0] = 1.0


def test_an_assignment_keeps_the_precision_and_the_shape():
    z = Tensor(X.astype(np.float32)).copy()
    z[0] = np.float64(1) / 3
    z += np.ones(4)
    assert z.dtype == np.float32
    with pytest.raises(ValueError, match="cannot hold a result of shape"):
        z += np.ones((2, 3, 4))


def test_a_cost_from_before_a_change_keeps_its_gradient():
    t = Tensor(X)
    z = t * 1.0
    J = np.sum(z**2)
    z[...] = 0.0
    J.backward()
    np.testing.assert_allclose(t.grad, 2 * X)


def test_a_tensor_assigned_into_an_array_is_refused():
    with pytest.raises((TypeError, ValueError)):
        np.zeros(3)[0] = Tensor(1.0)
    with pytest.raises(TypeError, match="out= of a plain array cannot be recorded"):
        np.exp(Tensor(1.0), out=np.zeros(()))
