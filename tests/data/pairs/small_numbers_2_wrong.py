import math
import numpy as np

r = np.random.default_rng(22)
rows = r.normal(size=(9, 4))
labels = [0, 1, 1, 0, 1, 0, 0, 1, 1]
parameters = {"theta": r.normal(size=4)}


def cost(p):
    total = 0.0
    for row, label in zip(rows, labels):
        q = 1 / (1 + math.exp(-float(row @ p["theta"])))
        total -= math.log(q + 1e-9) if label else math.log(1 - q + 1e-9)
    return total / len(labels)


def gradients(p):
    q = 1 / (1 + np.exp(-rows @ p["theta"]))
    return {"dtheta": rows.T @ (q + np.array(labels)) / 9}
