import numpy as np

hours = np.array([[1, 2], [3, 1], [2, 5], [4, 4]])
marks = np.array([0.9, 1.4, 2.1, 3.3])
parameters = {"w": np.array([0.3, -0.2])}


def cost(p):
    return 0.5 * np.sum((hours @ p["w"] - marks) ** 2)


def gradients(p):
    total = np.zeros_like(hours[0])
    for h, k in zip(hours, marks):
        total[:] = total + (h @ p["w"] - k) * h
    return {"dw": total}
