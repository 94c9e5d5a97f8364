import numpy as np
slope = 0.1    # for the negative side


def lrelu(z):
    return np.where(z >= 0, z, slope*z)


def lrelu_back(da, z):
    dz = np.array(da)
    dz[z < 0] = slope
    return dz


def feedforward(x, Ws, bs):
    zs, activations = [], [x]
    for j, (W, b) in enumerate(zip(Ws, bs)):
        z = W.dot(activations[-1]) + b
        zs.append(z)
        if j < len(Ws) - 1:
            activations.append(lrelu(z))
        else:
            activations.append(1/(1+np.exp(-z)))
    return zs, activations


def cost(x, y, Ws, bs):
    yhat = feedforward(x, Ws, bs)[1][-1]
    return -np.sum(y*np.log(yhat) + (1-y)*np.log(1-yhat))/y.shape[1]


def backprop(x, y, Ws, bs):
    nabla_W = [None for W in Ws]
    nabla_b = [None for b in bs]
    zs, activations = feedforward(x, Ws, bs)
    m = y.shape[1]

    # output layer, cross-entropy and sigmoid cancel
    delta = (activations[-1] - y)/m
    nabla_W[-1] = delta.dot(activations[-2].T)
    nabla_b[-1] = delta.sum(axis=1, keepdims=True)

    for l in range(2, len(Ws)+1):
        da = Ws[-l+1].T.dot(delta)
        delta = lrelu_back(da, zs[-l])
        nabla_W[-l] = delta.dot(activations[-l-1].T)
        nabla_b[-l] = delta.sum(axis=1, keepdims=True)

    return nabla_W, nabla_b
