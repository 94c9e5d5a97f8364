import numpy as np

parameters = {"x": np.array([3, 4, -2])}


def cost(p):
    return 0.35 * np.sum(p["x"] ** 2)


def gradients(p):
    slope = np.zeros_like(p["x"])
    for i in range(len(slope)):
        slope[i] = 0.7 * p["x"][i]
    return {"dx": slope}
