import numpy as np


def new_model(n_pixels=64, n_hidden=32, n_digits=10, seed=0):
    r = np.random.RandomState(seed)
    return {
        'w1': r.randn(n_pixels, n_hidden) * np.sqrt(2 / n_pixels),
        'b1': np.zeros((1, n_hidden)),
        'w2': r.randn(n_hidden, n_digits) * np.sqrt(2 / n_hidden),
        'b2': np.zeros((1, n_digits)),
    }


def softmax(scores):
    scores = scores - scores.max(1, keepdims=True)
    return np.exp(scores) / np.exp(scores).sum(1, keepdims=True)


def forward_pass(model, x):
    h_in = x.dot(model['w1']) + model['b1']
    h = h_in * (h_in > 0)
    p = softmax(h.dot(model['w2']) + model['b2'])
    return p, h


def loss_fn(model, x, y, weight_decay=0.01):
    """mean cross entropy plus weight_decay / 2 * |w|^2, y are integer labels"""
    p, _ = forward_pass(model, x)
    nll = -np.log(p[range(len(y)), y]).mean()
    return nll + weight_decay / 2 * ((model['w1'] ** 2).sum() + (model['w2'] ** 2).sum())


def backward_pass(model, x, y, weight_decay=0.01):
    p, h = forward_pass(model, x)
    d = p
    d[range(len(y)), y] -= 1
    d /= len(y)
    grad = {}
    grad['w2'] = h.T.dot(d) + weight_decay * model['w2']
    grad['b2'] = d.sum(0, keepdims=True)
    dh = d.dot(model['w2'].T)
    dh[h == 0] = 0
    grad['w1'] = x.T.dot(dh) + weight_decay * model['w1']
    grad['b1'] = dh.sum(0, keepdims=True)
    return grad


def rmsprop(model, grad, cache, lr=1e-3, decay=0.9):
    for k in model:
        cache[k] = decay * cache[k] + (1 - decay) * grad[k] ** 2
        model[k] -= lr * grad[k] / (np.sqrt(cache[k]) + 1e-8)


if __name__ == '__main__':
    r = np.random.RandomState(1)
    y = r.randint(0, 10, 500)
    x = r.rand(10, 64)[y] + 0.3 * r.randn(500, 64)
    model = new_model()
    cache = {k: np.zeros_like(v) for k, v in model.items()}
    for step in range(150):
        i = r.choice(500, 50)
        rmsprop(model, backward_pass(model, x[i], y[i]), cache, lr=5e-3)
    print('loss', loss_fn(model, x, y), 'acc', (forward_pass(model, x)[0].argmax(1) == y).mean())
