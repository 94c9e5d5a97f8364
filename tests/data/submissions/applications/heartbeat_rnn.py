import numpy as np

"""
Elman network that predicts the next sample(s) of an ECG.

All hidden states are kept in one array H with T+1 rows, row 0 is the start state (zeros):
    H[t+1] = tanh(Win S[t] + Wrec H[t] + bh)
    Y[t]   = Wout H[t+1] + by
"""


def unroll(P, S):
    T = len(S)
    H = np.zeros((T + 1, P["bh"].size))
    for t in range(T):
        H[t + 1] = np.tanh(P["Win"] @ S[t] + P["Wrec"] @ H[t] + P["bh"])
    Y = H[1:] @ P["Wout"].T + P["by"]
    return H, Y


def cost(P, S, target):
    H, Y = unroll(P, S)
    return 0.5 * np.sum((Y - target) ** 2)


def cost_gradient(P, S, target):
    H, Y = unroll(P, S)
    T = len(S)
    dY = Y - target
    dWout = dY.T @ H[1:]
    dby = dY.sum(axis=0)

    direct = dY @ P["Wout"]                # what each state gets from its own output
    later = np.zeros(P["bh"].size)         # what it gets from the following time step
    dWin = np.zeros_like(P["Win"])
    dWrec = np.zeros_like(P["Wrec"])
    dbh = np.zeros_like(P["bh"])
    t = T - 1
    while t >= 0:
        dpre = direct[t] * (1 - H[t + 1] ** 2)
        dWin += np.outer(dpre, S[t])
        dWrec += np.outer(dpre, H[t])
        dbh += dpre
        later = P["Wrec"].T @ dpre
        t -= 1

    return {"Win": dWin, "Wrec": dWrec, "bh": dbh, "Wout": dWout, "by": dby}
