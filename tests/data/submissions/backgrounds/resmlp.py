import numpy as np


def make_model(n_in, width, inner, n_out, depth, seed=0):
    rng = np.random.default_rng(seed)

    def w(a, b):
        return rng.normal(size=(a, b)) / np.sqrt(a)

    blocks = [{"V": w(width, inner), "c": np.zeros(inner), "U": w(inner, width)} for _ in range(depth)]
    return {"in": w(n_in, width), "out": w(width, n_out), "blocks": blocks}


def forward(model, x):
    """x_{k+1} = x_k + tanh(x_k V + c) U

    Returns the prediction and the tape (inputs of each block and its inner activation).
    """
    h = x @ model["in"]
    tape = []
    for blk in model["blocks"]:
        a = np.tanh(h @ blk["V"] + blk["c"])
        tape.append((h, a))
        h = h + a @ blk["U"]
    return h @ model["out"], h, tape


def loss(model, x, y):
    pred, _, _ = forward(model, x)
    return np.mean(np.sum((pred - y) ** 2, axis=1))


def backprop(model, x, y):
    pred, h_last, tape = forward(model, x)
    g = {"blocks": [None] * len(tape)}
    dpred = 2.0 * (pred - y) / len(x)
    g["out"] = h_last.T @ dpred
    dh = dpred @ model["out"].T
    for k in reversed(range(len(tape))):
        blk = model["blocks"][k]
        h, a = tape[k]
        da = dh @ blk["U"].T
        dz = da * (1 - a * a)
        g["blocks"][k] = {"U": a.T @ dh, "V": h.T @ dz, "c": dz.sum(axis=0)}
        dh = dz @ blk["V"].T
    g["in"] = x.T @ dh
    return g


def sgd(model, g, lr):
    model["in"] -= lr * g["in"]
    model["out"] -= lr * g["out"]
    for blk, gb in zip(model["blocks"], g["blocks"]):
        for k in blk:
            blk[k] -= lr * gb[k]
