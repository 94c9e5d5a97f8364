import numpy as np

# every function gives back its output and a function for the backward direction

def dense(x, W, b):
    def back(g):
        return np.dot(g, W.T), np.dot(x.T, g), np.sum(g, axis=0)
    return np.dot(x, W) + b, back


def bend(x):
    y = np.sin(x)
    def back(g):
        return g * np.cos(x)
    return y, back


def position_error(pred, goal):
    # squared distance to the goal, averaged over the arm movements
    diff = pred - goal
    value = np.sum(diff * diff) / len(goal)
    def back():
        return 2 * diff / goal.size
    return value, back


def forward(p, x, goal):
    a, back1 = dense(x, p["W1"], p["b1"])
    h, back_sin = bend(a)
    out, back2 = dense(h, p["W2"], p["b2"])
    err, back_err = position_error(out, goal)
    return err, (back1, back_sin, back2, back_err)


def value_and_grad(p, x, goal):
    err, (back1, back_sin, back2, back_err) = forward(p, x, goal)
    g = back_err()
    g, dW2, db2 = back2(g)
    g = back_sin(g)
    g, dW1, db1 = back1(g)
    return err, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
