import numpy as np

# L-layer softmax network for the wine data set, (features, samples)

ACT = {
    "tanh": (np.tanh, lambda A: 1 - A**2),
    "sigmoid": (lambda Z: 1/(1 + np.exp(-Z)), lambda A: A*(1 - A)),
}

def init_parameters(dims, seed=5):
    rng = np.random.RandomState(seed)
    params = {}
    for l in range(1, len(dims)):
        params[f"W{l}"] = rng.randn(dims[l], dims[l-1]) * np.sqrt(1/dims[l-1])
        params[f"b{l}"] = np.zeros((dims[l], 1))
    return params

def forward(X, params, act):
    g, _ = ACT[act]
    L = len(params)//2
    A = X
    memory = [X]
    for l in range(1, L):
        Z = params[f"W{l}"] @ A + params[f"b{l}"]
        A = g(Z)
        memory.append(A)
    ZL = params[f"W{L}"] @ A + params[f"b{L}"]
    T = np.exp(ZL - np.max(ZL, axis=0))
    AL = T / T.sum(axis=0)
    return AL, memory

def cost_function(AL, Y):
    return -(Y * np.log(AL)).sum() / Y.shape[1]

def backward(AL, Y, memory, params, act):
    _, dg = ACT[act]
    L = len(params)//2
    m = Y.shape[1]
    grads = {}
    dZ = AL - Y          # the 1/m comes later, in dW and db
    for l in range(L, 0, -1):
        A_prev = memory[l-1]
        grads[f"dW{l}"] = dZ @ A_prev.T / m
        grads[f"db{l}"] = dZ.mean(axis=1, keepdims=True)
        dA = params[f"W{l}"].T @ dZ
        grads[f"dA{l-1}"] = dA
        if l > 1:
            dZ = dA * dg(A_prev)
    return grads

def fit(X, Y, dims, act="tanh", lr=0.1, epochs=300):
    params = init_parameters(dims)
    for e in range(epochs):
        AL, memory = forward(X, params, act)
        grads = backward(AL, Y, memory, params, act)
        for k in params:
            params[k] = params[k] - lr*grads["d" + k]
        if e % 50 == 0:
            print(f"epoch {e}: {cost_function(AL, Y):.4f}")
    return params
