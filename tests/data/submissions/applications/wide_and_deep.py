import numpy as np

# Wide & deep: the output layer sees the inputs as well as the second hidden layer.
#   h1 = relu(A x + a)
#   h2 = relu(B h1 + b)
#   p  = sigmoid(C [h2; x] + c)
# every column of x is one user

relu = lambda t: np.maximum(t, 0)


def evaluate(w, x):
    mem = {}
    mem['x'] = x
    mem['h1'] = relu(w['A'].dot(x) + w['a'])
    mem['h2'] = relu(w['B'].dot(mem['h1']) + w['b'])
    mem['both'] = np.concatenate([mem['h2'], x], axis=0)
    mem['p'] = 1 / (1 + np.exp(-(w['C'].dot(mem['both']) + w['c'])))
    return mem


def nll(mem, clicked):
    p = mem['p']
    return -np.mean(clicked * np.log(p) + (1 - clicked) * np.log(1 - p))


def derivatives(w, mem, clicked):
    users = clicked.shape[1]
    deep = w['B'].shape[0]

    dp = (mem['p'] - clicked) / users
    dC = dp.dot(mem['both'].T)
    dc = dp.sum(axis=1, keepdims=True)

    dboth = w['C'].T.dot(dp)
    dh2 = dboth[:deep]                # only the deep half goes on
    dh2[mem['h2'] <= 0] = 0
    dB = dh2.dot(mem['h1'].T)
    db = dh2.sum(axis=1, keepdims=True)

    dh1 = w['B'].T.dot(dh2)
    dA = dh1.dot(mem['x'].T)
    da = dh1.sum(axis=1, keepdims=True)
    return {'A': dA, 'a': da, 'B': dB, 'b': db, 'C': dC, 'c': dc}
