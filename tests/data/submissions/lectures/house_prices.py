import numpy as np

# Boston-like house prices: price = net(features), one hidden tanh layer

def standardise(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)

def init_weights(n_features, n_hidden):
    weights = {}
    weights['W1'] = np.random.randn(n_features, n_hidden) * 0.1
    weights['B1'] = np.zeros((1, n_hidden))
    weights['W2'] = np.random.randn(n_hidden, 1) * 0.1
    weights['B2'] = np.zeros((1, 1))
    return weights

def forward_loss(X, y, weights):
    M1 = np.dot(X, weights['W1'])
    N1 = M1 + weights['B1']
    O1 = np.tanh(N1)
    M2 = np.dot(O1, weights['W2'])
    P = M2 + weights['B2']
    loss = np.mean(np.power(y - P, 2))

    forward_info = {'X': X, 'y': y, 'M1': M1, 'N1': N1, 'O1': O1, 'M2': M2, 'P': P}
    return forward_info, loss

def loss_gradients(forward_info, weights):
    dLdP = -(forward_info['y'] - forward_info['P']) / forward_info['y'].shape[0]

    dPdM2 = np.ones_like(forward_info['M2'])
    dLdM2 = dLdP * dPdM2
    dLdB2 = dLdP.sum(axis=0, keepdims=True)

    dM2dW2 = np.transpose(forward_info['O1'], (1, 0))
    dLdW2 = np.dot(dM2dW2, dLdM2)

    dM2dO1 = np.transpose(weights['W2'], (1, 0))
    dLdO1 = np.dot(dLdM2, dM2dO1)

    dO1dN1 = 1 - np.tanh(forward_info['N1']) ** 2
    dLdN1 = dLdO1 * dO1dN1
    dLdB1 = dLdN1.sum(axis=0, keepdims=True)

    dM1dW1 = np.transpose(forward_info['X'], (1, 0))
    dLdW1 = np.dot(dM1dW1, dLdN1)

    return {'W2': dLdW2, 'B2': dLdB2, 'W1': dLdW1, 'B1': dLdB1}

def train(X, y, weights, n_iter=1000, learning_rate=0.01):
    for i in range(n_iter):
        forward_info, loss = forward_loss(X, y, weights)
        loss_grads = loss_gradients(forward_info, weights)
        for key in weights.keys():
            weights[key] -= learning_rate * loss_grads[key]
    return loss
