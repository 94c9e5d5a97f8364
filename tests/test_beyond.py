"""Arrays that are not NumPy's, inside a tensor or beside it: the same table, forward, backward and second order."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.lib.mixins import NDArrayOperatorsMixin

from tinygrad_dnn import Tensor, grad, load

ROOT = Path(__file__).parents[1]

da = pytest.importorskip("dask.array")
try:
    import cupy

    GPU = cupy.cuda.runtime.getDeviceCount() > 0
except Exception:  # not installed, or no driver
    GPU = False

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(4, 100)), (RNG.random((1, 100)) > 0.5) * 1.0
P = {"W1": RNG.normal(size=(3, 4)), "b1": RNG.normal(size=(3, 1)), "w": RNG.normal(size=(3, 1)), "b": 0.1}


def cost(p, X, Y):
    A1 = np.maximum(0, np.dot(p["W1"], X) + p["b1"])
    A = 1 / (1 + np.exp(-(np.dot(p["w"].T, A1) + p["b"])))
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))


def chunked():
    return da.from_array(X, chunks=(4, 25)), da.from_array(Y, chunks=(1, 25))


def test_gradients_over_a_chunked_array_are_those_over_a_whole_one():
    expected = grad(cost)(P, X, Y)
    for name, g in grad(cost)(P, *chunked()).items():
        np.testing.assert_allclose(np.asarray(g), expected[name], rtol=1e-12)


def test_second_derivatives_over_a_chunked_array_are_those_over_a_whole_one():
    slope = lambda X, Y: lambda p: np.sum(grad(cost)(p, X, Y)["W1"] * np.arange(12.0).reshape(3, 4))
    expected = grad(slope(X, Y))(P)
    for name, g in grad(slope(*chunked()))(P).items():
        np.testing.assert_allclose(np.asarray(g), expected[name], rtol=1e-10, atol=1e-14)


def test_a_chunked_array_may_be_what_is_differentiated():
    t = Tensor(chunked()[0])
    J = np.sum(np.tanh(t) ** 2)
    J.backward()
    assert isinstance(t.grad, da.Array)
    np.testing.assert_allclose(t.grad.compute(), 2 * np.tanh(X) * (1 - np.tanh(X) ** 2), rtol=1e-12)


class Device(NDArrayOperatorsMixin):
    """An array of another library, as strict as CuPy's: never converted, never mixed with NumPy's."""

    def __init__(self, data):
        self.inside = np.asarray(data)

    shape, ndim, size, dtype = (
        property(lambda self, n=n: getattr(self.inside, n)) for n in ("shape", "ndim", "size", "dtype")
    )

    def __array_function__(self, function, types, arguments, keywords):
        if not all(issubclass(t, Device) for t in types):
            return NotImplemented
        return outside(function(*map(inside, arguments), **keywords))

    def __array_ufunc__(self, ufunc, method, *arguments, **keywords):
        if any(type(a) is Tensor for a in arguments):
            return NotImplemented
        return outside(getattr(ufunc, method)(*map(inside, arguments), **keywords))

    def __getitem__(self, index):
        return Device(self.inside[index])

    def __setitem__(self, index, value):
        self.inside[index] = inside(value)

    def __array__(self, *_, **__):
        raise TypeError("Implicit conversion to a NumPy array is not allowed.")

    def __getattr__(self, name):
        method = getattr(np.ndarray, name)
        return lambda *arguments, **keywords: outside(method(self.inside, *arguments, **keywords))

    def __len__(self):
        return len(self.inside)


def inside(argument):
    if isinstance(argument, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    if isinstance(argument, list | tuple):
        return type(argument)(map(inside, argument))
    return argument.inside if isinstance(argument, Device) else argument


def outside(result):
    return Device(result) if isinstance(result, np.ndarray | np.floating | np.bool_) else result


@pytest.mark.parametrize("kind", [Device, pytest.param("cupy", marks=pytest.mark.skipif(not GPU, reason="no GPU"))])
def test_another_librarys_arrays_stay_on_their_device_forward_backward_and_in_second_order(kind):
    kind, back = (Device, lambda a: a.inside) if kind is Device else (cupy.asarray, cupy.asnumpy)
    there = {name: kind(np.asarray(value)) for name, value in P.items()}
    slope = lambda X, Y, v: lambda p: np.sum(grad(cost)(p, X, Y)["W1"] * v)
    v = RNG.normal(size=(3, 4))
    for here, found in (
        (grad(cost)(P, X, Y), grad(cost)(there, kind(X), kind(Y))),
        (grad(slope(X, Y, v))(P), grad(slope(kind(X), kind(Y), kind(v)))(there)),
    ):
        for name, g in here.items():
            assert type(found[name]) is type(kind(X))
            np.testing.assert_allclose(back(found[name]), g, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("kind", [Device, lambda a: da.from_array(a, chunks=2)], ids=["device", "dask"])
def test_slices_of_another_librarys_arrays_are_recorded(kind):
    g = grad(lambda x: np.sum(x[1:] * x[:-1]))(kind(np.arange(4.0)))
    assert type(g) is type(kind(np.ones(4)))
    np.testing.assert_array_equal(g.inside if kind is Device else g.compute(), [1, 2, 4, 2])


@pytest.mark.parametrize("kind", [Device, lambda a: da.from_array(a, chunks=2)], ids=["device", "dask"])
def test_a_constant_of_another_library_may_change_later(kind):
    x, t = kind(np.ones(3)), Tensor(kind(np.arange(3.0)))
    J = np.sum(t * x)
    if kind is Device:
        x.inside[:] = 100
    else:
        x[:] = 100
    J.backward()
    found = t.grad.inside if kind is Device else t.grad.compute()
    np.testing.assert_array_equal(found, np.ones(3))


def environment():
    return os.environ | {"PYTHONPATH": str(ROOT)}


@pytest.mark.thorough
def test_the_example_on_a_cluster_trains_and_agrees(tmp_path):
    pytest.importorskip("distributed")
    command = [sys.executable, ROOT / "examples" / "on_a_cluster.py", "--examples", "4000", "--iterations", "2"]
    out = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=environment(), timeout=120, check=True
    )
    differences = [float(line.rpartition(" ")[2]) for line in out.stdout.splitlines() if "against" in line]
    assert len(differences) == 2
    assert max(differences) < 1e-12


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")  # the cluster warns of the worker that is killed
def test_a_killed_worker_costs_time_and_nothing_else():
    distributed = pytest.importorskip("distributed")
    example = load(ROOT / "examples" / "on_a_cluster.py")
    cost, parameters, _ = example.MODELS["deep network"]
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        X, Y = example.data(400_000)
        expected = example.step(cost, parameters, X, Y)[1]
        before = {worker.pid for worker in cluster.workers.values()}
        killer = threading.Thread(target=lambda: (time.sleep(0.3), os.kill(min(before), 9)))
        killer.start()
        for _ in range(3):
            found = example.step(cost, parameters, X, Y)[1]
        killer.join()
        client.wait_for_workers(2)
        assert {worker.pid for worker in cluster.workers.values()} != before
    for name, g in expected.items():
        np.testing.assert_allclose(found[name], g, rtol=1e-12, atol=1e-15)
