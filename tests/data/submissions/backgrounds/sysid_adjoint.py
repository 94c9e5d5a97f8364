# Output error identification,  x(k+1) = A x(k) + B u(k),  y(k) = C x(k) + D u(k)
# V = 1/(2N) sum |y - ymeas|^2 , gradient from the adjoint (costate) recursion
import numpy as np


def simulate(A, B, C, D, x0, U):
    N = U.shape[0]
    nx = A.shape[0]
    X = np.zeros((N + 1, nx))
    Y = np.zeros((N, C.shape[0]))
    X[0, :] = x0
    for k in range(N):
        Y[k, :] = C @ X[k, :] + D @ U[k, :]
        X[k + 1, :] = A @ X[k, :] + B @ U[k, :]
    return X, Y


def simcost(A, B, C, D, x0, U, Ymeas):
    X, Y = simulate(A, B, C, D, x0, U)
    E = Y - Ymeas
    V = np.sum(E * E) / (2 * U.shape[0])
    return V, X, E


def adjoint(A, B, C, D, x0, U, Ymeas):
    V, X, E = simcost(A, B, C, D, x0, U, Ymeas)
    N = U.shape[0]
    gA = np.zeros(A.shape)
    gB = np.zeros(B.shape)
    gC = np.zeros(C.shape)
    gD = np.zeros(D.shape)
    lam = np.zeros(A.shape[0])          # costate at k = N
    for k in range(N - 1, -1, -1):
        e = E[k, :] / N
        gC += np.outer(e, X[k, :])
        gD += np.outer(e, U[k, :])
        gA += np.outer(lam, X[k, :])
        gB = np.outer(lam, U[k, :])
        lam = A.T @ lam + C.T @ e
    return gA, gB, gC, gD, lam


def identify(A, B, C, D, x0, U, Ymeas, mu=0.05, iters=200):
    for i in range(iters):
        gA, gB, gC, gD, gx = adjoint(A, B, C, D, x0, U, Ymeas)
        A = A - mu * gA
        B = B - mu * gB
        C = C - mu * gC
        D = D - mu * gD
        x0 = x0 - mu * gx
    return A, B, C, D, x0
