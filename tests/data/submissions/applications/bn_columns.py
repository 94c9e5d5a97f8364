import numpy as np

EPS = 1e-3

def sig(z):
    return 1/(1 + np.exp(-z))

def forward_prop(X, par):
    # X: features x examples.  No bias in layer 1 because BN removes it anyway.
    c = {}
    c["Z"] = np.dot(par["W1"], X)
    c["mu"] = np.mean(c["Z"], axis=1, keepdims=True)
    c["Zc"] = c["Z"] - c["mu"]
    c["var"] = np.mean(c["Zc"]**2, axis=1, keepdims=True)
    c["istd"] = 1/np.sqrt(c["var"] + EPS)
    c["Zn"] = c["Zc"]*c["istd"]
    c["A"] = sig(par["gamma"]*c["Zn"] + par["beta"])
    c["out"] = sig(np.dot(par["W2"], c["A"]) + par["b2"])
    return c

def cost_fn(out, Y):
    return -np.sum(Y*np.log(out) + (1-Y)*np.log(1-out))/Y.shape[1]

def back_prop(X, Y, par, c):
    m = X.shape[1]
    g = {}
    dZ2 = (c["out"] - Y)/m
    g["W2"] = np.dot(dZ2, c["A"].T)
    g["b2"] = np.sum(dZ2, axis=1, keepdims=True)

    dA = np.dot(par["W2"].T, dZ2)
    dBN = dA*c["A"]*(1 - c["A"])
    g["gamma"] = np.sum(dBN*c["Zn"], axis=1, keepdims=True)
    g["beta"] = np.sum(dBN, axis=1, keepdims=True)

    # through the normalisation
    dZn = dBN*par["gamma"]
    dvar = np.sum(dZn*c["Zc"], axis=1, keepdims=True)*(-0.5)*c["istd"]**3
    dmu = -np.sum(dZn*c["istd"], axis=1, keepdims=True)
    dZ = dZn*c["istd"] + dvar*2*c["Zc"]/m
    g["W1"] = np.dot(dZ, X.T)
    return g
