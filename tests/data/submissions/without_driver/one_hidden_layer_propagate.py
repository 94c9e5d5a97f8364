import numpy as np


def initialize_weights(n_x, n_h, n_y):
    np.random.seed(2)
    W1 = np.random.randn(n_h, n_x) * 0.5
    b1 = np.zeros(shape=(n_h, 1))
    W2 = np.random.randn(n_y, n_h) * 0.5
    b2 = np.zeros(shape=(n_y, 1))
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def propagate(parameters, X, Y):
    """
    Implement the cost function and its gradient for a network with one tanh hidden layer

    Arguments:
    parameters -- python dictionary W1, b1, W2, b2
    X -- data of size (n_x, number of examples)
    Y -- true "label" vector (0 or 1) of size (1, number of examples)

    Return:
    grads -- dictionary with dW1, db1, dW2, db2
    cost -- cross-entropy cost
    """
    m = X.shape[1]
    W1, W2 = parameters["W1"], parameters["W2"]

    # FORWARD PROPAGATION (FROM X TO COST)
    Z1 = np.dot(W1, X) + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + parameters["b2"]
    A2 = 1 / (1 + np.exp(-Z2))
    cost = (-1 / m) * np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))

    # BACKWARD PROPAGATION (TO FIND GRAD)
    dZ2 = (A2 - Y) / m
    dW2 = np.dot(dZ2, A1.T)
    db2 = np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.dot(W2.T, dZ2) * (1 - A1 ** 2)
    dW1 = np.dot(dZ1, X.T)
    db1 = np.sum(dZ1, axis=1, keepdims=True)

    cost = np.squeeze(cost)
    assert cost.shape == ()
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}, cost


def optimize(parameters, X, Y, num_iterations=1000, learning_rate=0.5, print_cost=False):
    costs = []
    for i in range(num_iterations):
        grads, cost = propagate(parameters, X, Y)
        for key in parameters.keys():
            parameters[key] = parameters[key] - learning_rate * grads["d" + key]
        if i % 100 == 0:
            costs.append(cost)
            if print_cost:
                print("Cost after iteration %i: %f" % (i, cost))
    return parameters, costs


def predict(parameters, X):
    A1 = np.tanh(np.dot(parameters["W1"], X) + parameters["b1"])
    Z2 = np.dot(parameters["W2"], A1) + parameters["b2"]
    return (Z2 > 0).astype(int)


if __name__ == '__main__':
    np.random.seed(0)
    X = np.random.rand(2, 200) * 2 - 1
    Y = np.int64(X[0:1, :] * X[1:2, :] > 0)
    parameters = initialize_weights(2, 6, 1)
    parameters, costs = optimize(parameters, X, Y, 1000, 1.0, print_cost=True)
    print("accuracy: {} %".format(100 * np.mean(predict(parameters, X) == Y)))
