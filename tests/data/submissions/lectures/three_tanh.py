import numpy as np

def tanh_prime(z):
    return 1 - np.tanh(z)**2

# red neuronal de tres capas, los datos van por columnas

def adelante(x, pesos):
    w1, c1, w2, c2, w3, c3 = pesos
    z1 = w1.dot(x) + c1
    h1 = np.tanh(z1)
    z2 = w2.dot(h1) + c2
    h2 = np.tanh(z2)
    z3 = w3.dot(h2) + c3
    return z1, h1, z2, h2, z3

def costo(x, t, pesos):
    z1, h1, z2, h2, z3 = adelante(x, pesos)
    n = x.shape[1]
    return ((z3 - t)**2).sum() / (2*n)

def atras(x, t, pesos):
    w1, c1, w2, c2, w3, c3 = pesos
    z1, h1, z2, h2, z3 = adelante(x, pesos)
    n = x.shape[1]

    # capa 3
    d3 = (z3 - t) / n
    gw3 = d3.dot(h2.T)
    gc3 = d3.sum(axis=1).reshape(-1, 1)

    # capa 2
    d2 = w3.T.dot(d3) * tanh_prime(z2)
    gw2 = d2.dot(h1.T)
    gc2 = d2.sum(axis=1).reshape(-1, 1)

    # capa 1
    d1 = w2.T.dot(d2) * tanh_prime(z2)
    gw1 = d1.dot(x.T)
    gc1 = d1.sum(axis=1).reshape(-1, 1)

    return [gw1, gc1, gw2, gc2, gw3, gc3]

def entrenar(x, t, pesos, paso=0.1, vueltas=1000):
    for k in range(vueltas):
        grad = atras(x, t, pesos)
        pesos = [p - paso*g for p, g in zip(pesos, grad)]
        if k % 100 == 0:
            print(k, costo(x, t, pesos))
    return pesos
