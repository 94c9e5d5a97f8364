"""Data-parallel training on a cluster: the same NumPy code, with X and Y in chunks on Dask's workers.

    python examples/on_a_cluster.py [--scheduler tcp://HOST:PORT]

Without --scheduler a cluster of two workers starts on this machine. X is larger than one worker may hold; it never is
in one place. The gradients are first compared with those of one machine, on a part that fits into it.
"""

import argparse

import dask
import dask.array as da
import numpy as np
from distributed import Client, LocalCluster
from tqdm import tqdm

from tinygrad_dnn import value_and_grad
from tinygrad_dnn.by_hand import deep

FEATURES, CHUNKS = 50, 40


def logistic_cost(p, X, Y):
    Z = np.dot(p["w"].T, X) + p["b"]
    return np.mean(np.logaddexp(0.0, Z) - Y * Z)


def deep_cost(p, X, Y):
    """Linear -> relu -> linear -> relu -> linear, and the cross-entropy from the last Z."""
    A = np.maximum(0, np.dot(p["W1"], X) + p["b1"])
    A = np.maximum(0, np.dot(p["W2"], A) + p["b2"])
    Z = np.dot(p["W3"], A) + p["b3"]
    return np.mean(np.logaddexp(0.0, Z) - Y * Z)


MODELS = {
    "logistic regression": (logistic_cost, {"w": np.zeros((FEATURES, 1)), "b": 0.0}, 1.0),
    "deep network": (deep_cost, deep.initialize_parameters_deep([FEATURES, 16, 8, 1], rng=0, scale="he"), 0.3),
}


def data(examples):
    """X (features, examples) and Y (1, examples) in chunks of examples, made on the workers from a seed."""
    rng = da.random.default_rng(0)
    X = rng.normal(size=(FEATURES, examples), chunks=(FEATURES, examples // CHUNKS))
    truth = np.random.default_rng(1).normal(size=(1, FEATURES))
    return X, (np.tanh(da.dot(truth, X)) + 0.1 * X[:1] ** 2 > 0).astype(float)


def step(cost, parameters, X, Y):
    """The cost and its gradients; the cluster computes all of them together."""
    value, gradients = value_and_grad(cost)(parameters, X, Y)
    value, *found = dask.compute(value, *gradients.values())
    return float(value), dict(zip(gradients, found, strict=True))


def compare(cost, parameters, X, Y):
    """The largest relative difference between the cluster's gradients and this machine's."""
    here, there = step(cost, parameters, *dask.compute(X, Y)), step(cost, parameters, X, Y)
    return max(np.max(np.abs(here[1][k] - there[1][k])) / np.max(np.abs(here[1][k])) for k in parameters)


def memory(client):
    """Megabytes of each worker's process."""
    used = client.run(lambda dask_worker: dask_worker.monitor.get_process_memory() / 2**20)
    return ", ".join(f"{megabytes:.0f} MB" for megabytes in used.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scheduler", help="address of a running scheduler, tcp://...; default: a cluster here")
    parser.add_argument("--examples", type=int, default=2_000_000, help="columns of X (%(default)s)")
    parser.add_argument("--iterations", type=int, default=5, help="steps of training (%(default)s)")
    parser.add_argument("--memory-limit", default="600MiB", help="of each worker here (%(default)s)")
    options = parser.parse_args()
    cluster = None if options.scheduler else LocalCluster(
        n_workers=2, threads_per_worker=1, memory_limit=options.memory_limit, dashboard_address=None
    )  # fmt: skip
    with Client(options.scheduler or cluster) as client:
        X, Y = data(options.examples)
        print(f"X: {X.nbytes / 2**20:.0f} MB in {X.npartitions} chunks; workers: {memory(client)}")
        for name, (cost, parameters, learning_rate) in MODELS.items():
            part = slice(0, 2 * X.chunksize[1])
            difference = compare(cost, parameters, X[:, part], Y[:, part])
            print(f"\n{name}\ngradients of the cluster against those of one machine, relative: {difference:.1e}")
            for _ in tqdm(range(options.iterations), desc=name, unit="step"):
                value, gradients = step(cost, parameters, X, Y)
                parameters = {k: v - learning_rate * gradients[k] for k, v in parameters.items()}
            print(f"cost before the last step: {value:.6f}; workers: {memory(client)}")
    if cluster is not None:
        cluster.close()


if __name__ == "__main__":
    main()
