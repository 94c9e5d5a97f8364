import numpy as np

# every layer is a dict {'w': (n_in, n_out), 'b': (n_out,)}

def logistic(v):
    return 1.0 / (1.0 + np.exp(-v))


def make_net(*widths):
    net = []
    for n_in, n_out in zip(widths, widths[1:]):
        net.append({'w': np.random.uniform(-1, 1, (n_in, n_out)), 'b': np.zeros(n_out)})
    return net


def run(net, x):
    outs = [x]
    for layer in net:
        outs.append(logistic(outs[-1] @ layer['w'] + layer['b']))
    return outs


def error(net, x, target):
    y = run(net, x)[-1]
    return 0.5 * np.sum((y - target) ** 2) / len(x)


def backprop(net, x, target):
    outs = run(net, x)
    n = len(x)
    grads = [None] * len(net)
    delta = (outs[-1] - target) / n
    for i in range(len(net) - 1, -1, -1):
        grads[i] = {'w': outs[i].T @ delta, 'b': delta.sum(axis=0)}
        if i > 0:
            delta = (delta @ net[i]['w'].T) * outs[i] * (1 - outs[i])
    return grads


def train(net, x, target, eta=0.5, steps=2000):
    for s in range(steps):
        grads = backprop(net, x, target)
        for layer, g in zip(net, grads):
            layer['w'] -= eta * g['w']
            layer['b'] -= eta * g['b']
        if s % 500 == 0:
            print(s, error(net, x, target))
    return net
