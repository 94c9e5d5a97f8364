import numpy as np


def softplus(x):
    return np.log(1 + np.exp(x))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward(conditions, theta):
    """theta: dict with w1 (h,d), b1 (h,1), w2 (1,h), b2 (1,1); yield is between 0 and 1"""
    pre_hidden = theta["w1"] @ conditions + theta["b1"]
    hidden = softplus(pre_hidden)
    pre_out = theta["w2"] @ hidden + theta["b2"]
    predicted = sigmoid(pre_out)
    return {"x": conditions, "pre_hidden": pre_hidden, "hidden": hidden, "predicted": predicted}


def loss(tape, measured):
    n = measured.shape[1]
    return float(np.sum((tape["predicted"] - measured) ** 2) / n)


def backward(tape, measured, theta):
    n = measured.shape[1]
    d_predicted = 2 * (tape["predicted"] - measured) / n
    d_pre_out = d_predicted * tape["predicted"] * (1 - tape["predicted"])

    d_w2 = d_pre_out @ tape["hidden"].T
    d_b2 = np.sum(d_pre_out, axis=1, keepdims=True)

    d_hidden = theta["w2"].T @ d_pre_out
    d_pre_hidden = d_hidden * softplus(tape["pre_hidden"])

    d_w1 = d_pre_hidden @ tape["x"].T
    d_b1 = np.sum(d_pre_hidden, axis=1, keepdims=True)
    return {"w1": d_w1, "b1": d_b1, "w2": d_w2, "b2": d_b2}


def gradient_step(theta, grads, lr):
    return {name: theta[name] - lr * grads[name] for name in theta}
