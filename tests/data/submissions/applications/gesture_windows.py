import numpy as np

# One recording = (time, channels).
# Each time step is projected to a few features (tanh), a filter bank looks at
# windows of K neighbouring steps, its answers are averaged over time -> logit.

K = 3


def sigmoid(a):
    return 1. / (1. + np.exp(-a))


def forward(rec, w):
    F = np.tanh(rec @ w["proj"] + w["proj_b"])         # time, feat
    n_win = len(F) - K + 1
    resp = np.empty((n_win, w["bank"].shape[1]))
    for s in range(n_win):
        window = F[s:s + K].reshape(-1)                # K*feat
        resp[s] = np.tanh(window @ w["bank"] + w["bank_b"])
    pooled = resp.mean(axis=0)
    logit = pooled @ w["read"] + w["read_b"]
    return F, resp, pooled, logit


def loss(rec, label, w):
    logit = forward(rec, w)[-1]
    return np.logaddexp(0., logit) - label * logit


def gradients(rec, label, w):
    F, resp, pooled, logit = forward(rec, w)
    n_win = len(resp)

    dlogit = sigmoid(logit) - label
    d = {"read": pooled * dlogit, "read_b": dlogit}
    dpooled = w["read"] * dlogit

    dF = np.zeros_like(F)
    d["bank"] = np.zeros_like(w["bank"])
    d["bank_b"] = np.zeros_like(w["bank_b"])
    for s in range(n_win):
        dpre = dpooled / n_win * (1. - resp[s] ** 2)
        d["bank"] += np.outer(F[s:s + K].reshape(-1), dpre)
        d["bank_b"] += dpre
        dF[s:s + K] = (w["bank"] @ dpre).reshape(K, -1)

    dS = dF * (1. - F ** 2)
    d["proj"] = rec.T @ dS
    d["proj_b"] = dS.sum(axis=0)
    return d
