import numpy as np

def relu(z):
    return z * (z > 0)

def forward_with_dropout(X, parameters, masks):
    """
    LINEAR -> RELU -> DROPOUT -> LINEAR -> RELU -> DROPOUT -> LINEAR -> SIGMOID
    plain dropout: masks are 0/1 and nothing is divided here, the weights are
    multiplied by keep_prob at test time instead
    """
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]
    W3, b3 = parameters["W3"], parameters["b3"]
    D1, D2 = masks
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1) * D1
    Z2 = np.dot(W2, A1) + b2
    A2 = relu(Z2) * D2
    Z3 = np.dot(W3, A2) + b3
    A3 = 1 / (1 + np.exp(-Z3))
    return A3, (Z1, A1, W1, Z2, A2, W2, A3, W3)

def cost_with_l2(A3, Y, parameters, lambd):
    m = Y.shape[1]
    ce = -1 / m * np.sum(Y * np.log(A3) + (1 - Y) * np.log(1 - A3))
    l2 = 0
    for name in ("W1", "W2", "W3"):
        l2 += np.linalg.norm(parameters[name]) ** 2
    return ce + lambd / (2 * m) * l2

def backward_with_dropout(X, Y, cache, masks, lambd):
    m = X.shape[1]
    (Z1, A1, W1, Z2, A2, W2, A3, W3) = cache

    dZ3 = A3 - Y
    dW3 = (np.dot(dZ3, A2.T) + lambd * W3) / m
    db3 = np.mean(dZ3, axis=1, keepdims=True)

    # A > 0 only where the unit is active AND kept, so this is mask and relu' in one
    dZ2 = np.dot(W3.T, dZ3) * (A2 > 0)
    dW2 = (np.dot(dZ2, A1.T) + lambd * W2) / m
    db2 = np.mean(dZ2, axis=1, keepdims=True)

    dZ1 = np.dot(W2.T, dZ2) * (A1 > 0)
    dW1 = (np.dot(dZ1, X.T) + lambd * W1) / m
    db1 = np.mean(dZ1, axis=1, keepdims=True)

    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2, "dW3": dW3, "db3": db3}
